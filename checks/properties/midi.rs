//! A score written as MIDI and read back is the same score, and no bytes are a reason to panic.

use crate::reduced;
use aeolian::music::midi::{decode, encode};
use aeolian::music::{Key, Metre, Mode, Note, Pitch, Score, Tempo, Voice};
use proptest::prelude::*;

/// Tempi so fast that the longest generated score stays below a day; upbeats, nested notes of one pitch and the
/// other things of the second list in `aeolian::music::midi` are left out, since MIDI has no word for them.
fn any_score() -> impl Strategy<Value = Score> {
    let notes = prop::collection::vec((0u32..50_000, 1u32..5_000, 0i32..128, 1u8..128), 0..40);
    let voice = ("\\PC{0,12}", 0u8..128, prop::bool::weighted(0.2), notes);
    let voices = prop::collection::vec(voice, 0..24);
    let tempi = prop::collection::btree_map(0u32..60_000, 1u32..1_500_000, 0..5);
    let metres = prop::collection::btree_map(0u32..60_000, (1u8..=255, 0u32..8), 0..5);
    let keys = prop::collection::btree_map(0u32..60_000, (-7i8..=7, any::<bool>()), 0..5);
    let head = ("\\PC{0,12}", 1u32..32_768);
    (head, tempi, metres, keys, voices).prop_map(|((title, resolution), tempi, metres, keys, voices)| {
        let mut score = Score::new(title, resolution);
        let tempo = |(tick, micros_per_quarter)| (tick, Tempo { micros_per_quarter });
        score.tempi = tempi.into_iter().map(tempo).collect();
        let metre = |(tick, (beats, power))| {
            let unit = 1u8 << power;
            (tick, Metre { beats, unit })
        };
        score.metres = metres.into_iter().map(metre).collect();
        let key = |(tick, (sharps, minor))| {
            let mode = if minor { Mode::Minor } else { Mode::Major };
            (tick, Key { sharps, mode })
        };
        score.keys = keys.into_iter().map(key).collect();
        score.voices = voices.into_iter().map(voice_of).collect();
        score
    })
}

/// Onset, duration, pitch, velocity.
type Draw = (u32, u32, i32, u8);

fn voice_of((name, program, percussion, notes): (String, u8, bool, Vec<Draw>)) -> Voice {
    let mut notes: Vec<Note> = notes
        .into_iter()
        .map(|(onset, duration, pitch, velocity)| Note {
            velocity,
            ..Note::new(onset, duration, Pitch::new(pitch).unwrap())
        })
        .collect();
    notes.sort();
    // Overlapping notes of one pitch are allowed where the first to begin is the first to end.
    for i in 0..notes.len() {
        let before = notes[..i].iter().filter(|other| other.pitch == notes[i].pitch);
        let end = before.map(Note::end).max().unwrap_or(0).max(notes[i].end());
        notes[i].duration = end - notes[i].onset;
    }
    notes.sort();
    Voice {
        name,
        program,
        percussion,
        notes,
    }
}

/// A MIDI file of one track with these events and an end.
fn one_track(events: &[u8]) -> Vec<u8> {
    let mut bytes = b"MThd\0\0\0\x06\0\x01\0\x01\0\x60MTrk".to_vec();
    bytes.extend((events.len() as u32 + 4).to_be_bytes());
    bytes.extend(events);
    bytes.extend([0, 0xFF, 0x2F, 0]);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn a_score_is_the_same_after_being_a_midi_file(score in any_score()) {
        let bytes = encode(&score).unwrap();
        let (read, warnings) = decode(&bytes).unwrap();
        prop_assert!(read.resolution >= 96 && read.resolution % score.resolution == 0, "a multiple: {}", read.resolution);
        prop_assert_eq!(reduced(read), reduced(score));
        prop_assert!(warnings.is_empty(), "{:?}", warnings);
    }

    #[test]
    fn random_bytes_are_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode(&bytes).is_err());
        let mut track = one_track(&bytes);
        let _ = decode(&track);
        track.extend(&bytes);
        let _ = decode(&track);
    }
}
