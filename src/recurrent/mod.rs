//! Models with a memory, for symbols and for chords: recurrent layers of [`nn`](crate::nn), one above the other, and a dense layer that
//! reads the highest.
//!
//! | | hears | says | plays |
//! |---|---|---|---|
//! | [`SequenceModel`] | a symbol | how likely each symbol is | [`SequencePlayer`], a [`Predictor`](crate::predict::Predictor) |
//! | [`FrameModel`] | which of 88 keys sound | how likely each chord is | [`FramePlayer`] |
//!
//! Both are a [`Learner`](crate::nn::Learner), trained by [`train`](crate::nn::train), of an [`Architecture`]. What a memory is worth the
//! task of [`adding`] tells, and what a unit holds its [`correlation`] with something known.

mod adding;
mod architecture;
mod correlation;
mod frames;
mod sequence;

pub use adding::{adding, adding_error};
pub use architecture::{Architecture, Cell};
pub use correlation::correlation;
pub use frames::{FrameModel, FramePlayer, FrameShape, Head};
pub use sequence::{SequenceModel, SequencePlayer, SequenceShape};
