//! One answer to each exercise of chapter 03.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: count_and_throw
/// What a chain of order 1 that has read `tune` plays after `now`, if `throw` (0 to 1, without 1) decides.
pub fn count_and_throw(tune: &[u8], now: u8, throw: f64) -> Option<u8> {
    let mut followed: Vec<u8> =
        tune.windows(2).filter(|pair| pair[0] == now).map(|pair| pair[1]).collect();
    followed.sort_unstable();
    followed.get((throw * followed.len() as f64) as usize).copied()
}
// ANCHOR_END: count_and_throw

// ANCHOR: stationary
pub fn stationary(matrix: [[f64; 3]; 3]) -> [f64; 3] {
    let mut now = [1.0 / 3.0; 3];
    for _ in 0..10_000 {
        let mut next = [0.0; 3];
        for (probability, row) in now.into_iter().zip(matrix) {
            for (to, step) in row.into_iter().enumerate() {
                next[to] += probability * step;
            }
        }
        now = next;
    }
    now
}
// ANCHOR_END: stationary

// ANCHOR: bits_of_tune
pub fn bits_of_tune(start: &[f64], matrix: &[Vec<f64>], tune: &[usize]) -> f64 {
    let first = tune.first().map_or(0.0, |&pitch| -start[pitch].log2());
    let steps = tune.windows(2).map(|pair| -matrix[pair[0]][pair[1]].log2());
    first + steps.sum::<f64>()
}
// ANCHOR_END: bits_of_tune

// ANCHOR: who_wrote_it
pub fn who_wrote_it(first: &[Vec<f64>], second: &[Vec<f64>], tune: &[usize]) -> f64 {
    let mut bits = 0.0; // by how many the first explains the tune better
    for step in tune.windows(2) {
        let [one, other] = [first, second].map(|chain| chain[step[0]][step[1]]);
        bits += one.log2() - other.log2();
    }
    1.0 / (1.0 + (-bits).exp2())
}
// ANCHOR_END: who_wrote_it

// ANCHOR: smoothed
pub fn smoothed(counts: &[u32], lower: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = f64::from(counts.iter().sum::<u32>());
    let t = counts.iter().filter(|&&count| count > 0).count() as f64;
    let size = counts.len() as f64;
    let add_one = counts.iter().map(|&count| (f64::from(count) + 1.0) / (n + size));
    let witten_bell = counts.iter().zip(lower).map(|(&count, &lower)| match n {
        0.0 => lower,
        _ => (f64::from(count) + t * lower) / (n + t),
    });
    (add_one.collect(), witten_bell.collect())
}
// ANCHOR_END: smoothed
