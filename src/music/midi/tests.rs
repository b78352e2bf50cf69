mod cases;
mod voices;

use super::*;
use crate::music::{Key, Metre, Mode, Note, Pitch, Tempo, Voice};
use std::time::{Duration, Instant};

const END: [u8; 4] = [0, 0xFF, 0x2F, 0];

/// A MIDI file of tracks, each of these events and an end.
fn midi(format: u8, division: [u8; 2], tracks: &[&[u8]]) -> Vec<u8> {
    let count = (tracks.len() as u16).to_be_bytes();
    let mut bytes = b"MThd\0\0\0\x06\0".to_vec();
    bytes.extend([format, count[0], count[1], division[0], division[1]]);
    for events in tracks {
        bytes.extend(b"MTrk");
        bytes.extend((events.len() as u32 + 4).to_be_bytes());
        bytes.extend_from_slice(events);
        bytes.extend(END);
    }
    bytes
}

/// A format-1 file with 96 ticks to a quarter note.
fn plain(tracks: &[&[u8]]) -> Vec<u8> {
    midi(1, [0, 96], tracks)
}

fn note(onset: u32, duration: u32, pitch: i32, velocity: u8) -> Note {
    let pitch = Pitch::new(pitch).unwrap();
    Note {
        onset,
        duration,
        pitch,
        velocity,
    }
}

fn message(bytes: &[u8]) -> String {
    decode(bytes).unwrap_err().to_string()
}

/// A score with something of everything.
fn rich() -> Score {
    let mut score = Score::new("Étude", 480).with_tempo(90.0).with_metre(3, 4);
    score.tempi.push((960, Tempo::per_minute(72.5)));
    score.metres.push((2880, Metre { beats: 6, unit: 8 }));
    let minor = Key {
        sharps: -3,
        mode: Mode::Minor,
    };
    score = score.with_key(minor);
    for (i, name) in ["Flöte", "bass", "drums"].into_iter().enumerate() {
        let notes = (0..20).map(|n| note(n * 240, 200, 40 + n as i32, 50 + n as u8));
        score = score.with_voice(name, 10 + i as u8, notes.collect());
    }
    score.voices[2].percussion = true;
    score.pickup = 480;
    score
}

#[test]
fn upbeat_title_and_all_voices_come_back() {
    let (score, warnings) = decode(&encode(&rich()).unwrap()).unwrap();
    assert_eq!(score, rich());
    assert_eq!(warnings, Vec::<String>::new());
}

#[test]
fn a_short_first_bar_is_an_upbeat_only_if_the_next_ones_are_longer() {
    let mut score = rich();
    score.pickup = 0;
    score.metres = vec![
        (0, Metre { beats: 1, unit: 4 }),
        (480, Metre { beats: 4, unit: 4 }),
    ];
    let (read, _) = decode(&encode(&score).unwrap()).unwrap();
    assert_eq!(
        (read.pickup, &read.metres[..]),
        (480, &[(0, Metre { beats: 4, unit: 4 })][..])
    );
    assert_eq!(decode(&encode(&read).unwrap()).unwrap().0, read, "and stays one");
    score.metres.swap(0, 1);
    (score.metres[0].0, score.metres[1].0) = (0, 1920);
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0, score);
}

#[test]
fn running_status_and_velocity_zero_are_understood() {
    let (score, warnings) = decode(&plain(&[&[
        0, 0x90, 60, 70, 96, 60, 0, 0, 62, 71, 96, 0x80, 62, 9,
    ]]))
    .unwrap();
    assert_eq!(score.voices[0].notes, [note(0, 96, 60, 70), note(96, 96, 62, 71)]);
    assert_eq!((score.resolution, warnings.len()), (96, 0));
}

#[test]
fn overlapping_notes_end_in_the_order_they_began() {
    let events = [0, 0x90, 60, 70, 10, 60, 71, 10, 60, 0, 10, 60, 0];
    let (score, _) = decode(&plain(&[&events])).unwrap();
    assert_eq!(score.voices[0].notes, [note(0, 20, 60, 70), note(10, 20, 60, 71)]);
}

#[test]
fn a_note_of_no_length_lasts_one_tick() {
    let (score, _) = decode(&plain(&[&[5, 0x90, 60, 70, 0, 60, 0]])).unwrap();
    assert_eq!(score.voices[0].notes, [note(5, 1, 60, 70)]);
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0, score);
}

#[test]
fn unfinished_notes_end_with_their_track_and_a_warning() {
    let events = [0, 0x90, 60, 70, 0, 64, 70, 96, 0xB0, 7, 100];
    let (score, warnings) = decode(&plain(&[&events])).unwrap();
    assert_eq!(score.voices[0].notes, [note(0, 96, 60, 70), note(0, 96, 64, 70)]);
    assert!(
        warnings[0].starts_with("track 1: 2 notes never end"),
        "{warnings:?}"
    );
}

#[test]
fn sustain_holds_no_note_and_all_notes_off_ends_them() {
    let events = [
        0, 0xB0, 64, 127, 0, 0x90, 60, 70, 10, 60, 0, 0, 62, 70, 10, 0xB0, 123, 0, 5, 64, 0,
    ];
    let (score, warnings) = decode(&plain(&[&events])).unwrap();
    assert_eq!(score.voices[0].notes, [note(0, 10, 60, 70), note(10, 10, 62, 70)]);
    assert!(warnings.is_empty());
}

#[test]
fn a_program_may_stand_in_another_track() {
    let setup = [0, 0xC0, 40, 0, 0xC1, 41];
    let (score, _) = decode(&plain(&[&setup, &[0, 0x91, 60, 70, 1, 60, 0]])).unwrap();
    assert_eq!(score.voices.len(), 1, "the first track prepares only");
    assert_eq!(score.voices[0].program, 41);
}

#[test]
fn names_that_are_not_utf8_are_read_as_latin_1() {
    let name = [0, 0xFF, 3, 4, b'K', 0xFC, b'r', 0];
    let (score, _) = decode(&plain(&[&name, &[0, 0x90, 60, 70, 1, 60, 0]])).unwrap();
    assert_eq!(score.title, "Kür");
}

#[test]
fn film_time_becomes_a_tempo() {
    let events = [0, 0xFF, 0x51, 3, 1, 1, 1, 0, 0x90, 60, 70, 100, 60, 0];
    let (score, warnings) = decode(&midi(0, [(-25i8) as u8, 40], &[&events])).unwrap();
    assert_eq!(score.resolution, 1000);
    assert!((score.seconds() - 0.1).abs() < 1e-12);
    assert_eq!(warnings.len(), 1, "the tempo event is left out");
    let (score, _) = decode(&midi(0, [(-29i8) as u8, 10], &[&events])).unwrap();
    assert!((score.seconds() - 100.0 * 1.001 / 300.0).abs() < 1e-12);
}

#[test]
fn senseless_tempo_metre_and_key_are_left_out_with_a_warning() {
    let events = [
        &[0, 0xFF, 0x51, 3, 0, 0, 0][..],
        &[0, 0xFF, 0x58, 4, 0, 2, 24, 8],
        &[0, 0xFF, 0x58, 4, 3, 8, 24, 8],
        &[0, 0xFF, 0x59, 2, 100, 0],
        &[0, 0xFF, 0x59, 0],
        &[10, 0xFF, 0x54, 5, 99, 99, 99, 99, 99],
        &[0, 0xFF, 0x58, 4, 3, 7, 24, 8],
        &[0, 0x90, 60, 70, 1, 60, 0],
    ];
    let (score, warnings) = decode(&plain(&[&events.concat()])).unwrap();
    assert_eq!(score.metres, [(10, Metre { beats: 3, unit: 128 })]);
    assert_eq!(
        (score.tempi.len(), score.keys.len(), warnings.len()),
        (0, 0, 6),
        "{warnings:?}"
    );
    assert_eq!(score.voices[0].notes, [note(10, 1, 60, 70)]);
}

#[test]
fn a_million_warnings_are_cut_short() {
    let (_, warnings) = decode(&plain(&[&[0, 0xFF, 0x51, 3, 0, 0, 0].repeat(10_000)])).unwrap();
    assert_eq!(warnings.len(), 101);
    assert_eq!(warnings[100], "and 9900 more warnings");
}

#[test]
fn what_is_no_midi_file_is_said() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "WAV"),
        (b"X:1\nK:C\n", "ABC"),
        (b"<?xml version", "XML"),
        (b"PK\x03\x04", "ZIP"),
        (b"MTrk\0\0\0\0", "without the header"),
        (b"hello", "MThd"),
        (b"RIFF\x24\0\0\0RMIDjunk\x04\0\0\0abcd", "no MIDI data inside"),
    ];
    for (bytes, expected) in cases {
        let message = message(bytes);
        assert!(
            message.contains(expected) && message.contains("byte"),
            "{message}"
        );
    }
}

#[test]
fn a_riff_wrapper_is_taken_off() {
    let inner = encode(&rich()).unwrap();
    let size = (inner.len() as u32).to_le_bytes();
    let wrapped = [b"RIFF\0\0\0\0RMIDDISP\x03\0\0\0abc\0data", &size[..], &inner].concat();
    assert_eq!(decode(&wrapped).unwrap().0, rich());
    let cut = &wrapped[..wrapped.len() - 20];
    assert!(message(cut).contains("cut off"));
}

#[test]
fn a_header_that_makes_no_sense_is_an_error_with_its_place() {
    let notes: &[u8] = &[0, 0x90, 60, 70, 1, 60, 0];
    let cases = [
        (midi(1, [0, 0], &[notes]), "0 ticks"),
        (midi(1, [0x80, 1], &[notes]), "128 frames"),
        (midi(1, [(-25i8) as u8, 0], &[notes]), "0 ticks"),
        (midi(2, [0, 96], &[notes]), "format 2"),
        (midi(9, [0, 96], &[notes]), "format 9"),
        (midi(1, [0, 96], &[]), "0 tracks"),
        (
            [b"MThd\xFF\xFF\xFF\xFF", &plain(&[notes])[8..]].concat(),
            "header",
        ),
        ([b"MThd\0\0\0\x05", &plain(&[notes])[8..]].concat(), "header"),
    ];
    for (bytes, expected) in cases {
        let message = message(&bytes);
        assert!(
            message.contains(expected) && message.contains("byte"),
            "{message}"
        );
    }
}

#[test]
fn a_second_header_does_no_harm() {
    let mut bytes = plain(&[&[0, 0x90, 60, 70, 1, 60, 0]]);
    bytes.extend(b"MThd\0\0\0\x06\0\x01\0\x01\x80\x01");
    assert_eq!(decode(&bytes).unwrap().0.voices.len(), 1);
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let bytes = encode(&rich()).unwrap();
    for length in 0..bytes.len() {
        let message = message(&bytes[..length]);
        assert!(message.contains("byte"), "{length}: {message}");
    }
}

#[test]
fn a_track_that_claims_too_much_is_read_if_nothing_is_missing() {
    let mut bytes = plain(&[&[0, 0x90, 60, 70, 1, 60, 0]]);
    bytes[18..22].copy_from_slice(&[0xFF; 4]);
    assert_eq!(decode(&bytes).unwrap().0.voices[0].notes.len(), 1);
    bytes.pop();
    assert!(message(&bytes).contains("track 1, byte"));
}

#[test]
fn times_beyond_measure_are_errors() {
    let far = [0xFF, 0xFF, 0xFF, 0x7F];
    let day = [&far[..], &[0x90, 60, 70, 1, 60, 0]].concat();
    assert!(message(&plain(&[&day])).contains("hours after the start"));
    let step = [&far[..], &[0xFF, 1, 0]].concat().repeat(20);
    let beyond = [&step[..], &[0, 0x90, 60, 70, 1, 60, 0]].concat();
    assert!(message(&plain(&[&beyond])).contains("track 1, byte"));
    // Fifteen long steps are still a tick; the end of the track is not.
    let late = [
        &[0, 0x90, 60, 70][..],
        &step[..15 * 7],
        &[0x81, 0x48, 0xFF, 1, 0],
        &far,
        &END[1..],
    ]
    .concat();
    assert!(message(&plain(&[&late])).contains("end of track 1"));
}

#[test]
fn damage_at_any_place_is_no_panic_and_what_is_read_can_be_written() {
    let whole = encode(&rich()).unwrap();
    let mut state = 1u64;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut readable = 0;
    for _ in 0..2_000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + draw(3) {
            let place = draw(bytes.len());
            match draw(4) {
                0 => bytes[place] ^= 1 << draw(8),
                1 => bytes[place] = [0, 0x7F, 0x80, 0xFF][draw(4)],
                2 => drop(bytes.remove(place)),
                _ => bytes.insert(place, draw(256) as u8),
            }
        }
        if draw(8) == 0 {
            bytes.truncate(draw(bytes.len()));
        }
        if let Ok((score, _)) = decode(&bytes) {
            let again = decode(&encode(&score).unwrap()).unwrap().0;
            assert_eq!(again, score);
            readable += 1;
        }
    }
    assert!((100..1_900).contains(&readable), "{readable}: both kinds are met");
}

#[test]
fn ten_thousand_tracks_are_read_at_once() {
    let track: &[u8] = &[0, 0xC0, 5, 0, 0x90, 60, 70, 1, 60, 0];
    let bytes = plain(&vec![track; 10_000]);
    let start = Instant::now();
    let (score, _) = decode(&bytes).unwrap();
    assert_eq!(score.voices.len(), 10_000);
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0.voices, score.voices);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn what_midi_cannot_hold_is_refused_with_a_remedy() {
    type Spoil = fn(&mut Score);
    let wrong: [(Spoil, &str); 9] = [
        (|score| score.resolution = 0, "resolution of 0"),
        (|score| score.resolution = 32_768, "resolution of 32768"),
        (
            |score| score.tempi[0].1.micros_per_quarter = 1 << 24,
            "microseconds",
        ),
        (|score| score.metres[0].1.unit = 3, "metre of 3/3"),
        (|score| score.keys[0].1.sharps = 8, "8 sharps"),
        (|score| score.voices[1].program = 128, "program 128"),
        (
            |score| score.voices[1].notes[3].velocity = 0,
            "\"bass\"): the note at tick 720 has velocity 0",
        ),
        (
            |score| score.voices[1].notes[3].duration = u32::MAX,
            "beyond all ticks",
        ),
        (|score| score.voices[1].notes[3].duration = u32::MAX / 2, "hours"),
    ];
    for (spoil, expected) in wrong {
        let mut score = rich();
        spoil(&mut score);
        let message = encode(&score).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn notes_may_come_in_any_order() {
    let mut score = rich();
    score.voices[0].notes.reverse();
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0, rich());
}

#[test]
fn modes_keep_their_signature() {
    for (mode, expected) in [(Mode::Dorian, Mode::Minor), (Mode::Mixolydian, Mode::Major)] {
        let score = rich().with_key(Key { sharps: 2, mode });
        let read = decode(&encode(&score).unwrap()).unwrap().0;
        let key = Key {
            sharps: 2,
            mode: expected,
        };
        assert_eq!(read.keys, [(0, key)]);
    }
}

/// The status bytes of each track's program change.
fn channels_of(score: &Score) -> Vec<u8> {
    let bytes = encode(score).unwrap();
    let smf = midly::Smf::parse(&bytes).unwrap();
    let channel = |event: &midly::TrackEvent| match event.kind {
        midly::TrackEventKind::Midi { channel, .. } => Some(channel.as_int()),
        _ => None,
    };
    smf.tracks
        .iter()
        .filter_map(|track| track.iter().find_map(channel))
        .collect()
}

#[test]
fn many_voices_share_channels_and_leave_the_drums_alone() {
    let voice =
        |score: Score, i: u8| score.with_voice(&format!("voice {i}"), i / 2, vec![note(0, 1, 60, 70)]);
    let mut score = (0..30).fold(Score::new("", 480), voice);
    score.voices[7].percussion = true;
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0, score);
    let channels = channels_of(&score);
    for (voice, &channel) in score.voices.iter().zip(&channels) {
        assert_eq!(voice.percussion, channel == 9);
    }
    assert_eq!(channels[0], channels[1], "the same program");
    assert_ne!(channels[1], channels[2], "another program");
    score.voices.truncate(16);
    let mut few = channels_of(&score);
    few.sort();
    few.dedup();
    assert_eq!(few.len(), 16, "each its own");
}

#[test]
fn a_long_silence_is_written_in_steps() {
    let notes = vec![note(0, 1, 60, 70), note(2_000_000_000, 1, 60, 70)];
    let score = Score::new("", 32_767).with_voice("", 0, notes);
    assert_eq!(decode(&encode(&score).unwrap()).unwrap().0, score);
}

#[test]
fn a_file_is_written_read_and_named_in_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("piece.mid");
    write(&path, &rich()).unwrap();
    assert_eq!(read(&path).unwrap().0, rich());
    std::fs::write(&path, b"MThd").unwrap();
    assert!(read(&path).unwrap_err().to_string().contains("piece.mid, byte 0"));
}
