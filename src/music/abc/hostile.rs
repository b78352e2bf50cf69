//! Input that means harm: it may be refused, but never panics and never takes long.

use super::*;
use rand::RngExt;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

const TUNE: &str = "%abc-2.1\nM:4/4\n\nX:1\nT:A \\% \"tune\" % comment\nM:6/8\nL:1/8\nQ:\"Lively\" 3/8=80\nP:AB\nV:1 name=\"Upper\"\n%%MIDI program 5\nV:2 clef=bass octave=-1\nK:Gdor ^c\nQ:1/4=ca. 80\nP:A\n\
[V:1] D|:G2A {g}B>cd|^f'-f'_B ~(3ABc [Dd]2-|1[DA/]2 z !trill!G & x2 [K:D]c/4-|c/4:|2,3(5ABcde z//||\n\
[V:2] z|:\"Gm\"G,6-|G,3 (3:2:2D2E:|Z2|[M:3/4]C3\\\nD2 & E5|]\nw: la la\n";

/// Both readers of the bytes, and the writer on what they make of it; the time it took.
fn all(bytes: &[u8]) -> Duration {
    let start = Instant::now();
    let _ = decode(bytes);
    if let Ok(tunes) = tunes(&text(bytes)) {
        for (score, _) in tunes.iter().filter_map(|tune| tune.decode().ok()) {
            let _ = encode(&score);
        }
    }
    start.elapsed()
}

#[test]
fn any_byte_of_a_tune_may_be_changed() {
    assert!(decode(TUNE.as_bytes()).is_ok(), "{:?}", decode(TUNE.as_bytes()));
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let favourites = b"|:[]{}()\"!-&<>/,'^_=0123456789zZxXABCabcKMLQVXPI:; \n\r\\%\0\xFF\xFE\xC3\xA0";
    let start = Instant::now();
    for _ in 0..4_000 {
        let mut bytes = TUNE.as_bytes().to_vec();
        for _ in 0..rng.random_range(1..6) {
            let place = rng.random_range(0..bytes.len());
            let byte = favourites[rng.random_range(0..favourites.len())];
            match rng.random_range(0..4) {
                0 => drop(bytes.remove(place)),
                1 => bytes.insert(place, byte),
                2 => bytes[place] ^= 1 << rng.random_range(0..8),
                _ => bytes[place] = byte,
            }
        }
        all(&bytes);
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn random_bytes_are_no_music_but_no_danger() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for length in 0..300 {
        let noise: Vec<u8> = (0..length).map(|_| rng.random()).collect();
        all(&noise);
        all(&[b"X:1\nK:C\n".as_slice(), &noise].concat());
    }
    assert!(decode(b"").is_err());
    assert!(decode(b"\0\0\0\0").is_err());
    assert!(
        decode(b"X:1\nK:C\nC\0D")
            .unwrap_err()
            .to_string()
            .contains("column 2")
    );
}

#[test]
fn a_megabyte_of_one_thing_is_over_soon() {
    for what in [
        "[",
        "]",
        "|",
        ":",
        "|:",
        ":|",
        "(",
        "(3",
        "{",
        "\"",
        "!",
        "!a",
        "&",
        "C",
        "C-",
        "C-&",
        "[C",
        "[CE]",
        "'",
        "C'",
        ",",
        "^",
        "/",
        "0",
        "9",
        "C>",
        "[1",
        "|1C",
        ":|2",
        "|1C:|2D",
        "||",
        "[K:",
        "[K:C]",
        "[V:1]",
        "z",
        "Z9",
        " ",
        "\\",
        "%",
        "\n",
        "\r",
        "X:\n",
        "X:1\nK:C\nC\n\n",
        "V:a\n",
        "K:^c",
        "K:C ^c",
        "M:1+",
        "Q:1/4 ",
        "T:\\",
        "é",
        "+",
        "-",
        "y",
        ":\n",
        " :",
        "|:\n:",
        "[:",
        "]:|",
        "T:&amp",
        "T:&",
        "T:\\u00e9",
        "V:\"",
        "{^f}",
        "{^}",
        "!D.C.!",
        "\"fine\"",
        "Q:ca. 80\n",
        "P:A\nC\n",
        "[P:A]C",
        "I:MIDI program 5\n",
        "[I:MIDI program 5]C[I:MIDI program 6]C",
        "%%MIDI rtranspose 127\n",
        "%%MIDI voice 1 instrument=3\n",
        "m:\n",
        "\u{FEFF}",
        "\nK:C\nC\n",
    ] {
        let bytes = format!("X:1\nK:C\n{}", what.repeat(1_000_000 / what.len()));
        let took = all(bytes.as_bytes());
        assert!(took < Duration::from_secs(10), "{what:?} took {took:?}");
    }
    for order in ["(", "A", "A9", "((A9)9)", "a.", ")"] {
        let bytes = format!("X:1\nP:{}\nK:C\nP:A\nC\n", order.repeat(200_000));
        let took = all(bytes.as_bytes());
        assert!(
            took < Duration::from_secs(10),
            "an order of {order:?} took {took:?}"
        );
    }
    let parts = format!("X:1\nP:A999\nK:C\n{}P:A\nC\n", "P:B\nC\n".repeat(100_000));
    assert!(all(parts.as_bytes()) < Duration::from_secs(10));
    assert!(all(&[b'['; 10_000_000]) < Duration::from_secs(10));
    let brackets = [b"X:1\nK:C\n".as_slice(), &[b'['; 10_000_000]].concat();
    assert!(all(&brackets) < Duration::from_secs(10));
}

#[test]
fn repeats_that_never_end_are_refused() {
    let message = |music: String| {
        decode(format!("X:1\nK:C\n{music}").as_bytes())
            .unwrap_err()
            .to_string()
    };
    let long = "C".repeat(500_000);
    assert!(message(format!("|::::::::{long}::::::::|")).contains("unfold"));
    let endings: String = (1..=32)
        .map(|ending| format!("|{ending}{}:", "C".repeat(3_000)))
        .collect();
    assert!(message(format!("{long}{endings}|")).contains("unfold"));
    assert!(message("|:".to_string() + &":|".repeat(40).replace("|", "")).contains("32 times"));
    let voices = (0..20).map(|id| format!("[V:{id}]{}::::::::|", "C".repeat(20_000)));
    assert!(message(voices.collect()).contains("unfold"), "over all voices");
    assert!(message((0..200).map(|id| format!("[V:{id}]C")).collect()).contains("128 voices"));
}

#[test]
fn nothing_within_a_repeat_can_make_it_go_on_for_ever() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let parts = [
        "|:", ":|", "::", "|1", "|2", "[3", "|1,3", "||", "|", "C", "D", "|]", ":|2", "::|", "& E",
    ];
    for _ in 0..3_000 {
        let count = rng.random_range(1..40);
        let music: String = (0..count)
            .map(|_| format!("{} ", parts[rng.random_range(0..parts.len())]))
            .collect();
        let text = format!("X:1\nK:C\n{music}\n");
        let scores = decode(text.as_bytes()).unwrap_or_else(|error| panic!("{music}: {error}"));
        let notes: usize = scores
            .iter()
            .flat_map(|(score, _)| &score.voices)
            .map(|voice| voice.notes.len())
            .sum();
        assert!(notes <= 40 * 4, "{music}: {notes} notes");
    }
}
