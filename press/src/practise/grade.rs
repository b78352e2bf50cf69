//! Grading a chapter: its exercises are tests, and libtest's output says how each went.

use super::Chapter;
use crate::children;
use anyhow::Context;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

/// What `grading::not_solved_yet` says in a stub.
const UNTOUCHED: &str = "not solved yet";

/// How an exercise stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Grade {
    Solved,
    NotSolvedYet,
    /// What its check said.
    Failing(String),
}

/// How a chapter's exercises stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Grading {
    /// The grade of each function.
    Graded(BTreeMap<String, Grade>),
    /// What the compiler said.
    DoesNotCompile(String),
}

impl Grading {
    /// The grade of an exercise; a test that never reported stands as not solved.
    pub fn of(&self, function: &str) -> Grade {
        match self {
            Grading::Graded(grades) => grades.get(function).cloned().unwrap_or(Grade::NotSolvedYet),
            Grading::DoesNotCompile(_) => Grade::NotSolvedYet,
        }
    }
}

/// Runs `cargo test --test <chapter>`.
///
/// # Errors
/// If cargo cannot be started, or is stopped by a signal such as Ctrl-C.
pub fn grade(root: &Path, chapter: &Chapter) -> anyhow::Result<Grading> {
    let waiting = indicatif::ProgressBar::new_spinner().with_message(format!("grading {}", chapter.folder));
    waiting.enable_steady_tick(std::time::Duration::from_millis(100));
    let colour = if console::colors_enabled() {
        "always"
    } else {
        "never"
    };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["test", "--test", chapter.target()])
        .args(["--color", colour, "--", "--color", "never"])
        .current_dir(root)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let cargo =
        children::start(&mut command).context("cargo cannot be started. Install Rust: https://rustup.rs")?;
    let (stdout, stderr) = match cargo.lock() {
        Ok(mut cargo) => (cargo.stdout.take(), cargo.stderr.take()),
        Err(_) => (None, None),
    };

    // Both at once: a full pipe that nobody reads would stop cargo.
    let errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut errors) = stderr {
            let _ = errors.read_to_end(&mut bytes); // what was read up to then is shown
        }
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let mut output = String::new();
    for line in stdout
        .into_iter()
        .flat_map(|stdout| BufReader::new(stdout).split(b'\n'))
    {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if line.contains("has been running for over") {
            waiting.println(format!("{line}. Is a loop endless? Ctrl-C stops it."));
        }
        output += &line;
        output.push('\n');
    }
    let status = children::wait(&cargo)?;
    waiting.finish_and_clear();
    let errors = errors.join().unwrap_or_default();
    anyhow::ensure!(status.code().is_some(), "cargo was stopped");
    Ok(understand(chapter, &output, &errors))
}

fn understand(chapter: &Chapter, output: &str, errors: &str) -> Grading {
    let mut grades = parse(output);
    if grades.is_empty() && !output.contains("\nrunning ") {
        return Grading::DoesNotCompile(errors.trim_end().to_string());
    }
    // A test that overflows its stack takes the whole program with it.
    if let Some(stopped) = stopped(errors) {
        for exercise in &chapter.exercises {
            let grade = grades.entry(exercise.function.clone());
            grade.or_insert_with(|| Grade::Failing(stopped.clone()));
        }
    }
    Grading::Graded(grades)
}

/// The grades in libtest's output, by the last part of the test's name.
fn parse(output: &str) -> BTreeMap<String, Grade> {
    let mut grades = BTreeMap::new();
    for line in output.lines() {
        let Some((name, result)) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.split_once(" ... "))
        else {
            continue;
        };
        let function = name.rsplit("::").next().unwrap_or(name).to_string();
        match result.trim() {
            "ok" => grades.insert(function, Grade::Solved),
            "FAILED" => grades.insert(function, failing(&message(output, name))),
            _ => None,
        };
    }
    grades
}

fn failing(message: &str) -> Grade {
    if message == UNTOUCHED {
        Grade::NotSolvedYet
    } else {
        Grade::Failing(message.to_string())
    }
}

/// What a failed test's panic said: the lines after `panicked at …:`.
fn message(output: &str, name: &str) -> String {
    let heading = format!("---- {name} stdout ----");
    let lines = output.lines().skip_while(|line| *line != heading).skip(1);
    let said: Vec<&str> = lines
        .take_while(|line| !line.starts_with("---- ") && *line != "failures:")
        .skip_while(|line| !line.contains("panicked at"))
        .skip(1)
        .take_while(|line| !line.starts_with("note: ") && !line.starts_with("stack backtrace:"))
        .collect();
    said.join("\n").trim().to_string()
}

/// Why the program stopped before it had reported on every test, if it did.
fn stopped(errors: &str) -> Option<String> {
    if errors.contains("has overflowed its stack") {
        return Some("The whole program ran out of stack: a function that calls itself never stops.".into());
    }
    let line = errors
        .lines()
        .find(|line| line.contains("process didn't exit successfully"))?;
    let (_, reason) = line.rsplit_once(" (")?;
    let crashed = reason.starts_with("signal");
    crashed.then(|| format!("The whole program stopped: {}.", reason.trim_end_matches(')')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practise::Exercise;

    fn chapter() -> Chapter {
        let exercise = |function: &str| Exercise {
            function: function.into(),
            ..Exercise::default()
        };
        Chapter {
            folder: "02-dice".into(),
            path: "chapters/02-dice".into(),
            title: "Dice".into(),
            exercises: ["solved", "wrong", "untouched"].map(exercise).into(),
        }
    }

    /// As libtest writes it.
    const OUTPUT: &str = "
running 3 tests
test checks::solved ... ok
test checks::wrong ... FAILED
test checks::untouched ... FAILED

failures:

---- checks::wrong stdout ----
said by the reader's own println

thread 'checks::wrong' (1) panicked at chapters/02-dice/checks.rs:5:5:
twice 220: expected 440, got 220.
An octave up is twice the frequency.
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace

---- checks::untouched stdout ----

thread 'checks::untouched' (2) panicked at chapters/02-dice/../grading.rs:8:5:
not solved yet


failures:
    checks::untouched
    checks::wrong

test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn each_exercise_gets_its_grade_and_its_message() {
        let grading = understand(
            &chapter(),
            OUTPUT,
            "error: test failed, to rerun pass `--test dice`",
        );
        assert_eq!(grading.of("solved"), Grade::Solved);
        assert_eq!(grading.of("untouched"), Grade::NotSolvedYet);
        let said = "twice 220: expected 440, got 220.\nAn octave up is twice the frequency.";
        assert_eq!(grading.of("wrong"), Grade::Failing(said.into()));
    }

    #[test]
    fn what_the_compiler_says_is_kept_as_it_is() {
        let said = "\u{1b}[31merror\u{1b}[0m: expected `;`\n --> chapters/02-dice/exercises.rs:12:5\n";
        assert_eq!(
            understand(&chapter(), "", said),
            Grading::DoesNotCompile(said.trim_end().into())
        );
    }

    #[test]
    fn endless_recursion_fails_those_that_never_reported() {
        let errors = "thread 'checks::wrong' has overflowed its stack\nfatal runtime error: stack overflow";
        let grading = understand(
            &chapter(),
            "\nrunning 3 tests\ntest checks::solved ... ok\n",
            errors,
        );
        assert_eq!(grading.of("solved"), Grade::Solved);
        assert!(matches!(grading.of("wrong"), Grade::Failing(why) if why.contains("calls itself")));
    }

    #[test]
    fn a_killed_program_is_told_with_its_signal() {
        let errors = "error: test failed\nCaused by:\n  process didn't exit successfully: `/t/dice` (signal: 9, SIGKILL: kill)";
        assert_eq!(
            stopped(errors).unwrap(),
            "The whole program stopped: signal: 9, SIGKILL: kill."
        );
        assert_eq!(
            stopped("process didn't exit successfully: `/t/dice` (exit status: 101)"),
            None
        );
    }
}
