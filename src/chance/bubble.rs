//! An air bubble in water: a weight on a spring. The air is the spring, the water around it the weight.
//!
//! Left out: bubbles that are not round, and those that sing together.

use crate::sound::RATE;
use std::f64::consts::TAU;

/// The pitch in hertz of an air bubble of this radius (metres) in water: Minnaert (1933).
///
/// `f = sqrt(3 γ p / ρ) / 2πr`: γ = 1.4 says how air resists being squeezed quickly, p is the pressure
/// of the atmosphere and ρ the density of water. About 3.26 m/s over the radius.
pub fn minnaert_hertz(radius: f64) -> f64 {
    let (gamma, pressure, density) = (1.4, 101_325.0, 998.0f64);
    (3.0 * gamma * pressure / density).sqrt() / (TAU * radius)
}

/// The decay of a bubble's tone a second, by radiation and by heat (van den Doel 2005).
pub fn decay(radius: f64) -> f64 {
    0.13 / radius + 0.0072 * radius.powf(-1.5)
}

/// The tone of a bubble. Its pitch rises a little: near the surface there is less water to be moved
/// (van den Doel 2005). All start equally loud; a large one lasts longer.
pub(super) fn tone(radius: f64) -> Vec<f64> {
    let (hertz, decay) = (minnaert_hertz(radius), decay(radius));
    let frames = (10.0 / decay * f64::from(RATE)) as usize;
    let swing = |t: f64| {
        let turns = hertz * t * (1.0 + RISE * decay * t / 2.0);
        (-decay * t).exp() * (TAU * turns).sin()
    };
    (0..frames).map(|i| swing(i as f64 / f64::from(RATE))).collect()
}

/// How much the pitch of a bubble rises in the time in which it falls to 1/e.
const RISE: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bubble_of_one_millimetre_rings_at_3260_hertz() {
        let hertz = minnaert_hertz(0.001);
        assert!((hertz - 3260.0).abs() < 30.0, "{hertz}");
        assert!((hertz / minnaert_hertz(0.002) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_bubble_rings_at_its_pitch_and_dies_away_within_hundredths_of_a_second() {
        let samples = tone(0.003);
        let crossings = samples
            .windows(2)
            .take(661)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0);
        // 15 milliseconds at 1,086 Hz, the pitch rising by some 6 per cent meanwhile: 17 periods.
        assert!((16..=18).contains(&crossings.count()));
        let expected = 0.13 / 0.003 + 0.0072 / 0.003f64.powf(1.5);
        assert!((decay(0.003) - expected).abs() < 1e-9);
        assert!((0.05..0.2).contains(&(samples.len() as f64 / f64::from(RATE))));
    }
}
