//! Training a WaveNet and making sound with it: `cargo bench -p benches --bench wavenet`. Residual 32, skip 64, dilations 1 to 256 twice.
//!
//! `-- step SOUNDS SAMPLES THREADS` prints one number, the median: microseconds a sample of a training step; `-- play` and `-- plain`
//! print microseconds a sample made, with queues and without. `benches/peers/wavenet.py` calls it so, in turn with PyTorch.

use aeolian::nn::{Learner, Training, train};
use aeolian::predict::Predictor;
use aeolian::wavenet::{Moment, Net, NetShape, WaveNet, WaveNetShape};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

fn main() -> aeolian::Result<()> {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse().ok()).unwrap_or(1);
    match words.first().map(String::as_str) {
        Some("step") => println!("{}", step(number(1), number(2), number(3))?),
        Some("play") => println!("{}", play()?),
        Some("plain") => println!("{}", plain()?),
        _ => {
            for (sounds, samples, threads) in [(4, 4096, 1), (4, 4096, 2), (1, 1024, 1), (2, 512, 2)] {
                let micros = step(sounds, samples, threads)?;
                println!("step, {sounds} x {samples}, {threads} threads: {micros:.2} µs a sample");
            }
            println!("made with queues: {:.2} µs a sample", play()?);
            println!("made the plain way: {:.0} µs a sample", plain()?);
        }
    }
    Ok(())
}

fn shape() -> NetShape {
    NetShape::doubling(9, 2)
}

/// Microseconds a sample of a training step. A batch is learned in as many parts as there are threads.
fn step(sounds: usize, samples: usize, threads: usize) -> aeolian::Result<f64> {
    let steps = (1 << 17) / (sounds * samples);
    let before = steps / 4;
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let mut moment = || Moment {
        code: rng.random_range(64..192),
        ..Moment::default()
    };
    let pieces: Vec<Vec<Moment>> = (0..sounds)
        .map(|_| (0..samples * (before + steps)).map(|_| moment()).collect())
        .collect();
    let settings = Training {
        batch: sounds,
        parts: threads,
        window: samples,
        epochs: 1,
        ..Training::default()
    };
    let shape = WaveNetShape {
        net: shape(),
        conditioning: None,
    };
    let mut model = WaveNet::new(&shape, &mut ChaCha8Rng::seed_from_u64(1))?;
    let mut times = Vec::new();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    pool.install(|| {
        let mut last = Instant::now();
        train(&mut model, &pieces, &[], &settings, |now| {
            if now.validation.is_none() {
                times.push(last.elapsed().as_secs_f64() * 1e6 / (sounds * samples) as f64);
                last = Instant::now();
            }
        })
    })?;
    Ok(median(times.split_off(before)))
}

/// Microseconds a sample: predicted, drawn and heard.
fn play() -> aeolian::Result<f64> {
    let shape = WaveNetShape {
        net: shape(),
        conditioning: None,
    };
    let mut player = WaveNet::new(&shape, &mut ChaCha8Rng::seed_from_u64(1))?.player()?;
    player.forget();
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut times = Vec::new();
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..2000 {
            player.draw(1.0, &mut rng);
        }
        times.push(start.elapsed().as_secs_f64() * 1e6 / 2000.0);
    }
    Ok(median(times))
}

/// Microseconds a sample when the whole receptive field is gone through for each.
fn plain() -> aeolian::Result<f64> {
    let mut net = Net::new(&shape(), 0, &mut ChaCha8Rng::seed_from_u64(1))?;
    let codes = vec![128; shape().receptive_field()];
    let mut times = Vec::new();
    for _ in 0..10 {
        let start = Instant::now();
        net.begin(1);
        net.forward(&codes, &[])?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(times))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
