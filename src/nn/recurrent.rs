//! A recurrent layer: a dense layer that hears the input, all steps at once, and units that hear it and themselves, step by step.

use super::dense::Dense;
use super::layer::{Layer, Play};
use super::parameter::Parameter;
use super::stack;
use crate::Result;
use ndarray::{Array2, ArrayView2, Axis};

/// What remembers in a recurrent layer. As a [`Layer`] it hears what the dense layer made of the input.
pub trait Units: Layer {
    /// As [`Layer::forward`], with the row of `table` `[V][G]` that each of `rows` `[T B]` names: nothing is copied.
    ///
    /// # Errors
    /// If a row is not of the table, or as `forward`.
    fn forward_rows(&mut self, table: ArrayView2<f32>, rows: &[usize]) -> Result<ArrayView2<'_, f32>>;

    /// After `backward`: `dL/dh` of each step `[T B][H]`, with all that comes back from later steps.
    fn state_gradients(&self) -> ArrayView2<'_, f32>;

    /// How many there are, `H`.
    fn count(&self) -> usize;

    /// A clone with memory of its own.
    fn clone_units(&self) -> Box<dyn Units>;
}

impl Clone for Box<dyn Units> {
    fn clone(&self) -> Box<dyn Units> {
        (**self).clone_units()
    }
}

/// [`Rnn`](super::Rnn) or [`Lstm`](super::Lstm), by its units.
#[derive(Clone, Debug)]
pub struct Recurrent<U> {
    /// `W` and `b`: what the units hear of the input.
    pub input: Dense,
    /// What they hear of the step before, and what they make of it.
    pub units: U,
}

impl<U: Units + Clone + 'static> Recurrent<U> {
    // ANCHOR: gradient_by_lag
    /// What is left of a nudge to the state after 0, 1, 2 … steps, while the units hear `x` `[T][I]`: the norm of ∂h_T/∂h_t, 1 if
    /// nothing is lost.
    ///
    /// # Errors
    /// If `x` has not `I` columns.
    pub fn gradient_by_lag(&mut self, x: ArrayView2<f32>) -> Result<Vec<f64>> {
        let (steps, units) = (x.nrows(), self.units.count());
        // A lane for each unit. All hear the same.
        let lanes = Array2::from_shape_fn((steps * units, x.ncols()), |(row, place)| x[[row / units, place]]);
        // Nothing at all steps but the last, and there each unit in its own lane.
        let dh = Array2::from_shape_fn((steps * units, units), |(row, unit)| {
            f32::from(u8::from(row / units + 1 == steps && row % units == unit))
        });
        self.begin(units);
        self.forward(lanes.view())?;
        self.backward(dh.view())?;
        let gradients = self.units.state_gradients();
        let norm = |block: ArrayView2<f32>| {
            let squares: f64 = block.iter().map(|one| f64::from(*one).powi(2)).sum();
            (squares / units as f64).sqrt()
        };
        Ok(gradients
            .axis_chunks_iter(Axis(0), units)
            .rev()
            .map(norm)
            .collect())
    }
    // ANCHOR_END: gradient_by_lag
}

impl<U: Units + Clone + 'static> Layer for Recurrent<U> {
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
