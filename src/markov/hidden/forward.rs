//! Forward and backward: what the past says of a state, and what the future says.
//!
//! L. E. Baum, T. Petrie, G. Soules and N. Weiss (1970), with the scaling of L. R. Rabiner (1989): a product of hundreds of
//! probabilities is too small for any number, so each time is normalised and the logarithms of the sums are added.

use super::{Emission, HiddenMarkov, normalise, times};
use crate::{Error, Result};
use ndarray::Array2;

/// What [`HiddenMarkov::forward`] finds.
#[derive(Clone, PartialEq, Debug)]
pub struct Forward {
    /// α, `[T, K]`: how likely each state is, given what was heard until then and at that time. A row of zeros
    /// where the model holds what was heard impossible, and from there on.
    pub alpha: Array2<f64>,
    /// The natural logarithm of the likelihood of all that was heard; minus infinity if it is impossible.
    pub log_likelihood: f64,
}

/// What backward finds.
pub(super) struct Backward {
    /// β, `[T, K]`: how likely each state makes what was heard afterwards, up to a factor for each time.
    pub(super) beta: Array2<f64>,
    /// `[T, K]`: how likely each state makes what was heard at that time and afterwards; sums to 1.
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
        let (mut alpha, mut log_likelihood) = (likelihoods, 0.0);
        let mut expected = self.initial.to_vec();
        for now in rows(&mut alpha, self.states()) {
            now.iter_mut().zip(&expected).for_each(|(now, e)| *now *= e);
            log_likelihood += normalise(now).ln();
            times(now, &self.transition, &mut expected);
        }
        Forward {
            alpha,
            log_likelihood,
        }
    }

    /// The backward algorithm, the mirror of forward. At the end `β[i] = 1`, and before
    ///
    /// `βₜ[i] ∝ Σⱼ transition[i, j] · likelihoodₜ₊₁[j] · βₜ₊₁[j]`.
    pub(super) fn backward_through(&self, likelihoods: Array2<f64>) -> Backward {
        let (mut beta, mut onwards) = (Array2::zeros(likelihoods.raw_dim()), likelihoods);
        let mut expected = vec![1.0; self.states()];
        let both = rows(&mut onwards, self.states()).zip(rows(&mut beta, self.states()));
        for (now, beta) in both.rev() {
            beta.copy_from_slice(&expected);
            now.iter_mut().zip(&expected).for_each(|(now, e)| *now *= e);
            normalise(now);
            times(now, &self.transposed, &mut expected);
        }
        Backward { beta, onwards }
    }

    /// The posterior (γ), `[T, K]`: how likely each state was at each time, given all that was heard. `γₜ[i] ∝ αₜ[i] · βₜ[i]`.
    ///
    /// # Errors
    /// If something heard is not of the alphabet, or if the model holds all of it together impossible.
    pub fn posterior(&self, heard: &[E::Heard]) -> Result<Array2<f64>> {
        let (likelihoods, _) = self.likelihoods(heard)?;
        let Forward {
            mut alpha,
            log_likelihood,
        } = self.forward_through(likelihoods.clone());
        if log_likelihood == f64::NEG_INFINITY {
            return Err(impossible());
        }
        let mut beta = self.backward_through(likelihoods).beta;
        let states = self.states();
        for (alpha, beta) in rows(&mut alpha, states).zip(rows(&mut beta, states)) {
            posterior_of(alpha, beta);
            alpha.copy_from_slice(beta);
        }
        Ok(alpha)
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

/// Turns a row of β into the posterior; returns `Σᵢ α[i] · β[i]`, by which it was divided.
pub(super) fn posterior_of(alpha: &[f64], beta: &mut [f64]) -> f64 {
    beta.iter_mut()
        .zip(alpha)
        .for_each(|(beta, alpha)| *beta *= alpha);
    let total = normalise(beta);
    if total == 0.0 {
        // Past and future agree on nothing that counts: the past decides.
        beta.copy_from_slice(alpha);
    }
    total
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
