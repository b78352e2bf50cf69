//! The exercises of a page, read from its Markdown: see "The page" in CONTRIBUTING.md.

use aeolian::{Error, Result};
use mdbook_markdown::pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// One exercise as its page states it; hints and reason are plain text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exercise {
    /// The function that the reader fills in, which is the name of its test too.
    pub function: String,
    pub title: String,
    pub minutes: u32,
    /// The line of its heading on the page.
    pub line: usize,
    pub hints: Vec<String>,
    pub answer: String,
    /// Why the answer is right: told once it is solved.
    pub why: String,
}

/// The page's title and its exercises.
///
/// # Errors
/// If an exercise lacks its minutes, its function, a hint, its answer or its reason; the error says the line.
pub fn read_exercises(page: &str) -> Result<(String, Vec<Exercise>)> {
    let mut reader = Reader::default();
    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_MATH | Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(page, options).into_offset_iter() {
        let line = 1 + page
            .bytes()
            .take(range.start)
            .filter(|byte| *byte == b'\n')
            .count();
        reader.read(event, line)?;
    }
    reader.exercises.iter().try_for_each(complete)?;
    Ok((reader.title, reader.exercises))
}

/// The line of `source` on which a function begins.
pub fn place_of(source: &str, function: &str) -> Option<usize> {
    let begins = |line: &str| {
        let rest = line.trim_start().trim_start_matches("pub ").strip_prefix("fn ");
        let rest = rest.and_then(|rest| rest.strip_prefix(function));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    source.lines().position(begins).map(|index| index + 1)
}

#[derive(Default)]
struct Reader {
    title: String,
    exercises: Vec<Exercise>,
    /// Whether the section is the one headed "Exercises".
    in_exercises: bool,
    /// The heading that is open: its function, if it names one.
    heading: Option<Option<String>>,
    /// The summary of the fold that is open.
    fold: Option<String>,
    /// The words since the heading or the fold began.
    words: String,
}

impl Reader {
    fn read(&mut self, event: Event, line: usize) -> Result<()> {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                self.heading = Some(id.map(|id| id.to_string()));
                self.words.clear();
            }
            Event::End(TagEnd::Heading(level)) => self.end_heading(level, line)?,
            Event::Html(html) | Event::InlineHtml(html) => self.fold(&html),
            Event::Text(words) | Event::Code(words) => self.words += &words,
            Event::InlineMath(tex) => self.words += &format!("${tex}$"),
            Event::DisplayMath(tex) => self.words += &format!("$${tex}$$"),
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.words.push('\n'),
            Event::Start(Tag::Item) => self.words += "- ",
            Event::End(TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) => self.words.push('\n'),
            Event::End(TagEnd::TableCell) => self.words.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::List(_)) => self.words += "\n\n",
            _ => {}
        }
        Ok(())
    }

    /// Below "Exercises" every third-level heading is an exercise; elsewhere one that gives minutes.
    fn end_heading(&mut self, level: HeadingLevel, line: usize) -> Result<()> {
        let function = self.heading.take().flatten();
        let words = std::mem::take(&mut self.words).trim().to_string();
        match level {
            HeadingLevel::H1 => self.title = words,
            HeadingLevel::H2 => self.in_exercises = words == "Exercises",
            HeadingLevel::H3 if self.in_exercises || words.ends_with("minutes)") => {
                self.exercises.push(begin(&words, function, line)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn fold(&mut self, html: &str) {
        if let Some((_, rest)) = html.split_once("<summary>") {
            let summary = rest.split_once("</summary>").map_or(rest, |(summary, _)| summary);
            self.fold = Some(summary.trim().to_string());
            self.words.clear();
        }
        if html.contains("</details>") {
            let words = std::mem::take(&mut self.words).trim().to_string();
            let Some(exercise) = self.exercises.last_mut() else {
                return;
            };
            match self.fold.take().as_deref() {
                Some("Hint") if !words.is_empty() => exercise.hints.push(words),
                Some("One answer") => exercise.answer = words,
                Some("Why") => exercise.why = words,
                _ => {}
            }
        }
    }
}

/// An exercise of which only the heading was read.
fn begin(heading: &str, function: Option<String>, line: usize) -> Result<Exercise> {
    let parts = heading
        .strip_suffix(" minutes)")
        .and_then(|heading| heading.rsplit_once(" ("))
        .and_then(|(title, minutes)| Some((title, minutes.parse().ok()?)));
    let (Some((title, minutes)), Some(function)) = (parts, function) else {
        return Err(Error::format(
            format!("line {line}"),
            format!("the exercise \"{heading}\" lacks its minutes or its function"),
            "Write ### Title (10 minutes) {#function_name}",
        ));
    };
    Ok(Exercise {
        function,
        title: title.to_string(),
        minutes,
        line,
        ..Exercise::default()
    })
}

fn complete(exercise: &Exercise) -> Result<()> {
    let include = format!("{{{{#include solutions.rs:{}}}}}", exercise.function);
    let missing = if exercise.hints.is_empty() {
        "Hint"
    } else if !exercise.answer.contains(&include) {
        "One answer"
    } else if exercise.why.is_empty() {
        "Why"
    } else {
        return Ok(());
    };
    let inside = if missing == "One answer" { &include } else { "…" };
    Err(Error::format(
        format!("line {}", exercise.line),
        format!("the exercise \"{}\" has no fold \"{missing}\"", exercise.title),
        format!(
            "Add <details><summary>{missing}</summary>, a blank line, {inside}, a blank line and </details>"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Dice

## A section

### Not an exercise {#aside}

## Exercises

### Two *dice* (15 minutes) {#two_dice}

Do it.

<details><summary>Hint</summary>

First `hint`,
on two lines: $x^2$.

- a
- b

</details>

<details><summary>Hint</summary>

Second.

</details>

<details><summary>One answer</summary>

{{#include solutions.rs:two_dice}}

</details>

<details><summary>Why</summary>

Because.

```rust
let a = 1;
```

</details>
";

    #[test]
    fn an_exercise_is_read_whole() {
        let (title, exercises) = read_exercises(PAGE).unwrap();
        assert_eq!(title, "Dice");
        let [exercise] = exercises.as_slice() else {
            panic!("{exercises:?}")
        };
        assert_eq!((exercise.title.as_str(), exercise.minutes), ("Two dice", 15));
        assert_eq!((exercise.function.as_str(), exercise.line), ("two_dice", 9));
        assert_eq!(
            exercise.hints,
            ["First hint, on two lines: $x^2$.\n\n- a\n- b", "Second."]
        );
        assert_eq!(exercise.why, "Because.\n\nlet a = 1;");
    }

    #[test]
    fn whatever_an_exercise_lacks_is_named_with_its_line() {
        let cases = [
            (" (15 minutes)", "", "minutes or its function"),
            ("15 minutes", "fifteen minutes", "minutes or its function"),
            (" {#two_dice}", "", "minutes or its function"),
            ("<summary>Hint", "<summary>Tip", "no fold \"Hint\""),
            (
                "solutions.rs:two_dice",
                "solutions.rs:other",
                "no fold \"One answer\"",
            ),
            ("<summary>Why", "<summary>Reason", "no fold \"Why\""),
        ];
        for (there, instead, wanted) in cases {
            let message = read_exercises(&PAGE.replace(there, instead))
                .unwrap_err()
                .to_string();
            assert!(
                message.contains("line 9") && message.contains(wanted),
                "{message}"
            );
        }
    }

    #[test]
    fn a_function_is_found_in_its_source() {
        let source = "/// fn one()\npub fn one_more(a: u8) {}\n    pub fn one<T>(a: T) {}\n";
        assert_eq!(place_of(source, "one"), Some(3));
        assert_eq!(place_of(source, "two"), None);
    }
}
