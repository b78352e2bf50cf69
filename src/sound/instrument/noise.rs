//! The noise in tones: breath, bow hair, the knock of a hammer.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f64::consts::TAU;
use std::sync::LazyLock;

/// One and a half seconds of white noise between -1 and 1, the same in every run.
static WHITE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(1983);
    (0..1 << 16).map(|_| rng.random_range(-1.0..1.0)).collect()
});

/// Endless white noise, begun at a place that depends on the pitch, so that two tones do not share theirs.
pub fn white(hertz: f64) -> impl Iterator<Item = f32> {
    let from = (hertz * 997.0) as usize % WHITE.len();
    WHITE.iter().cycle().skip(from).copied()
}

/// A resonance: a band-pass filter of two poles whose peak gain is 1 (Bristow-Johnson, "Cookbook formulae for
/// audio equalizer biquad filter coefficients").
#[derive(Clone, Copy, Debug)]
pub struct Resonance {
    gain: f32,
    feedback: [f32; 2],
    inputs: [f32; 2],
    outputs: [f32; 2],
}

impl Resonance {
    /// A resonance at this frequency. `quality` is frequency over bandwidth.
    pub fn new(hertz: f64, quality: f64, rate: u32) -> Resonance {
        let angle = TAU * (hertz / f64::from(rate)).clamp(1e-6, 0.45);
        let alpha = angle.sin() / (2.0 * quality);
        Resonance {
            gain: (alpha / (1.0 + alpha)) as f32,
            feedback: [
                (2.0 * angle.cos() / (1.0 + alpha)) as f32,
                ((alpha - 1.0) / (1.0 + alpha)) as f32,
            ],
            inputs: [0.0; 2],
            outputs: [0.0; 2],
        }
    }

    /// The next sample out for the next sample in.
    #[inline]
    pub fn next(&mut self, input: f32) -> f32 {
        let output = self.gain * (input - self.inputs[1])
            + self.feedback[0] * self.outputs[0]
            + self.feedback[1] * self.outputs[1];
        self.inputs = [input, self.inputs[0]];
        self.outputs = [output, self.outputs[0]];
        output
    }
}

/// Adds a burst of noise around `hertz` that falls by 60 dB in `decay` seconds.
pub fn burst(samples: &mut [f32], level: f64, hertz: f64, quality: f64, decay: f64, rate: u32) {
    let frames = (decay * f64::from(rate)) as usize;
    let shrink = 1000f64.powf(-1.0 / frames.max(1) as f64) as f32;
    let mut resonance = Resonance::new(hertz, quality, rate);
    let mut level = level as f32;
    for (sample, noise) in samples.iter_mut().zip(white(hertz)).take(frames + frames / 2) {
        *sample += level * resonance.next(noise);
        level *= shrink;
    }
}
