//! The one likeliest path of states: A. J. Viterbi (1967), found for decoding what a noisy channel garbled.

use super::{Emission, HiddenMarkov};
use crate::Result;
use ndarray::Array2;

/// A path through the states, and how likely it is together with what was heard.
#[derive(Clone, PartialEq, Debug)]
pub struct Path {
    /// A state for each time.
    pub states: Vec<usize>,
    /// The natural logarithm of the likelihood of path and music together; minus infinity where no path fits.
    pub log_likelihood: f64,
}

impl<E: Emission> HiddenMarkov<E> {
    /// The likeliest path of states, given all that was heard. As forward, with a maximum for the sum, and in logarithms:
    ///
    /// `best₀[j] = ln initial[j] + ln likelihood₀[j]`, and then
    /// `bestₜ[j] = maxᵢ (bestₜ₋₁[i] + ln transition[i, j]) + ln likelihoodₜ[j]`.
    ///
    /// Each `bestₜ[j]` remembers the `i` it came from. Read back from the best end, these pointers are the path. Of equal
    /// ones the lowest state is taken.
    ///
    /// # Errors
    /// If something heard is not of the alphabet.
    pub fn viterbi(&self, heard: &[E::Heard]) -> Result<Path> {
        let states = self.states();
        let transition = self.transition.mapv(f64::ln);
        let mut best = self.initial.mapv(f64::ln).to_vec();
        let mut logs = vec![0.0; states];
        let mut came_from = Array2::<usize>::zeros((heard.len(), states));
        for (t, heard) in heard.iter().enumerate() {
            if t > 0 {
                let mut reached = vec![f64::NEG_INFINITY; states];
                let mut from = came_from.row_mut(t);
                for (i, (row, before)) in transition.rows().into_iter().zip(&best).enumerate() {
                    for ((reached, from), step) in reached.iter_mut().zip(&mut from).zip(row) {
                        if before + step > *reached {
                            (*reached, *from) = (before + step, i);
                        }
                    }
                }
                best = reached;
            }
            self.emission.log_likelihoods(heard, &mut logs)?;
            best.iter_mut().zip(&logs).for_each(|(best, log)| *best += log);
        }
        let (mut state, mut log_likelihood) = (0, f64::NEG_INFINITY);
        for (end, &log) in best.iter().enumerate() {
            if log > log_likelihood {
                (state, log_likelihood) = (end, log);
            }
        }
        let mut path = Vec::with_capacity(heard.len());
        for pointers in came_from.rows().into_iter().rev() {
            path.push(state);
            state = pointers.get(state).copied().unwrap_or(0);
        }
        path.reverse();
        Ok(Path {
            log_likelihood: if path.is_empty() { 0.0 } else { log_likelihood },
            states: path,
        })
    }
}
