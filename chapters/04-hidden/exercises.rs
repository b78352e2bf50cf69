//! The exercises of chapter 04. Fill in each function, then run `cargo test --test hidden`.
#![allow(unused_variables)] // until they are solved

#[path = "checks.rs"]
mod checks;
#[path = "../grading.rs"]
mod grading;

/// How likely each state is today, 1 in all: from how likely each was yesterday, how likely each
/// (row) leads to each (column), and how likely each lets be heard what is heard today.
pub fn forward_step(
    yesterday: &[f64],
    transition: &[Vec<f64>],
    likelihood: &[f64],
) -> Vec<f64> {
    grading::not_solved_yet()
}

/// How likely each symbol is to be heard next: from how likely each state is to come next, and how
/// likely each state (row) lets each symbol (column) be heard.
pub fn next_symbol(expected: &[f64], emission: &[Vec<f64>]) -> Vec<f64> {
    grading::not_solved_yet()
}

/// The likeliest path, a state for each day. `came_from[day][state]` says in which state the best
/// path to this state was on the day before; the first day's row is empty. `last` is where the
/// best path of all ends.
pub fn follow_back(came_from: &[Vec<usize>], last: usize) -> Vec<usize> {
    grading::not_solved_yet()
}

/// How likely each step from a state today (row) to one tomorrow (column) was, 1 in all, given
/// everything heard: from today's α, the transition matrix, how likely each state lets be heard
/// what is heard tomorrow, and tomorrow's β.
pub fn expected_steps(
    alpha: &[f64],
    transition: &[Vec<f64>],
    likelihood: &[f64],
    beta: &[f64],
) -> Vec<Vec<f64>> {
    grading::not_solved_yet()
}
