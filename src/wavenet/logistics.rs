//! Another way to say which code comes next: not a number for each of 256, but a few bell-like curves over the codes (T. Salimans et
//! al., *PixelCNN++*, 2017; A. van den Oord et al., *Parallel WaveNet*, 2017).
//!
//! ```text
//! P(code) = Σₖ πₖ · (σ((x + h - μₖ) / sₖ) - σ((x - h - μₖ) / sₖ))      π = softmax(w), s = exp(l)
//! ```
//!
//! `x` is where the code lies between -1 and 1, `2 h` how far it is from one code to the next; the lowest and the highest code also have
//! all that lies beyond them.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Layer, Play};
use crate::sound::mu_law::CODES;
use ndarray::ArrayView2;

/// No probability is held to be smaller.
const LEAST: f64 = 1e-12;

/// `[w | μ | l]` `[N][3 K]` to the logarithm of each code's probability `[N][256]`, which a softmax leaves as it is.
#[derive(Clone, Debug)]
pub struct Logistics {
    curves: usize,
    x: Buffer,
    y: Buffer,
    dx: Buffer,
    kept: bool,
}

impl Logistics {
    /// A mixture of so many curves.
    pub fn new(curves: usize) -> Logistics {
        Logistics {
            curves,
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
        }
    }
}

/// The border above a code; the highest has none.
fn border(code: usize) -> f64 {
    (2 * code + 1) as f64 / CODES as f64 - 1.0 + 1.0 / CODES as f64
}

/// One row's curves: weights, and at each border how much of each curve lies below.
struct Mixture {
    weights: Vec<f64>,
    /// `[K][255]`.
    below: Vec<Vec<f64>>,
}

impl Mixture {
    fn of(x: &[f32], curves: usize) -> Mixture {
        let value = |part: usize, k: usize| f64::from(x[part * curves + k]);
        let most = (0..curves).map(|k| value(0, k)).fold(f64::NEG_INFINITY, f64::max);
        let mut weights: Vec<f64> = (0..curves).map(|k| (value(0, k) - most).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let curve = |k: usize| {
            let (middle, narrow) = (value(1, k), (-value(2, k)).exp());
            let part = |code: usize| 1.0 / (1.0 + (-(border(code) - middle) * narrow).exp());
            (0..CODES - 1).map(part).collect()
        };
        Mixture {
            weights,
            below: (0..curves).map(curve).collect(),
        }
    }

    /// How much of a curve lies on a code.
    fn on(&self, k: usize, code: usize) -> f64 {
        let below = |code: usize| self.below[k].get(code).copied().unwrap_or(1.0);
        below(code) - code.checked_sub(1).map_or(0.0, below)
    }

    fn probability(&self, code: usize) -> f64 {
        let parts = self.weights.iter().enumerate();
        parts
            .map(|(k, weight)| weight * self.on(k, code))
            .sum::<f64>()
            .max(LEAST)
    }

    /// From the gradients of the logarithms to those of the row.
    fn back(&self, x: &[f32], dy: &[f32], dx: &mut [f32]) {
        let curves = self.weights.len();
        let dp: Vec<f64> = (dy.iter().enumerate())
            .map(|(code, dy)| f64::from(*dy) / self.probability(code))
            .collect();
        let by_weight: Vec<f64> = (0..curves)
            .map(|k| {
                dp.iter()
                    .enumerate()
                    .map(|(code, dp)| dp * self.on(k, code))
                    .sum()
            })
            .collect();
        let mean: f64 = by_weight
            .iter()
            .zip(&self.weights)
            .map(|(d, weight)| d * weight)
            .sum();
        for (k, weight) in self.weights.iter().enumerate() {
            let (middle, narrow) = (f64::from(x[curves + k]), (-f64::from(x[2 * curves + k])).exp());
            let (mut by_middle, mut by_width) = (0.0, 0.0);
            for (code, below) in self.below[k].iter().enumerate() {
                let dz = weight * (dp[code] - dp[code + 1]) * below * (1.0 - below);
                by_middle -= dz * narrow;
                by_width -= dz * (border(code) - middle) * narrow;
            }
            dx[k] = (weight * (by_weight[k] - mean)) as f32;
            dx[curves + k] = by_middle as f32;
            dx[2 * curves + k] = by_width as f32;
        }
    }
}

impl Layer for Logistics {
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::check("x", x.dim(), (x.nrows(), 3 * self.curves))?;
        self.x.copy(x);
        let y = self.y.resize(x.nrows(), CODES);
        for (x, y) in self
            .x
            .values()
            .chunks_exact(3 * self.curves)
            .zip(y.chunks_exact_mut(CODES))
        {
            logarithms(x, self.curves, y);
        }
        self.kept = true;
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the mixture of logistics")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        let dy = dy.as_standard_layout();
        let dy = dy.as_slice().unwrap_or_default().chunks_exact(CODES);
        let (rows, width) = (self.x.rows(), 3 * self.curves);
        let dx = self.dx.resize(rows, width).chunks_exact_mut(width);
        for ((x, dy), dx) in self.x.values().chunks_exact(width).zip(dy).zip(dx) {
            Mixture::of(x, self.curves).back(x, dy, dx);
        }
        Ok(self.dx.view())
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        buffer::check("x", (1, inputs), (1, 3 * self.curves))?;
        Ok(Box::new(LogisticsPlayer {
            curves: self.curves,
            y: vec![0.0; CODES],
        }))
    }
}

fn logarithms(x: &[f32], curves: usize, y: &mut [f32]) {
    let mixture = Mixture::of(x, curves);
    for (code, y) in y.iter_mut().enumerate() {
        *y = mixture.probability(code).ln() as f32;
    }
}

#[derive(Debug)]
struct LogisticsPlayer {
    curves: usize,
    y: Vec<f32>,
}

impl Play for LogisticsPlayer {
    fn outputs(&self) -> usize {
        CODES
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        logarithms(x, self.curves, &mut self.y);
        &self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Parameter, SoftmaxCrossEntropy, gradient_check};
    use ndarray::arr2;

    #[test]
    fn gradients_agree_with_finite_differences_and_the_codes_share_one() {
        let (mut layer, mut loss) = (Logistics::new(2), SoftmaxCrossEntropy::default());
        let mut x = Parameter::zeros("x", 2, 6);
        x.values = arr2(&[
            [0.3, -0.2, 0.1, -0.4, -2.0, -1.0],
            [0.0, 0.5, -0.9, 0.8, -3.0, -1.5],
        ]);
        let y = layer.forward(x.values.view()).unwrap();
        for row in y.rows() {
            let all: f32 = row.iter().map(|log| log.exp()).sum();
            assert!((all - 1.0).abs() < 1e-4, "{all}");
        }
        layer.kept = false;
        let largest = gradient_check(
            &mut x,
            |x| vec![x],
            |x| {
                let nats = loss.forward(layer.forward(x.values.view())?, &[Some(120), Some(3)])?;
                let dx = layer.backward(loss.backward(1.0)?)?;
                x.gradient += &dx;
                Ok(nats)
            },
        );
        assert!(largest.unwrap() < 1e-2);
    }
}
