//! The drum: a round membrane. Its modes are as the zeros of Bessel functions
//! (Fletcher & Rossing, *The Physics of Musical Instruments*, 1998, §3.2), and the stroke stretches the skin,
//! so the pitch begins high and drops. Snares, hats and cymbals add noise.

use super::{noise, shape};
use std::f64::consts::TAU;

/// The frequencies of a membrane's modes, as multiples of the first.
pub const RATIOS: [f64; 8] = [1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501];

/// What kind of drum.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Drum {
    /// The fundamental of the membrane, in hertz.
    pub hertz: f64,
    /// Seconds in which the fundamental falls by 60 dB.
    pub decay: f64,
    /// How strong the upper modes are beside the fundamental: 0 a thud, 1 a clang.
    pub modes: f64,
    /// How much higher the pitch begins: 0.5 is half as high again.
    pub drop: f64,
    /// Noise beside the membrane: level, frequency in hertz, seconds in which it falls by 60 dB.
    pub noise: (f64, f64, f64),
    /// Loudness beside other drums.
    pub level: f64,
}

impl Drum {
    /// A tom whose membrane sounds at `hertz`.
    pub fn tom(hertz: f64) -> Drum {
        Drum {
            hertz,
            decay: (0.9 * (110.0 / hertz).sqrt()).clamp(0.1, 1.6),
            modes: 0.4,
            drop: 0.25,
            noise: (0.3, 8.0 * hertz, 0.08),
            level: 1.0,
        }
    }

    /// The drum that a General MIDI percussion number (35 to 81) names: bass drum, snare, hats, toms, cymbals;
    /// any other is a high tom.
    pub fn percussion(number: u8) -> Drum {
        let drum = |hertz, decay, modes, drop, noise, level| Drum {
            hertz,
            decay,
            modes,
            drop,
            noise,
            level,
        };
        match number {
            35 | 36 => drum(52.0, 0.5, 0.12, 1.6, (0.5, 1800.0, 0.03), 1.2), // bass drum
            37 | 75 | 76 | 77 => drum(900.0, 0.06, 0.6, 0.1, (0.5, 2500.0, 0.04), 0.6), // sticks, claves, wood
            38 | 40 => drum(190.0, 0.18, 0.5, 0.3, (1.5, 3500.0, 0.22), 0.9),           // snare
            39 => drum(300.0, 0.02, 0.0, 0.0, (2.0, 1300.0, 0.18), 0.7),                // clap
            42 | 44 => drum(4200.0, 0.03, 1.0, 0.0, (3.0, 9000.0, 0.07), 0.35),         // closed hat
            46 => drum(4200.0, 0.06, 1.0, 0.0, (3.0, 9000.0, 0.45), 0.4),               // open hat
            49 | 52 | 55 | 57 => drum(2600.0, 0.5, 1.0, 0.0, (3.0, 6500.0, 1.6), 0.5),  // crash
            51 | 53 | 59 => drum(3100.0, 0.9, 1.0, 0.0, (1.2, 8000.0, 0.9), 0.35),      // ride
            54 | 69 | 70 | 82 => drum(5000.0, 0.03, 0.3, 0.0, (3.0, 7500.0, 0.1), 0.35), // tambourine, shakers
            56 | 80 | 81 => drum(1200.0, 0.5, 0.8, 0.0, (0.1, 4000.0, 0.02), 0.5),       // cowbell, triangle
            41 => Drum::tom(82.0),
            43 => Drum::tom(98.0),
            45 => Drum::tom(116.0),
            47 => Drum::tom(138.0),
            48 => Drum::tom(165.0),
            _ => Drum::tom(220.0),
        }
    }
}

/// Seconds in which the pitch has come down to a third of its rise.
const DROP: f64 = 0.03;

/// Samples from one adjustment of the pitch to the next.
const BLOCK: usize = 32;

/// A drum struck with `force` (0 to 1), until it has rung out.
pub fn strike(drum: Drum, force: f64, rate: u32) -> Vec<f32> {
    let (level, hertz, decay) = drum.noise;
    let seconds = 1.3 * drum.decay.max(decay);
    let mut samples = vec![0.0; (seconds * f64::from(rate)) as usize];
    add_membrane(&mut samples, drum, force, rate);
    noise::burst(&mut samples, level * (0.5 + 0.5 * force), hertz, 0.7, decay, rate);
    samples
}

/// Adds the modes of the membrane: eight vectors that turn side by side, as in [`super::modes`], but slower and
/// slower while the skin relaxes. The higher a mode, the sooner it dies.
fn add_membrane(samples: &mut [f32], drum: Drum, force: f64, rate: u32) {
    let per_second = f64::from(rate);
    let rise = drum.drop * force;
    let mut x = RATIOS.map(|ratio| {
        let carried = ratio * drum.hertz * (1.0 + rise) < shape::highest(rate);
        let strength = if ratio == 1.0 {
            1.0
        } else {
            drum.modes * (0.4 + 0.6 * force) / ratio
        };
        if carried { strength as f32 } else { 0.0 }
    });
    let mut y = [0f32; 8];
    let shrink = RATIOS.map(|ratio| 1000f64.powf(-ratio / (drum.decay * per_second)));
    for (block, samples) in samples.chunks_mut(BLOCK).enumerate() {
        let time = (block * BLOCK) as f64 / per_second;
        let hertz = drum.hertz * (1.0 + rise * (-time / DROP).exp());
        let turn = std::array::from_fn::<_, 8, _>(|i| {
            let (sine, cosine) = (TAU * RATIOS[i] * hertz / per_second).sin_cos();
            ((shrink[i] * cosine) as f32, (shrink[i] * sine) as f32)
        });
        for sample in samples {
            *sample += y.iter().sum::<f32>();
            for i in 0..8 {
                let (cosine, sine) = turn[i];
                (x[i], y[i]) = (x[i] * cosine - y[i] * sine, x[i] * sine + y[i] * cosine);
            }
        }
        // What fell by 180 dB would soon be too small a number to be computed quickly.
        for part in x.iter_mut().chain(&mut y).filter(|part| part.abs() < 1e-9) {
            *part = 0.0;
        }
    }
}

/// One stroke on the drum of the kit that a General MIDI percussion number names: see [`Drum::percussion`].
pub fn percussion(number: u8, velocity: u8, rate: u32) -> Vec<f32> {
    let force = f64::from(velocity.clamp(1, 127)) / 127.0;
    let drum = Drum::percussion(number);
    shape::finished(
        strike(drum, force, rate),
        drum.level * shape::loudness(force),
        rate,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Sound, cents, fundamental, partials};

    #[test]
    fn the_modes_of_the_skin_are_the_zeros_of_bessel() {
        let drum = Drum {
            drop: 0.0,
            noise: (0.0, 100.0, 0.1),
            modes: 1.0,
            decay: 3.0,
            ..Drum::tom(200.0)
        };
        let sound = Sound::mono(44_100, strike(drum, 1.0, 44_100));
        let theory = [1.0, 1.594, 2.136].map(|ratio| 200.0 * ratio);
        for (measured, theory) in partials(&sound, &theory).into_iter().zip(theory) {
            assert!(cents(theory, measured.unwrap()).abs() < 2.0, "{theory} Hz");
        }
    }

    #[test]
    fn the_pitch_drops_to_that_of_the_skin() {
        let drum = Drum {
            noise: (0.0, 100.0, 0.1),
            modes: 0.0,
            decay: 2.0,
            ..Drum::tom(200.0)
        };
        let sound = Sound::mono(44_100, strike(drum, 1.0, 44_100));
        let (early, late) = (
            fundamental(&sound.part(0.0, 0.03)),
            fundamental(&sound.part(0.3, 0.6)),
        );
        assert!(early.unwrap() > 215.0, "{early:?}");
        assert!((late.unwrap() - 200.0).abs() < 0.5, "{late:?}");
    }

    #[test]
    fn every_percussion_number_sounds_and_stays_within_bounds() {
        for number in (0..=127).chain([255]) {
            for velocity in [0, 127] {
                let tone = percussion(number, velocity, 44_100);
                let peak = tone.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
                assert!((1e-6..=1.0).contains(&peak), "{number} at {velocity}: {peak}");
                let mean = tone.iter().sum::<f32>() / tone.len() as f32;
                assert!(mean.abs() < 1e-3, "{number} at {velocity}: {mean}");
                assert_eq!((tone[0], tone[tone.len() - 1]), (0.0, 0.0));
            }
        }
    }
}
