//! The exercises of chapter 11. Fill in each function, then run `cargo test --test sliders`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// A bar shall have `notes` notes, with this mean. Some have been heard. The mean that the others need; what was asked, if none is left.
pub fn owed(mean: f64, notes: usize, heard: &[f64]) -> f64 {
    grading::not_solved_yet()
}

/// The probabilities of the next step, asked so loud: what the request changes in the logits counts so many times.
pub fn asked_louder(asked: &[f64], open: &[f64], loudness: f64) -> Vec<f64> {
    grading::not_solved_yet()
}

/// How many tries a sieve needs so that one of them is right at least this often, if each is right by itself with this probability.
pub fn tries(right: f64, wanted: f64) -> u32 {
    grading::not_solved_yet()
}

/// A slider of your own: the share of intervals that rise, of all that move at all. Keys are counted among the white ones; if nothing moves
/// it is one half.
pub fn rising(keys: &[usize]) -> f64 {
    grading::not_solved_yet()
}
