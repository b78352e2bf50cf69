//! Learning without being told the states: L. E. Baum, T. Petrie, G. Soules and N. Weiss (1970); the scaling is
//! Rabiner's (1989).
//!
//! Each iteration counts how often each state and each step between states is expected to have been there, given
//! what was heard, and makes these counts the new probabilities. The likelihood never falls. It is the case of
//! expectation and maximisation (Dempster, Laird and Rubin, 1977) that was known first.

use super::forward::{impossible, rows};
use super::{Emission, HiddenMarkov, normalise};
use crate::threads::*;
use crate::{Error, Result};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, s};

/// What is added to each count before it becomes a probability, so that nothing is impossible because it has not
/// been heard yet. With zeros the likelihood never falls; with more it is likelihood times prior that never falls.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PseudoCounts {
    /// Added to the count of each state to begin in.
    pub initial: f64,
    /// Added to the count of each step from state to state.
    pub transition: f64,
    /// Added to the count of each thing that a state shows.
    pub emission: f64,
}

impl PseudoCounts {
    /// Nothing is added: the likeliest model of just this music.
    pub const NONE: PseudoCounts = PseudoCounts {
        initial: 0.0,
        transition: 0.0,
        emission: 0.0,
    };

    fn check(&self) -> Result<()> {
        let all = [self.initial, self.transition, self.emission];
        match all.iter().find(|count| !(0.0..=1e12).contains(*count)) {
            None => Ok(()),
            Some(count) => Err(Error::value(
                format!("A pseudo-count cannot be {count}"),
                "Give a number from 0 on, such as 0.1",
            )),
        }
    }
}

impl Default for PseudoCounts {
    /// Little, but enough that nothing is impossible.
    fn default() -> PseudoCounts {
        PseudoCounts {
            initial: 0.01,
            transition: 0.01,
            emission: 0.1,
        }
    }
}

/// How long to learn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Training {
    /// The most iterations.
    pub iterations: usize,
    /// It ends when an iteration changes the log-likelihood by less than so many nats per thing heard.
    pub tolerance: f64,
    /// What is added to each count.
    pub pseudo_counts: PseudoCounts,
}

impl Default for Training {
    fn default() -> Training {
        Training {
            iterations: 200,
            tolerance: 1e-4,
            pseudo_counts: PseudoCounts::default(),
        }
    }
}

impl<E: Emission + Send> HiddenMarkov<E> {
    /// Baum–Welch: learns from many sequences until little changes. `progress` hears each iteration (from 1) and
    /// the log-likelihood, in nats, before it. Returns these log-likelihoods, and that of the learned model last.
    ///
    /// # Errors
    /// If there is nothing to learn from, if something heard is not of the alphabet or impossible to the model it starts
    /// from, or if a pseudo-count is negative.
    pub fn fit<S: AsRef<[E::Heard]> + Sync>(
        &mut self,
        sequences: &[S],
        training: &Training,
        mut progress: impl FnMut(usize, f64),
    ) -> Result<Vec<f64>> {
        let heard: usize = sequences.iter().map(|sequence| sequence.as_ref().len()).sum();
        let mut log_likelihoods = Vec::new();
        for iteration in 1..=training.iterations {
            let (next, log_likelihood) = self.improved(sequences, &training.pseudo_counts)?;
            progress(iteration, log_likelihood);
            *self = next;
            let before = log_likelihoods.last().copied();
            log_likelihoods.push(log_likelihood);
            let change = before.map_or(f64::INFINITY, |before: f64| (log_likelihood - before).abs());
            if change < training.tolerance * heard as f64 {
                break;
            }
        }
        log_likelihoods.push(-self.nats_per_time(sequences)? * heard as f64);
        Ok(log_likelihoods)
    }

    /// One iteration of Baum–Welch: the better model, and the log-likelihood under this one.
    ///
    /// # Errors
    /// As [`HiddenMarkov::fit`].
    pub fn improved<S: AsRef<[E::Heard]> + Sync>(
        &self,
        sequences: &[S],
        pseudo_counts: &PseudoCounts,
    ) -> Result<(HiddenMarkov<E>, f64)> {
        // The chunks are the same on every machine, and added in order: so are the sums, to the last bit.
        let counted: Vec<Counts> = sequences
            .par_chunks(chunk(sequences))
            .map(|chunk| self.expected(chunk))
            .collect::<Result<_>>()?;
        let mut counts = Counts::new(&self.emission);
        counted.iter().for_each(|chunk| counts.add(chunk));
        self.likelier(counts, pseudo_counts)
    }

    fn expected<S: AsRef<[E::Heard]>>(&self, sequences: &[S]) -> Result<Counts> {
        let mut counts = Counts::new(&self.emission);
        for sequence in sequences {
            counts.expect(self, sequence.as_ref())?;
        }
        Ok(counts)
    }

    /// The model that all counts of an iteration make, and the log-likelihood under this one.
    fn likelier(&self, mut counts: Counts, pseudo_counts: &PseudoCounts) -> Result<(HiddenMarkov<E>, f64)> {
        counts.steps *= &self.transition;
        Ok((self.learned(&counts, pseudo_counts)?, counts.log_likelihood))
    }

    /// Learns from sequences whose states are known, by counting: (state, what was heard in it) for each time.
    /// The emission says what it makes of a state that never was there.
    ///
    /// # Errors
    /// If there is nothing to learn from, if a state or something heard is unknown to the emission, or if a pseudo-count
    /// is negative.
    pub fn supervised(
        emission: E,
        sequences: &[Vec<(usize, E::Heard)>],
        pseudo_counts: &PseudoCounts,
    ) -> Result<HiddenMarkov<E>> {
        let states = emission.states();
        let even = 1.0 / states.max(1) as f64;
        let initial = Array1::from_elem(states, even);
        let model = HiddenMarkov::new(initial, Array2::from_elem((states, states), even), emission)?;
        let mut counts = Counts::new(&model.emission);
        for sequence in sequences {
            counts.observe(&model, sequence)?;
        }
        model.learned(&counts, pseudo_counts)
    }

    /// The model that makes these counts likeliest.
    fn learned(&self, counts: &Counts, pseudo_counts: &PseudoCounts) -> Result<HiddenMarkov<E>> {
        pseudo_counts.check()?;
        if counts.visits.sum() == 0.0 {
            return Err(Error::value(
                "There is nothing to learn from",
                "Give at least one sequence that is not empty",
            ));
        }
        let mut initial = &counts.starts + pseudo_counts.initial;
        normalise(initial.as_slice_mut().unwrap_or_default());
        let mut transition = &counts.steps + pseudo_counts.transition;
        let before = self.transition.rows();
        for (row, before) in rows(&mut transition, self.states()).zip(before) {
            if normalise(row) == 0.0 {
                row.iter_mut().zip(before).for_each(|(to, &p)| *to = p); // never left: nothing learned
            }
        }
        let emission = &self.emission;
        let emission = emission.learned(&counts.heard, &counts.visits, pseudo_counts.emission);
        Ok(HiddenMarkov::checked(initial, transition, emission))
    }
}

/// So many sequences are counted at a time.
fn chunk<S>(sequences: &[S]) -> usize {
    sequences.len().div_ceil(32).max(1)
}

/// [`HiddenMarkov::fit`] on its way, for who has other things to do meanwhile.
pub struct Rounds<E, S> {
    model: HiddenMarkov<E>,
    sequences: Vec<S>,
    training: Training,
    /// Of the iteration that is on its way: what was counted, and in how many sequences.
    counts: Counts,
    counted: usize,
    log_likelihoods: Vec<f64>,
}

impl<E: Emission + Send, S: AsRef<[E::Heard]>> Rounds<E, S> {
    /// Learning at its start.
    pub fn new(model: HiddenMarkov<E>, sequences: Vec<S>, training: Training) -> Rounds<E, S> {
        Rounds {
            counts: Counts::new(&model.emission),
            model,
            sequences,
            training,
            counted: 0,
            log_likelihoods: Vec::new(),
        }
    }

    /// How many steps an iteration takes.
    pub fn steps(&self) -> usize {
        self.sequences.len().div_ceil(chunk(&self.sequences)).max(1)
    }

    /// Whether there is more to do: not after the last iteration, nor when the one before changed little.
    pub fn goes_on(&self) -> bool {
        let heard: usize = self.sequences.iter().map(|one| one.as_ref().len()).sum();
        let changed = match &self.log_likelihoods[..] {
            [.., before, last] => (last - before).abs() >= self.training.tolerance * heard as f64,
            _ => true,
        };
        changed && self.log_likelihoods.len() < self.training.iterations
    }

    /// Counts in some of the sequences, a thirty-second of them at most. After the last it makes the better model, and gives the
    /// log-likelihood under the one before.
    ///
    /// # Errors
    /// As [`HiddenMarkov::fit`].
    pub fn step(&mut self) -> Result<Option<f64>> {
        let rest = self.sequences.get(self.counted..).unwrap_or_default();
        let some = &rest[..chunk(&self.sequences).min(rest.len())];
        self.counts.add(&self.model.expected(some)?);
        self.counted += some.len();
        if self.counted < self.sequences.len() {
            return Ok(None);
        }
        let counts = std::mem::replace(&mut self.counts, Counts::new(&self.model.emission));
        let (next, log_likelihood) = self.model.likelier(counts, &self.training.pseudo_counts)?;
        (self.model, self.counted) = (next, 0);
        self.log_likelihoods.push(log_likelihood);
        Ok(Some(log_likelihood))
    }

    /// The model as it is now.
    pub fn model(&self) -> &HiddenMarkov<E> {
        &self.model
    }
}

/// How often everything is expected to have been there.
struct Counts {
    log_likelihood: f64,
    /// `[K]`: each state at the beginning.
    starts: Array1<f64>,
    /// `[K]`: each state at any time.
    visits: Array1<f64>,
    /// `[K, K]`: each step from row to column; in Baum–Welch still to be multiplied by the transition matrix.
    steps: Array2<f64>,
    /// `[counted, K]`: see [`Emission::count`].
    heard: Array2<f64>,
}

impl Counts {
    fn new(emission: &impl Emission) -> Counts {
        let states = emission.states();
        Counts {
            log_likelihood: 0.0,
            starts: Array1::zeros(states),
            visits: Array1::zeros(states),
            steps: Array2::zeros((states, states)),
            heard: Array2::zeros((emission.counted(), states)),
        }
    }

    fn add(&mut self, other: &Counts) {
        self.log_likelihood += other.log_likelihood;
        self.starts += &other.starts;
        self.visits += &other.visits;
        self.steps += &other.steps;
        self.heard += &other.heard;
    }

    /// Adds what is expected, given what was heard: of the states the posterior, and of the steps
    ///
    /// `ξₜ[i, j] = αₜ[i] · transition[i, j] · likelihoodₜ₊₁[j] · βₜ₊₁[j] / scaleₜ₊₁`.
    ///
    /// The last three factors are backward's `onwards`, and the sum over `t` is a product of two matrices.
    fn expect<E: Emission>(&mut self, model: &HiddenMarkov<E>, heard: &[E::Heard]) -> Result<()> {
        let states = model.states();
        let (likelihoods, taken_out) = model.likelihoods(heard)?;
        let mut forward = model.forward_through(likelihoods.clone());
        if forward.log_likelihood == f64::NEG_INFINITY {
            return Err(impossible());
        }
        self.log_likelihood += forward.log_likelihood + taken_out;
        let mut backward = model.backward_through(likelihoods, &forward);
        let alpha_and_beta = rows(&mut forward.alpha, states).zip(rows(&mut backward.beta, states));
        for (t, ((alpha, posterior), heard)) in alpha_and_beta.zip(heard).enumerate() {
            posterior
                .iter_mut()
                .zip(alpha)
                .for_each(|(beta, alpha)| *beta *= *alpha);
            self.count(model, t, posterior, heard);
        }
        let last = heard.len().saturating_sub(1);
        let (from, to) = (
            forward.alpha.slice(s![..last, ..]),
            backward.onwards.slice(s![heard.len() - last.., ..]),
        );
        general_mat_mul(1.0, &from.t(), &to, 1.0, &mut self.steps);
        Ok(())
    }

    /// Adds what was there, since the states are known.
    fn observe<E: Emission>(
        &mut self,
        model: &HiddenMarkov<E>,
        sequence: &[(usize, E::Heard)],
    ) -> Result<()> {
        let states = model.states();
        let mut before = None;
        for (t, (state, heard)) in sequence.iter().enumerate() {
            let mut posterior = vec![0.0; states];
            let Some(certain) = posterior.get_mut(*state) else {
                return Err(Error::value(
                    format!("State {state} is not one of the model's {states}"),
                    "Number the states from 0 on",
                ));
            };
            *certain = 1.0;
            model.emission.likelihoods(heard, &mut vec![0.0; states])?; // known to the emission?
            self.count(model, t, &posterior, heard);
            if let Some(before) = before.replace(*state) {
                self.steps[[before, *state]] += 1.0;
            }
        }
        Ok(())
    }

    /// Counts a state at a time, and what was heard in it.
    fn count<E: Emission>(&mut self, model: &HiddenMarkov<E>, t: usize, posterior: &[f64], heard: &E::Heard) {
        if t == 0 {
            self.starts.iter_mut().zip(posterior).for_each(|(to, p)| *to += p);
        }
        self.visits.iter_mut().zip(posterior).for_each(|(to, p)| *to += p);
        model.emission.count(heard, posterior, &mut self.heard);
    }
}
