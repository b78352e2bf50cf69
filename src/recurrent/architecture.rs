//! The size of a recurrent model, and its layers.

use crate::nn::{Dense, Dropout, Lstm, Rnn, Stack, Units};
use crate::{Error, Result};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// The kind of a recurrent layer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// See [`Rnn`].
    Rnn,
    /// See [`Lstm`].
    Lstm,
}

/// The size of a recurrent model.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Architecture {
    /// The kind of its recurrent layers.
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

/// The layers of a model from below.
pub(super) struct Layers {
    /// Through which the first units hear: `layer0.input`.
    pub input: Dense,
    pub units: Box<dyn Units>,
    /// All recurrent layers above, and dropout after each.
    pub higher: Stack,
    pub output: Dense,
}

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

    /// The layers, which have learned nothing yet.
    pub(super) fn layers(&self, inputs: usize, outputs: usize, rng: &mut impl Rng) -> Result<Layers> {
        let (units, layers) = (self.units, self.layers);
        let empty = units == 0 || layers == 0 || inputs == 0 || outputs == 0;
        if empty || self.size(inputs, outputs).is_none_or(|size| size > LARGEST) {
            return Err(Error::value(
                format!(
                    "A model of {layers} layers of {units} units, {inputs} inputs and {outputs} outputs cannot be made"
                ),
                format!("Ask for at least one of each, and for no more than {LARGEST} weights"),
            ));
        }
        let (input, units_of_first): (Dense, Box<dyn Units>) = match self.cell {
            Cell::Rnn => {
                let first = Rnn::new("layer0", inputs, units, rng);
                (first.input, Box::new(first.units))
            }
            Cell::Lstm => {
                let first = Lstm::new("layer0", inputs, units, rng);
                (first.input, Box::new(first.units))
            }
        };
        let mut higher = Stack::new();
        for number in 0..layers {
            let name = format!("layer{number}");
            higher = match self.cell {
                _ if number == 0 => higher,
                Cell::Rnn => higher.with(Rnn::new(&name, units, units, rng)),
                Cell::Lstm => higher.with(Lstm::new(&name, units, units, rng)),
            };
            if self.dropout != 0.0 {
                higher = higher.with(Dropout::new(self.dropout, number as u64)?);
            }
        }
        Ok(Layers {
            input,
            units: units_of_first,
            higher,
            output: Dense::new("dense", units, outputs, rng),
        })
    }
}
