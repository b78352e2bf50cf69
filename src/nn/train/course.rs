//! The course of a training: epoch, validation, keeping the best, checkpoint.

use super::batches::{batches, shuffled, window_count, windows};
use super::checkpoint::{self, State};
use super::parts::{Parts, count};
use super::settings::{History, Progress, Training};
use crate::nn::adam::{Adam, Schedule};
use crate::nn::learner::Learner;
use crate::nn::parameter::Parameter;
use crate::nn::weights;
use crate::{Error, Result};

/// A training on its way.
pub(super) struct Course<'a, M: Learner> {
    parts: Parts<M>,
    training: &'a [Vec<M::Item>],
    validation: &'a [Vec<M::Item>],
    settings: &'a Training,
    /// Steps of the optimiser in all epochs.
    steps: u64,
    /// See [`checkpoint::fingerprint`].
    fingerprint: u64,
    state: State,
}

impl<'a, M: Learner> Course<'a, M> {
    /// A training at its start, or where its checkpoint says.
    pub(super) fn new(
        model: &M,
        training: &'a [Vec<M::Item>],
        validation: &'a [Vec<M::Item>],
        settings: &'a Training,
    ) -> Result<Course<'a, M>> {
        let plan = batches(training, settings.batch);
        if plan.is_empty() || settings.window == 0 {
            return Err(Error::value(
                "There is nothing to train on",
                "Give at least one piece that is not empty, and batches and windows of at least one",
            ));
        }
        let windows = plan
            .iter()
            .map(|batch| window_count(training, batch, settings.window));
        let steps = windows.sum::<usize>().saturating_mul(settings.epochs) as u64;
        let schedule = Schedule::WarmUpAndCosine {
            highest: settings.rate,
            lowest: settings.rate / 100.0,
            warm_up: settings.warm_up,
            steps,
        };
        let mut model = model.clone();
        let mut parameters = model.parameters();
        let mut state = State {
            adam: Adam::new(schedule).with_longest(settings.longest),
            history: History::default(),
            best: values(&parameters),
        };
        let fingerprint = checkpoint::fingerprint(settings, training, validation);
        if let Some(path) = settings.checkpoint.as_deref().filter(|path| path.exists()) {
            checkpoint::read(path, fingerprint, &mut parameters, &mut state)?;
        }
        Ok(Course {
            parts: Parts::new(&model, settings.parts),
            training,
            validation,
            settings,
            steps,
            fingerprint,
            state,
        })
    }

    /// Whether there is another epoch: not after the last, nor when none of the latest was better.
    pub(super) fn goes_on(&self) -> bool {
        let (done, best) = (self.state.history.epochs.len(), self.state.history.best);
        done < self.settings.epochs && done < best.saturating_add(self.settings.patience.max(1))
    }

    /// Goes through all pieces once, and tells of each step. Gives the mean surprise on the way.
    pub(super) fn epoch(&mut self, told: &mut impl FnMut(&Progress)) -> Result<f64> {
        let epoch = self.state.history.epochs.len() + 1;
        let (mut nats, mut symbols) = (0.0, 0);
        for batch in shuffled(self.training, self.settings, epoch) {
            let parts = self.parts.begin(&batch);
            for windows in windows(self.training, &parts, self.settings.window) {
                let adam = &mut self.state.adam;
                let seed = self.settings.seed.wrapping_add(adam.steps());
                let (found, counts) = (self.parts.step(&windows, seed, adam)?, count(&windows));
                (nats, symbols) = (nats + found, symbols + counts);
                told(&self.progress(found / counts.max(1) as f64, None));
            }
        }
        Ok(nats / symbols.max(1) as f64)
    }

    /// The mean surprise on the validation part, or what it was while learning if there is no such part.
    pub(super) fn validate(&mut self, learned: f64) -> Result<f64> {
        if self.validation.is_empty() {
            return Ok(learned);
        }
        self.parts.surprise(self.validation, self.settings)
    }

    /// Writes an epoch down, and keeps its weights if they are the best so far.
    pub(super) fn keep(&mut self, learned: f64, validated: f64) -> Result<()> {
        let history = &mut self.state.history;
        let best = validated < history.best_nats();
        history.epochs.push((learned, validated));
        let parameters = self.parts.model().parameters();
        if best {
            history.best = history.epochs.len();
            self.state.best = values(&parameters);
        }
        match &self.settings.checkpoint {
            Some(path) => checkpoint::write(path, self.fingerprint, &parameters, &self.state),
            None => Ok(()),
        }
    }

    /// How far it has come: within an epoch, or after one if there is a `validation`.
    pub(super) fn progress(&self, nats: f64, validation: Option<f64>) -> Progress {
        let done = self.state.history.epochs.len();
        Progress {
            epoch: if validation.is_some() { done } else { done + 1 },
            epochs: self.settings.epochs,
            step: self.state.adam.steps(),
            steps: self.steps,
            nats,
            bits: nats / std::f64::consts::LN_2,
            validation,
        }
    }

    /// Gives the model the best weights.
    pub(super) fn finish(self, model: &mut M) -> History {
        weights::put(&mut model.parameters(), &self.state.best);
        self.state.history
    }
}

/// The values of all parameters.
fn values(parameters: &[&mut Parameter]) -> Vec<Vec<f32>> {
    let values = |one: &&mut Parameter| one.values.iter().copied().collect();
    parameters.iter().map(values).collect()
}
