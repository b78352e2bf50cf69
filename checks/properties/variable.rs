//! A context of any length, learned from anything, says how likely everything is.

use aeolian::markov::{Settings, Variable};
use aeolian::predict::Predictor;
use proptest::prelude::*;

proptest! {
    #[test]
    fn whatever_is_learned_and_heard_the_sum_is_one(
        pieces in proptest::collection::vec(proptest::collection::vec(0usize..6, 0..30), 0..5),
        heard in proptest::collection::vec(0usize..8, 0..30),
        bound in 0usize..9,
    ) {
        for settings in [Settings::CLASSIC, Settings::LONG_TERM, Settings::SHORT_TERM] {
            let settings = Settings { bound, ..settings };
            let trained = Variable::trained(settings, 6, &pieces).unwrap();
            for mut model in [trained, Variable::short_term(settings, 6)] {
                let mut probabilities = [0.0; 6];
                for &symbol in &heard {
                    model.predict(&mut probabilities);
                    prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                    prop_assert!(probabilities.iter().all(|&p| p > 0.0));
                    model.hear(symbol);
                }
            }
        }
    }
}
