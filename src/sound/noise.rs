//! Sounds with noise, and the loudest part of a sound.

use super::Sound;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

impl Sound {
    /// The sound, as one channel, with white noise so many decibels softer than it is, by its [RMS](Sound::rms); louder, if that is
    /// negative.
    pub fn with_noise(&self, decibels_below: f64, rng: &mut impl Rng) -> Sound {
        let level = self.rms() * 10f64.powf(-decibels_below / 20.0);
        let mut samples = self.mono_samples();
        for sample in &mut samples {
            let noise: f64 = StandardNormal.sample(rng);
            *sample += (level * noise) as f32;
        }
        Sound::mono(self.rate(), samples)
    }

    /// As one channel, the loudest of the parts of so many seconds into which the sound falls from its beginning; the last may be
    /// shorter. Silence stays silence, and a sound that is shorter stays whole.
    pub fn loudest(&self, seconds: f64) -> Sound {
        let length = (seconds * f64::from(self.rate())).max(1.0) as usize;
        let mut best = Sound::mono(self.rate(), vec![]);
        for part in self.mono_samples().chunks(length) {
            let part = Sound::mono(self.rate(), part.to_vec());
            if best.frames() == 0 || part.rms() > best.rms() {
                best = part;
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn noise_is_so_many_decibels_below() {
        let clean = Sound::sine(440.0, 0.5, 1.0);
        let noisy = clean.with_noise(20.0, &mut ChaCha8Rng::seed_from_u64(1));
        let off: Vec<f32> = noisy
            .mono_samples()
            .iter()
            .zip(clean.mono_samples())
            .map(|(a, b)| a - b)
            .collect();
        let noise = Sound::mono(clean.rate(), off);
        assert!((noise.rms() / clean.rms() - 0.1).abs() < 0.002);
    }

    #[test]
    fn the_loudest_part_is_found_and_keeps_its_length() {
        let mut samples = vec![0.1; 1000];
        samples[400..600].fill(-0.5);
        let sound = Sound::mono(1000, samples);
        let loudest = sound.loudest(0.2);
        assert_eq!(loudest.channels(), [vec![-0.5; 200]]);
        assert_eq!(sound.loudest(9.0), sound);
        assert_eq!(Sound::mono(1000, vec![0.0; 30]).loudest(0.02).frames(), 20);
        assert_eq!(Sound::mono(1000, vec![]).loudest(0.0).frames(), 0);
    }
}
