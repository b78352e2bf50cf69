//! Weaving the book again and again, as its chapters are made.

use super::edition::Edition;
use super::saved::CALM;
use super::serve;
use super::shelf::{self, Shelf};
use crate::listings;
use crate::listings::board::{Board, Chapter};
use crate::make::{self, Wrong};
use anyhow::Result;
use indicatif::MultiProgress;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

/// Whoever weaves, and what was woven and said so far.
pub struct Weaver<'a> {
    root: &'a Path,
    board: Arc<Board>,
    bars: &'a MultiProgress,
    shelf: Arc<Shelf>,
    /// Where editions are woven: a folder for each.
    room: PathBuf,
    /// What was said of chapters and pages already.
    said: Vec<String>,
    /// Whether the last edition was a finished book; none before the first.
    is_finished: Option<bool>,
}

impl<'a> Weaver<'a> {
    pub fn new(root: &'a Path, board: Arc<Board>, bars: &'a MultiProgress) -> Weaver<'a> {
        let shelf = Arc::new(Shelf::new(root, Arc::clone(&board)));
        Weaver {
            root,
            board,
            bars,
            shelf,
            room: make::room(root),
            said: Vec::new(),
            is_finished: None,
        }
    }

    /// Weaves until nothing can change any more; opens the book with the first edition.
    ///
    /// # Errors
    /// If the first edition cannot be woven, or an edition cannot be put in its place.
    pub fn weave(&mut self, listener: TcpListener, port: u16) -> Result<()> {
        let mut listener = Some(listener);
        let mut place = self.room.clone();
        for number in 1.. {
            if !self.board.wait_until_unwoven() {
                return Ok(());
            }
            thread::sleep(CALM); // what comes together is woven together
            let chapters = self.board.to_weave();
            let before = std::mem::replace(&mut place, self.room.join(number.to_string()));
            match make::edition(self.root, &place, &shelf::unmade(&chapters)) {
                Ok(wrong) => self.put(&place, &chapters, wrong)?,
                Err(error) if listener.is_some() => return Err(error),
                Err(error) => {
                    self.say_once(vec![format!("{error:#}")]);
                    self.shelf.broken(&format!("{error:#}"));
                    place = before;
                    continue;
                }
            }
            if before != self.room {
                let _ = fs::remove_dir_all(before); // at the latest when the press ends
            }
            if let Some(listener) = listener.take() {
                self.open(listener, port)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, place: &Path, chapters: &[Chapter], wrong: Wrong) -> Result<()> {
        let failed = chapters
            .iter()
            .filter_map(|chapter| listings::reason(&chapter.state));
        self.say_once(failed.chain(wrong.values().flatten().cloned()).collect());
        let is_finished = wrong.is_empty() && shelf::unmade(chapters).is_empty();
        let mut edition = Edition::new(place.to_path_buf(), chapters, wrong);
        if is_finished {
            edition.place = self.root.join("book");
            self.shelf.put(edition, || make::replace(self.root, place))?;
        } else {
            self.shelf.put(edition, || Ok(()))?;
        }
        match (self.is_finished, is_finished) {
            (Some(false), true) => self.bars.suspend(|| println!("Every chapter is made.")),
            (Some(true), true) => self.bars.suspend(|| println!("The pages are woven anew.")),
            _ => {}
        }
        self.is_finished = Some(is_finished);
        Ok(())
    }

    fn open(&self, listener: TcpListener, asked: u16) -> Result<()> {
        let port = listener.local_addr()?.port();
        let shelf = Arc::clone(&self.shelf);
        serve::serve(listener, move |path| shelf.find(path));
        crate::MADE.store(true, Ordering::Relaxed);
        self.bars.suspend(|| {
            if port != asked {
                println!("Port {asked} is in use, so it is another one.");
            }
            println!("The book is open at http://127.0.0.1:{port}  (Ctrl-C closes it)");
            if self.is_finished == Some(false) {
                println!("Chapters that are being made say so there, and appear by themselves.");
            }
        });
        Ok(())
    }

    /// Says what was not said of the edition before.
    fn say_once(&mut self, all: Vec<String>) {
        for error in all.iter().filter(|error| !self.said.contains(error)) {
            self.bars.suspend(|| eprintln!("error: {error}"));
        }
        self.said = all;
    }
}
