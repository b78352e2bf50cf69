//! One answer to each exercise of chapter 02.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

use std::collections::HashSet;

// ANCHOR: chance_of_sum
/// The probability of this sum of two dice.
pub fn chance_of_sum(sum: u8) -> f64 {
    let mut ways = 0;
    for first in 1..=6 {
        for second in 1..=6 {
            if first + second == sum {
                ways += 1;
            }
        }
    }
    f64::from(ways) / 36.0
}
// ANCHOR_END: chance_of_sum

// ANCHOR: entropy_bits
/// The entropy, in bits, of outcomes with these probabilities.
pub fn entropy_bits(probabilities: &[f64]) -> f64 {
    let possible = probabilities.iter().filter(|&&p| p > 0.0);
    possible.map(|p| -p * p.log2()).sum()
}
// ANCHOR_END: entropy_bits

// ANCHOR: number_of_waltzes
/// How many different waltzes a table can write. For each bar it has eleven measures,
/// for the sums 2 to 12; equal numbers sound the same.
pub fn number_of_waltzes(table: &[[u32; 11]]) -> u64 {
    let different = |bar: &[u32; 11]| bar.iter().collect::<HashSet<_>>().len() as u64;
    table.iter().map(different).product()
}
// ANCHOR_END: number_of_waltzes

// ANCHOR: chance_of_waltz
/// The probability of hearing these measures, one for each bar of the table.
pub fn chance_of_waltz(table: &[[u32; 11]], heard: &[u32]) -> f64 {
    let in_bar = |bar: &[u32; 11], heard: u32| -> f64 {
        let sums = (2..=12).zip(bar);
        let leading_there = sums.filter(|&(_, &measure)| measure == heard);
        leading_there.map(|(sum, _)| chance_of_sum(sum)).sum()
    };
    table.iter().zip(heard).map(|(bar, &heard)| in_bar(bar, heard)).product()
}
// ANCHOR_END: chance_of_waltz
