//! The pipe: a flute or a flue of an organ. Air blown across an edge makes the column in the pipe swing; at the start
//! the jet hunts for its pitch (the *chiff*), and breath is heard all along
//! (Fletcher & Rossing, *The Physics of Musical Instruments*, 1998, chapters 16 and 17).

use super::noise::{Resonance, white};
use super::wave::{Vibrato, Wave, sway};

/// Seconds until the pipe speaks.
const ATTACK: f64 = 0.05;

const VIBRATO: Vibrato = Vibrato {
    cents: 4.0,
    hertz: 5.0,
    delay: 0.3,
};

/// A pipe blown with `force` (0 to 1) for so many seconds. Its wave begins with the upper partials: the
/// fundamental needs longer to build up.
pub fn blow(hertz: f64, seconds: f64, force: f64, rate: u32) -> Vec<f32> {
    // The harder the blow and the lower the tone, the stronger the upper partials.
    let bright = (0.30 + 0.25 * force) * (330.0 / hertz).powf(0.25).clamp(0.5, 1.3);
    let first = Wave::new(hertz, rate, |number, _| f64::from(u8::from(number == 1.0)));
    let upper = Wave::new(hertz, rate, |number, _| {
        let even = if number % 2.0 == 0.0 { 0.7 } else { 1.0 }; // a pipe favours the odd ones a little
        if number == 1.0 {
            0.0
        } else {
            even * bright.powf(number - 1.0)
        }
    });
    let per_second = f64::from(rate);
    let attack = ATTACK.min(seconds / 3.0) * per_second;
    let slow = 1.0 - (-3.0 / attack).exp() as f32;
    let fast = 1.0 - (-7.0 / attack).exp() as f32;
    let fade = (-2.5 / attack).exp() as f32;
    let mut breath = Resonance::new((2.0 * hertz).min(5000.0), 1.2, rate);
    let mut noise = white(hertz);
    let hiss = 0.03;
    let (mut low, mut high, mut chiff) = (0.0f32, 0.0f32, 0.5 * force as f32);
    let mut samples = vec![0.0; (seconds * per_second) as usize];
    sway(hertz, VIBRATO, rate, &mut samples, |turns| {
        low += slow * (1.0 - low);
        high += fast * (1.0 - high);
        chiff *= fade;
        let air = breath.next(noise.next().unwrap_or(0.0));
        low * first.at(turns) + high * (upper.at(turns) + (chiff + hiss) * air)
    });
    samples
}
