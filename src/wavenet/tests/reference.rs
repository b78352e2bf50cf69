//! A net against PyTorch, which was given the same weights: see `tests/reference/wavenet.py`.

use super::*;
use crate::nn::{Adam, Schedule};
use ndarray::{Array2, ArrayView2};
use serde_json::Value;

/// Samples of a window, sounds side by side.
const WINDOW: usize = 7;
const BATCH: usize = 2;

fn at(ending: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference/wavenet")
        .with_extension(ending)
}

fn opened() -> WaveNet {
    WaveNet::open(&at("safetensors")).unwrap()
}

/// What PyTorch found, and with what: codes and conditions, a row for each sample of each sound.
fn reference() -> (Value, Vec<u8>, Array2<f32>) {
    let found: Value = serde_json::from_slice(&std::fs::read(at("json")).unwrap()).unwrap();
    let codes: Vec<Vec<u8>> = serde_json::from_value(found["codes"].clone()).unwrap();
    let told = matrix(&found["told"]);
    (found, codes.concat(), told)
}

fn matrix(value: &Value) -> Array2<f32> {
    let rows: Vec<Vec<f32>> = serde_json::from_value(value.clone()).unwrap();
    let shape = (rows.len(), rows[0].len());
    Array2::from_shape_vec(shape, rows.concat()).unwrap()
}

/// Single precision, added in another order: a hundred-thousandth of the largest.
fn assert_same(what: &str, found: ArrayView2<f32>, expected: &Value) {
    let expected = matrix(expected);
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let largest = expected
        .iter()
        .fold(0.0f32, |largest, number| largest.max(number.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() <= 1e-5 * largest,
            "{what}: {found}, not {expected}"
        );
    }
}

fn targets(codes: &[u8]) -> Vec<Option<usize>> {
    codes.iter().map(|code| Some(usize::from(*code))).collect()
}

#[test]
fn logits_and_every_gradient_are_those_of_pytorch() {
    let (found, codes, told) = reference();
    let (it, rows) = (&found["once"], WINDOW * BATCH);
    let told = &told.as_slice().unwrap()[..rows * told.ncols()];
    let (mut model, mut loss) = (opened(), SoftmaxCrossEntropy::default());
    let net = model.net();
    net.begin(BATCH);
    let logits = net.forward(&codes[..rows], told).unwrap();
    assert_same("logits", logits, &it["logits"]);
    let nats = loss
        .forward(logits, &targets(&codes[BATCH..BATCH + rows]))
        .unwrap();
    let expected = it["loss"].as_f64().unwrap();
    assert!((nats - expected).abs() < 1e-5 * expected, "{nats} {expected}");
    let conditions = net.backward(loss.backward(1.0).unwrap(), true).unwrap();
    assert_same("conditions", conditions, &it["conditions"]);
    let gradients = it["gradients"].as_object().unwrap();
    assert_eq!(gradients.len(), net.parameters().len());
    for parameter in net.parameters() {
        let name = &parameter.name;
        assert_same(name, parameter.gradient.view(), &gradients[name]);
    }
}

#[test]
fn queues_play_what_pytorch_gives() {
    let (found, codes, told) = reference();
    let logits = matrix(&found["once"]["logits"]);
    let mut queues = opened().net().queues().unwrap();
    for sound in 0..BATCH {
        queues.forget();
        for row in (sound..WINDOW * BATCH).step_by(BATCH) {
            let played = queues.step(codes[row], told.row(row).as_slice().unwrap());
            for (played, logit) in played.iter().zip(logits.row(row)) {
                assert!((played - logit).abs() < 1e-5, "{row}: {played}, not {logit}");
            }
        }
    }
}

#[test]
fn ten_steps_of_adam_are_those_of_pytorch() {
    let (found, codes, told) = reference();
    let rows = WINDOW * BATCH;
    let (mut model, mut loss) = (opened(), SoftmaxCrossEntropy::default());
    let mut adam = Adam::new(Schedule::Constant(0.02));
    let net = model.net();
    net.begin(BATCH);
    let losses: Vec<f64> = serde_json::from_value(found["losses"].clone()).unwrap();
    assert_eq!(losses.len(), 10);
    for (step, expected) in losses.into_iter().enumerate() {
        let first = step * rows;
        let told = &told.as_slice().unwrap()[first * told.ncols()..][..rows * told.ncols()];
        let logits = net.forward(&codes[first..][..rows], told).unwrap();
        let next = targets(&codes[first + BATCH..][..rows]);
        let nats = loss.forward(logits, &next).unwrap() / rows as f64;
        assert!(
            (nats - expected).abs() < 1e-4,
            "step {step}: {nats}, not {expected}"
        );
        let scale = 1.0 / rows as f32;
        net.backward(loss.backward(scale).unwrap(), false).unwrap();
        adam.step(&mut net.parameters()).unwrap();
    }
}
