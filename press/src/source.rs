//! Rust source files, cut into named pieces by `// ANCHOR: name` and `// ANCHOR_END: name`.

use anyhow::{Context, Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::fs;
use std::path::Path;

/// A piece of a source file between its anchors.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    pub name: String,
    /// The line of its `ANCHOR`, from 1.
    pub first: usize,
    /// The line of its `ANCHOR_END`.
    pub last: usize,
    /// Its text without anchors, moved to the left edge.
    pub code: String,
}

/// A function and the lines it takes.
struct Function {
    name: String,
    first: usize,
    last: usize,
}

/// A source file's cells, in the order in which they start.
pub struct Source {
    /// The path as a message or a caption names it: `chapters/02-dice/listing.rs`.
    pub label: String,
    pub cells: Vec<Cell>,
    functions: Vec<Function>,
}

impl Source {
    /// Reads a source file.
    ///
    /// # Errors
    /// If it cannot be read, is not Rust, or its anchors do not pair.
    pub fn read(root: &Path, path: &Path) -> Result<Source> {
        let label = path.strip_prefix(root).unwrap_or(path);
        let label = label.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(path)
            .with_context(|| format!("{label}: cannot be read. Check the name in the `{{{{#include}}}}`"))?;
        Source::parse(label, &text)
    }

    fn parse(label: String, text: &str) -> Result<Source> {
        let tokens: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| {
            let place = error.span().start();
            anyhow::anyhow!(
                "{label}:{}: {error}. `cargo build --examples` says more",
                place.line
            )
        })?;
        let mut functions = Vec::new();
        collect_functions(tokens, &mut functions);
        let cells = cells(&label, text)?;
        Ok(Source {
            label,
            cells,
            functions,
        })
    }

    /// The cell of this name.
    pub fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.name == name)
    }

    /// The function that a cell is a part of, if it is not made of whole items.
    pub fn function(&self, cell: &Cell) -> Option<&str> {
        let around = |function: &&Function| function.first < cell.first && cell.last <= function.last;
        let innermost = self.functions.iter().filter(around).max_by_key(|f| f.first);
        innermost.map(|function| function.name.as_str())
    }

    /// Checks that the cells are what a notebook can run one after the other.
    ///
    /// # Errors
    /// If two cells overlap, or one is cut through an item or lies in another function than `main`.
    pub fn check_cells(&self) -> Result<()> {
        for pair in self.cells.windows(2) {
            if let [one, next] = pair
                && next.first < one.last
            {
                bail!(
                    "{}:{}: the cell `{}` starts inside `{}`. End one before the next starts",
                    self.label,
                    next.first,
                    next.name,
                    one.name
                );
            }
        }
        for cell in &self.cells {
            let place = format!("{}:{}: the cell `{}`", self.label, cell.first, cell.name);
            match self.function(cell) {
                None => {
                    let Some(whole) = whole(&cell.code) else {
                        bail!("{place} cuts an item in two. Move its anchors around whole items");
                    };
                    let mut functions = Vec::new();
                    collect_functions(whole, &mut functions);
                    if functions.iter().any(|function| function.name == "main") {
                        bail!("{place} holds `fn main` itself, which no notebook has. Anchor what is in it");
                    }
                }
                Some("main") if whole(&cell.code).is_none() => {
                    bail!("{place} cuts a statement in two. Move its anchors around whole statements")
                }
                Some("main") => {}
                Some(other) => bail!(
                    "{place} lies inside `{other}`: a notebook cannot run it alone. \
                     Anchor the whole function, or a part of `main`"
                ),
            }
        }
        Ok(())
    }
}

/// Functions and methods, wherever they stand, but for those inside other functions.
fn collect_functions(tokens: TokenStream, into: &mut Vec<Function>) {
    let mut begun: Option<(usize, String)> = None; // a function whose body has not come yet
    let mut after_fn: Option<usize> = None;
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                if let Some(first) = after_fn.take() {
                    begun = Some((first, word.to_string()));
                } else if word == "fn" {
                    after_fn = Some(word.span().start().line);
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => match begun.take() {
                Some((first, name)) => into.push(Function {
                    name,
                    first,
                    last: group.span_close().end().line,
                }),
                None => collect_functions(group.stream(), into),
            },
            // `fn(f64) -> f64` is a type, and `fn f();` has no body.
            TokenTree::Group(_) => after_fn = None,
            TokenTree::Punct(mark) if mark.as_char() == ';' => begun = None,
            _ => {}
        }
    }
}

/// The tokens of this code if it is whole: every bracket closed, no statement or item left open at either end.
fn whole(code: &str) -> Option<TokenStream> {
    let tokens: TokenStream = code.parse().ok()?;
    let goes_on = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => matches!(mark.as_char(), '.' | '?' | ',' | ';' | '=' | '+' | '/'),
        TokenTree::Ident(word) => word == "else",
        _ => false,
    };
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let first = tokens.clone().into_iter().next();
    let last = tokens.clone().into_iter().last();
    let is_whole = first.is_none_or(|first| !goes_on(&first)) && last.is_none_or(|last| ends(&last));
    is_whole.then_some(tokens)
}

/// The name in an anchor line, and whether it ends the piece.
fn anchor(line: &str) -> Option<(&str, bool)> {
    let comment = line.trim().strip_prefix("//")?.trim();
    if let Some(name) = comment.strip_prefix("ANCHOR_END:") {
        return Some((name.trim(), true));
    }
    comment.strip_prefix("ANCHOR:").map(|name| (name.trim(), false))
}

fn cells(label: &str, text: &str) -> Result<Vec<Cell>> {
    let mut open: Vec<Cell> = Vec::new();
    let mut done: Vec<Cell> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let number = i + 1;
        match anchor(line) {
            Some((name, false)) => {
                if let Some(other) = open.iter().chain(&done).find(|cell| cell.name == name) {
                    bail!(
                        "{label}:{number}: `{name}` has an anchor already, on line {}. Rename one",
                        other.first
                    );
                }
                open.push(Cell {
                    name: name.to_string(),
                    first: number,
                    last: number,
                    code: String::new(),
                });
            }
            Some((name, true)) => {
                let Some(at) = open.iter().position(|cell| cell.name == name) else {
                    bail!(
                        "{label}:{number}: `{name}` ends here but never started. Write `// ANCHOR: {name}` above"
                    );
                };
                let mut cell = open.remove(at);
                cell.last = number;
                cell.code = dedented(&cell.code);
                done.push(cell);
            }
            None => {
                for cell in &mut open {
                    cell.code += line;
                    cell.code.push('\n');
                }
            }
        }
    }
    if let Some(cell) = open.first() {
        bail!(
            "{label}:{}: `{}` never ends. Write `// ANCHOR_END: {}` below it",
            cell.first,
            cell.name,
            cell.name
        );
    }
    done.sort_by_key(|cell| cell.first);
    Ok(done)
}

/// The text moved to the left edge, without blank lines around it.
fn dedented(code: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines = code.lines().filter(|line| !line.trim().is_empty());
    let least = lines.map(indent).min().unwrap_or(0);
    let lines: Vec<&str> = code.lines().map(|line| line.get(least..).unwrap_or("")).collect();
    lines.join("\n").trim_matches('\n').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "use std::fmt;\n\n// ANCHOR: top\nfn half(x: f64) -> f64 {\n    x / 2.0\n}\n// ANCHOR_END: top\n\nfn main() {\n    // ANCHOR: body\n    let x = half(3.0);\n\n    if x > 1.0 {\n        println!(\"{x}\");\n    }\n    // ANCHOR_END: body\n}\n";

    fn parsed(text: &str) -> Result<Source> {
        Source::parse("a.rs".into(), text)
    }

    fn failure(text: &str) -> String {
        let checked = parsed(text).and_then(|source| source.check_cells());
        checked.expect_err("must fail").to_string()
    }

    #[test]
    fn cells_are_cut_moved_left_and_know_their_function() {
        let source = parsed(LISTING).unwrap();
        let (top, body) = (source.cell("top").unwrap(), source.cell("body").unwrap());
        assert_eq!(top.code, "fn half(x: f64) -> f64 {\n    x / 2.0\n}");
        assert_eq!(
            body.code,
            "let x = half(3.0);\n\nif x > 1.0 {\n    println!(\"{x}\");\n}"
        );
        assert_eq!(
            (source.function(top), source.function(body)),
            (None, Some("main"))
        );
        source.check_cells().unwrap();
    }

    #[test]
    fn anchors_that_do_not_pair_are_named() {
        assert!(failure("// ANCHOR: a\nfn f() {}\n").contains("a.rs:1: `a` never ends"));
        assert!(failure("fn f() {}\n// ANCHOR_END: a\n").contains("a.rs:2: `a` ends here"));
        let twice = "// ANCHOR: a\n// ANCHOR_END: a\n// ANCHOR: a\n// ANCHOR_END: a\n";
        assert!(failure(twice).contains("a.rs:3: `a` has an anchor already, on line 1"));
    }

    #[test]
    fn a_cell_that_no_notebook_could_run_is_named() {
        let overlap = "// ANCHOR: a\n// ANCHOR: b\nfn f() {}\n// ANCHOR_END: a\n// ANCHOR_END: b\n";
        assert!(failure(overlap).contains("`b` starts inside `a`"));
        let main = "// ANCHOR: a\nfn main() {}\n// ANCHOR_END: a\n";
        assert!(failure(main).contains("holds `fn main`"));
        let helper = "fn f() {\n    // ANCHOR: a\n    let x = 1;\n    // ANCHOR_END: a\n}\n";
        assert!(failure(helper).contains("inside `f`"));
        let cut = "fn main() {\n    // ANCHOR: a\n    if true {\n    // ANCHOR_END: a\n    }\n}\n";
        assert!(failure(cut).contains("cuts a statement"));
        let chain = "fn main() {\n    let x = one\n    // ANCHOR: a\n    .two();\n    // ANCHOR_END: a\n}\n";
        assert!(failure(chain).contains("cuts a statement"));
        let cut = "// ANCHOR: a\nfn f() {\n// ANCHOR_END: a\n}\n";
        assert!(failure(cut).contains("cuts an item"));
        let cut = "// ANCHOR: a\npub type Wave =\n// ANCHOR_END: a\n    fn(f64) -> f64;\n";
        assert!(failure(cut).contains("cuts an item"));
    }

    #[test]
    fn functions_are_known_by_their_bodies() {
        let text = "type Wave = fn(f64) -> f64;\ntrait T {\n    fn no_body(&self);\n    fn body(&self) -> [u8; 2] {\n        [1, 2]\n    }\n}\n\
                    impl T for Q {\n    fn no_body(&self) where Q: Copy {\n        fn inner() {}\n    }\n}\n";
        let found = parsed(text).unwrap().functions;
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.first, f.last)).collect();
        assert_eq!(found, [("body", 4, 6), ("no_body", 9, 11)]);
    }
}
