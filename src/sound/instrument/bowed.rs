//! The bowed string. Bow hair drags the string along and lets it slip once a period, so that the bridge feels a
//! sawtooth (Helmholtz, *On the Sensations of Tone*, 1863); the wooden body strengthens what is near its resonances
//! (Fletcher & Rossing, *The Physics of Musical Instruments*, 1998, chapter 10).

use super::noise::white;
use super::resonance::Resonances;
use super::wave::{Vibrato, Wave, play};

/// Seconds until the tone stands.
const ATTACK: f64 = 0.09;

const VIBRATO: Vibrato = Vibrato {
    cents: 9.0,
    hertz: 5.5,
    delay: 0.3,
};

/// Resonances of a violin (hertz, quality, gain): the air in the body, the wood twice, the hill of the bridge.
const BODY: [(f64, f64, f64); 4] = [
    (280.0, 10.0, 1.2),
    (510.0, 9.0, 1.4),
    (1100.0, 5.0, 0.7),
    (2500.0, 2.5, 0.9),
];

/// A string bowed with `force` (0 to 1) for so many seconds.
pub fn bow(hertz: f64, seconds: f64, force: f64, rate: u32) -> Vec<f32> {
    // A harder bow makes a sharper corner, and so a brighter tone.
    let corner = 1200.0 + 2600.0 * force + hertz;
    let saw = Wave::new(hertz, rate, |number, frequency| {
        1.0 / (number * (1.0 + (frequency / corner).powi(2)))
    });
    // Lower tones come from larger bodies.
    let size = (hertz / 440.0).sqrt().clamp(0.3, 1.3);
    let mut body = Resonances::new(
        BODY.map(|(hertz, quality, gain)| (size * hertz, quality, gain)),
        rate,
    );
    let hair = (0.02 + 0.04 * force) as f32;
    let mut noise = white(hertz);
    let per_second = f64::from(rate);
    let follow = 1.0 - (-4.0 / (ATTACK.min(seconds / 3.0) * per_second)).exp() as f32;
    // Followed twice, the level bends away from zero without a corner.
    let (mut begun, mut level) = (0.0, 0.0);
    play(hertz, VIBRATO, (seconds * per_second) as usize, rate, |phase| {
        begun += follow * (1.0 - begun);
        level += follow * (begun - level);
        let string = saw.at(phase);
        let scratch = hair * noise.next().unwrap_or(0.0);
        level * (0.5 * string + body.next(string + scratch))
    })
}
