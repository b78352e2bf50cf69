//! What is served now: the book as it was woven last, behind it the last finished one, and what pages say of themselves.

use super::edition::{Edition, page_of};
use super::notice::{self, Notice};
use super::serve::Found;
use crate::listings::board::{Board, Chapter, State};
use crate::listings::left::said;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The books that pages are taken from.
pub struct Shelf {
    /// The last finished book, if there is one.
    finished: PathBuf,
    board: Arc<Board>,
    edition: RwLock<Edition>,
}

impl Shelf {
    pub fn new(root: &Path, board: Arc<Board>) -> Shelf {
        Shelf {
            finished: root.join("book"),
            board,
            edition: RwLock::default(),
        }
    }

    /// Puts an edition in the place of the one before. `last` is done while nobody reads.
    ///
    /// # Errors
    /// If `last` fails.
    pub fn put(&self, edition: Edition, last: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
        let mut now = self.edition.write().unwrap_or_else(PoisonError::into_inner);
        *now = edition;
        last()
    }

    /// Another edition could not be woven, for this reason: every page says so.
    pub fn broken(&self, reason: &str) {
        let mut now = self.edition.write().unwrap_or_else(PoisonError::into_inner);
        now.wrong.insert(PathBuf::new(), vec![reason.to_string()]);
    }

    /// What there is at this path.
    pub fn find(&self, path: &str) -> Found {
        let edition = self.edition.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(page) = path.strip_prefix(notice::ASKED) {
            let (_, version, notice) = self.look(&edition, page);
            return Found::Text("application/json", notice::answer(&version, notice.as_ref()));
        }
        let path = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_string()
        };
        let is_page = edition.versions.contains_key(&path) && path != "print.html"; // which would print again and again
        if is_page {
            let (file, version, notice) = self.look(&edition, &path);
            if let Ok(html) = fs::read_to_string(&file) {
                return Found::Text(
                    "text/html; charset=utf-8",
                    notice::with_notice(&html, &path, &version, notice.as_ref()),
                );
            }
        }
        let chapters = self.board.chapters();
        let of_path = |chapter: &&Chapter| {
            path.strip_prefix(chapter.name.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let chapter = chapters.iter().find(of_path);
        let (new, old) = (edition.place.join(&path), self.finished.join(&path));
        let is_old =
            chapter.is_some_and(|chapter| !edition.holds(&format!("{}.html", chapter.name), Some(chapter)));
        let order = if is_old { [old, new] } else { [new, old] };
        match order.into_iter().find(|file| file.is_file()) {
            Some(file) => Found::File(file),
            None => {
                let page = fs::read_to_string(edition.place.join("404.html"));
                Found::Nothing(page.unwrap_or_else(|_| "There is nothing.".to_string()))
            }
        }
    }

    /// Where this page is read now, its version, and what it says of itself.
    fn look(&self, edition: &Edition, page: &str) -> (PathBuf, String, Option<Notice>) {
        let chapters = self.board.chapters();
        let name = page.strip_suffix(".html").unwrap_or(page);
        let chapter = chapters.iter().find(|chapter| chapter.name == name);
        let old = self.finished.join(page);
        if edition.holds(page, chapter) {
            let runs = edition.made.get(name).copied().unwrap_or(0);
            let version = format!("{:x}-{runs}", edition.versions.get(page).copied().unwrap_or(0));
            let notice = chapter.and_then(|chapter| self.notice(edition, page, Some(chapter), true));
            (edition.place.join(page), version, notice)
        } else if old.is_file() && edition.place != self.finished {
            (old, "old".to_string(), self.notice(edition, page, chapter, true))
        } else {
            (
                edition.place.join(page),
                "unmade".to_string(),
                self.notice(edition, page, chapter, false),
            )
        }
    }

    /// What a page says of itself; `is_there` if a page of an earlier run stands below. None if it is as it should be.
    fn notice(
        &self,
        edition: &Edition,
        page: &str,
        chapter: Option<&Chapter>,
        is_there: bool,
    ) -> Option<Notice> {
        let concerns = |path: &Path| path.as_os_str().is_empty() || page_of(path) == page;
        let wrong: Vec<&str> = edition
            .wrong
            .iter()
            .filter(|(path, _)| concerns(path))
            .flat_map(|(_, all)| all)
            .map(String::as_str)
            .collect();
        if !wrong.is_empty() {
            return Some(failed("This page cannot be woven", is_there, &wrong.join("\n")));
        }
        let chapter = chapter?;
        let what = if is_there {
            "This page is from an earlier run. It is being made anew"
        } else {
            "This chapter is being made"
        };
        let mut notice = Notice {
            words: format!("{what}, and will appear here by itself."),
            ..Notice::default()
        };
        match &chapter.state {
            State::Made if edition.made.contains_key(&chapter.name) => return None,
            State::Failed(reason) => return Some(failed("This chapter could not be made", is_there, reason)),
            State::Waiting | State::Compiled(_) => notice.left = self.turn(chapter),
            State::Compiling => notice.left = "Its program is being compiled".to_string(),
            State::Made => notice.left = "Its page is being woven".to_string(),
            State::Running(progress) if progress.total > 0 => {
                notice.left = format!("{}: {} of {}", progress.what, progress.done, progress.total);
                notice.part = Some(progress.done as f64 / progress.total as f64);
            }
            State::Running(_) => notice.left = "Its program is running".to_string(),
        }
        // Where nobody knows how long the whole takes, it is what the program does now that ends then.
        let of = if chapter.expected.is_some() {
            ""
        } else {
            " of this"
        };
        notice.left += &match self.board.left(&chapter.name) {
            Some(time) => format!("; {}{of} left.", said(time)),
            None => ".".to_string(),
        };
        Some(notice)
    }

    /// How many chapters are made before this one.
    fn turn(&self, chapter: &Chapter) -> String {
        let chapters = self.board.chapters();
        let before = chapters
            .iter()
            .take_while(|other| other.name != chapter.name)
            .filter(|other| !other.is_settled())
            .count();
        match before {
            0 => "It is next".to_string(),
            1 => "One chapter comes before it".to_string(),
            _ => format!("{before} chapters come before it"),
        }
    }
}

fn failed(what: &str, is_there: bool, reason: &str) -> Notice {
    let there = if is_there {
        " What stands below is from an earlier run."
    } else {
        ""
    };
    Notice {
        words: format!("{what}.{there} Once what is wrong is mended and saved, it appears here by itself."),
        reason: Some(reason.to_string()),
        ..Notice::default()
    }
}

/// The chapters that are not made.
pub fn unmade(chapters: &[Chapter]) -> BTreeSet<String> {
    let is_unmade = |chapter: &&Chapter| !matches!(chapter.state, State::Made);
    chapters
        .iter()
        .filter(is_unmade)
        .map(|chapter| chapter.name.clone())
        .collect()
}
