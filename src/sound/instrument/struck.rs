//! The struck string: a piano's. Its steel is stiff, so its partials lie a little sharp of the harmonics
//! (Fletcher, "Normal vibration frequencies of a stiff piano string", 1964), and two or three strings share a
//! hammer, so the tone falls fast at first and slowly after (Weinreich, "Coupled piano strings", 1977).

use super::modes::{Mode, ring};
use super::{noise, shape};
use std::f64::consts::PI;

/// Where along the string the hammer hits: partials with a node there (the 8th …) stay silent.
const PLACE: f64 = 1.0 / 8.0;

/// The stiffness B of Fletcher's formula. Short high strings are stiffer.
pub fn stiffness(hertz: f64) -> f64 {
    (2.5e-4 * hertz / 261.6).clamp(5e-5, 1e-2)
}

/// The frequency of partial n: n f₀ √(1 + B n²), divided so that partial 1 is the pitch that was asked for.
pub fn partial(hertz: f64, number: f64) -> f64 {
    let stiffness = stiffness(hertz);
    number * hertz * ((1.0 + stiffness * number * number) / (1.0 + stiffness)).sqrt()
}

/// Seconds in which a partial falls by 60 dB: air and wire wear the high ones away faster.
fn decay(hertz: f64, frequency: f64) -> f64 {
    let first = (9.0 * (130.8 / hertz).powf(0.5)).clamp(0.5, 14.0);
    1.0 / (1.0 / first + (frequency - hertz).max(0.0) / 2200.0 + (frequency / 6000.0).powi(2))
}

/// The aftersound: how strong it is beside the first sound, how much longer it lasts, and by what ratio its
/// frequency differs (half a cent, for a slow beat).
const AFTER: f64 = 0.2;
const LONGER: f64 = 2.2;
const APART: f64 = 1.000_3;

/// A string struck with `force` (0 to 1), for as long as it rings but at most `seconds`.
pub fn strike(hertz: f64, seconds: f64, force: f64, rate: u32) -> Vec<f32> {
    let mut modes = Vec::new();
    // The felt gets harder the faster it comes: a soft stroke rounds off what is above this frequency.
    let felt = 350.0 + 1800.0 * force * force + 1.2 * hertz;
    for number in (1..=64).map(f64::from) {
        let frequency = partial(hertz, number);
        if frequency >= shape::highest(rate).min(10_000.0) {
            break;
        }
        let soft = 1.0 / (1.0 + (frequency / felt).powi(2));
        let amplitude = (PI * number * PLACE).sin() * soft / number.sqrt();
        let decay = decay(hertz, frequency);
        modes.push(Mode {
            hertz: frequency,
            amplitude,
            decay,
        });
        if number <= 6.0 {
            modes.push(Mode {
                hertz: APART * frequency,
                amplitude: AFTER * amplitude,
                decay: LONGER * decay,
            });
        }
    }
    let mut samples = ring(&modes, seconds, rate);
    // The hammer's knock on the frame.
    noise::burst(&mut samples, 0.5 * force, 220.0 + 0.6 * hertz, 0.7, 0.06, rate);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Sound, cents, decibels, partials};

    #[test]
    fn the_partials_are_where_fletcher_says_and_the_first_is_the_pitch() {
        let sound = Sound::mono(44_100, strike(220.0, 2.0, 0.7, 44_100));
        let theory: Vec<f64> = (1..=6).map(|number| partial(220.0, f64::from(number))).collect();
        assert_eq!(theory[0], 220.0);
        assert!(cents(6.0 * 220.0, theory[5]) > 5.0, "sharp of the harmonic");
        for (measured, theory) in partials(&sound, &theory).into_iter().zip(theory) {
            let off = cents(theory, measured.unwrap());
            assert!(off.abs() < 1.0, "{theory:.1} Hz: {off:.2} cents");
        }
    }

    #[test]
    fn it_falls_fast_at_first_and_slowly_after() {
        let sound = Sound::mono(44_100, strike(220.0, 12.0, 0.7, 44_100));
        let level = |from| decibels(sound.part(from, from + 0.2).rms());
        let (early, late) = (level(0.2) - level(1.2), level(8.0) - level(9.0));
        assert!(early > 1.3 * late, "{early:.1} dB a second, then {late:.1}");
    }
}
