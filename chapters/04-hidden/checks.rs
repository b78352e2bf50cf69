//! The grading of chapter 04's exercises.

use super::grading::{close, equal};

/// The weather of the chapter: calm and wind.
fn sky() -> Vec<Vec<f64>> {
    vec![vec![0.8, 0.2], vec![0.3, 0.7]]
}

/// Its chime: silent, some, many.
fn chime() -> Vec<Vec<f64>> {
    vec![vec![0.6, 0.3, 0.1], vec![0.1, 0.4, 0.5]]
}

/// How likely each state lets this symbol be heard.
fn likelihood(symbol: usize) -> Vec<f64> {
    chime().iter().map(|row| row[symbol]).collect()
}

fn all_close(what: &str, got: &[f64], expected: &[f64], meaning: &str) {
    equal(&format!("how many numbers {what} is"), got.len(), expected.len(), meaning);
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        close(&format!("{what}, number {i}"), *got, *expected, 1e-9, meaning);
    }
}

#[test]
fn forward_step() {
    let step = |yesterday: &[f64], symbol| {
        super::forward_step(yesterday, &sky(), &likelihood(symbol))
    };
    all_close(
        "a silent day after a calm one",
        &step(&[1.0, 0.0], 0),
        &[0.96, 0.04],
        "0.8 times 0.6 against 0.2 times 0.1: silence speaks for calm.",
    );
    all_close(
        "a day of many strokes when yesterday was either",
        &step(&[0.5, 0.5], 2),
        &[0.055 / 0.28, 0.225 / 0.28],
        "Both states of yesterday may have led to each of today.",
    );
    let mut alpha = vec![1.0, 0.0];
    for day in 0..2000 {
        alpha = step(&alpha, day % 3);
    }
    let total: f64 = alpha.iter().sum();
    let meaning = "Divide by the sum each day, or a long piece vanishes.";
    close("the sum after two thousand days", total, 1.0, 1e-9, meaning);
}

#[test]
fn next_symbol() {
    all_close(
        "the chime when it is calm for certain",
        &super::next_symbol(&[1.0, 0.0], &chime()),
        &[0.6, 0.3, 0.1],
        "A state that is certain speaks with its own row.",
    );
    all_close(
        "the chime when calm and wind are equally likely",
        &super::next_symbol(&[0.5, 0.5], &chime()),
        &[0.35, 0.35, 0.3],
        "Each state's row counts as much as the state is likely.",
    );
    all_close(
        "one symbol",
        &super::next_symbol(&[0.25, 0.75], &[vec![1.0], vec![1.0]]),
        &[1.0],
        "Where there is one sound only, it will be heard.",
    );
}

#[test]
fn follow_back() {
    let pointers = vec![vec![], vec![0, 0], vec![1, 1], vec![0, 1]];
    equal(
        "the path that ends in state 0",
        super::follow_back(&pointers, 0),
        vec![0, 1, 0, 0],
        "Start at the end, and let each day's pointer name the day before.",
    );
    equal(
        "the path that ends in state 1",
        super::follow_back(&pointers, 1),
        vec![0, 1, 1, 1],
        "Another last chord may change every chord before it.",
    );
    equal(
        "the path of a single day",
        super::follow_back(&[vec![]], 1),
        vec![1],
        "One day has no step in it.",
    );
}

#[test]
fn expected_steps() {
    let steps = super::expected_steps(&[0.5, 0.5], &sky(), &likelihood(2), &[1.0, 1.0]);
    let weights = [0.5 * 0.8 * 0.1, 0.5 * 0.2 * 0.5, 0.5 * 0.3 * 0.1, 0.5 * 0.7 * 0.5];
    all_close(
        "the steps into a day of many strokes",
        &steps.concat(),
        &weights.map(|weight| weight / 0.28),
        "Many strokes speak for the steps that lead into wind.",
    );
    let after = super::expected_steps(&[1.0, 0.0], &sky(), &[1.0, 1.0], &[0.0, 2.0]);
    all_close(
        "the steps when only wind explains what comes later",
        &after.concat(),
        &[0.0, 1.0, 0.0, 0.0],
        "The future decides, too: that is what beta is for.",
    );
}
