use super::*;
use crate::nn::Saved;
use crate::recurrent::{Architecture, Cell, SequenceModel};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn model() -> SequenceModel {
    let architecture = Architecture {
        cell: Cell::Lstm,
        embedding: 4,
        units: 8,
        layers: 2,
        dropout: 0.1,
    };
    SequenceModel::new(4, &architecture, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()
}

/// Pieces that count upwards in steps of 1 or 3, from anywhere, of many lengths.
fn pieces(count: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut piece = || {
        let (start, step) = (rng.random_range(0..4usize), [1, 3][rng.random_range(0..2)]);
        (0..rng.random_range(3..20))
            .map(|i| (start + i * step) % 4)
            .collect()
    };
    (0..count).map(|_| piece()).collect()
}

fn settings() -> Training {
    Training {
        batch: 7,
        window: 6,
        epochs: 12,
        rate: 0.02,
        warm_up: 5,
        ..Training::default()
    }
}

fn values(model: &mut SequenceModel) -> Vec<Vec<f32>> {
    model
        .parameters()
        .iter()
        .map(|one| one.values.iter().copied().collect())
        .collect()
}

#[test]
fn training_learns_and_tells_how_far_it_is() {
    let (mut model, mut told) = (model(), Vec::new());
    let (training, validation) = (pieces(60, 1), pieces(20, 2));
    let before = surprise(&model, &validation, &settings()).unwrap();
    let history = train(&mut model, &training, &validation, &settings(), |now| {
        told.push(*now);
    })
    .unwrap();
    let after = surprise(&model, &validation, &settings()).unwrap();
    // Only where it starts and which way it goes is to be guessed: 3 bits in 11 symbols or so.
    assert!(before > 1.3 && after < 0.35, "{before} {after}");
    assert_eq!(after, history.best_nats(), "the best weights were kept");
    let last = told.last().unwrap();
    assert_eq!((last.step, last.epoch, last.epochs), (last.steps, 12, 12));
    let ended = history.epochs.last().unwrap();
    assert_eq!((last.nats, last.validation), (ended.0, Some(ended.1)));
    assert_eq!(
        told.iter().filter(|now| now.validation.is_some()).count(),
        history.epochs.len()
    );
    assert!((told[0].bits - told[0].nats / 2f64.ln()).abs() < 1e-12);
}

#[test]
fn one_thread_and_two_compute_the_same_and_a_seed_decides() {
    let (training, validation) = (pieces(30, 1), pieces(5, 2));
    let with = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let settings = Training {
            epochs: 2,
            seed,
            ..settings()
        };
        pool.install(|| {
            let mut model = model();
            train(&mut model, &training, &validation, &settings, |_| {}).unwrap();
            values(&mut model)
        })
    };
    assert_eq!(with(1, 1), with(2, 1));
    assert_ne!(with(1, 1), with(1, 2));
}

/// Trains until a step and not further, as if killed there.
fn killed_at(step: u64, training: &[Vec<usize>], validation: &[Vec<usize>], settings: &Training) {
    let trained = std::panic::catch_unwind(|| {
        train(&mut model(), training, validation, settings, |now| {
            if now.step >= step {
                std::panic::resume_unwind(Box::new("killed"));
            }
        })
    });
    assert!(trained.is_err(), "it was not killed");
}

#[test]
fn training_that_was_killed_goes_on_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let (training, validation) = (pieces(30, 1), pieces(5, 2));
    let mut whole = model();
    let expected = train(&mut whole, &training, &validation, &settings(), |_| {}).unwrap();
    let settings = Training {
        checkpoint: Some(folder.path().join("c.safetensors")),
        ..settings()
    };
    for step in [3, 40, 41, 75] {
        killed_at(step, &training, &validation, &settings);
    }
    let mut resumed = model();
    let found = train(&mut resumed, &training, &validation, &settings, |_| {}).unwrap();
    assert_eq!(found, expected);
    assert_eq!(values(&mut resumed), values(&mut whole));
    // What is done stays done.
    let again = train(&mut model(), &training, &validation, &settings, |_| {
        panic!("again")
    })
    .unwrap();
    assert_eq!(again, expected);
}

#[test]
fn a_batch_may_be_split_in_any_number_of_parts() {
    let (training, validation) = (pieces(30, 1), pieces(5, 2));
    let with = |parts: usize| {
        let mut model = model();
        let settings = Training {
            parts,
            epochs: 2,
            ..settings()
        };
        let history = train(&mut model, &training, &validation, &settings, |_| {}).unwrap();
        history.best_nats()
    };
    let (one, three, many) = (with(1), with(3), with(100));
    assert_eq!(with(0), one);
    assert!(
        (one - three).abs() < 0.1 && (one - many).abs() < 0.1,
        "{one} {three} {many}"
    );
}

#[test]
fn a_checkpoint_that_is_cut_off_or_of_another_training_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.safetensors");
    let (training, validation) = (pieces(30, 1), pieces(5, 2));
    let settings = Training {
        epochs: 1,
        checkpoint: Some(path.clone()),
        ..settings()
    };
    let refused = |settings: &Training, training: &[Vec<usize>], why: &str| {
        let error = train(&mut model(), training, &validation, settings, |_| {})
            .unwrap_err()
            .to_string();
        assert!(error.contains("c.safetensors") && error.contains(why), "{error}");
    };
    train(&mut model(), &training, &validation, &settings, |_| {}).unwrap();
    refused(
        &Training {
            rate: 0.1,
            ..settings.clone()
        },
        &training,
        "another training",
    );
    refused(&settings, &pieces(30, 9), "another training");
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 7, 8, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        refused(&settings, &training, "not safetensors");
        assert_eq!(
            std::fs::read(&path).unwrap().len(),
            length,
            "it is not overwritten"
        );
    }
    let older = whole
        .windows(12)
        .position(|part| part == b"checkpoint 2")
        .unwrap()
        + 11;
    let mut bytes = whole.clone();
    bytes[older] = b'1';
    std::fs::write(&path, bytes).unwrap();
    refused(&settings, &training, "an older program");
    model().save(&path).unwrap();
    refused(&settings, &training, "not a checkpoint");
}

#[test]
fn training_stops_early_and_keeps_the_best() {
    // What is validated is never what was trained: it can only become worse.
    let training = vec![vec![0, 0, 0, 0]; 8];
    let validation = vec![vec![1, 2, 3, 1]; 2];
    let settings = Training {
        patience: 3,
        epochs: 50,
        ..settings()
    };
    let mut model = model();
    let history = train(&mut model, &training, &validation, &settings, |_| {}).unwrap();
    assert_eq!((history.best, history.epochs.len()), (1, 4));
    let [learned, validated] = history.curves();
    assert_eq!((learned.len(), validated[0]), (4, (1.0, history.best_bits())));
    assert_eq!(
        surprise(&model, &validation, &settings).unwrap(),
        history.best_nats()
    );
}

#[test]
fn nonsense_is_refused() {
    let (none, some) = (Vec::new(), pieces(3, 1));
    let train = |pieces: &[Vec<usize>], settings: Training| {
        train(&mut model(), pieces, &[], &settings, |_| {}).map(|history| history.epochs.len())
    };
    assert!(train(&none, settings()).is_err());
    assert!(train(&[vec![], vec![]], settings()).is_err());
    assert!(
        train(
            &some,
            Training {
                batch: 0,
                ..settings()
            }
        )
        .is_err()
    );
    assert!(
        train(
            &some,
            Training {
                window: 0,
                ..settings()
            }
        )
        .is_err()
    );
    assert!(train(&[vec![0, 9]], settings()).is_err(), "a strange symbol");
    let wild = Training {
        rate: f32::INFINITY,
        ..settings()
    };
    assert!(
        train(&some, wild)
            .unwrap_err()
            .to_string()
            .contains("learning rate")
    );
    assert_eq!(
        train(
            &[vec![1]],
            Training {
                batch: usize::MAX,
                window: usize::MAX,
                epochs: 1,
                ..settings()
            }
        )
        .unwrap(),
        1
    );
    assert!(
        surprise(
            &model(),
            &some,
            &Training {
                window: 0,
                ..settings()
            }
        )
        .is_err()
    );
    assert_eq!(surprise(&model(), &none, &settings()).unwrap(), 0.0);
}

#[test]
fn a_course_that_is_walked_step_by_step_ends_as_training_at_once() {
    let (training, validation) = (pieces(30, 1), pieces(5, 2));
    let mut whole = model();
    let mut told = Vec::new();
    let expected = train(&mut whole, &training, &validation, &settings(), |now| {
        told.push(*now)
    })
    .unwrap();
    let start = model();
    let mut course = Course::new(&start, training, validation, &settings()).unwrap();
    let mut steps = Vec::new();
    while course.goes_on() {
        steps.extend(course.step().unwrap());
    }
    assert_eq!(course.step().unwrap(), None, "after the end nothing is done");
    assert_eq!((course.history(), steps), (&expected, told));
    let mut walked = start;
    course.give_best(&mut walked);
    assert_eq!(values(&mut walked), values(&mut whole));
}
