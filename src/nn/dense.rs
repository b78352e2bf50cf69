//! A dense layer: every output hears every input. `y = x · W + b`
//!
//! Shapes: `N` rows (examples, or time steps of many sequences), `I` inputs, `O` outputs; `x` `[N][I]`, `W` `[I][O]`,
//! `b` `[1][O]`, `y` `[N][O]`. A name with a `d` before is the gradient of the loss with respect to that thing.

use super::buffer::{self, Buffer};
use super::matmul::{self, Panels};
use super::parameter::Parameter;
use crate::Result;
use ndarray::ArrayView2;
use rand::Rng;

/// A dense layer.
#[derive(Clone, Debug)]
pub struct Dense {
    /// `W` `[I][O]`.
    pub weight: Parameter,
    /// `b` `[1][O]`.
    pub bias: Parameter,
    panels: Panels,
    x: Buffer,
    pub(super) y: Buffer,
    dx: Buffer,
    kept: bool,
}

impl Dense {
    /// A layer of `inputs` and `outputs` with weights after Glorot and no bias. Its parameters are called `<name>.weight` and
    /// `<name>.bias`.
    pub fn new(name: &str, inputs: usize, outputs: usize, rng: &mut impl Rng) -> Dense {
        Dense {
            weight: Parameter::glorot(format!("{name}.weight"), inputs, outputs, rng),
            bias: Parameter::zeros(format!("{name}.bias"), 1, outputs),
            panels: Panels::default(),
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
        }
    }

    /// What is learned: weight, bias.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.weight, &mut self.bias]
    }

    // ANCHOR: forward
    /// `x` `[N][I]` to `y` `[N][O]`.
    ///
    /// # Errors
    /// If `x` has not `I` columns.
    pub fn forward(&mut self, x: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        let (inputs, outputs) = self.weight.shape();
        self.kept = false;
        buffer::check("x", x.dim(), (x.nrows(), inputs))?;
        self.x.copy(x);
        let y = self.y.resize(self.x.rows(), outputs);
        buffer::fill_rows(y, self.bias.flat());
        self.panels.pack(inputs, outputs, self.weight.flat())?;
        matmul::add_product(self.x.rows(), self.x.values(), &self.panels, y)?;
        self.kept = true;
        Ok(self.y.view())
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// `dy` `[N][O]` to `dx` `[N][I]`; adds to the gradients of weight and bias.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `y`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        let (inputs, outputs) = self.weight.shape();
        buffer::take(&mut self.kept, "the dense layer")?;
        buffer::check("dy", dy.dim(), (self.x.rows(), outputs))?;
        let rows = self.x.rows();
        let dy = dy.as_standard_layout();
        let dy = dy.as_slice().unwrap_or_default();
        // y = x · W + b: a weight acts on its output by x, on every row; a bias by 1; and an input by the weights.
        matmul::add_gradient(
            rows,
            self.x.values(),
            dy,
            inputs,
            outputs,
            self.weight.flat_gradient(),
        )?;
        buffer::add_rows(self.bias.flat_gradient(), dy);
        self.panels.pack_transposed(outputs, inputs, self.weight.flat())?;
        matmul::add_product(rows, dy, &self.panels, self.dx.zeros(rows, inputs))?;
        Ok(self.dx.view())
    }
    // ANCHOR_END: backward
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::test::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{SquaredError, gradient_check};
    use ndarray::Array2;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gradients_agree_with_finite_differences() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (mut dense, mut loss) = (Dense::new("d", 5, 3, &mut rng), SquaredError::default());
        let (x, target) = (numbers(4, 5, 1), numbers(4, 3, 2));
        let mut input = Parameter::zeros("x", 4, 5);
        input.values = x;
        let mut both = (dense, input);
        let largest = gradient_check(
            &mut both,
            |(dense, input)| {
                let mut all = dense.parameters();
                all.push(input);
                all
            },
            |(dense, input)| {
                let y = dense.forward(input.values.view())?;
                let found = loss.forward(y, target.view())?;
                let dx = dense.backward(loss.backward(1.0)?)?;
                input.gradient += &dx;
                Ok(found)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        dense = both.0;
        assert!(dense.forward(Array2::zeros((2, 4)).view()).is_err());
    }

    #[test]
    fn backward_serves_once() {
        let mut dense = Dense::new("d", 2, 2, &mut ChaCha8Rng::seed_from_u64(1));
        let dy = numbers(3, 2, 1);
        let message = dense.backward(dy.view()).unwrap_err().to_string();
        assert!(message.contains("Call forward before each backward"), "{message}");
        dense.forward(numbers(3, 2, 2).view()).unwrap();
        dense.backward(dy.view()).unwrap();
        assert!(dense.backward(dy.view()).is_err());
        dense.forward(numbers(3, 2, 2).view()).unwrap();
        assert!(dense.backward(numbers(2, 2, 1).view()).is_err());
    }
}
