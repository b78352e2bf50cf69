//! The plucked string: a loop in which one period of a wave runs round and is worn away
//! (Karplus & Strong, "Digital synthesis of plucked-string and drum timbres", 1983).
//!
//! The loop holds three things: a delay line of N samples, a filter that wears the wave away, and, since a period
//! is seldom a whole number of samples, an all-pass filter that delays by the fraction that is missing
//! (Jaffe & Smith, "Extensions of the Karplus–Strong plucked-string algorithm", 1983).

use super::noise;
use std::f64::consts::TAU;

/// Where along the string it is plucked: partials with a node there (the 7th, the 14th …) stay silent.
const PLACE: f64 = 1.0 / 7.0;

/// The loop's parts for one pitch.
struct Loop {
    /// Length of the delay line.
    delay: usize,
    /// The filter: `middle` of this sample, `side` of those before and after. Its delay is one sample for
    /// every frequency, so the partials stay harmonic.
    middle: f32,
    side: f32,
    /// Coefficient of the all-pass filter.
    fraction: f32,
}

/// Seconds in which the fundamental of a plucked string falls by 60 dB: seconds for a low one, less for a high one.
pub fn decay(hertz: f64) -> f64 {
    (6.0 * (110.0 / hertz).powf(0.6)).clamp(0.4, 9.0)
}

/// The same for its partials around [`BRIGHT`].
const BRIGHT_DECAY: f64 = 0.35;
const BRIGHT: f64 = 4000.0;

impl Loop {
    fn new(hertz: f64, rate: u32) -> Loop {
        let per_second = f64::from(rate);
        let angle = TAU * hertz / per_second;
        // What is left of a partial after one period, if it is to fall to a thousandth in so many seconds.
        let kept = |decay: f64| 1000f64.powf(-1.0 / (hertz * decay));
        let wanted = kept(decay(hertz));
        let bright = TAU * (BRIGHT.max(2.0 * hertz) / per_second).min(0.45);
        // The filter keeps 1 - 2·side·(1 - cos) of a frequency. At most so much that the fundamental lives.
        let most = (1.0 - wanted) / (2.0 * (1.0 - angle.cos()));
        let side =
            ((1.0 - kept(BRIGHT_DECAY) / wanted) / (2.0 * (1.0 - bright.cos()))).clamp(0.0, most.min(0.25));
        let gain = wanted / (1.0 - 2.0 * side * (1.0 - angle.cos()));
        // Of the period, one sample is the filter's delay; the all-pass takes between a half and one and a half.
        let rest = per_second / hertz - 1.0;
        let delay = (rest - 0.5).floor().max(1.0);
        let missing = (rest - delay) * angle;
        Loop {
            delay: delay as usize,
            middle: (gain * (1.0 - 2.0 * side)) as f32,
            side: (gain * side) as f32,
            fraction: (((angle - missing) / 2.0).sin() / ((angle + missing) / 2.0).sin()) as f32,
        }
    }
}

/// The string as the finger leaves it, as the bridge feels it: up for a part of the period and down for the rest,
/// with a little noise from the nail; the softer the pluck, the rounder. Its mean is zero.
fn excitation(length: usize, hertz: f64, force: f64, rate: u32) -> Vec<f32> {
    let up = (PLACE * length as f64).round().max(1.0) as usize;
    let scratch = 0.25 * force as f32;
    let mut wave: Vec<f32> = noise::white(hertz)
        .take(length)
        .enumerate()
        .map(|(i, noise)| f32::from((length / 2..length / 2 + up).contains(&i)) + scratch * noise)
        .collect();
    let cutoff = (700.0 + 6000.0 * force * force).max(2.0 * hertz);
    let follow = (1.0 - (-TAU * cutoff / f64::from(rate)).exp()) as f32;
    let mut value = 0.0;
    // Twice round: the second time the value is that of a wave without beginning.
    for sample in 0..2 * length {
        let sample = &mut wave[sample % length];
        value += follow * (*sample - value);
        *sample = value;
    }
    let mean = wave.iter().sum::<f32>() / length as f32;
    wave.iter_mut().for_each(|sample| *sample -= mean);
    wave
}

/// A string plucked with `force` (0 to 1), for as long as it rings but at most `seconds`.
pub fn pluck(hertz: f64, seconds: f64, force: f64, rate: u32) -> Vec<f32> {
    let string = Loop::new(hertz, rate);
    let mut line = excitation(string.delay, hertz, force, rate);
    // After one and a half times its decay it is 90 dB down: at rest.
    let frames = (seconds.min(1.5 * decay(hertz)) * f64::from(rate)) as usize;
    let mut samples = Vec::with_capacity(frames + string.delay);
    let (mut before, mut last) = (0.0, 0.0);
    let (mut filtered, mut delayed) = (0.0, 0.0);
    while samples.len() < frames {
        for place in &mut line {
            let now = *place;
            samples.push(now);
            let worn = string.middle * last + string.side * (now + before);
            (before, last) = (last, now);
            delayed = string.fraction * (worn - delayed) + filtered;
            filtered = worn;
            *place = delayed;
        }
    }
    samples.truncate(frames);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Sound, Spectrum, decibels};

    /// Root of the mean square between two moments.
    fn level(samples: &[f32], from: f64, to: f64) -> f64 {
        Sound::mono(44_100, samples.to_vec()).part(from, to).rms()
    }

    #[test]
    fn the_fundamental_lasts_as_long_as_asked() {
        for hertz in [98.0, 220.0, 440.0, 880.0] {
            let samples = pluck(hertz, 4.0, 0.3, 44_100);
            let from = decay(hertz) / 3.0; // when the upper partials are gone
            let fallen =
                decibels(level(&samples, from, from + 0.1) / level(&samples, from + 0.5, from + 0.6));
            let theory = 60.0 * 0.5 / decay(hertz);
            assert!(
                (fallen - theory).abs() < 0.15 * theory + 0.5,
                "{hertz}: {fallen:.1} against {theory:.1} dB"
            );
        }
    }

    #[test]
    fn the_partial_with_a_node_where_it_is_plucked_is_missing() {
        let sound = Sound::mono(44_100, pluck(110.0, 0.5, 0.2, 44_100));
        let spectrum = Spectrum::of(&sound);
        let strength = |number: f64| {
            let bin = (110.0 * number / spectrum.bin_hertz).round() as usize;
            spectrum.amplitudes[bin - 2..=bin + 2]
                .iter()
                .copied()
                .fold(0.0, f32::max)
        };
        assert!(strength(7.0) < 0.25 * strength(6.0) && strength(7.0) < 0.25 * strength(8.0));
    }

    #[test]
    fn a_harder_pluck_is_brighter() {
        // How fast the wave moves, beside how far: a measure of where its spectrum lies.
        let bright = |force| {
            let samples = pluck(220.0, 0.2, force, 44_100);
            let moves: Vec<f32> = samples.windows(2).map(|pair| pair[1] - pair[0]).collect();
            level(&moves, 0.0, 0.2) / level(&samples, 0.0, 0.2)
        };
        assert!(bright(1.0) > 1.5 * bright(0.2), "{} {}", bright(1.0), bright(0.2));
    }
}
