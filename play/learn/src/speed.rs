//! The same work here and there, to be timed.

use aeolian::Result;
use aeolian::nn::{Course, Learner, Training};
use aeolian::predict::Predictor;
use aeolian::recurrent::{Architecture, SequenceModel};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SYMBOLS: usize = 60;

fn model(units: usize) -> Result<SequenceModel> {
    let size = Architecture {
        units,
        ..Architecture::default()
    };
    SequenceModel::new(SYMBOLS, &size, &mut ChaCha8Rng::seed_from_u64(1))
}

/// So many steps of training an LSTM of so many units, each of 16 pieces and 72 symbols. Gives the nats of the last.
pub fn learned(units: usize, steps: usize) -> Result<f64> {
    let piece = |start: usize| -> Vec<usize> {
        (0..72 * steps)
            .map(|i| (start + i * (1 + i % 7)) % SYMBOLS)
            .collect()
    };
    let pieces: Vec<Vec<usize>> = (0..16).map(piece).collect();
    let settings = Training {
        batch: 16,
        parts: 1,
        window: 72,
        epochs: 1,
        ..Training::default()
    };
    let mut course = Course::new(&model(units)?, pieces, Vec::new(), &settings)?;
    let mut nats = 0.0;
    while course.goes_on() {
        if let Some(now) = course.step()? {
            nats = now.nats;
        }
    }
    Ok(nats)
}

/// So many symbols heard, and what comes next foretold. Gives the probability of the last of them.
pub fn played(units: usize, symbols: usize) -> Result<f64> {
    let mut player = model(units)?.player()?;
    let mut probabilities = [0.0; SYMBOLS];
    for i in 0..symbols {
        player.hear(i % SYMBOLS);
        player.predict(&mut probabilities);
    }
    Ok(probabilities[symbols % SYMBOLS])
}
