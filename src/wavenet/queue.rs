//! Making sound with queues: what a block will hear `d` samples later is kept, not worked out again (T. Le Paine et al., *Fast WaveNet
//! Generation Algorithm*, 2016).

use super::block::Block;
use super::gate::gate;
use crate::Result;
use crate::nn::fast::{self, Panels};
use crate::nn::{Parameter, Play, buffer};

/// A block that plays: its weights, packed once, and a ring of the latest `d` inputs.
#[derive(Debug)]
struct Queue {
    convolution: Panels,
    convolution_bias: Vec<f32>,
    out: Panels,
    out_bias: Vec<f32>,
    /// `[d][R]`.
    ring: Vec<f32>,
    at: usize,
}

/// A net that makes one sample after the other.
#[derive(Debug)]
pub struct Queues {
    /// `[256][R]`.
    table: Vec<f32>,
    queues: Vec<Queue>,
    head: Box<dyn Play>,
    /// `[x(t - d) | x(t) | c(t)]`.
    heard: Vec<f32>,
    factors: Vec<f32>,
    /// What each block's gate let through, `[L][R]`.
    z: Vec<f32>,
    out: Vec<f32>,
    skip: Vec<f32>,
}

impl Queues {
    pub(super) fn new(table: &Parameter, blocks: &[Block], head: Box<dyn Play>) -> Result<Queues> {
        let residual = table.shape().1;
        let (mut queues, mut heard, mut both) = (Vec::new(), 2 * residual, residual);
        for block in blocks {
            (heard, both) = (block.convolution.shape().0, block.out.shape().1);
            let (mut convolution, mut out) = (Panels::default(), Panels::default());
            convolution.pack(heard, 2 * residual, block.convolution.flat())?;
            out.pack(residual, both, block.out.flat())?;
            buffer::check(
                "The bias of a convolution",
                block.convolution_bias.shape(),
                (1, 2 * residual),
            )?;
            buffer::check("The bias of a way out", block.out_bias.shape(), (1, both))?;
            queues.push(Queue {
                convolution,
                convolution_bias: block.convolution_bias.flat().to_vec(),
                out,
                out_bias: block.out_bias.flat().to_vec(),
                ring: vec![0.0; block.dilation * residual],
                at: 0,
            });
        }
        Ok(Queues {
            table: table.flat().to_vec(),
            queues,
            head,
            heard: vec![0.0; heard],
            factors: vec![0.0; 2 * residual],
            z: vec![0.0; blocks.len() * residual],
            out: vec![0.0; both],
            skip: vec![0.0; both - residual],
        })
    }

    /// How many numbers it is told at each sample.
    pub fn conditions(&self) -> usize {
        self.heard.len() - self.factors.len()
    }

    /// The code before and what is told of the sample to come `[C]`, to logits `[256]`.
    ///
    /// # Panics
    /// If it is told more or fewer numbers.
    pub fn step(&mut self, code: u8, conditions: &[f32]) -> &[f32] {
        let residual = self.factors.len() / 2;
        let (x, told) = self.heard[residual..].split_at_mut(residual);
        x.copy_from_slice(&self.table[usize::from(code) * residual..][..residual]);
        told.copy_from_slice(conditions);
        self.skip.fill(0.0);
        for (queue, z) in self.queues.iter_mut().zip(self.z.chunks_exact_mut(residual)) {
            let place = &mut queue.ring[queue.at..][..residual];
            let (before, rest) = self.heard.split_at_mut(residual);
            let x = &mut rest[..residual];
            before.copy_from_slice(place);
            place.copy_from_slice(x);
            queue.at = (queue.at + residual) % queue.ring.len();
            self.factors.fill(0.0);
            fast::add_row(&self.heard, &queue.convolution, &mut self.factors);
            gate(residual, &mut self.factors, &queue.convolution_bias, z);
            self.out.copy_from_slice(&queue.out_bias);
            fast::add_row(z, &queue.out, &mut self.out);
            let (way, skip) = self.out.split_at(residual);
            fast::add(&mut self.heard[residual..2 * residual], way);
            fast::add(&mut self.skip, skip);
        }
        self.head.step(&self.skip)
    }

    /// A new sound begins: before it there was nothing.
    pub fn forget(&mut self) {
        for queue in &mut self.queues {
            queue.ring.fill(0.0);
            queue.at = 0;
        }
    }

    /// What the gate of each block let through at the latest sample, the lowest block first: `R` numbers each.
    pub fn let_through(&self) -> std::slice::ChunksExact<'_, f32> {
        self.z.chunks_exact((self.factors.len() / 2).max(1))
    }

    /// The factors of the gate of the highest block at the latest sample, `[R]` each.
    pub fn inside(&self) -> (&[f32], &[f32]) {
        self.factors.split_at(self.factors.len() / 2)
    }
}
