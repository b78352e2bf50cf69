//! The grading of chapter 06's exercises.

use super::Net;
use super::grading::{close, equal};

/// Two inputs, three units.
fn net() -> Net {
    Net {
        input: vec![vec![0.5, -1.0, 0.0], vec![0.25, 0.0, 2.0]],
        recurrent: vec![vec![0.0, 0.5, 0.0], vec![-1.0, 0.0, 0.0], vec![0.0, 0.75, 0.1]],
        bias: vec![0.0, 0.1, -0.2],
    }
}

fn all_close(what: &str, got: &[f64], expected: &[f64], meaning: &str) {
    equal(&format!("the length of {what}"), got.len(), expected.len(), meaning);
    for (place, (got, expected)) in got.iter().zip(expected).enumerate() {
        close(&format!("{what}, number {place}"), *got, *expected, 1e-9, meaning);
    }
}

#[test]
fn rnn_step() {
    let silent = [0.0; 3];
    let heard = super::rnn_step(&net(), &[1.0, 0.0], &silent);
    let meaning = "With an empty memory only what is heard, and the bias, count.";
    let expected = [0.5f64, -0.9, -0.2].map(f64::tanh);
    all_close("the state after one input", &heard, &expected, meaning);
    let remembered = super::rnn_step(&net(), &[0.0, 0.0], &[0.2, -0.4, 1.0]);
    let meaning = "In silence the units still hear each other: recurrent[from][to].";
    let expected = [0.4f64, 0.1 + 0.1 + 0.75, -0.1].map(f64::tanh);
    all_close("the state after silence", &remembered, &expected, meaning);
    let both = super::rnn_step(&net(), &[1.0, -1.0], &[1.0, 1.0, 1.0]);
    let meaning = "Input, memory and bias add up before the curve.";
    let expected =
        [0.5 - 0.25 - 1.0, -1.0 + 0.5 + 0.75 + 0.1, -2.0 + 0.1 - 0.2].map(f64::tanh);
    all_close("the state after both", &both, &expected, meaning);
}

#[test]
fn unrolled() {
    let piece: Vec<Vec<f64>> =
        (0..7).map(|step| vec![f64::from(step % 2), f64::from(step % 3) - 1.0]).collect();
    let whole = super::unrolled(&net(), std::slice::from_ref(&piece));
    equal(
        "the number of states",
        whole.len(),
        7,
        "Each step of the piece has its state.",
    );
    let mut state = vec![0.0; 3];
    for (heard, got) in piece.iter().zip(&whole) {
        state = self::by_hand(heard, &state);
        all_close(
            "a state",
            got,
            &state,
            "The state of a step comes from the one before.",
        );
    }
    let parts = [piece[..3].to_vec(), vec![], piece[3..].to_vec()];
    let parts = super::unrolled(&net(), &parts);
    let meaning = "The state has to be carried from part to part: else the net begins a new piece in mid-tune.";
    equal("the number of states in parts", parts.len(), 7, meaning);
    for (got, expected) in parts.iter().zip(&whole) {
        all_close("a state of the piece in parts", got, expected, meaning);
    }
    equal(
        "the states of nothing",
        super::unrolled(&net(), &[]).len(),
        0,
        "No step, no state.",
    );
}

/// Written out for this net, so that an error in `rnn_step` is not graded twice.
fn by_hand(x: &[f64], h: &[f64]) -> Vec<f64> {
    vec![
        (0.5 * x[0] + 0.25 * x[1] - h[1]).tanh(),
        (-x[0] + 0.5 * h[0] + 0.75 * h[2] + 0.1).tanh(),
        (2.0 * x[1] + 0.1 * h[2] - 0.2).tanh(),
    ]
}

#[test]
fn gradient_through() {
    let run = |w: f64, r: f64, heard: &[f64], first: f64| {
        heard.iter().fold(first, |h, x| (w * x + r * h).tanh())
    };
    let none = "With no step between them, first and last are the same number.";
    close(
        "the gradient over no step",
        super::gradient_through(1.0, 0.5, &[], 0.3),
        1.0,
        1e-12,
        none,
    );
    let meaning = "It is what a small nudge of the first state does to the last one.";
    let heard = [0.5, -1.0, 0.0, 0.25, 0.8];
    for (w, r) in [(1.0, 0.5), (0.3, -0.9), (0.1, 1.5), (2.0, 1.0)] {
        for steps in [1, 2, 5] {
            let heard = &heard[..steps];
            let nudge = 1e-5;
            let expected = (run(w, r, heard, 0.2 + nudge)
                - run(w, r, heard, 0.2 - nudge))
                / (2.0 * nudge);
            let got = super::gradient_through(w, r, heard, 0.2);
            let what = format!("the gradient over {steps} steps with w {w}, r {r}");
            close(&what, got, expected, 1e-7, meaning);
        }
    }
}

#[test]
fn three_steps() {
    let loss = |w: f64, r: f64, heard: [f64; 3], target: f64| {
        let last = heard.iter().fold(0.0, |h: f64, x| (w * x + r * h).tanh());
        (last - target).powi(2) / 2.0
    };
    let one = "Without a past, only the last step counts for w, and r moves nothing.";
    let (dw, dr) = super::three_steps(0.5, 0.9, [0.0, 0.0, 1.0], 0.0);
    let h = 0.5_f64.tanh();
    close(
        "w's gradient if only the last step heard anything",
        dw,
        h * (1.0 - h * h),
        1e-9,
        one,
    );
    close("r's gradient if only the last step heard anything", dr, 0.0, 1e-9, one);
    let shared =
        "w and r are the same at every step: add up what each of the steps says.";
    for (w, r, heard, target) in [
        (0.5, 0.9, [1.0, 0.0, 0.0], 1.0),
        (1.0, -0.7, [0.3, -0.2, 0.6], 0.0),
        (0.2, 1.5, [-1.0, 1.0, 0.5], -0.4),
    ] {
        let n = 1e-5;
        let (dw, dr) = super::three_steps(w, r, heard, target);
        let by_w =
            (loss(w + n, r, heard, target) - loss(w - n, r, heard, target)) / (2.0 * n);
        let by_r =
            (loss(w, r + n, heard, target) - loss(w, r - n, heard, target)) / (2.0 * n);
        close(&format!("w's gradient, hearing {heard:?}"), dw, by_w, 1e-7, shared);
        close(&format!("r's gradient, hearing {heard:?}"), dr, by_r, 1e-7, shared);
    }
}

#[test]
fn clipped() {
    let long = super::clipped(&[vec![3.0, 0.0], vec![0.0, 0.0, -4.0]], 1.0);
    let meaning = "All parameters share one length, here 5, so all are divided by 5.";
    equal("the number of parameters", long.len(), 2, meaning);
    all_close("the first gradient", &long[0], &[0.6, 0.0], meaning);
    all_close("the second gradient", &long[1], &[0.0, 0.0, -0.8], meaning);
    let short = super::clipped(&[vec![0.3], vec![0.4]], 1.0);
    let meaning = "What is short enough stays as it is: a quiet lesson is not made loud.";
    all_close("a short gradient", &short.concat(), &[0.3, 0.4], meaning);
    let none = super::clipped(&[vec![0.0, 0.0]], 1.0);
    all_close(
        "a gradient of zero",
        &none.concat(),
        &[0.0, 0.0],
        "Nothing to learn, nothing to divide.",
    );
}
