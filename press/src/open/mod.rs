//! The open book: chapters are made in the order of reading, pages appear as soon as they can be read, and what is saved
//! in `chapters/` is made again.

mod answer;
mod notice;
mod saved;
mod serve;
mod shelf;

pub use saved::CALM;

use crate::listings::board::{Board, Chapter};
use crate::make::{self, Wrong};
use crate::{listings, scratch};
use anyhow::Result;
use indicatif::{MultiProgress, ProgressDrawTarget};
use saved::Saved;
use shelf::{Edition, Shelf};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

/// Makes the book and serves it, until the process ends.
///
/// # Errors
/// If no port is free, or the book cannot be made at all. What is wrong with one chapter or page stands there.
pub fn open(root: &Path, port: u16) -> Result<()> {
    let _open = scratch::open(root)?;
    make_and_serve(root, port, MultiProgress::new())
}

/// As [`open`], beside something else that speaks in the terminal. If the book is open already, that is enough.
pub fn beside(root: &Path, port: u16) {
    let root = root.to_path_buf();
    thread::spawn(move || {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let result = match scratch::open(&root) {
            Ok(Some(_open)) => make_and_serve(&root, port, bars),
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            eprintln!("error: {error:#}");
        }
    });
}

fn make_and_serve(root: &Path, port: u16, bars: MultiProgress) -> Result<()> {
    let listener = serve::listen(port)?; // before the long work, so that it is not in vain
    let board = Arc::new(listings::new_board(root, false)?);
    let saved = Saved::new(root)?; // before anything is read
    let _claim = scratch::claim(root)?;
    thread::scope(|scope| {
        let making = scope.spawn(|| {
            let made = listings::make(root, &board, &bars);
            made.inspect_err(|error| board.give_up(&format!("{error:#}")))
        });
        let watched = Arc::clone(&board);
        let place = root.to_path_buf();
        thread::spawn(move || watch(&place, &watched, saved)); // it ends with the process
        let woven = Weaver::new(root, Arc::clone(&board), &bars).weave(listener, port);
        if let Err(error) = &woven {
            board.give_up(&format!("{error:#}"));
        }
        let broken = || anyhow::anyhow!("whoever makes the chapters broke. Please report this");
        woven.and(making.join().unwrap_or_else(|_| Err(broken())))
    })
}

/// Tells the board what was saved.
fn watch(root: &Path, board: &Board, mut saved: Saved) {
    loop {
        thread::sleep(CALM);
        let changed = match saved.look() {
            Ok(changed) if changed.is_empty() => continue,
            Ok(changed) => changed,
            Err(error) => {
                eprintln!("error: what is saved in chapters/ is not noticed any more: {error:#}");
                return;
            }
        };
        let is_listing = |path: &&PathBuf| path.ends_with("listing.rs");
        let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
        let reads_prose =
            |chapter: &str| listings::list(&root.join("out").join(chapter)).is_some_and(|run| run.read_prose);
        let pages = changed.iter().any(|path| !is_listing(&path));
        let prose = changed.iter().any(is_page);
        board.saved(pages, |chapter| {
            let listing = root.join("chapters").join(chapter).join("listing.rs");
            changed.contains(&listing) || prose && reads_prose(chapter)
        });
    }
}

/// Weaves the book again and again, as its chapters are made.
struct Weaver<'a> {
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
    fn new(root: &'a Path, board: Arc<Board>, bars: &'a MultiProgress) -> Weaver<'a> {
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

    fn weave(&mut self, listener: TcpListener, port: u16) -> Result<()> {
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
