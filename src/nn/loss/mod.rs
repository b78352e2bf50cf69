//! Losses: how far the outputs are from what came, and which way is better.
//!
//! Each has `forward`, which gives the *sum* over all rows that count, in nats where it is a likelihood (divide by `ln 2` for
//! bits), and `backward(scale)`, the gradient of `scale` times that sum with respect to the outputs: with `scale` one over the
//! number of rows it is that of the mean. So a batch may be split, and the parts add up.

mod bernoulli;
mod gradient;
mod mixture;
mod softmax;
mod squared;

pub use bernoulli::Bernoulli;
pub use mixture::BernoulliMixture;
pub use softmax::{SoftmaxCrossEntropy, softmax};
pub use squared::SquaredError;
