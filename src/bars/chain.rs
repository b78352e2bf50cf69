//! Bars that are written step after step: as words for any [`Predictor`], and a chain that knows where in the bar it is.

use super::unit::{BAR, HOLD, SYMBOLS, Unit};
use crate::predict::{Predictor, Sampling};
use rand::Rng;
use std::collections::HashMap;

/// So many words there are: the symbols of steps, and before them one for each metre.
pub const WORDS: usize = SYMBOLS + 2;

/// A unit as words: its metre, 20 for bars of twelve steps and 21 for bars of sixteen, then its symbols.
pub fn words(unit: &Unit) -> Vec<usize> {
    let metre = SYMBOLS + usize::from(unit.bar == BAR);
    let symbols = unit.symbols.iter().map(|symbol| usize::from(*symbol));
    [metre].into_iter().chain(symbols).collect()
}

/// Lets a model of [`words`] write a unit of so many bars, of 12 or 16 steps each.
pub fn sung(model: &mut impl Predictor, bar: usize, bars: usize, rng: &mut impl Rng) -> Unit {
    model.forget();
    model.hear(SYMBOLS + usize::from(bar == BAR));
    let mut probabilities = vec![0.0; model.alphabet()];
    let mut symbols = Vec::with_capacity(bars * bar);
    for _ in 0..bars * bar {
        model.predict(&mut probabilities);
        let steps = &probabilities[..SYMBOLS.min(probabilities.len())];
        let symbol = Sampling::default().draw(steps, rng).unwrap_or(HOLD);
        model.hear(symbol);
        symbols.push(symbol as u8);
    }
    Unit { bar, symbols }
}

/// A chain over notes: what comes next depends on where in the bar one is, how long the last note has been held, and the last keys. What it has
/// seldom met it asks of the chain that remembers one key less.
#[derive(Clone, Debug)]
pub struct NoteChain {
    order: usize,
    counts: HashMap<u64, [u32; SYMBOLS]>,
    now: Context,
}

/// What a chain remembers.
#[derive(Clone, Debug, Default)]
struct Context {
    metre: usize,
    step: usize,
    since: usize,
    /// The last keys, the latest first.
    keys: Vec<usize>,
}

impl Context {
    fn hear(&mut self, word: usize, order: usize) {
        if word >= SYMBOLS {
            *self = Context {
                metre: word,
                ..Context::default()
            };
            return;
        }
        let bar = if self.metre == SYMBOLS { 12 } else { BAR };
        self.step = (self.step + 1) % bar;
        self.since = (self.since + 1).min(8);
        if word != HOLD {
            self.since = 0;
            self.keys.insert(0, word);
            self.keys.truncate(order);
        }
    }

    /// As much of it as a chain of this order remembers, as a number: five bits for each key, and they differ from those where no key is.
    fn shortened(&self, order: usize) -> u64 {
        let moment = (self.metre << 8 | self.step << 4 | self.since) as u64;
        let keys = self.keys.iter().take(order);
        keys.fold(moment, |number, key| number << 5 | (*key as u64 + 1))
    }
}

/// So many keys fit into the number that stands for a context.
const MOST: usize = 10;

impl NoteChain {
    /// A chain that remembers so many keys, up to ten, and has counted what comes next in these units.
    pub fn taught<'a>(order: usize, units: impl IntoIterator<Item = &'a Unit>) -> NoteChain {
        let order = order.min(MOST);
        let mut counts: HashMap<u64, [u32; SYMBOLS]> = HashMap::new();
        for unit in units {
            let mut now = Context::default();
            for word in words(unit) {
                for order in (0..=order).filter(|_| word < SYMBOLS) {
                    counts.entry(now.shortened(order)).or_insert([0; SYMBOLS])[word] += 1;
                }
                now.hear(word, order);
            }
        }
        NoteChain {
            order,
            counts,
            now: Context::default(),
        }
    }
}

impl Predictor for NoteChain {
    fn alphabet(&self) -> usize {
        WORDS
    }

    fn forget(&mut self) {
        self.now = Context::default();
    }

    fn hear(&mut self, word: usize) {
        self.now.hear(word, self.order);
    }

    /// From order 0 up: what was counted, and as much of the order below as if it had been counted half a time.
    fn predict(&mut self, probabilities: &mut [f64]) {
        probabilities.fill(0.0);
        let steps = &mut probabilities[..SYMBOLS];
        steps.fill(1.0 / SYMBOLS as f64);
        for order in 0..=self.order {
            let Some(counts) = self.counts.get(&self.now.shortened(order)) else {
                break;
            };
            let total = f64::from(counts.iter().sum::<u32>()) + 0.5;
            for (probability, count) in steps.iter_mut().zip(counts) {
                *probability = (f64::from(*count) + 0.5 * *probability) / total;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::bits_per_symbol;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn unit(keys: [u8; 3]) -> Unit {
        let mut symbols = vec![18; 12];
        for (place, key) in keys.into_iter().enumerate() {
            symbols[4 * place] = key;
        }
        Unit { bar: 12, symbols }
    }

    #[test]
    fn a_chain_learns_a_bar_and_writes_it() {
        let learned = unit([3, 5, 7]);
        let mut chain = NoteChain::taught(2, [&learned; 100]);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let same = (0..20)
            .filter(|_| sung(&mut chain, 12, 1, &mut rng) == learned)
            .count();
        assert!(same > 12, "{same}");
        let all = words(&learned);
        assert_eq!(all[0], 20);
        // The metre itself it does not guess.
        chain.forget();
        chain.hear(20);
        let mut probabilities = vec![0.0; WORDS];
        chain.predict(&mut probabilities);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(probabilities[3] > 0.9);
        assert!(bits_per_symbol(&mut chain, &[all]).unwrap().is_infinite());
    }

    #[test]
    fn two_bars_are_written_in_the_metre_asked_for() {
        let mut chain = NoteChain::taught(1, [&unit([3, 5, 7])]);
        let unit = sung(&mut chain, 16, 2, &mut ChaCha8Rng::seed_from_u64(1));
        assert_eq!((unit.bars(), unit.symbols.len()), (2, 32));
    }
}
