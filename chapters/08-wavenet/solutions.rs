//! One answer to each exercise of chapter 08.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: mu_law
pub fn mu_law(sample: f64) -> (u8, f64) {
    let bent = sample.signum() * (1.0 + 255.0 * sample.abs()).ln() / 256f64.ln();
    let code = (127.5 * (bent + 1.0)).round() as u8;
    let again = f64::from(code) / 127.5 - 1.0;
    (code, again.signum() * (256f64.powf(again.abs()) - 1.0) / 255.0)
}
// ANCHOR_END: mu_law

// ANCHOR: receptive_field
pub fn receptive_field(dilations: &[usize]) -> usize {
    1 + dilations.iter().sum::<usize>()
}
// ANCHOR_END: receptive_field

// ANCHOR: dilated
pub fn dilated(x: &[f64], w: [f64; 2], d: usize) -> Vec<f64> {
    let before = |t: usize| if t >= d { x[t - d] } else { 0.0 };
    (0..x.len()).map(|t| w[0] * before(t) + w[1] * x[t]).collect()
}
// ANCHOR_END: dilated

// ANCHOR: dilated_back
pub fn dilated_back(
    x: &[f64],
    w: [f64; 2],
    d: usize,
    dy: &[f64],
) -> (Vec<f64>, [f64; 2]) {
    let (mut dx, mut dw) = (vec![0.0; x.len()], [0.0; 2]);
    for t in 0..x.len() {
        dx[t] += w[1] * dy[t];
        dw[1] += x[t] * dy[t];
        if t >= d {
            dx[t - d] += w[0] * dy[t];
            dw[0] += x[t - d] * dy[t];
        }
    }
    (dx, dw)
}
// ANCHOR_END: dilated_back

// ANCHOR: queue
pub fn queue(ring: &mut [f64], at: &mut usize, now: f64) -> f64 {
    let before = std::mem::replace(&mut ring[*at], now);
    *at = (*at + 1) % ring.len();
    before
}
// ANCHOR_END: queue
