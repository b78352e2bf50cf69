//! What comes next: one trait for every model of the book, and one ruler to measure them all.
//!
//! A piece of music is a sequence of symbols, `0..alphabet`. A model that gives each next symbol a
//! probability, given all before, gives the whole sequence one: the product. The ruler is its
//! information, `-log2`, in bits; per symbol it is the cross-entropy between the music and the model (Shannon, 1948).

mod borrowed;

use crate::music::{Alphabet, NoteBits};
use crate::{Error, Result};
use rand::{Rng, RngExt};

pub use borrowed::{Borrowed, longest_borrowed, longest_copy, share_of_new};
use std::ops::RangeInclusive;

// ANCHOR: predictor
/// A model that hears symbols one by one and says what comes next.
pub trait Predictor {
    /// How many symbols there are: each is a number below this one.
    fn alphabet(&self) -> usize;

    /// Forgets what was heard; a new piece begins. What was learned in training stays.
    fn forget(&mut self);

    /// Hears the next symbol.
    fn hear(&mut self, symbol: usize);

    /// The probability of each symbol to come next, given all heard since it last forgot. Fills `probabilities`,
    /// which has [`Predictor::alphabet`] places and sums to 1 afterwards.
    fn predict(&mut self, probabilities: &mut [f64]);
}
// ANCHOR_END: predictor

/// How much each symbol of a sequence tells, in bits, to a model that has heard those before it. Infinite where
/// the model had held the symbol impossible.
///
/// # Errors
/// If a symbol is not of the model's alphabet.
pub fn surprises(model: &mut impl Predictor, sequence: &[usize]) -> Result<Vec<f64>> {
    let mut probabilities = vec![0.0; model.alphabet()];
    model.forget();
    let mut bits = Vec::with_capacity(sequence.len());
    for &symbol in sequence {
        model.predict(&mut probabilities);
        let probability = probabilities
            .get(symbol)
            .ok_or_else(|| unknown(symbol, model.alphabet()))?;
        bits.push(-probability.log2());
        model.hear(symbol);
    }
    Ok(bits)
}

/// The mean information of a symbol over many sequences, in bits: what a model is judged by. Zero
/// for no symbols at all.
///
/// # Errors
/// If a symbol is not of the model's alphabet.
pub fn bits_per_symbol<S: AsRef<[usize]>>(model: &mut impl Predictor, sequences: &[S]) -> Result<f64> {
    let (mut bits, mut symbols) = (0.0, 0usize);
    for sequence in sequences {
        bits += surprises(model, sequence.as_ref())?.iter().sum::<f64>();
        symbols += sequence.as_ref().len();
    }
    Ok(bits / symbols.max(1) as f64)
}

/// The information in melodies, by note. `streams` are melodies in this alphabet, whole or their pitches alone.
///
/// # Errors
/// If the model's alphabet is another one.
pub fn note_bits<S: AsRef<[usize]>>(
    model: &mut impl Predictor,
    alphabet: &Alphabet,
    streams: &[S],
) -> Result<NoteBits> {
    let mut bits = NoteBits::default();
    for stream in streams.iter().map(AsRef::as_ref) {
        bits += alphabet.note_bits(stream, &surprises(model, stream)?);
    }
    Ok(bits)
}

/// Bits a note on whole melodies: what one model of melodies is compared with another by. The model plays under the rule that pitch and
/// duration [take turns](TakingTurns). To be compared, all models use the same alphabet (of the training part) and the same melodies.
///
/// # Errors
/// As [`note_bits`].
pub fn bits_per_note<S: AsRef<[usize]>>(
    model: impl Predictor,
    alphabet: &Alphabet,
    streams: &[S],
) -> Result<f64> {
    let mut model = TakingTurns::new(model, alphabet.turns());
    Ok(note_bits(&mut model, alphabet, streams)?.per_note())
}

/// How to draw from a model's probabilities.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sampling {
    /// Probabilities are raised to the power of one over this. At 1 the model speaks as it believes; below, it keeps to
    /// what is likely; above, it dares; at 0 it always says the likeliest.
    pub temperature: f64,
    /// Only so many of the likeliest symbols may be drawn.
    pub top_k: usize,
}

impl Default for Sampling {
    /// As the model believes: temperature 1, every symbol.
    fn default() -> Sampling {
        Sampling {
            temperature: 1.0,
            top_k: usize::MAX,
        }
    }
}

impl Sampling {
    /// Draws a symbol. One of probability 0 is never drawn; `None` if none has any.
    pub fn draw(&self, probabilities: &[f64], rng: &mut impl Rng) -> Option<usize> {
        if self.temperature == 1.0 && self.top_k >= probabilities.len() {
            return as_believed(probabilities, rng);
        }
        let candidates = self.candidates(probabilities);
        let (likeliest, _) = *candidates.first()?;
        if self.temperature <= 0.0 {
            return Some(likeliest);
        }
        let total: f64 = candidates.iter().map(|candidate| candidate.1).sum();
        let mut left = rng.random::<f64>() * total;
        for &(symbol, weight) in &candidates {
            left -= weight;
            if left < 0.0 {
                return Some(symbol);
            }
        }
        Some(likeliest) // rounding left a crumb
    }

    /// Turns a model's probabilities into those with which [`Sampling::draw`] draws.
    pub fn apply(&self, probabilities: &mut [f64]) {
        let candidates = self.candidates(probabilities);
        let total: f64 = candidates.iter().map(|candidate| candidate.1).sum();
        probabilities.fill(0.0);
        for (symbol, weight) in candidates {
            probabilities[symbol] = weight / total;
        }
    }

    /// What may be drawn, the likeliest first, each with a weight: at most 1.
    fn candidates(&self, probabilities: &[f64]) -> Vec<(usize, f64)> {
        let mut candidates: Vec<(usize, f64)> = probabilities
            .iter()
            .copied()
            .enumerate()
            .filter(|candidate| candidate.1 > 0.0)
            .collect();
        // Likeliest first; among equals the smaller symbol, so that a draw can be repeated.
        candidates.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let cold = self.temperature <= 0.0;
        candidates.truncate(if cold { 1 } else { self.top_k.max(1) });
        let highest = candidates.first().map_or(1.0, |candidate| candidate.1);
        for (_, probability) in &mut candidates {
            // Relative to the highest, so that no power overflows or makes them all vanish.
            let relative = *probability / highest;
            *probability = match self.temperature {
                1.0 => relative,
                temperature if temperature > 0.0 => relative.powf(1.0 / temperature),
                _ => 1.0,
            };
        }
        candidates
    }
}

/// A draw without temperature or choice. It asks for no memory and sorts nothing, since sound is drawn sixteen thousand times a second.
fn as_believed(probabilities: &[f64], rng: &mut impl Rng) -> Option<usize> {
    let possible = || probabilities.iter().enumerate().filter(|one| *one.1 > 0.0);
    let (last, _) = possible().next_back()?;
    let total: f64 = possible().map(|one| one.1).sum();
    let mut left = rng.random::<f64>() * total;
    let drawn = possible().find(|one| {
        left -= one.1;
        left < 0.0
    });
    Some(drawn.map_or(last, |one| one.0)) // rounding may leave a crumb
}

/// Lets a model write: after hearing a prompt it draws symbol after symbol, and hears each, until it draws `end` or has
/// written `longest`. The result holds what was written, without prompt and end.
///
/// # Errors
/// If the prompt holds a symbol that is not of the model's alphabet.
pub fn generate(
    model: &mut impl Predictor,
    prompt: &[usize],
    end: usize,
    longest: usize,
    sampling: Sampling,
    rng: &mut impl Rng,
) -> Result<Vec<usize>> {
    model.forget();
    for &symbol in prompt {
        if symbol >= model.alphabet() {
            return Err(unknown(symbol, model.alphabet()));
        }
        model.hear(symbol);
    }
    let mut probabilities = vec![0.0; model.alphabet()];
    let mut written = Vec::new();
    while written.len() < longest {
        model.predict(&mut probabilities);
        match sampling.draw(&probabilities, rng) {
            Some(symbol) if symbol != end => {
                model.hear(symbol);
                written.push(symbol);
            }
            _ => break,
        }
    }
    Ok(written)
}

/// As [`generate`] from nothing, and again until what was written has at least as many symbols as `lengths` begins with; it is cut off
/// after as many as that ends with. If a hundred are all too short, the last of them.
///
/// # Errors
/// None for a model that gives each symbol of its alphabet a probability.
pub fn generate_within(
    model: &mut impl Predictor,
    lengths: RangeInclusive<usize>,
    end: usize,
    sampling: Sampling,
    rng: &mut impl Rng,
) -> Result<Vec<usize>> {
    let mut written = vec![];
    for _ in 0..100 {
        written = generate(model, &[], end, *lengths.end(), sampling, rng)?;
        if written.len() >= *lengths.start() {
            break;
        }
    }
    Ok(written)
}

fn unknown(symbol: usize, alphabet: usize) -> Error {
    Error::value(
        format!("Symbol {symbol} is not one of the model's {alphabet}"),
        "Encode the music with the alphabet that the model was trained on",
    )
}

/// A model of symbols that take turns, such as pitch and duration: what is not of the kind whose turn it is gets
/// probability 0, and the rest is scaled up to 1. So no model pays for not knowing the notation, and none breaks it.
#[derive(Clone, Debug)]
pub struct TakingTurns<M> {
    /// The model underneath.
    pub model: M,
    /// The kind of each symbol.
    turns: Vec<usize>,
    kinds: usize,
    now: usize,
}

impl<M: Predictor> TakingTurns<M> {
    /// Puts a model under the rule. `turns` holds the kind of each symbol; a piece begins with kind 0, after which comes
    /// kind 1, and so on; after the highest comes 0 again. A symbol whose kind is not told is of kind 0.
    pub fn new(model: M, turns: Vec<usize>) -> TakingTurns<M> {
        TakingTurns {
            kinds: turns.iter().max().map_or(1, |highest| highest.saturating_add(1)),
            model,
            turns,
            now: 0,
        }
    }

    fn kind(&self, symbol: usize) -> usize {
        self.turns.get(symbol).copied().unwrap_or(0)
    }
}

impl<M: Predictor> Predictor for TakingTurns<M> {
    fn alphabet(&self) -> usize {
        self.model.alphabet()
    }

    fn forget(&mut self) {
        self.now = 0;
        self.model.forget();
    }

    fn hear(&mut self, symbol: usize) {
        // Counted from what was heard, not from what was expected: so a wrong symbol does not turn the rule round.
        self.now = self.kind(symbol).saturating_add(1) % self.kinds;
        self.model.hear(symbol);
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        self.model.predict(probabilities);
        let may_come = |symbol: usize| self.kind(symbol) == self.now;
        let mut total = 0.0;
        for (symbol, probability) in probabilities.iter_mut().enumerate() {
            if !may_come(symbol) {
                *probability = 0.0;
            }
            total += *probability;
        }
        if total > 0.0 {
            probabilities
                .iter_mut()
                .for_each(|probability| *probability /= total);
            return;
        }
        // The model held all that may come impossible, so it knows nothing. There is no symbol at all of a kind that is not used.
        let candidates = (0..probabilities.len())
            .filter(|&symbol| may_come(symbol))
            .count();
        let everybody = candidates == 0;
        let equal = 1.0
            / if everybody {
                probabilities.len()
            } else {
                candidates
            } as f64;
        for (symbol, probability) in probabilities.iter_mut().enumerate() {
            *probability = if everybody || may_come(symbol) { equal } else { 0.0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Expects a symbol to come again with probability 0.7, and never symbol 3.
    struct Stubborn {
        last: Option<usize>,
    }

    impl Predictor for Stubborn {
        fn alphabet(&self) -> usize {
            4
        }
        fn forget(&mut self) {
            self.last = None;
        }
        fn hear(&mut self, symbol: usize) {
            self.last = Some(symbol);
        }
        fn predict(&mut self, probabilities: &mut [f64]) {
            let known = [0.5, 0.3, 0.2, 0.0];
            probabilities.copy_from_slice(&known);
            if let Some(last) = self.last {
                probabilities.copy_from_slice(&[0.15, 0.15, 0.15, 0.0]);
                probabilities[last] = 0.7;
            }
        }
    }

    #[test]
    fn surprises_are_the_logarithms_of_what_was_predicted() {
        let mut model = Stubborn { last: None };
        let bits = surprises(&mut model, &[0, 0, 1]).unwrap();
        let expected = [-(0.5f64.log2()), -(0.7f64.log2()), -(0.15f64.log2())];
        assert_eq!(bits, expected);
        let mean = bits_per_symbol(&mut model, &[vec![0, 0, 1], vec![]]).unwrap();
        assert!((mean - expected.iter().sum::<f64>() / 3.0).abs() < 1e-12);
        assert_eq!(surprises(&mut model, &[3]).unwrap(), [f64::INFINITY]);
        assert!(surprises(&mut model, &[4]).is_err());
    }

    #[test]
    fn draws_follow_the_probabilities_and_never_the_impossible() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let probabilities = [0.5, 0.3, 0.2, 0.0];
        let mut counts = [0.0; 4];
        for _ in 0..20_000 {
            counts[Sampling::default().draw(&probabilities, &mut rng).unwrap()] += 1.0 / 20_000.0;
        }
        for (count, probability) in counts.iter().zip(probabilities) {
            assert!((count - probability).abs() < 0.015, "{counts:?}");
        }
        assert_eq!(Sampling::default().draw(&[0.0, f64::NAN], &mut rng), None);
        let of_three = Sampling {
            top_k: 3,
            ..Sampling::default()
        };
        let chosen = (0..20_000).filter(|_| of_three.draw(&[0.1, 0.2, 0.3, 0.4], &mut rng) == Some(3));
        let share = chosen.count() as f64 / 20_000.0;
        assert!((share - 4.0 / 9.0).abs() < 0.015, "{share}");
        let hot = Sampling {
            temperature: 1e9,
            top_k: 2,
        };
        for _ in 0..100 {
            assert!(hot.draw(&probabilities, &mut rng).unwrap() < 2);
        }
        let cold = Sampling {
            temperature: 0.0,
            ..hot
        };
        assert_eq!(cold.draw(&probabilities, &mut rng), Some(0));
        assert_eq!(cold.draw(&[0.0, 0.0], &mut rng), None);
    }

    #[test]
    fn what_is_too_short_is_written_again_and_what_is_too_long_cut_off() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (mut model, as_believed) = (Stubborn { last: None }, Sampling::default());
        for _ in 0..20 {
            let written = generate_within(&mut model, 4..=6, 2, as_believed, &mut rng).unwrap();
            assert!(
                (4..=6).contains(&written.len()) && !written.contains(&2),
                "{written:?}"
            );
        }
        let cold = Sampling {
            temperature: 0.0,
            ..as_believed
        };
        let none = generate_within(&mut model, 4..=6, 0, cold, &mut rng).unwrap();
        assert!(none.is_empty(), "after a hundred trials it is what it is");
    }

    #[test]
    fn a_lower_temperature_keeps_to_what_is_likely() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let half = Sampling {
            temperature: 0.5,
            ..Sampling::default()
        };
        let ones = (0..20_000)
            .filter(|_| half.draw(&[0.75, 0.25], &mut rng) == Some(0))
            .count();
        assert!((ones as f64 / 20_000.0 - 0.9).abs() < 0.01, "squares: 9 to 1");
        let mut squares = [0.75, 0.25];
        half.apply(&mut squares);
        assert!((squares[0] - 0.9).abs() < 1e-12 && (squares[1] - 0.1).abs() < 1e-12);
        let cold = Sampling {
            temperature: 0.0,
            ..half
        };
        cold.apply(&mut squares);
        assert_eq!(squares, [1.0, 0.0]);
    }

    #[test]
    fn writing_stops_at_the_end_symbol_or_at_the_longest() {
        let mut model = Stubborn { last: None };
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let cold = Sampling {
            temperature: 0.0,
            ..Sampling::default()
        };
        assert_eq!(
            generate(&mut model, &[1], 3, 4, cold, &mut rng).unwrap(),
            [1, 1, 1, 1]
        );
        assert_eq!(generate(&mut model, &[1], 1, 4, cold, &mut rng).unwrap(), [0; 0]);
        assert!(generate(&mut model, &[9], 1, 4, cold, &mut rng).is_err());
    }

    #[test]
    fn symbols_that_take_turns_get_the_whole_probability() {
        let mut model = TakingTurns::new(Stubborn { last: None }, vec![0, 1, 1, 0]);
        let bits = surprises(&mut model, &[0, 2, 0, 1]).unwrap();
        assert_eq!(bits[0], 0.0, "symbol 3 never comes");
        assert!((bits[1] - 1.0).abs() < 1e-12);
        assert_eq!(bits[2], 0.0);
        assert_eq!(surprises(&mut model, &[1]).unwrap(), [f64::INFINITY]);
        let mut impossible = TakingTurns::new(Stubborn { last: None }, vec![1, 1, 1, 0]);
        let mut probabilities = [0.0; 4];
        impossible.predict(&mut probabilities);
        assert_eq!(
            probabilities,
            [0.0, 0.0, 0.0, 1.0],
            "what may come, though the model doubts it"
        );
    }

    #[test]
    fn melodies_are_measured_under_the_rule_that_pitch_and_duration_take_turns() {
        let melody = crate::music::Melody::parse(1, "C4 D4:2 C4 D4").unwrap();
        let alphabet = Alphabet::of([&melody]);
        let streams = [alphabet.encode(&melody)];
        /// Knows the alphabet, and nothing else.
        struct Nobody(usize);
        impl Predictor for Nobody {
            fn alphabet(&self) -> usize {
                self.0
            }
            fn forget(&mut self) {}
            fn hear(&mut self, _symbol: usize) {}
            fn predict(&mut self, probabilities: &mut [f64]) {
                probabilities.fill(1.0 / self.0 as f64);
            }
        }
        // Of pitches there are the end, the unknown, the rest, C and D; of durations the unknown and two.
        let bits = bits_per_note(Nobody(alphabet.len()), &alphabet, &streams).unwrap();
        let expected = (5.0 * 5f64.log2() + 4.0 * 3f64.log2()) / 4.0;
        assert!((bits - expected).abs() < 1e-9, "{bits} {expected}");
        let alone = note_bits(&mut Nobody(alphabet.len()), &alphabet, &streams).unwrap();
        assert!((alone.per_note() - 9.0 * 8f64.log2() / 4.0).abs() < 1e-9);
    }
}
