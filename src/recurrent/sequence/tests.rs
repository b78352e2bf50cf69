use super::*;
use crate::nn::tests::LARGEST_DIFFERENCE;
use crate::nn::{Training, gradient_check, surprise};
use crate::predict::bits_per_symbol;
use crate::recurrent::Cell;

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
            model.begin(2);
            let found = model.forward(&window)?;
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
        let model = model(cell, layers);
        let pieces = [vec![0, 1, 2, 3, 4, 4, 0], vec![2, 2], vec![3, 1, 0, 1]];
        let bits = bits_per_symbol(&mut model.player().unwrap(), &pieces).unwrap();
        for (batch, window) in [(1, 100), (2, 3), (3, 2)] {
            let settings = Training {
                batch,
                window,
                ..Training::default()
            };
            let nats = surprise(&model, &pieces, &settings).unwrap();
            assert!(
                (nats / std::f64::consts::LN_2 - bits).abs() < 1e-5,
                "{nats} nats, {bits} bits"
            );
        }
    }
}

#[test]
fn a_window_of_other_pieces_than_have_begun_is_refused() {
    let mut model = model(Cell::Lstm, 1);
    let window = Window {
        batch: 2,
        heard: vec![None; 4],
        next: vec![Some(1); 4],
    };
    let message = model.forward(&window).unwrap_err().to_string();
    assert!(message.contains("of 2 pieces, but 1 have begun"), "{message}");
    model.begin(2);
    assert!(model.forward(&window).is_ok());
}

#[test]
fn a_player_forgets_and_knows_nothing_of_what_is_learned_later() {
    let mut model = model(Cell::Lstm, 1);
    let mut player = model.player().unwrap();
    let ask = |player: &mut SequencePlayer| {
        let mut probabilities = [0.0; 5];
        player.predict(&mut probabilities);
        probabilities
    };
    let first = ask(&mut player);
    assert!((first.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    player.hear(2);
    let second = ask(&mut player);
    assert_ne!(first, second);
    assert_eq!(ask(&mut player), second, "asking changes nothing");
    let inside = player.inside();
    assert_eq!(inside[1].0, "forget gate");
    assert_eq!(inside[4].0, "memory");
    assert!(inside.iter().all(|(_, values)| values.len() == 4));
    player.forget();
    assert_eq!(ask(&mut player), first);
    player.hear(usize::MAX);
    assert!(ask(&mut player).iter().all(|probability| probability.is_finite()));
    model.parameters()[0].values.fill(0.5);
    player.forget();
    assert_eq!(ask(&mut player), first);
    assert_ne!(ask(&mut model.player().unwrap()), first);
    for place in 0..6 {
        let mut wrong = model.clone();
        wrong.parameters()[place].values = ndarray::Array2::zeros((2, 2));
        assert!(wrong.player().is_err(), "{place}");
    }
}

#[test]
fn a_saved_model_opens_again_and_a_foreign_file_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    let mut model = model(Cell::Lstm, 2);
    model.save(&path).unwrap();
    let opened = SequenceModel::open(&path).unwrap();
    let piece = [vec![0, 1, 2, 3, 4]];
    assert_eq!(
        bits_per_symbol(&mut opened.player().unwrap(), &piece).unwrap(),
        bits_per_symbol(&mut model.player().unwrap(), &piece).unwrap()
    );
    assert_eq!(opened.shape(), model.shape());

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

#[test]
fn weights_that_pytorch_was_given_still_open_and_say_the_same() {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sequence");
    let model = SequenceModel::open(&at.with_extension("safetensors")).unwrap();
    let mut player = model.player().unwrap();
    let text = std::fs::read_to_string(at.with_extension("json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let symbols: Vec<usize> = serde_json::from_value(expected["symbols"].clone()).unwrap();
    let outputs: Vec<Vec<f64>> = serde_json::from_value(expected["outputs"].clone()).unwrap();
    let mut probabilities = [0.0; 5];
    for (symbol, outputs) in symbols.into_iter().zip(outputs) {
        player.predict(&mut probabilities);
        let total: f64 = outputs.iter().map(|output| output.exp()).sum();
        for (found, output) in probabilities.iter().zip(outputs) {
            let expected = output - total.ln();
            assert!((found.ln() - expected).abs() < 1e-5, "{found} {expected}");
        }
        player.hear(symbol);
    }
}

#[test]
fn a_trace_is_what_each_unit_held_after_each_symbol() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let small = Architecture {
        units: 3,
        embedding: 2,
        ..Architecture::default()
    };
    let mut player = SequenceModel::new(4, &small, &mut rng).unwrap().player().unwrap();
    let piece = [3, 0, 2];
    let trace = player.traced("memory", &piece);
    assert_eq!(trace.dim(), (3, 3));
    player.forget();
    for (step, &symbol) in piece.iter().enumerate() {
        player.hear(symbol);
        let inside = player.inside();
        let (_, held) = inside.iter().find(|one| one.0 == "memory").unwrap();
        let held: Vec<f64> = held.iter().copied().map(f64::from).collect();
        assert_eq!(trace.column(step).to_vec(), held);
    }
    assert_eq!(player.traced("tail", &piece).dim(), (0, 3));
    assert_eq!(player.traced("memory", &[]).dim(), (0, 0));
}
