//! Who plays a note: programs, drum kits, the pedal.

use super::*;

/// A note of one tick on a channel, so many ticks after the event before.
fn hit(delta: u8, channel: u8, key: u8) -> [u8; 7] {
    [delta, 0x90 | channel, key, 80, 1, key, 0]
}

/// Name, program, percussion and onsets of each voice; the score reads back equal.
fn told(bytes: &[u8]) -> Vec<(String, u8, bool, Vec<u32>)> {
    let (score, warnings) = decode(bytes).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(
        decode(&encode(&score).unwrap()).unwrap().0,
        score,
        "reads back equal"
    );
    let told = |voice: &Voice| {
        let onsets = voice.notes.iter().map(|note| note.onset).collect();
        (voice.name.clone(), voice.program, voice.percussion, onsets)
    };
    score.voices.iter().map(told).collect()
}

fn voice(name: &str, program: u8, percussion: bool, onsets: &[u32]) -> (String, u8, bool, Vec<u32>) {
    (name.to_string(), program, percussion, onsets.to_vec())
}

#[test]
fn a_change_of_program_is_another_voice() {
    let name = [0, 0xFF, 3, 3, b'd', b'u', b'o'];
    let track = [
        &name[..],
        &hit(0, 0, 60),
        &[0, 0xC0, 40],
        &hit(9, 0, 62),
        &[0, 0xC0, 73],
        &hit(9, 0, 64),
        &[0, 0xC0, 40],
        &hit(9, 0, 65),
    ]
    .concat();
    assert_eq!(
        told(&plain(&[&track])),
        [
            voice("duo, program 0", 0, false, &[0]),
            voice("duo, program 40", 40, false, &[10, 30]),
            voice("duo, program 73", 73, false, &[20]),
        ]
    );
    let same = [&[0, 0xC0, 5][..], &hit(0, 0, 60), &[0, 0xC0, 5], &hit(9, 0, 62)].concat();
    assert_eq!(
        told(&plain(&[&same])),
        [voice("", 5, false, &[0, 10])],
        "no change at all"
    );
}

#[test]
fn of_several_programs_at_one_tick_the_last_counts() {
    let track = [&[0, 0xC0, 5, 0, 0xC0, 6][..], &hit(0, 0, 60)].concat();
    assert_eq!(told(&plain(&[&track])), [voice("", 6, false, &[0])]);
    let late = [&[0, 0x90, 60, 80, 0, 0xC0, 7, 1, 0x90, 60, 0][..]].concat();
    assert_eq!(
        told(&plain(&[&late])),
        [voice("", 7, false, &[0])],
        "nor does their order"
    );
}

#[test]
fn programs_of_another_track_count_until_a_track_has_its_own() {
    let setup = [0, 0xC0, 40, 10, 0xC0, 41];
    let without = [hit(0, 0, 60), hit(19, 0, 62)].concat();
    let with = [&hit(0, 0, 60)[..], &[19, 0xC0, 50], &hit(0, 0, 62)].concat();
    assert_eq!(
        told(&plain(&[&setup, &without, &with])),
        [
            voice("program 40", 40, false, &[0]),
            voice("program 41", 41, false, &[20]),
            voice("program 40", 40, false, &[0]),
            voice("program 50", 50, false, &[20]),
        ]
    );
}

#[test]
fn each_channel_of_a_track_is_a_voice() {
    let one = [&[0, 0xC0, 5][..], &hit(0, 9, 36), &hit(0, 0, 60)].concat();
    assert_eq!(
        told(&midi(0, [0, 96], &[&one])),
        [
            voice("channel 1", 5, false, &[1]),
            voice("channel 10", 0, true, &[0])
        ]
    );
    let split = [&one[..], &[0, 0xC0, 6], &hit(0, 0, 60)].concat();
    assert_eq!(told(&plain(&[&split]))[1].0, "channel 1, program 6");
}

#[test]
fn banks_of_drum_kits_are_percussion() {
    for bank in [120, 126, 127] {
        let track = [&[0, 0xB3, 0, bank, 0, 32, 0, 0, 0xC3, 8][..], &hit(0, 3, 36)].concat();
        assert_eq!(told(&plain(&[&track])), [voice("", 8, true, &[0])], "bank {bank}");
    }
    for bank in [0, 1, 64, 121, 125] {
        let track = [&[0, 0xB3, 0, bank, 0, 0xC3, 8][..], &hit(0, 3, 36)].concat();
        assert_eq!(
            told(&plain(&[&track])),
            [voice("", 8, false, &[0])],
            "bank {bank}"
        );
    }
    let there_and_back = [
        &[0, 0xB3, 0, 127, 0, 0xC3, 0][..],
        &hit(0, 3, 36),
        &[0, 0xB3, 0, 0, 0, 0xC3, 0],
        &hit(9, 3, 60),
    ]
    .concat();
    assert_eq!(
        told(&plain(&[&there_and_back])),
        [
            voice("drum kit 0", 0, true, &[0]),
            voice("program 0", 0, false, &[10])
        ]
    );
    let bank_alone = [&[0, 0xB3, 0, 127][..], &hit(0, 3, 36)].concat();
    assert_eq!(told(&plain(&[&bank_alone])), [voice("", 0, true, &[0])]);
    // Many files set bank 0 on channel 10 and mean drums; the bank may stand in another track.
    let ten = [&[0, 0xB9, 0, 0, 0, 0xC9, 0][..], &hit(0, 9, 36)].concat();
    assert_eq!(told(&plain(&[&ten])), [voice("", 0, true, &[0])]);
    let elsewhere = told(&plain(&[&[0, 0xB3, 0, 127, 0, 0xC3, 1], &hit(0, 3, 36)]));
    assert_eq!(elsewhere, [voice("", 1, true, &[0])]);
}

#[test]
fn in_gs_those_banks_hold_other_sounds() {
    let reset = [0, 0xF0, 10, 0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41, 0xF7];
    let track = [&[0, 0xB3, 0, 127, 0, 0xC3, 8][..], &hit(0, 3, 36)].concat();
    assert_eq!(told(&plain(&[&reset, &track])), [voice("", 8, false, &[0])]);
}

#[test]
fn system_exclusive_makes_a_channel_a_drum_part_and_undoes_it() {
    let gs = |part: u8, mode: u8| {
        let sum = (0x40 + u32::from(part) + 0x15 + u32::from(mode)) % 128;
        let end = [part, 0x15, mode, (128 - sum) as u8 % 128, 0xF7];
        [&[0, 0xF0, 10, 0x41, 0x10, 0x42, 0x12, 0x40][..], &end].concat()
    };
    let xg = |part: u8, mode: u8| vec![0, 0xF0, 8, 0x43, 0x10, 0x4C, 8, part, 7, mode, 0xF7];
    // By its number from 0: the channel, the message, and whether it is percussion after it.
    let cases = [
        (0, gs(0x11, 1), true),
        (8, gs(0x19, 2), true),
        (10, gs(0x1A, 1), true),
        (15, gs(0x1F, 2), true),
        (9, gs(0x10, 0), false),
        (9, gs(0x1A, 1), true),
        (0, gs(0x12, 1), false),
        (3, xg(3, 1), true),
        (15, xg(15, 3), true),
        (9, xg(9, 0), false),
        (3, xg(3, 0), false),
    ];
    for (channel, message, percussion) in cases {
        let told = told(&plain(&[&message, &hit(0, channel, 40)]));
        assert_eq!(told, [voice("", 0, percussion, &[0])], "{channel} {message:02X?}");
    }
    let track = [
        &hit(0, 2, 60)[..],
        &gs(0x13, 1),
        &hit(9, 2, 36),
        &gs(0x13, 0),
        &hit(9, 2, 62),
    ]
    .concat();
    assert_eq!(
        told(&plain(&[&track])),
        [
            voice("program 0", 0, false, &[0, 20]),
            voice("drum kit 0", 0, true, &[10])
        ]
    );
}

/// (onset, end, pitch) of the notes of the only voice, with the pedal.
fn held(tracks: &[&[u8]]) -> Vec<(u32, u32, u8)> {
    let (score, _) = decode_with(&plain(tracks), Options { pedal: true }).unwrap();
    assert_eq!(
        decode(&encode(&score).unwrap()).unwrap().0,
        score,
        "reads back equal"
    );
    let notes = score.voices[0].notes.iter();
    notes
        .map(|note| (note.onset, note.end(), note.pitch.midi()))
        .collect()
}

#[test]
fn the_pedal_holds_notes_if_asked() {
    const DOWN: [u8; 4] = [0, 0xB0, 64, 127];
    let up = |delta: u8| [delta, 0xB0, 64, 0];
    let note = |delta: u8, key: u8| [delta, 0x90, key, 80, 10, key, 0];
    let held_till_up = [&DOWN[..], &note(0, 60), &note(0, 64), &up(30)].concat();
    assert_eq!(held(&[&held_till_up]), [(0, 50, 60), (10, 50, 64)]);
    let (plainly, _) = decode(&plain(&[&held_till_up])).unwrap();
    assert_eq!(plainly.voices[0].notes[0].duration, 10, "not unless asked");
    let struck_again = [&DOWN[..], &note(0, 60), &note(5, 60), &up(30)].concat();
    assert_eq!(held(&[&struck_again]), [(0, 15, 60), (15, 55, 60)]);
    let changed = [&DOWN[..], &note(0, 60), &up(5), &DOWN, &note(0, 62), &up(5)].concat();
    assert_eq!(held(&[&changed]), [(0, 15, 60), (15, 30, 62)]);
    let never_up = [&DOWN[..], &note(0, 60), &note(20, 62)].concat();
    assert_eq!(held(&[&never_up]), [(0, 40, 60), (30, 40, 62)]);
    let up_before = [&DOWN[..], &[0, 0x90, 60, 80], &up(5), &[5, 0x90, 60, 0]].concat();
    assert_eq!(held(&[&up_before]), [(0, 10, 60)], "the key is still held");
    let reset = [&DOWN[..], &note(0, 60), &[9, 0xB0, 121, 0], &note(9, 62)].concat();
    assert_eq!(held(&[&reset]), [(0, 19, 60), (28, 38, 62)]);
    let half = [&[0, 0xB0, 64, 63][..], &note(0, 60), &up(30)].concat();
    assert_eq!(held(&[&half]), [(0, 10, 60)], "from 64 on it is down");
    let elsewhere = [&DOWN[..], &up(99)].concat();
    assert_eq!(held(&[&elsewhere, &note(0, 60)]), [(0, 99, 60)]);
}
