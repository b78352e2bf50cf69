//! Notebooks: a woven page as Jupyter's nbformat 4.5, without outputs.

use crate::source::Cell;
use crate::weave::{Part, Woven, fenced};
use serde::Serialize;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// The first code cell. It keeps what was compiled, brings the library, and names every crate that
/// these cells use, since a notebook sees only those that it named.
pub fn setup(root: &Path, cells: &[Cell]) -> String {
    let mut lines = vec![
        "// This takes half a minute: the library is compiled, and the first time whatever it uses."
            .to_string(),
        ":cache 1000".to_string(),
        ":dep aeolian = { path = \"..\" }".to_string(),
    ];
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let manifest: toml::Table = manifest.parse().unwrap_or_default(); // cargo has read it before us
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    for (name, version) in dependencies.into_iter().flatten() {
        if cells.iter().any(|cell| uses(&cell.code, name)) {
            lines.push(format!(":dep {name} = {version}"));
        }
    }
    lines.join("\n")
}

/// The second code cell. With the cache still on, cargo would take every crate out of it anew for every cell: seconds each.
const COMPILED: &str = "// From here on only the cells themselves are compiled.\n:cache 0";

/// Whether this code needs a crate: by a path into it, or because `page.rng` gives a generator of it.
fn uses(code: &str, dependency: &str) -> bool {
    let path = format!("{}::", dependency.replace('-', "_"));
    let is_start = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    code.match_indices(&path).any(|(at, _)| is_start(at))
        || (dependency == "rand_chacha" && code.contains(".rng("))
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
            Part::Id(_) | Part::Block(_) => {} // a page with such a block has no notebook
            Part::Quote { code, .. } => prose += &fenced(code),
            Part::Cell { cell, .. } => {
                push_prose(&mut cells, &mut prose, &format!("before-{}", cell.name));
                if !is_set_up {
                    cells.push(code_cell("setup", &woven.setup));
                    cells.push(code_cell("compiled", COMPILED));
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
    let text = unfolded(&std::mem::take(prose));
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

/// A fold around a cell, for what is not the chapter's idea: only the page folds, a notebook shows the whole cell under its words.
pub const FOLD: (&str, &str) = ("<details class=\"cell\"><summary>", "</summary>");
pub const FOLD_END: &str = "</details><!-- cell -->";

fn unfolded(text: &str) -> String {
    let words = |line: &str| -> Option<String> {
        let words = line.trim_end().strip_prefix(FOLD.0)?.strip_suffix(FOLD.1)?;
        Some(format!("{words}.\n"))
    };
    let kept = text
        .split_inclusive('\n')
        .filter(|line| line.trim_end() != FOLD_END);
    kept.map(|line| words(line).unwrap_or_else(|| line.to_string()))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn woven(value: &str) -> Woven {
        let text = |text: &str| Part::Text(text.to_string());
        let cell = |name: &str, code: &str| Part::Cell {
            cell: Cell {
                name: name.to_string(),
                first: 1,
                last: 2,
                code: code.to_string(),
            },
            snippet: "a file".to_string(),
            shown: Some("<figure></figure>".to_string()),
            quoted: false,
        };
        Woven {
            chapter: Some("02-dice".to_string()),
            setup: ":dep aeolian".to_string(),
            took: None,
            vignette: None,
            parts: vec![
                text("# Dice\n\nSee [wind]("),
                Part::Link {
                    book: "01-wind.html".to_string(),
                    notebook: "01-wind.ipynb".to_string(),
                },
                text(").\n\n"),
                cell("one", "let a = 1;\nlet b = 2;"),
                text("\n\nThere are "),
                Part::Value(value.to_string()),
                text(" of them, "),
                Part::Math {
                    written: "$x$".to_string(),
                    mathml: "<math>".to_string(),
                },
                text(".\n\n"),
                cell("two", "a"),
                text("\n\n### Title"),
                Part::Id(" {#title}".to_string()),
                text("\n\n"),
                Part::Quote {
                    snippet: None,
                    code: "fn answer() {}".to_string(),
                },
                text("\n"),
            ],
        }
    }

    #[test]
    fn prose_and_code_alternate_and_nothing_of_the_book_is_left() {
        let text = notebook(&woven("46.151")).unwrap();
        let notebook: Value = serde_json::from_str(&text).unwrap();
        let cells = notebook["cells"].as_array().unwrap();
        let source = |cell: &Value| -> String {
            let lines = cell["source"].as_array().unwrap();
            lines.iter().map(|line| line.as_str().unwrap()).collect()
        };
        let got: Vec<(&str, String)> = cells
            .iter()
            .map(|cell| (cell["id"].as_str().unwrap(), source(cell)))
            .collect();
        let expected = [
            ("before-one", "# Dice\n\nSee [wind](01-wind.ipynb)."),
            ("setup", ":dep aeolian"),
            ("compiled", COMPILED),
            ("one", "let a = 1;\nlet b = 2;"),
            ("before-two", "There are 46.151 of them, $x$."),
            ("two", "a"),
            ("end", "### Title\n\n```rust\nfn answer() {}\n```"),
        ];
        assert_eq!(got, expected.map(|(id, text)| (id, text.to_string())));
        assert_eq!(
            (&notebook["nbformat"], &notebook["nbformat_minor"]),
            (&json!(4), &json!(5))
        );
        for cell in cells.iter().filter(|cell| cell["cell_type"] == "code") {
            assert!(cell["outputs"] == json!([]) && cell["execution_count"].is_null());
        }
    }

    #[test]
    fn what_the_page_folds_a_notebook_shows_under_its_words() {
        let page = "Prose.\n\n<details class=\"cell\"><summary>Reading files</summary>\n\n";
        assert_eq!(unfolded(page), "Prose.\n\nReading files.\n\n");
        assert_eq!(
            unfolded("\n</details><!-- cell -->\n\nMore.\n</details>\n"),
            "\n\nMore.\n</details>\n"
        );
    }

    #[test]
    fn a_notebook_with_other_values_is_still_the_same_one() {
        let ours = woven("46.151");
        let theirs = notebook(&woven("46.152 and then \\u00e9 some")).unwrap();
        assert!(is_woven_from(&ours, &theirs));
        assert!(is_woven_from(&ours, &notebook(&ours).unwrap()));
        for (old, new) in [
            ("There", "Here"),
            ("let b = 2", "let b = 3"),
            ("of them", "of\\nthem"),
            ("\n}\n", "\n}\n\n"),
        ] {
            assert!(theirs.contains(old));
            assert!(!is_woven_from(&ours, &theirs.replacen(old, new, 1)), "{old}");
        }
    }

    #[test]
    fn every_notebook_is_what_weaving_gives() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let chapters = crate::book::chapters(root).unwrap();
        assert!(!chapters.is_empty());
        for chapter in chapters {
            let page = Path::new(&chapter).join("README.md");
            let text = fs::read_to_string(root.join("chapters").join(&page)).unwrap();
            // Whatever was shown, and even if nothing was yet: only the values depend on it.
            let (woven, _) = crate::weave::weave(root, &page, &text, &Default::default());
            let path = root.join("notebooks").join(format!("{chapter}.ipynb"));
            let there = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                is_woven_from(&woven, &there),
                "{} is not what its page gives. `cargo run -- weave` writes it",
                path.display()
            );
        }
    }

    #[test]
    fn the_first_cell_names_the_crates_that_the_cells_use() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = "[dependencies]\nrand = { version = \"0.10\", default-features = false }\n\
                        rand_chacha = \"0.10\"\nrand_distr = \"0.6\"\nserde = \"1\"\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        let cell = |code: &str| Cell {
            name: "a".to_string(),
            first: 1,
            last: 2,
            code: code.to_string(),
        };
        let setup = setup(
            folder.path(),
            &[cell("use rand::RngExt;"), cell("let mut rng = page.rng(3);")],
        );
        assert!(
            setup.contains("\n:dep rand = {") && setup.contains("version = \"0.10\""),
            "{setup}"
        );
        assert!(setup.contains("\n:dep rand_chacha = \"0.10\""), "{setup}");
        assert!(
            !setup.contains("serde") && !setup.contains("rand_distr"),
            "{setup}"
        );
    }
}
