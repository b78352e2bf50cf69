//! Several symbols at one time, such as the notes of a bar: each drawn by itself.

use super::{Emission, Symbols};
use crate::Result;
use ndarray::{Array1, Array2};
use rand::Rng;

/// Several symbols at one time, each drawn by itself from the distribution of the state.
#[derive(Clone, Debug)]
pub(super) struct Together(pub(super) Symbols);

impl Emission for Together {
    type Heard = Vec<usize>;

    fn states(&self) -> usize {
        self.0.states()
    }

    fn log_likelihoods(&self, heard: &Vec<usize>, logs: &mut [f64]) -> Result<()> {
        let mut one = vec![0.0; logs.len()];
        logs.fill(0.0);
        for symbol in heard {
            self.0.log_likelihoods(symbol, &mut one)?;
            logs.iter_mut().zip(&one).for_each(|(log, one)| *log += one);
        }
        Ok(())
    }

    fn draw(&self, state: usize, rng: &mut impl Rng) -> Vec<usize> {
        vec![self.0.draw(state, rng)]
    }

    fn counted(&self) -> usize {
        self.0.counted()
    }

    fn count(&self, heard: &Vec<usize>, posterior: &[f64], counts: &mut Array2<f64>) {
        for symbol in heard {
            self.0.count(symbol, posterior, counts);
        }
    }

    fn learned(&self, counts: &Array2<f64>, visits: &Array1<f64>, pseudo_count: f64) -> Together {
        Together(self.0.learned(counts, visits, pseudo_count))
    }
}
