//! What the press makes stands aside until it is whole, under a name with the number of its process. A press that is
//! killed leaves that behind, and the next one removes it.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::Path;

/// Removes what killed presses have left behind. Keep what it returns for as long as this press makes things: until
/// then no other one takes them for left behind.
///
/// Every press at work shares a lock on book.toml, which ends with its process, however that ends. Who gets the lock
/// alone knows that no other is at work.
///
/// # Errors
/// If there is no book.toml.
pub fn claim(root: &Path) -> Result<File> {
    let path = root.join("book.toml");
    let file = File::open(&path).with_context(|| format!("{}: cannot be opened", path.display()))?;
    if file.try_lock().is_ok() {
        for (folder, start) in [
            (root.to_path_buf(), "book."),
            (root.join("out"), ""),
            (root.join("notebooks"), ""),
        ] {
            remove(&folder, start);
        }
        let _ = file.unlock(); // or else the next line waits for this one on some systems
    }
    let _ = file.lock_shared(); // on a disk without locks nobody ever removes anything
    Ok(file)
}

/// Notes that this press has opened the book, for as long as what it returns is kept. None if another one has.
///
/// # Errors
/// If `out/` cannot be written.
pub fn open(root: &Path) -> Result<Option<File>> {
    let out = root.join("out");
    let failed = || format!("{}: cannot be written. Check who may write there", out.display());
    fs::create_dir_all(&out).with_context(failed)?;
    let file = File::options()
        .create(true)
        .append(true)
        .open(out.join(".open"))
        .with_context(failed)?;
    Ok(file.try_lock().is_ok().then_some(file))
}

/// Removes what stands aside in a folder under a name that begins like this. What cannot be removed does no harm.
fn remove(folder: &Path, start: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name
            .to_str()
            .is_some_and(|name| name.starts_with(start) && is_aside(name))
        {
            let path = entry.path();
            let _ = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
        }
    }
}

/// Whether a name is `.123` or ends in `.123.part`.
fn is_aside(name: &str) -> bool {
    let number = match name.strip_suffix(".part") {
        Some(name) => name.rsplit_once('.').map(|(_, number)| number),
        None => name.strip_prefix('.'),
    };
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASIDE: [&str; 4] = [
        "book.123.part/index.html",
        "out/.45/02-dice/a.wav",
        "out/02-dice.stamp.6.part",
        "notebooks/a.ipynb.7.part",
    ];
    const STAYS: [&str; 6] = [
        "book/index.html",
        "out/02-dice/a.wav",
        "out/02-dice.stamp",
        "song.8.part",
        "out/.git/x",
        "book.x.part",
    ];

    fn fill(root: &Path) {
        for name in ASIDE.iter().chain(&STAYS) {
            aeolian::file::write(&root.join(name), b"").unwrap();
        }
    }

    fn are_there(root: &Path, names: &[&str]) -> usize {
        names.iter().filter(|name| root.join(name).exists()).count()
    }

    #[test]
    fn what_a_killed_press_left_goes_and_everything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("book.toml"), "").unwrap();
        fill(folder.path());
        let claim = claim(folder.path()).unwrap();
        assert_eq!(are_there(folder.path(), &ASIDE), 0);
        assert_eq!(are_there(folder.path(), &STAYS), STAYS.len());
        drop(claim);
    }

    #[test]
    fn only_one_press_at_a_time_has_the_book_open() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path()).unwrap();
        assert!(first.is_some() && open(folder.path()).unwrap().is_none());
        drop(first);
        assert!(open(folder.path()).unwrap().is_some());
    }

    #[test]
    fn nothing_is_removed_while_another_press_is_at_work() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("book.toml"), "").unwrap();
        fill(folder.path());
        let other = claim(folder.path()).unwrap();
        fill(folder.path()); // now it is the other's
        let mine = claim(folder.path()).unwrap();
        drop(mine);
        assert_eq!(are_there(folder.path(), &ASIDE), ASIDE.len());
        drop(other);
        claim(folder.path()).unwrap();
        assert_eq!(are_there(folder.path(), &ASIDE), 0);
        assert!(claim(&folder.path().join("out")).is_err(), "no book.toml");
    }
}
