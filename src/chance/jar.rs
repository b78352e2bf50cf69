//! The air in a jar: a cylinder, closed all round, whose air swings in modes.
//!
//! Each mode swings in some way across the jar and in some way along it (Morse & Ingard, *Theoretical Acoustics*,
//! 1968, chapter 9). The frequencies of all of them together make no harmonic series, so that a jar rings like a
//! bell. Left out: the curve of a real jar, and its hole.

use super::mode::Mode;
use super::within;
use crate::Result;
use libm::jn;
use std::f64::consts::TAU;

/// The speed of sound in air at 20 °C, in m/s.
const SOUND_SPEED: f64 = 343.0;

/// The highest mode that is followed, in hertz.
const HIGHEST: f64 = 4000.0;

/// Where the Bessel functions J0, J1 and J2 are flat: at the wall of a jar the air cannot swing through it.
/// Row m swings with m lines through the axis along which the air keeps still (nodal diameters).
const ROOTS: [&[f64]; 3] = [
    &[0.0, 3.831_706, 7.015_587, 10.173_468],
    &[1.841_184, 5.331_443, 8.536_316, 11.706_005],
    &[3.054_237, 6.706_133, 9.969_468],
];

/// The inside of a jar, in metres: each side 0.05 to 2.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Jar {
    /// Height of the air over the water.
    pub height: f64,
    /// Inner radius.
    pub radius: f64,
}

impl Jar {
    /// The ways in which the air can swing across the jar, up to 4,000 Hz.
    ///
    /// # Errors
    /// If the jar is too small or too large: see [`Jar`].
    pub fn swings_across(&self) -> Result<Vec<Across>> {
        let radius = within("The radius of the jar in metres", self.radius, 0.05..=2.0)?;
        within("The height of the jar in metres", self.height, 0.05..=2.0)?;
        let ways = ROOTS.into_iter().zip(0..).flat_map(|(roots, diameters)| {
            roots.iter().map(move |&root| Across {
                diameters,
                root,
                hertz: SOUND_SPEED * root / (TAU * radius),
            })
        });
        Ok(ways.filter(|way| way.hertz < HIGHEST).collect())
    }
}

/// One way in which the air swings across a jar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Across {
    /// Nodal diameters: 0, 1 or 2.
    diameters: i32,
    /// Where the Bessel function is flat.
    root: f64,
    /// The frequency while nothing swings along the jar.
    pub hertz: f64,
}

impl Across {
    /// How much the air swings at a place: `out` from the axis (0) to the wall (1), in a direction counted in turns.
    /// Of each pair of modes with nodal diameters, the twin that keeps still in direction 0 is left out.
    pub fn shape(&self, out: f64, turns: f64) -> f64 {
        jn(self.diameters, self.root * out) * (TAU * f64::from(self.diameters) * turns).cos()
    }

    /// This swing across together with 0, 1, 2, … half waves along a jar of this height; each with how
    /// strongly a push at the water sounds under the ceiling. The two frequencies add as the sides of
    /// a right angle do. An odd number of half waves arrives upside down.
    pub fn modes(&self, height: f64) -> impl Iterator<Item = (Mode, f64)> {
        let half_wave = SOUND_SPEED / (2.0 * height);
        let share = 1.0 / self.mean_square();
        let along = move |count: i32| {
            let hertz = self.hertz.hypot(f64::from(count) * half_wave);
            let end = if count == 0 { 1.0 } else { 2.0 }; // a wave is strongest at its ends
            let sign = if count % 2 == 0 { 1.0 } else { -1.0 };
            (
                Mode {
                    hertz,
                    decay: decay(hertz),
                },
                sign * end * share,
            )
        };
        let first = i32::from(self.root == 0.0); // no swing at all is no mode
        (first..).map(along).take_while(|(mode, _)| mode.hertz < HIGHEST)
    }

    /// The mean of the squared shape over the jar's cross-section. The smaller it is, the less air
    /// has to be moved, and the louder the mode.
    fn mean_square(&self) -> f64 {
        let at_wall = jn(self.diameters, self.root).powi(2);
        let m = f64::from(self.diameters);
        match self.diameters {
            0 => at_wall,
            _ => at_wall * (1.0 - (m / self.root).powi(2)) / 2.0,
        }
    }
}

/// The decay of a mode a second: friction and heat at the walls take more the higher it is, with
/// the root of the frequency (Kirchhoff 1868). At 343 Hz it falls by 60 dB in 3 seconds: our choice.
fn decay(hertz: f64) -> f64 {
    2.3 * (hertz / 343.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAR: Jar = Jar {
        height: 0.5,
        radius: 0.2,
    };

    #[test]
    fn the_lowest_modes_are_those_of_a_pipe_and_of_a_drum_of_air() {
        let swings = JAR.swings_across().unwrap();
        let mut modes: Vec<f64> = swings
            .iter()
            .flat_map(|swing| swing.modes(0.5))
            .map(|(mode, _)| mode.hertz)
            .collect();
        modes.sort_by(f64::total_cmp);
        // One half wave along: c / 2h. One nodal diameter: 1.8412 c / 2πr. Both: by Pythagoras.
        let theory = [343.0, 502.5, 608.4, 686.0];
        for (found, expected) in modes.iter().zip(theory) {
            assert!((found - expected).abs() < 0.1, "{found} against {expected}");
        }
    }

    #[test]
    fn air_at_the_wall_keeps_still_in_the_direction_of_the_wall() {
        for swing in JAR.swings_across().unwrap() {
            let slope = (swing.shape(1.0, 0.0) - swing.shape(1.0 - 1e-5, 0.0)) / 1e-5;
            assert!(slope.abs() < 1e-3, "slope {slope} in {swing:?}");
        }
    }

    #[test]
    fn the_mean_square_is_that_of_the_shape() {
        for swing in JAR.swings_across().unwrap() {
            let (mut sum, mut area) = (0.0, 0.0);
            for ring in 0..200 {
                let out = (f64::from(ring) + 0.5) / 200.0;
                for spoke in 0..12 {
                    sum += out * swing.shape(out, f64::from(spoke) / 12.0).powi(2);
                    area += out;
                }
            }
            assert!((sum / area / swing.mean_square() - 1.0).abs() < 1e-3, "{swing:?}");
        }
    }

    #[test]
    fn a_jar_that_makes_no_sense_is_refused() {
        for (height, radius) in [(0.0, 0.2), (0.5, f64::NAN), (-1.0, 0.2), (0.5, 9.0)] {
            assert!(Jar { height, radius }.swings_across().is_err());
        }
    }
}
