//! The Aeolian harp: strings that only the wind plays.
//!
//! Air that flows past a string sheds vortices from its two sides in turn, `0.2 v / d` of them a second
//! (Strouhal 1878); each pushes the string across the wind (Rayleigh 1879). When that frequency comes near
//! a harmonic of the string, the string takes over: the vortices fall in step with it and the harmonic
//! grows. This is lock-in; it lets go later than it takes hold (hysteresis: Feng 1968).
//!
//! All strings have one pitch but each its own thickness, so that each answers the same wind with another harmonic.
//! Nothing in the harp is random: all the chance is in the wind.
//!
//! Left out: that the Strouhal number changes a little with speed (Roshko 1954), that the width of lock-in
//! grows with the swing of the string, and the body of the harp.

use super::mode::{Mode, add, channel};
use super::wind::{SPEEDS_PER_SECOND, speed_at};
use super::{LONGEST, within};
use crate::Result;
use crate::sound::{RATE, Sound};
use std::f64::consts::TAU;

/// The Strouhal number of a round string: vortices shed while the air moves on by one diameter.
pub const STROUHAL: f64 = 0.2;

/// The highest harmonic that is followed.
pub const HARMONICS: usize = 16;

/// How near the shedding frequency must come to a harmonic, as a share of it, to be captured.
const CAPTURE: f64 = 0.03;

/// How far it may then stray before the string lets go.
const RELEASE: f64 = 0.08;

/// How often a second vortices leave a string: wind speed in m/s, diameter in metres. Two neighbours, one
/// from either side, make one period.
pub fn shedding_hertz(speed: f64, diameter: f64) -> f64 {
    STROUHAL * speed / diameter
}

/// One string.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HarpString {
    /// Fundamental frequency in hertz, 20 to 2,000.
    pub hertz: f64,
    /// Diameter in metres, 0.0001 to 0.01.
    pub diameter: f64,
}

/// Strings in unison, side by side.
#[derive(Clone, PartialEq, Debug)]
pub struct Harp {
    pub strings: Vec<HarpString>,
}

impl Default for Harp {
    /// Six strings tuned to A2 (110 Hz), 0.9 to 1.7 mm thick; tuned by ear, so a cent or two apart.
    fn default() -> Harp {
        let string = |(millimetres, cents): (f64, f64)| HarpString {
            hertz: 110.0 * 2f64.powf(cents / 1200.0),
            diameter: millimetres / 1000.0,
        };
        let strings = [
            (0.9, 0.0),
            (1.0, 1.2),
            (1.15, -1.0),
            (1.3, 0.5),
            (1.5, -0.6),
            (1.7, 1.5),
        ];
        Harp {
            strings: strings.map(string).to_vec(),
        }
    }
}

impl HarpString {
    /// The harmonic that the wind locks in to at each of `speeds`: 1 is the fundamental; none between two.
    pub fn locked(&self, speeds: &[f64]) -> Vec<Option<usize>> {
        let mut held = None;
        let follow = |&speed: &f64| {
            held = lock(held, shedding_hertz(speed, self.diameter) / self.hertz);
            held
        };
        speeds.iter().map(follow).collect()
    }

    /// How the string sounds: the vortices push, at a harmonic where locked and at their own frequency elsewhere,
    /// with the pressure of the wind, which goes with the square of its speed. All modes feel that push,
    /// but only one in time with it grows.
    fn ring(&self, speeds: &[f64]) -> Result<Vec<f64>> {
        within("The frequency of a string in hertz", self.hertz, 20.0..=2000.0)?;
        within("The diameter of a string in metres", self.diameter, 0.0001..=0.01)?;
        let force = self.force(speeds);
        let mut sum = vec![0.0; force.len()];
        for harmonic in 1..=HARMONICS {
            let mode = Mode {
                hertz: harmonic as f64 * self.hertz,
                decay: 1.0 + 0.1 * harmonic as f64, // the air brakes short waves sooner
            };
            add(&mut sum, &mode.ring(&force, RATE), 1.0);
        }
        Ok(sum)
    }

    /// The push of the vortices at each sample.
    fn force(&self, speeds: &[f64]) -> Vec<f64> {
        let locked = self.locked(speeds);
        let mut turns = 0.0;
        let push = |i: usize| {
            let seconds = i as f64 / f64::from(RATE);
            let speed = speed_at(speeds, seconds);
            let harmonic = locked
                .get((seconds * SPEEDS_PER_SECOND) as usize)
                .copied()
                .flatten();
            let hertz = match harmonic {
                Some(harmonic) => harmonic as f64 * self.hertz,
                None => shedding_hertz(speed, self.diameter),
            };
            turns = (turns + hertz / f64::from(RATE)).fract();
            speed * speed * (TAU * turns).sin()
        };
        let seconds = speeds.len() as f64 / SPEEDS_PER_SECOND;
        (0..(seconds * f64::from(RATE)).round() as usize)
            .map(push)
            .collect()
    }
}

/// The harmonic that holds now, given the one that held before and how many times the fundamental the
/// vortices are shed.
fn lock(held: Option<usize>, ratio: f64) -> Option<usize> {
    let stray = |harmonic: usize| (ratio / harmonic as f64 - 1.0).abs();
    if held.is_some_and(|harmonic| stray(harmonic) < RELEASE) {
        return held;
    }
    let nearest = (ratio.round() as usize).clamp(1, HARMONICS);
    (stray(nearest) < CAPTURE).then_some(nearest)
}

impl Harp {
    /// How the harp sounds in this wind (see [`super::wind::Wind::speeds`]): stereo, the strings spread from left to right,
    /// as long as the wind lasts; the end is faded out.
    ///
    /// # Errors
    /// If there is no string, or one that makes no sense, or a speed outside 0 to 200 m/s, or a wind
    /// longer than [`LONGEST`].
    pub fn play(&self, speeds: &[f64]) -> Result<Sound> {
        within("The number of strings", self.strings.len() as f64, 1.0..=100.0)?;
        within(
            "The length of the wind",
            speeds.len() as f64 / SPEEDS_PER_SECOND,
            0.0..=LONGEST,
        )?;
        for &speed in speeds {
            within("A wind speed", speed, 0.0..=200.0)?;
        }
        let mut sound = Sound::stereo(RATE, vec![], vec![]);
        for (i, string) in self.strings.iter().enumerate() {
            let place = (i as f32 + 0.5) / self.strings.len() as f32 * 2.0 - 1.0;
            let samples = channel(&string.ring(speeds)?);
            sound.mix(&Sound::mono(RATE, samples).panned(0.8 * place), 0.0)?;
        }
        Ok(sound.normalised(-3.0).faded(0.05, 2.0))
    }
}
