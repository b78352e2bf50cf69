//! One answer to each exercise of chapter 11.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: owed
pub fn owed(mean: f64, notes: usize, heard: &[f64]) -> f64 {
    let left = notes.saturating_sub(heard.len());
    if left == 0 {
        return mean;
    }
    (mean * notes as f64 - heard.iter().sum::<f64>()) / left as f64
}
// ANCHOR_END: owed

// ANCHOR: asked_louder
pub fn asked_louder(asked: &[f64], open: &[f64], loudness: f64) -> Vec<f64> {
    let pairs = asked.iter().zip(open);
    let powers: Vec<f64> =
        pairs.map(|(asked, open)| (open + loudness * (asked - open)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}
// ANCHOR_END: asked_louder

// ANCHOR: tries
pub fn tries(right: f64, wanted: f64) -> u32 {
    let mut tries = 0;
    let mut all_wrong = 1.0;
    while 1.0 - all_wrong < wanted {
        all_wrong *= 1.0 - right;
        tries += 1;
    }
    tries
}
// ANCHOR_END: tries

// ANCHOR: rising
pub fn rising(keys: &[usize]) -> f64 {
    let moves: Vec<bool> = keys
        .windows(2)
        .filter(|two| two[0] != two[1])
        .map(|two| two[1] > two[0])
        .collect();
    if moves.is_empty() {
        return 0.5;
    }
    moves.iter().filter(|rises| **rises).count() as f64 / moves.len() as f64
}
// ANCHOR_END: rising
