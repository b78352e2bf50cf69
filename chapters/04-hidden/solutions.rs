//! One answer to each exercise of chapter 04.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: forward_step
pub fn forward_step(
    yesterday: &[f64],
    transition: &[Vec<f64>],
    likelihood: &[f64],
) -> Vec<f64> {
    let mut today = vec![0.0; likelihood.len()];
    for (from, row) in yesterday.iter().zip(transition) {
        for (to, step) in today.iter_mut().zip(row) {
            *to += from * step;
        }
    }
    for (state, likelihood) in today.iter_mut().zip(likelihood) {
        *state *= likelihood;
    }
    let total: f64 = today.iter().sum();
    today.iter().map(|state| state / total).collect()
}
// ANCHOR_END: forward_step

// ANCHOR: next_symbol
pub fn next_symbol(expected: &[f64], emission: &[Vec<f64>]) -> Vec<f64> {
    let symbols = emission.first().map_or(0, Vec::len);
    let mut next = vec![0.0; symbols];
    for (state, row) in expected.iter().zip(emission) {
        for (symbol, probability) in next.iter_mut().zip(row) {
            *symbol += state * probability;
        }
    }
    next
}
// ANCHOR_END: next_symbol

// ANCHOR: follow_back
pub fn follow_back(came_from: &[Vec<usize>], last: usize) -> Vec<usize> {
    let mut path = vec![last];
    for pointers in came_from.iter().skip(1).rev() {
        path.push(pointers[path[path.len() - 1]]);
    }
    path.reverse();
    path
}
// ANCHOR_END: follow_back

// ANCHOR: expected_steps
pub fn expected_steps(
    alpha: &[f64],
    transition: &[Vec<f64>],
    likelihood: &[f64],
    beta: &[f64],
) -> Vec<Vec<f64>> {
    let mut steps = transition.to_vec();
    for (row, from) in steps.iter_mut().zip(alpha) {
        for (to, step) in row.iter_mut().enumerate() {
            *step *= from * likelihood[to] * beta[to];
        }
    }
    let total: f64 = steps.iter().flatten().sum();
    steps.iter_mut().flatten().for_each(|step| *step /= total);
    steps
}
// ANCHOR_END: expected_steps
