//! One answer to each exercise of chapter 07.

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

// ANCHOR: lstm_step
pub fn lstm_step(
    input: f64,
    forget: f64,
    candidate: f64,
    output: f64,
    memory: f64,
) -> (f64, f64) {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    let memory = sigmoid(forget) * memory + sigmoid(input) * candidate.tanh();
    (memory, sigmoid(output) * memory.tanh())
}
// ANCHOR_END: lstm_step

// ANCHOR: half_life
pub fn half_life(bias: f64) -> f64 {
    let kept = 1.0 / (1.0 + (-bias).exp());
    0.5f64.ln() / kept.ln()
}
// ANCHOR_END: half_life

// ANCHOR: mixture_nats
pub fn mixture_nats(coins: [[f64; 3]; 2], keys: [bool; 3]) -> f64 {
    let mut probability = 0.0;
    for chord in coins {
        let mut of_chord = 0.5;
        for (sounds, coin) in keys.into_iter().zip(chord) {
            of_chord *= if sounds { coin } else { 1.0 - coin };
        }
        probability += of_chord;
    }
    -probability.ln()
}
// ANCHOR_END: mixture_nats

// ANCHOR: share_of_gap
pub fn share_of_gap(line: f64, floor: f64, model: f64) -> f64 {
    (line - model) / (line - floor)
}
// ANCHOR_END: share_of_gap
