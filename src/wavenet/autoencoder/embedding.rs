//! From frames to samples: the embedding at a sample lies between the frames around it.

use ndarray::ArrayView2;

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
