//! The book's own prose, as text for models that learn words or letters.

use crate::{Result, file};
use std::path::Path;

/// The prose of the pages `<folder>/*/README.md`, in the order of their folders' names: a sentence to a line, an empty line
/// after each chapter. Left out: code, headings, tables, HTML, and sentences with a formula or with something
/// that the book fills in.
///
/// # Errors
/// If a page cannot be read.
pub fn prose(folder: &Path) -> Result<String> {
    let unreadable = |source| crate::Error::Io {
        file: folder.to_path_buf(),
        what: "cannot be read",
        source,
        remedy: "Start from a whole copy of the book",
    };
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        pages.push(entry.map_err(unreadable)?.path().join("README.md"));
    }
    pages.retain(|page| page.is_file());
    pages.sort();
    let mut text = String::new();
    for page in pages {
        for sentence in sentences(&String::from_utf8_lossy(&file::read(&page)?)) {
            text += &sentence;
            text.push('\n');
        }
        text.push('\n');
    }
    Ok(text)
}

/// The sentences of a page in Markdown.
fn sentences(markdown: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in markdown.lines().chain([""]) {
        let line = line.trim();
        let fence = line.starts_with("```");
        in_code ^= fence;
        let item = line.strip_prefix("- ");
        let other = fence || in_code || line.is_empty() || line.starts_with(['#', '|', '<', '$', '{']);
        if other || item.is_some() {
            sentences.extend(split(&plain(&paragraph)));
            paragraph.clear();
        }
        if !other {
            paragraph += item.unwrap_or(line);
            paragraph.push(' ');
        }
    }
    sentences.retain(|sentence| !sentence.contains(['$', '{', '}', '\\']));
    sentences
}

/// Text without the marks of Markdown: a link is its words.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, after)) = rest.split_once('[') {
        text += before;
        match after.split_once("](") {
            Some((words, address)) => {
                text += words;
                rest = address.split_once(')').map_or("", |(_, rest)| rest);
            }
            None => {
                text.push('[');
                rest = after;
            }
        }
    }
    text += rest;
    text.replace(['*', '`'], "")
}

/// Cuts where a mark that ends a sentence stands before a space.
fn split(paragraph: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    for word in paragraph.split_whitespace() {
        if let Some(sentence) = sentences.last_mut() {
            if !sentence.is_empty() {
                sentence.push(' ');
            }
            sentence.push_str(word);
        }
        if word.ends_with(['.', '?', '!', ':']) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_what_a_reader_reads_aloud() {
        let page = "# Title\n\nOne [link](../a.md), *two*\nlines. A `name` too?\n\n{{#include listing.rs:x}}\n\n\
                    | a | b |\n\n```rust\nlet x = 1.\n```\n\n- An item.\n- Of $x$ none. {{#shown y}} is gone.\n\n$$x$$\n\nA [bracket.\n";
        assert_eq!(
            sentences(page),
            ["One link, two lines.", "A name too?", "An item.", "A [bracket."]
        );
    }

    #[test]
    fn the_books_own_pages_are_prose() {
        let text = prose(&super::super::house().join("chapters")).unwrap();
        assert!(text.lines().count() > 200 && text.contains("two dice"));
        let odd = text.lines().find(|line| line.contains(['`', '|', '{', '$']));
        assert_eq!(odd, None);
        assert!(prose(Path::new("/no/such")).is_err());
    }
}
