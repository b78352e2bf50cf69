//! The plan of a piece: phrases, what each bar is, and how phrases close.

use super::form::{Forms, PHRASE, name};
use crate::Result;
use rand::Rng;
use std::fmt;

/// How a phrase closes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Close {
    /// On the fifth, so that something has to come.
    Half,
    /// At home.
    Full,
}

/// A phrase of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phrase {
    /// Its theme, numbered as they appear, and whether it is varied.
    pub theme: (usize, bool),
    /// Its first bar.
    pub from: usize,
    /// How many bars it has: four, but in a piece of less.
    pub bars: usize,
    /// How it closes.
    pub close: Close,
}

impl Phrase {
    /// `A`, or `A′` if it is varied.
    pub fn name(&self) -> String {
        name(self.theme.0, self.theme.1)
    }
}

/// A bar of a plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PlannedBar {
    /// The number of its phrase; none before the first and after the last.
    pub phrase: Option<usize>,
    /// The earlier bar that it repeats; none if it is to be written.
    pub again: Option<usize>,
    /// How it closes, if it is the last of its phrase and to be written, or the last of all.
    pub close: Option<Close>,
}

/// A plan.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Its phrases.
    pub phrases: Vec<Phrase>,
    /// Its bars.
    pub bars: Vec<PlannedBar>,
}

impl Plan {
    /// A plan of exactly so many bars: whole phrases; of what is left over, the accompaniment begins alone and a last chord is held.
    ///
    /// # Errors
    /// If no tune had a whole phrase.
    pub fn of(forms: &Forms, kind: usize, bars: usize, rng: &mut impl Rng) -> Result<Plan> {
        let (before, after) = match bars {
            0..PHRASE => (0, 0),
            _ => [(0, 0), (0, 1), (1, 1), (2, 1)][bars % PHRASE],
        };
        let count = (bars / PHRASE).max(1);
        let mut plan = Plan {
            phrases: Vec::new(),
            bars: vec![PlannedBar::default(); before],
        };
        for (number, theme) in forms.phrases(kind, count, rng)?.into_iter().enumerate() {
            let last = number + 1 == count;
            let phrase = Phrase {
                theme,
                from: plan.bars.len(),
                bars: PHRASE.min(bars),
                close: if last || number % 2 == 1 {
                    Close::Full
                } else {
                    Close::Half
                },
            };
            plan.add(phrase, last && after == 0, forms, kind, rng);
        }
        let held = PlannedBar {
            close: Some(Close::Full),
            ..PlannedBar::default()
        };
        plan.bars.extend(vec![held; after]);
        Ok(plan)
    }

    /// Adds a phrase; the last bar of a piece is always written anew.
    fn add(&mut self, phrase: Phrase, last: bool, forms: &Forms, kind: usize, rng: &mut impl Rng) {
        let first = self.phrases.iter().find(|first| first.theme.0 == phrase.theme.0);
        let (inside, mut changed) = (forms.inside(kind, rng), forms.changed(kind, rng));
        if first.is_none() || !phrase.theme.1 {
            changed = [false; PHRASE];
        }
        let from_first = first.map(|first| first.from);
        for bar in 0..phrase.bars {
            let closes = bar + 1 == phrase.bars;
            let again = match from_first {
                Some(first) => Some(first + bar).filter(|_| !changed[bar]),
                // A phrase of its own repeats bars of its own, but does not close with one.
                None => (0..bar)
                    .find(|earlier| inside[*earlier] == inside[bar] && !closes)
                    .map(|earlier| phrase.from + earlier),
            };
            let again = again.filter(|_| !(closes && last));
            self.bars.push(PlannedBar {
                phrase: Some(self.phrases.len()),
                again,
                close: (closes && again.is_none()).then_some(phrase.close),
            });
        }
        self.phrases.push(phrase);
    }

    /// Whether this is the last bar.
    pub fn is_last(&self, bar: usize) -> bool {
        bar + 1 == self.bars.len()
    }
}

/// `A A′ B A`.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.phrases.iter().map(Phrase::name).collect();
        f.pad(&names.join(" "))
    }
}
