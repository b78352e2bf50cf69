//! Training and playing an LSTM: `cargo bench -p benches --bench nn`. Embedding 64, vocabulary 100, windows of 64 steps, Adam.
//!
//! `cargo bench -p benches --bench nn -- step HIDDEN BATCH THREADS` or `-- play HIDDEN` prints one number, the median: milliseconds a step of
//! the optimiser, or microseconds a symbol. `benches/peers/nn.py` calls it so, in turn with PyTorch.

use aeolian::nn::{Learner, Training, train};
use aeolian::predict::{Predictor, Sampling};
use aeolian::recurrent::{Architecture, SequenceModel};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

const VOCABULARY: usize = 100;
const WINDOW: usize = 64;
/// Steps that are measured, and those before that are not.
const STEPS: usize = 12;
const BEFORE: usize = 3;

fn main() -> aeolian::Result<()> {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(1);
    match words.first().map(String::as_str) {
        Some("step") => println!("{}", step(number(1), number(2), number(3))?),
        Some("play") => println!("{}", play(number(1))?),
        _ => {
            for (hidden, batch) in [(128, 32), (128, 64), (256, 32), (256, 64)] {
                let [one, two] = [step(hidden, batch, 1)?, step(hidden, batch, 2)?];
                println!(
                    "step, hidden {hidden}, batch {batch}: {one:.1} ms on one thread, {two:.1} ms on two"
                );
            }
            for hidden in [128, 256] {
                println!("a symbol, hidden {hidden}: {:.2} µs", play(hidden)?);
            }
        }
    }
    Ok(())
}

fn model(hidden: usize) -> aeolian::Result<SequenceModel> {
    let architecture = Architecture {
        embedding: 64,
        units: hidden,
        ..Architecture::default()
    };
    SequenceModel::new(VOCABULARY, &architecture, &mut ChaCha8Rng::seed_from_u64(1))
}

/// Milliseconds a step, the median. A batch is learned in as many parts as there are threads.
fn step(hidden: usize, batch: usize, threads: usize) -> aeolian::Result<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut piece = || {
        (0..WINDOW * (BEFORE + STEPS))
            .map(|_| rng.random_range(0..VOCABULARY))
            .collect()
    };
    let pieces: Vec<Vec<usize>> = (0..batch).map(|_| piece()).collect();
    let settings = Training {
        batch,
        parts: threads,
        window: WINDOW,
        epochs: 1,
        ..Training::default()
    };
    let mut model = model(hidden)?;
    let mut times = Vec::new();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    pool.install(|| {
        let mut last = Instant::now();
        train(&mut model, &pieces, &[], &settings, |now| {
            if now.validation.is_none() {
                times.push(last.elapsed().as_secs_f64() * 1e3);
                last = Instant::now();
            }
        })
    })?;
    Ok(median(times.split_off(BEFORE)))
}

/// Microseconds a symbol: predicted, drawn and heard.
fn play(hidden: usize) -> aeolian::Result<f64> {
    let mut player = model(hidden)?.player()?;
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut probabilities = [0.0; VOCABULARY];
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..500 {
            player.predict(&mut probabilities);
            if let Some(symbol) = Sampling::default().draw(&probabilities, &mut rng) {
                player.hear(symbol);
            }
        }
        times.push(start.elapsed().as_secs_f64() * 1e6 / 500.0);
    }
    Ok(median(times))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
