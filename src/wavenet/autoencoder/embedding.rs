//! The embedding: its curve, and its way from frames to samples, of which each lies between the frames around it.

use crate::nn::fast;
use ndarray::{Array2, ArrayView2, Zip};

/// Flat, so that the large and blind steps in which learning begins do not drive numbers to the ends of their curve, where no gradient
/// would bring them back.
const SLOPE: f32 = 0.125;

/// `tanh(y / 8)`.
pub(super) fn bend(y: ArrayView2<f32>) -> Array2<f32> {
    let mut e = y.mapv(|y| SLOPE * y);
    fast::tanh(e.as_slice_mut().unwrap_or_default());
    e
}

/// The gradient of `e` to that of `y`.
pub(super) fn unbend(e: &Array2<f32>, de: &mut Array2<f32>) {
    Zip::from(de)
        .and(e)
        .for_each(|de, e| *de *= SLOPE * (1.0 - e * e));
}

/// The frames around a sample, and how much of each: the later one may be the last, twice.
pub(super) fn around(age: usize, hop: usize, frames: usize) -> [(usize, f32); 2] {
    let last = frames.saturating_sub(1);
    let part = (age % hop) as f32 / hop as f32;
    [
        ((age / hop).min(last), 1.0 - part),
        ((age / hop + 1).min(last), part),
    ]
}

/// The embedding at a sample, between the frames around it, into `row` `[E]`.
pub(super) fn between(embedding: ArrayView2<f32>, age: usize, hop: usize, row: &mut [f32]) {
    row.fill(0.0);
    if embedding.nrows() == 0 {
        return;
    }
    for (frame, part) in around(age, hop, embedding.nrows()) {
        for (to, from) in row.iter_mut().zip(embedding.row(frame)) {
            *to += part * from;
        }
    }
}
