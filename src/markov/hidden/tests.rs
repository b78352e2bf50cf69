use super::*;
use crate::music::frames::{Frame, KEYS};
use crate::predict::{Predictor, bits_per_symbol, surprises};
use ndarray::array;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn random_symbols(states: usize, alphabet: usize, seed: u64) -> HiddenMarkov<Symbols> {
    let mut rng = rng(seed);
    let emission = Symbols::random(states, alphabet, &mut rng).unwrap();
    HiddenMarkov::random(emission, &mut rng)
}

fn random_chords(states: usize, seed: u64) -> HiddenMarkov<Chords> {
    let mut rng = rng(seed);
    let keys = Array2::from_shape_simple_fn((states, KEYS), || rng.random_range(0.01..0.3));
    HiddenMarkov::random(Chords::new(keys).unwrap(), &mut rng)
}

/// Every path of states, each with the logarithm of its likelihood together with what was heard: K to the power of T.
fn every_path<E: Emission>(model: &HiddenMarkov<E>, heard: &[E::Heard]) -> Vec<(Vec<usize>, f64)> {
    let mut paths = vec![(Vec::new(), 0.0)];
    for heard in heard {
        let mut logs = vec![0.0; model.states()];
        model.emission().log_likelihoods(heard, &mut logs).unwrap();
        let longer = |(path, log): (Vec<usize>, f64)| {
            let model = &model;
            let logs = &logs;
            (0..model.states()).map(move |state| {
                let step = match path.last() {
                    Some(&before) => model.transition()[[before, state]],
                    None => model.initial()[state],
                };
                let path: Vec<usize> = path.iter().copied().chain([state]).collect();
                (path, log + step.ln() + logs[state])
            })
        };
        paths = paths.into_iter().flat_map(longer).collect();
    }
    paths
}

fn agrees_with_brute_force<E: Emission>(model: &HiddenMarkov<E>, heard: &[E::Heard]) {
    let paths = every_path(model, heard);
    let highest = paths.iter().map(|path| path.1).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = paths.iter().map(|path| (path.1 - highest).exp()).sum();
    let log_likelihood = highest + total.ln();
    let forward = model.forward(heard).unwrap();
    assert!((forward.log_likelihood - log_likelihood).abs() < 1e-10);

    let posterior = model.posterior(heard).unwrap();
    let mut expected = Array2::<f64>::zeros(posterior.dim());
    for (path, log) in &paths {
        for (t, &state) in path.iter().enumerate() {
            expected[[t, state]] += (log - log_likelihood).exp();
        }
    }
    assert!(
        (&posterior - &expected)
            .iter()
            .all(|difference| difference.abs() < 1e-10)
    );

    let best = model.viterbi(heard).unwrap();
    assert!((best.log_likelihood - highest).abs() < 1e-10);
    let (likeliest, _) = paths.iter().find(|path| path.1 == highest).unwrap();
    assert_eq!(&best.states, likeliest);
}

#[test]
fn forward_posterior_and_viterbi_equal_brute_force() {
    for seed in 0..10 {
        for states in 1..4 {
            let symbols = random_symbols(states, 4, seed);
            let (_, heard) = symbols.sample(6, &mut rng(seed));
            agrees_with_brute_force(&symbols, &heard);
            let chords = random_chords(states, seed);
            let (_, heard) = chords.sample(6, &mut rng(seed));
            agrees_with_brute_force(&chords, &heard);
        }
    }
}

fn never_falls<E: Emission + Send>(mut model: HiddenMarkov<E>, music: &[Vec<E::Heard>]) {
    let training = Training {
        iterations: 40,
        tolerance: 0.0,
        pseudo_counts: PseudoCounts::NONE,
    };
    let mut heard = Vec::new();
    let curve = model
        .fit(music, &training, |i, log| heard.push((i, log)))
        .unwrap();
    for pair in curve.windows(2) {
        assert!(pair[1] >= pair[0] - 1e-9 * pair[0].abs(), "{curve:?}");
    }
    assert!(curve[curve.len() - 1] > curve[0] + 1.0, "{curve:?}");
    let told: Vec<(usize, f64)> = (1..).zip(curve[..curve.len() - 1].iter().copied()).collect();
    assert_eq!(heard, told);
}

#[test]
fn baum_welch_never_lowers_the_likelihood() {
    let truth = random_symbols(3, 6, 100);
    let symbols: Vec<Vec<usize>> = (0..12).map(|i| truth.sample(30, &mut rng(i)).1).collect();
    let truth = random_chords(3, 100);
    let frames: Vec<Vec<Frame>> = (0..12).map(|i| truth.sample(20, &mut rng(i)).1).collect();
    for seed in 0..5 {
        never_falls(random_symbols(4, 6, seed), &symbols);
        never_falls(random_chords(4, seed), &frames);
        let seeded = Chords::from_frames(4, &frames, &mut rng(seed)).unwrap();
        never_falls(HiddenMarkov::random(seeded, &mut rng(seed)), &frames);
    }
}

#[test]
fn a_known_model_is_recovered_from_its_samples_up_to_renaming() {
    let emission = array![
        [0.8, 0.1, 0.05, 0.05],
        [0.05, 0.15, 0.7, 0.1],
        [0.05, 0.1, 0.05, 0.8]
    ];
    let transition = array![[0.8, 0.15, 0.05], [0.1, 0.7, 0.2], [0.25, 0.05, 0.7]];
    let initial = array![0.6, 0.3, 0.1];
    let emission = Symbols::new(emission).unwrap();
    let truth = HiddenMarkov::new(initial, transition, emission).unwrap();
    let music: Vec<Vec<usize>> = (0..400).map(|i| truth.sample(100, &mut rng(i)).1).collect();
    let mut found = random_symbols(3, 4, 1);
    found
        .fit(
            &music,
            &Training {
                iterations: 300,
                tolerance: 1e-7,
                ..Training::default()
            },
            |_, _| {},
        )
        .unwrap();
    let renamings = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let distance = |names: &[usize; 3]| {
        let mut furthest = 0.0f64;
        for (i, &a) in names.iter().enumerate() {
            for (j, &b) in names.iter().enumerate() {
                furthest = furthest.max((found.transition()[[a, b]] - truth.transition()[[i, j]]).abs());
            }
            for symbol in 0..4 {
                let emissions = (found.emission().probabilities(), truth.emission().probabilities());
                furthest = furthest.max((emissions.0[[a, symbol]] - emissions.1[[i, symbol]]).abs());
            }
        }
        furthest
    };
    let nearest = renamings.iter().map(distance).fold(f64::INFINITY, f64::min);
    assert!(nearest < 0.03, "{nearest} away: {found:?}");
}

#[test]
fn the_filter_predicts_the_bits_that_forward_adds_up() {
    let model = random_symbols(5, 7, 3);
    let music: Vec<Vec<usize>> = (0..4).map(|i| model.sample(50, &mut rng(i)).1).collect();
    let mut filter = model.filter();
    for sequence in &music {
        let bits: f64 = surprises(&mut filter, sequence).unwrap().iter().sum();
        let log_likelihood = model.log_likelihood(sequence).unwrap();
        assert!((bits * std::f64::consts::LN_2 + log_likelihood).abs() < 1e-11);
    }
    let bits = bits_per_symbol(&mut filter, &music).unwrap();
    let nats = model.nats_per_time(&music).unwrap();
    assert_eq!(
        model.bits_per_time(&music).unwrap(),
        nats / std::f64::consts::LN_2
    );
    assert!((bits * std::f64::consts::LN_2 - nats).abs() < 1e-12);
}

#[test]
fn the_filter_goes_on_after_what_it_held_impossible() {
    let emission = Symbols::new(array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]).unwrap();
    let model = HiddenMarkov::new(array![1.0, 0.0], array![[0.0, 1.0], [1.0, 0.0]], emission).unwrap();
    let mut filter = model.filter();
    let mut probabilities = [0.0; 3];
    for symbol in [2, 0, 2, 99] {
        filter.hear(symbol);
        filter.predict(&mut probabilities);
        assert!(
            (probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12,
            "{probabilities:?}"
        );
    }
    assert_eq!(model.log_likelihood(&[0, 0]).unwrap(), f64::NEG_INFINITY);
    assert_eq!(model.viterbi(&[0, 0]).unwrap().log_likelihood, f64::NEG_INFINITY);
    assert!(model.posterior(&[0, 0]).is_err());
    let message = model
        .improved(&[[0, 0]], &PseudoCounts::NONE)
        .unwrap_err()
        .to_string();
    assert!(message.contains("impossible"), "{message}");
}

/// What another implementation found: see tests/reference/hmm.py.
fn agrees_with_reference<E: Emission + Send>(
    name: &str,
    emission: impl Fn(Array2<f64>) -> E,
    parameters: impl Fn(&E) -> Array2<f64>,
    heard: impl Fn(&serde_json::Value) -> E::Heard,
) {
    let all: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/reference/hmm.json")).unwrap();
    let numbers = |value: &serde_json::Value| -> Vec<f64> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|number| number.as_f64().unwrap())
            .collect()
    };
    let matrix = |value: &serde_json::Value| -> Array2<f64> {
        let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
        Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
    };
    let same = |ours: ArrayView2<f64>, theirs: &Array2<f64>| {
        assert_eq!(ours.dim(), theirs.dim());
        let furthest = (&ours - theirs).iter().fold(0.0f64, |most, d| most.max(d.abs()));
        assert!(furthest < 1e-9, "{furthest} apart");
    };
    let their = &all[name];
    let mut model = HiddenMarkov::new(
        Array1::from(numbers(&their["initial"])),
        matrix(&their["transition"]),
        emission(matrix(&their["emission"])),
    )
    .unwrap();
    let mut heard: Vec<E::Heard> = their["heard"].as_array().unwrap().iter().map(heard).collect();
    let lengths = all["lengths"].as_array().unwrap().iter();
    let sequences: Vec<Vec<E::Heard>> = lengths
        .map(|length| heard.drain(..length.as_u64().unwrap() as usize).collect())
        .collect();
    for (sequence, theirs) in sequences.iter().zip(numbers(&their["log_likelihoods"])) {
        assert!((model.log_likelihood(sequence).unwrap() - theirs).abs() < 1e-9);
    }
    same(
        model.posterior(&sequences[0]).unwrap().view(),
        &matrix(&their["posterior"]),
    );
    let path = model.viterbi(&sequences[0]).unwrap();
    assert!((path.log_likelihood - their["path_log_likelihood"].as_f64().unwrap()).abs() < 1e-9);
    let states: Vec<u64> = their["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_u64().unwrap())
        .collect();
    assert_eq!(path.states.iter().map(|&s| s as u64).collect::<Vec<_>>(), states);
    let training = Training {
        iterations: all["iterations"].as_u64().unwrap() as usize,
        tolerance: -1.0,
        pseudo_counts: PseudoCounts::NONE,
    };
    let curve = model.fit(&sequences, &training, |_, _| {}).unwrap();
    let learned = &their["learned"];
    assert!((curve[curve.len() - 1] - learned["log_likelihood"].as_f64().unwrap()).abs() < 1e-9);
    let initial = Array2::from_shape_vec((1, model.states()), numbers(&learned["initial"])).unwrap();
    same(model.initial().insert_axis(ndarray::Axis(0)), &initial);
    same(model.transition(), &matrix(&learned["transition"]));
    same(parameters(model.emission()).view(), &matrix(&learned["emission"]));
}

#[test]
fn everything_agrees_with_hmmlearn() {
    agrees_with_reference(
        "symbols",
        |p| Symbols::new(p).unwrap(),
        |emission| emission.probabilities().to_owned(),
        |symbol| symbol.as_u64().unwrap() as usize,
    );
    agrees_with_reference(
        "chords",
        |p| Chords::new(p).unwrap(),
        |emission| emission.probabilities().to_owned(),
        |keys| {
            let keys: Vec<u64> = keys
                .as_array()
                .unwrap()
                .iter()
                .map(|key| key.as_u64().unwrap())
                .collect();
            std::array::from_fn(|key| keys.contains(&(key as u64)))
        },
    );
}

#[test]
fn what_was_never_heard_in_training_stays_possible() {
    let mut model = random_symbols(3, 5, 1);
    model
        .fit(&[vec![0, 1, 2, 0, 1, 2]], &Training::default(), |_, _| {})
        .unwrap();
    assert!(model.log_likelihood(&[4, 3, 3, 4]).unwrap().is_finite());

    let music = vec![vec![[false; KEYS]; 10]];
    let emission = Chords::from_frames(2, &music, &mut rng(1)).unwrap();
    let mut model = HiddenMarkov::random(emission, &mut rng(1));
    model.fit(&music, &Training::default(), |_, _| {}).unwrap();
    assert!(model.log_likelihood(&[[true; KEYS]; 3]).unwrap().is_finite());
}

#[test]
fn a_long_piece_is_neither_too_unlikely_nor_too_slow() {
    let model = random_symbols(4, 10, 2);
    let (_, heard) = model.sample(50_000, &mut rng(1));
    let log_likelihood = model.log_likelihood(&heard).unwrap();
    assert!(
        (-150_000.0..-50_000.0).contains(&log_likelihood),
        "{log_likelihood}"
    );
    assert!(model.posterior(&heard).unwrap().iter().all(|p| p.is_finite()));
    assert_eq!(model.viterbi(&heard).unwrap().states.len(), 50_000);
}

#[test]
fn a_state_that_nothing_leads_to_disturbs_nothing() {
    // It would explain every symbol a million times better: its β would grow for ever, and drown the others.
    let (rare, rest) = (1e-6, 1.0 - 3e-6);
    let rows = array![
        [rare, 2.0 * rare, rest],
        [2.0 * rare, rare, rest],
        [0.5, 0.5, 0.0]
    ];
    let transition = array![[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.0, 0.0, 1.0]];
    let emission = Symbols::new(rows).unwrap();
    let with = HiddenMarkov::new(array![0.5, 0.5, 0.0], transition, emission).unwrap();
    let emission = Symbols::new(array![[rare, 2.0 * rare, rest], [2.0 * rare, rare, rest]]).unwrap();
    let without = HiddenMarkov::new(array![0.5, 0.5], array![[0.9, 0.1], [0.2, 0.8]], emission).unwrap();
    let heard: Vec<usize> = (0..1000).map(|i| i / 7 % 2).collect();
    let (one, other) = (
        with.posterior(&heard).unwrap(),
        without.posterior(&heard).unwrap(),
    );
    for (one, other) in one.rows().into_iter().zip(other.rows()) {
        assert!((one[0] - other[0]).abs() < 1e-12 && one[2] == 0.0);
    }
    let improved = |model: &HiddenMarkov<Symbols>| model.improved(&[&heard], &PseudoCounts::NONE).unwrap().0;
    let (one, other) = (improved(&with), improved(&without));
    assert!((one.transition()[[0, 0]] - other.transition()[[0, 0]]).abs() < 1e-12);
    assert_eq!(
        one.transition().row(2),
        with.transition().row(2),
        "never visited: as it was"
    );
}

#[test]
fn states_may_start_from_the_music() {
    let symbols = Symbols::from_music(5, 4, &[vec![0, 0, 3], vec![0]], &mut rng(1)).unwrap();
    for row in symbols.probabilities().rows() {
        let from_first = row == array![0.875, 0.0, 0.0, 0.125];
        assert!(from_first || row == array![0.375, 0.0, 0.0, 0.625], "{row}");
    }
    assert!(Symbols::from_music(2, 3, &[[3]], &mut rng(1)).is_err());
    assert!(Symbols::from_music(0, 3, &[[2]], &mut rng(1)).is_err());
    assert!(Symbols::from_music::<Vec<usize>>(2, 3, &[], &mut rng(1)).is_err());
}

#[test]
fn the_number_of_cores_changes_nothing() {
    let truth = random_chords(3, 5);
    let music: Vec<Vec<Frame>> = (0..70).map(|i| truth.sample(8, &mut rng(i)).1).collect();
    let start = random_chords(4, 6);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| start.improved(&music, &PseudoCounts::default()).unwrap())
    };
    assert_eq!(on(1), on(3), "to the last bit");
}

#[test]
fn known_states_are_learned_by_counting() {
    let emission = Symbols::new(Array2::from_elem((2, 3), 1.0 / 3.0)).unwrap();
    let music = [vec![(0, 0), (0, 1), (1, 2)], vec![(1, 2), (0, 0)]];
    let model = HiddenMarkov::supervised(emission.clone(), &music, &PseudoCounts::NONE).unwrap();
    assert_eq!(model.initial(), array![0.5, 0.5]);
    assert_eq!(model.transition(), array![[0.5, 0.5], [1.0, 0.0]]);
    assert_eq!(
        model.emission().probabilities(),
        array![[2.0 / 3.0, 1.0 / 3.0, 0.0], [0.0, 0.0, 1.0]]
    );
    let one = PseudoCounts {
        initial: 1.0,
        transition: 1.0,
        emission: 1.0,
    };
    let model = HiddenMarkov::supervised(emission.clone(), &music, &one).unwrap();
    assert_eq!(model.transition(), array![[0.5, 0.5], [2.0 / 3.0, 1.0 / 3.0]]);
    assert_eq!(model.emission().probabilities().row(1), array![0.2, 0.2, 0.6]);
    assert!(HiddenMarkov::supervised(emission.clone(), &[vec![(2, 0)]], &one).is_err());
    assert!(HiddenMarkov::supervised(emission, &[vec![(0, 3)]], &one).is_err());
}

#[test]
fn samples_follow_the_model() {
    let model = random_symbols(3, 4, 8);
    let (states, heard) = model.sample(40_000, &mut rng(1));
    let pairs: Vec<Vec<(usize, usize)>> = vec![states.into_iter().zip(heard).collect()];
    let counted = HiddenMarkov::supervised(model.emission().clone(), &pairs, &PseudoCounts::NONE).unwrap();
    let apart = |a: ArrayView2<f64>, b: ArrayView2<f64>| (&a - &b).iter().fold(0.0f64, |m, d| m.max(d.abs()));
    assert!(apart(counted.transition(), model.transition()) < 0.03);
    assert!(
        apart(
            counted.emission().probabilities(),
            model.emission().probabilities()
        ) < 0.03
    );
}

#[test]
fn a_vector_times_a_matrix_of_any_size() {
    let mut random = rng(1);
    for (rows, columns) in [(1, 1), (3, 2), (4, 4), (7, 9), (8, 5), (13, 13)] {
        let matrix = random_rows(rows, columns, &mut random);
        let vector = random_rows(1, rows, &mut random).row(0).to_owned();
        let mut out = vec![9.0; columns];
        times(&vector.to_vec(), &matrix, &mut out);
        let expected = vector.dot(&matrix);
        assert!(expected.iter().zip(&out).all(|(a, b)| (a - b).abs() < 1e-14));
    }
}

#[test]
fn nothing_at_all_has_likelihood_one() {
    let model = random_symbols(2, 2, 1);
    assert_eq!(model.log_likelihood(&[]).unwrap(), 0.0);
    assert_eq!(model.posterior(&[]).unwrap().dim(), (0, 2));
    assert_eq!(
        model.viterbi(&[]).unwrap(),
        Path {
            states: vec![],
            log_likelihood: 0.0
        }
    );
    assert_eq!(model.nats_per_time::<Vec<usize>>(&[]).unwrap(), 0.0);
    assert_eq!(model.sample(0, &mut rng(1)).1, [0; 0]);
}

#[test]
fn what_makes_no_sense_is_an_error() {
    let mut random = rng(1);
    assert!(Symbols::random(0, 3, &mut random).is_err());
    assert!(Symbols::random(3, 0, &mut random).is_err());
    assert!(Symbols::new(Array2::zeros((0, 3))).is_err());
    assert!(Symbols::new(array![[0.5, 0.6]]).is_err());
    assert!(Symbols::new(array![[0.0, 0.0]]).is_err());
    assert!(Symbols::new(array![[f64::NAN, 1.0]]).is_err());
    assert!(Chords::new(Array2::zeros((2, 3))).is_err());
    assert!(Chords::new(Array2::zeros((0, KEYS))).is_err());
    assert!(Chords::new(Array2::from_elem((1, KEYS), 1.5)).is_err());
    assert!(Chords::from_frames(3, &[Vec::new()], &mut random).is_err());
    assert!(Chords::from_frames(0, &[vec![[true; KEYS]]], &mut random).is_err());
    let emission = || Symbols::new(array![[0.5, 0.5], [0.9, 0.1]]).unwrap();
    for (initial, transition) in [
        (array![1.0], array![[1.0]]),
        (array![0.5, 0.5], array![[1.0, 0.0]]),
        (array![0.5, 0.6], array![[1.0, 0.0], [0.0, 1.0]]),
        (array![0.5, 0.5], array![[0.0, 0.0], [0.0, 1.0]]),
        (array![-0.5, 1.5], array![[1.0, 0.0], [0.0, 1.0]]),
    ] {
        assert!(HiddenMarkov::new(initial, transition, emission()).is_err());
    }
    let mut model = random_symbols(2, 2, 1);
    assert!(model.log_likelihood(&[2]).is_err());
    assert!(model.posterior(&[2]).is_err());
    assert!(model.viterbi(&[2]).is_err());
    for (music, pseudo) in [
        (vec![vec![0, 2]], 0.0),
        (vec![vec![]], 0.0),
        (vec![], 1.0),
        (vec![vec![0]], -1.0),
        (vec![vec![0]], f64::NAN),
    ] {
        let pseudo_counts = PseudoCounts {
            transition: pseudo,
            ..PseudoCounts::NONE
        };
        let training = Training {
            pseudo_counts,
            ..Training::default()
        };
        assert!(
            model.fit(&music, &training, |_, _| {}).is_err(),
            "{music:?} {pseudo}"
        );
    }
}

#[test]
fn learning_in_rounds_ends_as_learning_at_once() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let truth = HiddenMarkov::random(Symbols::random(3, 4, &mut rng).unwrap(), &mut rng);
    let music: Vec<Vec<usize>> = (0..50).map(|_| truth.sample(20, &mut rng).1).collect();
    let start = HiddenMarkov::random(Symbols::random(3, 4, &mut rng).unwrap(), &mut rng);
    for training in [
        Training {
            iterations: 7,
            tolerance: 0.0,
            ..Training::default()
        },
        Training {
            iterations: 500,
            tolerance: 1e-3,
            ..Training::default()
        },
    ] {
        let mut whole = start.clone();
        let mut expected = whole.fit(&music, &training, |_, _| {}).unwrap();
        expected.pop(); // that of the model in the end
        let mut rounds = Rounds::new(start.clone(), music.clone(), training);
        let mut found = Vec::new();
        while rounds.goes_on() {
            found.extend(rounds.step().unwrap());
        }
        assert_eq!(found, expected);
        assert!(rounds.model() == &whole);
    }
}
