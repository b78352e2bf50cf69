//! What training is told, and what it tells.

use std::f64::consts::LN_2;
use std::path::PathBuf;

/// How to train.
#[derive(Clone, PartialEq, Debug)]
pub struct Training {
    /// How many pieces are side by side.
    pub batch: usize,
    /// In how many parts a batch is learned, each on a thread of its own if there are so many; where there is but one, a single part
    /// is the fastest. What is learned depends, in the last digits, on this number, and not on the threads.
    pub parts: usize,
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
    /// 20 epochs in batches of 32 pieces, in two parts, and windows of 64 steps; rate 0.003 after 50 steps; length 1; patience 5.
    fn default() -> Training {
        Training {
            batch: 32,
            parts: 2,
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
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Progress {
    /// The epoch, from 1.
    pub epoch: usize,
    /// How many epochs there are at most.
    pub epochs: usize,
    /// How many steps of the optimiser are done.
    pub step: u64,
    /// How many steps there are at most.
    pub steps: u64,
    /// The mean surprise of this step's window, in nats a symbol or frame; after an epoch, of all its windows.
    pub nats: f64,
    /// The same in bits.
    pub bits: f64,
    /// If an epoch has just ended: the mean on the validation part, in nats. It is that of the training part if there is no other.
    pub validation: Option<f64>,
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
    /// Both as curves: the number of the epoch, from 1, and the mean surprise in bits.
    pub fn curves(&self) -> [Vec<(f64, f64)>; 2] {
        let curve = |nats: fn(&(f64, f64)) -> f64| -> Vec<(f64, f64)> {
            let bits = self.epochs.iter().map(|epoch| nats(epoch) / LN_2);
            bits.enumerate()
                .map(|(place, bits)| (place as f64 + 1.0, bits))
                .collect()
        };
        [curve(|epoch| epoch.0), curve(|epoch| epoch.1)]
    }

    /// The best mean surprise on the validation part, in bits. Infinite if there was no epoch.
    pub fn best_bits(&self) -> f64 {
        self.best_nats() / LN_2
    }

    /// The best mean surprise on the validation part, in nats. Infinite if there was no epoch.
    pub fn best_nats(&self) -> f64 {
        let best = self.best.checked_sub(1).and_then(|best| self.epochs.get(best));
        best.map_or(f64::INFINITY, |best| best.1)
    }
}
