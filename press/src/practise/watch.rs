//! Grading again whenever an exercise is saved.

use super::grade::{Grading, grade};
use super::{Chapter, graded, report};
use anyhow::Context;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// An editor that saves in several steps is given this long to finish.
const CALM: Duration = Duration::from_millis(300);

enum News {
    Changed(Vec<PathBuf>),
    Stop,
}

/// Grades, waits until an exercise is saved, grades its chapter again; ends on Ctrl-C.
///
/// # Errors
/// If cargo cannot be started or the folders cannot be watched.
pub fn watch(root: &Path, chapters: &[Chapter]) -> anyhow::Result<()> {
    let (sender, news) = mpsc::channel();
    let stop = sender.clone();
    // A send fails only when nobody listens any more, which is what it asks for.
    ctrlc::set_handler(move || drop(stop.send(News::Stop))).context("Ctrl-C cannot be caught")?;
    let mut watcher = new_debouncer(CALM, move |result: DebounceEventResult| {
        let events = result.unwrap_or_default();
        let paths = events.into_iter().map(|event| event.path).collect();
        let _ = sender.send(News::Changed(paths));
    })
    .context("Files cannot be watched here. Leave --watch out")?;
    for chapter in chapters {
        watcher
            .watcher()
            .watch(&chapter.path, RecursiveMode::NonRecursive)
            .with_context(|| format!("{} cannot be watched. Leave --watch out", chapter.path.display()))?;
    }

    let mut gradings = graded(root, chapters)?;
    say(chapters, &gradings);
    while let Ok(News::Changed(paths)) = news.recv() {
        if grade_again(root, chapters, &mut gradings, &paths)? {
            say(chapters, &gradings);
        }
    }
    println!();
    Ok(())
}

fn say(chapters: &[Chapter], gradings: &[Grading]) {
    print!("{}", report::sum(chapters, gradings));
    println!("Waiting for an exercises.rs to be saved. Ctrl-C ends this.");
}

/// Grades the chapters with a changed exercise; whether there was one.
fn grade_again(
    root: &Path,
    chapters: &[Chapter],
    gradings: &mut [Grading],
    paths: &[PathBuf],
) -> anyhow::Result<bool> {
    let mut again = false;
    for (chapter, grading) in chapters.iter().zip(gradings) {
        if paths.iter().any(|path| concerns(chapter, path)) {
            *grading = grade(root, chapter)?;
            print!("{}", report::chapter(chapter, grading));
            again = true;
        }
    }
    Ok(again)
}

fn concerns(chapter: &Chapter, path: &Path) -> bool {
    let is_graded = path
        .file_name()
        .is_some_and(|name| name == "exercises.rs" || name == "checks.rs");
    let folder = path.parent().and_then(Path::file_name);
    is_graded && folder.is_some_and(|folder| folder == chapter.folder.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_chapters_own_exercises_and_checks_concern_it() {
        let chapter = Chapter {
            folder: "02-dice".into(),
            path: "/b/chapters/02-dice".into(),
            title: String::new(),
            exercises: Vec::new(),
        };
        let concerned = |path: &str| concerns(&chapter, Path::new(path));
        assert!(concerned("/b/chapters/02-dice/exercises.rs") && concerned("/b/chapters/02-dice/checks.rs"));
        assert!(
            !concerned("/b/chapters/01-wind/exercises.rs")
                && !concerned("/b/chapters/02-dice/.exercises.rs.swp")
        );
        assert!(!concerned("/b/chapters/02-dice/README.md"));
    }
}
