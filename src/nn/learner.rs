//! What the trainer asks of a model.

use super::parameter::Parameter;
use crate::Result;
use std::hash::Hash;

/// Some steps of some pieces side by side: row `t B + b` is step `t` of piece `b`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Window<Item> {
    /// `B`.
    pub batch: usize,
    /// What was last heard before each step `[T B]`; none at the begin of a piece (and after its end).
    pub heard: Vec<Option<Item>>,
    /// What comes `[T B]`; none after the end of a piece, which does not count.
    pub next: Vec<Option<Item>>,
}

impl<Item> Window<Item> {
    /// How many steps count.
    pub fn count(&self) -> usize {
        self.next.iter().flatten().count()
    }
}

/// A model that learns to say what comes next: see [`super::train`].
pub trait Learner: Clone + Send {
    /// What a piece consists of: symbols, or chords.
    type Item: Copy + Hash + Send + Sync;

    /// All that is learned, always in the same order.
    fn parameters(&mut self) -> Vec<&mut Parameter>;

    /// New pieces begin: the state is that at a piece's begin. Otherwise it is carried from window to window.
    fn forget(&mut self);

    /// Begins other random draws, for dropout.
    fn seed(&mut self, seed: u64);

    /// Goes through a window and gives the sum of its surprises, in nats. `training` is for dropout.
    ///
    /// # Errors
    /// If the window holds what the model does not know.
    fn forward(&mut self, window: &Window<Self::Item>, training: bool) -> Result<f64>;

    /// Goes back through the last window, and adds `scale` times the gradients of its surprises.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    fn backward(&mut self, scale: f32) -> Result<()>;
}
