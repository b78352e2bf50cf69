//! The pieces of one file.

use super::{Part, Piece};
use crate::file::{self, Kind};
use crate::music::{Score, abc, midi};
use crate::{Error, Result};
use std::path::Path;

/// What came of one file.
#[derive(Default)]
pub(super) struct Read {
    pub pieces: Vec<Piece>,
    /// Why it, or some of its tunes, could not be read.
    pub errors: Vec<Error>,
    pub warnings: Vec<String>,
    /// What it is, if it is neither MIDI nor ABC.
    pub other: Option<Kind>,
}

impl Read {
    pub fn file(path: &Path) -> Read {
        let mut read = Read::default();
        if let Err(error) = read.file_or_error(path) {
            read.errors.push(error.in_file(path));
        }
        read
    }

    fn file_or_error(&mut self, path: &Path) -> Result<()> {
        // What is music by name is read at once, of the rest the first bytes first.
        let unnamed = !matches!(Kind::named(path), Some(Kind::Midi | Kind::Abc));
        if unnamed && !self.is_music(Kind::of_file(path)?, path) {
            return Ok(());
        }
        let bytes = file::read(path)?;
        match Kind::of(&bytes, path) {
            Kind::Midi => {
                let (score, warnings) = midi::decode(&bytes)?;
                self.add(path, score, warnings, &bytes);
            }
            Kind::Abc => {
                // A faulty tune does not cost the others of its file.
                for tune in abc::tunes(&abc::text(&bytes))? {
                    match tune.decode() {
                        Ok((score, warnings)) => self.add(path, score, warnings, tune.text().as_bytes()),
                        Err(error) => self.errors.push(error.in_file(path)),
                    }
                }
            }
            other => return Err(other.refused(super::WANTED)),
        }
        Ok(())
    }

    /// Whether a file of this kind is to be read; if not, it is counted, and skipped with a reason if it may hold notes.
    fn is_music(&mut self, kind: Kind, path: &Path) -> bool {
        match kind {
            Kind::Midi | Kind::Abc => return true,
            Kind::Notation(_) | Kind::Archive(_) => {
                self.errors.push(kind.refused(super::WANTED).in_file(path));
            }
            _ => {}
        }
        self.other = Some(kind);
        false
    }

    /// One piece; `content` is what it was read from.
    fn add(&mut self, path: &Path, score: Score, warnings: Vec<String>, content: &[u8]) {
        let warnings = warnings.into_iter();
        self.warnings
            .extend(warnings.map(|warning| format!("{}: {warning}", path.display())));
        if score.voices.iter().all(|voice| voice.notes.is_empty()) {
            let what = format!("no note in \"{}\"", score.title);
            let silent = Error::format("the whole piece", what, "Give a piece that has some");
            self.errors.push(silent.in_file(path));
            return;
        }
        self.pieces.push(Piece {
            file: path.to_path_buf(),
            part: Part::of_content(content),
            score,
        });
    }
}
