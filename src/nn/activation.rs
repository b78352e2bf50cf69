//! What makes a network more than one matrix: curves between its layers.

use super::buffer::{self, Buffer};
use super::fast::{sigmoid, tanh};
use super::layer::{Layer, Play};
use crate::Result;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// A curve.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Curve {
    /// From 0 to 1.
    Sigmoid,
    /// From -1 to 1.
    Tanh,
    /// Zero below zero, then a straight line.
    Relu,
    /// A fifth of a straight line below zero, then the whole (A. Maas, A. Hannun and A. Ng, 2013): it always lets some gradient through.
    LeakyRelu,
}

/// The slope of the leaky rectifier below zero.
const LEAK: f32 = 0.2;

/// A layer that bends each number by itself.
#[derive(Clone, Debug)]
pub struct Activation {
    curve: Curve,
    y: Buffer,
    dx: Buffer,
    kept: bool,
}

impl Activation {
    /// A layer with this curve.
    pub fn new(curve: Curve) -> Activation {
        Activation {
            curve,
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
        }
    }
}

impl Curve {
    fn bend(self, values: &mut [f32]) {
        match self {
            Curve::Sigmoid => sigmoid(values),
            Curve::Tanh => tanh(values),
            Curve::Relu => values.iter_mut().for_each(|y| *y = y.max(0.0)),
            Curve::LeakyRelu => values.iter_mut().for_each(|y| *y = y.max(LEAK * *y)),
        }
    }
}

impl Layer for Activation {
    /// `x` to `y`, of the same shape.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.y.copy(x);
        self.curve.bend(self.y.values_mut());
        self.kept = true;
        Ok(self.y.view())
    }

    /// `dy` to `dx`: the slope of each curve can be told from `y` alone.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the activation")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.dx.copy(dy);
        let slope = match self.curve {
            Curve::Sigmoid => |y: f32| y * (1.0 - y),
            Curve::Tanh => |y: f32| 1.0 - y * y,
            Curve::Relu => |y: f32| if y > 0.0 { 1.0 } else { 0.0 },
            Curve::LeakyRelu => |y: f32| if y > 0.0 { 1.0 } else { LEAK },
        };
        for (dx, y) in self.dx.values_mut().iter_mut().zip(self.y.values()) {
            *dx *= slope(*y);
        }
        Ok(self.dx.view())
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        Ok(Box::new(ActivationPlayer {
            curve: self.curve,
            y: vec![0.0; inputs],
        }))
    }
}

#[derive(Debug)]
struct ActivationPlayer {
    curve: Curve,
    y: Vec<f32>,
}

impl Play for ActivationPlayer {
    fn outputs(&self) -> usize {
        self.y.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        self.y.copy_from_slice(x);
        self.curve.bend(&mut self.y);
        &self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Parameter, SquaredError, gradient_check};

    #[test]
    fn gradients_agree_with_finite_differences() {
        for curve in [Curve::Sigmoid, Curve::Tanh, Curve::Relu, Curve::LeakyRelu] {
            let (mut layer, mut loss) = (Activation::new(curve), SquaredError::default());
            let mut x = Parameter::zeros("x", 3, 4);
            // Away from the corner of the rectifier, where there is no slope.
            x.values = numbers(3, 4, 1).mapv(|x| x + 0.2 * x.signum());
            let target = numbers(3, 4, 2);
            let largest = gradient_check(
                &mut x,
                |x| vec![x],
                |x| {
                    let found = loss.forward(layer.forward(x.values.view())?, target.view())?;
                    x.gradient += &layer.backward(loss.backward(1.0)?)?;
                    Ok(found)
                },
            )
            .unwrap();
            assert!(largest < LARGEST_DIFFERENCE, "{curve:?} {largest}");
            assert!(layer.backward(target.view()).is_err());
        }
    }
}
