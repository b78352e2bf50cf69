//! One symbol of each group: the straight-through Gumbel trick (E. Jang, S. Gu and B. Poole, 2016; C. Maddison, A. Mnih and Y. W. Teh, 2016).
//!
//! A forger of notes has to choose, and a choice has no slope. So the way forward draws one symbol, and the way back goes through
//! the probabilities that it was drawn by.
//!
//! Shapes: logits and `y` `[N][W]`, `W` the sum of the groups' sizes.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::fast;
use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Exp1};

/// The end of a forger: of each group of columns one is 1, drawn by the logits.
#[derive(Clone, Debug)]
pub struct OneHot {
    sizes: Vec<usize>,
    /// Whether a row that is short has this group.
    in_short: Vec<bool>,
    /// Symbols, or for a test the probabilities that lead back.
    pub(super) hard: bool,
    soft: Buffer,
    y: Buffer,
    kept: bool,
}

impl OneHot {
    /// Groups of these sizes. Rows that are said to be short, such as bars of three beats, have zeros in the groups of these numbers.
    pub fn new(sizes: &[usize], not_in_short: &[usize]) -> OneHot {
        OneHot {
            sizes: sizes.to_vec(),
            in_short: (0..sizes.len())
                .map(|group| !not_in_short.contains(&group))
                .collect(),
            hard: true,
            soft: Buffer::default(),
            y: Buffer::default(),
            kept: false,
        }
    }

    // ANCHOR: race
    /// Logits to symbols; `short` says of each row whether it is. With a seed symbols are drawn, without the likeliest is taken.
    ///
    /// The largest of `logit + Gumbel noise` wins as often as softmax says. That is the same as a race: each symbol arrives
    /// after a waiting time, exponential, at a rate of `exp(logit)`.
    ///
    /// # Errors
    /// If the logits are not of the groups' sizes, or there are not as many rows.
    pub fn forward(
        &mut self,
        logits: ArrayView2<f32>,
        short: &[bool],
        seed: Option<u64>,
    ) -> Result<ArrayView2<'_, f32>> {
        self.kept = false;
        let columns = self.sizes.iter().sum();
        buffer::check("The logits", logits.dim(), (short.len(), columns))?;
        self.soft.copy(logits);
        let y = self.y.zeros(short.len(), columns);
        let mut rng = seed.map(ChaCha8Rng::seed_from_u64);
        let rows = self
            .soft
            .values_mut()
            .chunks_exact_mut(columns.max(1))
            .zip(y.chunks_exact_mut(columns.max(1)));
        for ((mut soft, mut y), short) in rows.zip(short) {
            for (size, in_short) in self.sizes.iter().zip(&self.in_short) {
                let (odds, rest) = soft.split_at_mut(*size);
                let (one, others) = y.split_at_mut(*size);
                (soft, y) = (rest, others);
                let highest = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                odds.iter_mut().for_each(|odds| *odds -= highest);
                fast::exponential(odds);
                if let Some(rng) = &mut rng {
                    for odds in odds.iter_mut() {
                        let wait: f32 = Exp1.sample(rng);
                        *odds /= wait.max(1e-30);
                    }
                }
                let sum: f32 = odds.iter().sum();
                odds.iter_mut().for_each(|odds| *odds /= sum);
                if *short && !in_short {
                    odds.fill(0.0);
                } else if !self.hard {
                    one.copy_from_slice(odds);
                } else if let Some((first, _)) = odds.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) {
                    one[first] = 1.0;
                }
            }
        }
        self.kept = true;
        Ok(self.y.view())
    }
    // ANCHOR_END: race

    /// `dy` to the gradient of the logits, as if `y` had been the probabilities.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or the shape is another.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<ArrayView2<'_, f32>> {
        buffer::take(&mut self.kept, "the symbols")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.y.copy(dy);
        let columns = dy.ncols().max(1);
        let rows = self
            .soft
            .values()
            .chunks_exact(columns)
            .zip(self.y.values_mut().chunks_exact_mut(columns));
        for (mut soft, mut dy) in rows {
            for size in &self.sizes {
                let (odds, rest) = soft.split_at(*size);
                let (slopes, others) = dy.split_at_mut(*size);
                (soft, dy) = (rest, others);
                let mean: f32 = odds.iter().zip(&*slopes).map(|(odds, dy)| odds * dy).sum();
                slopes
                    .iter_mut()
                    .zip(odds)
                    .for_each(|(dy, odds)| *dy = odds * (*dy - mean));
            }
        }
        Ok(self.y.view())
    }
}
