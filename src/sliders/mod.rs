//! Bars on request: three ways to make a bar that is as the sliders say.
//!
//! A [`Request`](crate::bars::Request) says what is asked for, noise says which of all such bars it shall be. A [`Maker`] makes it: the decoder of a
//! variational autoencoder, a forger, or a [`StepModel`], which says step by step what comes next and hears what is still owed.
//!
//! | | |
//! |---|---|
//! | makers | [`Maker`], [`StepModel`]; [`noise`], [`between`] |
//! | lessons | [`Asking`]; [`ChordChain`] |
//! | trials | [`Manner`], [`move_slider`], [`mix_kinds`] |
//! | several bars | [`Form`], [`SONG`], [`Phrase`]; [`accompany`], [`chord_pitches`] |

mod form;
mod lessons;
mod maker;
mod moment;
mod step;
mod trials;
mod voices;

pub use form::{Form, Phrase, SONG};
pub use lessons::{Asking, ChordChain};
pub use maker::{Maker, between, noise};
pub use step::{StepModel, StepShape};
pub use trials::{Manner, mix_kinds, move_slider};
pub use voices::{accompany, chord_pitches};

#[cfg(test)]
mod tests;
