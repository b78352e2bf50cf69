//! One period of a wave, read at any speed: a steady tone costs the same however many partials it has
//! (wavetable synthesis: Mathews, *The Technology of Computer Music*, 1969).

use super::modes::{Mode, add};
use super::shape;
use std::f64::consts::TAU;

/// A period has 2^11 samples, so the uppermost 11 bits of a phase say which.
const BITS: u32 = 11;
const LENGTH: usize = 1 << BITS;

/// A phase: 2^32 of these make a full turn, so that counting on wraps round by itself.
pub type Phase = u32;

/// One period, and its first sample once more at the end.
#[derive(Clone, Debug)]
pub struct Wave([f32; LENGTH + 1]);

impl Wave {
    /// The sum of sines at 1, 2, 3 … times `hertz`, as far up as the rate allows, at most 160. `partial` says how
    /// strong each is, given its number and its frequency in hertz.
    pub fn new(hertz: f64, rate: u32, partial: impl Fn(f64, f64) -> f64) -> Wave {
        let mut period = [0.0; LENGTH + 1]; // sines begin and end a period at zero
        let highest = shape::highest(rate);
        for number in (1..=160)
            .map(f64::from)
            .take_while(|number| number * hertz < highest)
        {
            let mode = Mode {
                hertz: number,
                amplitude: partial(number, number * hertz),
                decay: f64::INFINITY,
            };
            if mode.amplitude.abs() > 1e-5 {
                add(&mut period[..LENGTH], &mode, LENGTH as u32);
            }
        }
        Wave(period)
    }

    /// The value at this phase: between two samples, along a straight line.
    #[inline]
    pub fn at(&self, phase: Phase) -> f32 {
        let index = (phase >> (32 - BITS)) as usize;
        let part = (phase << BITS >> BITS) as f32 / (1 << (32 - BITS)) as f32;
        self.0[index] + part * (self.0[index + 1] - self.0[index])
    }
}

/// How a player lets the pitch sway, once the tone stands.
///
/// What sways is the *phase*, which comes back with each swing; so the mean pitch is the one asked for.
#[derive(Clone, Copy, Debug)]
pub struct Vibrato {
    /// How far the pitch sways to each side, in cents.
    pub cents: f64,
    /// Swings a second.
    pub hertz: f64,
    /// Seconds until it sets in; after as many again it has its full depth.
    pub delay: f64,
}

/// Samples from one exact computation of the phase to the next; between them it goes evenly.
const BLOCK: usize = 64;

/// So many samples at this pitch: each is what `sample` makes of its phase.
pub fn play(
    hertz: f64,
    vibrato: Vibrato,
    frames: usize,
    rate: u32,
    mut sample: impl FnMut(Phase) -> f32,
) -> Vec<f32> {
    // A phase that sways by so many turns bends the frequency by turns · 2π · swings a second.
    let turns = hertz * (2f64.powf(vibrato.cents / 1200.0) - 1.0) / (TAU * vibrato.hertz);
    let phase_at = |frame: usize| {
        let time = frame as f64 / f64::from(rate);
        let depth = (time / vibrato.delay - 1.0).clamp(0.0, 1.0);
        hertz * time + turns * depth * (TAU * vibrato.hertz * time).sin()
    };
    let whole_turn = (1u64 << 32) as f64;
    let mut samples = Vec::with_capacity(frames + BLOCK);
    for from in (0..frames).step_by(BLOCK) {
        let (start, end) = (phase_at(from), phase_at(from + BLOCK));
        let mut phase = (start.rem_euclid(1.0) * whole_turn) as Phase;
        let step = ((end - start) / BLOCK as f64 * whole_turn) as Phase;
        samples.extend((0..BLOCK).map(|_| {
            phase = phase.wrapping_add(step);
            sample(phase)
        }));
    }
    samples.truncate(frames);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Vibrato = Vibrato {
        cents: 0.0,
        hertz: 5.0,
        delay: 1.0,
    };

    #[test]
    fn a_wave_played_is_the_sum_of_its_sines() {
        let wave = Wave::new(1000.0, 44_100, |number, _| 1.0 / number);
        let samples = play(1000.0, STILL, 4410, 44_100, |phase| wave.at(phase));
        assert_eq!(samples.len(), 4410);
        for frame in [0, 1, 100, 4409] {
            let time = (frame + 1) as f64 / 44_100.0; // the phase has moved on by the first sample
            let sines = (1..=19).map(|n| (TAU * 1000.0 * f64::from(n) * time).sin() / f64::from(n));
            assert!(
                (f64::from(samples[frame]) - sines.sum::<f64>()).abs() < 2e-3,
                "sample {frame}"
            );
        }
    }

    #[test]
    fn vibrato_bends_the_pitch_as_far_as_asked_and_comes_back() {
        let vibrato = Vibrato {
            cents: 50.0,
            hertz: 5.0,
            delay: 0.1,
        };
        let mut phases = Vec::new();
        play(1000.0, vibrato, 44_100, 44_100, |phase| {
            phases.push(phase);
            0.0
        });
        let hertz = |from: usize, to: usize| {
            let turned: f64 = (from..to)
                .map(|i| f64::from(phases[i + 1].wrapping_sub(phases[i])))
                .sum();
            turned / (1u64 << 32) as f64 * 44_100.0 / (to - from) as f64
        };
        let highest = (15_000..30_000).map(|i| hertz(i, i + 1)).fold(0.0, f64::max);
        assert!(
            (1200.0 * (highest / 1000.0).log2() - 50.0).abs() < 2.0,
            "{highest} Hz"
        );
        let mean = hertz(17_640, 35_280); // two whole swings
        assert!((mean - 1000.0).abs() < 0.05, "{mean} Hz");
    }
}
