//! Making the book: every page woven, notebooks and sounds put in place, mdBook set to work.

use crate::weave::{Woven, weave};
use crate::{book, children, link, live, notebook, scratch};
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is wrong, by the page that it is wrong with, such as `02-dice/README.md`.
pub type Wrong = BTreeMap<PathBuf, Vec<String>>;

/// Weaves notebooks and pages from what `out/` holds, into `notebooks/` and `book/`.
///
/// # Errors
/// If anything is wrong with a page, or a file cannot be written. The earlier book then stays.
pub fn book(root: &Path) -> Result<()> {
    let _claim = scratch::claim(root)?;
    let unfinished = room(root);
    let result = edition(root, &unfinished, &BTreeSet::new()).and_then(|wrong| {
        all_is_well(&wrong)?;
        replace(root, &unfinished)
    });
    let _ = fs::remove_dir_all(&unfinished); // it is only there if something failed
    result
}

/// Where books are made until they are finished.
pub fn room(root: &Path) -> PathBuf {
    let room = root.join(format!("book.{}.part", std::process::id()));
    children::unfinished(room.clone());
    room
}

/// Weaves a book into this folder in which some chapters are not made yet: their pages say so. So do pages with which
/// something is wrong; what that is comes back.
///
/// # Errors
/// If a file cannot be written, or mdBook cannot make a book of the pages.
pub fn edition(root: &Path, into: &Path, unmade: &BTreeSet<String>) -> Result<Wrong> {
    fs::create_dir_all(into)
        .with_context(|| format!("{}: cannot be made. Check who may write there", into.display()))?;
    let mut mdbook = MDBook::load(root)?;
    mdbook.config.build.build_dir = into.to_path_buf();
    let wrong = Arc::new(Mutex::new(Wrong::new()));
    mdbook.with_preprocessor(Press {
        unmade: unmade.clone(),
        wrong: Some(Arc::clone(&wrong)),
    }); // in the place of the command in book.toml
    mdbook.build()?;
    Ok(std::mem::take(
        &mut *wrong.lock().unwrap_or_else(PoisonError::into_inner),
    ))
}

/// Puts a finished book in the place of the earlier one.
///
/// # Errors
/// If something stands there that cannot be removed.
pub fn replace(root: &Path, finished: &Path) -> Result<()> {
    let place = root.join("book");
    let failed = || format!("{}: cannot be replaced. Check what stands there", place.display());
    if place.exists() {
        fs::remove_dir_all(&place).with_context(failed)?;
    }
    fs::rename(finished, &place).with_context(failed)
}

fn all_is_well(wrong: &Wrong) -> Result<()> {
    if !wrong.is_empty() {
        let problems: Vec<&str> = wrong.values().flatten().map(String::as_str).collect();
        bail!("the book cannot be woven:\n{}", problems.join("\n"));
    }
    Ok(())
}

/// What `mdbook build` calls: reads a book as JSON, writes the woven one.
///
/// # Errors
/// If the input is no book, or anything is wrong with a page.
pub fn preprocess(input: impl Read, output: impl Write) -> Result<()> {
    let (context, book) = parse_input(input)?;
    let press = Press {
        unmade: BTreeSet::new(),
        wrong: None,
    };
    Ok(serde_json::to_writer(output, &press.run(&context, book)?)?)
}

/// The weaving as a step of mdBook's.
struct Press {
    /// Chapters whose pages only say that they are being made.
    unmade: BTreeSet<String>,
    /// Where to note what is wrong, so that the other pages are made nevertheless, and notebooks when nothing is.
    wrong: Option<Arc<Mutex<Wrong>>>,
}

impl Preprocessor for Press {
    fn name(&self) -> &str {
        "press"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let (woven, wrong) = weave_book(&context.root, &mut book, &self.unmade)?;
        if self.wrong.is_none() {
            all_is_well(&wrong)?;
        }
        live::place_module(&context.root)?;
        let is_whole = self.unmade.is_empty() && wrong.is_empty();
        for page in &woven {
            if let Some(chapter) = &page.chapter {
                place_sounds(&context.root, chapter)?;
                if self.wrong.is_some() && is_whole {
                    write_notebook(&context.root, chapter, page)?;
                }
            }
        }
        if let Some(noted) = &self.wrong {
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = wrong;
        }
        Ok(book)
    }
}

/// Weaves every page of a book in place, and gives those with which nothing is wrong, and what is wrong with the others.
///
/// # Errors
/// If `chapters/` cannot be read.
pub fn weave_book(root: &Path, book: &mut Book, unmade: &BTreeSet<String>) -> Result<(Vec<Woven>, Wrong)> {
    let mut all = Vec::new();
    let mut wrong = Wrong::new();
    let mut placed = BTreeSet::new();
    book.for_each_mut(|item| {
        if let BookItem::Chapter(page) = item
            && let Some(path) = page.source_path.clone()
        {
            let folder = path
                .parent()
                .unwrap_or(Path::new(""))
                .to_string_lossy()
                .into_owned();
            page.path = link::page_path(&path);
            if unmade.contains(&folder) {
                page.content = unmade_page(&page.content);
            } else {
                let (woven, problems) = weave(root, &path, &page.content, unmade);
                if problems.is_empty() {
                    page.content = woven.markdown();
                    all.push(woven);
                } else {
                    page.content = unmade_page(&page.content);
                    wrong.insert(path, problems);
                }
            }
            placed.insert(folder);
        }
    });
    for chapter in book::chapters(root)? {
        if !placed.contains(&chapter) {
            let problem = format!(
                "chapters/SUMMARY.md: {chapter} is not in the book. Add `- [Title]({chapter}/README.md)`"
            );
            wrong.entry(PathBuf::from("README.md")).or_default().push(problem);
        }
    }
    Ok((all, wrong))
}

/// The heading of a page that cannot be read yet. What else it says comes from whoever serves it: see `open`.
fn unmade_page(content: &str) -> String {
    let heading = content.lines().find(|line| line.starts_with("# "));
    format!("{}\n\nThis page is not made yet.\n", heading.unwrap_or("#"))
}

/// Makes the files that pages link to known to mdBook, which copies everything below `chapters/`.
fn place_sounds(root: &Path, chapter: &str) -> Result<()> {
    let folder = root.join("chapters").join(chapter).join("shown");
    let output = book::Output::read(root, chapter)?;
    let failed = || {
        format!(
            "{}: cannot be written. Check who may write there",
            folder.display()
        )
    };
    fs::create_dir_all(&folder).with_context(failed)?;
    let mut wanted = BTreeSet::new();
    for shown in &output.run.shown {
        for extension in shown
            .extensions
            .iter()
            .filter(|extension| book::is_linked(extension))
        {
            let from = output.path(&shown.name, extension);
            let name = match extension.as_str() {
                "model" => {
                    let name = format!("{}.js", shown.name);
                    live::place_bytes(&from, &folder.join(&name), &format!("{chapter}/shown/{name}"))?;
                    OsString::from(name)
                }
                _ => {
                    let name = OsString::from(format!("{}.{extension}", shown.name));
                    place(&from, &folder.join(&name)).with_context(failed)?;
                    name
                }
            };
            wanted.insert(name);
        }
    }
    for entry in fs::read_dir(&folder).with_context(failed)? {
        let entry = entry?;
        if !wanted.contains(&entry.file_name()) {
            fs::remove_file(entry.path()).with_context(failed)?;
        }
    }
    Ok(())
}

/// The same file in a second place: a link where the disk can, else a copy. One that is there already stays.
pub fn place(from: &Path, to: &Path) -> std::io::Result<()> {
    if let (Ok(here), Ok(there)) = (fs::metadata(from), fs::metadata(to)) {
        let same_age = here.modified().ok() == there.modified().ok();
        if here.len() == there.len() && (same_age || fs::read(from)? == fs::read(to)?) {
            return Ok(());
        }
        fs::remove_file(to)?;
    }
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to)?;
    }
    Ok(())
}

/// Writes a notebook, unless the one that is there differs in shown values only.
fn write_notebook(root: &Path, chapter: &str, page: &Woven) -> Result<()> {
    let Some(text) = notebook::notebook(page) else {
        return Ok(());
    };
    let path = root.join("notebooks").join(format!("{chapter}.ipynb"));
    let is_there = fs::read_to_string(&path).is_ok_and(|existing| notebook::is_woven_from(page, &existing));
    if !is_there {
        aeolian::file::write(&path, text.as_bytes())?;
    }
    Ok(())
}
