//! From a spectrogram back to a sound.

use super::spectrum::{amplitude_scale, hann};
use super::{Sound, Spectrogram};
use realfft::RealFftPlanner;

impl Spectrogram {
    /// A sound whose spectrogram is about this one (D. Griffin and J. Lim, *Signal estimation from modified short-time Fourier
    /// transform*, 1984).
    ///
    /// A spectrogram says how loud each frequency is and not at which point of its swing. So phases begin as those of `like`; then,
    /// so many times, the pieces are laid over each other to one sound, and the phases of that sound are taken for the next round.
    /// Noise will do to begin with; a sound that resembles what is wanted is better. Windows should overlap by three quarters; where
    /// they do not overlap at all it is silent.
    pub fn griffin_lim(&self, like: &Sound, rounds: usize) -> Sound {
        let (columns, bins) = self.decibels.dim();
        let window = 2 * bins.saturating_sub(1).max(1);
        let rate = (self.bin_hertz * window as f64).round();
        let hop = ((self.hop_seconds * rate).round() as usize).max(1);
        let weights = hann(window);
        let scale = amplitude_scale(&weights);
        let mut planner = RealFftPlanner::<f64>::new();
        let (there, back) = (planner.plan_fft_forward(window), planner.plan_fft_inverse(window));
        let length = columns.saturating_sub(1) * hop + window;
        // Column `i` looks at `window` samples from `i * hop` on: half a window of silence stands before the sound.
        let mut samples = vec![0.0; length];
        let sounding = samples.iter_mut().skip(window / 2);
        sounding
            .zip(like.mono_samples())
            .for_each(|(to, from)| *to = f64::from(from));
        // How much of each sample the windows let through, in and out.
        let mut through = vec![1e-3; length];
        for column in 0..columns {
            let windows = through[column * hop..].iter_mut().zip(&weights);
            windows.for_each(|(sum, weight)| *sum += weight * weight);
        }
        let mut values = there.make_output_vec();
        for _ in 0..=rounds {
            let mut sum = vec![0.0; length];
            for (column, levels) in self.decibels.rows().into_iter().enumerate() {
                let from = column * hop;
                let mut piece: Vec<f64> = samples[from..][..window]
                    .iter()
                    .zip(&weights)
                    .map(|(sample, weight)| sample * weight)
                    .collect();
                let _ = there.process(&mut piece, &mut values); // the lengths are the plan's own
                for (value, level) in values.iter_mut().zip(levels) {
                    let magnitude = libm::pow(10.0, f64::from(*level) / 20.0) / scale;
                    *value *= magnitude / value.norm().max(f64::MIN_POSITIVE);
                }
                // The first and the last stand for a level that does not swing: they have no phase.
                values[0].im = 0.0;
                values[bins - 1].im = 0.0;
                let _ = back.process(&mut values, &mut piece); // as above
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
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;
    use std::f64::consts::TAU;

    fn noise() -> Sound {
        let mut rng = ChaCha8Rng::seed_from_u64(1984);
        Sound::mono(8000, (0..8192).map(|_| rng.random_range(-0.5..0.5)).collect())
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
        // It begins with something that resembles it: the same partials, loud where they should be soft.
        let other = Sound::from_wave(8000, 1.024, |t| {
            0.1 * (TAU * 330.0 * t).sin() + 0.3 * (TAU * 1210.0 * t).sin()
        });
        let again = spectrogram.griffin_lim(&other, 60);
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
        // Noise will do, too, but its rounds do not bring it as far.
        let far = |sound: &Sound| {
            let found = Spectrogram::with(sound, 0.128, 0.032).decibels;
            let loud = spectrogram
                .decibels
                .iter()
                .zip(&found)
                .filter(|(level, _)| **level > -50.0);
            loud.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt()
        };
        let [first, last] = [0, 60].map(|rounds| far(&spectrogram.griffin_lim(&noise(), rounds)));
        assert!(
            last < 0.8 * first && far(&again) < last,
            "{first} {last} {}",
            far(&again)
        );
        // The sound itself has the right phases from the start.
        assert!(far(&spectrogram.griffin_lim(&sound, 0)) < 0.1 * far(&again));
    }

    #[test]
    fn silence_and_a_single_column_are_sounds_too() {
        let silence = Spectrogram::of(&Sound::mono(8000, vec![0.0; 3000]));
        assert!(silence.griffin_lim(&noise(), 2).peak() < 1e-3);
        let empty = Spectrogram::of(&Sound::mono(8000, vec![]));
        assert_eq!(empty.griffin_lim(&noise(), 1).frames(), 0);
    }
}
