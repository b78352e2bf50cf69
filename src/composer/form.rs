//! Which phrases come back: learned from tunes, as a chain over labels.

use crate::bars::{Tune, Unit};
use crate::markov::{Settings, Variable};
use crate::predict::{Predictor, Sampling};
use crate::{Error, Result};
use rand::Rng;
use rand::seq::IndexedRandom;
use std::collections::HashSet;

/// Bars of a phrase.
pub const PHRASE: usize = 4;

/// So many themes a plan tells apart; a label is a theme as it was, or varied.
const THEMES: usize = 8;

/// After the last phrase.
const END: usize = 2 * THEMES;

/// The most phrases of a section: few tunes have more. What is longer has several sections.
const SECTION: usize = 16;

/// From here on two bars count as the same, and from here on two phrases as one theme.
const SAME: f64 = 0.95;
const VARIED: f64 = 0.5;

// ANCHOR: alike
/// How alike two bars are: of all notes that one of them strikes, the share that the other
/// strikes as well, at the same step.
pub fn alike(a: &Unit, b: &Unit) -> f64 {
    if a.bar != b.bar {
        return 0.0;
    }
    let strokes = |unit: &Unit| -> HashSet<(usize, usize)> {
        unit.notes().iter().map(|note| (note.onset, note.key)).collect()
    };
    let (a, b) = (strokes(a), strokes(b));
    match a.union(&b).count() {
        0 => 1.0,
        all => a.intersection(&b).count() as f64 / all as f64,
    }
}
// ANCHOR_END: alike

/// A phrase of a tune.
type Phrase<'a> = &'a [Option<Unit>];

/// How alike two bars of a tune are; what cannot be used is like nothing.
fn alike_if(a: &Option<Unit>, b: &Option<Unit>) -> f64 {
    match (a, b) {
        (Some(a), Some(b)) => alike(a, b),
        _ => 0.0,
    }
}

/// The forms of tunes.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// The labels of each tune, with its kind.
    plans: Vec<(usize, Vec<usize>)>,
    /// For each new phrase which of its bars are the same: 0 1 0 2 if the third is the first.
    inside: Vec<(usize, [usize; PHRASE])>,
    /// For each varied phrase which of its bars were changed.
    changed: Vec<(usize, [bool; PHRASE])>,
}

impl Forms {
    /// Counts in these tunes.
    pub fn of(tunes: &[&Tune]) -> Forms {
        let mut forms = Forms::default();
        for tune in tunes {
            let (mut themes, mut plan): (Vec<Phrase>, Vec<usize>) = (Vec::new(), Vec::new());
            for phrase in tune.bars.chunks_exact(PHRASE) {
                let like = |theme: &Phrase| -> f64 {
                    let both = theme.iter().zip(phrase);
                    both.map(|(a, b)| alike_if(a, b)).sum::<f64>() / PHRASE as f64
                };
                let nearest =
                    (0..themes.len()).max_by(|a, b| like(&themes[*a]).total_cmp(&like(&themes[*b])));
                let known = nearest.filter(|theme| like(&themes[*theme]) >= VARIED);
                let theme = known.unwrap_or(themes.len()).min(THEMES - 1);
                let mut varied = false;
                match known {
                    Some(known) => {
                        let changed: [bool; PHRASE] =
                            std::array::from_fn(|bar| alike_if(&themes[known][bar], &phrase[bar]) < SAME);
                        varied = changed.contains(&true);
                        forms.changed.extend(varied.then_some((tune.kind, changed)));
                    }
                    None => {
                        themes.push(phrase);
                        forms.inside.push((tune.kind, inside(phrase)));
                    }
                }
                plan.push(2 * theme + usize::from(varied));
            }
            if !plan.is_empty() {
                plan.push(END);
                forms.plans.push((tune.kind, plan));
            }
        }
        forms
    }

    /// A theme for each of so many phrases, numbered as they appear, and whether it is varied.
    ///
    /// # Errors
    /// If no tune had a whole phrase.
    pub fn phrases(&self, kind: usize, count: usize, rng: &mut impl Rng) -> Result<Vec<(usize, bool)>> {
        let mut all: Vec<(usize, bool)> = Vec::new();
        let sections = count.div_ceil(SECTION).max(1);
        let mut first: Vec<(usize, bool)> = Vec::new();
        for section in 0..sections {
            let length = count * (section + 1) / sections - count * section / sections;
            if section > 0 && section + 1 == sections {
                // The first section comes back.
                all.extend(first.iter().cycle().take(length));
                continue;
            }
            let new = self.section(kind, length, rng)?;
            let known = all.iter().map(|phrase| phrase.0 + 1).max().unwrap_or(0);
            all.extend(new.iter().map(|(theme, varied)| (theme + known, *varied)));
            if section == 0 {
                first = new;
            }
        }
        Ok(all)
    }

    // ANCHOR: section
    /// Draws many plans of this length from a chain, and takes one as likely as the chain
    /// holds it to end there.
    fn section(&self, kind: usize, count: usize, rng: &mut impl Rng) -> Result<Vec<(usize, bool)>> {
        let mut chain = self.chain(kind)?;
        let mut drawn: Vec<(Vec<usize>, f64)> = Vec::new();
        let mut probabilities = vec![0.0; END + 1];
        for _ in 0..60 {
            chain.forget();
            let (mut plan, mut themes) = (Vec::new(), 0);
            for _ in 0..count {
                chain.predict(&mut probabilities);
                // No end yet, no theme left out, and what is new is not varied.
                let may_come = |label: usize| label < END && label / 2 <= themes && label != 2 * themes + 1;
                for (label, probability) in probabilities.iter_mut().enumerate() {
                    *probability *= f64::from(u8::from(may_come(label)));
                }
                let label = Sampling::default().draw(&probabilities, rng).unwrap_or(0);
                themes = themes.max(label / 2 + 1);
                chain.hear(label);
                plan.push(label);
            }
            chain.predict(&mut probabilities);
            drawn.push((plan, probabilities[END]));
        }
        let taken = drawn.choose_weighted(rng, |plan| plan.1 + 1e-9);
        let plan = taken.map(|plan| plan.0.clone()).unwrap_or_default();
        Ok(plan.iter().map(|label| (label / 2, label % 2 == 1)).collect())
    }
    // ANCHOR_END: section

    /// A chain of variable order. What tunes of the kind do counts four times as much as what others do.
    fn chain(&self, kind: usize) -> Result<Variable> {
        if self.plans.is_empty() {
            return Err(Error::value(
                "No tune has a phrase of four bars",
                "Give longer tunes, with their metre told",
            ));
        }
        let mut plans: Vec<&[usize]> = Vec::new();
        for (of, plan) in &self.plans {
            plans.extend(std::iter::repeat_n(&plan[..], if *of == kind { 4 } else { 1 }));
        }
        Variable::trained(Settings::CLASSIC, END + 1, &plans)
    }

    /// Which bars of a new phrase are the same.
    pub fn inside(&self, kind: usize, rng: &mut impl Rng) -> [usize; PHRASE] {
        one_of(&self.inside, kind, rng).unwrap_or([0, 1, 2, 3])
    }

    /// Which bars of a varied phrase are changed.
    pub fn changed(&self, kind: usize, rng: &mut impl Rng) -> [bool; PHRASE] {
        one_of(&self.changed, kind, rng).unwrap_or([false, false, false, true])
    }

    /// What each tune's labels are, and its kind.
    pub fn plans(&self) -> impl Iterator<Item = (usize, String)> {
        self.plans.iter().map(|(kind, plan)| {
            let labels = plan.iter().filter(|label| **label < END);
            (
                *kind,
                labels.map(|label| name(label / 2, label % 2 == 1)).collect(),
            )
        })
    }
}

/// What a theme is called: A, or A′ if it is varied.
pub(super) fn name(theme: usize, varied: bool) -> String {
    let letter = char::from(b'A' + (theme % 26) as u8);
    format!("{letter}{}", if varied { "′" } else { "" })
}

fn inside(phrase: Phrase) -> [usize; PHRASE] {
    let mut same = [0; PHRASE];
    let mut new = 0;
    for bar in 0..PHRASE {
        let earlier = (0..bar).find(|earlier| alike_if(&phrase[*earlier], &phrase[bar]) >= SAME);
        same[bar] = earlier.map_or(new, |earlier| same[earlier]);
        new = new.max(same[bar] + 1);
    }
    same
}

/// One that was counted, as often of this kind as of all.
fn one_of<T: Copy>(all: &[(usize, T)], kind: usize, rng: &mut impl Rng) -> Option<T> {
    let own: Vec<&(usize, T)> = all.iter().filter(|one| one.0 == kind).collect();
    let from_own = own.len() >= 8;
    match from_own {
        true => own.choose(rng).map(|one| one.1),
        false => all.choose(rng).map(|one| one.1),
    }
}
