//! Where the beats of somebody's playing are.

use super::divisions::{Grid, own_beats};
use crate::music::Score;
use std::f64::consts::TAU;

/// The beats that are tried last from here to here, in seconds.
const SHORTEST: f64 = 0.3;
const LONGEST: f64 = 1.0;

/// The beat that is thought likeliest before anything is heard, in seconds.
const LIKELIEST: f64 = 0.6;

/// From one beat that is struck to the next there are so many at most, but for longer silence.
const MOST: f64 = 8.0;

/// The best grid for moments at which notes begin (ticks): on the file's own beats, or on the beats that the playing follows.
pub(super) fn best(moments: &[f64], score: &Score, seconds_per_tick: f64) -> Grid {
    let own = Grid::divided(moments, own_beats(score), true);
    if to_a_click(moments, f64::from(score.resolution.max(1))) {
        return own;
    }
    let mut best: Option<Grid> = None;
    let mut seconds = SHORTEST;
    while seconds < LONGEST {
        let beats = tracked(moments, seconds / seconds_per_tick, f64::from(score.end()));
        let mut grid = Grid::divided(moments, beats, false);
        grid.cost += moments.len() as f64 * (seconds / LIKELIEST).log2().powi(2);
        if best.as_ref().is_none_or(|best| grid.cost < best.cost) {
            best = Some(grid);
        }
        seconds *= 1.06;
    }
    best.unwrap_or(own)
}

/// Whether the player heard the recorder's beat: then moments come together around halves, thirds, quarters or sixths of it.
/// As points on a circle that is once round for such a part, their mean lies far from the middle; those of one who kept
/// time alone go all round, were they off by one beat in a hundred only.
fn to_a_click(moments: &[f64], beat: f64) -> bool {
    [2.0, 3.0, 4.0, 6.0].into_iter().any(|parts| {
        let (mut x, mut y) = (0.0, 0.0);
        for moment in moments {
            let (sin, cos) = (TAU * parts * moment / beat).sin_cos();
            (x, y) = (x + cos, y + sin);
        }
        f64::hypot(x, y) > 0.4 * moments.len() as f64
    })
}

/// The moments that are beats, if beats last about so many ticks: those in which the sum is highest of what each gains, by
/// being there and by how long nothing follows, less what each step to the next loses by being longer or shorter
/// than whole beats. Found by dynamic programming (after D. Ellis, "Beat tracking by dynamic programming", 2007).
fn tracked(moments: &[f64], beat: f64, end: f64) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::with_capacity(moments.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(moments.len());
    for (now, &moment) in moments.iter().enumerate() {
        let next = moments.get(now + 1).unwrap_or(&end);
        let gain = 0.5 + ((next - moment) / beat).min(1.0);
        let mut best = (0.0, None);
        if let Some(then) = now.checked_sub(1)
            && moment - moments[then] > MOST * beat
        {
            best = (sums[then], Some(then)); // after a long silence
        }
        for (then, &earlier) in moments[..now].iter().enumerate().rev() {
            let beats = (moment - earlier) / beat;
            if beats > MOST {
                break;
            }
            let whole = beats.round();
            if whole > 0.0 {
                let sum = sums[then] - 30.0 * (beats / whole).ln().powi(2) - 0.5 * (whole - 1.0);
                if sum > best.0 {
                    best = (sum, Some(then));
                }
            }
        }
        sums.push(best.0 + gain);
        before.push(best.1);
    }
    // The way back from the best of the last few.
    let last = moments.last().copied().unwrap_or(0.0);
    let late = (0..moments.len()).filter(|&place| moments[place] >= last - 4.0 * beat);
    let mut place = late.max_by(|&a, &b| sums[a].total_cmp(&sums[b]));
    let mut path = Vec::new();
    while let Some(here) = place {
        path.push(moments[here]);
        place = before[here];
    }
    path.reverse();
    filled(&path, beat, moments.first().copied().unwrap_or(0.0), end)
}

/// A beat for each place between those found, and more before and after, from `from` to beyond `to`.
fn filled(path: &[f64], beat: f64, from: f64, to: f64) -> Vec<f64> {
    let mut beats = vec![path.first().copied().unwrap_or(from)];
    for step in path.windows(2) {
        let count = ((step[1] - step[0]) / beat).round().max(1.0);
        for part in 1..=count as usize {
            beats.push(step[0] + (step[1] - step[0]) * part as f64 / count);
        }
    }
    // A beat is steadier than the hand that strikes it.
    for _ in 0..2 {
        let struck = beats.clone();
        for (place, three) in struck.windows(3).enumerate() {
            beats[place + 1] = (three[0] + 2.0 * three[1] + three[2]) / 4.0;
        }
    }
    let local = |beats: &[f64]| {
        let few = beats.len().min(5) - 1;
        if few > 0 {
            (beats[few] - beats[0]) / few as f64
        } else {
            beat
        }
    };
    let (first, before) = (beats[0], local(&beats));
    let early = ((first - from) / before + 0.2).ceil().max(0.0) as usize;
    let mut all: Vec<f64> = (1..=early)
        .rev()
        .map(|count| first - before * count as f64)
        .collect();
    all.extend(&beats);
    let last = beats[beats.len() - 1];
    let after = local(&beats[beats.len().saturating_sub(5)..]);
    let late = ((to - last) / after + 1.0).ceil().max(1.0) as usize;
    all.extend((1..=late).map(|count| last + after * count as f64));
    all
}
