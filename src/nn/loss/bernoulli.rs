//! Many at once, each by itself: every output is the coin of one key, which sounds or does not.
//!
//! Shapes: `N` rows, `K` keys; outputs `y` `[N][K]`, targets `[N][K]`, 1 where a key sounds, else 0.

use super::gradient::Gradient;
use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::fast::{self, exp, for_each_processor};
use ndarray::ArrayView2;
use rand::{Rng, RngExt};

/// `-ln p(targets)` of independent coins: a key sounds with probability `sigmoid(y)`.
#[derive(Clone, Debug, Default)]
pub struct Bernoulli {
    gradient: Gradient,
    targets: Buffer,
}

impl Bernoulli {
    /// The sum of the surprises in nats, over the rows that count.
    ///
    /// # Errors
    /// If the shapes differ, or there is not one of `counts` to a row.
    pub fn forward(&mut self, y: ArrayView2<f32>, targets: ArrayView2<f32>, counts: &[bool]) -> Result<f64> {
        buffer::check("targets", targets.dim(), y.dim())?;
        buffer::check("The list of what counts", (counts.len(), 1), (y.nrows(), 1))?;
        let keys = y.ncols().max(1);
        self.targets.copy(targets);
        self.gradient.values.copy(y);
        let mut nats = 0.0;
        let rows = self.gradient.values.values_mut().chunks_exact_mut(keys);
        for ((y, targets), counts) in rows.zip(self.targets.values().chunks_exact(keys)).zip(counts) {
            if *counts {
                coins(y, targets, &mut nats);
                y.iter_mut()
                    .zip(targets)
                    .for_each(|(probability, target)| *probability -= target);
            } else {
                y.fill(0.0);
            }
        }
        self.gradient.kept = true;
        Ok(nats)
    }

    /// `scale · (sigmoid(y) - target)`.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    pub fn backward(&mut self, scale: f32) -> Result<ArrayView2<'_, f32>> {
        self.gradient.take(scale, "the coins")
    }

    /// Draws which keys sound, from one row of outputs `[K]`.
    pub fn draw(y: &[f32], rng: &mut impl Rng) -> Vec<bool> {
        let mut probabilities = y.to_vec();
        fast::sigmoid(&mut probabilities);
        probabilities
            .iter()
            .map(|probability| rng.random::<f32>() < *probability)
            .collect()
    }
}

for_each_processor! {
    /// Replaces outputs by probabilities, and adds the surprise at the targets in nats: for each key
    /// `ln(1 + e^y) - target · y`, which is `max(y, 0) - target · y + ln(1 + e^-|y|)` and so never too large.
    pub(super) fn coins<const LANES: usize>(y: &mut [f32], targets: &[f32], nats: &mut f64) {
        // The logarithm of a product for a sum of logarithms: of 512 keys at a time, since 2^512 is still a number.
        for (y, targets) in y.chunks_mut(512).zip(targets.chunks(512)) {
            let (mut sums, mut products) = ([0.0; 16], [1.0; 16]);
            let ((chunks, rest), (targets, rest_of_targets)) = (y.as_chunks_mut::<16>(), targets.as_chunks::<16>());
            let count = chunks.len().min(targets.len());
            let (chunks, targets) = (&mut chunks[..count], &targets[..count]);
            for k in 0..count {
                for lane in 0..16 {
                    coin::<LANES>(&mut chunks[k][lane], targets[k][lane], &mut sums[lane], &mut products[lane]);
                }
            }
            let count = rest.len().min(rest_of_targets.len());
            for k in 0..count {
                coin::<LANES>(&mut rest[k], rest_of_targets[k], &mut sums[k], &mut products[k]);
            }
            let product: f64 = products.iter().map(|product: &f32| f64::from(*product)).product();
            *nats += sums.iter().map(|sum: &f32| f64::from(*sum)).sum::<f64>() + product.ln();
        }
    }
}

#[inline(always)]
fn coin<const LANES: usize>(y: &mut f32, target: f32, sum: &mut f32, product: &mut f32) {
    let small = exp::<LANES>(-y.abs());
    *sum += y.max(0.0) - target * *y;
    *product *= 1.0 + small;
    *y = if *y < 0.0 { small } else { 1.0 } / (1.0 + small);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Parameter, gradient_check};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gradients_agree_with_finite_differences() {
        let mut y = Parameter::zeros("y", 3, 37);
        y.values = numbers(3, 37, 1).mapv(|y| 3.0 * y);
        let targets = numbers(3, 37, 2).mapv(|x| f32::from(u8::from(x > 0.5)));
        let mut loss = Bernoulli::default();
        let largest = gradient_check(
            &mut y,
            |y| vec![y],
            |y| {
                let found = loss.forward(y.values.view(), targets.view(), &[true, false, true])?;
                y.gradient += &loss.backward(0.5)?;
                Ok(0.5 * found)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        assert!(loss.backward(1.0).is_err());
    }

    #[test]
    fn the_surprise_is_the_sum_over_the_keys_however_many() {
        for keys in [1, 16, 88, 1500] {
            let y = numbers(1, keys, 1).mapv(|y| 4.0 * y);
            let targets = numbers(1, keys, 2).mapv(|x| f32::from(u8::from(x > 0.0)));
            let found = Bernoulli::default()
                .forward(y.view(), targets.view(), &[true])
                .unwrap();
            let each = y.iter().zip(&targets).map(|(y, target)| {
                let probability = 1.0 / (1.0 + f64::from(-y).exp());
                -if *target > 0.0 {
                    probability.ln()
                } else {
                    (1.0 - probability).ln()
                }
            });
            let expected: f64 = each.sum();
            assert!((found - expected).abs() < 1e-5 * expected, "{found} {expected}");
        }
        let sure = ndarray::array![[1e4, -1e4]];
        let nats = Bernoulli::default().forward(sure.view(), ndarray::array![[0.0, 0.0]].view(), &[true]);
        assert_eq!(nats.unwrap(), 1e4);
    }

    #[test]
    fn keys_are_drawn_by_their_probability() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let drawn: Vec<_> = (0..10_000)
            .map(|_| Bernoulli::draw(&[0.0, 3f32.ln(), -1e9], &mut rng))
            .collect();
        let share = |key: usize| drawn.iter().filter(|keys| keys[key]).count() as f64 / 10_000.0;
        assert!((share(0) - 0.5).abs() < 0.02 && (share(1) - 0.75).abs() < 0.02 && share(2) == 0.0);
    }
}
