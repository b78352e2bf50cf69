//! A task that is nothing but memory.

use ndarray::Array2;
use rand::{Rng, RngExt};

// ANCHOR: adding
/// The adding problem of S. Hochreiter and J. Schmidhuber (1997), in a later and simpler form: sequences of numbers from 0 to 1, of
/// which two are marked with a 1 beside them, one in each half; and the sum of these two. They are `[T B][2]` and `[B][1]`, for
/// `T` steps, at least two, of `B` sequences side by side.
pub fn adding(steps: usize, batch: usize, rng: &mut impl Rng) -> (Array2<f32>, Array2<f32>) {
    let steps = steps.max(2);
    let mut x = Array2::zeros((steps * batch, 2));
    x.column_mut(0).mapv_inplace(|_: f32| rng.random::<f32>());
    let mut sums = Array2::zeros((batch, 1));
    for one in 0..batch {
        let first = rng.random_range(0..steps / 2);
        for step in [first, rng.random_range(steps / 2..steps)] {
            x[[step * batch + one, 1]] = 1.0;
            sums[[one, 0]] += x[[step * batch + one, 0]];
        }
    }
    (x, sums)
}
// ANCHOR_END: adding

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn one_number_in_each_half_is_marked_and_the_sum_is_theirs() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (steps, batch) in [(2, 3), (7, 5), (0, 1)] {
            let (x, sums) = adding(steps, batch, &mut rng);
            let steps = steps.max(2);
            assert_eq!((x.dim(), sums.dim()), ((steps * batch, 2), (batch, 1)));
            for one in 0..batch {
                let marked = |step: &usize| x[[step * batch + one, 1]] == 1.0;
                let places: Vec<usize> = (0..steps).filter(marked).collect();
                assert!(places.len() == 2 && places[0] < steps / 2 && places[1] >= steps / 2);
                let sum: f32 = places.iter().map(|step| x[[step * batch + one, 0]]).sum();
                assert_eq!(sums[[one, 0]], sum);
            }
        }
    }
}
