//! The exercises of chapter 00. Fill in each function, then run `cargo test --test sound`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The level of these samples in decibels: of their RMS, where 0 dB is an RMS of 1.
pub fn level(samples: &[f64]) -> f64 {
    grading::not_solved_yet()
}

/// How many cents `to` lies above `from`; both are frequencies in hertz.
pub fn cents_between(from: f64, to: f64) -> f64 {
    grading::not_solved_yet()
}

/// Fades the first `length` samples in and the last `length` samples out, so that the
/// sound begins and ends at zero and takes no sudden step.
pub fn fade(samples: &mut [f64], length: usize) {
    grading::not_solved_yet()
}

/// The frequency that is heard when a sine of `hertz` is sampled `rate` times a second.
pub fn heard_frequency(hertz: f64, rate: f64) -> f64 {
    grading::not_solved_yet()
}
