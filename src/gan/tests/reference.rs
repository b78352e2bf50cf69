//! A forger and an expert against PyTorch, which was given the same weights: see `tests/reference/gan.py`.

use super::*;
use serde_json::Value;

fn at(ending: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference/gan")
        .with_extension(ending)
}

fn reference() -> Value {
    serde_json::from_slice(&std::fs::read(at("json")).unwrap()).unwrap()
}

fn matrix(value: &Value) -> Array2<f32> {
    let rows: Vec<Vec<f32>> = serde_json::from_value(value.clone()).unwrap();
    let shape = (rows.len(), rows[0].len());
    Array2::from_shape_vec(shape, rows.concat()).unwrap()
}

/// Single precision, added in another order: a hundred-thousandth of the largest, or of 1.
fn assert_same(what: &str, found: ArrayView2<f32>, expected: &Value) {
    let expected = matrix(expected);
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let largest = expected
        .iter()
        .fold(1.0f32, |largest, number| largest.max(number.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        let off = (found - expected).abs();
        assert!(off <= 1e-5 * largest, "{what}: {found}, not {expected}");
    }
}

#[test]
fn forger_and_expert_are_those_of_pytorch() {
    let it = reference();
    let mut forger = Forger::open(&at("safetensors")).unwrap();
    let (latent, told) = (matrix(&it["latent"]), matrix(&it["told"]));
    let x = ndarray::concatenate![ndarray::Axis(1), latent, told];
    forger.net().dropout(None);
    assert_same("played", forger.net().forward(x.view()).unwrap(), &it["played"]);

    forger.net().dropout(Some(1));
    let logits = forger.net().forward(x.view()).unwrap();
    assert_same("logits", logits, &it["logits"]);
    let mut choice = OneHot::new(&[3, 4], &[1]);
    let made = choice.forward(logits, &[false; 8], None).unwrap().to_owned();
    assert_same("made", made.view(), &it["made"]);

    let shape = ExpertShape {
        told: 1,
        group: Some(4),
        projects: true,
        ..ExpertShape::new(7, &[5])
    };
    let mut expert = shape.build(&mut rng(1)).unwrap();
    assert_eq!(expert.parameters().len(), it["expert"].as_object().unwrap().len());
    for parameter in expert.parameters() {
        parameter.values = matrix(&it["expert"][&parameter.name]);
    }
    let seen = ndarray::concatenate![ndarray::Axis(1), made, told];
    assert_same("scores", expert.forward(seen.view()).unwrap(), &it["scores"]);
    let dscores = matrix(&it["dscores"]);
    let dmade = expert.backward(dscores.view()).unwrap();
    let dmade = dmade.slice(ndarray::s![.., ..7]).to_owned();
    assert_same("dmade", dmade.view(), &it["dmade"]);
    for parameter in expert.parameters() {
        assert_same(
            &parameter.name,
            parameter.gradient.view(),
            &it["dexpert"][&parameter.name],
        );
    }

    let dlogits = choice.backward(dmade.view()).unwrap();
    forger.net().backward(dlogits).unwrap();
    for parameter in forger.parameters() {
        match it["running"].get(&parameter.name) {
            Some(running) => assert_same(&parameter.name, parameter.values.view(), running),
            None => assert_same(
                &parameter.name,
                parameter.gradient.view(),
                &it["dforger"][&parameter.name],
            ),
        }
    }
}

#[test]
fn losses_are_those_of_pytorch() {
    let it = &reference()["losses"];
    for loss in [Loss::NonSaturating, Loss::Relativistic] {
        let it = &it[format!("{loss:?}")];
        let list = |name: &str| -> Vec<f32> { serde_json::from_value(it[name].clone()).unwrap() };
        let same = |what: &str, found: &[f32], expected: &[f32]| {
            for (found, expected) in found.iter().zip(expected) {
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{loss:?}, {what}: {found}, not {expected}"
                );
            }
        };
        let (mut real, mut fake) = (list("real"), list("fake"));
        let of_expert = loss.expert(&mut real, &mut fake);
        let mut taught = list("fake");
        let of_forger = loss.forger(&list("real"), &mut taught);
        same("values", &[of_expert as f32, of_forger as f32], &list("values"));
        same("dreal", &real, &list("dreal"));
        same("dfake", &fake, &list("dfake"));
        same("taught", &taught, &list("taught"));
    }
}
