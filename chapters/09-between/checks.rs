//! The grading of chapter 09's exercises.

use super::grading::close;

#[test]
fn embedding_at() {
    let frames = [[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]];
    let at = |sample: usize| super::embedding_at(&frames, 512, sample);
    let on = "On a frame the numbers are that frame's.";
    close("the first number at sample 0", at(0)[0], 0.0, 1e-9, on);
    close("the first number at sample 512", at(512)[0], 1.0, 1e-9, on);
    close("the second number at sample 1,024", at(1024)[1], 0.5, 1e-9, on);
    let between = "A quarter of the way to the next frame it is a quarter of that one.";
    close("the first number at sample 128", at(128)[0], 0.25, 1e-9, between);
    close("the second number at sample 128", at(128)[1], 0.75, 1e-9, between);
    close("the first number at sample 896", at(896)[0], 0.625, 1e-9, between);
    let after = "After the last frame the sound stays as it is; it does not jump back to the first.";
    close("the first number at sample 9,999", at(9999)[0], 0.5, 1e-9, after);
}

#[test]
fn mixed_level() {
    let same = "Two sounds that agree give a mixture that agrees.";
    let (faded, mean) = super::mixed_level(-12.0, -12.0, 0.3);
    close("a cross-fade of equal levels", faded, -12.0, 1e-9, same);
    close("a mean of equal levels", mean, -12.0, 1e-9, same);
    let ends = "At weight 0 there is the first sound alone, at 1 the second.";
    close("a cross-fade at 0", super::mixed_level(-6.0, -60.0, 0.0).0, -6.0, 1e-9, ends);
    close("a cross-fade at 1", super::mixed_level(-6.0, -60.0, 1.0).0, -60.0, 1e-9, ends);
    close("a mean at 1", super::mixed_level(-6.0, -60.0, 1.0).1, -60.0, 1e-9, ends);
    let (faded, mean) = super::mixed_level(0.0, -60.0, 0.5);
    let louder = "Half of the wave is left, 6 decibels less: in a cross-fade the louder of the two is what one hears.";
    close("a cross-fade half-way", faded, -6.0119, 1e-3, louder);
    let middle = "Half-way between 0 and -60 decibels lie -30: to the ear the middle.";
    close("a mean half-way", mean, -30.0, 1e-9, middle);
}

#[test]
fn rank_correlation() {
    let weights = [0.0, 0.25, 0.5, 0.75, 1.0];
    let bent = [300.0, 301.0, 302.0, 500.0, 900.0];
    let order = "Only the order counts, not by how much: this one rises all the way.";
    close(
        "of a curve that rises",
        super::rank_correlation(&weights, &bent),
        1.0,
        1e-9,
        order,
    );
    let falls = [9.0, 4.0, 3.0, 2.0, 1.0];
    let down = "A list that falls has the opposite order.";
    close(
        "of a curve that falls",
        super::rank_correlation(&weights, &falls),
        -1.0,
        1e-9,
        down,
    );
    let swapped = [1.0, 2.0, 4.0, 3.0, 5.0];
    let nearly = "Two neighbours have changed places: each is off by one rank.";
    close(
        "with two neighbours swapped",
        super::rank_correlation(&weights, &swapped),
        0.9,
        1e-9,
        nearly,
    );
    let mixed = [3.0, 1.0, 5.0, 2.0, 4.0];
    let little = "The ranks are off by 2, 1, 2, 2 and 1: hardly the same order at all.";
    close(
        "of a list without order",
        super::rank_correlation(&weights, &mixed),
        0.3,
        1e-9,
        little,
    );
}

#[test]
fn bits_through() {
    let one = "Noise as wide as the numbers leaves half a bit of each.";
    close(
        "one number, one frame",
        super::bits_through(1.0, 1.0, 0.5, 0.5),
        0.5,
        1e-9,
        one,
    );
    let more = "Twice the numbers or twice the frames carry twice as much.";
    close(
        "two numbers, three frames",
        super::bits_through(2.0, 3.0, 0.5, 0.5),
        3.0,
        1e-9,
        more,
    );
    let clear =
        "A number fifteen times as wide as its noise, nearly: log2 of 15 is 3.9 bits.";
    close(
        "a clear number",
        super::bits_through(1.0, 1.0, 224f64.sqrt(), 1.0),
        3.906_89,
        1e-4,
        clear,
    );
    let ours = "Sixteen numbers, 15.6 frames a second: some 240 bits, where the samples have 64,000.";
    close(
        "this chapter's bottleneck",
        super::bits_through(16.0, 15.625, 0.5, 0.3),
        239.69,
        0.01,
        ours,
    );
}
