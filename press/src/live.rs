//! What live panels need beside the page: the modules, and models.
//!
//! A page that was opened as a file may not read other files, but it may run scripts. So bytes travel as
//! scripts that hold them as base64.

use crate::make::place;
use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fs;
use std::path::Path;

/// Puts the modules of `play/`, the drawer of staves and the panels' pictures where mdBook finds them. A book without `play/` has neither.
///
/// # Errors
/// If they cannot be read or written.
pub fn place_module(root: &Path) -> Result<()> {
    let (play, folder) = (root.join("play"), root.join("chapters/live"));
    if !play.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(&folder)
        .with_context(|| format!("{}: cannot be made. Check who may write there", folder.display()))?;
    place_bytes(
        &play.join("built/play.wasm"),
        &folder.join("module.js"),
        "live/module.js",
    )?;
    place_bytes(
        &play.join("built/learn.wasm"),
        &folder.join("learning.js"),
        "live/learning.js",
    )?;
    place_script(
        &play.join("vendor/abcjs/abcjs-basic-min.js"),
        &folder.join("abcjs.js"),
    )?;
    let stages = play.join("page/stages");
    let scripts = fs::read_dir(&stages).with_context(|| {
        format!(
            "{}: cannot be read. Start from a whole copy of the book",
            stages.display()
        )
    })?;
    for script in scripts {
        let script = script?;
        place_script(&script.path(), &folder.join(script.file_name()))?;
    }
    Ok(())
}

fn place_script(from: &Path, to: &Path) -> Result<()> {
    place(from, to).with_context(|| format!("{}: cannot be copied to {}", from.display(), to.display()))
}

/// Writes a script that hands over the bytes of a file under a name. One that is there already stays.
///
/// # Errors
/// If the file cannot be read or the script cannot be written.
pub fn place_bytes(from: &Path, to: &Path, name: &str) -> Result<()> {
    let bytes = fs::read(from).with_context(|| {
        format!(
            "{}: cannot be read. Start from a whole copy of the book",
            from.display()
        )
    })?;
    let script = format!(
        "aeolian.bytes(\"{name}\", \"{}\");\n",
        BASE64_STANDARD.encode(bytes)
    );
    if fs::read(to).is_ok_and(|there| there == script.as_bytes()) {
        return Ok(());
    }
    Ok(aeolian::file::write(to, script.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_a_script_that_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b/a.js"));
        fs::write(&from, [0u8, 255, 7]).unwrap();
        place_bytes(&from, &to, "02-dice/shown/a.js").unwrap();
        let script = fs::read_to_string(&to).unwrap();
        assert_eq!(script, "aeolian.bytes(\"02-dice/shown/a.js\", \"AP8H\");\n");
        let written = fs::metadata(&to).unwrap().modified().unwrap();
        place_bytes(&from, &to, "02-dice/shown/a.js").unwrap();
        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), written);
        assert!(place_bytes(&folder.path().join("none"), &to, "x").is_err());
        assert!(place_module(folder.path()).is_ok(), "a book without play/");
    }
}
