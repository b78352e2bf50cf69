//! Bars of music as rows of numbers, for models that make a bar, or two, in one go; and how such bars are judged.
//!
//! A [`Unit`] is one bar or two, in steps of a sixteenth note. At each step one of [`SYMBOLS`] stands: a white key is struck, the last one is
//! held, or nothing sounds. As numbers it is a row of `bars x 16 x 20`: a one among twenty for each step, and zeros alone for the steps that
//! a bar of twelve does not have. Beside it stand *conditions*, what a model is told: column 0 is the metre, 1 for bars of sixteen steps and 0
//! for bars of twelve; see [`Request`] for the others.
//!
//! | | |
//! |---|---|
//! | bars | [`Unit`], [`rows`], [`drawn`], [`score`]; [`Lessons`], [`Lesson`]; [`tunes`], [`Tune`], [`plain`] |
//! | measures | [`measures`], [`MEASURES`], [`Scale`]; [`chords`], [`strong_notes`]; [`Request`] |
//! | judging | [`Judge`], [`critic`], [`floor`]; [`copies`], [`distinct`], [`rhythm_overlap`], [`interval_overlap`]; [`rank_correlation`] |
//! | models | [`NoteChain`], [`words`], [`sung`]; [`Vae`] |

mod chain;
mod chords;
mod judge;
mod lessons;
mod likeness;
mod measures;
mod request;
mod tunes;
mod unit;
mod vae;

pub use chain::{NoteChain, WORDS, sung, words};
pub use chords::{CHORDS, chords, is_chord_tone, strong_notes};
pub use judge::{Judge, critic, floor};
pub use lessons::{Lesson, Lessons, plain};
pub use likeness::{copies, distinct, interval_overlap, rank_correlation, rhythm_overlap};
pub(crate) use measures::count;
pub use measures::{MEASURES, Scale, measures};
pub use request::Request;
pub use tunes::{Tune, tunes};
pub use unit::{BAR, HOLD, KEYS, REST, SYMBOLS, Unit, UnitNote, drawn, metres, rows, score};
pub use vae::{Vae, VaeShape};
