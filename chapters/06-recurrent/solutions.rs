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

// ANCHOR: steps_until
pub fn steps_until(factor: f64, share: f64) -> Option<u32> {
    if factor >= 1.0 {
        return None;
    }
    let (mut left, mut steps) = (1.0, 0);
    while left >= share {
        left *= factor;
        steps += 1;
    }
    Some(steps)
}
// ANCHOR_END: steps_until

// ANCHOR: clipped
pub fn clipped(gradients: &[Vec<f64>], longest: f64) -> Vec<Vec<f64>> {
    let squares: f64 = gradients.iter().flatten().map(|one| one * one).sum();
    let shorter = if squares.sqrt() > longest { longest / squares.sqrt() } else { 1.0 };
    let shortened = |part: &Vec<f64>| part.iter().map(|one| one * shorter).collect();
    gradients.iter().map(shortened).collect()
}
// ANCHOR_END: clipped
