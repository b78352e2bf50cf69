//! Finding, telling apart, reading and writing whole files, so that a failure names the file and loses nothing.

mod below;
mod kind;
mod text;

pub use below::{Below, below};
pub use kind::Kind;
pub use text::text;

use crate::{Error, Result};
use std::fs;
use std::io::Write;
use std::path::Path;

/// The largest file that is read: 1 GiB. No piece of music here comes near it.
pub const LARGEST_FILE: u64 = 1 << 30;

/// Reads a whole file.
///
/// # Errors
/// If the file is not there, is a folder, may not be read, or is larger than [`LARGEST_FILE`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let failed = |source| unreadable(path, source);
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > LARGEST_FILE {
        return Err(Error::format(
            "the whole file",
            format!("{size} bytes are more than the {LARGEST_FILE} that are read"),
            "Give a smaller file",
        )
        .in_file(path));
    }
    fs::read(path).map_err(failed)
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        file: path.to_path_buf(),
        what: "cannot be read",
        source,
        remedy: "Check the path and that you may read it",
    }
}

/// Writes a whole file: beside its place first, then renamed, so that it is never half there.
/// The folder is made if it is missing.
///
/// # Errors
/// If the folder cannot be made or the file cannot be written or renamed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |source| Error::Io {
        file: path.to_path_buf(),
        what: "cannot be written",
        source,
        remedy: "Check that the folder may be written to and that the disk has room",
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = Path::new(&beside);
    let written = fs::File::create(beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(beside, path));
    if written.is_err() {
        let _ = fs::remove_file(beside); // best effort: the first error is the one to report
    }
    written.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_no_part_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/a.bin");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap(), b"two");
        assert_eq!(
            fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "only the file itself"
        );
    }

    #[test]
    fn a_missing_file_is_named_with_its_remedy() {
        let message = read(Path::new("no/such.mid")).unwrap_err().to_string();
        assert!(message.contains("no/such.mid") && message.contains("Check the path"));
    }
}
