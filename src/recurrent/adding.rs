//! A task that is nothing but memory.

use crate::Result;
use crate::nn::{Adam, Layer, SquaredError, Stack};
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

/// The mean squared error of a net at examples of [`adding`]. If there is an optimiser, the net learns from them: a step.
///
/// # Errors
/// If the net does not take two numbers a step, or does not answer with one a sequence.
pub fn adding_error(
    net: &mut Stack,
    (x, sums): &(Array2<f32>, Array2<f32>),
    adam: Option<&mut Adam>,
) -> Result<f64> {
    let (batch, mut loss) = (sums.nrows(), SquaredError::default());
    net.begin(batch);
    let error = loss.forward(net.forward(x.view())?, sums.view())?;
    if let Some(adam) = adam {
        net.backward(loss.backward(1.0 / batch as f32)?)?;
        adam.step(&mut net.parameters())?;
    }
    Ok(error / batch as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Dense, LastStep, Rnn, Schedule};
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

    #[test]
    fn the_error_shrinks_only_if_there_is_an_optimiser() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut net = Stack::new()
            .with(Rnn::new("rnn", 2, 8, &mut rng))
            .with(LastStep::new())
            .with(Dense::new("dense", 8, 1, &mut rng));
        let examples = adding(4, 32, &mut rng);
        let before = adding_error(&mut net, &examples, None).unwrap();
        assert_eq!(before, adding_error(&mut net, &examples, None).unwrap());
        let mut adam = Adam::new(Schedule::Constant(0.01));
        for _ in 0..30 {
            adding_error(&mut net, &examples, Some(&mut adam)).unwrap();
        }
        let after = adding_error(&mut net, &examples, None).unwrap();
        assert!(after < before / 2.0, "{before} {after}");
    }
}
