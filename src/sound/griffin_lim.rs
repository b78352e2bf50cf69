//! From a spectrogram back to a sound.

use super::spectrum::{amplitude_scale, hann};
use super::{Sound, Spectrogram};
use rand::{Rng, RngExt};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use std::f64::consts::TAU;

impl Spectrogram {
    /// A sound whose spectrogram is about this one (D. Griffin and J. Lim, *Signal estimation from modified short-time Fourier
    /// transform*, 1984).
    ///
    /// A spectrogram says how loud each frequency is and not at which point of its swing. So phases begin at random; then, so many
    /// times, the pieces are laid over each other to one sound, and the phases of that sound are taken for the next round. It wants
    /// windows that overlap by three quarters; where they do not overlap at all it is silent.
    pub fn griffin_lim(&self, rounds: usize, rng: &mut impl Rng) -> Sound {
        let (columns, bins) = self.decibels.dim();
        let window = 2 * bins.saturating_sub(1).max(1);
        let rate = (self.bin_hertz * window as f64).round();
        let hop = ((self.hop_seconds * rate).round() as usize).max(1);
        let weights = hann(window);
        let scale = amplitude_scale(&weights);
        let magnitudes = self
            .decibels
            .mapv(|level| libm::pow(10.0, f64::from(level) / 20.0) / scale);
        let mut planner = RealFftPlanner::<f64>::new();
        let (there, back) = (planner.plan_fft_forward(window), planner.plan_fft_inverse(window));
        let mut phases: Vec<Vec<Complex<f64>>> = (0..columns)
            .map(|_| {
                (0..bins)
                    .map(|_| Complex::cis(TAU * rng.random::<f64>()))
                    .collect()
            })
            .collect();
        let length = columns.saturating_sub(1) * hop + window;
        let mut samples = vec![0.0; length];
        // How much of each sample the windows let through, in and out.
        let mut through = vec![1e-3; length];
        for column in 0..columns {
            for (sum, weight) in through[column * hop..].iter_mut().zip(&weights) {
                *sum += weight * weight;
            }
        }
        for round in 0..=rounds {
            let mut sum = vec![0.0; length];
            for (column, phases) in phases.iter_mut().enumerate() {
                let from = column * hop;
                if round > 0 {
                    let mut piece: Vec<f64> = samples[from..][..window]
                        .iter()
                        .zip(&weights)
                        .map(|(s, w)| s * w)
                        .collect();
                    let _ = there.process(&mut piece, phases); // the lengths are the plan's own
                }
                for (phase, magnitude) in phases.iter_mut().zip(magnitudes.row(column)) {
                    *phase *= magnitude / phase.norm().max(f64::MIN_POSITIVE);
                }
                // The first and the last stand for a level that does not swing: they have no phase.
                phases[0].im = 0.0;
                phases[bins - 1].im = 0.0;
                let (mut spectrum, mut piece) = (phases.clone(), back.make_output_vec());
                let _ = back.process(&mut spectrum, &mut piece); // as above
                for ((sum, sample), weight) in sum[from..].iter_mut().zip(piece).zip(&weights) {
                    *sum += sample * weight / window as f64;
                }
            }
            samples = sum
                .iter()
                .zip(&through)
                .map(|(sum, through)| sum / through)
                .collect();
        }
        let heard = samples.iter().skip(window / 2).take(length - window);
        Sound::mono(rate as u32, heard.map(|sample| *sample as f32).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Spectrum;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn rng() -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(1984)
    }

    #[test]
    fn a_sound_comes_back_from_its_spectrogram() {
        let mut sound = Sound::from_wave(8000, 1.024, |t| 0.3 * (TAU * 330.0 * t).sin());
        sound
            .mix(
                &Sound::from_wave(8000, 0.5, |t| 0.1 * (TAU * 1210.0 * t).sin()),
                0.5,
            )
            .unwrap();
        let spectrogram = Spectrogram::with(&sound, 0.128, 0.032);
        let again = spectrogram.griffin_lim(60, &mut rng());
        assert_eq!((again.rate(), again.frames()), (8000, 8192));
        let peaks = Spectrum::of(&again.part(0.55, 0.95)).peaks(2);
        assert!(
            (peaks[0].0 - 330.0).abs() < 1.0 && (peaks[0].1 - 0.3).abs() < 0.03,
            "{peaks:?}"
        );
        assert!(
            (peaks[1].0 - 1210.0).abs() < 1.0 && (peaks[1].1 - 0.1).abs() < 0.01,
            "{peaks:?}"
        );
        let early = Spectrum::of(&again.part(0.1, 0.4)).peaks(1);
        assert!((early[0].0 - 330.0).abs() < 1.0);
        // The rounds are what brings it about.
        let far = |sound: &Sound| {
            let found = Spectrogram::with(sound, 0.128, 0.032).decibels;
            let loud = spectrogram
                .decibels
                .iter()
                .zip(&found)
                .filter(|(level, _)| **level > -50.0);
            loud.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        let first = spectrogram.griffin_lim(0, &mut rng());
        assert!(far(&again) < 0.7 * far(&first), "{} {}", far(&again), far(&first));
    }

    #[test]
    fn silence_and_a_single_column_are_sounds_too() {
        let silence = Spectrogram::of(&Sound::mono(8000, vec![0.0; 3000]));
        assert!(silence.griffin_lim(2, &mut rng()).peak() < 1e-3);
        let empty = Spectrogram::of(&Sound::mono(8000, vec![]));
        assert_eq!(empty.griffin_lim(1, &mut rng()).frames(), 0);
    }
}
