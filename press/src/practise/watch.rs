//! Grading again whenever an exercise is saved.

use super::grade::{Grading, grade};
use super::{Chapter, graded, report};
use anyhow::Context;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;

/// An editor that saves in several steps is given this long to finish.
const CALM: Duration = Duration::from_millis(300);

/// What is graded: the bytes of a chapter's exercises and checks.
type State = [Option<Vec<u8>>; 2];

/// Grades, waits until an exercise is saved, grades its chapter again, until Ctrl-C.
///
/// # Errors
/// If cargo cannot be started or the folders cannot be watched.
pub fn watch(root: &Path, chapters: &[Chapter]) -> anyhow::Result<()> {
    crate::MADE.store(true, Ordering::Relaxed); // Ctrl-C is how it ends
    let (sender, touched) = mpsc::channel();
    let told = move |_: DebounceEventResult| {
        let _ = sender.send(()); // fails only when nobody waits any more
    };
    let mut watcher = new_debouncer(CALM, told).context("Files cannot be watched here. Leave --watch out")?;
    for chapter in chapters {
        watcher
            .watcher()
            .watch(&chapter.path, RecursiveMode::NonRecursive)
            .with_context(|| format!("{} cannot be watched. Leave --watch out", chapter.path.display()))?;
    }

    let mut states: Vec<State> = chapters.iter().map(state).collect();
    let mut gradings = graded(root, chapters)?;
    say(chapters, &gradings);
    while touched.recv().is_ok() {
        let mut changed = false;
        for ((chapter, grading), graded) in chapters.iter().zip(&mut gradings).zip(&mut states) {
            // Reading a file counts as touching it, and cargo reads it: only new bytes count.
            let now = state(chapter);
            if now != *graded {
                *graded = now;
                *grading = grade(root, chapter)?;
                print!("{}", report::chapter(chapter, grading));
                changed = true;
            }
        }
        if changed {
            say(chapters, &gradings);
        }
    }
    Ok(())
}

fn say(chapters: &[Chapter], gradings: &[Grading]) {
    print!("{}", report::sum(chapters, gradings));
    println!("Waiting for an exercises.rs to be saved. Ctrl-C ends this.");
}

fn state(chapter: &Chapter) -> State {
    ["exercises.rs", "checks.rs"].map(|file| std::fs::read(chapter.path.join(file)).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_bytes_in_exercises_or_checks_change_the_state() {
        let folder = tempfile::tempdir().unwrap();
        let chapter = Chapter {
            folder: "02-dice".into(),
            path: folder.path().into(),
            title: String::new(),
            exercises: Vec::new(),
        };
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let empty = state(&chapter);
        write("exercises.rs", "one");
        let first = state(&chapter);
        write("exercises.rs", "one");
        write("README.md", "page");
        assert!(first != empty && state(&chapter) == first);
        write("checks.rs", "check");
        assert!(state(&chapter) != first);
    }
}
