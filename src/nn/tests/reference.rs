//! Every layer and loss against PyTorch's numbers: see `tests/reference/nn.py`.

use crate::Result;
use crate::nn::*;
use ndarray::{Array2, ArrayView2, Axis};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../../../tests/reference/nn.json")).unwrap()
}

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn matrix(value: &Value) -> Array2<f32> {
    let rows: Vec<Vec<f32>> = serde_json::from_value(value.clone()).unwrap();
    let shape = (rows.len(), rows[0].len());
    Array2::from_shape_vec(shape, rows.concat()).unwrap()
}

/// Single precision, added in another order: a hundred-thousandth.
fn assert_same(what: &str, found: ArrayView2<f32>, expected: &Value) {
    let expected = matrix(expected);
    assert_eq!(found.dim(), expected.dim(), "{what}");
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            (found - expected).abs() < 1e-5 * expected.abs().max(1.0),
            "{what}: {found}, not {expected}"
        );
    }
}

#[test]
fn a_dense_layer_is_that_of_pytorch() {
    let it = &reference()["dense"];
    let mut dense = Dense::new("d", 2, 5, &mut rng());
    dense.weight.values = matrix(&it["weight"]);
    dense.bias.values = matrix(&it["bias"]);
    assert_same("y", dense.forward(matrix(&it["x"]).view()).unwrap(), &it["y"]);
    assert_same("dx", dense.backward(matrix(&it["dy"]).view()).unwrap(), &it["dx"]);
    assert_same("dW", dense.weight.gradient.view(), &it["dweight"]);
    assert_same("db", dense.bias.gradient.view(), &it["dbias"]);
}

#[test]
fn the_curves_are_those_of_pytorch() {
    for (name, curve) in [
        ("sigmoid", Curve::Sigmoid),
        ("tanh", Curve::Tanh),
        ("relu", Curve::Relu),
    ] {
        let it = &reference()[name];
        let mut layer = Activation::new(curve);
        assert_same(name, layer.forward(matrix(&it["x"]).view()).unwrap(), &it["y"]);
        assert_same(name, layer.backward(matrix(&it["dy"]).view()).unwrap(), &it["dx"]);
    }
}

#[test]
fn an_embedding_is_that_of_pytorch() {
    let it = &reference()["embedding"];
    // Below a dense layer and units that pass on what they hear.
    let (mut dense, units) = (Dense::new("d", 2, 2, &mut rng()), Box::new(Through::default()));
    dense.weight.values = Array2::eye(2);
    let mut lookup = Lookup::new("e", 6, dense, units, &mut rng());
    lookup.table.values = matrix(&it["weight"]);
    let symbols: Vec<usize> = serde_json::from_value(it["symbols"].clone()).unwrap();
    assert_same("y", lookup.forward(&symbols).unwrap(), &it["y"]);
    lookup.backward(matrix(&it["dy"]).view()).unwrap();
    assert_same("dE", lookup.table.gradient.view(), &it["dweight"]);
}

#[derive(Clone, Debug, Default)]
struct Through {
    rows: Array2<f32>,
}

impl Layer for Through {
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        Ok(x)
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        Ok(dy)
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        Stack::new().player(inputs)
    }
}

impl Units for Through {
    fn forward_rows(&mut self, table: ArrayView2<f32>, rows: &[usize]) -> Result<ArrayView2<'_, f32>> {
        self.rows = table.select(Axis(0), rows);
        Ok(self.rows.view())
    }

    fn state_gradients(&self) -> ArrayView2<'_, f32> {
        self.rows.view()
    }

    fn count(&self) -> usize {
        2
    }

    fn clone_units(&self) -> Box<dyn Units> {
        Box::new(self.clone())
    }
}

/// A recurrent layer of 2 inputs and 5 units, on 4 steps of 3 sequences.
macro_rules! assert_recurrent {
    ($name:literal, $Layer:ident) => {
        let it = &reference()[$name];
        let mut layer = $Layer::new("r", 2, 5, &mut rng());
        layer.input.weight.values = matrix(&it["weight"]);
        layer.input.bias.values = matrix(&it["bias"]);
        layer.units.recurrent.values = matrix(&it["recurrent"]);
        layer.begin(3);
        assert_same("h", layer.forward(matrix(&it["x"]).view()).unwrap(), &it["y"]);
        assert_same("dx", layer.backward(matrix(&it["dy"]).view()).unwrap(), &it["dx"]);
        assert_same("dW", layer.input.weight.gradient.view(), &it["dweight"]);
        assert_same("db", layer.input.bias.gradient.view(), &it["dbias"]);
        assert_same("dR", layer.units.recurrent.gradient.view(), &it["drecurrent"]);
    };
}

#[test]
fn recurrent_layers_are_those_of_pytorch() {
    assert_recurrent!("rnn", Rnn);
    assert_recurrent!("lstm", Lstm);
}

fn assert_loss(name: &str, found: f64, it: &Value) {
    let expected = it["loss"].as_f64().unwrap();
    assert!(
        (found - expected).abs() < 1e-5 * expected,
        "{name}: {found}, not {expected}"
    );
}

#[test]
fn losses_are_those_of_pytorch() {
    let all = reference();
    let of = |name: &str| (all[name].clone(), matrix(&all[name]["y"]));

    let (it, y) = of("softmax");
    let mut loss = SoftmaxCrossEntropy::default();
    let targets: Vec<Option<usize>> = serde_json::from_value(it["targets"].clone()).unwrap();
    assert_loss("softmax", loss.forward(y.view(), &targets).unwrap(), &it);
    assert_same("softmax", loss.backward(1.0).unwrap(), &it["dy"]);

    let (it, y) = of("bernoulli");
    let (mut loss, targets) = (Bernoulli::default(), matrix(&it["targets"]));
    assert_loss(
        "coins",
        loss.forward(y.view(), targets.view(), &[true; 4]).unwrap(),
        &it,
    );
    assert_same("coins", loss.backward(1.0).unwrap(), &it["dy"]);

    let (it, y) = of("mixture");
    let (mut loss, targets) = (BernoulliMixture::new(3, 20).unwrap(), matrix(&it["targets"]));
    assert_loss(
        "mixture",
        loss.forward(y.view(), targets.view(), &[true; 4]).unwrap(),
        &it,
    );
    assert_same("mixture", loss.backward(1.0).unwrap(), &it["dy"]);

    let (it, y) = of("squared");
    let mut loss = SquaredError::default();
    assert_loss(
        "squared",
        loss.forward(y.view(), matrix(&it["targets"]).view()).unwrap(),
        &it,
    );
    assert_same("squared", loss.backward(1.0).unwrap(), &it["dy"]);
}

#[test]
fn ten_steps_of_adam_are_those_of_pytorch() {
    let it = &reference()["adam"];
    let Lstm { input, units } = Lstm::new("lstm", 2, 5, &mut rng());
    let mut lookup = Lookup::new("embedding", 6, input, Box::new(units), &mut rng());
    let mut dense = Dense::new("dense", 5, 6, &mut rng());
    let mut loss = SoftmaxCrossEntropy::default();
    let mut adam = Adam::new(Schedule::Constant(0.05)).with_longest(0.25);
    let symbols: Vec<Vec<usize>> = serde_json::from_value(it["symbols"].clone()).unwrap();
    fn parameters<'a>(lookup: &'a mut Lookup, dense: &'a mut Dense) -> Vec<&'a mut Parameter> {
        lookup
            .parameters()
            .into_iter()
            .chain(dense.parameters())
            .collect()
    }
    for parameter in parameters(&mut lookup, &mut dense) {
        parameter.values = matrix(&it["start"][&parameter.name]);
    }
    lookup.begin(3);
    for step in 0..10 {
        let heard = symbols[step * 4..step * 4 + 4].concat();
        let next: Vec<_> = symbols[step * 4 + 1..step * 4 + 5]
            .concat()
            .into_iter()
            .map(Some)
            .collect();
        let y = dense.forward(lookup.forward(&heard).unwrap()).unwrap();
        let found = loss.forward(y, &next).unwrap() / 12.0;
        let dh = dense.backward(loss.backward(1.0 / 12.0).unwrap()).unwrap();
        lookup.backward(dh).unwrap();
        let length = adam.step(&mut parameters(&mut lookup, &mut dense)).unwrap();
        let expected = it["losses"][step].as_f64().unwrap();
        assert!(
            (found - expected).abs() < 1e-5,
            "step {step}: loss {found}, not {expected}"
        );
        let expected = it["lengths"][step].as_f64().unwrap() as f32;
        assert!(
            (length - expected).abs() < 1e-5,
            "step {step}: length {length}, not {expected}"
        );
    }
    for parameter in parameters(&mut lookup, &mut dense) {
        assert_same(
            &parameter.name,
            parameter.values.view(),
            &it["end"][&parameter.name],
        );
    }
}
