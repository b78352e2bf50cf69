//! The exercises of chapter 06. Fill in each function, then run `cargo test --test recurrent`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// A recurrent net: `input[i][unit]`, `recurrent[from][to]`, `bias[unit]`.
pub struct Net {
    pub input: Vec<Vec<f64>>,
    pub recurrent: Vec<Vec<f64>>,
    pub bias: Vec<f64>,
}

/// One step: what is heard and the state before, to the state after.
pub fn rnn_step(net: &Net, heard: &[f64], before: &[f64]) -> Vec<f64> {
    grading::not_solved_yet()
}

/// Unrolls the net over a piece that comes in parts; a state for each step of the whole piece.
pub fn unrolled(net: &Net, parts: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    grading::not_solved_yet()
}

/// The gradient of the last state with respect to the first, for one unit: `h = tanh(w x + r h')`.
pub fn gradient_through(w: f64, r: f64, heard: &[f64], first: f64) -> f64 {
    grading::not_solved_yet()
}

/// The gradients (of `w`, of `r`) of the loss `(h₃ - target)² / 2` after three steps of `hₜ = tanh(w xₜ + r hₜ₋₁)`, from `h₀ = 0`.
pub fn three_steps(w: f64, r: f64, heard: [f64; 3], target: f64) -> (f64, f64) {
    grading::not_solved_yet()
}

/// Shortens the gradients of all parameters together to at most this length.
pub fn clipped(gradients: &[Vec<f64>], longest: f64) -> Vec<Vec<f64>> {
    grading::not_solved_yet()
}
