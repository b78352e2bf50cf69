//! What can be shown, and how each kind of thing becomes files.

use crate::Result;
use crate::music::{Score, abc, midi};
use crate::plot::{Figure, piano_roll};
use crate::sound::{Sound, perform, wav};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// One file of a shown thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// `svg`, `wav`, `mid`, `abc`, `tsv` (a table, a tab between cells) or `txt`; of a live panel also `panel` (what
    /// it is, as JSON) and `model`.
    pub extension: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
}

impl File {
    pub(super) fn new(extension: &'static str, bytes: impl Into<Vec<u8>>) -> File {
        let bytes = bytes.into();
        File { extension, bytes }
    }

    /// What the file says, if it is a table or text.
    pub fn text(&self) -> Option<&str> {
        match self.extension {
            "txt" | "tsv" => std::str::from_utf8(&self.bytes).ok(),
            _ => None,
        }
    }

    /// Whether only the scripts of a page use it.
    pub fn is_for_scripts(&self) -> bool {
        matches!(self.extension, "abc" | "panel" | "model")
    }

    /// The whole file as an address, for a page with no folder beside it.
    pub fn data_address(&self) -> String {
        let kind = match self.extension {
            "svg" => "image/svg+xml",
            "wav" => "audio/wav",
            "mid" => "audio/midi",
            "abc" => "text/vnd.abc",
            _ => "text/plain",
        };
        format!("data:{kind};base64,{}", BASE64_STANDARD.encode(&self.bytes))
    }
}

/// A thing that can be shown to a person.
pub trait Show {
    /// The files that hold it.
    ///
    /// # Errors
    /// If the thing has no such form: a sound with a sample that is no number, for example.
    fn files(&self) -> Result<Vec<File>>;

    /// What a person sees or hears there; also read aloud to who cannot. Empty unless given.
    fn caption(&self) -> &str {
        ""
    }

    /// The same thing with a caption, which the book asks for.
    fn captioned<'a>(&'a self, caption: &'a str) -> Captioned<'a, Self>
    where
        Self: Sized,
    {
        Captioned { thing: self, caption }
    }
}

/// A thing and its caption.
#[derive(Clone, Copy, Debug)]
pub struct Captioned<'a, T> {
    thing: &'a T,
    caption: &'a str,
}

impl<T: Show> Show for Captioned<'_, T> {
    fn files(&self) -> Result<Vec<File>> {
        self.thing.files()
    }

    fn caption(&self) -> &str {
        self.caption
    }
}

/// A picture: SVG.
impl Show for Figure {
    fn files(&self) -> Result<Vec<File>> {
        Ok(vec![File::new("svg", self.svg())])
    }
}

/// A player: WAV.
impl Show for Sound {
    fn files(&self) -> Result<Vec<File>> {
        Ok(vec![File::new("wav", wav::encode(self, wav::Format::Int16)?)])
    }
}

/// A piano roll, a player and the notes, also to be read as staves: SVG, WAV, MIDI and ABC.
impl Show for Score {
    fn files(&self) -> Result<Vec<File>> {
        Played(self, perform(self)?).files()
    }
}

/// A score, and its sound as somebody else plays it: shown as a [`Score`] is.
#[derive(Clone, Debug)]
pub struct Played<'a>(pub &'a Score, pub Sound);

impl Show for Played<'_> {
    fn files(&self) -> Result<Vec<File>> {
        let Played(score, sound) = self;
        let mut files = vec![
            File::new("svg", piano_roll(&score.title, score).svg()),
            File::new("wav", wav::encode(sound, wav::Format::Int16)?),
            File::new("mid", midi::encode(score)?),
        ];
        // What ABC cannot hold, such as a hundred notes that overlap, has no staves.
        files.extend(abc::encode(score).ok().map(|abc| File::new("abc", abc)));
        Ok(files)
    }
}

/// Two things as one, such as a picture and its numbers. Both need files of different kinds.
impl<A: Show, B: Show> Show for (A, B) {
    fn files(&self) -> Result<Vec<File>> {
        let mut files = self.0.files()?;
        files.extend(self.1.files()?);
        Ok(files)
    }
}

/// A table: tab-separated text.
impl Show for Table {
    fn files(&self) -> Result<Vec<File>> {
        let lines: Vec<String> = self.rows.iter().map(|row| row.join("\t")).collect();
        Ok(vec![File::new("tsv", lines.join("\n") + "\n")])
    }
}

macro_rules! show_as_text {
    ($($kind:ty)*) => {$(
        /// Text.
        impl Show for $kind {
            fn files(&self) -> Result<Vec<File>> {
                Ok(vec![File::new("txt", format!("{self}\n"))])
            }
        }
    )*};
}
show_as_text!(String &str i32 i64 u32 u64 u128 usize f32 f64);

/// Rows of cells under a heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// The heading first.
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these column headings and no rows yet.
    pub fn new(headings: &[&str]) -> Table {
        Table {
            rows: vec![headings.iter().map(|heading| cell(heading)).collect()],
        }
    }

    /// Adds a row; it is cut or filled up to the headings.
    pub fn row(&mut self, cells: &[&dyn std::fmt::Display]) {
        let mut row: Vec<String> = cells.iter().map(|value| cell(&value.to_string())).collect();
        row.resize(self.rows[0].len(), String::new());
        self.rows.push(row);
    }
}

/// A cell holds one line and no tab.
fn cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}
