//! A piece, and how it becomes notes.

use super::accompany::{bass, chords};
use super::order::Order;
use super::plan::Plan;
use super::style::Style;
use crate::bars::{KEYS, Unit};
use crate::music::{Key, Mode, Note, Pitch, Score};

/// Ticks of a sixteenth: one for each half, so that a note can be short.
pub(super) const STEP: u32 = 2;

/// On the way from major each of these modes lowers one note more: the classes of B, E, A and D.
const MODES: [Mode; 5] = [
    Mode::Major,
    Mode::Mixolydian,
    Mode::Dorian,
    Mode::Minor,
    Mode::Phrygian,
];
const LOWERED: [u8; 4] = [11, 4, 9, 2];

/// A piece: what was asked, and its layers.
#[derive(Clone, PartialEq, Debug)]
pub struct Piece {
    /// What was asked.
    pub order: Order,
    /// Its style.
    pub style: Style,
    /// Its form.
    pub plan: Plan,
    /// The chords under the halves of each bar.
    pub chords: Vec<[usize; 2]>,
    /// Its melody, in white keys.
    pub melody: Vec<Unit>,
    /// Which of its figures the bass plays.
    pub bass: usize,
}

impl Piece {
    /// How many bars it has.
    pub fn bars(&self) -> usize {
        self.melody.len()
    }

    /// How long it lasts.
    pub fn seconds(&self) -> f64 {
        self.bars() as f64 * self.order.bar_seconds(&self.style)
    }

    /// The key that it sounds in.
    pub fn key(&self) -> Key {
        let features = &self.order.features;
        let tonic = features.moved().rem_euclid(12) as u8;
        let mode = MODES[features.lowered().min(4)];
        let mut sharps: Vec<i8> = (-6..=6).collect();
        sharps.sort_by_key(|sharps| sharps.abs());
        let keys = sharps.into_iter().map(|sharps| Key { sharps, mode });
        let found = keys.into_iter().find(|key| key.tonic() == tonic);
        found.unwrap_or(Key::C_MAJOR)
    }

    /// Where a white key sounds over a chord: in the mode, moved to the register. Over G the leading note stays high, so that phrases can close.
    pub(super) fn sounding(&self, midi: u8, chord: usize) -> Option<Pitch> {
        let features = &self.order.features;
        let class = midi % 12;
        let lowered = LOWERED[..features.lowered().min(4)].contains(&class);
        let leads = class == 11 && chord == 4;
        Pitch::from_midi(midi)?.transposed(features.moved() - i32::from(lowered && !leads))
    }

    /// How many ticks a note of so many steps sounds, at least half of them, and how hard it is struck: the first of a bar hardest. What stands in the last bar is held.
    pub(super) fn stroke(&self, bar: usize, step: usize, steps: usize, softer: f64) -> (u32, u8) {
        let features = &self.order.features;
        let ticks = STEP * steps as u32;
        let silent = (f64::from(4 * STEP) * features.silent()).round() as u32;
        let silent = if self.plan.is_last(bar) {
            0
        } else {
            silent.min(ticks / 2)
        };
        let accent = match step {
            0 => 8.0,
            _ if step.is_multiple_of(self.style.bar / self.style.beats) => 3.0,
            _ => 0.0,
        };
        let velocity = (features.velocity() + accent - softer).clamp(1.0, 127.0);
        ((ticks - silent).max(1), velocity as u8)
    }

    /// The first tick of a bar.
    pub(super) fn tick(&self, bar: usize) -> u32 {
        (bar * self.style.bar) as u32 * STEP
    }

    /// The piece as a score: melody, chords and bass, as far as they are wanted.
    pub fn score(&self, title: &str, wanted: [bool; 3]) -> Score {
        let (beats, unit) = match self.style.beats {
            2 => (6, 8),
            beats => (beats as u8, 4),
        };
        let mut score = Score::new(title, 4 * STEP)
            .with_tempo(self.order.quarters(&self.style))
            .with_metre(beats, unit)
            .with_key(self.key());
        let [melodic, chordal] = self.style.programs;
        if wanted[0] {
            score = score.with_voice("melody", melodic, self.sung());
        }
        if wanted[1] {
            score = score.with_voice("chords", chordal, chords(self));
        }
        if wanted[2] {
            score = score.with_voice("bass", 32, bass(self));
        }
        score
    }

    fn sung(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (bar, unit) in self.melody.iter().enumerate() {
            for note in unit.notes() {
                let chord = self.chords[bar][(2 * note.onset / unit.bar).min(1)];
                let (duration, velocity) = self.stroke(bar, note.onset, note.steps, 0.0);
                let onset = self.tick(bar) + note.onset as u32 * STEP;
                let pitch = self.sounding(KEYS[note.key], chord);
                notes.extend(pitch.map(|pitch| Note {
                    velocity,
                    ..Note::new(onset, duration, pitch)
                }));
            }
        }
        notes
    }
}
