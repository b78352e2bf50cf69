//! The exercises of chapter 05. Fill in each function, then run `cargo test --test backprop`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// What a neuron with a sigmoid says: how likely, from 0 to 1.
pub fn neuron(inputs: &[f64], weights: &[f64], bias: f64) -> f64 {
    grading::not_solved_yet()
}

/// Weights and bias of three neurons that fire (1) if their sum is above 0 and else are silent (0):
/// two hidden ones, which hear the two notes (0 low, 1 high), and the output, which hears those two
/// and fires if the notes are different. Each row is weight, weight, bias.
pub fn wired_by_hand() -> [[f64; 3]; 3] {
    grading::not_solved_yet()
}

/// The gradient of the loss with respect to each value, estimated by moving each by `step` up and down.
pub fn estimated_gradient(
    loss: &dyn Fn(&[f64]) -> f64,
    values: &[f64],
    step: f64,
) -> Vec<f64> {
    grading::not_solved_yet()
}

/// The gradient of -ln p(target) with respect to the outputs, where p is the softmax of the outputs.
pub fn softmax_gradient(outputs: &[f64], target: usize) -> Vec<f64> {
    grading::not_solved_yet()
}

/// For one row through a dense layer, `y[o] = b[o] + sum over i of x[i] * w[i][o]`: from `dy`, the
/// gradients of the weights, of the biases and of the inputs.
pub fn dense_backward(
    x: &[f64],
    w: &[Vec<f64>],
    dy: &[f64],
) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
    grading::not_solved_yet()
}
