//! How an autoencoder learns: both halves at once, from windows cut out of tones.

use super::embedding::{around, bend, between, unbend};
use super::{Autoencoder, Decoder, ToneMoment};
use crate::nn::{Layer, Learner, Parameter, Window};
use crate::sound::mu_law;
use crate::wavenet::WaveNetPlayer;
use crate::wavenet::model::roughen;
use crate::{Error, Result};
use ndarray::{Array2, s};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

impl Autoencoder {
    /// The tones of the pieces of a window, one for each piece.
    fn tones_of(&self, window: &Window<ToneMoment>) -> Result<Vec<u32>> {
        let of = |piece: usize| {
            let mut named = window
                .next
                .iter()
                .skip(piece)
                .step_by(window.batch.max(1))
                .flatten()
                .map(|next| next.tone);
            let tone = named.next().unwrap_or_default();
            let known = usize::try_from(tone).is_ok_and(|tone| tone < self.tones.len());
            if !known || named.any(|other| other != tone) {
                return Err(Error::value(
                    format!("A piece is of tone {tone}, which is unknown or not its only one"),
                    "Cut each piece out of one of the tones that the model was given with `hearing`",
                ));
            }
            Ok(tone)
        };
        (0..window.batch).map(of).collect()
    }

    /// The tones' frames to embeddings, blurred while it learns.
    fn embed(&mut self, tones: &[u32]) -> Result<()> {
        let tones: Vec<&Array2<f32>> = tones.iter().map(|tone| &self.tones[*tone as usize]).collect();
        let (count, bands) = tones.first().map_or((0, 0), |first| first.dim());
        let rows = self
            .frames
            .resize(count * tones.len(), bands)
            .chunks_exact_mut(bands.max(1));
        let frames = (0..count).flat_map(|frame| tones.iter().map(move |tone| tone.row(frame)));
        for (to, from) in rows.zip(frames) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        self.encoder.begin(tones.len());
        self.bent = bend(self.encoder.forward(self.frames.view())?);
        self.embedding.clone_from(&self.bent);
        if let Some(seed) = self.seed.filter(|_| self.blur > 0.0) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(1); // the codes' noise is drawn from the first
            let blur = self.blur;
            self.embedding.mapv_inplace(|number| {
                let noise: f32 = StandardNormal.sample(&mut rng);
                number + blur * noise
            });
        }
        Ok(())
    }
}

impl Learner for Autoencoder {
    type Item = ToneMoment;
    type Player = Decoder;

    /// Encoder, table, each block, head.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.encoder.parameters();
        all.extend(self.net.parameters());
        all
    }

    fn begin(&mut self, batch: usize) {
        self.net.begin(batch);
    }

    /// With a seed, as it learns, what it hears is [roughened](Autoencoder::roughened).
    fn dropout(&mut self, seed: Option<u64>) {
        self.seed = seed;
    }

    fn forward(&mut self, window: &Window<ToneMoment>) -> Result<f64> {
        window.check(self.net.batch())?;
        let tones = self.tones_of(window)?;
        self.embed(&tones)?;
        self.codes.clear();
        let code = |moment: &Option<ToneMoment>| moment.map_or(mu_law::SILENCE, |moment| moment.moment.code);
        self.codes.extend(window.heard.iter().map(code));
        if let Some(seed) = self.seed {
            roughen(&mut self.codes, self.roughening, seed);
        }
        let (conditioning, width) = (self.shape.conditioning, self.shape.conditions());
        self.told.clear();
        self.told.resize(window.next.len() * width, 0.0);
        self.ages.clear();
        self.targets.clear();
        for (row, (told, next)) in self.told.chunks_exact_mut(width).zip(&window.next).enumerate() {
            let (score, sound) = told.split_at_mut(conditioning.width());
            if let Some(ToneMoment { moment, .. }) = next {
                conditioning.fill(moment.cue, score);
                let frames = self.embedding.slice(s![row % window.batch..; window.batch, ..]);
                between(frames, moment.cue.age as usize, self.shape.hop, sound);
            }
            self.ages.push(next.map(|next| next.moment.cue.age as usize));
            self.targets.push(next.map(|next| usize::from(next.moment.code)));
        }
        let logits = self.net.forward(&self.codes, &self.told)?;
        self.loss.forward(logits, &self.targets)
    }

    fn backward(&mut self, scale: f32) -> Result<()> {
        let batch = self.net.batch().max(1);
        let dconditions = self.net.backward(self.loss.backward(scale)?, true)?;
        let mut dembedding = Array2::<f32>::zeros(self.embedding.dim());
        let frames = dembedding.nrows() / batch;
        let score = self.shape.conditioning.width();
        for (row, age) in self.ages.iter().enumerate() {
            let Some(age) = age else { continue };
            for (frame, part) in around(*age, self.shape.hop, frames) {
                let from = dconditions.slice(s![row, score..]);
                dembedding
                    .row_mut(frame * batch + row % batch)
                    .scaled_add(part, &from);
            }
        }
        unbend(&self.bent, &mut dembedding);
        self.encoder.backward(dembedding.view())?;
        Ok(())
    }

    fn player(&self) -> Result<Decoder> {
        let conditioning = Some(self.shape.conditioning);
        Ok(Decoder {
            player: WaveNetPlayer::new(self.net.queues()?, conditioning)?,
            rate: self.shape.conditioning.rate,
            hop: self.shape.hop,
            numbers: vec![0.0; self.shape.embedding],
        })
    }
}
