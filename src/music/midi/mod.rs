//! MIDI files in and out (Standard MIDI Files 1.0, MIDI Manufacturers Association, 1996).
//!
//! **Read** are formats 0 and 1, also inside a RIFF wrapper (RMID). Each channel of each track that has notes
//! becomes a [`Voice`](super::Voice), one for each program that it plays. The score's resolution is the file's.
//! In particular:
//!
//! - A voice is named by its track. The program of a note is the one that its track, or else any track, has given its
//!   channel by then; without any it is 0. Programs are counted from 0.
//! - Percussion is channel 10, a channel whose bank holds drum kits (controller 0 at 126 or 127 in XG, 120 in General
//!   MIDI 2), and a part that system exclusive makes one (GS: use for rhythm part; XG: part mode).
//! - Of several notes of one pitch that sound at once, the one that began first ends first. A note of no length
//!   lasts one tick. A note that never ends is closed at the end of its track, with a warning.
//! - A short first bar written as a metre of its own (1/4, then 3/4 from the second bar on) is an upbeat: it becomes
//!   the score's `pickup`.
//! - Time in frames of film (SMPTE) becomes a tempo of one quarter note a second.
//! - The sustain pedal holds notes if [`Options`] say so. All other controllers and bends are left out, and so is
//!   silence after the last note.
//!
//! Some files break the standard in ways that players forgive. They are read, and each kind of fault is a warning:
//! a velocity above 127 is taken for 127; a controller, bend, pressure or program above 127, a real-time or system
//! common message, an SMPTE offset or key of the wrong form are left out; a status goes on after a meta event or
//! system exclusive; events after the end of a track are read if a second end follows, else left out. Whatever else
//! cannot be read is damage, and an error.
//!
//! **Written** is format 1: one track for the title, tempo, metre and key, then one for each voice. A score of 96 or
//! more ticks to a quarter note reads back equal; one of fewer is written with 480, as sequencers expect, or with the
//! next multiple of its own. MIDI has no word for these, so they come back otherwise:
//!
//! - A mode other than major or minor becomes the one of the two that has its third and its signature.
//! - Of two notes of one pitch in one voice, the one that begins first also ends first.
//! - A note of no length lasts one tick. Of two changes at one tick the later one in the list stays.
//! - A `pickup` needs a metre at tick 0, and has to be shorter than a bar of it.

mod chunks;
mod drums;
mod events;
mod mend;
mod pedal;
mod pickup;
mod reader;
mod resolution;
mod track;
mod voices;
mod writer;

use super::Score;
use crate::{Result, file};
use std::path::Path;

/// No piece lasts longer, in seconds: a day. A file that says so is damaged.
const LONGEST: f64 = 24.0 * 60.0 * 60.0;

/// MIDI's channel 10, counted from 0: its pitches name drums.
const PERCUSSION: u8 = 9;

/// How a MIDI file is to be read; by default as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// Whether a note sounds on while the sustain pedal (controller 64) is down, as it does on a piano: until the
    /// pedal comes up or its pitch is struck again. If not, a note lasts as long as its key is held.
    pub pedal: bool,
}

/// Reads a MIDI file: its score, and what was mended in it on the way.
///
/// # Errors
/// If the file cannot be read, or is no MIDI file, or is damaged or cut off, or lasts longer than a day.
pub fn read(path: &Path) -> Result<(Score, Vec<String>)> {
    read_with(path, Options::default())
}

/// Reads a MIDI file as [`read`] does, with these options.
///
/// # Errors
/// As for [`read`].
pub fn read_with(path: &Path, options: Options) -> Result<(Score, Vec<String>)> {
    decode_with(&file::read(path)?, options).map_err(|error| error.in_file(path))
}

/// The score in the bytes of a MIDI file, and what was mended in it on the way.
///
/// # Errors
/// As for [`read`].
pub fn decode(bytes: &[u8]) -> Result<(Score, Vec<String>)> {
    decode_with(bytes, Options::default())
}

/// The score in the bytes of a MIDI file as for [`decode`], with these options.
///
/// # Errors
/// As for [`read`].
pub fn decode_with(bytes: &[u8], options: Options) -> Result<(Score, Vec<String>)> {
    let mut warnings = Warnings::default();
    let score = reader::score(bytes, options, &mut warnings)?;
    Ok((score, warnings.finished()))
}

/// The score as the bytes of a MIDI file (format 1).
///
/// Up to 15 voices have a channel each; of more, those with the same program share one. Percussion is on channel 10.
///
/// # Errors
/// If a value is outside what MIDI can hold (resolution, program, velocity, tempo, metre, signature), or if the
/// score lasts longer than a day.
pub fn encode(score: &Score) -> Result<Vec<u8>> {
    writer::bytes(score)
}

/// Writes a MIDI file, as [`encode`] does.
///
/// # Errors
/// As for [`encode`], or if the file cannot be written.
pub fn write(path: &Path, score: &Score) -> Result<()> {
    file::write(path, &encode(score)?)
}

/// What was mended in a file: the first hundred lines of it, since a hostile file may have millions.
#[derive(Default)]
pub(super) struct Warnings {
    lines: Vec<String>,
    unsaid: usize,
}

impl Warnings {
    pub(super) fn add(&mut self, line: impl FnOnce() -> String) {
        if self.lines.len() < 100 {
            self.lines.push(line());
        } else {
            self.unsaid += 1;
        }
    }

    pub(super) fn finished(mut self) -> Vec<String> {
        if self.unsaid > 0 {
            self.lines.push(format!("and {} more warnings", self.unsaid));
        }
        self.lines
    }
}

#[cfg(test)]
mod tests;
