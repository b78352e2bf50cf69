//! What can be counted in a bar: six measures, and their common scale.

use super::unit::{BAR, Unit, UnitNote};
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
    count(&unit.notes(), unit.bar, unit.symbols.len())
}

/// The same of notes that were heard in so many steps.
pub(crate) fn count(notes: &[UnitNote], bar: usize, steps: usize) -> [f32; 6] {
    let all = (notes.len() as f32).max(1.0);
    let register = notes.iter().map(|note| note.key as f32).sum::<f32>() / all;
    let off = notes.iter().map(|note| (note.key as f32 - register).powi(2));
    let intervals = notes.windows(2).map(|two| two[0].key.abs_diff(two[1].key));
    let weak = notes.iter().map(|note| weakness(note.onset, bar));
    let heard = |i: &usize| notes[..*i].iter().any(|note| note.key == notes[*i].key);
    [
        notes.len() as f32 / steps.max(1) as f32, // density: notes a step
        register,
        (off.sum::<f32>() / all).sqrt(), // spread: how far keys are from the register
        intervals.sum::<usize>() as f32 / (all - 1.0).max(1.0), // leaps: the mean interval
        weak.sum::<f32>() / all,         // syncopation: how weak the steps are
        (0..notes.len()).filter(heard).count() as f32 / all, // repetition: keys heard before
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
        self.scaled(measures(unit))
            .map(|measure| measure.clamp(-3.0, 3.0))
    }

    /// Counted measures brought to this scale, held between -4 and 4.
    pub(crate) fn scaled(&self, mut counts: [f32; 6]) -> [f32; 6] {
        for (value, (low, high)) in counts.iter_mut().zip(self.low.iter().zip(&self.high)) {
            *value = (2.0 * (*value - low) / (high - low) - 1.0).clamp(-4.0, 4.0);
        }
        counts
    }

    /// The way back: what is counted where the scale says this.
    pub(crate) fn counts(&self, mut scaled: [f32; 6]) -> [f32; 6] {
        for (value, (low, high)) in scaled.iter_mut().zip(self.low.iter().zip(&self.high)) {
            *value = low + (*value + 1.0) / 2.0 * (high - low);
        }
        scaled
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
