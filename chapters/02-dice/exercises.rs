//! The exercises of chapter 02. Fill in each function, then run `cargo test --test dice`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The probability of this sum of two dice.
pub fn chance_of_sum(sum: u8) -> f64 {
    grading::not_solved_yet()
}

/// The entropy, in bits, of outcomes with these probabilities.
pub fn entropy_bits(probabilities: &[f64]) -> f64 {
    grading::not_solved_yet()
}

/// How many different waltzes a table can write. For each bar it has eleven measures,
/// for the sums 2 to 12; equal numbers sound the same.
pub fn number_of_waltzes(table: &[[u32; 11]]) -> u64 {
    grading::not_solved_yet()
}

/// The probability of hearing these measures, one for each bar of the table.
pub fn chance_of_waltz(table: &[[u32; 11]], heard: &[u32]) -> f64 {
    grading::not_solved_yet()
}
