//! A gusty wind: speed against time.
//!
//! Wind has no memory of long ago, but it does not jump either: a gust swells and dies within some
//! seconds. The smallest model of such a thing is the Ornstein–Uhlenbeck process (1930): a number that
//! is always pulled back to its mean and always pushed away from it by chance. Aircraft designers use
//! it under the name of H. L. Dryden (1943), who found its spectrum in a wind tunnel.
//!
//! Left out: the direction of the wind, and that real gusts rise faster than they die away.

use super::{LONGEST, within};
use crate::Result;
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// Wind speeds a second.
pub const SPEEDS_PER_SECOND: f64 = 100.0;

/// How long one eddy of the turbulence inside a gust lasts, in seconds.
const EDDY_SECONDS: f64 = 0.3;

/// How much of the variance of the speed is gusts; the rest is turbulence.
const GUST_SHARE: f64 = 0.9;

/// What kind of wind blows.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wind {
    /// Mean speed in metres a second. Leaves rustle at 3, a flag flies at 5, large branches move at 12.
    pub mean: f64,
    /// Turbulence intensity: the standard deviation of the speed over its mean. 0 is steady;
    /// 0.1 to 0.2 blows over open land, 0.4 between houses and trees.
    pub intensity: f64,
    /// How long a gust lasts, in seconds: the time in which the memory of it falls to 1/e.
    pub gust_seconds: f64,
}

impl Default for Wind {
    /// A fresh breeze in a garden.
    fn default() -> Wind {
        Wind {
            mean: 4.0,
            intensity: 0.4,
            gust_seconds: 2.0,
        }
    }
}

impl Wind {
    /// The speed in metres a second at each hundredth of a second ([`SPEEDS_PER_SECOND`]).
    ///
    /// The sum of the mean, slow gusts and quick turbulence. A speed below zero would be wind from
    /// behind and counts as calm, so that a very gusty wind (intensity above 0.5) blows somewhat
    /// harder than `mean` on average.
    ///
    /// # Errors
    /// If a number makes no sense: a mean outside 0 to 60 m/s, an intensity outside 0 to 2, gusts outside
    /// 0.1 to 600 s, or a length outside 0 to [`LONGEST`].
    pub fn speeds(&self, seconds: f64, rng: &mut impl Rng) -> Result<Vec<f64>> {
        self.check()?;
        let count = (within("The length of the wind", seconds, 0.0..=LONGEST)? * SPEEDS_PER_SECOND).round();
        let mut blowing = Blowing::new(self.gust_seconds, rng);
        Ok((0..count as usize).map(|_| blowing.step(self, rng)).collect())
    }

    fn check(&self) -> Result<()> {
        within("The mean wind speed", self.mean, 0.0..=60.0)?;
        within("The turbulence intensity", self.intensity, 0.0..=2.0)?;
        within("The length of a gust", self.gust_seconds, 0.1..=600.0)?;
        Ok(())
    }
}

/// A wind that blows on and on, and may freshen or slacken meanwhile.
#[derive(Clone, Debug)]
pub struct Blowing {
    gust: Wandering,
    eddy: Wandering,
}

impl Blowing {
    /// A wind with gusts of this length, at some moment of it.
    pub fn new(gust_seconds: f64, rng: &mut impl Rng) -> Blowing {
        Blowing {
            gust: Wandering::new(GUST_SHARE.sqrt(), gust_seconds, rng),
            eddy: Wandering::new((1.0 - GUST_SHARE).sqrt(), EDDY_SECONDS, rng),
        }
    }

    /// The speed a hundredth of a second later, in metres a second, with the mean and intensity of `wind`. Its gusts keep their length.
    pub fn step(&mut self, wind: &Wind, rng: &mut impl Rng) -> f64 {
        let deviation = wind.mean * wind.intensity;
        (wind.mean + deviation * (self.gust.step(rng) + self.eddy.step(rng))).max(0.0)
    }
}

/// The wind speed at a moment (seconds), on a straight line between the two nearest of `speeds`.
/// After the last one that speed goes on; no wind at all is calm.
pub fn speed_at(speeds: &[f64], seconds: f64) -> f64 {
    let place = (seconds * SPEEDS_PER_SECOND).max(0.0);
    let before = place as usize;
    match (speeds.get(before), speeds.get(before.saturating_add(1))) {
        (Some(a), Some(b)) => a + (b - a) * place.fract(),
        _ => speeds.last().copied().unwrap_or(0.0),
    }
}

/// An Ornstein–Uhlenbeck process: normally distributed around zero, with a memory.
#[derive(Clone, Debug)]
struct Wandering {
    value: f64,
    /// How much of the value is left after one step.
    kept: f64,
    /// The standard deviation of what chance adds in one step.
    push: f64,
}

impl Wandering {
    /// Starts somewhere in its stationary distribution. The step is exact, however long
    /// (Gillespie 1996): keep `k = exp(-step/memory)`, add a normal number of variance `σ²(1-k²)`.
    fn new(deviation: f64, memory_seconds: f64, rng: &mut impl Rng) -> Wandering {
        let kept = (-1.0 / (SPEEDS_PER_SECOND * memory_seconds)).exp();
        Wandering {
            value: deviation * normal(rng),
            kept,
            push: deviation * (1.0 - kept * kept).sqrt(),
        }
    }

    fn step(&mut self, rng: &mut impl Rng) -> f64 {
        self.value = self.kept * self.value + self.push * normal(rng);
        self.value
    }
}

/// A normally distributed number with mean 0 and variance 1.
fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn rng(seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(seed)
    }

    fn correlation(speeds: &[f64], mean: f64, lag: usize) -> f64 {
        let product = |lag: usize| -> f64 {
            let pairs = speeds.iter().zip(&speeds[lag..]);
            pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / (speeds.len() - lag) as f64
        };
        product(lag) / product(0)
    }

    #[test]
    fn the_wind_has_the_mean_the_deviation_and_the_memory_that_were_asked_for() {
        let wind = Wind {
            mean: 5.0,
            intensity: 0.2,
            gust_seconds: 1.0,
        };
        let speeds = wind.speeds(600.0, &mut rng(1)).unwrap();
        let count = speeds.len() as f64;
        let mean = speeds.iter().sum::<f64>() / count;
        let variance = speeds.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
        // About 300 independent gusts: the mean is known to 0.06, the deviation to 0.04, at one sigma.
        assert!((mean - 5.0).abs() < 0.2, "mean {mean}");
        assert!(
            (variance.sqrt() - 1.0).abs() < 0.15,
            "deviation {}",
            variance.sqrt()
        );
        let after_a_gust = correlation(&speeds, mean, 100);
        let theory = GUST_SHARE * (-1.0f64).exp() + (1.0 - GUST_SHARE) * (-1.0 / EDDY_SECONDS).exp();
        assert!(
            (after_a_gust - theory).abs() < 0.12,
            "{after_a_gust}, theory {theory}"
        );
    }

    #[test]
    fn the_same_seed_blows_the_same_wind_and_another_seed_another() {
        let blow = |seed| Wind::default().speeds(3.0, &mut rng(seed)).unwrap();
        assert_eq!(blow(4), blow(4));
        assert_ne!(blow(4), blow(5));
    }

    #[test]
    fn a_steady_wind_is_steady_and_a_calm_is_calm() {
        let steady = Wind {
            intensity: 0.0,
            ..Wind::default()
        };
        assert!(steady.speeds(1.0, &mut rng(1)).unwrap().iter().all(|&v| v == 4.0));
        let calm = Wind {
            mean: 0.0,
            ..Wind::default()
        };
        assert!(calm.speeds(1.0, &mut rng(1)).unwrap().iter().all(|&v| v == 0.0));
        assert!(Wind::default().speeds(0.0, &mut rng(1)).unwrap().is_empty());
    }

    #[test]
    fn a_wind_that_makes_no_sense_is_refused_by_name() {
        let refused = |mean, intensity, gust_seconds, seconds| {
            let wind = Wind {
                mean,
                intensity,
                gust_seconds,
            };
            wind.speeds(seconds, &mut rng(1)).unwrap_err().to_string()
        };
        assert!(refused(f64::NAN, 0.1, 1.0, 1.0).contains("mean wind speed cannot be NaN"));
        assert!(refused(-1.0, 0.1, 1.0, 1.0).contains("from 0 to 60"));
        assert!(refused(1.0, 3.0, 1.0, 1.0).contains("turbulence"));
        assert!(refused(1.0, 0.1, 0.0, 1.0).contains("gust"));
        assert!(refused(1.0, 0.1, 1.0, f64::INFINITY).contains("length of the wind"));
        assert!(refused(1.0, 0.1, 1.0, -1.0).contains("length of the wind"));
    }

    #[test]
    fn between_two_speeds_lies_their_mean_and_outside_them_the_nearest() {
        let speeds = [1.0, 3.0];
        assert!((speed_at(&speeds, 0.005) - 2.0).abs() < 1e-12);
        assert_eq!((speed_at(&speeds, -1.0), speed_at(&speeds, 9.0)), (1.0, 3.0));
        assert_eq!((speed_at(&[], 1.0), speed_at(&speeds, f64::NAN)), (0.0, 1.0));
        assert_eq!(speed_at(&speeds, f64::INFINITY), 3.0);
    }
}
