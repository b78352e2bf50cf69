//! What can go wrong, said so that a reader knows where and what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Every error of the library. Each says what is wrong, where, and what mends it.
#[derive(thiserror::Error)]
pub enum Error {
    /// A file or folder could not be opened, read or written.
    #[error("{}: {what}: {source}. {remedy}", file.display())]
    Io {
        /// Which file or folder.
        file: PathBuf,
        /// What failed, such as "cannot be read".
        what: &'static str,
        /// What the system says of it.
        source: io::Error,
        /// What the reader can do about it.
        remedy: &'static str,
    },
    /// A file was read, but what stands in it is not what it should be.
    #[error("{}, {place}: {what}. {remedy}", file.display())]
    Format {
        /// Which file; "(memory)" if the bytes came from none.
        file: PathBuf,
        /// Where in the file, as its format counts: "byte 14", "line 3, column 9", "track 2".
        place: String,
        /// What is wrong there.
        what: String,
        /// What mends it.
        remedy: String,
    },
    /// A value that was asked for makes no sense.
    #[error("{what}. {remedy}")]
    Value {
        /// What makes no sense.
        what: String,
        /// What to give instead.
        remedy: String,
    },
}

/// A program that ends in an error prints this form: it had better be the readable one.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error inside some text or bytes whose file is not known yet: see [`Error::in_file`].
    pub fn format(place: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Error {
        Error::Format {
            file: PathBuf::from("(memory)"),
            place: place.into(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// A value that makes no sense, and what to give instead.
    pub fn value(what: impl Into<String>, remedy: impl Into<String>) -> Error {
        Error::Value {
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    /// The same error, now naming the file that the bytes came from.
    pub fn in_file(self, path: &Path) -> Error {
        match self {
            Error::Format {
                place, what, remedy, ..
            } => Error::Format {
                file: path.to_path_buf(),
                place,
                what,
                remedy,
            },
            other => other,
        }
    }
}
