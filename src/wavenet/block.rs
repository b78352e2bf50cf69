//! A block: a causal dilated convolution, a gate, and two ways out (A. van den Oord et al., 2016).
//!
//! ```text
//! a(t) = x(t - d) · W₀ + x(t) · W₁ + c(t) · V + b      two moments of the input, d samples apart, and what it is told
//! z    = tanh(a₁) sigmoid(a₂)                        a is two halves: what to say, and how much of it
//! y    = x + z · P + p                               the residual way, to the block above
//! s    = z · S + q                                   the skip way, straight to the end
//! ```
//!
//! Shapes: `B` sounds side by side, `N` rows in order of time (row `t B + b` is sample `t` of sound `b`), `R` residual channels, `S`
//! skip channels, `C` conditions; `x` and `y` `[N][R]`, `c` `[N][C]`, `a` `[N][2 R]`, `z` `[N][R]`, `s` `[N][S]`. `W₀`, `W₁` and `V` lie one
//! above the other in one matrix `[2 R + C][2 R]`, `P` and `S` side by side in another `[R][R + S]`. A name with a `d` before is the
//! gradient of the loss with respect to that thing.

use super::gate::{gate, gate_back, part_ways};
use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::fast::{self, Panels};
use crate::nn::{Parameter, fast::add};
use rand::Rng;

/// So many rows are done at a time: they stay in the nearest cache through both products.
const TILE: usize = 64;

/// A block that learns.
#[derive(Clone, Debug)]
pub struct Block {
    /// How many samples lie between its two moments.
    pub dilation: usize,
    /// `W₀`, `W₁` and `V`, one above the other.
    pub convolution: Parameter,
    /// `b` `[1][2 R]`.
    pub convolution_bias: Parameter,
    /// `P` and `S`, side by side.
    pub out: Parameter,
    /// `p` and `q` `[1][R + S]`.
    pub out_bias: Parameter,
    panels: [Panels; 2],
    batch: usize,
    goes_on: bool,
    /// `[d B + N][R]`: what was heard before, then `x`.
    x: Buffer,
    /// `[N][2 R]`: both factors of `z`.
    factors: Buffer,
    scratch: [Buffer; 3],
    kept: bool,
}

impl Block {
    /// A block of these sizes, with weights after Glorot. Its parameters are `<name>.convolution.weight`, `….bias`,
    /// `<name>.out.weight` and `….bias`.
    pub fn new(
        name: &str,
        dilation: usize,
        [residual, skip, conditions]: [usize; 3],
        rng: &mut impl Rng,
    ) -> Block {
        let heard = 2 * residual + conditions;
        Block {
            dilation,
            convolution: Parameter::glorot(format!("{name}.convolution.weight"), heard, 2 * residual, rng),
            convolution_bias: Parameter::zeros(format!("{name}.convolution.bias"), 1, 2 * residual),
            out: Parameter::glorot(format!("{name}.out.weight"), residual, residual + skip, rng),
            out_bias: Parameter::zeros(format!("{name}.out.bias"), 1, residual + skip),
            panels: Default::default(),
            batch: 1,
            goes_on: false,
            x: Buffer::default(),
            factors: Buffer::default(),
            scratch: Default::default(),
            kept: false,
        }
    }

    /// `R`, `S`, `C`.
    fn sizes(&self) -> [usize; 3] {
        let (residual, both) = self.out.shape();
        let heard = self.convolution.shape().0;
        [residual, both - residual, heard - 2 * residual]
    }

    /// New sounds begin, so many side by side: before them there was nothing.
    pub fn begin(&mut self, batch: usize) {
        (self.batch, self.goes_on, self.kept) = (batch, false, false);
    }

    /// Room for `x` `[N][R]`, behind what was heard before.
    pub(super) fn input(&mut self, rows: usize) -> &mut [f32] {
        let (past, residual) = (self.dilation * self.batch, self.sizes()[0]);
        buffer::carry(&mut self.x, self.goes_on, rows, past, residual);
        self.goes_on = true;
        &mut self.x.values_mut()[past * residual..]
    }

    /// From [`Block::input`] to `y`, if there is a block above, and adds `s` to `skip`.
    pub(super) fn forward(
        &mut self,
        conditions: &[f32],
        mut y: Option<&mut [f32]>,
        skip: &mut [f32],
    ) -> Result<()> {
        let [residual, skips, told] = self.sizes();
        let (heard, past) = (2 * residual + told, self.dilation * self.batch);
        let rows = self.x.rows() - past;
        self.panels[0].pack(heard, 2 * residual, self.convolution.flat())?;
        self.panels[1].pack(residual, residual + skips, self.out.flat())?;
        self.factors.resize(rows, 2 * residual);
        let [inputs, z, out] = &mut self.scratch;
        for first in (0..rows).step_by(TILE) {
            let n = TILE.min(rows - first);
            let inputs = inputs.resize(n, heard);
            gather(self.x.values(), conditions, first, past, [residual, told], inputs);
            let factors = &mut self.factors.values_mut()[first * 2 * residual..][..n * 2 * residual];
            fast::set_product(n, inputs, &self.panels[0], factors)?;
            let z = z.resize(n, residual);
            gate(residual, factors, self.convolution_bias.flat(), z);
            let out = out.resize(n, residual + skips);
            fast::set_product(n, z, &self.panels[1], out)?;
            let x = &self.x.values()[(past + first) * residual..][..n * residual];
            let y = y.as_mut().map(|y| &mut y[first * residual..][..n * residual]);
            let skip = &mut skip[first * skips..][..n * skips];
            part_ways(
                residual,
                out,
                self.out_bias.flat(),
                x,
                y.unwrap_or_default(),
                skip,
            );
        }
        self.kept = true;
        Ok(())
    }

    /// `dy` `[N][R]` becomes `dx`; `dskip` `[N][S]` is the same for every block. Adds to `dconditions` `[N][C]`, unless that is empty.
    pub(super) fn backward(
        &mut self,
        dy: &mut [f32],
        dskip: &[f32],
        dconditions: &mut [f32],
        conditions: &[f32],
    ) -> Result<()> {
        buffer::take(&mut self.kept, "the block")?;
        let [residual, skips, told] = self.sizes();
        let (heard, past) = (2 * residual + told, self.dilation * self.batch);
        let rows = self.factors.rows();
        self.panels[0].pack_transposed(2 * residual, heard, self.convolution.flat())?;
        self.panels[1].pack_transposed(residual + skips, residual, self.out.flat())?;
        let [inputs, z, out] = &mut self.scratch;
        // First things first: what a row adds to `dx` of an earlier one comes after that row's `dy` was read.
        for first in (0..rows).step_by(TILE) {
            let n = TILE.min(rows - first);
            let inputs = inputs.resize(n, heard);
            gather(self.x.values(), conditions, first, past, [residual, told], inputs);
            let dout = out.resize(n, residual + skips);
            for row in 0..n {
                let (residual_way, skip_way) =
                    dout[row * (residual + skips)..][..residual + skips].split_at_mut(residual);
                residual_way.copy_from_slice(&dy[(first + row) * residual..][..residual]);
                skip_way.copy_from_slice(&dskip[(first + row) * skips..][..skips]);
            }
            buffer::add_rows(self.out_bias.flat_gradient(), dout);
            let factors = &mut self.factors.values_mut()[first * 2 * residual..][..n * 2 * residual];
            let z = z.resize(n, residual);
            super::gate::product_of_factors(residual, factors, z);
            fast::add_gradient(n, z, dout, residual, residual + skips, self.out.flat_gradient())?;
            fast::set_product(n, dout, &self.panels[1], z)?; // now dz
            gate_back(residual, factors, z); // now da
            buffer::add_rows(self.convolution_bias.flat_gradient(), factors);
            fast::add_gradient(
                n,
                inputs,
                factors,
                heard,
                2 * residual,
                self.convolution.flat_gradient(),
            )?;
            fast::set_product(n, factors, &self.panels[0], inputs)?; // now d of each input
            for row in 0..n {
                let (before, rest) = inputs[row * heard..][..heard].split_at(residual);
                let (now, told_now) = rest.split_at(residual);
                add(&mut dy[(first + row) * residual..][..residual], now);
                if let Some(earlier) = (first + row).checked_sub(past) {
                    add(&mut dy[earlier * residual..][..residual], before);
                }
                if !dconditions.is_empty() {
                    add(&mut dconditions[(first + row) * told..][..told], told_now);
                }
            }
        }
        Ok(())
    }

    /// Weight and bias of the convolution, and of the ways out.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        vec![
            &mut self.convolution,
            &mut self.convolution_bias,
            &mut self.out,
            &mut self.out_bias,
        ]
    }
}

/// Some rows of `[x(t - d) | x(t) | c(t)]`.
fn gather(
    x: &[f32],
    conditions: &[f32],
    first: usize,
    past: usize,
    [residual, told]: [usize; 2],
    to: &mut [f32],
) {
    for (row, to) in (first..).zip(to.chunks_exact_mut(2 * residual + told)) {
        to[..residual].copy_from_slice(&x[row * residual..][..residual]);
        to[residual..2 * residual].copy_from_slice(&x[(row + past) * residual..][..residual]);
        to[2 * residual..].copy_from_slice(&conditions[row * told..][..told]);
    }
}
