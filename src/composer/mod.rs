//! Whole pieces to order: a mood, a style, a tempo, a length.
//!
//! A [`Composer`] has listened to tunes. It composes from the whole to the parts: a [`Plan`] says which phrases come back and how they close; a path of
//! chords goes under it; a [`Writer`] fills each new bar once, and bars that come back are copied; figures of accompaniment go beneath. A
//! [`Mood`] is a point of two dials, from which five [`Features`] follow.
//!
//! | | |
//! |---|---|
//! | what is asked | [`Order`]; [`Mood`], [`Features`]; [`Layer`] |
//! | who composes | [`Composer`]: [`Forms`], [`Harmony`], an [`Ear`], a [`Writer`]; [`WriterKind`], [`taught`], [`recurrent`] |
//! | playing with somebody | [`Question`], [`Struck`], [`Heard`]; [`Composer::answer`], [`Answer`], [`expected`] |
//! | what comes of it | [`Piece`], [`Plan`], [`PlannedBar`], [`Close`] |
//! | trials | [`moved`], [`obeyed`]; [`StyleEar`], [`pieces`]; [`beside`], [`harmonious`], [`harmonious_tunes`]; [`sung`], [`pairs`], [`critic_listens`] |
//! | what is measured | [`heard`], [`returns`], [`comes_back`], [`alike`], [`on_chord`], [`wilson`], [`bootstrap`] |

mod accompany;
mod blind;
mod compose;
mod duet;
mod ear;
mod form;
mod harmony;
mod like;
mod measure;
mod mood;
mod order;
mod packed;
mod piece;
mod plan;
mod style;
#[cfg(not(target_family = "wasm"))]
mod taught;
mod trials;
mod write;
mod writer;

pub use blind::{Pair, critic_listens, pairs, sung};
pub use compose::{Composer, Layer, Seeds};
pub use duet::{Answer, Heard, Question, Struck, expected};
pub use ear::Ear;
pub use form::{Forms, PHRASE, alike};
pub use harmony::Harmony;
pub use measure::{bootstrap, comes_back, heard, on_chord, returns, wilson};
pub use mood::{FEATURES, Features, Mood};
pub use order::Order;
pub use packed::{ForPage, Packed};
pub use piece::Piece;
pub use plan::{Close, Plan, PlannedBar};
pub use style::{Figure, Style};
#[cfg(not(target_family = "wasm"))]
pub use taught::{Lengths, recurrent, taught};
pub use trials::{Moved, StyleEar, beside, harmonious, harmonious_tunes, moved, obeyed, pieces};
pub use writer::{SavedStates, Writer, WriterKind, read_lstm};

#[cfg(test)]
mod tests;
