//! The chapters that have exercises.

use super::Exercise;
use super::exercise::{place_of, read_exercises};
use aeolian::{Error, Result, file};
use std::path::{Path, PathBuf};

/// A chapter's exercises, in page order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chapter {
    /// Its folder's name, such as `02-dice`.
    pub folder: String,
    /// Where the folder is.
    pub path: PathBuf,
    /// The page's heading.
    pub title: String,
    pub exercises: Vec<Exercise>,
}

impl Chapter {
    /// The chapter that the reader means by `02-dice`, `dice`, `02` or `2`; without a wish every chapter, in order.
    ///
    /// # Errors
    /// If there is no such chapter, or if a page's exercises are malformed.
    pub fn find(root: &Path, wish: Option<&str>) -> Result<Vec<Chapter>> {
        let folders = folders(&root.join("chapters"))?;
        let wanted: Vec<&String> = folders
            .iter()
            .filter(|folder| wish.is_none_or(|wish| is_meant(folder, wish)))
            .collect();
        if wanted.is_empty() {
            return Err(Error::value(
                format!("There is no chapter \"{}\"", wish.unwrap_or("")),
                format!("The chapters with exercises are {}", folders.join(", ")),
            ));
        }
        let read = |folder: &&String| Chapter::read(root, folder);
        wanted.iter().map(read).collect()
    }

    fn read(root: &Path, folder: &str) -> Result<Chapter> {
        let path = root.join("chapters").join(folder);
        let page = path.join("README.md");
        let (title, exercises) = read_exercises(&text(&page)?).map_err(|error| error.in_file(&page))?;
        let stubs = text(&path.join("exercises.rs"))?;
        for exercise in &exercises {
            if place_of(&stubs, &exercise.function).is_none() {
                return Err(Error::format(
                    format!("line {}", exercise.line),
                    format!("exercises.rs has no function `{}`", exercise.function),
                    "Name the exercise's function in the heading: {#function_name}",
                )
                .in_file(&page));
            }
        }
        Ok(Chapter {
            folder: folder.to_string(),
            path,
            title,
            exercises,
        })
    }

    /// The name of the test target that grades it: the folder's name without its number.
    pub fn target(&self) -> &str {
        name(&self.folder)
    }

    /// Where a function stands in one of the chapter's files: `chapters/02-dice/exercises.rs:12`.
    pub fn place(&self, file: &str, function: &str) -> String {
        let line = text(&self.path.join(file))
            .ok()
            .and_then(|source| place_of(&source, function));
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        format!("chapters/{}/{file}{line}", self.folder)
    }
}

fn text(path: &Path) -> Result<String> {
    Ok(String::from_utf8_lossy(&file::read(path)?).into_owned())
}

fn name(folder: &str) -> &str {
    folder.split_once('-').map_or(folder, |(_, name)| name)
}

fn is_meant(folder: &str, wish: &str) -> bool {
    let number = folder.split_once('-').map_or("", |(number, _)| number);
    let same_number = matches!((number.parse::<u32>(), wish.parse::<u32>()), (Ok(a), Ok(b)) if a == b);
    let wish = wish.trim_end_matches('/').trim_start_matches("chapters/");
    folder == wish || name(folder) == wish || same_number
}

/// The names of the folders `NN-name` that hold exercises, sorted.
fn folders(chapters: &Path) -> Result<Vec<String>> {
    let failed = |source| Error::Io {
        file: chapters.to_path_buf(),
        what: "cannot be listed",
        source,
        remedy: "Start this in the book's own folder",
    };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(chapters).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let folder = entry.file_name().to_string_lossy().into_owned();
        if folder.starts_with(|c: char| c.is_ascii_digit()) && entry.path().join("exercises.rs").is_file() {
            folders.push(folder);
        }
    }
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_is_found_by_folder_by_name_and_by_number() {
        for wish in ["02-dice", "dice", "02", "2", "chapters/02-dice/"] {
            assert!(is_meant("02-dice", wish), "{wish}");
        }
        for wish in ["01", "di", "", "-dice", "22"] {
            assert!(!is_meant("02-dice", wish), "{wish}");
        }
    }

    #[test]
    fn an_unknown_chapter_is_answered_with_the_list() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let message = Chapter::find(&root, Some("nice")).unwrap_err().to_string();
        assert!(message.contains("\"nice\"") && message.contains("00-sound, 01-wind, 02-dice"));
    }

    #[test]
    fn a_heading_that_names_no_function_is_refused_with_its_line() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("chapters/03-chain");
        let page = "# T\n\n## Exercises\n\n### A (10 minutes) {#missing}\n\n\
            <details><summary>Hint</summary>\n\nh\n\n</details>\n\n\
            <details><summary>One answer</summary>\n\n{{#include solutions.rs:missing}}\n\n</details>\n\n\
            <details><summary>Why</summary>\n\nw\n\n</details>\n";
        file::write(&folder.join("README.md"), page.as_bytes()).unwrap();
        file::write(&folder.join("exercises.rs"), b"pub fn other() {}\n").unwrap();
        let message = Chapter::find(root.path(), None).unwrap_err().to_string();
        assert!(
            message.contains("README.md, line 5: exercises.rs has no function `missing`"),
            "{message}"
        );
    }
}
