//! How fast a score is performed: at least 100 times faster than it sounds, on one core.
//!
//! `cargo bench -p benches --bench perform`; divan's "fastest" is the figure to trust on a shared machine.

use aeolian::music::{Note, Pitch, Score};
use aeolian::sound::{Instrument, RATE, perform};
use divan::Bencher;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Instant;

/// General MIDI programs of the ten voices: every instrument of the library but the kit, which is added.
const PROGRAMS: [u8; 10] = [0, 24, 11, 73, 40, 48, 19, 33, 46, 0];

/// A minute of ten voices that never rest: pitches, lengths and velocities drawn at random.
fn score() -> Score {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut score = Score::new("ten voices", 4).with_tempo(120.0);
    for program in PROGRAMS {
        let mut notes = Vec::new();
        let mut now = 0;
        while now < 480 {
            let pitch = Pitch::from_midi(rng.random_range(40..80)).unwrap_or(Pitch::C4);
            notes.push(Note {
                onset: now,
                duration: rng.random_range(1..=8),
                pitch,
                velocity: rng.random_range(50..=110),
            });
            now = notes[notes.len() - 1].end();
        }
        score = score.with_voice("", program, notes);
    }
    score.voices[9].percussion = true;
    score
}

fn main() {
    // One core, whatever the machine has.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    pool.unwrap_or_else(|error| eprintln!("more than one core is used: {error}"));
    let score = score();
    let fastest = (0..10).map(|_| {
        let start = Instant::now();
        divan::black_box(perform(&score)).unwrap_or_else(|error| panic!("{error}"));
        start.elapsed().as_secs_f64()
    });
    let fastest = fastest.fold(f64::INFINITY, f64::min);
    println!(
        "ten voices: {:.0} times faster than real time, one core",
        score.seconds() / fastest
    );
    divan::main();
}

#[divan::bench]
fn ten_voices_of_a_minute(bencher: Bencher) {
    let score = score();
    bencher.bench(|| perform(&score));
}

/// Middle C held for half a second; throughput in samples.
#[divan::bench(args = Instrument::ALL)]
fn tone(bencher: Bencher, instrument: Instrument) {
    let samples = instrument.tone(261.6, 0.5, 80, RATE).len();
    bencher
        .counter(divan::counter::ItemsCount::new(samples))
        .bench(|| instrument.tone(261.6, 0.5, 80, RATE));
}
