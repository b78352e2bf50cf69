//! How a game is played.

use super::loss::Loss;
use crate::nn::Schedule;
use crate::{Error, Result};

/// The rules of a game, cures included.
#[derive(Clone, PartialEq, Debug)]
pub struct Rules {
    /// What each of the two wants.
    pub loss: Loss,
    /// The forger's learning rate.
    pub forger: Schedule,
    /// The expert's.
    pub expert: Schedule,
    /// How much of the mean of earlier gradients both keep. What the other one does moves: 0.9 is too long a memory.
    pub beta_1: f32,
    /// How much of the mean of squares.
    pub beta_2: f32,
    /// `γ` of R1, 0 for none: the expert's score may not be steep where the real and the forged are (L. Mescheder, A. Geiger and S. Nowozin, 2018).
    /// The slope is found by moving an example a little in a random direction: `γ / 2 · mean(((D(x + e n) - D(x)) / e)²)`.
    pub penalty: f32,
    /// `e` of it.
    pub nudge: f32,
    /// So many examples of one kind are judged together, so that the same thing twice is noticed (PacGAN: Z. Lin and others, 2018).
    pub pack: usize,
    /// Noise of this deviation is added to all that the expert sees, less and less (C. Sønderby and others, 2016).
    pub noise: f32,
    /// At this step it has gone.
    pub noise_steps: u64,
    /// How much of the running mean of the forger's weights is kept at each step; 0 for the weights themselves.
    pub kept: f32,
    /// A batch is divided into so many parts, for as many threads. What comes out depends on it, and not on the threads.
    pub parts: usize,
    /// Every draw of the game comes from it.
    pub seed: u64,
}

impl Default for Rules {
    /// Non-saturating losses, rates of 0.001, β₁ 0.5, and no cure.
    fn default() -> Rules {
        Rules {
            loss: Loss::NonSaturating,
            forger: Schedule::Constant(1e-3),
            expert: Schedule::Constant(1e-3),
            beta_1: 0.5,
            beta_2: 0.999,
            penalty: 0.0,
            nudge: 0.1,
            pack: 1,
            noise: 0.0,
            noise_steps: 0,
            kept: 0.999,
            parts: 1,
            seed: 0,
        }
    }
}

impl Rules {
    /// # Errors
    /// If a batch of so many examples cannot be played by them.
    pub(super) fn check(&self, batch: usize) -> Result<()> {
        let each = self.pack.max(1).saturating_mul(self.parts.max(1));
        if batch == 0 || self.pack == 0 || self.parts == 0 || !batch.is_multiple_of(each) {
            let what = format!(
                "{batch} examples are not {} parts of packs of {}",
                self.parts, self.pack
            );
            return Err(Error::value(what, "Give a batch that can be divided so"));
        }
        let numbers = [self.penalty, self.noise, self.kept];
        if self.nudge <= 0.0
            || self.nudge.is_nan()
            || numbers.iter().any(|number| !(0.0..1e6).contains(number))
        {
            return Err(Error::value(
                format!("No game can be played by {self:?}"),
                "Give numbers that are not below zero, and a nudge above it",
            ));
        }
        Ok(())
    }

    /// How much noise there is at a step.
    pub(super) fn noise_at(&self, step: u64) -> f32 {
        self.noise * (1.0 - step as f32 / self.noise_steps.max(1) as f32).max(0.0)
    }
}
