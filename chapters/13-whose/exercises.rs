//! The exercises of chapter 13. Fill in each function, then run `cargo test --test whose`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// How many semitones it is up (or down, below 0) from each note to the next. Pitches are MIDI numbers.
pub fn intervals(pitches: &[u8]) -> Vec<i32> {
    grading::not_solved_yet()
}

/// The length of the longest run of steps that stands in both melodies.
pub fn longest_run(written: &[i32], heard: &[i32]) -> usize {
    grading::not_solved_yet()
}

/// How likely it is to find the person at least so many times, in so many pairs, if one tosses a coin for each.
pub fn by_luck(right: u32, pairs: u32) -> f64 {
    grading::not_solved_yet()
}

/// By how many semitones, from -5 to 6, a phrase has to be moved so that as many of its notes as possible fall on white keys. If several do as well,
/// the one that moves it least, and down rather than up.
pub fn to_white_keys(pitches: &[u8]) -> i32 {
    grading::not_solved_yet()
}
