//! A slow stream of samples made into a faster one, as it comes: for a model that makes 8,000 samples a second, in a room that wants 44,100.

use super::RATE;
use std::collections::VecDeque;

/// Samples before and after each moment that it is made of.
const SIDE: usize = 12;

/// Places between two samples for which the weights are worked out beforehand.
const PLACES: usize = 256;

/// Samples at a lower rate in, samples at [`RATE`] out. What comes out is 12 of the slow samples late.
///
/// Each is a sum of the 24 samples around its moment, weighted by a sine cardinal under a Hann window (J. O. Smith, *Digital Audio
/// Resampling*): tones up to nine tenths of the slow rate's half pass, and no mirror image of them is louder than -50 decibels.
#[derive(Clone, Debug)]
pub struct Upsampler {
    /// `[PLACES + 1][2 SIDE]`.
    weights: Vec<f32>,
    latest: VecDeque<f32>,
    /// Slow samples from one fast sample to the next, and from the slow sample in the middle to the fast one that comes next.
    step: f64,
    at: f64,
}

impl Upsampler {
    /// From this rate, at most [`RATE`].
    pub fn new(rate: u32) -> Upsampler {
        let mut weights = Vec::with_capacity((PLACES + 1) * 2 * SIDE);
        for place in 0..=PLACES {
            let row: Vec<f64> = (0..2 * SIDE)
                .map(|tap| {
                    let x = tap as f64 - (SIDE - 1) as f64 - place as f64 / PLACES as f64;
                    let angle = std::f64::consts::PI * x;
                    let sine_cardinal = if angle.abs() < 1e-9 {
                        1.0
                    } else {
                        libm::sin(0.95 * angle) / (0.95 * angle)
                    };
                    sine_cardinal * (0.5 + 0.5 * libm::cos(angle / SIDE as f64))
                })
                .collect();
            let sum: f64 = row.iter().sum();
            weights.extend(row.iter().map(|weight| (weight / sum) as f32));
        }
        Upsampler {
            weights,
            latest: VecDeque::from(vec![0.0; 2 * SIDE]),
            step: f64::from(rate.clamp(1, RATE)) / f64::from(RATE),
            at: 0.0,
        }
    }

    /// Takes a sample, and adds what it makes possible to `to`.
    pub fn push(&mut self, sample: f32, to: &mut Vec<f32>) {
        self.latest.pop_front();
        self.latest.push_back(sample);
        while self.at < 1.0 {
            let place = (self.at * PLACES as f64).round() as usize;
            let weights = &self.weights[place * 2 * SIDE..][..2 * SIDE];
            to.push(
                weights
                    .iter()
                    .zip(&self.latest)
                    .map(|(weight, sample)| weight * sample)
                    .sum(),
            );
            self.at += self.step;
        }
        self.at -= 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Sound, Spectrum, cents, decibels, fundamental};

    fn fast(hertz: f64) -> Sound {
        let mut upsampler = Upsampler::new(8000);
        let mut samples = Vec::new();
        for t in 0..8000 {
            upsampler.push(
                (0.5 * (std::f64::consts::TAU * hertz * f64::from(t) / 8000.0).sin()) as f32,
                &mut samples,
            );
        }
        Sound::mono(RATE, samples)
    }

    #[test]
    fn as_many_samples_come_as_a_second_has_and_the_tone_stays() {
        for hertz in [110.0, 1000.0, 3000.0] {
            let sound = fast(hertz);
            assert!(sound.frames().abs_diff(RATE as usize) <= 1, "{}", sound.frames());
            let middle = sound.part(0.1, 0.9);
            assert!(cents(hertz, fundamental(&middle).unwrap()).abs() < 0.1);
            assert!(
                (middle.rms() / (0.5 / 2f64.sqrt()) - 1.0).abs() < 0.06,
                "{hertz} {}",
                middle.rms()
            );
            // The nearest mirror image.
            let spectrum = Spectrum::of(&middle);
            let around = |hertz: f64| {
                let bin = (hertz / spectrum.bin_hertz) as usize;
                spectrum.amplitudes[bin - 20..bin + 20]
                    .iter()
                    .fold(0f32, |most, x| most.max(*x))
            };
            let image = decibels(f64::from(around(8000.0 - hertz) / around(hertz)));
            assert!(image < -45.0, "{hertz} {image}");
        }
    }
}
