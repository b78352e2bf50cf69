//! Hidden Markov models: a chain of states that nobody hears, and what each state lets be heard.
//!
//! ```text
//!   state     s₀ ──► s₁ ──► s₂ ──► …     a Markov chain: the transition matrix
//!             │      │      │
//!             ▼      ▼      ▼
//!   heard     x₀     x₁     x₂    …      each by its own state alone: the emission
//! ```
//!
//! Three questions, three algorithms. How likely is what was heard, and which states were likely? *Forward* and
//! *backward* ([`HiddenMarkov::posterior`]). Which one path of states is the likeliest? *Viterbi*
//! ([`HiddenMarkov::viterbi`]). Which model explains the music best? *Baum–Welch* ([`HiddenMarkov::fit`]).
//! A chain over what one hears (`markov::chain`) is no hidden Markov model: there nothing is hidden.
//!
//! Shapes, throughout these files: `K` states, `T` times, `V` symbols.
//!
//! | | shape | |
//! |---|---|---|
//! | initial | `[K]` | the probability of each state at time 0 |
//! | transition | `[K, K]` | row: from this state; column: to that one |
//! | likelihoods | `[T, K]` | how likely each state lets what was heard be heard, up to a factor for each time |
//! | α, β, posterior | `[T, K]` | see [`forward`](HiddenMarkov::forward) |
//!
//! Left out: states that last a given time, continuous emissions, several chains at once.

mod baum_welch;
mod chord;
mod chords;
mod emission;
mod filter;
mod forward;
mod harmony;
mod segments;
mod together;
mod viterbi;

pub use baum_welch::{PseudoCounts, Rounds, Training};
pub use chord::{Chord, Quality};
pub use chords::Chords;
pub use emission::{Emission, Symbols};
pub use filter::Filter;
pub use forward::Forward;
pub use harmony::{Harmoniser, Saved};
pub use viterbi::Path;

use crate::predict::Sampling;
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use rand::Rng;
use rand_distr::{Distribution, Exp1};

/// A hidden Markov model with `K` states and some kind of [`Emission`]: [`Symbols`] or [`Chords`].
#[derive(Clone, PartialEq, Debug)]
pub struct HiddenMarkov<E> {
    initial: Array1<f64>,
    /// `[K, K]`, rows in memory one after the other.
    transition: Array2<f64>,
    /// The same transposed, so that backward runs through rows too.
    transposed: Array2<f64>,
    emission: E,
}

impl<E: Emission> HiddenMarkov<E> {
    /// The model of these probabilities: `initial` `[K]`, `transition` `[K, K]` (from row to column).
    ///
    /// # Errors
    /// If the shapes do not fit each other, or if `initial` or a row of `transition` does not sum to 1.
    pub fn new(initial: Array1<f64>, transition: Array2<f64>, emission: E) -> Result<HiddenMarkov<E>> {
        let states = emission.states();
        if initial.len() != states || transition.dim() != (states, states) {
            return Err(Error::value(
                format!(
                    "The emission has {states} states, but the initial distribution has {} and the transition \
                     matrix is {:?}",
                    initial.len(),
                    transition.dim()
                ),
                "Give [K] and [K, K] for an emission of K states",
            ));
        }
        check_distribution("The initial distribution", initial.view())?;
        for (state, row) in transition.rows().into_iter().enumerate() {
            check_distribution(&format!("Row {state} of the transition matrix"), row)?;
        }
        Ok(HiddenMarkov::checked(initial, transition, emission))
    }

    /// As [`HiddenMarkov::new`], for what is known to fit.
    fn checked(initial: Array1<f64>, transition: Array2<f64>, emission: E) -> HiddenMarkov<E> {
        HiddenMarkov {
            initial,
            transposed: transition.t().as_standard_layout().into_owned(),
            transition: transition.as_standard_layout().into_owned(),
            emission,
        }
    }

    /// A model of this emission whose chain is drawn at random (every distribution is equally likely): a place for
    /// Baum–Welch to start from.
    pub fn random(emission: E, rng: &mut impl Rng) -> HiddenMarkov<E> {
        let states = emission.states();
        let initial = random_rows(1, states, rng).row(0).to_owned();
        let transition = random_rows(states, states, rng);
        HiddenMarkov::checked(initial, transition, emission)
    }

    /// How many states there are, `K`.
    pub fn states(&self) -> usize {
        self.initial.len()
    }

    /// The probability of each state at the beginning, `[K]`.
    pub fn initial(&self) -> ArrayView1<'_, f64> {
        self.initial.view()
    }

    /// The probability of each state (column) after each state (row), `[K, K]`.
    pub fn transition(&self) -> ArrayView2<'_, f64> {
        self.transition.view()
    }

    /// What the states let be heard.
    pub fn emission(&self) -> &E {
        &self.emission
    }

    /// Lets the model play: so many states, and what was heard in them.
    pub fn sample(&self, length: usize, rng: &mut impl Rng) -> (Vec<usize>, Vec<E::Heard>) {
        let draw = |row: ArrayView1<f64>, rng: &mut _| Sampling::default().draw(&row.to_vec(), rng);
        let (mut states, mut heard) = (Vec::new(), Vec::new());
        let mut row = self.initial.view();
        while states.len() < length {
            let Some(state) = draw(row, rng) else { break };
            heard.push(self.emission.draw(state, rng));
            states.push(state);
            row = self.transition.row(state);
        }
        (states, heard)
    }
}

/// What is less likely than this beside the rest counts as impossible. Two factors of this size still make a
/// normal number; below that, arithmetic is a hundred times slower.
const NEGLIGIBLE: f64 = 1e-150;

/// Divides numbers by their sum, and returns the sum. Where all are zero they stay so.
fn normalise(values: &mut [f64]) -> f64 {
    let total = ArrayView1::from(&*values).sum();
    if total < f64::MIN_POSITIVE {
        values.fill(0.0);
        return 0.0;
    }
    let factor = 1.0 / total; // a product is quicker than a division
    for value in values {
        let share = *value * factor;
        *value = if share < NEGLIGIBLE { 0.0 } else { share };
    }
    total
}

/// The product of a row vector `[K]` and a matrix `[K, width]`: `out[j] = Σᵢ vector[i] · matrix[i, j]`. Most of the time of
/// forward and backward is spent here, so it takes the widest registers that the processor has.
fn times(vector: &[f64], matrix: &Array2<f64>, out: &mut [f64]) {
    let matrix = matrix.as_slice().unwrap_or_default(); // in rows: the constructor sees to that
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has been asked for what the function needs.
        return unsafe { times_wide(vector, matrix, out) };
    }
    times_any(vector, matrix, out);
}

/// The same for processors with registers of four numbers. It adds in the same order: the result is equal to the last bit.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn times_wide(vector: &[f64], matrix: &[f64], out: &mut [f64]) {
    times_any(vector, matrix, out);
}

#[inline(always)] // so that it is compiled for the registers of its caller
fn times_any(vector: &[f64], matrix: &[f64], out: &mut [f64]) {
    let width = out.len().max(1);
    out.fill(0.0);
    // Four rows at once: `out` goes to memory and back a quarter as often.
    let fours = vector.chunks_exact(4);
    let (left, after) = (fours.remainder(), vector.len() / 4 * 4 * width);
    for (weights, rows) in fours.zip(matrix.chunks_exact(4 * width)) {
        let (first, rest) = rows.split_at(width);
        let (second, rest) = rest.split_at(width);
        let (third, fourth) = rest.split_at(width);
        for (j, out) in out.iter_mut().enumerate() {
            *out += (weights[0] * first[j] + weights[1] * second[j])
                + (weights[2] * third[j] + weights[3] * fourth[j]);
        }
    }
    let rows = matrix.get(after..).unwrap_or_default().chunks_exact(width);
    for (weight, row) in left.iter().zip(rows) {
        for (out, value) in out.iter_mut().zip(row) {
            *out += weight * value;
        }
    }
}

/// Rows that sum to 1, each drawn evenly from all distributions (Dirichlet with every parameter 1).
fn random_rows(rows: usize, columns: usize, rng: &mut impl Rng) -> Array2<f64> {
    let mut drawn: Array2<f64> = Array2::from_shape_simple_fn((rows, columns), || Exp1.sample(rng));
    for mut row in drawn.rows_mut() {
        let total = row.sum();
        row /= total;
    }
    drawn
}

/// Checks that probabilities are some, sum to 1 and that none is negative.
fn check_distribution(what: &str, probabilities: ArrayView1<f64>) -> Result<()> {
    let total = probabilities.sum();
    if probabilities.iter().all(|&p| p >= 0.0) && (total - 1.0).abs() < 1e-6 {
        return Ok(());
    }
    Err(Error::value(
        format!("{what} is no distribution: {probabilities}"),
        "Give probabilities from 0 to 1 that sum to 1, and at least one state",
    ))
}

#[cfg(test)]
mod tests;
