use super::*;
use crate::music::{Note, Pitch, midi};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The bytes of a piece that no other number has.
fn piece(number: u32) -> Vec<u8> {
    let notes = (0..4).map(|i| Note::new(i * 4, 4 + (number >> (8 * i) & 0xFF), Pitch::A4));
    let score = Score::new("piece", 4).with_voice("", 0, notes.collect());
    midi::encode(&score).unwrap()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    file::write(&folder.join(name), bytes).unwrap();
}

fn names(corpus: &Corpus) -> Vec<String> {
    let name = |piece: &Piece| piece.file.file_name().unwrap().to_string_lossy().into_owned();
    corpus.pieces.iter().map(name).collect()
}

#[test]
fn every_midi_file_below_is_found_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for (i, name) in ["b.MID", "a/z.midi", "a/deep/er/y.Smf", "c.mid"]
        .iter()
        .enumerate()
    {
        write(folder.path(), name, &piece(i as u32));
    }
    write(folder.path(), "notes.txt", b"no music");
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    assert_eq!(names(&corpus), ["y.Smf", "z.midi", "b.MID", "c.mid"]);
    assert!(corpus.skipped.is_empty());
    assert_eq!(
        Corpus::read(folder.path(), |_, _| {}).unwrap(),
        corpus,
        "the same again"
    );
}

#[test]
fn a_single_file_is_a_corpus_to_learn_from() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..20 {
        write(folder.path(), "one.mid", &piece(number));
        let corpus = Corpus::read(&folder.path().join("one.mid"), |_, _| {}).unwrap();
        assert_eq!(corpus.part(Part::Train).count(), 1);
    }
}

#[test]
fn folders_decide_the_part_if_there_are_any() {
    let folder = tempfile::tempdir().unwrap();
    let places = [
        "Train/a.mid",
        "train/test/b.mid",
        "DEV/c.mid",
        "test/d.mid",
        "e.mid",
        "other/test/f.mid",
    ];
    for (i, name) in places.iter().enumerate() {
        write(folder.path(), name, &piece(i as u32));
    }
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    let part = |name: &str| {
        let found = corpus.pieces.iter().find(|piece| piece.file.ends_with(name));
        found.unwrap().part
    };
    assert_eq!(part("c.mid"), Part::Valid);
    assert_eq!(part("d.mid"), Part::Test);
    for train in ["a.mid", "b.mid", "e.mid", "f.mid"] {
        assert_eq!(part(train), Part::Train, "{train}");
    }
}

#[test]
fn content_decides_elsewhere_eight_to_one_to_one() {
    let parts: Vec<Part> = (0..5_000).map(|i| Part::of_content(&piece(i))).collect();
    let share = |part| parts.iter().filter(|&&other| other == part).count() as f64 / 5_000.0;
    // Three standard deviations of a fair draw are 0.017 and 0.013.
    assert!((share(Part::Train) - 0.8).abs() < 0.017, "{}", share(Part::Train));
    assert!((share(Part::Valid) - 0.1).abs() < 0.013, "{}", share(Part::Valid));
}

#[test]
fn the_hash_never_changes() {
    // FNV-1a of "a" is af63dc4c8601ec8c by its authors' tables; the rest is the finaliser, worked out apart.
    assert_eq!(hash(b"a"), finalised(0xAF63_DC4C_8601_EC8C));
    assert_eq!(hash(b"foobar"), finalised(0x8594_4171_F739_67E8));
    assert_eq!(
        finalised(0x9E37_79B9_7F4A_7C15),
        0xE220_A839_7B1D_CDAF,
        "SplitMix64's first number for seed 0"
    );
}

fn finalised(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[test]
fn what_cannot_be_read_is_skipped_with_one_line() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "good.mid", &piece(1));
    write(folder.path(), "bad.mid", b"RIFFxxxxWAVE");
    write(
        folder.path(),
        "silent.mid",
        &midi::encode(&Score::new("quiet", 4)).unwrap(),
    );
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    assert_eq!(names(&corpus), ["good.mid"]);
    assert_eq!(corpus.skipped.len(), 2);
    assert!(
        corpus.skipped[0].contains("bad.mid, byte 0"),
        "{:?}",
        corpus.skipped
    );
    assert!(corpus.skipped[1].contains("silent.mid") && corpus.skipped[1].contains("no note in \"quiet\""));
}

#[test]
fn no_music_is_an_error_that_counts() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.txt", b"");
    write(folder.path(), "b.mid", b"");
    let message = Corpus::read(folder.path(), |_, _| {}).unwrap_err().to_string();
    let place = folder.path().display().to_string();
    for part in [&place, "among 2 files, 1 of them", "1 skipped", "b.mid", ".abc"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let message = Corpus::read(Path::new("no/such/folder"), |_, _| {})
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("no/such/folder") && message.contains("Check the path"),
        "{message}"
    );
}

#[test]
fn progress_counts_every_file_once_and_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for i in 0..2_000 {
        write(folder.path(), &format!("{i}.mid"), &piece(i % 7));
    }
    let last = AtomicU64::new(0);
    let progress = |done, total| {
        assert_eq!((last.fetch_add(1, Relaxed) + 1, total), (done, 2_000));
    };
    assert_eq!(Corpus::read(folder.path(), progress).unwrap().pieces.len(), 2_000);
    assert_eq!(last.into_inner(), 2_000);
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    write(folder.path(), "in/a.mid", &piece(1));
    write(elsewhere.path(), "b.mid", &piece(2));
    symlink(folder.path(), folder.path().join("in/loop")).unwrap();
    symlink(elsewhere.path(), folder.path().join("linked")).unwrap();
    symlink(folder.path().join("gone"), folder.path().join("broken.mid")).unwrap();
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    assert_eq!(names(&corpus), ["a.mid", "b.mid"]);
    assert!(corpus.skipped[0].contains("broken.mid"), "{:?}", corpus.skipped);
}

#[test]
fn each_tune_of_an_abc_file_is_a_piece_by_its_own_text() {
    let folder = tempfile::tempdir().unwrap();
    let tune = |number: u32| format!("X:{number}\nT:tune {number}\nK:C\nCDEF|\n");
    let book: Vec<String> = (0..300).map(tune).collect();
    write(folder.path(), "book.abc", book.join("\n").as_bytes());
    write(folder.path(), "one.ABC", tune(7).replace('\n', "\r\n").as_bytes());
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    assert_eq!((corpus.pieces.len(), &corpus.skipped[..]), (301, &[][..]));
    let titles: Vec<&str> = corpus
        .pieces
        .iter()
        .map(|piece| piece.score.title.as_str())
        .collect();
    assert_eq!((titles[7], titles[300]), ("tune 7", "tune 7"));
    assert_eq!(
        corpus.pieces[7].part, corpus.pieces[300].part,
        "the same tune elsewhere"
    );
    for part in [Part::Train, Part::Valid, Part::Test] {
        assert!(corpus.part(part).count() > 10, "{part:?}");
    }
}

#[test]
fn a_faulty_tune_does_not_cost_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let text = "X:1\nT:good\nK:C\nCDEF|\n\nX:2\nT:bad\nK:no key\nC\n\nX:3\nT:fine\nK:D\nDEFG|\n";
    write(folder.path(), "book.abc", text.as_bytes());
    let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
    let titles: Vec<&str> = corpus
        .pieces
        .iter()
        .map(|piece| piece.score.title.as_str())
        .collect();
    assert_eq!(titles, ["good", "fine"]);
    assert!(
        corpus.skipped[0].contains("book.abc, line 8"),
        "{:?}",
        corpus.skipped
    );
}

#[test]
fn files_that_are_bytes_already_are_read_as_those_of_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let tune = |name: &str| format!("X:1\nT:{name}\nK:C\nCDEF|\n").into_bytes();
    let files = [
        ("songs/b.abc", tune("b")),
        ("songs/a/c.abc", tune("c")),
        ("songs/test/d.abc", tune("d")),
        ("songs/broken.mid", b"MThd\0\0".to_vec()),
        ("songs/empty.mid", Vec::new()),
        ("songs/picture.png", b"\x89PNG....".to_vec()),
        ("songs/packed", b"PK\x03\x04....".to_vec()),
    ];
    let mut reading = Reading::default();
    for (name, bytes) in &files {
        crate::file::write(&folder.path().join(name), bytes).unwrap();
        reading.file(PathBuf::from(name), bytes);
    }
    assert_eq!(reading.root(), Path::new("songs"));
    let refused = reading.refused();
    assert_eq!(refused.len(), 4, "{refused:?}");
    assert!(
        refused[2].contains("songs/picture.png, byte 0: this is a picture (PNG)"),
        "{refused:?}"
    );
    let read = reading.finish(Path::new("songs")).unwrap();
    let mut expected = Corpus::read(&folder.path().join("songs"), |_, _| {}).unwrap();
    let below = format!("{}/", folder.path().display());
    for piece in &mut expected.pieces {
        piece.file = piece.file.strip_prefix(folder.path()).unwrap().to_path_buf();
    }
    for line in expected.skipped.iter_mut() {
        *line = line.replace(&below, "");
    }
    assert_eq!(read, expected);
}

#[test]
fn what_holds_all_files_is_found() {
    let root = |names: &[&str]| {
        let mut reading = Reading::default();
        names
            .iter()
            .for_each(|name| reading.file(PathBuf::from(name), b""));
        reading.root()
    };
    for (names, expected) in [
        (&["a/b", "a/c/d"][..], "a"),
        (&["a/b", "c"], ""),
        (&["a/b", "b/c"], ""),
        (&["a/b"], "a/b"),
        (&["a", "b"], ""),
        (&[], ""),
    ] {
        assert_eq!(root(names), Path::new(expected), "{names:?}");
    }
}
