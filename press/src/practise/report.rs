//! What the reader sees: a mark, a reason, the next step.

use super::grade::{Grade, Grading};
use super::{Chapter, Exercise};
use aeolian::page::grouped;
use console::style;

/// The indentation of what is said about an exercise.
const INDENT: &str = "      ";

/// A chapter's exercises, in page order.
pub fn chapter(chapter: &Chapter, grading: &Grading) -> String {
    let mut report = format!("\n{} {}\n", style(&chapter.folder).bold(), chapter.title);
    if let Grading::DoesNotCompile(message) = grading {
        report += &format!(
            "  {} exercises.rs does not compile yet\n\n{message}\n",
            style("✘").red()
        );
        return report;
    }
    for one in &chapter.exercises {
        report += &exercise(chapter, one, &grading.of(&one.function));
    }
    report
}

fn exercise(chapter: &Chapter, exercise: &Exercise, grade: &Grade) -> String {
    let Exercise {
        function,
        title,
        minutes,
        ..
    } = exercise;
    let mark = match grade {
        Grade::Solved => style("✔").green(),
        Grade::NotSolvedYet => style("…").yellow(),
        Grade::Failing(_) => style("✘").red(),
    };
    let said = match grade {
        Grade::Solved => paragraphs(&format!("Why: {}", chapter.with_shown(&exercise.why)), INDENT),
        Grade::NotSolvedYet => paragraphs("not solved yet", INDENT),
        Grade::Failing(reason) => paragraphs(reason, INDENT),
    };
    let next = if *grade == Grade::Solved {
        String::new()
    } else {
        let place = chapter.place("exercises.rs", function);
        let hint = format!(
            "A hint: cargo run -- practise {} --hint {function}",
            chapter.target()
        );
        format!("{INDENT}{}\n{INDENT}{}\n", style(place).dim(), style(hint).dim())
    };
    format!("  {mark} {title} ({minutes} minutes)\n{said}{next}")
}

/// How much is done, and how long the rest takes.
pub fn sum(chapters: &[Chapter], gradings: &[Grading]) -> String {
    let (mut all, mut solved, mut minutes) = (0_usize, 0_usize, 0_u32);
    for (chapter, grading) in chapters.iter().zip(gradings) {
        for exercise in &chapter.exercises {
            all += 1;
            if grading.of(&exercise.function) == Grade::Solved {
                solved += 1;
            } else {
                minutes = minutes.saturating_add(exercise.minutes);
            }
        }
    }
    if solved == all {
        return format!("\n{all} of {all} solved.\n");
    }
    format!("\n{solved} of {all} solved, about {minutes} minutes left\n")
}

/// Text wrapped to the terminal, every line indented.
pub fn paragraphs(text: &str, indent: &str) -> String {
    let (_, columns) = console::Term::stdout().size();
    let width = usize::from(columns).clamp(40, 100);
    let options = textwrap::Options::new(width)
        .initial_indent(indent)
        .subsequent_indent(indent);
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            textwrap::fill(line, &options)
        }
    });
    lines.map(|line| line + "\n").collect()
}

impl Chapter {
    /// The text with the numbers that the chapter's last run showed in place of `{{#shown name}}`.
    pub fn with_shown(&self, text: &str) -> String {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{#shown ") {
            let (name, after) = after.split_once("}}").unwrap_or((after, ""));
            result += before;
            result += &self
                .shown(name.trim())
                .unwrap_or_else(|| format!("[{}]", name.trim()));
            rest = after;
        }
        result + rest
    }

    fn shown(&self, name: &str) -> Option<String> {
        let root = self.path.parent()?.parent()?;
        let file = root.join("out").join(&self.folder).join(format!("{name}.txt"));
        Some(grouped(std::fs::read_to_string(file).ok()?.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn example(root: &std::path::Path) -> Chapter {
        console::set_colors_enabled(false); // the tests may be run in a terminal
        let exercise = |function: &str, minutes| Exercise {
            function: function.into(),
            title: format!("Title of {function}"),
            minutes,
            why: "There are {{#shown waltz-count}} of them; {{#shown unknown}}.".into(),
            ..Exercise::default()
        };
        Chapter {
            folder: "02-dice".into(),
            path: root.join("chapters/02-dice"),
            title: "Dice".into(),
            exercises: vec![exercise("one", 10), exercise("two", 15), exercise("three", 20)],
        }
    }

    #[test]
    fn a_report_says_why_what_is_wrong_and_what_is_left() {
        let root = tempfile::tempdir().unwrap();
        aeolian::file::write(
            &root.path().join("out/02-dice/waltz-count.txt"),
            b"759499667166482\n",
        )
        .unwrap();
        let dice = example(root.path());
        let grading = Grading::Graded(BTreeMap::from([
            ("one".into(), Grade::Solved),
            ("two".into(), Grade::Failing("expected 1, got 2.".into())),
        ]));
        let report = chapter(&dice, &grading);
        assert!(report.contains("✔ Title of one (10 minutes)\n      Why: There are 759,499,667,166,482"));
        assert!(report.contains("[unknown]"));
        assert!(report.contains("✘ Title of two (15 minutes)\n      expected 1, got 2.\n"));
        assert!(report.contains("practise dice --hint two") && !report.contains("--hint one"));
        assert!(report.contains("… Title of three (20 minutes)\n      not solved yet"));
        assert_eq!(
            sum(&[dice], &[grading]),
            "\n1 of 3 solved, about 35 minutes left\n"
        );
    }

    #[test]
    fn a_compile_error_stands_in_place_of_the_exercises() {
        let dice = example(std::path::Path::new("."));
        let grading = Grading::DoesNotCompile("error: expected `;`".into());
        let report = chapter(&dice, &grading);
        assert!(report.contains("does not compile") && report.contains("expected `;`"));
        assert!(!report.contains("Title of"));
    }

    #[test]
    fn long_text_is_wrapped_and_its_paragraphs_kept() {
        let text = paragraphs(&("word ".repeat(60) + "\n\nend"), "  ");
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "no line is too long"
        );
        assert!(text.ends_with("\n\n  end\n"));
    }
}
