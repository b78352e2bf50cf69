//! MIDI files in and out (being built).
use super::Score;
use crate::Result;
use std::path::Path;

/// Reads a MIDI file.
pub fn read(path: &Path) -> Result<(Score, Vec<String>)> {
    todo!("{path:?}")
}

/// The score in the bytes of a MIDI file, and warnings.
pub fn decode(bytes: &[u8]) -> Result<(Score, Vec<String>)> {
    todo!("{bytes:?}")
}

/// The score as the bytes of a MIDI file (format 1).
pub fn encode(score: &Score) -> Result<Vec<u8>> {
    todo!("{score:?}")
}

/// Writes a MIDI file.
pub fn write(path: &Path, score: &Score) -> Result<()> {
    todo!("{path:?} {score:?}")
}
