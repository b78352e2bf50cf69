//! A recurrent model of symbols: embedding, recurrent layers, dense layer, softmax.
//!
//! Shapes: `T` steps, `B` sequences, `V` symbols, `E` numbers that stand for each.

mod file;

use super::embedding::Embedding;
use super::learner::{Learner, Window};
use super::live::Live;
use super::loss::{SoftmaxCrossEntropy, softmax};
use super::parameter::Parameter;
use super::stack::{Architecture, Stack};
use crate::predict::Predictor;
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;

/// A model of sequences of symbols `0..V`. It is trained by [`super::train`] and is a [`Predictor`].
///
/// The table has a row more than there are symbols: the last is what is heard at the begin of a piece.
#[derive(Clone, Debug)]
pub struct SequenceModel {
    alphabet: usize,
    architecture: Architecture,
    embedding: Embedding,
    stack: Stack,
    loss: SoftmaxCrossEntropy,
    symbols: Vec<usize>,
    playing: Option<Playing>,
}

/// What it takes to play: made from the parameters when it is first asked for, and dropped when they may change.
#[derive(Clone, Debug)]
struct Playing {
    live: Live,
    /// What the first layer's gates hear of each symbol `[V + 1][G]`: the product is made once.
    known: Vec<f32>,
}

impl SequenceModel {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If there are no symbols, units or layers, or too many, or the dropout is not from 0 to below 1.
    pub fn new(alphabet: usize, architecture: &Architecture, rng: &mut impl Rng) -> Result<SequenceModel> {
        let stack = Stack::new(architecture, architecture.embedding, alphabet, rng)?;
        Ok(SequenceModel {
            alphabet,
            architecture: *architecture,
            embedding: Embedding::new(
                "embedding",
                alphabet.saturating_add(1),
                architecture.embedding,
                rng,
            ),
            stack,
            loss: SoftmaxCrossEntropy::default(),
            symbols: Vec::new(),
            playing: None,
        })
    }

    /// How many numbers such a model learns; none if that is more than can be counted.
    pub fn size(alphabet: usize, architecture: &Architecture) -> Option<usize> {
        let table = alphabet.checked_add(1)?.checked_mul(architecture.embedding)?;
        architecture
            .size(architecture.embedding, alphabet)?
            .checked_add(table)
    }

    /// Its size.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// The outputs `[T B][V]` for a window, from which the softmax makes probabilities.
    ///
    /// # Errors
    /// If a symbol is not of the alphabet, or the window has no whole steps.
    pub fn outputs(&mut self, window: &Window<usize>, training: bool) -> Result<ArrayView2<'_, f32>> {
        let begin = self.alphabet;
        self.symbols.clear();
        self.symbols
            .extend(window.heard.iter().map(|symbol| symbol.unwrap_or(begin)));
        self.stack
            .forward_symbols(&self.embedding, &self.symbols, window.batch, training)
    }

    /// While it plays: the gates `i f g o` `[4 H]` of an LSTM layer at the last step, counted from 0, and its memory `[H]`. None
    /// for a plain layer, or if nothing was predicted or heard yet.
    pub fn inside(&self, layer: usize) -> Option<(&[f32], &[f32])> {
        self.playing.as_ref()?.live.inside(layer)
    }

    /// Makes ready to play, and hears the begin of a piece.
    fn play(&mut self) -> Result<&mut Playing> {
        if self.playing.is_none() {
            let mut live = Live::new(&self.stack)?;
            let known = live.known(&self.embedding)?;
            let gates = known.len() / (self.alphabet + 1);
            live.hear_known(known.get(self.alphabet * gates..).unwrap_or_default())?;
            self.playing = Some(Playing { live, known });
        }
        self.playing
            .as_mut()
            .ok_or_else(|| Error::value("The model cannot play", "Please report this"))
    }

    fn hear_symbol(&mut self, symbol: usize) -> Result<()> {
        let alphabet = self.alphabet;
        let Playing { live, known } = self.play()?;
        let gates = known.len() / (alphabet + 1);
        // What is no symbol is heard as the begin of a piece.
        let row = symbol.min(alphabet) * gates;
        live.hear_known(known.get(row..row + gates).unwrap_or_default())
    }
}

impl Learner for SequenceModel {
    type Item = usize;

    /// Embedding, each recurrent layer, dense. What it was playing is forgotten, since they may change.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.playing = None;
        let mut all = vec![&mut self.embedding.table];
        all.extend(self.stack.parameters());
        all
    }

    fn forget(&mut self) {
        self.stack.layers().for_each(|layer| layer.forget());
    }

    fn seed(&mut self, seed: u64) {
        self.stack.seed(seed);
    }

    fn forward(&mut self, window: &Window<usize>, training: bool) -> Result<f64> {
        let begin = self.alphabet;
        self.symbols.clear();
        self.symbols
            .extend(window.heard.iter().map(|symbol| symbol.unwrap_or(begin)));
        let y = self
            .stack
            .forward_symbols(&self.embedding, &self.symbols, window.batch, training)?;
        self.loss.forward(y, &window.next)
    }

    fn backward(&mut self, scale: f32) -> Result<()> {
        self.stack
            .backward_symbols(self.loss.backward(scale)?, &mut self.embedding)
    }
}

impl Predictor for SequenceModel {
    fn alphabet(&self) -> usize {
        self.alphabet
    }

    fn forget(&mut self) {
        if let Some(Playing { live, known }) = &mut self.playing {
            live.forget();
            let gates = known.len() / (self.alphabet + 1);
            if live
                .hear_known(known.get(self.alphabet * gates..).unwrap_or_default())
                .is_err()
            {
                self.playing = None;
            }
        }
    }

    /// Hears a symbol. One that is not of the alphabet is heard as the begin of a piece.
    fn hear(&mut self, symbol: usize) {
        if self.hear_symbol(symbol).is_err() {
            self.playing = None;
        }
    }

    /// All zero if a parameter was replaced by one of another shape.
    fn predict(&mut self, probabilities: &mut [f64]) {
        probabilities.fill(0.0);
        let Ok(outputs) = self.play().and_then(|playing| playing.live.outputs()) else {
            return;
        };
        softmax(outputs);
        let total: f64 = outputs.iter().copied().map(f64::from).sum();
        for (to, from) in probabilities.iter_mut().zip(outputs) {
            *to = f64::from(*from) / total;
        }
    }
}

#[cfg(test)]
mod tests;
