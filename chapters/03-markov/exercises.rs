//! The exercises of chapter 03. Fill in each function, then run `cargo test --test markov`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// What a chain of order 1 that has read `tune` plays after `now`, if `throw` (0 to 1, without 1) decides.
pub fn count_and_throw(tune: &[u8], now: u8, throw: f64) -> Option<u8> {
    grading::not_solved_yet()
}

/// The stationary distribution of a chain: `matrix[now][next]`.
pub fn stationary(matrix: [[f64; 3]; 3]) -> [f64; 3] {
    grading::not_solved_yet()
}

/// How many bits a tune holds for a chain of order 1.
pub fn bits_of_tune(start: &[f64], matrix: &[Vec<f64>], tune: &[usize]) -> f64 {
    grading::not_solved_yet()
}

/// How likely the first of two chains of order 1 wrote a tune, if before it either was as likely. Both begin with the same notes.
pub fn who_wrote_it(first: &[Vec<f64>], second: &[Vec<f64>], tune: &[usize]) -> f64 {
    grading::not_solved_yet()
}

/// What comes next, after these counts: smoothed by add-one, and after Witten and Bell.
pub fn smoothed(counts: &[u32], lower: &[f64]) -> (Vec<f64>, Vec<f64>) {
    grading::not_solved_yet()
}
