//! What the tests of the layers share, and those of the recurrent ones.

use super::{Embedding, Lstm, Parameter, Rnn, SquaredError, gradient_check};
use ndarray::{Array2, Axis, s};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a gradient may differ from finite differences, relative to the largest of its parameter: the rounding of single
/// precision, about 1e-7 of a loss of about 1, over a step of 0.02.
pub const LARGEST_DIFFERENCE: f64 = 3e-4;

/// Numbers from -1 to 1 that look random.
pub fn numbers(rows: usize, columns: usize, seed: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        ((row * columns + column + 1) * 7919 % 1999 * (seed * 2 + 1) % 2001) as f32 / 1000.0 - 1.0
    })
}

/// The same for both kinds of recurrent layer: 5 steps of 3 sequences, 2 inputs, 4 units.
macro_rules! recurrent {
    ($name:ident, $Layer:ident) => {
        mod $name {
            use super::*;

            fn layer() -> $Layer {
                $Layer::new("r", 2, 4, &mut ChaCha8Rng::seed_from_u64(1))
            }

            #[test]
            fn gradients_agree_with_finite_differences() {
                let mut loss = SquaredError::default();
                let target = numbers(15, 4, 2);
                let mut x = Parameter::zeros("x", 15, 2);
                x.values = numbers(15, 2, 1);
                let largest = gradient_check(
                    &mut (layer(), x),
                    |(layer, x)| layer.parameters().into_iter().chain([x]).collect(),
                    |(layer, x)| {
                        layer.forget();
                        let found = loss.forward(layer.forward(x.values.view(), 3)?, target.view())?;
                        x.gradient += &layer.backward(loss.backward(1.0)?)?;
                        Ok(found)
                    },
                );
                let largest = largest.unwrap();
                assert!(largest < LARGEST_DIFFERENCE, "{largest}");
            }

            #[test]
            fn a_window_goes_on_where_the_last_one_ended() {
                let (mut layer, x) = (layer(), numbers(15, 2, 1));
                let whole = layer.forward(x.view(), 3).unwrap().to_owned();
                layer.forget();
                let mut parts = layer.forward(x.slice(s![..6, ..]), 3).unwrap().to_owned();
                layer.backward(numbers(6, 4, 1).view()).unwrap();
                let rest = layer.forward(x.slice(s![6.., ..]), 3).unwrap();
                parts.append(Axis(0), rest).unwrap();
                assert_eq!(parts, whole);
                assert_ne!(
                    layer.forward(x.view(), 3).unwrap(),
                    whole,
                    "it still remembers"
                );
                assert_eq!(
                    layer.forward(x.slice(s![..5, ..]), 1).unwrap().nrows(),
                    5,
                    "another batch"
                );
            }

            #[test]
            fn looking_products_up_is_the_same_as_multiplying_what_was_looked_up() {
                let mut embedding = Embedding::new("e", 4, 2, &mut ChaCha8Rng::seed_from_u64(2));
                let (mut one, mut other) = (layer(), layer());
                let symbols = [0, 3, 3, 1, 0, 2, 2, 2, 1, 0, 3, 1];
                let dy = numbers(12, 4, 3);
                let x = embedding.forward(&symbols).unwrap().to_owned();
                let h = one.forward(x.view(), 3).unwrap().to_owned();
                embedding
                    .backward(one.backward(dy.view()).unwrap())
                    .unwrap();
                let gradient = std::mem::take(&mut embedding.table.gradient);
                embedding.table.gradient = Array2::zeros((4, 2));
                let looked_up = other.forward_symbols(&embedding, &symbols, 3).unwrap();
                assert!((&looked_up - &h).iter().all(|off| off.abs() < 1e-6));
                other.backward_symbols(dy.view(), &mut embedding).unwrap();
                assert!(
                    (&embedding.table.gradient - &gradient)
                        .iter()
                        .all(|off| off.abs() < 1e-5)
                );
                for (one, other) in one.parameters().iter().zip(other.parameters()) {
                    assert!(
                        (&one.gradient - &other.gradient)
                            .iter()
                            .all(|off| off.abs() < 1e-5)
                    );
                }
            }

            #[test]
            fn wrong_shapes_and_a_second_backward_are_refused() {
                let (mut layer, dy) = (layer(), numbers(6, 4, 1));
                assert!(layer.backward(dy.view()).is_err());
                assert!(layer.forward(numbers(6, 3, 1).view(), 3).is_err());
                assert!(layer.forward(numbers(6, 2, 1).view(), 4).is_err());
                assert!(layer.forward(numbers(6, 2, 1).view(), 0).is_err());
                layer.forward(numbers(6, 2, 1).view(), 3).unwrap();
                assert!(layer.backward(numbers(5, 4, 1).view()).is_err());
                layer.forward(numbers(6, 2, 1).view(), 3).unwrap();
                layer.backward(dy.view()).unwrap();
                assert!(layer.backward(dy.view()).is_err());
                let embedding = Embedding::new("e", 4, 2, &mut ChaCha8Rng::seed_from_u64(2));
                layer.forward(numbers(6, 2, 1).view(), 3).unwrap();
                assert!(layer.forward_symbols(&embedding, &[0; 18], 5).is_err());
                assert!(layer.forward_symbols(&embedding, &[9; 18], 3).is_err());
                assert!(
                    layer.backward(numbers(18, 4, 1).view()).is_err(),
                    "nothing half done is kept"
                );
                assert_eq!(
                    layer.forward(numbers(0, 2, 1).view(), 3).unwrap().nrows(),
                    0
                );
            }
        }
    };
}

recurrent!(rnn, Rnn);
recurrent!(lstm, Lstm);
