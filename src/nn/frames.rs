//! A recurrent model of chords: which of a piano's keys sound at each step.
//!
//! Shapes: `T` steps, `B` sequences, `K` = 88 keys; inputs `[T B][K]`, 1 where a key sounds; outputs as the head asks.

use super::learner::{Learner, Window};
use super::live::Live;
use super::loss::{Bernoulli, BernoulliMixture};
use super::parameter::Parameter;
use super::stack::{Architecture, Stack};
use crate::Result;
use crate::music::frames::{Frame, KEYS};
use ndarray::Array2;
use rand::Rng;
use rand::seq::IndexedRandom;

/// What the outputs say about the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Head {
    /// Each key is a coin by itself.
    Independent,
    /// One of so many kinds of chord, each with coins of its own: see [`BernoulliMixture`].
    Mixture(usize),
}

/// A model of sequences of frames. It is trained by [`super::train`]; [`super::surprise`] gives its nats per frame.
#[derive(Clone, Debug)]
pub struct FrameModel {
    stack: Stack,
    loss: Loss,
    x: Array2<f32>,
    targets: Array2<f32>,
    counts: Vec<bool>,
    playing: Option<Live>,
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
        let (loss, outputs) = match head {
            Head::Independent => (Loss::Independent(Bernoulli::default()), KEYS),
            Head::Mixture(kinds) => {
                let mixture = BernoulliMixture::new(kinds, KEYS)?;
                let outputs = mixture.outputs();
                (Loss::Mixture(mixture), outputs)
            }
        };
        let stack = Stack::new(architecture, KEYS, outputs, rng)?;
        let mut model = FrameModel {
            stack,
            loss,
            x: Array2::zeros((0, KEYS)),
            targets: Array2::zeros((0, KEYS)),
            counts: Vec::new(),
            playing: None,
        };
        model.begin_with(head, pieces, rng);
        Ok(model)
    }

    /// Sets the biases, so that training need not begin with teaching that most keys are silent. Kinds that began alike would have the
    /// same gradients, and stay alike.
    fn begin_with(&mut self, head: Head, pieces: &[Vec<Frame>], rng: &mut impl Rng) {
        let all: Vec<&Frame> = pieces.iter().flatten().collect();
        let mut common = [0.5; KEYS];
        for frame in &all {
            common
                .iter_mut()
                .zip(*frame)
                .for_each(|(times, sounds)| *times += f32::from(u8::from(*sounds)));
        }
        common
            .iter_mut()
            .for_each(|times| *times /= all.len() as f32 + 1.0);
        let logit = |probability: f32| (probability / (1.0 - probability)).ln();
        let biases = &mut self.stack.dense.bias.values;
        let coins = biases.iter_mut();
        match head {
            Head::Independent => coins.zip(common).for_each(|(bias, share)| *bias = logit(share)),
            Head::Mixture(kinds) => {
                let mut coins: Vec<&mut f32> = coins.skip(kinds).collect();
                for kind in coins.chunks_exact_mut(KEYS) {
                    let frame = all.choose(rng).map_or([false; KEYS], |frame| **frame);
                    for ((bias, share), sounds) in kind.iter_mut().zip(common).zip(frame) {
                        **bias = logit(0.5 * share + 0.5 * f32::from(u8::from(sounds)).clamp(0.01, 0.99));
                    }
                }
            }
        }
    }

    /// Begins a new piece to play.
    pub fn begin(&mut self) -> Result<()> {
        if let Some(live) = &mut self.playing {
            live.forget();
            live.hear(&[0.0; KEYS])?;
        }
        Ok(())
    }

    /// Hears the next frame of the piece it plays.
    ///
    /// # Errors
    /// If a parameter was replaced by one of another shape; and so for [`FrameModel::draw`].
    pub fn hear(&mut self, frame: &Frame) -> Result<()> {
        self.live()?
            .hear(&frame.map(|sounds| f32::from(u8::from(sounds))))
    }

    /// Draws the next frame, without hearing it.
    ///
    /// # Errors
    /// As [`FrameModel::hear`].
    pub fn draw(&mut self, rng: &mut impl Rng) -> Result<Frame> {
        let outputs = self.live()?.outputs()?.to_vec();
        let keys = match &self.loss {
            Loss::Independent(_) => Bernoulli::draw(&outputs, rng),
            Loss::Mixture(mixture) => mixture.draw(&outputs, rng),
        };
        let mut frame = [false; KEYS];
        frame.iter_mut().zip(keys).for_each(|(to, sounds)| *to = sounds);
        Ok(frame)
    }

    fn live(&mut self) -> Result<&mut Live> {
        let live = match self.playing.take() {
            Some(live) => live,
            None => {
                let mut live = Live::new(&self.stack)?;
                live.hear(&[0.0; KEYS])?;
                live
            }
        };
        Ok(self.playing.insert(live))
    }
}

/// Frames as rows of ones and zeros; where there is none, zeros.
fn rows(frames: &[Option<Frame>], to: &mut Array2<f32>) {
    if to.nrows() != frames.len() {
        *to = Array2::zeros((frames.len(), KEYS));
    }
    for (mut row, frame) in to.rows_mut().into_iter().zip(frames) {
        let frame = frame.unwrap_or([false; KEYS]);
        row.iter_mut()
            .zip(frame)
            .for_each(|(to, sounds)| *to = f32::from(u8::from(sounds)));
    }
}

impl Learner for FrameModel {
    type Item = Frame;

    /// Each recurrent layer, dense. The piece that it was playing is forgotten, since they may change.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.playing = None;
        self.stack.parameters()
    }

    fn forget(&mut self) {
        self.stack.layers().for_each(|layer| layer.forget());
    }

    fn seed(&mut self, seed: u64) {
        self.stack.seed(seed);
    }

    fn forward(&mut self, window: &Window<Frame>, training: bool) -> Result<f64> {
        rows(&window.heard, &mut self.x);
        rows(&window.next, &mut self.targets);
        self.counts.clear();
        self.counts.extend(window.next.iter().map(Option::is_some));
        let y = self.stack.forward(self.x.view(), window.batch, training)?;
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Cell, Training, surprise, train};
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
        train(&mut model, &pieces(32), &[], &settings, |_| Ok(())).unwrap();
        let nats = surprise(&mut model, &pieces(32), &settings).unwrap();
        (model, nats)
    }

    #[test]
    fn a_mixture_learns_what_coins_cannot() {
        let (mut coins, nats_of_coins) = trained(Head::Independent);
        let (mut mixture, nats_of_mixture) = trained(Head::Mixture(4));
        // Two places to choose from are 1 bit; four coins that do not know of each other 4 bits.
        let bit = std::f64::consts::LN_2;
        assert!((nats_of_coins - 4.0 * bit).abs() < 0.3, "{nats_of_coins}");
        assert!((nats_of_mixture - bit).abs() < 0.3, "{nats_of_mixture}");
        let whole = |model: &mut FrameModel| {
            let mut rng = ChaCha8Rng::seed_from_u64(3);
            model.begin().unwrap();
            let good =
                |frame: &Frame| frame[30] == frame[34] && frame[50] == frame[54] && frame[30] != frame[50];
            let mut count = 0;
            for _ in 0..100 {
                let frame = model.draw(&mut rng).unwrap();
                model.hear(&frame).unwrap();
                count += usize::from(good(&frame));
            }
            count
        };
        let (of_mixture, of_coins) = (whole(&mut mixture), whole(&mut coins));
        assert!(of_mixture > 80 && of_coins < 40, "{of_mixture} {of_coins}");
    }
}
