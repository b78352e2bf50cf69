//! WAV files in and out (being built).
use super::Sound;
use crate::Result;
use std::path::Path;

/// Reads a WAV file.
pub fn read(path: &Path) -> Result<Sound> {
    todo!("{path:?}")
}

/// The sound in the bytes of a WAV file.
pub fn decode(bytes: &[u8]) -> Result<Sound> {
    todo!("{bytes:?}")
}

/// How samples are stored in a WAV file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Int8,
    Int16,
    Int24,
    Int32,
    Float32,
}

/// The sound as the bytes of a WAV file.
pub fn encode(sound: &Sound, format: Format) -> Result<Vec<u8>> {
    todo!("{sound:?} {format:?}")
}

/// Writes a WAV file of 16-bit samples.
pub fn write(path: &Path, sound: &Sound) -> Result<()> {
    todo!("{path:?} {sound:?}")
}
