//! What a net is told of the score at each sample.

use crate::music::{Pitch, Score};
use serde::{Deserialize, Serialize};

/// Which note sounds at a sample, and for how long it has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Cue {
    /// MIDI number; none if nothing sounds.
    pub pitch: Option<u8>,
    /// Samples since it began.
    pub age: u32,
}

impl Cue {
    /// What to tell at each sample of a score, as one line: the highest note that starts goes before, and the next one ends it.
    pub fn of(score: &Score, rate: u32) -> Vec<Cue> {
        let clock = score.clock();
        let at = |tick: u32| (clock.seconds(tick) * f64::from(rate)).round() as usize;
        let melody = score.melody();
        let mut cues = vec![Cue::default(); at(score.end())];
        for note in melody.notes() {
            let (from, to) = (at(note.onset), at(note.onset.saturating_add(note.duration)));
            let last = to.min(cues.len());
            let places = cues.get_mut(from..last).unwrap_or_default();
            for (age, cue) in (0..).zip(places) {
                *cue = Cue {
                    pitch: Some(note.pitch.midi()),
                    age,
                };
            }
        }
        cues
    }
}

/// How a cue becomes numbers: one for each pitch, three for the age, and those of a tuning fork.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conditioning {
    /// Samples a second.
    pub rate: u32,
    /// The lowest pitch, a MIDI number.
    pub lowest: u8,
    /// How many pitches there are from it on.
    pub pitches: usize,
    /// How many harmonics of the pitch the fork sounds: sine and cosine of each, since the note began.
    pub fork: usize,
}

/// Seconds in which the three numbers for the age fade to 1/e.
const FADING: [f64; 3] = [0.003, 0.020, 0.200];

impl Conditioning {
    /// How many numbers it gives.
    pub fn width(&self) -> usize {
        self.pitches
            .saturating_add(FADING.len())
            .saturating_add(self.fork.saturating_mul(2))
    }

    /// Whether it can tell this cue from silence.
    pub fn knows(&self, cue: Cue) -> bool {
        cue.pitch.is_none_or(|pitch| {
            pitch
                .checked_sub(self.lowest)
                .is_some_and(|i| usize::from(i) < self.pitches)
        })
    }

    /// Fills `row` `[width]`: all zeros where nothing sounds that it knows.
    pub fn fill(&self, cue: Cue, row: &mut [f32]) {
        row.fill(0.0);
        let Some(pitch) = cue.pitch.filter(|_| self.knows(cue)) else {
            return;
        };
        let seconds = f64::from(cue.age) / f64::from(self.rate.max(1));
        let hertz = Pitch::from_midi(pitch).map_or(0.0, |pitch| pitch.hertz());
        let (which, rest) = row.split_at_mut(self.pitches.min(row.len()));
        if let Some(one) = which.get_mut(usize::from(pitch - self.lowest)) {
            *one = 1.0;
        }
        let ages = FADING.map(|fading| libm::exp(-seconds / fading));
        // Turns since the onset, without the whole ones: a large angle would lose its fraction.
        let turns = (hertz * seconds).fract();
        let harmonics = (1..=self.fork).flat_map(|k| {
            let angle = std::f64::consts::TAU * (turns * k as f64).fract();
            [libm::sin(angle), libm::cos(angle)]
        });
        for (to, number) in rest.iter_mut().zip(ages.into_iter().chain(harmonics)) {
            *to = number as f32;
        }
    }
}
