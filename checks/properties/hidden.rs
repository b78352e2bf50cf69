//! Whatever a hidden Markov model is trained on, its rows are distributions.

use aeolian::markov::hidden::{HiddenMarkov, PseudoCounts, Symbols, Training};
use aeolian::predict::Predictor;
use ndarray::ArrayView1;
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_row_sums_to_one(
        states in 1usize..6, alphabet in 1usize..6, seed: u64, pseudo in 0.0f64..2.0,
        lengths in prop::collection::vec(0usize..20, 1..6),
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let symbols: Vec<Vec<usize>> = lengths
            .iter()
            .map(|&length| (0..length).map(|_| random.random_range(0..alphabet)).collect())
            .collect();
        let pseudo_counts = PseudoCounts { initial: pseudo, transition: pseudo, emission: pseudo };
        let emission = Symbols::random(states, alphabet, &mut random).unwrap();
        let mut model = HiddenMarkov::random(emission, &mut random);
        let training = Training { iterations: 3, tolerance: 0.0, pseudo_counts };
        prop_assume!(lengths.iter().any(|&length| length > 0));
        model.fit(&symbols, &training, |_, _| {}).unwrap();
        let one = |row: ArrayView1<f64>| (row.sum() - 1.0).abs() < 1e-9;
        prop_assert!(one(model.initial()));
        prop_assert!(model.transition().rows().into_iter().all(one));
        prop_assert!(model.emission().probabilities().rows().into_iter().all(one));
        let posterior = model.posterior(&symbols[0]).unwrap();
        prop_assert!(posterior.rows().into_iter().all(one));
        let mut filter = model.filter();
        let mut probabilities = vec![0.0; alphabet];
        for &symbol in &symbols[0] {
            filter.predict(&mut probabilities);
            prop_assert!(one(ArrayView1::from(&probabilities)));
            filter.hear(symbol);
        }
    }
}
