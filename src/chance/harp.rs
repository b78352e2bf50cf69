//! The Aeolian harp: strings that only the wind plays.
//!
//! Air that flows past a string sheds vortices from its two sides in turn, `0.2 v / d` of them a second: Strouhal (1878)
//! measured this as the pitch of whirled wires, and Rayleigh (1915) connected it with vortices. Each pushes the string
//! across the wind (Rayleigh 1879). When that frequency comes near a harmonic of the string, the string takes over: the
//! vortices fall in step with it and the harmonic grows. This is lock-in; it lets go later than it takes hold (hysteresis).
//!
//! All strings have one pitch but each its own thickness, so that each answers the same wind with another harmonic.
//! Nothing in the harp is random: all the chance is in the wind.
//!
//! A string is a metre long and feels the wind along all of it, so that small eddies cancel: see [`felt`].
//!
//! Left out: that the Strouhal number changes a little with speed (Roshko 1954), that the width of lock-in
//! grows with the swing of the string, and the body of the harp.

use super::mode::{Mode, Together, channel};
use super::wind::SPEEDS_PER_SECOND;
use super::{LONGEST, within};
use crate::Result;
use crate::sound::{RATE, Sound};
use std::f64::consts::TAU;

/// The Strouhal number of a round string: vortices shed while the air moves on by one diameter.
pub const STROUHAL: f64 = 0.2;

/// The highest harmonic that is followed.
pub const HARMONICS: usize = 16;

/// How near the shedding frequency must come to a harmonic, as a share of it, to be captured.
const CAPTURE: f64 = 0.04;

/// How far it may then stray before the string lets go.
const RELEASE: f64 = 0.1;

/// How often a second vortices leave a string: wind speed in m/s, diameter in metres. Two neighbours, one
/// from either side, make one period.
pub fn shedding_hertz(speed: f64, diameter: f64) -> f64 {
    STROUHAL * speed / diameter
}

/// How long an eddy takes to pass along a string, in seconds.
const EDDY_PASSES: f64 = 0.5;

/// The wind that a whole string feels: the speeds averaged over the last half second, the latest most.
pub fn felt(speeds: &[f64]) -> Vec<f64> {
    let mut mean = speeds.first().copied().unwrap_or(0.0);
    let average = |&speed: &f64| {
        mean = averaged(mean, speed);
        mean
    };
    speeds.iter().map(average).collect()
}

/// The mean a hundredth of a second later, when the wind has this speed.
fn averaged(mean: f64, speed: f64) -> f64 {
    mean + (speed - mean) / (EDDY_PASSES * SPEEDS_PER_SECOND)
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
    /// The strings, from left to right.
    pub strings: Vec<HarpString>,
}

impl Default for Harp {
    /// Six strings tuned to A2, 0.8 to 1.9 mm thick; tuned by ear, so a cent or so apart.
    fn default() -> Harp {
        let string = |(millimetres, cents): (f64, f64)| HarpString {
            hertz: 110.0 * 2f64.powf(cents / 1200.0),
            diameter: millimetres / 1000.0,
        };
        let strings = [
            (0.8, 0.0),
            (0.95, 1.2),
            (1.13, -1.0),
            (1.34, 0.5),
            (1.6, -0.6),
            (1.9, 1.5),
        ];
        Harp {
            strings: strings.map(string).to_vec(),
        }
    }
}

impl HarpString {
    /// The harmonic that each moment of this wind holds: 1 is the fundamental; none between two.
    pub fn locked(&self, speeds: &[f64]) -> Vec<Option<usize>> {
        let mut held = None;
        let follow = |speed| {
            held = lock(held, shedding_hertz(speed, self.diameter) / self.hertz);
            held
        };
        felt(speeds).into_iter().map(follow).collect()
    }

    /// The string in still air, for [`Singing::blow`].
    ///
    /// # Errors
    /// If its frequency or its diameter makes no sense.
    pub fn at_rest(&self) -> Result<Singing> {
        within("The frequency of a string in hertz", self.hertz, 20.0..=2000.0)?;
        within("The diameter of a string in metres", self.diameter, 0.0001..=0.01)?;
        let mode = |harmonic: usize| Mode {
            hertz: harmonic as f64 * self.hertz,
            decay: 1.0 + 0.1 * harmonic as f64, // the air brakes short waves sooner
        };
        Ok(Singing {
            string: *self,
            felt: None,
            held: None,
            turns: 0.0,
            modes: Together::of(std::array::from_fn(|i| mode(i + 1).at_rest(RATE))),
        })
    }
}

/// A string in the wind: the vortices push, at a harmonic where locked and at their own frequency elsewhere,
/// with the pressure of the wind, which goes with the square of its speed. All modes feel that push,
/// but only one in time with it grows.
#[derive(Clone, Debug)]
pub struct Singing {
    string: HarpString,
    /// The wind that the string feels; none before there was any.
    felt: Option<f64>,
    held: Option<usize>,
    /// How far the vortices are in their period.
    turns: f64,
    modes: Together<HARMONICS>,
}

impl Singing {
    /// The harmonic that holds the string now: 1 is the fundamental; none between two.
    pub fn held(&self) -> Option<usize> {
        self.held
    }

    /// Lets the wind have this speed a hundredth of a second later, and fills `samples`, at [`RATE`], with what the string sounds until then.
    pub fn blow(&mut self, speed: f64, samples: &mut [f64]) {
        let before = self.felt.unwrap_or(speed);
        let after = averaged(before, speed);
        self.felt = Some(after);
        let count = samples.len() as f64;
        let faster = (after - before) / count;
        let shed = |speed| shedding_hertz(speed, self.string.diameter) / f64::from(RATE);
        // By how much of a period the vortices go on with a sample, and by how much more with each.
        let (step, more) = match self.held {
            Some(harmonic) => (harmonic as f64 * self.string.hertz / f64::from(RATE), 0.0),
            None => (shed(before), shed(faster)),
        };
        // Vectors of length 1 that turn each other cost no sine a sample.
        let turned = |turns: f64| (TAU * turns).sin_cos();
        let (mut now, mut by, more_by) = (turned(self.turns), turned(step), turned(more));
        for (i, sample) in samples.iter_mut().enumerate() {
            let speed = before + faster * i as f64;
            now = turn(now, by);
            by = turn(by, more_by);
            *sample = self.modes.step(speed * speed * now.0);
        }
        self.turns = (self.turns + count * step + more * count * (count - 1.0) / 2.0).fract();
        self.held = lock(
            self.held,
            shedding_hertz(after, self.string.diameter) / self.string.hertz,
        );
    }
}

/// A vector, as its sine and cosine, turned by the angle of another.
fn turn((sine, cosine): (f64, f64), by: (f64, f64)) -> (f64, f64) {
    (sine * by.1 + cosine * by.0, cosine * by.1 - sine * by.0)
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
    /// Where string `i` stands, from left (-1) to right (1).
    pub fn place(&self, i: usize) -> f32 {
        (i as f32 + 0.5) / self.strings.len() as f32 * 2.0 - 1.0
    }

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
        let hundredth = (f64::from(RATE) / SPEEDS_PER_SECOND) as usize;
        let mut sound = Sound::stereo(RATE, vec![], vec![]);
        for (i, string) in self.strings.iter().enumerate() {
            let mut singing = string.at_rest()?;
            let mut samples = vec![0.0; speeds.len() * hundredth];
            for (stretch, &speed) in samples.chunks_mut(hundredth).zip(speeds) {
                singing.blow(speed, stretch);
            }
            sound.mix(
                &Sound::mono(RATE, channel(&samples)).panned(0.8 * self.place(i)),
                0.0,
            )?;
        }
        Ok(sound.faded(0.05, 2.0).levelled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::assert_pleasant;
    use crate::chance::wind::Wind;
    use crate::sound::{cents, partials};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    const BREEZE: Wind = Wind {
        mean: 3.0,
        intensity: 0.25,
        gust_seconds: 4.0,
    };
    const STRING: HarpString = HarpString {
        hertz: 100.0,
        diameter: 0.001,
    };

    #[test]
    fn vortices_leave_a_millimetre_string_600_times_a_second_at_3_metres_a_second() {
        assert!((shedding_hertz(3.0, 0.001) - 600.0).abs() < 1e-9);
        assert_eq!(shedding_hertz(0.0, 0.001), 0.0);
    }

    #[test]
    fn a_steady_wind_near_a_harmonic_makes_that_harmonic_sound_and_in_tune() {
        let speeds = [2.97; 400]; // 594 vortices a second: one per cent below the sixth harmonic
        assert!(STRING.locked(&speeds).iter().all(|&held| held == Some(6)));
        let sound = Harp {
            strings: vec![STRING],
        }
        .play(&speeds)
        .unwrap();
        let found = partials(&sound.part(1.0, 2.0), &[600.0])[0].unwrap();
        assert!(cents(600.0, found).abs() < 2.0, "{found}");
    }

    #[test]
    fn a_string_holds_its_harmonic_longer_than_it_took_to_catch_it() {
        let fifth = |ratio, held| lock(held, ratio) == Some(5);
        assert!(!fifth(5.3, None), "six per cent off: not caught");
        assert!(fifth(5.15, None), "three per cent off: caught");
        assert!(fifth(5.3, Some(5)), "six per cent off: still held");
        assert!(!fifth(5.6, Some(5)), "twelve per cent off: lost");
        assert_eq!(lock(Some(5), 6.1), Some(6), "and taken by the next");
    }

    #[test]
    fn a_rising_wind_climbs_the_harmonics_one_after_another() {
        let speeds: Vec<f64> = (0..3000).map(|i| 1.0 + f64::from(i) / 1000.0).collect();
        let mut heard: Vec<usize> = STRING.locked(&speeds).into_iter().flatten().collect();
        heard.dedup();
        assert_eq!(heard, [2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn the_tone_grows_softly_and_dies_away_after_the_wind() {
        let mut speeds = vec![3.0; 300];
        speeds.resize(700, 0.0);
        let sound = Harp {
            strings: vec![STRING],
        }
        .play(&speeds)
        .unwrap();
        let level = |from: f64| sound.part(from, from + 0.1).rms();
        assert!(level(0.0) < 0.2 * level(2.5), "no hard attack");
        assert!(
            level(4.5) < 0.6 * level(3.0) && level(4.5) > 0.005 * level(3.0),
            "it rings on"
        );
    }

    #[test]
    fn every_wind_makes_a_pleasant_sound_and_always_the_same() {
        for seed in 1..=4 {
            let speeds = BREEZE.speeds(12.0, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
            let sound = Harp::default().play(&speeds).unwrap();
            assert_eq!(sound.seconds(), 12.0);
            assert_pleasant(&sound, &format!("harp {seed}"));
            assert_eq!(sound, Harp::default().play(&speeds).unwrap());
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_or_silent() {
        let play = |hertz, diameter, speed: f64| {
            let strings = vec![HarpString { hertz, diameter }];
            Harp { strings }.play(&[speed; 100])
        };
        assert_eq!(play(100.0, 0.001, 0.0).unwrap().peak(), 0.0);
        for (hertz, diameter, speed) in [
            (f64::NAN, 0.001, 1.0),
            (0.0, 0.001, 1.0),
            (100.0, 0.0, 1.0),
            (100.0, 0.001, f64::NAN),
            (100.0, 0.001, -1.0),
        ] {
            assert!(play(hertz, diameter, speed).is_err());
        }
        assert!(Harp { strings: vec![] }.play(&[1.0]).is_err());
        assert_eq!(Harp::default().play(&[]).unwrap().frames(), 0);
        let broken = HarpString {
            hertz: 0.0,
            diameter: 0.0,
        };
        assert_eq!(broken.locked(&[0.0, 1.0, f64::NAN]), [None, None, None]);
    }
}
