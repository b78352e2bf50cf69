use super::*;
use std::ffi::OsString;

const TUNE: &str = "X:1\nT:Up and down\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|\n";

/// A folder with files to give, and what a page shows.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new(files: &[(&str, &[u8])]) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            file::write(&desk.path(name), bytes).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self, takes: &[Takes], music: &str, more: &[&str]) -> Result<Page> {
        let mut words = vec![self.path(music).into_os_string()];
        words.extend(more.iter().map(OsString::from));
        words.extend(["--out".into(), self.path("out").into_os_string()]);
        Page::told("chapter", takes, words)
    }

    fn refused(&self, takes: &[Takes], music: &str) -> String {
        self.open(takes, music, &[]).unwrap_err().to_string()
    }
}

fn wav_file() -> Vec<u8> {
    wav::encode(&Sound::sine(440.0, 0.5, 0.1), wav::Format::Int16).unwrap()
}

/// What was shown last: its name and caption.
fn last(page: &Page) -> (&str, &str) {
    let shown = page.run.shown.last().unwrap();
    (&shown.name, &shown.caption)
}

fn text_of(page: &Page, name: &str) -> String {
    let file = page.folder.as_ref().unwrap().join(format!("{name}.txt"));
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn without_music_of_the_readers_nothing_is_said() {
    let desk = Desk::new(&[]);
    let words = vec!["--out".into(), desk.path("out").into_os_string()];
    let mut page = Page::told("chapter", &[Takes::Text], words).unwrap();
    page.tunes().unwrap();
    page.prose().unwrap();
    assert_eq!(page.own("chords", "waltzes", |_| Ok(())).unwrap(), None);
    page.from_book("waltzes");
    page.note("note", "said to nobody").unwrap();
    page.show("number", &1.captioned("one")).unwrap();
    assert_eq!(page.run.shown.len(), 1);
    assert_eq!(last(&page), ("number", "one"));
}

#[test]
fn notes_teach_no_words_and_captions_say_whose_words_they_are() {
    let desk = Desk::new(&[
        ("a/tune.abc", TUNE.as_bytes()),
        ("a/score.xml", b"<score-partwise>"),
    ]);
    let takes = [Takes::Text, Takes::Folds("in turn")];
    let mut page = desk.open(&takes, "a", &[]).unwrap();
    assert_eq!(last(&page), ("your-music", "about your music"));
    let about = text_of(&page, "your-music");
    for part in ["1 piece, 16 notes", "1 skipped", "score.xml", "Export it as MIDI"] {
        assert!(about.contains(part), "{about}");
    }
    page.prose().unwrap();
    assert!(
        text_of(&page, "prose-note").starts_with("Your music has no words. Shown here: the book's prose")
    );
    page.show("words", &1.captioned("words")).unwrap();
    assert_eq!(last(&page).1, "words (the book's prose, not yours)");
    assert_eq!(page.tunes().unwrap().pieces[0].score.title, "Up and down");
    page.show("tune", &1.captioned("a tune")).unwrap();
    assert_eq!(last(&page).1, "a tune");
    let chords = page
        .own("chords", "the book's waltzes", |music| music.clone().polyphonic())
        .unwrap();
    assert_eq!(chords, None);
    assert!(text_of(&page, "chords-note").contains("sound together"));
    page.note("another", "still yours").unwrap();
    assert_eq!(last(&page).1, "about your music");
    page.show("chords", &1.captioned("chords")).unwrap();
    assert_eq!(last(&page).1, "chords (the book's waltzes, not yours)");
    page.from_book("");
    page.show("dice", &1.captioned("dice")).unwrap();
    assert_eq!(last(&page).1, "dice");
}

#[test]
fn a_text_has_no_notes() {
    let latin = "Ein Satz \u{FC}ber das Wetter. ".repeat(30);
    let bytes: Vec<u8> = latin.chars().map(|letter| letter as u8).collect();
    let desk = Desk::new(&[("book", &bytes), ("short.txt", b"Too short.")]);
    let mut page = desk.open(&[Takes::Text], "book", &[]).unwrap();
    assert!(text_of(&page, "your-music").contains("read as Latin-1"));
    assert_eq!(page.prose().unwrap(), latin);
    assert!(page.tunes().unwrap().pieces.len() > 100, "the book's");
    page.show("tune", &1.captioned("a tune")).unwrap();
    assert_eq!(last(&page).1, "a tune (the book's tunes, not yours)");
    page.tunes().unwrap(); // and says so once only
    assert!(desk.refused(&[Takes::Text], "short.txt").contains("10 letters"));
    let refused = desk.refused(&[], "book");
    assert!(
        refused.contains("plain text") && refused.contains("MIDI or ABC"),
        "{refused}"
    );
}

#[test]
fn sounds_are_taken_where_they_are_taken() {
    let (sound, title) = (wav_file(), Score::new("Greensleeves", 4));
    let files = [
        ("s/b.wave", &sound[..]),
        ("s/a", &sound),
        ("s/c.txt", b"words"),
        ("t/d.abc", TUNE.as_bytes()),
    ];
    let desk = Desk::new(&files);
    let mut page = desk.open(&[Takes::Sounds], "s", &[]).unwrap();
    assert_eq!(page.sounds(), [desk.path("s/a"), desk.path("s/b.wave")]);
    assert!(page.music().is_none());
    assert_eq!(page.piece(title.clone()).unwrap().title, "Greensleeves");
    assert!(text_of(&page, "notes-shown").contains("no notes: those shown are of Greensleeves"));
    assert!((page.sound_of(&title).unwrap().seconds() - 0.1).abs() < 1e-3);
    assert!(text_of(&page, "sound-heard").contains("s/a"));
    let mut page = desk.open(&[Takes::Sounds], "t", &[]).unwrap();
    assert_eq!(page.piece(title).unwrap().title, "Up and down");
    assert!(desk.refused(&[], "s/a").contains("WAV"));
    assert!(desk.refused(&[], "s").contains("2 of them a WAV file"));
    assert!(desk.refused(&[Takes::Sounds], "s/c.txt").contains("plain text"));
}

#[test]
fn what_cannot_be_tested_is_refused_at_once() {
    let desk = Desk::new(&[
        ("note.abc", b"X:1\nT:One\nK:C\nC|\n"),
        ("tune.abc", TUNE.as_bytes()),
    ]);
    let takes = [Takes::Folds("in turn")];
    assert!(desk.refused(&takes, "note.abc").contains("too few"));
    assert!(desk.open(&[], "note.abc", &[]).is_ok(), "where nothing is tested");
    assert!(desk.open(&takes, "tune.abc", &[]).is_ok());
    assert!(desk.open(&takes, "tune.abc", &["--folds", "5"]).is_ok());
    let one = desk.open(&takes, "tune.abc", &["--folds", "1"]).unwrap_err();
    assert!(one.to_string().contains("--folds 2"), "{one}");
}

#[test]
fn a_grid_that_was_asked_for_is_used_and_named() {
    let desk = Desk::new(&[("tune.abc", b"X:1\nT:Triplets\nL:1/8\nK:C\n(3CDEFGAB|\n")]);
    let page = desk.open(&[], "tune.abc", &["--grid", "2"]).unwrap();
    assert!(text_of(&page, "grid").contains("1 of 1 pieces were moved to 2 steps"));
    assert_eq!(page.music().unwrap().pieces[0].score.resolution, 2);
}
