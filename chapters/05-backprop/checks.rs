//! The grading of chapter 05's exercises.

use super::grading::{close, equal};

fn all_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64, meaning: &str) {
    equal(&format!("how many numbers {what} is"), got.len(), expected.len(), meaning);
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        close(&format!("{what}, number {i}"), *got, *expected, tolerance, meaning);
    }
}

#[test]
fn neuron() {
    close(
        "a neuron whose sum is 0",
        super::neuron(&[3.0, -2.0], &[0.4, 0.6], 0.0),
        0.5,
        1e-12,
        "No evidence either way is a coin: flute or violin, half and half.",
    );
    close(
        "a neuron with a bias only",
        super::neuron(&[], &[], 3f64.ln()),
        0.75,
        1e-12,
        "The sum is the logarithm of the odds: ln 3 is three to one.",
    );
    close(
        "a neuron of two inputs",
        super::neuron(&[1.0, 2.0], &[-11.0, 14.0], -18.0),
        1.0 / (1.0 + 1f64.exp()),
        1e-12,
        "Input times weight, added up, plus bias: -11 + 28 - 18 is -1.",
    );
}

#[test]
fn wired_by_hand() {
    let fires = |[a, b, bias]: [f64; 3], x: [f64; 2]| {
        if a * x[0] + b * x[1] + bias > 0.0 { 1.0 } else { 0.0 }
    };
    let [first, second, output] = super::wired_by_hand();
    for (notes, leap) in
        [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]
    {
        let hidden = [fires(first, notes), fires(second, notes)];
        equal(
            &format!("the output for {notes:?}, with hidden neurons at {hidden:?}"),
            fires(output, hidden),
            leap,
            "It is a leap if exactly one of the two notes is high.",
        );
    }
}

#[test]
fn estimated_gradient() {
    let bowl = |w: &[f64]| w[0] * w[0] + 3.0 * w[0] * w[1];
    all_close(
        "the gradient of w0² + 3 w0 w1 at (2, -1)",
        &super::estimated_gradient(&bowl, &[2.0, -1.0], 0.1),
        &[1.0, 6.0],
        1e-9,
        "Up and down together are exact on a bowl, even with a large step; up alone is not.",
    );
    let surprise = |w: &[f64]| (1.0 + (-w[0]).exp()).ln();
    all_close(
        "the gradient of a neuron's surprise at a coin",
        &super::estimated_gradient(&surprise, &[0.0], 1e-4),
        &[-0.5],
        1e-6,
        "p - target: one half, less 1.",
    );
    let empty = super::estimated_gradient(&|_| 1.0, &[], 0.1);
    equal("how many gradients no values have", empty.len(), 0, "Nothing can be moved.");
}

#[test]
fn softmax_gradient() {
    all_close(
        "the gradient when six instruments are equally likely",
        &super::softmax_gradient(&[0.0; 6], 2),
        &[1.0, 1.0, -5.0, 1.0, 1.0, 1.0].map(|sixths: f64| sixths / 6.0),
        1e-12,
        "Each has probability 1/6; what came has 1 less.",
    );
    all_close(
        "the gradient when the outputs are ln 1, ln 2 and ln 7",
        &super::softmax_gradient(&[0.0, 2f64.ln(), 7f64.ln()], 1),
        &[0.1, -0.8, 0.7],
        1e-12,
        "The probabilities are 0.1, 0.2 and 0.7.",
    );
    all_close(
        "the gradient of very large outputs",
        &super::softmax_gradient(&[1000.0, 0.0], 0),
        &[0.0, 0.0],
        1e-12,
        "Subtract the highest output first: e to the 1000 is no number.",
    );
}

#[test]
fn dense_backward() {
    let (x, w) = ([2.0, -1.0, 0.5], [vec![1.0, 0.0], vec![-2.0, 3.0], vec![0.5, 4.0]]);
    let (dw, db, dx) = super::dense_backward(&x, &w, &[1.0, -2.0]);
    let meaning = "A weight acts on its output by its input: x[i] times dy[o].";
    all_close("dw", &dw.concat(), &[2.0, -4.0, -1.0, 2.0, 0.5, -1.0], 1e-12, meaning);
    equal("rows of dw", dw.len(), 3, "One for each input, as in w.");
    all_close("db", &db, &[1.0, -2.0], 1e-12, "A bias acts on its output by 1.");
    let meaning = "An input acts on every output by its weight there: add them up.";
    all_close("dx", &dx, &[1.0, -8.0, -7.5], 1e-12, meaning);
}
