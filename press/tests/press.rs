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
    if fs::exists("data/slow").unwrap() {
        fs::write("data/started", std::process::id().to_string()).unwrap();
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
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

    write(root, "book.1.part/index.html", "from a press that was killed");
    write(root, "out/.1/a/number.txt", "from it, too");
    assert!(!ran(&good(press(root, "build"))), "nothing changed");
    assert!(!root.join("book.1.part").exists() && !root.join("out/.1").exists());
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

#[cfg(unix)]
mod interrupted {
    use super::*;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::process::Stdio;
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    fn interrupt(process: u32) {
        let kill = Command::new("kill").args(["-INT", &process.to_string()]).status();
        assert!(kill.unwrap().success());
    }

    #[test]
    fn the_book_is_served_at_the_next_free_port_until_ctrl_c() {
        let folder = book();
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut child = Command::new(env!("CARGO_BIN_EXE_press"))
            .args(["--port", &port.to_string()])
            .current_dir(folder.path())
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said: Vec<String> = lines.take(2).map(Result::unwrap).collect();
        assert!(said[0].contains(&format!("Port {port} is in use")), "{said:?}");
        let address = said[1].split_once("http://").unwrap().1;
        let address = address.split_whitespace().next().unwrap();
        assert_ne!(address, format!("127.0.0.1:{port}"));
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "GET /a.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        assert!(
            page.starts_with("HTTP/1.1 200") && page.contains("<mfrac>"),
            "{page}"
        );
        interrupt(child.id());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }

    #[test]
    fn ctrl_c_ends_the_listings_and_leaves_nothing_half_done() {
        let folder = book();
        let root = folder.path();
        write(root, "data/slow", "");
        let mut child = Command::new(env!("CARGO_BIN_EXE_press"))
            .arg("build")
            .current_dir(root)
            .env_remove("CARGO_TARGET_DIR")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let listing = loop {
            match fs::read_to_string(root.join("data/started")) {
                Ok(id) if !id.is_empty() => break id,
                _ => assert!(
                    start.elapsed() < Duration::from_secs(120),
                    "the listing never ran"
                ),
            }
            sleep(Duration::from_millis(20));
        };
        interrupt(child.id());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let alive = Command::new("kill")
            .args(["-0", &listing])
            .stderr(Stdio::null())
            .status();
        assert!(!alive.unwrap().success(), "the listing goes on");
        assert_eq!(fs::read_dir(root.join("out")).unwrap().count(), 0);
        assert!(!root.join("book").exists());
    }
}
