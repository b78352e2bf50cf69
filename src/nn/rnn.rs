//! The plain recurrent layer (J. Elman, 1990): what it says at one step it hears at the next.
//!
//! `h = tanh(a + h' · R)`, `h'` being that of the step before, and `a = x · W + b` what it hears of the input.
//!
//! Shapes: `T` steps, `B` sequences side by side (a batch), `I` inputs, `H` units. Rows are in order of time: row `t B + b` is
//! step `t` of sequence `b`. `x` `[T B][I]`, `a` and `h` `[T B][H]`, `W` `[I][H]`, `R` `[H][H]`, `b` `[1][H]`.

use super::buffer::{self, Buffer, Rows};
use super::dense::Dense;
use super::fast::{self, Panels};
use super::layer::{Layer, Play};
use super::parameter::Parameter;
use super::recurrent::{Recurrent, Units};
use crate::Result;
use ndarray::{ArrayView2, s};
use rand::Rng;

/// A plain recurrent layer.
pub type Rnn = Recurrent<RnnUnits>;

impl Rnn {
    /// A layer of `inputs` and `units`. The parameters are `<name>.input.weight` (`W`), `<name>.input.bias` and `<name>.recurrent`
    /// (`R`), which starts as a rotation: neither growing nor fading.
    pub fn new(name: &str, inputs: usize, units: usize, rng: &mut impl Rng) -> Rnn {
        Rnn {
            input: Dense::new(&format!("{name}.input"), inputs, units, rng),
            units: RnnUnits::new(name, units, rng),
        }
    }
}

/// The units of a plain recurrent layer: `a` `[T B][H]` to `h` `[T B][H]`.
#[derive(Clone, Debug)]
pub struct RnnUnits {
    /// `R`.
    pub recurrent: Parameter,
    panels: Panels,
    batch: usize,
    goes_on: bool,
    /// `[B + T B][H]`: the state that was carried over, then that of each step.
    h: Buffer,
    dh: Buffer,
    da: Buffer,
    kept: bool,
}

impl RnnUnits {
    /// Units whose parameter is called `<name>.recurrent`.
    pub fn new(name: &str, units: usize, rng: &mut impl Rng) -> RnnUnits {
        RnnUnits {
            recurrent: Parameter::orthogonal(format!("{name}.recurrent"), units, units, rng),
            panels: Panels::default(),
            batch: 1,
            goes_on: false,
            h: Buffer::default(),
            dh: Buffer::default(),
            da: Buffer::default(),
            kept: false,
        }
    }

    // ANCHOR: forward
    /// The steps, one after the other.
    fn run(&mut self, a: Rows) -> Result<ArrayView2<'_, f32>> {
        let (units, batch, rows) = (self.recurrent.shape().0, self.batch, a.dim().0);
        self.kept = false;
        buffer::check("What the units hear", a.dim(), (rows, units))?;
        buffer::check_batch(rows, batch)?;
        buffer::carry(&mut self.h, self.goes_on, rows, batch, units);
        self.goes_on = true;
        self.panels.pack(units, units, self.recurrent.flat())?;
        let (h, state) = (self.h.values_mut(), batch * units);
        for t in 0..rows / batch {
            let (before, h) = h[t * state..(t + 2) * state].split_at_mut(state);
            for b in 0..batch {
                h[b * units..(b + 1) * units].copy_from_slice(a.row(t * batch + b));
            }
            fast::add_product(batch, before, &self.panels, h)?;
            fast::tanh(h);
        }
        self.kept = true;
        Ok(self.h.view().slice_move(s![batch.., ..]))
    }
    // ANCHOR_END: forward
}

impl Units for RnnUnits {
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

impl Layer for RnnUnits {
    fn begin(&mut self, batch: usize) {
        (self.batch, self.goes_on, self.kept) = (batch, false, false);
    }

    fn forward<'a>(&'a mut self, a: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.run(Rows::of(a))
    }

    // ANCHOR: backward
    /// The steps backward, last first. It goes back to the first step of this `forward` and no further: backpropagation through
    /// time, truncated (R. Williams and J. Peng, 1990).
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (units, batch) = (self.recurrent.shape().0, self.batch);
        let rows = self.h.rows().saturating_sub(batch);
        buffer::take(&mut self.kept, "the recurrent layer")?;
        buffer::check("dy", dy.dim(), (rows, units))?;
        let state = batch * units;
        self.dh.copy(dy);
        self.panels.pack_transposed(units, units, self.recurrent.flat())?;
        let (dh, da) = (self.dh.values_mut(), self.da.resize(rows, units));
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
                fast::add_product(batch, da, &self.panels, &mut dh_before[before..])?;
            }
        }
        // Row r of `h` is the state before row r of `a`, for the carried one comes first.
        let h = &self.h.values()[..rows * units];
        fast::add_gradient(rows, h, da, units, units, self.recurrent.flat_gradient())?;
        Ok(self.da.view())
    }
    // ANCHOR_END: backward

    fn parameters(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.recurrent]
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        buffer::check("The recurrent weight", self.recurrent.shape(), (inputs, inputs))?;
        let mut recurrent = Panels::default();
        recurrent.pack(inputs, inputs, self.recurrent.flat())?;
        Ok(Box::new(RnnPlayer {
            recurrent,
            a: vec![0.0; inputs],
            h: vec![0.0; inputs],
        }))
    }
}

#[derive(Debug)]
struct RnnPlayer {
    recurrent: Panels,
    a: Vec<f32>,
    h: Vec<f32>,
}

impl Play for RnnPlayer {
    fn outputs(&self) -> usize {
        self.h.len()
    }

    fn step<'a>(&'a mut self, a: &'a [f32]) -> &'a [f32] {
        self.a.copy_from_slice(a);
        fast::add_row(&self.h, &self.recurrent, &mut self.a);
        fast::tanh(&mut self.a);
        std::mem::swap(&mut self.a, &mut self.h);
        &self.h
    }

    fn forget(&mut self) {
        self.h.fill(0.0);
    }

    /// `state`.
    fn inside(&self) -> Vec<(&'static str, &[f32])> {
        vec![("state", &self.h)]
    }
}
