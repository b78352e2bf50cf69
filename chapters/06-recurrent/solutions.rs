//! One answer to each exercise of chapter 06.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// A recurrent net: `input[i][unit]`, `recurrent[from][to]`, `bias[unit]`.
pub struct Net {
    pub input: Vec<Vec<f64>>,
    pub recurrent: Vec<Vec<f64>>,
    pub bias: Vec<f64>,
}

// ANCHOR: rnn_step
pub fn rnn_step(net: &Net, heard: &[f64], before: &[f64]) -> Vec<f64> {
    let mut a = net.bias.clone();
    let inputs = heard.iter().zip(&net.input);
    for (signal, weights) in inputs.chain(before.iter().zip(&net.recurrent)) {
        for (a, weight) in a.iter_mut().zip(weights) {
            *a += signal * weight;
        }
    }
    a.into_iter().map(f64::tanh).collect()
}
// ANCHOR_END: rnn_step

// ANCHOR: unrolled
pub fn unrolled(net: &Net, parts: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let mut state = vec![0.0; net.bias.len()];
    let mut states = vec![];
    for heard in parts.iter().flatten() {
        state = rnn_step(net, heard, &state);
        states.push(state.clone());
    }
    states
}
// ANCHOR_END: unrolled

// ANCHOR: gradient_through
pub fn gradient_through(w: f64, r: f64, heard: &[f64], first: f64) -> f64 {
    let (mut h, mut gradient) = (first, 1.0);
    for x in heard {
        h = (w * x + r * h).tanh();
        gradient *= r * (1.0 - h * h);
    }
    gradient
}
// ANCHOR_END: gradient_through

// ANCHOR: three_steps
pub fn three_steps(w: f64, r: f64, heard: [f64; 3], target: f64) -> (f64, f64) {
    let [x1, x2, x3] = heard;
    let h1 = (w * x1).tanh();
    let h2 = (w * x2 + r * h1).tanh();
    let h3 = (w * x3 + r * h2).tanh();
    let da3 = (h3 - target) * (1.0 - h3 * h3); // to the sum inside each tanh
    let da2 = da3 * r * (1.0 - h2 * h2);
    let da1 = da2 * r * (1.0 - h1 * h1);
    (da3 * x3 + da2 * x2 + da1 * x1, da3 * h2 + da2 * h1)
}
// ANCHOR_END: three_steps

// ANCHOR: clipped
pub fn clipped(gradients: &[Vec<f64>], longest: f64) -> Vec<Vec<f64>> {
    let squares: f64 = gradients.iter().flatten().map(|one| one * one).sum();
    let shorter = if squares.sqrt() > longest { longest / squares.sqrt() } else { 1.0 };
    let shortened = |part: &Vec<f64>| part.iter().map(|one| one * shorter).collect();
    gradients.iter().map(shortened).collect()
}
// ANCHOR_END: clipped
