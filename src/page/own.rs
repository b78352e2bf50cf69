//! What the reader gives in place of the book's: notes, sounds or a text. Where a part of a chapter cannot use it, a note says
//! why, and captions say whose music is shown instead.

mod read;

use super::{Page, Show, house, prose};
use crate::Result;
use crate::music::{Corpus, Score};
use crate::sound::{Sound, perform, wav};
use std::path::PathBuf;

/// What the reader gave.
#[derive(Debug, Default)]
pub(super) struct Own {
    path: PathBuf,
    music: Option<Corpus>,
    /// Whether the music was looked at for a grid.
    on_grid: bool,
    sounds: Vec<PathBuf>,
    text: Option<String>,
    /// Names of the notes that were shown.
    told: Vec<String>,
}

impl Own {
    /// What it is, in words.
    fn what(&self) -> &'static str {
        match (&self.music, &self.text) {
            (Some(_), _) => "music",
            (None, Some(_)) => "text",
            (None, None) => "sounds",
        }
    }
}

impl Page {
    /// The reader's own notes, as they are in their files.
    pub fn music(&self) -> Option<&Corpus> {
        self.own.as_ref()?.music.as_ref()
    }

    /// The reader's own WAV files, if the chapter [takes sounds](super::Takes::Sounds).
    pub fn sounds(&self) -> &[PathBuf] {
        self.own.as_ref().map_or(&[], |own| &own.sounds)
    }

    /// Where the notes lie that [`Page::tunes`] reads.
    pub fn tunes_path(&self) -> PathBuf {
        let own = self.own.as_ref().filter(|own| own.music.is_some());
        own.map_or_else(|| house().join("data/tunes"), |own| own.path.clone())
    }

    /// The first piece of the reader's own music, named by its title or its file; else this one of the book's. A note says which.
    ///
    /// # Errors
    /// If the note cannot be shown.
    #[track_caller]
    pub fn piece(&mut self, the_books: Score) -> Result<Score> {
        let Some(own) = &self.own else {
            return Ok(the_books);
        };
        let first = own.music.as_ref().and_then(|music| music.pieces.first());
        let (score, about) = match first {
            Some(piece) => {
                let mut score = piece.score.clone();
                score.title = piece.name();
                let about = format!("Shown is \"{}\", from {}", score.title, piece.file.display());
                (score, about)
            }
            None => {
                let about = format!(
                    "Your {} has no notes: those shown are of {}",
                    own.what(),
                    the_books.title
                );
                (the_books, about)
            }
        };
        self.note("notes-shown", &about)?;
        Ok(score)
    }

    /// The first of the reader's own sounds, if they gave some and no notes; else this score, performed. A note says which.
    ///
    /// # Errors
    /// If a sound cannot be read, or a score not be performed.
    #[track_caller]
    pub fn sound_of(&mut self, score: &Score) -> Result<Sound> {
        let Some(file) = self.sounds().first().filter(|_| self.music().is_none()).cloned() else {
            return perform(score);
        };
        self.note("sound-heard", &format!("Heard is {}", file.display()))?;
        wav::read(&file)
    }

    /// Tunes to learn from: the reader's own, on a grid (see [`Corpus::on_grid`]); else the book's.
    ///
    /// # Errors
    /// If the book's cannot be read.
    #[track_caller]
    pub fn tunes(&mut self) -> Result<Corpus> {
        match self.own("tunes", "the book's tunes", |music| Ok(music.clone()))? {
            Some(music) => Ok(music),
            None => self.book_tunes(),
        }
    }

    /// The book's tunes, also if the reader gave music: for a part of a chapter that cannot learn from theirs.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn book_tunes(&mut self) -> Result<Corpus> {
        self.corpus(&house().join("data/tunes"))
    }

    /// The reader's own text, if they gave one and the chapter [takes text](super::Takes::Text); else the book's own [`prose`].
    ///
    /// # Errors
    /// If a page of the book cannot be read.
    #[track_caller]
    pub fn prose(&mut self) -> Result<String> {
        self.of_the_book = "";
        if let Some(own) = &self.own {
            if let Some(text) = &own.text {
                return Ok(text.clone());
            }
            let why = format!("Your {} has no words", own.what());
            self.instead("prose", "the book's prose", &why)?;
        }
        self.run.read_prose = true;
        prose(&house().join("chapters"))
    }

    /// What one part of the chapter makes of the reader's own music, on a grid. None if there is no music of theirs, or if `usable`
    /// finds that it does not serve: then a note `<part>-note` says why, and until [`Page::from_book`] or the next `own`,
    /// `tunes` or `prose` all captions say that `the_books` (such as "the book's waltzes") are shown instead.
    ///
    /// # Errors
    /// If a note cannot be shown.
    #[track_caller]
    pub fn own<T>(
        &mut self,
        part: &str,
        the_books: &'static str,
        usable: impl FnOnce(&Corpus) -> Result<T>,
    ) -> Result<Option<T>> {
        self.of_the_book = "";
        self.put_on_grid()?;
        let Some(own) = &self.own else { return Ok(None) };
        let why = match own.music.as_ref().map(usable) {
            Some(Ok(found)) => return Ok(Some(found)),
            Some(Err(why)) => why.to_string(),
            None => format!("Your {} has no notes", own.what()),
        };
        self.instead(part, the_books, &why)?;
        Ok(None)
    }

    /// What is shown from here on is `the_books`, also if the reader gave music, or, if that is empty, depends on nobody's
    /// music. Captions say so where there is music of the reader's.
    pub fn from_book(&mut self, the_books: &'static str) {
        self.of_the_book = the_books;
    }

    /// Shows a note about the reader's own music under this name, once; nothing if there is none.
    ///
    /// # Errors
    /// As [`Page::show`].
    #[track_caller]
    pub fn note(&mut self, name: &str, text: &str) -> Result<()> {
        let of_the_book = std::mem::take(&mut self.of_the_book);
        if let Some(own) = &mut self.own
            && !own.told.iter().any(|told| told == name)
        {
            own.told.push(name.to_string());
            let caption = format!("about your {}", own.what());
            self.show(name, &text.to_string().captioned(&caption))?;
        }
        self.of_the_book = of_the_book;
        Ok(())
    }

    /// A caption that says whose music is shown, if it is not the reader's.
    pub(super) fn caption(&self, caption: &str) -> String {
        match (&self.own, self.of_the_book) {
            (None, _) | (_, "") => caption.to_string(),
            (Some(_), of_the_book) => format!("{caption} ({of_the_book}, not yours)"),
        }
    }

    #[track_caller]
    fn instead(&mut self, part: &str, the_books: &'static str, why: &str) -> Result<()> {
        let why = why.trim_end_matches('.');
        self.note(
            &format!("{part}-note"),
            &format!("{why}. Shown here: {the_books}, not yours."),
        )?;
        self.of_the_book = the_books;
        Ok(())
    }

    /// Moves the reader's music to a grid, if that is not done, and says so.
    #[track_caller]
    fn put_on_grid(&mut self) -> Result<()> {
        let steps = self
            .number("grid")
            .map(|steps| u32::try_from(steps).unwrap_or(u32::MAX));
        let Some(own) = &mut self.own else { return Ok(()) };
        let fresh = !std::mem::replace(&mut own.on_grid, true);
        let music = own.music.as_mut().filter(|_| fresh);
        match music.and_then(|music| music.on_grid(steps)) {
            Some(moved) => self.note("grid", &moved),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
