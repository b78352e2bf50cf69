//! A model that makes a bar by saying, step after step, what comes next. It is told what is asked for and, from its own counting, what of it is
//! still owed.
//!
//! Shapes: `N` moments, `I` numbers that say what was heard, asked and counted; `[N][I]` to `[N][20]`.

use super::moment::Moment;
use crate::bars::{BAR, HOLD, Request, SYMBOLS, Scale, Unit};
use crate::nn::buffer;
use crate::nn::{
    Activation, Adam, Curve, Dense, Layer, Parameter, Saved, Schedule, SoftmaxCrossEntropy, Stack, softmax,
};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// What it takes to make a [`StepModel`]; a file says it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct StepShape {
    /// How many kinds of music it knows.
    pub kinds: usize,
    /// Units of its two hidden layers.
    pub hidden: [usize; 2],
    /// The scale of the measures.
    pub scale: Scale,
}

/// A model of the next step.
#[derive(Clone, Debug)]
pub struct StepModel {
    shape: StepShape,
    net: Stack,
    loss: SoftmaxCrossEntropy,
}

impl StepModel {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If it has no units, or more than the memory holds.
    pub fn new(shape: &StepShape, rng: &mut impl Rng) -> Result<StepModel> {
        let [first, second] = shape.hidden;
        if first == 0 || second == 0 || StepModel::numbers(shape).is_none_or(|count| count > 1 << 28) {
            return Err(Error::value(
                format!(
                    "There is no model of {} kinds and {first} and {second} units",
                    shape.kinds
                ),
                "Ask for at least one unit in each layer, and for less than the memory holds",
            ));
        }
        Ok(StepModel {
            shape: shape.clone(),
            net: Stack::new()
                .with(Dense::new("step0", Moment::width(shape.kinds), first, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("step1", first, second, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("step2", second, SYMBOLS, rng)),
            loss: SoftmaxCrossEntropy::default(),
        })
    }

    /// The scale that requests are in.
    pub fn scale(&self) -> &Scale {
        &self.shape.scale
    }

    /// Learns from so many batches of bars; `bar` gives what came before, the bar, and what asked for it. `progress` hears the number of the step and
    /// the mean surprise in bits a step of music.
    ///
    /// # Errors
    /// If a request is of other kinds, or the training loses its way.
    pub fn train(
        &mut self,
        steps: u64,
        batch: usize,
        rng: &mut ChaCha8Rng,
        mut bar: impl FnMut(&mut ChaCha8Rng) -> (Option<Unit>, Unit, Request),
        mut progress: impl FnMut(u64, f64),
    ) -> Result<()> {
        let width = Moment::width(self.shape.kinds);
        let mut adam = Adam::new(Schedule::WarmUpAndCosine {
            highest: 3e-3,
            lowest: 3e-5,
            warm_up: 50,
            steps,
        });
        let (mut x, mut targets) = (Vec::new(), Vec::new());
        for step in 0..steps {
            x.clear();
            targets.clear();
            for _ in 0..batch {
                let (before, unit, request) = bar(rng);
                self.check(&request)?;
                let mut moment = Moment::after(before.as_ref(), unit.bar);
                for symbol in unit.symbols.iter().take(unit.bar) {
                    let from = x.len();
                    x.resize(from + width, 0.0);
                    moment.write(&request, &self.shape.scale, &mut x[from..]);
                    targets.push(Some(usize::from(*symbol)));
                    moment.hear(*symbol);
                }
            }
            let rows = buffer::view(targets.len(), width, &x);
            let nats = self.loss.forward(self.net.forward(rows)?, &targets)?;
            let count = targets.len().max(1);
            self.net.backward(self.loss.backward(1.0 / count as f32)?)?;
            adam.step(&mut self.net.parameters())?;
            progress(step + 1, nats / count as f64 / std::f64::consts::LN_2);
        }
        Ok(())
    }

    /// A bar to each request, each after another or after nothing. `chosen` has 16 numbers from 0 to 1 for each: at each step the symbol is taken at which
    /// the probabilities, added up from the lowest key on, reach that number. `loudness` says how loud the request is asked: 1 as it is, more is
    /// guidance.
    ///
    /// # Errors
    /// If a request is of other kinds, or there are not as many of each.
    pub fn make(
        &mut self,
        requests: &[Request],
        before: &[Option<&Unit>],
        chosen: ArrayView2<f32>,
        loudness: f32,
    ) -> Result<Vec<Unit>> {
        let count = requests.len();
        if chosen.dim() != (count, BAR) || before.len() != count {
            return Err(Error::value(
                format!(
                    "{count} requests, {} bars before and {} rows of chance",
                    before.len(),
                    chosen.nrows()
                ),
                "Give one of each, and 16 numbers in each row",
            ));
        }
        requests.iter().try_for_each(|request| self.check(request))?;
        let open: Vec<Request> = requests
            .iter()
            .map(|request| Request::open(request.bar, self.shape.kinds))
            .collect();
        let pairs = requests.iter().zip(before);
        let mut moments: Vec<Moment> = pairs
            .map(|(request, before)| Moment::after(*before, request.bar))
            .collect();
        let mut all: Vec<Vec<u8>> = vec![Vec::with_capacity(BAR); count];
        for step in 0..BAR {
            let asked = self.say(&moments, requests)?;
            let y = if loudness == 1.0 {
                asked
            } else {
                guided(&asked, &self.say(&moments, &open)?, loudness)
            };
            for (place, (moment, row)) in moments.iter_mut().zip(y.outer_iter()).enumerate() {
                if step < requests[place].bar {
                    let symbol = at_quantile(&mut row.to_vec(), chosen[[place, step]]);
                    moment.hear(symbol);
                    all[place].push(symbol);
                }
            }
        }
        let units = all.into_iter().zip(requests);
        Ok(units
            .map(|(symbols, request)| Unit {
                bar: request.bar,
                symbols,
            })
            .collect())
    }

    /// The logits of the next step at these moments.
    fn say(&mut self, moments: &[Moment], requests: &[Request]) -> Result<Array2<f32>> {
        let width = Moment::width(self.shape.kinds);
        let mut x = vec![0.0; moments.len() * width];
        for ((moment, request), row) in moments.iter().zip(requests).zip(x.chunks_exact_mut(width)) {
            moment.write(request, &self.shape.scale, row);
        }
        let x = buffer::view(moments.len(), width, &x);
        Ok(self.net.forward(x)?.to_owned())
    }

    fn check(&self, request: &Request) -> Result<()> {
        if request.kinds.len() == self.shape.kinds && [12, BAR].contains(&request.bar) {
            return Ok(());
        }
        Err(Error::value(
            format!(
                "A request for {} kinds in bars of {} steps",
                request.kinds.len(),
                request.bar
            ),
            format!(
                "Ask for {} kinds, and for bars of 12 or 16 steps",
                self.shape.kinds
            ),
        ))
    }
}

// ANCHOR: guided
/// Asks louder: what the request changes in the logits is taken so many times (J. Ho and T. Salimans, *Classifier-free diffusion guidance*, 2022).
pub(super) fn guided(asked: &Array2<f32>, open: &Array2<f32>, loudness: f32) -> Array2<f32> {
    open + &((asked - open) * loudness)
}

/// The symbol at which the probabilities, added up, reach `chosen`.
pub(super) fn at_quantile(logits: &mut [f32], chosen: f32) -> u8 {
    softmax(logits);
    let mut left = chosen;
    let found = logits.iter().position(|probability| {
        left -= probability;
        left < 0.0
    });
    found.unwrap_or(HOLD) as u8 // rounding left a crumb
}
// ANCHOR_END: guided

impl Saved for StepModel {
    type Shape = StepShape;
    const NAME: &'static str = "StepModel";

    fn shape(&self) -> StepShape {
        self.shape.clone()
    }

    fn numbers(shape: &StepShape) -> Option<usize> {
        let [first, second] = shape.hidden;
        let dense = |inputs: usize, outputs: usize| inputs.checked_add(1)?.checked_mul(outputs);
        if shape.kinds > 1 << 16 {
            return None;
        }
        dense(Moment::width(shape.kinds), first)?
            .checked_add(dense(first, second)?)?
            .checked_add(dense(second, SYMBOLS)?)
    }

    fn empty(shape: &StepShape) -> Result<StepModel> {
        StepModel::new(shape, &mut ChaCha8Rng::seed_from_u64(0))
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.net.parameters()
    }
}
