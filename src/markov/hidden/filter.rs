//! A hidden Markov model as a predictor: forward, one step at a time.

use super::{HiddenMarkov, Symbols, normalise, times};
use crate::predict::Predictor;
use ndarray::ArrayView1;

/// What a model believes of its state, and so of the next symbol, after each symbol that it hears.
#[derive(Clone, Debug)]
pub struct Filter {
    model: HiddenMarkov<Symbols>,
    /// `[K]`: how likely each state is to come next.
    expected: Vec<f64>,
    /// `[K]`, room to calculate.
    now: Vec<f64>,
}

impl HiddenMarkov<Symbols> {
    /// The model as a [`Predictor`]: it predicts exactly what [`HiddenMarkov::forward`] adds up.
    #[must_use]
    pub fn filter(&self) -> Filter {
        Filter {
            expected: self.initial.to_vec(),
            now: vec![0.0; self.states()],
            model: self.clone(),
        }
    }
}

impl Filter {
    /// How likely each state is to come next, `[K]`, given all heard.
    pub fn expected(&self) -> &[f64] {
        &self.expected
    }

    /// How likely each state is to come next, and lets this symbol be heard; zeros for no symbol of the alphabet.
    fn weigh(&mut self, symbol: usize) {
        let table = self.model.emission.by_symbol();
        match table.outer_iter().nth(symbol) {
            Some(row) => {
                let both = row.into_iter().zip(&self.expected);
                self.now
                    .iter_mut()
                    .zip(both)
                    .for_each(|(now, (p, e))| *now = p * e);
            }
            None => self.now.fill(0.0),
        }
    }
}

impl Predictor for Filter {
    fn alphabet(&self) -> usize {
        self.model.emission.alphabet()
    }

    fn forget(&mut self) {
        self.expected.clear();
        self.expected.extend(&self.model.initial);
    }

    /// A symbol that the model holds impossible tells it nothing: it goes on from where it believed to be.
    fn hear(&mut self, symbol: usize) {
        self.weigh(symbol);
        if normalise(&mut self.now) == 0.0 {
            self.now.copy_from_slice(&self.expected);
        }
        times(&self.now, &self.model.transition, &mut self.expected);
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        for (symbol, probability) in probabilities.iter_mut().enumerate() {
            self.weigh(symbol);
            *probability = ArrayView1::from(&self.now).sum();
        }
    }
}
