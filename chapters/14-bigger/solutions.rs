//! One answer to each exercise of chapter 14.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: exponent
pub fn exponent(smaller: (f64, f64), larger: (f64, f64)) -> f64 {
    (larger.1 / smaller.1).ln() / (larger.0 / smaller.0).ln()
}
// ANCHOR_END: exponent

// ANCHOR: how_many_times
pub fn how_many_times(exponent: f64, share: f64) -> f64 {
    share.powf(1.0 / exponent)
}
// ANCHOR_END: how_many_times

// ANCHOR: together
pub fn together(processes: &[(Vec<f64>, usize)]) -> Vec<f64> {
    let all: usize = processes.iter().map(|process| process.1).sum();
    let mut sum = vec![0.0; processes.first().map_or(0, |process| process.0.len())];
    for (gradient, symbols) in processes {
        for (sum, of_one) in sum.iter_mut().zip(gradient) {
            *sum += of_one * *symbols as f64 / all as f64;
        }
    }
    sum
}
// ANCHOR_END: together

// ANCHOR: seconds
pub fn seconds(
    symbols: f64,
    machines: usize,
    batch: f64,
    rate: f64,
    exchange: f64,
) -> f64 {
    let exchange = if machines == 1 { 0.0 } else { exchange };
    let steps = symbols / (batch * machines as f64);
    steps * (batch / rate + exchange)
}
// ANCHOR_END: seconds
