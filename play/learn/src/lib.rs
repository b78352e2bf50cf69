//! What the reader drops on a panel is read and learned here, as in the chapter's listing: the same parts to learn from and to test on,
//! the same alphabet, the same models.
//!
//! `bash play/build` compiles it to a WebAssembly module of its own, which a page brings when something is dropped: whoever only listens need
//! not wait for it. It learns in a worker of its own, so that no lesson makes a gap in the music, and hands over what it has learned as a
//! model that a panel of `play` plays. Nothing here knows threads, files or the time: the worker asks for step after step.

mod chains;
mod interface;
mod letters;
mod lstm;
#[cfg(feature = "compare")]
pub mod speed;
mod states;
mod words;

use aeolian::Result;
use aeolian::file::{self, Kind};
use aeolian::music::{Corpus, Reading};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A model for a panel of `play`: the panel's name, and the model in the format that it reads.
pub type Model = (&'static str, Vec<u8>);

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
    /// The panel that is to play what was learned since this was told last; none if there is nothing new.
    pub plays: Option<&'static str>,
    pub goes_on: bool,
}

/// A model that learns.
pub trait Lesson {
    /// Does as much as cannot be divided.
    fn step(&mut self) -> Result<()>;

    fn told(&self) -> &Told;

    /// What is to be played since this was asked last.
    fn model(&mut self) -> Option<Model> {
        None
    }

    /// What it has learned until now as the bytes of a file, if its model has weights.
    fn weights(&self) -> Option<Result<Vec<u8>>> {
        None
    }
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
    /// The panel that is to play from now on; none if what plays stays.
    plays: Option<&'static str>,
    /// Why there is nothing to learn.
    wrong: Option<String>,
}

/// What the reader has dropped, and what learns from it.
#[derive(Default)]
pub struct Learning {
    reading: Reading,
    texts: Vec<(PathBuf, Vec<u8>)>,
    lesson: Option<Box<dyn Lesson>>,
    model: Vec<u8>,
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

    /// Begins to learn from all files, for the panel of this name and the model that it came with. Says what was read.
    pub fn begin(&mut self, panel: &str, model: &[u8], seed: u64) -> Report {
        let reading = std::mem::take(&mut self.reading);
        let texts = std::mem::take(&mut self.texts);
        let mut report = Report {
            skipped: reading.refused(),
            ..Report::default()
        };
        let root = reading.root();
        let lesson = match reading.finish(&root) {
            Ok(corpus) => from_music(corpus, panel, model, seed, &mut report),
            Err(_) if !texts.is_empty() && panel != "chords" => from_text(texts, panel, seed, &mut report),
            Err(nothing) => Err(nothing),
        };
        self.lesson = None;
        match lesson {
            Ok(lesson) => self.lesson = Some(lesson),
            Err(wrong) => report.wrong = Some(wrong.to_string()),
        }
        report.plays = self.take_model();
        report
    }

    /// Looks whether there is something new to play.
    fn take_model(&mut self) -> Option<&'static str> {
        let (panel, model) = self.lesson.as_mut().and_then(|lesson| lesson.model())?;
        self.model = model;
        Some(panel)
    }

    /// What the panel is to play that was told last.
    pub fn model(&self) -> &[u8] {
        &self.model
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
        let told = lesson.told().clone();
        let plays = self.take_model();
        Ok(Told { plays, ..told })
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

/// Opens weights that were learned here, or by the library. Says what they are, and which panel plays them; of letters, some that they write.
///
/// # Errors
/// If these are no such weights.
pub fn open(bytes: &[u8], seed: u64) -> Result<Told> {
    match aeolian::nn::annotation(bytes, letters::NOTE)? {
        Some(all) => letters::open(bytes, &all, seed),
        None => lstm::open(bytes),
    }
}

fn from_music(
    corpus: Corpus,
    panel: &str,
    model: &[u8],
    seed: u64,
    report: &mut Report,
) -> Result<Box<dyn Lesson>> {
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
        "tune" => chains::start(&divided, &mut report.notes),
        "chords" => states::start(&divided, model, seed, &mut report.notes),
        _ => lstm::start(&divided, seed),
    }
}

fn from_text(
    texts: Vec<(PathBuf, Vec<u8>)>,
    panel: &str,
    seed: u64,
    report: &mut Report,
) -> Result<Box<dyn Lesson>> {
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
