//! A net that learns sounds, code by code, and is told the score if there is one.

use super::cue::{Conditioning, Cue};
use super::net::{Net, NetShape};
use super::player::WaveNetPlayer;
use crate::Result;
use crate::nn::{Learner, Parameter, Saved, SoftmaxCrossEntropy, Window};
use crate::sound::mu_law;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// A sample of a sound, and what is told of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Moment {
    /// Its µ-law code.
    pub code: u8,
    /// The note that sounds then.
    pub cue: Cue,
}

/// A model of sound, sample by sample (A. van den Oord et al., *WaveNet*, 2016).
#[derive(Clone, Debug)]
pub struct WaveNet {
    shape: WaveNetShape,
    net: Net,
    loss: SoftmaxCrossEntropy,
    roughening: f32,
    seed: Option<u64>,
    codes: Vec<u8>,
    told: Vec<f32>,
    targets: Vec<Option<usize>>,
}

/// What it takes to make a model of sound; a file says it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WaveNetShape {
    /// Its net.
    pub net: NetShape,
    /// What it is told; nothing if it goes by its ear alone.
    pub conditioning: Option<Conditioning>,
}

impl WaveNetShape {
    fn conditions(&self) -> usize {
        self.conditioning.map_or(0, |conditioning| conditioning.width())
    }
}

/// Of so many windows all but one are roughened.
const SMOOTH: u32 = 5;

impl WaveNet {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If there is no net of this shape.
    pub fn new(shape: &WaveNetShape, rng: &mut impl Rng) -> Result<WaveNet> {
        Ok(WaveNet {
            net: Net::new(&shape.net, shape.conditions(), rng)?,
            shape: shape.clone(),
            loss: SoftmaxCrossEntropy::default(),
            roughening: 0.0,
            seed: None,
            codes: Vec::new(),
            told: Vec::new(),
            targets: Vec::new(),
        })
    }

    /// Its net.
    pub fn net(&mut self) -> &mut Net {
        &mut self.net
    }

    /// Roughens what it hears while it learns: in four of five windows the codes before, not those that come, get Gaussian noise of
    /// up to so many codes. So it learns to go on from a sound that is not quite right, such as its own.
    #[must_use]
    pub fn roughened(self, codes: f32) -> WaveNet {
        WaveNet {
            roughening: codes,
            ..self
        }
    }

    fn roughen(&mut self) {
        let Some(seed) = self.seed.filter(|_| self.roughening > 0.0) else {
            return;
        };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        if rng.random_range(0..SMOOTH) == 0 {
            return;
        }
        let deviation = self.roughening * rng.random::<f32>();
        for code in &mut self.codes {
            let noise: f32 = StandardNormal.sample(&mut rng);
            *code = (f32::from(*code) + deviation * noise).round().clamp(0.0, 255.0) as u8;
        }
    }
}

impl Learner for WaveNet {
    type Item = Moment;
    type Player = WaveNetPlayer;

    /// Table, each block, head.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.net.parameters()
    }

    fn begin(&mut self, batch: usize) {
        self.net.begin(batch);
    }

    /// With a seed, as it learns, what it hears is [roughened](WaveNet::roughened).
    fn dropout(&mut self, seed: Option<u64>) {
        self.seed = seed;
    }

    fn forward(&mut self, window: &Window<Moment>) -> Result<f64> {
        window.check(self.net.batch())?;
        self.codes.clear();
        let before = window.heard.iter();
        self.codes
            .extend(before.map(|moment| moment.map_or(mu_law::SILENCE, |moment| moment.code)));
        self.roughen();
        self.told.clear();
        if let Some(conditioning) = self.shape.conditioning {
            let width = conditioning.width();
            self.told.resize(window.next.len() * width, 0.0);
            for (row, moment) in self.told.chunks_exact_mut(width).zip(&window.next) {
                conditioning.fill(moment.unwrap_or_default().cue, row);
            }
        }
        self.targets.clear();
        let targets = window.next.iter();
        self.targets
            .extend(targets.map(|moment| moment.map(|moment| usize::from(moment.code))));
        let logits = self.net.forward(&self.codes, &self.told)?;
        self.loss.forward(logits, &self.targets)
    }

    fn backward(&mut self, scale: f32) -> Result<()> {
        self.net.backward(self.loss.backward(scale)?, false)?;
        Ok(())
    }

    fn player(&self) -> Result<WaveNetPlayer> {
        WaveNetPlayer::new(self.net.queues()?, self.shape.conditioning)
    }
}

impl Saved for WaveNet {
    type Shape = WaveNetShape;
    const NAME: &'static str = "WaveNet";

    fn shape(&self) -> WaveNetShape {
        self.shape.clone()
    }

    fn numbers(shape: &WaveNetShape) -> Option<usize> {
        shape.net.numbers(shape.conditions())
    }

    fn empty(shape: &WaveNetShape) -> Result<WaveNet> {
        WaveNet::new(shape, &mut ChaCha8Rng::seed_from_u64(0))
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.net.parameters()
    }
}
