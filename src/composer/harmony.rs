//! The chords: a path through a chain that is pinned where phrases begin and close.
//!
//! Chords are hidden states, as in [`markov::hidden`](crate::markov::hidden): what is heard of each is a melody, where there is one already. A path
//! is drawn by going forward with all of them, and then backward with one.

use super::plan::{Close, Plan, PlannedBar};
use super::style::Style;
use crate::bars::{CHORDS, REST, Tune, Unit, chords, is_chord_tone};
use crate::predict::Sampling;
use rand::Rng;

const COUNT: usize = CHORDS.len();

/// Which chord follows which, and where in a phrase.
#[derive(Clone, Debug)]
pub struct Harmony {
    /// From half bar to half bar, by kind: shares, from row to column.
    transition: Vec<[[f64; COUNT]; COUNT]>,
    /// The same from bar to bar, for styles of one chord a bar.
    by_bar: Vec<[[f64; COUNT]; COUNT]>,
}

impl Harmony {
    /// Counts in these tunes of so many kinds.
    pub fn of(tunes: &[&Tune], kinds: usize) -> Harmony {
        let count = |by_bar: bool| -> Vec<[[f64; COUNT]; COUNT]> {
            let mut counts = vec![[[0.0; COUNT]; COUNT]; kinds];
            for tune in tunes {
                let mut before: Option<usize> = None;
                for bar in &tune.bars {
                    let Some(bar) = bar else {
                        before = None;
                        continue;
                    };
                    let found = under(bar, by_bar);
                    for chord in &found[..if by_bar { 1 } else { 2 }] {
                        if let (Some(before), Some(counts)) = (before, counts.get_mut(tune.kind)) {
                            counts[before][*chord] += 1.0;
                        }
                        before = Some(*chord);
                    }
                }
            }
            shares(&counts)
        };
        Harmony {
            transition: count(false),
            by_bar: count(true),
        }
    }

    /// The chords under the bars of a plan. Where there is a melody already, they are found for it.
    pub fn chords(
        &self,
        plan: &Plan,
        style: &Style,
        kind: usize,
        melody: Option<&[Unit]>,
        rng: &mut impl Rng,
    ) -> Vec<[usize; 2]> {
        let slots = style.chords();
        let table = if slots == 1 {
            &self.by_bar
        } else {
            &self.transition
        };
        let mut all: Vec<[usize; 2]> = vec![[0, 0]; plan.bars.len()];
        for run in runs(plan) {
            let mut weights = vec![[1.0; COUNT]; run.len() * slots];
            if let (Some(units), Some(first)) = (melody, run.first()) {
                let units = units.iter().skip(*first);
                for (weights, unit) in weights.chunks_mut(slots).zip(units) {
                    fit(weights, unit);
                }
            }
            pin(&mut weights, plan, &run, slots);
            let from = run
                .first()
                .and_then(|first| first.checked_sub(1))
                .map(|bar| all[bar][1]);
            let path = path(&table[kind % table.len().max(1)], from, &weights, rng);
            for (bar, chords) in run.iter().zip(path.chunks(slots)) {
                all[*bar] = [chords[0], chords[slots - 1]];
            }
            if let Some(last) = run.last() {
                repeat(plan, &mut all, *last);
            }
        }
        (0..all.len()).for_each(|bar| repeat(plan, &mut all, bar));
        all
    }

    /// How likely each chord comes after this one, in a style of so many chords a bar.
    pub fn after(&self, kind: usize, chord: usize, slots: usize) -> [f64; COUNT] {
        let table = if slots == 1 {
            &self.by_bar
        } else {
            &self.transition
        };
        table[kind % table.len().max(1)][chord % COUNT]
    }

    /// Chords for a melody that has no plan.
    pub fn found(&self, melody: &[Unit], style: &Style, kind: usize, rng: &mut impl Rng) -> Vec<[usize; 2]> {
        let bar = PlannedBar {
            phrase: Some(0),
            ..PlannedBar::default()
        };
        let plan = Plan {
            phrases: Vec::new(),
            bars: vec![bar; melody.len()],
        };
        self.chords(&plan, style, kind, Some(melody), rng)
    }
}

/// The chord of each half of a bar, or twice that of the whole.
pub(super) fn under(unit: &Unit, whole: bool) -> [usize; 2] {
    if !whole {
        return chords(unit);
    }
    // A bar of twice the length, whose first half is this one.
    let rest = std::iter::repeat_n(REST as u8, unit.bar);
    let double = Unit {
        bar: 2 * unit.bar,
        symbols: unit.symbols.iter().take(unit.bar).copied().chain(rest).collect(),
    };
    [chords(&double)[0]; 2]
}

/// A bar that repeats another has its chords.
fn repeat(plan: &Plan, all: &mut [[usize; 2]], bar: usize) {
    if let Some(again) = plan.bars[bar].again {
        all[bar] = all[again];
    }
}

/// Bars to be written, one after the other, of one phrase.
fn runs(plan: &Plan) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (number, bar) in plan.bars.iter().enumerate() {
        if bar.phrase.is_none() || bar.again.is_some() {
            continue;
        }
        let goes_on = |run: &&mut Vec<usize>| {
            run.last()
                .is_some_and(|last| last + 1 == number && plan.bars[*last].phrase == bar.phrase)
        };
        match runs.last_mut().filter(goes_on) {
            Some(run) => run.push(number),
            None => runs.push(vec![number]),
        }
    }
    runs
}

/// A theme begins at home; a close is on G, or leads from it to C.
fn pin(weights: &mut [[f64; COUNT]], plan: &Plan, run: &[usize], slots: usize) {
    let mut only = |slot: usize, chord: usize| {
        if let Some(weights) = weights.get_mut(slot) {
            *weights = [0.0; COUNT];
            weights[chord] = 1.0;
        }
    };
    let begins = |bar: &usize| plan.phrases.first().is_some_and(|phrase| phrase.from == *bar);
    if run.first().is_some_and(begins) {
        only(0, 0);
    }
    for (number, bar) in run.iter().enumerate() {
        let last = number * slots + slots - 1;
        match plan.bars[*bar].close {
            Some(Close::Half) => only(last, 4),
            Some(Close::Full) => {
                (number * slots..=last).for_each(|slot| only(slot, 0));
                if let Some(before) = (number * slots).checked_sub(1) {
                    only(before, 4);
                }
            }
            None => {}
        }
    }
}

/// How well each chord fits a bar that is written: the note at the begin of each slot had better belong to it.
fn fit(weights: &mut [[f64; COUNT]], unit: &Unit) {
    let slots = weights.len().max(1);
    let notes = unit.notes();
    let found = under(unit, slots == 1);
    for (slot, weights) in weights.iter_mut().enumerate() {
        let first = notes.iter().find(|note| note.onset == slot * unit.bar / slots);
        for (chord, weight) in weights.iter_mut().enumerate() {
            let clash = first.is_some_and(|note| !is_chord_tone(note.key, chord));
            let most = if chord == found[slot.min(1)] { 4.0 } else { 1.0 };
            *weight = if clash { 0.05 } else { most };
        }
    }
}

// ANCHOR: path
/// Draws a path of chords, as likely as the chain and the weights of each place make it.
fn path(
    chain: &[[f64; COUNT]; COUNT],
    from: Option<usize>,
    weights: &[[f64; COUNT]],
    rng: &mut impl Rng,
) -> Vec<usize> {
    // Forward: how likely each chord is here, given the weights so far.
    let mut forward: Vec<[f64; COUNT]> = Vec::with_capacity(weights.len());
    for weights in weights {
        let before = forward.last().copied();
        let mut now: [f64; COUNT] = std::array::from_fn(|to| {
            let reached = match (before, from) {
                (Some(before), _) => (0..COUNT).map(|from| before[from] * chain[from][to]).sum(),
                (None, Some(from)) => chain[from % COUNT][to],
                (None, None) => 1.0,
            };
            reached * weights[to]
        });
        let total: f64 = now.iter().sum();
        now.iter_mut()
            .for_each(|share| *share /= total.max(f64::MIN_POSITIVE));
        forward.push(now);
    }
    // Backward: draw the last, then each that leads there.
    let mut path: Vec<usize> = Vec::with_capacity(weights.len());
    for now in forward.iter().rev() {
        let leads = |chord: usize| path.last().map_or(1.0, |next: &usize| chain[chord][*next]);
        let all: Vec<f64> = (0..COUNT).map(|chord| now[chord] * leads(chord)).collect();
        path.push(Sampling::default().draw(&all, rng).unwrap_or(0));
    }
    path.reverse();
    path
}
// ANCHOR_END: path

/// Counts as shares: a kind's own counts, and as much of all kinds as twenty counts.
fn shares(counts: &[[[f64; COUNT]; COUNT]]) -> Vec<[[f64; COUNT]; COUNT]> {
    let all = |from: usize, to: usize| counts.iter().map(|own| own[from][to]).sum::<f64>() + 0.5;
    let total: [f64; COUNT] = std::array::from_fn(|from| (0..COUNT).map(|to| all(from, to)).sum());
    counts
        .iter()
        .map(|own| {
            std::array::from_fn(|from| {
                let sum = own[from].iter().sum::<f64>() + 20.0;
                std::array::from_fn(|to| (own[from][to] + 20.0 * all(from, to) / total[from]) / sum)
            })
        })
        .collect()
}
