//! Pitches, their names and frequencies, and the keys that spell them.

use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A pitch of the equal-tempered scale, as a MIDI note number: 60 is middle C (C4), 69 is A4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pitch(u8);

const NAMES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];

impl Pitch {
    /// Concert pitch, 440 Hz.
    pub const A4: Pitch = Pitch(69);
    /// Middle C.
    pub const C4: Pitch = Pitch(60);

    /// The pitch with this MIDI note number, 0 to 127.
    ///
    /// # Errors
    /// If the number is outside that range.
    pub fn new(number: i32) -> Result<Pitch> {
        u8::try_from(number)
            .ok()
            .and_then(Pitch::from_midi)
            .ok_or_else(|| {
                Error::value(
                    format!("{number} is no pitch"),
                    "A MIDI note number goes from 0 to 127",
                )
            })
    }

    /// The pitch with this MIDI note number, or none above 127.
    pub fn from_midi(number: u8) -> Option<Pitch> {
        (number < 128).then_some(Pitch(number))
    }

    /// The MIDI note number, 0 to 127.
    pub fn midi(self) -> u8 {
        self.0
    }

    /// Frequency in hertz, with A4 at 440 Hz: each semitone multiplies by the twelfth root of two.
    pub fn hertz(self) -> f64 {
        440.0 * 2f64.powf((f64::from(self.0) - 69.0) / 12.0)
    }

    /// The class of the pitch, 0 (C) to 11 (B): what it is when octaves are ignored.
    pub fn class(self) -> u8 {
        self.0 % 12
    }

    /// The octave, -1 to 9; middle C opens octave 4.
    pub fn octave(self) -> i8 {
        (self.0 / 12) as i8 - 1
    }

    /// The pitch so many semitones higher (or lower), or none where MIDI has no number for it.
    pub fn transposed(self, semitones: i32) -> Option<Pitch> {
        u8::try_from(i32::from(self.0).checked_add(semitones)?)
            .ok()
            .and_then(Pitch::from_midi)
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{}", NAMES[usize::from(self.class())], self.octave()))
    }
}

impl FromStr for Pitch {
    type Err = Error;

    /// Reads a name such as `C4`, `F#3`, `Bb5` or `Cb-1`.
    fn from_str(name: &str) -> Result<Pitch> {
        let wrong = || {
            Error::value(
                format!("\"{name}\" is no pitch"),
                "Write a letter A to G, then # or b if need be, then the octave: F#3",
            )
        };
        let mut letters = name.chars();
        let class = match letters.next().ok_or_else(wrong)?.to_ascii_uppercase() {
            'C' => 0,
            'D' => 2,
            'E' => 4,
            'F' => 5,
            'G' => 7,
            'A' => 9,
            'B' => 11,
            _ => return Err(wrong()),
        };
        let rest = letters.as_str();
        let octave = rest.trim_start_matches(['#', 'b']);
        let accidentals = &rest[..rest.len() - octave.len()];
        if accidentals.len() > 2 {
            return Err(wrong());
        }
        let shift: i32 = accidentals
            .chars()
            .map(|sign| if sign == '#' { 1 } else { -1 })
            .sum();
        let octave: i32 = octave.parse::<i8>().map_err(|_| wrong())?.into();
        Pitch::new((octave + 1) * 12 + class + shift).map_err(|_| wrong())
    }
}

/// The pattern of steps that a key is built on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// Also called Ionian.
    Major,
    /// Natural minor, also called Aeolian.
    Minor,
    /// The white keys from D.
    Dorian,
    /// The white keys from E.
    Phrygian,
    /// The white keys from F.
    Lydian,
    /// The white keys from G.
    Mixolydian,
    /// The white keys from B.
    Locrian,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 7] = [
        Mode::Major,
        Mode::Minor,
        Mode::Dorian,
        Mode::Phrygian,
        Mode::Lydian,
        Mode::Mixolydian,
        Mode::Locrian,
    ];

    /// How many fifths the tonic lies above that of the major key with the same signature.
    pub fn fifths_above_major(self) -> i8 {
        match self {
            Mode::Lydian => -1,
            Mode::Major => 0,
            Mode::Mixolydian => 1,
            Mode::Dorian => 2,
            Mode::Minor => 3,
            Mode::Phrygian => 4,
            Mode::Locrian => 5,
        }
    }
}

/// A key: its signature and its mode.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// Sharps in the signature, -7 to 7; flats count negative.
    pub sharps: i8,
    /// Which of the keys with that signature.
    pub mode: Mode,
}

impl Key {
    /// C major: no sharps, no flats.
    pub const C_MAJOR: Key = Key {
        sharps: 0,
        mode: Mode::Major,
    };

    /// The class of the tonic, 0 (C) to 11 (B).
    pub fn tonic(self) -> u8 {
        let fifths = i32::from(self.sharps + self.mode.fifths_above_major());
        (fifths * 7).rem_euclid(12) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_agree_for_every_pitch() {
        for number in 0..128 {
            let pitch = Pitch::new(number).unwrap();
            assert_eq!(pitch.to_string().parse::<Pitch>().unwrap(), pitch);
        }
        assert_eq!("Cb4".parse::<Pitch>().unwrap().midi(), 59);
        assert_eq!("f#3".parse::<Pitch>().unwrap().midi(), 54);
        for wrong in ["", "H4", "C", "C44", "C#######4", "é4", "G#9"] {
            assert!(wrong.parse::<Pitch>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_octave_doubles_the_frequency() {
        assert_eq!(Pitch::A4.hertz(), 440.0);
        let octave = Pitch::A4.transposed(12).unwrap();
        assert!((octave.hertz() - 880.0).abs() < 1e-9);
        assert_eq!(Pitch::A4.transposed(i32::MAX), None);
    }

    #[test]
    fn a_signature_has_a_tonic_in_each_mode() {
        let tonic = |sharps, mode| Key { sharps, mode }.tonic();
        assert_eq!(tonic(0, Mode::Minor), 9, "A minor");
        assert_eq!(tonic(2, Mode::Major), 2, "D major");
        assert_eq!(tonic(-1, Mode::Dorian), 7, "G Dorian");
        assert_eq!(tonic(1, Mode::Mixolydian), 2, "D Mixolydian");
        assert_eq!(tonic(0, Mode::Locrian), 11, "B Locrian");
        assert_eq!(tonic(0, Mode::Lydian), 5, "F Lydian");
    }
}
