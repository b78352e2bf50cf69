//! One tube of a wind chime: a bar free at both ends.
//!
//! Its modes stand at 1 : 2.756 : 5.404 : 8.933 of the lowest, no harmonic series at all (Fletcher & Rossing,
//! *The Physics of Musical Instruments*, 1998, §2.15): see [`bar`].
//!
//! Left out: the cord's own damping, the two planes in which a real tube swings at slightly different
//! frequencies, and how well it radiates each mode.

use super::mode::{Mode, Together, channel};
use super::{LONGEST, within};
use crate::Result;
use crate::sound::instrument::bar;
use crate::sound::{RATE, Sound};
use std::f64::consts::PI;

/// Where along its length a tube is struck. In the very middle the second and fourth mode stand still.
const STRUCK_AT: f64 = 0.42;

/// How long a hard blow touches the tube, in seconds.
const SHORTEST_TOUCH: f64 = 0.000_25;

/// The frequencies of the four lowest modes of a tube whose lowest is `hertz`. They go with the square of
/// their roots, since a short wave finds the metal stiffer.
pub fn partials(hertz: f64) -> [f64; 4] {
    let [first, second, third, fourth, _] = bar::ROOTS.map(|root| hertz * bar::ratio(root));
    [first, second, third, fourth]
}

/// One tube.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tube {
    /// Frequency of the lowest mode in hertz, 20 to 5,000.
    pub hertz: f64,
}

impl Tube {
    /// The tone of one blow: mono, of so many seconds. `velocity` goes from 0 to 1, which is the hardest.
    ///
    /// # Errors
    /// If the frequency, the velocity or the length (0 to [`LONGEST`]) makes no sense.
    pub fn strike(&self, velocity: f64, seconds: f64) -> Result<Sound> {
        let velocity = within("The velocity of a strike", velocity, 0.0..=1.0)?;
        let mut force = silence(seconds)?;
        push(&mut force, 0.0, velocity);
        Ok(Sound::mono(RATE, channel(&self.ring(&force)?)))
    }

    /// How the tube sounds under a force: the sum of its modes.
    pub(super) fn ring(&self, force: &[f64]) -> Result<Vec<f64>> {
        let mut samples = vec![0.0; force.len()];
        self.at_rest()?.modes.ring(force, &mut samples);
        Ok(samples)
    }

    /// The tube hanging still, for [`Tolling::strike`].
    ///
    /// # Errors
    /// If its frequency makes no sense.
    pub fn at_rest(&self) -> Result<Tolling> {
        within("The frequency of a tube in hertz", self.hertz, 20.0..=5000.0)?;
        let hertz = partials(self.hertz);
        let mode = |i: usize| Mode {
            hertz: hertz[i],
            decay: decay(hertz[i]),
        };
        Ok(Tolling {
            modes: Together::of(std::array::from_fn(|i| {
                (mode(i).at_rest(RATE), bar::shape_at(bar::ROOTS[i], STRUCK_AT))
            })),
            coming: Vec::new(),
        })
    }
}

/// A tube in motion.
#[derive(Clone, Debug)]
pub struct Tolling {
    modes: Together<4>,
    /// The push that blows give it from now on, sample by sample.
    coming: Vec<f64>,
}

impl Tolling {
    /// Strikes it so many seconds from now. `velocity` goes from 0 to 1, which is the hardest.
    pub fn strike(&mut self, seconds: f64, velocity: f64) {
        let end = (seconds.clamp(0.0, LONGEST) * f64::from(RATE) + touch(velocity)).ceil() as usize + 1;
        let length = self.coming.len().max(end);
        self.coming.resize(length, 0.0);
        push(&mut self.coming, seconds.max(0.0), velocity);
    }

    /// Fills `samples`, at [`RATE`], with what it sounds next.
    pub fn ring(&mut self, samples: &mut [f64]) {
        let length = self.coming.len().max(samples.len());
        self.coming.resize(length, 0.0);
        samples.fill(0.0);
        self.modes.ring(&self.coming, samples);
        self.coming.drain(..samples.len());
    }
}

/// The decay of a tube's mode a second: some from the air at any pitch, more within the metal the higher it is.
/// Set so that the low modes ring for several seconds, as good chimes do.
fn decay(hertz: f64) -> f64 {
    0.9 + 3e-7 * hertz * hertz
}

/// No force for so many seconds.
pub(super) fn silence(seconds: f64) -> Result<Vec<f64>> {
    let seconds = within("The length of the sound", seconds, 0.0..=LONGEST)?;
    Ok(vec![0.0; (seconds * f64::from(RATE)).round() as usize])
}

/// How many samples a blow touches the tube: a tenth of a second at most.
fn touch(velocity: f64) -> f64 {
    (SHORTEST_TOUCH * velocity.clamp(0.0, 1.0).powf(-0.2)).min(0.1) * f64::from(RATE)
}

/// Adds the push of the clapper: it swells and ebbs along a cosine. A hard blow is short and
/// therefore bright: the time of touch goes with the velocity to the power -1/5 (Hertz 1882).
pub(super) fn push(force: &mut [f64], seconds: f64, velocity: f64) {
    let velocity = velocity.clamp(0.0, 1.0);
    if velocity == 0.0 || velocity.is_nan() {
        return;
    }
    let touch = touch(velocity);
    let start = seconds * f64::from(RATE);
    let first = start.ceil();
    for (i, sample) in force.iter_mut().skip(first as usize).enumerate() {
        let part = (first - start + i as f64) / touch;
        if part >= 1.0 {
            break;
        }
        *sample += velocity * (1.0 - (2.0 * PI * part).cos()) / touch;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{cents, partials as measured};

    #[test]
    fn every_tube_sounds_the_partials_of_theory_within_a_cent() {
        for hertz in [392.0, 440.0, 784.0] {
            let tube = Tube { hertz };
            let theory = [1.0, 2.756_538, 5.403_918, 8.932_950].map(|ratio| ratio * hertz);
            let tone = tube.strike(0.7, 3.0).unwrap();
            for (expected, found) in theory.iter().zip(measured(&tone, &theory)) {
                let error = cents(*expected, found.expect("the partial sounds"));
                assert!(error.abs() < 1.0, "{expected} Hz sounds {error} cents off");
            }
        }
    }

    #[test]
    fn struck_as_it_goes_it_sounds_as_if_struck_once() {
        let tube = Tube { hertz: 392.0 };
        let whole = tube.strike(0.7, 1.0).unwrap();
        let mut tolling = tube.at_rest().unwrap();
        tolling.strike(0.0, 0.7);
        let mut samples = vec![0.0; whole.frames()];
        samples.chunks_mut(441).for_each(|part| tolling.ring(part));
        assert_eq!(channel(&samples), whole.channels()[0]);
    }

    #[test]
    fn low_partials_ring_for_seconds_and_high_ones_do_not() {
        let tube = Tube { hertz: 400.0 };
        let tone = tube.strike(1.0, 6.0).unwrap();
        let theory = partials(400.0);
        let late = measured(&tone.part(4.0, 6.0), &theory);
        assert!(late[0].is_some() && late[3].is_none(), "{late:?}");
    }

    #[test]
    fn a_hard_blow_is_louder_and_brighter_than_a_soft_one() {
        let tube = Tube { hertz: 400.0 };
        let brightness = |velocity| {
            let tone = tube.strike(velocity, 1.0).unwrap();
            let samples = &tone.channels()[0];
            let slope: f64 = samples
                .windows(2)
                .map(|pair| f64::from(pair[1] - pair[0]).powi(2))
                .sum();
            (tone.rms(), slope.sqrt() / tone.rms())
        };
        let (soft, hard) = (brightness(0.1), brightness(1.0));
        assert!(
            hard.0 > 5.0 * soft.0 && hard.1 > 1.05 * soft.1,
            "{soft:?} {hard:?}"
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(Tube { hertz: 0.0 }.strike(1.0, 1.0).is_err());
        assert!(Tube { hertz: 400.0 }.strike(2.0, 1.0).is_err());
        assert!(Tube { hertz: 400.0 }.strike(1.0, -1.0).is_err());
    }
}
