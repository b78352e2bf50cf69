//! A batch in parts: each has an expert of its own, with the same weights, and may run on a thread of its own.

use super::beside::copy;
use super::rules::Rules;
use crate::nn::{Layer, Parameter, Stack, buffer, fast};
use crate::{Error, Result};
use ndarray::{ArrayView2, Axis};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use std::ops::Range;

/// What one expert is given in one step.
pub(super) struct Given<'a> {
    pub real: ArrayView2<'a, f32>,
    pub fake: ArrayView2<'a, f32>,
    pub told: ArrayView2<'a, f32>,
    pub rules: &'a Rules,
    /// The deviation of the noise on all that is seen.
    pub noise: f32,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub expert: Stack,
    /// What the expert sees, block after block.
    x: Vec<f32>,
    scores: Vec<f32>,
    /// The gradient of each forgery, row after row.
    pub dfake: Vec<f32>,
    /// What came of it: the loss, and the sums of the scores of real and forged.
    pub loss: f64,
    pub sums: [f64; 2],
}

impl Part {
    pub fn new(expert: Stack) -> Part {
        Part {
            expert,
            x: Vec::new(),
            scores: Vec::new(),
            dfake: Vec::new(),
            loss: 0.0,
            sums: [0.0; 2],
        }
    }

    /// Adds rows to what the expert will see: each example, and behind it what is told of it.
    fn see(&mut self, rows: Range<usize>, of: ArrayView2<f32>, given: &Given, rng: &mut ChaCha8Rng) {
        for row in rows {
            let from = self.x.len();
            self.x.resize(from + of.ncols(), 0.0);
            copy(&mut self.x[from..], of.row(row));
            if given.noise > 0.0 {
                for x in &mut self.x[from..] {
                    let noise: f32 = StandardNormal.sample(rng);
                    *x += given.noise * noise;
                }
            }
            self.x.extend(given.told.row(row));
        }
    }

    /// Scores what it has been shown, in packs.
    fn score(&mut self, width: usize) -> Result<()> {
        let rows = self.x.len() / width.max(1);
        let scores = self.expert.forward(buffer::view(rows, width, &self.x))?;
        if scores.dim() != (rows, 1) {
            return Err(Error::value(
                format!(
                    "The expert gives {} x {} numbers for {rows} rows",
                    scores.nrows(),
                    scores.ncols()
                ),
                "Let its last layer give one score a row",
            ));
        }
        self.scores.clear();
        self.scores.extend(scores);
        Ok(())
    }

    /// One lesson of the expert: the gradients of its parameters.
    pub fn judge(&mut self, rows: Range<usize>, given: &Given, mut rng: ChaCha8Rng) -> Result<()> {
        let (rules, (whole, width)) = (given.rules, given.real.dim());
        let row = width + given.told.ncols();
        self.x.clear();
        self.see(rows.clone(), given.real, given, &mut rng);
        self.see(rows.clone(), given.fake, given, &mut rng);
        if rules.penalty > 0.0 {
            let end = self.x.len();
            self.x.extend_from_within(..end);
            for example in self.x[end..].chunks_exact_mut(row) {
                nudge(&mut example[..width], rules.nudge, &mut rng);
            }
        }
        self.score(row * rules.pack)?;
        let packs = rows.len() / rules.pack;
        let (seen, moved) = self.scores.split_at_mut(2 * packs);
        let slopes: Vec<f32> = moved
            .iter()
            .zip(&*seen)
            .map(|(moved, at)| (moved - at) / rules.nudge)
            .collect();
        let (real, fake) = seen.split_at_mut(packs);
        self.sums = [&*real, &*fake].map(|scores| scores.iter().map(|score| f64::from(*score)).sum());
        self.loss = rules.loss.expert(real, fake);
        for ((at, moved), slope) in seen.iter_mut().zip(moved).zip(slopes) {
            self.loss += f64::from(rules.penalty / 2.0 * slope * slope);
            *moved = rules.penalty * slope / rules.nudge;
            *at -= *moved;
        }
        let scale = rules.pack as f32 / whole as f32;
        self.scores.iter_mut().for_each(|d| *d *= scale);
        self.expert.learns(true);
        self.expert
            .backward(buffer::view(self.scores.len(), 1, &self.scores))?;
        Ok(())
    }

    /// One lesson of the forger: the gradients of what it made.
    pub fn teach(&mut self, rows: Range<usize>, given: &Given, mut rng: ChaCha8Rng) -> Result<()> {
        let (rules, (whole, width)) = (given.rules, given.real.dim());
        let row = width + given.told.ncols();
        self.x.clear();
        self.see(rows.clone(), given.real, given, &mut rng);
        self.score(row * rules.pack)?;
        let real = self.scores.clone();
        self.x.clear();
        self.see(rows, given.fake, given, &mut rng);
        self.score(row * rules.pack)?;
        self.loss = rules.loss.forger(&real, &mut self.scores);
        let scale = rules.pack as f32 / whole as f32;
        self.scores.iter_mut().for_each(|d| *d *= scale);
        self.expert.learns(false);
        let dx = self
            .expert
            .backward(buffer::view(self.scores.len(), 1, &self.scores))?;
        self.dfake.clear();
        for pack in dx.axis_iter(Axis(0)) {
            for number in 0..rules.pack {
                self.dfake.extend(pack.iter().skip(number * row).take(width));
            }
        }
        Ok(())
    }
}

// ANCHOR: nudge
/// Moves an example, each number by `e` up or down: as good a direction as any at random, and a bit a number.
fn nudge(example: &mut [f32], e: f32, rng: &mut ChaCha8Rng) {
    for numbers in example.chunks_mut(32) {
        let mut signs = rng.next_u32();
        for x in numbers {
            *x += if signs & 1 == 1 { e } else { -e };
            signs >>= 1;
        }
    }
}
// ANCHOR_END: nudge

/// Adds the gradients of the other parts to those of the first, always in the same order.
pub(super) fn gather(parts: &mut [Part]) {
    let Some((first, others)) = parts.split_first_mut() else {
        return;
    };
    for other in others {
        for (to, from) in first
            .expert
            .parameters()
            .into_iter()
            .zip(other.expert.parameters())
        {
            fast::add(to.flat_gradient(), from.flat_gradient());
            from.gradient.fill(0.0);
        }
    }
}

/// Gives all parts the weights of the first.
pub(super) fn share(parts: &mut [Part]) {
    let Some((first, others)) = parts.split_first_mut() else {
        return;
    };
    let from: Vec<&mut Parameter> = first.expert.parameters();
    for other in others {
        for (to, from) in other.expert.parameters().into_iter().zip(&from) {
            to.values.assign(&from.values);
        }
    }
}
