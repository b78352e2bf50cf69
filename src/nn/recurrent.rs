//! Either kind of recurrent layer, so that one model can be built from both.

use super::dropout::Dropout;
use super::embedding::Embedding;
use super::lstm::Lstm;
use super::parameter::Parameter;
use super::rnn::Rnn;
use crate::Result;
use ndarray::ArrayView2;
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

/// A recurrent layer of either kind, and the dropout after it.
#[derive(Clone, Debug)]
pub(super) struct Recurrent {
    pub(super) kind: Kind,
    dropout: Dropout,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Rnn(Rnn),
    Lstm(Lstm),
}

impl Recurrent {
    pub(super) fn new(
        cell: Cell,
        name: &str,
        inputs: usize,
        units: usize,
        dropout: f32,
        rng: &mut impl Rng,
    ) -> Result<Recurrent> {
        Ok(Recurrent {
            kind: match cell {
                Cell::Rnn => Kind::Rnn(Rnn::new(name, inputs, units, rng)),
                Cell::Lstm => Kind::Lstm(Lstm::new(name, inputs, units, rng)),
            },
            dropout: Dropout::new(dropout)?,
        })
    }

    pub(super) fn parameters(&mut self) -> Vec<&mut Parameter> {
        match &mut self.kind {
            Kind::Rnn(rnn) => rnn.parameters(),
            Kind::Lstm(lstm) => lstm.parameters(),
        }
    }

    pub(super) fn forget(&mut self) {
        match &mut self.kind {
            Kind::Rnn(rnn) => rnn.forget(),
            Kind::Lstm(lstm) => lstm.forget(),
        }
    }

    pub(super) fn seed(&mut self, seed: u64) {
        self.dropout.seed(seed);
    }

    pub(super) fn forward(
        &mut self,
        x: ArrayView2<f32>,
        batch: usize,
        training: bool,
    ) -> Result<ArrayView2<'_, f32>> {
        let h = match &mut self.kind {
            Kind::Rnn(rnn) => rnn.forward(x, batch)?,
            Kind::Lstm(lstm) => lstm.forward(x, batch)?,
        };
        if self.dropout.share() == 0.0 {
            return Ok(h);
        }
        Ok(self.dropout.forward(h, training))
    }

    pub(super) fn forward_symbols(
        &mut self,
        table: &Embedding,
        symbols: &[usize],
        batch: usize,
        training: bool,
    ) -> Result<ArrayView2<'_, f32>> {
        let h = match &mut self.kind {
            Kind::Rnn(rnn) => rnn.forward_symbols(table, symbols, batch)?,
            Kind::Lstm(lstm) => lstm.forward_symbols(table, symbols, batch)?,
        };
        if self.dropout.share() == 0.0 {
            return Ok(h);
        }
        Ok(self.dropout.forward(h, training))
    }

    pub(super) fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        let dh = if self.dropout.share() == 0.0 {
            dy
        } else {
            self.dropout.backward(dy)?
        };
        match &mut self.kind {
            Kind::Rnn(rnn) => rnn.backward(dh),
            Kind::Lstm(lstm) => lstm.backward(dh),
        }
    }

    pub(super) fn backward_symbols(&mut self, dy: ArrayView2<f32>, table: &mut Embedding) -> Result<()> {
        let dh = if self.dropout.share() == 0.0 {
            dy
        } else {
            self.dropout.backward(dy)?
        };
        match &mut self.kind {
            Kind::Rnn(rnn) => rnn.backward_symbols(dh, table),
            Kind::Lstm(lstm) => lstm.backward_symbols(dh, table),
        }
    }
}
