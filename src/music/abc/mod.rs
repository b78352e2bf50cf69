//! ABC notation in and out: tunes as plain text, by the standard of 2011 (version 2.1, C. Walshaw,
//! abcnotation.com), the form in which most traditional music is shared.
//!
//! A tune goes through small rooms: [`text`] cuts the file into tunes, `reader` takes its lines, `fields`, `key`,
//! `staff` and `directive` read what `changes` then puts into effect, `music`, `marks` and `line` its notes, `parts` and `unfold` put them into the
//! order in which they are played, `time` counts the ticks. `write`, with `grid`, `layers` and `spell`, goes the other way.
//!
//! **Left out.** Grace notes (but not their accidentals), slurs, decorations, chord symbols and their accompaniment,
//! lyrics and the look of the page are passed over. Quarter tones and overlays that span several bars are errors. These
//! are not followed, with a warning: da capo, dal segno, coda and fine; macros; `%%MIDI drummap` and other maps of notes;
//! included files; an order of parts (`P:`) whose parts are not marked alike in all voices. ABC carries no loudness.
//!
//! **Where programs disagree** the standard decides; where it says nothing, what the writer is likely to mean:
//!
//! - An accidental holds for its letter in all octaves until the bar ends, unless `%%propagate-accidentals` says `octave`
//!   or `not` (11.3). abc2midi does the same, other programs keep to the octave. A tie takes its accidental along.
//! - Fields between `K:` and the first note count from the start, for all voices if no `V:` stands before them (abc2midi
//!   gives an `L:` there to the first voice alone). Of several at one moment the last one holds. A metre after `K:` does not
//!   change the unit note length (3.1.7).
//! - `clef=`, `octave=` and `transpose=` each hold until they are named again (4.6): after `treble-8`, a plain `treble` is
//!   plain. abc2midi plays on an octave lower.
//! - A bar line is any run of `|`, `[`, `]` and `:` (4.8). A colon beside a bar line, also across the end of a line, belongs
//!   to it; abc2midi passes over it.
//! - Notes under a percussion clef are drums, and are not transposed. `%%MIDI program`, `channel` and `transpose` (words of
//!   abc2midi) hold for the voice in which they stand; before any, for all. A voice that changes its program becomes two.
//! - `A>B` is a dotted note and a short one, 3 : 1; abc2midi plays 2 : 1, and swings what is marked as a hornpipe.
//! - A tempo in words, a range or a guess (`ca. 80`) sets no tempo, with a warning.
//
// Our own reader: the crate abc-parser 0.4 stops at syntax, names no place in its errors and holds lengths as f32.

mod changes;
mod cursor;
mod directive;
mod fields;
mod fraction;
mod grid;
mod instrument;
mod item;
mod key;
mod layers;
mod letters;
mod line;
mod marks;
mod music;
mod parts;
mod reader;
mod spell;
mod staff;
mod text;
mod time;
mod unfold;
mod write;

#[cfg(test)]
mod both_ways;
#[cfg(test)]
mod cases;
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
pub fn read(path: &Path) -> Result<Vec<(Score, Vec<String>)>> {
    decode(&file::read(path)?).map_err(|error| error.in_file(path))
}

/// Every tune in the bytes of an ABC file, repeats and parts played out, and with each what was mended or left out in
/// it, line by line. For the bytes see [`text`].
///
/// To read on past a faulty tune, take the [`tunes`] apart and decode each.
///
/// # Errors
/// If there is no tune, or one is faulty: the error names line and column.
pub fn decode(bytes: &[u8]) -> Result<Vec<(Score, Vec<String>)>> {
    tunes(&text(bytes))?.iter().map(Tune::decode).collect()
}
