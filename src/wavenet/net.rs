//! The net: a table that codes are looked up in, blocks whose two moments lie ever further apart, and a head that reads what all of
//! them have put on the skip way.
//!
//! Shapes as in [`Block`](super::Block); codes `[N]`, probabilities of the next code as logits `[N][256]`.

use super::block::Block;
use super::logistics::Logistics;
use super::queue::Queues;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Activation, Curve, Dense, Layer, Parameter, Stack, fast};
use crate::sound::mu_law;
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// The sizes of a net.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NetShape {
    /// `R`: channels from block to block.
    pub residual: usize,
    /// `S`: channels from each block to the end.
    pub skip: usize,
    /// Units between skip way and logits.
    pub hidden: usize,
    /// The dilation of each block, the lowest first.
    pub dilations: Vec<usize>,
    /// How many logistic curves say which code comes next; with none a softmax over all codes does.
    #[serde(default)]
    pub logistics: usize,
}

impl NetShape {
    /// 32 channels, 64 on the skip way, 64 units; dilations doubled from 1 on, so many times, and all of that so often.
    pub fn doubling(dilations: u32, often: usize) -> NetShape {
        let once = (0..dilations.min(24)).map(|power| 1 << power);
        NetShape {
            residual: 32,
            skip: 64,
            hidden: 64,
            dilations: (0..often).flat_map(|_| once.clone()).collect(),
            logistics: 0,
        }
    }

    /// How many numbers the last layer with weights gives.
    fn last(&self) -> usize {
        match self.logistics {
            0 => mu_law::CODES,
            curves => curves.saturating_mul(3),
        }
    }

    /// How many of the latest codes a prediction hears: the receptive field.
    pub fn receptive_field(&self) -> usize {
        self.dilations.iter().sum::<usize>().saturating_add(1)
    }

    /// How many numbers such a net learns if it is told so many at each sample; none if that is more than can be counted.
    pub fn numbers(&self, conditions: usize) -> Option<usize> {
        let NetShape {
            residual,
            skip,
            hidden,
            ..
        } = self;
        let heard = residual.checked_mul(2)?.checked_add(conditions)?.checked_add(1)?;
        let convolution = heard.checked_mul(residual.checked_mul(2)?)?;
        let out = residual
            .checked_add(1)?
            .checked_mul(residual.checked_add(*skip)?)?;
        let blocks = convolution.checked_add(out)?.checked_mul(self.dilations.len())?;
        let head = skip.checked_add(1)?.checked_mul(*hidden)?;
        let last = hidden.checked_add(1)?.checked_mul(self.last())?;
        let table = residual.checked_mul(mu_law::CODES)?;
        blocks.checked_add(head)?.checked_add(last)?.checked_add(table)
    }
}

impl Default for NetShape {
    /// Dilations 1 to 64, twice: it hears the latest 255 codes.
    fn default() -> NetShape {
        NetShape::doubling(7, 2)
    }
}

/// A net that is told some numbers at each sample, or none.
#[derive(Clone, Debug)]
pub struct Net {
    shape: NetShape,
    conditions: usize,
    /// A row for each code `[256][R]`.
    pub table: Parameter,
    /// The lowest first.
    pub blocks: Vec<Block>,
    head: Stack,
    batch: usize,
    codes: Vec<u8>,
    told: Vec<f32>,
    skip: Buffer,
    dx: Buffer,
    dconditions: Buffer,
}

/// From the skip way to logits.
fn head([skip, hidden, logistics]: [usize; 3], rng: &mut impl Rng) -> Stack {
    let head = Stack::new()
        .with(Activation::new(Curve::Relu))
        .with(Dense::new("hidden", skip, hidden, rng))
        .with(Activation::new(Curve::Relu));
    if logistics == 0 {
        return head.with(Dense::new("logits", hidden, mu_law::CODES, rng));
    }
    let mut curves = Dense::new("curves", hidden, 3 * logistics, rng);
    // At first side by side, and none too wide.
    for (k, middle) in curves.bias.flat_values()[logistics..].iter_mut().enumerate() {
        *middle = match k < logistics {
            true => (2 * k + 1) as f32 / logistics as f32 - 1.0,
            false => -2.0,
        };
    }
    head.with(curves).with(Logistics::new(logistics))
}

/// No more numbers than that: it is what a file may ask for.
const LARGEST: usize = 1 << 28;

impl Net {
    /// A net that has learned nothing yet.
    ///
    /// # Errors
    /// If there are no channels, units or blocks, a dilation is zero, or there are too many.
    pub fn new(shape: &NetShape, conditions: usize, rng: &mut impl Rng) -> Result<Net> {
        let NetShape {
            residual,
            skip,
            hidden,
            ref dilations,
            logistics,
        } = *shape;
        let possible = shape
            .numbers(conditions)
            .is_some_and(|numbers| numbers <= LARGEST);
        let none = residual == 0 || skip == 0 || hidden == 0 || dilations.is_empty();
        if none || !possible || dilations.iter().any(|d| !(1..=LARGEST).contains(d)) {
            return Err(Error::value(
                format!("There is no net of {shape:?}, told {conditions} numbers at each sample"),
                "Ask for at least one channel, unit and block, for dilations of at least 1, and for less than the memory holds",
            ));
        }
        let block = |(i, dilation): (usize, &usize)| {
            Block::new(&format!("block{i}"), *dilation, [residual, skip, conditions], rng)
        };
        let blocks = dilations.iter().enumerate().map(block).collect();
        Ok(Net {
            shape: shape.clone(),
            conditions,
            table: table(residual, rng),
            blocks,
            head: head([skip, hidden, logistics], rng),
            batch: 1,
            codes: Vec::new(),
            told: Vec::new(),
            skip: Buffer::default(),
            dx: Buffer::default(),
            dconditions: Buffer::default(),
        })
    }

    /// Its sizes.
    pub fn shape(&self) -> &NetShape {
        &self.shape
    }

    /// How many numbers it is told at each sample.
    pub fn conditions(&self) -> usize {
        self.conditions
    }

    /// Lets it begin with how often each code occurs, which every net would have to learn first. Not one of logistic curves.
    pub fn expect(&mut self, codes: impl IntoIterator<Item = u8>) {
        if self.shape.logistics > 0 {
            return;
        }
        let mut counts = [1.0f32; mu_law::CODES];
        codes
            .into_iter()
            .for_each(|code| counts[usize::from(code)] += 1.0);
        let total: f32 = counts.iter().sum();
        if let Some(bias) = self.head.parameters().pop() {
            for (bias, count) in bias.flat_values().iter_mut().zip(counts) {
                *bias = (count / total).ln();
            }
        }
    }

    /// How many sounds have begun side by side.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// New sounds begin, so many side by side.
    pub fn begin(&mut self, batch: usize) {
        self.batch = batch;
        self.blocks.iter_mut().for_each(|block| block.begin(batch));
        self.head.begin(batch);
    }

    /// The code before each sample `[N]` and what is told of it `[N][C]`, to logits `[N][256]`.
    ///
    /// # Errors
    /// If there are not as many conditions.
    pub fn forward(&mut self, codes: &[u8], conditions: &[f32]) -> Result<ArrayView2<'_, f32>> {
        let (rows, residual, skips) = (codes.len(), self.shape.residual, self.shape.skip);
        buffer::check("What is told", (conditions.len(), 1), (rows * self.conditions, 1))?;
        self.codes.clear();
        self.codes.extend_from_slice(codes);
        self.told.clear();
        self.told.extend_from_slice(conditions);
        let skip = self.skip.zeros(rows, skips);
        let Some((first, _)) = self.blocks.split_first_mut() else {
            return Ok(self.skip.view());
        };
        for (x, code) in first.input(rows).chunks_exact_mut(residual).zip(codes) {
            x.copy_from_slice(&self.table.flat()[usize::from(*code) * residual..][..residual]);
        }
        for i in 0..self.blocks.len() {
            let (below, above) = self.blocks.split_at_mut(i + 1);
            let y = above.first_mut().map(|block| block.input(rows));
            below[i].forward(conditions, y, skip)?;
        }
        self.head.forward(self.skip.view())
    }

    /// `dlogits` `[N][256]` to the gradient of the conditions `[N][C]`, which is worked out only if it is `wanted`. Adds to the
    /// gradients of the parameters.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or the shape is another.
    pub fn backward(&mut self, dlogits: ArrayView2<f32>, wanted: bool) -> Result<ArrayView2<'_, f32>> {
        let (rows, residual) = (self.codes.len(), self.shape.residual);
        let dskip = self.head.backward(dlogits)?;
        let dskip = dskip.as_slice().unwrap_or_default();
        let dx = self.dx.zeros(rows, residual);
        let dconditions = self
            .dconditions
            .zeros(if wanted { rows } else { 0 }, self.conditions);
        for block in self.blocks.iter_mut().rev() {
            block.backward(dx, dskip, dconditions, &self.told)?;
        }
        for (dx, code) in dx.chunks_exact(residual).zip(&self.codes) {
            fast::add(
                &mut self.table.flat_gradient()[usize::from(*code) * residual..][..residual],
                dx,
            );
        }
        Ok(self.dconditions.view())
    }

    /// Table, each block, head.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = vec![&mut self.table];
        all.extend(self.blocks.iter_mut().flat_map(Block::parameters));
        all.extend(self.head.parameters());
        all
    }

    /// The net as it is now, ready to make one sample after the other.
    ///
    /// # Errors
    /// If a parameter was replaced by one of another shape.
    pub fn queues(&self) -> Result<Queues> {
        Queues::new(&self.table, &self.blocks, self.head.player(self.shape.skip)?)
    }
}

/// A row for each code: small numbers at random, and two ramps in random directions, one even in the code and one in its sample, so that
/// codes that lie close sound alike from the start.
fn table(residual: usize, rng: &mut impl Rng) -> Parameter {
    let mut table = Parameter::zeros("codes.weight", mu_law::CODES, residual);
    let mut direction = || -> Vec<f32> { StandardNormal.sample_iter(&mut *rng).take(residual).collect() };
    let (even, bent) = (direction(), direction());
    for (code, mut row) in (0..=255u8).zip(table.values.rows_mut()) {
        let (x, y) = (f32::from(code) / 127.5 - 1.0, mu_law::decode(code));
        for (k, value) in row.iter_mut().enumerate() {
            let noise: f32 = StandardNormal.sample(rng);
            *value = 0.05 * noise + x * even[k] + y * bent[k];
        }
    }
    table
}
