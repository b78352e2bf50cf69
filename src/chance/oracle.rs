//! The dice game's own predictor: it knows the table, not the dice. No model can predict the game's melodies better.
//!
//! Which measures can the bar in hand be, given what was heard of it? Each that fits is a *hypothesis*, weighed by its
//! chance (Bayes' rule). The next symbol is what the hypotheses say, each with its weight. Over a whole
//! waltz the surprises add up to exactly `-log2` of the melody's probability, and on average to the melody's entropy.

use super::dice::{BARS, Game, Measure, Waltz, entropy_bits};
use crate::music::{Alphabet, Melody, Score, Step};
use crate::predict::Predictor;

/// Sixteenths are ticks.
const RESOLUTION: u32 = 4;

/// One of the two hands at the piano.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Hand {
    /// The one that has the tune.
    Right,
    /// The one that accompanies.
    Left,
}

impl Measure {
    /// The line of one hand: the highest note at each onset, cut off where the next one starts. Silence is a rest, to
    /// the end of the bar: so every bar lasts all its sixteenths, and no rest crosses a bar line.
    pub fn melody(&self, hand: Hand, sixteenths: usize) -> Melody {
        let notes = match hand {
            Hand::Right => &self.right,
            Hand::Left => &self.left,
        };
        let mut melody = Score::new("", RESOLUTION)
            .with_voice("", 0, notes.clone())
            .melody();
        let filled: u32 = melody.steps.iter().map(|step| step.duration).sum();
        let rest = (sixteenths as u32).saturating_sub(filled);
        melody.steps.extend((rest > 0).then(|| Step::rest(rest)));
        melody
    }
}

impl Game {
    /// The melody of one hand through the 16 bars, straight through: the bars' own (see [`Measure::melody`]), one after
    /// the other. Four ticks to a quarter note.
    pub fn melody(&self, waltz: &Waltz, hand: Hand) -> Melody {
        let bars = self.measures(waltz).into_iter();
        Melody {
            resolution: RESOLUTION,
            steps: bars
                .flat_map(|measure| measure.melody(hand, self.sixteenths()).steps)
                .collect(),
        }
    }

    /// The different melodies of one hand in a bar (0 to 15), each with its probability.
    pub fn melody_choices(&self, bar: usize, hand: Hand) -> Vec<(Melody, f64)> {
        let choices = self.choices(bar).into_iter();
        merged(choices.map(|(measure, chance)| (measure.melody(hand, self.sixteenths()), chance)))
    }

    /// The entropy of one hand's melody, in bits: fewer than a waltz has, since some measures differ only in what
    /// the melody leaves out. Bars last all the same, so a melody tells where each begins, and theirs add up.
    pub fn melody_entropy_bits(&self, hand: Hand) -> f64 {
        let of_bar = |bar| {
            let chances = self.melody_choices(bar, hand).into_iter();
            entropy_bits(&chances.map(|choice| choice.1).collect::<Vec<_>>())
        };
        (0..BARS).map(of_bar).sum()
    }
}

/// Adds up the chances of what is the same.
fn merged<T: PartialEq>(choices: impl Iterator<Item = (T, f64)>) -> Vec<(T, f64)> {
    let mut different: Vec<(T, f64)> = Vec::new();
    for (thing, chance) in choices {
        match different.iter_mut().find(|known| known.0 == thing) {
            Some(known) => known.1 += chance,
            None => different.push((thing, chance)),
        }
    }
    different
}

/// So far a bar may be this: the symbol that comes next is number `at` of this choice for this bar.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Place {
    bar: usize,
    choice: usize,
    at: usize,
}

/// The exact predictor of the melodies that [`Game::melody`] makes, as symbols of an alphabet. After something that the
/// game never says it knows nothing: all symbols are alike to it until it forgets.
#[derive(Clone, Debug)]
pub struct Oracle {
    /// For each bar the different streams of symbols that it can be, with their chances; then the end.
    bars: Vec<Vec<(Vec<usize>, f64)>>,
    alphabet: usize,
    /// Where the melody may be, each place with its weight.
    places: Vec<(Place, f64)>,
}

impl Oracle {
    /// Knows one hand of the game, in this alphabet. What the alphabet does not tell apart is one to the oracle too.
    pub fn new(game: &Game, hand: Hand, alphabet: &Alphabet) -> Oracle {
        let encoded = |bar| {
            let choices = game.melody_choices(bar, hand).into_iter();
            merged(choices.map(|(melody, chance)| (alphabet.encode_steps(&melody), chance)))
        };
        let mut bars: Vec<_> = (0..BARS).map(encoded).collect();
        bars.push(vec![(vec![alphabet.end()], 1.0)]);
        let mut oracle = Oracle {
            bars,
            alphabet: alphabet.len(),
            places: Vec::new(),
        };
        oracle.forget();
        oracle
    }

    fn next(&self, place: Place) -> Option<usize> {
        let choices = self.bars.get(place.bar)?;
        choices.get(place.choice)?.0.get(place.at).copied()
    }

    /// The places at the begin of a bar, if its first note has this weight.
    fn beginnings(&self, bar: usize, weight: f64) -> impl Iterator<Item = (Place, f64)> {
        let choices = self.bars.get(bar).into_iter().flatten().enumerate();
        choices.map(move |(choice, (_, chance))| (Place { bar, choice, at: 0 }, weight * chance))
    }
}

impl Predictor for Oracle {
    fn alphabet(&self) -> usize {
        self.alphabet
    }

    fn forget(&mut self) {
        self.places = self.beginnings(0, 1.0).collect();
    }

    fn hear(&mut self, symbol: usize) {
        let mut places = Vec::new();
        for &(place, weight) in &self.places {
            if self.next(place) != Some(symbol) {
                continue;
            }
            let on = Place {
                at: place.at + 1,
                ..place
            };
            match self.next(on) {
                Some(_) => places.push((on, weight)),
                None => places.extend(self.beginnings(place.bar + 1, weight)),
            }
        }
        // Two ways to the same place happen only where the alphabet does not know a duration.
        let mut places = merged(places.into_iter());
        let total: f64 = places.iter().map(|place| place.1).sum();
        places.iter_mut().for_each(|place| place.1 /= total);
        self.places = places;
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        let knows = !self.places.is_empty();
        probabilities.fill(if knows { 0.0 } else { 1.0 / self.alphabet as f64 });
        for &(place, weight) in &self.places {
            let said = self.next(place).and_then(|symbol| probabilities.get_mut(symbol));
            if let Some(probability) = said {
                *probability += weight;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::{Sampling, generate, surprises};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn setting(waltzes: usize) -> (Game, Vec<Waltz>, ChaCha8Rng) {
        let game = Game::printed().unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let corpus = game.corpus(waltzes, &mut rng);
        (game, corpus, rng)
    }

    /// Every melody of a hand that the print allows, bar by bar.
    fn everything(game: &Game, hand: Hand) -> Vec<Melody> {
        let choices = (0..BARS).flat_map(|bar| game.melody_choices(bar, hand));
        choices.map(|choice| choice.0).collect()
    }

    #[test]
    fn a_melody_fills_its_bars() {
        let (game, waltzes, _) = setting(20);
        for hand in [Hand::Right, Hand::Left] {
            for waltz in &waltzes {
                let mut now = 0;
                for step in game.melody(waltz, hand).steps {
                    assert!(now % 6 + step.duration <= 6, "no step crosses a bar line");
                    now += step.duration;
                }
                assert_eq!(now, 96);
            }
        }
    }

    #[test]
    fn the_surprises_of_a_waltz_are_minus_log_its_probability() {
        let (game, waltzes, _) = setting(200);
        for hand in [Hand::Right, Hand::Left] {
            let alphabet = Alphabet::of(&everything(&game, hand));
            let mut oracle = Oracle::new(&game, hand, &alphabet);
            for waltz in &waltzes {
                let melody = game.melody(waltz, hand);
                let bits: f64 = surprises(&mut oracle, &alphabet.encode(&melody))
                    .unwrap()
                    .iter()
                    .sum();
                let measures = game.measures(waltz);
                let of_bar = |bar: usize| {
                    let played = measures[bar].melody(hand, 6);
                    let same = game.choices(bar).into_iter();
                    let same = same.filter(|choice| choice.0.melody(hand, 6) == played);
                    -same.map(|choice| choice.1).sum::<f64>().log2()
                };
                let exact: f64 = (0..BARS).map(of_bar).sum();
                assert!((bits - exact).abs() < 1e-9, "{bits} {exact}");
            }
        }
    }

    #[test]
    fn the_mean_over_every_bar_is_the_exact_entropy() {
        let (game, _, _) = setting(0);
        for hand in [Hand::Right, Hand::Left] {
            let alphabet = Alphabet::of(&everything(&game, hand));
            let mut oracle = Oracle::new(&game, hand, &alphabet);
            // Whatever came before, a bar's surprises are its own: so each bar is tried after one and the same past.
            let (mut past, mut mean) = (Vec::new(), 0.0);
            for bar in 0..BARS {
                let choices = game.melody_choices(bar, hand);
                for (melody, chance) in &choices {
                    let mut symbols = past.clone();
                    symbols.extend(alphabet.encode_steps(melody));
                    let bits = surprises(&mut oracle, &symbols).unwrap();
                    mean += chance * bits[past.len()..].iter().sum::<f64>();
                }
                past.extend(alphabet.encode_steps(&choices[0].0));
            }
            let exact = game.melody_entropy_bits(hand);
            assert!((mean - exact).abs() < 1e-9, "{mean} {exact}");
            assert!(exact <= game.entropy_bits() + 1e-9);
        }
    }

    #[test]
    fn what_the_oracle_writes_is_a_waltz() {
        let (game, _, mut rng) = setting(0);
        let alphabet = Alphabet::of(&everything(&game, Hand::Right));
        let mut oracle = Oracle::new(&game, Hand::Right, &alphabet);
        let symbols = generate(
            &mut oracle,
            &[],
            alphabet.end(),
            500,
            Sampling::default(),
            &mut rng,
        )
        .unwrap();
        let steps = alphabet.decode(&symbols).steps;
        assert_eq!(
            steps.iter().map(|step| step.duration).sum::<u32>() * 4,
            96 * alphabet.decode(&[]).resolution
        );
    }

    #[test]
    fn an_alphabet_that_does_not_know_all_still_has_a_floor() {
        let (game, waltzes, _) = setting(50);
        let alphabet = Alphabet::of(&[game.melody(&waltzes[0], Hand::Left)]);
        let mut oracle = Oracle::new(&game, Hand::Left, &alphabet);
        let mut probabilities = vec![0.0; alphabet.len()];
        for waltz in &waltzes {
            oracle.forget();
            for symbol in alphabet.encode(&game.melody(waltz, Hand::Left)) {
                oracle.predict(&mut probabilities);
                assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                assert!(probabilities[symbol] > 0.0);
                oracle.hear(symbol);
            }
        }
        for symbol in [0, 1, usize::MAX, 5] {
            oracle.hear(symbol);
            oracle.predict(&mut probabilities);
            assert!(
                (probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9,
                "after nonsense"
            );
        }
    }
}
