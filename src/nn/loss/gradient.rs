//! What every loss keeps.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use ndarray::ArrayView2;

/// The gradient that `forward` has found on the way, and that `backward` gives out once.
#[derive(Clone, Debug, Default)]
pub(super) struct Gradient {
    pub(super) values: Buffer,
    pub(super) kept: bool,
}

impl Gradient {
    pub(super) fn take(&mut self, scale: f32, loss: &str) -> Result<ArrayView2<'_, f32>> {
        buffer::take(&mut self.kept, loss)?;
        for value in self.values.values_mut() {
            let scaled = *value * scale;
            // What is next to nothing becomes nothing: products of such numbers are denormal, and ten times as slow.
            *value = if scaled.abs() < 1e-15 { 0.0 } else { scaled };
        }
        Ok(self.values.view())
    }
}
