//! Showing a thing to a person, in a terminal, a notebook or the book.
//!
//! A listing opens a [`Page`] and shows what it made. In a terminal each shown thing becomes files in
//! `out/<chapter>/` and a line that names them; in a notebook it appears under its cell; the book
//! embeds what `out/` holds. A [`Live`] panel is shown like the rest; in the book the reader plays it.

mod arguments;
mod html;
mod live;
mod own;
mod progress;
mod prose;
mod show;

pub use arguments::Takes;
pub use html::{block, grouped};
pub use live::Live;
pub use progress::{MARK, PRESS, Progress};
pub use prose::prose;
pub use show::{Captioned, File, Played, Show, Table};

use crate::{Error, Result};
use own::Own;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The file in a chapter's output folder that lists what was shown.
pub const LIST: &str = "shown.json";

/// One thing that a listing showed: its files are `<name>.<extension>`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Its name on the page.
    pub name: String,
    /// What a person sees or hears there.
    pub caption: String,
    /// The line of the listing that showed it.
    pub line: u32,
    /// The kinds of its files.
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
    /// What it showed, in order.
    pub shown: Vec<Shown>,
}

/// A chapter's place to show things.
#[derive(Debug, Default)]
pub struct Page {
    /// Where files go; none in a notebook.
    folder: Option<PathBuf>,
    /// What the reader gave in place of the book's music.
    own: Option<Own>,
    /// What of the book's is shown now although the reader gave something: captions say so. Else empty.
    of_the_book: &'static str,
    seed: Option<u64>,
    numbers: BTreeMap<String, usize>,
    spoken: BTreeMap<String, String>,
    run: Run,
}

/// Whether this process is a notebook's kernel.
fn in_notebook() -> bool {
    std::env::var_os("EVCXR_IS_RUNTIME").is_some()
}

/// The folder of the library's own Cargo.toml, from wherever the listing was started.
pub fn house() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Page {
    /// Opens the page of a chapter, such as `02-dice`. In a terminal it reads the command line: a path to the reader's own
    /// music (MIDI or ABC), `--grid N`, `--seed N`, `--out DIR`. The music is read here, and shown as a note
    /// `your-music`: how much there is, and what was skipped or mended.
    ///
    /// # Errors
    /// If the command line holds something else, or what the path leads to is not what the chapter takes.
    #[track_caller]
    pub fn open(chapter: &str) -> Result<Page> {
        Page::open_with(chapter, &[])
    }

    /// As [`Page::open`], for a chapter that takes more.
    ///
    /// # Errors
    /// As [`Page::open`]; and with [`Takes::Folds`] if the music is too little to learn from and to test on.
    #[track_caller]
    pub fn open_with(chapter: &str, takes: &[Takes]) -> Result<Page> {
        if in_notebook() {
            return Ok(Page::default());
        }
        Page::told(chapter, takes, std::env::args_os().skip(1).collect())
    }

    /// A page in a terminal, with these words on the command line.
    #[track_caller]
    fn told(chapter: &str, takes: &[Takes], words: Vec<OsString>) -> Result<Page> {
        let words = arguments::read(chapter, takes, words)?;
        let mut page = Page {
            folder: Some(words.out.join(chapter)),
            seed: words.seed,
            numbers: words.numbers,
            spoken: words.spoken,
            ..Page::default()
        };
        page.run.arguments = words.all;
        if let Some(path) = words.music {
            page.read_own(&path, takes)?;
        }
        Ok(page)
    }

    /// How much to train: as much as asked for in a program, a quarter of it in a notebook, where somebody waits for each cell.
    pub fn shortened(&self, count: usize) -> usize {
        match in_notebook() {
            true => count.div_ceil(4),
            false => count,
        }
    }

    /// What was given for a number that the chapter takes, such as `folds`; none in a notebook.
    pub fn number(&self, option: &str) -> Option<usize> {
        self.numbers.get(option).copied()
    }

    /// What was given for a word that the chapter takes, such as `mood`; none in a notebook.
    pub fn word(&self, option: &str) -> Option<&str> {
        self.spoken.get(option).map(String::as_str)
    }

    /// The seed that was given, or this one.
    pub fn seed(&self, seed: u64) -> u64 {
        self.seed.unwrap_or(seed)
    }

    /// The listing's source of chance: every draw comes from this seed, or from `--seed`.
    pub fn rng(&self, seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.seed.unwrap_or(seed))
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
        let caption = self.caption(thing.caption());
        let Some(folder) = &self.folder else {
            let files: Vec<File> = files.into_iter().filter(|file| !file.is_for_scripts()).collect();
            let html = block(name, &caption, &files, &|file| file.data_address());
            println!("EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT");
            let plain = files.iter().find_map(File::text);
            let plain = plain.map_or(caption.clone(), |text| format!("{caption}: {text}"));
            println!("EVCXR_BEGIN_CONTENT text/plain\n{plain}\nEVCXR_END_CONTENT");
            return Ok(());
        };
        for made in &files {
            let path = folder.join(format!("{name}.{}", made.extension));
            crate::file::write(&path, &made.bytes)?;
            match made.text() {
                Some(text) => println!("{}\n{}", path.display(), text.trim_end()),
                None => println!("{}", path.display()),
            }
        }
        self.run.shown.push(Shown {
            name: name.to_string(),
            caption,
            line,
            extensions: files.iter().map(|file| file.extension.to_string()).collect(),
        });
        let list = serde_json::to_vec_pretty(&self.run).map_err(|error| {
            Error::value(format!("{LIST} cannot be written: {error}"), "Please report this")
        })?;
        crate::file::write(&folder.join(LIST), &list)
    }
}
