//! Tones as from a bad recording, and the numbers that a network is given of each: those of chapter 05, and of its panel.

use super::{Instrument, Sound, Spectrum};
use crate::music::Pitch;
use rand::Rng;

/// Samples a second: enough for what is heard there, and half the work.
pub const RATE: u32 = 22_050;

/// How long a recording is.
pub const SECONDS: f64 = 0.33;

/// Bands of a sixth of an octave, from C2 to C9.
pub const BANDS: usize = 42;

/// A tone of this velocity, 1 to 127, with noise so many decibels below it.
pub fn recorded(instrument: Instrument, pitch: Pitch, velocity: u8, below: f64, rng: &mut impl Rng) -> Sound {
    let samples = instrument.tone(pitch.hertz(), 0.3, velocity, RATE);
    let clean = Sound::mono(RATE, samples).part(0.0, SECONDS);
    clean.with_noise(below, rng).faded(0.005, 0.03)
}

// ANCHOR: bands
/// How loud the sound is in each band: the loudest is 1, one 60 dB softer or more is 0.
pub fn bands(sound: &Sound) -> Vec<f32> {
    let spectrum = Spectrum::of(sound);
    let mut power = vec![0.0; BANDS];
    for (bin, amplitude) in spectrum.amplitudes.iter().enumerate() {
        let octaves = (bin as f64 * spectrum.bin_hertz / 65.4).log2();
        let band = (6.0 * octaves).floor();
        if (0.0..BANDS as f64).contains(&band) {
            power[band as usize] += f64::from(*amplitude).powi(2);
        }
    }
    let loudest = power.iter().copied().fold(1e-20, f64::max);
    let level = |power: f64| 1.0 + (power / loudest).log10() / 6.0;
    power
        .into_iter()
        .map(|power| level(power).max(0.0) as f32)
        .collect()
}
// ANCHOR_END: bands

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_loudest_band_is_that_of_the_pitch_and_noise_fills_the_others() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let a4 = "A4".parse().unwrap();
        let mut hear = |below: f64| bands(&recorded(Instrument::Pipe, a4, 90, below, &mut rng));
        let (clean, noisy) = (hear(60.0), hear(0.0));
        let octaves = (440f64 / 65.4).log2();
        assert_eq!(clean[(6.0 * octaves) as usize], 1.0);
        assert!(
            clean
                .iter()
                .chain(&noisy)
                .all(|level| (0.0..=1.0).contains(level))
        );
        assert!(noisy[BANDS - 8] > clean[BANDS - 8] + 0.3);
        assert_eq!(bands(&Sound::mono(RATE, vec![0.0; 100])), [0.0; BANDS]);
    }
}
