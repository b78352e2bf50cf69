//! Making the chapters: every listing is compiled, and runs if its program or data changed, in the order of reading.

pub mod board;
mod compile;
pub mod left;
mod run;
pub mod stamp;

pub use stamp::list;

use crate::{book, children, fingerprint, scratch};
use anyhow::{Context, Result, bail};
use board::{Board, State, Task};
use indicatif::MultiProgress;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How many listings run at once. Each may itself use every core.
const AT_ONCE: usize = 2;

/// How long each took on the machine of whoever wrote the book: lines such as `02-dice.took:1.3`. CONTRIBUTING says how it is made.
const TOOK: &str = include_str!("../../took");

/// Makes every chapter whose program or data changed since its last good run.
///
/// # Errors
/// If one does not compile or fails, or `out/` cannot be written. What earlier runs showed stays.
pub fn all(root: &Path) -> Result<()> {
    let board = new_board(root, true)?;
    make(root, &board, &MultiProgress::new())?;
    let reasons: Vec<String> = board
        .chapters()
        .into_iter()
        .filter_map(|chapter| reason(&chapter.state))
        .collect();
    if !reasons.is_empty() {
        bail!("{}", reasons.join("\n\n"));
    }
    Ok(())
}

/// Why a chapter could not be made, if so.
pub fn reason(state: &State) -> Option<String> {
    match state {
        State::Failed(reason) => Some(reason.clone()),
        _ => None,
    }
}

/// The board with every chapter on it; see [`Board::new`] for `ends`.
///
/// # Errors
/// If `chapters/` cannot be read.
pub fn new_board(root: &Path, ends: bool) -> Result<Board> {
    let out = root.join("out");
    let elsewhere = |chapter: &str| {
        let of_chapter = |line: &str| stamp::seconds(line.strip_prefix(chapter)?.strip_prefix(".took:")?);
        TOOK.lines().find_map(of_chapter)
    };
    let expected = |chapter: String| {
        let time = stamp::took(&out, &chapter).or_else(|| elsewhere(&chapter));
        (chapter, time)
    };
    Ok(Board::new(
        book::chapters(root)?.into_iter().map(expected).collect(),
        ends,
    ))
}

/// Makes what the board asks for, until it asks for nothing any more. What goes wrong with a chapter is told to the board.
///
/// # Errors
/// If `out/` cannot be written or cargo cannot be started.
pub fn make(root: &Path, board: &Board, bars: &MultiProgress) -> Result<()> {
    let _claim = scratch::claim(root)?;
    let out = root.join("out");
    let scratch = out.join(format!(".{}", std::process::id()));
    fs::create_dir_all(&scratch)
        .with_context(|| format!("{}: cannot be written. Check who may write there", out.display()))?;
    children::unfinished(scratch.clone());
    // On a bare machine the first chapter alone is compiled soonest; else nothing is, and to ask cargo once is quicker.
    let is_bare = book::chapters(root)?
        .first()
        .is_some_and(|first| !stamp::stamp(&out, first).is_file());
    let compiling = || -> Result<()> {
        while let Some(tasks) = board.to_compile(is_bare) {
            compile::compile(root, board, bars, &tasks, is_bare)?;
        }
        Ok(())
    };
    let room = Room {
        root,
        out: &out,
        scratch: &scratch,
        bars,
        board,
    };
    let result = thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((task, program)) = board.to_run() {
                    let result = room.make(&task, &program);
                    board.made(&task, result.map_err(|error| format!("{error:#}")));
                }
            });
        }
        compiling().inspect_err(|error| board.give_up(&format!("{error:#}")))
    });
    let _ = fs::remove_dir_all(&scratch); // best effort: what matters was moved away
    result
}

/// Where chapters are made.
struct Room<'a> {
    root: &'a Path,
    out: &'a Path,
    scratch: &'a Path,
    bars: &'a MultiProgress,
    board: &'a Board,
}

impl Room<'_> {
    /// Runs a listing unless its last results still hold, and says how long that took.
    fn make(&self, task: &Task, program: &Path) -> Result<Option<Duration>> {
        let chapter = &task.chapter;
        let data = fingerprint::of_folder(&self.root.join("data"))?;
        let prose = aeolian::page::prose(&self.root.join("chapters"))?;
        let print = fingerprint::of_listing(chapter, program, &data)?;
        if stamp::is_fresh(self.out, chapter, &print, &prose) {
            return Ok(None);
        }
        let took = run::run(self, task, program)?;
        stamp::keep(self.out, self.scratch, chapter, &print, &prose, took)?;
        Ok(Some(took))
    }
}
