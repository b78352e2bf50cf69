//! A batch in parts, each learned by a copy of the model of its own.

use super::settings::Training;
use super::walk::Walk;
use crate::nn::adam::Adam;
use crate::nn::fast::{self, CHUNK};
use crate::nn::learner::{Learner, Window};
use crate::threads::*;
use crate::{Error, Result};

/// A model for each part of a batch: the same weights, memory of its own. There is at least one.
///
/// How many parts there are decides how sums are rounded; how many threads share the work does not. So one thread and two compute the
/// same, to the last bit.
pub(super) struct Parts<M> {
    models: Vec<M>,
}

impl<M: Learner> Parts<M> {
    pub(super) fn new(model: &M, parts: usize) -> Parts<M> {
        Parts {
            models: vec![model.clone(); parts.max(1)],
        }
    }

    /// The first of the models. All have the same weights.
    pub(super) fn model(&mut self) -> &mut M {
        &mut self.models[0]
    }

    /// The same, to look at.
    pub(super) fn first(&self) -> &M {
        &self.models[0]
    }

    /// One step of the optimiser, on a window of each part. Gives the sum of the surprises.
    pub(super) fn step(&mut self, windows: &[Window<M::Item>], seed: u64, adam: &mut Adam) -> Result<f64> {
        let scale = 1.0 / count(windows).max(1) as f32;
        let seed = seed.wrapping_mul(self.models.len() as u64);
        let nats = self.each(windows, |part, model, window| {
            model.dropout(Some(seed.wrapping_add(part)));
            let nats = model.forward(window)?;
            model.backward(scale)?;
            Ok(nats)
        })?;
        let mut all: Vec<_> = self.models.iter_mut().map(M::parameters).collect();
        if let Some((first, others)) = all.split_first_mut() {
            for (place, sum) in first.iter_mut().enumerate() {
                for other in &mut *others {
                    add_and_clear(sum.flat_gradient(), other[place].flat_gradient());
                }
            }
            adam.step(first)?;
        }
        self.share();
        Ok(nats)
    }

    /// Gives the others the weights of the first.
    pub(super) fn share(&mut self) {
        let mut all: Vec<_> = self.models.iter_mut().map(M::parameters).collect();
        let Some((first, others)) = all.split_first_mut() else {
            return;
        };
        for (place, from) in first.iter().enumerate() {
            for other in &mut *others {
                copy(from.flat(), other[place].flat_values());
            }
        }
    }

    /// The mean surprise at pieces, in nats, without learning.
    pub(super) fn surprise(&mut self, pieces: &[Vec<M::Item>], settings: &Training) -> Result<f64> {
        if settings.batch == 0 || settings.window == 0 {
            return Err(Error::value(
                "Batches and windows of zero hold nothing",
                "Ask for at least one",
            ));
        }
        let mut walk = Walk::straight(pieces, settings);
        while let Some(windows) = walk.next(self, pieces) {
            walk.count(self.hear(&windows)?, &windows);
        }
        Ok(walk.mean())
    }

    /// Goes through a window of each part without learning. Gives the sum of the surprises.
    pub(super) fn hear(&mut self, windows: &[Window<M::Item>]) -> Result<f64> {
        self.each(windows, |_, model, window| {
            model.dropout(None);
            model.forward(window)
        })
    }

    /// Splits a batch. There are fewer parts than models if there are fewer pieces.
    pub(super) fn split<'a>(&self, batch: &'a [usize]) -> Vec<&'a [usize]> {
        let parts = batch.chunks(batch.len().div_ceil(self.models.len()).max(1));
        parts.collect()
    }

    /// Lets the pieces of a batch begin that is split so.
    pub(super) fn begin(&mut self, parts: &[&[usize]]) {
        for (model, part) in self.models.iter_mut().zip(parts) {
            model.begin(part.len());
        }
    }

    /// Does the same for each part, on as many threads as there are, and adds up in the order of the parts.
    fn each(
        &mut self,
        windows: &[Window<M::Item>],
        work: impl Fn(u64, &mut M, &Window<M::Item>) -> Result<f64> + Sync,
    ) -> Result<f64> {
        let parts = self.models.par_iter_mut().zip(windows).enumerate();
        let nats: Vec<Result<f64>> = parts
            .map(|(part, (model, window))| work(part as u64, model, window))
            .collect();
        nats.into_iter().sum()
    }
}

/// How many steps of these windows count.
pub(super) fn count<Item>(windows: &[Window<Item>]) -> usize {
    windows.iter().map(Window::count).sum()
}

/// Adds gradients to those of the first part, and leaves zeros.
fn add_and_clear(sums: &mut [f32], gradients: &mut [f32]) {
    let chunks = sums.par_chunks_mut(CHUNK).zip(gradients.par_chunks_mut(CHUNK));
    chunks.for_each(|(sums, gradients)| {
        fast::add(sums, gradients);
        gradients.fill(0.0);
    });
}

fn copy(from: &[f32], to: &mut [f32]) {
    let chunks = from.par_chunks(CHUNK).zip(to.par_chunks_mut(CHUNK));
    chunks.for_each(|(from, to)| to.copy_from_slice(from));
}
