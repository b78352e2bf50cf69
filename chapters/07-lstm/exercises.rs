//! The exercises of chapter 07. Fill in each function, then run `cargo test --test lstm`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// One step of an LSTM unit: its new memory `c` and its new output `h`, from what its gates hear and its memory.
pub fn lstm_step(
    input: f64,
    forget: f64,
    candidate: f64,
    output: f64,
    memory: f64,
) -> (f64, f64) {
    grading::not_solved_yet()
}

/// One LSTM step backward. From what the gates and the candidate were, the memory before, and the blame of the new memory: the blame of
/// the sums that input gate, forget gate and candidate heard, and of the memory before.
pub fn step_back(
    input: f64,
    forget: f64,
    candidate: f64,
    memory: f64,
    blame: f64,
) -> [f64; 4] {
    grading::not_solved_yet()
}

/// For how many steps a memory keeps at least half of what it holds, if this is its forget gate's bias.
pub fn half_life(bias: f64) -> f64 {
    grading::not_solved_yet()
}

/// The surprise at some keys, in bits, of a mixture of two chords: `coins[chord][key]`, both chords equally likely.
pub fn mixture_bits(coins: [[f64; 3]; 2], keys: [bool; 3]) -> f64 {
    grading::not_solved_yet()
}

/// The weights of an LSTM unit that holds a bit: three each for input gate, forget gate, what is new, and output gate.
pub fn latch() -> [[f64; 3]; 4] {
    grading::not_solved_yet()
}
