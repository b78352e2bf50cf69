//! One bar or two, in steps of a sixteenth note.

use crate::music::{Metre, Note, Pitch, Score};
use crate::nn::softmax;
use ndarray::{Array2, ArrayView2};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// So many steps a bar takes as numbers; one of twelve leaves the last four empty.
pub const BAR: usize = 16;

/// So many symbols there are: the white keys, [`HOLD`] and [`REST`].
pub const SYMBOLS: usize = 20;

/// The last key is held.
pub const HOLD: usize = 18;

/// Nothing sounds.
pub const REST: usize = 19;

/// The white keys from A3 to D6, as MIDI note numbers: the symbols from 0.
pub const KEYS: [u8; 18] = [
    57, 59, 60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83, 84, 86,
];

/// One bar or two.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// Steps of a bar: 12 or 16.
    pub bar: usize,
    /// A symbol for each step.
    pub symbols: Vec<u8>,
}

/// A note of a [`Unit`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnitNote {
    /// The step at which it begins.
    pub onset: usize,
    /// How many steps it lasts, within the unit.
    pub steps: usize,
    /// Which of [`KEYS`].
    pub key: usize,
}

impl Unit {
    /// How many bars it has.
    pub fn bars(&self) -> usize {
        self.symbols.len() / self.bar.max(1)
    }

    /// Its notes. A hold at the begin belongs to a note before, and is none.
    pub fn notes(&self) -> Vec<UnitNote> {
        let mut notes: Vec<UnitNote> = Vec::new();
        let mut sounds = false;
        for (onset, symbol) in self.symbols.iter().map(|symbol| usize::from(*symbol)).enumerate() {
            match notes.last_mut() {
                Some(note) if symbol == HOLD && sounds => note.steps += 1,
                _ => {}
            }
            if symbol < HOLD {
                notes.push(UnitNote {
                    onset,
                    steps: 1,
                    key: symbol,
                });
            }
            sounds = symbol < HOLD || (symbol == HOLD && sounds);
        }
        notes
    }

    /// Its symbols as letters, from `a` on: so it travels as text.
    pub fn letters(&self) -> String {
        let letters = self.symbols.iter().map(|symbol| char::from(b'a' + symbol));
        letters.collect()
    }

    /// The bar that these letters say; none if they are neither 12 nor 16, or one is no symbol.
    pub fn of_letters(text: &str) -> Option<Unit> {
        let symbols: Vec<u8> = text.bytes().map(|letter| letter.wrapping_sub(b'a')).collect();
        let known = symbols.iter().all(|symbol| usize::from(*symbol) < SYMBOLS);
        let unit = Unit {
            bar: symbols.len(),
            symbols,
        };
        (known && [12, BAR].contains(&unit.bar)).then_some(unit)
    }

    /// Where in the row each step stands: those of a bar of twelve leave gaps.
    fn places(&self) -> impl Iterator<Item = usize> + use<> {
        let bar = self.bar.max(1);
        (0..self.symbols.len()).map(move |step| step / bar * BAR + step % bar)
    }

    /// Writes its row of ones and zeros, `bars x 16 x 20`.
    pub fn write(&self, row: &mut [f32]) {
        row.fill(0.0);
        for (place, symbol) in self.places().zip(&self.symbols) {
            if let Some(one) = row.get_mut(place * SYMBOLS + usize::from(*symbol)) {
                *one = 1.0;
            }
        }
    }

    /// What is to be told of each step of its row: none for those that it does not have.
    pub fn targets(&self) -> Vec<Option<usize>> {
        let mut targets = vec![None; self.bars() * BAR];
        for (place, symbol) in self.places().zip(&self.symbols) {
            targets[place] = Some(usize::from(*symbol));
        }
        targets
    }
}

/// Units as numbers, a row for each: all are of so many bars.
pub fn rows<'a>(units: impl ExactSizeIterator<Item = &'a Unit>, bars: usize) -> Array2<f32> {
    let width = bars * BAR * SYMBOLS;
    let mut all = vec![0.0; units.len() * width];
    let count = units.len();
    for (unit, row) in units.zip(all.chunks_exact_mut(width.max(1))) {
        unit.write(row);
    }
    Array2::from_shape_vec((count, width), all).unwrap_or_default()
}

/// The conditions of models that are told the metre alone: 1 for bars of sixteen steps, 0 for bars of twelve. A column.
pub fn metres<'a>(units: impl ExactSizeIterator<Item = &'a Unit>) -> Array2<f32> {
    let metre = |unit: &Unit| if unit.bar == BAR { 1.0 } else { 0.0 };
    let all: Vec<f32> = units.map(metre).collect();
    Array2::from_shape_vec((all.len(), 1), all).unwrap_or_default()
}

/// Draws units from a model's outputs (logits): at each step one symbol, as likely as the softmax says. What the metre is, column 0 of the
/// conditions says.
pub fn drawn(logits: ArrayView2<f32>, conditions: ArrayView2<f32>, rng: &mut impl Rng) -> Vec<Unit> {
    let mut units = Vec::with_capacity(logits.nrows());
    for (row, told) in logits.outer_iter().zip(conditions.outer_iter()) {
        let bar = if told.first().is_some_and(|metre| *metre < 0.5) {
            12
        } else {
            BAR
        };
        let row: Vec<f32> = row.to_vec();
        let mut symbols = Vec::with_capacity(row.len() / SYMBOLS);
        for (place, step) in row.chunks_exact(SYMBOLS).enumerate() {
            // Every step takes a number, so that the same noise gives the same bar in either metre.
            let mut left: f32 = rng.random();
            if place % BAR >= bar {
                continue;
            }
            let mut step = step.to_vec();
            softmax(&mut step);
            let found = step.iter().position(|probability| {
                left -= probability;
                left < 0.0
            });
            symbols.push(found.unwrap_or(HOLD) as u8); // rounding left a crumb
        }
        units.push(Unit { bar, symbols });
    }
    units
}

/// Units one after the other as a score, a sixteenth note a tick; a note is held over the bar line if the next unit begins with a hold.
pub fn score<'a>(
    title: &str,
    units: impl IntoIterator<Item = &'a Unit>,
    program: u8,
    quarters_a_minute: f64,
) -> Score {
    let mut notes: Vec<Note> = Vec::new();
    let mut score = Score::new(title, 4).with_tempo(quarters_a_minute);
    let (mut tick, mut sounds) = (0, false);
    for unit in units {
        let metre = match unit.bar {
            12 => Metre { beats: 3, unit: 4 },
            _ => Metre { beats: 4, unit: 4 },
        };
        if score.metres.last().is_none_or(|last| last.1 != metre) {
            score.metres.push((tick, metre));
        }
        for symbol in unit.symbols.iter().map(|symbol| usize::from(*symbol)) {
            match (
                KEYS.get(symbol).and_then(|key| Pitch::from_midi(*key)),
                notes.last_mut(),
            ) {
                (Some(pitch), _) => notes.push(Note::new(tick, 1, pitch)),
                (None, Some(last)) if symbol == HOLD && sounds => last.duration += 1,
                _ => {}
            }
            sounds = symbol < HOLD || (symbol == HOLD && sounds);
            tick += 1;
        }
    }
    score.with_voice("melody", program, notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn unit() -> Unit {
        let mut symbols = vec![HOLD as u8; 12];
        (symbols[1], symbols[2], symbols[4], symbols[8]) = (REST as u8, 4, 6, REST as u8);
        Unit { bar: 12, symbols }
    }

    #[test]
    fn notes_are_held_and_end() {
        let notes = unit().notes();
        let all: Vec<(usize, usize, usize)> = notes
            .iter()
            .map(|note| (note.onset, note.steps, note.key))
            .collect();
        assert_eq!(
            all,
            [(2, 2, 4), (4, 4, 6)],
            "the hold at the begin and that after the rest are none"
        );
    }

    #[test]
    fn a_bar_travels_as_letters() {
        assert_eq!(unit().letters().len(), 12);
        assert_eq!(Unit::of_letters(&unit().letters()), Some(unit()));
        for wrong in ["", "abc", "aaaaaaaaaaaz", "AAAAAAAAAAAA", "aaaaaaaaaaaaa"] {
            assert_eq!(Unit::of_letters(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_row_has_a_one_for_each_step_and_comes_back() {
        let two = Unit {
            bar: 12,
            symbols: [unit().symbols, unit().symbols].concat(),
        };
        let row = rows([&two].into_iter(), 2);
        assert_eq!(row.dim(), (1, 2 * BAR * SYMBOLS));
        assert_eq!(row.sum(), 24.0);
        assert_eq!(two.targets().iter().flatten().count(), 24);
        let sure = row.mapv(|one| 60.0 * one);
        let metre = metres([&two].into_iter());
        let again = drawn(sure.view(), metre.view(), &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!(again, [two]);
    }

    #[test]
    fn a_score_holds_notes_over_the_bar_line() {
        let score = score("", [&unit(), &unit()], 73, 100.0);
        let notes = &score.voices[0].notes;
        assert_eq!(notes.len(), 4);
        assert_eq!(notes[1].end(), 8, "a rest ends it");
        let mut first = unit();
        first.symbols[8] = HOLD as u8;
        let score = super::score("", [&first, &unit()], 73, 100.0);
        assert_eq!(score.voices[0].notes[1].end(), 13, "one step into the second bar");
        assert_eq!(score.metres.len(), 1);
    }
}
