//! One answer to each exercise of chapter 00.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: level
/// The level of these samples in decibels: of their RMS, where 0 dB is an RMS of 1.
pub fn level(samples: &[f64]) -> f64 {
    let mean_square =
        samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len() as f64;
    20.0 * mean_square.sqrt().log10()
}
// ANCHOR_END: level

// ANCHOR: cents_between
/// How many cents `to` lies above `from`; both are frequencies in hertz.
pub fn cents_between(from: f64, to: f64) -> f64 {
    1200.0 * (to / from).log2()
}
// ANCHOR_END: cents_between

// ANCHOR: fade
/// Fades the first `length` samples in and the last `length` samples out, so that the
/// sound begins and ends at zero and takes no sudden step.
pub fn fade(samples: &mut [f64], length: usize) {
    let length = length.min(samples.len());
    for i in 0..length {
        let gain = i as f64 / length as f64;
        let mirrored = samples.len() - 1 - i;
        samples[i] *= gain;
        samples[mirrored] *= gain;
    }
}
// ANCHOR_END: fade

// ANCHOR: heard_frequency
/// The frequency that is heard when a sine of `hertz` is sampled `rate` times a second.
pub fn heard_frequency(hertz: f64, rate: f64) -> f64 {
    let rest = hertz.rem_euclid(rate);
    rest.min(rate - rest)
}
// ANCHOR_END: heard_frequency
