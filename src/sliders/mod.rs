//! Bars on request: three ways to make a bar that is as the sliders say.
//!
//! A [`Request`](crate::bars::Request) says what is asked for, noise says which of all such bars it shall be. A [`Maker`] makes it: the decoder of a
//! variational autoencoder, a forger, or a [`StepModel`], which says step by step what comes next and hears what is still owed.
//!
//! | | |
//! |---|---|
//! | makers | [`Maker`], [`StepModel`]; [`noise`], [`between`] |
//! | lessons | [`Asking`]; [`ChordChain`] |
//! | several bars | [`Form`], [`Phrase`]; [`accompany`] |

mod form;
mod lessons;
mod maker;
mod moment;
mod step;
mod voices;

pub use form::{Form, Phrase};
pub use lessons::{Asking, ChordChain};
pub use maker::{Maker, between, noise};
pub use step::{StepModel, StepShape};
pub use voices::accompany;
