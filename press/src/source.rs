//! Rust source files, cut into named pieces by `// ANCHOR: name` and `// ANCHOR_END: name`.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use syn::{ImplItem, Item};

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

impl Function {
    fn new(signature: &syn::Signature, block: &syn::Block) -> Function {
        Function {
            name: signature.ident.to_string(),
            first: signature.fn_token.span.start().line,
            last: block.brace_token.span.close().end().line,
        }
    }
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
        let file = syn::parse_file(text).map_err(|error| {
            let place = error.span().start();
            anyhow::anyhow!(
                "{label}:{}: {error}. `cargo build --examples` says more",
                place.line
            )
        })?;
        let mut functions = Vec::new();
        collect_functions(&file.items, &mut functions);
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
                    let whole = syn::parse_file(&cell.code).with_context(|| {
                        format!("{place} cuts an item in two. Move its anchors around whole items")
                    })?;
                    let main =
                        |item: &Item| matches!(item, Item::Fn(function) if function.sig.ident == "main");
                    if whole.items.iter().any(main) {
                        bail!("{place} holds `fn main` itself, which no notebook has. Anchor what is in it");
                    }
                }
                Some("main") => {
                    syn::parse_str::<syn::Block>(&format!("{{{}\n}}", cell.code)).with_context(|| {
                        format!("{place} cuts a statement in two. Move its anchors around whole statements")
                    })?;
                }
                Some(other) => bail!(
                    "{place} lies inside `{other}`: a notebook cannot run it alone. \
                     Anchor the whole function, or a part of `main`"
                ),
            }
        }
        Ok(())
    }
}

fn collect_functions(items: &[Item], into: &mut Vec<Function>) {
    for item in items {
        match item {
            Item::Fn(function) => into.push(Function::new(&function.sig, &function.block)),
            Item::Impl(block) => {
                for part in &block.items {
                    if let ImplItem::Fn(function) = part {
                        into.push(Function::new(&function.sig, &function.block));
                    }
                }
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    collect_functions(items, into);
                }
            }
            _ => {}
        }
    }
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
        let cut = "// ANCHOR: a\nfn f() {\n// ANCHOR_END: a\n}\n";
        assert!(failure(cut).contains("cuts an item"));
    }
}
