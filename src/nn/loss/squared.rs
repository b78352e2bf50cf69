//! The squared error, for outputs that are numbers.

use super::gradient::Gradient;
use crate::Result;
use crate::nn::buffer;
use ndarray::ArrayView2;

/// `sum (y - target)²`.
#[derive(Clone, Debug, Default)]
pub struct SquaredError {
    gradient: Gradient,
}

impl SquaredError {
    /// The sum over all rows and columns.
    ///
    /// # Errors
    /// If the two are not of one shape.
    pub fn forward(&mut self, y: ArrayView2<f32>, target: ArrayView2<f32>) -> Result<f64> {
        buffer::check("target", target.dim(), y.dim())?;
        self.gradient.values.copy(y);
        let mut sum = 0.0;
        for (value, target) in self.gradient.values.values_mut().iter_mut().zip(target) {
            let difference = *value - target;
            sum += f64::from(difference) * f64::from(difference);
            *value = 2.0 * difference;
        }
        self.gradient.kept = true;
        Ok(sum)
    }

    /// `scale · 2 (y - target)`.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    pub fn backward(&mut self, scale: f32) -> Result<ArrayView2<'_, f32>> {
        self.gradient.take(scale, "the squared error")
    }
}
