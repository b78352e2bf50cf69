//! Variable order: prediction by partial matching (PPM), a memory as long as it is of use.
//!
//! Cleary and Witten (1984) for the idea, Moffat (1990) for escape method C, Cleary and Teahan (1997) for the unbounded order
//! of PPM* and its first context, Pearce and Wiggins (2004) for interpolation and for music.

pub use super::trie::Counting;

use super::trie::Trie;
use super::{blend, learn_all};
use crate::Result;
use crate::predict::Predictor;

/// How a model of variable order works.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Settings {
    /// The longest context, in symbols.
    pub bound: usize,
    /// The weight of each different symbol in the chance of a new one; 1 is escape method C.
    pub escape: f64,
    /// What is counted.
    pub counting: Counting,
    /// Whether the first context asked is the shortest that was always followed by the same symbol, if there is one, as in PPM*.
    /// Longer ones would say the same again, and sound more certain than they are.
    pub shortest_certain: bool,
    /// Whether every shorter context has its say (interpolation), or only on symbols not seen after longer ones (exclusion).
    pub interpolate: bool,
}

impl Settings {
    /// As in text compression: escape method C, exclusion, everything counted.
    pub const CLASSIC: Settings = Settings {
        bound: 16,
        escape: 1.0,
        counting: Counting::Times,
        shortest_certain: false,
        interpolate: false,
    };

    /// What predicts tunes best when learned from others: pieces counted, a new symbol four times as likely as
    /// with method C, since what held in one tune need not hold in the next.
    pub const LONG_TERM: Settings = Settings {
        bound: 16,
        escape: 4.0,
        counting: Counting::Pieces,
        shortest_certain: true,
        interpolate: true,
    };

    /// What predicts a tune best from its own past: tunes do repeat themselves.
    pub const SHORT_TERM: Settings = Settings {
        bound: 16,
        escape: 2.0,
        counting: Counting::Times,
        shortest_certain: false,
        interpolate: true,
    };
}

/// A model of variable order: trained beforehand, or one that learns as it hears and forgets that with the piece.
#[derive(Clone, Debug)]
pub struct Variable {
    trie: Trie,
    alphabet: usize,
    settings: Settings,
    learns: bool,
    /// Which symbols longer contexts have seen: kept, so that no prediction has to ask for memory.
    seen: Vec<bool>,
}

impl Variable {
    /// A long-term model: learns pieces by counting, and then no more.
    ///
    /// # Errors
    /// If a piece has a symbol that is not below `alphabet`.
    pub fn trained<S: AsRef<[usize]>>(settings: Settings, alphabet: usize, pieces: &[S]) -> Result<Variable> {
        let mut model = Variable::short_term(settings, alphabet);
        model.learns = false;
        learn_all(&mut model.trie, alphabet, pieces)?;
        Ok(model)
    }

    /// A short-term model: knows nothing, learns each symbol it hears, and unlearns all when it forgets.
    pub fn short_term(settings: Settings, alphabet: usize) -> Variable {
        Variable {
            trie: Trie::new(settings.bound, settings.counting),
            alphabet,
            settings,
            learns: true,
            seen: vec![false; alphabet],
        }
    }

    /// The length of the context that is asked first.
    fn first_context(&self) -> usize {
        let longest = self.trie.longest();
        let certain = |&length: &usize| self.trie.after(length).take(2).count() == 1;
        let shortest = (0..=longest)
            .find(certain)
            .filter(|_| self.settings.shortest_certain);
        shortest.unwrap_or(longest)
    }
}

impl Predictor for Variable {
    fn alphabet(&self) -> usize {
        self.alphabet
    }

    fn forget(&mut self) {
        match self.learns {
            true => self.trie.clear(),
            false => self.trie.begin(),
        }
    }

    fn hear(&mut self, symbol: usize) {
        match self.learns && symbol < self.alphabet {
            true => self.trie.learn(symbol),
            false => self.trie.hear(symbol),
        }
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        let (first, escape) = (self.first_context(), self.settings.escape);
        match self.settings.interpolate {
            true => blend::interpolate(&self.trie, first, escape, probabilities),
            false => blend::exclude(&self.trie, first, escape, probabilities, &mut self.seen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::{bits_per_symbol, surprises};

    #[test]
    fn a_long_memory_finds_what_a_short_one_cannot() {
        // What ends each piece is what began it, seven symbols before.
        let pieces: Vec<_> = (0..100).map(|i| [i % 2, 3, 3, 3, 3, 3, 3, i % 2]).collect();
        for settings in [Settings::CLASSIC, Settings::LONG_TERM, Settings::SHORT_TERM] {
            let bits = |bound| {
                let mut model = Variable::trained(Settings { bound, ..settings }, 4, &pieces).unwrap();
                bits_per_symbol(&mut model, &pieces).unwrap()
            };
            assert!(bits(7) < bits(6) - 0.08, "{settings:?}: {} {}", bits(7), bits(6));
        }
    }

    #[test]
    fn a_short_term_model_learns_the_piece_and_forgets_it() {
        let piece: Vec<usize> = (0..100).map(|i| i % 5).collect();
        let mut model = Variable::short_term(Settings::SHORT_TERM, 5);
        let first = surprises(&mut model, &piece).unwrap();
        assert!(
            (first[0] - 5f64.log2()).abs() < 1e-12,
            "all are alike at the begin"
        );
        assert!(first[99] < 0.2, "{}", first[99]);
        assert_eq!(surprises(&mut model, &piece).unwrap(), first, "the same again");
    }

    #[test]
    fn the_shortest_certain_context_is_asked_first() {
        let mut model = Variable::trained(Settings::LONG_TERM, 4, &[[0usize, 1, 2, 0, 1, 3]]).unwrap();
        [0, 1, 2].into_iter().for_each(|symbol| model.hear(symbol));
        assert_eq!(
            (model.first_context(), model.trie.longest()),
            (1, 4),
            "2 is always followed by 0"
        );
    }
}
