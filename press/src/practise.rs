//! Grading the exercises: which are solved, what is wrong with the others, and the next hint.

mod chapter;
mod exercise;
mod grade;
mod hint;
mod report;
mod watch;

pub use chapter::Chapter;
pub use exercise::Exercise;

use grade::{Grading, grade};
use std::path::Path;
use std::process::ExitCode;

/// Grades the exercises of one chapter, or of all. `hint` asks for the next hint to the exercise of
/// that name; an empty name stands for the first exercise that is not solved. `watch` is the port of the book that is open
/// beside, while what is saved is graded again and again.
///
/// # Errors
/// If there is no such chapter or exercise, if a page is malformed, or if cargo cannot be run.
pub fn practise(
    root: &Path,
    chapter: Option<&str>,
    watch: Option<u16>,
    hint: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let chapters = Chapter::find(root, chapter)?;
    match hint {
        Some("") => hint::for_the_first_unsolved(root, &chapters)?,
        Some(exercise) => hint::for_exercise(root, &chapters, exercise)?,
        None => {
            if let Some(port) = watch {
                crate::open::beside(root, port);
                watch::watch(root, &chapters)?;
                return Ok(ExitCode::SUCCESS);
            }
            let gradings = graded(root, &chapters)?;
            print!("{}", report::sum(&chapters, &gradings));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Grades each chapter and prints its report as soon as it is known.
fn graded(root: &Path, chapters: &[Chapter]) -> anyhow::Result<Vec<Grading>> {
    let mut gradings = Vec::new();
    for chapter in chapters {
        let grading = grade(root, chapter)?;
        print!("{}", report::chapter(chapter, &grading));
        gradings.push(grading);
    }
    Ok(gradings)
}
