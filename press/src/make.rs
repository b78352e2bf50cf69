//! Making the book: every page woven, notebooks and sounds put in place, mdBook set to work.

use crate::weave::{Woven, weave};
use crate::{book, children, link, notebook, scratch};
use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

/// Weaves notebooks and pages from what `out/` holds, into `notebooks/` and `book/`.
///
/// # Errors
/// If anything is wrong with a page, or a file cannot be written. The earlier book then stays.
pub fn book(root: &Path) -> Result<()> {
    let _claim = scratch::claim(root)?;
    let unfinished = root.join(format!("book.{}.part", std::process::id()));
    children::unfinished(unfinished.clone());
    let place = root.join("book");
    let result = make(root, &unfinished).and_then(|()| {
        let failed = || format!("{}: cannot be replaced. Check what stands there", place.display());
        if place.exists() {
            fs::remove_dir_all(&place).with_context(failed)?;
        }
        fs::rename(&unfinished, &place).with_context(failed)
    });
    let _ = fs::remove_dir_all(&unfinished); // it is only there if something failed
    result
}

fn make(root: &Path, into: &Path) -> Result<()> {
    fs::create_dir(into)
        .with_context(|| format!("{}: cannot be made. Check who may write there", into.display()))?;
    let mut mdbook = MDBook::load(root)?;
    mdbook.config.build.build_dir = into.to_path_buf();
    mdbook.with_preprocessor(Press { with_notebooks: true }); // in the place of the command in book.toml
    mdbook.build()
}

/// What `mdbook build` calls: reads a book as JSON, writes the woven one.
///
/// # Errors
/// If the input is no book, or anything is wrong with a page.
pub fn preprocess(input: impl Read, output: impl Write) -> Result<()> {
    let (context, book) = parse_input(input)?;
    let book = Press {
        with_notebooks: false,
    }
    .run(&context, book)?;
    Ok(serde_json::to_writer(output, &book)?)
}

/// The weaving as a step of mdBook's.
struct Press {
    with_notebooks: bool,
}

impl Preprocessor for Press {
    fn name(&self) -> &str {
        "press"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let woven = weave_book(&context.root, &mut book)?;
        for page in &woven {
            if let Some(chapter) = &page.chapter {
                place_sounds(&context.root, chapter)?;
                if self.with_notebooks {
                    write_notebook(&context.root, chapter, page)?;
                }
            }
        }
        Ok(book)
    }
}

/// Weaves every page of a book in place.
///
/// # Errors
/// Everything that is wrong with any page, a line each.
pub fn weave_book(root: &Path, book: &mut Book) -> Result<Vec<Woven>> {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item
            && let Some(path) = chapter.source_path.clone()
        {
            let (woven, wrong) = weave(root, &path, &chapter.content);
            problems.extend(wrong);
            place_page(chapter, &path, &woven);
            all.push(woven);
        }
    });
    let woven: BTreeSet<&String> = all.iter().filter_map(|page| page.chapter.as_ref()).collect();
    for chapter in book::chapters(root)? {
        if !woven.contains(&chapter) {
            problems.push(format!(
                "chapters/SUMMARY.md: {chapter} is not in the book. Add `- [Title]({chapter}/README.md)`"
            ));
        }
    }
    if !problems.is_empty() {
        bail!("the book cannot be woven:\n{}", problems.join("\n"));
    }
    Ok(all)
}

fn place_page(chapter: &mut Chapter, path: &Path, woven: &Woven) {
    chapter.content = woven.markdown();
    chapter.path = link::page_path(path);
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
            let name = OsString::from(format!("{}.{extension}", shown.name));
            let (from, to) = (output.path(&shown.name, extension), folder.join(&name));
            place(&from, &to).with_context(failed)?;
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
fn place(from: &Path, to: &Path) -> std::io::Result<()> {
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
