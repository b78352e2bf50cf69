//! A score written as ABC and read back is the same score.

use super::fraction::gcd;
use super::*;
use crate::music::{Key, Melody, Mode, Note, Pitch};

fn back(score: &Score) -> Score {
    let text = encode(score).unwrap();
    let mut tunes = decode(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(tunes.len(), 1, "{text}");
    let (score, warnings) = tunes.remove(0);
    assert!(warnings.is_empty(), "{warnings:?}\n{text}");
    score
}

/// The same score in the coarsest resolution: reading gives that one.
fn reduced(mut score: Score) -> Score {
    let notes = score.voices.iter_mut().flat_map(|voice| &mut voice.notes);
    let mut times: Vec<&mut u32> = notes
        .flat_map(|note| [&mut note.onset, &mut note.duration])
        .collect();
    times.push(&mut score.pickup);
    times.extend(score.tempi.iter_mut().map(|(tick, _)| tick));
    times.extend(score.metres.iter_mut().map(|(tick, _)| tick));
    times.extend(score.keys.iter_mut().map(|(tick, _)| tick));
    let shared = times.iter().fold(u64::from(score.resolution), |shared, time| {
        gcd(shared, u64::from(**time))
    }) as u32;
    times.into_iter().for_each(|time| *time /= shared);
    score.resolution /= shared;
    score
}

#[test]
fn the_written_tune_is_tidy() {
    let melody = Melody::parse(4, "E4:4 C4:4 D4:2 E4:2 F#4:2 F4:2 G4:12 -:4 C5:20").unwrap();
    let score = melody
        .score("Tidy", 0)
        .with_metre(4, 4)
        .with_key(Key {
            sharps: 1,
            mode: Mode::Major,
        })
        .with_tempo(96.0);
    assert_eq!(
        encode(&score).unwrap(),
        "X:1\nT:Tidy\nM:4/4\nL:1/8\nQ:1/4=96\nV:1 name=\"melody\"\nK:G\nE2 C2 DE F=F|G6 z2|c8-|c2 z6|]\n"
    );
}

#[test]
fn several_voices_take_turns_and_overlaps_become_overlays() {
    let pitch = |name: &str| name.parse::<Pitch>().unwrap();
    let high = (0..5).map(|bar| Note::new(12 * bar, 12, pitch("G4"))).collect();
    let low = vec![
        Note::new(0, 12, pitch("C3")),
        Note::new(4, 8, pitch("E3")),
        Note::new(4, 8, pitch("G3")),
    ];
    let score = Score::new("", 4)
        .with_metre(3, 4)
        .with_voice("high", 0, high)
        .with_voice("low", 0, low);
    assert_eq!(
        encode(&score).unwrap(),
        "X:1\nT:\nM:3/4\nL:1/4\nV:1 name=\"high\"\nV:2 name=\"low\"\nK:none\n\
         [V:1] G3|G3|G3|G3|\n[V:2] C,3 & x [E,G,]2|z3|z3|z3|\n[V:1] G3|]\n[V:2] z3|]\n"
    );
    assert_eq!(back(&score), reduced(score));
}

#[test]
fn triplets_are_written_as_fractions_and_come_back() {
    let melody = Melody::parse(3, "C4:1 D4:1 E4:1 F4:3").unwrap();
    let text = encode(&melody.score("", 0)).unwrap();
    assert!(text.contains("C/3D/3E/3 F"), "{text}");
    assert_eq!(back(&melody.score("", 0)).melody(), melody);
}

#[test]
fn what_cannot_be_written_says_why() {
    let message = |score: &Score| encode(score).unwrap_err().to_string();
    let flat = Key {
        sharps: 9,
        mode: Mode::Major,
    };
    assert!(message(&Score::new("", 4).with_key(flat)).contains("9 sharps"));
    assert!(message(&Score::new("", 0)).contains("resolution"));
    let piled = (0..70).map(|i| Note::new(i, 100, Pitch::C4)).collect();
    assert!(message(&Score::new("", 4).with_voice("", 0, piled)).contains("overlap"));
    let last = vec![Note::new(u32::MAX, u32::MAX, Pitch::C4)];
    assert!(message(&Score::new("", 1).with_voice("", 0, last.clone())).contains("bars"));
    assert!(
        encode(&Score::new("", 32_767).with_voice("", 0, last)).is_ok(),
        "at the edge of what is counted"
    );
}

#[test]
fn titles_and_names_stay_on_their_line() {
    let mut score = Score::new("a\nX:2 100% \\ wool", 1).with_voice("the \"first\"", 0, vec![]);
    score = back(&score);
    assert_eq!(score.title, "a X:2 100% \\ wool");
    assert_eq!(score.voices[0].name, "the 'first'");
}
