//! Modal synthesis: a struck body vibrates in modes, each a sine that dies away (Adrien 1991, "The missing link").
//!
//! A mode is a vector that turns by a fixed angle and shrinks by a fixed factor with every sample, so a sample
//! costs one complex multiplication and no call of `sin`.

use super::shape;
use std::f64::consts::TAU;

/// One mode of vibration.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mode {
    pub hertz: f64,
    /// At the moment of the stroke; may be negative: then it begins downwards.
    pub amplitude: f64,
    /// Seconds in which it falls by 60 dB, to a thousandth. Infinite for a mode that never dies.
    pub decay: f64,
}

/// Samples that are computed side by side, so that the compiler can use the processor's vector unit.
const LANES: usize = 16;

/// Below this part of the strongest mode (-72 dB) nobody hears a mode: it is left off.
const INAUDIBLE: f64 = 2.5e-4;

/// All modes sounding together from rest, each from the middle of its swing, for at most so many seconds.
/// Modes too high for the rate are left out.
pub fn ring(modes: &[Mode], seconds: f64, rate: u32) -> Vec<f32> {
    let strongest = modes
        .iter()
        .fold(0.0, |most: f64, mode| most.max(mode.amplitude.abs()));
    let audible = |mode: &Mode| {
        let level = mode.amplitude.abs() / (strongest * INAUDIBLE);
        (mode.decay * level.ln() / 1000f64.ln()).clamp(0.0, seconds)
    };
    let frames = |seconds: f64| (seconds * f64::from(rate)) as usize;
    let longest = modes.iter().map(audible).fold(0.0, f64::max);
    let mut samples = vec![0.0; frames(longest)];
    for mode in modes.iter().filter(|mode| mode.hertz < shape::highest(rate)) {
        let end = frames(audible(mode)).min(samples.len());
        add(&mut samples[..end], mode, rate);
    }
    samples
}

/// Adds one mode. Every lane follows each sixteenth sample.
pub(super) fn add(samples: &mut [f32], mode: &Mode, rate: u32) {
    let angle = TAU * mode.hertz / f64::from(rate);
    let shrink = 1000f64.powf(-1.0 / (mode.decay * f64::from(rate)));
    let turned = |by: usize| {
        let (sine, cosine) = (angle * by as f64).sin_cos();
        let size = shrink.powi(by as i32);
        ((size * cosine) as f32, (size * sine) as f32)
    };
    let (mut x, mut y) = ([0f32; LANES], [0f32; LANES]);
    for lane in 0..LANES {
        let (cosine, sine) = turned(lane);
        x[lane] = mode.amplitude as f32 * cosine;
        y[lane] = mode.amplitude as f32 * sine;
    }
    let (cosine, sine) = turned(LANES);
    for chunk in samples.chunks_mut(LANES) {
        for (sample, y) in chunk.iter_mut().zip(&y) {
            *sample += y;
        }
        for lane in 0..LANES {
            let turned = x[lane] * cosine - y[lane] * sine;
            y[lane] = x[lane] * sine + y[lane] * cosine;
            x[lane] = turned;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_the_decaying_sine_that_theory_says() {
        let mode = Mode {
            hertz: 523.25,
            amplitude: 0.8,
            decay: 2.0,
        };
        let samples = ring(&[mode], 2.0, 44_100);
        for frame in [0, 1, 15, 16, 17, 1000, 44_100, 88_199] {
            let time = frame as f64 / 44_100.0;
            let theory = 0.8 * 1000f64.powf(-time / 2.0) * (TAU * 523.25 * time).sin();
            assert!(
                (f64::from(samples[frame]) - theory).abs() < 1e-4,
                "sample {frame}"
            );
        }
    }

    #[test]
    fn what_cannot_be_heard_is_left_out() {
        let mode = |hertz, amplitude| Mode {
            hertz,
            amplitude,
            decay: 1.0,
        };
        assert_eq!(
            ring(&[mode(30_000.0, 1.0)], 0.1, 44_100)
                .iter()
                .fold(0.0, |a: f32, b| a + b.abs()),
            0.0
        );
        assert!(ring(&[], 1.0, 44_100).is_empty());
        assert!(ring(&[mode(440.0, 0.0)], 1.0, 44_100).is_empty());
        assert!(
            ring(&[mode(440.0, 1.0)], 9.0, 44_100).len() < 60_000,
            "72 dB below: silent"
        );
    }
}
