//! Linear prediction, the line that a net of sound has to beat: the next sample as a weighted sum of those before.
//!
//! The weights are those of the least squares (J. Makhoul, 1975), for each pitch of their own if that is wanted. Around the guess lies a
//! distribution whose width follows the latest errors; its kind is chosen on the training sounds.

use super::model::Moment;
use crate::sound::mu_law;
use crate::{Error, Result};
use std::collections::BTreeMap;

/// How errors are distributed, for an error in widths.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Gauss,
    Laplace,
    /// With three degrees of freedom: large errors are not rare.
    Student,
}

/// How a guess becomes probabilities: the kind, how much of the mean error is kept at each sample, and how wide that makes
/// the distribution.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Spread {
    kind: Kind,
    kept: f64,
    wide: f64,
}

/// A model of sound that is linear in the samples before.
#[derive(Clone, PartialEq, Debug)]
pub struct Linear {
    order: usize,
    by_pitch: bool,
    /// Weights of the latest sample and those before it, by pitch.
    weights: BTreeMap<Option<u8>, Vec<f64>>,
    spread: Spread,
}

impl Linear {
    /// The weights that fit sounds best, of so many samples before, and the spread that suits their errors.
    ///
    /// # Errors
    /// If the sounds hold no more samples than the order.
    pub fn trained(order: usize, by_pitch: bool, sounds: &[Vec<Moment>]) -> Result<Linear> {
        let mut sums: BTreeMap<Option<u8>, Sums> = BTreeMap::new();
        for sound in sounds {
            let samples: Vec<f64> = sound
                .iter()
                .map(|moment| f64::from(mu_law::decode(moment.code)))
                .collect();
            for (window, moment) in samples
                .windows(order + 1)
                .zip(sound.get(order..).unwrap_or_default())
            {
                let pitch = moment.cue.pitch.filter(|_| by_pitch);
                sums.entry(pitch).or_insert_with(|| Sums::new(order)).add(window);
            }
        }
        if sums.is_empty() {
            return Err(Error::value(
                format!("No sound has more than {order} samples"),
                "Give longer sounds, or look at fewer samples before",
            ));
        }
        let weights = sums.iter().map(|(pitch, sums)| (*pitch, sums.solved())).collect();
        let spread = Spread {
            kind: Kind::Gauss,
            kept: 0.0,
            wide: 1.0,
        };
        let mut linear = Linear {
            order,
            by_pitch,
            weights,
            spread,
        };
        // A few seconds of sound are enough to choose by.
        let mut few = Vec::new();
        for sound in sounds {
            few.push(sound.clone());
            if few.iter().map(Vec::len).sum::<usize>() > 60_000 {
                break;
            }
        }
        let mut best = f64::INFINITY;
        for kind in [Kind::Gauss, Kind::Laplace, Kind::Student] {
            for kept in [0.9, 0.98, 0.995] {
                for wide in [0.6, 0.9, 1.3, 1.8] {
                    let tried = Linear {
                        spread: Spread { kind, kept, wide },
                        ..linear.clone()
                    };
                    let bits = tried.bits(&few);
                    if bits < best {
                        (best, linear.spread) = (bits, tried.spread);
                    }
                }
            }
        }
        Ok(linear)
    }

    /// The mean surprise at sounds, in bits a sample.
    pub fn bits(&self, sounds: &[Vec<Moment>]) -> f64 {
        let (mut bits, mut count) = (0.0, 0usize);
        for sound in sounds {
            let samples: Vec<f64> = sound
                .iter()
                .map(|moment| f64::from(mu_law::decode(moment.code)))
                .collect();
            let mut error = 0.05f64;
            for (t, moment) in sound.iter().enumerate() {
                let pitch = moment.cue.pitch.filter(|_| self.by_pitch);
                let before = samples[t.saturating_sub(self.order)..t].iter().rev();
                let weights = self.weights.get(&pitch).map_or(&[][..], Vec::as_slice);
                let guess: f64 = weights
                    .iter()
                    .zip(before)
                    .map(|(weight, sample)| weight * sample)
                    .sum();
                let code = usize::from(moment.code);
                let here = usize::from(mu_law::encode(guess as f32));
                let step = mu_law::border(here + 1) - mu_law::border(here);
                let width = self.spread.wide * error.max(step / 4.0);
                let below = |code: usize| match code {
                    0 => 0.0,
                    mu_law::CODES.. => 1.0,
                    _ => self.spread.kind.below((mu_law::border(code) - guess) / width),
                };
                // A hundredth of a percent is kept for what the distribution holds impossible.
                let probability = 0.9999 * (below(code + 1) - below(code)).max(0.0) + 1e-4 / 256.0;
                bits -= probability.log2();
                error = self.spread.kept * error + (1.0 - self.spread.kept) * (samples[t] - guess).abs();
            }
            count += sound.len();
        }
        bits / count.max(1) as f64
    }
}

impl Kind {
    /// How much of the distribution lies below.
    fn below(self, x: f64) -> f64 {
        match self {
            Kind::Gauss => 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2),
            Kind::Laplace if x < 0.0 => 0.5 * x.exp(),
            Kind::Laplace => 1.0 - 0.5 * (-x).exp(),
            Kind::Student => {
                let y = x / 3f64.sqrt();
                0.5 + (y / (1.0 + y * y) + y.atan()) / std::f64::consts::PI
            }
        }
    }
}

/// What the least squares need: products of the samples before with each other and with the next, summed.
struct Sums {
    order: usize,
    /// `[order][order]`, the lower half.
    products: Vec<f64>,
    with_next: Vec<f64>,
}

impl Sums {
    fn new(order: usize) -> Sums {
        Sums {
            order,
            products: vec![0.0; order * order],
            with_next: vec![0.0; order],
        }
    }

    /// Adds a window: `order` samples and the next.
    fn add(&mut self, window: &[f64]) {
        let Some((next, before)) = window.split_last() else {
            return;
        };
        let n = self.order;
        for i in 0..n {
            let x = before[n - 1 - i];
            self.with_next[i] += x * next;
            for (j, product) in self.products[i * n..=i * n + i].iter_mut().enumerate() {
                *product += x * before[n - 1 - j];
            }
        }
    }

    /// The weights, by Cholesky's decomposition. A little is added to the diagonal, so that there always is one.
    fn solved(&self) -> Vec<f64> {
        let n = self.order;
        let mut lower = self.products.clone();
        let little = 1e-9 + 1e-7 * (0..n).map(|i| lower[i * n + i]).fold(0.0, f64::max);
        for i in 0..n {
            for j in 0..=i {
                let done: f64 = (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
                let rest = lower[i * n + j] - done;
                lower[i * n + j] = if i == j {
                    (rest + little).max(1e-12).sqrt()
                } else {
                    rest / lower[j * n + j]
                };
            }
        }
        let mut weights = self.with_next.clone();
        for i in 0..n {
            let done: f64 = (0..i).map(|k| lower[i * n + k] * weights[k]).sum();
            weights[i] = (weights[i] - done) / lower[i * n + i];
        }
        for i in (0..n).rev() {
            let done: f64 = (i + 1..n).map(|k| lower[k * n + i] * weights[k]).sum();
            weights[i] = (weights[i] - done) / lower[i * n + i];
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wavenet::Cue;

    fn sound(hertz: f64, pitch: u8, count: usize) -> Vec<Moment> {
        let wave = |t: usize| 0.5 * (std::f64::consts::TAU * hertz * t as f64 / 8000.0).sin();
        let cue = Cue {
            pitch: Some(pitch),
            age: 0,
        };
        (0..count)
            .map(|t| Moment {
                code: mu_law::encode(wave(t) as f32),
                cue,
            })
            .collect()
    }

    #[test]
    fn a_sine_needs_two_weights_and_they_are_those_of_theory() {
        let linear = Linear::trained(2, false, &[sound(440.0, 69, 4000)]).unwrap();
        let weights = &linear.weights[&None];
        let expected = 2.0 * (std::f64::consts::TAU * 440.0 / 8000.0).cos();
        assert!(
            (weights[0] - expected).abs() < 0.05 && (weights[1] + 1.0).abs() < 0.05,
            "{weights:?}"
        );
    }

    #[test]
    fn whoever_knows_the_pitch_is_less_surprised_and_more_weights_help() {
        let lessons = [sound(440.0, 69, 4000), sound(523.25, 72, 4000)];
        let bits = |order, by_pitch| Linear::trained(order, by_pitch, &lessons).unwrap().bits(&lessons);
        assert!(
            bits(2, true) < bits(2, false) - 0.3,
            "{} {}",
            bits(2, true),
            bits(2, false)
        );
        assert!(bits(16, false) < bits(2, false));
        assert!(Linear::trained(9, false, &[sound(440.0, 69, 9)]).is_err());
        assert_eq!(Linear::trained(2, false, &lessons).unwrap().bits(&[]), 0.0);
    }
}
