//! Screens: how Iannis Xenakis composed *Analogique A* (nine strings) and *B* (tape), 1958–59, with a chain of two states.
//!
//! In *B*, and here, a sound is a cloud of grains, each too short to be a tone of its own. A **screen** is a moment of the cloud, as a
//! table of cells: which frequencies, how loud, how dense. For each of the three there are two regions
//! to choose from, and a chain chooses, screen after screen (*Formalized Music*, 1971, chapters 2 and 3).
//!
//! Left out: the couplings by which in the original the regions of one kind change the matrix of another; here the three
//! chains walk apart. The regions are our own.

use super::TransitionMatrix;
use crate::sound::{RATE, Sound};
use crate::{Error, Result};
use ndarray::array;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Poisson};
use std::f64::consts::{PI, TAU};

/// How long a grain lasts, in seconds.
pub const GRAIN: f64 = 0.04;

/// How long a screen lasts, in seconds.
pub const SCREEN: f64 = 0.5;

/// The most screens that are made to sound: ten minutes of them.
const MOST_SCREENS: usize = 1200;

/// The chain of *Analogique A*: rather change than stay.
///
/// # Errors
/// None: the matrix is a chain.
pub fn matrix() -> Result<TransitionMatrix> {
    TransitionMatrix::new(array![[0.2, 0.8], [0.8, 0.2]])
}

/// If 100 systems start in the first state, how many are there after 0, 1, 2, … steps: as many counts as `steps`, and the
/// start. As in Xenakis's table, counts are whole: each is worked out from the one before it and rounded.
///
/// Every exact step comes nearer to 50 : 50. Where the nearest whole number does not (49 would give 50.6, and 51
/// then 49.4, for ever), the count is rounded towards 50 instead, and so rests there.
pub fn counts(steps: usize) -> Vec<u32> {
    let step = |count: &u32| {
        let exact = 0.2 * f64::from(*count) + 0.8 * (100.0 - f64::from(*count));
        let from_rest = |count: f64| (count - 50.0).abs();
        let nearest = exact.round();
        let stuck = from_rest(nearest) >= from_rest(f64::from(*count));
        let rounded = match stuck {
            true if exact > 50.0 => exact.floor(),
            true => exact.ceil(),
            false => nearest,
        };
        Some(rounded as u32)
    };
    std::iter::successors(Some(100), step)
        .take(steps.saturating_add(1))
        .collect()
}

/// One cell of a screen: a band of frequencies.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cell {
    /// The lowest frequency of its grains in hertz; the highest lies a fifth above.
    pub hertz: f64,
    /// Amplitude of a grain, 0 to 1.
    pub intensity: f64,
    /// Grains a second, on average.
    pub density: f64,
}

/// A moment of the cloud.
#[derive(Clone, PartialEq, Debug)]
pub struct Screen {
    /// What sounds in it: each a band of frequencies, so loud and so dense.
    pub cells: Vec<Cell>,
}

/// The two regions of each kind. Frequencies in hertz; intensities and densities go round a screen's cells.
const FREQUENCIES: [[f64; 4]; 2] = [[110.0, 165.0, 990.0, 2960.0], [247.0, 440.0, 660.0, 1480.0]];
const INTENSITIES: [[f64; 2]; 2] = [[0.9, 0.15], [0.3, 0.6]];
const DENSITIES: [[f64; 2]; 2] = [[4.0, 40.0], [16.0, 9.0]];

impl Screen {
    /// The eight screens: number `4 f + 2 g + d` takes region `f` of the frequencies, `g` of the intensities and `d` of the
    /// densities, each 0 or 1. Of a higher number the last three binary digits count.
    pub fn number(number: usize) -> Screen {
        let region = |kind: usize| (number >> kind) & 1;
        let cell = |(i, &hertz): (usize, &f64)| Cell {
            hertz,
            intensity: INTENSITIES[region(1)][i % 2],
            density: DENSITIES[region(0)][i / 2],
        };
        Screen {
            cells: FREQUENCIES[region(2)].iter().enumerate().map(cell).collect(),
        }
    }
}

/// Chooses so many screens, numbered as in [`Screen::number`]: three walks of the chain, one for each kind of region.
///
/// # Errors
/// None: see [`matrix`].
pub fn screens(length: usize, rng: &mut impl Rng) -> Result<Vec<usize>> {
    let chain = matrix()?;
    let mut walk = || {
        let start = rng.random_range(0..2);
        chain.walk(start, length, rng)
    };
    let (frequency, intensity, density) = (walk(), walk(), walk());
    let regions = frequency.iter().zip(&intensity).zip(&density);
    Ok(regions.map(|((f, g), d)| 4 * f + 2 * g + d).collect())
}

/// How these screens sound, each for [`SCREEN`] seconds: stereo, the low cells in the middle and the high ones to the
/// sides, as loud as every performance ([`Sound::levelled`]). Grains fall where chance puts them, a Poisson process in each cell.
///
/// # Errors
/// If there are more than 1,200 screens: ten minutes.
pub fn cloud(screens: &[Screen], rng: &mut impl Rng) -> Result<Sound> {
    if screens.len() > MOST_SCREENS {
        return Err(Error::value(
            format!("{} screens are more than ten minutes", screens.len()),
            "Give at most 1,200",
        ));
    }
    let frames = ((screens.len() as f64 * SCREEN + GRAIN) * f64::from(RATE)).ceil() as usize + 1;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    for (i, screen) in screens.iter().enumerate() {
        for (place, cell) in screen.cells.iter().enumerate() {
            // The mean is held where a moment of sound can hold the grains; no grain is the answer to nonsense.
            let mean = (cell.density * SCREEN).clamp(0.0, 10_000.0);
            let grains = Poisson::new(mean).map_or(0, |poisson| poisson.sample(rng) as usize);
            for _ in 0..grains {
                let seconds = (i as f64 + rng.random::<f64>()) * SCREEN;
                let hertz = cell.hertz * 1.5f64.powf(rng.random());
                let side = if rng.random() { 0.25 } else { -0.25 };
                let angle = (side * place as f64 + 1.0).clamp(0.0, 2.0) * PI / 4.0;
                let amplitude = cell.intensity * rng.random_range(0.7..1.0);
                add_grain(&mut left, seconds, hertz, amplitude * angle.cos());
                add_grain(&mut right, seconds, hertz, amplitude * angle.sin());
            }
        }
    }
    Ok(Sound::stereo(RATE, left, right).levelled())
}

/// Adds one grain: a sine under a raised cosine. It is odd about its middle, so its mean is zero, whatever its frequency.
fn add_grain(channel: &mut [f32], seconds: f64, hertz: f64, amplitude: f64) {
    if !(hertz > 0.0 && hertz < f64::from(RATE) / 2.0) {
        return;
    }
    let first = (seconds * f64::from(RATE)).max(0.0) as usize;
    let length = (GRAIN * f64::from(RATE)) as usize;
    for (i, sample) in channel.iter_mut().skip(first).take(length + 1).enumerate() {
        let window = 0.5 - 0.5 * (TAU * i as f64 / length as f64).cos();
        let from_middle = (i as f64 - length as f64 / 2.0) / f64::from(RATE);
        *sample += (amplitude * window * (TAU * hertz * from_middle).sin()) as f32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::LOUDNESS;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_counts_are_those_of_the_table() {
        assert_eq!(counts(8), [100, 20, 68, 39, 57, 46, 52, 49, 50]);
        assert_eq!(counts(20)[8..], [50; 13]);
        assert_eq!(counts(0), [100]);
    }

    #[test]
    fn the_counts_follow_the_exact_forecast() {
        for (step, count) in counts(12).into_iter().enumerate() {
            let exact = 100.0 * matrix().unwrap().forecast(&[1.0, 0.0], step as u32)[0];
            assert!((f64::from(count) - exact).abs() < 1.0, "step {step}: {exact}");
        }
        let still = matrix().unwrap().stationary().unwrap();
        assert!((still[0] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn there_are_eight_different_screens_and_the_chain_visits_them() {
        for a in 0..8 {
            assert!((0..a).all(|b| Screen::number(a) != Screen::number(b)));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let chosen = screens(400, &mut rng).unwrap();
        assert!((0..8).all(|number| chosen.contains(&number)));
        let changes = chosen
            .windows(2)
            .filter(|pair| pair[0] >> 2 != pair[1] >> 2)
            .count();
        // Four in five, give or take four standard deviations.
        assert!((changes as f64 / 399.0 - 0.8).abs() < 0.08);
    }

    #[test]
    fn the_cloud_has_the_level_and_the_frequencies_of_its_screens() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let chosen: Vec<Screen> = screens(18, &mut rng)
            .unwrap()
            .into_iter()
            .map(Screen::number)
            .collect();
        let sound = cloud(&chosen, &mut rng).unwrap();
        assert!((9.0..9.1).contains(&sound.seconds()));
        assert!((sound.loudness().unwrap() - LOUDNESS).abs() < 1.0);
        for channel in sound.channels() {
            let mean = channel.iter().sum::<f32>() / channel.len() as f32;
            assert!(mean.abs() < 1e-4, "{mean}");
            assert!(channel[0].abs() < 1e-3 && channel[channel.len() - 1].abs() < 1e-3);
            // The steepest sine of this peak at the highest frequency stays below this; a click would not.
            let steepest = channel
                .windows(2)
                .map(|pair| (pair[1] - pair[0]).abs())
                .fold(0.0, f32::max);
            assert!(
                steepest < sound.peak() * (TAU * 4440.0 / f64::from(RATE)) as f32,
                "{steepest}"
            );
        }
        let (low, high) = (vec![Screen::number(0)], vec![Screen::number(4)]);
        assert_ne!(cloud(&low, &mut rng).unwrap(), cloud(&high, &mut rng).unwrap());
    }

    #[test]
    fn nonsense_is_silent_or_refused() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let cell = |hertz, density| Screen {
            cells: vec![Cell {
                hertz,
                intensity: 1.0,
                density,
            }],
        };
        for screen in [
            cell(-1.0, 9.0),
            cell(1e9, 9.0),
            cell(f64::NAN, 9.0),
            cell(440.0, 0.0),
            cell(440.0, f64::NAN),
        ] {
            assert_eq!(cloud(&[screen], &mut rng).unwrap().peak(), 0.0);
        }
        assert_eq!(cloud(&[], &mut rng).unwrap().peak(), 0.0);
        assert!(cloud(&vec![Screen::number(0); 1201], &mut rng).is_err());
    }
}
