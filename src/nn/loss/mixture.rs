//! Many at once, together: a chord is one of `M` kinds, and each kind has coins of its own.
//!
//! Independent coins cannot say "C and E, or D and F, but nothing between". A mixture can.
//!
//! Shapes: `N` rows, `M` kinds, `K` keys; outputs `y` `[N][M + M K]`: first an output for each kind, from which the softmax
//! makes its probability, then the `K` coins of the first kind, of the second, and so on. Targets `[N][K]`, 1 or 0.

use super::bernoulli::{Bernoulli, coins};
use super::gradient::Gradient;
use super::softmax::softmax;
use crate::nn::buffer::{self, Buffer};
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::{Rng, RngExt};

/// `-ln sum_m p(m) prod_k p(key k | m)`.
#[derive(Clone, Debug)]
pub struct BernoulliMixture {
    kinds: usize,
    keys: usize,
    gradient: Gradient,
    targets: Buffer,
    /// `ln p(m) + ln p(keys | m)` of one row, then the probability of each kind now that the keys are known.
    logarithms: Vec<f32>,
}

impl BernoulliMixture {
    /// A mixture of so many kinds of chord over so many keys.
    ///
    /// # Errors
    /// If there is none of either.
    pub fn new(kinds: usize, keys: usize) -> Result<BernoulliMixture> {
        if kinds == 0 || keys == 0 || kinds.checked_mul(keys).is_none() {
            return Err(Error::value(
                format!("A mixture of {kinds} kinds of {keys} keys says nothing"),
                "Ask for at least one of each",
            ));
        }
        Ok(BernoulliMixture {
            kinds,
            keys,
            gradient: Gradient::default(),
            targets: Buffer::default(),
            logarithms: Vec::new(),
        })
    }

    /// How many outputs it reads: `M + M K`.
    pub fn outputs(&self) -> usize {
        self.kinds + self.kinds * self.keys
    }

    /// The sum of the surprises in nats, over the rows that count.
    ///
    /// # Errors
    /// If `y` or the targets are not of their shape, or there is not one of `counts` to a row.
    pub fn forward(&mut self, y: ArrayView2<f32>, targets: ArrayView2<f32>, counts: &[bool]) -> Result<f64> {
        buffer::check("y", y.dim(), (y.nrows(), self.outputs()))?;
        buffer::check("targets", targets.dim(), (y.nrows(), self.keys))?;
        buffer::check("The list of what counts", (counts.len(), 1), (y.nrows(), 1))?;
        let outputs = self.outputs();
        self.targets.copy(targets);
        self.gradient.values.copy(y);
        let mut nats = 0.0;
        let rows = self.gradient.values.values_mut().chunks_exact_mut(outputs);
        for ((y, targets), counts) in rows
            .zip(self.targets.values().chunks_exact(self.keys))
            .zip(counts)
        {
            if !counts {
                y.fill(0.0);
                continue;
            }
            let (kinds, all_coins) = y.split_at_mut(self.kinds);
            self.logarithms.clear();
            self.logarithms.extend_from_slice(kinds);
            let before = softmax(kinds);
            for (logarithm, y) in self
                .logarithms
                .iter_mut()
                .zip(all_coins.chunks_exact_mut(self.keys))
            {
                let mut surprise = 0.0;
                coins(y, targets, &mut surprise);
                *logarithm -= before + surprise as f32;
            }
            nats -= f64::from(softmax(&mut self.logarithms));
            // Each kind answers for the chord as far as the chord speaks for that kind.
            let answers = kinds.iter_mut().zip(&self.logarithms);
            for ((kind, answer), y) in answers.zip(all_coins.chunks_exact_mut(self.keys)) {
                *kind -= answer;
                y.iter_mut()
                    .zip(targets)
                    .for_each(|(y, target)| *y = answer * (*y - target));
            }
        }
        self.gradient.kept = true;
        Ok(nats)
    }

    /// The gradient of `scale` times the sum.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`.
    pub fn backward(&mut self, scale: f32) -> Result<ArrayView2<'_, f32>> {
        self.gradient.take(scale, "the mixture")
    }

    /// Draws which keys sound, from one row of outputs `[M + M K]`: first the kind, then its coins. No key sounds if
    /// the row is of another length.
    pub fn draw(&self, y: &[f32], rng: &mut impl Rng) -> Vec<bool> {
        let Some((kinds, all_coins)) = y
            .split_at_checked(self.kinds)
            .filter(|_| y.len() == self.outputs())
        else {
            return vec![false; self.keys];
        };
        let mut kinds = kinds.to_vec();
        softmax(&mut kinds);
        let mut left = rng.random::<f32>();
        let drawn = kinds.iter().position(|probability| {
            left -= probability;
            left < 0.0
        });
        let drawn = drawn.unwrap_or(self.kinds - 1); // rounding left a crumb
        let coins = all_coins.chunks_exact(self.keys).nth(drawn);
        Bernoulli::draw(coins.unwrap_or_default(), rng)
    }
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
        let mut loss = BernoulliMixture::new(3, 5).unwrap();
        let mut y = Parameter::zeros("y", 3, loss.outputs());
        y.values = numbers(3, loss.outputs(), 1);
        let targets = numbers(3, 5, 2).mapv(|x| f32::from(u8::from(x > 0.5)));
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
    fn a_mixture_of_one_kind_is_independent_coins() {
        let (y, targets) = (
            numbers(4, 7, 1),
            numbers(4, 7, 2).mapv(|x| f32::from(u8::from(x > 0.0))),
        );
        let counts = [true; 4];
        let coins = Bernoulli::default()
            .forward(y.view(), targets.view(), &counts)
            .unwrap();
        let mut with_kind = ndarray::Array2::from_elem((4, 8), 0.3);
        with_kind.slice_mut(ndarray::s![.., 1..]).assign(&y);
        let mut mixture = BernoulliMixture::new(1, 7).unwrap();
        let mixed = mixture
            .forward(with_kind.view(), targets.view(), &counts)
            .unwrap();
        assert!((coins - mixed).abs() < 1e-5, "{coins} {mixed}");
    }

    #[test]
    fn a_chord_is_drawn_from_one_kind() {
        // Kind 0, three times as likely, sounds both keys; kind 1 none.
        let y = [3f32.ln(), 0.0, 50.0, 50.0, -50.0, -50.0];
        let mixture = BernoulliMixture::new(2, 2).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let drawn: Vec<_> = (0..4000).map(|_| mixture.draw(&y, &mut rng)).collect();
        assert!(drawn.iter().all(|keys| keys[0] == keys[1]));
        let share = drawn.iter().filter(|keys| keys[0]).count() as f64 / 4000.0;
        assert!((share - 0.75).abs() < 0.03, "{share}");
        assert_eq!(mixture.draw(&y[1..], &mut rng), [false, false]);
    }
}
