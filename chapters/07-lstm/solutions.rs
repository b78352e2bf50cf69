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

// ANCHOR: step_back
pub fn step_back(
    input: f64,
    forget: f64,
    candidate: f64,
    memory: f64,
    blame: f64,
) -> [f64; 4] {
    [
        blame * candidate * input * (1.0 - input),
        blame * memory * forget * (1.0 - forget),
        blame * input * (1.0 - candidate * candidate),
        blame * forget,
    ]
}
// ANCHOR_END: step_back

// ANCHOR: half_life
pub fn half_life(bias: f64) -> f64 {
    let kept = 1.0 / (1.0 + (-bias).exp());
    0.5f64.ln() / kept.ln()
}
// ANCHOR_END: half_life

// ANCHOR: mixture_bits
pub fn mixture_bits(coins: [[f64; 3]; 2], keys: [bool; 3]) -> f64 {
    let mut probability = 0.0;
    for chord in coins {
        let mut of_chord = 0.5;
        for (sounds, coin) in keys.into_iter().zip(chord) {
            of_chord *= if sounds { coin } else { 1.0 - coin };
        }
        probability += of_chord;
    }
    -probability.log2()
}
// ANCHOR_END: mixture_bits

// ANCHOR: latch
/// The weights of an LSTM unit that holds a bit: three each for input gate, forget gate, what is new, and output gate.
pub fn latch() -> [[f64; 3]; 4] {
    let input = [20.0, 0.0, -10.0]; // open at 1 only
    let forget = [20.0, 0.0, 10.0]; // shut at -1 only
    let new = [0.0, 0.0, 5.0]; // always nearly 1
    let output = [0.0, 0.0, 10.0]; // always open
    [input, forget, new, output]
}
// ANCHOR_END: latch
