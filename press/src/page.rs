//! A page's Markdown, and the spots in it where the press has work to do.

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use std::ops::Range;

/// What a spot in a page asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// `{{#include file.rs:cell}}`.
    Include { file: String, cell: String },
    /// `{{#shown name}}` or `{{#shown chapter/name}}`.
    Shown(String),
    /// `$…$` or `$$…$$`.
    Math { tex: String, display: bool },
    /// Where a link or picture leads.
    Link(String),
    /// `{#id}` after a heading.
    Id,
}

/// A place in a page where something goes that only the press knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spot {
    pub range: Range<usize>,
    /// From 1.
    pub line: usize,
    pub ask: Ask,
}

/// A wrong line of a page, and what is wrong with it.
pub type Wrong = (usize, String);

/// Everything a page asks for, in its order, and what is not of a known form. Code is left alone.
pub fn spots(text: &str) -> (Vec<Spot>, Vec<Wrong>) {
    // What mdBook understands, and mathematics.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH;
    let mut found: Vec<(Range<usize>, Ask)> = Vec::new();
    let mut code: Vec<Range<usize>> = Vec::new();
    let mut wrong = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Code(_) => code.push(range),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                code.push(range)
            }
            Event::Text(_) if !code.iter().any(|code| code.contains(&range.start)) => {
                // A formula whose braces do not balance, or that a table cuts at its `|`, is no formula to Markdown.
                for (at, _) in text[range.clone()].match_indices('$') {
                    let at = range.start + at;
                    if !text[..at].ends_with('\\') {
                        let what = "`$` opens or closes no formula. Balance its braces, write `\\vert` for `|` in a \
                                    table, or `\\$` for money";
                        wrong.push((line_of(text, at), what.to_string()));
                    }
                }
            }
            Event::InlineMath(tex) => found.push((
                range,
                Ask::Math {
                    tex: tex.to_string(),
                    display: false,
                },
            )),
            Event::DisplayMath(tex) => found.push((
                range,
                Ask::Math {
                    tex: tex.to_string(),
                    display: true,
                },
            )),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                if let Some(at) = text[range.clone()].rfind(&format!("]({dest_url}")) {
                    let start = range.start + at + 2;
                    found.push((start..start + dest_url.len(), Ask::Link(dest_url.to_string())));
                }
            }
            Event::Start(Tag::Heading { id: Some(_), .. }) => {
                let heading = text[range.clone()].trim_end();
                if let Some(at) = heading.rfind('{') {
                    let start = range.start + heading[..at].trim_end().len();
                    found.push((start..range.start + heading.len(), Ask::Id));
                }
            }
            _ => {}
        }
    }
    let mut from = 0;
    while let Some(at) = text[from..].find("{{#") {
        let start = from + at;
        from = start + 3;
        if code.iter().any(|range| range.contains(&start)) {
            continue;
        }
        match directive(text, start) {
            Ok((range, ask)) => {
                found.retain(|(other, _)| other.end <= range.start || other.start >= range.end);
                found.push((range, ask));
            }
            Err(what) => wrong.push((line_of(text, start), what)),
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    let spot = |(range, ask): (Range<usize>, Ask)| Spot {
        line: line_of(text, range.start),
        range,
        ask,
    };
    (found.into_iter().map(spot).collect(), wrong)
}

/// Reads the directive that starts here.
fn directive(text: &str, start: usize) -> Result<(Range<usize>, Ask), String> {
    let rest = &text[start..];
    let line = rest.lines().next().unwrap_or(rest);
    let Some(end) = line.find("}}") else {
        return Err("`{{#` has no `}}` on its line. Close it there".to_string());
    };
    let range = start..start + end + 2;
    let words: Vec<&str> = line[3..end].split_whitespace().collect();
    match words[..] {
        ["include", what] => {
            let at_start = start == 0 || text[..start].ends_with('\n');
            if !at_start || !line[end + 2..].trim().is_empty() {
                return Err(format!(
                    "`{{{{#include {what}}}}}` is not alone on its line. Give it a line of its own, from its start"
                ));
            }
            let Some((file, cell)) = what.split_once(':') else {
                return Err(format!(
                    "`{{{{#include {what}}}}}` names no cell. Write file:cell, as in `listing.rs:throw`"
                ));
            };
            Ok((
                range,
                Ask::Include {
                    file: file.to_string(),
                    cell: cell.to_string(),
                },
            ))
        }
        ["shown", name] => Ok((range, Ask::Shown(name.to_string()))),
        _ => Err(format!(
            "`{}` is not understood. There are `{{{{#include file.rs:cell}}}}` and `{{{{#shown name}}}}`",
            &line[..end + 2]
        )),
    }
}

/// The line, from 1, in which this byte stands.
fn line_of(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(text: &str) -> Vec<Ask> {
        let (spots, wrong) = spots(text);
        assert!(wrong.is_empty(), "{wrong:?}");
        spots.into_iter().map(|spot| spot.ask).collect()
    }

    #[test]
    fn every_kind_of_spot_is_found_in_order() {
        let text = "# A $x_1$\n\nA {{#shown n}} of [b](../b/README.md).\n\n{{#include listing.rs:a}}\n\n\
                    $$\\frac{1}{2}$$\n\n### T (5 minutes) {#t}\n";
        let found = asks(text);
        assert_eq!(found.len(), 6, "{found:?}");
        assert_eq!(found[1], Ask::Shown("n".into()));
        assert_eq!(found[2], Ask::Link("../b/README.md".into()));
        assert!(matches!(&found[3], Ask::Include { file, cell } if file == "listing.rs" && cell == "a"));
        assert!(matches!(&found[4], Ask::Math { display: true, .. }));
        let (spots, _) = spots(text);
        assert_eq!(&text[spots[5].range.clone()], " {#t}");
        assert_eq!(spots[5].line, 9);
    }

    #[test]
    fn code_and_money_are_left_alone() {
        let text = "`$a$` and `{{#shown n}}`\n\n```\n$a$ {{#include x:y}}\n```\n\n    $a$ {{#shown n}}\n\nFrom \\$5 to \\$6.\n";
        assert_eq!(asks(text), []);
    }

    #[test]
    fn a_wrong_directive_is_named_with_its_line() {
        for (text, part) in [
            ("a\n\nb {{#include listing.rs:a}}\n", "alone on its line"),
            ("a\n\n{{#include listing.rs:a}} b\n", "alone on its line"),
            ("a\n\n{{#include listing.rs}}\n", "names no cell"),
            ("a\n\n{{#playground x}}\n", "not understood"),
            ("a\n\n{{#shown x\n}}\n", "Close it"),
            ("a\n\nthe $\\frac{x$\n", "Balance its braces"),
            ("a\n\n| $|x|$ |\n|-|-|-|\n", "`\\vert`"),
            ("a\n\nfor $5\n", "for money"),
        ] {
            let (_, wrong) = spots(text);
            assert!(!wrong.is_empty(), "{text}");
            assert!(wrong[0].0 == 3 && wrong[0].1.contains(part), "{wrong:?}");
        }
    }
}
