//! Every file below a folder.

use super::unreadable;
use crate::Result;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// What lies at or below a path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Below {
    /// The files, in the order of their paths.
    pub files: Vec<PathBuf>,
    /// Why a folder or file cannot be looked at, in a line each.
    pub unseen: Vec<String>,
}

/// Every file at or below a path. Links are followed, but a folder that a link leads to is entered once only, so that
/// no circle of links goes on for ever.
///
/// # Errors
/// If there is nothing at the path.
pub fn below(root: &Path) -> Result<Below> {
    fs::metadata(root).map_err(|source| unreadable(root, source))?;
    let mut entered = HashSet::new();
    let mut below = Below::default();
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
    let walk = walk.into_iter().filter_entry(|entry| {
        let linked_folder = entry.depth() > 0 && entry.path_is_symlink() && entry.file_type().is_dir();
        !linked_folder || fs::canonicalize(entry.path()).is_ok_and(|real| entered.insert(real))
    });
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => below.files.push(entry.into_path()),
            Ok(_) => {}
            Err(circle) if circle.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(root).to_path_buf();
                below.unseen.push(unreadable(&path, error.into()).to_string());
            }
        }
    }
    Ok(below)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_but_not_in_circles_and_not_many_times() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let link = |to: &str, from: &str| symlink(place(to), place(from)).unwrap();
        super::super::write(&place("a/b/one"), b"1").unwrap();
        super::super::write(&place("a/two"), b"2").unwrap();
        link("a", "a/b/circle");
        link("gone", "a/broken");
        // Sixteen folders, each with two links to the next: 65,536 ways to the last.
        for number in 0..16 {
            fs::create_dir(place(&format!("z{number}"))).unwrap();
        }
        for number in 0..15 {
            for name in ["left", "right"] {
                link(&format!("z{}", number + 1), &format!("z{number}/{name}"));
            }
        }
        super::super::write(&place("z15/three"), b"3").unwrap();
        let found = below(folder.path()).unwrap();
        let names: Vec<_> = found.files.iter().map(|file| file.file_name().unwrap()).collect();
        assert_eq!(names[..2], ["one", "two"]);
        assert!((3..=4).contains(&names.len()), "{names:?}");
        assert_eq!(found.unseen.len(), 1, "{:?}", found.unseen);
        assert!(found.unseen[0].contains("broken"), "{:?}", found.unseen);
        assert!(below(&place("nowhere")).is_err());
        assert_eq!(
            below(&place("a/two")).unwrap().files,
            [place("a/two")],
            "a file is below itself"
        );
    }
}
