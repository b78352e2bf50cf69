//! Showing a thing to a person, in a terminal, a notebook or the book.
//!
//! A listing opens a [`Page`] and shows what it made. In a terminal each shown thing becomes files in
//! `out/<chapter>/` and a line that names them; in a notebook it appears under its cell; the book
//! embeds what `out/` holds.

mod html;
mod live;
mod progress;
mod prose;
mod show;

pub use html::{block, grouped};
pub use live::Live;
pub use progress::{MARK, PRESS, Progress};
pub use prose::prose;
pub use show::{Captioned, File, Show, Table};

use crate::music::Corpus;
use crate::{Error, Result, file};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file in a chapter's output folder that lists what was shown.
pub const LIST: &str = "shown.json";

/// One thing that a listing showed: its files are `<name>.<extension>`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shown {
    pub name: String,
    pub caption: String,
    /// The line of the listing that showed it.
    pub line: u32,
    pub extensions: Vec<String>,
}

/// Everything that one run of a listing showed, and what it was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Run {
    /// The words after the listing's name: none when the book is made.
    pub arguments: Vec<String>,
    /// Whether it read the book's own prose: then what it shows depends on the pages, too.
    #[serde(default)]
    pub read_prose: bool,
    pub shown: Vec<Shown>,
}

/// A chapter's place to show things.
#[derive(Debug)]
pub struct Page {
    /// Where files go; none in a notebook.
    folder: Option<PathBuf>,
    music: Option<PathBuf>,
    seed: Option<u64>,
    numbers: BTreeMap<String, usize>,
    run: Run,
}

/// Whether this process is a notebook's kernel.
fn in_notebook() -> bool {
    std::env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// The folder of the library's own Cargo.toml, from wherever the listing was started.
fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Page {
    /// Opens the page of a chapter, such as `02-dice`. In a terminal it reads the command line:
    /// a path to the reader's own music, `--seed N`, `--out DIR`.
    ///
    /// # Errors
    /// If the command line holds something else, or the music is not there.
    pub fn open(chapter: &str) -> Result<Page> {
        Page::open_with(chapter, &[])
    }

    /// As [`Page::open`], for a chapter that also takes numbers: each of `options` is a name, such as `folds`,
    /// and what it does. On the command line it is `--folds N`; see [`Page::number`].
    ///
    /// # Errors
    /// As [`Page::open`].
    pub fn open_with(chapter: &str, options: &[(&str, &str)]) -> Result<Page> {
        let mut page = Page {
            folder: None,
            music: None,
            seed: None,
            numbers: BTreeMap::new(),
            run: Run::default(),
        };
        if !in_notebook() {
            page.read_arguments(chapter, options, std::env::args_os().skip(1).collect())?;
        }
        Ok(page)
    }

    fn read_arguments(
        &mut self,
        chapter: &str,
        options: &[(&str, &str)],
        words: Vec<std::ffi::OsString>,
    ) -> Result<()> {
        use lexopt::Arg::{Long, Short, Value};
        let own: String = options.iter().map(|(name, _)| format!("[--{name} N] ")).collect();
        let usage = format!("Usage: cargo run --example {chapter} -- [MUSIC] {own}[--seed N] [--out DIR]");
        let wrong = |error: lexopt::Error| Error::value(error.to_string(), &usage);
        self.run.arguments = words.iter().map(|word| word.to_string_lossy().into()).collect();
        let mut out = std::env::var_os("AEOLIAN_OUT").map_or_else(|| house().join("out"), PathBuf::from);
        let mut words = lexopt::Parser::from_args(words);
        while let Some(word) = words.next().map_err(wrong)? {
            match word {
                Long("seed") => {
                    let number = words.value().map_err(wrong)?;
                    let number = number.to_string_lossy().parse();
                    self.seed = Some(
                        number.map_err(|_| Error::value("--seed wants a whole number from 0 on", &usage))?,
                    );
                }
                Long(name) if options.iter().any(|(own, _)| *own == name) => {
                    let name = name.to_string();
                    let number = words.value().map_err(wrong)?;
                    let number = number.to_string_lossy().parse().ok().filter(|number| *number > 0);
                    let number = number.ok_or_else(|| {
                        Error::value(format!("--{name} wants a whole number from 1 on"), &usage)
                    })?;
                    self.numbers.insert(name, number);
                }
                Long("out") => out = words.value().map_err(wrong)?.into(),
                Long("help") | Short('h') => {
                    println!(
                        "{usage}\n\n  MUSIC       a MIDI, ABC or WAV file, or a folder of them, in place of the book's;\n              where words or letters are learned, a text file (.txt)"
                    );
                    for (name, what) in options {
                        println!("  {:<11} {what}", format!("--{name} N"));
                    }
                    println!(
                        "  --seed N    other random draws\n  --out DIR   where to put what is shown (default: {})",
                        out.display()
                    );
                    std::process::exit(0);
                }
                Value(path) if self.music.is_none() => self.music = Some(path.into()),
                other => return Err(wrong(other.unexpected())),
            }
        }
        if let Some(path) = &self.music {
            std::fs::metadata(path).map_err(|source| Error::Io {
                file: path.clone(),
                what: "cannot be opened",
                source,
                remedy: "Give the path of a music file or of a folder that holds some",
            })?;
        }
        self.folder = Some(out.join(chapter));
        Ok(())
    }

    /// The reader's own music, if a path was given: a file or a folder.
    pub fn music(&self) -> Option<&Path> {
        self.music.as_deref()
    }

    /// How much to train: as much as asked for in a program, a quarter of it in a notebook, where somebody waits for each cell.
    pub fn shortened(&self, count: usize) -> usize {
        match in_notebook() {
            true => count.div_ceil(4),
            false => count,
        }
    }

    /// What was given for one of the options that the chapter opened its page with; none in a notebook.
    pub fn number(&self, option: &str) -> Option<usize> {
        self.numbers.get(option).copied()
    }

    /// The listing's source of chance: every draw comes from this seed, or from `--seed`.
    pub fn rng(&self, seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed.unwrap_or(seed))
    }

    /// Reads the reader's own music if there is some, else the music in `default`, with a
    /// progress bar, and says which files were skipped and why.
    ///
    /// # Errors
    /// If there is no music at all: see [`Corpus::read`].
    pub fn corpus(&self, default: &Path) -> Result<Corpus> {
        self.corpus_at(self.music().unwrap_or(default))
    }

    fn corpus_at(&self, path: &Path) -> Result<Corpus> {
        let progress = self.progress("reading music", 0);
        let corpus = Corpus::read(path, |done, total| {
            progress.at(done, total);
        })?;
        drop(progress);
        for why in &corpus.skipped {
            eprintln!("skipped: {why}");
        }
        if !corpus.skipped.is_empty() {
            eprintln!("{} skipped, {} read", corpus.skipped.len(), corpus.pieces.len());
        }
        Ok(corpus)
    }

    /// Reads the reader's own music if there is some, else (or if it is a text file) the tunes of the book: see [`Page::corpus`].
    ///
    /// # Errors
    /// As [`Page::corpus`].
    pub fn tunes(&self) -> Result<Corpus> {
        let shipped = house().join("data/tunes");
        match self.text() {
            Some(_) => self.corpus_at(&shipped),
            None => self.corpus(&shipped),
        }
    }

    /// The reader's own text, if the path given is a text file (`.txt`); else the book's own [`prose`].
    ///
    /// # Errors
    /// If the file or a page cannot be read.
    pub fn prose(&mut self) -> Result<String> {
        if let Some(file) = self.text() {
            return Ok(String::from_utf8_lossy(&file::read(file)?).into_owned());
        }
        self.run.read_prose = true;
        prose(&house().join("chapters"))
    }

    fn text(&self) -> Option<&Path> {
        let is_text = |path: &&Path| {
            path.extension()
                .is_some_and(|word| word.eq_ignore_ascii_case("txt"))
        };
        self.music().filter(is_text)
    }

    /// A bar with the time left, for work of so many steps.
    pub fn progress(&self, label: &str, total: u64) -> Progress {
        Progress::new(label, total)
    }

    /// Shows a thing under a name (small letters, digits, hyphens) that no other thing on the page has.
    ///
    /// # Errors
    /// If the name is not of that form or taken, if the thing cannot be turned into files (a sound with a
    /// sample that is no number, say), or if a file cannot be written.
    #[track_caller]
    pub fn show(&mut self, name: &str, thing: &impl Show) -> Result<()> {
        let line = std::panic::Location::caller().line();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(letters) {
            return Err(Error::value(
                format!("\"{name}\" cannot name a shown thing"),
                "Use small letters, digits and hyphens",
            ));
        }
        // In a notebook a cell may be run again.
        if self.folder.is_some() && self.run.shown.iter().any(|shown| shown.name == name) {
            return Err(Error::value(
                format!("\"{name}\" is shown twice"),
                "Give the second one a name of its own",
            ));
        }
        let files = thing.files()?;
        let caption = thing.caption();
        let Some(folder) = &self.folder else {
            let files: Vec<File> = files.into_iter().filter(|file| !file.is_for_scripts()).collect();
            let html = block(name, caption, &files, &|file| file.data_address());
            println!("EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT");
            let plain = files.iter().find_map(File::text);
            let plain = plain.map_or(caption.to_string(), |text| format!("{caption}: {text}"));
            println!("EVCXR_BEGIN_CONTENT text/plain\n{plain}\nEVCXR_END_CONTENT");
            return Ok(());
        };
        for made in &files {
            let path = folder.join(format!("{name}.{}", made.extension));
            file::write(&path, &made.bytes)?;
            match made.text() {
                Some(text) => println!("{}\n{}", path.display(), text.trim_end()),
                None => println!("{}", path.display()),
            }
        }
        self.run.shown.push(Shown {
            name: name.to_string(),
            caption: caption.to_string(),
            line,
            extensions: files.iter().map(|file| file.extension.to_string()).collect(),
        });
        let list = serde_json::to_vec_pretty(&self.run).map_err(|error| {
            Error::value(format!("{LIST} cannot be written: {error}"), "Please report this")
        })?;
        file::write(&folder.join(LIST), &list)
    }
}
