//! What a reader may give to a listing, and what has to come of it: `tests/cases/user`, and more of the kind.

use aeolian::music::{Note, Pitch, Score, midi};
use aeolian::page::{LIST, Run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file or folder of the cases.
fn case(name: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/user");
    cases.join(name).to_str().unwrap().to_string()
}

/// What a listing that was given something showed, or what it said when it refused.
struct Given {
    folder: tempfile::TempDir,
    chapter: String,
    said: String,
    good: bool,
}

impl Given {
    fn to(chapter: &str, words: &[&str]) -> Given {
        let folder = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--example", chapter, "--"])
            .args(words)
            .env("AEOLIAN_OUT", folder.path())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("panicked"), "{chapter} {words:?}: {said}");
        Given {
            folder,
            chapter: chapter.to_string(),
            said,
            good: output.status.success(),
        }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(&self.chapter).join(file)
    }

    fn text(&self, name: &str) -> String {
        assert!(self.good, "{}", self.said);
        let path = self.path(&format!("{name}.txt"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The captions of what was shown, by name.
    fn caption(&self, name: &str) -> String {
        assert!(self.good, "{}", self.said);
        let run: Run = serde_json::from_slice(&std::fs::read(self.path(LIST)).unwrap()).unwrap();
        let shown = run.shown.into_iter().find(|shown| shown.name == name);
        shown.unwrap_or_else(|| panic!("{name} is not shown")).caption
    }

    /// Refused before anything was shown, with these words.
    fn refused(&self, words: &[&str]) {
        assert!(!self.good, "{} took it", self.chapter);
        assert!(
            !self.path(LIST).exists(),
            "something was shown first: {}",
            self.said
        );
        for word in words {
            assert!(self.said.contains(word), "{word}: {}", self.said);
        }
    }
}

#[test]
fn what_is_no_music_is_named_with_what_to_do() {
    Given::to("00-sound", &[&case("songs.zip")]).refused(&["songs.zip", "a ZIP archive. Unpack it first"]);
    let drums = case("drums-only.mid");
    for chapter in [
        "01-wind",
        "02-dice",
        "03-markov",
        "04-hidden",
        "06-recurrent",
        "07-lstm",
    ] {
        let given = Given::to(chapter, &[&drums]);
        assert!(
            !given.good && given.said.contains("drums-only.mid: drums alone"),
            "{chapter}: {}",
            given.said
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        folder.path().join(name).to_str().unwrap().to_string()
    };
    let words = file("words.txt", &b"It rains in the plains. ".repeat(40));
    for (chapter, given, says) in [
        ("04-hidden", &words, "plain text"),
        ("06-recurrent", &words, "plain text"),
        ("03-markov", &case("only-wavs"), "1 of them a WAV file"),
        ("07-lstm", &case("sound.wave"), "a WAV file"),
        (
            "00-sound",
            &file("song", b"<?xml version=\"1.0\"?>\n<score-partwise/>"),
            "Export it as MIDI",
        ),
        ("05-backprop", &file("song.flac", b"fLaC\0\0\0\x22"), "ffmpeg"),
        ("00-sound", &file("paper.mid", b"%PDF-1.7"), "a PDF document"),
    ] {
        Given::to(chapter, &[given]).refused(&[says]);
    }
}

#[test]
fn files_are_what_their_first_bytes_say() {
    let given = Given::to("00-sound", &[&case("midi-without-extension")]);
    assert!(given.text("notes-shown").contains("midi-without-extension"));
    let drums = Given::to("00-sound", &[&case("drums-only.mid")]);
    assert!(
        drums.text("your-music").contains("1 piece, "),
        "drums can be heard"
    );
    for sounds in ["sound.wave", "only-wavs"] {
        let given = Given::to("00-sound", &[&case(sounds)]);
        assert!(given.text("sound-heard").contains(sounds));
        assert!(
            given
                .text("notes-shown")
                .contains("no notes: those shown are of Greensleeves")
        );
        assert_eq!(given.caption("sizes"), "Greensleeves as notes and as sound");
    }
}

#[test]
fn one_tune_is_enough_to_learn_and_to_test_on() {
    let tune = case("one-tune.abc");
    let given = Given::to("03-markov", &[&tune]);
    assert!(
        given
            .text("best-fixed-order-bits")
            .trim()
            .parse::<f64>()
            .unwrap()
            .is_finite()
    );
    assert!(given.caption("sentence").contains("the book's prose, not yours"));
    assert!(!given.caption("melody").contains("not yours"));
    let folds = Given::to("03-markov", &[&tune, "--folds", "10"]);
    assert!(
        folds
            .text("variable-order-bits")
            .trim()
            .parse::<f64>()
            .unwrap()
            .is_finite()
    );
    Given::to("03-markov", &[&tune, "--folds", "1"]).refused(&["--folds 2"]);
    let given = Given::to("04-hidden", &[&tune, "--states", "2"]);
    assert!(given.text("chords-note").contains("no chords"));
    assert!(
        given
            .caption("harmonised-chords")
            .contains("chords of the book's waltzes, not yours")
    );
    assert!(!given.caption("bits-per-frame").contains("not yours"));
}

#[test]
fn a_text_teaches_words_and_the_tunes_are_named_as_the_books() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("diary");
    std::fs::write(
        &path,
        "Today it rained in the plains again.\nThen the sun came out.\n".repeat(30),
    )
    .unwrap();
    let given = Given::to("03-markov", &[path.to_str().unwrap()]);
    assert!(!given.caption("sentences").contains("not yours"));
    assert!(given.text("sentence").contains("the"));
    assert!(given.text("tunes-note").contains("Your text has no notes"));
    for name in ["tunes", "bits-by-order", "melody", "temperatures"] {
        assert!(
            given.caption(name).contains("the book's tunes, not yours"),
            "{name}"
        );
    }
    assert!(given.caption("dice").contains("the book's waltzes"));
    assert!(!given.caption("xenakis-counts").contains("not yours"));
}

#[test]
fn chords_in_one_track_are_chords() {
    let folder = tempfile::tempdir().unwrap();
    for (piece, up) in [0, 2, 5].into_iter().enumerate() {
        let mut notes = Vec::new();
        for bar in 0..8u32 {
            for key in [48, 64, 67, 72 + bar as i32 % 3] {
                notes.push(Note::new(8 * bar, 8, Pitch::new(key + up).unwrap()));
            }
        }
        let score = Score::new("Piano", 2)
            .with_metre(4, 4)
            .with_voice("piano", 0, notes);
        midi::write(&folder.path().join(format!("{piece}.mid")), &score).unwrap();
    }
    let given = Given::to("04-hidden", &[folder.path().to_str().unwrap(), "--states", "3"]);
    assert!(
        given
            .text("your-music")
            .contains("notes sound together in 3 pieces")
    );
    assert!(
        !given.caption("chords").contains("not yours"),
        "learned from the reader's chords"
    );
    assert!(!given.path("chords-note.txt").exists());
}
