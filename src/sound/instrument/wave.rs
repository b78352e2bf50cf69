//! One period of a wave, read at any speed: a steady tone costs the same however many partials it has.

use super::modes::{Mode, add};
use super::shape;
use std::f64::consts::TAU;

const LENGTH: usize = 2048;

/// One period, and its first sample once more at the end.
#[derive(Clone, Debug)]
pub struct Wave(Vec<f32>);

impl Wave {
    /// The sum of sines at 1, 2, 3 … times the fundamental, with the amplitudes that `partial` gives for the
    /// number and the frequency of each, as far up as the rate allows; at most 160.
    pub fn new(hertz: f64, rate: u32, partial: impl Fn(f64, f64) -> f64) -> Wave {
        let mut period = vec![0.0; LENGTH];
        let room = ((shape::highest(rate) / hertz) as u32).min(160);
        for number in (1..=room).map(f64::from) {
            let mode = Mode {
                hertz: number,
                amplitude: partial(number, number * hertz),
                decay: f64::INFINITY,
            };
            if mode.amplitude.abs() > 1e-5 {
                add(&mut period, &mode, LENGTH as u32);
            }
        }
        period.push(0.0); // sines begin and end a period at zero
        Wave(period)
    }

    /// The value at this phase, counted in turns; between two samples along a straight line.
    #[inline]
    pub fn at(&self, turns: f32) -> f32 {
        let place = (turns - turns.floor()) * LENGTH as f32;
        let index = (place as usize).min(LENGTH - 1);
        let (here, next) = (self.0[index], self.0[index + 1]);
        here + (next - here) * (place - index as f32)
    }
}

/// Samples from one exact computation of the phase to the next.
const BLOCK: usize = 64;

/// The phase of a tone in turns, sample by sample, each within 0 and a little more than 1.
///
/// The vibrato sways the *phase*, which comes back with each swing, so that the mean pitch stays what was asked
/// for. `cents` is its depth to each side, `rate_hertz` its speed; it sets in between `delay` and twice that.
#[derive(Clone, Copy, Debug)]
pub struct Vibrato {
    pub cents: f64,
    pub hertz: f64,
    pub delay: f64,
}

/// Calls `each` for every sample with its phase.
pub fn sway(hertz: f64, vibrato: Vibrato, rate: u32, samples: &mut [f32], mut each: impl FnMut(f32) -> f32) {
    // A sway of the phase by `turns` at `vibrato.hertz` bends the frequency by turns · 2π · vibrato.hertz.
    let turns = hertz * (2f64.powf(vibrato.cents / 1200.0) - 1.0) / (TAU * vibrato.hertz);
    let phase = |frame: usize| {
        let time = frame as f64 / f64::from(rate);
        let depth = ((time - vibrato.delay) / vibrato.delay).clamp(0.0, 1.0);
        hertz * time + turns * depth * (TAU * vibrato.hertz * time).sin()
    };
    for (block, samples) in samples.chunks_mut(BLOCK).enumerate() {
        let (from, to) = (phase(block * BLOCK), phase((block + 1) * BLOCK));
        let step = ((to - from) / BLOCK as f64) as f32;
        let from = from.rem_euclid(1.0) as f32;
        for (i, sample) in samples.iter_mut().enumerate() {
            *sample = each(from + i as f32 * step);
        }
    }
}
