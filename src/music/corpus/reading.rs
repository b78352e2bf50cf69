//! Files on their way into a corpus.

use super::read::Read;
use super::{Corpus, WANTED, count};
use crate::file::Kind;
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files that are read one by one, from wherever their bytes come: [`Corpus::read`] finds them in a folder, the page of a browser is given
/// them.
#[derive(Default)]
pub struct Reading {
    files: Vec<Read>,
    /// Why a folder or file could not be looked at.
    unseen: Vec<String>,
}

impl Reading {
    pub(super) fn of(files: Vec<Read>, unseen: Vec<String>) -> Reading {
        Reading { files, unseen }
    }

    /// Reads a file of this path and these bytes.
    pub fn file(&mut self, path: PathBuf, bytes: &[u8]) {
        self.files.push(Read::bytes(path, bytes));
    }

    /// What holds them all: the one file there is, or the first folder of every path, or nothing.
    pub fn root(&self) -> PathBuf {
        let mut folders = self.files.iter().map(|read| {
            let mut parts = read.path.components();
            let first = parts.next();
            first.filter(|_| parts.next().is_some())
        });
        match (&self.files[..], folders.next().flatten()) {
            ([only], _) => only.path.clone(),
            (_, Some(first)) if folders.all(|other| other == Some(first)) => PathBuf::from(first.as_os_str()),
            _ => PathBuf::new(),
        }
    }

    /// Why files hold no music for a corpus, or a tune of theirs is left out: a line each, also for those that are nothing of the kind.
    pub fn refused(&self) -> Vec<String> {
        let reason = |read: &Read| -> Vec<String> {
            match read.other.filter(|_| read.errors.is_empty()) {
                Some(kind) => vec![line(&kind.refused(WANTED).in_file(&read.path))],
                None => read.errors.iter().map(line).collect(),
            }
        };
        self.files.iter().flat_map(reason).collect()
    }

    /// The corpus of all files, in the order of their paths: see [`Corpus::read`].
    ///
    /// # Errors
    /// If no piece at all could be read.
    pub fn finish(mut self, root: &Path) -> Result<Corpus> {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let total = self.files.len();
        let single = matches!(&self.files[..], [only] if only.path == root);
        let mut corpus = Corpus::default();
        let (mut errors, mut others) = (Vec::new(), BTreeMap::new());
        for one in self.files {
            corpus.pieces.extend(one.pieces);
            corpus.warnings.extend(one.warnings);
            errors.extend(one.errors);
            if let Some(kind) = one.other {
                *others.entry(kind).or_insert(0) += 1;
            }
        }
        if corpus.pieces.is_empty() && single {
            // A file that was named by hand has one reason.
            let kind = others.into_keys().next().unwrap_or(Kind::Unknown);
            let refused = || kind.refused(WANTED).in_file(root);
            return Err(errors.into_iter().next().unwrap_or_else(refused));
        }
        corpus.skipped = self.unseen;
        corpus.skipped.extend(errors.iter().map(line));
        if corpus.pieces.is_empty() {
            return Err(nothing(root, total, &corpus.skipped, others));
        }
        corpus.split(root);
        Ok(corpus)
    }
}

pub(super) fn line(why: &Error) -> String {
    why.to_string().replace(['\n', '\r'], " ")
}

/// The error for a folder with no music.
fn nothing(root: &Path, total: usize, skipped: &[String], others: BTreeMap<Kind, u64>) -> Error {
    let mut what = format!("no music among {}", count(total, "file"));
    if !root.as_os_str().is_empty() {
        what = format!("{}: {what}", root.display());
    }
    for (kind, number) in others {
        what += &format!(", {number} of them {}", kind.what());
    }
    if let Some(first) = skipped.first() {
        what += &format!(", {} skipped, first {first}", skipped.len());
    }
    let remedy =
        "Give a MIDI (.mid, .midi, .kar) or ABC (.abc) file with notes in it, or a folder of such files";
    Error::value(what, remedy)
}
