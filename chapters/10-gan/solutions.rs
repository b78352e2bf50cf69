//! One answer to each exercise of chapter 10, graded by the same checks in `cargo test`.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: best_expert
pub fn best_expert(p: f64, q: f64) -> f64 {
    if p + q > 0.0 { p / (p + q) } else { 0.5 }
}
// ANCHOR_END: best_expert

// ANCHOR: judge_right
pub fn judge_right(real: &[f64], forged: &[f64]) -> f64 {
    let mut right = 0.0;
    for (p, q) in real.iter().zip(forged) {
        right += p.max(*q) / 2.0;
    }
    right
}
// ANCHOR_END: judge_right

// ANCHOR: one_step
pub fn one_step(now: [f64; 3], real: f64, z: f64, rate: f64) -> [f64; 3] {
    let [b, w, c] = now;
    let sure = |w: f64, c: f64, x: f64| 1.0 / (1.0 + (-(w * x + c)).exp());
    let fake = z + b;
    // The slope of the loss with respect to each score.
    let (d_real, d_fake) = (sure(w, c, real) - 1.0, sure(w, c, fake));
    let (w, c) =
        (w - rate * (d_real * real + d_fake * fake), c - rate * (d_real + d_fake));
    let d_fake = sure(w, c, fake) - 1.0;
    [b - rate * d_fake * w, w, c]
}
// ANCHOR_END: one_step

// ANCHOR: gumbel
pub fn gumbel(logits: &[f64], u: &[f64]) -> usize {
    let (mut best, mut highest) = (0, f64::NEG_INFINITY);
    for (place, (logit, u)) in logits.iter().zip(u).enumerate() {
        let value = logit - (-u.ln()).ln();
        if value > highest {
            (best, highest) = (place, value);
        }
    }
    best
}
// ANCHOR_END: gumbel

// ANCHOR: caught
pub fn caught(points: &[[f64; 2]], centres: &[[f64; 2]], radius: f64) -> (usize, f64) {
    let near = |a: &[f64; 2], b: &[f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) <= radius;
    let found = |centre: &&[f64; 2]| points.iter().any(|point| near(point, centre));
    let good = |point: &&[f64; 2]| centres.iter().any(|centre| near(point, centre));
    let count = points.iter().filter(good).count();
    (centres.iter().filter(found).count(), count as f64 / points.len().max(1) as f64)
}
// ANCHOR_END: caught
