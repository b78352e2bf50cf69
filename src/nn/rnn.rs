//! The plain recurrent layer (J. Elman, 1990): what it says at one step it hears at the next.
//!
//! `h = tanh(x · W + b + h' · R)`, `h'` being that of the step before.
//!
//! Shapes: `T` steps, `B` sequences side by side (a batch), `I` inputs, `H` units. Rows are in order of time: row `t B + b` is
//! step `t` of sequence `b`. `x` `[T B][I]`, `h` `[T B][H]`, `W` `[I][H]`, `R` `[H][H]`, `b` `[1][H]`.

use super::activation;
use super::buffer::{self, Buffer};
use super::dense::Dense;
use super::embedding::{self, Embedding};
use super::matmul::{self, Panels};
use super::parameter::Parameter;
use crate::Result;
use ndarray::{ArrayView2, s};
use rand::Rng;

/// A plain recurrent layer.
#[derive(Clone, Debug)]
pub struct Rnn {
    /// `W` and `b`: what the units hear of the input.
    pub input: Dense,
    /// `R`: what they hear of the step before.
    pub recurrent: Parameter,
    panels: Panels,
    symbols: Vec<usize>,
    batch: usize,
    carries: bool,
    /// `[T B][H]`: `x · W + b`, and after `backward` the gradients of what the `tanh` was taken of.
    a: Buffer,
    /// `[B + T B][H]`: the state that was carried over, then that of each step.
    h: Buffer,
    dh: Buffer,
    kept: bool,
}

impl Rnn {
    /// A layer of `inputs` and `units`. The parameters are `<name>.input.weight` (`W`), `<name>.input.bias` and `<name>.recurrent`
    /// (`R`), which starts as a rotation: neither growing nor fading.
    pub fn new(name: &str, inputs: usize, units: usize, rng: &mut impl Rng) -> Rnn {
        Rnn {
            input: Dense::new(&format!("{name}.input"), inputs, units, rng),
            recurrent: Parameter::orthogonal(format!("{name}.recurrent"), units, units, rng),
            panels: Panels::default(),
            symbols: Vec::new(),
            batch: 0,
            carries: false,
            a: Buffer::default(),
            h: Buffer::default(),
            dh: Buffer::default(),
            kept: false,
        }
    }

    /// `H`.
    pub fn units(&self) -> usize {
        self.recurrent.shape().0
    }

    /// What is learned: input weight, input bias, recurrent weight.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.input.parameters();
        all.push(&mut self.recurrent);
        all
    }

    /// Forgets the state: the next `forward` starts from zeros. Otherwise it goes on where the last one ended.
    pub fn forget(&mut self) {
        self.carries = false;
    }

    /// `x` `[T B][I]` to `h` `[T B][H]`, for `batch` sequences side by side. If their number changes, the state is forgotten.
    ///
    /// # Errors
    /// If `x` has not `I` columns, or its rows are not whole steps.
    pub fn forward(&mut self, x: ArrayView2<f32>, batch: usize) -> Result<ArrayView2<'_, f32>> {
        self.kept = false;
        self.input.forward(x)?;
        std::mem::swap(&mut self.a, &mut self.input.y);
        self.run(batch)
    }

    /// As `forward`, for the rows of a table that the symbols `[T B]` name: see [`super::Lstm::forward_symbols`].
    ///
    /// # Errors
    /// If a symbol is not of the table, or as `forward`.
    pub fn forward_symbols(
        &mut self,
        table: &Embedding,
        symbols: &[usize],
        batch: usize,
    ) -> Result<ArrayView2<'_, f32>> {
        let (units, vocabulary) = (self.units(), table.table.shape().0);
        self.kept = false;
        self.input.forward(table.table.values.view())?;
        let a = self.a.resize(symbols.len(), units);
        embedding::gather(self.input.y.values(), vocabulary, units, symbols, a)?;
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        self.run(batch)
    }

    // ANCHOR: forward
    /// The steps, one after the other.
    fn run(&mut self, batch: usize) -> Result<ArrayView2<'_, f32>> {
        let (units, rows) = (self.units(), self.a.rows());
        buffer::check("What the units hear", self.a.view().dim(), (rows, units))?;
        buffer::check_batch(rows, batch)?;
        let goes_on = self.carries && self.batch == batch;
        buffer::carry(&mut self.h, goes_on, rows, batch, units);
        (self.batch, self.carries) = (batch, true);
        self.panels.pack(units, units, self.recurrent.flat())?;
        let (h, state) = (self.h.values_mut(), batch * units);
        for (t, a) in self.a.values().chunks_exact(state.max(1)).enumerate() {
            let (before, h) = h[t * state..(t + 2) * state].split_at_mut(state);
            h.copy_from_slice(a);
            matmul::add_product(batch, before, &self.panels, h)?;
            activation::tanh(h);
        }
        self.kept = true;
        Ok(self.h.view().slice_move(s![batch.., ..]))
    }
    // ANCHOR_END: forward

    /// `dy` `[T B][H]`, the gradient of the loss with respect to each `h` that was given out, to `dx` `[T B][I]`. It goes back
    /// to the first step of this `forward` and no further: backpropagation through time, truncated (R. Williams and J. Peng, 1990).
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `h`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        self.run_back(dy)?;
        self.input.backward(self.a.view())
    }

    /// As `backward`, after `forward_symbols`: adds to the gradient of the table.
    ///
    /// # Errors
    /// As `backward`.
    pub fn backward_symbols(&mut self, dy: ArrayView2<f32>, table: &mut Embedding) -> Result<()> {
        self.run_back(dy)?;
        let units = self.units();
        let mut da = std::mem::take(&mut self.input.y);
        let sums = da.zeros(table.table.shape().0, units);
        embedding::scatter(self.a.values(), units, &self.symbols, sums);
        let dx = self.input.backward(da.view())?;
        buffer::add(table.table.flat_gradient(), dx.as_slice().unwrap_or_default());
        self.input.y = da;
        Ok(())
    }

    // ANCHOR: backward
    /// The steps backward, last first.
    fn run_back(&mut self, dy: ArrayView2<f32>) -> Result<()> {
        let (units, batch, rows) = (self.units(), self.batch, self.a.rows());
        buffer::take(&mut self.kept, "the recurrent layer")?;
        buffer::check("dy", dy.dim(), (rows, units))?;
        let state = batch * units;
        self.dh.copy(dy);
        self.panels.pack_transposed(units, units, self.recurrent.flat())?;
        let (dh, da) = (self.dh.values_mut(), self.a.values_mut());
        for t in (0..rows / batch.max(1)).rev() {
            let now = t * state..(t + 1) * state;
            let (dh_before, dh) = dh[..now.end].split_at_mut(now.start);
            let da = &mut da[now.clone()];
            let h = &self.h.values()[now.start + state..now.end + state];
            for ((da, dh), h) in da.iter_mut().zip(dh).zip(h) {
                let slope = *dh * (1.0 - h * h);
                // What has faded to nothing is set to nothing: numbers that small make a processor crawl.
                *da = if slope.abs() < 1e-30 { 0.0 } else { slope };
            }
            if t > 0 {
                let before = dh_before.len() - state;
                matmul::add_product(batch, da, &self.panels, &mut dh_before[before..])?;
            }
        }
        // Row r of `h` is the state before row r of `a`, for the carried one comes first.
        let (da, h) = (self.a.values(), &self.h.values()[..rows * units]);
        matmul::add_gradient(rows, h, da, units, units, self.recurrent.flat_gradient())
    }
    // ANCHOR_END: backward

    /// After `backward`: `dL/dh` of each step `[T B][H]`, with all that comes back from later steps.
    pub fn state_gradients(&self) -> ArrayView2<'_, f32> {
        self.dh.view()
    }
}
