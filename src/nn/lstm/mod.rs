//! Long short-term memory (S. Hochreiter and J. Schmidhuber, 1997; the forget gate is by F. Gers et al., 2000).
//!
//! ```text
//! a  = x · W + b                     what the units hear of the input
//! i, f, o = sigmoid(a + h' · R)      the gates: let in, keep, let out; h' and c' are h and c of the step before
//! g  = tanh(a + h' · R)              what would be new
//! c  = f c' + i g                  the memory: kept and added to, never multiplied by weights
//! h  = o tanh(c)
//! ```
//!
//! Shapes: `T` steps, `B` sequences side by side (a batch), `I` inputs, `H` units. Rows are in order of time: row `t B + b` is
//! step `t` of sequence `b`. `x` `[T B][I]`, `h` and `c` `[T B][H]`; the four gates lie side by side in the order `i f g o`:
//! `W` `[I][4 H]`, `R` `[H][4 H]`, `b` `[1][4 H]`. A name with a `d` before is the gradient of the loss with respect to that thing.
//! Left out: peepholes, projections, both directions.

mod cell;

use super::buffer::{self, Buffer, Rows};
use super::dense::Dense;
use super::fast::{self, Panels};
use super::layer::{Layer, Play};
use super::parameter::Parameter;
use super::recurrent::{Recurrent, Units};
use crate::Result;
use cell::{cells, cells_back};
use ndarray::{ArrayView2, s};
use rand::Rng;

/// A layer of LSTM units.
pub type Lstm = Recurrent<LstmUnits>;

impl Lstm {
    /// A layer of `inputs` and `units`. The forget gate starts with a bias of 1, so that at first the memory keeps (R. Jozefowicz
    /// et al., 2015). The parameters are `<name>.input.weight` (`W`), `<name>.input.bias` and `<name>.recurrent` (`R`).
    pub fn new(name: &str, inputs: usize, units: usize, rng: &mut impl Rng) -> Lstm {
        let mut input = Dense::new(&format!("{name}.input"), inputs, 4 * units, rng);
        input.bias.values.slice_mut(s![.., units..2 * units]).fill(1.0);
        Lstm {
            input,
            units: LstmUnits::new(name, units, rng),
        }
    }
}

/// The units of an LSTM layer: `x · W + b` `[T B][4 H]` to `h` `[T B][H]`.
#[derive(Clone, Debug)]
pub struct LstmUnits {
    /// `R`.
    pub recurrent: Parameter,
    panels: Panels,
    batch: usize,
    goes_on: bool,
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

impl LstmUnits {
    /// Units whose parameter is called `<name>.recurrent`.
    pub fn new(name: &str, units: usize, rng: &mut impl Rng) -> LstmUnits {
        LstmUnits {
            recurrent: Parameter::orthogonal(format!("{name}.recurrent"), units, 4 * units, rng),
            panels: Panels::default(),
            batch: 1,
            goes_on: false,
            gates: Buffer::default(),
            h: Buffer::default(),
            c: Buffer::default(),
            tanh_c: Buffer::default(),
            dh: Buffer::default(),
            dc: Buffer::default(),
            kept: false,
        }
    }

    /// The steps, one after the other.
    fn run(&mut self, a: Rows) -> Result<ArrayView2<'_, f32>> {
        let (units, batch, rows) = (self.recurrent.shape().0, self.batch, a.dim().0);
        self.kept = false;
        buffer::check("What the units hear", a.dim(), (rows, 4 * units))?;
        buffer::check_batch(rows, batch)?;
        for state in [&mut self.h, &mut self.c] {
            buffer::carry(state, self.goes_on, rows, batch, units);
        }
        self.goes_on = true;
        self.panels.pack(units, 4 * units, self.recurrent.flat())?;
        let gates = self.gates.resize(rows, 4 * units);
        let tanh_c = self.tanh_c.resize(rows, units);
        let (h, c, state) = (self.h.values_mut(), self.c.values_mut(), batch * units);
        for t in 0..rows / batch {
            let now = t * state..(t + 1) * state;
            let (h_before, h) = h[now.start..now.end + state].split_at_mut(state);
            let (c_before, c) = c[now.start..now.end + state].split_at_mut(state);
            let gates = &mut gates[4 * now.start..4 * now.end];
            fast::set_product(batch, h_before, &self.panels, gates)?;
            let heard = (t * batch..(t + 1) * batch).map(|row| a.row(row));
            cells(units, heard, gates, c_before, c, &mut tanh_c[now], h);
        }
        self.kept = true;
        Ok(self.h.view().slice_move(s![batch.., ..]))
    }
}

impl Units for LstmUnits {
    fn forward_rows(&mut self, table: ArrayView2<f32>, rows: &[usize]) -> Result<ArrayView2<'_, f32>> {
        self.run(Rows::named(table, rows)?)
    }

    fn state_gradients(&self) -> ArrayView2<'_, f32> {
        self.dh.view()
    }

    fn count(&self) -> usize {
        self.recurrent.shape().0
    }

    fn clone_units(&self) -> Box<dyn Units> {
        Box::new(self.clone())
    }
}

impl Layer for LstmUnits {
    fn begin(&mut self, batch: usize) {
        (self.batch, self.goes_on, self.kept) = (batch, false, false);
    }

    fn forward<'a>(&'a mut self, a: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.run(Rows::of(a))
    }

    /// The steps backward, last first: the gates are overwritten by their gradients. It goes back to the first step of this
    /// `forward` and no further: backpropagation through time, truncated (R. Williams and J. Peng, 1990).
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (units, batch, rows) = (self.recurrent.shape().0, self.batch, self.gates.rows());
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
                fast::add_product(batch, da, &self.panels, &mut dh_before[before..])?;
            }
        }
        // Row r of `h` is the state before row r of `a`, for the carried one comes first.
        let (da, h) = (self.gates.values(), &self.h.values()[..rows * units]);
        fast::add_gradient(rows, h, da, units, 4 * units, self.recurrent.flat_gradient())?;
        Ok(self.gates.view())
    }

    fn parameters(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.recurrent]
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        let (units, gates) = self.recurrent.shape();
        buffer::check("The recurrent weight", (units, gates), (units, 4 * units))?;
        buffer::check("What the units hear", (1, inputs), (1, gates))?;
        let mut recurrent = Panels::default();
        recurrent.pack(units, gates, self.recurrent.flat())?;
        let zeros = || vec![0.0; units];
        Ok(Box::new(LstmPlayer {
            recurrent,
            gates: vec![0.0; gates],
            h: zeros(),
            c: zeros(),
            c_before: zeros(),
            tanh_c: zeros(),
        }))
    }
}

#[derive(Debug)]
struct LstmPlayer {
    recurrent: Panels,
    gates: Vec<f32>,
    h: Vec<f32>,
    c: Vec<f32>,
    c_before: Vec<f32>,
    tanh_c: Vec<f32>,
}

impl Play for LstmPlayer {
    fn outputs(&self) -> usize {
        self.h.len()
    }

    fn step<'a>(&'a mut self, a: &'a [f32]) -> &'a [f32] {
        let units = self.h.len();
        self.gates.fill(0.0);
        fast::add_row(&self.h, &self.recurrent, &mut self.gates);
        std::mem::swap(&mut self.c, &mut self.c_before);
        let (gates, c, tanh_c) = (&mut self.gates, &mut self.c, &mut self.tanh_c);
        cells(units, [a], gates, &self.c_before, c, tanh_c, &mut self.h);
        &self.h
    }

    fn forget(&mut self) {
        self.h.fill(0.0);
        self.c.fill(0.0);
    }

    /// `input gate`, `forget gate`, `candidate`, `output gate` and `memory`, `[H]` each.
    fn inside(&self) -> Vec<(&'static str, &[f32])> {
        let names = ["input gate", "forget gate", "candidate", "output gate"];
        let gates = self.gates.chunks_exact(self.h.len().max(1));
        let mut all: Vec<(&str, &[f32])> = names.into_iter().zip(gates).collect();
        all.push(("memory", &self.c));
        all
    }
}
