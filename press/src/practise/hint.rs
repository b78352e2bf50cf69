//! One hint more, each time the reader asks.

use super::grade::{Grade, grade};
use super::report::paragraphs;
use super::{Chapter, Exercise};
use aeolian::{Error, Result, file};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many hints to each exercise were shown: its key is `02-dice/function`.
type Shown = BTreeMap<String, usize>;

/// Prints the next hint to an exercise.
///
/// # Errors
/// If no chapter has it, or more than one.
pub fn for_exercise(root: &Path, chapters: &[Chapter], function: &str) -> Result<()> {
    let pairs: Vec<(&Chapter, &Exercise)> = chapters
        .iter()
        .flat_map(|chapter| chapter.exercises.iter().map(move |exercise| (chapter, exercise)))
        .collect();
    let found: Vec<_> = pairs
        .iter()
        .filter(|(_, exercise)| exercise.function == function)
        .collect();
    match found.as_slice() {
        [(chapter, exercise)] => tell(root, chapter, exercise),
        [] => {
            let names: Vec<&str> = pairs
                .iter()
                .map(|(_, exercise)| exercise.function.as_str())
                .collect();
            Err(Error::value(
                format!("There is no exercise \"{function}\""),
                format!("The exercises are {}", names.join(", ")),
            ))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(chapter, _)| chapter.target()).collect();
            Err(Error::value(
                format!("More than one chapter has an exercise \"{function}\""),
                format!(
                    "Name the chapter too: cargo run -- practise CHAPTER --hint {function}, with one of {}",
                    names.join(", ")
                ),
            ))
        }
    }
}

/// Prints the next hint to the first exercise that is not solved.
///
/// # Errors
/// If cargo cannot be started.
pub fn for_the_first_unsolved(root: &Path, chapters: &[Chapter]) -> anyhow::Result<()> {
    for chapter in chapters {
        let grading = grade(root, chapter)?;
        let unsolved = |exercise: &&Exercise| grading.of(&exercise.function) != Grade::Solved;
        if let Some(exercise) = chapter.exercises.iter().find(unsolved) {
            return Ok(tell(root, chapter, exercise)?);
        }
    }
    println!("Every exercise is solved: there is nothing left to hint at.");
    Ok(())
}

fn tell(root: &Path, chapter: &Chapter, exercise: &Exercise) -> Result<()> {
    let memory = memory(root);
    let mut shown = remembered(&memory);
    let count = shown
        .entry(format!("{}/{}", chapter.folder, exercise.function))
        .or_default();
    print!("{}", next(chapter, exercise, *count));
    *count = count.saturating_add(1).min(exercise.hints.len());
    let bytes = serde_json::to_vec_pretty(&shown).unwrap_or_default();
    file::write(&memory, &bytes)
}

/// The hint after the first `count`, or where the answer is.
fn next(chapter: &Chapter, exercise: &Exercise, count: usize) -> String {
    let Some(hint) = exercise.hints.get(count) else {
        return format!(
            "{}: every hint is given. One answer is in {}\n",
            exercise.title,
            chapter.place("solutions.rs", &exercise.function)
        );
    };
    let of = exercise.hints.len();
    format!(
        "{}, hint {} of {of}\n\n{}\n",
        exercise.title,
        count.saturating_add(1),
        paragraphs(&chapter.with_shown(hint), "  ")
    )
}

/// In the target folder: `cargo clean` forgets, and nothing is ever committed.
fn memory(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root.join(target).join("practise.json")
}

/// A memory that is missing or spoilt is an empty one: hints start anew.
fn remembered(memory: &Path) -> Shown {
    let bytes = std::fs::read(memory).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter() -> Chapter {
        Chapter {
            folder: "02-dice".into(),
            path: "no/such/02-dice".into(),
            title: "Dice".into(),
            exercises: vec![Exercise {
                function: "two_dice".into(),
                title: "Two dice".into(),
                hints: vec!["First.".into(), "Second.".into()],
                ..Exercise::default()
            }],
        }
    }

    #[test]
    fn hints_come_one_after_the_other_and_then_the_answer() {
        let chapter = chapter();
        let exercise = &chapter.exercises[0];
        assert!(next(&chapter, exercise, 0).contains("hint 1 of 2\n\n  First."));
        assert!(next(&chapter, exercise, 1).contains("hint 2 of 2\n\n  Second."));
        assert!(next(&chapter, exercise, 2).contains("chapters/02-dice/solutions.rs"));
    }

    #[test]
    fn an_unknown_exercise_is_answered_with_the_list_and_a_double_one_with_the_chapters() {
        let root = Path::new("/nonexistent");
        let message = for_exercise(root, &[chapter()], "three").unwrap_err().to_string();
        assert!(message.contains("two_dice"), "{message}");
        let mut other = chapter();
        other.folder = "03-chain".into();
        let message = for_exercise(root, &[chapter(), other], "two_dice")
            .unwrap_err()
            .to_string();
        assert!(message.contains("dice, chain"), "{message}");
    }

    #[test]
    fn a_spoilt_memory_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let memory = folder.path().join("practise.json");
        file::write(&memory, b"{\"02-dice/two_dice\": -3").unwrap();
        assert!(remembered(&memory).is_empty());
    }
}
