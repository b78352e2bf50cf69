//! How far every chapter is. Whoever makes chapters takes them from here, and pages and terminal say what stands here.

use super::left::{self, Pace};
use crate::children;
use std::path::PathBuf;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How far a chapter is.
#[derive(Clone, Debug)]
pub enum State {
    /// Nobody has looked yet whether its program has changed.
    Waiting,
    Compiling,
    /// Its program is there; it runs if it is another one than before.
    Compiled(PathBuf),
    Running(Progress),
    Made,
    /// What its compiler or its program said.
    Failed(String),
}

/// How far a running listing is in what it says it does.
#[derive(Clone, Debug)]
pub struct Progress {
    pub what: String,
    pub done: u64,
    pub total: u64,
    /// Since when it does this.
    pub since: Instant,
}

/// A chapter on the board.
#[derive(Clone, Debug)]
pub struct Chapter {
    pub name: String,
    pub state: State,
    /// How many times it has changed since the press was started: whoever began before a change has worked in vain.
    pub changes: usize,
    /// How many times it was made anew since then.
    pub runs: usize,
    /// Since when it runs.
    pub begun: Option<Instant>,
    /// How long it took the last time, here or on the machine of whoever wrote the book.
    pub expected: Option<Duration>,
    child: Option<Arc<Mutex<Child>>>,
}

impl Chapter {
    /// Whether there is nothing more to do for it.
    pub fn is_settled(&self) -> bool {
        matches!(self.state, State::Made | State::Failed(_))
    }
}

/// A chapter to work on, as it stood when it was taken.
#[derive(Clone, Debug)]
pub struct Task {
    pub chapter: String,
    pub changes: usize,
}

/// The chapters in the order of reading, which is the order of making.
pub struct Board {
    standing: Mutex<Standing>,
    changed: Condvar,
}

struct Standing {
    chapters: Vec<Chapter>,
    pace: Pace,
    /// Whether the book as it was woven last is not what it would be now.
    is_unwoven: bool,
    /// Whether it was ever woven.
    is_open: bool,
    /// Whether all is done for good once each chapter is made or has failed; else a change may come.
    ends: bool,
}

impl Board {
    /// A board with these chapters and how long each is expected to take. With `ends` all is done for good once each is
    /// made or has failed; else a change may come.
    pub fn new(chapters: Vec<(String, Option<Duration>)>, ends: bool) -> Board {
        let chapter = |(name, expected)| Chapter {
            name,
            state: State::Waiting,
            changes: 0,
            runs: 0,
            begun: None,
            expected,
            child: None,
        };
        Board {
            standing: Mutex::new(Standing {
                chapters: chapters.into_iter().map(chapter).collect(),
                pace: Pace::default(),
                is_unwoven: false,
                is_open: false,
                ends,
            }),
            changed: Condvar::new(),
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something to take; none when all is done for good.
    fn take<T>(&self, take: impl Fn(&mut Standing) -> Option<T>) -> Option<T> {
        let mut standing = self.standing();
        loop {
            if let Some(taken) = take(&mut standing) {
                drop(standing);
                self.changed.notify_all();
                return Some(taken);
            }
            if standing.ends && standing.chapters.iter().all(Chapter::is_settled) {
                return None;
            }
            standing = self
                .changed
                .wait(standing)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn change(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.standing());
        self.changed.notify_all();
    }

    /// As `change`, of one chapter, unless it has changed since this task was taken.
    fn settle(&self, task: &Task, change: impl FnOnce(&mut Chapter)) {
        self.change(|standing| {
            let of_task =
                |chapter: &&mut Chapter| chapter.name == task.chapter && chapter.changes == task.changes;
            if let Some(chapter) = standing.chapters.iter_mut().find(of_task) {
                change(chapter);
                standing.is_unwoven |= chapter.is_settled();
            }
        });
    }

    /// What is to be compiled: `first_alone` as long as nothing is made yet, so that there is something to read soon.
    pub fn to_compile(&self, first_alone: bool) -> Option<Vec<Task>> {
        self.take(|standing| {
            let is_first = standing
                .chapters
                .iter()
                .all(|chapter| matches!(chapter.state, State::Waiting));
            let most = if first_alone && is_first { 1 } else { usize::MAX };
            let waiting = standing
                .chapters
                .iter_mut()
                .filter(|chapter| matches!(chapter.state, State::Waiting));
            let taken = waiting.take(most).map(|chapter| {
                chapter.state = State::Compiling;
                Task {
                    chapter: chapter.name.clone(),
                    changes: chapter.changes,
                }
            });
            let tasks: Vec<Task> = taken.collect();
            (!tasks.is_empty()).then_some(tasks)
        })
    }

    /// A listing is compiled, or why it is not.
    pub fn compiled(&self, task: &Task, program: Result<PathBuf, String>) {
        self.settle(task, |chapter| {
            chapter.state = match program {
                Ok(program) => State::Compiled(program),
                Err(reason) => State::Failed(reason),
            }
        });
    }

    /// What is to run next: the first that is not made, failed or running; what is read later waits for it. The first
    /// chapter of all runs alone, so that there is something to read soon.
    pub fn to_run(&self) -> Option<(Task, PathBuf)> {
        self.take(|standing| {
            let next =
                |chapter: &&mut Chapter| !chapter.is_settled() && !matches!(chapter.state, State::Running(_));
            let at = if standing.chapters.first()?.is_settled() {
                usize::MAX
            } else {
                1
            };
            let chapter = standing.chapters.iter_mut().take(at).find(next)?;
            let State::Compiled(program) = chapter.state.clone() else {
                return None;
            };
            chapter.begun = Some(Instant::now());
            chapter.state = State::Running(Progress {
                what: String::new(),
                done: 0,
                total: 0,
                since: Instant::now(),
            });
            Some((
                Task {
                    chapter: chapter.name.clone(),
                    changes: chapter.changes,
                },
                program,
            ))
        })
    }

    /// The process that runs a chapter, which a change ends.
    pub fn runs(&self, task: &Task, child: &Arc<Mutex<Child>>) {
        self.settle(task, |chapter| {
            chapter.child = Some(Arc::clone(child));
        });
    }

    /// A running listing says how far it is.
    pub fn progress(&self, task: &Task, what: &str, done: u64, total: u64) {
        self.settle(task, |chapter| {
            if let State::Running(progress) = &mut chapter.state {
                if progress.what != what {
                    (progress.what, progress.since) = (what.to_string(), Instant::now());
                }
                (progress.done, progress.total) = (done, total);
            }
        });
    }

    /// A chapter is made, or why it is not; `took` if it was made now.
    pub fn made(&self, task: &Task, result: Result<Option<Duration>, String>) {
        if let Ok(Some(took)) = result {
            self.change(|standing| {
                let of_task = |chapter: &&mut Chapter| chapter.name == task.chapter;
                if let Some(chapter) = standing.chapters.iter_mut().find(of_task) {
                    standing.pace.add(chapter.expected, took);
                    (chapter.expected, chapter.runs) = (Some(took), chapter.runs + 1);
                }
            });
        }
        self.settle(task, |chapter| {
            chapter.child = None;
            chapter.state = match result {
                Ok(_) => State::Made,
                Err(reason) => State::Failed(reason),
            };
        });
    }

    /// Nothing more can be made, for this reason.
    pub fn give_up(&self, reason: &str) {
        self.change(|standing| {
            standing.ends = true;
            for chapter in standing
                .chapters
                .iter_mut()
                .filter(|chapter| !chapter.is_settled())
            {
                chapter.state = State::Failed(reason.to_string());
            }
        });
    }

    /// Somebody has saved something of the book: pages are to be woven, or these chapters have to be looked at again.
    pub fn saved(&self, pages: bool, is_changed: impl Fn(&str) -> bool) {
        let mut running = Vec::new();
        self.change(|standing| {
            standing.is_unwoven |= pages;
            for chapter in standing
                .chapters
                .iter_mut()
                .filter(|chapter| is_changed(&chapter.name))
            {
                (chapter.state, chapter.begun) = (State::Waiting, None);
                chapter.changes += 1;
                running.extend(chapter.child.take());
            }
        });
        running.iter().for_each(children::end);
    }

    /// Waits until the book has to be woven: as soon as the first chapter is settled, then after every change.
    pub fn wait_until_unwoven(&self) -> bool {
        let is_unwoven = |standing: &mut Standing| {
            standing.is_open |= standing.chapters.first().is_none_or(Chapter::is_settled);
            (standing.is_unwoven && standing.is_open).then_some(())
        };
        self.take(is_unwoven).is_some()
    }

    /// The chapters that the book is woven of now.
    pub fn to_weave(&self) -> Vec<Chapter> {
        let mut standing = self.standing();
        standing.is_unwoven = false;
        standing.chapters.clone()
    }

    /// The chapters as they are now.
    pub fn chapters(&self) -> Vec<Chapter> {
        self.standing().chapters.clone()
    }

    /// How long it will still take until this chapter is made, if that can be known.
    pub fn left(&self, name: &str) -> Option<Duration> {
        let standing = self.standing();
        left::until(&standing.chapters, name, &standing.pace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(ends: bool) -> Board {
        Board::new(["a", "b", "c"].map(|name| (name.to_string(), None)).into(), ends)
    }

    fn state(board: &Board, chapter: usize) -> String {
        format!("{:?}", board.chapters()[chapter].state)
    }

    #[test]
    fn the_order_of_making_is_the_order_of_reading() {
        let board = board(true);
        let first = board.to_compile(true).unwrap();
        assert_eq!(
            first.len(),
            1,
            "the first chapter alone, so that there is something to read"
        );
        board.compiled(&first[0], Ok(PathBuf::from("a")));
        let rest = board.to_compile(true).unwrap();
        board.compiled(&rest[1], Ok(PathBuf::from("c")));
        assert_eq!(board.to_run().unwrap().1, PathBuf::from("a"));
        board.compiled(&rest[0], Ok(PathBuf::from("b")));
        board.made(&first[0], Ok(None));
        let ((b, _), (c, program)) = (board.to_run().unwrap(), board.to_run().unwrap());
        assert_eq!(
            (b.chapter.as_str(), program),
            ("b", PathBuf::from("c")),
            "c was there before b"
        );
        for task in [&b, &c] {
            board.made(task, Ok(None));
        }
        assert!(
            board.to_compile(true).is_none() && board.to_run().is_none(),
            "all is done"
        );
    }

    #[test]
    fn whoever_began_before_a_change_has_worked_in_vain() {
        let board = board(false);
        let tasks = board.to_compile(false).unwrap();
        board.compiled(&tasks[0], Ok(PathBuf::from("a")));
        let (old, _) = board.to_run().unwrap();
        board.saved(false, |chapter| chapter == "a");
        board.made(&old, Err("killed".to_string()));
        assert_eq!(state(&board, 0), "Waiting");
        assert_eq!(board.to_compile(false).unwrap()[0].chapter, "a");
        assert_eq!(
            state(&board, 1),
            "Compiling",
            "only what was saved is looked at again"
        );
    }

    #[test]
    fn the_book_is_woven_when_its_first_chapter_is_settled_and_after_every_change() {
        let board = board(true);
        let tasks = board.to_compile(false).unwrap();
        board.compiled(&tasks[1], Err("b is wrong".to_string()));
        board.compiled(&tasks[0], Ok(PathBuf::new()));
        assert!(!board.standing().is_open);
        board.made(&board.to_run().unwrap().0, Ok(None));
        assert!(board.wait_until_unwoven());
        assert_eq!(board.to_weave().len(), 3);
        board.give_up("no cargo");
        assert!(!board.wait_until_unwoven() && state(&board, 2).contains("no cargo"));
    }
}
