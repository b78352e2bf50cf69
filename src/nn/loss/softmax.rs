//! One of many: outputs become probabilities by the softmax, and the loss is the surprise at what came.
//!
//! Shapes: `N` rows, `V` symbols; outputs (*logits*) `y` `[N][V]`, a target for each row.

#![allow(clippy::needless_range_loop)] // counted loops become vectors

use super::gradient::Gradient;
use crate::nn::buffer;
use crate::nn::fast::{exp, for_each_processor};
use crate::{Error, Result};
use ndarray::ArrayView2;

/// `-ln p(target)` with `p = e^y / sum e^y`.
#[derive(Clone, Debug, Default)]
pub struct SoftmaxCrossEntropy {
    gradient: Gradient,
    logarithms: Vec<f32>,
}

impl SoftmaxCrossEntropy {
    /// The sum of the surprises in nats. A row whose target is none does not count, and has no gradient.
    ///
    /// # Errors
    /// If there is not one target to a row, or one is not below `V`.
    pub fn forward(&mut self, y: ArrayView2<f32>, targets: &[Option<usize>]) -> Result<f64> {
        buffer::check("The list of targets", (targets.len(), 1), (y.nrows(), 1))?;
        let vocabulary = y.ncols();
        if let Some(target) = targets.iter().flatten().find(|target| **target >= vocabulary) {
            return Err(Error::value(
                format!("Target {target} is not one of {vocabulary} symbols"),
                "Encode the music with the alphabet that the model was made for",
            ));
        }
        self.gradient.values.copy(y);
        self.logarithms.resize(targets.len(), 0.0);
        let probabilities = self.gradient.values.values_mut();
        softmax_rows(probabilities, vocabulary, &mut self.logarithms);
        let mut nats = 0.0;
        let rows = probabilities
            .chunks_exact_mut(vocabulary.max(1))
            .zip(&self.logarithms);
        for ((row, logarithm), (y, target)) in rows.zip(y.rows().into_iter().zip(targets)) {
            // The gradient of the surprise is the probabilities, less 1 for what came.
            match target.and_then(|target| Some((y.get(target)?, row.get_mut(target)?))) {
                Some((y, probability)) => {
                    nats += f64::from(*logarithm) - f64::from(*y);
                    *probability -= 1.0;
                }
                None => row.fill(0.0),
            }
        }
        self.gradient.kept = true;
        Ok(nats)
    }

    /// `scale · (p - 1 for what came)`.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    pub fn backward(&mut self, scale: f32) -> Result<ArrayView2<'_, f32>> {
        self.gradient.take(scale, "the softmax cross-entropy")
    }
}

/// Replaces a row of outputs by probabilities, and gives `ln sum e^y`.
pub fn softmax(row: &mut [f32]) -> f32 {
    let mut logarithm = [0.0];
    let width = row.len();
    softmax_rows(row, width, &mut logarithm);
    logarithm[0]
}

for_each_processor! {
    /// Replaces each row by probabilities, and gives `ln sum e^y` of each. Everything is taken relative to the highest, so that
    /// no power is too large.
    fn softmax_rows<const LANES: usize>(values: &mut [f32], width: usize, logarithms: &mut [f32]) {
        for (row, logarithm) in values.chunks_exact_mut(width.max(1)).zip(logarithms) {
            let highest = highest(row);
            for y in row.iter_mut() {
                *y = exp::<LANES>(*y - highest);
            }
            let sum = sum(row);
            for y in row.iter_mut() {
                *y /= sum;
            }
            *logarithm = highest + sum.ln();
        }
    }
}

/// Sixteen maxima side by side: one alone would have to wait for itself.
#[inline(always)]
fn highest(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for lane in 0..16 {
            lanes[lane] = if chunk[lane] > lanes[lane] {
                chunk[lane]
            } else {
                lanes[lane]
            };
        }
    }
    let highest = rest.iter().fold(f32::NEG_INFINITY, |highest, y| highest.max(*y));
    lanes.iter().fold(highest, |highest, y| highest.max(*y))
}

/// The same for sums.
#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    let mut lanes = [0.0; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for lane in 0..16 {
            lanes[lane] += chunk[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Parameter, gradient_check};

    #[test]
    fn gradients_agree_with_finite_differences() {
        let mut y = Parameter::zeros("y", 4, 37);
        y.values = numbers(4, 37, 1);
        let mut loss = SoftmaxCrossEntropy::default();
        let largest = gradient_check(
            &mut y,
            |y| vec![y],
            |y| {
                let found = loss.forward(y.values.view(), &[Some(3), None, Some(36), Some(0)])?;
                y.gradient += &loss.backward(0.5)?;
                Ok(0.5 * found)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        assert!(loss.backward(1.0).is_err());
    }

    #[test]
    fn the_surprise_of_one_of_equals_is_the_logarithm_of_their_number() {
        let mut loss = SoftmaxCrossEntropy::default();
        let equal = ndarray::Array2::from_elem((2, 19), 1e4);
        let nats = loss.forward(equal.view(), &[Some(7), None]).unwrap();
        assert!((nats - 19f64.ln()).abs() < 1e-2, "{nats}");
        let probabilities = loss.backward(1.0).unwrap();
        assert!((probabilities[[0, 7]] + 18.0 / 19.0).abs() < 1e-6 && probabilities[[1, 3]] == 0.0);
        assert!(loss.forward(equal.view(), &[Some(19), None]).is_err());
        assert!(loss.forward(equal.view(), &[Some(1)]).is_err());
    }
}
