//! The grading of chapter 08's exercises.

use super::grading::{close, equal};

#[test]
fn mu_law() {
    let code = "Bend the sample first: its sign, times ln(1 + 255 |x|) / ln 256. Then 127.5 times one more than that, rounded.";
    for (sample, expected) in
        [(0.0, 128), (1.0, 255), (-1.0, 0), (0.01, 157), (-0.1, 52), (0.5, 239)]
    {
        equal(&format!("the code of {sample}"), super::mu_law(sample).0, expected, code);
    }
    let back = "Take the code back to -1 to 1, then undo the bend: (256^|y| - 1) / 255, with the sign of y.";
    for (sample, expected) in [(1.0, 1.0), (-1.0, -1.0), (0.0, 0.000_086_2)] {
        close(
            &format!("the sample of the code of {sample}"),
            super::mu_law(sample).1,
            expected,
            1e-6,
            back,
        );
    }
    for sample in [-0.7, -0.03, 0.002, 0.2, 0.9] {
        let (code, again) = super::mu_law(sample);
        let far = 0.023 * f64::abs(sample) + 1e-4;
        close(
            &format!("{sample}, there and back"),
            again,
            sample,
            far,
            "A code stands for a sample close to its own.",
        );
        let twice = "A code that does not come back to itself would sound as a crackle.";
        equal(
            &format!("{sample}, there, back and there"),
            super::mu_law(again).0,
            code,
            twice,
        );
    }
}

#[test]
fn receptive_field() {
    let meaning = "Each layer adds its dilation; without any layer a prediction still hears one sample.";
    equal("the field of no layer", super::receptive_field(&[]), 1, meaning);
    equal("the field of 1 2 4 8", super::receptive_field(&[1, 2, 4, 8]), 16, meaning);
    equal(
        "the field of 1 to 64, twice",
        super::receptive_field(&[1, 2, 4, 8, 16, 32, 64, 1, 2, 4, 8, 16, 32, 64]),
        255,
        meaning,
    );
    equal("the field of 5 5", super::receptive_field(&[5, 5]), 11, meaning);
}

/// Numbers that look random.
fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count)
        .map(|i| ((i * 7919 + seed * 104_729) % 2001) as f64 / 1000.0 - 1.0)
        .collect()
}

#[test]
fn dilated() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let got = super::dilated(&x, [10.0, 1.0], 2);
    let causal = "y(t) may hear x(t) and x(t - d), and nothing that comes later; before the start there is 0.";
    equal("how many samples come out", got.len(), 5, "As many as go in.");
    for (t, expected) in [1.0, 2.0, 13.0, 24.0, 35.0].into_iter().enumerate() {
        close(&format!("y({t})"), got[t], expected, 1e-9, causal);
    }
    let longer = super::dilated(&x, [10.0, 1.0], 9);
    close(
        "y(4), nine back",
        longer[4],
        5.0,
        1e-9,
        "Nine samples back there was nothing yet.",
    );
}

#[test]
fn dilated_back() {
    let (x, w, d) = (numbers(12, 1), [0.7, -0.4], 3);
    let dy = numbers(12, 2);
    let loss = |x: &[f64], w: [f64; 2]| -> f64 {
        let y = |t: usize| w[1] * x[t] + if t >= d { w[0] * x[t - d] } else { 0.0 };
        (0..12).map(|t| dy[t] * y(t)).sum()
    };
    let (dx, dw) = super::dilated_back(&x, w, d, &dy);
    equal("how many gradients there are", dx.len(), 12, "One for each sample.");
    let twice = "x(t) acts twice: on y(t) through w[1], and on y(t + d) through w[0]. Both come back.";
    for t in 0..12 {
        let mut moved = x.clone();
        moved[t] += 1.0;
        close(&format!("dx({t})"), dx[t], loss(&moved, w) - loss(&x, w), 1e-9, twice);
    }
    let everywhere =
        "A weight acts at every sample: its gradient is a sum over all of them.";
    for (k, name) in ["dw[0]", "dw[1]"].into_iter().enumerate() {
        let mut moved = w;
        moved[k] += 1.0;
        close(name, dw[k], loss(&x, moved) - loss(&x, w), 1e-9, everywhere);
    }
}

#[test]
fn queue() {
    for length in [1, 3, 8] {
        let (mut ring, mut at) = (vec![0.0; length], 0);
        for (t, now) in numbers(40, 3).into_iter().enumerate() {
            let got = super::queue(&mut ring, &mut at, now);
            let expected = if t < length { 0.0 } else { numbers(40, 3)[t - length] };
            let meaning = "Read the place first, then write there, then go on by one, round the ring.";
            close(
                &format!("a ring of {length}, call {t}"),
                got,
                expected,
                1e-12,
                meaning,
            );
        }
    }
}
