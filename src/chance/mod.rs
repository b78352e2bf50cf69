//! Chance that makes music: wind, water and dice.
//!
//! The wind and water instruments all work in two steps. Chance first: *when* does something happen
//! and how hard ([`wind`], [`waiting`])? Then physics, where nothing is random: what rings ([`mode`]),
//! and for how long. The same events always make the same sound.

pub mod chimes;
pub mod dice;
pub mod harp;
pub mod mode;
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
