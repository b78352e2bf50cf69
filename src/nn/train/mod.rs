//! Training: batches, epochs, early stopping, a checkpoint.
//!
//! A batch is some pieces side by side, walked through in windows of some steps with the state carried, one step of the optimiser
//! each: backpropagation through time, truncated.

mod batches;
#[cfg(not(target_family = "wasm"))]
mod checkpoint;
mod course;
mod parts;
mod settings;
mod walk;

use super::learner::Learner;
use crate::Result;
use parts::Parts;

pub use batches::lanes;
pub use course::Course;
pub use settings::{History, Progress, Training};

/// Trains a model on pieces, and leaves it with the weights that were best on the validation pieces. Tells `told` after each step,
/// and after each epoch. If it ends in an error the model stays as it was.
///
/// With [`Training::checkpoint`], training that was stopped goes on after the last whole epoch, and ends bit for bit as if it
/// had not been stopped.
///
/// # Errors
/// If there is nothing to train on, the settings make no sense, a piece holds what the model does not know, the loss is no
/// longer a number, or the checkpoint cannot be written, is cut off, or is of another training.
#[cfg(not(target_family = "wasm"))]
pub fn train<M: Learner>(
    model: &mut M,
    training: &[Vec<M::Item>],
    validation: &[Vec<M::Item>],
    settings: &Training,
    mut told: impl FnMut(&Progress),
) -> Result<History> {
    let mut course = Course::new(model, training, validation, settings)?;
    let checkpoint = settings.checkpoint.as_deref();
    let fingerprint = checkpoint::fingerprint(settings, training, validation);
    if let Some(path) = checkpoint.filter(|path| path.exists()) {
        checkpoint::read(path, fingerprint, &mut course)?;
    }
    while course.goes_on() {
        let Some(now) = course.step()? else { continue };
        if let (Some(path), Some(_)) = (checkpoint, now.validation) {
            checkpoint::write(path, fingerprint, &mut course)?;
        }
        told(&now);
    }
    course.give_best(model);
    Ok(course.history().clone())
}

/// The mean surprise of a model at pieces, in nats a symbol or frame, without learning. Zero for no pieces. It is what
/// [`crate::predict::bits_per_symbol`] finds times `ln 2`, many pieces at a time.
///
/// # Errors
/// If a piece holds what the model does not know, or the settings ask for batches or windows of zero.
pub fn surprise<M: Learner>(model: &M, pieces: &[Vec<M::Item>], settings: &Training) -> Result<f64> {
    Parts::new(model, settings.parts).surprise(pieces, settings)
}

#[cfg(test)]
mod tests;
