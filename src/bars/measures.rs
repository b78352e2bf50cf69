//! What can be counted in a bar: six measures, and their common scale.

use super::unit::{BAR, Unit};
use serde::{Deserialize, Serialize};

/// What the measures are called.
pub const MEASURES: [&str; 6] = [
    "density",
    "register",
    "spread",
    "leaps",
    "syncopation",
    "repetition",
];

// ANCHOR: measures
/// Six numbers that say what a bar is like. Keys count from 0, the lowest white one.
pub fn measures(unit: &Unit) -> [f32; 6] {
    let notes = unit.notes();
    let count = (notes.len() as f32).max(1.0);
    let mean = |sum: f32| sum / count;
    let register = mean(notes.iter().map(|note| note.key as f32).sum());
    let off = |key: usize| (key as f32 - register).powi(2);
    let intervals = notes.windows(2).map(|two| two[0].key.abs_diff(two[1].key));
    let leaps = intervals.sum::<usize>() as f32;
    let heard = |i: usize| notes[..i].iter().any(|note| note.key == notes[i].key);
    let again = (0..notes.len()).filter(|i| heard(*i)).count();
    [
        notes.len() as f32 / unit.symbols.len().max(1) as f32, // density: notes a step
        register,
        mean(notes.iter().map(|note| off(note.key)).sum()).sqrt(), // spread: their deviation
        leaps as f32 / (count - 1.0).max(1.0),                     // wider than a third, of all intervals
        mean(notes.iter().map(|note| weakness(note.onset, unit.bar)).sum()), // syncopation
        again as f32 / count,                                      // keys that were heard before
    ]
}
// ANCHOR_END: measures

/// How weak the step is at which a note begins: 0 on the first of a bar, 1 between the eighths.
fn weakness(step: usize, bar: usize) -> f32 {
    let step = step % bar.max(1);
    match step {
        0 => 0.0,
        8 if bar == BAR => 0.25,
        _ if step.is_multiple_of(4) => 0.5,
        _ if step.is_multiple_of(2) => 0.75,
        _ => 1.0,
    }
}

/// Brings each measure to a common scale: -1 is as low as in one training bar of twenty, 1 as high as in one of twenty.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Scale {
    /// The twentieth part of the bars is below this.
    pub low: [f32; 6],
    /// The twentieth part of the bars is above this.
    pub high: [f32; 6],
}

impl Scale {
    /// The scale of these units: give those of the training part.
    pub fn of<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Scale {
        let all: Vec<[f32; 6]> = units.into_iter().map(measures).collect();
        let (mut low, mut high) = ([0.0; 6], [1.0; 6]);
        for measure in 0..6 {
            let mut values: Vec<f32> = all.iter().map(|all| all[measure]).collect();
            values.sort_by(f32::total_cmp);
            let at = |part: usize| values.get(values.len() * part / 20).copied();
            low[measure] = at(1).unwrap_or(0.0);
            high[measure] = at(19).unwrap_or(1.0).max(low[measure] + 1e-3);
        }
        Scale { low, high }
    }

    /// The measures of a unit on this scale, held between -3 and 3.
    pub fn measured(&self, unit: &Unit) -> [f32; 6] {
        let mut measured = measures(unit);
        for (value, (low, high)) in measured.iter_mut().zip(self.low.iter().zip(&self.high)) {
            *value = (2.0 * (*value - low) / (high - low) - 1.0).clamp(-3.0, 3.0);
        }
        measured
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::{HOLD, REST};

    fn near(found: f32, expected: f32) {
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }

    #[test]
    fn a_bar_is_measured() {
        // Quarters: key 2, key 6, key 6, key 4.
        let mut symbols = vec![HOLD as u8; 16];
        (symbols[0], symbols[4], symbols[8], symbols[12]) = (2, 6, 6, 4);
        let [density, register, spread, leaps, syncopation, repetition] =
            measures(&Unit { bar: 16, symbols });
        near(density, 0.25);
        near(register, 4.5);
        near(spread, (11.0_f32 / 4.0).sqrt());
        near(leaps, (4.0 + 0.0 + 2.0) / 3.0);
        near(syncopation, (0.0 + 0.5 + 0.25 + 0.5) / 4.0);
        near(repetition, 0.25);
    }

    #[test]
    fn a_silent_bar_has_measures_too() {
        let silent = Unit {
            bar: 12,
            symbols: vec![REST as u8; 12],
        };
        assert!(measures(&silent).iter().all(|measure| measure.is_finite()));
        let scale = Scale::of([&silent]);
        assert!(scale.measured(&silent).iter().all(|measure| measure.is_finite()));
        assert!(Scale::of([]).measured(&silent)[0].is_finite());
    }
}
