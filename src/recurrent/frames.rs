//! A recurrent model of chords: which of a piano's keys sound at each step.
//!
//! Shapes: `T` steps, `B` sequences, `K` = 88 keys; inputs `[T B][K]`, 1 where a key sounds; outputs as the head asks.

use super::architecture::{Architecture, Layers};
use crate::music::frames::{Frame, KEYS};
use crate::nn::{Bernoulli, BernoulliMixture, Layer, Learner, Parameter, Play, Saved, Stack, Window};
use crate::{Error, Result};
use ndarray::Array2;
use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// What the outputs say about the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Head {
    /// Each key is a coin by itself.
    Independent,
    /// One of so many kinds of chord, each with coins of its own: see [`BernoulliMixture`].
    Mixture(usize),
}

impl Head {
    /// How many outputs it reads; none if that is more than can be counted.
    fn outputs(self) -> Option<usize> {
        match self {
            Head::Independent => Some(KEYS),
            Head::Mixture(kinds) => kinds.checked_mul(KEYS + 1),
        }
    }
}

/// A model of sequences of frames; [`surprise`](crate::nn::surprise) gives its nats a frame.
#[derive(Clone, Debug)]
pub struct FrameModel {
    shape: FrameShape,
    batch: usize,
    stack: Stack,
    loss: Loss,
    x: Array2<f32>,
    targets: Array2<f32>,
    counts: Vec<bool>,
}

#[derive(Clone, Debug)]
enum Loss {
    Independent(Bernoulli),
    Mixture(BernoulliMixture),
}

impl FrameModel {
    /// A model that has learned nothing yet but how common each key is in these pieces; the kinds of a mixture begin as
    /// some of their frames. At the begin of a piece it hears silence.
    ///
    /// # Errors
    /// If there are no units, layers or kinds, or the dropout is not from 0 to below 1.
    pub fn new(
        head: Head,
        architecture: &Architecture,
        pieces: &[Vec<Frame>],
        rng: &mut impl Rng,
    ) -> Result<FrameModel> {
        let loss = match head {
            Head::Independent => Loss::Independent(Bernoulli::default()),
            Head::Mixture(kinds) => Loss::Mixture(BernoulliMixture::new(kinds, KEYS)?),
        };
        let outputs = head.outputs().unwrap_or(usize::MAX);
        let Layers {
            input,
            units,
            higher,
            mut output,
        } = architecture.layers(KEYS, outputs, rng)?;
        begin_with(output.bias.values.iter_mut().collect(), head, pieces, rng);
        Ok(FrameModel {
            shape: FrameShape {
                head,
                architecture: *architecture,
            },
            batch: 1,
            stack: Stack::of(vec![Box::new(input), units, Box::new(higher), Box::new(output)]),
            loss,
            x: Array2::zeros((0, KEYS)),
            targets: Array2::zeros((0, KEYS)),
            counts: Vec::new(),
        })
    }
}

/// Sets the biases, so that training need not begin with teaching that most keys are silent. Kinds that began alike would have the
/// same gradients, and stay alike.
fn begin_with(mut biases: Vec<&mut f32>, head: Head, pieces: &[Vec<Frame>], rng: &mut impl Rng) {
    let all: Vec<&Frame> = pieces.iter().flatten().collect();
    let mut common = [0.5; KEYS];
    for frame in &all {
        common
            .iter_mut()
            .zip(numbers(frame))
            .for_each(|(times, sounds)| *times += sounds);
    }
    common
        .iter_mut()
        .for_each(|times| *times /= all.len() as f32 + 1.0);
    let logit = |probability: f32| (probability / (1.0 - probability)).ln();
    match head {
        Head::Independent => biases
            .into_iter()
            .zip(common)
            .for_each(|(bias, share)| *bias = logit(share)),
        Head::Mixture(kinds) => {
            for kind in biases[kinds..].chunks_exact_mut(KEYS) {
                let frame = all.choose(rng).map_or([false; KEYS], |frame| **frame);
                for ((bias, share), sounds) in kind.iter_mut().zip(common).zip(numbers(&frame)) {
                    **bias = logit(0.5 * share + 0.5 * sounds.clamp(0.01, 0.99));
                }
            }
        }
    }
}

/// A frame as a row of ones and zeros.
fn numbers(frame: &Frame) -> [f32; KEYS] {
    frame.map(|sounds| f32::from(u8::from(sounds)))
}

/// Frames as rows; where there is none, zeros.
fn rows(frames: &[Option<Frame>], to: &mut Array2<f32>) {
    if to.nrows() != frames.len() {
        *to = Array2::zeros((frames.len(), KEYS));
    }
    for (mut row, frame) in to.rows_mut().into_iter().zip(frames) {
        let frame = numbers(&frame.unwrap_or([false; KEYS]));
        row.iter_mut().zip(frame).for_each(|(to, sounds)| *to = sounds);
    }
}

/// What it takes to make a model of frames; a file says it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct FrameShape {
    /// What its outputs say.
    pub head: Head,
    /// Its layers.
    pub architecture: Architecture,
}

impl Saved for FrameModel {
    type Shape = FrameShape;
    const NAME: &'static str = "FrameModel";

    fn shape(&self) -> FrameShape {
        self.shape
    }

    fn numbers(shape: &FrameShape) -> Option<usize> {
        shape.architecture.size(KEYS, shape.head.outputs()?)
    }

    fn empty(shape: &FrameShape) -> Result<FrameModel> {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        FrameModel::new(shape.head, &shape.architecture, &[], &mut rng)
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.parameters()
    }
}

impl Learner for FrameModel {
    type Item = Frame;
    type Player = FramePlayer;

    /// Each recurrent layer, dense.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.stack.parameters()
    }

    fn begin(&mut self, batch: usize) {
        self.batch = batch;
        self.stack.begin(batch);
    }

    fn dropout(&mut self, seed: Option<u64>) {
        self.stack.dropout(seed);
    }

    fn forward(&mut self, window: &Window<Frame>) -> Result<f64> {
        window.check(self.batch)?;
        rows(&window.heard, &mut self.x);
        rows(&window.next, &mut self.targets);
        self.counts.clear();
        self.counts.extend(window.next.iter().map(Option::is_some));
        let y = self.stack.forward(self.x.view())?;
        match &mut self.loss {
            Loss::Independent(loss) => loss.forward(y, self.targets.view(), &self.counts),
            Loss::Mixture(loss) => loss.forward(y, self.targets.view(), &self.counts),
        }
    }

    fn backward(&mut self, scale: f32) -> Result<()> {
        let dy = match &mut self.loss {
            Loss::Independent(loss) => loss.backward(scale)?,
            Loss::Mixture(loss) => loss.backward(scale)?,
        };
        self.stack.backward(dy)?;
        Ok(())
    }

    fn player(&self) -> Result<FramePlayer> {
        let stack = self.stack.player(KEYS)?;
        let outputs = stack.outputs();
        if self.shape.head.outputs() != Some(outputs) {
            return Err(Error::value(
                format!("A dense layer of {outputs} outputs does not fit"),
                "Leave parameters in the shapes that they had",
            ));
        }
        let mut player = FramePlayer {
            stack,
            loss: self.loss.clone(),
            outputs: Vec::with_capacity(outputs),
        };
        player.forget();
        Ok(player)
    }
}

/// A [`FrameModel`] that plays.
#[derive(Debug)]
pub struct FramePlayer {
    stack: Box<dyn Play>,
    loss: Loss,
    outputs: Vec<f32>,
}

impl FramePlayer {
    /// Forgets what was heard; a new piece begins, with silence before it.
    pub fn forget(&mut self) {
        self.stack.forget();
        self.hear(&[false; KEYS]);
    }

    /// Hears the next frame.
    pub fn hear(&mut self, frame: &Frame) {
        let x = numbers(frame);
        self.outputs.clear();
        self.outputs.extend_from_slice(self.stack.step(&x));
    }

    /// Draws the next frame, without hearing it.
    pub fn draw(&self, rng: &mut impl Rng) -> Frame {
        let keys = match &self.loss {
            Loss::Independent(_) => Bernoulli::draw(&self.outputs, rng),
            Loss::Mixture(mixture) => mixture.draw(&self.outputs, rng),
        };
        let mut frame = [false; KEYS];
        frame.iter_mut().zip(keys).for_each(|(to, sounds)| *to = sounds);
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Training, surprise, train};
    use crate::recurrent::Cell;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Chords of two keys that are both from one of two places, so that no key says which but both together do.
    fn pieces(count: usize) -> Vec<Vec<Frame>> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut frame = || {
            let place = if rng.random::<bool>() { 30 } else { 50 };
            let mut frame = [false; KEYS];
            frame[place] = true;
            frame[place + 4] = true;
            frame
        };
        (0..count).map(|_| (0..12).map(|_| frame()).collect()).collect()
    }

    fn trained(head: Head) -> (FrameModel, f64) {
        let architecture = Architecture {
            cell: Cell::Lstm,
            units: 8,
            ..Architecture::default()
        };
        let mut model = FrameModel::new(
            head,
            &architecture,
            &pieces(32),
            &mut ChaCha8Rng::seed_from_u64(2),
        )
        .unwrap();
        let settings = Training {
            batch: 8,
            epochs: 60,
            rate: 0.03,
            warm_up: 5,
            ..Training::default()
        };
        train(&mut model, &pieces(32), &[], &settings, |_| {}).unwrap();
        let nats = surprise(&model, &pieces(32), &settings).unwrap();
        (model, nats)
    }

    #[test]
    fn a_saved_model_opens_again_and_plays_the_same() {
        let size = Architecture {
            units: 5,
            ..Architecture::default()
        };
        for head in [Head::Independent, Head::Mixture(3)] {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let mut model = FrameModel::new(head, &size, &pieces(3), &mut rng).unwrap();
            let mut opened = FrameModel::from_bytes(&model.to_bytes().unwrap()).unwrap();
            assert_eq!(opened.shape(), model.shape());
            assert_eq!(opened.to_bytes().unwrap(), model.to_bytes().unwrap());
            let draw = |model: &FrameModel| {
                let mut player = model.player().unwrap();
                player.hear(&pieces(1)[0][0]);
                player.draw(&mut ChaCha8Rng::seed_from_u64(2))
            };
            assert_eq!(draw(&opened), draw(&model));
        }
    }

    #[test]
    fn a_mixture_learns_what_coins_cannot() {
        let (coins, nats_of_coins) = trained(Head::Independent);
        let (mixture, nats_of_mixture) = trained(Head::Mixture(4));
        // Two places to choose from are 1 bit; four coins that do not know of each other 4 bits.
        let bit = std::f64::consts::LN_2;
        assert!((nats_of_coins - 4.0 * bit).abs() < 0.3, "{nats_of_coins}");
        assert!((nats_of_mixture - bit).abs() < 0.3, "{nats_of_mixture}");
        let whole = |model: &FrameModel| {
            let mut rng = ChaCha8Rng::seed_from_u64(3);
            let mut player = model.player().unwrap();
            let good =
                |frame: &Frame| frame[30] == frame[34] && frame[50] == frame[54] && frame[30] != frame[50];
            let mut count = 0;
            for _ in 0..100 {
                let frame = player.draw(&mut rng);
                player.hear(&frame);
                count += usize::from(good(&frame));
            }
            count
        };
        let (of_mixture, of_coins) = (whole(&mixture), whole(&coins));
        assert!(of_mixture > 80 && of_coins < 40, "{of_mixture} {of_coins}");
    }
}
