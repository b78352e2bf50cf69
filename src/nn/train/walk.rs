//! A walk through all pieces, window by window: it can be left at any window, and gone on with later.

use super::batches::{batches, shuffled, windows};
use super::parts::{Parts, count};
use super::settings::Training;
use crate::nn::learner::{Learner, Window};

/// Where a walk is, and what it has met.
pub(super) struct Walk {
    /// The pieces that go side by side, by number.
    batches: Vec<Vec<usize>>,
    /// Which of the batches, and the step at which its next window begins.
    batch: usize,
    from: usize,
    steps: usize,
    nats: f64,
    symbols: usize,
}

impl Walk {
    /// Through the pieces as they come.
    pub(super) fn straight<Item>(pieces: &[Vec<Item>], settings: &Training) -> Walk {
        Walk::through(batches(pieces, settings.batch), settings.window)
    }

    /// Through the pieces as an epoch takes them.
    pub(super) fn epoch<Item>(pieces: &[Vec<Item>], settings: &Training, epoch: usize) -> Walk {
        Walk::through(shuffled(pieces, settings, epoch), settings.window)
    }

    fn through(batches: Vec<Vec<usize>>, steps: usize) -> Walk {
        Walk {
            batches,
            batch: 0,
            from: 0,
            steps,
            nats: 0.0,
            symbols: 0,
        }
    }

    /// The next window, in parts. With the first of a batch its pieces begin. None at the end.
    pub(super) fn next<M: Learner>(
        &mut self,
        models: &mut Parts<M>,
        pieces: &[Vec<M::Item>],
    ) -> Option<Vec<Window<M::Item>>> {
        loop {
            let parts = models.split(self.batches.get(self.batch)?);
            if self.from == 0 {
                models.begin(&parts);
            }
            if let Some(windows) = windows(pieces, &parts, self.from, self.steps) {
                self.from = self.from.saturating_add(self.steps);
                return Some(windows);
            }
            (self.batch, self.from) = (self.batch + 1, 0);
        }
    }

    /// Adds the surprises of a window to those of the others. Gives their mean.
    pub(super) fn count<Item>(&mut self, nats: f64, windows: &[Window<Item>]) -> f64 {
        let symbols = count(windows);
        (self.nats, self.symbols) = (self.nats + nats, self.symbols + symbols);
        nats / symbols.max(1) as f64
    }

    /// The mean surprise until now, in nats.
    pub(super) fn mean(&self) -> f64 {
        self.nats / self.symbols.max(1) as f64
    }
}
