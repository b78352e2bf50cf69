//! What a hidden state lets be heard: the trait, and its first case, one symbol at a time.

use super::{check_distribution, random_rows};
use crate::predict::Sampling;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use rand::{Rng, RngExt};

/// How likely each state lets each thing be heard.
pub trait Emission: Clone + Sync {
    /// What is heard at one time.
    type Heard: Sync;

    /// How many states there are, `K`.
    fn states(&self) -> usize;

    /// Fills `logs` `[K]` with the natural logarithm of the likelihood of what was heard, in each state.
    ///
    /// # Errors
    /// If no state could ever let this be heard, since it is not of the alphabet.
    fn log_likelihoods(&self, heard: &Self::Heard, logs: &mut [f64]) -> Result<()>;

    /// Fills `likelihoods` `[K]` in proportion to the likelihoods, and returns the logarithm of the factor that was
    /// taken out: many keys together are so unlikely that their product might vanish.
    ///
    /// # Errors
    /// As [`Emission::log_likelihoods`].
    fn likelihoods(&self, heard: &Self::Heard, likelihoods: &mut [f64]) -> Result<f64> {
        self.log_likelihoods(heard, likelihoods)?;
        let highest = likelihoods.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let taken_out = if highest.is_finite() { highest } else { 0.0 };
        for likelihood in likelihoods {
            *likelihood = (*likelihood - taken_out).exp();
        }
        Ok(taken_out)
    }

    /// Draws what is heard in a state.
    fn draw(&self, state: usize, rng: &mut impl Rng) -> Self::Heard;

    /// How many different things [`Emission::count`] counts.
    fn counted(&self) -> usize;

    /// Adds what was heard to the counts `[counted, K]`, for each state as much as it is likely to have been the one.
    fn count(&self, heard: &Self::Heard, posterior: &[f64], counts: &mut Array2<f64>);

    /// The emission that makes these counts likeliest, with a pseudo-count added to each. `visits` `[K]` says how
    /// often each state was there; one that never was keeps what it had.
    #[must_use]
    fn learned(&self, counts: &Array2<f64>, visits: &Array1<f64>, pseudo_count: f64) -> Self;
}

/// One symbol at a time, out of `V`: each state has its own distribution.
#[derive(Clone, PartialEq, Debug)]
pub struct Symbols {
    /// `[V, K]`: row `v` holds how likely each state lets symbol `v` be heard.
    by_symbol: Array2<f64>,
}

impl Symbols {
    /// From the probability of each symbol (column) in each state (row), `[K, V]`.
    ///
    /// # Errors
    /// If a row does not sum to 1, or if there is no row.
    pub fn new(probabilities: Array2<f64>) -> Result<Symbols> {
        for (state, row) in probabilities.rows().into_iter().enumerate() {
            check_distribution(&format!("The emission of state {state}"), row)?;
        }
        at_least_one(probabilities.nrows(), "states")?;
        Ok(Symbols {
            by_symbol: probabilities.t().as_standard_layout().into_owned(),
        })
    }

    /// Draws the distributions at random: a place for Baum–Welch to start from.
    ///
    /// # Errors
    /// If there are no states or no symbols.
    pub fn random(states: usize, alphabet: usize, rng: &mut impl Rng) -> Result<Symbols> {
        at_least_one(states, "states")?;
        at_least_one(alphabet, "symbols")?;
        Symbols::new(random_rows(states, alphabet, rng))
    }

    /// A better place to start from: each state lies half-way between a symbol drawn from the music and the mean of
    /// all, so that no two begin alike.
    ///
    /// # Errors
    /// If there are no states, if the music is empty, or if it has a symbol that is not below `alphabet`.
    pub fn from_music<S: AsRef<[usize]>>(
        states: usize,
        alphabet: usize,
        music: &[S],
        rng: &mut impl Rng,
    ) -> Result<Symbols> {
        let symbols: Vec<usize> = music.iter().flat_map(AsRef::as_ref).copied().collect();
        at_least_one(states, "states")?;
        at_least_one(symbols.len(), "symbols to learn from")?;
        let mut mean = Array1::zeros(alphabet);
        for &symbol in &symbols {
            match mean.get_mut(symbol) {
                Some(share) => *share += 0.5 / symbols.len() as f64,
                None => return Err(unknown(symbol, alphabet)),
            }
        }
        let mut probabilities = Array2::zeros((states, alphabet));
        for mut row in probabilities.rows_mut() {
            row.assign(&mean);
            row[symbols[rng.random_range(0..symbols.len())]] += 0.5;
        }
        Symbols::new(probabilities)
    }

    /// How many symbols there are, `V`.
    pub fn alphabet(&self) -> usize {
        self.by_symbol.nrows()
    }

    /// The probability of each symbol (column) in each state (row), `[K, V]`.
    pub fn probabilities(&self) -> ArrayView2<'_, f64> {
        self.by_symbol.t()
    }

    /// How likely each state lets each symbol be heard, `[V, K]`.
    pub(super) fn by_symbol(&self) -> ArrayView2<'_, f64> {
        self.by_symbol.view()
    }

    fn row(&self, symbol: usize) -> Result<ArrayView1<'_, f64>> {
        if symbol < self.alphabet() {
            return Ok(self.by_symbol.row(symbol));
        }
        Err(unknown(symbol, self.alphabet()))
    }
}

fn unknown(symbol: usize, alphabet: usize) -> Error {
    Error::value(
        format!("Symbol {symbol} is not one of the model's {alphabet}"),
        "Encode the music with the alphabet that the model was made for",
    )
}

impl Emission for Symbols {
    type Heard = usize;

    fn states(&self) -> usize {
        self.by_symbol.ncols()
    }

    fn log_likelihoods(&self, &symbol: &usize, logs: &mut [f64]) -> Result<()> {
        let row = self.row(symbol)?;
        logs.iter_mut().zip(row).for_each(|(log, p)| *log = p.ln());
        Ok(())
    }

    /// No logarithm is needed for one symbol, and no factor taken out.
    fn likelihoods(&self, &symbol: &usize, likelihoods: &mut [f64]) -> Result<f64> {
        let row = self.row(symbol)?;
        likelihoods.iter_mut().zip(row).for_each(|(to, &p)| *to = p);
        Ok(0.0)
    }

    fn draw(&self, state: usize, rng: &mut impl Rng) -> usize {
        let probabilities = self.by_symbol.column(state).to_vec();
        Sampling::default().draw(&probabilities, rng).unwrap_or(0)
    }

    fn counted(&self) -> usize {
        self.alphabet()
    }

    fn count(&self, &symbol: &usize, posterior: &[f64], counts: &mut Array2<f64>) {
        if symbol < counts.nrows() {
            let mut row = counts.row_mut(symbol);
            row += &ArrayView1::from(posterior);
        }
    }

    fn learned(&self, counts: &Array2<f64>, _visits: &Array1<f64>, pseudo_count: f64) -> Symbols {
        let mut by_symbol = counts + pseudo_count;
        for (state, mut column) in by_symbol.axis_iter_mut(Axis(1)).enumerate() {
            let total = column.sum();
            if total > 0.0 {
                column /= total;
            } else {
                column.assign(&self.by_symbol.column(state));
            }
        }
        Symbols { by_symbol }
    }
}

/// Checks that a model has some of what it is made of.
pub(super) fn at_least_one(number: usize, what: &str) -> Result<()> {
    if number > 0 {
        return Ok(());
    }
    Err(Error::value(
        format!("A hidden Markov model without {what} makes no sense"),
        "Ask for one at least",
    ))
}
