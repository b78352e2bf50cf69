//! One way for a thing to vibrate: a pitch that rings and dies away.
//!
//! A tube, a string, the air in a jar: each is a set of modes, and each mode is the same small machine.
//! Push it and it rings at its own frequency, whatever pushed it; keep pushing in time with it and
//! it grows. Wind chimes, harp and jar differ in their modes and in what pushes them, in nothing else.

use std::f64::consts::TAU;

/// A damped oscillator.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mode {
    /// Frequency in hertz.
    pub hertz: f64,
    /// Decay a second: the amplitude falls by a factor e in `1 / decay` seconds.
    pub decay: f64,
}

impl Mode {
    /// How the mode moves under `force`, a value for each sample at `rate`: as many values again.
    ///
    /// A single push of 1 makes a decaying sine of amplitude 1. This is the two-pole resonator of
    /// digital signal processing: the next value follows from the last two and the push,
    /// `y[t] = 2 r cos(θ) y[t-1] - r² y[t-2] + sin(θ) x[t]`, where the angle θ is the turn in one sample and r
    /// what is left after one. A mode that the rate cannot carry, at half of it or above, stays silent.
    pub fn ring(&self, force: &[f64], rate: u32) -> Vec<f64> {
        let mut ringing = self.at_rest(rate);
        force.iter().map(|&push| ringing.step(push)).collect()
    }

    /// The mode at rest, to be pushed sample by sample: see [`Mode::ring`].
    pub fn at_rest(&self, rate: u32) -> Ringing {
        let rate = f64::from(rate.max(1));
        let hearable = self.hertz > 0.0 && self.hertz < rate / 2.0 && self.decay >= 0.0;
        if !hearable {
            return Ringing::default();
        }
        let turn = TAU * self.hertz / rate;
        let left = (-self.decay / rate).exp();
        Ringing {
            by_last: 2.0 * left * turn.cos(),
            by_last_but_one: left * left,
            by_push: turn.sin(),
            ..Ringing::default()
        }
    }
}

/// A mode in motion.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Ringing {
    by_last: f64,
    by_last_but_one: f64,
    by_push: f64,
    last: f64,
    last_but_one: f64,
}

impl Ringing {
    /// Where it is one sample later, after this push.
    pub fn step(&mut self, push: f64) -> f64 {
        let now = self.by_last * self.last - self.by_last_but_one * self.last_but_one + self.by_push * push;
        (self.last_but_one, self.last) = (self.last, now);
        now
    }
}

/// Modes that feel the same push, side by side, so that a processor's vector unit can take several at a time: four or eight, since more
/// find no room there.
#[derive(Clone, Debug)]
pub struct Together<const COUNT: usize> {
    by_last: [f64; COUNT],
    by_last_but_one: [f64; COUNT],
    by_push: [f64; COUNT],
    last: [f64; COUNT],
    last_but_one: [f64; COUNT],
}

impl<const COUNT: usize> Together<COUNT> {
    /// These modes at rest, and how much of each is heard.
    pub fn of(modes: [(Ringing, f64); COUNT]) -> Together<COUNT> {
        Together {
            by_last: modes.each_ref().map(|mode| mode.0.by_last),
            by_last_but_one: modes.each_ref().map(|mode| mode.0.by_last_but_one),
            by_push: modes.each_ref().map(|mode| mode.0.by_push * mode.1),
            last: [0.0; COUNT],
            last_but_one: [0.0; COUNT],
        }
    }

    /// Adds where they are after each of these pushes to `sum`.
    pub fn ring(&mut self, pushes: &[f64], sum: &mut [f64]) {
        // Of its own, so that the processor keeps it in registers.
        let (mut last, mut last_but_one, mut now) = (self.last, self.last_but_one, [0.0; COUNT]);
        let (by_last, by_last_but_one, by_push) = (self.by_last, self.by_last_but_one, self.by_push);
        for (push, sum) in pushes.iter().zip(sum) {
            let mut sums = [0.0; 4]; // so that no addition waits for all before it
            for i in 0..COUNT {
                now[i] = by_last[i] * last[i] + (by_push[i] * push - by_last_but_one[i] * last_but_one[i]);
                sums[i % 4] += now[i];
            }
            (last_but_one, last) = (last, now);
            *sum += (sums[0] + sums[1]) + (sums[2] + sums[3]);
        }
        (self.last, self.last_but_one) = (last, last_but_one);
    }
}

/// Adds `samples`, each multiplied by `gain`, to `sum`, as far as both reach.
pub(super) fn add(sum: &mut [f64], samples: &[f64], gain: f64) {
    for (total, sample) in sum.iter_mut().zip(samples) {
        *total += gain * sample;
    }
}

/// The samples as a channel of sound.
pub(super) fn channel(samples: &[f64]) -> Vec<f32> {
    samples.iter().map(|&sample| sample as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_push_makes_a_sine_that_dies_away_as_asked() {
        let mode = Mode {
            hertz: 441.0,
            decay: 3.0,
        };
        let mut force = vec![0.0; 44_100];
        force[0] = 1.0;
        let rung = mode.ring(&force, 44_100);
        for i in [0, 24, 100, 1000, 44_000] {
            let t = i as f64 / 44_100.0;
            let theory = (-3.0 * t).exp() * (TAU * 441.0 * (t + 1.0 / 44_100.0)).sin();
            assert!(
                (rung[i] - theory).abs() < 1e-9,
                "sample {i}: {} against {theory}",
                rung[i]
            );
        }
    }

    #[test]
    fn pushing_in_time_moves_it_more_than_pushing_out_of_time() {
        let mode = Mode {
            hertz: 300.0,
            decay: 2.0,
        };
        let pushed_at = |hertz: f64| {
            let force: Vec<f64> = (0..44_100)
                .map(|i| (TAU * hertz * f64::from(i) / 44_100.0).sin())
                .collect();
            mode.ring(&force, 44_100)
                .iter()
                .fold(0.0, |most: f64, y| most.max(y.abs()))
        };
        assert!(pushed_at(300.0) > 20.0 * pushed_at(330.0));
    }

    #[test]
    fn what_cannot_be_carried_or_makes_no_sense_is_silent() {
        for (hertz, decay) in [
            (22_050.0, 1.0),
            (-1.0, 1.0),
            (f64::NAN, 1.0),
            (100.0, f64::NAN),
            (100.0, -1.0),
        ] {
            assert_eq!(Mode { hertz, decay }.ring(&[1.0, 1.0], 44_100), [0.0, 0.0]);
        }
    }

    #[test]
    fn modes_together_ring_as_each_alone() {
        let mode = |i: usize| Mode {
            hertz: 100.0 * (i + 1) as f64,
            decay: 1.0,
        };
        let mut alone: [Ringing; 8] = std::array::from_fn(|i| mode(i).at_rest(44_100));
        let mut together = Together::of(alone.map(|mode| (mode, 0.5)));
        let pushes: Vec<f64> = (0..1000).map(|i| f64::from(i % 7)).collect();
        let mut samples = vec![0.0; 1000];
        for part in [0..300, 300..1000] {
            together.ring(&pushes[part.clone()], &mut samples[part]);
        }
        for (push, sample) in pushes.into_iter().zip(samples) {
            let sum: f64 = alone.iter_mut().map(|mode| 0.5 * mode.step(push)).sum();
            assert!((sample - sum).abs() < 1e-9 * sum.abs().max(1.0));
        }
    }
}
