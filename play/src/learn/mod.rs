//! What the reader drops on a panel is read and learned here, as in the chapter's listing: the same parts to learn from and to test on,
//! the same alphabet, the same models. Nothing here knows threads, files or the time: the page's worker asks for step after step, and lets the
//! music sound between.

mod chains;
mod letters;
mod lstm;
mod states;
mod words;

use crate::panels::Panel;
use aeolian::Result;
use aeolian::file::{self, Kind};
use aeolian::music::{Corpus, Reading};
use serde::Serialize;
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Where a lesson leaves what it has learned since, and a panel that plays takes it.
pub struct Fresh<M>(Rc<Cell<Option<M>>>);

impl<M> Fresh<M> {
    pub fn new() -> Fresh<M> {
        Fresh(Rc::new(Cell::new(None)))
    }

    pub fn leave(&self, model: M) {
        self.0.set(Some(model));
    }

    pub fn take(&self) -> Option<M> {
        self.0.take()
    }
}

impl<M> Default for Fresh<M> {
    fn default() -> Fresh<M> {
        Fresh::new()
    }
}

impl<M> Clone for Fresh<M> {
    fn clone(&self) -> Fresh<M> {
        Fresh(Rc::clone(&self.0))
    }
}

/// How far a lesson is.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Told {
    /// How many steps are done, of how many at most.
    pub done: u64,
    pub of: u64,
    /// In words, such as "epoch 2 of 12".
    pub at: String,
    /// Bits a symbol, lately.
    pub bits: Option<f64>,
    /// After each epoch: bits a symbol while learning and, if there is something held out, on that.
    pub curve: Vec<(f64, Option<f64>)>,
    /// What came of it: what is measured, and the number.
    pub figures: Vec<(String, String)>,
    /// What a model of text writes by now.
    pub text: String,
    pub goes_on: bool,
}

/// A model that learns.
pub trait Lesson {
    /// Does as much as cannot be divided.
    fn step(&mut self) -> Result<()>;

    fn told(&self) -> &Told;

    /// What it has learned until now as the bytes of a file, if its model has weights.
    fn weights(&self) -> Option<Result<Vec<u8>>> {
        None
    }
}

/// A lesson at its start, and what plays meanwhile: none if the music that plays stays as it is.
pub struct Start {
    pub lesson: Box<dyn Lesson>,
    pub panel: Option<Box<dyn Panel>>,
    /// What is to be said about it.
    pub note: Option<String>,
}

/// What came of reading.
#[derive(Default, Serialize)]
pub struct Report {
    /// What was read.
    about: String,
    notes: Vec<String>,
    /// Why files were skipped, and what was mended in others.
    skipped: Vec<String>,
    warnings: Vec<String>,
    /// Why there is nothing to learn.
    wrong: Option<String>,
}

/// What the reader has dropped, and what learns from it.
#[derive(Default)]
pub struct Learning {
    reading: Reading,
    texts: Vec<(PathBuf, Vec<u8>)>,
    lesson: Option<Box<dyn Lesson>>,
}

impl Learning {
    /// Reads a file.
    pub fn file(&mut self, path: &str, bytes: &[u8]) {
        let path = PathBuf::from(path);
        if Kind::of(bytes, &path) == Kind::Text {
            self.texts.push((path.clone(), bytes.to_vec()));
        }
        self.reading.file(path, bytes);
    }

    /// Begins to learn from all files, for the panel of this name and the model that it came with. Says what was read, and gives what
    /// plays from now on.
    pub fn begin(&mut self, panel: &str, model: &[u8], seed: u64) -> (Report, Option<Box<dyn Panel>>) {
        let reading = std::mem::take(&mut self.reading);
        let texts = std::mem::take(&mut self.texts);
        let mut report = Report {
            skipped: reading.refused(),
            ..Report::default()
        };
        let root = reading.root();
        let start = match reading.finish(&root) {
            Ok(corpus) => from_music(corpus, panel, model, seed, &mut report),
            Err(_) if !texts.is_empty() && takes_text(panel) => from_text(texts, panel, seed, &mut report),
            Err(nothing) => Err(nothing),
        };
        match start {
            Ok(start) => {
                report.notes.extend(start.note);
                self.lesson = Some(start.lesson);
                (report, start.panel)
            }
            Err(wrong) => {
                self.lesson = None;
                report.wrong = Some(wrong.to_string());
                (report, None)
            }
        }
    }

    /// Takes so many steps, as long as there is something to do. Says how far it is.
    pub fn go_on(&mut self, steps: u32) -> Result<Told> {
        let Some(lesson) = &mut self.lesson else {
            return Ok(Told::default());
        };
        for _ in 0..steps {
            if !lesson.told().goes_on {
                break;
            }
            lesson.step()?;
        }
        Ok(lesson.told().clone())
    }

    /// What was learned, as the bytes of a file.
    pub fn weights(&self) -> Result<Vec<u8>> {
        let weights = self.lesson.as_ref().and_then(|lesson| lesson.weights());
        weights.unwrap_or_else(|| {
            Err(aeolian::Error::value(
                "There are no weights yet",
                "Let a network learn first",
            ))
        })
    }
}

/// Opens weights that were learned here, or by the library. Says what they are, and gives what plays them; of letters, some that they write.
pub fn open(bytes: &[u8], seed: u64) -> Result<(Told, Option<Box<dyn Panel>>)> {
    match aeolian::nn::annotation(bytes, letters::NOTE)? {
        Some(all) => Ok((letters::open(bytes, &all, seed)?, None)),
        None => lstm::open(bytes).map(|(told, panel)| (told, Some(panel))),
    }
}

fn takes_text(panel: &str) -> bool {
    panel != "chords"
}

fn from_music(corpus: Corpus, panel: &str, model: &[u8], seed: u64, report: &mut Report) -> Result<Start> {
    let mut corpus = corpus;
    report.warnings.clone_from(&corpus.warnings);
    report.about = corpus.counts();
    report.notes.extend(corpus.on_grid(None).map(|moved| {
        // In the page there are no words after a command.
        let (moved, _) = moved.split_once(" With --grid").unwrap_or((&moved, ""));
        moved.to_string()
    }));
    let divided = corpus.clone().divided(None)?;
    report.notes.push(divided.parts(&corpus));
    match panel {
        "tune" => chains::start(&divided),
        "chords" => states::start(&divided, model, seed),
        _ => lstm::start(&divided, seed),
    }
}

fn from_text(texts: Vec<(PathBuf, Vec<u8>)>, panel: &str, seed: u64, report: &mut Report) -> Result<Start> {
    let is_text = |line: &String| !texts.iter().any(|(path, _)| named(line, path));
    report.skipped.retain(is_text);
    let (mut all, mut about) = (String::new(), Vec::new());
    let alone = texts.len() == 1;
    for (path, bytes) in texts {
        match file::text(&bytes).map_err(|error| error.in_file(&path)) {
            Ok((text, said)) => {
                all += &text;
                all.push('\n');
                about.push(said);
            }
            Err(error) if alone => return Err(error),
            Err(error) => report.skipped.push(error.to_string()),
        }
    }
    report.about = about.join("; ");
    match panel {
        "tune" => words::start(&all, seed),
        _ => letters::start(&all, seed),
    }
}

/// Whether a line is about this file.
fn named(line: &str, path: &Path) -> bool {
    line.starts_with(&format!("{},", path.display()))
}

#[cfg(test)]
mod tests;
