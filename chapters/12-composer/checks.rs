//! The grading of chapter 12's exercises.

use super::grading::{close, equal};

#[test]
fn bars_for() {
    let waltz = "A bar of three beats at 90 a minute lasts two seconds.";
    equal("a minute of waltz", super::bars_for(60.0, 90.0, 3), 30, waltz);
    let nearest = "At 100 a minute a bar of four lasts 2.4 seconds: 4.17 bars are nearer to four than to five.";
    equal("ten seconds of a march", super::bars_for(10.0, 100.0, 4), 4, nearest);
    equal("just below five", super::bars_for(11.5, 100.0, 4), 5, nearest);
    let one = "A piece has a bar, however short it is.";
    equal("one second", super::bars_for(1.0, 40.0, 4), 1, one);
}

#[test]
fn labels() {
    let song = "The third phrase is the first again, so it gets its number.";
    equal(
        "A B A C",
        super::labels(&["c e g", "d f a", "c e g", "g"]),
        vec![0, 1, 0, 2],
        song,
    );
    let new = "A new phrase gets the next number that no phrase has.";
    equal(
        "A A B C B",
        super::labels(&["a", "a", "b", "c", "b"]),
        vec![0, 0, 1, 2, 1],
        new,
    );
    equal(
        "no phrase",
        super::labels(&[]),
        vec![],
        "Where there is no phrase, there is no label.",
    );
}

#[test]
fn between() {
    // C, F, G. From C to F or G; from F to G; from G to C.
    let chain = vec![vec![0.0, 0.5, 0.5], vec![0.2, 0.0, 0.8], vec![0.9, 0.1, 0.0]];
    let only = super::between(&chain, 0, 2);
    let sure = "From C to G in two steps the only way leads over F.";
    close("F between C and G", only[1], 1.0, 1e-9, sure);
    let home = super::between(&chain, 0, 0);
    let both = "C F C has 0.5 times 0.2, C G C 0.5 times 0.9; together they are 1.";
    close("F between C and C", home[1], 0.1 / 0.55, 1e-9, both);
    close("G between C and C", home[2], 0.45 / 0.55, 1e-9, both);
    close("the sum", home.iter().sum(), 1.0, 1e-9, "Probabilities sum to 1.");
}

#[test]
fn darker() {
    let major = "In major nothing is lowered.";
    equal("B in major", super::darker(11, 0), 11, major);
    let first = "The first that is lowered is B.";
    equal("B in Mixolydian", super::darker(11, 1), 10, first);
    equal("E in Mixolydian", super::darker(4, 1), 4, first);
    let minor = "Minor lowers B, E and A.";
    let scale = [0, 2, 4, 5, 7, 9, 11].map(|class| super::darker(class, 3));
    equal("the scale of C minor", scale, [0, 2, 3, 5, 7, 8, 10], minor);
    equal("D in Phrygian", super::darker(2, 4), 1, "Phrygian lowers D as well.");
    equal("C in Phrygian", super::darker(0, 4), 0, "The tonic stays where it is.");
}
