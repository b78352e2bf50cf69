//! The three makers, small, and what is made of their bars.

use super::*;
use crate::bars::{BAR, HOLD, Lesson, Lessons, Request, Scale, Unit, Vae, VaeShape, is_chord_tone, measures};
use crate::gan::{Forger, ForgerShape, Latent, Made};
use crate::music::{Corpus, Part};
use crate::nn::{Curve, Saved};
use ndarray::{Array2, s};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::path::Path;

fn scale() -> Scale {
    Scale {
        low: [0.1, 4.0, 0.0, 0.0, 0.2, 0.0],
        high: [0.5, 12.0, 2.0, 2.0, 0.6, 0.5],
    }
}

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn step_model() -> StepModel {
    let shape = StepShape {
        kinds: 2,
        hidden: [24, 16],
        scale: scale(),
    };
    StepModel::new(&shape, &mut rng(1)).unwrap()
}

fn makers() -> [Maker; 3] {
    let conditions = Request::width(2);
    let vae = VaeShape {
        bars: 1,
        conditions,
        latent: 3,
        hidden: [8, 6],
    };
    let forger = ForgerShape {
        latent: Latent {
            normals: 4,
            ..Latent::default()
        },
        told: conditions,
        hidden: vec![6, 8],
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![20; BAR],
            not_in_short: vec![12, 13, 14, 15],
        },
    };
    [
        Maker::Vae(Vae::new(&vae, &mut rng(2)).unwrap()),
        Maker::Forger(Forger::new(&forger, &mut rng(3)).unwrap()),
        Maker::Step(step_model()),
    ]
}

/// Quarters, low for kind 0 and high for kind 1.
fn lesson(kind: usize) -> Lesson {
    let mut symbols = vec![HOLD as u8; 16];
    for (place, step) in [0, 4, 8, 12].into_iter().enumerate() {
        symbols[step] = (2 + 8 * kind + 2 * (place % 2)) as u8;
    }
    Lesson {
        unit: Unit { bar: 16, symbols },
        tune: kind,
        kind,
        part: Part::Train,
    }
}

#[test]
fn the_same_noise_and_request_give_the_same_bar() {
    for mut maker in makers() {
        let requests = [Request::open(16, 2), Request::open(12, 2)];
        let chance = noise(2, maker.noise(), &mut rng(4));
        let mut made = || maker.make(&requests, &[None, None], chance.view(), 2.0).unwrap();
        let first = made();
        assert_eq!(first, made());
        let lengths: Vec<usize> = first.iter().map(|unit| unit.symbols.len()).collect();
        assert_eq!(lengths, [16, 12]);
        assert!(
            maker
                .make(&requests, &[None], chance.slice(s![..1, ..]), 1.0)
                .is_err()
        );
        assert!(
            maker
                .make(&requests, &[None, None], chance.slice(s![.., 1..]), 1.0)
                .is_err()
        );
        let sieved = maker.sieved(&requests, &scale(), 3, 1.0, &mut rng(5)).unwrap();
        assert_eq!(sieved.len(), 2);
        let none = Array2::zeros((0, maker.noise()));
        assert!(
            maker
                .nearest(&requests[0], None, none.view(), &scale(), 1.0)
                .is_err()
        );
    }
    let foreign = Request::open(16, 5);
    let mut maker = Maker::Step(step_model());
    let chance = noise(1, maker.noise(), &mut rng(4));
    assert!(maker.make(&[foreign], &[None], chance.view(), 1.0).is_err());
}

#[test]
fn a_step_model_learns_what_was_asked_and_comes_back_from_bytes() {
    let mut model = step_model();
    let (mut number, mut bits) = (0, 0.0);
    let next = |_: &mut ChaCha8Rng| {
        number += 1;
        let lesson = lesson(number % 2);
        let request = Request::of(&lesson, 2, &scale());
        (None, lesson.unit, request)
    };
    model
        .train(300, 4, &mut rng(6), next, |_, now| bits = now)
        .unwrap();
    assert!(bits < 0.05, "{bits}");
    let mut again = StepModel::from_bytes(&model.to_bytes().unwrap()).unwrap();
    let requests = [0, 1].map(|kind| Request::of(&lesson(kind), 2, &scale()));
    let half = Array2::from_elem((2, BAR), 0.5);
    for model in [&mut model, &mut again] {
        let made = model.make(&requests, &[None, None], half.view(), 1.0).unwrap();
        assert_eq!(made, [lesson(0).unit, lesson(1).unit]);
    }
}

#[test]
fn a_sieve_finds_what_is_nearer() {
    for mut maker in makers() {
        let mut requests = vec![Request::open(16, 2); 40];
        requests
            .iter_mut()
            .for_each(|request| request.measures[1] = Some(1.0));
        let mut mean = |tries: usize| {
            let made = maker
                .sieved(&requests, &scale(), tries, 1.0, &mut rng(7))
                .unwrap();
            made.iter().map(|unit| measures(unit)[1]).sum::<f32>() / made.len() as f32
        };
        let (one, sixteen) = (mean(1), mean(16));
        assert!(sixteen > one + 0.5, "{one} and {sixteen}");
    }
}

#[test]
fn an_arc_keeps_its_distance_from_zero() {
    let (from, to) = (noise(1, 4000, &mut rng(8)), noise(1, 4000, &mut rng(9)));
    for share in [0.0, 0.3, 0.5, 1.0] {
        let here = between(from.view(), to.view(), share);
        let size = here.iter().map(|number| number * number).sum::<f32>() / 4000.0;
        assert!((size - 1.0).abs() < 0.1, "{share}: {size}");
    }
    assert_eq!(between(from.view(), to.view(), 0.0), from);
}

#[test]
fn the_books_tunes_ask_for_their_bars() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
    let lessons = Lessons::of(&Corpus::read(&folder, |_, _| {}).unwrap(), 2).unwrap();
    let asking = Asking::of(&lessons);
    let mut rng = rng(10);
    let (mut before, mut open, mut mixed) = (0, 0, 0);
    for _ in 0..400 {
        let (first, unit, request) = asking.pick(&mut rng);
        assert_eq!((unit.bars(), request.bar, request.kinds.len()), (1, unit.bar, 9));
        assert!((request.kinds.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!(
            request.distance(&unit, &asking.scale) < 1e-6,
            "a bar is what asked for it"
        );
        before += usize::from(first.is_some());
        open += request.measures.iter().filter(|asked| asked.is_none()).count();
        mixed += usize::from(request.kinds.iter().all(|kind| *kind > 0.0));
    }
    assert!(
        (150..250).contains(&before) && (150..250).contains(&mixed),
        "{before} {mixed}"
    );
    assert!((1500..1860).contains(&open), "seven of ten of 2,400: {open}");
    let chain = ChordChain::of(&lessons);
    for row in &chain.transition {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
    assert!(chain.transition[4][0] > 0.2, "G leads to C");
}

#[test]
fn a_song_returns_and_closes_and_its_chords_sound() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
    let lessons = Lessons::of(&Corpus::read(&folder, |_, _| {}).unwrap(), 2).unwrap();
    let chain = ChordChain::of(&lessons);
    for mut maker in makers() {
        let request = Request::open(16, 2);
        let song = Form::Song
            .phrase(&mut maker, &request, &chain, 1.0, &mut rng(11))
            .unwrap();
        let random = Form::Confetti
            .phrase(&mut maker, &request, &chain, 1.0, &mut rng(11))
            .unwrap();
        assert_eq!((song.len(), random.len()), (8, 8));
        assert!(song[0] == song[2] && song[0] == song[6] && song[0] != song[4]);
        assert_eq!((song[0].1[0], song[7].1), (0, [4, 0]), "from home to home");
        assert_ne!(random[0], random[2]);
        let score = accompany("", &song, 73, 100.0);
        assert_eq!(score.voices.len(), 3);
        assert!(score.voices[1..].iter().all(|voice| !voice.notes.is_empty()));
        for note in &score.voices[2].notes {
            let bar = &song[note.onset as usize / 16];
            let (_, root) = chord_pitches(bar.1[note.onset as usize % 16 / 8]);
            assert_eq!(note.pitch.midi(), root);
        }
    }
    for chord in 0..6 {
        let (tones, root) = chord_pitches(chord);
        for midi in tones.into_iter().chain([root]) {
            let key = crate::bars::KEYS
                .iter()
                .position(|key| key % 12 == midi % 12)
                .unwrap();
            assert!(is_chord_tone(key, chord), "{midi} in chord {chord}");
        }
    }
}

#[test]
fn trials_ask_each_slider_and_each_pair() {
    let lessons = [lesson(0), lesson(1)];
    let real: Vec<&Lesson> = lessons.iter().collect();
    let units: Vec<(&Unit, usize)> = lessons.iter().map(|lesson| (&lesson.unit, lesson.kind)).collect();
    let mut ear = crate::bars::Judge::taught(&units, 2, 1).unwrap();
    let [mut maker, _, _] = makers();
    let manner = Manner {
        tries: 1,
        loudness: 1.0,
    };
    let moved = move_slider(&mut maker, manner, (&real, 2), &scale(), 0, &mut rng(12)).unwrap();
    assert_eq!((moved.len(), moved[0].0, moved[659].0), (660, -1.0, 1.0));
    let mixed = mix_kinds(&mut maker, 1.0, &real, &mut ear, (0, 1, 2), &mut rng(13)).unwrap();
    let weights: Vec<f64> = mixed.iter().map(|one| one.0).collect();
    assert_eq!(weights, [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert!(mixed.iter().all(|one| (0.0..=1.0).contains(&one.1)));
}
