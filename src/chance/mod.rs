//! Chance that makes music: wind, water and dice.

pub mod dice;
pub mod water;
pub mod wind;
