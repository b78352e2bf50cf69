//! The exercises of chapter 09. Fill in each function, then run `cargo test --test between`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The numbers that a decoder is told at a sample: of the two frames around it, each in proportion. Frame `k` stands at sample
/// `k * hop`; after the last frame its numbers stay.
pub fn embedding_at(frames: &[[f64; 2]], hop: usize, sample: usize) -> [f64; 2] {
    grading::not_solved_yet()
}

/// The level in decibels of a partial that is at `a` decibels in one sound and at `b` in another, in a mixture of this weight: in
/// a cross-fade, whose waves are in step, and as the mean of decibels.
pub fn mixed_level(a: f64, b: f64, weight: f64) -> (f64, f64) {
    grading::not_solved_yet()
}

/// The rank correlation of two lists in which no number comes twice, from -1 to 1.
pub fn rank_correlation(x: &[f64], y: &[f64]) -> f64 {
    grading::not_solved_yet()
}

/// How many bits a second get through a bottleneck of so many numbers a frame and frames a second, if each number is a bell curve
/// of deviation `spread` and noise of deviation `blur` is added to it.
pub fn bits_through(numbers: f64, frames: f64, spread: f64, blur: f64) -> f64 {
    grading::not_solved_yet()
}
