//! Dropout (N. Srivastava et al., 2014): in training, some of the numbers are left out by chance, so that nothing
//! comes to rely on one of them alone.
//!
//! Shapes: any `[rows][columns]`; between recurrent layers and never inside them (W. Zaremba et al., 2014).

use super::buffer::{self, Buffer};
use super::layer::{Layer, Play};
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A layer that leaves numbers out.
#[derive(Clone, Debug)]
pub struct Dropout {
    share: f32,
    number: u64,
    /// None while nothing is left out.
    draws: Option<ChaCha8Rng>,
    y: Buffer,
    dx: Buffer,
    /// What each number was multiplied by: zero or `1 / (1 - share)`.
    factors: Vec<f32>,
    kept: bool,
}

impl Dropout {
    /// A layer that leaves out this share of the numbers, 0 for none, when it is told to: see [`Layer::dropout`]. It is
    /// the model's dropout of this number, and draws other numbers than the others.
    ///
    /// # Errors
    /// If the share is not from 0 to below 1.
    pub fn new(share: f32, number: u64) -> Result<Dropout> {
        if !(0.0..1.0).contains(&share) {
            return Err(Error::value(
                format!("A share of {share} cannot be left out"),
                "Give a number from 0 to below 1, such as 0.2",
            ));
        }
        Ok(Dropout {
            share,
            number,
            draws: None,
            y: Buffer::default(),
            dx: Buffer::default(),
            factors: Vec::new(),
            kept: false,
        })
    }
}

impl Layer for Dropout {
    fn dropout(&mut self, seed: Option<u64>) {
        let own = |seed: u64| seed.wrapping_mul(31).wrapping_add(self.number);
        self.draws = seed.map(|seed| ChaCha8Rng::seed_from_u64(own(seed)));
    }

    /// `x` to `y`, of the same shape: some become zero and the rest grow, so that the mean stays.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.kept = true;
        self.factors.clear();
        let Some(rng) = self.draws.as_mut().filter(|_| self.share > 0.0) else {
            return Ok(x);
        };
        self.y.copy(x);
        let kept = 1.0 / (1.0 - self.share);
        let limit = (f64::from(self.share) * 4_294_967_296.0) as u32;
        let y = self.y.values_mut();
        let draw = || if rng.next_u32() < limit { 0.0 } else { kept };
        self.factors.extend(std::iter::repeat_with(draw).take(y.len()));
        y.iter_mut()
            .zip(&self.factors)
            .for_each(|(y, factor)| *y *= factor);
        Ok(self.y.view())
    }

    /// `dy` to `dx`: the same are left out.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the dropout")?;
        if self.factors.is_empty() {
            return Ok(dy);
        }
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.dx.copy(dy);
        self.dx
            .values_mut()
            .iter_mut()
            .zip(&self.factors)
            .for_each(|(dx, factor)| *dx *= factor);
        Ok(self.dx.view())
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        Ok(Box::new(DropoutPlayer(inputs)))
    }
}

/// Who plays leaves nothing out.
#[derive(Debug)]
struct DropoutPlayer(usize);

impl Play for DropoutPlayer {
    fn outputs(&self) -> usize {
        self.0
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn the_share_is_left_out_the_mean_stays_and_backward_leaves_out_the_same() {
        let (mut dropout, mut other) = (Dropout::new(0.3, 0).unwrap(), Dropout::new(0.3, 1).unwrap());
        let ones = Array2::ones((100, 100));
        assert_eq!(dropout.forward(ones.view()).unwrap(), ones);
        assert_eq!(dropout.backward(ones.view()).unwrap(), ones);
        dropout.dropout(Some(5));
        let y = dropout.forward(ones.view()).unwrap().to_owned();
        let zeros = y.iter().filter(|y| **y == 0.0).count() as f64 / 10_000.0;
        assert!((zeros - 0.3).abs() < 0.02 && (y.mean().unwrap() - 1.0).abs() < 0.03);
        assert_eq!(dropout.backward(ones.view()).unwrap(), y);
        assert!(dropout.backward(ones.view()).is_err());
        assert_ne!(dropout.forward(ones.view()).unwrap(), y);
        dropout.dropout(Some(5));
        assert_eq!(
            dropout.forward(ones.view()).unwrap(),
            y,
            "the same seed, the same draws"
        );
        other.dropout(Some(5));
        assert_ne!(
            other.forward(ones.view()).unwrap(),
            y,
            "not those of another layer"
        );
        dropout.dropout(None);
        assert_eq!(dropout.forward(ones.view()).unwrap(), ones);
        let mut player = dropout.player(2).unwrap();
        assert_eq!((player.outputs(), player.step(&[1.0, 2.0])), (2, &[1.0, 2.0][..]));
        assert!(Dropout::new(1.0, 0).is_err() && Dropout::new(f32::NAN, 0).is_err());
    }
}
