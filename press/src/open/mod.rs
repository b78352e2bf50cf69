//! The open book: chapters are made in the order of reading, pages appear as soon as they can be read, and what is saved
//! in `chapters/` is made again.

mod answer;
mod edition;
mod notice;
mod saved;
mod serve;
mod shelf;
mod weaver;

pub use saved::CALM;

use crate::listings::board::Board;
use crate::{listings, scratch};
use anyhow::Result;
use indicatif::{MultiProgress, ProgressDrawTarget};
use saved::Saved;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use weaver::Weaver;

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
