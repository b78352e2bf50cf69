//! What every layer can do: learn from many rows at once, and play one moment after the other.

use super::parameter::Parameter;
use crate::Result;
use ndarray::ArrayView2;
use std::fmt::Debug;

/// A layer: rows of numbers in, rows of numbers out, and the way back.
///
/// Rows are examples. A layer that remembers takes them as the steps of `B` sequences side by side: row `t B + b` is step `t` of
/// sequence `b`.
pub trait Layer: CloneLayer + Debug + Send {
    /// New sequences begin, so many side by side: what was heard before is forgotten. Each `forward` after that goes on where
    /// the last one ended. Before the first, one sequence has begun.
    fn begin(&mut self, batch: usize) {
        let _ = batch;
    }

    /// Lets dropout leave numbers out, drawn from this seed; with none, as at first, nothing is left out.
    fn dropout(&mut self, seed: Option<u64>) {
        let _ = seed;
    }

    /// Whether `backward` works out gradients of the parameters, as it does at first: not while only the gradient with respect to the input is
    /// asked for.
    fn learns(&mut self, yes: bool) {
        let _ = yes;
    }

    /// `x` `[N][I]` to `y` `[N][O]`. It keeps what `backward` will need.
    ///
    /// # Errors
    /// If `x` is not of the shape that the layer was made for.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>>;

    /// `dy` `[N][O]`, the gradient of the loss with respect to each number of `y`, to `dx` `[N][I]`. Adds to the gradients of the
    /// parameters.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `y`.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>>;

    /// What is learned, always in the same order.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        Vec::new()
    }

    /// The layer as it is now, ready to play what comes in as so many numbers at a time: with weights of its own, which were packed
    /// once.
    ///
    /// # Errors
    /// If the layer takes another number of inputs.
    fn player(&self, inputs: usize) -> Result<Box<dyn Play>>;
}

/// A layer that plays one sequence, a moment at a time.
pub trait Play: Debug + Send {
    /// How many numbers a step gives.
    fn outputs(&self) -> usize;

    /// Hears `x` `[I]` and gives `y` `[O]`: what `forward` gives for the next row.
    ///
    /// # Panics
    /// If `x` has not as many numbers as the player was made for.
    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32];

    /// A new sequence begins.
    fn forget(&mut self) {}

    /// What can be looked at after a step, by name.
    fn inside(&self) -> Vec<(&'static str, &[f32])> {
        Vec::new()
    }
}

/// Lets a layer of any kind be cloned; every layer that is [`Clone`] can.
pub trait CloneLayer {
    /// A clone with memory of its own.
    fn clone_layer(&self) -> Box<dyn Layer>;
}

impl<L: Layer + Clone + 'static> CloneLayer for L {
    fn clone_layer(&self) -> Box<dyn Layer> {
        Box::new(self.clone())
    }
}

impl Clone for Box<dyn Layer> {
    fn clone(&self) -> Box<dyn Layer> {
        (**self).clone_layer()
    }
}
