//! Resonances: what a wooden body or a mouth does to the sound that goes through it.

use std::f64::consts::TAU;

/// Band-pass filters of two poles side by side, their outputs added (R. Bristow-Johnson, "Cookbook formulae for
/// audio equalizer biquad filter coefficients").
#[derive(Clone, Copy, Debug)]
pub struct Resonances<const N: usize> {
    gain: [f32; N],
    /// How much of the last output comes back, and of the one before it.
    feedback: [[f32; N]; 2],
    inputs: [f32; 2],
    outputs: [[f32; N]; 2],
}

impl<const N: usize> Resonances<N> {
    /// Each resonance is given by its frequency in hertz, its quality (frequency over bandwidth) and its gain
    /// at that frequency.
    pub fn new(resonances: [(f64, f64, f64); N], rate: u32) -> Resonances<N> {
        let angle = |hertz: f64| TAU * (hertz / f64::from(rate)).clamp(1e-6, 0.45);
        let alpha = |(hertz, quality, _): (f64, f64, f64)| angle(hertz).sin() / (2.0 * quality);
        let gain = |resonance| alpha(resonance) / (1.0 + alpha(resonance));
        Resonances {
            gain: resonances.map(|each| (each.2 * gain(each)) as f32),
            feedback: [
                resonances.map(|each| (2.0 * angle(each.0).cos() / (1.0 + alpha(each))) as f32),
                resonances.map(|each| (2.0 * gain(each) - 1.0) as f32),
            ],
            inputs: [0.0; 2],
            outputs: [[0.0; N]; 2],
        }
    }

    /// The next sample out for the next sample in.
    #[inline]
    pub fn next(&mut self, input: f32) -> f32 {
        let change = input - self.inputs[1];
        let [last, before] = self.outputs;
        let mut now = [0.0; N];
        for i in 0..N {
            now[i] = self.gain[i] * change + self.feedback[0][i] * last[i] + self.feedback[1][i] * before[i];
        }
        self.inputs = [input, self.inputs[0]];
        self.outputs = [now, last];
        now.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The level at which a sine comes through.
    fn gain(hertz: f64) -> f64 {
        let mut resonances = Resonances::new([(500.0, 8.0, 2.0), (3000.0, 8.0, 1.0)], 44_100);
        let sine = |i: u32| (TAU * hertz * f64::from(i) / 44_100.0).sin() as f32;
        let out = (0..44_100).map(|i| resonances.next(sine(i)));
        f64::from(out.skip(22_050).fold(0.0, f32::max))
    }

    #[test]
    fn each_resonance_strengthens_its_frequency_and_nothing_far_from_it() {
        assert!((gain(500.0) - 2.0).abs() < 0.05, "{}", gain(500.0));
        assert!((gain(3000.0) - 1.0).abs() < 0.05, "{}", gain(3000.0));
        assert!(gain(1300.0) < 0.3 && gain(20.0) < 0.1);
        // Frequency over quality is the width between the two places that are 3 dB lower.
        assert!((gain(500.0 + 32.0) / 2.0 - 0.707).abs() < 0.06, "{}", gain(532.0));
    }
}
