//! An iteration of Baum–Welch: `cargo bench -p benches --bench hidden`.
//!
//! - `symbols`: 32 states, 100 sequences of 200 symbols, on one core. It has to take less than a fifth of the time
//!   that hmmlearn takes for the same: `benches/peers/hmm.py`.
//! - `chords`: 128 states, 229 sequences of 60 frames, on all cores. A hundred iterations have to stay below two minutes.

use aeolian::markov::hidden::{Chords, HiddenMarkov, PseudoCounts, Symbols};
use aeolian::music::frames::{Frame, KEYS};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() {
    divan::main()
}

/// The generator of Numerical Recipes, as in the peer's script.
struct Congruential(u32);

impl Congruential {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % limit
    }
}

/// Walks: each step goes up 0 to 6 symbols.
fn walks(sequences: usize, length: usize, alphabet: usize) -> Vec<Vec<usize>> {
    let (mut random, mut symbol) = (Congruential(1), 0);
    let mut step = || {
        symbol = (symbol + random.below(7) as usize) % alphabet;
        symbol
    };
    (0..sequences)
        .map(|_| (0..length).map(|_| step()).collect())
        .collect()
}

/// Four voices that wander through the triads of a key, a frame a beat.
fn chorales(sequences: usize, length: usize) -> Vec<Vec<Frame>> {
    let mut random = Congruential(1);
    let mut chorale = || {
        let tonic = 24 + random.below(12) as usize;
        let mut degree = 0;
        let mut frame = || {
            degree = (degree + [0, 3, 4, 5][random.below(4) as usize]) % 7;
            let mut frame = [false; KEYS];
            for octave in [0, 1, 1, 2] {
                let step = degree + 2 * random.below(3) as usize;
                let scale = [0, 2, 4, 5, 7, 9, 11][step % 7] + 12 * (step / 7);
                frame[(tonic + scale + 12 * octave) % KEYS] = true;
            }
            frame
        };
        (0..length).map(|_| frame()).collect()
    };
    (0..sequences).map(|_| chorale()).collect()
}

#[divan::bench(sample_count = 20)]
fn symbols(bencher: divan::Bencher) {
    let sequences = walks(100, 200, 40);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let emission = Symbols::random(32, 40, &mut rng).expect("some states");
    let model = HiddenMarkov::random(emission, &mut rng);
    let one_core = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    bencher.bench_local(|| one_core.install(|| model.improved(&sequences, &PseudoCounts::default())));
}

#[divan::bench(sample_count = 10)]
fn chords(bencher: divan::Bencher) {
    let sequences = chorales(229, 60);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let emission = Chords::from_frames(128, &sequences, &mut rng).expect("some frames");
    let model = HiddenMarkov::random(emission, &mut rng);
    bencher.bench_local(|| model.improved(&sequences, &PseudoCounts::default()));
}

/// The whole training, with what it came to.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn chords_until_little_changes(bencher: divan::Bencher) {
    let sequences = chorales(229, 60);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let emission = Chords::from_frames(128, &sequences, &mut rng).expect("some frames");
    let start = HiddenMarkov::random(emission, &mut rng);
    bencher.bench_local(|| {
        let mut model = start.clone();
        let curve = model
            .fit(&sequences, &Default::default(), |_, _| {})
            .expect("a model");
        let nats = -curve.last().expect("an iteration") / (229.0 * 60.0);
        println!("{} iterations, {nats:.3} nats a frame", curve.len() - 1);
        model
    });
}
