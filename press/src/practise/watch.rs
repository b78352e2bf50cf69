//! Grading again whenever an exercise is saved.

use super::grade::{Grading, grade};
use super::{Chapter, graded, report};
use crate::open::CALM;
use std::path::Path;
use std::sync::atomic::Ordering;

/// What is graded: the bytes of a chapter's exercises and checks.
type State = [Option<Vec<u8>>; 2];

/// Grades, waits until an exercise is saved, grades its chapter again, until Ctrl-C.
///
/// # Errors
/// If cargo cannot be started.
pub fn watch(root: &Path, chapters: &[Chapter]) -> anyhow::Result<()> {
    crate::MADE.store(true, Ordering::Relaxed); // Ctrl-C is how it ends
    let mut states: Vec<State> = chapters.iter().map(state).collect();
    let mut gradings = graded(root, chapters)?;
    say(chapters, &gradings);
    let mut before = states.clone();
    loop {
        std::thread::sleep(CALM);
        let mut changed = false;
        for (i, chapter) in chapters.iter().enumerate() {
            let now = state(chapter);
            let is_at_rest = now == before[i]; // an editor may save in several steps
            before[i] = now;
            if is_at_rest && before[i] != states[i] {
                states[i] = before[i].clone();
                gradings[i] = grade(root, chapter)?;
                print!("{}", report::chapter(chapter, &gradings[i]));
                changed = true;
            }
        }
        if changed {
            say(chapters, &gradings);
        }
    }
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
