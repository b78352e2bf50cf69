//! The grading of chapter 01's exercises.

use super::grading::{close, equal};

#[test]
fn waiting_time() {
    let no_wait = "A draw of 0 belongs to no wait at all.";
    close("the wait for u = 0", super::waiting_time(0.0, 2.0), 0.0, 1e-9, no_wait);
    let half = "Half of all waits are shorter than this, ln 2 over the rate.";
    close(
        "the wait for u = 0.5",
        super::waiting_time(0.5, 1.0),
        std::f64::consts::LN_2,
        1e-5,
        half,
    );
    let rate = "Twice as many strikes a second, half the wait.";
    close(
        "the wait for u = 0.5 at 2 a second",
        super::waiting_time(0.5, 2.0),
        0.346_574,
        1e-5,
        rate,
    );
    let draws = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0);
    let mean = draws.map(|u| super::waiting_time(u, 4.0)).sum::<f64>() / 1000.0;
    let meaning = "At four strikes a second one waits a quarter of a second on average.";
    close("the mean of a thousand waits", mean, 0.25, 0.001, meaning);
}

#[test]
fn strike_moments() {
    let half = [0.5; 10];
    let got = super::strike_moments(&half, std::f64::consts::LN_2, 3.5);
    let meaning = "Each wait is one second here, and counts from the strike before.";
    equal("strikes within 3.5 seconds", got.len(), 3, meaning);
    for (i, moment) in got.iter().enumerate() {
        close("a strike's moment", *moment, i as f64 + 1.0, 1e-9, meaning);
    }
    let few = super::strike_moments(&half[..2], std::f64::consts::LN_2, 100.0);
    equal(
        "strikes from two draws",
        few.len(),
        2,
        "When the draws run out, so do the strikes.",
    );
    let calm = super::strike_moments(&[0.5], 1e-6, 10.0);
    equal(
        "strikes in a calm",
        calm.len(),
        0,
        "In a calm the chimes may be silent for long.",
    );
}

#[test]
fn nearest_harmonic() {
    let nearest = |speed| super::nearest_harmonic(speed, 0.001, 100.0);
    let meaning =
        "Vortices come 0.2 v / d times a second: 200 at 1 m/s behind a millimetre.";
    equal("the harmonic at 1 m/s", nearest(1.0), 2, meaning);
    let up = "As the wind rises the harp climbs the harmonics, one by one.";
    equal("the harmonic at 2.6 m/s", nearest(2.6), 5, up);
    equal("the harmonic at 2.8 m/s", nearest(2.8), 6, up);
    let low = "Below the fundamental a string has nothing to offer.";
    equal("the harmonic at 0.01 m/s", nearest(0.01), 1, low);
    let thick = "Behind a thicker string vortices are slower.";
    equal(
        "the harmonic of a string of 2 mm",
        super::nearest_harmonic(2.6, 0.002, 100.0),
        3,
        thick,
    );
}

#[test]
fn tube_length() {
    let length = |hertz| super::tube_length(hertz, 0.5, 440.0);
    close(
        "the length for the same pitch",
        length(440.0),
        0.5,
        1e-9,
        "It is the tube we know.",
    );
    let octave = "An octave up is not half the length, as on a string: a bar's pitch goes with the square.";
    close("the length for an octave up", length(880.0), 0.353_553, 1e-5, octave);
    close(
        "the length for two octaves down",
        length(110.0),
        1.0,
        1e-9,
        "Twice the length is two octaves.",
    );
}
