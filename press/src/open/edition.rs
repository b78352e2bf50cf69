//! A book as it was woven: what it holds, and what was wrong.

use crate::link;
use crate::listings::board::{Chapter, State};
use crate::make::Wrong;
use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A book as it was woven.
#[derive(Default)]
pub struct Edition {
    pub place: PathBuf,
    /// How many times each chapter that it holds was made anew since the press was started.
    pub made: HashMap<String, usize>,
    pub wrong: Wrong,
    /// Of every page, such as `02-dice.html`: changes when what is read there changes.
    pub versions: HashMap<String, u64>,
}

impl Edition {
    /// The book in this folder, woven when the chapters stood like this.
    pub fn new(place: PathBuf, chapters: &[Chapter], wrong: Wrong) -> Edition {
        let is_made = |chapter: &&Chapter| matches!(chapter.state, State::Made);
        let made = chapters
            .iter()
            .filter(is_made)
            .map(|chapter| (chapter.name.clone(), chapter.runs));
        let versions = fs::read_dir(&place)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry
                    .file_name()
                    .into_string()
                    .ok()
                    .filter(|name| name.ends_with(".html"))?;
                let html = fs::read_to_string(entry.path()).ok()?;
                let mut hash = DefaultHasher::new();
                html.split_once("<main>")?
                    .1
                    .split("</main>")
                    .next()
                    .hash(&mut hash);
                Some((name, hash.finish()))
            });
        Edition {
            versions: versions.collect(),
            made: made.collect(),
            place,
            wrong,
        }
    }

    /// Whether it holds the page as it is meant to be.
    pub fn holds(&self, page: &str, chapter: Option<&Chapter>) -> bool {
        self.versions.contains_key(page)
            && !self.is_wrong(page)
            && chapter.is_none_or(|chapter| self.made.contains_key(&chapter.name))
    }

    fn is_wrong(&self, page: &str) -> bool {
        self.wrong.keys().any(|path| page_of(path) == page)
    }
}

/// The page of a Markdown file: `02-dice/README.md` becomes `02-dice.html`.
pub fn page_of(path: &Path) -> String {
    let page = link::page_path(path).unwrap_or_default().with_extension("html");
    page.to_string_lossy().into_owned()
}
