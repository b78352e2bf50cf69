//! Files that break the standard and that players read: each of `tests/cases`, and others of its kind.

use super::*;

/// The notes C D E F G of a quarter note each: what several of the files hold.
fn scale() -> Vec<Note> {
    let pitches = [60, 62, 64, 65, 67].into_iter();
    pitches
        .zip(0..)
        .map(|(pitch, i)| note(96 * i, 96, pitch, 80))
        .collect()
}

/// The notes of the only voice of a file, and its warnings.
fn notes(bytes: &[u8]) -> (Vec<Note>, Vec<String>) {
    let (score, warnings) = decode(bytes).unwrap();
    assert_eq!(
        decode(&encode(&score).unwrap()).unwrap().0,
        score,
        "reads back equal"
    );
    let [voice] = &score.voices[..] else {
        panic!("{} voices", score.voices.len());
    };
    (voice.notes.clone(), warnings)
}

/// The same for a track, of which one warning is expected.
fn mended(events: &[u8]) -> (Vec<Note>, String) {
    let (notes, warnings) = notes(&plain(&[events]));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    (notes, warnings[0].clone())
}

#[test]
fn a_value_above_127_costs_its_event() {
    let bytes = include_bytes!("../../../../tests/cases/midi-controller-above-127.mid");
    let (notes, warnings) = notes(bytes);
    assert_eq!(notes, scale());
    assert_eq!(
        warnings,
        ["track 1, byte 22: a value above 127; the event is left out"]
    );
    let wrong: [&[u8]; 7] = [
        &[0, 0xB0, 200, 7],
        &[0, 0xB0, 64, 128],
        &[0, 0xA0, 60, 255],
        &[0, 0xC0, 130],
        &[0, 0xD0, 255],
        &[0, 0xE0, 0, 128],
        &[0, 0xE0, 255, 0],
    ];
    for event in wrong {
        let (notes, warning) = mended(&[event, &[0, 0x90, 60, 70, 96, 60, 0]].concat());
        assert_eq!(notes, [note(0, 96, 60, 70)], "{event:?}");
        assert!(warning.contains("above 127; the event is left out"), "{warning}");
    }
    // Its time counts, and so does its status for the next event.
    let off = [10, 0xB0, 7, 200, 10, 7, 90, 10, 0x90, 62, 70, 10, 62, 0];
    let (notes, warning) = mended(&[&[0, 0x90, 60, 70, 10, 60, 0][..], &off].concat());
    assert_eq!(notes, [note(0, 10, 60, 70), note(40, 10, 62, 70)]);
    assert!(warning.contains("above 127"), "{warning}");
}

#[test]
fn a_velocity_above_127_is_127_and_a_key_above_it_is_damage() {
    let (notes, warning) = mended(&[0, 0x90, 60, 200, 96, 60, 0]);
    assert_eq!(notes, [note(0, 96, 60, 127)]);
    assert!(
        warning.contains("byte 22: a velocity above 127; it is taken for 127"),
        "{warning}"
    );
    let (notes, _) = mended(&[0, 0x90, 60, 70, 96, 0x80, 60, 255]);
    assert_eq!(notes, [note(0, 96, 60, 70)]);
    for key in [&[0, 0x90, 128, 70][..], &[0, 0x80, 255, 64]] {
        let message = message(&plain(&[key]));
        assert!(
            message.contains("byte 22: an event that cannot be read"),
            "{message}"
        );
    }
}

#[test]
fn a_status_goes_on_after_meta_events_and_system_exclusive() {
    let expected = [note(0, 96, 60, 80), note(96, 96, 62, 80)];
    let text = include_bytes!("../../../../tests/cases/midi-running-status-goes-on-after-text.mid");
    let sysex = include_bytes!("../../../../tests/cases/midi-running-status-goes-on-after-sysex.mid");
    for (bytes, byte) in [(&text[..], 35), (sysex, 37)] {
        let (notes, warnings) = notes(bytes);
        assert_eq!(notes, expected);
        assert_eq!(
            warnings,
            [format!(
                "track 1, byte {byte}: a status goes on after a meta event or system exclusive"
            )]
        );
    }
    // After a tempo; after an escape; after a key of the wrong form; and after several at once.
    let between: [&[u8]; 4] = [
        &[0, 0xFF, 0x51, 3, 7, 0xA1, 0x20],
        &[0, 0xF7, 1, 0xFA],
        &[0, 0xFF, 0x59, 0],
        &[0, 0xFF, 1, 0, 0, 0xF0, 1, 0xF7],
    ];
    for between in between {
        let events = [
            &[0, 0x90, 60, 80, 96, 60, 0][..],
            between,
            &[0, 62, 80, 96, 62, 0],
        ]
        .concat();
        assert_eq!(notes(&plain(&[&events])).0, expected, "{between:?}");
    }
}

#[test]
fn a_fault_of_every_note_is_said_once() {
    let lyric = [0, 0xFF, 5, 1, b'a', 0, 60, 80, 10, 60, 0];
    let events = [&[0, 0x90, 60, 80, 10, 60, 0][..], &lyric.repeat(99)].concat();
    let (notes, warning) = mended(&events);
    assert_eq!(notes.len(), 100);
    assert_eq!(
        warning,
        "track 1, byte 34, and 98 times more: a status goes on after a meta event or system exclusive"
    );
}

#[test]
fn without_any_status_an_event_is_damage() {
    for events in [&[0, 60, 80][..], &[0, 0xFF, 1, 0, 0, 60, 80]] {
        assert!(message(&plain(&[events])).contains("cannot be read"));
    }
}

#[test]
fn what_belongs_on_a_cable_is_left_out() {
    let (notes, warnings) = notes(include_bytes!(
        "../../../../tests/cases/midi-clock-byte-in-track.mid"
    ));
    assert_eq!(notes, scale());
    assert_eq!(warnings, ["track 1, byte 22: a real-time message is left out"]);
    let messages: [&[u8]; 11] = [
        &[0xF8],
        &[0xF9],
        &[0xFA],
        &[0xFB],
        &[0xFC],
        &[0xFD],
        &[0xFE],
        &[0xF1, 5],
        &[0xF2, 5, 6],
        &[0xF3, 5],
        &[0xF6],
    ];
    for bytes in messages {
        // Its time counts, and the status before it goes on.
        let events = [
            &[0, 0x90, 60, 80, 96, 60, 0, 4][..],
            bytes,
            &[0, 62, 80, 96, 62, 0],
        ]
        .concat();
        let (notes, warning) = mended(&events);
        assert_eq!(
            notes,
            [note(0, 96, 60, 80), note(100, 96, 62, 80)],
            "{bytes:02X?}"
        );
        assert!(warning.contains("message is left out"), "{warning}");
    }
    for undefined in [0xF4, 0xF5] {
        assert!(message(&plain(&[&[0, undefined]])).contains("cannot be read"));
    }
    assert!(
        message(&plain(&[&[0, 0xF2, 5]])).contains("cannot be read"),
        "cut off"
    );
}

#[test]
fn events_after_the_end_of_a_track_are_read_up_to_a_second_end() {
    let (found, warnings) = notes(include_bytes!(
        "../../../../tests/cases/midi-events-after-end-of-track.mid"
    ));
    assert_eq!(found, [note(0, 96, 60, 80), note(96, 96, 62, 80)]);
    assert_eq!(
        warnings,
        ["track 1, byte 34: events after the end of the track are read, too"]
    );
    let first = [&[0, 0x90, 60, 80, 96, 60, 0][..], &END].concat();
    let three = [&first[..], &END, &[4, 0x90, 62, 80, 96, 62, 0], &END].concat();
    let (notes, _) = mended(&three);
    assert_eq!(notes, [note(0, 96, 60, 80), note(100, 96, 62, 80)]);
}

#[test]
fn what_follows_the_end_of_a_track_and_is_no_event_is_left_out() {
    let first = [&[0, 0x90, 60, 80, 96, 60, 0][..], &END].concat();
    let rests: [&[u8]; 6] = [
        &[0; 40],                                  // padding
        b"written by a program",                   // text
        &[0, 0x90, 62, 80, 96, 62, 0],             // no second end
        &[0, 0x90, 62],                            // half an event
        &[0, 62, 80, 96, 62, 0, 0, 0xFF, 0x2F, 0], // no status goes on
        &[0, 0x90, 62, 80, 0, 0xFF, 0x2F],         // half an end
    ];
    for rest in rests {
        let mut bytes = plain(&[&first]);
        let size = (first.len() + rest.len()) as u32;
        bytes.truncate(bytes.len() - END.len());
        bytes.extend(rest);
        bytes[18..22].copy_from_slice(&size.to_be_bytes());
        let (found, warnings) = notes(&bytes);
        assert_eq!(found, [note(0, 96, 60, 80)], "{rest:?}");
        assert_eq!(
            warnings,
            ["track 1, byte 33: what follows the end of the track is left out"]
        );
    }
}

#[test]
fn a_million_ends_are_read_at_once() {
    let start = Instant::now();
    let (score, _) = decode(&plain(&[&END.repeat(1_000_000)])).unwrap();
    assert_eq!(score.voices.len(), 0);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn karaoke_is_read_by_its_content() {
    let (score, warnings) = decode(include_bytes!("../../../../tests/cases/midi-karaoke.kar")).unwrap();
    assert_eq!(score.title, "Soft Karaoke");
    assert_eq!(score.voices.len(), 1);
    assert_eq!(score.voices[0].name, "Melody");
    assert_eq!(score.voices[0].notes, scale());
    assert!(warnings.is_empty(), "{warnings:?}");
}
