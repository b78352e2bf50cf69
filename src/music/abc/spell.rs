//! Pitches and keys as ABC writes them: letters, octave marks, and the accidentals that are needed.

use super::key::{Signature, signature};
use super::line::SEMITONES;
use crate::music::{Key, Mode, Pitch};
use std::collections::BTreeMap;

/// Spells the pitches of one bar, remembering the accidentals that it has written.
pub(super) struct Speller {
    sharps: i8,
    signature: Signature,
    by_step: BTreeMap<i32, i8>,
    by_letter: [Option<i8>; 7],
}

impl Speller {
    pub(super) fn new(sharps: i8) -> Speller {
        Speller {
            sharps,
            signature: signature(sharps),
            by_step: BTreeMap::new(),
            by_letter: [None; 7],
        }
    }

    /// From here on another signature holds; accidentals of this bar stay.
    pub(super) fn set_key(&mut self, sharps: i8) {
        self.sharps = sharps;
        self.signature = signature(sharps);
    }

    /// The pitch as a letter with octave marks, and an accidental if key and bar so far demand one.
    ///
    /// Programs disagree on whether an accidental holds in other octaves too: it is written again where
    /// that would make a difference.
    pub(super) fn spell(&mut self, pitch: Pitch) -> String {
        let (letter, accidental) = on_the_line_of_fifths(fifths(pitch, self.sharps));
        let above = i32::from(pitch.midi()) - 60 - i32::from(accidental) - SEMITONES[letter];
        let octave = above.div_euclid(12);
        let step = 7 * octave + letter as i32;
        let held = self.by_step.get(&step).copied();
        let held_in_step = held.unwrap_or(self.signature[letter]);
        let held_in_letter = self.by_letter[letter].unwrap_or(self.signature[letter]);
        let mut text = String::new();
        if accidental != held_in_step || accidental != held_in_letter {
            self.by_step.insert(step, accidental);
            self.by_letter[letter] = Some(accidental);
            text.push(match accidental {
                1 => '^',
                -1 => '_',
                _ => '=',
            });
        }
        let name = char::from(b"CDEFGAB"[letter]);
        if octave > 0 {
            text.push(name.to_ascii_lowercase());
            text.extend((1..octave).map(|_| '\''));
        } else {
            text.push(name);
            text.extend((octave..0).map(|_| ','));
        }
        text
    }
}

/// Where on the line of fifths (C = 0, G = 1, F = -1) a pitch stands in the key with so many sharps:
/// from three below its tonic (a minor third up, in major) to eight above (an augmented fifth), where the
/// altered notes of major and minor keys lie; never a double accidental.
fn fifths(pitch: Pitch, sharps: i8) -> i32 {
    let lowest = i32::from(sharps) - 3;
    let place = lowest + (7 * i32::from(pitch.class()) - lowest).rem_euclid(12);
    match place {
        13.. => place - 12,
        ..=-9 => place + 12,
        _ => place,
    }
}

/// Letter (C = 0 to B = 6) and accidental of a place on the line of fifths.
fn on_the_line_of_fifths(place: i32) -> (usize, i8) {
    (
        (place * 4).rem_euclid(7) as usize,
        (place + 1).div_euclid(7) as i8,
    )
}

/// The value of a `K:` field.
pub(super) fn key_name(key: Key) -> String {
    let place = i32::from(key.sharps) + i32::from(key.mode.fifths_above_major());
    let (letter, accidental) = on_the_line_of_fifths(place);
    let sign = match accidental {
        1 => "#",
        -1 => "b",
        _ => "",
    };
    let mode = match key.mode {
        Mode::Major => "",
        Mode::Minor => "m",
        Mode::Dorian => "dor",
        Mode::Phrygian => "phr",
        Mode::Lydian => "lyd",
        Mode::Mixolydian => "mix",
        Mode::Locrian => "loc",
    };
    format!("{}{sign}{mode}", char::from(b"CDEFGAB"[letter]))
}

#[cfg(test)]
mod tests {
    use super::super::key::key_field;
    use super::*;

    #[test]
    fn every_key_reads_back_as_it_was_named() {
        for sharps in -7..=7 {
            for mode in Mode::ALL {
                let key = Key { sharps, mode };
                let read = key_field(&key_name(key)).unwrap().signature.unwrap();
                assert_eq!(read, (signature(sharps), Some(key)), "{}", key_name(key));
            }
        }
        assert_eq!(
            key_name(Key {
                sharps: -1,
                mode: Mode::Dorian
            }),
            "Gdor"
        );
    }

    #[test]
    fn accidentals_are_written_where_they_are_needed() {
        let spell = |sharps, names: &str| {
            let mut speller = Speller::new(sharps);
            let spelled = names.split(' ').map(|name| speller.spell(name.parse().unwrap()));
            spelled.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(spell(2, "D4 F#4 F4 F4 F#4 C#5"), "D F =F F ^F c");
        assert_eq!(spell(0, "G#4 G#4 G#5 G4 G6 C2"), "^G G ^g =G g' C,,");
        assert_eq!(spell(-3, "Eb4 E4 B3 Gb4"), "E =E =B, _G");
        assert_eq!(spell(7, "C4 B#3"), "B, B,");
        assert_eq!(spell(-7, "B3 Cb4"), "C C");
    }
}
