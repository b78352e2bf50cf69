//! The exercises of chapter 14. Fill in each function, then run `cargo test --test bigger`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The exponent of the power law through two points of amount and loss.
pub fn exponent(smaller: (f64, f64), larger: (f64, f64)) -> f64 {
    grading::not_solved_yet()
}

/// How many times more music it takes until the loss is this share of what it was, 0.9 for example, under a power law of this exponent.
pub fn how_many_times(exponent: f64, share: f64) -> f64 {
    grading::not_solved_yet()
}

/// The gradient of a whole batch, from the processes' own: of each its gradient, a mean over its symbols, and how many symbols it had.
pub fn together(processes: &[(Vec<f64>, usize)]) -> Vec<f64> {
    grading::not_solved_yet()
}

/// Seconds to go once through so many symbols on so many machines. Each learns a batch of `batch` symbols at `rate` symbols a second; then all
/// exchange their gradients, which takes `exchange` seconds.
pub fn seconds(
    symbols: f64,
    machines: usize,
    batch: f64,
    rate: f64,
    exchange: f64,
) -> f64 {
    grading::not_solved_yet()
}
