//! What a model is, so that it can be trained and can play.

use super::parameter::Parameter;
use crate::{Error, Result};
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

    /// Compares its pieces with those that have begun.
    ///
    /// # Errors
    /// If it is of more or fewer.
    pub fn check(&self, begun: usize) -> Result<()> {
        if self.batch == begun {
            return Ok(());
        }
        Err(Error::value(
            format!("The window is of {} pieces, but {begun} have begun", self.batch),
            "Let as many begin as the window has: see `Learner::begin`",
        ))
    }
}

/// A model that learns to say what comes next: see [`super::train`]. What it has learned, its player plays.
pub trait Learner: Clone + Send {
    /// What a piece consists of: symbols, or chords.
    type Item: Copy + Hash + Send + Sync;

    /// What plays: a [`Predictor`](crate::predict::Predictor), where pieces consist of symbols.
    type Player;

    /// All that is learned, always in the same order.
    fn parameters(&mut self) -> Vec<&mut Parameter>;

    /// New pieces begin, so many side by side. Until the next begin the state is carried from window to window.
    fn begin(&mut self, batch: usize);

    /// Lets dropout leave numbers out, drawn from this seed; with none, as at first, nothing is left out.
    fn dropout(&mut self, seed: Option<u64>);

    /// Goes through a window and gives the sum of its surprises, in nats.
    ///
    /// # Errors
    /// If the window holds what the model does not know, or other pieces than have begun.
    fn forward(&mut self, window: &Window<Self::Item>) -> Result<f64>;

    /// Goes back through the last window, and adds `scale` times the gradients of its surprises.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    fn backward(&mut self, scale: f32) -> Result<()>;

    /// The model as it is now, ready to play: what is learned later the player does not know.
    ///
    /// # Errors
    /// If a parameter was replaced by one of another shape.
    fn player(&self) -> Result<Self::Player>;
}
