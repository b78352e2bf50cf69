//! Dropout (N. Srivastava et al., 2014): in training, some of the numbers are left out by chance, so that nothing
//! comes to rely on one of them alone.
//!
//! Shapes: any `[rows][columns]`; between recurrent layers and never inside them (W. Zaremba et al., 2014).

use super::buffer::{self, Buffer};
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A layer that leaves numbers out.
#[derive(Clone, Debug)]
pub struct Dropout {
    share: f32,
    rng: ChaCha8Rng,
    y: Buffer,
    dx: Buffer,
    /// What each number was multiplied by: zero or `1 / (1 - share)`.
    factors: Vec<f32>,
    kept: bool,
}

impl Dropout {
    /// A layer that leaves out this share of the numbers, 0 for none.
    ///
    /// # Errors
    /// If the share is not from 0 to below 1.
    pub fn new(share: f32) -> Result<Dropout> {
        if !(0.0..1.0).contains(&share) {
            return Err(Error::value(
                format!("A share of {share} cannot be left out"),
                "Give a number from 0 to below 1, such as 0.2",
            ));
        }
        Ok(Dropout {
            share,
            rng: ChaCha8Rng::seed_from_u64(0),
            y: Buffer::default(),
            dx: Buffer::default(),
            factors: Vec::new(),
            kept: false,
        })
    }

    /// The share that is left out.
    pub fn share(&self) -> f32 {
        self.share
    }

    /// Begins other draws.
    pub fn seed(&mut self, seed: u64) {
        self.rng = ChaCha8Rng::seed_from_u64(seed);
    }

    /// `x` to `y`, of the same shape. In training some become zero and the rest grow, so that the mean stays; else all stay
    /// as they are.
    pub fn forward(&mut self, x: ArrayView2<f32>, training: bool) -> ArrayView2<'_, f32> {
        self.y.copy(x);
        self.factors.clear();
        if training && self.share > 0.0 {
            let (rng, kept) = (&mut self.rng, 1.0 / (1.0 - self.share));
            let limit = (f64::from(self.share) * 4_294_967_296.0) as u32;
            let draw = || if rng.next_u32() < limit { 0.0 } else { kept };
            self.factors
                .extend(std::iter::repeat_with(draw).take(self.y.values().len()));
            self.y
                .values_mut()
                .iter_mut()
                .zip(&self.factors)
                .for_each(|(y, factor)| *y *= factor);
        }
        self.kept = true;
        self.y.view()
    }

    /// `dy` to `dx`: the same are left out.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `y`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        buffer::take(&mut self.kept, "the dropout")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.dx.copy(dy);
        self.dx
            .values_mut()
            .iter_mut()
            .zip(&self.factors)
            .for_each(|(dx, factor)| *dx *= factor);
        Ok(self.dx.view())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn the_share_is_left_out_the_mean_stays_and_backward_leaves_out_the_same() {
        let mut dropout = Dropout::new(0.3).unwrap();
        let ones = Array2::ones((100, 100));
        let y = dropout.forward(ones.view(), true).to_owned();
        let zeros = y.iter().filter(|y| **y == 0.0).count() as f64 / 10_000.0;
        assert!((zeros - 0.3).abs() < 0.02 && (y.mean().unwrap() - 1.0).abs() < 0.03);
        assert_eq!(dropout.backward(ones.view()).unwrap(), y);
        assert!(dropout.backward(ones.view()).is_err());
        dropout.seed(0);
        assert_eq!(
            dropout.forward(ones.view(), true),
            y,
            "the same seed, the same draws"
        );
        assert_ne!(dropout.forward(ones.view(), true), y);
        assert_eq!(dropout.forward(ones.view(), false), ones);
        assert!(Dropout::new(1.0).is_err() && Dropout::new(f32::NAN).is_err());
    }
}
