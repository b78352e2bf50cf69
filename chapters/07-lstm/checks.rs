//! The grading of chapter 07's exercises.

use super::grading::{close, equal};

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
fn step_back() {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let sums = [0.3, 1.2, -0.4];
    let forward =
        |[i, f, g]: [f64; 3], memory: f64| sigmoid(f) * memory + sigmoid(i) * g.tanh();
    let (memory, blame) = (0.8, -1.5);
    let (i, f, g) = (sigmoid(sums[0]), sigmoid(sums[1]), sums[2].tanh());
    let got = super::step_back(i, f, g, memory, blame);
    let hints = [
        "The input gate lets in the candidate: it is blamed for as much as that is worth.",
        "The forget gate keeps the old memory: it is blamed for as much as that was.",
        "The candidate comes in through the input gate, and has the slope of a tanh.",
        "Along the memory the blame goes back times the forget gate, and nothing else.",
    ];
    let names = ["the input gate's sum", "the forget gate's sum", "the candidate's sum"];
    for (place, (name, hint)) in names.into_iter().zip(hints).enumerate() {
        let (mut more, mut less) = (sums, sums);
        (more[place], less[place]) = (more[place] + 1e-5, less[place] - 1e-5);
        let slope = (forward(more, memory) - forward(less, memory)) / 2e-5;
        close(&format!("the blame of {name}"), got[place], blame * slope, 1e-6, hint);
    }
    close("the blame of the memory before", got[3], blame * f, 1e-9, hints[3]);
    let open = super::step_back(0.0, 1.0, 0.5, 2.0, 1.0);
    let carried = "With the input shut and the forget gate open, all blame goes back to the memory and none to the gates.";
    equal(
        "the blames behind doors that stand still",
        open,
        [0.0, 0.0, 0.0, 1.0],
        carried,
    );
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
fn mixture_bits() {
    let coins = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]];
    let meaning = "Either chord is heard with probability one half: one bit.";
    let bits = super::mixture_bits(coins, [true, true, false]);
    close("the surprise at the first chord", bits, 1.0, 1e-9, meaning);
    let between =
        super::mixture_bits([[0.9, 0.9, 0.1], [0.1, 0.9, 0.9]], [true, true, true]);
    let expected = -(0.5 * 0.9 * 0.9 * 0.1 + 0.5 * 0.1 * 0.9 * 0.9f64).log2();
    let meaning = "Add the probabilities of the two chords, not their surprises.";
    close("the surprise at all three keys", between, expected, 1e-9, meaning);
}

#[test]
fn latch() {
    let said = |heard: &[f64]| -> Vec<f64> {
        let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
        let [input, forget, new, output] = super::latch();
        let (mut c, mut h) = (0.0, 0.0);
        let step = |&x: &f64| {
            let sum = |w: [f64; 3]| w[0] * x + w[1] * h + w[2];
            let (o, kept) = (sigmoid(sum(output)), sigmoid(sum(forget)) * c);
            c = kept + sigmoid(sum(input)) * sum(new).tanh();
            h = o * c.tanh();
            h
        };
        heard.iter().map(step).collect()
    };
    let says = |what: &str, heard: &[f64], yes: bool, meaning: &str| {
        let last = said(heard).last().copied().unwrap_or(0.0);
        let whether = if yes { "yes" } else { "no" };
        let is = if last > 0.5 {
            "yes"
        } else if last.abs() < 0.1 {
            "no"
        } else {
            "neither"
        };
        let what = format!("{what} (h is {last:.3}; above 0.5 is yes, near 0 is no)");
        equal(&what, is, whether, meaning);
    };
    let zeros = [0.0; 48];
    let nothing =
        "It heard nothing yet, so there is nothing to say. A bias may let something in.";
    says("what it says after 48 zeros", &zeros, false, nothing);
    let set = "A 1 has to come through the input gate.";
    says("what it says right after a 1", &[1.0], true, set);
    let held = "Four bars later the 1 is gone: with zeros the forget gate has to stay open, and the input gate shut.";
    says("what it says 48 steps after a 1", &[&[1.0], &zeros[..]].concat(), true, held);
    let dropped = "A -1 has to shut the forget gate, and let nothing in.";
    says("what it says after 1 and -1", &[1.0, -1.0], false, dropped);
    let stays = "Once dropped, it has to stay so.";
    says(
        "what it says 48 steps after a -1",
        &[&[1.0, 0.0, -1.0], &zeros[..]].concat(),
        false,
        stays,
    );
    let again = "A latch can be set again after it was cleared.";
    says("what it says after 1, -1, 1", &[1.0, 0.0, -1.0, 0.0, 1.0, 0.0], true, again);
}
