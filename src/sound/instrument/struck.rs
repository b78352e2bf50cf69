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

/// The aftersound: how strong it is beside the first sound, how much longer it lasts, and how far (as a ratio of
/// frequencies, half a cent) its two strings lie apart from the first on either side.
const AFTER: f64 = 0.12;
const LONGER: f64 = 2.2;
const APART: f64 = 0.000_3;

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
            modes.extend([1.0 - APART, 1.0 + APART].map(|ratio| Mode {
                hertz: frequency * ratio,
                amplitude: AFTER * amplitude,
                decay: LONGER * decay,
            }));
        }
    }
    let mut samples = ring(&modes, seconds, rate);
    // The hammer's knock on the frame.
    noise::burst(&mut samples, 0.5 * force, 220.0 + 0.6 * hertz, 0.7, 0.06, rate);
    samples
}
