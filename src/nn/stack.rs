//! Recurrent layers one above the other, and a dense layer that reads the highest: what the models of symbols and of
//! chords have in common.
//!
//! Shapes: `T` steps, `B` sequences, row `t B + b` is step `t` of sequence `b`; `I` inputs, `H` units, `O` outputs.

use super::dense::Dense;
use super::embedding::Embedding;
use super::parameter::Parameter;
use super::recurrent::{Cell, Recurrent};
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The size of a recurrent model.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Architecture {
    /// What its layers are made of.
    pub cell: Cell,
    /// How many numbers stand for a symbol. A model of chords has no use for it.
    pub embedding: usize,
    /// How many units each recurrent layer has.
    pub units: usize,
    /// How many recurrent layers there are.
    pub layers: usize,
    /// The share of each layer's outputs that is left out in training, 0 for none.
    pub dropout: f32,
}

impl Default for Architecture {
    /// One LSTM layer of 128 units, symbols of 64 numbers, no dropout.
    fn default() -> Architecture {
        Architecture {
            cell: Cell::Lstm,
            embedding: 64,
            units: 128,
            layers: 1,
            dropout: 0.0,
        }
    }
}

/// The most numbers that a model may have: a gibibyte of them.
const LARGEST: usize = 1 << 28;

impl Architecture {
    /// How many numbers the layers of such a model have; none if that is more than can be counted.
    pub(super) fn size(&self, inputs: usize, outputs: usize) -> Option<usize> {
        let gates = self.units.checked_mul(match self.cell {
            Cell::Rnn => 1,
            Cell::Lstm => 4,
        })?;
        // Each of the inputs, the units and the bias has a row.
        let layer = |inputs: usize| inputs.checked_add(self.units)?.checked_add(1)?.checked_mul(gates);
        let higher = layer(self.units)?.checked_mul(self.layers.checked_sub(1)?)?;
        let dense = self.units.checked_add(1)?.checked_mul(outputs)?;
        layer(inputs)?.checked_add(higher)?.checked_add(dense)
    }
}

/// Recurrent layers and a dense one.
#[derive(Clone, Debug)]
pub(super) struct Stack {
    pub(super) first: Recurrent,
    pub(super) higher: Vec<Recurrent>,
    pub(super) dense: Dense,
}

impl Stack {
    pub(super) fn new(
        architecture: &Architecture,
        inputs: usize,
        outputs: usize,
        rng: &mut impl Rng,
    ) -> Result<Stack> {
        let Architecture {
            cell,
            units,
            layers,
            dropout,
            ..
        } = *architecture;
        let empty = units == 0 || layers == 0 || inputs == 0 || outputs == 0;
        if empty
            || architecture
                .size(inputs, outputs)
                .is_none_or(|size| size > LARGEST)
        {
            return Err(Error::value(
                format!(
                    "A model of {layers} layers of {units} units, {inputs} inputs and {outputs} outputs cannot be made"
                ),
                format!("Ask for at least one of each, and for no more than {LARGEST} weights"),
            ));
        }
        let mut layer = |number: usize, inputs| {
            Recurrent::new(cell, &format!("layer{number}"), inputs, units, dropout, rng)
        };
        Ok(Stack {
            first: layer(0, inputs)?,
            higher: (1..layers)
                .map(|number| layer(number, units))
                .collect::<Result<_>>()?,
            dense: Dense::new("dense", units, outputs, rng),
        })
    }

    pub(super) fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.first.parameters();
        all.extend(self.higher.iter_mut().flat_map(Recurrent::parameters));
        all.extend(self.dense.parameters());
        all
    }

    /// Begins other random draws in every dropout.
    pub(super) fn seed(&mut self, seed: u64) {
        for (number, layer) in (0..).zip(self.layers()) {
            layer.seed(seed.wrapping_mul(31).wrapping_add(number));
        }
    }

    pub(super) fn layers(&mut self) -> impl Iterator<Item = &mut Recurrent> {
        std::iter::once(&mut self.first).chain(&mut self.higher)
    }

    /// `x` `[T B][I]` to outputs `[T B][O]`.
    pub(super) fn forward(
        &mut self,
        x: ArrayView2<f32>,
        batch: usize,
        training: bool,
    ) -> Result<ArrayView2<'_, f32>> {
        let mut h = self.first.forward(x, batch, training)?;
        for layer in &mut self.higher {
            h = layer.forward(h, batch, training)?;
        }
        self.dense.forward(h)
    }

    /// As `forward`, for the rows of a table that the symbols name.
    pub(super) fn forward_symbols(
        &mut self,
        table: &Embedding,
        symbols: &[usize],
        batch: usize,
        training: bool,
    ) -> Result<ArrayView2<'_, f32>> {
        let mut h = self.first.forward_symbols(table, symbols, batch, training)?;
        for layer in &mut self.higher {
            h = layer.forward(h, batch, training)?;
        }
        self.dense.forward(h)
    }

    /// `dy` `[T B][O]` to `dx` `[T B][I]`.
    pub(super) fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        let mut dh = self.dense.backward(dy)?;
        for layer in self.higher.iter_mut().rev() {
            dh = layer.backward(dh)?;
        }
        self.first.backward(dh)
    }

    /// As `backward`, after `forward_symbols`.
    pub(super) fn backward_symbols(&mut self, dy: ArrayView2<f32>, table: &mut Embedding) -> Result<()> {
        let mut dh = self.dense.backward(dy)?;
        for layer in self.higher.iter_mut().rev() {
            dh = layer.backward(dh)?;
        }
        self.first.backward_symbols(dh, table)
    }
}
