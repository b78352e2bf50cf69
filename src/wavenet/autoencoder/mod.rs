//! A WaveNet autoencoder (J. Engel et al., *Neural Audio Synthesis of Musical Notes with WaveNet Autoencoders*, 2017): one net hears a
//! tone and says in a few numbers how it sounds; another, a WaveNet, makes the tone from them.
//!
//! ```text
//! h = max(0, f(k - 1) · A₀ + f(k) · A₁ + f(k + 1) · A₂ + a)      f: log-mel frames, one for each hop of samples
//! g = max(0, h(k - 1) · B₀ + h(k) · B₁ + h(k + 1) · B₂ + b)
//! e = tanh((g · C + c) / 8)                                   the embedding: a few numbers a frame
//! c(t) = what is told of the score | e between the frames around sample t, in proportion
//! ```
//!
//! Shapes: `F` frames, `M` mel bands, `H` units, `E` numbers of the embedding; frames `[F][M]`, embedding `[F][E]`. Frame `k` is centred
//! on sample `k` times the hop.
//!
//! Left out: the paper's encoder, which hears samples and not spectra; with as little to learn from, spectra are the better start.

mod decoder;
mod embedding;
mod learner;

pub use decoder::Decoder;

use super::{Conditioning, Moment, Net, NetShape};
use crate::nn::buffer::{self, Buffer};
use crate::nn::{
    Activation, Curve, Dense, Layer, Learner, Neighbours, Parameter, Saved, SoftmaxCrossEntropy, Stack,
};
use crate::sound::{Sound, Spectrogram};
use crate::{Error, Result};
use embedding::bend;
use ndarray::Array2;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
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
    /// The log-mel frames of a tone `[F][M]`, as the encoder hears them: from -0.5 for -80 decibels and less to 0.5 for 0.
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
        Ok(levels.mapv(|level| (level.max(-80.0) + 40.0) / 80.0))
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
    /// The same before it was blurred.
    bent: Array2<f32>,
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
            encoder: encoder(shape, rng),
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
            bent: Array2::zeros((0, embedding)),
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
        Ok(bend(self.encoder.forward(frames.view())?))
    }
}

// ANCHOR: encoder
/// Frames `[F][M]` to the embedding `[F][E]`, before it is bent.
fn encoder(shape: &AutoencoderShape, rng: &mut impl Rng) -> Stack {
    let (bands, units) = (shape.bands, shape.units);
    Stack::new()
        .with(Neighbours::new())
        .with(Dense::new("encoder0", 3 * bands, units, rng))
        .with(Activation::new(Curve::Relu))
        .with(Neighbours::new())
        .with(Dense::new("encoder1", 3 * units, units, rng))
        .with(Activation::new(Curve::Relu))
        .with(Dense::new("encoder2", units, shape.embedding, rng)) // and into a tanh: see `bend`
}
// ANCHOR_END: encoder

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

#[cfg(test)]
mod tests;
