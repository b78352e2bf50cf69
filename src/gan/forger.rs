//! The net that makes things out of noise.
//!
//! Shapes: noise `[N][Z]`, what is told `[N][C]`, what is made `[N][W]`.

use super::batch_norm::BatchNorm;
use super::latent::Latent;
use super::one_hot::OneHot;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Activation, Curve, Dense, Layer, Parameter, Saved, Stack};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// What a forger makes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Made {
    /// So many numbers.
    Numbers(usize),
    /// A symbol of each group.
    Symbols {
        /// How many symbols each group has.
        sizes: Vec<usize>,
        /// Which groups are zeros where the first thing told is below one half, as in [`metres`](crate::bars::metres): the steps that a
        /// short bar does not have.
        not_in_short: Vec<usize>,
    },
}

/// The sizes of a forger.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ForgerShape {
    /// What it begins with.
    pub latent: Latent,
    /// `C`: how many numbers it is told.
    pub told: usize,
    /// The units of each hidden layer.
    pub hidden: Vec<usize>,
    /// The curve of each.
    pub curve: Curve,
    /// Whether each is normalised before its curve.
    pub norm: bool,
    /// What it makes.
    pub made: Made,
}

impl ForgerShape {
    /// `W`: how many columns it makes.
    pub fn width(&self) -> usize {
        match &self.made {
            Made::Numbers(count) => *count,
            Made::Symbols { sizes, .. } => sizes.iter().fold(0, |sum, size| sum.saturating_add(*size)),
        }
    }
}

/// A forger.
#[derive(Clone, Debug)]
pub struct Forger {
    shape: ForgerShape,
    net: Stack,
    symbols: Option<OneHot>,
    x: Buffer,
}

impl Forger {
    /// A forger that has learned nothing yet.
    ///
    /// # Errors
    /// If it makes nothing, or more than the memory holds.
    pub fn new(shape: &ForgerShape, rng: &mut impl Rng) -> Result<Forger> {
        if shape.width() == 0 || Forger::numbers(shape).is_none_or(|count| count > 1 << 28) {
            return Err(Error::value(
                format!("There is no forger of {shape:?}"),
                "Ask for something to be made, and for less than the memory holds",
            ));
        }
        let (mut net, mut inputs) = (Stack::new(), shape.latent.width() + shape.told);
        for (number, units) in shape.hidden.iter().enumerate() {
            net = net.with(Dense::new(&format!("forger{number}"), inputs, *units, rng));
            if shape.norm {
                net = net.with(BatchNorm::new(&format!("norm{number}"), *units));
            }
            net = net.with(Activation::new(shape.curve));
            inputs = *units;
        }
        let last = format!("forger{}", shape.hidden.len());
        let symbols = match &shape.made {
            Made::Numbers(_) => None,
            Made::Symbols { sizes, not_in_short } => Some(OneHot::new(sizes, not_in_short)),
        };
        Ok(Forger {
            net: net.with(Dense::new(&last, inputs, shape.width(), rng)),
            shape: shape.clone(),
            symbols,
            x: Buffer::default(),
        })
    }

    /// Its layers but the choice of symbols.
    pub fn net(&mut self) -> &mut Stack {
        &mut self.net
    }

    /// All that is learned, and the running means of normalised layers.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.net.parameters()
    }

    /// Noise and what is told to what is made, while it learns: a normalised layer goes by this batch. Symbols are drawn from the seed.
    ///
    /// # Errors
    /// If the shapes are not those that it was made for.
    pub fn forward(
        &mut self,
        latent: ArrayView2<f32>,
        told: ArrayView2<f32>,
        seed: u64,
    ) -> Result<ArrayView2<'_, f32>> {
        self.net.dropout(Some(seed));
        self.run(latent, told, Some(seed))
    }

    /// The gradient of what was made, `[N][W]`. Adds to the gradients of the parameters.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or the shape is another.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<()> {
        let dy = match &mut self.symbols {
            Some(symbols) => symbols.backward(dy)?,
            None => dy,
        };
        self.net.backward(dy)?;
        Ok(())
    }

    /// What it makes of this noise, as it is now. Symbols are drawn from the seed; with none the likeliest is taken.
    ///
    /// # Errors
    /// If the shapes are not those that it was made for.
    pub fn draw(
        &mut self,
        latent: ArrayView2<f32>,
        told: ArrayView2<f32>,
        seed: Option<u64>,
    ) -> Result<Array2<f32>> {
        self.net.dropout(None);
        Ok(self.run(latent, told, seed)?.to_owned())
    }

    fn run(
        &mut self,
        latent: ArrayView2<f32>,
        told: ArrayView2<f32>,
        seed: Option<u64>,
    ) -> Result<ArrayView2<'_, f32>> {
        let rows = latent.nrows();
        buffer::check("The noise", latent.dim(), (rows, self.shape.latent.width()))?;
        buffer::check("What is told", told.dim(), (rows, self.shape.told))?;
        let width = latent.ncols() + told.ncols();
        let x = self.x.resize(rows, width).chunks_exact_mut(width.max(1));
        for ((x, latent), told) in x.zip(latent.rows()).zip(told.rows()) {
            x.iter_mut()
                .zip(latent.iter().chain(told))
                .for_each(|(to, from)| *to = *from);
        }
        let y = self.net.forward(self.x.view())?;
        let Some(symbols) = &mut self.symbols else {
            return Ok(y);
        };
        let short: Vec<bool> = told
            .rows()
            .into_iter()
            .map(|row| row.first().is_some_and(|it| *it < 0.5))
            .collect();
        symbols.forward(y, &short, seed)
    }
}

impl Saved for Forger {
    type Shape = ForgerShape;
    const NAME: &'static str = "Forger";

    fn shape(&self) -> ForgerShape {
        self.shape.clone()
    }

    fn numbers(shape: &ForgerShape) -> Option<usize> {
        let (mut sum, mut inputs) = (0usize, shape.latent.width().checked_add(shape.told)?);
        let more = if shape.norm { 5 } else { 1 };
        for (units, more) in shape
            .hidden
            .iter()
            .map(|units| (*units, more))
            .chain([(shape.width(), 1)])
        {
            sum = sum.checked_add(inputs.checked_add(more)?.checked_mul(units)?)?;
            inputs = units;
        }
        Some(sum)
    }

    fn empty(shape: &ForgerShape) -> Result<Forger> {
        Forger::new(shape, &mut ChaCha8Rng::seed_from_u64(0))
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.parameters()
    }
}
