//! Where everything stands: the workspace, its chapters, and what their listings showed.

use aeolian::page::{File, LIST, Run, Shown};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds `book.toml`: this one or the nearest above it.
///
/// # Errors
/// If there is none.
pub fn root() -> Result<PathBuf> {
    let here = env::current_dir().context("the current folder cannot be found")?;
    let root = here
        .ancestors()
        .find(|folder| folder.join("book.toml").is_file() && folder.join("chapters").is_dir());
    match root {
        Some(root) => Ok(root.to_path_buf()),
        None => bail!(
            "{}: no book.toml here or in a folder above. Start this from inside the repository",
            here.display()
        ),
    }
}

/// The names of the chapters that have a listing, in order: the folders `chapters/*/` with a `listing.rs`.
///
/// # Errors
/// If `chapters/` cannot be read.
pub fn chapters(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("chapters");
    let entries = fs::read_dir(&folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().join("listing.rs").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// What one chapter's listing showed, as `out/<chapter>/` holds it.
pub struct Output {
    folder: PathBuf,
    pub run: Run,
}

impl Output {
    /// Reads the list of what was shown.
    ///
    /// # Errors
    /// If there is no list, or it is not the list of a run without arguments.
    pub fn read(root: &Path, chapter: &str) -> Result<Output> {
        let folder = root.join("out").join(chapter);
        let path = folder.join(LIST);
        let label = format!("out/{chapter}/{LIST}");
        let text = fs::read(&path)
            .with_context(|| format!("{label}: cannot be read. `cargo run -- build` makes it"))?;
        let run: Run = serde_json::from_slice(&text)
            .with_context(|| format!("{label}: is damaged. `cargo run -- build` makes it anew"))?;
        if !run.arguments.is_empty() {
            bail!(
                "{label}: comes from a run with arguments ({}). `cargo run -- build` makes the book's own",
                run.arguments.join(" ")
            );
        }
        Ok(Output { folder, run })
    }

    /// The thing shown under this name.
    pub fn find(&self, name: &str) -> Option<&Shown> {
        self.run.shown.iter().find(|shown| shown.name == name)
    }

    /// Where a file of a shown thing lies.
    pub fn path(&self, name: &str, extension: &str) -> PathBuf {
        self.folder.join(format!("{name}.{extension}"))
    }

    /// The files of a shown thing. Those that the page only links to are left empty.
    ///
    /// # Errors
    /// If a file is missing, or of a kind that no page can show.
    pub fn files(&self, shown: &Shown) -> Result<Vec<File>> {
        let file = |extension: &String| {
            let Some(known) = ["svg", "wav", "mid", "abc", "tsv", "txt", "panel", "model"]
                .into_iter()
                .find(|known| known == extension)
            else {
                bail!(
                    "\"{}\" has a file of a kind that no page shows: {extension}",
                    shown.name
                );
            };
            let path = self.path(&shown.name, extension);
            let bytes = if is_linked(known) {
                Vec::new()
            } else {
                fs::read(&path).with_context(|| {
                    format!(
                        "{}: cannot be read. `cargo run -- build` makes it anew",
                        path.display()
                    )
                })?
            };
            Ok(File {
                extension: known,
                bytes,
            })
        };
        shown.extensions.iter().map(file).collect()
    }
}

/// Whether a page links to files of this kind; the others become part of the page itself.
pub fn is_linked(extension: &str) -> bool {
    matches!(extension, "wav" | "mid" | "model")
}
