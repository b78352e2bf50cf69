//! The grading of chapter 00's exercises.

use super::grading::close;
use std::f64::consts::TAU;

/// A second of a sine at 8,000 samples a second.
fn sine(hertz: f64, amplitude: f64) -> Vec<f64> {
    (0..8000).map(|i| amplitude * (TAU * hertz * f64::from(i) / 8000.0).sin()).collect()
}

#[test]
fn level() {
    let square = "A square wave of amplitude 1 is as loud as sound can be here.";
    close(
        "the level of samples that are all 1 or -1",
        super::level(&[1.0, -1.0, 1.0, -1.0]),
        0.0,
        1e-9,
        square,
    );
    let sine_meaning = "A sine lies 3 dB below a square wave of its height.";
    close(
        "the level of a full sine",
        super::level(&sine(400.0, 1.0)),
        -3.0103,
        1e-3,
        sine_meaning,
    );
    let half = "Half the amplitude is 6 dB less: clearly softer, but not half as loud to an ear.";
    close(
        "the level of a sine of half the height",
        super::level(&sine(400.0, 0.5)),
        -9.0309,
        1e-3,
        half,
    );
}

#[test]
fn cents_between() {
    let octave = "Twice the frequency is an octave up, twelve semitones of 100 cents.";
    close(
        "from 220 Hz to 440 Hz",
        super::cents_between(220.0, 440.0),
        1200.0,
        1e-9,
        octave,
    );
    let fifth = "A pure fifth is 2 cents wider than that of a piano.";
    close(
        "from 200 Hz to 300 Hz",
        super::cents_between(200.0, 300.0),
        701.955,
        1e-3,
        fifth,
    );
    let down = "Going down counts negative.";
    close(
        "from 440 Hz to 220 Hz",
        super::cents_between(440.0, 220.0),
        -1200.0,
        1e-9,
        down,
    );
    let high = "The same ratio is the same interval, wherever it starts.";
    close(
        "from 4,000 Hz to 6,000 Hz",
        super::cents_between(4000.0, 6000.0),
        701.955,
        1e-3,
        high,
    );
}

#[test]
fn fade() {
    let mut samples = vec![1.0; 1000];
    super::fade(&mut samples, 100);
    close(
        "the first sample",
        samples[0],
        0.0,
        1e-9,
        "A sound that starts away from zero starts with a click.",
    );
    close(
        "the last sample",
        samples[999],
        0.0,
        1e-9,
        "A sound that stops away from zero ends with a click.",
    );
    close(
        "the middle of the sound",
        samples[500],
        1.0,
        1e-9,
        "Only the ends are faded; the rest stays as loud as it was.",
    );
    let steps = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let largest = steps.fold(0.0, f64::max);
    close(
        "the largest step from sample to sample",
        largest,
        0.01,
        0.01,
        "A large step anywhere is heard as a click.",
    );
    let mut short = vec![1.0; 10];
    super::fade(&mut short, 100);
    close(
        "the end of a sound shorter than its fade",
        short[9],
        0.0,
        1e-9,
        "Short sounds click just as well.",
    );
}

#[test]
fn heard_frequency() {
    let heard = |hertz| super::heard_frequency(hertz, 8000.0);
    close(
        "1,000 Hz at 8,000 samples a second",
        heard(1000.0),
        1000.0,
        1e-9,
        "Below half the rate nothing changes.",
    );
    close(
        "5,000 Hz at 8,000 samples a second",
        heard(5000.0),
        3000.0,
        1e-9,
        "Above half the rate a tone is mirrored down.",
    );
    let again = "A wave for each sample puts all samples at the same height: silence.";
    close("8,000 Hz at 8,000 samples a second", heard(8000.0), 0.0, 1e-9, again);
    let climbs = "Past the sample rate it climbs once more.";
    close("9,000 Hz at 8,000 samples a second", heard(9000.0), 1000.0, 1e-9, climbs);
    close(
        "21,000 Hz at 8,000 samples a second",
        heard(21_000.0),
        3000.0,
        1e-9,
        "And so on, up and down.",
    );
}
