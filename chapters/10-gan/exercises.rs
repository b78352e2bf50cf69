//! The exercises of chapter 10. Fill in each function, then run `cargo test --test gan`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// How sure the best expert is that a number is real, where the real ones have the density `p` there and the forged ones `q`. Where there is
/// neither, nobody can say.
pub fn best_expert(p: f64, q: f64) -> f64 {
    grading::not_solved_yet()
}

/// How often the best judge is right who is shown a thing of some kind, real or forged by the toss of a coin: `real` and `forged` are the shares
/// of each kind.
pub fn judge_right(real: &[f64], forged: &[f64]) -> f64 {
    grading::not_solved_yet()
}

/// One step of a game: the forger makes `z + b`, the expert is sure by `1 / (1 + e^-(w x + c))`. Given are `[b, w, c]`, a real number and the
/// noise of a forgery. First the expert takes one step of gradient descent on `-ln D(real) - ln(1 - D(fake))`, then the forger one on
/// `-ln D(fake)`, with the expert's new weights; both at this rate. Give all three afterwards.
pub fn one_step(now: [f64; 3], real: f64, z: f64, rate: f64) -> [f64; 3] {
    grading::not_solved_yet()
}

/// Draws a symbol, as likely as the softmax of its logit says, by Gumbel's trick: each logit gets `-ln(-ln u)` of its own `u`, and the
/// largest wins. Give its place.
pub fn gumbel(logits: &[f64], u: &[f64]) -> usize {
    grading::not_solved_yet()
}

/// How many of the centres have at least one point that is not farther than `radius`, and the share of points that are that near to a centre.
pub fn caught(points: &[[f64; 2]], centres: &[[f64; 2]], radius: f64) -> (usize, f64) {
    grading::not_solved_yet()
}
