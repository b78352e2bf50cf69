//! What a composer hears in its own bars: how typical they are, and whether they are somebody else's.

use crate::bars::{BAR, Lessons, NoteChain, SYMBOLS, Unit, words};
use crate::predict::{Predictor, surprises};
use std::collections::HashSet;

/// Keys that its chains remember.
const ORDER: usize = 2;

/// A composer's own ear: a chain for each kind, and all bars that it has heard.
#[derive(Clone, Debug)]
pub struct Ear {
    chains: Vec<NoteChain>,
    known: HashSet<Unit>,
}

impl Ear {
    /// From pairs of bars.
    pub(super) fn of(lessons: &Lessons) -> Ear {
        let chain = |kind: usize| {
            let of_kind = lessons.all.iter().filter(|lesson| lesson.kind == kind);
            NoteChain::taught(ORDER, of_kind.map(|lesson| &lesson.unit))
        };
        let bars = lessons
            .all
            .iter()
            .flat_map(|lesson| [lesson.bar(0).unit, lesson.bar(1).unit]);
        Ear {
            chains: (0..lessons.kinds.len()).map(chain).collect(),
            known: bars.collect(),
        }
    }

    /// Whether somebody has played just this bar.
    pub fn knows(&self, bar: &Unit) -> bool {
        self.known.contains(bar)
    }

    /// How many bits bars, one after the other, tell a kind's chain: few if it is used to such bars. They are of equal length.
    pub(super) fn surprise(&mut self, bars: &[Unit], kind: usize) -> f64 {
        let Some(first) = bars.first() else { return 0.0 };
        let all = Unit {
            bar: first.bar,
            symbols: bars.iter().flat_map(|bar| &bar.symbols).copied().collect(),
        };
        let bits = surprises(&mut self.chains[kind], &words(&all)).unwrap_or_default();
        bits.iter().skip(1).sum() // without the word for the metre
    }

    // ANCHOR: typical
    /// How much likelier a bar is of this kind than of all others together, as a logarithm:
    /// each kind's chain says how likely it would play the bar.
    pub fn typical(&mut self, bar: &Unit, kind: usize) -> f64 {
        let mut probabilities = vec![0.0; crate::bars::WORDS];
        let mut logs = Vec::with_capacity(self.chains.len());
        for chain in &mut self.chains {
            chain.forget();
            chain.hear(SYMBOLS + usize::from(bar.bar == BAR));
            let mut log = 0.0;
            for symbol in bar.symbols.iter().map(|symbol| usize::from(*symbol)) {
                chain.predict(&mut probabilities);
                log += probabilities[symbol].ln();
                chain.hear(symbol);
            }
            logs.push(log);
        }
        let own = logs[kind];
        let others = (0..logs.len()).filter(|other| *other != kind);
        -others
            .map(|other| (logs[other] - own).exp())
            .sum::<f64>()
            .max(1e-9)
            .ln()
    }
    // ANCHOR_END: typical
}
