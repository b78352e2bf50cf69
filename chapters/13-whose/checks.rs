//! The grading of chapter 13's exercises.

use super::grading::{close, equal};

#[test]
fn intervals() {
    let scale = "From C a whole tone up to D, another to E, and back down to C.";
    equal("C D E C", super::intervals(&[60, 62, 64, 60]), vec![2, 2, -4], scale);
    let same = "The same tune a fourth higher has the same intervals: that is the point.";
    equal("F G A F", super::intervals(&[65, 67, 69, 65]), vec![2, 2, -4], same);
    let alone = "One note goes nowhere yet.";
    equal("one note", super::intervals(&[60]), vec![], alone);
}

#[test]
fn longest_run() {
    let middle = "Three steps up stand in both; before and after they part.";
    let got = super::longest_run(&[5, 2, 2, 1, -3], &[0, 2, 2, 1, 2, 2]);
    equal("a run in the middle", got, 3, middle);
    let later = "The longer of two runs counts, wherever it stands.";
    equal(
        "two runs",
        super::longest_run(&[1, 2, 9, 1, 2, 3], &[1, 2, 3, 7, 1, 2]),
        3,
        later,
    );
    let whole = "Who borrows everything borrows as many steps as there are.";
    equal("a whole tune", super::longest_run(&[2, 2, -4], &[1, 2, 2, -4]), 3, whole);
    let none = "Two melodies need not have one step in common.";
    equal("nothing", super::longest_run(&[1, 2], &[3, 4, 5]), 0, none);
}

#[test]
fn by_luck() {
    let all = "Four coins fall on the right side once in sixteen times.";
    close("4 of 4", super::by_luck(4, 4), 1.0 / 16.0, 1e-9, all);
    let most = "At least three of four: once all four, and in four ways three of them.";
    close("3 of 4", super::by_luck(3, 4), 5.0 / 16.0, 1e-9, most);
    let any = "At least none is always the case.";
    close("0 of 9", super::by_luck(0, 9), 1.0, 1e-9, any);
    let twelve = "Nine of twelve come by luck about once in fourteen tries: no proof of a good ear yet.";
    close("9 of 12", super::by_luck(9, 12), 299.0 / 4096.0, 1e-9, twelve);
    let many =
        "Fifty of a hundred or more: a little above a half, since fifty itself counts.";
    close("50 of 100", super::by_luck(50, 100), 0.539_794_618_693_589_5, 1e-9, many);
}

#[test]
fn to_white_keys() {
    let home = "It has white keys alone. Nothing is to be moved.";
    equal("C E G", super::to_white_keys(&[60, 64, 67]), 0, home);
    let d = "D major has two sharps; its seven notes are white only a whole tone lower.";
    equal("D major", super::to_white_keys(&[62, 64, 66, 67, 69, 71, 73]), -2, d);
    let flat = "E flat major has three flats: three semitones down is C major. Nine up would be, too, but that is not among the choices.";
    equal("E flat major", super::to_white_keys(&[63, 65, 67, 68, 70, 72, 74]), -3, flat);
    let one = "A single black key can go down or up by one: down is asked for.";
    equal("F sharp alone", super::to_white_keys(&[66]), -1, one);
    let mixed = "One note of eight is outside of C major: seven white keys are as many as can be.";
    equal(
        "one chromatic note",
        super::to_white_keys(&[60, 62, 64, 65, 67, 69, 71, 66]),
        0,
        mixed,
    );
}
