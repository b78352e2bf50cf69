//! A recurrent layer: a dense layer that hears the input, all steps at once, and units that hear it and themselves, step by step.

use super::dense::Dense;
use super::layer::{Layer, Play};
use super::parameter::Parameter;
use super::stack;
use crate::Result;
use ndarray::ArrayView2;

/// [`Rnn`](super::Rnn) or [`Lstm`](super::Lstm), by its units.
#[derive(Clone, Debug)]
pub struct Recurrent<U> {
    /// `W` and `b`: what the units hear of the input.
    pub input: Dense,
    /// What they hear of the step before, and what they make of it.
    pub units: U,
}

impl<U: Layer + Clone + 'static> Layer for Recurrent<U> {
    fn begin(&mut self, batch: usize) {
        self.units.begin(batch);
    }

    /// `x` `[T B][I]` to `h` `[T B][H]`.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.units.forward(self.input.forward(x)?)
    }

    /// `dh` `[T B][H]` to `dx` `[T B][I]`.
    fn backward<'a>(&'a mut self, dh: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.input.backward(self.units.backward(dh)?)
    }

    /// Input weight, input bias, recurrent weight.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.input.parameters();
        all.extend(self.units.parameters());
        all
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        stack::player([&self.input as &dyn Layer, &self.units], inputs)
    }
}
