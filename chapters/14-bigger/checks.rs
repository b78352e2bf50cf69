//! The grading of chapter 14's exercises.

use super::grading::close;

#[test]
fn exponent() {
    let halved =
        "Twice the music, half the loss: the loss falls as fast as the music grows.";
    close("from 1 to 2", super::exponent((1.0, 3.0), (2.0, 1.5)), -1.0, 1e-9, halved);
    let root = "A hundred times the music, a tenth of the loss: the square root.";
    close("from 5 to 500", super::exponent((5.0, 2.0), (500.0, 0.2)), -0.5, 1e-9, root);
    let same = "More music that teaches nothing: the exponent is zero.";
    close("with no gain", super::exponent((3.0, 1.2), (30.0, 1.2)), 0.0, 1e-9, same);
}

#[test]
fn how_many_times() {
    let root = "With an exponent of -0.5, half the loss takes four times the music.";
    close("to a half", super::how_many_times(-0.5, 0.5), 4.0, 1e-9, root);
    let small =
        "With a small exponent a tenth less is dear: (1 / 0.9) to the power of ten.";
    close(
        "to nine tenths",
        super::how_many_times(-0.1, 0.9),
        (1.0f64 / 0.9).powi(10),
        1e-9,
        small,
    );
    let none = "Who wants nothing needs no more than there is.";
    close("to the same", super::how_many_times(-0.1, 1.0), 1.0, 1e-9, none);
}

#[test]
fn together() {
    let same = "Two processes that have heard equally much count the same.";
    let of = super::together(&[(vec![1.0, 0.0], 8), (vec![3.0, -2.0], 8)]);
    close("the first of two halves", of[0], 2.0, 1e-9, same);
    close("the second", of[1], -1.0, 1e-9, same);
    let uneven = "Where tunes end, one process has fewer symbols. Each symbol counts the same, so it counts less.";
    let of = super::together(&[(vec![4.0], 30), (vec![0.0], 10)]);
    close("of thirty and ten", of[0], 3.0, 1e-9, uneven);
    let alone = "One process alone keeps what it has.";
    close("one alone", super::together(&[(vec![5.0], 7)])[0], 5.0, 1e-9, alone);
}

#[test]
fn seconds() {
    let alone = "One machine has nobody to exchange with: symbols over rate.";
    close("alone", super::seconds(1e6, 1, 1e3, 1e4, 0.1), 100.0, 1e-9, alone);
    let two = "Two machines make 500 steps in place of 1,000, but each takes twice as long: nothing is won.";
    close("two", super::seconds(1e6, 2, 1e3, 1e4, 0.1), 100.0, 1e-9, two);
    let larger = "With batches ten times larger they talk ten times less often.";
    close(
        "two, large batches",
        super::seconds(1e6, 2, 1e4, 1e4, 0.1),
        55.0,
        1e-9,
        larger,
    );
}
