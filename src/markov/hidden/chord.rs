//! Chords by name, and which of them a bar of music is.

use super::segments::Sounding;
use std::fmt;

/// What stands on the root of a [`Chord`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Quality {
    /// Major third and fifth.
    Major,
    /// Minor third and fifth.
    Minor,
    /// Major third, fifth and minor seventh: the dominant's chord, which wants to go home.
    Seventh,
}

/// A chord: its root, and what stands on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Chord {
    /// The class of the root, 0 (C) to 11 (B).
    pub root: u8,
    /// Which notes stand above the root.
    pub quality: Quality,
}

impl Chord {
    /// The classes of its tones, from the root up.
    pub fn tones(self) -> impl Iterator<Item = u8> {
        let intervals: &[u8] = match self.quality {
            Quality::Major => &[0, 4, 7],
            Quality::Minor => &[0, 3, 7],
            Quality::Seventh => &[0, 4, 7, 10],
        };
        let root = self.root % 12;
        intervals.iter().map(move |interval| (root + interval) % 12)
    }

    /// The same chord, so many semitones higher.
    #[must_use]
    pub fn up(self, semitones: u8) -> Chord {
        Chord {
            root: (self.root % 12 + semitones % 12) % 12,
            ..self
        }
    }

    /// The chord that has most of what sounds in it (the accompaniment counts double); of equal ones that of fewest tones,
    /// and of these the one whose root is the bass. None if there is no accompaniment.
    pub(super) fn of(accompaniment: &[Sounding], tune: &[Sounding]) -> Option<Chord> {
        let bass = accompaniment.iter().map(|sounding| sounding.pitch).min()?.class();
        let mut time = [0u64; 12];
        for (voice, weight) in [(accompaniment, 2), (tune, 1)] {
            for sounding in voice {
                time[usize::from(sounding.pitch.class() % 12)] += weight * u64::from(sounding.ticks);
            }
        }
        let fit = |chord: &Chord| {
            let within: u64 = chord.tones().map(|tone| time[usize::from(tone)]).sum();
            (within, chord.quality != Quality::Seventh, chord.root == bass)
        };
        let qualities = [Quality::Seventh, Quality::Minor, Quality::Major];
        let all = qualities.map(|quality| (0..12).rev().map(move |root| Chord { root, quality }));
        all.into_iter().flatten().max_by_key(fit) // of equal ones the last: major before minor
    }
}

impl fmt::Display for Chord {
    /// `C`, `F#`; with an m for minor, `Am`; with a 7 for the seventh, `G7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
        let quality = match self.quality {
            Quality::Major => "",
            Quality::Minor => "m",
            Quality::Seventh => "7",
        };
        f.pad(&format!("{}{quality}", names[usize::from(self.root % 12)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Pitch;

    fn named(accompaniment: &str, tune: &str) -> Option<String> {
        let sounding = |names: &str| -> Vec<Sounding> {
            let pitches = names
                .split_whitespace()
                .map(|name| name.parse::<Pitch>().unwrap());
            pitches.map(|pitch| Sounding { pitch, ticks: 1 }).collect()
        };
        Chord::of(&sounding(accompaniment), &sounding(tune)).map(|chord| chord.to_string())
    }

    #[test]
    fn a_chord_is_known_by_its_tones() {
        assert_eq!(named("C3 G3", "E4 C5"), Some("C".into()));
        assert_eq!(
            named("E3 G3", "C5 D5"),
            Some("C".into()),
            "with its third in the bass"
        );
        assert_eq!(named("A3 E4", "C5"), Some("Am".into()));
        assert_eq!(
            named("G3 B3", "D5"),
            Some("G".into()),
            "no seventh where none sounds"
        );
        assert_eq!(named("B3 F4", "D5 G5"), Some("G7".into()));
        assert_eq!(named("F#3 A3", "C5 D5"), Some("D7".into()));
        assert_eq!(named("", "C5 E5 G5"), None);
    }

    #[test]
    fn a_chord_moves_by_semitones() {
        let seventh = Chord {
            root: 7,
            quality: Quality::Seventh,
        };
        assert_eq!(seventh.tones().collect::<Vec<_>>(), [7, 11, 2, 5]);
        assert_eq!(seventh.up(5).to_string(), "C7");
        assert_eq!(seventh.up(12), seventh);
    }
}
