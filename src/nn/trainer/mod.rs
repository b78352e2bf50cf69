//! Training: batches, two threads, early stopping, a checkpoint.
//!
//! A batch is some pieces side by side, walked through in windows of some steps with the state carried, one step of the optimiser
//! each: backpropagation through time, truncated. Every batch is split in two halves, each with a copy of the model of its own,
//! and their gradients are added in a fixed order: so one thread and two compute the same, to the last bit.

mod batches;
mod checkpoint;

use super::adam::{Adam, Schedule};
use super::learner::{Learner, Window};
use super::weights;
use crate::{Error, Result};
use batches::{batches, windows};
use checkpoint::Checkpoint;
use std::path::PathBuf;
use std::time::{Duration, Instant};

pub use batches::lanes;

/// How to train.
#[derive(Clone, PartialEq, Debug)]
pub struct Training {
    /// How many pieces are side by side.
    pub batch: usize,
    /// How many steps a window has: so far back goes a gradient.
    pub window: usize,
    /// How often all pieces are gone through, at most.
    pub epochs: usize,
    /// Training ends when the validation part has not become better for so many epochs.
    pub patience: usize,
    /// The highest learning rate. It is reached after `warm_up` steps, and falls along a cosine to a hundredth by the last epoch.
    pub rate: f32,
    /// Steps of the optimiser over which the rate rises.
    pub warm_up: u64,
    /// Gradients are shortened to this length.
    pub longest: f32,
    /// For the order of the pieces, and dropout.
    pub seed: u64,
    /// Where to keep what is needed to go on after a stop. It is written after each epoch, and read if it is there.
    pub checkpoint: Option<PathBuf>,
}

impl Default for Training {
    /// 20 epochs in batches of 32 pieces and windows of 64 steps; rate 0.003 after 50 steps; length 1; patience 5.
    fn default() -> Training {
        Training {
            batch: 32,
            window: 64,
            epochs: 20,
            patience: 5,
            rate: 0.003,
            warm_up: 50,
            longest: 1.0,
            seed: 1,
            checkpoint: None,
        }
    }
}

/// How far training has come: told after each step.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// The epoch, from 1.
    pub epoch: usize,
    pub epochs: usize,
    /// Steps of the optimiser done, of how many.
    pub step: u64,
    pub steps: u64,
    /// The mean surprise of this step's window, in nats a symbol or frame.
    pub nats: f64,
    /// The same in bits.
    pub bits: f64,
    /// If an epoch has just ended: the mean on the validation part, in nats. It is that of the training part if there is no other.
    pub validation: Option<f64>,
    /// How long it will still take, if it does not stop early.
    pub left: Duration,
}

/// What came of training.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct History {
    /// After each epoch: the mean surprise while training, and that on the validation part, in nats.
    pub epochs: Vec<(f64, f64)>,
    /// The epoch, from 1, whose weights were kept: 0 if there was none.
    pub best: usize,
}

impl History {
    /// The best mean surprise on the validation part, in nats. Infinite if there was no epoch.
    pub fn best_nats(&self) -> f64 {
        let best = self.best.checked_sub(1).and_then(|best| self.epochs.get(best));
        best.map_or(f64::INFINITY, |best| best.1)
    }
}

/// Trains a model on pieces, and leaves it with the weights that were best on the validation pieces. Tells `progress` after each step;
/// an error from there ends the training, as a kill would.
///
/// With [`Training::checkpoint`], training that was stopped goes on after the last whole epoch, and ends bit for bit as if it had not been stopped.
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
        && history.epochs.len() < history.best + settings.patience.max(1)
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

/// A model for each half of a batch: the same weights, memory of its own.
struct Pair<M> {
    left: M,
    right: M,
}

impl<M: Learner> Pair<M> {
    fn new(model: &M) -> Pair<M> {
        Pair {
            left: model.clone(),
            right: model.clone(),
        }
    }

    fn forget(&mut self) {
        self.left.forget();
        self.right.forget();
    }

    /// One step of the optimiser. Gives the sum of the surprises.
    fn step(&mut self, halves: &[Window<M::Item>; 2], seed: u64, adam: &mut Adam) -> Result<f64> {
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
    fn surprise(&mut self, pieces: &[Vec<M::Item>], settings: &Training) -> Result<f64> {
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

#[cfg(test)]
mod tests;
