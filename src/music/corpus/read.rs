//! The pieces of one file.

use super::{Part, Piece};
use crate::file::{self, Kind};
use crate::music::{Score, abc, midi};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// What came of one file.
#[derive(Default)]
pub(super) struct Read {
    pub path: PathBuf,
    pub pieces: Vec<Piece>,
    /// Why it, or some of its tunes, could not be read.
    pub errors: Vec<Error>,
    pub warnings: Vec<String>,
    /// What it is, if it is neither MIDI nor ABC.
    pub other: Option<Kind>,
}

impl Read {
    /// A file on this machine: what is music by name is read at once, of the rest the first bytes first.
    pub fn file(path: &Path) -> Read {
        Read::with(path.to_path_buf(), |read| {
            let unnamed = !is_named(path);
            if unnamed && !read.is_music(Kind::of_file(path)?) {
                return Ok(());
            }
            read.music(&file::read(path)?)
        })
    }

    /// A file of which path and bytes are known.
    pub fn bytes(path: PathBuf, bytes: &[u8]) -> Read {
        Read::with(path, |read| {
            let unnamed = !is_named(&read.path);
            if unnamed && !read.is_music(Kind::of(bytes, &read.path)) {
                return Ok(());
            }
            read.music(bytes)
        })
    }

    fn with(path: PathBuf, work: impl FnOnce(&mut Read) -> Result<()>) -> Read {
        let mut read = Read {
            path,
            ..Read::default()
        };
        if let Err(error) = work(&mut read) {
            read.refuse(error);
        }
        read
    }

    fn refuse(&mut self, error: Error) {
        self.errors.push(error.in_file(&self.path));
    }

    fn music(&mut self, bytes: &[u8]) -> Result<()> {
        match Kind::of(bytes, &self.path) {
            Kind::Midi => {
                let (score, warnings) = midi::decode(bytes)?;
                self.add(score, warnings, bytes);
            }
            Kind::Abc => {
                // A faulty tune does not cost the others of its file.
                for tune in abc::tunes(&abc::text(bytes))? {
                    match tune.decode() {
                        Ok((score, warnings)) => self.add(score, warnings, tune.text().as_bytes()),
                        Err(error) => self.refuse(error),
                    }
                }
            }
            other => return Err(other.refused(super::WANTED)),
        }
        Ok(())
    }

    /// Whether a file of this kind is to be read; if not, it is counted, and skipped with a reason if it may hold notes.
    fn is_music(&mut self, kind: Kind) -> bool {
        match kind {
            Kind::Midi | Kind::Abc => return true,
            Kind::Notation(_) | Kind::Archive(_) => {
                self.refuse(kind.refused(super::WANTED));
            }
            _ => {}
        }
        self.other = Some(kind);
        false
    }

    /// One piece; `content` is what it was read from.
    fn add(&mut self, score: Score, warnings: Vec<String>, content: &[u8]) {
        let warnings = warnings.into_iter();
        self.warnings
            .extend(warnings.map(|warning| format!("{}: {warning}", self.path.display())));
        if score.voices.iter().all(|voice| voice.notes.is_empty()) {
            let what = format!("no note in \"{}\"", score.title);
            let silent = Error::format("the whole piece", what, "Give a piece that has some");
            self.refuse(silent);
            return;
        }
        self.pieces.push(Piece {
            file: self.path.clone(),
            part: Part::of_content(content),
            score,
        });
    }
}

fn is_named(path: &Path) -> bool {
    matches!(Kind::named(path), Some(Kind::Midi | Kind::Abc))
}
