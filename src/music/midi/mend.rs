//! Events that midly refuses, since the standard does, and that players read all the same.

use midly::num::u7;
use midly::{MidiMessage, TrackEventKind};

pub(super) const END_OF_TRACK: &[u8] = &[0xFF, 0x2F, 0];

/// An event that was read although it is wrong.
pub(super) struct Mended<'a> {
    /// Ticks since the event before.
    pub delta: u64,
    /// What it says; nothing if it is left out.
    pub kind: Option<TrackEventKind<'a>>,
    /// The bytes after it.
    pub rest: &'a [u8],
    /// What was done with it.
    pub what: &'static str,
}

/// Reads the event at the start of these bytes, if one can see what was meant and where it ends. `running` is the
/// status that goes on if the event has none of its own.
pub(super) fn event(bytes: &[u8], running: Option<u8>) -> Option<Mended<'_>> {
    let (delta, event) = variable_length(bytes)?;
    let (status, data) = match event {
        [status @ 0x80..=0xFF, data @ ..] => (*status, data),
        data => (running?, data),
    };
    let left_out = |size: usize, what| {
        Some(Mended {
            delta,
            kind: None,
            rest: data.get(size..)?,
            what,
        })
    };
    const ABOVE_127: &str = "a value above 127; the event is left out";
    match status {
        // A key above 127 is no pitch: that is damage. A velocity is as loud as can be.
        0x80..=0x9F => {
            let &[key @ ..=127, _, ref rest @ ..] = data else {
                return None;
            };
            let (key, vel) = (u7::new(key), u7::max_value());
            let message = match status {
                ..0x90 => MidiMessage::NoteOff { key, vel },
                _ => MidiMessage::NoteOn { key, vel },
            };
            Some(Mended {
                delta,
                kind: Some(TrackEventKind::Midi {
                    channel: status.into(),
                    message,
                }),
                rest,
                what: "a velocity above 127; it is taken for 127",
            })
        }
        0xC0..=0xDF => left_out(1, ABOVE_127),
        0xA0..=0xBF | 0xE0..=0xEF => left_out(2, ABOVE_127),
        // These belong on a cable, not in a file; where they end is known all the same.
        0xF1 | 0xF3 => left_out(1, "a system common message is left out"),
        0xF2 => left_out(2, "a system common message is left out"),
        0xF6 => left_out(0, "a system common message is left out"),
        0xF8..=0xFE => left_out(0, "a real-time message is left out"),
        // Some programs write these two carelessly, and nothing hangs on them.
        0xFF if matches!(data, [0x54 | 0x59, ..]) => {
            let (size, rest) = variable_length(&data[1..])?;
            Some(Mended {
                delta,
                kind: None,
                rest: rest.get(usize::try_from(size).ok()?..)?,
                what: match data[0] {
                    0x54 => "an SMPTE offset of the wrong form is left out",
                    _ => "a key of the wrong form is left out",
                },
            })
        }
        _ => None,
    }
}

/// Whether the event at the start of these bytes relies on the status of the one before.
pub(super) fn has_no_status(bytes: &[u8]) -> bool {
    variable_length(bytes).is_some_and(|(_, event)| matches!(event, [..=127, ..]))
}

/// A number of up to four bytes, seven bits in each, and what comes after.
fn variable_length(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = bytes.iter().take(4).position(|&byte| byte < 128)? + 1;
    let (number, rest) = bytes.split_at_checked(length)?;
    let value = number
        .iter()
        .fold(0, |sum, &byte| (sum << 7) | u64::from(byte & 127));
    Some((value, rest))
}
