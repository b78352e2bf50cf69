//! Tunes such as people have, and what they mean; beside each file a few of its kind.

use super::tests::{played, warned, whole};
use super::*;
use crate::music::{Metre, Tempo};

/// The pieces of a file in `tests/cases`, in which nothing has to be mended.
macro_rules! case {
    ($name:literal) => {
        pieces(include_bytes!(concat!(
            "../../../tests/cases/abc-",
            $name,
            ".abc"
        )))
    };
}

fn pieces(bytes: &[u8]) -> Vec<Score> {
    let unwarned = |(score, warnings): (Score, Vec<String>)| {
        assert_eq!(warnings, Vec::<String>::new());
        score
    };
    decode(bytes).unwrap().into_iter().map(unwarned).collect()
}

fn only(mut pieces: Vec<Score>) -> Score {
    assert_eq!(pieces.len(), 1);
    pieces.remove(0)
}

/// The first voice's pitches.
fn names(score: &Score) -> String {
    let names = score.voices[0].notes.iter().map(|note| note.pitch.to_string());
    names.collect::<Vec<_>>().join(" ")
}

/// The pitches of a tune in C, its octaves left out.
fn letters(music: &str) -> String {
    let score = whole(&format!("X:1\nL:1/8\nK:C\n{music}\n"));
    names(&score).replace(['4', '5', ' '], "")
}

fn quarters(score: &Score, voice: usize) -> u32 {
    let notes = &score.voices[voice].notes;
    notes.iter().map(|note| note.end()).max().unwrap() / score.resolution
}

fn metre(beats: u8, unit: u8) -> Vec<(u32, Metre)> {
    vec![(0, Metre { beats, unit })]
}

fn tempo(per_minute: f64) -> Vec<(u32, Tempo)> {
    vec![(0, Tempo::per_minute(per_minute))]
}

#[test]
fn fields_before_the_first_note_count_from_the_start() {
    assert_eq!(only(case!("tempo-after-key")).tempi, tempo(96.0));
    assert_eq!(only(case!("tempo-twice")).tempi, tempo(200.0));
    assert_eq!(only(case!("metre-after-key")).metres, metre(6, 8));
    assert_eq!(only(case!("metre-only-after-key")).metres, metre(3, 4));
    let score = whole("X:1\nM:4/4\nL:1/8\nK:C\nK:G\n[M:2/4][Q:1/4=50]\n[K:D][Q:1/4=60]F8\n");
    assert_eq!(names(&score), "F#4");
    assert_eq!(
        (score.metres.clone(), score.tempi.clone()),
        (metre(2, 4), tempo(60.0))
    );
    assert_eq!(
        score
            .keys
            .iter()
            .map(|(tick, key)| (*tick, key.sharps))
            .collect::<Vec<_>>(),
        [(0, 2)]
    );
    let score = whole("X:1\nM:4/4\nL:1/8\nQ:1/4=60\nK:C\nV:1\nM:3/4\nQ:1/4=90\nC2|\nV:2\nE2|\n");
    assert_eq!(
        (score.metres.clone(), score.tempi.clone()),
        (metre(3, 4), tempo(90.0)),
        "under the first V:"
    );
    let score = whole("X:1\nM:4/4\nL:1/8\nQ:1/4=60\nK:C\nV:1\nC2|\nV:2\nQ:1/4=90\nE2|\n");
    assert_eq!(score.tempi, tempo(90.0), "under the second");
}

#[test]
fn the_last_of_several_words_at_one_moment_holds() {
    let score = whole("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|\nM:3/4\nM:2/4\nQ:1/4=60\nQ:1/4=70\nK:G\nK:F\nCB|]\n");
    let bar = 4 * score.resolution;
    assert_eq!(score.metres[1..], [(bar, Metre { beats: 2, unit: 4 })]);
    assert_eq!(score.tempi, [(bar, Tempo::per_minute(70.0))]);
    assert_eq!(names(&score), "C4 D4 E4 F4 C4 Bb4");
}

#[test]
fn fields_before_the_first_voice_hold_for_all() {
    let score = only(case!("unit-after-key-two-voices"));
    assert_eq!((quarters(&score, 0), quarters(&score, 1)), (4, 4));
    let score = only(case!("unit-after-key-named-voices"));
    assert_eq!(played(&score), "A4:4 E4:4", "in eighths");
    assert_eq!((quarters(&score, 0), quarters(&score, 1)), (4, 4));
    assert_eq!(score.voices[0].name, "Up. (no. 1)");
    assert_eq!(score.voices[1].notes[0].pitch.to_string(), "C3");
    let score = whole("X:1\nK:C\n[L:1/4][K:G octave=-1]\n[V:1]F|\n[V:2]F|\n");
    assert_eq!(
        (names(&score).as_str(), quarters(&score, 0), quarters(&score, 1)),
        ("F#3", 1, 1)
    );
    let score = whole("X:1\nM:4/4\nK:C\nM:2/4\n[V:1]C2|\nV:2\nL:1/4\nE|\n");
    assert_eq!(quarters(&score, 0), 1, "a metre in the body gives no other unit");
}

#[test]
fn bar_lines_of_every_shape_are_repeats() {
    let score = only(case!("invisible-bar-then-repeat-end"));
    assert_eq!(names(&score), ["C4 D4 E4 F4 G4 A4 B4 C5"; 2].join(" "));
    let score = only(case!("repeat-start-split-over-lines"));
    let twice = ["E4 F4 G4 A4 B4 C5 D5 E5"; 2].join(" ");
    assert_eq!(names(&score), format!("C4 D4 E4 F4 G4 A4 B4 C5 {twice}"));
    for ends in [
        ":|", "||:|", "|]:|", "[|]:|", "|:|", ":]", ":|]", ":||", ": |", "|\n:|", ":|\\\n",
    ] {
        assert_eq!(letters(&format!("|:C{ends}D|")), "CCD", "{ends}");
    }
    for starts in [
        "|:", "||:", "[|:", "|[:", "[:", "[|]|:", "| :", "|\n:", "|\\\n:", "|\n|:", "||\n:", "|\n%\n:",
    ] {
        assert_eq!(letters(&format!("C{starts}D:|E|")), "CDDE", "{starts}");
    }
    for both in [
        "::", ":|:", ":||:", "|::|", ":::", ":|\n|:", ":|\n:", ": |:", ":|[|:",
    ] {
        assert_eq!(letters(&format!("|:C{both}D:|E|")), "CCDDE", "{both:?}");
    }
    assert_eq!(letters("|:C|1D|]:|2E|]F"), "CDCEF", "with endings");
}

#[test]
fn half_a_repeat_is_mended_with_a_word() {
    let (score, warnings) = warned("X:1\nL:1/8\nK:C\nC D\n :E:|F\n");
    assert_eq!(names(&score), "C4 D4 E4 E4 F4");
    assert_eq!(
        warnings,
        ["line 5, column 2: a colon at the start of a line is taken for |:"]
    );
    for next in ["E|F", "|E|F", "  |E|F"] {
        let (score, warnings) = warned(&format!("X:1\nL:1/8\nK:C\n|:C D:\n{next}\n"));
        assert_eq!(names(&score), "C4 D4 C4 D4 E4 F4");
        assert_eq!(
            warnings,
            ["line 4, column 6: a colon at the end of a line is taken for :|"]
        );
    }
}

#[test]
fn text_in_the_head_is_not_played() {
    let score = only(case!("history-over-lines"));
    assert_eq!(names(&score), "G4 A4 B4 D5 E5");
    assert_eq!(score.metres, metre(6, 8));
    let (score, warnings) = warned("X:1\nT:a\nA fine old tune (see page 3)\nL:1/8\nCDE\nK:C\nFG\n");
    assert_eq!(names(&score), "F4 G4");
    assert_eq!(
        warnings,
        [3, 5].map(|line| format!("line {line}: text in the head of the tune, before its K:, is not played"))
    );
    let (score, warnings) = warned("X:1\nL:1/8\nCDE\nFG\n");
    assert_eq!(names(&score), "C4 D4 E4 F4 G4");
    assert_eq!(
        warnings,
        ["line 3: the music begins without a K: before it; it is read in no key"]
    );
    let (score, warnings) = warned("X:1\nL:1/8\nK:C\nC\n%%begintext\nD\nE\n");
    assert_eq!(
        (names(&score).as_str(), warnings.len()),
        ("C4", 1),
        "{warnings:?}"
    );
}

#[test]
fn a_named_clef_ends_an_octave_clef() {
    assert_eq!(names(&only(case!("clef-back-to-plain"))), "C3 C4 C5 C4");
    let score = whole("X:1\nL:1/8\nK:C treble-8\nC[K:G]C[K:bass]C[V:1 clef=alto+8]C[V:1 name=x]C\n");
    assert_eq!(names(&score), "C3 C3 C4 C5 C5");
}

#[test]
fn accidentals_stay_where_the_directive_keeps_them() {
    assert_eq!(names(&only(case!("propagate-not"))), "F#4 F4");
}

#[test]
fn titles_are_read_as_they_were_meant() {
    assert_eq!(only(case!("html-entities")).title, "Café & Bar");
    assert_eq!(only(case!("accent-mnemonics")).title, "År og år, naïve");
    let score = whole(
        "X:1\nT:100\\% \\u00e9t\\'e &#38; \\\"Uber % not this\nV:1 nm=\"S\\'erie &quot;A&quot;\"\nK:C\nC\n",
    );
    assert_eq!(
        (score.title.as_str(), score.voices[0].name.as_str()),
        ("100% été & Über", "Série \"A\"")
    );
}

#[test]
fn text_from_other_programs_is_read() {
    assert_eq!(names(&only(case!("utf16-with-bom"))), "C4 D4 E4 F4");
    assert_eq!(names(&only(case!("no-break-spaces"))), "C4 D4 E4 F4 G4 A4");
    assert_eq!(names(&only(case!("leading-spaces"))), "C#4 D4 E4 F#4");
    let wide: Vec<u8> = "\u{FEFF}X:1\r\nT:é\r\nK:C\r\nC\r\n"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(only(pieces(&wide)).title, "é");
    let spaced =
        "\u{FEFF}X:1\nL:1/8\u{A0}\nK:\u{A0}G\n\u{2003}F\u{202F}\u{200B}|\u{3000}A\u{AD}\n\u{A0}\nF\n";
    assert_eq!(names(&whole(spaced)), "F#4 A4");
    let indented = "\tX:1\n\t%%MIDI program 9\n\t% words\n\tK:D % key\n\tF |\n\t[K:C] F :|\n\t\nF\n";
    let score = whole(indented);
    assert_eq!(
        (names(&score).as_str(), score.voices[0].program),
        ("F#4 F4 F#4 F4", 9)
    );
    let message = decode(b"  X:1\n   L:0\n  K:C\n").unwrap_err().to_string();
    assert!(message.contains("line 2, column 6"), "{message}");
}

#[test]
fn tunes_may_lack_their_numbers() {
    let pieces = case!("no-reference-number-two-tunes");
    assert_eq!(
        pieces
            .iter()
            .map(|score| score.title.as_str())
            .collect::<Vec<_>>(),
        ["one", "two"]
    );
    assert_eq!(
        pieces.iter().map(names).collect::<Vec<_>>(),
        ["C4 D4 E4 F4", "G4 A4 B4 C5"]
    );
}

#[test]
fn a_tempo_may_stand_between_words() {
    let score = only(case!("tempo-text-glued"));
    assert_eq!((played(&score).as_str(), score.tempi), ("C4:8", tempo(170.0)));
}

#[test]
fn a_vague_tempo_costs_the_tempo_alone() {
    for vague in [
        "1/4=ca. 80",
        "1/4=60-72",
        "\"Andante\"",
        "Allegro",
        "1/4=0",
        "1/4=",
        "quick 3/8",
    ] {
        let (score, warnings) = warned(&format!("X:1\nL:1/8\nQ:{vague}\nK:C\nCD\n"));
        assert_eq!(
            (names(&score).as_str(), score.tempi.len()),
            ("C4 D4", 0),
            "{vague}"
        );
        assert_eq!(
            warnings,
            [format!(
                "line 3: \"{vague}\" names no exact tempo: the tempo stays as it was"
            )]
        );
    }
    let (score, warnings) = warned("X:1\nL:1/8\nQ:1/4=60\nK:C\nC[Q:faster]D\n");
    assert_eq!((score.tempi, warnings.len()), (tempo(60.0), 1));
    let tunes = decode(b"Q:lively\n\nX:1\nK:C\nC\n\nX:2\nK:C\nC\n").unwrap();
    assert_eq!(
        tunes[0].1,
        ["line 1: \"lively\" names no exact tempo: the tempo stays as it was"]
    );
    assert!(tunes[1].1.is_empty(), "said once for a file");
}

#[test]
fn directives_name_instruments_and_transpose() {
    let played_by = |text: &str| {
        let score = whole(text);
        let voices = score
            .voices
            .iter()
            .map(|voice| (voice.program, voice.percussion, voice.notes[0].pitch.midi()));
        voices.collect::<Vec<_>>()
    };
    let head = "X:1\nL:1/8\nM:4/4\n";
    let two = "V:1\nV:2\nK:C\n[V:1]C|\n[V:2]C|\n";
    assert_eq!(
        played_by(&format!("{head}%%MIDI program 40 % viola\n{two}")),
        [(40, false, 60), (40, false, 60)]
    );
    assert_eq!(
        played_by(&format!(
            "{head}V:1\n%%MIDI program 40\nV:2\n%%MIDI channel 10\n%%MIDI transpose 5\n{two}"
        )),
        [(40, false, 60), (0, true, 60)],
        "drums are not moved"
    );
    assert_eq!(
        played_by(&format!(
            "{head}%%MIDI transpose 2\n{two}%%MIDI transpose 0\nC|\n"
        )),
        [(0, false, 62), (0, false, 62)]
    );
    assert_eq!(
        played_by(&format!(
            "{head}%%MIDI transpose 2\nV:1\n%%MIDI rtranspose 3\n{two}"
        )),
        [(0, false, 65), (0, false, 62)]
    );
    assert_eq!(
        played_by(
            &format!("{head}{two}").replace("K:C\n", "%%MIDI program 1 75\n%%MIDI program 2 76\nK:C\n")
        ),
        [(75, false, 60), (76, false, 60)],
        "by channel"
    );
    assert_eq!(
        played_by(&format!("{head}%%MIDI voice 2 instrument=59\n{two}").replace("V:1\nV:2\n", "")),
        [(58, false, 60), (0, false, 60)]
    );
    assert_eq!(
        played_by(&format!(
            "{head}K:C\nI:MIDI program 3\nC[I:MIDI program 4]D[I:MIDI program 3]E\n"
        )),
        [(3, false, 60), (4, false, 62)],
        "a change of program makes another voice"
    );
    assert_eq!(played_by(&format!("{head}K:C perc\nC\n")), [(0, true, 60)]);
    assert_eq!(
        played_by(&format!("{head}K:C\nV:1 clef=perc octave=1\nC\n")),
        [(0, true, 60)]
    );
    let (_, warnings) = warned(&format!(
        "{head}%%MIDI drummap C 36\n%%MIDI program 300\nK:C\nC\n"
    ));
    assert_eq!(warnings[0], "line 4: \"MIDI drummap C 36\" is not followed");
    assert!(warnings[1].starts_with("line 5: \"300\""), "{warnings:?}");
}

#[test]
fn parts_are_played_in_their_order() {
    let order = |order: &str, music: &str| {
        names(&whole(&format!("X:1\nL:1/8\nP:{order}\nK:C\n{music}\n"))).replace("4", "")
    };
    let parts = "P:A\nC|\nP:B\nD:|\nP:C\n|:E:|F|]";
    assert_eq!(order("ABC", parts), "C D D E E F");
    assert_eq!(order("(AB)2.C A", parts), "C D D C D D E E F C");
    assert_eq!(
        order("CBA2", &format!("G|\n{parts}")),
        "G E E F D D C C",
        "what comes first stays first"
    );
    assert_eq!(order("BA", "[P:A] C | [P:B] D |"), "D C");
    assert_eq!(order("A", "C D"), "C D", "nothing to put into order");
    let score = whole("X:1\nL:1/8\nP:ABA\nK:C\nP:A\nV:1\nC|\nV:2\nE|\nP:B\nV:1\n[K:G]F|\nV:2\nA|\n");
    assert_eq!(names(&score), "C4 F#4 C4");
    assert_eq!(score.voices[1].notes.len(), 3);
    let keys: Vec<_> = score.keys.iter().map(|(_, key)| key.sharps).collect();
    assert_eq!(keys, [0, 1, 0], "the key comes back with its part");
    let score = whole("X:1\nL:1/8\nP:BA\nK:C\nV:1\nP:A\nC|\nP:B\nD|\nV:2\nP:A\nE|\nP:B\nF|\n");
    assert_eq!(
        (names(&score).as_str(), score.voices[1].notes[0].pitch.to_string()),
        ("D4 C4", "F4".to_string())
    );
}

#[test]
fn an_order_that_cannot_be_followed_is_named() {
    for (order, music, notes, why) in [
        (
            "AABB",
            "|:C:|:D:|",
            "C4 C4 D4 D4",
            "none of its parts is marked in the music",
        ),
        (
            "A-B",
            "P:A\nC\nP:B\nD",
            "C4 D4",
            "it is more than letters, numbers and brackets, or too long",
        ),
        (
            "AB",
            "P:A\nC\nP:B\nD\nP:A\nE",
            "C4 D4 E4",
            "part A is marked more than once",
        ),
        (
            "BA",
            "V:1\nP:A\nC\nP:B\nD\nV:2\nE",
            "C4 D4",
            "its voices do not have the same parts",
        ),
    ] {
        let (score, warnings) = warned(&format!("X:1\nL:1/8\nP:{order}\nK:C\n{music}\n"));
        assert_eq!(names(&score), notes);
        assert_eq!(
            warnings,
            [format!(
                "line 3: P:{order} is not followed, the tune is played as written: {why}"
            )]
        );
    }
    let (score, warnings) = warned("X:1\nL:1/8\nP:AD\nK:C\nP:A\nC\nP:B\nD\n");
    assert_eq!(names(&score), "C4");
    assert_eq!(
        warnings,
        [
            "line 3: P:AD: no part D is marked in the music",
            "line 3: P:AD: part B has no place in it and is not played"
        ]
    );
}

#[test]
fn jumps_and_macros_are_named_since_they_are_not_followed() {
    for jump in ["!D.C.!", "!dacapo!", "\"^D.S. al Fine\"", "+fine+", "\"Da Capo\""] {
        let (score, warnings) = warned(&format!("X:1\nL:1/8\nK:C\nC D{jump}|E \"Fine\"|]\n"));
        let inside = jump.trim_matches(['!', '"', '+']);
        assert_eq!(names(&score), "C4 D4 E4");
        assert_eq!(
            warnings,
            [format!(
                "line 4: \"{inside}\" is not followed: the music is played as written"
            )]
        );
    }
    let (_, warnings) = warned("X:1\nm:~G2 = {A}G{F}G\nL:1/8\nK:C\n~G2\n");
    assert_eq!(warnings, ["line 2: macros (m:) are not followed"]);
}
