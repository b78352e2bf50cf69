//! A model of sound that plays.

use super::cue::{Conditioning, Cue};
use super::queue::Queues;
use crate::Result;
use crate::nn::softmax;
use crate::predict::Predictor;
use crate::sound::mu_law;
use rand::{Rng, RngExt};

/// A [`WaveNet`](super::WaveNet) that plays: each sample after those before, with queues.
#[derive(Debug)]
pub struct WaveNetPlayer {
    queues: Queues,
    conditioning: Option<Conditioning>,
    cue: Cue,
    told: Vec<f32>,
    last: u8,
    /// The logits of the sample to come, once they are known.
    logits: Vec<f32>,
    known: bool,
    probabilities: Vec<f32>,
}

impl WaveNetPlayer {
    pub(super) fn new(queues: Queues, conditioning: Option<Conditioning>) -> Result<WaveNetPlayer> {
        Ok(WaveNetPlayer {
            told: vec![0.0; queues.conditions()],
            queues,
            conditioning,
            cue: Cue::default(),
            last: mu_law::SILENCE,
            logits: vec![0.0; mu_law::CODES],
            known: false,
            probabilities: vec![0.0; mu_law::CODES],
        })
    }

    /// Tells which note sounds at the sample to come. Until the next cue it stays so, and grows older.
    pub fn cue(&mut self, cue: Cue) {
        self.cue = cue;
        self.known = false;
    }

    /// Draws the code of the sample to come at this temperature, and hears it.
    pub fn draw(&mut self, temperature: f32, rng: &mut impl Rng) -> u8 {
        self.listen();
        let warm = 1.0 / temperature.max(1e-3);
        self.probabilities.clear();
        self.probabilities
            .extend(self.logits.iter().map(|logit| logit * warm));
        softmax(&mut self.probabilities);
        let mut left: f32 = rng.random();
        let drawn = self.probabilities.iter().position(|probability| {
            left -= probability;
            left < 0.0
        });
        // Rounding may leave a crumb.
        let code = drawn.map_or(mu_law::SILENCE, |code| code as u8);
        self.hear(usize::from(code));
        code
    }

    /// The probabilities from which the latest code was drawn `[256]`.
    pub fn drawn_from(&self) -> &[f32] {
        &self.probabilities
    }

    /// Works the logits out, unless they are known.
    fn listen(&mut self) {
        if self.known {
            return;
        }
        if let Some(conditioning) = self.conditioning {
            conditioning.fill(self.cue, &mut self.told);
        }
        self.logits
            .copy_from_slice(self.queues.step(self.last, &self.told));
        self.known = true;
    }
}

/// A code is a symbol.
impl Predictor for WaveNetPlayer {
    fn alphabet(&self) -> usize {
        mu_law::CODES
    }

    fn forget(&mut self) {
        self.queues.forget();
        (self.cue, self.last, self.known) = (Cue::default(), mu_law::SILENCE, false);
    }

    /// Hears a code. One above 255 is heard as the loudest.
    fn hear(&mut self, symbol: usize) {
        self.listen(); // the queues hear each code once, whether it was predicted or not
        self.last = symbol.min(255) as u8;
        self.cue.age = self.cue.age.saturating_add(1);
        self.known = false;
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        self.listen();
        self.probabilities.copy_from_slice(&self.logits);
        softmax(&mut self.probabilities);
        let total: f64 = self.probabilities.iter().copied().map(f64::from).sum();
        for (to, from) in probabilities.iter_mut().zip(&self.probabilities) {
            *to = f64::from(*from) / total;
        }
    }
}
