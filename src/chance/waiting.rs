//! When things happen by chance: point processes, and the waiting times between their points.
//!
//! If something is as likely to happen in this moment as in any other, whatever happened before, the
//! time until it happens follows the exponential distribution, and its moments form a Poisson process.

use super::{LONGEST, within};
use crate::Result;
use rand::{Rng, RngExt};

/// The most events a second that are drawn.
const BUSIEST: f64 = 10_000.0;

/// One waiting time in seconds for something that happens `rate` times a second on average.
///
/// By inversion: the chance to wait longer than `t` is `exp(-rate * t)`. Draw that chance evenly
/// between 0 and 1, and solve for `t`. At a rate of zero one waits for ever (infinity).
pub fn waiting_time(rate: f64, rng: &mut impl Rng) -> f64 {
    let u: f64 = rng.random(); // from 0 up to, but never, 1: the logarithm is finite
    -(1.0 - u).ln() / rate
}

/// The moments (in seconds, rising) of a homogeneous Poisson process: `rate` events a second on average.
///
/// # Errors
/// If the rate is not between 0 and 10,000 a second, or the length not between 0 and [`LONGEST`].
pub fn poisson(rate: f64, seconds: f64, rng: &mut impl Rng) -> Result<Vec<f64>> {
    within("The rate of events a second", rate, 0.0..=BUSIEST)?;
    within("The length of time", seconds, 0.0..=LONGEST)?;
    let mut moments = Vec::new();
    if rate == 0.0 {
        return Ok(moments);
    }
    let mut now = waiting_time(rate, rng);
    while now < seconds {
        moments.push(now);
        now += waiting_time(rate, rng);
    }
    Ok(moments)
}

/// The moments of an inhomogeneous Poisson process, whose rate at each moment is `rate(seconds)`.
///
/// By thinning (Lewis & Shedler 1979): draw a homogeneous process that is always busy enough, at the
/// `highest` rate, then keep each moment with probability `rate / highest` of that moment. Where
/// `rate` says more than `highest`, or no number, it is taken as `highest` or as zero.
///
/// # Errors
/// As [`poisson`], for the highest rate.
pub fn thinned(
    rate: impl Fn(f64) -> f64,
    highest: f64,
    seconds: f64,
    rng: &mut impl Rng,
) -> Result<Vec<f64>> {
    let mut moments = poisson(highest, seconds, rng)?;
    moments.retain(|&moment| rng.random::<f64>() * highest < rate(moment));
    Ok(moments)
}

/// The waiting times between neighbouring moments: one fewer than there are moments.
pub fn between(moments: &[f64]) -> Vec<f64> {
    moments
        .iter()
        .zip(moments.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect()
}

/// The coefficient of variation: standard deviation over mean. 0 for a clock, 1 for exponential waiting
/// times, more where events come in clusters. None for fewer than two times, or a mean of zero.
pub fn variation(times: &[f64]) -> Option<f64> {
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (times.len() > 1 && mean > 0.0).then(|| variance.sqrt() / mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::chimes::Chimes;
    use crate::chance::wind::{Wind, speed_at};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn rng(seed: u64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(seed)
    }

    #[test]
    fn waiting_times_have_the_mean_the_spread_and_the_tail_of_the_exponential_distribution() {
        let mut rng = rng(1);
        let count = 100_000;
        let times: Vec<f64> = (0..count).map(|_| waiting_time(2.0, &mut rng)).collect();
        let mean = times.iter().sum::<f64>() / f64::from(count);
        // The mean of n times has the standard error 0.5/√n = 0.0016; four of these are allowed.
        assert!((mean - 0.5).abs() < 0.0064, "mean {mean}");
        let variation = variation(&times).unwrap();
        assert!((variation - 1.0).abs() < 0.0127, "variation {variation}"); // standard error 1/√n
        let long = times.iter().filter(|&&time| time > 1.0).count() as f64 / f64::from(count);
        assert!((long - (-2.0f64).exp()).abs() < 0.0044, "longer than 1 s: {long}");
        assert!(times.iter().all(|&time| time >= 0.0));
    }

    #[test]
    fn a_poisson_process_has_as_many_points_as_expected_and_a_variance_to_match() {
        let mut rng = rng(2);
        let counts: Vec<f64> = (0..2000)
            .map(|_| poisson(3.0, 10.0, &mut rng).unwrap().len() as f64)
            .collect();
        let mean = counts.iter().sum::<f64>() / 2000.0;
        let variance = counts.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / 2000.0;
        assert!((mean - 30.0).abs() < 0.5, "mean {mean}"); // standard error 0.12
        assert!((variance - 30.0).abs() < 4.0, "variance {variance}"); // standard error 0.96
    }

    #[test]
    fn thinning_leaves_as_many_points_as_the_area_under_the_rate_and_where_it_is_high() {
        let mut rng = rng(3);
        let rate = |t: f64| if t < 5.0 { 1.0 } else { 4.0 };
        let (mut early, mut late) = (0, 0);
        for _ in 0..400 {
            for moment in thinned(rate, 4.0, 10.0, &mut rng).unwrap() {
                *(if moment < 5.0 { &mut early } else { &mut late }) += 1;
            }
        }
        // Expected 400 × 5 = 2000 and 400 × 20 = 8000, with deviations of their square roots.
        assert!((early - 2000i32).abs() < 180, "{early}");
        assert!((late - 8000i32).abs() < 360, "{late}");
    }

    #[test]
    fn a_steady_wind_strikes_like_a_poisson_process_and_a_gusty_one_in_clusters() {
        let variation_in = |intensity| {
            let mut rng = rng(4);
            let wind = Wind {
                intensity,
                ..Wind::default()
            };
            let speeds = wind.speeds(600.0, &mut rng).unwrap();
            let chimes = Chimes::default();
            let highest = speeds.iter().fold(0.0, |most: f64, &v| most.max(chimes.rate(v)));
            let moments = thinned(|t| chimes.rate(speed_at(&speeds, t)), highest, 600.0, &mut rng);
            variation(&between(&moments.unwrap())).unwrap()
        };
        let (steady, gusty) = (variation_in(0.0), variation_in(0.5));
        assert!((steady - 1.0).abs() < 0.12, "steady {steady}");
        assert!(gusty > 1.2, "gusty {gusty}");
    }

    #[test]
    fn what_makes_no_sense_is_refused_or_empty() {
        for rate in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(poisson(rate, 1.0, &mut rng(1)).is_err());
        }
        assert!(poisson(1.0, f64::NAN, &mut rng(1)).is_err());
        assert!(poisson(0.0, 1.0, &mut rng(1)).unwrap().is_empty());
        assert!(poisson(9.0, 0.0, &mut rng(1)).unwrap().is_empty());
        assert!(thinned(|_| f64::NAN, 9.0, 9.0, &mut rng(1)).unwrap().is_empty());
        assert_eq!(waiting_time(0.0, &mut rng(1)), f64::INFINITY);
        assert_eq!(
            (variation(&[]), variation(&[1.0]), variation(&[0.0, 0.0])),
            (None, None, None)
        );
        assert!(between(&[]).is_empty());
    }
}
