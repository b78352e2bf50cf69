//! ABC notation in and out: tunes as plain text, by the standard of 2011 (version 2.1, C. Walshaw,
//! abcnotation.com), the form in which most traditional music is shared.
//!
//! A tune goes through five small rooms: [`text`] cuts the file into tunes, `fields` and `key` read its
//! information fields, `music`, `marks` and `line` its notes, `unfold` plays its repeats, `time` counts the ticks.
//! `write`, with `grid`, `layers` and `spell`, goes the other way.
//!
//! Left out: grace notes, slurs, decorations, chord symbols, lyrics and directives are skipped; the order
//! of parts (`P:`), jumps such as da capo, macros and user-defined symbols are not followed; quarter tones
//! and overlays that span several bars are errors. An accidental holds to the end of its bar, in its own
//! octave, as in print. ABC carries no loudness, General MIDI program or drums.
//
// Our own reader: the crate abc-parser 0.4 stops at syntax, names no place in its errors and holds lengths as f32.

mod cursor;
mod fields;
mod fraction;
mod grid;
mod item;
mod key;
mod layers;
mod line;
mod marks;
mod music;
mod reader;
mod spell;
mod text;
mod time;
mod unfold;
mod write;

#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;

pub use text::{Tune, text, tunes};
pub use write::encode;

use super::Score;
use crate::{Result, file};
use std::path::Path;

/// Reads every tune of an ABC file, as [`decode`] does.
///
/// # Errors
/// If the file cannot be read, or a tune in it is faulty; the error names the file.
pub fn read(path: &Path) -> Result<Vec<Score>> {
    decode(&file::read(path)?).map_err(|error| error.in_file(path))
}

/// Every tune in the bytes of an ABC file, repeats played out. The bytes are UTF-8 or, failing that, Latin-1.
///
/// To read on past a faulty tune, take the [`tunes`] apart and decode each.
///
/// # Errors
/// If there is no tune, or one is faulty: the error names line and column.
pub fn decode(bytes: &[u8]) -> Result<Vec<Score>> {
    tunes(&text(bytes))?.iter().map(Tune::decode).collect()
}
