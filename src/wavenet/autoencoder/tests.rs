use super::embedding::between;
use super::*;
use crate::nn::tests::LARGEST_DIFFERENCE;
use crate::nn::{Learner, Saved, Window, gradient_check};
use crate::sound::{Sound, mu_law};
use crate::wavenet::{Conditioning, Cue, Moment, NetShape};
use ndarray::{Array2, array, s};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn small() -> AutoencoderShape {
    AutoencoderShape {
        net: NetShape {
            residual: 5,
            skip: 6,
            hidden: 7,
            dilations: vec![1, 3, 2],
            logistics: 0,
        },
        conditioning: Conditioning {
            rate: 8000,
            lowest: 60,
            pitches: 3,
            fork: 1,
        },
        hop: 8,
        bands: 4,
        units: 5,
        embedding: 2,
    }
}

/// Two tones of four hops.
fn tones() -> Vec<Sound> {
    [700.0, 1900.0]
        .map(|hertz| Sound::from_wave(8000, 0.004, |t| 0.3 * (hertz * 6.3 * t).sin()))
        .to_vec()
}

fn model() -> Autoencoder {
    let mut model = Autoencoder::new(&small(), &mut rng(1))
        .unwrap()
        .hearing(&tones())
        .unwrap();
    // Away from the corner of the rectifiers, where there is no slope, and from the flat ends of the hyperbolic tangent.
    for parameter in model.parameters() {
        match parameter.name.as_str() {
            "encoder2.bias" => parameter.values.fill(0.1),
            "encoder0.weight" | "encoder1.weight" => parameter.values *= 0.1,
            name if name.ends_with("bias") => parameter.values.fill(1.0),
            _ => {}
        }
    }
    model
}

/// Samples `from` to `to` of tone 0 and of tone 1 side by side.
fn window(from: u32, to: u32) -> Window<ToneMoment> {
    let at = |tone: u32, age: u32| ToneMoment {
        moment: Moment {
            code: mu_law::encode(tones()[tone as usize].channels()[0][age as usize]),
            cue: Cue {
                pitch: Some(60 + tone as u8),
                age,
            },
        },
        tone,
    };
    let rows = || (from..to).flat_map(|age| [(0, age), (1, age)]);
    Window {
        batch: 2,
        heard: rows()
            .map(|(tone, age)| Some(at(tone, age.checked_sub(1)?)))
            .collect(),
        next: rows().map(|(tone, age)| Some(at(tone, age))).collect(),
    }
}

#[test]
fn gradients_agree_with_finite_differences_from_logits_to_the_encoder() {
    let mut model = model();
    let largest = gradient_check(&mut model, Autoencoder::parameters, |model| {
        model.begin(2);
        let nats = model.forward(&window(3, 32))?;
        model.backward(1.0)?;
        Ok(nats)
    })
    .unwrap();
    assert!(largest < LARGEST_DIFFERENCE, "{largest}");
}

#[test]
fn the_decoder_plays_what_the_learner_hears() {
    let mut model = model();
    let piece = window(0, 32);
    model.begin(2);
    let nats = model.forward(&piece).unwrap();
    let mut decoder = model.player().unwrap();
    let mut found = 0.0;
    for (tone, sound) in tones().iter().enumerate() {
        let embedding = model.encode(sound).unwrap();
        assert_eq!(embedding.dim(), (5, 2));
        decoder.forget();
        for moment in piece.next.iter().skip(tone).step_by(2).flatten() {
            let probabilities = decoder.expects(embedding.view(), moment.moment.cue);
            found -= probabilities[usize::from(moment.moment.code)].ln();
            decoder.hear(moment.moment.code);
        }
    }
    assert!((nats - found).abs() < 1e-3, "{nats} {found}");
}

#[test]
fn a_tone_is_as_long_as_its_embedding_and_the_embedding_lies_between_its_frames() {
    let mut decoder = model().player().unwrap();
    let tone = decoder.tone(
        array![[0.1, 0.2], [0.3, 0.4], [0.5, -0.6]].view(),
        61,
        1.0,
        &mut rng(3),
    );
    assert_eq!((tone.frames(), tone.rate()), (16, 8000));
    assert_eq!(
        decoder
            .tone(Array2::zeros((0, 2)).view(), 61, 1.0, &mut rng(3))
            .frames(),
        0
    );
    let mut row = [9.0; 2];
    let frames = array![[0.0, 1.0], [1.0, 0.0]];
    for (age, expected) in [(0, 0.0), (2, 0.25), (8, 1.0), (800, 1.0)] {
        between(frames.view(), age, 8, &mut row);
        assert_eq!(row, [expected, 1.0 - expected]);
    }
    between(frames.slice(s![..0, ..]), 3, 8, &mut row);
    assert_eq!(row, [0.0; 2]);
}

#[test]
fn a_blur_is_drawn_anew_while_it_learns_and_only_then() {
    let (mut model, piece) = (model().roughened(0.0, 0.3), window(0, 20));
    let mut nats = |seed| {
        model.dropout(seed);
        model.begin(2);
        model.forward(&piece).unwrap()
    };
    let (clear, one, other) = (nats(None), nats(Some(1)), nats(Some(2)));
    assert!(clear != one && one != other);
    assert_eq!((nats(None), nats(Some(1))), (clear, one));
}

#[test]
fn pieces_of_unknown_tones_and_tones_that_do_not_fit_are_refused() {
    let mut model = model();
    model.begin(2);
    for tone in [1, 2] {
        let mut wrong = window(0, 4);
        wrong.next[6].as_mut().unwrap().tone = tone;
        let message = model.forward(&wrong).unwrap_err().to_string();
        assert!(message.contains("tone"), "{message}");
    }
    model.begin(1);
    assert!(model.forward(&window(0, 4)).is_err());
    assert!(model.encode(&Sound::mono(44_100, vec![0.0; 32])).is_err());
    let mut longer = tones();
    longer.push(Sound::mono(8000, vec![0.0; 64]));
    assert!(model.hearing(&longer).is_err());
}

#[test]
fn a_model_comes_back_from_its_bytes_and_a_shape_that_makes_no_sense_is_refused() {
    let mut model = model();
    let bytes = model.to_bytes().unwrap();
    let mut again = Autoencoder::from_bytes(&bytes).unwrap();
    assert!(again.to_bytes().unwrap() == bytes && again.shape() == small());
    assert_eq!(
        again.encode(&tones()[0]).unwrap(),
        model.encode(&tones()[0]).unwrap()
    );
    for change in [
        (|shape| shape.hop = 0) as fn(&mut AutoencoderShape),
        |shape| shape.units = 0,
        |shape| shape.embedding = usize::MAX,
        |shape| shape.bands = usize::MAX / 2,
    ] {
        let mut shape = small();
        change(&mut shape);
        assert!(Autoencoder::new(&shape, &mut rng(5)).is_err());
    }
}

#[test]
fn two_tones_are_learned_and_told_apart() {
    use crate::nn::{Training, surprise, train};
    let mut model = model();
    let pieces: Vec<Vec<ToneMoment>> = (0..2)
        .map(|tone| {
            window(0, 32)
                .next
                .iter()
                .skip(tone)
                .step_by(2)
                .flatten()
                .copied()
                .collect()
        })
        .collect();
    let settings = Training {
        batch: 2,
        window: 32,
        epochs: 200,
        rate: 0.01,
        ..Training::default()
    };
    let before = surprise(&model, &pieces, &settings).unwrap();
    train(&mut model, &pieces, &[], &settings, |_| {}).unwrap();
    let after = surprise(&model, &pieces, &settings).unwrap();
    assert!(after < 0.6 * before, "{before} {after}");
    // With each other's embedding it is worse: it listens to it.
    let swapped = model
        .hearing(&tones().into_iter().rev().collect::<Vec<_>>())
        .unwrap();
    assert!(surprise(&swapped, &pieces, &settings).unwrap() > after);
}
