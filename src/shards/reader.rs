//! Pieces out of shards, one after the other.

use super::{Index, Shard};
use crate::music::Part;
use crate::{Error, Result};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The pieces of a part: see [`Index::pieces`].
pub struct Pieces<'a> {
    folder: PathBuf,
    bytes: usize,
    shards: Vec<&'a Shard>,
    /// The shard that is being read, and how many of its pieces are left.
    open: Option<(PathBuf, BufReader<File>, u64)>,
}

impl Index {
    /// The pieces of a part, shard by shard, in the order in which they were written. There is never more than one in memory. After an error
    /// there are no more.
    pub fn pieces(&self, folder: &Path, part: Part) -> Pieces<'_> {
        let shards = self.shards.iter().rev().filter(|shard| shard.part == part);
        Pieces {
            folder: folder.to_path_buf(),
            bytes: self.bytes,
            shards: shards.collect(),
            open: None,
        }
    }
}

impl Pieces<'_> {
    fn read(&mut self) -> Result<Option<Vec<usize>>> {
        loop {
            if let Some((path, file, left)) = &mut self.open
                && *left > 0
            {
                *left -= 1;
                return piece(file, self.bytes)
                    .map(Some)
                    .map_err(|source| unreadable(path, source));
            }
            let Some(shard) = self.shards.pop() else {
                return Ok(None);
            };
            let path = self.folder.join(&shard.file);
            let file = File::open(&path).map_err(|source| unreadable(&path, source))?;
            let size = file.metadata().map_err(|source| unreadable(&path, source))?.len();
            if size != shard.size {
                let what = format!("{size} bytes, where the index says {}", shard.size);
                return Err(Error::format("the whole file", what, "Copy it anew").in_file(&path));
            }
            self.open = Some((path, BufReader::new(file), shard.pieces));
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Vec<usize>>;

    fn next(&mut self) -> Option<Result<Vec<usize>>> {
        let read = self.read();
        if read.is_err() {
            self.shards.clear();
            self.open = None;
        }
        read.transpose()
    }
}

fn piece(file: &mut impl Read, bytes: usize) -> std::io::Result<Vec<usize>> {
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let mut piece = Vec::new();
    // As much as is there: a length that is wrong asks for no memory.
    let wanted = u64::from(u32::from_le_bytes(length)) * bytes as u64;
    file.take(wanted).read_to_end(&mut piece)?;
    if piece.len() as u64 != wanted {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let symbol = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    Ok(piece.chunks(bytes.max(1)).map(symbol).collect())
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        file: path.to_path_buf(),
        what: "cannot be read",
        source,
        remedy: "Copy it anew, or export the music again",
    }
}
