use super::*;
use crate::nn::recurrent::Cell;
use crate::nn::test::LARGEST_DIFFERENCE;
use crate::nn::{Training, gradient_check, surprise};
use crate::predict::bits_per_symbol;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn model(cell: Cell, layers: usize) -> SequenceModel {
    let architecture = Architecture {
        cell,
        embedding: 3,
        units: 4,
        layers,
        dropout: 0.0,
    };
    SequenceModel::new(5, &architecture, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()
}

#[test]
fn gradients_of_the_whole_agree_with_finite_differences() {
    for (cell, layers) in [(Cell::Lstm, 2), (Cell::Rnn, 2), (Cell::Lstm, 1)] {
        let window = Window {
            batch: 2,
            heard: vec![None, None, Some(3), Some(4), Some(0), Some(0), Some(1), None],
            next: vec![Some(3), Some(4), Some(0), Some(0), Some(1), None, Some(2), None],
        };
        let largest = gradient_check(&mut model(cell, layers), SequenceModel::parameters, |model| {
            Learner::forget(model);
            let found = model.forward(&window, true)?;
            model.backward(1.0)?;
            Ok(found)
        });
        let largest = largest.unwrap();
        assert!(largest < 2.0 * LARGEST_DIFFERENCE, "{cell:?} {layers} {largest}");
    }
}

#[test]
fn playing_one_symbol_at_a_time_is_the_same_as_a_batch() {
    for (cell, layers) in [(Cell::Lstm, 2), (Cell::Rnn, 1)] {
        let mut model = model(cell, layers);
        let pieces = [vec![0, 1, 2, 3, 4, 4, 0], vec![2, 2], vec![3, 1, 0, 1]];
        let bits = bits_per_symbol(&mut model, &pieces).unwrap();
        for (batch, window) in [(1, 100), (2, 3), (3, 2)] {
            let settings = Training {
                batch,
                window,
                ..Training::default()
            };
            let nats = surprise(&mut model, &pieces, &settings).unwrap();
            assert!(
                (nats / std::f64::consts::LN_2 - bits).abs() < 1e-5,
                "{nats} nats, {bits} bits"
            );
        }
    }
}

#[test]
fn playing_hears_new_weights_and_forgets() {
    let mut model = model(Cell::Lstm, 1);
    let ask = |model: &mut SequenceModel| {
        let mut probabilities = [0.0; 5];
        model.predict(&mut probabilities);
        probabilities
    };
    let first = ask(&mut model);
    assert!((first.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    model.hear(2);
    let second = ask(&mut model);
    assert_ne!(first, second);
    assert_eq!(ask(&mut model), second, "asking changes nothing");
    assert!(
        model
            .inside(0)
            .is_some_and(|(gates, memory)| gates.len() == 16 && memory.len() == 4)
    );
    Predictor::forget(&mut model);
    assert_eq!(ask(&mut model), first);
    model.hear(usize::MAX);
    assert!(ask(&mut model).iter().all(|probability| probability.is_finite()));
    model.parameters()[0].values.fill(0.5);
    assert_ne!(ask(&mut model), first);
    // A shape that is wrong is no panic.
    model.parameters()[0].values = ndarray::Array2::zeros((2, 2));
    assert_eq!(ask(&mut model), [0.0; 5]);
}

#[test]
fn a_saved_model_opens_again_and_a_foreign_file_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    let mut model = model(Cell::Lstm, 2);
    model.save(&path).unwrap();
    let mut opened = SequenceModel::open(&path).unwrap();
    let piece = [vec![0, 1, 2, 3, 4]];
    assert_eq!(
        bits_per_symbol(&mut opened, &piece).unwrap(),
        bits_per_symbol(&mut model, &piece).unwrap()
    );
    assert_eq!(opened.architecture(), model.architecture());

    let bytes = std::fs::read(&path).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Of the same length, so that the rest of the file stays what it is.
    for (from, to) in [
        (r#"\"units\":4"#, r#"\"units\":9"#),
        (r#"\"alphabet\":5"#, r#"\"alphabet\":0"#),
        (r#"\"layers\":2"#, r#"\"layers\":0"#),
        (r#"\"layers\":2"#, r#"\"layerz\":2"#),
        ("SequenceModel", "SequenceMotel"),
    ] {
        let place = text.find(from).unwrap();
        let mut broken = bytes.clone();
        broken[place..place + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, broken).unwrap();
        let error = SequenceModel::open(&path).unwrap_err().to_string();
        assert!(error.contains("m.safetensors, its metadata"), "{error}");
    }
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(SequenceModel::open(&path).is_err());
    let large = Architecture {
        units: usize::MAX / 2,
        ..Architecture::default()
    };
    assert!(SequenceModel::new(5, &large, &mut ChaCha8Rng::seed_from_u64(1)).is_err());
    assert!(
        SequenceModel::new(
            usize::MAX,
            &Architecture::default(),
            &mut ChaCha8Rng::seed_from_u64(1)
        )
        .is_err()
    );
    let empty = Architecture {
        units: 0,
        ..Architecture::default()
    };
    assert!(SequenceModel::new(5, &empty, &mut ChaCha8Rng::seed_from_u64(1)).is_err());
}

/// Where the weights are that `tests/reference/sequence.py` loads into PyTorch, and the outputs that it compares.
fn reference(extension: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference/sequence")
        .with_extension(extension)
}

const REFERENCE: [usize; 10] = [3, 0, 4, 4, 1, 2, 0, 3, 3, 1];

fn outputs(model: &mut SequenceModel) -> Vec<Vec<f32>> {
    let heard = std::iter::once(None)
        .chain(REFERENCE.map(Some))
        .take(REFERENCE.len())
        .collect();
    let window = Window {
        batch: 1,
        heard,
        next: REFERENCE.map(Some).into(),
    };
    let outputs = model.outputs(&window, false).unwrap();
    outputs.rows().into_iter().map(|row| row.to_vec()).collect()
}

#[test]
#[ignore = "writes the files that the next test and a Python script read"]
fn writes_the_reference() {
    let mut model = model(Cell::Lstm, 2);
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for parameter in model.parameters() {
        parameter
            .values
            .mapv_inplace(|_| rand::RngExt::random_range(&mut rng, -0.9..0.9));
    }
    model.save(&reference("safetensors")).unwrap();
    let text = serde_json::json!({ "symbols": REFERENCE, "outputs": outputs(&mut model) }).to_string();
    std::fs::write(reference("json"), text.replace("],", "],\n") + "\n").unwrap();
}

#[test]
fn weights_that_pytorch_was_given_still_open_and_say_the_same() {
    let mut model = SequenceModel::open(&reference("safetensors")).unwrap();
    let text = std::fs::read_to_string(reference("json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected: Vec<Vec<f32>> = serde_json::from_value(expected["outputs"].clone()).unwrap();
    let found = outputs(&mut model);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.concat().iter().zip(expected.concat()) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}
