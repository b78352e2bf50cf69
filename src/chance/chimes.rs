//! Wind chimes: metal tubes around a clapper that the wind swings.
//!
//! Random: when the clapper strikes, which tube, how hard. Not random: how a [`Tube`] answers.
//!
//! Left out: the knock of the wood, and that a clapper which just struck needs a moment to swing back.

use super::mode::channel;
pub use super::tube::{Tube, partials};
use super::tube::{push, silence};
use super::waiting::thinned;
use super::wind::{SPEEDS_PER_SECOND, speed_at};
use super::within;
use crate::Result;
use crate::music::{Corpus, Pitch};
use crate::sound::{RATE, Sound};
use rand::{Rng, RngExt};

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
    /// The tubes, each with its pitch.
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
    /// If there is no tube, or the eagerness is outside 0 to 1,000, or the wind so strong that there would be more
    /// than 10,000 strikes a second, or longer than [`super::LONGEST`].
    pub fn strikes(&self, speeds: &[f64], rng: &mut impl Rng) -> Result<Vec<Strike>> {
        let tubes = self.tubes.len();
        within("The number of tubes", tubes as f64, 1.0..=100.0)?;
        within("The eagerness of the clapper", self.eagerness, 0.0..=1000.0)?;
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
    /// If a tube's frequency or the length (0 to [`super::LONGEST`]) makes no sense.
    pub fn ring(&self, strikes: &[Strike], seconds: f64) -> Result<Sound> {
        let mut sound = Sound::stereo(RATE, channel(&silence(seconds)?), vec![]);
        for (i, tube) in self.tubes.iter().enumerate() {
            let mut force = silence(seconds)?;
            for strike in strikes
                .iter()
                .filter(|strike| strike.tube == i && strike.seconds >= 0.0)
            {
                push(&mut force, strike.seconds, strike.velocity);
            }
            let place = (i as f32 + 0.5) / self.tubes.len() as f32 * 2.0 - 1.0;
            sound.mix(
                &Sound::mono(RATE, channel(&tube.ring(&force)?)).panned(0.8 * place),
                0.0,
            )?;
        }
        Ok(sound.faded(0.0, 1.5).levelled())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::assert_pleasant;
    use crate::chance::wind::Wind;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn rng(seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(seed)
    }

    #[test]
    fn the_clapper_goes_to_a_near_tube_and_strikes_as_often_as_the_wind_says() {
        let chimes = Chimes::default();
        let speeds = Wind::default().speeds(600.0, &mut rng(1)).unwrap();
        let strikes = chimes.strikes(&speeds, &mut rng(2)).unwrap();
        let expected = speeds.iter().map(|&speed| chimes.rate(speed)).sum::<f64>() / SPEEDS_PER_SECOND;
        let surprise = (strikes.len() as f64 - expected) / expected.sqrt();
        assert!(
            surprise.abs() < 4.0,
            "{} strikes, expected {expected}",
            strikes.len()
        );
        for pair in strikes.windows(2) {
            let step = (pair[1].tube + 6 - pair[0].tube) % 6;
            assert!([1, 2, 4, 5].contains(&step), "a step of {step}");
            assert!(pair[0].seconds <= pair[1].seconds);
        }
        assert!(
            strikes
                .iter()
                .all(|strike| (0.0..=1.0).contains(&strike.velocity))
        );
    }

    #[test]
    fn every_wind_makes_a_pleasant_sound_and_a_seed_always_the_same() {
        let chimes = Chimes::default();
        let play = |seed| {
            let mut rng = rng(seed);
            let speeds = Wind::default().speeds(10.0, &mut rng).unwrap();
            let strikes = chimes.strikes(&speeds, &mut rng).unwrap();
            chimes.ring(&strikes, 12.0).unwrap()
        };
        for seed in 1..=4 {
            assert_pleasant(&play(seed), &format!("chimes {seed}"));
        }
        assert_eq!(play(1), play(1));
        assert_ne!(play(1), play(2));
    }

    #[test]
    fn what_makes_no_sense_is_refused_or_silent() {
        let chimes = Chimes::default();
        let none = Chimes {
            tubes: vec![],
            ..chimes.clone()
        };
        assert!(none.strikes(&[1.0], &mut rng(1)).is_err());
        assert_eq!(none.ring(&[], 1.0).unwrap().seconds(), 1.0);
        for eagerness in [f64::NAN, -1.0, f64::INFINITY] {
            let odd = Chimes {
                eagerness,
                ..chimes.clone()
            };
            assert!(odd.strikes(&[1.0], &mut rng(1)).is_err());
        }
        assert!(chimes.strikes(&[1e9; 10], &mut rng(1)).is_err());
        assert!(chimes.strikes(&[f64::NAN; 900], &mut rng(1)).unwrap().is_empty());
        assert!(chimes.strikes(&[], &mut rng(1)).unwrap().is_empty());
        for (seconds, tube, velocity) in [
            (f64::NAN, 0, 1.0),
            (-1.0, 0, 1.0),
            (1e300, 0, 1.0),
            (0.1, 99, 1.0),
            (0.1, 0, f64::NAN),
            (0.1, 0, -1.0),
        ] {
            let strike = Strike {
                seconds,
                tube,
                velocity,
            };
            assert_eq!(chimes.ring(&[strike], 1.0).unwrap().peak(), 0.0, "{strike:?}");
        }
        assert!(chimes.ring(&[], f64::NAN).is_err());
        assert_eq!(chimes.ring(&[], 0.0).unwrap().frames(), 0);
    }
}
