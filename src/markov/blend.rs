//! Two ways to make one distribution of what came after a long context and after shorter and shorter ones.
//!
//! Both share the estimate of Witten and Bell: after a context that was followed `N` times, by `T` different symbols, something
//! new comes with probability `w T / (N + w T)`. The number of kinds so far says how likely another kind is. With `w = 1` this is
//! the escape method C of text compression (Moffat, 1990).

use super::trie::Trie;

/// Interpolation (Witten and Bell, 1991): every order has its say, the longest context first,
///
/// `p_k(s) = (c(s) + w T p_{k-1}(s)) / (N + w T)`,
///
/// down to order -1, which holds all symbols alike. Starts at the context of `longest` symbols.
pub fn interpolate(trie: &Trie, longest: usize, escape: f64, probabilities: &mut [f64]) {
    probabilities.fill(0.0);
    let mut left = 1.0; // the probability that no order has spent
    for length in (0..=longest).rev() {
        let (times, kinds) = totals(trie.after(length));
        if times == 0.0 {
            continue;
        }
        let share = left / (times + escape * kinds);
        for (symbol, count) in trie.after(length) {
            if let Some(probability) = probabilities.get_mut(symbol) {
                *probability += share * count;
            }
        }
        left = share * escape * kinds;
    }
    let equal = left / probabilities.len().max(1) as f64;
    probabilities
        .iter_mut()
        .for_each(|probability| *probability += equal);
}

/// Backing off with exclusion (Cleary and Witten, 1984): a shorter context is asked only about symbols that the longer ones
/// have not seen, since for those it would have been asked in vain. `seen` has a place for each symbol.
pub fn exclude(trie: &Trie, longest: usize, escape: f64, probabilities: &mut [f64], seen: &mut [bool]) {
    probabilities.fill(0.0);
    seen.fill(false);
    let mut left = 1.0;
    for length in (0..=longest).rev() {
        let new = |known: &(usize, f64)| seen.get(known.0) == Some(&false);
        let (times, kinds) = totals(trie.after(length).filter(new));
        if times == 0.0 {
            continue;
        }
        let share = left / (times + escape * kinds);
        for (symbol, count) in trie.after(length) {
            let place = (seen.get_mut(symbol), probabilities.get_mut(symbol));
            if let (Some(seen), Some(probability)) = place
                && !*seen
            {
                *probability = share * count;
                *seen = true;
            }
        }
        left = share * escape * kinds;
    }
    let never = seen.iter().filter(|&&seen| !seen).count();
    if never == 0 {
        // Nothing is left to escape to: what was kept for it is everybody's.
        probabilities
            .iter_mut()
            .for_each(|probability| *probability /= 1.0 - left);
    }
    for (probability, seen) in probabilities.iter_mut().zip(seen) {
        if !*seen {
            *probability = left / never as f64;
        }
    }
}

/// How often something came, and how many different things.
fn totals(after: impl Iterator<Item = (usize, f64)>) -> (f64, f64) {
    after.fold((0.0, 0.0), |(times, kinds), (_, count)| {
        (times + count, kinds + 1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markov::trie::Counting;

    /// Symbols 0 1 0 2 0 1 0 learned, of an alphabet of four; at the end.
    fn example() -> Trie {
        let mut trie = Trie::new(2, Counting::Times);
        [0, 1, 0, 2, 0, 1, 0]
            .into_iter()
            .for_each(|symbol| trie.learn(symbol));
        trie
    }

    fn assert_near(got: &[f64], expected: &[f64]) {
        let near = got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(
            near && (got.iter().sum::<f64>() - 1.0).abs() < 1e-12,
            "{got:?} {expected:?}"
        );
    }

    #[test]
    fn witten_bell_by_hand() {
        let (trie, mut p) = (example(), [0.0; 4]);
        // Order 0: 0 came 4 times, 1 twice, 2 once, so N = 7, T = 3; each gets 3/10 of a quarter more.
        let order_0 = [4.75 / 10.0, 2.75 / 10.0, 1.75 / 10.0, 0.75 / 10.0];
        interpolate(&trie, 0, 1.0, &mut p);
        assert_near(&p, &order_0);
        // Order 1: after 0 came 1 twice, 2 once: N = 3, T = 2.
        let order_1: Vec<f64> = [0.0, 2.0, 1.0, 0.0]
            .iter()
            .zip(order_0)
            .map(|(c, p)| (c + 2.0 * p) / 5.0)
            .collect();
        interpolate(&trie, 1, 1.0, &mut p);
        assert_near(&p, &order_1);
        // Order 2: after 1 0 came 2 once: N = 1, T = 1.
        let order_2: Vec<f64> = [0.0, 0.0, 1.0, 0.0]
            .iter()
            .zip(order_1)
            .map(|(c, p)| (c + p) / 2.0)
            .collect();
        interpolate(&trie, 2, 1.0, &mut p);
        assert_near(&p, &order_2);
    }

    #[test]
    fn ppm_c_with_exclusion_by_hand() {
        let (trie, mut p) = (example(), [0.0; 4]);
        let mut seen = [false; 4];
        // After 1 0: 2 with 1/2, escape 1/2. After 0, without 2: 1 came twice, 1 kind: 2/3, escape 1/3. Of order 0, without 1
        // and 2: 0 came 4 times, 1 kind: 4/5, escape 1/5. Only 3 is left.
        exclude(&trie, 2, 1.0, &mut p, &mut seen);
        assert_near(&p, &[0.5 / 3.0 * 0.8, 0.5 * 2.0 / 3.0, 0.5, 0.5 / 3.0 * 0.2]);
        // With three symbols none is left at the end: the last escape, 1/30, goes to all.
        exclude(&trie, 2, 1.0, &mut p[..3], &mut seen[..3]);
        let scale = 30.0 / 29.0;
        assert_near(&p[..3], &[scale * 0.5 / 3.0 * 0.8, scale / 3.0, scale * 0.5]);
    }

    #[test]
    fn who_heard_nothing_holds_all_alike() {
        let (trie, mut p) = (Trie::new(3, Counting::Times), [0.0; 4]);
        interpolate(&trie, 3, 1.0, &mut p);
        assert_eq!(p, [0.25; 4]);
        exclude(&trie, 3, 1.0, &mut p, &mut [false; 4]);
        assert_eq!(p, [0.25; 4]);
        interpolate(&trie, 3, 1.0, &mut []);
        exclude(&example(), 3, 1.0, &mut [], &mut []);
    }
}
