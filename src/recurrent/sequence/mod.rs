//! A recurrent model of symbols: embedding, recurrent layers, dense layer, softmax.
//!
//! Shapes: `T` steps, `B` sequences, `V` symbols.

use super::architecture::{Architecture, Layers};
use crate::nn::{
    Layer, Learner, Lookup, LookupPlayer, Parameter, Play, Saved, SoftmaxCrossEntropy, Stack, Window, softmax,
};
use crate::predict::Predictor;
use crate::{Error, Result};
use ndarray::Array2;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// A model of sequences of symbols `0..V`.
///
/// The table has a row more than there are symbols: the last is what is heard at the begin of a piece.
#[derive(Clone, Debug)]
pub struct SequenceModel {
    shape: SequenceShape,
    batch: usize,
    lookup: Lookup,
    stack: Stack,
    loss: SoftmaxCrossEntropy,
    symbols: Vec<usize>,
}

impl SequenceModel {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If there are no symbols, units or layers, or too many, or the dropout is not from 0 to below 1.
    pub fn new(alphabet: usize, architecture: &Architecture, rng: &mut impl Rng) -> Result<SequenceModel> {
        let Layers {
            input,
            units,
            higher,
            output,
        } = architecture.layers(architecture.embedding, alphabet, rng)?;
        Ok(SequenceModel {
            shape: SequenceShape {
                alphabet,
                architecture: *architecture,
            },
            batch: 1,
            lookup: Lookup::new("embedding", alphabet.saturating_add(1), input, units, rng),
            stack: higher.with(output),
            loss: SoftmaxCrossEntropy::default(),
            symbols: Vec::new(),
        })
    }
}

/// What it takes to make a model of symbols; a file says it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct SequenceShape {
    /// `V`.
    pub alphabet: usize,
    /// Its layers.
    pub architecture: Architecture,
}

impl Saved for SequenceModel {
    type Shape = SequenceShape;
    const NAME: &'static str = "SequenceModel";

    fn shape(&self) -> SequenceShape {
        self.shape
    }

    fn numbers(shape: &SequenceShape) -> Option<usize> {
        let SequenceShape {
            alphabet,
            architecture,
        } = shape;
        let table = alphabet.checked_add(1)?.checked_mul(architecture.embedding)?;
        architecture
            .size(architecture.embedding, *alphabet)?
            .checked_add(table)
    }

    fn empty(shape: &SequenceShape) -> Result<SequenceModel> {
        SequenceModel::new(
            shape.alphabet,
            &shape.architecture,
            &mut ChaCha8Rng::seed_from_u64(0),
        )
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.parameters()
    }
}

impl Learner for SequenceModel {
    type Item = usize;
    type Player = SequencePlayer;

    /// Embedding, each recurrent layer, dense.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.lookup.parameters();
        all.extend(self.stack.parameters());
        all
    }

    fn begin(&mut self, batch: usize) {
        self.batch = batch;
        self.lookup.begin(batch);
        self.stack.begin(batch);
    }

    fn dropout(&mut self, seed: Option<u64>) {
        self.stack.dropout(seed);
    }

    fn forward(&mut self, window: &Window<usize>) -> Result<f64> {
        window.check(self.batch)?;
        let begin = self.shape.alphabet;
        let heard = window.heard.iter().map(|symbol| symbol.unwrap_or(begin));
        self.symbols.clear();
        self.symbols.extend(heard);
        let y = self.stack.forward(self.lookup.forward(&self.symbols)?)?;
        self.loss.forward(y, &window.next)
    }

    fn backward(&mut self, scale: f32) -> Result<()> {
        let dy = self.loss.backward(scale)?;
        self.lookup.backward(self.stack.backward(dy)?)
    }

    fn player(&self) -> Result<SequencePlayer> {
        let lookup = self.lookup.player()?;
        let stack = self.stack.player(lookup.outputs())?;
        let (rows, outputs) = (lookup.vocabulary(), stack.outputs());
        if outputs != self.shape.alphabet || rows != outputs + 1 {
            return Err(Error::value(
                format!("An embedding of {rows} rows and a dense layer of {outputs} outputs do not fit"),
                "Leave parameters in the shapes that they had",
            ));
        }
        let mut player = SequencePlayer {
            lookup,
            stack,
            probabilities: Vec::with_capacity(outputs),
        };
        player.forget();
        Ok(player)
    }
}

/// A [`SequenceModel`] that plays.
#[derive(Debug)]
pub struct SequencePlayer {
    lookup: LookupPlayer,
    stack: Box<dyn Play>,
    probabilities: Vec<f32>,
}

impl SequencePlayer {
    /// What can be looked at after a step, by name: see the players of the layers, such as [`Lstm`](crate::nn::Lstm)'s. Of
    /// several layers the lowest comes first.
    pub fn inside(&self) -> Vec<(&'static str, &[f32])> {
        let mut all = self.lookup.inside();
        all.extend(self.stack.inside());
        all
    }

    /// Plays a piece to itself and writes down what a part of its inside, such as `"memory"`, held after each symbol: `[unit, step]`. Of
    /// several layers that have such a part, it is the lowest; without one there are no units.
    pub fn traced(&mut self, part: &str, piece: &[usize]) -> Array2<f64> {
        self.forget();
        let mut trace = Array2::zeros((0, piece.len()));
        for (step, &symbol) in piece.iter().enumerate() {
            self.hear(symbol);
            let inside = self.inside();
            let Some((_, held)) = inside.iter().find(|one| one.0 == part) else {
                break;
            };
            if step == 0 {
                trace = Array2::zeros((held.len(), piece.len()));
            }
            for (to, held) in trace.column_mut(step).iter_mut().zip(*held) {
                *to = f64::from(*held);
            }
        }
        trace
    }
}

impl Predictor for SequencePlayer {
    fn alphabet(&self) -> usize {
        self.stack.outputs()
    }

    fn forget(&mut self) {
        self.lookup.forget();
        self.stack.forget();
        self.hear(self.alphabet());
    }

    /// Hears a symbol. One that is not of the alphabet is heard as the begin of a piece.
    fn hear(&mut self, symbol: usize) {
        let h = self.lookup.step(symbol.min(self.stack.outputs()));
        self.probabilities.clear();
        self.probabilities.extend_from_slice(self.stack.step(h));
        softmax(&mut self.probabilities);
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        let total: f64 = self.probabilities.iter().copied().map(f64::from).sum();
        for (to, from) in probabilities.iter_mut().zip(&self.probabilities) {
            *to = f64::from(*from) / total;
        }
    }
}

#[cfg(test)]
mod tests;
