//! One page, its listing and what the listing showed, woven into the parts that page and notebook are made of.

use crate::book::Output;
use crate::link;
use crate::listings::stamp;
use crate::math;
use crate::notebook::{self, FOLD, FOLD_END};
use crate::page::{Ask, Spot, spots};
use crate::source::{Cell, Source};
use crate::vignette;
use aeolian::page::{File, Shown, block, grouped};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A piece of a woven page.
#[derive(Debug)]
pub enum Part {
    /// Markdown as it was written.
    Text(String),
    /// What `{{#shown name}}` stands for.
    Value(String),
    Math {
        written: String,
        mathml: String,
    },
    /// Where a link leads, in the book and in the notebook.
    Link {
        book: String,
        notebook: String,
    },
    /// The `{#id}` of a heading.
    Id(String),
    /// What another chapter showed, as HTML, on a page without a listing.
    Block(String),
    /// A cell of the listing, and under it what it showed, as HTML.
    Cell {
        cell: Cell,
        snippet: String,
        shown: Option<String>,
        /// Whether that is a number or a text which a sentence of this page quotes.
        quoted: bool,
    },
    /// Code from another file.
    Quote {
        snippet: Option<String>,
        code: String,
    },
}

/// A woven page.
#[derive(Debug)]
pub struct Woven {
    /// The chapter's name, if it has a listing and so a notebook.
    pub chapter: Option<String>,
    /// The notebook's first code cell.
    pub setup: String,
    /// How long the listing took, if it is known.
    pub took: Option<Duration>,
    /// A small picture for the head of the page, as SVG.
    pub vignette: Option<String>,
    pub parts: Vec<Part>,
}

/// Weaves the page at this path below `chapters/`, and says everything that is wrong with it,
/// each as `file:line: what. Remedy`. What the `unmade` chapters would have shown stands as `…`.
pub fn weave(root: &Path, path: &Path, text: &str, unmade: &BTreeSet<String>) -> (Woven, Vec<String>) {
    let mut loom = Loom::new(root, path, unmade);
    let (spots, wrong) = spots(text);
    let quotes = spots.iter().filter_map(|spot| match &spot.ask {
        Ask::Shown(name) => Some(name.to_string()),
        _ => None,
    });
    loom.quoted = quotes.collect();
    for (line, what) in wrong {
        loom.wrong(line, &what);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for spot in spots {
        parts.push(Part::Text(text[from..spot.range.start].to_string()));
        from = spot.range.end;
        let written = &text[spot.range.clone()];
        parts.push(
            loom.part(&spot, written)
                .unwrap_or_else(|| Part::Text(written.to_string())),
        );
    }
    parts.push(Part::Text(text[from..].to_string()));
    loom.check_all_is_used();
    let chapter = loom.listing.is_some().then(|| loom.chapter.clone());
    let cells = loom.listing.as_ref().map_or(&[][..], |listing| &listing.cells);
    let woven = Woven {
        chapter,
        setup: notebook::setup(root, cells),
        took: stamp::took(&root.join("out"), &loom.chapter),
        vignette: loom.output.as_ref().and_then(vignette::drawn),
        parts,
    };
    (woven, loom.problems)
}

struct Loom<'a> {
    root: &'a Path,
    /// The page, as a message names it.
    label: String,
    /// The name of the page's folder; empty for a page at the top.
    chapter: String,
    folder: PathBuf,
    listing: Option<Source>,
    output: Option<Output>,
    unmade: &'a BTreeSet<String>,
    /// The cells that the page has included so far.
    included: Vec<String>,
    embedded: BTreeSet<String>,
    /// What sentences of the page quote.
    quoted: BTreeSet<String>,
    problems: Vec<String>,
}

impl<'a> Loom<'a> {
    fn new(root: &'a Path, path: &Path, unmade: &'a BTreeSet<String>) -> Loom<'a> {
        let chapters = root.join("chapters");
        let within = path.parent().unwrap_or(Path::new(""));
        let mut loom = Loom {
            root,
            label: format!("chapters/{}", path.to_string_lossy().replace('\\', "/")),
            chapter: within.to_string_lossy().into_owned(),
            folder: chapters.join(within),
            listing: None,
            output: None,
            unmade,
            included: Vec::new(),
            embedded: BTreeSet::new(),
            quoted: BTreeSet::new(),
            problems: Vec::new(),
        };
        let listing = loom.folder.join("listing.rs");
        if !loom.chapter.is_empty() && listing.is_file() {
            match Source::read(root, &listing) {
                Ok(source) => {
                    if let Err(error) = source.check_cells() {
                        loom.problems.push(format!("{error:#}"));
                    }
                    loom.listing = Some(source);
                }
                Err(error) => loom.problems.push(format!("{error:#}")),
            }
            match Output::read(root, &loom.chapter) {
                Ok(output) => loom.output = Some(output),
                Err(error) => loom.problems.push(format!("{error:#}")),
            }
        }
        loom
    }

    fn wrong(&mut self, line: usize, what: &str) {
        self.problems.push(format!("{}:{line}: {what}", self.label));
    }

    /// What goes in a spot; none (and a problem noted) where that cannot be said.
    fn part(&mut self, spot: &Spot, written: &str) -> Option<Part> {
        match &spot.ask {
            Ask::Math { tex, display } => match math::mathml(tex, *display) {
                Ok(mathml) => Some(Part::Math {
                    written: written.to_string(),
                    mathml,
                }),
                Err(what) => {
                    self.wrong(
                        spot.line,
                        &format!("{written} is no formula: {what}. Mend the TeX"),
                    );
                    None
                }
            },
            Ask::Id => Some(Part::Id(written.to_string())),
            Ask::Link(target) => match link::resolve(self.root, &self.chapter, target) {
                Ok(Some((book, notebook))) => Some(Part::Link { book, notebook }),
                Ok(None) => None,
                Err(what) => {
                    self.wrong(spot.line, &what);
                    None
                }
            },
            Ask::Shown(name) => Some(self.block_of(name).unwrap_or_else(|| self.value(spot.line, name))),
            Ask::Include { file, cell } if file == "listing.rs" => self.cell(spot.line, cell),
            Ask::Include { file, cell } => self.quote(spot.line, file, cell),
        }
    }

    /// The block of what another chapter showed, where a page without a listing asks for what is no text.
    fn block_of(&mut self, name: &str) -> Option<Part> {
        let (chapter, short) = name.split_once('/').filter(|_| self.listing.is_none())?;
        if self.unmade.contains(chapter) {
            return None;
        }
        let output = Output::read(self.root, chapter).ok()?;
        let shown = output.find(short)?;
        if shown.extensions.iter().any(|extension| extension == "txt") {
            return None;
        }
        Some(Part::Block(block_at(chapter, shown, &output.files(shown).ok()?)))
    }

    /// The value that a sentence quotes. Without one the notebook's shape is still known: `?` stands for it.
    fn value(&mut self, line: usize, name: &str) -> Part {
        match self.value_text(name) {
            Ok(text) => Part::Value(text),
            Err(Some(what)) => {
                self.wrong(line, &what);
                Part::Value("?".to_string())
            }
            Err(None) => Part::Value("?".to_string()),
        }
    }

    /// The text of a shown value, or what is wrong; nothing where that was said already.
    fn value_text(&mut self, name: &str) -> Result<String, Option<String>> {
        let (elsewhere, short) = match name.split_once('/') {
            Some((chapter, _)) if self.unmade.contains(chapter) => return Ok("…".to_string()),
            Some((chapter, short)) => {
                let output = Output::read(self.root, chapter)
                    .map_err(|error| format!("`{{{{#shown {name}}}}}` has no value: {error:#}"))?;
                (Some(output), short)
            }
            None if self.listing.is_none() => {
                return Err(Some(format!(
                    "`{{{{#shown {name}}}}}` names no chapter, and this page has no listing. Write chapter/{name}"
                )));
            }
            None => (None, name),
        };
        let output = elsewhere.as_ref().or(self.output.as_ref()).ok_or(None)?;
        let Some(shown) = output.find(short) else {
            let names: Vec<&str> = output.run.shown.iter().map(|shown| shown.name.as_str()).collect();
            return Err(Some(format!(
                "nobody showed `{short}`. Show it in the listing, or take one of: {}",
                names.join(", ")
            )));
        };
        if !shown.extensions.iter().any(|extension| extension == "txt") {
            return Err(Some(format!(
                "`{short}` is no text or number, so no sentence can hold it. Show its number"
            )));
        }
        let path = output.path(short, "txt");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}. `cargo run -- build` makes it anew", path.display()))?;
        if elsewhere.is_none() {
            self.embedded.insert(short.to_string());
        }
        Ok(grouped(text.trim()))
    }

    fn cell(&mut self, line: usize, name: &str) -> Option<Part> {
        let Some(listing) = &self.listing else {
            self.wrong(line, "there is no listing here. Include a cell of another file");
            return None;
        };
        let Some(cell) = listing.cell(name).cloned() else {
            let names: Vec<&str> = listing.cells.iter().map(|cell| cell.name.as_str()).collect();
            let what = format!(
                "{} has no cell `{name}`. It has: {}",
                listing.label,
                names.join(", ")
            );
            self.wrong(line, &what);
            return None;
        };
        let later = |other: &&Cell| other.first > cell.first && self.included.contains(&other.name);
        let order = if self.included.iter().any(|included| included == name) {
            Some(format!(
                "the cell `{name}` is on this page already. Include each cell once"
            ))
        } else {
            listing.cells.iter().find(later).map(|other| {
                format!(
                    "the cell `{name}` comes after `{}` here but before it in the listing. Keep the listing's order",
                    other.name
                )
            })
        };
        let snippet = snippet(listing, &cell);
        if let Some(what) = order {
            self.wrong(line, &what);
        }
        self.included.push(name.to_string());
        let (shown, quoted) = self.shown_by(&cell).unzip();
        Some(Part::Cell {
            cell,
            snippet,
            shown,
            quoted: quoted.unwrap_or(false),
        })
    }

    /// The block of what this cell showed, and whether that is a text which a sentence quotes.
    fn shown_by(&mut self, cell: &Cell) -> Option<(String, bool)> {
        let (Some(output), Some(listing)) = (&self.output, &self.listing) else {
            return None;
        };
        let within = |shown: &&Shown| (cell.first..=cell.last).contains(&(shown.line as usize));
        let shown: Vec<&Shown> = output.run.shown.iter().filter(within).collect();
        if let [first, second, ..] = shown[..] {
            self.problems.push(format!(
                "{}:{}: the cell `{}` shows both `{}` and `{}`. Cut it in two: a notebook shows one thing a cell",
                listing.label, second.line, cell.name, first.name, second.name
            ));
        }
        let shown = *shown.first()?;
        if shown.caption.trim().is_empty() {
            self.problems.push(format!(
                "{}:{}: `{}` has no caption. Show `&thing.captioned(\"what one sees or hears\")`",
                listing.label, shown.line, shown.name
            ));
        }
        self.embedded.insert(shown.name.clone());
        let quoted = shown.extensions == ["txt"] && self.quoted.contains(&shown.name);
        match output.files(shown) {
            Ok(files) => Some((block_at(&self.chapter, shown, &files), quoted)),
            Err(error) => {
                self.problems.push(format!("{error:#}"));
                None
            }
        }
    }

    fn quote(&mut self, line: usize, file: &str, name: &str) -> Option<Part> {
        let path = link::normal(&self.folder.join(file));
        let source = match Source::read(self.root, &path) {
            Ok(source) => source,
            Err(error) => {
                self.wrong(line, &format!("{error:#}"));
                return None;
            }
        };
        let Some(cell) = source.cell(name) else {
            let names: Vec<&str> = source.cells.iter().map(|cell| cell.name.as_str()).collect();
            let what = format!(
                "{} has no anchor `{name}`. It has: {}",
                source.label,
                names.join(", ")
            );
            self.wrong(line, &what);
            return None;
        };
        Some(Part::Quote {
            snippet: (file != "solutions.rs").then(|| snippet(&source, cell)),
            code: cell.code.clone(),
        })
    }

    /// Every cell must be on the page, and everything shown in one of them or in a sentence.
    fn check_all_is_used(&mut self) {
        let Some(listing) = &self.listing else { return };
        for cell in &listing.cells {
            if !self.included.contains(&cell.name) {
                self.problems.push(format!(
                    "{}:{}: no page includes the cell `{}`. Write `{{{{#include listing.rs:{}}}}}` in {}",
                    listing.label, cell.first, cell.name, cell.name, self.label
                ));
            }
        }
        let shown = self.output.iter().flat_map(|output| &output.run.shown);
        for shown in shown.filter(|shown| !self.embedded.contains(&shown.name)) {
            self.problems.push(format!(
                "{}:{}: no page embeds `{}`. Show it inside a cell, or write `{{{{#shown {}}}}}` in {}",
                listing.label, shown.line, shown.name, shown.name, self.label
            ));
        }
    }
}

/// The block of a shown thing; its files lie beside the chapter's page.
fn block_at(chapter: &str, shown: &Shown, files: &[File]) -> String {
    block(&shown.name, &shown.caption, files, &|file| {
        let extension = match file.extension {
            "model" => "js", // a script that holds it: see `live`
            other => other,
        };
        format!("{chapter}/shown/{}.{extension}", shown.name)
    })
}

/// The line over a piece of code that says which file and function it belongs to.
fn snippet(source: &Source, cell: &Cell) -> String {
    let file = format!("<code>{}</code>", source.label);
    let file = match source.label.strip_prefix("chapters/") {
        Some(path) => format!("<a href=\"{path}\">{file}</a>"),
        None => file,
    };
    match source.function(cell) {
        Some(function) => format!("{file}, in <code>{function}</code>"),
        None => file,
    }
}

impl Woven {
    /// The page as Markdown that mdBook understands.
    pub fn markdown(&self) -> String {
        let mut page = String::new();
        // A fold hides the code of cells; what they showed stands below the fold.
        let mut folded = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => match text.split_once(FOLD_END) {
                    Some((before, after)) => {
                        page += &format!("{before}{FOLD_END}\n{}{after}", std::mem::take(&mut folded));
                    }
                    None => page += text,
                },
                Part::Id(text) => page += text,
                Part::Value(text) => page += &math::escaped_text(text),
                Part::Block(html) => page += &format!("\n{html}\n"),
                Part::Math { mathml, .. } => page += mathml,
                Part::Link { book, .. } => page += book,
                Part::Cell {
                    cell,
                    snippet,
                    shown,
                    quoted,
                } => {
                    page += &format!("\n<p class=\"snippet\">{snippet}</p>\n\n{}\n", fenced(&cell.code));
                    let in_fold = page.rfind(FOLD.0) > page.rfind(FOLD_END);
                    match shown {
                        Some(_) if in_fold && *quoted => {}
                        Some(shown) if in_fold => folded += &format!("\n{shown}\n"),
                        Some(shown) => page += &format!("\n{shown}\n"),
                        None => {}
                    }
                }
                Part::Quote { snippet, code } => {
                    if let Some(snippet) = snippet {
                        page += &format!("\n<p class=\"snippet\">{snippet}</p>\n");
                    }
                    page += &format!("\n{}\n", fenced(code));
                }
            }
        }
        // Under the heading that the page begins with.
        if let (Some(times), Some(at), true) = (self.times(), page.find("\n\n"), page.starts_with("# ")) {
            let drawn = self.vignette.as_ref().map_or(String::new(), |svg| {
                format!("\n\n<div class=\"vignette\" aria-hidden=\"true\">{svg}</div>")
            });
            let head = format!("{drawn}\n\n{times}");
            page.insert_str(at, &head);
        }
        page
    }
}

/// Words that a person reads in a minute, with code and pictures between them.
const WORDS_A_MINUTE: usize = 160;

impl Woven {
    /// How long the chapter takes to read, exercises not counted, and how long its program ran; none for a page without a program.
    fn times(&self) -> Option<String> {
        let took = self.took?;
        let mut words = 0;
        for part in &self.parts {
            match part {
                Part::Text(text) => match text.split_once("\n## Exercises") {
                    Some((before, _)) => {
                        words += before.split_whitespace().count();
                        break;
                    }
                    None => words += text.split_whitespace().count(),
                },
                Part::Cell { cell, .. } => words += cell.code.split_whitespace().count() / 4,
                _ => words += 1,
            }
        }
        let seconds = took.as_secs_f64().ceil();
        let ran = if seconds < 2.0 {
            "a second".to_string()
        } else {
            format!("{seconds} seconds")
        };
        let minutes = words.div_ceil(WORDS_A_MINUTE).max(2);
        Some(format!(
            "<p class=\"times\">About {minutes} minutes to read. Its program ran for {ran} here.</p>"
        ))
    }
}

/// A block of Rust code in Markdown, fenced by more backticks than it holds in a row.
pub fn fenced(code: &str) -> String {
    let mut fence = "```".to_string();
    while code.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}rust\n{code}\n{fence}")
}

#[cfg(test)]
mod tests;
