//! Wind chimes: metal tubes around a clapper that the wind swings.
//!
//! Random: when the clapper strikes, which tube, how hard. Not random: how a tube answers. It is a bar
//! free at both ends, whose modes stand at 1 : 2.756 : 5.404 : 8.933 of the lowest, no
//! harmonic series at all (Fletcher & Rossing, *The Physics of Musical Instruments*, chapters 2 and 19).
//!
//! Left out: the cord's own damping, the two planes in which a real tube swings at slightly different
//! frequencies, the knock of the wood, and how the tube radiates each mode.

use super::mode::{Mode, add, channel};
use super::waiting::thinned;
use super::wind::{SPEEDS_PER_SECOND, speed_at};
use super::{LONGEST, within};
use crate::Result;
use crate::music::{Corpus, Pitch};
use crate::sound::{RATE, Sound};
use rand::{Rng, RngExt};
use std::f64::consts::PI;

/// The lowest wave numbers of a bar free at both ends, times its length: cos(x) cosh(x) = 1.
const WAVE_NUMBERS: [f64; 4] = [4.730_040_745, 7.853_204_624, 10.995_607_838, 14.137_165_491];

/// Where along its length a tube is struck. In the very middle the second and fourth mode stand still.
const STRUCK_AT: f64 = 0.42;

/// How long a hard blow touches the tube, in seconds.
const SHORTEST_TOUCH: f64 = 0.000_25;

/// The frequencies of the four lowest modes of a bar whose lowest is `hertz`: they go with the square of
/// the wave number, since a short wave finds the bar stiffer.
pub fn partials(hertz: f64) -> [f64; 4] {
    WAVE_NUMBERS.map(|number| hertz * (number / WAVE_NUMBERS[0]).powi(2))
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
        let mut force = silence(seconds)?;
        push(
            &mut force,
            0.0,
            within("The velocity of a strike", velocity, 0.0..=1.0)?,
        );
        Ok(Sound::mono(RATE, channel(&self.ring(&force)?)))
    }

    /// How the tube sounds under a force: the sum of its modes.
    fn ring(&self, force: &[f64]) -> Result<Vec<f64>> {
        within("The frequency of a tube in hertz", self.hertz, 20.0..=5000.0)?;
        let mut sum = vec![0.0; force.len()];
        for (hertz, number) in partials(self.hertz).into_iter().zip(WAVE_NUMBERS) {
            let mode = Mode {
                hertz,
                decay: decay(hertz),
            };
            add(
                &mut sum,
                &mode.ring(force, RATE),
                mode_shape(number, STRUCK_AT).abs(),
            );
        }
        Ok(sum)
    }
}

/// The decay of a tube's mode a second: some from the air at any pitch, more within the metal the higher it is.
/// Set so that the low modes ring for several seconds, as good chimes do.
fn decay(hertz: f64) -> f64 {
    0.9 + 3e-7 * hertz * hertz
}

/// How far a free–free bar moves at place `x` (0 to 1 along its length) in the mode of this wave number.
fn mode_shape(number: f64, x: f64) -> f64 {
    let ratio = (number.cosh() - number.cos()) / (number.sinh() - number.sin());
    let x = number * x;
    x.cosh() + x.cos() - ratio * (x.sinh() + x.sin())
}

/// No force for so many seconds.
fn silence(seconds: f64) -> Result<Vec<f64>> {
    let seconds = within("The length of the sound", seconds, 0.0..=LONGEST)?;
    Ok(vec![0.0; (seconds * f64::from(RATE)).round() as usize])
}

/// Adds the push of the clapper: it swells and ebbs along a cosine. A hard blow is short and
/// therefore bright: the time of touch goes with the velocity to the power -1/5 (Hertz 1882).
fn push(force: &mut [f64], seconds: f64, velocity: f64) {
    if velocity <= 0.0 {
        return;
    }
    let touch = SHORTEST_TOUCH * velocity.powf(-0.2) * f64::from(RATE);
    let start = (seconds * f64::from(RATE)).max(0.0);
    let first = start.ceil();
    for (i, sample) in force.iter_mut().skip(first as usize).enumerate() {
        let part = (first - start + i as f64) / touch;
        if part >= 1.0 {
            break;
        }
        *sample += velocity * (1.0 - (2.0 * PI * part).cos()) / touch;
    }
}

/// One strike of the clapper.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Strike {
    /// When, in seconds.
    pub seconds: f64,
    /// Which tube, counted from 0.
    pub tube: usize,
    /// How hard, 0 to 1.
    pub velocity: f64,
}

/// Tubes in a ring, from low to high, and a clapper in their middle.
#[derive(Clone, PartialEq, Debug)]
pub struct Chimes {
    pub tubes: Vec<Tube>,
    /// How easily the clapper swings: strikes a second in a wind of 1 m/s.
    pub eagerness: f64,
}

impl Default for Chimes {
    /// Six tubes tuned to the pentatonic scale on G.
    fn default() -> Chimes {
        let hertz = [67, 69, 71, 74, 76, 79]
            .into_iter()
            .filter_map(Pitch::from_midi)
            .map(Pitch::hertz);
        Chimes {
            tubes: hertz.map(|hertz| Tube { hertz }).collect(),
            eagerness: 0.08,
        }
    }
}

impl Chimes {
    /// Six tubes tuned to a corpus: to the six pitches that it uses most, octaves apart being the same, within one
    /// octave from G4 up.
    pub fn tuned_to(corpus: &Corpus) -> Chimes {
        let voices = corpus.pieces.iter().flat_map(|piece| &piece.score.voices);
        let mut uses = [0usize; 12];
        for note in voices
            .filter(|voice| !voice.percussion)
            .flat_map(|voice| &voice.notes)
        {
            uses[usize::from(note.pitch.class())] += 1;
        }
        let mut octave: Vec<u8> = (67..79).collect();
        octave.sort_by_key(|number| std::cmp::Reverse(uses[usize::from(number % 12)]));
        octave.truncate(6);
        octave.sort_unstable();
        let pitches = octave.into_iter().filter_map(Pitch::from_midi);
        Chimes {
            tubes: pitches.map(|pitch| Tube { hertz: pitch.hertz() }).collect(),
            ..Chimes::default()
        }
    }

    /// Strikes a second at this wind speed (m/s): the push of the air on the sail grows with
    /// the square of its speed, and so, we say, do the strikes.
    pub fn rate(&self, speed: f64) -> f64 {
        self.eagerness * speed * speed
    }

    /// Lets the wind (see [`super::wind::Wind::speeds`]) play: an inhomogeneous Poisson process. The
    /// clapper swings from the tube it struck last to one of the four nearest in the ring.
    ///
    /// # Errors
    /// If there is no tube, or the wind is so strong or the clapper so eager that there are more than 10,000 strikes a second.
    pub fn strikes(&self, speeds: &[f64], rng: &mut impl Rng) -> Result<Vec<Strike>> {
        let tubes = self.tubes.len();
        within("The number of tubes", tubes as f64, 1.0..=100.0)?;
        let highest = speeds
            .iter()
            .fold(0.0, |most: f64, &speed| most.max(self.rate(speed)));
        let rate = |seconds| self.rate(speed_at(speeds, seconds));
        let moments = thinned(rate, highest, speeds.len() as f64 / SPEEDS_PER_SECOND, rng)?;
        let mut tube = rng.random_range(0..tubes);
        let mut strike = |seconds: f64| {
            let step = [1, 2, 2 * tubes - 2, 2 * tubes - 1][rng.random_range(0..4)]; // the last two go down
            tube = (tube + step) % tubes;
            let luck = rng.random_range(0.4..1.0);
            let velocity = (luck * speed_at(speeds, seconds) / 8.0).min(1.0);
            Strike {
                seconds,
                tube,
                velocity,
            }
        };
        Ok(moments.into_iter().map(&mut strike).collect())
    }

    /// How these strikes sound: stereo, with the tubes spread from left to right; the end is faded out.
    /// A strike on a tube that is not there, or at no time, is not heard.
    ///
    /// # Errors
    /// If a tube's frequency or the length (0 to [`LONGEST`]) makes no sense.
    pub fn ring(&self, strikes: &[Strike], seconds: f64) -> Result<Sound> {
        let mut sound = Sound::stereo(RATE, vec![], vec![]);
        for (i, tube) in self.tubes.iter().enumerate() {
            let mut force = silence(seconds)?;
            for strike in strikes.iter().filter(|strike| strike.tube == i) {
                push(&mut force, strike.seconds, strike.velocity.min(1.0));
            }
            let place = (i as f32 + 0.5) / self.tubes.len() as f32 * 2.0 - 1.0;
            sound.mix(
                &Sound::mono(RATE, channel(&tube.ring(&force)?)).panned(0.8 * place),
                0.0,
            )?;
        }
        Ok(sound.normalised(-3.0).faded(0.0, 1.5))
    }
}
