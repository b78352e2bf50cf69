//! Shards on their way to the disk.

use super::{FORMAT, INDEX, Index, Shard};
use crate::music::Part;
use crate::{Error, Result, file};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes pieces as they come. What is not finished leaves no index behind, so that nobody takes it for whole.
pub(super) struct Writer {
    folder: PathBuf,
    bytes: usize,
    limit: u64,
    /// One a part, in the order of `PARTS`.
    open: [Option<Open>; 3],
    done: Vec<Shard>,
    /// How many shards of each part were begun.
    begun: [usize; 3],
}

/// A shard that is being written, beside its place.
struct Open {
    shard: Shard,
    beside: PathBuf,
    file: BufWriter<File>,
}

const PARTS: [(Part, &str); 3] = [
    (Part::Train, "train"),
    (Part::Valid, "valid"),
    (Part::Test, "test"),
];

impl Writer {
    /// Into a folder that is empty, or not there. A symbol takes `bytes` bytes; a shard is full after `limit` symbols.
    pub fn new(folder: &Path, bytes: usize, limit: u64) -> Result<Writer> {
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
        let mut entries = fs::read_dir(folder).map_err(|source| unwritable(folder, source))?;
        if entries.next().is_some() {
            return Err(Error::value(
                format!("{}: there is something in this folder already", folder.display()),
                "Give the name of a new folder, or of an empty one",
            ));
        }
        Ok(Writer {
            folder: folder.to_path_buf(),
            bytes,
            limit: limit.max(1),
            open: [None, None, None],
            done: Vec::new(),
            begun: [0; 3],
        })
    }

    /// Adds a piece to the shard of its part.
    pub fn piece(&mut self, part: Part, symbols: impl ExactSizeIterator<Item = u16>) -> Result<()> {
        let place = PARTS.iter().position(|one| one.0 == part).unwrap_or(0);
        let length = u32::try_from(symbols.len()).map_err(|_| {
            let what = format!("A piece of {} symbols is too long for a shard", symbols.len());
            Error::value(what, "Cut it")
        })?;
        let bytes = self.bytes;
        let open = self.opened(place)?;
        let mut written = open.file.write_all(&length.to_le_bytes());
        for symbol in symbols {
            written = written.and_then(|()| open.file.write_all(&symbol.to_le_bytes()[..bytes]));
        }
        written.map_err(|source| unwritable(&open.beside, source))?;
        open.shard.pieces += 1;
        open.shard.symbols += u64::from(length);
        open.shard.size += 4 + u64::from(length) * bytes as u64;
        if open.shard.symbols >= self.limit {
            self.close(place)?;
        }
        Ok(())
    }

    fn opened(&mut self, place: usize) -> Result<&mut Open> {
        let (part, name) = PARTS[place];
        if self.open[place].is_none() {
            let name = format!("{name}-{:05}.shard", self.begun[place]);
            self.begun[place] += 1;
            let beside = self.folder.join(format!("{name}.part"));
            let file = File::create(&beside).map_err(|source| unwritable(&beside, source))?;
            let shard = Shard {
                file: name,
                part,
                pieces: 0,
                symbols: 0,
                size: 0,
            };
            self.open[place] = Some(Open {
                shard,
                beside,
                file: BufWriter::new(file),
            });
        }
        self.open[place]
            .as_mut()
            .ok_or_else(|| Error::value("No shard is open", "Please report this"))
    }

    fn close(&mut self, place: usize) -> Result<()> {
        if let Some(mut open) = self.open[place].take() {
            let flushed = open.file.flush();
            let to = self.folder.join(&open.shard.file);
            let renamed = flushed.and_then(|()| fs::rename(&open.beside, &to));
            renamed.map_err(|source| unwritable(&to, source))?;
            self.done.push(open.shard);
        }
        Ok(())
    }

    /// Whether there is a piece to learn from.
    pub fn teaches(&self) -> bool {
        self.begun[0] > 0
    }

    /// Closes all shards and writes the index.
    pub fn finish(mut self, alphabet: Option<String>, rate: Option<u32>, symbols: usize) -> Result<Index> {
        (0..PARTS.len()).try_for_each(|place| self.close(place))?;
        let index = Index {
            format: FORMAT.to_string(),
            alphabet,
            rate,
            symbols,
            bytes: self.bytes,
            shards: self.done,
        };
        let failed = |error| {
            Error::value(
                format!("{INDEX} cannot be written: {error}"),
                "Please report this",
            )
        };
        let mut text = serde_json::to_vec_pretty(&index).map_err(failed)?;
        text.push(b'\n');
        file::write(&self.folder.join(INDEX), &text)?;
        Ok(index)
    }
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Io {
        file: path.to_path_buf(),
        what: "cannot be written",
        source,
        remedy: "Check that the folder may be written to and that the disk has room",
    }
}
