//! Noticing that a file was saved.

use anyhow::Result;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often files are looked at. An editor that saves in several steps is given as long to finish.
pub const CALM: Duration = Duration::from_millis(300);

/// When each file was saved, and its length.
type Times = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// The pages and programs of a book, as they were when one looked last.
pub struct Saved {
    chapters: PathBuf,
    known: Times,
    /// As they were at the look before: what differs from it may still be being saved.
    before: Times,
}

impl Saved {
    pub fn new(root: &Path) -> Result<Saved> {
        let chapters = root.join("chapters");
        let known = times(&chapters)?;
        Ok(Saved {
            before: known.clone(),
            known,
            chapters,
        })
    }

    /// Looks again: the files below `chapters/` that were saved, added or removed and have been at rest since the last look.
    ///
    /// # Errors
    /// If the folders cannot be read.
    pub fn look(&mut self) -> Result<Vec<PathBuf>> {
        let now = times(&self.chapters)?;
        let at_rest = now == self.before;
        self.before = now;
        if !at_rest || self.before == self.known {
            return Ok(Vec::new());
        }
        let differs = |path: &&PathBuf| self.before.get(*path) != self.known.get(*path);
        let mut changed: Vec<PathBuf> = self
            .before
            .keys()
            .chain(self.known.keys())
            .filter(differs)
            .cloned()
            .collect();
        changed.dedup();
        self.known = self.before.clone();
        Ok(changed)
    }
}

/// Of the Markdown and Rust files in `chapters/` and in the folders there.
fn times(chapters: &Path) -> Result<Times> {
    let mut times = Times::new();
    let mut folders = vec![chapters.to_path_buf()];
    for entry in fs::read_dir(chapters)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    for folder in folders {
        for entry in fs::read_dir(folder)?.flatten() {
            let path = entry.path();
            let is_written = path
                .extension()
                .is_some_and(|extension| extension == "md" || extension == "rs");
            if let (true, Ok(about)) = (is_written, entry.metadata()) {
                times.insert(path, (about.modified().ok(), about.len()));
            }
        }
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_told_once_and_only_when_it_is_at_rest() {
        let root = tempfile::tempdir().unwrap();
        let page = root.path().join("chapters/a/README.md");
        let write = |path: &Path, text: &str| aeolian::file::write(path, text.as_bytes()).unwrap();
        write(&page, "one");
        write(&root.path().join("chapters/SUMMARY.md"), "");
        let mut saved = Saved::new(root.path()).unwrap();
        assert!(saved.look().unwrap().is_empty());
        write(&page, "half");
        assert!(saved.look().unwrap().is_empty(), "it may not be finished");
        write(&page, "whole text");
        assert!(saved.look().unwrap().is_empty(), "nor now");
        assert_eq!(saved.look().unwrap(), std::slice::from_ref(&page));
        assert!(saved.look().unwrap().is_empty());
        write(
            &root.path().join("chapters/a/shown/sound.md"),
            "made by the press",
        );
        fs::remove_file(&page).unwrap();
        assert!(saved.look().unwrap().is_empty());
        assert_eq!(saved.look().unwrap(), [page]);
    }
}
