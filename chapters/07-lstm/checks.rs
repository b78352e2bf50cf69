//! The grading of chapter 07's exercises.

use super::grading::close;

#[test]
fn lstm_step() {
    let closed = -1e9;
    let open = 1e9;
    let keeps =
        "With the forget gate open and the input gate shut, the memory stays as it is.";
    let (memory, output) = super::lstm_step(closed, open, 5.0, open, 0.7);
    close("the memory behind shut doors", memory, 0.7, 1e-9, keeps);
    let speaks =
        "The output is the tanh of the memory, as far as the output gate lets it out.";
    close("what is heard of it", output, 0.7f64.tanh(), 1e-9, speaks);
    let (memory, output) = super::lstm_step(open, closed, 0.5, closed, 3.0);
    let new =
        "With the forget gate shut the old note is gone; the candidate takes its place.";
    close("the memory after a new note", memory, 0.5f64.tanh(), 1e-9, new);
    close(
        "the output behind a shut gate",
        output,
        0.0,
        1e-9,
        "It knows, but does not say.",
    );
    let (memory, output) = super::lstm_step(0.0, 0.0, 1.0, 0.0, 1.0);
    let half = "A sigmoid of 0 is one half: each gate is half open.";
    let expected = 0.5 + 0.5 * 1f64.tanh();
    close("the memory behind half-open gates", memory, expected, 1e-9, half);
    close("the output of a half-open gate", output, 0.5 * expected.tanh(), 1e-9, half);
}

#[test]
fn half_life() {
    let one =
        "A gate half open loses half in one step: a unit that forgets from note to note.";
    close("the steps at bias 0", super::half_life(0.0), 1.0, 1e-9, one);
    let two = "At bias 1 the gate keeps 73 %, and two steps leave about half.";
    close("the steps at bias 1", super::half_life(1.0), 2.212_678, 1e-4, two);
    let long = "At bias 5 a memory lasts for more than a chorus of the blues.";
    close("the steps at bias 5", super::half_life(5.0), 103.218, 0.01, long);
}

#[test]
fn mixture_nats() {
    let coins = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]];
    let meaning =
        "Either chord is heard with probability one half: one bit, or ln 2 nats.";
    let bit = std::f64::consts::LN_2;
    let nats = super::mixture_nats(coins, [true, true, false]);
    close("the surprise at the first chord", nats, bit, 1e-9, meaning);
    let between =
        super::mixture_nats([[0.9, 0.9, 0.1], [0.1, 0.9, 0.9]], [true, true, true]);
    let expected = -(0.5 * 0.9 * 0.9 * 0.1 + 0.5 * 0.1 * 0.9 * 0.9f64).ln();
    let meaning = "Add the probabilities of the two chords, not their surprises.";
    close("the surprise at all three keys", between, expected, 1e-9, meaning);
}

#[test]
fn share_of_gap() {
    let meaning = "The line is 0, the floor is 1.";
    close(
        "the share of the line itself",
        super::share_of_gap(0.8, 0.6, 0.8),
        0.0,
        1e-9,
        meaning,
    );
    close(
        "the share of the floor",
        super::share_of_gap(0.8, 0.6, 0.6),
        1.0,
        1e-9,
        meaning,
    );
    close("half-way", super::share_of_gap(0.8, 0.6, 0.7), 0.5, 1e-9, meaning);
    let worse =
        "A model above the line has a negative share: it predicts worse than a chain.";
    close("above the line", super::share_of_gap(0.8, 0.6, 0.9), -0.5, 1e-9, worse);
}
