//! Each layer and the whole game: gradients, chance, checkpoints, bad input.

mod reference;

use super::*;
use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
use crate::nn::{Curve, Dense, Layer, Parameter, Saved, SquaredError, Stack, gradient_check};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// The gradients of a layer's parameters and of its input.
fn check(mut layer: Stack, rows: usize, inputs: usize, outputs: usize, learning: bool) {
    let mut x = Parameter::zeros("x", rows, inputs);
    x.values = numbers(rows, inputs, 1);
    let (target, mut loss) = (numbers(rows, outputs, 2), SquaredError::default());
    layer.dropout(learning.then_some(1));
    for one in layer.parameters() {
        let (rows, columns) = one.shape();
        one.values = numbers(rows, columns, 3).mapv(|x| 1.5 + x);
    }
    let largest = gradient_check(
        &mut (layer, x),
        |(layer, x)| layer.parameters().into_iter().chain([x]).collect(),
        |(layer, x)| {
            // What normalises has running means, which each look at it moves.
            let mut fresh = layer.clone();
            let found = loss.forward(fresh.forward(x.values.view())?, target.view())?;
            x.gradient += &fresh.backward(loss.backward(1.0)?)?;
            for (to, from) in layer.parameters().into_iter().zip(fresh.parameters()) {
                to.gradient.assign(&from.gradient);
            }
            Ok(found)
        },
    );
    let largest = largest.unwrap();
    assert!(largest < LARGEST_DIFFERENCE, "{largest}");
}

#[test]
fn gradients_agree_with_finite_differences() {
    // Running means have no gradient, so who goes by them is checked without.
    check(Stack::new().with(BatchNorm::new("n", 3)), 5, 3, 3, true);
    check(Stack::new().with(Deviation::new(3)), 7, 4, 5, false);
    check(Stack::new().with(Standard::new(4.0, 2.0)), 3, 2, 2, false);
    let inner = Stack::new().with(Dense::new("d", 4, 3, &mut rng(1)));
    check(Stack::new().with(Beside::new(inner.clone(), 2)), 5, 6, 5, false);
    let told = Stack::new()
        .with(Beside::new(inner, 2))
        .with(Projection::new("p", 3, 2, &mut rng(2)));
    check(told, 5, 6, 1, false);
}

#[test]
fn the_choice_of_a_symbol_has_the_slope_of_its_probabilities() {
    let (mut loss, target) = (SquaredError::default(), numbers(4, 7, 2));
    let mut choice = OneHot::new(&[3, 4], &[1]);
    choice.hard = false;
    let mut x = Parameter::zeros("x", 4, 7);
    x.values = numbers(4, 7, 1);
    let short = [false, true, false, false];
    let largest = gradient_check(
        &mut x,
        |x| vec![x],
        |x| {
            let found = loss.forward(choice.forward(x.values.view(), &short, Some(5))?, target.view())?;
            x.gradient += &choice.backward(loss.backward(1.0)?)?;
            Ok(found)
        },
    );
    let largest = largest.unwrap();
    assert!(largest < LARGEST_DIFFERENCE, "{largest}");
}

#[test]
fn symbols_are_drawn_as_often_as_their_logits_say() {
    let logits = Array2::from_shape_fn((40_000, 5), |(_, k)| [0.0f32, 2f32.ln(), 5f32.ln(), 0.0, 1.0][k]);
    let short: Vec<bool> = (0..40_000).map(|row| row % 2 == 0).collect();
    let mut choice = OneHot::new(&[3, 2], &[1]);
    let drawn = choice.forward(logits.view(), &short, Some(1)).unwrap();
    let means = drawn.mean_axis(ndarray::Axis(0)).unwrap();
    for (mean, expected) in means.iter().zip([0.125, 0.25, 0.625]) {
        assert!((mean - expected).abs() < 0.01, "{mean} {expected}");
    }
    // Half of the rows do not have the second group.
    assert!((means[3] + means[4] - 0.5).abs() < 1e-6);
    assert!(
        drawn
            .rows()
            .into_iter()
            .zip(&short)
            .all(|(row, short)| row.sum() == if *short { 1.0 } else { 2.0 })
    );
    let likeliest = choice.forward(logits.view(), &short, None).unwrap();
    assert!(likeliest.column(2).iter().all(|y| *y == 1.0));
    assert!(choice.forward(numbers(2, 4, 1).view(), &[true; 2], None).is_err());
}

#[test]
fn a_normal_batch_stays_and_players_go_by_the_running_means() {
    let mut norm = BatchNorm::new("n", 2);
    norm.dropout(Some(1));
    let x = Array2::from_shape_fn((64, 2), |(row, k)| {
        3.0 + (row as f32 / 10.0).sin() * (k as f32 + 1.0)
    });
    for _ in 0..200 {
        let y = norm.forward(x.view()).unwrap();
        assert!(y.mean().unwrap().abs() < 1e-5);
    }
    let mut player = norm.player(2).unwrap();
    norm.dropout(None);
    let y = norm.forward(x.view()).unwrap();
    for (x, y) in x.rows().into_iter().zip(y.rows()) {
        assert_eq!(player.step(x.as_slice().unwrap()), y.as_slice().unwrap());
    }
    assert!((y.mean().unwrap()).abs() < 1e-3 && norm.player(3).is_err());
    assert!(norm.backward(x.view()).is_ok() && norm.backward(x.view()).is_err());
}

/// Two groups of symbols, the second not in short ones, and what is told: whether it is short.
fn nets() -> (Forger, Stack) {
    let shape = ForgerShape {
        latent: Latent {
            normals: 3,
            uniforms: 1,
            sides: 2,
        },
        told: 1,
        hidden: vec![8, 7],
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![3, 2],
            not_in_short: vec![1],
        },
    };
    let expert = ExpertShape {
        told: 1,
        group: Some(2),
        ..ExpertShape::new(5, &[9, 6])
    };
    (
        Forger::new(&shape, &mut rng(1)).unwrap(),
        expert.build(&mut rng(2)).unwrap(),
    )
}

fn rules() -> Rules {
    Rules {
        loss: Loss::Relativistic,
        penalty: 0.3,
        noise: 0.1,
        noise_steps: 100,
        kept: 0.9,
        seed: 7,
        ..Rules::default()
    }
}

/// Plays some steps: symbols 0 and 1 together, or 2 alone in short ones.
fn play(game: &mut Game, steps: usize) -> Vec<Played> {
    (0..steps)
        .map(|_| {
            let mut rng = game.chance();
            let told = Array2::from_shape_fn((16, 1), |_| f32::from(u8::from(rng.random::<bool>())));
            let real = Array2::from_shape_fn((16, 5), |(row, k)| {
                let short = told[[row, 0]] < 0.5;
                let one = if short { k == 2 } else { k == 0 || k == 4 };
                f32::from(u8::from(one))
            });
            game.step(real.view(), told.view()).unwrap()
        })
        .collect()
}

fn weights(game: &mut Game) -> Vec<Array2<f32>> {
    let mean: Vec<Array2<f32>> = game
        .mean_forger()
        .parameters()
        .iter()
        .map(|one| one.values.clone())
        .collect();
    let now = game
        .parameters()
        .into_iter()
        .flatten()
        .map(|one| one.values.clone());
    now.chain(mean).collect()
}

#[test]
fn the_same_seed_gives_the_same_game_on_any_number_of_threads() {
    let (forger, expert) = nets();
    for pack in [1, 2] {
        let rules = Rules {
            pack,
            parts: 2,
            ..rules()
        };
        let expert = match pack {
            1 => expert.clone(),
            _ => ExpertShape {
                told: 1,
                pack,
                ..ExpertShape::new(5, &[9])
            }
            .build(&mut rng(3))
            .unwrap(),
        };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let mut game = Game::new(forger.clone(), expert.clone(), &rules).unwrap();
            pool.install(|| play(&mut game, 20));
            weights(&mut game)
        };
        assert_eq!(on(1), on(2));
        let mut other = Game::new(
            forger.clone(),
            expert.clone(),
            &Rules {
                seed: 8,
                ..rules.clone()
            },
        )
        .unwrap();
        play(&mut other, 20);
        assert_ne!(weights(&mut other), on(1));
    }
}

#[test]
fn parts_add_up_to_the_whole() {
    // Without chance in what the expert sees, two parts find the gradient of one.
    let (forger, _) = nets();
    let expert = ExpertShape {
        told: 1,
        ..ExpertShape::new(5, &[9, 6])
    }
    .build(&mut rng(2))
    .unwrap();
    let rules = Rules {
        penalty: 0.0,
        noise: 0.0,
        ..rules()
    };
    let [mut one, mut two] = [1, 2].map(|parts| {
        Game::new(
            forger.clone(),
            expert.clone(),
            &Rules {
                parts,
                ..rules.clone()
            },
        )
        .unwrap()
    });
    for (a, b) in play(&mut one, 5).iter().zip(play(&mut two, 5)) {
        assert!(
            (a.expert - b.expert).abs() < 1e-4 && (a.forger - b.forger).abs() < 1e-4,
            "{a:?} {b:?}"
        );
    }
}

#[test]
fn a_game_goes_on_bit_for_bit_after_a_checkpoint() {
    let (forger, expert) = nets();
    let mut game = Game::new(forger.clone(), expert.clone(), &rules()).unwrap();
    let mut again = game.clone();
    again.resume(&game.checkpoint().unwrap()).unwrap();
    play(&mut game, 7);
    let bytes = game.checkpoint().unwrap();
    let first = play(&mut game, 5);
    again.resume(&bytes).unwrap();
    assert_eq!(again.steps(), 7);
    assert_eq!(play(&mut again, 5), first);
    assert_eq!(weights(&mut again), weights(&mut game));
    for length in (0..bytes.len()).step_by(97) {
        assert!(again.resume(&bytes[..length]).is_err());
    }
    let mut other = Game::new(forger.clone(), expert, &Rules { seed: 1, ..rules() }).unwrap();
    let message = other.resume(&bytes).unwrap_err().to_string();
    assert!(message.contains("other rules"), "{message}");
    let narrow = ExpertShape {
        told: 1,
        group: Some(2),
        ..ExpertShape::new(5, &[3, 6])
    }
    .build(&mut rng(2))
    .unwrap();
    assert!(
        Game::new(forger, narrow, &rules())
            .unwrap()
            .resume(&bytes)
            .is_err()
    );
}

#[test]
fn a_forger_learns_what_the_real_ones_are_and_is_saved() {
    let (forger, expert) = nets();
    let rate = crate::nn::Schedule::Constant(5e-3);
    let rules = Rules {
        forger: rate,
        expert: rate,
        kept: 0.99,
        ..rules()
    };
    let mut game = Game::new(forger, expert, &rules).unwrap();
    play(&mut game, 1500);
    let mut forger = Forger::from_bytes(&game.mean_forger().to_bytes().unwrap()).unwrap();
    let latent = forger.shape().latent.draw(400, &mut rng(9));
    let told = Array2::from_shape_fn((400, 1), |(row, _)| (row % 2) as f32);
    let drawn = forger.draw(latent.view(), told.view(), Some(3)).unwrap();
    let right = drawn.rows().into_iter().enumerate().filter(|(number, row)| {
        let expected: [f32; 5] = if number % 2 == 0 {
            [0., 0., 1., 0., 0.]
        } else {
            [1., 0., 0., 0., 1.]
        };
        row.as_slice() == Some(&expected[..])
    });
    let right = right.count();
    assert!(right > 360, "{right}");
    let same = forger.draw(latent.view(), told.view(), Some(3)).unwrap();
    assert_eq!(same, drawn);
}

#[test]
fn the_penalty_has_the_gradient_of_finite_differences() {
    // The expert's whole loss, of which one step's gradient is taken from what a tiny step of plain descent would move.
    let rules = Rules {
        loss: Loss::NonSaturating,
        penalty: 2.0,
        nudge: 0.1,
        ..Rules::default()
    };
    let expert = ExpertShape {
        curve: Curve::Tanh,
        ..ExpertShape::new(2, &[4])
    }
    .build(&mut rng(4))
    .unwrap();
    let (real, fake, told) = (numbers(6, 2, 1), numbers(6, 2, 2), Array2::zeros((6, 0)));
    let given = parts::Given {
        real: real.view(),
        fake: fake.view(),
        told: told.view(),
        rules: &rules,
        noise: 0.0,
    };
    let mut part = parts::Part::new(expert);
    let largest = gradient_check(
        &mut part,
        |part| part.expert.parameters(),
        |part| {
            part.judge(0..6, &given, rng(5))?;
            Ok(part.loss / 6.0)
        },
    );
    let largest = largest.unwrap();
    assert!(largest < LARGEST_DIFFERENCE, "{largest}");
}

#[test]
fn the_forgeries_have_the_gradient_of_finite_differences() {
    for (loss, pack) in [(Loss::NonSaturating, 1), (Loss::Relativistic, 2)] {
        let rules = Rules {
            loss,
            pack,
            ..Rules::default()
        };
        let shape = ExpertShape {
            curve: Curve::Tanh,
            told: 1,
            pack,
            group: Some(3),
            ..ExpertShape::new(2, &[4])
        };
        let mut part = parts::Part::new(shape.build(&mut rng(4)).unwrap());
        let (real, told) = (numbers(6, 2, 1), numbers(6, 1, 3));
        let mut fake = Parameter::zeros("fake", 6, 2);
        fake.values = numbers(6, 2, 2);
        let largest = gradient_check(
            &mut fake,
            |fake| vec![fake],
            |fake| {
                let given = parts::Given {
                    real: real.view(),
                    fake: fake.values.view(),
                    told: told.view(),
                    rules: &rules,
                    noise: 0.0,
                };
                part.teach(0..6, &given, rng(5))?;
                fake.gradient += &ArrayView2::from_shape((6, 2), &part.dfake).unwrap();
                Ok(part.loss * pack as f64 / 6.0)
            },
        );
        let largest = largest.unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{loss:?} {largest}");
    }
}

#[test]
fn rules_change_while_a_game_is_played() {
    let (forger, expert) = nets();
    let mut game = Game::new(forger, expert, &rules()).unwrap();
    play(&mut game, 3);
    let before = weights(&mut game);
    let still = crate::nn::Schedule::Constant(0.0);
    game.change(&Rules {
        forger: still,
        expert: still,
        kept: 1.0,
        ..rules()
    })
    .unwrap();
    play(&mut game, 3);
    // Running means of normalised layers go on; all else stands still.
    let [learned, _] = game.parameters();
    let names: Vec<String> = learned.iter().map(|one| one.name.clone()).collect();
    let after = weights(&mut game);
    for ((name, before), after) in names.iter().zip(&before).zip(&after) {
        assert!(
            before == after || name.ends_with("mean") || name.ends_with("variance"),
            "{name}"
        );
    }
    assert!(
        game.change(&Rules { pack: 2, ..rules() }).is_err()
            && game.change(&Rules { seed: 1, ..rules() }).is_err()
    );
    assert!(
        game.change(&Rules {
            penalty: -1.0,
            ..rules()
        })
        .is_err()
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let (forger, expert) = nets();
    let game = |rules: Rules| Game::new(forger.clone(), expert.clone(), &rules);
    assert!(game(Rules { pack: 0, ..rules() }).is_err() && game(Rules { parts: 0, ..rules() }).is_err());
    assert!(
        game(Rules {
            nudge: 0.0,
            ..rules()
        })
        .is_err()
            && game(Rules {
                penalty: f32::NAN,
                ..rules()
            })
            .is_err()
    );
    let mut game = game(Rules { parts: 2, ..rules() }).unwrap();
    let (real, told) = (Array2::zeros((4, 5)), Array2::zeros((4, 1)));
    assert!(game.step(Array2::zeros((4, 4)).view(), told.view()).is_err());
    assert!(
        game.step(Array2::zeros((3, 5)).view(), Array2::zeros((3, 1)).view())
            .is_err()
    );
    assert!(game.step(real.view(), Array2::zeros((4, 2)).view()).is_err());
    game.step(real.view(), told.view()).unwrap();
    let nothing = ForgerShape {
        made: Made::Numbers(0),
        ..forger.shape()
    };
    assert!(Forger::new(&nothing, &mut rng(1)).is_err());
    let vast = ForgerShape {
        hidden: vec![usize::MAX, 2],
        ..forger.shape()
    };
    assert!(Forger::new(&vast, &mut rng(1)).is_err());
    assert!(
        ExpertShape {
            projects: true,
            ..ExpertShape::new(5, &[3])
        }
        .build(&mut rng(1))
        .is_err()
    );
}

#[test]
fn measures_are_those_of_known_heaps() {
    assert_eq!(measure::mean_and_deviation(&[1.0, 3.0]), (2.0, 1.0));
    assert_eq!(measure::wasserstein(&[3.0, 1.0, 2.0], &[2.0, 3.0, 4.0]), 1.0);
    let found = measure::modes(
        &[[0.1, 0.0], [0.0, 0.1], [5.0, 5.0], [1.0, 0.0]],
        &[[0.0, 0.0], [1.0, 0.0], [9.0, 9.0]],
        0.2,
    );
    assert_eq!((found.caught, found.good), (2, 0.75));
    assert!((found.spread - (0.02f64 / 6.0).sqrt()).abs() < 1e-12);
}

#[test]
fn an_arena_is_the_same_for_the_same_seed_and_its_crowds_are_where_they_should_be() {
    let run = |seed: u64| {
        let arena = Arena::ring().with_die(4);
        let mut game = arena.game(&Rules {
            seed,
            ..Rules::default()
        })?;
        for _ in 0..3 {
            arena.step(&mut game)?;
        }
        forged(game.forger(), 5, &mut rng(1))
    };
    let found = for_each_seed(&[1, 2, 1], run).unwrap();
    assert!(found[0] == found[2] && found[0] != found[1]);
    for (arena, count) in [(Arena::line(), 1), (Arena::ring(), 8), (Arena::grid(), 25)] {
        let real = arena.real(4000, &mut rng(3));
        let centres: Vec<[f64; 2]> = arena
            .centres
            .iter()
            .map(|at| [0, 1].map(|k| f64::from(*at.get(k).unwrap_or(&0.0))))
            .collect();
        let points: Vec<[f64; 2]> = real
            .rows()
            .into_iter()
            .map(|row| [0, 1].map(|k| f64::from(*row.get(k).unwrap_or(&0.0))))
            .collect();
        let found = measure::modes(&points, &centres, 3.5 * f64::from(arena.deviation));
        assert!(found.caught == count && found.good > 0.99, "{found:?}");
    }
    let mut game = Arena::line().game(&Rules::default()).unwrap();
    assert_eq!(
        game.parameters()
            .map(|all| all.iter().map(|one| one.values.len()).sum::<usize>()),
        [13, 321]
    );
    assert!(
        belief(&mut game, numbers(3, 1, 1).view())
            .unwrap()
            .iter()
            .all(|p| (0.0..=1.0).contains(p))
    );
}
