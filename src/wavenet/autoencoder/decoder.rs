//! A decoder that plays: tones from embeddings.

use super::embedding::between;
use crate::predict::Predictor;
use crate::sound::{Sound, mu_law};
use crate::wavenet::{Cue, WaveNetPlayer};
use ndarray::ArrayView2;
use rand::Rng;

/// The decoder of an [`Autoencoder`](super::Autoencoder), playing.
#[derive(Debug)]
pub struct Decoder {
    pub(super) player: WaveNetPlayer,
    /// Samples a second.
    pub(super) rate: u32,
    /// Samples from frame to frame.
    pub(super) hop: usize,
    /// Of the sample to come `[E]`.
    pub(super) numbers: Vec<f32>,
}

impl Decoder {
    /// A new tone begins: before it there was nothing.
    pub fn forget(&mut self) {
        self.player.forget();
    }

    /// How likely each code is at a sample: this note, at this age, sounding as the embedding `[F][E]` says. After its last frame the
    /// embedding stays as it is.
    pub fn expects(&mut self, embedding: ArrayView2<f32>, cue: Cue) -> Vec<f64> {
        self.listen(embedding, cue);
        let mut probabilities = vec![0.0; mu_law::CODES];
        self.player.predict(&mut probabilities);
        probabilities
    }

    /// Hears the code of that sample.
    pub fn hear(&mut self, code: u8) {
        self.player.hear(usize::from(code));
    }

    /// Draws that code at this temperature, and hears it.
    pub fn draw(&mut self, embedding: ArrayView2<f32>, cue: Cue, temperature: f32, rng: &mut impl Rng) -> u8 {
        self.listen(embedding, cue);
        self.player.draw(temperature, rng)
    }

    /// The probabilities from which the latest code was drawn `[256]`.
    pub fn drawn_from(&self) -> &[f32] {
        self.player.drawn_from()
    }

    fn listen(&mut self, embedding: ArrayView2<f32>, cue: Cue) {
        between(embedding, cue.age as usize, self.hop, &mut self.numbers);
        self.player.cue_beside(cue, &self.numbers);
    }

    /// A whole tone of this pitch (a MIDI number), as long as the embedding `[F][E]`.
    pub fn tone(
        &mut self,
        embedding: ArrayView2<f32>,
        pitch: u8,
        temperature: f32,
        rng: &mut impl Rng,
    ) -> Sound {
        self.forget();
        let length = embedding.nrows().saturating_sub(1) * self.hop;
        let cues = (0..length).map(|age| Cue {
            pitch: Some(pitch),
            age: age as u32,
        });
        let mut sample = |cue| mu_law::decode(self.draw(embedding, cue, temperature, rng));
        let samples = cues.map(&mut sample).collect();
        Sound::mono(self.rate, samples)
    }
}
