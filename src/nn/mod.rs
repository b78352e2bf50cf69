//! Neural networks from their parts, each with `forward` and `backward` side by side.
//!
//! A layer takes and gives matrices of single precision, a row for each example; recurrent layers take the rows of all steps, in
//! order of time. `forward` keeps what `backward` will need, in memory that is allocated once. `backward` takes the gradient of the
//! loss with respect to the layer's output, *adds* to the gradients of its parameters, and gives the gradient with
//! respect to the input; it serves each `forward` once, and says so if it is called again. [`Adam`] uses the gradients up.
//!
//! | | |
//! |---|---|
//! | layers | [`Dense`], [`Activation`], [`Embedding`], [`Rnn`], [`Lstm`], [`Dropout`] |
//! | losses | [`SquaredError`], [`SoftmaxCrossEntropy`], [`Bernoulli`], [`BernoulliMixture`] |
//! | learning | [`Parameter`], [`Adam`], [`Schedule`], [`gradient_check`] |
//! | models | [`SequenceModel`] and [`FrameModel`], of an [`Architecture`]; [`train`], [`surprise`]; [`write_weights`], [`read_weights`] |
//! | speed | [`matmul`] |
//!
//! Left out: everything that would work out `backward` by itself. PyTorch does; here it is what there is to see.

mod activation;
mod adam;
mod buffer;
mod dense;
mod dropout;
mod embedding;
mod frames;
mod gradient_check;
mod learner;
mod live;
mod loss;
mod lstm;
pub mod matmul;
mod parameter;
mod processor;
mod recurrent;
mod rnn;
mod sequence;
mod stack;
mod trainer;
mod weights;

pub use activation::{Activation, Curve, exponential, sigmoid, tanh};
pub use adam::{Adam, Schedule};
pub use dense::Dense;
pub use dropout::Dropout;
pub use embedding::Embedding;
pub use frames::{FrameModel, Head};
pub use gradient_check::gradient_check;
pub use learner::{Learner, Window};
pub use loss::{Bernoulli, BernoulliMixture, SoftmaxCrossEntropy, SquaredError, softmax};
pub use lstm::Lstm;
pub use parameter::Parameter;
pub use recurrent::Cell;
pub use rnn::Rnn;
pub use sequence::SequenceModel;
pub use stack::Architecture;
pub use trainer::{History, Progress, Training, lanes, surprise, train};
pub use weights::{read_weights, write_weights};

#[cfg(test)]
mod reference;
#[cfg(test)]
mod test;
