//! A chain of fixed order: the last `k` symbols say what comes next.

use super::trie::{Counting, Trie};
use super::{blend, learn_all};
use crate::Result;
use crate::predict::Predictor;

/// A Markov chain of order `k` over symbols. Unless told otherwise it is smoothed after Witten and Bell (1991): its estimate is mixed with that of order
/// `k - 1`, and so on down to all symbols alike, so that nothing is impossible.
///
/// `p_k(s) = (c(s) + T p_{k-1}(s)) / (N + T)`: in training the last `k` symbols were followed `N` times, by `T` different
/// symbols, by `s` `c(s)` times. The begin of a piece counts as a symbol of the past.
#[derive(Clone, Debug)]
pub struct Chain {
    trie: Trie,
    alphabet: usize,
    order: usize,
    escape: f64,
}

impl Chain {
    /// Learns by counting. Order 0 knows only how common each symbol is.
    ///
    /// # Errors
    /// If a piece has a symbol that is not below `alphabet`.
    pub fn trained<S: AsRef<[usize]>>(order: usize, alphabet: usize, pieces: &[S]) -> Result<Chain> {
        let mut trie = Trie::new(order, Counting::Times);
        learn_all(&mut trie, alphabet, pieces)?;
        Ok(Chain {
            trie,
            alphabet,
            order,
            escape: 1.0,
        })
    }

    /// The same chain, believing only what it has seen: `p_k(s) = c(s) / N`, the maximum-likelihood estimate of Markov (1913)
    /// and Shannon (1948). What never came is impossible. Only after a past that it does not know it looks back less far.
    #[must_use]
    pub fn unsmoothed(self) -> Chain {
        Chain { escape: 0.0, ..self }
    }

    /// The same chain, looking back only so many symbols, or as many as it has learned with if that is fewer: what it says then is what
    /// a chain of that order says.
    #[must_use]
    pub fn looking_back(self, order: usize) -> Chain {
        Chain {
            order: order.min(self.trie.order()),
            ..self
        }
    }

    /// How many symbols it looks back.
    pub fn order(&self) -> usize {
        self.order
    }
}

impl Predictor for Chain {
    fn alphabet(&self) -> usize {
        self.alphabet
    }

    fn forget(&mut self) {
        self.trie.begin();
    }

    fn hear(&mut self, symbol: usize) {
        self.trie.hear(symbol);
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        let known = self.order.min(self.trie.longest());
        blend::interpolate(&self.trie, known, self.escape, probabilities);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::dice::Game;
    use crate::chance::oracle::{Hand, Oracle};
    use crate::markov::{Settings, TransitionMatrix, Variable};
    use crate::music::Alphabet;
    use crate::predict::{TakingTurns, bits_per_symbol};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn fitting_recovers_a_known_matrix() {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        let matrix =
            TransitionMatrix::new(ndarray::array![[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.2, 0.4, 0.4]])
                .unwrap();
        let diary = matrix.walk(0, 20_000, &mut rng);
        let mut chain = Chain::trained(1, 3, &[&diary]).unwrap();
        let mut probabilities = [0.0; 3];
        for from in 0..3 {
            let days = diary.iter().filter(|&&state| state == from).count() as f64;
            chain.forget();
            chain.hear(from);
            chain.predict(&mut probabilities);
            for (to, p) in probabilities.into_iter().enumerate() {
                let exact = matrix.probability(from, to);
                let error = (exact * (1.0 - exact) / days).sqrt();
                assert!((p - exact).abs() < 3.5 * error + 1e-3);
            }
        }
    }

    #[test]
    fn every_distribution_sums_to_one_and_holds_nothing_impossible() {
        let mut rng = ChaCha8Rng::seed_from_u64(9);
        let game = Game::printed().unwrap();
        let melody = |waltz| game.melody(&waltz, Hand::Right);
        let melodies: Vec<_> = game.corpus(12, &mut rng).into_iter().map(melody).collect();
        let alphabet = Alphabet::of(&melodies[..10]);
        let pieces: Vec<_> = melodies.iter().map(|melody| alphabet.encode(melody)).collect();
        let mut probabilities = vec![0.0; alphabet.len()];
        for order in 0..=8 {
            let mut chain = Chain::trained(order, alphabet.len(), &pieces[..10]).unwrap();
            for symbol in pieces[10].iter().copied().chain([usize::MAX, 0, 1 << 40]) {
                chain.predict(&mut probabilities);
                assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                assert!(probabilities.iter().all(|&p| p > 0.0));
                chain.hear(symbol);
            }
        }
        assert!(Chain::trained(2, 3, &[[0usize, 3]]).is_err());
    }

    #[test]
    fn looking_back_less_far_is_being_of_lower_order() {
        let pieces = [[0usize, 1, 2, 0, 1, 1, 2, 0], [2, 2, 0, 1, 0, 1, 2, 1]];
        let long = Chain::trained(4, 3, &pieces).unwrap();
        for order in 0..=4 {
            let mut short = Chain::trained(order, 3, &pieces).unwrap();
            let mut cut = long.clone().looking_back(0).looking_back(order);
            let (mut a, mut b) = ([0.0; 3], [0.0; 3]);
            for symbol in [0, 1, 2, 2, 1, 0, 0, 1] {
                short.predict(&mut a);
                cut.predict(&mut b);
                assert_eq!(a, b, "order {order}");
                short.hear(symbol);
                cut.hear(symbol);
            }
        }
        assert_eq!(long.looking_back(9).order(), 4);
    }

    #[test]
    fn without_smoothing_only_what_was_seen_may_come() {
        let mut chain = Chain::trained(2, 4, &[[0usize, 1, 2, 0, 1, 1]])
            .unwrap()
            .unsmoothed();
        let mut probabilities = [0.0; 4];
        let mut after = |heard: &[usize]| {
            chain.forget();
            heard.iter().for_each(|&symbol| chain.hear(symbol));
            chain.predict(&mut probabilities);
            probabilities
        };
        assert_eq!(after(&[]), [1.0, 0.0, 0.0, 0.0], "how pieces begin");
        assert_eq!(after(&[0, 1]), [0.0, 0.5, 0.5, 0.0]);
        assert_eq!(after(&[3, 2]), [1.0, 0.0, 0.0, 0.0], "3 is unknown, 2 is not");
    }

    #[test]
    fn on_waltzes_order_one_beats_order_zero_variable_order_beats_all_and_none_beats_the_oracle() {
        let mut rng = ChaCha8Rng::seed_from_u64(10);
        let game = Game::printed().unwrap();
        let melody = |waltz| game.melody(&waltz, Hand::Right);
        let mut melodies =
            |waltzes| -> Vec<_> { game.corpus(waltzes, &mut rng).into_iter().map(melody).collect() };
        let (train, test) = (melodies(400), melodies(40));
        let alphabet = Alphabet::of(&train);
        let encode =
            |melodies: &[_]| -> Vec<_> { melodies.iter().map(|melody| alphabet.encode(melody)).collect() };
        let (train, test) = (encode(&train), encode(&test));
        let size = alphabet.len();
        let fixed = |order| {
            let chain = Chain::trained(order, size, &train).unwrap();
            bits_per_symbol(&mut TakingTurns::new(chain, alphabet.turns()), &test).unwrap()
        };
        let fixed: Vec<f64> = (0..=6).map(fixed).collect();
        assert!(fixed[1] < fixed[0], "{fixed:?}");
        let long = Variable::trained(Settings::LONG_TERM, size, &train).unwrap();
        // Without a short-term model: a game of dice has no motif to come back to.
        let mut variable = TakingTurns::new(long, alphabet.turns());
        let variable = bits_per_symbol(&mut variable, &test).unwrap();
        assert!(fixed.iter().all(|&bits| variable < bits), "{variable} {fixed:?}");
        let floor = bits_per_symbol(&mut Oracle::new(&game, Hand::Right, &alphabet), &test).unwrap();
        assert!(floor < variable, "{floor} {variable}");
    }
}
