//! Losses: how far the outputs are from what came, and which way is better.
//!
//! Each has `forward`, which gives the *sum* over all rows that count, in nats where it is a likelihood (divide by `ln 2` for
//! bits), and `backward(scale)`, the gradient of `scale` times that sum with respect to the outputs: with `scale` one over the
//! number of rows it is that of the mean. So a batch may be split, and the parts add up.

mod bernoulli;
mod mixture;
mod softmax;
mod squared;

pub use bernoulli::Bernoulli;
pub use mixture::BernoulliMixture;
pub use softmax::{SoftmaxCrossEntropy, softmax};
pub use squared::SquaredError;

use super::buffer::{self, Buffer};
use crate::Result;
use ndarray::ArrayView2;

/// The gradient that `forward` has found on the way, and that `backward` gives out once.
#[derive(Clone, Debug, Default)]
struct Gradient {
    values: Buffer,
    kept: bool,
}

impl Gradient {
    fn take(&mut self, scale: f32, loss: &str) -> Result<ArrayView2<'_, f32>> {
        buffer::take(&mut self.kept, loss)?;
        for value in self.values.values_mut() {
            let scaled = *value * scale;
            // What is next to nothing becomes nothing: products of such numbers are denormal, and ten times as slow.
            *value = if scaled.abs() < 1e-15 { 0.0 } else { scaled };
        }
        Ok(self.values.view())
    }
}
