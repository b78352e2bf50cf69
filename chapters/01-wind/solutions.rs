//! Chapter 01-wind: solutions.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: double_wind
/// Twice the number.
pub fn double_wind(number: f64) -> f64 {
    2.0 * number
}
// ANCHOR_END: double_wind
