//! The bowed string. Bow hair drags the string along and lets it slip once a period, so that the bridge feels a
//! sawtooth (Helmholtz, *On the Sensations of Tone*, 1863); the wooden body strengthens what is near its resonances
//! (Fletcher & Rossing, *The Physics of Musical Instruments*, 1998, chapter 10).

use super::noise::{Resonance, white};
use super::wave::{Vibrato, Wave, sway};

/// Seconds until the tone stands.
const ATTACK: f64 = 0.09;

const VIBRATO: Vibrato = Vibrato {
    cents: 9.0,
    hertz: 5.5,
    delay: 0.35,
};

/// Resonances of a violin: hertz, quality, strength. The air in the body, two of the wood, and the bridge's hill.
const BODY: [(f64, f64, f32); 5] = [
    (280.0, 12.0, 1.2),
    (460.0, 16.0, 1.4),
    (550.0, 18.0, 1.4),
    (1100.0, 6.0, 0.7),
    (2500.0, 2.5, 1.0),
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
    let mut body = BODY.map(|(hertz, quality, _)| Resonance::new(size * hertz, quality, rate));
    let per_second = f64::from(rate);
    let attack = ATTACK.min(seconds / 3.0) * per_second;
    let follow = 1.0 - (-3.0 / attack).exp() as f32;
    let hair = 0.03 + 0.05 * force as f32;
    let mut noise = white(hertz);
    let mut level = [0.0f32; 2];
    let mut samples = vec![0.0; (seconds * per_second) as usize];
    sway(hertz, VIBRATO, rate, &mut samples, |turns| {
        level[0] += follow * (1.0 - level[0]);
        level[1] += 2.0 * follow * (level[0] - level[1]); // twice smoothed: no corner at the start
        let string = saw.at(turns) + hair * noise.next().unwrap_or(0.0);
        let ring: f32 = body
            .iter_mut()
            .zip(&BODY)
            .map(|(resonance, &(_, _, strength))| strength * resonance.next(string))
            .sum();
        level[1] * (0.5 * string + ring)
    });
    samples
}
