//! The exercises of chapter 08. Fill in each function, then run `cargo test --test wavenet`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The code of a sample from -1 to 1, 0 to 255, by the curve of µ-law; and the sample that this code stands for.
pub fn mu_law(sample: f64) -> (u8, f64) {
    grading::not_solved_yet()
}

/// How many of the latest samples a prediction hears through layers with these dilations.
pub fn receptive_field(dilations: &[usize]) -> usize {
    grading::not_solved_yet()
}

/// A causal dilated convolution: `y(t) = w[0] x(t - d) + w[1] x(t)`. Before the first sample there was nothing.
pub fn dilated(x: &[f64], w: [f64; 2], d: usize) -> Vec<f64> {
    grading::not_solved_yet()
}

/// The way back: from `dy` to `dx` and `dw`.
pub fn dilated_back(
    x: &[f64],
    w: [f64; 2],
    d: usize,
    dy: &[f64],
) -> (Vec<f64>, [f64; 2]) {
    grading::not_solved_yet()
}

/// A queue: takes `now` in, and gives what came in as many calls before as the ring is long. `at` is yours to use; it begins at 0.
pub fn queue(ring: &mut [f64], at: &mut usize, now: f64) -> f64 {
    grading::not_solved_yet()
}
