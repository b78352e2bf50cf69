//! How like real bars made bars are, by counting.

use super::unit::Unit;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// The share of units that are exact copies of one of `training`.
pub fn copies(made: &[Unit], training: &[Unit]) -> f64 {
    let training: HashSet<&Unit> = training.iter().collect();
    let copies = made.iter().filter(|unit| training.contains(unit)).count();
    copies as f64 / made.len().max(1) as f64
}

/// How many different units there are, as a share of all.
pub fn distinct(made: &[Unit]) -> f64 {
    let different: HashSet<&Unit> = made.iter().collect();
    different.len() as f64 / made.len().max(1) as f64
}

/// How much two sets of units have in common in their rhythms: 1 if each rhythm has the same share in both, 0 if none is in both.
pub fn rhythm_overlap(a: &[Unit], b: &[Unit]) -> f64 {
    let rhythms = |units: &[Unit]| {
        let rhythm = |unit: &Unit| {
            let onsets: Vec<usize> = unit.notes().iter().map(|note| note.onset).collect();
            (unit.bar, onsets)
        };
        shares(units.iter().map(rhythm))
    };
    overlap(&rhythms(a), &rhythms(b))
}

/// The same of the intervals from note to note, in white keys.
pub fn interval_overlap(a: &[Unit], b: &[Unit]) -> f64 {
    let intervals = |units: &[Unit]| {
        let intervals = |unit: &Unit| {
            let notes = unit.notes();
            let intervals = notes.windows(2).map(|two| two[1].key as i32 - two[0].key as i32);
            intervals.collect::<Vec<i32>>()
        };
        shares(units.iter().flat_map(intervals))
    };
    overlap(&intervals(a), &intervals(b))
}

fn shares<T: Eq + Hash>(things: impl Iterator<Item = T>) -> HashMap<T, f64> {
    let mut shares: HashMap<T, f64> = HashMap::new();
    let mut count = 0.0_f64;
    for thing in things {
        *shares.entry(thing).or_default() += 1.0;
        count += 1.0;
    }
    shares.values_mut().for_each(|share| *share /= count.max(1.0));
    shares
}

fn overlap<T: Eq + Hash>(a: &HashMap<T, f64>, b: &HashMap<T, f64>) -> f64 {
    // In one order, so that rounding is always the same.
    let mut common: Vec<f64> = a
        .iter()
        .filter_map(|(thing, share)| Some(share.min(*b.get(thing)?)))
        .collect();
    common.sort_by(f64::total_cmp);
    common.iter().sum()
}

/// The rank correlation of pairs (C. Spearman, 1904): 1 if both rise together, 0 if there is no relation, -1 if one falls as the other rises. What
/// is equal shares the mean of its ranks; if all of one are equal, there is no relation.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> f64 {
    let a = ranks(pairs.iter().map(|pair| pair.0).collect());
    let b = ranks(pairs.iter().map(|pair| pair.1).collect());
    let middle = (pairs.len() as f64 - 1.0) / 2.0;
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(&b) {
        both += (a - middle) * (b - middle);
        of_a += (a - middle).powi(2);
        of_b += (b - middle).powi(2);
    }
    if of_a * of_b > 0.0 {
        both / (of_a * of_b).sqrt()
    } else {
        0.0
    }
}

fn ranks(values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let before = values.iter().filter(|value| **value < values[equal[0]]).count();
        let rank = before as f64 + (equal.len() as f64 - 1.0) / 2.0;
        equal.iter().for_each(|place| ranks[*place] = rank);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(keys: [u8; 4]) -> Unit {
        let mut symbols = vec![18; 16];
        for (place, key) in keys.into_iter().enumerate() {
            symbols[4 * place] = key;
        }
        Unit { bar: 16, symbols }
    }

    #[test]
    fn copies_and_overlaps_are_counted() {
        let [a, b, c] = [[1, 2, 3, 4], [1, 3, 5, 7], [1, 19, 3, 4]].map(|keys| [unit(keys)]);
        assert_eq!(copies(&[a.clone(), b.clone()].concat(), &a), 0.5);
        assert_eq!(distinct(&[a.clone(), a.clone()].concat()), 0.5);
        assert_eq!(rhythm_overlap(&a, &b), 1.0);
        assert_eq!(rhythm_overlap(&a, &c), 0.0);
        assert_eq!(interval_overlap(&a, &b), 0.0);
        assert!((interval_overlap(&a, &a) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn ranks_correlate() {
        let near = |pairs: &[(f64, f64)], expected: f64| {
            let found = rank_correlation(pairs);
            assert!((found - expected).abs() < 1e-9, "{found}");
        };
        near(&[(1.0, 10.0), (2.0, 100.0), (3.0, 1000.0)], 1.0);
        near(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)], -1.0);
        near(&[(1.0, 2.0), (2.0, 2.0)], 0.0);
        // Ranks 0.5, 0.5, 2 against 0, 1, 2.
        near(&[(1.0, 1.0), (1.0, 2.0), (2.0, 3.0)], 1.5 / 3f64.sqrt());
        near(&[], 0.0);
    }
}
