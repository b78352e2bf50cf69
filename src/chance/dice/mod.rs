//! The waltz game of 1793: two dice choose every bar of a waltz from a printed table.
//!
//! "Anleitung so viel Walzer oder Schleifer mit zwei Würfeln zu componiren", as N. Simrock printed it in Bonn (some sources
//! have J. J. Hummel in Berlin, 1793, as the first to do so). Once ascribed to Mozart: K. Anh. C 30.01.
//! The game is also the book's laboratory. It writes as much music as one likes, and how likely each next
//! thing is, given all before, is known exactly: see [`Game::next`]. No model can predict its music better.

mod own;
mod printed;

use crate::music::{Key, Metre, Note, Pitch, Score, Tempo};
use crate::{Error, Result};
use rand::{Rng, RngExt};

/// Bars in a waltz.
pub const BARS: usize = 16;

/// Bars in the first part of the waltz; the last of them has two endings.
const FIRST_PART: usize = 8;

/// The probability of this sum of two dice: 1/36 for 2 and 12, up to 6/36 for 7; 0 for any other number.
pub fn chance_of_sum(sum: u8) -> f64 {
    match sum {
        2..=12 => f64::from(6 - (i16::from(sum) - 7).abs()) / 36.0,
        _ => 0.0,
    }
}

/// The entropy of a distribution in bits (Shannon, 1948): how many yes-or-no questions an outcome
/// answers, on average. Probabilities of 0 add nothing.
pub fn entropy_bits(probabilities: &[f64]) -> f64 {
    let possible = probabilities.iter().filter(|&&p| p > 0.0);
    possible.map(|p| -p * p.log2()).sum()
}

/// One bar for both hands: onsets and durations in sixteenths, from the start of the bar.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Measure {
    /// The notes of the right hand, in order of onset.
    pub right: Vec<Note>,
    /// The notes of the left hand, in order of onset.
    pub left: Vec<Note>,
}

/// What begins at one sixteenth of a bar: (pitch, duration in sixteenths) for each hand, lowest first.
/// Both lists are empty where nothing begins.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Moment {
    /// What begins in the right hand.
    pub right: Vec<(Pitch, u32)>,
    /// What begins in the left hand.
    pub left: Vec<(Pitch, u32)>,
}

/// What the dice said: the sum of the two for each bar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Waltz {
    sums: [u8; BARS],
}

impl Waltz {
    /// The waltz of these sums, 2 to 12 each.
    ///
    /// # Errors
    /// If one of them is no sum of two dice.
    pub fn new(sums: [u8; BARS]) -> Result<Waltz> {
        match sums.iter().find(|sum| !(2..=12).contains(*sum)) {
            None => Ok(Waltz { sums }),
            Some(sum) => Err(Error::value(
                format!("{sum} is no sum of two dice"),
                "Give sums from 2 to 12",
            )),
        }
    }

    /// The sum of the two dice for each bar.
    pub fn sums(&self) -> [u8; BARS] {
        self.sums
    }

    /// Throws two dice for each bar.
    pub fn throw(rng: &mut impl Rng) -> Waltz {
        let mut die = || rng.random_range(1..=6u8);
        Waltz {
            sums: std::array::from_fn(|_| die() + die()),
        }
    }
}

/// A table, and the measures it names.
#[derive(Clone, Debug)]
pub struct Game {
    metre: Metre,
    tempo: Tempo,
    /// Sixteenth notes in a bar: 6 in the print, whose metre is 3/8.
    sixteenths: usize,
    /// `table[sum - 2][bar]`: the number of the measure to play, from 1.
    table: [[usize; BARS]; 11],
    /// The measures; number 1 stands first.
    measures: Vec<Measure>,
    /// What is played for the eighth bar when the waltz goes on to its second part, if that differs.
    second_ending: Option<Measure>,
}

impl Game {
    /// Sixteenth notes in a bar.
    pub fn sixteenths(&self) -> usize {
        self.sixteenths
    }

    /// The number that is printed over the measure for this bar (0 to 15) and this sum (2 to 12).
    pub fn number(&self, bar: usize, sum: u8) -> Option<usize> {
        let row = self.table.get(usize::from(sum).checked_sub(2)?)?;
        row.get(bar).copied()
    }

    /// The measures that the dice chose, from the first bar to the last.
    pub fn measures(&self, waltz: &Waltz) -> [&Measure; BARS] {
        std::array::from_fn(|bar| self.chosen(bar, waltz.sums[bar]))
    }

    fn chosen(&self, bar: usize, sum: u8) -> &Measure {
        &self.measures[self.table[usize::from(sum) - 2][bar] - 1]
    }

    /// The waltz as it is played: the first part twice, with its first and then its second ending, and
    /// the second part. Four ticks to a quarter note.
    pub fn score(&self, waltz: &Waltz) -> Score {
        let measures = self.measures(waltz);
        let (first_part, second_part) = measures.split_at(FIRST_PART);
        let (again, ending) = first_part.split_at(FIRST_PART - 1);
        let second_ending = self.second_ending.as_ref().map_or(ending[0], |ending| ending);
        self.written(&[first_part, again, &[second_ending], second_part].concat())
    }

    /// The 16 bars of the waltz straight through, without the repeat: what a model of it learns from.
    pub fn bars(&self, waltz: &Waltz) -> Score {
        self.written(&self.measures(waltz))
    }

    /// The different measures of a bar (0 to 15), each with its probability: measures of the same notes
    /// are one, whatever numbers they bear.
    pub fn choices(&self, bar: usize) -> Vec<(&Measure, f64)> {
        let mut choices: Vec<(&Measure, f64)> = Vec::new();
        for sum in (2..=12).filter(|_| bar < BARS) {
            let measure = self.chosen(bar, sum);
            match choices.iter_mut().find(|choice| choice.0 == measure) {
                Some(choice) => choice.1 += chance_of_sum(sum),
                None => choices.push((measure, chance_of_sum(sum))),
            }
        }
        choices
    }

    /// How many different waltzes there are.
    pub fn count(&self) -> u64 {
        (0..BARS).map(|bar| self.choices(bar).len() as u64).product()
    }

    /// The entropy of a waltz, in bits: the bars are independent, so theirs add up.
    pub fn entropy_bits(&self) -> f64 {
        let of_bar = |bar| {
            let choices = self.choices(bar);
            entropy_bits(&choices.iter().map(|choice| choice.1).collect::<Vec<_>>())
        };
        (0..BARS).map(of_bar).sum()
    }

    /// The information in this waltz, in bits: minus the logarithm of its probability. A rare waltz
    /// holds more than a common one; the mean over all throws is the entropy.
    pub fn information_bits(&self, waltz: &Waltz) -> f64 {
        let of_bar = |(bar, measure)| {
            let choices = self.choices(bar).into_iter();
            let same = choices.filter(|choice| choice.0 == measure);
            -same.map(|choice| choice.1).sum::<f64>().log2()
        };
        self.measures(waltz).into_iter().enumerate().map(of_bar).sum()
    }

    /// A corpus: so many waltzes, each thrown afresh.
    pub fn corpus(&self, waltzes: usize, rng: &mut impl Rng) -> Vec<Waltz> {
        (0..waltzes).map(|_| Waltz::throw(rng)).collect()
    }

    /// The waltz moment by moment: what begins at each of its 96 sixteenths, straight through.
    pub fn moments(&self, waltz: &Waltz) -> Vec<Moment> {
        self.measures(waltz)
            .into_iter()
            .flat_map(|measure| self.moments_of(measure))
            .collect()
    }

    /// Everything that can begin at the next sixteenth, given all the moments so far, each with its exact
    /// probability. The dice of the bar in hand are not seen, only the notes that they have led to so far; what
    /// no longer fits is out, and the rest is weighed by its chance (Bayes' rule). Empty after the last moment.
    ///
    /// # Errors
    /// If no waltz begins with these moments.
    pub fn next(&self, past: &[Moment]) -> Result<Vec<(Moment, f64)>> {
        let bar = past.len() / self.sixteenths;
        for (earlier, heard) in past.chunks_exact(self.sixteenths).enumerate() {
            self.fitting(earlier, heard)?;
        }
        if bar >= BARS {
            return Ok(Vec::new());
        }
        let heard = &past[bar * self.sixteenths..];
        let fitting = self.fitting(bar, heard)?;
        let total: f64 = fitting.iter().map(|choice| choice.1).sum();
        let mut next: Vec<(Moment, f64)> = Vec::new();
        for (mut moments, chance) in fitting {
            let moment = moments.swap_remove(heard.len());
            match next.iter_mut().find(|known| known.0 == moment) {
                Some(known) => known.1 += chance / total,
                None => next.push((moment, chance / total)),
            }
        }
        Ok(next)
    }

    /// Bars one after the other, as a score for two hands.
    fn written(&self, measures: &[&Measure]) -> Score {
        let (mut right, mut left) = (Vec::new(), Vec::new());
        for (i, measure) in measures.iter().enumerate() {
            let start = (i * self.sixteenths) as u32;
            let moved = |note: &Note| Note {
                onset: start + note.onset,
                ..*note
            };
            right.extend(measure.right.iter().map(moved));
            left.extend(measure.left.iter().map(moved));
        }
        let mut score = Score::new("Waltz", 4).with_metre(self.metre.beats, self.metre.unit);
        score.tempi = vec![(0, self.tempo)];
        score
            .with_key(Key::C_MAJOR)
            .with_voice("right hand", 0, right)
            .with_voice("left hand", 0, left)
    }

    fn moments_of(&self, measure: &Measure) -> Vec<Moment> {
        let beginning = |notes: &[Note], tick: usize| -> Vec<(Pitch, u32)> {
            let here = notes.iter().filter(|note| note.onset as usize == tick);
            here.map(|note| (note.pitch, note.duration)).collect()
        };
        (0..self.sixteenths)
            .map(|tick| Moment {
                right: beginning(&measure.right, tick),
                left: beginning(&measure.left, tick),
            })
            .collect()
    }

    /// The measures of a bar that begin with these moments, and their chances.
    fn fitting(&self, bar: usize, heard: &[Moment]) -> Result<Vec<(Vec<Moment>, f64)>> {
        let mut fitting = Vec::new();
        if bar < BARS {
            let choices = self.choices(bar).into_iter();
            let choices = choices.map(|(measure, chance)| (self.moments_of(measure), chance));
            fitting.extend(choices.filter(|(moments, _)| moments.starts_with(heard)));
        }
        if fitting.is_empty() {
            return Err(Error::value(
                format!("No waltz of the game has these notes in bar {}", bar + 1),
                "Give moments that Game::moments has made, from the first one on",
            ));
        }
        Ok(fitting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use std::collections::HashSet;

    fn game() -> Game {
        Game::printed().unwrap()
    }

    #[test]
    fn the_table_names_every_printed_measure_once() {
        let game = game();
        assert_eq!(game.measures.len(), 176);
        let numbers: HashSet<usize> = game.table.iter().flatten().copied().collect();
        assert_eq!(numbers, (1..=176).collect());
        assert_eq!(game.number(0, 2), Some(96));
        assert_eq!(game.number(15, 12), Some(131));
        assert_eq!((game.number(16, 2), game.number(0, 1)), (None, None));
    }

    #[test]
    fn the_figures_of_the_facts_come_out() {
        let game = game();
        let choices: Vec<usize> = (0..BARS).map(|bar| game.choices(bar).len()).collect();
        let mut expected = [11; BARS];
        (expected[7], expected[15]) = (1, 2);
        assert_eq!(choices, expected);
        assert_eq!(game.count(), 759_499_667_166_482);
        assert!(
            (game.entropy_bits() - 46.151).abs() < 5e-4,
            "{}",
            game.entropy_bits()
        );
        let throw: Vec<f64> = (2..=12).map(chance_of_sum).collect();
        assert!((throw.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((16.0 * entropy_bits(&throw) - 52.390).abs() < 5e-4);
    }

    #[test]
    fn every_measure_fills_its_bar_with_notes_of_the_print() {
        let game = game();
        // 1, 23 and 134 as the print has them: (onset, pitch, duration).
        let notes = |hand: &[Note]| -> Vec<(u32, u8, u32)> {
            hand.iter()
                .map(|n| (n.onset, n.pitch.midi(), n.duration))
                .collect()
        };
        assert_eq!(
            notes(&game.measures[0].right),
            [(0, 77, 2), (2, 74, 2), (4, 79, 2)]
        );
        assert_eq!(
            notes(&game.measures[0].left),
            [(0, 53, 2), (2, 50, 2), (4, 55, 2)]
        );
        let left = [
            (0, 53, 1),
            (1, 52, 1),
            (2, 50, 1),
            (3, 52, 1),
            (4, 53, 1),
            (5, 55, 1),
        ];
        assert_eq!(notes(&game.measures[22].left), left);
        let last = [(5, 66, 1), (5, 69, 1)];
        assert!(notes(&game.measures[133].right).ends_with(&last));
        assert!(
            game.measures
                .iter()
                .all(|m| !m.right.is_empty() && !m.left.is_empty())
        );
    }

    #[test]
    fn the_first_part_is_repeated_with_its_two_endings() {
        let game = game();
        let waltz = Waltz::new([7; BARS]).unwrap();
        let score = game.score(&waltz);
        assert_eq!(score.end(), 24 * 6);
        let left = |bar: u32| -> Vec<u8> {
            let notes = score.voices[1].notes.iter();
            let bar = notes.filter(|note| note.onset / 6 == bar);
            bar.map(|note| note.pitch.midi()).collect()
        };
        assert_eq!(left(7), [43, 55, 53, 52, 50], "down to D, back to the beginning");
        assert_eq!(left(15), [43, 59, 55, 54, 52], "the second ending");
        assert_eq!(left(0), left(8));
        assert_eq!(game.bars(&waltz).end(), 16 * 6);
    }

    #[test]
    fn the_chances_of_the_next_moment_sum_to_one_and_multiply_to_the_waltz() {
        let game = game();
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        for waltz in game.corpus(20, &mut rng) {
            let moments = game.moments(&waltz);
            let mut bits = 0.0;
            for now in 0..moments.len() {
                let next = game.next(&moments[..now]).unwrap();
                assert!((next.iter().map(|known| known.1).sum::<f64>() - 1.0).abs() < 1e-12);
                let told = next.iter().find(|known| known.0 == moments[now]).unwrap();
                bits -= told.1.log2();
            }
            assert!((bits - game.information_bits(&waltz)).abs() < 1e-9);
            assert!(game.next(&moments).unwrap().is_empty());
        }
        let silence = vec![Moment::default(); 3];
        let message = game.next(&silence).unwrap_err().to_string();
        assert!(message.contains("bar 1"), "{message}");
        let mut endless = game.moments(&Waltz::new([2; BARS]).unwrap());
        endless.extend(endless.clone());
        assert!(game.next(&endless).is_err());
    }

    #[test]
    fn the_mean_information_of_many_waltzes_is_the_entropy() {
        let game = game();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let bits: Vec<f64> = game
            .corpus(4000, &mut rng)
            .iter()
            .map(|waltz| game.information_bits(waltz))
            .collect();
        let mean = bits.iter().sum::<f64>() / bits.len() as f64;
        let variance = bits.iter().map(|b| (b - mean).powi(2)).sum::<f64>() / bits.len() as f64;
        let error = (variance / bits.len() as f64).sqrt();
        assert!(
            (mean - game.entropy_bits()).abs() < 4.0 * error,
            "{mean} ± {error}"
        );
    }

    #[test]
    fn a_table_that_does_not_fit_is_refused_with_its_line() {
        let measures = include_str!("../../../data/dice-waltz/measures.abc");
        let table = include_str!("../../../data/dice-waltz/table.txt");
        for (from, to, says) in [
            (" 96 ", " 960 ", "line 5: there is no measure 960"),
            (" 96 ", " x ", "line 5: \"x\" is no number"),
            (" 96 ", " ", "line 5: 15 columns"),
            ("  3 |", "  4 |", "line 6: the row for the sum 3"),
            (" 12 |", "#12 |", "10 rows"),
        ] {
            let error = Game::parse(&table.replacen(from, to, 1), measures).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
        assert!(Game::parse(table, "X:1\nK:C\nC").is_err());
    }
}
