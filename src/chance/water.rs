//! The suikinkutsu, a Japanese garden instrument: a jar buried upside down, in which drops fall on water.
//!
//! Random: when each drop falls and how large a bubble it traps. Not random: how the bubble sounds
//! ([`super::bubble`]), and the jar around it ([`super::jar`]). A bubble lasts only some hundredths of a
//! second. The air in the jar, closed in by hard walls, picks it up in its own modes and rings on
//! for a second or two.
//!
//! Left out: the slow boom of the air in the jar's hole, the drops that are thrown up again, and that
//! the water in the pool rises.

pub use super::bubble::minnaert_hertz;
use super::bubble::tone;
use super::jar::Jar;
use super::mode::{add, channel};
use super::{LONGEST, within};
use crate::Result;
use crate::sound::{RATE, Sound};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use std::f64::consts::{PI, TAU};

/// One drop that falls on the water.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Droplet {
    /// When, in seconds.
    pub seconds: f64,
    /// From which of the places where the ceiling drips, counted from 0.
    pub place: usize,
    /// The radius in metres of the bubble that it traps; none if it only splashes.
    pub bubble: Option<f64>,
}

/// A place where the ceiling of the jar drips, seen from above.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drip {
    /// Distance from the axis of the jar, as a share of its radius: 0 to 1.
    pub out: f64,
    /// Direction, in turns from the right ear: 0.5 is towards the left ear.
    pub turns: f64,
    /// Seconds from one drop to the next, on average.
    pub period: f64,
}

/// A jar, the water that stands in it, and where its ceiling drips.
#[derive(Clone, PartialEq, Debug)]
pub struct Suikinkutsu {
    /// What the drops ring.
    pub jar: Jar,
    /// The places of the ceiling that drip.
    pub drips: Vec<Drip>,
    /// How irregular each drip is: the deviation of its waiting times, as a share of their mean.
    pub irregularity: f64,
}

impl Default for Suikinkutsu {
    /// A jar of 60 cm, standing with its mouth in 10 cm of water, that drips from four places.
    fn default() -> Suikinkutsu {
        let drip = |(out, turns, period)| Drip { out, turns, period };
        let drips = [
            (0.1, 0.1, 1.3),
            (0.5, 0.45, 1.9),
            (0.6, 0.05, 2.6),
            (0.75, 0.6, 3.7),
        ];
        Suikinkutsu {
            jar: Jar {
                height: 0.5,
                radius: 0.2,
            },
            drips: drips.map(drip).to_vec(),
            irregularity: 0.2,
        }
    }
}

impl Suikinkutsu {
    /// Lets it drip. Each place drips almost like a clock: a drop falls when enough water has gathered.
    /// Several such clocks together sound like chance all the same: the more of them there are, the
    /// nearer they come to a Poisson process (Palm 1943).
    ///
    /// # Errors
    /// If a period is outside 0.05 to 600 s, the irregularity outside 0 to 1, or the length outside 0 to [`LONGEST`].
    pub fn drops(&self, seconds: f64, rng: &mut impl Rng) -> Result<Vec<Droplet>> {
        within("The length of the dripping", seconds, 0.0..=LONGEST)?;
        within("The irregularity of a drip", self.irregularity, 0.0..=1.0)?;
        let mut drops = Vec::new();
        for (place, drip) in self.drips.iter().enumerate() {
            let period = within("The period of a drip", drip.period, 0.05..=600.0)?;
            let mut now = period * rng.random::<f64>();
            while now < seconds {
                drops.push(Droplet {
                    seconds: now,
                    place,
                    bubble: trapped(rng),
                });
                let luck: f64 = rng.sample(StandardNormal);
                now += period * (1.0 + self.irregularity * luck).max(0.1);
            }
        }
        drops.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        Ok(drops)
    }

    /// How these drops sound: stereo, at two ears under the jar's ceiling; the end is faded out.
    /// A drop from a place that is not there, or at no time, is not heard.
    ///
    /// # Errors
    /// If the jar, the place of a drip, a bubble (0.2 to 20 mm) or the length (0 to [`LONGEST`]) makes no sense.
    pub fn ring(&self, drops: &[Droplet], seconds: f64) -> Result<Sound> {
        let seconds = within("The length of the sound", seconds, 0.0..=LONGEST)?;
        let frames = (seconds * f64::from(RATE)).round() as usize;
        let splashes = self.splashes(drops, frames)?;
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        for across in self.jar.swings_across()? {
            let mut force = vec![0.0; frames];
            for (drip, splash) in self.drips.iter().zip(&splashes) {
                add(&mut force, splash, across.shape(drip.out, drip.turns));
            }
            for (mode, gain) in across.modes(self.jar.height) {
                let rung = mode.ring(&force, RATE);
                add(&mut left, &rung, gain * across.shape(EAR, 0.5));
                add(&mut right, &rung, gain * across.shape(EAR, 0.0));
            }
        }
        let sound = Sound::stereo(RATE, channel(&left), channel(&right));
        Ok(sound.faded(0.01, 1.5).levelled())
    }

    /// What is heard at each drip without the jar.
    fn splashes(&self, drops: &[Droplet], frames: usize) -> Result<Vec<Vec<f64>>> {
        let mut splashes = vec![vec![0.0; frames]; self.drips.len()];
        for drip in &self.drips {
            within("The distance of a drip from the axis", drip.out, 0.0..=1.0)?;
            within("The direction of a drip in turns", drip.turns, -1.0..=1.0)?;
        }
        for drop in drops.iter().filter(|drop| drop.seconds >= 0.0) {
            let Some(splash) = splashes.get_mut(drop.place) else {
                continue;
            };
            let start = (drop.seconds * f64::from(RATE)) as usize;
            let Some(rest) = splash.get_mut(start..) else {
                continue;
            };
            add(rest, &impact(), 1.0);
            if let Some(radius) = drop.bubble {
                within("The radius of a bubble in metres", radius, 0.0002..=0.02)?;
                let later = (BUBBLE_AFTER * f64::from(RATE)) as usize;
                add(rest.get_mut(later..).unwrap_or_default(), &tone(radius), 1.0);
            }
        }
        Ok(splashes)
    }
}

/// Whether a falling drop traps a bubble, and how large: about 3 mm, seldom below 1.5 or above 6.
fn trapped(rng: &mut impl Rng) -> Option<f64> {
    let luck: f64 = rng.sample(StandardNormal);
    rng.random_bool(0.85)
        .then(|| (0.003 * (0.35 * luck).exp()).clamp(0.001, 0.008))
}

/// How long after the drop's impact its bubble closes, in seconds.
const BUBBLE_AFTER: f64 = 0.015;

/// The tick of a drop that meets water: one quick swing of the pressure, some 2 kHz.
fn impact() -> Vec<f64> {
    let frames = f64::from(RATE) / 1500.0;
    let swing = |i: f64| 0.1 * (TAU * i / frames).sin() * (PI * i / frames).sin().powi(2);
    (0..frames as usize).map(|i| swing(i as f64)).collect()
}

/// How far the two ears are from the axis of the jar, as a share of its radius.
const EAR: f64 = 0.4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::assert_pleasant;
    use crate::chance::waiting::{between, variation};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn rng(seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(seed)
    }

    #[test]
    fn one_drip_is_nearly_a_clock_and_all_together_are_nearly_chance() {
        let jar = Suikinkutsu::default();
        let drops = jar.drops(600.0, &mut rng(1)).unwrap();
        let spread = |drops: &mut dyn Iterator<Item = &Droplet>| {
            let moments: Vec<f64> = drops.map(|drop| drop.seconds).collect();
            variation(&between(&moments)).unwrap()
        };
        let one = spread(&mut drops.iter().filter(|drop| drop.place == 0));
        let all = spread(&mut drops.iter());
        assert!((one - jar.irregularity).abs() < 0.04, "one drip: {one}");
        assert!(all > 0.7, "all: {all}");
        let expected: f64 = jar.drips.iter().map(|drip| 600.0 / drip.period).sum();
        assert!(
            (drops.len() as f64 / expected - 1.0).abs() < 0.03,
            "{} of {expected}",
            drops.len()
        );
    }

    #[test]
    fn the_jar_rings_on_long_after_the_bubble() {
        let drop = Droplet {
            seconds: 0.5,
            place: 1,
            bubble: Some(0.003),
        };
        let sound = Suikinkutsu::default().ring(&[drop], 4.0).unwrap();
        let level = |from: f64| sound.part(from, from + 0.1).rms();
        assert_eq!(level(0.3), 0.0);
        assert!(
            level(1.5) > 0.01 * level(0.52),
            "after a second it is still heard"
        );
        assert!(level(1.5) < 0.5 * level(0.52), "but softer");
    }

    #[test]
    fn all_drops_make_a_pleasant_sound_and_a_seed_always_the_same() {
        let jar = Suikinkutsu::default();
        let play = |seed| jar.ring(&jar.drops(10.0, &mut rng(seed)).unwrap(), 12.0).unwrap();
        for seed in 1..=4 {
            assert_pleasant(&play(seed), &format!("suikinkutsu {seed}"));
        }
        assert_eq!(play(1), play(1));
        assert_ne!(play(1), play(2));
    }

    #[test]
    fn what_makes_no_sense_is_refused_or_silent() {
        let jar = Suikinkutsu::default();
        let drip = |out, turns, period| Suikinkutsu {
            drips: vec![Drip { out, turns, period }],
            ..jar.clone()
        };
        for period in [0.0, -1.0, f64::NAN] {
            assert!(drip(0.5, 0.0, period).drops(1.0, &mut rng(1)).is_err());
        }
        assert!(drip(2.0, 0.0, 1.0).ring(&[], 1.0).is_err());
        assert!(drip(0.5, f64::NAN, 1.0).ring(&[], 1.0).is_err());
        assert!(jar.drops(f64::NAN, &mut rng(1)).is_err());
        assert!(jar.drops(0.0, &mut rng(1)).unwrap().is_empty());
        assert_eq!(jar.ring(&[], 0.0).unwrap().frames(), 0);
        let peak = |seconds, place| {
            let drop = Droplet {
                seconds,
                place,
                bubble: None,
            };
            jar.ring(&[drop], 0.2).unwrap().peak()
        };
        assert_eq!(
            (peak(f64::NAN, 0), peak(-1.0, 0), peak(1e300, 0), peak(0.0, 99)),
            (0.0, 0.0, 0.0, 0.0)
        );
        let bubble = Some(0.0);
        assert!(
            jar.ring(
                &[Droplet {
                    seconds: 0.0,
                    place: 0,
                    bubble
                }],
                0.2
            )
            .is_err()
        );
    }
}
