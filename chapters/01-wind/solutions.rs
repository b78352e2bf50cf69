//! One answer to each exercise of chapter 01.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: waiting_time
/// The waiting time in seconds that belongs to `u`, an even draw from 0 up to 1, for
/// something that happens `rate` times a second.
pub fn waiting_time(u: f64, rate: f64) -> f64 {
    -(1.0 - u).ln() / rate
}
// ANCHOR_END: waiting_time

// ANCHOR: strike_moments
/// The moments of the strikes within `seconds`, from even draws: each draw is one wait.
pub fn strike_moments(draws: &[f64], rate: f64, seconds: f64) -> Vec<f64> {
    let mut now = 0.0;
    let mut moments = vec![];
    for &u in draws {
        now += waiting_time(u, rate);
        if now >= seconds {
            break;
        }
        moments.push(now);
    }
    moments
}
// ANCHOR_END: strike_moments

// ANCHOR: nearest_harmonic
/// The harmonic (1, 2, 3, …) of a string nearest to the vortices behind it. Wind speed
/// in m/s, diameter in metres, fundamental in hertz.
pub fn nearest_harmonic(speed: f64, diameter: f64, fundamental: f64) -> u32 {
    let vortices = 0.2 * speed / diameter;
    let harmonic = (vortices / fundamental).round() as u32;
    harmonic.max(1)
}
// ANCHOR_END: nearest_harmonic

// ANCHOR: tube_length
/// How long a tube must be to sound at `hertz`, if one of the same pipe, `known_length`
/// metres long, sounds at `known_hertz`.
pub fn tube_length(hertz: f64, known_length: f64, known_hertz: f64) -> f64 {
    known_length * (known_hertz / hertz).sqrt()
}
// ANCHOR_END: tube_length
