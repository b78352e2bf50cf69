//! One answer to each exercise of chapter 13.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: intervals
pub fn intervals(pitches: &[u8]) -> Vec<i32> {
    let from_to = |two: &[u8]| i32::from(two[1]) - i32::from(two[0]);
    pitches.windows(2).map(from_to).collect()
}
// ANCHOR_END: intervals

// ANCHOR: longest_run
pub fn longest_run(written: &[i32], heard: &[i32]) -> usize {
    let mut longest = 0;
    for from in 0..written.len() {
        for place in 0..heard.len() {
            let pairs = written[from..].iter().zip(&heard[place..]);
            longest = longest.max(pairs.take_while(|pair| pair.0 == pair.1).count());
        }
    }
    longest
}
// ANCHOR_END: longest_run

// ANCHOR: by_luck
pub fn by_luck(right: u32, pairs: u32) -> f64 {
    // How likely each number of right answers is, after one pair more.
    let mut shares = vec![1.0];
    for _ in 0..pairs {
        let mut next = vec![0.0; shares.len() + 1];
        for (count, share) in shares.iter().enumerate() {
            next[count] += share / 2.0;
            next[count + 1] += share / 2.0;
        }
        shares = next;
    }
    shares.iter().skip(right as usize).sum()
}
// ANCHOR_END: by_luck

// ANCHOR: to_white_keys
pub fn to_white_keys(pitches: &[u8]) -> i32 {
    let white = |up: i32| {
        let class = |pitch: &&u8| (i32::from(**pitch) + up).rem_euclid(12);
        pitches
            .iter()
            .filter(|pitch| [0, 2, 4, 5, 7, 9, 11].contains(&class(pitch)))
            .count()
    };
    let mut moves: Vec<i32> = (-5..=6).collect();
    moves.sort_by_key(|up| (pitches.len() - white(*up), up.abs(), *up));
    moves[0]
}
// ANCHOR_END: to_white_keys
