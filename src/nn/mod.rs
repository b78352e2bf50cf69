//! Neural networks from their parts, each with `forward` and `backward` side by side.
//!
//! A layer takes and gives matrices of single precision, a row for each example; recurrent layers take the rows of all steps, in
//! order of time. `forward` keeps what `backward` will need, in memory that is allocated once. `backward` takes the gradient of the
//! loss with respect to the layer's output, *adds* to the gradients of its parameters, and gives the gradient with
//! respect to the input; it serves each `forward` once, and says so if it is called again. [`Adam`] uses the gradients up.
//!
//! | | |
//! |---|---|
//! | layers | [`Layer`], [`Play`]; [`Dense`], [`Activation`], [`Rnn`], [`Lstm`], [`LastStep`], [`Neighbours`], [`Dropout`], [`Stack`]; below them [`Lookup`] |
//! | losses | [`SquaredError`], [`SoftmaxCrossEntropy`], [`Bernoulli`], [`BernoulliMixture`] |
//! | learning | [`Parameter`], [`Adam`], [`Schedule`], [`gradient_check`] |
//! | models | [`Learner`], [`train`], [`Course`], [`surprise`]; [`Saved`], [`annotated`] |
//! | speed | [`fast`] |
//!
//! Left out: everything that would work out `backward` by itself. PyTorch does; here it is what there is to see.

mod activation;
mod adam;
pub(crate) mod buffer;
mod dense;
mod dropout;
pub mod fast;
mod gradient_check;
mod last_step;
mod layer;
mod learner;
mod lookup;
mod loss;
mod lstm;
mod neighbours;
mod parameter;
mod recurrent;
mod rnn;
mod saved;
mod stack;
mod train;
pub(crate) mod weights;

pub use activation::{Activation, Curve};
pub use adam::{Adam, Schedule};
pub use dense::Dense;
pub use dropout::Dropout;
pub use gradient_check::gradient_check;
pub use last_step::LastStep;
pub use layer::{CloneLayer, Layer, Play};
pub use learner::{Learner, Window};
pub use lookup::{Lookup, LookupPlayer};
pub use loss::{Bernoulli, BernoulliMixture, SoftmaxCrossEntropy, SquaredError, softmax};
pub use lstm::{Lstm, LstmUnits};
pub use neighbours::Neighbours;
pub use parameter::Parameter;
pub use recurrent::{Recurrent, Units};
pub use rnn::{Rnn, RnnUnits};
pub use saved::Saved;
pub use stack::Stack;
#[cfg(not(target_family = "wasm"))]
pub use train::train; // wants files
pub use train::{Course, History, Progress, Training, lanes, surprise};

pub use weights::{annotated, annotation};

#[cfg(test)]
pub(crate) mod tests;
