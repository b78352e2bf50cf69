//! The grading of chapter 03's exercises.

use super::grading::{close, equal};

#[test]
fn count_and_throw() {
    let mary = [64, 62, 60, 62, 64, 64, 64, 62, 62, 62, 64, 64, 64];
    let next = |now, throw| super::count_and_throw(&mary, now, throw);
    let one = "Only one note ever followed it, so every throw gives that one.";
    equal("what follows the C", next(60, 0.0), Some(62), one);
    equal("what follows the C, thrown high", next(60, 0.99), Some(62), one);
    // After D came C, E, D, D, E: one C, two D, two E.
    let parts = "Five notes followed the D: C has a fifth, D and E two fifths each.";
    for (throw, expected) in [(0.19, 60), (0.21, 62), (0.59, 62), (0.61, 64), (0.999, 64)]
    {
        let what = format!("what follows the D at a throw of {throw}");
        equal(&what, next(62, throw), Some(expected), parts);
    }
    let never = "The tune never came there, so nobody knows what follows.";
    equal("what follows a G", next(67, 0.5), None, never);
    let last = "It came only as the last note: nothing followed.";
    equal("what follows the end", super::count_and_throw(&[60, 67], 67, 0.5), None, last);
}

#[test]
fn stationary() {
    let weather = [[0.6, 0.3, 0.1], [0.3, 0.4, 0.3], [0.2, 0.4, 0.4]];
    let got = super::stationary(weather);
    // Solved by hand from p = p P.
    let exact = [24.0 / 61.0, 22.0 / 61.0, 15.0 / 61.0];
    let meaning = "One more step must leave it as it is.";
    for (state, expected) in exact.into_iter().enumerate() {
        let what = format!("the share of state {state}");
        close(&what, got[state], expected, 1e-6, meaning);
    }
    let slow = [[0.99, 0.01, 0.0], [0.005, 0.99, 0.005], [0.0, 0.02, 0.98]];
    let got = super::stationary(slow);
    let meaning = "This chain moves slowly: a piece of it would stay long on each note. Take more steps.";
    for (state, expected) in [2.0 / 7.0, 4.0 / 7.0, 1.0 / 7.0].into_iter().enumerate() {
        let what = format!("the share of state {state} in a slow chain");
        close(&what, got[state], expected, 1e-4, meaning);
    }
}

#[test]
fn bits_of_tune() {
    let start = [0.5, 0.25, 0.25];
    let matrix = [vec![0.5, 0.5, 0.0], vec![0.25, 0.5, 0.25], vec![1.0, 0.0, 0.0]];
    let bits = |tune: &[usize]| super::bits_of_tune(&start, &matrix, tune);
    let first = "The first note has no note before it: ask `start`.";
    close("the bits of a single note", bits(&[1]), 2.0, 1e-9, first);
    let sum = "Each note adds its surprise, given the note before.";
    close("the bits of 0 1 2 0", bits(&[0, 1, 2, 0]), 1.0 + 1.0 + 2.0 + 0.0, 1e-9, sum);
    close("the bits of no note", bits(&[]), 0.0, 1e-9, "Silence is no surprise.");
    let never = "This chain never goes from 0 to 2, so such a tune is impossible.";
    equal("the bits of 0 2", bits(&[0, 2]), f64::INFINITY, never);
}

#[test]
fn who_wrote_it() {
    // One chain likes to stay, the other to move.
    let stays = [vec![0.75, 0.25], vec![0.25, 0.75]];
    let moves = [vec![0.25, 0.75], vec![0.75, 0.25]];
    let asked = |tune: &[usize]| super::who_wrote_it(&stays, &moves, tune);
    let none =
        "Both begin alike, so a single note says nothing: it is as likely as before.";
    close("one note", asked(&[0]), 0.5, 1e-9, none);
    let one =
        "A note that is repeated is three times as likely from the chain that stays.";
    close("a note and its repeat", asked(&[0, 0]), 0.75, 1e-9, one);
    let two = "Every step multiplies the evidence: three times three to one.";
    close("two repeats", asked(&[1, 1, 1]), 0.9, 1e-9, two);
    let against = "A step for the one and a step for the other leave you where you were.";
    close("a repeat and a move", asked(&[0, 0, 1]), 0.5, 1e-9, against);
    let long: Vec<usize> = (0..4000).map(|step| step / 2 % 2).collect();
    let sum = "Over thousands of notes both products are too small for any number. Add logarithms, and take their difference.";
    close("four thousand notes, one step in two a repeat", asked(&long), 0.75, 1e-6, sum);
    let never = [vec![1.0, 0.0], vec![0.5, 0.5]];
    let sure = "A chain that can never take a step cannot have written a tune with it.";
    close(
        "a step that is impossible",
        super::who_wrote_it(&never, &moves, &[0, 1]),
        0.0,
        1e-9,
        sure,
    );
}

#[test]
fn smoothed() {
    let (add_one, witten_bell) = super::smoothed(&[3, 1, 0, 0], &[0.1, 0.2, 0.3, 0.4]);
    let all = "A prediction has a probability for every symbol.";
    equal("symbols of add-one", add_one.len(), 4, all);
    equal("symbols of Witten-Bell", witten_bell.len(), 4, all);
    for (symbol, expected) in
        [4.0 / 8.0, 2.0 / 8.0, 1.0 / 8.0, 1.0 / 8.0].into_iter().enumerate()
    {
        let what = format!("add-one's probability of symbol {symbol}");
        let meaning = "Each symbol counts once more than it came.";
        close(&what, add_one[symbol], expected, 1e-9, meaning);
    }
    for (symbol, expected) in
        [3.2 / 6.0, 1.4 / 6.0, 0.6 / 6.0, 0.8 / 6.0].into_iter().enumerate()
    {
        let what = format!("Witten-Bell's probability of symbol {symbol}");
        let meaning =
            "Two kinds in four notes: a third of the probability is for the lower order.";
        close(&what, witten_bell[symbol], expected, 1e-9, meaning);
    }
    let (_, unknown) = super::smoothed(&[0, 0], &[0.7, 0.3]);
    let meaning = "After a past that never came, only the lower order knows anything.";
    close("Witten-Bell after an unknown past", unknown[0], 0.7, 1e-9, meaning);
}
