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

/// The open book: what is read while chapters are made, and after something is saved.
#[cfg(unix)]
mod open {
    use super::*;
    use serde_json::Value;
    use std::io::{BufRead, BufReader, Lines, Read, Write};
    use std::net::TcpStream;
    use std::process::{Child, ChildStdout, Stdio};
    use std::thread::sleep;
    use std::time::{Duration, Instant};

    /// A listing that says how far it is, and ends when the file `go` appears.
    const SLOW: &str = r##"use std::{fs, thread, time::Duration};

fn main() {
    // ANCHOR: song
    let folder = std::env::var("AEOLIAN_OUT").unwrap() + "/b/";
    fs::create_dir_all(&folder).unwrap();
    eprintln!("\u{1}progress\tpractising\t1\t4");
    for _ in 0..3000 {
        if fs::exists("go").unwrap() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    fs::write(folder.clone() + "song.txt", "la la").unwrap();
    let list = r#"{"arguments": [], "shown": [{"name": "song", "caption": "S", "line": 14, "extensions": ["txt"]}]}"#;
    fs::write(folder + "shown.json", list).unwrap();
    // ANCHOR_END: song
}
"##;

    /// The small book with a second chapter, `b`, that waits for the file `go`; its first page quotes what `b` shows.
    fn two_chapters() -> TempDir {
        let folder = book();
        let root = folder.path();
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let example = "[[example]]\nname = \"b\"\npath = \"chapters/b/listing.rs\"\n";
        write(root, "Cargo.toml", &(manifest + example));
        write(
            root,
            "chapters/SUMMARY.md",
            "# Summary\n\n[Start](README.md)\n\n- [A](a/README.md)\n- [B](b/README.md)\n",
        );
        write(
            root,
            "chapters/README.md",
            "# Start\n\nIn B one sings {{#shown b/song}}.\n",
        );
        write(
            root,
            "chapters/b/README.md",
            "# The song of B\n\n{{#include listing.rs:song}}\n",
        );
        write(root, "chapters/b/listing.rs", SLOW);
        folder
    }

    /// A press that serves; it is ended when it is dropped.
    struct Open {
        press: Child,
        address: String,
        lines: Lines<BufReader<ChildStdout>>,
    }

    impl Open {
        fn new(root: &Path, words: &[&str]) -> Open {
            let mut press = Command::new(env!("CARGO_BIN_EXE_press"))
                .args(words)
                .args(["--port", "22000"])
                .current_dir(root)
                .env_remove("CARGO_TARGET_DIR")
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(press.stdout.take().unwrap()).lines();
            let line = lines
                .by_ref()
                .map(Result::unwrap)
                .find(|line| line.contains("http://"));
            let line = line.expect("an address");
            let address = line
                .split_once("http://")
                .unwrap()
                .1
                .split_whitespace()
                .next()
                .unwrap();
            Open {
                press,
                address: address.to_string(),
                lines,
            }
        }

        fn get(&self, path: &str) -> String {
            let mut stream = TcpStream::connect(&self.address).unwrap();
            write!(
                stream,
                "GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        }

        /// What the script on a page is answered.
        fn asked(&self, page: &str) -> Value {
            let answer = self.get(&format!("being-made/{page}"));
            serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
        }

        fn version(&self, page: &str) -> String {
            self.asked(page)["version"].as_str().unwrap().to_string()
        }

        /// Asks as the script does, until the answer is like this.
        fn wait(&self, page: &str, is_so: impl Fn(&Value) -> bool) -> Value {
            let start = Instant::now();
            loop {
                let answer = self.asked(page);
                if is_so(&answer) {
                    return answer;
                }
                assert!(start.elapsed() < Duration::from_secs(60), "{page} stays {answer}");
                sleep(Duration::from_millis(50));
            }
        }

        fn said(&mut self, words: &str) {
            let found = self
                .lines
                .by_ref()
                .map(Result::unwrap)
                .any(|line| line.contains(words));
            assert!(found, "nobody said: {words}");
        }
    }

    impl Drop for Open {
        fn drop(&mut self) {
            let _ = Command::new("kill")
                .args(["-INT", &self.press.id().to_string()])
                .status(); // with all it has started
            let _ = self.press.wait();
        }
    }

    fn notice(answer: &Value, part: &str) -> String {
        answer["notice"][part].as_str().unwrap_or_default().to_string()
    }

    #[test]
    fn the_first_chapter_can_be_read_while_the_second_is_made_and_appears() {
        let folder = two_chapters();
        let root = folder.path();
        let mut open = Open::new(root, &[]);
        assert!(
            !root.join("book").exists(),
            "the address came before the book was finished"
        );
        assert!(open.get("a.html").contains("of 12,345</p>"));
        assert!(open.get("a/shown/sound.wav").ends_with("RIFF"));
        assert!(
            open.get("index.html").contains("one sings …"),
            "what B has not shown yet"
        );

        let answer = open.wait("b.html", |answer| {
            notice(answer, "left").contains("practising: 1 of 4;")
        });
        assert!(
            notice(&answer, "words").starts_with("This chapter is being made"),
            "{answer}"
        );
        assert!(
            notice(&answer, "left").ends_with(" left.") && answer["notice"]["part"] == 0.25,
            "{answer}"
        );
        let page = open.get("b.html");
        assert!(
            page.contains("The song of B") && page.contains("This chapter is being made"),
            "{page}"
        );
        assert!(
            page.contains("practising: 1 of 4;") && !page.contains("la la"),
            "{page}"
        );
        assert!(open.asked("a.html")["notice"].is_null());

        let (version, of_a) = (answer["version"].clone(), open.version("a.html"));
        write(root, "go", "");
        open.wait("b.html", |answer| answer["version"] != version);
        assert!(open.get("b.html").contains("la la"));
        open.said("Every chapter is made.");
        assert!(open.asked("b.html")["notice"].is_null() && open.get("").contains("one sings la la"));
        assert_eq!(open.version("a.html"), of_a, "its reader is not disturbed");
        for (name, bytes) in files(&root.join("book")) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !text.contains("being-made"),
                "{} holds what only the server adds",
                name.display()
            );
        }
    }

    #[test]
    fn a_chapter_that_fails_says_why_and_appears_once_it_is_mended() {
        let folder = two_chapters();
        let root = folder.path();
        write(root, "go", "");
        write(
            root,
            "chapters/b/listing.rs",
            &SLOW.replace("let list =", "panic!(\"the <string> broke\");\n    let list ="),
        );
        let mut open = Open::new(root, &[]);
        let answer = open.wait("b.html", |answer| !answer["notice"]["reason"].is_null());
        assert!(
            notice(&answer, "words").starts_with("This chapter could not be made"),
            "{answer}"
        );
        assert!(
            notice(&answer, "reason").contains("the <string> broke"),
            "{answer}"
        );
        assert!(
            open.get("b.html").contains("the &lt;string&gt; broke"),
            "without a script, too"
        );
        assert!(open.get("a.html").contains("of 12,345</p>") && !root.join("book").exists());

        write(
            root,
            "chapters/b/listing.rs",
            &SLOW
                .replace("la la", "nonsense")
                .replace("let list", "let list: u8"),
        );
        let answer = open.wait("b.html", |answer| {
            notice(answer, "reason").contains("mismatched types")
        });
        assert!(
            notice(&answer, "reason").contains("chapters/b/listing.rs does not compile"),
            "{answer}"
        );
        write(root, "chapters/b/listing.rs", SLOW);
        open.said("Every chapter is made.");
        assert!(open.get("b.html").contains("la la"));
    }

    #[test]
    fn what_is_saved_is_made_again_and_its_page_alone_is_new() {
        let folder = two_chapters();
        let root = folder.path();
        write(root, "go", "");
        good(press(root, "build"));
        let open = Open::new(root, &[]);
        let (of_a, of_b) = (open.version("a.html"), open.version("b.html"));
        write(
            root,
            "chapters/a/README.md",
            &PAGE.replace("# A", "# A, said better"),
        );
        open.wait("a.html", |answer| answer["version"] != of_a.as_str());
        assert!(open.get("a.html").contains("A, said better") && open.version("b.html") == of_b);

        let of_a = open.version("a.html");
        write(
            root,
            "chapters/a/README.md",
            &PAGE.replace("{{#shown number}}", "{{#shown nothing}}"),
        );
        let answer = open.wait("a.html", |answer| {
            notice(answer, "reason").contains("nobody showed `nothing`")
        });
        assert!(
            notice(&answer, "words").contains("below is from an earlier run"),
            "{answer}"
        );
        assert!(
            open.get("a.html").contains("A, said better"),
            "what was there stays"
        );
        write(
            root,
            "chapters/a/README.md",
            &PAGE.replace("# A", "# A, said better"),
        );
        open.wait("a.html", |answer| answer["version"] == of_a.as_str());

        fs::remove_file(root.join("go")).unwrap();
        write(root, "chapters/b/listing.rs", &SLOW.replace("la la", "tra la"));
        let answer = open.wait("b.html", |answer| notice(answer, "left").contains("practising"));
        assert!(
            notice(&answer, "words").contains("from an earlier run. It is being made anew"),
            "{answer}"
        );
        assert!(open.get("b.html").contains("la la"));
        write(root, "go", "");
        open.wait("b.html", |answer| answer["version"] != of_b.as_str());
        assert!(open.get("b.html").contains("tra la"));
    }

    #[test]
    fn a_second_run_shows_the_earlier_page_until_the_new_one_is_made() {
        let folder = two_chapters();
        let root = folder.path();
        write(root, "go", "");
        good(press(root, "build"));
        fs::remove_file(root.join("go")).unwrap();
        write(root, "chapters/b/listing.rs", &SLOW.replace("la la", "tra la"));
        write(
            root,
            "chapters/a/README.md",
            &PAGE.replace("# A", "# A, said better"),
        );
        let mut open = Open::new(root, &[]);
        assert!(open.get("a.html").contains("A, said better"));
        let answer = open.wait("b.html", |answer| notice(answer, "left").contains("practising"));
        assert!(
            notice(&answer, "words").contains("from an earlier run. It is being made anew"),
            "{answer}"
        );
        assert!(open.get("b.html").contains("la la") && !open.get("b.html").contains("tra la"));
        write(root, "go", "");
        open.said("Every chapter is made.");
        assert!(open.get("b.html").contains("tra la"));
    }

    #[test]
    fn practise_watches_and_has_the_book_open_beside() {
        let folder = two_chapters();
        let root = folder.path();
        write(root, "go", "");
        let exercise = "# C\n\n## Exercises\n\n### One (5 minutes) {#one}\n\nGive 1.\n\n<details><summary>Hint</summary>\n\n1\n\n</details>\n\n\
                        <details><summary>One answer</summary>\n\n{{#include solutions.rs:one}}\n\n</details>\n\n\
                        <details><summary>Why</summary>\n\nIt is one.\n\n</details>\n";
        let stub = |body: &str| {
            format!(
                "pub fn one() -> u8 {{\n    {body}\n}}\n\nmod checks {{\n    #[test]\n    fn one() {{\n        assert_eq!(super::one(), 1);\n    }}\n}}\n"
            )
        };
        write(root, "chapters/03-c/README.md", exercise);
        write(root, "chapters/03-c/exercises.rs", &stub("2"));
        write(
            root,
            "chapters/03-c/solutions.rs",
            "// ANCHOR: one\npub fn one() -> u8 {\n    1\n}\n// ANCHOR_END: one\n",
        );
        write(
            root,
            "chapters/SUMMARY.md",
            "# Summary\n\n[Start](README.md)\n\n- [A](a/README.md)\n- [B](b/README.md)\n- [C](03-c/README.md)\n",
        );
        let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
        write(
            root,
            "Cargo.toml",
            &(manifest + "[[test]]\nname = \"c\"\npath = \"chapters/03-c/exercises.rs\"\n"),
        );
        let mut open = Open::new(root, &["practise", "c", "--watch"]);
        open.wait("b.html", |answer| answer["notice"].is_null());
        let of_c = open.version("03-c.html");
        write(
            root,
            "chapters/03-c/README.md",
            &exercise.replace("Give 1", "Give the first number"),
        );
        write(root, "chapters/03-c/exercises.rs", &stub("1"));
        open.wait("03-c.html", |answer| answer["version"] != of_c.as_str());
        assert!(open.get("03-c.html").contains("Give the first number"));
        open.said("1 of 1 solved");
    }
}
