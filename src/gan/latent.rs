//! What a forger begins with: noise, and perhaps a die.

use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// How a row of noise is drawn. A net is continuous, and cannot tear one cloud of noise into several: a die is in pieces already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Latent {
    /// So many numbers drawn from the bell curve.
    pub normals: usize,
    /// So many drawn evenly from -1 to 1.
    pub uniforms: usize,
    /// A die of so many sides: as many columns, 2 where it fell and 0 elsewhere.
    pub sides: usize,
}

impl Latent {
    /// How many columns that is.
    pub fn width(&self) -> usize {
        self.normals
            .saturating_add(self.uniforms)
            .saturating_add(self.sides)
    }

    /// So many rows `[N][Z]`.
    pub fn draw(&self, rows: usize, rng: &mut impl Rng) -> Array2<f32> {
        let mut latent = Array2::zeros((rows, self.width()));
        for mut row in latent.rows_mut() {
            for (k, value) in row.iter_mut().take(self.normals + self.uniforms).enumerate() {
                *value = if k < self.normals {
                    StandardNormal.sample(rng)
                } else {
                    2.0 * rng.random::<f32>() - 1.0
                };
            }
            if self.sides > 0 {
                row[self.normals + self.uniforms + rng.random_range(0..self.sides)] = 2.0;
            }
        }
        latent
    }
}
