//! Chords as what is heard: in each state every key of a piano sounds, or not, independently of the others.

use super::emission::{Emission, at_least_one};
use crate::music::frames::{Frame, KEYS};
use crate::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use rand::{Rng, RngExt};

/// No key is held quite impossible, and none quite certain: logarithms stay finite.
const LEAST: f64 = 1e-12;

/// Independent keys: in state `k` key `i` sounds with probability `p[i, k]` (a Bernoulli distribution each).
///
/// With the log-odds `w[i, k] = ln p − ln (1 − p)`, the logarithm of a chord's likelihood is a product of its frame
/// with a matrix: `Σᵢ ln (1 − p[i, k]) + Σᵢ frame[i] · w[i, k]`. Few keys sound at once, so that is a sum of few rows.
#[derive(Clone, PartialEq, Debug)]
pub struct Chords {
    /// `[KEYS, K]`: how likely each key sounds in each state.
    keys: Array2<f64>,
    /// `[KEYS, K]`: the log-odds of the same.
    log_odds: Array2<f64>,
    /// `[K]`: the logarithm of the likelihood that no key sounds.
    silence: Array1<f64>,
}

impl Chords {
    /// From the probability of each key (column) in each state (row), `[K, 88]`.
    ///
    /// # Errors
    /// If the shape is another one, without states, or if a number is no probability.
    pub fn new(probabilities: Array2<f64>) -> Result<Chords> {
        at_least_one(probabilities.nrows(), "states")?;
        let sound = probabilities.iter().all(|p| (0.0..=1.0).contains(p));
        if probabilities.ncols() != KEYS || !sound {
            return Err(Error::value(
                format!("{:?} numbers are no chords", probabilities.dim()),
                "Give a row for each state, of 88 probabilities from 0 to 1",
            ));
        }
        Ok(Chords::by_key(
            probabilities.t().as_standard_layout().into_owned(),
        ))
    }

    /// From `[KEYS, K]`.
    fn by_key(mut keys: Array2<f64>) -> Chords {
        keys.mapv_inplace(|p| p.clamp(LEAST, 1.0 - LEAST));
        Chords {
            log_odds: keys.mapv(|p| p.ln() - (-p).ln_1p()),
            silence: keys.mapv(|p| (-p).ln_1p()).sum_axis(Axis(0)),
            keys,
        }
    }

    /// A place for Baum–Welch to start from: each state lies half-way between a frame drawn from the music and
    /// the mean of all.
    ///
    /// # Errors
    /// If there are no states or no frames.
    pub fn from_frames<S: AsRef<[Frame]>>(states: usize, music: &[S], rng: &mut impl Rng) -> Result<Chords> {
        let frames: Vec<&Frame> = music.iter().flat_map(AsRef::as_ref).collect();
        at_least_one(states, "states")?;
        at_least_one(frames.len(), "frames to learn from")?;
        let mut mean = Array1::zeros(KEYS);
        for frame in &frames {
            for key in sounding(frame) {
                mean[key] += 1.0 / frames.len() as f64;
            }
        }
        let mut keys = Array2::zeros((KEYS, states));
        for mut column in keys.columns_mut() {
            column.assign(&(&mean * 0.5));
            for key in sounding(frames[rng.random_range(0..frames.len())]) {
                column[key] += 0.5;
            }
        }
        Ok(Chords::by_key(keys))
    }

    /// The probability of each key (column) in each state (row), `[K, 88]`.
    pub fn probabilities(&self) -> ArrayView2<'_, f64> {
        self.keys.t()
    }
}

/// The numbers of the keys that sound.
fn sounding(frame: &Frame) -> impl Iterator<Item = usize> {
    frame.iter().enumerate().filter(|key| *key.1).map(|key| key.0)
}

impl Emission for Chords {
    type Heard = Frame;

    fn states(&self) -> usize {
        self.silence.len()
    }

    fn log_likelihoods(&self, frame: &Frame, logs: &mut [f64]) -> Result<()> {
        logs.iter_mut().zip(&self.silence).for_each(|(log, &p)| *log = p);
        for key in sounding(frame) {
            let odds = self.log_odds.row(key);
            logs.iter_mut().zip(odds).for_each(|(log, odds)| *log += odds);
        }
        Ok(())
    }

    fn draw(&self, state: usize, rng: &mut impl Rng) -> Frame {
        std::array::from_fn(|key| rng.random::<f64>() < self.keys[[key, state]])
    }

    fn counted(&self) -> usize {
        KEYS
    }

    fn count(&self, frame: &Frame, posterior: &[f64], counts: &mut Array2<f64>) {
        for key in sounding(frame) {
            let mut row = counts.row_mut(key);
            row += &ArrayView1::from(posterior);
        }
    }

    /// The pseudo-count is so many frames more for each state, in which every key sounds as often as in all the music:
    /// so a key that the music never uses stays unlikely everywhere.
    fn learned(&self, counts: &Array2<f64>, visits: &Array1<f64>, pseudo_count: f64) -> Chords {
        // Half a frame with the key and half a frame without, so that no mean is 0 or 1.
        let mean = (counts.sum_axis(Axis(1)) + 0.5) / (visits.sum() + 1.0);
        let mut keys = self.keys.clone();
        for ((key, state), p) in keys.indexed_iter_mut() {
            let total = visits[state] + pseudo_count;
            if total > 0.0 {
                *p = (counts[[key, state]] + pseudo_count * mean[key]) / total;
            }
        }
        Chords::by_key(keys)
    }
}
