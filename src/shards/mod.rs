//! Music as numbers in files of a handy size, for training beyond this machine: written piece by piece, and read so.
//!
//! # The format
//!
//! A folder holds shards and, written last, `index.json`. A shard is records one after the other, a piece each:
//!
//! | bytes | what |
//! |---|---|
//! | 4 | how many symbols, `n`, as all numbers with the lowest byte first |
//! | `n` times 2 (notes) or 1 (sound) | the symbols |
//!
//! A piece of notes is what [`Alphabet::encode`](crate::music::Alphabet::encode) gives: pitch and duration in turn, then the end. A
//! piece of sound is its µ-law codes. The index says which alphabet, how many symbols it has, how wide one is, and of
//! each shard its part, its pieces, its symbols and its size in bytes: a shard that was cut off in a copy is found out. It is an
//! [`Index`] as JSON. `bigger/shards.py` reads it.

mod notes;
mod reader;
mod sounds;
mod writer;

pub use notes::{Notes, export_notes};
pub use reader::Pieces;
pub use sounds::export_sounds;

use crate::music::Part;
use crate::{Error, Result, file};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What an index calls its format.
const FORMAT: &str = "aeolian shards 1";

/// The name of the index in its folder.
pub const INDEX: &str = "index.json";

/// So many symbols a shard has before the next begins, unless somebody asks for another number: 2 MiB of notes.
pub const SHARD: u64 = 1 << 20;

/// What an export holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Index {
    /// `aeolian shards 1`.
    pub format: String,
    /// Of notes, the alphabet as text: see [`Alphabet`](crate::music::Alphabet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alphabet: Option<String>,
    /// Of sound, samples a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
    /// How many symbols there are: each is a number below this one.
    pub symbols: usize,
    /// How many bytes a symbol takes in a shard.
    pub bytes: usize,
    /// In the order in which they were written.
    pub shards: Vec<Shard>,
}

/// One file of an export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shard {
    /// Its name in the folder.
    pub file: String,
    /// What its pieces are for.
    pub part: Part,
    /// How many pieces it holds.
    pub pieces: u64,
    /// How many symbols they have together.
    pub symbols: u64,
    /// How long the file is, in bytes.
    pub size: u64,
}

impl Index {
    /// The index of an export.
    ///
    /// # Errors
    /// If there is none, or one of another format.
    pub fn open(folder: &Path) -> Result<Index> {
        let path = folder.join(INDEX);
        let bytes = file::read(&path)?;
        let wrong = |what: String| {
            let remedy = "Give a folder that `cargo run -- export` has made";
            Error::format("the whole file", what, remedy).in_file(&path)
        };
        let index: Index = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        match index.format == FORMAT {
            true => Ok(index),
            false => Err(wrong(format!("its format is {:?}, not {FORMAT:?}", index.format))),
        }
    }

    /// Shards, pieces and symbols of a part.
    pub fn count(&self, part: Part) -> [u64; 3] {
        let shards = self.shards.iter().filter(|shard| shard.part == part);
        shards.fold([0; 3], |[shards, pieces, symbols], shard| {
            [shards + 1, pieces + shard.pieces, symbols + shard.symbols]
        })
    }
}

#[cfg(test)]
mod tests;
