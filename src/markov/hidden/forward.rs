//! Forward and backward: what the past says of a state, and what the future says.
//!
//! L. E. Baum, T. Petrie, G. Soules and N. Weiss (1970), with the scaling of L. R. Rabiner (1989): a product of hundreds of
//! probabilities is too small for any number, so each time is normalised and the logarithms of the sums are added.

use super::{Emission, HiddenMarkov, NEGLIGIBLE, normalise, times};
use crate::{Error, Result};
use ndarray::Array2;

/// What [`HiddenMarkov::forward`] finds.
#[derive(Clone, PartialEq, Debug)]
pub struct Forward {
    /// α, `[T, K]`: how likely each state is, given what was heard until then and at that time. A row of zeros
    /// where the model holds what was heard impossible, and from there on.
    pub alpha: Array2<f64>,
    /// `[T]`: by what each row of α was divided, so that it sums to 1.
    pub(super) scales: Vec<f64>,
    /// The natural logarithm of the likelihood of all that was heard; minus infinity if it is impossible.
    pub log_likelihood: f64,
}

/// What backward finds.
pub(super) struct Backward {
    /// β, `[T, K]`: how likely each state makes what was heard afterwards, in such a measure that `Σᵢ αₜ[i] · βₜ[i] = 1`.
    pub(super) beta: Array2<f64>,
    /// `[T, K]`: how likely each state makes what was heard at that time and afterwards: `likelihoodₜ[j] · βₜ[j] / scaleₜ`.
    pub(super) onwards: Array2<f64>,
}

impl<E: Emission> HiddenMarkov<E> {
    /// The forward algorithm, with a sum to 1 at each time:
    ///
    /// `α₀[j] ∝ initial[j] · likelihood₀[j]`, and then `αₜ[j] ∝ (Σᵢ αₜ₋₁[i] · transition[i, j]) · likelihoodₜ[j]`.
    ///
    /// # Errors
    /// If something heard is not of the alphabet.
    pub fn forward(&self, heard: &[E::Heard]) -> Result<Forward> {
        let (likelihoods, taken_out) = self.likelihoods(heard)?;
        let mut forward = self.forward_through(likelihoods);
        forward.log_likelihood += taken_out;
        Ok(forward)
    }

    /// Turns likelihoods `[T, K]` into α.
    pub(super) fn forward_through(&self, likelihoods: Array2<f64>) -> Forward {
        let (mut alpha, mut scales) = (likelihoods, Vec::new());
        let mut expected = self.initial.to_vec();
        for now in rows(&mut alpha, self.states()) {
            now.iter_mut().zip(&expected).for_each(|(now, e)| *now *= e);
            scales.push(normalise(now));
            times(now, &self.transition, &mut expected);
        }
        Forward {
            log_likelihood: scales.iter().map(|scale| scale.ln()).sum(),
            alpha,
            scales,
        }
    }

    /// The backward algorithm, the mirror of forward and in its scale. At the end `β[i] = 1`, and before
    ///
    /// `βₜ[i] = Σⱼ transition[i, j] · likelihoodₜ₊₁[j] · βₜ₊₁[j] / scaleₜ₊₁`.
    ///
    /// A state that forward holds impossible is left out: whatever it would explain, nothing leads there, and its β
    /// might grow beyond all numbers.
    pub(super) fn backward_through(&self, likelihoods: Array2<f64>, forward: &Forward) -> Backward {
        let (mut beta, mut onwards) = (Array2::zeros(likelihoods.raw_dim()), likelihoods);
        let mut expected = vec![1.0; self.states()];
        let states = self.states();
        let alpha = forward
            .alpha
            .as_slice()
            .unwrap_or_default()
            .chunks_exact(states.max(1));
        let both = rows(&mut onwards, states).zip(rows(&mut beta, states));
        for ((now, beta), (alpha, scale)) in both.zip(alpha.zip(&forward.scales)).rev() {
            beta.copy_from_slice(&expected);
            let factor = 1.0 / scale;
            for ((now, e), alpha) in now.iter_mut().zip(&expected).zip(alpha) {
                let onwards = *now * factor * e;
                *now = if *alpha > 0.0 && onwards > NEGLIGIBLE {
                    onwards
                } else {
                    0.0
                };
            }
            times(now, &self.transposed, &mut expected);
        }
        Backward { beta, onwards }
    }

    /// The posterior (γ), `[T, K]`: how likely each state was at each time, given all that was heard: `γₜ[i] = αₜ[i] · βₜ[i]`.
    ///
    /// # Errors
    /// If something heard is not of the alphabet, or if the model holds all of it together impossible.
    pub fn posterior(&self, heard: &[E::Heard]) -> Result<Array2<f64>> {
        let (likelihoods, _) = self.likelihoods(heard)?;
        let forward = self.forward_through(likelihoods.clone());
        if forward.log_likelihood == f64::NEG_INFINITY {
            return Err(impossible());
        }
        let backward = self.backward_through(likelihoods, &forward);
        Ok(forward.alpha * backward.beta)
    }

    /// The natural logarithm of the likelihood of what was heard; minus infinity if the model holds it impossible. Zero
    /// for nothing at all.
    ///
    /// # Errors
    /// If something heard is not of the alphabet.
    pub fn log_likelihood(&self, heard: &[E::Heard]) -> Result<f64> {
        Ok(self.forward(heard)?.log_likelihood)
    }

    /// How many nats a thing heard tells, on average over many sequences: minus the log-likelihood of all, shared out
    /// among the times. Zero for nothing at all. A nat is 1.4427 bits.
    ///
    /// # Errors
    /// If something heard is not of the alphabet.
    pub fn nats_per_time<S: AsRef<[E::Heard]>>(&self, sequences: &[S]) -> Result<f64> {
        let (mut nats, mut heard) = (0.0, 0usize);
        for sequence in sequences {
            nats -= self.log_likelihood(sequence.as_ref())?;
            heard += sequence.as_ref().len();
        }
        Ok(nats / heard.max(1) as f64)
    }

    /// The same in bits.
    ///
    /// # Errors
    /// As [`HiddenMarkov::nats_per_time`].
    pub fn bits_per_time<S: AsRef<[E::Heard]>>(&self, sequences: &[S]) -> Result<f64> {
        Ok(self.nats_per_time(sequences)? / std::f64::consts::LN_2)
    }

    /// How likely each state lets each thing be heard, `[T, K]`, up to factors; and the sum of their logarithms.
    pub(super) fn likelihoods(&self, heard: &[E::Heard]) -> Result<(Array2<f64>, f64)> {
        let mut likelihoods = Array2::zeros((heard.len(), self.states()));
        let mut taken_out = 0.0;
        for (heard, row) in heard.iter().zip(rows(&mut likelihoods, self.states())) {
            taken_out += self.emission.likelihoods(heard, row)?;
        }
        Ok((likelihoods, taken_out))
    }
}

/// The rows of a matrix `[T, K]` as slices.
pub(super) fn rows(matrix: &mut Array2<f64>, states: usize) -> std::slice::ChunksExactMut<'_, f64> {
    let all = matrix.as_slice_mut().unwrap_or_default(); // made by `zeros`: in rows
    all.chunks_exact_mut(states.max(1))
}

pub(super) fn impossible() -> Error {
    Error::value(
        "The model holds what was heard impossible: no path of its states leads through it",
        "Train it with pseudo-counts, so that nothing is impossible, or start from a random model",
    )
}
