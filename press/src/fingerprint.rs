//! Fingerprints that tell whether anything changed that a listing's results depend on.

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Of everything below a folder: names and contents. A folder that is not there is an empty one.
///
/// # Errors
/// If something in it cannot be read.
pub fn of_folder(folder: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    if folder.is_dir() {
        let below = aeolian::file::below(folder)?;
        ensure!(below.unseen.is_empty(), "{}", below.unseen.join("\n"));
        for path in below.files {
            let name = path.strip_prefix(folder)?.as_os_str().as_encoded_bytes();
            hash.update(name.len().to_le_bytes());
            hash.update(name);
            add_file(&mut hash, &path)?;
        }
    }
    Ok(hex(hash))
}

/// Of a listing: its name, its program, and the data that every listing may read.
///
/// # Errors
/// If the program cannot be read.
pub fn of_listing(chapter: &str, program: &Path, data: &str) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(chapter);
    hash.update(data);
    add_file(&mut hash, program)?;
    Ok(hex(hash))
}

/// Of a listing that also read the book's prose.
pub fn with_prose(listing: &str, prose: &str) -> String {
    hex(Sha256::new().chain_update(listing).chain_update(prose))
}

fn add_file(hash: &mut Sha256, path: &Path) -> Result<()> {
    let bytes = fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    hash.update(bytes.len().to_le_bytes());
    hash.update(bytes);
    Ok(())
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_below_the_folder_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        let print = || of_folder(folder.path()).unwrap();
        let mut seen = vec![print()];
        fs::write(deep.join("x"), "1").unwrap();
        seen.push(print());
        assert_eq!(seen[1], print());
        fs::write(deep.join("x"), "2").unwrap();
        seen.push(print());
        fs::rename(deep.join("x"), deep.join("y")).unwrap();
        seen.push(print());
        fs::rename(deep.join("y"), folder.path().join("a/y")).unwrap();
        seen.push(print());
        let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len());
        assert_eq!(
            of_folder(Path::new("/no/such")).unwrap(),
            seen[0].clone().replace(&seen[0], &hex(Sha256::new()))
        );
    }
}
