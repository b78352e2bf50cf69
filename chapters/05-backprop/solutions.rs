//! One answer to each exercise of chapter 05.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: neuron
pub fn neuron(inputs: &[f64], weights: &[f64], bias: f64) -> f64 {
    let products = inputs.iter().zip(weights).map(|(x, w)| x * w);
    let sum = bias + products.sum::<f64>();
    1.0 / (1.0 + (-sum).exp())
}
// ANCHOR_END: neuron

// ANCHOR: wired_by_hand
pub fn wired_by_hand() -> [[f64; 3]; 3] {
    let any_high = [1.0, 1.0, -0.5];
    let both_high = [1.0, 1.0, -1.5];
    let any_but_not_both = [1.0, -1.0, -0.5];
    [any_high, both_high, any_but_not_both]
}
// ANCHOR_END: wired_by_hand

// ANCHOR: estimated_gradient
pub fn estimated_gradient(
    loss: &dyn Fn(&[f64]) -> f64,
    values: &[f64],
    step: f64,
) -> Vec<f64> {
    let mut values = values.to_vec();
    let mut gradient = vec![];
    for place in 0..values.len() {
        let old = values[place];
        values[place] = old + step;
        let above = loss(&values);
        values[place] = old - step;
        let below = loss(&values);
        values[place] = old;
        gradient.push((above - below) / (2.0 * step));
    }
    gradient
}
// ANCHOR_END: estimated_gradient

// ANCHOR: softmax_gradient
pub fn softmax_gradient(outputs: &[f64], target: usize) -> Vec<f64> {
    let highest = outputs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = outputs.iter().map(|y| (y - highest).exp()).collect();
    let total: f64 = powers.iter().sum();
    let mut gradient: Vec<f64> = powers.iter().map(|power| power / total).collect();
    gradient[target] -= 1.0;
    gradient
}
// ANCHOR_END: softmax_gradient

// ANCHOR: dense_backward
pub fn dense_backward(
    x: &[f64],
    w: &[Vec<f64>],
    dy: &[f64],
) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>) {
    let dw = x.iter().map(|x| dy.iter().map(|dy| x * dy).collect()).collect();
    let product = |row: &Vec<f64>| row.iter().zip(dy).map(|(w, dy)| w * dy).sum();
    let dx = w.iter().map(product).collect();
    (dw, dy.to_vec(), dx)
}
// ANCHOR_END: dense_backward
