//! Notebooks: a woven page as Jupyter's nbformat 4.5, without outputs.

use crate::weave::{Part, Woven, fenced};
use serde::Serialize;
use serde_json::{Value, json};

/// Crates whose types a cell's variables may have: the kernel has to know them by name.
const NAMED_CRATES: [&str; 3] = ["ndarray", "rand", "rand_chacha"];

/// The first code cell: it brings the library, and the crates of its types as the library has them. What
/// was compiled once is kept in a cache of so many megabytes, for the next start of the kernel.
fn setup() -> String {
    let manifest = include_str!("../../Cargo.toml").lines();
    let named = manifest.filter(|line| {
        let name = line.split_once(" = ").map_or("", |(name, _)| name);
        NAMED_CRATES.contains(&name)
    });
    let named: String = named.map(|line| format!("\n:dep {line}")).collect();
    format!(":cache 1000\n:dep aeolian = {{ path = \"..\" }}{named}")
}

/// Stands for a shown value in a template: a character that no text uses.
const HOLE: char = '\u{E000}';

/// The notebook's text, or none if the page has no listing.
pub fn notebook(woven: &Woven) -> Option<String> {
    woven.chapter.as_ref()?;
    Some(written(woven, |value| value.to_string()))
}

/// Whether an existing notebook is the one that this page gives, whatever the shown values in its
/// prose: another machine may round them otherwise.
pub fn is_woven_from(woven: &Woven, existing: &str) -> bool {
    let template = written(woven, |_| HOLE.to_string());
    let pieces: Vec<&str> = template.split(HOLE).collect();
    matches(&pieces, existing)
}

/// Whether the text is these pieces with some words of one line between them.
fn matches(pieces: &[&str], text: &str) -> bool {
    let [first, others @ ..] = pieces else {
        return false;
    };
    let Some(rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(next) = others.first() else {
        return rest.is_empty();
    };
    let line = rest.split(['\n', '"']).next().unwrap_or("");
    let ends = line.char_indices().map(|(i, _)| i).chain([line.len()]);
    ends.filter(|&end| rest[end..].starts_with(next))
        .any(|end| matches(others, &rest[end..]))
}

fn written(woven: &Woven, value: impl Fn(&str) -> String) -> String {
    let mut cells = Vec::new();
    let mut prose = String::new();
    let mut is_set_up = false;
    for part in &woven.parts {
        match part {
            Part::Text(text) => prose += text,
            Part::Value(text) => prose += &value(text),
            Part::Math { written, .. } => prose += written,
            Part::Link { notebook, .. } => prose += notebook,
            Part::Id(_) => {}
            Part::Quote { code, .. } => prose += &fenced(code),
            Part::Cell { cell, .. } => {
                push_prose(&mut cells, &mut prose, &format!("before-{}", cell.name));
                if !is_set_up {
                    cells.push(code_cell("setup", &setup()));
                    is_set_up = true;
                }
                cells.push(code_cell(&cell.name, &cell.code));
            }
        }
    }
    push_prose(&mut cells, &mut prose, "end");
    let notebook = json!({
        "cells": cells,
        "metadata": {
            "kernelspec": { "display_name": "Rust", "language": "rust", "name": "rust" },
            "language_info": {
                "codemirror_mode": "rust",
                "file_extension": ".rs",
                "mimetype": "text/rust",
                "name": "Rust",
                "pygment_lexer": "rust"
            }
        },
        "nbformat": 4,
        "nbformat_minor": 5
    });
    pretty(&notebook)
}

/// JSON as Jupyter writes it: an indent of one, a line feed at the end.
fn pretty(value: &Value) -> String {
    let mut bytes = Vec::new();
    let format = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, format);
    if value.serialize(&mut serializer).is_err() {
        return value.to_string(); // cannot happen: memory takes every write
    }
    String::from_utf8_lossy(&bytes).into_owned() + "\n"
}

fn push_prose(cells: &mut Vec<Value>, prose: &mut String, name: &str) {
    let text = std::mem::take(prose);
    let text = text.trim_matches('\n');
    if !text.trim().is_empty() {
        cells.push(json!({
            "cell_type": "markdown",
            "id": id(name),
            "metadata": {},
            "source": lines(text)
        }));
    }
}

fn code_cell(name: &str, code: &str) -> Value {
    json!({
        "cell_type": "code",
        "execution_count": null,
        "id": id(name),
        "metadata": {},
        "outputs": [],
        "source": lines(code)
    })
}

/// A cell's identity: letters, digits, `-` and `_`, at most 64.
fn id(name: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    name.chars().map(letter).take(64).collect()
}

/// A source as nbformat writes it: a list of lines that keep their line feeds.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}
