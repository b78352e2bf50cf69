//! Two memories: what tunes do, and what this tune has done so far (Conklin and Witten, 1995).

use super::{Settings, Variable};
use crate::Result;
use crate::music::Alphabet;
use crate::predict::{Predictor, TakingTurns};

/// How much certainty counts.
const BIAS: f64 = 1.0;

/// The mean of a long-term and a short-term model, weighed at each symbol by how certain each is: the weight of a model is
///
/// `w = (H / H_max)^-b`, with `b = 1`,
///
/// the entropy of its distribution relative to that of the uniform one (Pearce, 2005). Of the two means that Pearce
/// compares, the geometric was best for him; on our tunes the arithmetic is. Both models are heard as one.
#[derive(Clone, Debug)]
pub struct LongAndShort<L, S> {
    long: L,
    short: S,
    of_short: Vec<f64>,
}

impl<L: Predictor, S: Predictor> LongAndShort<L, S> {
    /// Puts two models of the same alphabet together.
    pub fn new(long: L, short: S) -> LongAndShort<L, S> {
        LongAndShort {
            of_short: vec![0.0; short.alphabet()],
            long,
            short,
        }
    }
}

/// The best chain of the book: variable order, both memories, for melodies as symbols.
pub type MelodyModel = LongAndShort<TakingTurns<Variable>, TakingTurns<Variable>>;

impl MelodyModel {
    /// Learns melodies in an alphabet, encoded by [`Alphabet::encode`].
    ///
    /// # Errors
    /// If a piece has a symbol that is not of the alphabet.
    pub fn trained<S: AsRef<[usize]>>(alphabet: &Alphabet, pieces: &[S]) -> Result<MelodyModel> {
        let long = Variable::trained(Settings::LONG_TERM, alphabet.len(), pieces)?;
        let short = Variable::short_term(Settings::SHORT_TERM, alphabet.len());
        let turns = |model| TakingTurns::new(model, alphabet.turns());
        Ok(LongAndShort::new(turns(long), turns(short)))
    }
}

impl<L: Predictor, S: Predictor> Predictor for LongAndShort<L, S> {
    fn alphabet(&self) -> usize {
        self.long.alphabet()
    }

    fn forget(&mut self) {
        self.long.forget();
        self.short.forget();
    }

    fn hear(&mut self, symbol: usize) {
        self.long.hear(symbol);
        self.short.hear(symbol);
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        self.long.predict(probabilities);
        self.short.predict(&mut self.of_short);
        let (long, short) = (weight(probabilities), weight(&self.of_short));
        let share = short / (long + short);
        for (probability, of_short) in probabilities.iter_mut().zip(&self.of_short) {
            *probability += share * (of_short - *probability);
        }
    }
}

/// How certain a distribution is: the more, the further its entropy stays below the highest possible.
fn weight(probabilities: &[f64]) -> f64 {
    let possible = probabilities.iter().filter(|&&p| p > 0.0);
    let (entropy, symbols) = possible.fold((0.0, 0.0), |(sum, symbols), p| {
        (sum - p * p.log2(), symbols + 1.0)
    });
    let highest = f64::max(symbols, 2.0).log2();
    (entropy / highest).max(1e-6).powf(-BIAS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::surprises;

    #[test]
    fn the_more_certain_model_has_more_weight() {
        assert!((weight(&[0.25; 4]) - 1.0).abs() < 1e-12);
        assert!(
            (weight(&[0.5, 0.5, 0.0, 0.0]) - 1.0).abs() < 1e-12,
            "of two possible symbols none is preferred"
        );
        let certain = weight(&[0.9, 0.1]);
        assert!((certain - 1.0 / 0.468_995_593_589_281).abs() < 1e-9, "{certain}");
        assert!(weight(&[1.0, 0.0]).is_finite() && weight(&[]).is_finite());
    }

    #[test]
    fn two_memories_are_better_than_either() {
        // All pieces begin alike; then each repeats a motif of its own.
        let piece = |i: usize| {
            [
                vec![0, 1, 2, 3],
                [4 + i % 5, 4 + i / 5 % 5, 4].repeat(6),
                vec![3, 2, 1, 0],
            ]
            .concat()
        };
        let train: Vec<_> = (0..12).map(piece).collect();
        let mut long = Variable::trained(Settings::LONG_TERM, 9, &train).unwrap();
        let mut short = Variable::short_term(Settings::SHORT_TERM, 9);
        let mut both = LongAndShort::new(long.clone(), short.clone());
        let bits = |model: &mut dyn FnMut(&[usize]) -> Vec<f64>| model(&piece(23)).iter().sum::<f64>();
        let (l, s, b) = (
            bits(&mut |piece| surprises(&mut long, piece).unwrap()),
            bits(&mut |piece| surprises(&mut short, piece).unwrap()),
            bits(&mut |piece| surprises(&mut both, piece).unwrap()),
        );
        assert!(b < l && b < s, "{l} {s} {b}");
        let mut probabilities = [0.0; 9];
        both.predict(&mut probabilities);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
