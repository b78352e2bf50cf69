//! The grading of chapter 11's exercises.

use super::grading::{close, equal};

#[test]
fn owed() {
    let begin = "Before the first note all is owed: the others need what was asked.";
    close("with nothing heard", super::owed(7.0, 4, &[]), 7.0, 1e-9, begin);
    let low = "The bar began low. Two notes are left to lift the mean of four to 7.";
    close("after two low notes", super::owed(7.0, 4, &[4.0, 6.0]), 9.0, 1e-9, low);
    let last = "The last note pays for all before it.";
    close(
        "before the last note",
        super::owed(7.0, 4, &[7.0, 7.0, 2.0]),
        12.0,
        1e-9,
        last,
    );
    let over = "No note is left that could pay; nothing is divided by zero.";
    close("after the last note", super::owed(7.0, 2, &[5.0, 5.0]), 7.0, 1e-9, over);
}

#[test]
fn asked_louder() {
    let (asked, open) = ([1.0, 0.0, 0.0], [0.0, 0.0, 0.0]);
    let at = |loudness: f64| super::asked_louder(&asked, &open, loudness);
    let not = "At loudness 0 the request is not heard: all are as likely.";
    close("the first at 0", at(0.0)[0], 1.0 / 3.0, 1e-9, not);
    let once = "At loudness 1 the request is what it is: the softmax of its own logits.";
    close("the first at 1", at(1.0)[0], 1f64.exp() / (1f64.exp() + 2.0), 1e-9, once);
    let louder =
        "Louder, the logit that the request raised is raised three times as much.";
    close("the first at 3", at(3.0)[0], 3f64.exp() / (3f64.exp() + 2.0), 1e-9, louder);
    let low = super::asked_louder(&[2.0, -1.0], &[2.0, 1.0], 2.0);
    let sum = "Probabilities sum to 1, and what the request lowers falls further: by 4 in place of 2.";
    close("the sum", low.iter().sum(), 1.0, 1e-9, sum);
    close("what was lowered", low[1], 1.0 / (1.0 + 5f64.exp()), 1e-9, sum);
}

#[test]
fn tries() {
    let coin = "One of two tosses shows heads in 3 of 4 cases.";
    equal("a coin, three times of four", super::tries(0.5, 0.75), 2, coin);
    let sure = "What is always right needs one try.";
    equal("one that is always right", super::tries(1.0, 0.99), 1, sure);
    let rare = "If one bar of six is near enough, sixteen tries find one in 95 of 100 cases; fifteen do not.";
    equal("one of six", super::tries(1.0 / 6.0, 0.94), 16, rare);
    equal("nothing wanted", super::tries(0.3, 0.0), 0, "Who wants nothing need not try.");
}

#[test]
fn rising() {
    let scale = "Up the scale every interval rises.";
    close("a scale", super::rising(&[2, 3, 4, 5]), 1.0, 1e-9, scale);
    let arch = "Up two, down one: two of three rise.";
    close("an arch", super::rising(&[2, 3, 4, 3]), 2.0 / 3.0, 1e-9, arch);
    let still = "A repeated key neither rises nor falls: it does not count.";
    close("with a repeated key", super::rising(&[2, 2, 4, 3]), 0.5, 1e-9, still);
    close("one key", super::rising(&[5]), 0.5, 1e-9, "Nothing moves: it is one half.");
}
