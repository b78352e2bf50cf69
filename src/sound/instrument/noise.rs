//! The noise in tones: breath, bow hair, the knock of a hammer.

use super::resonance::Resonances;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::sync::LazyLock;

const LENGTH: usize = 1 << 16;

/// One and a half seconds of white noise between -1 and 1, the same in every run.
static WHITE: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let mut rng = ChaCha8Rng::seed_from_u64(1983);
    (0..LENGTH).map(|_| rng.random_range(-1.0..1.0)).collect()
});

/// Endless white noise, begun at a place that depends on the pitch, so that two tones do not share theirs.
pub fn white(hertz: f64) -> impl Iterator<Item = f32> {
    let from = (hertz * 997.0) as usize % LENGTH;
    let white = WHITE.as_slice();
    (from..).map(move |place| white[place % LENGTH])
}

/// Adds a burst of noise around `hertz`, `quality` times as high as wide, that falls by 60 dB in `decay` seconds.
pub fn burst(samples: &mut [f32], level: f64, hertz: f64, quality: f64, decay: f64, rate: u32) {
    let frames = (decay * f64::from(rate)).max(1.0);
    let shrink = 1000f64.powf(-1.0 / frames) as f32;
    let mut around = Resonances::new([(hertz, quality, level)], rate);
    let mut loudness = 1.0;
    for (sample, noise) in samples.iter_mut().zip(white(hertz)).take((1.5 * frames) as usize) {
        *sample += loudness * around.next(noise);
        loudness *= shrink;
    }
}
