//! Two halves of a batch, each learned by a copy of the model on a thread of its own.

use super::Training;
use super::batches::{batches, windows};
use crate::nn::adam::Adam;
use crate::nn::learner::{Learner, Window};
use crate::{Error, Result};

/// A model for each half of a batch: the same weights, memory of its own.
pub(super) struct Pair<M> {
    pub(super) left: M,
    right: M,
}

impl<M: Learner> Pair<M> {
    pub(super) fn new(model: &M) -> Pair<M> {
        Pair {
            left: model.clone(),
            right: model.clone(),
        }
    }

    pub(super) fn forget(&mut self) {
        self.left.forget();
        self.right.forget();
    }

    /// One step of the optimiser. Gives the sum of the surprises.
    pub(super) fn step(&mut self, halves: &[Window<M::Item>; 2], seed: u64, adam: &mut Adam) -> Result<f64> {
        let count: usize = halves.iter().map(Window::count).sum();
        let scale = 1.0 / count.max(1) as f32;
        let learn = |model: &mut M, window: &Window<M::Item>, seed: u64| -> Result<f64> {
            if window.batch == 0 {
                return Ok(0.0);
            }
            model.seed(seed);
            let nats = model.forward(window, true)?;
            model.backward(scale)?;
            Ok(nats)
        };
        let Pair { left, right } = self;
        let (a, b) = rayon::join(
            || learn(left, &halves[0], seed.wrapping_mul(2)),
            || learn(right, &halves[1], seed.wrapping_mul(2).wrapping_add(1)),
        );
        let nats = a? + b?;
        let (mut ours, mut theirs) = (self.left.parameters(), self.right.parameters());
        for (ours, theirs) in ours.iter_mut().zip(&mut theirs) {
            ours.gradient += &theirs.gradient;
            theirs.gradient.fill(0.0);
        }
        adam.step(&mut ours)?;
        for (ours, theirs) in ours.iter().zip(&mut theirs) {
            theirs.values.assign(&ours.values);
        }
        Ok(nats)
    }

    /// The mean surprise at pieces, in nats.
    pub(super) fn surprise(&mut self, pieces: &[Vec<M::Item>], settings: &Training) -> Result<f64> {
        if settings.batch == 0 || settings.window == 0 {
            return Err(Error::value(
                "Batches and windows of zero hold nothing",
                "Ask for at least one",
            ));
        }
        let (mut nats, mut count) = (0.0, 0);
        for batch in batches(pieces, settings.batch) {
            self.forget();
            for halves in windows(pieces, &batch, settings.window) {
                let Pair { left, right } = &mut *self;
                let hear = |model: &mut M, window: &Window<M::Item>| match window.batch {
                    0 => Ok(0.0),
                    _ => model.forward(window, false),
                };
                let (a, b) = rayon::join(|| hear(left, &halves[0]), || hear(right, &halves[1]));
                nats += a? + b?;
                count += halves.iter().map(Window::count).sum::<usize>();
            }
        }
        self.forget();
        Ok(nats / count.max(1) as f64)
    }
}
