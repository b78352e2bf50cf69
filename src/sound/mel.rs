//! The mel scale: frequencies as far apart as ears hear them (S. Stevens, J. Volkmann and E. Newman, 1937).

use super::Spectrogram;
use ndarray::Array2;

/// Hertz to mels: even steps below about 700 Hz, even ratios above. The formula is the usual one among several.
fn mels(hertz: f64) -> f64 {
    2595.0 * libm::log10(1.0 + hertz / 700.0)
}

impl Spectrogram {
    /// The same levels in a few bands, `[time, band]`, in decibels: triangles that overlap by half, evenly spaced in mels from 0 Hz
    /// to half the rate. What speech and music programs call a log-mel spectrogram.
    ///
    /// A band sums the power under its triangle, so a sine of amplitude 1 shows as about 0. A triangle between two bins holds nothing.
    pub fn mel(&self, bands: usize) -> Array2<f32> {
        let (columns, bins) = self.decibels.dim();
        let step = mels(self.bin_hertz * bins.saturating_sub(1) as f64) / (bands + 1) as f64;
        let weight = |band: usize, bin: usize| {
            let distance = mels(self.bin_hertz * bin as f64) / step - (band + 1) as f64;
            (1.0 - distance.abs()).max(0.0) as f32
        };
        let triangles = Array2::from_shape_fn((bins, bands), |(bin, band)| weight(band, bin));
        // A Hann window spreads one and a half times a sine's power over its bins.
        let power = self
            .decibels
            .mapv(|level| libm::powf(10.0, 0.1 * level) / 1.5)
            .dot(&triangles);
        debug_assert_eq!(power.nrows(), columns);
        power.mapv(|power| (10.0 * libm::log10f(power)).max(Self::FLOOR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Sound;

    #[test]
    fn a_sine_is_in_the_band_of_its_pitch_at_its_level() {
        // The middles of bands 5, 20 and 40 of 48, up to 22,050 Hz.
        let middle = |band: usize| {
            let mel = mels(22_050.0) * (band + 1) as f64 / 49.0;
            700.0 * (10f64.powf(mel / 2595.0) - 1.0)
        };
        for band in [5, 20, 40] {
            let sound = Sound::sine(middle(band), 0.1, 0.5);
            let levels = Spectrogram::of(&sound).mel(48);
            let row = levels.row(levels.nrows() / 2);
            let loudest = (0..48).max_by(|&a, &b| row[a].total_cmp(&row[b]));
            assert_eq!(loudest, Some(band));
            assert!((row[band] + 20.0).abs() < 1.0, "{}", row[band]);
            assert!(row[band + 3] < -50.0);
        }
    }

    #[test]
    fn silence_and_no_bands_at_all_are_no_trouble() {
        let silence = Spectrogram::of(&Sound::mono(8000, vec![0.0; 4000]));
        assert!(silence.mel(40).iter().all(|level| *level < -100.0));
        assert_eq!(silence.mel(0).ncols(), 0);
        let broken = Spectrogram::of(&Sound::mono(8000, vec![f32::NAN; 40]));
        assert!(broken.mel(9).iter().all(|level| level.is_finite()));
    }
}
