//! ABC files in and out (being built).
use super::Score;
use crate::Result;
use std::path::Path;

/// Reads every tune of an ABC file.
pub fn read(path: &Path) -> Result<Vec<Score>> {
    todo!("{path:?}")
}

/// Every tune in the bytes of an ABC file.
pub fn decode(bytes: &[u8]) -> Result<Vec<Score>> {
    todo!("{bytes:?}")
}

/// The score as one ABC tune.
pub fn encode(score: &Score) -> Result<String> {
    todo!("{score:?}")
}
