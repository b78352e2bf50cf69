//! Chance that makes music: wind, water and dice.
//!
//! The wind and water instruments all work in two steps. Chance first: *when* does something happen
//! and how hard ([`wind`], [`waiting`])? Then physics, where nothing is random: what rings ([`mode`]),
//! and for how long. The same events always make the same sound.

pub mod bubble;
pub mod chimes;
pub mod coded_string;
pub mod dice;
pub mod harp;
pub mod jar;
pub mod mode;
pub mod tube;

pub mod oracle;
pub mod waiting;
pub mod water;
pub mod wind;

use crate::{Error, Result};
use std::ops::RangeInclusive;

/// The longest sound or wind that is made, in seconds: ten minutes.
pub const LONGEST: f64 = 600.0;

/// Checks that a number which somebody chose lies where it makes sense (a NaN never does).
fn within(what: &str, value: f64, range: RangeInclusive<f64>) -> Result<f64> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(Error::value(
        format!("{what} cannot be {value}"),
        format!("Give a number from {} to {}", range.start(), range.end()),
    ))
}

/// What every sound of this room must be, whatever the seed.
#[cfg(test)]
fn assert_pleasant(sound: &crate::sound::Sound, name: &str) {
    use crate::sound::{LOUDNESS, decibels};
    let (peak, loudness) = (decibels(sound.peak().into()), sound.loudness().unwrap());
    assert!(peak <= -0.99, "{name} peaks at {peak:.1} dB");
    let levelled = (loudness - LOUDNESS).abs() < 0.1;
    assert!(levelled || peak > -1.01, "{name} is at {loudness:.1} LUFS");
    let [left, right] = sound.channels() else {
        panic!("{name} is not stereo")
    };
    assert_ne!(left, right, "{name} is mono twice");
    for channel in [left, right] {
        let mean = channel.iter().map(|&s| f64::from(s)).sum::<f64>() / channel.len() as f64;
        assert!(mean.abs() < 3e-4, "{name} has a direct current of {mean}");
        assert!(
            channel[0].abs().max(channel[channel.len() - 1].abs()) < 1e-3,
            "{name} clicks at an end"
        );
        let loud = |tenth: &[f32]| tenth.iter().any(|sample| sample.abs() > 1e-3);
        let silent = channel.chunks(TENTH).map(|tenth| !loud(tenth));
        let longest = silent.fold((0, 0), |(longest, run): (u32, u32), silent| {
            let run = if silent { run + 1 } else { 0 };
            (longest.max(run), run)
        });
        assert!(
            longest.0 < 30,
            "{name} is silent for {} tenths of a second",
            longest.0
        );
    }
}

/// Samples in a tenth of a second.
#[cfg(test)]
const TENTH: usize = crate::sound::RATE as usize / 10;
