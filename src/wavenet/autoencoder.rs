//! A WaveNet autoencoder (J. Engel et al., *Neural Audio Synthesis of Musical Notes with WaveNet Autoencoders*, 2017): one net hears a
//! tone and says in a few numbers how it sounds; another, a WaveNet, makes the tone from them.
//!
//! ```text
//! h = max(0, f(k - 1) · A₀ + f(k) · A₁ + f(k + 1) · A₂ + a)      f: log-mel frames, one for each hop of samples
//! g = max(0, h(k - 1) · B₀ + h(k) · B₁ + h(k + 1) · B₂ + b)
//! e = tanh(g · C + c)                                         the embedding: a few numbers a frame
//! c(t) = what is told of the score | e between the frames around sample t, in proportion
//! ```
//!
//! Shapes: `F` frames, `M` mel bands, `H` units, `E` numbers of the embedding; frames `[F][M]`, embedding `[F][E]`. Frame `k` is centred
//! on sample `k` times the hop.
//!
//! Left out: the paper's encoder, which hears samples and not spectra; with as little to learn from, spectra are the better start.

use super::cue::Conditioning;
use super::decoder::Decoder;
use super::model::{Moment, roughen};
use super::neighbours::Neighbours;
use super::net::{Net, NetShape};
use super::player::WaveNetPlayer;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{
    Activation, Curve, Dense, Layer, Learner, Parameter, Saved, SoftmaxCrossEntropy, Stack, Window,
};
use crate::sound::{Sound, Spectrogram, mu_law};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What it takes to make an autoencoder; a file says it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AutoencoderShape {
    /// The decoder's net.
    pub net: NetShape,
    /// What the decoder is told of the score.
    pub conditioning: Conditioning,
    /// Samples from frame to frame. A frame sees twice as many.
    pub hop: usize,
    /// `M`: mel bands of a frame.
    pub bands: usize,
    /// `H`: units of the encoder.
    pub units: usize,
    /// `E`: numbers of the embedding.
    pub embedding: usize,
}

impl AutoencoderShape {
    /// The log-mel frames of a tone `[F][M]`, as the encoder hears them: 0 for -40 decibels, 1 more for each 20.
    ///
    /// # Errors
    /// If its rate is not the model's.
    pub fn frames(&self, tone: &Sound) -> Result<Array2<f32>> {
        let rate = self.conditioning.rate;
        if tone.rate() != rate {
            return Err(Error::value(
                format!("A tone at {} Hz, and the model hears {rate}", tone.rate()),
                "Bring it to the same rate first, with resampled",
            ));
        }
        let hop = self.hop as f64 / f64::from(rate);
        let levels = Spectrogram::with(tone, 2.0 * hop, hop).mel(self.bands);
        // What is softer than 80 decibels below full scale is not heard.
        Ok(levels.mapv(|level| (level.max(-80.0) + 40.0) / 20.0))
    }

    fn conditions(&self) -> usize {
        self.conditioning.width().saturating_add(self.embedding)
    }
}

/// A sample of a tone: what is told of it, and which of the [tones](Autoencoder::hearing) it is of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ToneMoment {
    /// Its code and its cue, whose age says where in the tone it is.
    pub moment: Moment,
    /// The number of the tone.
    pub tone: u32,
}

/// A model that hears tones and makes them again.
#[derive(Clone, Debug)]
pub struct Autoencoder {
    shape: AutoencoderShape,
    encoder: Stack,
    net: Net,
    loss: SoftmaxCrossEntropy,
    /// The frames `[F][M]` of each tone that it learns from.
    tones: Arc<[Array2<f32>]>,
    roughening: f32,
    blur: f32,
    seed: Option<u64>,
    codes: Vec<u8>,
    told: Vec<f32>,
    targets: Vec<Option<usize>>,
    /// Those of the pieces side by side, `[F B][M]` and `[F B][E]`.
    frames: Buffer,
    embedding: Array2<f32>,
    /// The age of each row, if something sounds.
    ages: Vec<Option<usize>>,
}

impl Autoencoder {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If there is no net of this shape.
    pub fn new(shape: &AutoencoderShape, rng: &mut impl Rng) -> Result<Autoencoder> {
        let AutoencoderShape {
            hop,
            bands,
            units,
            embedding,
            ..
        } = *shape;
        if [hop, bands, units, embedding].contains(&0) || Autoencoder::numbers(shape).is_none() {
            return Err(Error::value(
                format!("There is no autoencoder of {shape:?}"),
                "Ask for at least one sample, band, unit and number, and for less than the memory holds",
            ));
        }
        Ok(Autoencoder {
            encoder: Stack::new()
                .with(Neighbours::new())
                .with(Dense::new("encoder0", 3 * bands, units, rng))
                .with(Activation::new(Curve::Relu))
                .with(Neighbours::new())
                .with(Dense::new("encoder1", 3 * units, units, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("encoder2", units, embedding, rng))
                .with(Activation::new(Curve::Tanh)),
            net: Net::new(&shape.net, shape.conditions(), rng)?,
            shape: shape.clone(),
            loss: SoftmaxCrossEntropy::default(),
            tones: Arc::new([]),
            roughening: 0.0,
            blur: 0.0,
            seed: None,
            codes: Vec::new(),
            told: Vec::new(),
            targets: Vec::new(),
            frames: Buffer::default(),
            embedding: Array2::zeros((0, embedding)),
            ages: Vec::new(),
        })
    }

    /// The decoder's net.
    pub fn net(&mut self) -> &mut Net {
        &mut self.net
    }

    /// Roughens the codes that it hears while it learns, as [`WaveNet::roughened`](super::WaveNet::roughened) does, and blurs the
    /// embedding by Gaussian noise of the deviation `blur`: so what lies close in the embedding has to sound alike.
    #[must_use]
    pub fn roughened(self, codes: f32, blur: f32) -> Autoencoder {
        Autoencoder {
            roughening: codes,
            blur,
            ..self
        }
    }

    /// With the tones that pieces of [`ToneMoment`]s name by their number. They last equally long.
    ///
    /// # Errors
    /// If one has another length or rate.
    pub fn hearing(mut self, tones: &[Sound]) -> Result<Autoencoder> {
        let frames: Vec<Array2<f32>> = tones
            .iter()
            .map(|tone| self.shape.frames(tone))
            .collect::<Result<_>>()?;
        let count = frames.first().map_or(0, Array2::nrows);
        for frames in &frames {
            let bands = self.shape.bands;
            buffer::check("A tone's frames", frames.dim(), (count, bands))?;
        }
        self.tones = frames.into();
        Ok(self)
    }

    /// The embedding of a tone `[F][E]`: numbers between -1 and 1.
    ///
    /// # Errors
    /// If its rate is not the model's.
    pub fn encode(&mut self, tone: &Sound) -> Result<Array2<f32>> {
        let frames = self.shape.frames(tone)?;
        self.encoder.begin(1);
        Ok(self.encoder.forward(frames.view())?.to_owned())
    }

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
        self.embedding = self.encoder.forward(self.frames.view())?.to_owned();
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

/// The frames around a sample, and how much of each: the later one may be the last, twice.
fn around(age: usize, hop: usize, frames: usize) -> [(usize, f32); 2] {
    let last = frames.saturating_sub(1);
    let part = (age % hop) as f32 / hop as f32;
    [
        ((age / hop).min(last), 1.0 - part),
        ((age / hop + 1).min(last), part),
    ]
}

/// The embedding at a sample, between the frames around it, into `row` `[E]`.
pub(super) fn between(embedding: ArrayView2<f32>, age: usize, hop: usize, row: &mut [f32]) {
    row.fill(0.0);
    if embedding.nrows() == 0 {
        return;
    }
    for (frame, part) in around(age, hop, embedding.nrows()) {
        for (to, from) in row.iter_mut().zip(embedding.row(frame)) {
            *to += part * from;
        }
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
        (self.ages.clear(), self.targets.clear());
        for (row, (told, next)) in self.told.chunks_exact_mut(width).zip(&window.next).enumerate() {
            let (score, sound) = told.split_at_mut(conditioning.width());
            if let Some(ToneMoment { moment, .. }) = next {
                conditioning.fill(moment.cue, score);
                let frames = self
                    .embedding
                    .slice(ndarray::s![row % window.batch..; window.batch, ..]);
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
                let from = dconditions.slice(ndarray::s![row, score..]);
                dembedding
                    .row_mut(frame * batch + row % batch)
                    .scaled_add(part, &from);
            }
        }
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

impl Saved for Autoencoder {
    type Shape = AutoencoderShape;
    const NAME: &'static str = "Autoencoder";

    fn shape(&self) -> AutoencoderShape {
        self.shape.clone()
    }

    fn numbers(shape: &AutoencoderShape) -> Option<usize> {
        let AutoencoderShape {
            bands,
            units,
            embedding,
            ..
        } = *shape;
        let dense = |inputs: usize, outputs: usize| inputs.checked_add(1)?.checked_mul(outputs);
        dense(bands.checked_mul(3)?, units)?
            .checked_add(dense(units.checked_mul(3)?, units)?)?
            .checked_add(dense(units, embedding)?)?
            .checked_add(shape.net.numbers(shape.conditions())?)
    }

    fn empty(shape: &AutoencoderShape) -> Result<Autoencoder> {
        Autoencoder::new(shape, &mut ChaCha8Rng::seed_from_u64(0))
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.parameters()
    }
}
