//! Long short-term memory (S. Hochreiter and J. Schmidhuber, 1997; the forget gate is by F. Gers et al., 2000).
//!
//! ```text
//! a  = x · W + b + h' · R          h' and c' are h and c of the step before
//! i, f, o = sigmoid(a_i, a_f, a_o)   the gates: let in, keep, let out
//! g  = tanh(a_g)                   what would be new
//! c  = f c' + i g                  the memory: kept and added to, never multiplied by weights
//! h  = o tanh(c)
//! ```
//!
//! Shapes: `T` steps, `B` sequences side by side (a batch), `I` inputs, `H` units. Rows are in order of time: row `t B + b` is
//! step `t` of sequence `b`. `x` `[T B][I]`, `h` and `c` `[T B][H]`; the four gates lie side by side in the order `i f g o`:
//! `W` `[I][4 H]`, `R` `[H][4 H]`, `b` `[1][4 H]`. A name with a `d` before is the gradient of the loss with respect to that thing.
//! Left out: peepholes, projections, both directions.

mod cell;

use super::buffer::{self, Buffer};
use super::dense::Dense;
use super::embedding::{self, Embedding};
use super::matmul::{self, Panels};
use super::parameter::Parameter;
use crate::Result;
pub(super) use cell::cells;
use cell::cells_back;
use ndarray::{ArrayView2, s};
use rand::Rng;

/// A layer of LSTM units.
#[derive(Clone, Debug)]
pub struct Lstm {
    /// `W` and `b`: what the gates hear of the input. All steps at once, as one product.
    pub input: Dense,
    /// `R`: what they hear of the step before.
    pub recurrent: Parameter,
    panels: Panels,
    symbols: Vec<usize>,
    batch: usize,
    carries: bool,
    /// `[T B][4 H]`: the gates, and after `backward` their gradients `da`.
    gates: Buffer,
    /// `[B + T B][H]`: the state that was carried over, then that of each step.
    h: Buffer,
    c: Buffer,
    tanh_c: Buffer,
    dh: Buffer,
    dc: Buffer,
    kept: bool,
}

impl Lstm {
    /// A layer of `inputs` and `units`. The forget gate starts with a bias of 1, so that at first the memory keeps (R. Jozefowicz
    /// et al., 2015). The parameters are `<name>.input.weight` (`W`), `<name>.input.bias` and `<name>.recurrent` (`R`).
    pub fn new(name: &str, inputs: usize, units: usize, rng: &mut impl Rng) -> Lstm {
        let mut input = Dense::new(&format!("{name}.input"), inputs, 4 * units, rng);
        input.bias.values.slice_mut(s![.., units..2 * units]).fill(1.0);
        Lstm {
            input,
            recurrent: Parameter::orthogonal(format!("{name}.recurrent"), units, 4 * units, rng),
            panels: Panels::default(),
            symbols: Vec::new(),
            batch: 0,
            carries: false,
            gates: Buffer::default(),
            h: Buffer::default(),
            c: Buffer::default(),
            tanh_c: Buffer::default(),
            dh: Buffer::default(),
            dc: Buffer::default(),
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
        std::mem::swap(&mut self.gates, &mut self.input.y); // not copied: `a` grows where `x · W` is
        self.run(batch)
    }

    /// As `forward`, for the rows of a table that the symbols `[T B]` name. The table is multiplied by `W` once, and the
    /// products are looked up: less work than one product a step as long as there are more steps than symbols.
    ///
    /// # Errors
    /// If a symbol is not of the table, or as `forward`.
    pub fn forward_symbols(
        &mut self,
        table: &Embedding,
        symbols: &[usize],
        batch: usize,
    ) -> Result<ArrayView2<'_, f32>> {
        let gates = 4 * self.units();
        let vocabulary = table.table.shape().0;
        self.kept = false;
        self.input.forward(table.table.values.view())?;
        let a = self.gates.resize(symbols.len(), gates);
        embedding::gather(self.input.y.values(), vocabulary, gates, symbols, a)?;
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        self.run(batch)
    }

    /// The steps, one after the other.
    fn run(&mut self, batch: usize) -> Result<ArrayView2<'_, f32>> {
        let (units, rows) = (self.units(), self.gates.rows());
        buffer::check("What the units hear", self.gates.view().dim(), (rows, 4 * units))?;
        buffer::check_batch(rows, batch)?;
        let goes_on = self.carries && self.batch == batch;
        let state = batch * units;
        for buffer in [&mut self.h, &mut self.c] {
            buffer::carry(buffer, goes_on, rows, batch, units);
        }
        (self.batch, self.carries) = (batch, true);
        self.tanh_c.resize(rows, units);
        self.panels.pack(units, 4 * units, self.recurrent.flat())?;
        let (h, c) = (self.h.values_mut(), self.c.values_mut());
        let steps = self.gates.values_mut().chunks_exact_mut((4 * state).max(1));
        for (t, (gates, tanh_c)) in steps
            .zip(self.tanh_c.values_mut().chunks_exact_mut(state.max(1)))
            .enumerate()
        {
            let (h_before, h) = h[t * state..(t + 2) * state].split_at_mut(state);
            let (c_before, c) = c[t * state..(t + 2) * state].split_at_mut(state);
            matmul::add_product(batch, h_before, &self.panels, gates)?;
            cells(units, gates, c_before, c, tanh_c, h);
        }
        self.kept = true;
        Ok(self.h.view().slice_move(s![batch.., ..]))
    }

    /// `dy` `[T B][H]`, the gradient of the loss with respect to each `h` that was given out, to `dx` `[T B][I]`. It goes back
    /// to the first step of this `forward` and no further: backpropagation through time, truncated (R. Williams and J. Peng, 1990).
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `h`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        self.run_back(dy)?;
        self.input.backward(self.gates.view())
    }

    /// As `backward`, after `forward_symbols`: adds to the gradient of the table.
    ///
    /// # Errors
    /// As `backward`.
    pub fn backward_symbols(&mut self, dy: ArrayView2<f32>, table: &mut Embedding) -> Result<()> {
        self.run_back(dy)?;
        // What is looked up ten times has ten gradients: their sum goes back through the product.
        let gates = 4 * self.units();
        let mut da = std::mem::take(&mut self.input.y);
        let sums = da.zeros(table.table.shape().0, gates);
        embedding::scatter(self.gates.values(), gates, &self.symbols, sums);
        let dx = self.input.backward(da.view())?;
        buffer::add(table.table.flat_gradient(), dx.as_slice().unwrap_or_default());
        self.input.y = da;
        Ok(())
    }

    /// The steps backward, last first: the gates are overwritten by their gradients.
    fn run_back(&mut self, dy: ArrayView2<f32>) -> Result<()> {
        let (units, batch, rows) = (self.units(), self.batch, self.gates.rows());
        buffer::take(&mut self.kept, "the LSTM")?;
        buffer::check("dy", dy.dim(), (rows, units))?;
        let state = batch * units;
        self.dh.copy(dy);
        self.dc.zeros(batch, units);
        self.panels
            .pack_transposed(4 * units, units, self.recurrent.flat())?;
        let (dh, da) = (self.dh.values_mut(), self.gates.values_mut());
        for t in (0..rows / batch.max(1)).rev() {
            let now = t * state..(t + 1) * state;
            let (dh_before, dh) = dh[..now.end].split_at_mut(now.start);
            let da = &mut da[4 * now.start..4 * now.end];
            let (c_before, tanh_c) = (&self.c.values()[now.clone()], &self.tanh_c.values()[now]);
            cells_back(units, da, c_before, tanh_c, dh, self.dc.values_mut());
            if t > 0 {
                let before = dh_before.len() - state;
                matmul::add_product(batch, da, &self.panels, &mut dh_before[before..])?;
            }
        }
        // Row r of `h` is the state before row r of `a`, for the carried one comes first.
        let (da, h) = (self.gates.values(), &self.h.values()[..rows * units]);
        matmul::add_gradient(rows, h, da, units, 4 * units, self.recurrent.flat_gradient())
    }

    /// After `forward`: the gates `i f g o` of each step `[T B][4 H]`. After `backward`: their gradients.
    pub fn gates(&self) -> ArrayView2<'_, f32> {
        self.gates.view()
    }

    /// After `forward`: the memory of each step `[T B][H]`.
    pub fn memory(&self) -> ArrayView2<'_, f32> {
        self.c.view().slice_move(s![self.batch.min(self.c.rows()).., ..])
    }

    /// After `backward`: `dL/dh` of each step `[T B][H]`, with all that comes back from later steps.
    pub fn state_gradients(&self) -> ArrayView2<'_, f32> {
        self.dh.view()
    }
}
