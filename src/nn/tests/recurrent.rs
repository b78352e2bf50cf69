//! The same for both kinds of recurrent layer.

use super::{LARGEST_DIFFERENCE, numbers};
use crate::nn::{Layer, Lstm, Parameter, Rnn, SquaredError, gradient_check};
use ndarray::{Array2, Axis, s};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// 5 steps of 3 sequences, 2 inputs, 4 units.
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
                        layer.begin(3);
                        let found = loss.forward(layer.forward(x.values.view())?, target.view())?;
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
                layer.begin(3);
                let whole = layer.forward(x.view()).unwrap().to_owned();
                layer.begin(3);
                let mut parts = layer.forward(x.slice(s![..6, ..])).unwrap().to_owned();
                layer.backward(numbers(6, 4, 1).view()).unwrap();
                let rest = layer.forward(x.slice(s![6.., ..])).unwrap();
                parts.append(Axis(0), rest).unwrap();
                assert_eq!(parts, whole);
                assert_ne!(
                    layer.forward(x.view()).unwrap(),
                    whole,
                    "it still remembers"
                );
            }

            #[test]
            fn a_player_gives_what_forward_gives_and_forgets() {
                let (mut layer, x) = (layer(), numbers(9, 2, 1));
                let mut player = layer.player(2).unwrap();
                let first = player.step(&[0.1, 0.2]).to_vec();
                player.forget();
                let h = layer.forward(x.view()).unwrap();
                for (x, h) in x.rows().into_iter().zip(h.rows()) {
                    for (played, h) in player.step(x.as_slice().unwrap()).iter().zip(h) {
                        assert!((played - h).abs() < 1e-6, "{played} {h}");
                    }
                }
                assert_ne!(player.step(&[0.1, 0.2]), first);
                player.forget();
                assert_eq!(player.step(&[0.1, 0.2]), first);
                assert!(player.inside().iter().all(|(_, values)| values.len() == 4));
                assert!(layer.player(3).is_err());
                layer.units.recurrent.values = Array2::zeros((4, 5));
                assert!(layer.player(2).is_err());
            }

            #[test]
            fn wrong_shapes_and_a_second_backward_are_refused() {
                let (mut layer, dy) = (layer(), numbers(6, 4, 1));
                assert!(layer.backward(dy.view()).is_err());
                layer.begin(3);
                assert!(layer.forward(numbers(6, 3, 1).view()).is_err());
                layer.forward(numbers(6, 2, 1).view()).unwrap();
                assert!(layer.backward(numbers(5, 4, 1).view()).is_err());
                layer.forward(numbers(6, 2, 1).view()).unwrap();
                layer.backward(dy.view()).unwrap();
                assert!(layer.backward(dy.view()).is_err());
                layer.forward(numbers(6, 2, 1).view()).unwrap();
                assert!(layer.forward(numbers(7, 2, 1).view()).is_err());
                assert!(
                    layer.backward(dy.view()).is_err(),
                    "nothing half done is kept"
                );
                assert_eq!(layer.forward(numbers(0, 2, 1).view()).unwrap().nrows(), 0);
                for batch in [0, 4] {
                    layer.begin(batch);
                    assert!(layer.forward(numbers(6, 2, 1).view()).is_err());
                }
            }
        }
    };
}

recurrent!(rnn, Rnn);
recurrent!(lstm, Lstm);

#[test]
fn the_gradient_by_lag_is_the_product_of_the_slopes_between() {
    let mut rnn = Rnn::new("r", 2, 4, &mut ChaCha8Rng::seed_from_u64(1));
    let x = numbers(6, 2, 1);
    let h = rnn.forward(x.view()).unwrap().to_owned();
    let mut product = Array2::eye(4);
    let mut expected = vec![1.0];
    for step in (1..6).rev() {
        let slopes = h.row(step).mapv(|h| 1.0 - h * h);
        product = (&rnn.units.recurrent.values * &slopes).dot(&product);
        expected.push((product.mapv(|one| one * one).sum() / 4.0).sqrt());
    }
    let found = rnn.gradient_by_lag(x.view()).unwrap();
    assert_eq!(found.len(), 6);
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - f64::from(expected)).abs() < 1e-5, "{found} {expected}");
    }
    assert!(rnn.gradient_by_lag(numbers(0, 2, 1).view()).unwrap().is_empty());
    assert!(rnn.gradient_by_lag(numbers(3, 5, 1).view()).is_err());
}
