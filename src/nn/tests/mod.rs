//! What spans the files of `nn`, and what its tests share.

mod recurrent;
mod reference;

use ndarray::Array2;

/// What a gradient may differ from finite differences, relative to the largest of its parameter: the rounding of single
/// precision, about 1e-7 of a loss of about 1, over a step of 0.02.
pub(crate) const LARGEST_DIFFERENCE: f64 = 3e-4;

/// Numbers from -1 to 1 that look random.
pub(crate) fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        ((row * columns + column + 1) * 7919 % 1999 * (seed * 2 + 1) % 2001) as f32 / 1000.0 - 1.0
    })
}
