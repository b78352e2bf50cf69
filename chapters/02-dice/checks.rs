//! The grading of chapter 02's exercises.

use super::grading::{close, equal};

#[test]
fn chance_of_sum() {
    let meaning =
        "A table made for these chances puts its common measures in the middle row.";
    for (sum, ways) in
        (2..=12).zip([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    {
        let what = format!("the probability of a {sum}");
        close(&what, super::chance_of_sum(sum), ways / 36.0, 1e-9, meaning);
    }
    for sum in [0, 1, 13, 255] {
        let what = format!("the probability of a {sum}");
        close(&what, super::chance_of_sum(sum), 0.0, 1e-9, "Two dice never say that.");
    }
}

#[test]
fn entropy_bits() {
    let coin = "A fair coin decides one bit: play the upper note, or the lower.";
    close(
        "the entropy of a fair coin",
        super::entropy_bits(&[0.5, 0.5]),
        1.0,
        1e-9,
        coin,
    );
    let certain = "A tune that is always the same holds no surprise.";
    close(
        "the entropy of a certainty",
        super::entropy_bits(&[1.0, 0.0]),
        0.0,
        1e-9,
        certain,
    );
    let dice: Vec<f64> = (2..=12).map(aeolian::chance::dice::chance_of_sum).collect();
    let bar = "That is how much two dice decide in one bar of the waltz.";
    close(
        "the entropy of two dice",
        super::entropy_bits(&dice),
        3.274_401_919,
        1e-6,
        bar,
    );
    let eight = "Eight equal choices are three yes-or-no questions.";
    close(
        "the entropy of eight equal measures",
        super::entropy_bits(&[0.125; 8]),
        3.0,
        1e-9,
        eight,
    );
}

/// A short game of three bars: all different, all the same, and two endings.
fn short_game() -> Vec<[u32; 11]> {
    let all = std::array::from_fn(|i| i as u32);
    vec![all, [30; 11], [8, 83, 83, 83, 83, 83, 83, 83, 83, 83, 8]]
}

#[test]
fn number_of_waltzes() {
    let meaning = "Measures that sound the same make no new waltz.";
    equal(
        "waltzes of the short game",
        super::number_of_waltzes(&short_game()),
        11 * 2,
        meaning,
    );
    let printed: Vec<[u32; 11]> = (0..16)
        .map(|bar| match bar {
            7 => [30; 11],
            15 => short_game()[2],
            _ => short_game()[0],
        })
        .collect();
    let meaning = "Fourteen bars of eleven choices, one of one, one of two.";
    equal(
        "waltzes of the printed game",
        super::number_of_waltzes(&printed),
        759_499_667_166_482,
        meaning,
    );
}

#[test]
fn chance_of_waltz() {
    let game = short_game();
    let chance = |heard: &[u32]| super::chance_of_waltz(&game, heard);
    let sure = "The bar that is always the same must not change the probability.";
    close(
        "the chance of the waltz 5, 30, 83",
        chance(&[5, 30, 83]),
        6.0 / 36.0 * 34.0 / 36.0,
        1e-9,
        sure,
    );
    let ways = "Two sums, 2 and 12, lead to measure 8: their chances add up.";
    close(
        "the chance of the waltz 0, 30, 8",
        chance(&[0, 30, 8]),
        1.0 / 36.0 * 2.0 / 36.0,
        1e-9,
        ways,
    );
    close(
        "the chance of the waltz 0, 31, 8",
        chance(&[0, 31, 8]),
        0.0,
        1e-9,
        "The second bar never sounds like that.",
    );
    let mut total = 0.0;
    for first in 0..11 {
        total += chance(&[first, 30, 8]) + chance(&[first, 30, 83]);
    }
    close(
        "the chances of all waltzes together",
        total,
        1.0,
        1e-9,
        "One of them will be heard for certain.",
    );
}
