//! Spectra: how much of each frequency a sound holds, as a whole and from moment to moment.
//!
//! Both are discrete Fourier transforms under a Hann window, whose sidelobes fall fast enough to
//! see a soft partial beside a loud one. Harris, "On the use of windows for harmonic analysis with
//! the discrete Fourier transform", Proceedings of the IEEE 66 (1978), compares it with others.

use super::Sound;
use ndarray::Array2;
use realfft::RealFftPlanner;
use rustfft::algorithm::Radix4;
use rustfft::algorithm::butterflies::{Butterfly4, Butterfly8};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftDirection};
use std::f64::consts::{PI, TAU};
use std::sync::Arc;

/// How much of each frequency a sound holds.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Hertz from one bin to the next: bin `i` stands for `i * bin_hertz`.
    pub bin_hertz: f64,
    /// Amplitude of each bin, from 0 Hz to half the rate: a sine of amplitude 0.5 shows as 0.5.
    pub amplitudes: Vec<f32>,
    /// One over the duration: what the sound itself can resolve, coarser than a bin.
    resolution_hertz: f64,
}

impl Spectrum {
    /// The spectrum of the whole sound (the mean of its channels).
    ///
    /// A constant offset, which nobody hears, is left out. Zeros are appended to the sound (two to
    /// four times its length), so that a peak is drawn by several bins. A sound of fewer than three
    /// samples has nothing in it but zeros.
    pub fn of(sound: &Sound) -> Spectrum {
        let samples = sound.mono_samples();
        let length = (2 * samples.len()).next_power_of_two().max(16);
        let weights = hann(samples.len());
        let spectrum = magnitudes_by_halves(&weighted(&samples, &weights), length);
        let scale = amplitude_scale(&weights);
        Spectrum {
            bin_hertz: f64::from(sound.rate()) / length as f64,
            amplitudes: spectrum.iter().map(|m| (m * scale) as f32).collect(),
            resolution_hertz: f64::from(sound.rate()) / samples.len().max(1) as f64,
        }
    }

    /// The `count` strongest peaks as (hertz, amplitude), lowest first.
    ///
    /// Each is the top of a parabola through three bins on a logarithmic scale: right to a
    /// hundredth of a bin and a hundredth of the amplitude where partials stand clear of each other
    /// (tested). The window's own sidelobes beside a strong peak are not counted.
    pub fn peaks(&self, count: usize) -> Vec<(f64, f32)> {
        let heights: Vec<f64> = self.amplitudes.iter().map(|&a| f64::from(a)).collect();
        let mut all = local_maxima(&heights);
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut kept: Vec<(f64, f64)> = Vec::new();
        for (bin, height) in all {
            if kept.len() >= count {
                break;
            }
            let hertz = bin * self.bin_hertz;
            // The strongest few are enough: sidelobes of weaker peaks are weaker still.
            if kept
                .iter()
                .take(64)
                .all(|&peak| !self.is_sidelobe(peak, (hertz, height)))
            {
                kept.push((hertz, height));
            }
        }
        kept.sort_by(|a, b| a.0.total_cmp(&b.0));
        kept.into_iter()
            .map(|(hertz, height)| (hertz, height as f32))
            .collect()
    }

    /// The centre of the partials of a tone, in hertz: the mean of the multiples of its fundamental, each as heavy as the strongest
    /// bin within a thirtieth of the fundamental of it. A bright tone's lies high. What is between the partials, such as hiss, does not
    /// count. 0 for silence.
    pub fn centroid(&self, fundamental: f64) -> f64 {
        let reach = fundamental / 30.0;
        let highest = self.bin_hertz * self.amplitudes.len() as f64 - reach;
        let bin =
            |hertz: f64| ((hertz / self.bin_hertz).round().max(0.0) as usize).min(self.amplitudes.len());
        let (mut sum, mut weights) = (0.0, 0.0);
        for number in (1..1000).map(f64::from).take_while(|n| n * fundamental < highest) {
            let hertz = number * fundamental;
            let near = &self.amplitudes[bin(hertz - reach)..bin(hertz + reach + self.bin_hertz)];
            let height = f64::from(near.iter().fold(0f32, |most, &a| most.max(a)));
            (sum, weights) = (sum + hertz * height, weights + height);
        }
        if weights > 0.0 { sum / weights } else { 0.0 }
    }

    /// Whether the second peak is no stronger than what the Hann window spreads there from the first.
    fn is_sidelobe(&self, strong: (f64, f64), weak: (f64, f64)) -> bool {
        let distance = (strong.0 - weak.0).abs() / self.resolution_hertz;
        // Beyond its main lobe, two bins wide to each side, a Hann window lets through at most one
        // part in pi d (d^2 - 1). Twice that, since a parabola overshoots on top of narrow sidelobes.
        distance < 2.0 || weak.1 < 2.0 * strong.1 / (PI * distance * (distance * distance - 1.0))
    }
}

/// A spectrum for each moment.
#[derive(Clone, Debug)]
pub struct Spectrogram {
    /// Hertz from one bin to the next.
    pub bin_hertz: f64,
    /// Seconds from one column to the next: column `i` is centred on the moment `i * hop_seconds`.
    pub hop_seconds: f64,
    /// Level in decibels, shape [time, frequency]: 0 is a sine of amplitude 1, the least is [`Spectrogram::FLOOR`].
    pub decibels: Array2<f32>,
}

impl Spectrogram {
    /// The lowest level shown, in decibels.
    pub const FLOOR: f32 = -120.0;

    /// The most cells that are computed: 2^26, which take 256 MiB.
    const MOST_CELLS: usize = 1 << 26;

    /// The spectrogram through windows of about 46 milliseconds, long enough to part two notes a
    /// semitone apart from G4 up, four to a window's length, and at most about a thousand in all.
    pub fn of(sound: &Sound) -> Spectrogram {
        let window = 2048.0 / 44_100.0;
        Spectrogram::with(sound, window, (window / 4.0).max(sound.seconds() / 1000.0))
    }

    /// The spectrogram through windows of so many seconds, so many seconds apart. A longer window
    /// tells frequencies better apart, a shorter one moments.
    ///
    /// The window is kept between 4 and 65,536 samples, the hop at one sample or more and wide enough
    /// for the result to fit in 256 MiB. An empty sound gives one column of silence.
    pub fn with(sound: &Sound, window_seconds: f64, hop_seconds: f64) -> Spectrogram {
        let samples = sound.mono_samples();
        let rate = f64::from(sound.rate());
        // NaN becomes 0 in these casts, and 0 the least that is allowed.
        let window = ((window_seconds * rate).round() as usize).clamp(4, 1 << 16) & !1;
        let bins = window / 2 + 1;
        let least_hop = samples.len() / (Self::MOST_CELLS / bins) + 1;
        let hop = ((hop_seconds * rate).round() as usize).max(least_hop);
        let columns = samples.len() / hop + 1;
        let weights = hann(window);
        let scale = amplitude_scale(&weights);
        let fft = RealFftPlanner::<f64>::new().plan_fft_forward(window);
        let mut decibels = Array2::from_elem((columns, bins), Self::FLOOR);
        let mut bin_values = fft.make_output_vec();
        for (i, mut column) in decibels.rows_mut().into_iter().enumerate() {
            let mut piece = weighted(&piece_around(&samples, i * hop, window), &weights);
            if fft.process(&mut piece, &mut bin_values).is_err() {
                continue; // unreachable: the lengths are the plan's own
            }
            for (level, value) in column.iter_mut().zip(&bin_values) {
                *level = (super::decibels(value.norm() * scale) as f32).max(Self::FLOOR);
            }
        }
        Spectrogram {
            bin_hertz: rate / window as f64,
            hop_seconds: hop as f64 / rate,
            decibels,
        }
    }
}

/// `length` samples, the middle one at `centre`; silence before the beginning and after the end.
fn piece_around(samples: &[f32], centre: usize, length: usize) -> Vec<f32> {
    let mut piece = vec![0.0; length];
    let before = length / 2;
    let from = centre.saturating_sub(before);
    let source = samples.get(from..).unwrap_or_default();
    let target = piece.iter_mut().skip(before.saturating_sub(centre));
    target.zip(source).for_each(|(to, from)| *to = *from);
    piece
}

/// A periodic Hann window that is zero at neither end.
pub(super) fn hann(length: usize) -> Vec<f64> {
    let turn = TAU / length.max(1) as f64;
    (0..length)
        .map(|i| 0.5 - 0.5 * (turn * (i as f64 + 0.5)).cos())
        .collect()
}

/// The samples times the weights, after their weighted mean was taken away.
pub(super) fn weighted(samples: &[f32], weights: &[f64]) -> Vec<f64> {
    let pairs = || samples.iter().map(|&s| f64::from(s)).zip(weights);
    let mean = pairs().map(|(s, w)| s * w).sum::<f64>() / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    pairs().map(|(s, w)| (s - mean) * w).collect()
}

/// What turns the magnitudes of a windowed sine into its amplitude: half the amplitude stands at
/// the positive frequency (the other half at the negative one), times the sum of the weights.
pub(super) fn amplitude_scale(weights: &[f64]) -> f64 {
    2.0 / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE)
}

/// The magnitudes of the Fourier transform of `samples`, filled up with zeros to an even `length`:
/// `length / 2 + 1` of them.
pub(super) fn magnitudes(samples: &[f64], length: usize) -> Vec<f64> {
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(length);
    let mut input = samples.to_vec();
    input.resize(length, 0.0);
    let mut output = fft.make_output_vec();
    match fft.process(&mut input, &mut output) {
        Ok(()) => output.iter().map(|value| value.norm()).collect(),
        Err(_) => vec![0.0; output.len()], // unreachable: the lengths are the plan's own
    }
}

/// [`magnitudes`] for a power of two, 8 or more. It goes without a plan for any other length, which would be a third of the module that
/// plays in the page.
fn magnitudes_by_halves(samples: &[f64], length: usize) -> Vec<f64> {
    let half = length / 2;
    let at = |place: usize| samples.get(place).copied().unwrap_or(0.0);
    // What stands at even places as real part, at odd ones as imaginary: two transforms of real numbers in one.
    let pair = |i| Complex::new(at(2 * i), at(2 * i + 1));
    let mut both: Vec<Complex<f64>> = (0..half).map(pair).collect();
    // 4 to some power, times 4 or 8.
    let (fours, forward) = (half.ilog2().saturating_sub(2) / 2, FftDirection::Forward);
    let base: Arc<dyn Fft<f64>> = match half.ilog2() % 2 {
        0 => Arc::new(Butterfly4::new(forward)),
        _ => Arc::new(Butterfly8::new(forward)),
    };
    Radix4::new_with_base(fours, base).process(&mut both);
    let bin = |bin: usize| {
        let (up, down) = (both[bin % half], both[(half - bin) % half].conj());
        let (even, odd) = ((up + down) * 0.5, (up - down) * Complex::new(0.0, -0.5));
        let turn = Complex::from_polar(1.0, -TAU * bin as f64 / length as f64);
        (even + turn * odd).norm()
    };
    (0..=half).map(bin).collect()
}

/// Every local maximum as (bin, height), both interpolated, lowest first.
pub(super) fn local_maxima(heights: &[f64]) -> Vec<(f64, f64)> {
    let tops = heights
        .windows(3)
        .enumerate()
        .filter_map(|(i, three)| match *three {
            [left, middle, right] if middle > left && middle >= right && middle.is_finite() => {
                let (offset, height) = log_parabola_top(left, middle, right);
                Some((i as f64 + 1.0 + offset, height))
            }
            _ => None,
        });
    tops.collect()
}

/// The top of the parabola through the logarithms of three heights: its distance from the middle
/// one (in bins) and its height. Smith and Serra, "PARSHL" (1987): near its top the logarithm of a
/// window's transform is close to a parabola.
fn log_parabola_top(left: f64, middle: f64, right: f64) -> (f64, f64) {
    let [left_log, middle_log, right_log] = [left, middle, right].map(|h| h.max(f64::MIN_POSITIVE).ln());
    let curvature = left_log - 2.0 * middle_log + right_log;
    if curvature >= 0.0 {
        return (0.0, middle); // flat: three equal heights, as rounding may leave them
    }
    let offset = (0.5 * (left_log - right_log) / curvature).clamp(-0.5, 0.5);
    (
        offset,
        (middle_log - 0.25 * (left_log - right_log) * offset).exp(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::RATE;

    #[test]
    fn a_sine_shows_its_frequency_and_amplitude() {
        for hertz in [50.0, 440.3, 1000.0, 7321.9] {
            let spectrum = Spectrum::of(&Sound::sine(hertz, 0.5, 0.7));
            let peaks = spectrum.peaks(1);
            let (found, amplitude) = peaks[0];
            assert!((found - hertz).abs() < 0.01 / 0.7, "{hertz} Hz: {found}");
            assert!((amplitude - 0.5).abs() < 0.005, "{hertz} Hz: {amplitude}");
        }
    }

    #[test]
    fn a_soft_partial_is_found_beside_a_loud_one_and_no_sidelobe_is() {
        let turn = TAU;
        let sound = Sound::from_wave(48_000, 0.5, |t| {
            0.8 * (turn * 300.0 * t).sin() + 0.001 * (turn * 612.5 * t).sin()
        });
        let peaks = Spectrum::of(&sound).peaks(2);
        assert!(
            (peaks[0].0 - 300.0).abs() < 0.02 && (peaks[0].1 - 0.8).abs() < 0.008,
            "{peaks:?}"
        );
        assert!(
            (peaks[1].0 - 612.5).abs() < 0.05 && (peaks[1].1 - 0.001).abs() < 2e-5,
            "{peaks:?}"
        );
    }

    #[test]
    fn a_centroid_is_the_mean_of_the_partials_and_hiss_does_not_move_it() {
        let tone = |t: f64| 0.3 * (TAU * 300.0 * t).sin() + 0.1 * (TAU * 900.0 * t).sin();
        let clear = Sound::from_wave(8000, 1.0, tone);
        let found = Spectrum::of(&clear).centroid(300.0);
        assert!((found - 450.0).abs() < 5.0, "{found}");
        let mut hiss = 1u32;
        let mut noise = || {
            hiss = hiss.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(hiss) / f64::from(u32::MAX) - 0.5
        };
        let samples = (0..8000).map(|i| (tone(f64::from(i) / 8000.0) + 0.01 * noise()) as f32);
        let found = Spectrum::of(&Sound::mono(8000, samples.collect())).centroid(300.0);
        assert!((found - 450.0).abs() < 30.0, "{found}");
        let silence = Spectrum::of(&Sound::mono(8000, vec![0.0; 100]));
        assert!(
            [0.0, -1.0, f64::NAN, 300.0, 1e9]
                .iter()
                .all(|hertz| silence.centroid(*hertz) == 0.0)
        );
    }

    #[test]
    fn by_halves_the_spectrum_is_the_same() {
        let samples: Vec<f64> = (0..3000).map(|i| f64::from(i * i % 977) / 977.0 - 0.5).collect();
        for length in [4096, 8192, 16_384] {
            let (whole, halves) = (
                magnitudes(&samples, length),
                magnitudes_by_halves(&samples, length),
            );
            assert_eq!(whole.len(), halves.len());
            for (a, b) in whole.iter().zip(halves) {
                assert!((a - b).abs() < 1e-9, "{a} {b}");
            }
        }
    }

    #[test]
    fn an_offset_is_left_out() {
        let spectrum = Spectrum::of(&Sound::mono(RATE, vec![0.7; 5000]));
        assert!(spectrum.amplitudes.iter().all(|&a| a < 1e-6));
    }

    #[test]
    fn empty_and_tiny_and_broken_sounds_have_spectra_too() {
        let broken = vec![f32::NAN, 1.0, f32::INFINITY, 0.0, 0.5];
        let sounds = (0..5).map(|n| vec![1.0; n]).chain([broken]);
        for samples in sounds {
            let sound = Sound::mono(RATE, samples);
            let _ = Spectrum::of(&sound).peaks(usize::MAX);
            let spectrogram = Spectrogram::of(&sound);
            assert_eq!(spectrogram.decibels.nrows(), 1);
            assert!(spectrogram.decibels.iter().all(|level| level.is_finite()));
        }
        for (window, hop) in [(f64::NAN, f64::NAN), (0.0, 0.0), (-1.0, -1.0), (1e300, 1e-300)] {
            let spectrogram = Spectrogram::with(&Sound::sine(440.0, 1.0, 0.05), window, hop);
            assert!(spectrogram.decibels.ncols() >= 3 && spectrogram.hop_seconds > 0.0);
        }
    }

    #[test]
    fn a_spectrogram_says_when_which_frequency_sounds_and_how_loud() {
        let mut sound = Sound::sine(500.0, 1.0, 1.0);
        sound.mix(&Sound::sine(3000.0, 0.1, 1.0), 1.0).unwrap();
        let spectrogram = Spectrogram::of(&sound);
        let loudest = |seconds: f64| {
            let column = spectrogram
                .decibels
                .row((seconds / spectrogram.hop_seconds).round() as usize);
            let bin = (0..column.len())
                .max_by(|&a, &b| column[a].total_cmp(&column[b]))
                .unwrap();
            (bin as f64 * spectrogram.bin_hertz, column[bin])
        };
        let ((early, early_level), (late, late_level)) = (loudest(0.5), loudest(1.5));
        assert!(
            (early - 500.0).abs() < 22.0 && (late - 3000.0).abs() < 22.0,
            "{early} {late}"
        );
        // A frequency between two bins shows up to 1.4 dB too low under a Hann window.
        assert!((-1.5..0.01).contains(&early_level), "{early_level}");
        assert!((-21.5..-19.99).contains(&late_level), "{late_level}");
        assert_eq!(
            spectrogram
                .decibels
                .iter()
                .fold(0f32, |a, &b| a.min(b))
                .max(-121.0),
            Spectrogram::FLOOR
        );
    }

    #[test]
    fn a_spectrogram_stays_small_whatever_the_length_and_rate() {
        for (rate, seconds) in [(44_100, 10.0), (8000, 100.0), (96_000, 0.01)] {
            let sound = Sound::from_wave(rate, seconds, |t| t.sin());
            let columns = Spectrogram::of(&sound).decibels.nrows();
            assert!(columns <= 1002, "{columns}");
        }
    }
}
