//! The pipe: a flute or a flue of an organ. Air blown across an edge makes the column in the pipe swing; at the start
//! the jet hunts for its pitch (the *chiff*), and breath is heard all along
//! (Fletcher & Rossing, *The Physics of Musical Instruments*, 1998, chapters 16 and 17).

use super::noise::white;
use super::resonance::Resonances;
use super::wave::{Vibrato, Wave, play};

/// Seconds until the pipe speaks.
const ATTACK: f64 = 0.05;

const VIBRATO: Vibrato = Vibrato {
    cents: 4.0,
    hertz: 5.0,
    delay: 0.3,
};

/// The breath all along, and what the start adds to it.
const BREATH: f32 = 0.04;
const CHIFF: f32 = 1.0;

/// A pipe blown with `force` (0 to 1) for so many seconds. The upper partials speak first: the fundamental takes
/// longer to build up.
pub fn blow(hertz: f64, seconds: f64, force: f64, rate: u32) -> Vec<f32> {
    // The harder the blow and the lower the tone, the stronger each partial beside the one below.
    let bright = (0.30 + 0.25 * force) * (330.0 / hertz).powf(0.25).clamp(0.5, 1.3);
    let first = Wave::new(hertz, rate, |number, _| f64::from(u8::from(number == 1.0)));
    let upper = Wave::new(hertz, rate, |number, _| match number {
        1.0 => 0.0,
        even if even % 2.0 == 0.0 => 0.7 * bright.powf(number - 1.0), // weaker, as in a narrow pipe
        _ => bright.powf(number - 1.0),
    });
    let mut air = Resonances::new([((2.0 * hertz).min(5000.0), 1.2, 1.0)], rate);
    let mut noise = white(hertz);
    let per_second = f64::from(rate);
    let attack = ATTACK.min(seconds / 3.0) * per_second;
    let part = |speed: f64| (1.0 - (-speed / attack).exp()) as f32;
    let (slow, fast, fading) = (part(3.0), part(7.0), part(2.5));
    let (mut low, mut high, mut chiff) = (0.0, 0.0, CHIFF * force as f32);
    play(hertz, VIBRATO, (seconds * per_second) as usize, rate, |phase| {
        low += slow * (1.0 - low);
        high += fast * (1.0 - high);
        chiff -= fading * (chiff - BREATH);
        let breath = chiff * air.next(noise.next().unwrap_or(0.0));
        low * first.at(phase) + high * (upper.at(phase) + breath)
    })
}
