//! The transition matrix: a first-order chain over a few states, such as the weather.

use crate::{Error, Result};
use ndarray::Array2;
use rand::{Rng, RngExt};

/// The most states of a matrix: 128 MB.
const MOST_STATES: usize = 4096;

/// How far the sum of a row may be from 1.
const CRUMB: f64 = 1e-6;

/// The probability of each next state (column), given the state now (row).
#[derive(Clone, PartialEq, Debug)]
pub struct TransitionMatrix {
    /// Square; each row sums to 1.
    rows: Array2<f64>,
}

impl TransitionMatrix {
    /// The chain of these probabilities.
    ///
    /// # Errors
    /// If the matrix is empty or not square, or if a row is no distribution.
    pub fn new(rows: Array2<f64>) -> Result<TransitionMatrix> {
        if rows.is_empty() || !rows.is_square() {
            return Err(Error::value(
                format!(
                    "A matrix of {} rows and {} columns is no chain",
                    rows.nrows(),
                    rows.ncols()
                ),
                "Give a row and a column for each state",
            ));
        }
        for (state, row) in rows.outer_iter().enumerate() {
            let possible = row.iter().all(|p| (0.0..=1.0 + CRUMB).contains(p));
            if !possible || (row.sum() - 1.0).abs() > CRUMB {
                return Err(Error::value(
                    format!("Row {state} of the transition matrix is no distribution"),
                    "Give probabilities from 0 to 1 whose sum is 1",
                ));
            }
        }
        Ok(TransitionMatrix { rows })
    }

    /// Learns from diaries: the share of each next state among all that came after a state. This is the
    /// maximum-likelihood estimate. A state after which nothing ever came is followed by all alike: nothing is known.
    ///
    /// # Errors
    /// If there are no states or more than 4,096, or a diary names one that is not below `states`.
    pub fn learned<S: AsRef<[usize]>>(states: usize, diaries: &[S]) -> Result<TransitionMatrix> {
        if states > MOST_STATES {
            return Err(Error::value(
                format!("A matrix of {states} states is too large"),
                "For many symbols take a Chain of order 1, which keeps only what it has heard",
            ));
        }
        let mut rows = Array2::zeros((states, states));
        for diary in diaries.iter().map(AsRef::as_ref) {
            if let Some(state) = diary.iter().find(|&&state| state >= states) {
                return Err(Error::value(
                    format!("State {state} is not one of {states}"),
                    "Count the states from 0",
                ));
            }
            for pair in diary.windows(2) {
                rows[(pair[0], pair[1])] += 1.0;
            }
        }
        for mut row in rows.outer_iter_mut() {
            let total = row.sum();
            row.mapv_inplace(|count| {
                if total > 0.0 {
                    count / total
                } else {
                    1.0 / states as f64
                }
            });
        }
        TransitionMatrix::new(rows)
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.rows.nrows()
    }

    /// The matrix: `[(now, next)]`.
    pub fn rows(&self) -> &Array2<f64> {
        &self.rows
    }

    /// The probability to go from one state to another; 0 if one of them is not there.
    pub fn probability(&self, from: usize, to: usize) -> f64 {
        self.rows.get((from, to)).copied().unwrap_or(0.0)
    }

    /// The matrix of so many steps at once, `P^n`, by repeated squaring.
    #[must_use]
    pub fn steps(&self, mut n: u32) -> TransitionMatrix {
        let mut result = Array2::eye(self.states());
        let mut square = self.rows.clone();
        while n > 0 {
            if n % 2 == 1 {
                result = result.dot(&square);
            }
            square = normalised(square.dot(&square));
            n /= 2;
        }
        TransitionMatrix {
            rows: normalised(result),
        }
    }

    /// How likely each state is after so many steps, if `start` says how likely each is now. As many values as states;
    /// what `start` does not tell is 0.
    pub fn forecast(&self, start: &[f64], steps: u32) -> Vec<f64> {
        let matrix = self.steps(steps);
        let to = |next: usize| {
            let ways = start.iter().enumerate();
            ways.map(|(now, probability)| probability * matrix.probability(now, next))
                .sum::<f64>()
        };
        (0..self.states()).map(to).collect()
    }

    /// The stationary distribution: the one that a step leaves as it is, and that every forecast comes near, unless the
    /// chain goes in circles. Worked out from the lazy chain `(P + I) / 2`, which has the same one and no
    /// circles, by squaring it until its rows no longer change.
    ///
    /// # Errors
    /// If there are several, since the chain falls apart into pieces that are never left.
    pub fn stationary(&self) -> Result<Vec<f64>> {
        let states = self.states();
        let mut lazy = (&self.rows + &Array2::<f64>::eye(states)) / 2.0;
        for _ in 0..64 {
            lazy = normalised(lazy.dot(&lazy));
        }
        let first = lazy.row(0);
        let agreed = lazy
            .outer_iter()
            .all(|row| row.iter().zip(first).all(|(a, b)| (a - b).abs() < 1e-6));
        if agreed {
            return Ok(first.to_vec());
        }
        Err(Error::value(
            "The chain has several stationary distributions: where it ends depends on where it starts",
            "Give a chain in which some state can be reached from every other",
        ))
    }

    /// A walk of so many states, the first of which is `start` (or the last state there is).
    pub fn walk(&self, start: usize, length: usize, rng: &mut impl Rng) -> Vec<usize> {
        let mut state = start.min(self.states() - 1);
        let mut walk = Vec::new();
        while walk.len() < length {
            walk.push(state);
            let mut left: f64 = rng.random();
            let row = self.rows.row(state);
            let passed = |probability: &f64| {
                left -= probability;
                left < 0.0
            };
            let likely = || row.iter().rposition(|&probability| probability > 0.0);
            state = row.iter().position(passed).or_else(likely).unwrap_or(state);
        }
        walk
    }
}

/// Each row scaled to a sum of exactly 1, so that rounding does not add up.
fn normalised(mut rows: Array2<f64>) -> Array2<f64> {
    for mut row in rows.outer_iter_mut() {
        let total = row.sum();
        row.mapv_inplace(|value| value / total);
    }
    rows
}

/// How far two distributions are apart: the total variation distance, 0 (the same) to 1 (nothing in common).
pub fn total_variation(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn weather() -> TransitionMatrix {
        TransitionMatrix::new(array![[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.2, 0.4, 0.4]]).unwrap()
    }

    #[test]
    fn counting_a_diary_gives_shares() {
        let learned = TransitionMatrix::learned(3, &[vec![0, 0, 1, 0, 1], vec![], vec![1, 0]]).unwrap();
        let third = 1.0 / 3.0;
        let expected = array![[third, 2.0 * third, 0.0], [1.0, 0.0, 0.0], [third, third, third]];
        assert!((learned.rows() - expected).iter().all(|d| d.abs() < 1e-12));
        assert!(TransitionMatrix::learned(2, &[[0usize, 2]]).is_err());
        assert!(TransitionMatrix::learned(usize::MAX, &[[0usize; 0]]).is_err());
        assert!(TransitionMatrix::learned(0, &[[0usize; 0]]).is_err());
    }

    #[test]
    fn a_long_diary_recovers_the_matrix_within_its_confidence() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let diary = weather().walk(0, 20_000, &mut rng);
        let learned = TransitionMatrix::learned(3, &[&diary]).unwrap();
        for from in 0..3 {
            let days = diary.iter().filter(|&&state| state == from).count() as f64;
            for to in 0..3 {
                let p = weather().probability(from, to);
                let error = (p * (1.0 - p) / days).sqrt();
                assert!((learned.probability(from, to) - p).abs() < 3.5 * error);
            }
        }
        let short = TransitionMatrix::learned(3, &[&diary[..100]]).unwrap();
        let far = |m: &TransitionMatrix| (m.rows() - weather().rows()).mapv(f64::abs).sum();
        assert!(far(&short) > 2.0 * far(&learned), "a short diary knows less");
    }

    #[test]
    fn the_stationary_distribution_is_the_eigenvector() {
        let still = weather().stationary().unwrap();
        // Solved by hand from p = p P: 6/13, 4/13, 3/13.
        for (value, expected) in still.iter().zip([6.0, 4.0, 3.0]) {
            assert!((value - expected / 13.0).abs() < 1e-12, "{still:?}");
        }
        let next = weather().forecast(&still, 1);
        assert!(total_variation(&next, &still) < 1e-12);
        let far = weather().forecast(&[0.0, 0.0, 1.0], 40);
        assert!(total_variation(&far, &still) < 1e-9);
    }

    #[test]
    fn circles_have_a_stationary_distribution_and_separate_pieces_have_several() {
        let circle = TransitionMatrix::new(array![[0.0, 1.0], [1.0, 0.0]]).unwrap();
        assert_eq!(circle.stationary().unwrap(), [0.5, 0.5]);
        assert_eq!(circle.forecast(&[1.0, 0.0], 7), [0.0, 1.0]);
        let trap = TransitionMatrix::new(array![[0.5, 0.5], [0.0, 1.0]]).unwrap();
        assert!(trap.stationary().unwrap()[0] < 1e-12);
        let apart = TransitionMatrix::new(array![[1.0, 0.0], [0.0, 1.0]]).unwrap();
        assert!(apart.stationary().is_err());
    }

    #[test]
    fn n_steps_are_n_single_ones() {
        let mut one_by_one = vec![0.0, 1.0, 0.0];
        for _ in 0..5 {
            one_by_one = weather().forecast(&one_by_one, 1);
        }
        assert!(total_variation(&weather().forecast(&[0.0, 1.0], 5), &one_by_one) < 1e-12);
        assert_eq!(weather().forecast(&[0.0, 1.0], 0), [0.0, 1.0, 0.0]);
        assert!(weather().steps(u32::MAX).rows().iter().all(|p| p.is_finite()));
    }

    #[test]
    fn what_is_no_chain_is_refused() {
        for rows in [
            Array2::zeros((0, 0)),
            array![[1.0, 0.0]],
            array![[0.5, 0.4], [0.0, 1.0]],
            array![[1.5, -0.5], [0.0, 1.0]],
            array![[f64::NAN, 1.0], [0.0, 1.0]],
        ] {
            assert!(TransitionMatrix::new(rows).is_err());
        }
    }
}
