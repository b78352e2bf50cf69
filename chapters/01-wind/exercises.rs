//! The exercises of chapter 01. Fill in each function, then `cargo test --test wind`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// The waiting time in seconds that belongs to `u`, an even draw from 0 up to 1, for
/// something that happens `rate` times a second.
pub fn waiting_time(u: f64, rate: f64) -> f64 {
    grading::not_solved_yet()
}

/// The moments of the strikes within `seconds`, from even draws: each draw is one wait.
pub fn strike_moments(draws: &[f64], rate: f64, seconds: f64) -> Vec<f64> {
    grading::not_solved_yet()
}

/// The harmonic (1, 2, 3, …) of a string nearest to the vortices behind it. Wind speed
/// in m/s, diameter in metres, fundamental in hertz.
pub fn nearest_harmonic(speed: f64, diameter: f64, fundamental: f64) -> u32 {
    grading::not_solved_yet()
}

/// How long a tube must be to sound at `hertz`, if one of the same pipe, `known_length`
/// metres long, sounds at `known_hertz`.
pub fn tube_length(hertz: f64, known_length: f64, known_hertz: f64) -> f64 {
    grading::not_solved_yet()
}
