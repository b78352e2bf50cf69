//! Training: batches, two threads, early stopping, a checkpoint.
//!
//! A batch is some pieces side by side, walked through in windows of some steps with the state carried, one step of the optimiser
//! each: backpropagation through time, truncated. Every batch is split in two halves, each with a copy of the model of its own,
//! and their gradients are added in a fixed order: so one thread and two compute the same, to the last bit.

mod batches;
mod checkpoint;
mod pair;
mod settings;

use super::adam::{Adam, Schedule};
use super::learner::{Learner, Window};
use super::weights;
use crate::{Error, Result};
use batches::{batches, windows};
use checkpoint::Checkpoint;
use pair::Pair;
use std::time::{Duration, Instant};

pub use batches::lanes;
pub use settings::{History, Progress, Training};

/// Trains a model on pieces, and leaves it with the weights that were best on the validation pieces. Tells `progress` after
/// each step; an error from there ends the training as a kill would, and the model stays as it was.
///
/// With [`Training::checkpoint`], training that was stopped goes on after the last whole epoch, and ends bit for bit as if it
/// had not been stopped.
///
/// # Errors
/// If there is nothing to train on, the settings make no sense, a piece holds what the model does not know, the loss is no
/// longer a number, or the checkpoint cannot be written, is cut off, or is of another training.
pub fn train<M: Learner>(
    model: &mut M,
    training: &[Vec<M::Item>],
    validation: &[Vec<M::Item>],
    settings: &Training,
    mut progress: impl FnMut(&Progress) -> Result<()>,
) -> Result<History> {
    let plan = batches(training, settings.batch);
    if plan.is_empty() || settings.window == 0 {
        return Err(Error::value(
            "There is nothing to train on",
            "Give at least one piece that is not empty, and batches and windows of at least one",
        ));
    }
    let windows_of = |batch: &Vec<usize>| {
        let longest = batch
            .iter()
            .filter_map(|piece| training.get(*piece))
            .map(Vec::len)
            .max();
        longest.unwrap_or(0).div_ceil(settings.window) as u64
    };
    let steps = plan
        .iter()
        .map(windows_of)
        .sum::<u64>()
        .saturating_mul(settings.epochs as u64);
    let schedule = Schedule::WarmUpAndCosine {
        highest: settings.rate,
        lowest: settings.rate / 100.0,
        warm_up: settings.warm_up,
        steps,
    };
    let mut adam = Adam::new(schedule).with_longest(settings.longest);
    let mut history = History::default();
    let mut best = weights::tensors(&model.parameters(), "");
    let fingerprint = checkpoint::fingerprint(settings, training, validation);
    if let Some(path) = settings.checkpoint.as_deref().filter(|path| path.exists()) {
        let found = Checkpoint::read(path, fingerprint, &model.parameters())?;
        found.restore(model, &mut adam, &mut history, &mut best);
    }
    let mut pair = Pair::new(model);
    let (start, done_before) = (Instant::now(), adam.steps());
    while history.epochs.len() < settings.epochs
        && history.epochs.len() < history.best.saturating_add(settings.patience.max(1))
    {
        let epoch = history.epochs.len() + 1;
        let (mut nats, mut count) = (0.0, 0);
        let mut last = None;
        for batch in batches::shuffled(&plan, training, settings, epoch) {
            pair.forget();
            for halves in windows(training, &batch, settings.window) {
                let counts: usize = halves.iter().map(Window::count).sum();
                let found = pair.step(&halves, settings.seed.wrapping_add(adam.steps()), &mut adam)?;
                (nats, count) = (nats + found, count + counts);
                let step = adam.steps();
                let each = start.elapsed().as_secs_f64() / (step - done_before).max(1) as f64;
                let mean = found / counts.max(1) as f64;
                let now = Progress {
                    epoch,
                    epochs: settings.epochs,
                    step,
                    steps,
                    nats: mean,
                    bits: mean / std::f64::consts::LN_2,
                    validation: None,
                    left: Duration::try_from_secs_f64(each * steps.saturating_sub(step) as f64)
                        .unwrap_or_default(),
                };
                progress(last.insert(now))?;
            }
        }
        let mean = nats / count.max(1) as f64;
        let held_out = if validation.is_empty() {
            mean
        } else {
            pair.surprise(validation, settings)?
        };
        if held_out < history.best_nats() {
            history.best = epoch;
            best = weights::tensors(&pair.left.parameters(), "");
        }
        history.epochs.push((mean, held_out));
        if let Some(path) = &settings.checkpoint {
            Checkpoint::write(
                path,
                fingerprint,
                &mut pair.left.parameters(),
                &adam,
                &history,
                &best,
            )?;
        }
        if let Some(mut now) = last {
            now.validation = Some(held_out);
            progress(&now)?;
        }
    }
    *model = pair.left.clone();
    let values = weights::take(&mut best, &model.parameters(), "")?;
    weights::put(&mut model.parameters(), &values);
    model.forget();
    Ok(history)
}

/// The mean surprise of a model at pieces, in nats a symbol or frame, without learning. Zero for no pieces. It is what
/// [`crate::predict::bits_per_symbol`] finds times `ln 2`, many pieces at a time.
///
/// # Errors
/// If a piece holds what the model does not know, or the settings ask for batches or windows of zero.
pub fn surprise<M: Learner>(model: &mut M, pieces: &[Vec<M::Item>], settings: &Training) -> Result<f64> {
    let mut pair = Pair::new(model);
    pair.surprise(pieces, settings)
}

#[cfg(test)]
mod tests;
