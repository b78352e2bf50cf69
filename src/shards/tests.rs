use super::*;
use crate::music::{Alphabet, Corpus, Melody, midi};
use crate::sound::{Sound, mu_law, wav};
use std::fs;

const FLUTE: u8 = 73;

/// The pieces of a part.
fn pieces(folder: &Path, index: &Index, part: Part) -> Vec<Vec<usize>> {
    let pieces: Vec<_> = index.pieces(folder, part).map(Result::unwrap).collect();
    let [_, count, symbols] = index.count(part);
    let found: usize = pieces.iter().map(Vec::len).sum();
    assert_eq!((pieces.len() as u64, found as u64), (count, symbols));
    pieces
}

fn tunes() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes")
}

#[test]
fn shards_hold_what_the_corpus_reads_in_the_same_parts_and_order() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("shards");
    let settings = Notes {
        shard: 2000,
        ..Notes::default()
    };
    let mut heard = vec![];
    let (index, skipped) = export_notes(&tunes(), &to, &settings, |done, of| heard.push((done, of))).unwrap();
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(heard.last().map(|(done, of)| done == of), Some(true), "{heard:?}");
    assert_eq!(Index::open(&to).unwrap(), index);
    let corpus = Corpus::read(&tunes(), |_, _| ()).unwrap();
    let melodies = |part| -> Vec<Melody> { corpus.part(part).map(|piece| piece.score.melody()).collect() };
    let alphabet = Alphabet::of(&melodies(Part::Train));
    assert_eq!(index.alphabet.as_deref(), Some(&alphabet.to_string()[..]));
    assert_eq!(index.symbols, alphabet.len());
    for part in [Part::Train, Part::Valid, Part::Test] {
        let expected: Vec<_> = melodies(part)
            .iter()
            .map(|melody| alphabet.encode(melody))
            .collect();
        assert_eq!(pieces(&to, &index, part), expected, "{part:?}");
    }
    let [shards, ..] = index.count(Part::Train);
    assert!(shards > 5, "{shards} shards");
    let files = fs::read_dir(&to).unwrap().count();
    assert_eq!(files, index.shards.len() + 1, "nothing but shards and the index");

    let in_keys = Notes {
        in_keys: true,
        ..Notes::default()
    };
    let to = folder.path().join("keys");
    let (index, _) = export_notes(&tunes(), &to, &in_keys, |_, _| ()).unwrap();
    let expected = alphabet.in_keys(&melodies(Part::Train), -6..=5);
    assert_eq!(index.count(Part::Train)[1] as usize, expected.len());
    let expected: Vec<_> = expected.iter().map(|melody| alphabet.encode(melody)).collect();
    assert_eq!(pieces(&to, &index, Part::Train), expected);
}

#[test]
fn folders_decide_as_in_a_corpus_and_a_single_file_is_to_learn_from() {
    let folder = tempfile::tempdir().unwrap();
    let music = folder.path().join("music");
    for (place, pitches) in [
        ("a.mid", "C4 D4 E4"),
        ("test/b.mid", "C4 C4 G4:2"),
        ("valid/c.mid", "D4"),
    ] {
        let score = Melody::parse(4, pitches).unwrap().score("", FLUTE);
        crate::file::write(&music.join(place), &midi::encode(&score).unwrap()).unwrap();
    }
    crate::file::write(&music.join("broken.mid"), b"MThd").unwrap();
    let to = folder.path().join("a");
    let (index, skipped) = export_notes(&music, &to, &Notes::default(), |_, _| ()).unwrap();
    assert_eq!(index.alphabet.as_deref(), Some("C4 D4 E4 | 1/4"));
    assert_eq!(
        [Part::Train, Part::Valid, Part::Test].map(|part| index.count(part)[1]),
        [1, 1, 1]
    );
    assert_eq!(pieces(&to, &index, Part::Test), [[3, 7, 3, 7, 1, 6, 0]]);
    assert!(
        skipped.len() == 1 && skipped[0].contains("broken.mid"),
        "{skipped:?}"
    );
    let to = folder.path().join("b");
    let (index, _) = export_notes(&music.join("test/b.mid"), &to, &Notes::default(), |_, _| ()).unwrap();
    assert_eq!(index.count(Part::Train), [1, 1, 7]);
}

#[test]
fn sounds_are_codes_of_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    let sine = Sound::sine(440.0, 0.5, 0.1);
    wav::write(&folder.path().join("in/train/a.wav"), &sine).unwrap();
    wav::write(&folder.path().join("in/test/b.wav"), &sine).unwrap();
    crate::file::write(&folder.path().join("in/notes.txt"), b"no sound").unwrap();
    let to = folder.path().join("out");
    let (index, skipped) = export_sounds(&folder.path().join("in"), &to, 8000, SHARD, |_, _| ()).unwrap();
    assert!(skipped.is_empty(), "{skipped:?}");
    assert_eq!(
        (index.bytes, index.symbols, index.rate, &index.alphabet),
        (1, 256, Some(8000), &None)
    );
    let expected: Vec<usize> = wav::read(&folder.path().join("in/test/b.wav"))
        .and_then(|sound| sound.resampled(8000))
        .unwrap()
        .mono_samples()
        .iter()
        .map(|sample| usize::from(mu_law::encode(*sample)))
        .collect();
    assert_eq!(expected.len(), 800);
    assert_eq!(pieces(&to, &index, Part::Test), [&expected[..]]);
    assert_eq!(pieces(&to, &index, Part::Train), [expected]);
}

#[test]
fn a_shard_is_what_its_format_says_and_a_broken_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let score = Melody::parse(4, "C4 D4").unwrap().score("", FLUTE);
    let music = folder.path().join("a.mid");
    crate::file::write(&music, &midi::encode(&score).unwrap()).unwrap();
    let to = folder.path().join("out");
    let (mut index, _) = export_notes(&music, &to, &Notes::default(), |_, _| ()).unwrap();
    let path = to.join("train-00000.shard");
    // The end, new pitch, rest, C4, D4; new duration, a sixteenth.
    assert_eq!(
        fs::read(&path).unwrap(),
        [5, 0, 0, 0, 3, 0, 6, 0, 4, 0, 6, 0, 0, 0]
    );
    let refused = |index: &Index, why: &str| {
        let mut pieces = index.pieces(&to, Part::Train);
        let error = pieces.next().unwrap().unwrap_err().to_string();
        assert!(
            error.contains("train-00000.shard") && error.contains(why),
            "{error}"
        );
        assert!(pieces.next().is_none());
    };
    fs::write(&path, [5, 0, 0, 0, 3]).unwrap();
    refused(&index, "5 bytes, where the index says 14");
    index.shards[0].size = 5;
    refused(&index, "cannot be read");
    fs::remove_file(&path).unwrap();
    refused(&index, "cannot be read");
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_no_index() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("out");
    let refused = |music: &Path, to: &Path, why: &str| {
        let error = export_notes(music, to, &Notes::default(), |_, _| ())
            .unwrap_err()
            .to_string();
        assert!(error.contains(why), "{error}");
        assert!(!to.join(INDEX).exists());
    };
    refused(Path::new("no/such/folder"), &to, "no/such/folder");
    let nothing = folder.path().join("nothing");
    crate::file::write(&nothing.join("a.txt"), b"words, and no notes").unwrap();
    refused(&nothing, &to, "no music among 1 file");
    refused(&tunes(), &nothing, "something in this folder already");
    let only_test = folder.path().join("only");
    let score = Melody::parse(1, "C4").unwrap().score("", FLUTE);
    crate::file::write(&only_test.join("test/a.mid"), &midi::encode(&score).unwrap()).unwrap();
    refused(
        &only_test,
        &folder.path().join("other"),
        "no piece is left to learn from",
    );
    let silent = export_sounds(&nothing, &folder.path().join("third"), 8000, SHARD, |_, _| ());
    assert!(silent.unwrap_err().to_string().contains("of 0 WAV files"));
    crate::file::write(
        &folder.path().join("old").join(INDEX),
        br#"{"format":"x","symbols":1,"bytes":2,"shards":[]}"#,
    )
    .unwrap();
    let old = Index::open(&folder.path().join("old")).unwrap_err().to_string();
    assert!(
        old.contains("its format is \"x\"") && old.contains("export"),
        "{old}"
    );
}
