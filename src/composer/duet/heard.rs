//! A phrase that was played becomes what models hear: one voice on the grid, in white keys.

use super::super::compose::Composer;
use crate::bars::{HOLD, KEYS, REST, Unit};

/// Notes that begin within so much of a step were struck together: fingers are no machines.
const TOGETHER: f64 = 0.35;

/// So many bits less a phrase has to tell in another key before that is believed: a key changes once in 256 phrases.
const STAYS: f64 = 8.0;

/// A note that somebody struck.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Struck {
    /// When it began and when it ended, in steps from the first bar line of its phrase.
    pub onset: f64,
    /// See `onset`.
    pub end: f64,
    /// MIDI number.
    pub midi: u8,
}

/// A phrase as it was played.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Question {
    /// Its notes, in any order.
    pub notes: Vec<Struck>,
    /// So many bars it has, however many of them are silent.
    pub bars: usize,
}

/// A phrase as models hear it: one voice on the grid of steps, in white keys.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Heard {
    /// Its bars.
    pub bars: Vec<Unit>,
    /// By so many semitones it was moved up.
    pub up: i32,
    /// How many of its notes stood between white keys: each went down to the next.
    pub black: usize,
    /// How many were too high or too low for [`KEYS`]: they were moved by octaves.
    pub far: usize,
}

impl Question {
    /// How a model hears it: in bars of so many steps, moved up by `key` semitones and by octaves, until its mean is near B flat 4.
    ///
    /// Onsets and ends go to the nearest step; a note lasts one step at least, and the next one ends it. Of notes that were struck together the
    /// highest counts, of others in one step the last. What begins before the first bar line counts at it, and what begins after the last bar
    /// is left out.
    pub fn heard(&self, bar: usize, key: i32) -> Heard {
        let steps = self.bars * bar;
        let mean =
            self.notes.iter().map(|note| f64::from(note.midi)).sum::<f64>() / self.notes.len().max(1) as f64;
        let octaves = match self.notes.is_empty() {
            true => 0,
            false => ((70.0 - mean - f64::from(key)) / 12.0).round() as i32,
        };
        let mut heard = Heard {
            up: key + 12 * octaves,
            ..Heard::default()
        };
        let mut symbols = vec![REST as u8; steps];
        for note in self.melody() {
            let from = note.onset.round().max(0.0) as usize;
            let to = (note.end.round().max(0.0) as usize).max(from + 1);
            if from >= steps {
                continue;
            }
            let (number, black, far) = white(i32::from(note.midi) + heard.up);
            heard.black += usize::from(black);
            heard.far += usize::from(far);
            // Whatever sounded before ends here.
            symbols[from..].fill(REST as u8);
            symbols[from..to.min(steps)].fill(HOLD as u8);
            symbols[from] = number;
        }
        let unit = |symbols: &[u8]| Unit {
            bar,
            symbols: symbols.to_vec(),
        };
        heard.bars = symbols.chunks_exact(bar.max(1)).map(unit).collect();
        heard
    }

    /// Its notes in their order: of those that were struck together the highest, of others in one step the last.
    fn melody(&self) -> Vec<Struck> {
        let mut notes: Vec<Struck> = self.notes.clone();
        notes.sort_by(|a, b| a.onset.total_cmp(&b.onset));
        let mut melody: Vec<Struck> = Vec::new();
        for note in notes {
            let Some(last) = melody.last_mut() else {
                melody.push(note);
                continue;
            };
            if note.onset - last.onset < TOGETHER {
                // They count as one chord from its first note on.
                let higher = if note.midi > last.midi { note } else { *last };
                *last = Struck {
                    onset: last.onset,
                    ..higher
                };
            } else if note.onset.round().max(0.0) == last.onset.round().max(0.0) {
                *last = note;
            } else {
                melody.push(note);
            }
        }
        melody
    }
}

/// The number of the white key of this pitch, or of the next below; whether it stood between them, and whether it had to be moved by octaves.
fn white(mut midi: i32) -> (u8, bool, bool) {
    let (low, high) = (i32::from(KEYS[0]), i32::from(KEYS[KEYS.len() - 1]));
    let far = !(low..=high + 1).contains(&midi);
    while midi < low {
        midi += 12;
    }
    while midi > high + 1 {
        midi -= 12;
    }
    let number = KEYS.partition_point(|key| i32::from(*key) <= midi) - 1;
    (number as u8, i32::from(KEYS[number]) != midi, far)
}

impl Heard {
    /// Where one of [`KEYS`] sounds for who played: moved back. None if no pitch is so high or so low.
    pub fn midi(&self, key: usize) -> Option<u8> {
        let midi = i32::from(*KEYS.get(key)?) - self.up;
        u8::try_from(midi).ok().filter(|midi| *midi < 128)
    }

    /// The bar in whose kind the one at this place is answered: that of the question, or the last before it that is not silent, or the first.
    pub(super) fn like(&self, place: usize) -> Option<&Unit> {
        let sounds = |bar: &&Unit| !bar.notes().is_empty();
        let place = place % self.bars.len().max(1);
        let before = self.bars.iter().take(place + 1).rfind(sounds);
        before.or_else(|| self.bars.iter().find(sounds))
    }
}

impl Composer {
    // ANCHOR: key
    /// By how many semitones, -6 to 5, phrases in a style are moved up, so that most of their
    /// notes are white keys. Of several such keys it is the one in which they surprise least who
    /// has listened to such tunes; the one of `before` has an advantage of eight bits. Before
    /// anything was played that is 0: most who sit down at a keyboard begin in C.
    ///
    /// # Panics
    /// If there is no such style, as all that follows.
    pub fn key(&mut self, style: usize, phrases: &[Question], before: i32) -> i32 {
        let bar = self.styles[style].bar;
        let heard =
            |key: i32| -> Vec<Heard> { phrases.iter().map(|phrase| phrase.heard(bar, key)).collect() };
        let blacks = |key: i32| -> usize { heard(key).iter().map(|phrase| phrase.black).sum() };
        let least = (-6..6).map(blacks).min().unwrap_or(0);
        let mut best = (f64::INFINITY, before);
        for key in (-6..6).filter(|key| blacks(*key) == least) {
            let phrases = heard(key);
            let bits: f64 = phrases
                .iter()
                .map(|phrase| self.ear.surprise(&phrase.bars, style))
                .sum();
            let bits = bits + if key == before { 0.0 } else { STAYS };
            if bits < best.0 {
                best = (bits, key);
            }
        }
        best.1
    }
    // ANCHOR_END: key
}
