//! Reading what the reader gave.

use super::{Own, Page};
use crate::file::{self, Kind};
use crate::music::Corpus;
use crate::page::Takes;
use crate::page::arguments::taken;
use crate::{Error, Result};
use std::path::{Path, PathBuf};

impl Page {
    /// Reads what the reader gave, and says what it is.
    #[track_caller]
    pub(in crate::page) fn read_own(&mut self, path: &Path, takes: &[Takes]) -> Result<()> {
        let mut own = Own {
            path: path.to_path_buf(),
            ..Own::default()
        };
        let sounds = takes.contains(&Takes::Sounds);
        let mut about;
        if path.is_dir() {
            if sounds {
                own.sounds = wav_files(path)?;
            }
            let corpus = self.corpus(path);
            if let (Err(none), true) = (&corpus, own.sounds.is_empty()) {
                return Err(Error::value(
                    none.to_string(),
                    format!("Taken here: {}", taken(takes)),
                ));
            }
            own.music = corpus.ok();
            let files = own.sounds.len();
            let notes = own.music.as_ref().map_or("no notes".to_string(), Corpus::summary);
            about = if sounds {
                format!("{files} WAV files; {notes}")
            } else {
                notes
            };
        } else {
            // What its first bytes say that it is.
            about = match Kind::of_file(path)? {
                Kind::Midi | Kind::Abc => own.music.insert(self.corpus(path)?).summary(),
                Kind::Wav if sounds => {
                    own.sounds.push(path.to_path_buf());
                    "a WAV file".to_string()
                }
                Kind::Text if takes.contains(&Takes::Text) => {
                    let text = file::text(&file::read(path)?);
                    let (text, about) = text.map_err(|error| error.in_file(path))?;
                    own.text = Some(text);
                    about
                }
                other => return Err(other.refused(&taken(takes)).in_file(path)),
            };
        }
        let tests = takes.iter().any(|one| matches!(one, Takes::Folds(_)));
        if let (Some(music), true) = (&own.music, tests) {
            let folds = self.number("folds");
            let divided = music.clone().divided(folds)?; // fails before anything is trained
            if folds.is_none() {
                about += &format!("\n{}", divided.parts(music));
            }
        }
        self.own = Some(own);
        self.note("your-music", &format!("{}: {about}", path.display()))?;
        if self.number("grid").is_some() {
            self.put_on_grid()?;
        }
        Ok(())
    }

    /// Reads music with a progress bar.
    pub(super) fn corpus(&self, path: &Path) -> Result<Corpus> {
        let progress = self.progress("reading music", 0);
        Corpus::read(path, |done, total| progress.at(done, total))
    }
}

/// Every WAV file at or below a path, by its first bytes.
fn wav_files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = file::below(path)?.files;
    files.retain(|file| Kind::of_file(file).is_ok_and(|kind| kind == Kind::Wav));
    Ok(files)
}
