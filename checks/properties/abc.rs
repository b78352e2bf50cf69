//! A score written as ABC and read back is the same score.

use crate::reduced;
use aeolian::music::abc::{decode, encode};
use aeolian::music::{Key, Metre, Mode, Note, Pitch, Score, Tempo};
use proptest::collection::vec;
use proptest::prelude::*;

fn back(score: &Score) -> Score {
    let text = encode(score).unwrap();
    let mut tunes = decode(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(tunes.len(), 1, "{text}");
    let (score, warnings) = tunes.remove(0);
    assert!(warnings.is_empty(), "{warnings:?}\n{text}");
    score
}

fn key() -> impl Strategy<Value = Key> {
    (-7..=7i8, 0..7usize).prop_map(|(sharps, mode)| Key {
        sharps,
        mode: Mode::ALL[mode],
    })
}

fn metre() -> impl Strategy<Value = Metre> {
    (1..=12u8, 1..=4u32).prop_map(|(beats, power)| Metre {
        beats,
        unit: 1 << power,
    })
}

fn tempo() -> impl Strategy<Value = Tempo> {
    (40_000..15_000_000u32).prop_map(|micros_per_quarter| Tempo { micros_per_quarter })
}

/// Notes in order, none of which sounds a pitch that another one is still sounding.
fn notes() -> impl Strategy<Value = Vec<Note>> {
    vec((0..200u32, 1..50u32, 20..110u8), 0..30).prop_map(|raw| {
        let mut notes: Vec<Note> = Vec::new();
        for (onset, duration, pitch) in raw {
            let note = Note::new(onset, duration, Pitch::from_midi(pitch).unwrap());
            let apart =
                |other: &Note| other.pitch != note.pitch || other.end() <= onset || note.end() <= other.onset;
            if notes.iter().all(apart) {
                notes.push(note);
            }
        }
        notes.sort();
        notes
    })
}

/// Changes in order, each to another value, the last before this tick.
fn changes<T: PartialEq + Clone>(raw: Vec<(u32, T)>, end: u32) -> Vec<(u32, T)> {
    let mut raw: Vec<(u32, T)> = raw
        .into_iter()
        .filter(|(tick, _)| *tick == 0 || *tick < end)
        .collect();
    raw.sort_by_key(|(tick, _)| *tick);
    raw.dedup_by_key(|(tick, _)| *tick);
    raw.dedup_by(|later, earlier| later.1 == earlier.1);
    raw
}

/// What ABC carries: middle loudness, no two notes of a voice at once on one pitch, changes before the end that
/// change something, an upbeat shorter than the first bar.
fn score() -> impl Strategy<Value = Score> {
    let tick = || prop_oneof![Just(0u32), 0..200u32];
    let head = (0..6usize, "[A-Za-z%\\\\é:&#;0-9]{0,8}", 0..100u32, any::<bool>());
    let instrument = (prop_oneof![Just(0u8), 0..128u8], prop::bool::weighted(0.2));
    let voices = vec(("[A-Za-z %\\\\é'&;]{0,8}", instrument, notes()), 0..4);
    let changing = (
        vec((tick(), tempo()), 0..3),
        vec((tick(), metre()), 0..4),
        vec((tick(), key()), 0..4),
    );
    (head, voices, changing).prop_map(
        |((resolution, title, pickup, has_pickup), voices, (tempi, metres, keys))| {
            let mut score = Score::new(title, [1, 2, 4, 12, 24, 480][resolution]);
            for (name, (program, percussion), notes) in voices {
                score = score.with_voice(name.trim(), program, notes);
                let voice = score.voices.len() - 1;
                score.voices[voice].percussion = percussion;
            }
            let end = score.end();
            score.tempi = changes(tempi, end);
            score.metres = changes(metres, end);
            score.keys = changes(keys, end);
            if let (true, Some((0, metre)), false) =
                (has_pickup, score.metres.first(), score.voices.is_empty())
            {
                score.pickup =
                    pickup % (4 * score.resolution * u32::from(metre.beats) / u32::from(metre.unit)).max(1);
            }
            reduced(score)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_score_survives_being_written_and_read(score in score()) {
        prop_assert_eq!(back(&score), score);
    }
}
