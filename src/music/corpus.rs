//! Many pieces at once: every MIDI and ABC file below a folder, split for training and testing.

mod read;
mod reading;
mod stream;

use super::Score;
use crate::Result;
use crate::file;
use crate::threads::*;
use read::Read;
pub use reading::Reading;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Which part of a corpus a piece belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// What a model learns from.
    Train,
    /// What its settings are chosen by.
    Valid,
    /// What it is judged by, once.
    Test,
}

impl Part {
    /// The part that a folder of this name holds: `train`, `valid`, `validation`, `dev` or `test`, in any case.
    fn of_folder(name: &OsStr) -> Option<Part> {
        match name.to_ascii_lowercase().to_str()? {
            "train" => Some(Part::Train),
            "valid" | "validation" | "dev" => Some(Part::Valid),
            "test" => Some(Part::Test),
            _ => None,
        }
    }

    /// The part that this content falls into: 80% train, 10% valid, 10% test. Copies of a piece fall
    /// together, so that none is both learnt and tested.
    pub(crate) fn of_content(bytes: &[u8]) -> Part {
        match hash(bytes) % 10 {
            0..8 => Part::Train,
            8 => Part::Valid,
            _ => Part::Test,
        }
    }
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo, 1991), then the finaliser of SplitMix64 (Steele, Lea and
/// Flood, 2014), since the last bytes of a file hardly reach the high bits of the former.
fn hash(bytes: &[u8]) -> u64 {
    let mut hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// One piece of a corpus and the file it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The file that it was read from.
    pub file: PathBuf,
    /// What it is for: to learn from, to choose by, or to be judged by.
    pub part: Part,
    /// Its music.
    pub score: Score,
}

impl Piece {
    /// Its title or, if it has none, its file's name.
    pub fn name(&self) -> String {
        match self.score.title.trim() {
            "" => self.file.file_stem().unwrap_or_default().display().to_string(),
            title => title.to_string(),
        }
    }
}

/// The pieces below a folder, in the order of their paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Corpus {
    /// What could be read.
    pub pieces: Vec<Piece>,
    /// Why each file (or tune of a file of several) that was skipped could not be read, in one line.
    pub skipped: Vec<String>,
    /// What was mended in files that were read, a line each that begins with the file.
    pub warnings: Vec<String>,
}

/// What is read.
const WANTED: &str = "MIDI and ABC";

impl Corpus {
    /// Reads every MIDI and ABC file at or below a path, in parallel. What a file is, its first bytes say; its name only
    /// where they do not. Archives and scores in other notations count as skipped; sounds, texts, pictures and the like do not.
    /// `progress` hears how many files of how many are done, once after each file.
    ///
    /// If folders named `train`, `valid` (or `validation`, `dev`) and `test` lie directly in the path and hold music,
    /// they say which part a piece belongs to, and what lies beside them is for training. If not, a hash of the
    /// piece's content decides, 80 : 10 : 10: of a MIDI file's bytes, of an ABC tune's own text. Should that
    /// leave nothing for training, as with a single file, everything is. See also [`Corpus::divided`].
    ///
    /// # Errors
    /// If the path is not there, or if no piece at all could be read.
    pub fn read(path: &Path, progress: impl Fn(u64, u64) + Sync) -> Result<Corpus> {
        let below = file::below(path)?;
        let total = below.files.len() as u64;
        let done = Mutex::new(0u64);
        let read_one = |file: &PathBuf| {
            let read = Read::file(file);
            // Within the lock, so that the counts are heard in order.
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += 1;
            progress(*done, total);
            read
        };
        let files = below.files.par_iter().map(read_one).collect();
        Reading::of(files, below.unseen).finish(path)
    }

    /// The pieces of one part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.part == part)
    }

    /// How many pieces and notes there are.
    pub fn counts(&self) -> String {
        let voices = self.pieces.iter().flat_map(|piece| &piece.score.voices);
        let notes: usize = voices.map(|voice| voice.notes.len()).sum();
        let chords = self.pieces.iter().filter(|piece| piece.score.is_polyphonic());
        let mut counts = format!("{}, {}", count(self.pieces.len(), "piece"), count(notes, "note"));
        match chords.count() {
            0 => {}
            chords => {
                let pieces = count(chords, "piece");
                counts += &format!("; notes sound together in {pieces}, whose melody is the highest of them");
            }
        }
        counts
    }

    /// How many pieces, notes, warnings and skips there are, and the first few reasons.
    pub fn summary(&self) -> String {
        let mut summary = self.counts();
        for (lines, name) in [(&self.skipped, "skipped"), (&self.warnings, "warnings")] {
            if !lines.is_empty() {
                summary += &format!("\n{} {name}:", lines.len());
                for line in lines.iter().take(DETAILS) {
                    summary += &format!("\n- {line}");
                }
                if lines.len() > DETAILS {
                    summary += &format!("\n- and {} more", lines.len() - DETAILS);
                }
            }
        }
        summary
    }

    /// Lets the folders decide, if there are any, and sees to it that something is there to learn from.
    fn split(&mut self, root: &Path) {
        let folders: Vec<_> = self.pieces.iter().map(|piece| piece.folder(root)).collect();
        if folders.iter().any(Option::is_some) {
            for (piece, folder) in self.pieces.iter_mut().zip(folders) {
                piece.part = folder.unwrap_or(Part::Train);
            }
        } else if self.part(Part::Train).next().is_none() {
            self.pieces.iter_mut().for_each(|piece| piece.part = Part::Train);
        }
    }
}

/// So many reasons are told of each kind.
const DETAILS: usize = 8;

fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
