//! The course of a training: epoch, validation, keeping the best. It knows neither threads nor files nor the time.

use super::batches::{batches, window_count};
use super::parts::Parts;
use super::settings::{History, Progress, Training};
use super::walk::Walk;
use crate::nn::adam::{Adam, Schedule};
use crate::nn::learner::Learner;
use crate::nn::parameter::Parameter;
use crate::nn::weights;
use crate::{Error, Result};
use std::borrow::Cow;

/// A training on its way, for who has other things to do meanwhile: [`train`](super::train) goes to its end at once, and ends the same.
///
/// It keeps no checkpoint: [`Training::checkpoint`] is for `train`.
pub struct Course<'a, M: Learner> {
    pub(super) parts: Parts<M>,
    training: Cow<'a, [Vec<M::Item>]>,
    validation: Cow<'a, [Vec<M::Item>]>,
    settings: Training,
    /// Steps of the optimiser in all epochs.
    steps: u64,
    pub(super) state: State,
    at: At,
}

/// All that training changes but the values of the parameters.
pub(super) struct State {
    pub adam: Adam,
    pub history: History,
    /// The values of each parameter after the best epoch.
    pub best: Vec<Vec<f32>>,
}

/// Where a course is.
enum At {
    /// Before an epoch, or after the last.
    Between,
    Learning(Walk),
    /// After an epoch of this mean surprise.
    Validating(Walk, f64),
}

impl<'a, M: Learner> Course<'a, M> {
    /// A training at its start. The model stays as it is: what learns is a copy.
    ///
    /// # Errors
    /// If there is nothing to train on, or the settings make no sense.
    pub fn new(
        model: &M,
        training: impl Into<Cow<'a, [Vec<M::Item>]>>,
        validation: impl Into<Cow<'a, [Vec<M::Item>]>>,
        settings: &Training,
    ) -> Result<Course<'a, M>> {
        let (training, validation) = (training.into(), validation.into());
        let plan = batches(&training, settings.batch);
        if plan.is_empty() || settings.window == 0 {
            return Err(Error::value(
                "There is nothing to train on",
                "Give at least one piece that is not empty, and batches and windows of at least one",
            ));
        }
        let windows = plan
            .iter()
            .map(|batch| window_count(&training, batch, settings.window));
        let steps = windows.sum::<usize>().saturating_mul(settings.epochs) as u64;
        let schedule = Schedule::WarmUpAndCosine {
            highest: settings.rate,
            lowest: settings.rate / 100.0,
            warm_up: settings.warm_up,
            steps,
        };
        let mut parts = Parts::new(model, settings.parts);
        let state = State {
            adam: Adam::new(schedule).with_longest(settings.longest),
            history: History::default(),
            best: values(&parts.model().parameters()),
        };
        Ok(Course {
            parts,
            training,
            validation,
            settings: settings.clone(),
            steps,
            state,
            at: At::Between,
        })
    }

    /// Whether there is more to do: not after the last epoch, nor when none of the latest was better.
    pub fn goes_on(&self) -> bool {
        let (done, best) = (self.state.history.epochs.len(), self.state.history.best);
        let another =
            done < self.settings.epochs && done < best.saturating_add(self.settings.patience.max(1));
        another || !matches!(self.at, At::Between)
    }

    /// Does as much as cannot be divided: goes through one window, of the training part or of the validation part. Tells of each step of the
    /// optimiser, and of each epoch when it has ended.
    ///
    /// # Errors
    /// If a piece holds what the model does not know, or the loss is no longer a number.
    pub fn step(&mut self) -> Result<Option<Progress>> {
        if !self.goes_on() {
            return Ok(None);
        }
        match &mut self.at {
            At::Between => {
                let epoch = self.state.history.epochs.len() + 1;
                self.at = At::Learning(Walk::epoch(&self.training, &self.settings, epoch));
                self.step()
            }
            At::Learning(walk) => {
                if let Some(windows) = walk.next(&mut self.parts, &self.training) {
                    let adam = &mut self.state.adam;
                    let seed = self.settings.seed.wrapping_add(adam.steps());
                    let nats = walk.count(self.parts.step(&windows, seed, adam)?, &windows);
                    return Ok(Some(self.progress(nats, None)));
                }
                let learned = walk.mean();
                self.at = At::Validating(Walk::straight(&self.validation, &self.settings), learned);
                self.step()
            }
            At::Validating(walk, learned) => {
                if let Some(windows) = walk.next(&mut self.parts, &self.validation) {
                    walk.count(self.parts.hear(&windows)?, &windows);
                    return Ok(None);
                }
                // If there is no such part, what it was while learning.
                let learned = *learned;
                let none = self.validation.is_empty();
                let validated = if none { learned } else { walk.mean() };
                self.at = At::Between;
                self.keep(learned, validated);
                Ok(Some(self.progress(learned, Some(validated))))
            }
        }
    }

    /// Writes an epoch down, and keeps its weights if they are the best so far.
    fn keep(&mut self, learned: f64, validated: f64) {
        let history = &mut self.state.history;
        let best = validated < history.best_nats();
        history.epochs.push((learned, validated));
        if best {
            history.best = history.epochs.len();
            self.state.best = values(&self.parts.model().parameters());
        }
    }

    /// How far it has come: within an epoch, or after one if there is a `validation`.
    fn progress(&self, nats: f64, validation: Option<f64>) -> Progress {
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

    /// The model as it is now.
    pub fn model(&self) -> &M {
        self.parts.first()
    }

    /// What came of it until now.
    pub fn history(&self) -> &History {
        &self.state.history
    }

    /// Gives a model the weights that were best on the validation pieces; before the end of the first epoch, those it started from.
    pub fn give_best(&self, model: &mut M) {
        weights::put(&mut model.parameters(), &self.state.best);
    }
}

/// The values of all parameters.
fn values(parameters: &[&mut Parameter]) -> Vec<Vec<f32>> {
    let values = |one: &&mut Parameter| one.values.iter().copied().collect();
    parameters.iter().map(values).collect()
}
