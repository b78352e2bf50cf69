//! A dense layer: every output hears every input. `y = x · W + b`
//!
//! Shapes: `N` rows (examples, or time steps of many sequences), `I` inputs, `O` outputs; `x` `[N][I]`, `W` `[I][O]`,
//! `b` `[1][O]`, `y` `[N][O]`. A name with a `d` before is the gradient of the loss with respect to that thing.

use super::buffer::{self, Buffer};
use super::fast::{self, Panels};
use super::layer::{Layer, Play};
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
    y: Buffer,
    dx: Buffer,
    kept: bool,
    learns: bool,
}

impl Dense {
    /// A layer of `inputs` and `outputs` with weights after Glorot and no bias. Its parameters are called `<name>.weight` and
    /// `<name>.bias`.
    pub fn new(name: &str, inputs: usize, outputs: usize, rng: &mut impl Rng) -> Dense {
        Dense::of(
            Parameter::glorot(format!("{name}.weight"), inputs, outputs, rng),
            Parameter::zeros(format!("{name}.bias"), 1, outputs),
        )
    }

    /// A layer of this weight `[I][O]` and this bias `[1][O]`.
    pub fn of(weight: Parameter, bias: Parameter) -> Dense {
        Dense {
            weight,
            bias,
            panels: Panels::default(),
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
            learns: true,
        }
    }
}

impl Layer for Dense {
    fn learns(&mut self, yes: bool) {
        self.learns = yes;
    }

    // ANCHOR: forward
    /// `x` `[N][I]` to `y` `[N][O]`.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (inputs, outputs) = self.weight.shape();
        self.kept = false;
        buffer::check("x", x.dim(), (x.nrows(), inputs))?;
        buffer::check("b", self.bias.shape(), (1, outputs))?;
        self.x.copy(x);
        let y = self.y.resize(self.x.rows(), outputs);
        buffer::fill_rows(y, self.bias.flat());
        self.panels.pack(inputs, outputs, self.weight.flat())?;
        fast::add_product(self.x.rows(), self.x.values(), &self.panels, y)?;
        self.kept = true;
        Ok(self.y.view())
    }
    // ANCHOR_END: forward

    // ANCHOR: backward
    /// `dy` `[N][O]` to `dx` `[N][I]`; adds to the gradients of weight and bias.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (inputs, outputs) = self.weight.shape();
        buffer::take(&mut self.kept, "the dense layer")?;
        buffer::check("dy", dy.dim(), (self.x.rows(), outputs))?;
        let rows = self.x.rows();
        let dy = dy.as_standard_layout();
        let dy = dy.as_slice().unwrap_or_default();
        // y = x · W + b: a weight acts on its output by x, on every row; a bias by 1; and an input by the weights.
        if self.learns {
            let weight = self.weight.flat_gradient();
            fast::add_gradient(rows, self.x.values(), dy, inputs, outputs, weight)?;
            buffer::add_rows(self.bias.flat_gradient(), dy);
        }
        self.panels.pack_transposed(outputs, inputs, self.weight.flat())?;
        fast::set_product(rows, dy, &self.panels, self.dx.resize(rows, inputs))?;
        Ok(self.dx.view())
    }
    // ANCHOR_END: backward

    /// Weight, bias.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        vec![&mut self.weight, &mut self.bias]
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        let (rows, outputs) = self.weight.shape();
        buffer::check(
            "The weight of the dense layer",
            (rows, outputs),
            (inputs, outputs),
        )?;
        buffer::check("b", self.bias.shape(), (1, outputs))?;
        let mut panels = Panels::default();
        panels.pack(inputs, outputs, self.weight.flat())?;
        Ok(Box::new(DensePlayer {
            panels,
            bias: self.bias.values.iter().copied().collect(),
            y: vec![0.0; outputs],
        }))
    }
}

#[derive(Debug)]
struct DensePlayer {
    panels: Panels,
    bias: Vec<f32>,
    y: Vec<f32>,
}

impl Play for DensePlayer {
    fn outputs(&self) -> usize {
        self.y.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        self.y.copy_from_slice(&self.bias);
        fast::add_row(x, &self.panels, &mut self.y);
        &self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
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
