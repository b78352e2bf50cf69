//! Every chapter's exercises: the stubs compile and wait, page, stubs, checks and solutions agree,
//! and a wrong answer is told what was expected, what came and what it means.

#[rustfmt::skip] // it is formatted for the column of the book, with the chapters
#[path = "../chapters/grading.rs"]
mod grading;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A chapter's folder and its name, which is its test target: `02-dice` is `dice`.
struct Chapter {
    path: PathBuf,
    name: String,
}

impl Chapter {
    fn text(&self, file: &str) -> String {
        let path = self.path.join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

/// The chapters that SUMMARY.md lists, in its order.
fn chapters() -> Vec<Chapter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let pages = summary
        .split('(')
        .filter_map(|rest| rest.split_once("/README.md)"));
    let chapters: Vec<Chapter> = pages
        .filter_map(|(page, _)| {
            let (_, name) = page.split_once('-')?;
            let path = folder.join(page);
            let name = name.to_string();
            Some(Chapter { path, name })
        })
        .collect();
    assert!(!chapters.is_empty(), "SUMMARY.md lists no chapter");
    chapters
}

/// Whether a reader has begun to solve: their work is graded by `cargo run -- practise`, not here.
fn is_begun(chapter: &Chapter) -> bool {
    let source = chapter.text("exercises.rs");
    let stubs = source.matches("\n    grading::not_solved_yet()\n}").count();
    let begun = stubs != exercises(chapter).len();
    let committed = std::env::var_os("CI").is_some();
    assert!(
        !(begun && committed),
        "{}: a stub in exercises.rs is filled in",
        chapter.name
    );
    begun
}

/// An exercise as its page has it.
struct Exercise {
    function: String,
    minutes: u32,
    /// From its heading to the next.
    text: String,
}

fn exercises(chapter: &Chapter) -> Vec<Exercise> {
    let page = chapter.text("README.md");
    let (_, section) = page
        .split_once("\n## Exercises\n")
        .unwrap_or_else(|| panic!("{}: no section \"## Exercises\"", chapter.name));
    let headed = section.split("\n### ").skip(1);
    headed.map(|text| exercise(text, &chapter.name)).collect()
}

fn exercise(text: &str, chapter: &str) -> Exercise {
    let (heading, text) = text.split_once('\n').unwrap();
    let parts = heading
        .strip_suffix('}')
        .and_then(|heading| heading.split_once(" minutes) {#"))
        .and_then(|(start, function)| Some((start.rsplit_once(" (")?.1.parse().ok()?, function)));
    let (minutes, function) = parts.unwrap_or_else(|| {
        panic!("{chapter}: \"### {heading}\" should end in (10 minutes) {{#function_name}}")
    });
    Exercise {
        function: function.to_string(),
        minutes,
        text: text.to_string(),
    }
}

/// The signatures of a source's public functions, on one line each.
fn signatures(source: &str) -> BTreeSet<String> {
    let functions = source.split("\npub fn ").skip(1);
    let signature = |text: &str| text.split('{').next().unwrap_or("").to_string();
    functions
        .map(|text| {
            let words = signature(text).split_whitespace().collect::<Vec<_>>().join(" ");
            words.replace("( ", "(").replace(", )", ")").replace(",)", ")")
        })
        .collect()
}

fn names(signatures: &BTreeSet<String>) -> BTreeSet<String> {
    let name = |signature: &String| signature.split(['(', '<']).next().unwrap().to_string();
    signatures.iter().map(name).collect()
}

/// The names of the functions marked `#[test]`.
fn tests(source: &str) -> BTreeSet<String> {
    let marked = source.split("#[test]\n").skip(1);
    let name = |text: &str| {
        text.split_once("fn ")?
            .1
            .split_once('(')
            .map(|(name, _)| name.to_string())
    };
    marked.filter_map(name).collect()
}

#[test]
fn every_stub_compiles_and_says_that_it_is_not_solved_yet() {
    for chapter in chapters().into_iter().filter(|chapter| !is_begun(chapter)) {
        let run = Command::new(env!("CARGO"))
            .args(["test", "--locked", "--test", &chapter.name])
            .args(["--color", "never", "--", "--color", "never"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&run.stdout);
        let errors = String::from_utf8_lossy(&run.stderr);
        for name in tests(&chapter.text("checks.rs")) {
            let said: Vec<&str> = output
                .lines()
                .skip_while(|line| *line != format!("---- checks::{name} stdout ----"))
                .skip_while(|line| !line.contains("panicked at"))
                .skip(1)
                .take_while(|line| !line.is_empty() && !line.starts_with("note: "))
                .collect();
            assert_eq!(
                said,
                ["not solved yet"],
                "{}, {name}:\n{output}\n{errors}",
                chapter.name
            );
        }
        assert!(
            output.contains("\ntest result: FAILED. 0 passed;"),
            "{}:\n{output}\n{errors}",
            chapter.name
        );
    }
}

#[test]
fn page_stubs_checks_and_solutions_name_the_same_functions_and_agree_on_their_types() {
    for chapter in chapters() {
        let name = &chapter.name;
        let on_page: BTreeSet<String> = exercises(&chapter).into_iter().map(|one| one.function).collect();
        let stubs = signatures(&chapter.text("exercises.rs"));
        let solutions = signatures(&chapter.text("solutions.rs"));
        assert_eq!(
            on_page,
            tests(&chapter.text("checks.rs")),
            "{name}: the page and checks.rs"
        );
        assert_eq!(on_page, names(&solutions), "{name}: the page and solutions.rs");
        if !is_begun(&chapter) {
            assert_eq!(stubs, solutions, "{name}: exercises.rs and solutions.rs");
        }
    }
}

#[test]
fn every_chapter_has_three_to_five_exercises_of_ten_to_thirty_minutes() {
    for chapter in chapters() {
        let exercises = exercises(&chapter);
        let (name, count) = (&chapter.name, exercises.len());
        assert!((3..=5).contains(&count), "{name} has {count} exercises");
        for Exercise {
            function, minutes, ..
        } in exercises
        {
            assert!(
                (10..=30).contains(&minutes),
                "{name}, {function}: {minutes} minutes"
            );
        }
    }
}

#[test]
fn every_exercise_has_a_task_a_hint_an_answer_and_a_reason() {
    for chapter in chapters() {
        for Exercise { function, text, .. } in exercises(&chapter) {
            let place = format!("{}, {function}", chapter.name);
            let task = text.split("<details>").next().unwrap_or("");
            assert!(!task.trim().is_empty(), "{place} has no task");
            assert!(
                text.contains(&format!("{{{{#include solutions.rs:{function}}}}}")),
                "{place} has no answer"
            );
            for summary in ["Hint", "One answer", "Why"] {
                let fold = format!("<details><summary>{summary}</summary>\n\n");
                let (_, inside) = text.split_once(&fold).unwrap_or_else(|| {
                    panic!("{place} has no fold \"{summary}\" with a blank line after it")
                });
                let (inside, _) = inside
                    .split_once("\n\n</details>")
                    .unwrap_or_else(|| panic!("{place}: \"{summary}\" is not closed after a blank line"));
                assert!(
                    !inside.trim().is_empty() && !inside.contains("<details>"),
                    "{place}: \"{summary}\" is empty or not closed"
                );
            }
        }
    }
}

/// What a check that fails says.
fn message(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let said = std::panic::catch_unwind(check).expect_err("a wrong answer passes");
    match said.downcast::<String>() {
        Ok(text) => *text,
        Err(said) => said
            .downcast_ref::<&str>()
            .expect("a panic with words")
            .to_string(),
    }
}

#[test]
fn a_wrong_answer_is_told_what_was_expected_what_came_and_what_it_means() {
    let meaning = "An octave up is twice the frequency.";
    let close = message(|| grading::close("twice 220", 330.0, 440.0, 1e-9, meaning));
    let equal = message(|| grading::equal("the throw", (1, 2), (3, 4), meaning));
    let nan = message(|| grading::close("twice 220", f64::NAN, 440.0, 1e-9, meaning));
    for (said, expected, got) in [
        (close, "expected 440", "got 330"),
        (equal, "expected (3, 4)", "got (1, 2)"),
        (nan, "expected 440", "got NaN"),
    ] {
        assert!(
            said.contains(expected) && said.contains(got) && said.contains(meaning),
            "{said}"
        );
    }
}

#[test]
fn a_right_answer_passes_up_to_its_tolerance() {
    grading::close("twice 220", 440.5, 440.0, 0.5, "");
    grading::equal("the throw", 7, 7, "");
    assert_eq!(message(|| grading::not_solved_yet()), "not solved yet");
}
