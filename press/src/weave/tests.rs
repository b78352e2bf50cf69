//! Each construct of a page, and each thing that can be wrong with one, on a chapter in a folder of its own.

use super::*;
use std::fs;
use tempfile::TempDir;

const LISTING: &str = "\
// ANCHOR: top
fn half(x: f64) -> f64 {
    x / 2.0
}
// ANCHOR_END: top

fn main() {
    // ANCHOR: tune
    page.show(\"tune\", &half(3.0));
    // ANCHOR_END: tune
    // ANCHOR: number
    page.show(\"number\", &7);
    // ANCHOR_END: number
}
";

const PAGE: &str = "\
# A chapter

It is {{#shown number}}, and $x_1 * x_2$; see [below](#e) and [itself](README.md).

{{#include listing.rs:top}}

{{#include listing.rs:tune}}

{{#include listing.rs:number}}

### E (5 minutes) {#e}

{{#include solutions.rs:e}}

{{#include ../../src/lib.rs:quoted}}
";

const SHOWN: &str = r#"{"arguments": [], "shown": [
    {"name": "tune", "caption": "A <tune>", "line": 9, "extensions": ["svg", "wav", "mid"]},
    {"name": "number", "caption": "A number", "line": 12, "extensions": ["txt"]}]}"#;

const FILES: [(&str, &str); 9] = [
    ("chapters/a/README.md", PAGE),
    ("chapters/a/listing.rs", LISTING),
    (
        "chapters/a/solutions.rs",
        "// ANCHOR: e\nfn e() {}\n// ANCHOR_END: e\n",
    ),
    (
        "src/lib.rs",
        "impl A {\n    fn b() {\n        // ANCHOR: quoted\n        let c = 1;\n        // ANCHOR_END: quoted\n    }\n}\n",
    ),
    ("out/a/shown.json", SHOWN),
    (
        "out/a/tune.svg",
        "<?xml version=\"1.0\"?>\n<svg viewBox=\"0 0 1 1\">\n\n<path d=\"M0 0\"/></svg>",
    ),
    ("out/a/tune.wav", "RIFF"),
    ("out/a/tune.mid", "MThd"),
    ("out/a/number.txt", "759499667166482\n"),
];

/// The chapter with one file changed: the first `old` in it becomes `new`.
fn chapter(file: &str, old: &str, new: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if name == file {
            assert!(text.contains(old), "{name} has no {old}");
            fs::write(path, text.replacen(old, new, 1)).unwrap();
        } else {
            fs::write(path, text).unwrap();
        }
    }
    root
}

fn woven(root: &TempDir) -> (Woven, Vec<String>) {
    let text = fs::read_to_string(root.path().join("chapters/a/README.md")).unwrap();
    weave(root.path(), Path::new("a/README.md"), &text, &BTreeSet::new())
}

fn problems(file: &str, old: &str, new: &str) -> String {
    woven(&chapter(file, old, new)).1.join("\n")
}

#[test]
fn a_page_says_how_long_it_takes_once_its_program_has_run() {
    let root = chapter("", "", "");
    assert!(!woven(&root).0.markdown().contains("minutes to read"));
    fs::write(root.path().join("out/a.took"), "12.3").unwrap();
    let page = woven(&root).0.markdown();
    let times = "# A chapter\n\n<p class=\"times\">About 2 minutes to read. Its program ran for 13 seconds here.</p>\n\nIt is";
    assert!(page.starts_with(times), "{page}");
}

#[test]
fn a_page_begins_with_a_picture_of_its_first_music() {
    let root = chapter("", "", "");
    fs::write(root.path().join("out/a.took"), "12.3").unwrap();
    let tune = aeolian::music::Melody::parse(1, "C4 D4 E4").unwrap().score("", 0);
    aeolian::music::midi::write(&root.path().join("out/a/tune.mid"), &tune).unwrap();
    let page = woven(&root).0.markdown();
    let (head, rest) = page.split_once("<p class=\"times\">").unwrap();
    assert!(
        head.starts_with("# A chapter\n\n<div class=\"vignette\" aria-hidden=\"true\"><svg"),
        "{head}"
    );
    assert_eq!(
        head.matches("<rect").count(),
        1 + 3,
        "a bar for each note, and a ground"
    );
    assert!(!head.trim_end().contains("\n\n<svg") && !rest.contains("vignette"));
}

#[test]
fn a_fold_hides_the_code_and_not_what_it_showed() {
    let cell = "{{#include listing.rs:tune}}";
    let fold =
        format!("<details class=\"cell\"><summary>A tune</summary>\n\n{cell}\n\n</details><!-- cell -->");
    let (woven, problems) = woven(&chapter("chapters/a/README.md", cell, &fold));
    assert_eq!(problems, Vec::<String>::new());
    let page = woven.markdown();
    let (before, after) = page.split_once("</details><!-- cell -->").unwrap();
    assert!(
        before.contains("half(3.0)") && !before.contains("<figure"),
        "{page}"
    );
    assert!(after.trim_start().starts_with("<figure"), "{page}");
    assert!(page.contains("<output>759,499,667,166,482</output>"), "{page}");
}

#[test]
fn a_number_of_a_fold_that_a_sentence_quotes_has_no_box_of_its_own() {
    let cell = "{{#include listing.rs:number}}";
    let fold =
        format!("<details class=\"cell\"><summary>A number</summary>\n\n{cell}\n\n</details><!-- cell -->");
    let (woven, problems) = woven(&chapter("chapters/a/README.md", cell, &fold));
    assert_eq!(problems, Vec::<String>::new());
    let page = woven.markdown();
    assert!(
        page.contains("It is 759,499,667,166,482") && !page.contains("<output>"),
        "{page}"
    );
}

#[test]
fn a_page_holds_code_what_it_showed_values_and_formulas() {
    let (woven, problems) = woven(&chapter("", "", ""));
    assert_eq!(problems, Vec::<String>::new());
    let page = woven.markdown();
    for part in [
        "It is 759,499,667,166,482, and <math>",
        "[itself](a.html)",
        "<p class=\"snippet\"><a href=\"a/listing.rs\"><code>chapters/a/listing.rs</code></a></p>\n\n```rust\nfn half",
        "</a>, in <code>main</code></p>\n\n```rust\npage.show(\"tune\", &half(3.0));\n```\n\n<figure",
        "aria-label=\"A &lt;tune&gt;\"",
        "src=\"a/shown/tune.wav\"",
        "href=\"a/shown/tune.mid\"",
        "<output>759,499,667,166,482</output>",
        "{#e}\n\n\n```rust\nfn e() {}\n```",
        "<code>src/lib.rs</code>, in <code>b</code></p>\n\n```rust\nlet c = 1;\n```",
    ] {
        assert!(page.contains(part), "{part} is missing in\n{page}");
    }
}

#[test]
fn a_page_that_does_not_fit_its_listing_is_named_with_line_and_remedy() {
    let page = "chapters/a/README.md";
    for (old, new, expected) in [
        (
            "{{#include listing.rs:top}}",
            "",
            "chapters/a/listing.rs:1: no page includes the cell `top`. Write `{{#include listing.rs:top}}`",
        ),
        (
            "listing.rs:top",
            "listing.rs:tip",
            "chapters/a/README.md:5: chapters/a/listing.rs has no cell `tip`. It has: top",
        ),
        (
            "listing.rs:number",
            "listing.rs:top",
            "chapters/a/README.md:9: the cell `top` is on this page already",
        ),
        (
            "{{#include listing.rs:top}}\n\n{{#include listing.rs:tune}}",
            "{{#include listing.rs:tune}}\n\n{{#include listing.rs:top}}",
            "chapters/a/README.md:7: the cell `top` comes after `tune` here but before it in the listing",
        ),
        (
            "solutions.rs:e",
            "solutions.rs:f",
            "chapters/a/README.md:13: chapters/a/solutions.rs has no anchor `f`. It has: e",
        ),
        (
            "solutions.rs:e",
            "gone.rs:e",
            "chapters/a/README.md:13: chapters/a/gone.rs: cannot be read",
        ),
        (
            "shown number",
            "shown numbers",
            "chapters/a/README.md:3: nobody showed `numbers`.",
        ),
        (
            "shown number",
            "shown tune",
            "chapters/a/README.md:3: `tune` is no text or number",
        ),
        (
            "shown number",
            "shown b/number",
            "chapters/a/README.md:3: `{{#shown b/number}}` has no value: out/b/shown.json",
        ),
        (
            "x_1 * x_2",
            "\\nosuch x",
            "chapters/a/README.md:3: $\\nosuch x$ is no formula",
        ),
        (
            "](README.md)",
            "](gone.md)",
            "chapters/a/README.md:3: the link to gone.md leads nowhere",
        ),
        (
            "# A chapter",
            "{{#title A}}",
            "chapters/a/README.md:1: `{{#title A}}` is not understood",
        ),
    ] {
        let problems = problems(page, old, new);
        assert!(problems.contains(expected), "{expected}\nis not in\n{problems}");
    }
}

#[test]
fn what_a_listing_showed_wrongly_is_named_with_line_and_remedy() {
    let shown = "out/a/shown.json";
    for (old, new, expected) in [
        (
            "\"line\": 12",
            "\"line\": 9",
            "chapters/a/listing.rs:9: the cell `tune` shows both `tune` and `number`. Cut it in two",
        ),
        (
            "A number",
            " ",
            "chapters/a/listing.rs:12: `number` has no caption. Show",
        ),
        (
            "\"line\": 9",
            "\"line\": 7",
            "chapters/a/listing.rs:7: no page embeds `tune`. Show it inside a cell",
        ),
        (
            "\"arguments\": []",
            "\"arguments\": [\"x\"]",
            "out/a/shown.json: comes from a run with arguments (x)",
        ),
        (
            "{",
            "",
            "out/a/shown.json: is damaged. `cargo run -- build` makes it anew",
        ),
        (
            "\"svg\"",
            "\"exe\"",
            "\"tune\" has a file of a kind that no page shows: exe",
        ),
    ] {
        let problems = problems(shown, old, new);
        assert!(problems.contains(expected), "{expected}\nis not in\n{problems}");
    }
    let listing = problems("chapters/a/listing.rs", "// ANCHOR_END: top", "");
    assert!(
        listing.contains("chapters/a/listing.rs:1: `top` never ends"),
        "{listing}"
    );
}

#[test]
fn a_missing_run_is_named_and_leaves_the_notebook_its_shape() {
    let root = chapter("", "", "");
    let full = crate::notebook::notebook(&woven(&root).0).unwrap();
    fs::remove_dir_all(root.path().join("out")).unwrap();
    let (bare, problems) = woven(&root);
    assert!(
        problems
            .iter()
            .any(|what| what.contains("out/a/shown.json: cannot be read. `cargo run -- build` makes it"))
    );
    assert!(crate::notebook::is_woven_from(&bare, &full));
}

#[test]
fn a_page_without_a_listing_may_quote_another_chapter() {
    let root = chapter("", "", "");
    let weave = |text: &str| weave(root.path(), Path::new("README.md"), text, &BTreeSet::new());
    let (page, problems) = weave("{{#shown a/number}}\n");
    assert_eq!(
        (page.markdown().as_str(), problems),
        ("759,499,667,166,482\n", vec![])
    );
    assert_eq!(page.chapter, None);
    let (page, problems) = weave("{{#shown a/tune}}\n");
    let page = page.markdown();
    assert!(
        problems.is_empty() && page.contains("src=\"a/shown/tune.wav\""),
        "{page}"
    );
    let (_, problems) = weave("{{#shown number}}\n\n{{#include listing.rs:top}}\n");
    assert!(
        problems[0].contains("chapters/README.md:1: `{{#shown number}}` names no chapter"),
        "{problems:?}"
    );
    assert!(
        problems[1].contains("chapters/README.md:3: there is no listing here"),
        "{problems:?}"
    );
}
