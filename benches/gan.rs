//! Steps of a game: `cargo bench -p benches --bench gan`. Batches of 64, relativistic losses, R1. *bars* makes one bar, *told* makes two, is
//! told 16 numbers and projects them.
//!
//! `-- step NET THREADS` prints one number, the median: microseconds a step. `benches/peers/gan.py` calls it so, in turn with PyTorch.

use aeolian::gan::{ExpertShape, Forger, ForgerShape, Game, Latent, Loss, Made, Rules};
use aeolian::nn::Curve;
use ndarray::Array2;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

const BATCH: usize = 64;

fn main() -> aeolian::Result<()> {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let [what, net, threads] = &words[..]
        && what == "step"
    {
        println!("{}", step(net == "told", threads.parse().unwrap_or(1))?);
        return Ok(());
    }
    for net in ["bars", "told"] {
        for threads in [1, 2] {
            println!(
                "{net}, {threads} threads: {:.0} µs a step",
                step(net == "told", threads)?
            );
        }
    }
    Ok(())
}

/// Microseconds a step. A batch is divided into as many parts as there are threads.
fn step(told: bool, threads: usize) -> aeolian::Result<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (groups, conditions, hidden) = if told {
        (32, 16, [256, 256])
    } else {
        (16, 1, [128, 256])
    };
    let forger = ForgerShape {
        latent: Latent {
            normals: 32,
            ..Latent::default()
        },
        told: conditions,
        hidden: hidden.to_vec(),
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![20; groups],
            not_in_short: Vec::new(),
        },
    };
    let expert = ExpertShape {
        told: conditions,
        group: Some(8),
        projects: told,
        ..ExpertShape::new(20 * groups, &[256, 128])
    };
    let rules = Rules {
        loss: Loss::Relativistic,
        penalty: 0.3,
        parts: threads,
        ..Rules::default()
    };
    let mut game = Game::new(Forger::new(&forger, &mut rng)?, expert.build(&mut rng)?, &rules)?;
    let mut real = Array2::<f32>::zeros((BATCH, 20 * groups));
    for mut row in real.rows_mut() {
        for group in 0..groups {
            row[20 * group + rng.random_range(0..20)] = 1.0;
        }
    }
    let told = Array2::from_shape_fn((BATCH, conditions), |_| rng.random_range(-1.0..1.0f32));
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    let mut times = Vec::new();
    for number in 0..150 {
        let start = Instant::now();
        pool.install(|| game.step(real.view(), told.view()))?;
        if number >= 30 {
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}
