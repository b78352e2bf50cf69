//! Where a game can be watched: numbers on a line and points in the plane, of which all is known, with nets that are small enough.

use super::expert::ExpertShape;
use super::forger::{Forger, ForgerShape, Made};
use super::game::{Game, Played};
use super::latent::Latent;
use super::rules::Rules;
use crate::Result;
use crate::nn::{Curve, Layer, Saved};
use crate::threads::*;
use ndarray::{Array2, ArrayView2};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// What is real, and who plays.
#[derive(Clone, PartialEq, Debug)]
pub struct Arena {
    /// Around each of these a crowd stands, all of one size.
    pub centres: Vec<Vec<f32>>,
    /// The standard deviation of each crowd along each axis.
    pub deviation: f32,
    /// What the forger begins with.
    pub latent: Latent,
    /// The forger's hidden layers and their curve.
    pub forger: (Vec<usize>, Curve),
    /// The expert's.
    pub expert: (Vec<usize>, Curve),
    /// The expert sees `(x - centre) · scale`.
    pub seen: (f32, f32),
    /// The expert sees how much the examples of a group of this size differ.
    pub group: Option<usize>,
    /// Examples in a batch.
    pub batch: usize,
}

impl Arena {
    // ANCHOR: line
    /// Numbers around 4, half of one wide. The forger has 13 weights, the expert 321.
    pub fn line() -> Arena {
        Arena {
            centres: vec![vec![4.0]],
            deviation: 0.5,
            latent: Latent {
                normals: 1,
                ..Latent::default()
            },
            forger: (vec![4], Curve::Tanh),
            expert: (vec![16, 16], Curve::Tanh),
            seen: (4.0, 2.0),
            group: None,
            batch: 32,
        }
    }
    // ANCHOR_END: line

    /// Eight small crowds on a circle.
    pub fn ring() -> Arena {
        let angle = |k: usize| k as f64 * std::f64::consts::TAU / 8.0;
        Arena {
            centres: (0..8)
                .map(|k| vec![libm::cos(angle(k)) as f32, libm::sin(angle(k)) as f32])
                .collect(),
            deviation: 0.02,
            latent: Latent {
                normals: 2,
                ..Latent::default()
            },
            forger: (vec![64, 64], Curve::LeakyRelu),
            expert: (vec![64, 64], Curve::LeakyRelu),
            seen: (0.0, 2.0),
            group: None,
            batch: 128,
        }
    }

    /// Twenty-five of them on a grid.
    pub fn grid() -> Arena {
        let at = |k: usize| 0.5 * k as f32 - 1.0;
        Arena {
            centres: (0..25).map(|k| vec![at(k % 5), at(k / 5)]).collect(),
            deviation: 0.025,
            ..Arena::ring()
        }
    }

    /// With a die of so many sides, 0 for none.
    #[must_use]
    pub fn with_die(mut self, sides: usize) -> Arena {
        self.latent.sides = sides;
        self
    }

    /// Both nets before anything was learned; the rules' seed says with which weights.
    ///
    /// # Errors
    /// If the rules make no sense.
    pub fn game(&self, rules: &Rules) -> Result<Game> {
        let mut rng = ChaCha8Rng::seed_from_u64(rules.seed);
        let width = self.centres.first().map_or(0, Vec::len);
        let forger = ForgerShape {
            latent: self.latent,
            told: 0,
            hidden: self.forger.0.clone(),
            curve: self.forger.1,
            norm: false,
            made: Made::Numbers(width),
        };
        let expert = ExpertShape {
            curve: self.expert.1,
            pack: rules.pack,
            seen: Some(self.seen),
            group: self.group,
            ..ExpertShape::new(width, &self.expert.0)
        };
        Game::new(Forger::new(&forger, &mut rng)?, expert.build(&mut rng)?, rules)
    }

    /// So many real ones.
    pub fn real(&self, count: usize, rng: &mut impl Rng) -> Array2<f32> {
        let width = self.centres.first().map_or(0, Vec::len);
        let mut real = Array2::zeros((count, width));
        for mut row in real.rows_mut() {
            let centre = &self.centres[rng.random_range(0..self.centres.len())];
            for (x, centre) in row.iter_mut().zip(centre) {
                let noise: f32 = StandardNormal.sample(rng);
                *x = centre + self.deviation * noise;
            }
        }
        real
    }

    /// One step of a game against real ones.
    ///
    /// # Errors
    /// If a gradient is no longer a number.
    pub fn step(&self, game: &mut Game) -> Result<Played> {
        let real = self.real(self.batch, &mut game.chance());
        game.step(real.view(), Array2::zeros((self.batch, 0)).view())
    }
}

/// So many forgeries.
///
/// # Errors
/// If the forger is told something.
pub fn forged(forger: &mut Forger, count: usize, rng: &mut impl Rng) -> Result<Array2<f32>> {
    let latent = forger.shape().latent.draw(count, rng);
    forger.draw(latent.view(), Array2::zeros((count, 0)).view(), None)
}

/// How sure an expert is, from 0 to 1, that a number is real: of an expert that judges one at a time.
///
/// # Errors
/// If it judges more at once.
pub fn belief(game: &mut Game, at: ArrayView2<f32>) -> Result<Vec<f64>> {
    let scores = game.expert().forward(at)?;
    Ok(scores
        .iter()
        .map(|score| 1.0 / (1.0 + (-f64::from(*score)).exp()))
        .collect())
}

/// The same work for each seed, on as many threads as there are; what came of it in the order of the seeds.
///
/// # Errors
/// The first of the work's.
pub fn for_each_seed<T: Send>(
    seeds: &[u64],
    work: impl Fn(u64) -> Result<T> + Sync + Send,
) -> Result<Vec<T>> {
    let found: Vec<Result<T>> = seeds.par_iter().map(|seed| work(*seed)).collect();
    found.into_iter().collect()
}
