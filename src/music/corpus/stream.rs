//! A corpus that need not fit into memory: its pieces one after the other.

use super::read::Read;
use super::reading::line;
use super::{Corpus, Part, Piece, Reading};
use crate::threads::*;
use crate::{Result, file};
use std::path::Path;

/// So many files are read side by side, and held at a time.
const AT_ONCE: usize = 64;

impl Corpus {
    /// Goes through the pieces of every MIDI and ABC file at or below a path, in the order of [`Corpus::read`], and keeps none. The part of
    /// a piece is what its content says: see [`Piece::folder`] for what its folder does. `progress` hears how many files of how many
    /// are done. Gives the reasons why files or tunes were skipped, a line each.
    ///
    /// # Errors
    /// If the path is not there, if no piece at all could be read, or if `each` fails.
    pub fn each(
        path: &Path,
        mut progress: impl FnMut(u64, u64),
        mut each: impl FnMut(Piece) -> Result<()>,
    ) -> Result<Vec<String>> {
        let below = file::below(path)?;
        let (total, mut done, mut pieces) = (below.files.len() as u64, 0, 0u64);
        let (mut skipped, mut empty) = (below.unseen.clone(), Vec::new());
        for files in below.files.chunks(AT_ONCE) {
            let files: Vec<Read> = files.par_iter().map(|file| Read::file(file)).collect();
            for mut read in files {
                for piece in read.pieces.drain(..) {
                    pieces += 1;
                    each(piece)?;
                }
                skipped.extend(read.errors.iter().map(line));
                done += 1;
                progress(done, total);
                if pieces == 0 {
                    empty.push(read); // its reasons, should it be all there is
                }
            }
        }
        if pieces == 0 {
            Reading::of(empty, below.unseen).finish(path)?;
        }
        Ok(skipped)
    }
}

impl Piece {
    /// The part that the folder says, if the piece lies in one of that name below `root`.
    pub fn folder(&self, root: &Path) -> Option<Part> {
        Part::of_place(&self.file, root)
    }
}

impl Part {
    /// The part that a file's folder says, if the folder lies directly in `root` and is named so.
    pub(crate) fn of_place(file: &Path, root: &Path) -> Option<Part> {
        let mut below = file.strip_prefix(root).ok()?.components();
        let first = below.next()?;
        below.next().and_then(|_| Part::of_folder(first.as_os_str()))
    }
}
