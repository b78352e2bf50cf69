//! The reader, feature by feature.

use super::*;
use crate::music::{Key, Metre, Note, Tempo};

/// The only score of a tune in 4/4 with eighths as unit, in C.
fn tune(music: &str) -> Score {
    whole(&format!("X:1\nT:test\nM:4/4\nL:1/8\nK:C\n{music}\n"))
}

/// The only score of a text in which nothing had to be mended.
pub(super) fn whole(text: &str) -> Score {
    let (score, warnings) = warned(text);
    assert_eq!(warnings, Vec::<String>::new(), "{text}");
    score
}

pub(super) fn warned(text: &str) -> (Score, Vec<String>) {
    let mut tunes = decode(text.as_bytes()).unwrap();
    assert_eq!(tunes.len(), 1);
    tunes.remove(0)
}

fn wrong(music: &str) -> String {
    let error = decode(format!("X:1\nK:C\n{music}\n").as_bytes());
    error.map(|_| ()).expect_err(music).to_string()
}

/// The notes of the first voice as `C4:2 E4:1`, durations in eighths (or parts of them), rests as `-`,
/// notes that start together joined by `+`.
pub(super) fn played(score: &Score) -> String {
    let eighths = |ticks: u32| {
        let (over, under) = (2 * u64::from(ticks), u64::from(score.resolution));
        let shared = fraction::gcd(over, under);
        match under / shared {
            1 => format!("{}", over / shared),
            under => format!("{}/{under}", over / shared),
        }
    };
    let mut now = 0;
    let mut words = Vec::new();
    let notes = &score.voices[0].notes;
    for chord in notes.chunk_by(|a, b| a.onset == b.onset) {
        if chord[0].onset > now {
            words.push(format!("-:{}", eighths(chord[0].onset - now)));
        }
        let notes = chord
            .iter()
            .map(|note| format!("{}:{}", note.pitch, eighths(note.duration)));
        words.push(notes.collect::<Vec<_>>().join("+"));
        now = now.max(chord.iter().map(Note::end).max().unwrap());
    }
    words.join(" ")
}

#[test]
fn letters_octaves_and_lengths() {
    let score = tune("C, C c c' | C2 D/ E// F/4 G3/2 z2 x A");
    let expected = "C3:1 C4:1 C5:1 C6:1 C4:2 D4:1/2 E4:1/4 F4:1/4 G4:3/2 -:3 A4:1";
    assert_eq!(played(&score), expected);
    assert_eq!(score.resolution, 8);
    assert_eq!(score.title, "test");
    assert_eq!(score.metres, [(0, Metre { beats: 4, unit: 4 })]);
    assert_eq!(score.keys, [(0, Key::C_MAJOR)]);
    assert_eq!(score.tempi, []);
}

#[test]
fn accidentals_hold_to_the_end_of_the_bar() {
    assert_eq!(
        played(&tune("^F F =F F _E __E ^^E | F E")),
        "F#4:1 F#4:1 F4:1 F4:1 Eb4:1 D4:1 F#4:1 F4:1 E4:1"
    );
    let in_d = whole("X:1\nL:1/8\nK:D\nFC =F F|F");
    assert_eq!(played(&in_d), "F#4:1 C#4:1 F4:1 F4:1 F#4:1");
}

#[test]
fn accidentals_reach_as_far_as_directives_say() {
    let music = "^F f F | f";
    let reach = |directive: &str| played(&whole(&format!("X:1\n{directive}\nL:1/8\nK:C\n{music}\n")));
    assert_eq!(reach("%"), "F#4:1 F#5:1 F#4:1 F5:1", "by default in all octaves");
    assert_eq!(reach("%%propagate-accidentals pitch"), reach("%"));
    assert_eq!(reach("%%propagate-accidentals octave"), "F#4:1 F5:1 F#4:1 F5:1");
    assert_eq!(reach("I:propagate-accidentals not"), "F#4:1 F5:1 F4:1 F5:1");
    assert_eq!(
        played(&tune("^F [I:propagate-accidentals not] F | ^F F")),
        "F#4:1 F4:1 F#4:1 F4:1"
    );
    let file = "%%propagate-accidentals not\n\nX:1\nL:1/8\nK:C\n^F F\n";
    assert_eq!(played(&whole(file)), "F#4:1 F4:1", "for all tunes of a file");
    let (score, warnings) = warned("X:1\nL:1/8\n%%propagate-accidentals far\nK:C\n^F f\n");
    assert_eq!(played(&score), "F#4:1 F#5:1");
    assert_eq!(warnings, ["line 3: \"far\" is no reach of accidentals"]);
}

#[test]
fn accidentals_of_grace_notes_hold_too() {
    assert_eq!(
        played(&tune("{^f}g f {gab} F | f {^} F")),
        "G5:1 F#5:1 F#4:1 F5:1 F4:1"
    );
}

#[test]
fn keys_change_within_the_music() {
    let score = tune("F[K:G]F|\nK:Bb\nB[K:none]B");
    assert_eq!(played(&score), "F4:1 F#4:1 Bb4:1 B4:1");
    let sharps: Vec<_> = score.keys.iter().map(|(tick, key)| (*tick, key.sharps)).collect();
    assert_eq!(sharps, [(0, 0), (1, 1), (2, -2)], "in ticks of an eighth");
}

#[test]
fn metre_unit_and_tempo_change_within_the_music() {
    let score = tune("CDEF GABc|[M:3/4][L:1/4][Q:1/4=60]C D E|\nQ:1/4=90\nC");
    assert_eq!(played(&score).split(' ').nth(9), Some("D4:2"));
    let bar = 4 * score.resolution;
    assert_eq!(score.metres[1], (bar, Metre { beats: 3, unit: 4 }));
    let per_minute = Tempo::per_minute;
    let three = 3 * score.resolution;
    assert_eq!(
        score.tempi,
        [(bar, per_minute(60.0)), (bar + three, per_minute(90.0))]
    );
}

#[test]
fn rests_of_whole_bars_follow_the_metre() {
    assert_eq!(played(&tune("C8|Z2|C|[M:3/4]Z C")), "C4:8 -:16 C4:1 -:6 C4:1");
    assert_eq!(played(&tune("X|C")), "-:8 C4:1");
}

#[test]
fn broken_rhythm_moves_length_from_note_to_note() {
    assert_eq!(played(&tune("A>B c<d")), "A4:3/2 B4:1/2 C5:1/2 D5:3/2");
    assert_eq!(played(&tune("A>>B A>>>B")), "A4:7/4 B4:1/4 A4:15/8 B4:1/8");
    assert_eq!(played(&tune("A>B>c")), "A4:3/2 B4:3/4 C5:1/2");
    assert_eq!(played(&tune("[CE]2 > z2 C")), "C4:3+E4:3 -:1 C4:1");
}

#[test]
fn tuplets_have_the_rhythm_of_the_standard() {
    let eighths = |music: &str| played(&tune(music));
    assert_eq!(eighths("(3CDE F"), "C4:2/3 D4:2/3 E4:2/3 F4:1");
    assert_eq!(eighths("(2CD F"), "C4:3/2 D4:3/2 F4:1");
    assert_eq!(eighths("(4CCCC F").split(' ').next(), Some("C4:3/4"));
    assert_eq!(eighths("(5CCCCC").split(' ').next(), Some("C4:2/5"));
    assert_eq!(eighths("(6CCCCCC").split(' ').next(), Some("C4:1/3"));
    assert_eq!(eighths("(7CCCCCCC").split(' ').next(), Some("C4:2/7"));
    assert_eq!(eighths("(8CCCCCCCC").split(' ').next(), Some("C4:3/8"));
    assert_eq!(eighths("(9CCCCCCCCC").split(' ').next(), Some("C4:2/9"));
    assert_eq!(
        eighths("[M:6/8](5CCCCC").split(' ').next(),
        Some("C4:3/5"),
        "compound metre"
    );
    assert_eq!(eighths("(3:2:2G4c2 F"), "G4:8/3 C5:4/3 F4:1");
    assert_eq!(eighths("(3::2CDE"), "C4:2/3 D4:2/3 E4:1");
    assert_eq!(eighths("(3:4CDE F"), "C4:4/3 D4:4/3 E4:4/3 F4:1");
    assert_eq!(eighths("(3C>DE"), "C4:1 D4:1/3 E4:2/3", "with broken rhythm");
    assert_eq!(
        eighths("(3z[CE]{g}E"),
        "-:2/3 C4:2/3+E4:2/3 E4:2/3",
        "rests and chords count, grace notes not"
    );
}

#[test]
fn ties_join_notes_also_across_bars_and_in_chords() {
    assert_eq!(played(&tune("C4-C4|D2-D-D|")), "C4:8 D4:4");
    assert_eq!(played(&tune("c8-|c2 d")), "C5:10 D5:1");
    assert_eq!(played(&tune("C2 -|\nC2")), "C4:4");
    assert_eq!(
        played(&tune("[C-E]2[CE]2 | [CE]2-[CG]2")),
        "E4:2+C4:4 E4:2 E4:2+C4:4 G4:2"
    );
    assert_eq!(
        played(&tune("^c8-|c2 c")),
        "C#5:10 C5:1",
        "a tie carries its accidental, the bar does not"
    );
    assert_eq!(
        played(&tune("C-D C-zC")),
        "C4:1 D4:1 C4:1 -:1 C4:1",
        "nothing to be tied to"
    );
}

#[test]
fn chords_have_inner_and_outer_lengths() {
    assert_eq!(
        played(&tune("[CEG]2 [C2E2]2 [C/^F]")),
        "C4:2+E4:2+G4:2 C4:4+E4:4 C4:1/2+F#4:1"
    );
    assert_eq!(
        played(&tune("[C2E4] D2")),
        "C4:2+E4:4 D4:2",
        "the first note moves time on"
    );
    assert_eq!(tune("[C2E4] D2").voices[0].notes[1].onset, 0);
    assert_eq!(played(&tune("[CC]")), "C4:1");
    assert_eq!(played(&tune("[!f!C\"x\"E]")), "C4:1+E4:1");
}

#[test]
fn what_makes_no_sound_is_skipped() {
    let plain = "C4:1 D4:1 E4:1";
    assert_eq!(
        played(&tune("\"Am7\"C \"^above\"!trill!D +fermata+.~E y2 % a comment")),
        plain
    );
    assert_eq!(played(&tune("(C .(D) E) {ag}`$ uvTHLMOPSJR")), plain);
    assert_eq!(
        played(&tune(
            "{g}C\\\nD\nw: la la\nW: words\n%%newpage\n%%begintext\nby me\n%%endtext\nN:note\nE [r:remark] !"
        )),
        plain
    );
    assert_eq!(played(&tune("C !segno!!f!D !\nE")), plain);
}

#[test]
fn repeats_are_played_out() {
    let notes = |music: &str| {
        let score = tune(music);
        let names = score.voices[0].notes.iter().map(|note| note.pitch.to_string());
        names.map(|name| name.replace(['4', '5'], "")).collect::<String>()
    };
    assert_eq!(notes("|:CD:|E"), "CDCDE");
    assert_eq!(notes("CD:|E"), "CDCDE", "from the start");
    assert_eq!(notes("|:C::D:|E"), "CCDDE");
    assert_eq!(notes("|:C:|\n|:D:|"), "CCDD");
    assert_eq!(notes("|:C:||:D:|E|]"), "CCDDE");
    assert_eq!(notes("C||D:|E"), "CDDE", "from the last double bar");
    assert_eq!(notes("|:C||D:|E"), "CDCDE", "from the marked start");
    assert_eq!(notes("|:C:|D:|"), "CCDD", "from the end of the last repeat");
    assert_eq!(notes("|::C::|D"), "CCCD", "three times");
    assert_eq!(notes("|:C|1D:|2E||F"), "CDCEF");
    assert_eq!(notes("|:C[1D:|[2E|]F"), "CDCEF");
    assert_eq!(notes("|:C|1D:|\n[2E|:F:|"), "CDCEFF");
    assert_eq!(
        notes("|:C|1D:|2E:|F"),
        "CDCEF",
        "the last ending may be closed by a repeat sign"
    );
    assert_eq!(notes("|:C|1,3D:|2E:|4F||G"), "CDCECDCFG");
    assert_eq!(notes("|:C|1-2D:|3E||"), "CDCDCE");
    assert_eq!(notes("C|1D|2E|]"), "CDCE", "a forgotten repeat sign");
    assert_eq!(notes("|:A|1B:|2C||D|1E:|2F|]"), "ABACDEDF");
    assert_eq!(
        notes("|:C|:D:|E:|F"),
        "CDDEEF",
        "nested: the inner one starts anew"
    );
    assert_eq!(notes(":|C:|:|"), "CC");
    assert_eq!(notes("|:C"), "C");
    assert_eq!(notes("C.|D [|] E [|F|]"), "CDEF");
}

#[test]
fn a_repeat_brings_back_what_held_at_its_start() {
    let score = tune("|:F4[K:G]F4:|F8");
    assert_eq!(played(&score), "F4:4 F#4:4 F4:4 F#4:4 F#4:8");
    let sharps: Vec<_> = score.keys.iter().map(|(_, key)| key.sharps).collect();
    assert_eq!(sharps, [0, 1, 0, 1]);
}

#[test]
fn an_upbeat_is_a_short_first_bar() {
    let score = tune("C2|DEFG ABcd|e8|]");
    assert_eq!(score.pickup, score.resolution);
    let repeated = tune("|:C2|DEFG ABcd:|");
    assert_eq!(repeated.pickup, repeated.resolution);
    assert_eq!(tune("C8|D8").pickup, 0);
    assert_eq!(tune("C2|").pickup, 0, "all there is");
    assert_eq!(whole("X:1\nM:none\nK:C\nC|DEF|").pickup, 0);
}

#[test]
fn voices_are_kept_apart() {
    let text = "X:1\nT:duet\nM:4/4\nL:1/4\nV:1 name=\"Upper voice\"\nV:B clef=bass-8\n%%score (1 B)\nK:G\n\
                [V:1]FGAB|\n[V:B]G4|\nV:1\nc4|\nV:B\nC4-|C4\n";
    let score = whole(text);
    let names: Vec<_> = score.voices.iter().map(|voice| voice.name.as_str()).collect();
    assert_eq!(names, ["Upper voice", "B"]);
    assert_eq!(played(&score), "F#4:2 G4:2 A4:2 B4:2 C5:8");
    let lower: Vec<_> = score.voices[1]
        .notes
        .iter()
        .map(|note| note.pitch.to_string())
        .collect();
    assert_eq!(lower, ["G3", "C3"]);
}

#[test]
fn music_before_any_voice_belongs_to_the_first() {
    let score = whole("X:1\nK:C\nC\nV:2\nE\nV:1\nD\n");
    assert_eq!(score.voices.len(), 2);
    assert_eq!(played(&score), "C4:1 D4:1");
}

#[test]
fn overlays_start_where_their_bar_starts() {
    let score = tune("C4 E4 & G,8 | c8");
    let notes: Vec<_> = score.voices[0]
        .notes
        .iter()
        .map(|note| (note.onset, note.pitch.to_string()))
        .collect();
    let half = 2 * score.resolution;
    let expected = [(0, "C4"), (0, "G3"), (half, "E4"), (2 * half, "C5")];
    assert_eq!(notes, expected.map(|(onset, name)| (onset, name.to_string())));
    assert_eq!(
        tune("C2 & G,8 | c8").voices[0].notes[2].onset,
        4 * tune("C2 & G,8 | c8").resolution
    );
}

#[test]
fn octave_and_transpose_move_the_notes() {
    assert_eq!(
        played(&whole(
            "X:1\nK:C octave=-1\nC[K:D transpose=2]F[K:C octave=0]C[K:transpose=0]C"
        )),
        "C3:1 G#3:1 D4:1 C4:1"
    );
    let text =
        "X:1\nL:1/8\nV:1 clef=treble-8\nV:2\nK:C octave=1\n[V:1]C[V:1 clef=treble]C\n[V:2 octave=-1]C\n";
    let score = whole(text);
    assert_eq!(played(&score), "C4:1 C5:1");
    assert_eq!(
        score.voices[1].notes[0].pitch.to_string(),
        "C3",
        "V: overrides K:"
    );
}

#[test]
fn a_file_holds_many_tunes_and_defaults_for_all() {
    let file = b"%abc-2.1\nM:6/8\nL:1/4\n\nsome words\n\nX:1\nT:one\nK:C\nC\n\nthe next: X\n\nX:2\nT:two\nT:more\nM:3/4\nK:C\nC\n";
    let tunes = decode(file).unwrap();
    let titles: Vec<_> = tunes.iter().map(|(score, _)| score.title.as_str()).collect();
    assert_eq!(titles, ["one", "two"]);
    assert_eq!(tunes[0].0.metres[0].1, Metre { beats: 6, unit: 8 });
    assert_eq!(tunes[1].0.metres[0].1, Metre { beats: 3, unit: 4 });
    assert_eq!(played(&tunes[0].0), "C4:2");
}

#[test]
fn one_faulty_tune_leaves_the_others_readable() {
    let file = "X:1\nK:C\nC\n\nX:2\nK:C\nC\nD ] E\n";
    let tunes = tunes(file).unwrap();
    assert!(tunes[0].decode().is_ok());
    let message = tunes[1].decode().unwrap_err().to_string();
    assert!(
        message.contains("line 8, column 3: ']' has no meaning"),
        "{message}"
    );
}

#[test]
fn errors_say_what_and_where_and_what_to_do() {
    for (music, place, what) in [
        ("CD €", "line 3, column 4", "no meaning"),
        ("C \"Am", "line 3, column 4", "not closed"),
        ("{gC", "column 2", "not closed"),
        ("[CE", "column 4", "chord"),
        ("[C[E]]", "column 3", "chord"),
        ("[K:G", "column 2", "not closed"),
        ("[K:X]C", "column 6", "no key"),
        ("C0", "column 3", "length"),
        ("C99999999999", "column 13", "digits"),
        ("C/0", "column 4", "length"),
        (&format!("C{}", "/".repeat(1000)), "line 3", "length"),
        ("^/C", "column 2", "quarter tones"),
        ("^^^C", "column 4", "no accidental"),
        ("C,,,,,,,,", "column 10", "range"),
        (&format!("c{}", "'".repeat(100_000)), "line 3", "range"),
        ("(3(3CCC", "column 5", "tuplet"),
        ("(1C", "column 3", "tuplet"),
        ("(3:0C", "column 5", "tuplet"),
        ("(77777C", "line 3", "tuplet"),
        (">C", "column 2", "broken"),
        ("C>>>>D", "column 6", "broken"),
        ("C : D", "column 4", "colon"),
        ("|:C|99D:|", "column 7", "32 times"),
        ("C(&D&)", "column 3", "overlay"),
        ("M:5/0", "line 3", "metre"),
        (
            "Z999999999|Z999999999|Z999999999|Z999999999|Z999999999|C",
            "line 3",
            "beyond any tune",
        ),
        ("C C/32771", "line 3, column 3", "ticks"),
        ("C/32771 C/32749", "line 3, column 9", "too fine"),
    ] {
        let message = wrong(music);
        assert!(
            message.contains(place) && message.contains(what),
            "{music:.40}: {message}"
        );
    }
}

#[test]
fn twinkle_fills_its_bars() {
    let score = whole(
        "X:1\nT:Ah! vous dirai-je, Maman\nO:France\nM:4/4\nL:1/4\nQ:1/4=100\nK:C\n\
         C C G G|A A G2|F F E E|D D C2:|\n\
         |:G G F F|E E D2|G G F F|E E D2|\n\
         C C G G|A A G2|F F E E|D D C2:|\n",
    );
    assert_eq!(score.resolution, 1);
    assert_eq!(score.end(), 24 * 4, "eight bars and sixteen");
    let starts = |bar: u32| score.voices[0].notes.iter().any(|note| note.onset == bar * 4);
    assert!((0..24).all(starts), "a note on every first beat");
}

#[test]
fn greensleeves_fills_its_bars() {
    let music = "A|c2d e>fe|d2B G>AB|c2A A>^GA|B2^G E2A|\n\
                 c2d e>fe|d2B G>AB|c>BA ^G>^F^G|A3 A2||\n";
    let score = whole(&format!(
        "X:1\nT:Greensleeves\nM:6/8\nL:1/8\nQ:3/8=50\nK:Am\n{music}"
    ));
    assert_eq!(score.pickup * 2, score.resolution, "an eighth");
    assert_eq!(
        score.end(),
        24 * score.resolution,
        "eight bars of three quarters; the last lacks the upbeat"
    );
    let starts = |bar: u32| {
        score.voices[0]
            .notes
            .iter()
            .any(|note| note.onset == score.pickup + bar * 3 * score.resolution)
    };
    assert!((0..8).all(starts), "a note on every first beat");
    assert_eq!(score.tempi, [(0, Tempo::per_minute(75.0))]);
}
