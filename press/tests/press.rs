//! The program itself, on a small book whose listings need no library.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A listing that shows a number from the data and a sound, as the library would.
const LISTING: &str = r##"use std::fs;

fn main() {
    // ANCHOR: number
    let folder = std::env::var("AEOLIAN_OUT").unwrap() + "/a/";
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.clone() + "number.txt", fs::read("data/number").unwrap()).unwrap();
    // ANCHOR_END: number
    // ANCHOR: sound
    fs::write(folder.clone() + "sound.wav", "RIFF").unwrap();
    fs::write(folder.clone() + "left-over.txt", "nobody lists this").unwrap();
    let list = r#"{"arguments": [], "shown": [
        {"name": "number", "caption": "N", "line": 7, "extensions": ["txt"]},
        {"name": "sound", "caption": "S", "line": 10, "extensions": ["wav"]}]}"#;
    fs::write(folder + "shown.json", list).unwrap();
    // ANCHOR_END: sound
    eprintln!("\u{1}progress\tplaying\t1\t2");
    if fs::exists("data/fail").unwrap() {
        panic!("the string broke");
    }
}
"##;

const PAGE: &str = "# A\n\n$\\frac{1}{2}$ of {{#shown number}}\n\n{{#include listing.rs:number}}\n\n{{#include listing.rs:sound}}\n";

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let press = env!("CARGO_BIN_EXE_press");
    let target = root.join("target").display().to_string();
    let toml = format!(
        "[book]\nsrc = \"chapters\"\n[build]\ncreate-missing = false\nuse-default-preprocessors = false\n\
         [preprocessor.press]\ncommand = '''{press} preprocess'''\n"
    );
    let manifest = "[package]\nname = \"small\"\nedition = \"2024\"\n[workspace]\n\
                    [[example]]\nname = \"a\"\npath = \"chapters/a/listing.rs\"\n";
    write(root, "book.toml", &toml);
    write(root, "Cargo.toml", manifest);
    write(
        root,
        ".cargo/config.toml",
        &format!("[build]\ntarget-dir = '''{target}'''\n"),
    );
    write(root, "src/lib.rs", "");
    write(root, "data/number", "12345\n");
    write(
        root,
        "chapters/SUMMARY.md",
        "# Summary\n\n[Start](README.md)\n\n- [A](a/README.md)\n",
    );
    write(root, "chapters/README.md", "# Start\n\nTo [A](a/README.md).\n");
    write(root, "chapters/a/README.md", PAGE);
    write(root, "chapters/a/listing.rs", LISTING);
    folder
}

/// Starts the press in this folder.
fn press(folder: &Path, command: &str) -> Output {
    let mut press = Command::new(env!("CARGO_BIN_EXE_press"));
    press
        .arg(command)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR");
    press.output().unwrap()
}

fn good(output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn bad(output: Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_path_buf();
                all.insert(name, fs::read(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn listings_run_when_program_or_data_changed_and_only_then() {
    let folder = book();
    let root = folder.path();
    let ran = |said: &str| said.contains("Running a took");
    let number = || fs::read_to_string(root.join("out/a/number.txt")).unwrap();

    assert!(
        ran(&good(press(&root.join("chapters/a"), "build"))),
        "from a folder below too"
    );
    assert!(!root.join("out/a/left-over.txt").exists() || number() == "12345\n");
    let page = fs::read_to_string(root.join("book/a.html")).unwrap();
    assert!(
        page.contains("of 12,345</p>") && page.contains("<mfrac>"),
        "{page}"
    );
    assert!(root.join("book/a/shown/sound.wav").is_file() && root.join("notebooks/a.ipynb").is_file());

    assert!(!ran(&good(press(root, "build"))), "nothing changed");
    write(root, "data/number", "54321\n");
    assert!(ran(&good(press(root, "build"))), "the data changed");
    assert_eq!(number(), "54321\n");
    fs::remove_file(root.join("out/a/sound.wav")).unwrap();
    assert!(ran(&good(press(root, "build"))), "a result is missing");
    let list = fs::read_to_string(root.join("out/a/shown.json")).unwrap();
    write(
        root,
        "out/a/shown.json",
        &list.replace("\"arguments\": []", "\"arguments\": [\"mine\"]"),
    );
    assert!(ran(&good(press(root, "build"))), "somebody ran it on other music");
    write(
        root,
        "chapters/a/listing.rs",
        &LISTING.replace("\"RIFF\"", "\"RIFX\""),
    );
    assert!(ran(&good(press(root, "build"))), "the program changed");
    assert_eq!(fs::read(root.join("book/a/shown/sound.wav")).unwrap(), b"RIFX");

    write(root, "data/fail", "");
    let said = bad(press(root, "build"));
    assert!(
        said.contains("chapters/a/listing.rs failed") && said.contains("the string broke"),
        "{said}"
    );
    assert!(!said.contains("progress"), "{said}");
    assert_eq!(number(), "54321\n", "what was there stays");
    assert!(root.join("book/a.html").is_file());
    fs::remove_file(root.join("data/fail")).unwrap();

    write(root, "chapters/b/listing.rs", "fn main() {}");
    let said = bad(press(root, "build"));
    assert!(
        said.contains("chapters/b/listing.rs is no example yet") && said.contains("[[example]]"),
        "{said}"
    );
    fs::remove_dir_all(root.join("chapters/b")).unwrap();

    write(root, "chapters/a/listing.rs", "fn main() { nonsense }");
    assert!(bad(press(root, "build")).contains("nonsense"), "what rustc says");
}

#[test]
fn stock_mdbook_makes_the_same_pages_and_weaving_again_changes_nothing() {
    let folder = book();
    let root = folder.path();
    good(press(root, "build"));
    let ours = files(&root.join("book"));
    let notebooks = files(&root.join("notebooks"));
    let made = |name: &str| fs::metadata(root.join(name)).unwrap().modified().unwrap();
    let (sound, notebook) = (made("chapters/a/shown/sound.wav"), made("notebooks/a.ipynb"));
    good(press(root, "weave"));
    assert!(files(&root.join("book")) == ours && files(&root.join("notebooks")) == notebooks);
    assert_eq!(sound, made("chapters/a/shown/sound.wav"));
    assert_eq!(notebook, made("notebooks/a.ipynb"));

    let stock = mdbook_driver::MDBook::load(root).unwrap();
    stock.build().unwrap();
    let theirs = files(&root.join("book"));
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        theirs.keys().collect::<Vec<_>>(),
        "the same files"
    );
    for (name, bytes) in &ours {
        assert!(theirs.get(name) == Some(bytes), "{} differs", name.display());
    }
    let print = String::from_utf8_lossy(&ours[Path::new("print.html")]).into_owned();
    assert!(
        print.contains("src=\"a/shown/sound.wav\""),
        "players work on the print page"
    );
}

#[test]
fn what_stands_in_the_way_is_named() {
    let folder = book();
    let root = folder.path();
    let said = bad(press(root, "weave"));
    assert!(
        said.contains("out/a/shown.json: cannot be read. `cargo run -- build` makes it"),
        "{said}"
    );
    write(root, "out", "a file where a folder should be");
    let said = bad(press(root, "build"));
    assert!(said.contains("out: cannot be written. Check"), "{said}");
    fs::remove_file(root.join("out")).unwrap();
    write(root, "book", "a file where a folder should be");
    let said = bad(press(root, "build"));
    assert!(said.contains("book: cannot be replaced. Check"), "{said}");
    let elsewhere = tempfile::tempdir().unwrap();
    let said = bad(press(elsewhere.path(), "build"));
    assert!(said.contains("no book.toml here or in a folder above"), "{said}");
}
