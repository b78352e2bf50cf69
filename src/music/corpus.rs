use super::Score;
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// Which part of a corpus a piece belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    Train,
    Valid,
    Test,
}

/// One piece of a corpus and the file it came from.
#[derive(Clone, Debug)]
pub struct Piece {
    pub file: PathBuf,
    pub part: Part,
    pub score: Score,
}

/// The pieces below a folder (being built).
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    pub pieces: Vec<Piece>,
    /// Why each file that was skipped could not be read.
    pub skipped: Vec<String>,
}

impl Corpus {
    /// Reads every MIDI and ABC file at or below a path, in parallel. `progress` hears how many files of
    /// how many are done.
    pub fn read(path: &Path, progress: impl Fn(u64, u64) + Sync) -> Result<Corpus> {
        progress(0, 0);
        Err(Error::value(format!("{path:?}"), ""))
    }
}
