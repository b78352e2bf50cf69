mod reference;

use super::*;
use crate::nn::tests::LARGEST_DIFFERENCE;
use crate::nn::{Learner, Saved, SoftmaxCrossEntropy, Window, gradient_check};
use crate::predict::Predictor;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn small() -> NetShape {
    NetShape {
        residual: 5,
        skip: 6,
        hidden: 7,
        dilations: vec![1, 3, 2],
        logistics: 0,
    }
}

fn codes(count: usize, rng: &mut impl Rng) -> Vec<u8> {
    (0..count).map(|_| rng.random_range(100..160)).collect()
}

fn numbers(count: usize, rng: &mut impl Rng) -> Vec<f32> {
    (0..count).map(|_| rng.random_range(-1.0..1.0)).collect()
}

#[test]
fn gradients_agree_with_finite_differences() {
    let mut rng = rng(1);
    let (batch, steps, told) = (2, 9, 3);
    let mut net = Net::new(&small(), told, &mut rng).unwrap();
    // Away from the corner of the rectifiers, where there is no slope.
    for bias in net
        .parameters()
        .into_iter()
        .filter(|one| one.name.ends_with("bias"))
    {
        bias.values.fill(1.0);
    }
    let heard = codes(batch * steps, &mut rng);
    let conditions = numbers(batch * steps * told, &mut rng);
    let targets: Vec<_> = codes(batch * steps, &mut rng)
        .into_iter()
        .map(|code| Some(usize::from(code)))
        .collect();
    let mut input = crate::nn::Parameter::zeros("c", batch * steps, told);
    input.values = ndarray::Array2::from_shape_vec((batch * steps, told), conditions).unwrap();
    let mut loss = SoftmaxCrossEntropy::default();
    let largest = gradient_check(
        &mut (net, input),
        |(net, input)| {
            let mut all = net.parameters();
            all.push(input);
            all
        },
        |(net, input)| {
            net.begin(batch);
            let found = loss.forward(net.forward(&heard, input.values.as_slice().unwrap())?, &targets)?;
            let dc = net.backward(loss.backward(1.0)?, true)?;
            input.gradient += &dc;
            Ok(found)
        },
    )
    .unwrap();
    assert!(largest < LARGEST_DIFFERENCE, "{largest}");
}

#[test]
fn what_comes_later_changes_nothing_before_and_the_receptive_field_is_as_long_as_it_says() {
    let mut rng = rng(2);
    let mut net = Net::new(&small(), 0, &mut rng).unwrap();
    assert_eq!(small().receptive_field(), 7);
    let heard = codes(40, &mut rng);
    let mut logits = |heard: &[u8]| {
        net.begin(1);
        net.forward(heard, &[]).unwrap().to_owned()
    };
    let before = logits(&heard);
    let mut other = heard.clone();
    other[20] = other[20].wrapping_add(9);
    let after = logits(&other);
    let changed: Vec<usize> = (0..40).filter(|&t| before.row(t) != after.row(t)).collect();
    assert_eq!((changed[0], *changed.last().unwrap()), (20, 26));
}

#[test]
fn windows_go_on_where_the_last_one_ended_and_queues_play_what_forward_gives() {
    for (shape, told) in [(small(), 3), (NetShape::doubling(4, 2), 0)] {
        let mut rng = rng(3);
        let mut net = Net::new(&shape, told, &mut rng).unwrap();
        let (heard, conditions) = (codes(150, &mut rng), numbers(150 * told, &mut rng));
        net.begin(1);
        let whole = net.forward(&heard, &conditions).unwrap().to_owned();
        let mut parts = Vec::new();
        net.begin(1);
        for (from, to) in [(0, 1), (1, 4), (4, 100), (100, 150)] {
            let logits = net
                .forward(&heard[from..to], &conditions[from * told..to * told])
                .unwrap();
            parts.extend(logits.iter().copied());
        }
        let mut queues = net.queues().unwrap();
        for again in 0..2 {
            for t in 0..150 {
                let played = queues.step(heard[t], &conditions[t * told..(t + 1) * told]);
                for (k, logit) in whole.row(t).iter().enumerate() {
                    assert!((logit - played[k]).abs() < 1e-5, "{t} {logit} {}", played[k]);
                    assert!(again > 0 || (logit - parts[t * 256 + k]).abs() < 1e-5, "{t}");
                }
            }
            queues.forget();
        }
    }
}

fn told() -> WaveNetShape {
    WaveNetShape {
        net: small(),
        conditioning: Some(Conditioning {
            rate: 8000,
            lowest: 60,
            pitches: 3,
            fork: 2,
        }),
    }
}

fn moments(count: u32, rng: &mut impl Rng) -> Vec<Moment> {
    let cue = |age| Cue {
        pitch: Some(60 + (age / 20) as u8 % 3),
        age: age % 20,
    };
    (0..count)
        .map(|t| Moment {
            code: rng.random_range(120..136),
            cue: cue(t),
        })
        .collect()
}

#[test]
fn the_player_is_as_surprised_as_the_learner_and_forgets() {
    let mut rng = rng(4);
    let mut model = WaveNet::new(&told(), &mut rng).unwrap();
    model.net().expect([128, 129]);
    let piece = moments(60, &mut rng);
    let heard = std::iter::once(None)
        .chain(piece.iter().copied().map(Some))
        .take(60);
    let window = Window {
        batch: 1,
        heard: heard.collect(),
        next: piece.iter().copied().map(Some).collect(),
    };
    model.begin(1);
    let nats = model.forward(&window).unwrap();
    let mut player = model.player().unwrap();
    for _ in 0..2 {
        let (mut bits, mut probabilities) = (0.0, vec![0.0; 256]);
        player.forget();
        for moment in &piece {
            player.cue(moment.cue);
            player.predict(&mut probabilities);
            bits -= probabilities[usize::from(moment.code)].log2();
            player.hear(usize::from(moment.code));
        }
        assert!(
            (bits * std::f64::consts::LN_2 - nats).abs() < 1e-3,
            "{bits} {nats}"
        );
    }
}

#[test]
fn a_model_comes_back_from_its_bytes_and_a_shape_that_makes_no_sense_is_refused() {
    let mut model = WaveNet::new(&told(), &mut rng(5)).unwrap();
    let bytes = model.to_bytes().unwrap();
    let mut again = WaveNet::from_bytes(&bytes).unwrap();
    assert_eq!(
        (again.to_bytes().unwrap() == bytes, again.shape()),
        (true, told())
    );
    let none = |change: fn(&mut NetShape)| {
        let mut shape = told();
        change(&mut shape.net);
        WaveNet::new(&shape, &mut rng(5)).is_err()
    };
    assert!(none(|shape| shape.dilations.clear()) && none(|shape| shape.dilations.push(0)));
    assert!(none(|shape| shape.residual = 0) && none(|shape| shape.skip = usize::MAX));
    assert!(none(|shape| shape.dilations.push(usize::MAX)));
}

#[test]
fn a_cue_is_its_pitch_its_age_and_a_tuning_fork() {
    let conditioning = told().conditioning.unwrap();
    let mut row = vec![9.0; conditioning.width()];
    conditioning.fill(
        Cue {
            pitch: Some(62),
            age: 0,
        },
        &mut row,
    );
    assert_eq!(row, [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    conditioning.fill(
        Cue {
            pitch: Some(63),
            age: 0,
        },
        &mut row,
    );
    assert!(row.iter().all(|number| *number == 0.0));
    assert!(
        !conditioning.knows(Cue {
            pitch: Some(63),
            age: 0
        }) && conditioning.knows(Cue::default())
    );
    // After 27.25 periods of C4 (261.6 Hz): a quarter turn, and half a turn of the octave.
    let age = (27.25 / 261.6256 * 8000.0f64).round() as u32;
    conditioning.fill(Cue { pitch: Some(60), age }, &mut row);
    assert!(row[6] > 0.99 && row[9] < -0.97, "{row:?}");
}
