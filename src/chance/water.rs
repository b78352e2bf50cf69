//! The suikinkutsu, a Japanese garden instrument: a jar buried upside down, in which drops fall on water.
//!
//! Random: when each drop falls and how large a bubble it traps. Not random: how the bubble sounds, and
//! the jar around it. A bubble in water rings like a weight on a spring, the air being the spring
//! (Minnaert 1933). It lasts only some hundredths of a second; the air in the jar, closed in by hard
//! glazed walls, picks it up in its own modes and rings on for a second or two.
//!
//! Left out: the curve of a real jar (ours is a cylinder), the slow boom of the air in its hole,
//! and the drops that are thrown up again.

use super::mode::{Mode, add, channel};
use super::{LONGEST, within};
use crate::Result;
use crate::sound::{RATE, Sound};
use libm::jn;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;
use std::f64::consts::{PI, TAU};

/// The pitch in hertz of an air bubble of this radius (metres) in water: Minnaert (1933).
///
/// `f = sqrt(3 γ p / ρ) / 2πr`: γ = 1.4 says how air resists being squeezed quickly, p is the pressure
/// of the atmosphere and ρ the density of water. About 3.26 m/s over the radius.
pub fn minnaert_hertz(radius: f64) -> f64 {
    let (gamma, pressure, density) = (1.4, 101_325.0, 998.0f64);
    (3.0 * gamma * pressure / density).sqrt() / (TAU * radius)
}

/// The decay of a bubble's tone a second, by radiation and by heat (van den Doel 2005).
pub fn bubble_decay(radius: f64) -> f64 {
    0.13 / radius + 0.0072 * radius.powf(-1.5)
}

/// One drop that falls on the water.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drop {
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
    /// Height of the air over the water, in metres.
    pub height: f64,
    /// Radius in metres.
    pub radius: f64,
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
            (0.35, 0.45, 1.9),
            (0.5, 0.05, 2.6),
            (0.6, 0.6, 3.7),
        ];
        Suikinkutsu {
            height: 0.5,
            radius: 0.2,
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
    pub fn drops(&self, seconds: f64, rng: &mut impl Rng) -> Result<Vec<Drop>> {
        within("The length of the dripping", seconds, 0.0..=LONGEST)?;
        within("The irregularity of a drip", self.irregularity, 0.0..=1.0)?;
        let mut drops = Vec::new();
        for (place, drip) in self.drips.iter().enumerate() {
            let period = within("The period of a drip", drip.period, 0.05..=600.0)?;
            let mut now = period * rng.random::<f64>();
            while now < seconds {
                drops.push(Drop {
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

    /// How these drops sound in the jar: stereo, at two ears inside, left and right under its ceiling; the end is faded out.
    /// A drop from a place that is not there, or of no time, is not heard.
    ///
    /// # Errors
    /// If the jar is outside 0.05 to 5 m either way, a place outside it, or the length outside 0 to [`LONGEST`].
    pub fn ring(&self, drops: &[Drop], seconds: f64) -> Result<Sound> {
        let seconds = within("The length of the sound", seconds, 0.0..=LONGEST)?;
        let frames = (seconds * f64::from(RATE)).round() as usize;
        let splashes = self.splashes(drops, frames)?;
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        for across in self.across()? {
            let mut force = vec![0.0; frames];
            for (drip, splash) in self.drips.iter().zip(&splashes) {
                add(&mut force, splash, across.shape(drip.out, drip.turns));
            }
            for mode in across.modes(self.height) {
                let rung = mode.ring(&force, RATE);
                add(&mut left, &rung, across.shape(EAR, 0.5));
                add(&mut right, &rung, across.shape(EAR, 0.0));
            }
        }
        let sound = Sound::stereo(RATE, channel(&left), channel(&right));
        Ok(sound.normalised(-3.0).faded(0.01, 1.5))
    }

    /// What is heard at each drip without the jar.
    fn splashes(&self, drops: &[Drop], frames: usize) -> Result<Vec<Vec<f64>>> {
        let mut splashes = vec![vec![0.0; frames]; self.drips.len()];
        for drop in drops {
            let Some(splash) = splashes.get_mut(drop.place) else {
                continue;
            };
            let start = (drop.seconds.clamp(0.0, LONGEST) * f64::from(RATE)) as usize;
            let Some(rest) = splash.get_mut(start..) else {
                continue;
            };
            add(rest, &impact(), 1.0);
            if let Some(radius) = drop.bubble {
                within("The radius of a bubble in metres", radius, 0.0002..=0.02)?;
                let later = (BUBBLE_AFTER * f64::from(RATE)) as usize;
                add(rest.get_mut(later..).unwrap_or_default(), &bubble(radius), 1.0);
            }
        }
        Ok(splashes)
    }

    /// The ways in which the air can swing across the jar, up to [`HIGHEST`].
    fn across(&self) -> Result<Vec<Across>> {
        let radius = within("The radius of the jar in metres", self.radius, 0.05..=5.0)?;
        within("The height of the jar in metres", self.height, 0.05..=5.0)?;
        for drip in &self.drips {
            within("The distance of a drip from the axis", drip.out, 0.0..=1.0)?;
            within("The direction of a drip in turns", drip.turns, -1.0..=1.0)?;
        }
        let ways = ROOTS.iter().enumerate().flat_map(|(diameters, roots)| {
            roots.iter().map(move |&root| Across {
                diameters,
                root,
                hertz: SOUND_SPEED * root / (TAU * radius),
            })
        });
        Ok(ways.filter(|way| way.hertz < HIGHEST).collect())
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

/// The tone of a bubble. Its pitch rises a little, since a bubble on its way up rings in ever
/// thinner water above it (van den Doel 2005). A large bubble is louder.
fn bubble(radius: f64) -> Vec<f64> {
    let (hertz, decay) = (minnaert_hertz(radius), bubble_decay(radius));
    let frames = (10.0 / decay * f64::from(RATE)) as usize;
    let swing = |t: f64| {
        let turns = hertz * t * (1.0 + RISE * decay * t / 2.0);
        radius / 0.003 * (-decay * t).exp() * (TAU * turns).sin()
    };
    (0..frames).map(|i| swing(i as f64 / f64::from(RATE))).collect()
}

/// How much the pitch of a bubble rises in the time in which it falls to 1/e.
const RISE: f64 = 0.1;

/// The speed of sound in the jar's air, in m/s.
const SOUND_SPEED: f64 = 343.0;

/// The highest mode of the jar that is followed, in hertz.
const HIGHEST: f64 = 4000.0;

/// How far the two ears are from the axis of the jar, as a share of its radius.
const EAR: f64 = 0.4;

/// Where the Bessel functions J0, J1 and J2 are flat: at the wall of a jar the air cannot swing through it.
/// Row m swings with m lines through the axis along which the air keeps still (nodal diameters).
const ROOTS: [&[f64]; 3] = [
    &[0.0, 3.831_706, 7.015_587, 10.173_468],
    &[1.841_184, 5.331_443, 8.536_316, 11.706_005],
    &[3.054_237, 6.706_133, 9.969_468],
];

/// One way in which the air swings across the jar.
struct Across {
    /// Nodal diameters.
    diameters: usize,
    /// Where J is flat: see [`ROOTS`].
    root: f64,
    /// The frequency if nothing swings along the jar as well.
    hertz: f64,
}

impl Across {
    /// How much the air swings at a place: see [`Drip`]. Of each pair of modes with nodal diameters one
    /// keeps still at both ears, so that only its twin, the cosine, is followed.
    fn shape(&self, out: f64, turns: f64) -> f64 {
        let order = self.diameters as i32;
        jn(order, self.root * out) * (TAU * f64::from(order) * turns).cos()
    }

    /// This swing across, together with 0, 1, 2, … half waves along the jar. Steps of c / 2h: the
    /// two frequencies add as the sides of a right angle do. (No swing at all is no mode.)
    fn modes(&self, height: f64) -> impl Iterator<Item = Mode> {
        let along = SOUND_SPEED / (2.0 * height);
        let hertz = (0..200).map(move |half_waves| self.hertz.hypot(f64::from(half_waves) * along));
        let hearable = hertz
            .filter(|&hertz| hertz > 1.0)
            .take_while(|&hertz| hertz < HIGHEST);
        hearable.map(|hertz| Mode {
            hertz,
            decay: jar_decay(hertz),
        })
    }
}

/// The decay of a mode of the jar a second: friction and heat at the walls take more the higher it
/// is, with the root of the frequency (Kirchhoff 1868). At 343 Hz it falls by 60 dB in 2.4 s.
fn jar_decay(hertz: f64) -> f64 {
    2.9 * (hertz / 343.0).sqrt()
}
