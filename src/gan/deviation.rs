//! How much the examples of a group differ, as one more column: what tells an expert that a forger makes the same thing again and again
//! (T. Karras, T. Aila, S. Laine and J. Lehtinen, 2018; after the minibatch features of T. Salimans and others, 2016).
//!
//! Shapes: `x` `[N][I]`, `y` `[N][I + 1]`; a group is so many rows one after the other.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Layer, Play};
use ndarray::ArrayView2;

/// Keeps a square root from a slope without end.
const LEAST: f32 = 1e-6;

/// A layer that adds the mean standard deviation of its columns over each group of rows.
#[derive(Clone, Debug)]
pub struct Deviation {
    group: usize,
    x: Buffer,
    y: Buffer,
    dx: Buffer,
    kept: bool,
}

impl Deviation {
    /// A layer whose groups have so many rows; the last may have fewer.
    pub fn new(group: usize) -> Deviation {
        Deviation {
            group: group.max(1),
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
        }
    }
}

/// Mean and standard deviation of each column of a group.
fn spread(group: &[f32], columns: usize) -> Vec<(f32, f32)> {
    let rows = (group.len() / columns) as f32;
    (0..columns)
        .map(|k| {
            let column = || group[k..].iter().step_by(columns);
            let mean = column().sum::<f32>() / rows;
            let variance = column().map(|x| (x - mean) * (x - mean)).sum::<f32>() / rows;
            (mean, (variance + LEAST).sqrt())
        })
        .collect()
}

impl Layer for Deviation {
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (rows, columns) = x.dim();
        self.kept = false;
        buffer::check("x", (rows, columns), (rows, columns.max(1)))?;
        self.x.copy(x);
        let y = self
            .y
            .resize(rows, columns + 1)
            .chunks_mut(self.group * (columns + 1));
        for (x, y) in self.x.values().chunks(self.group * columns).zip(y) {
            let mean = spread(x, columns).iter().map(|of| of.1).sum::<f32>() / columns as f32;
            for (x, y) in x.chunks_exact(columns).zip(y.chunks_exact_mut(columns + 1)) {
                y[..columns].copy_from_slice(x);
                y[columns] = mean;
            }
        }
        self.kept = true;
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the deviation")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.y.copy(dy);
        let (rows, columns) = self.x.view().dim();
        let dx = self.dx.resize(rows, columns).chunks_mut(self.group * columns);
        let dy = self.y.values().chunks(self.group * (columns + 1));
        for ((x, dy), dx) in self.x.values().chunks(self.group * columns).zip(dy).zip(dx) {
            let sum: f32 = dy.iter().skip(columns).step_by(columns + 1).sum();
            let each = sum / (columns * (x.len() / columns)) as f32;
            let spread = spread(x, columns);
            let rows = x.chunks_exact(columns).zip(dy.chunks_exact(columns + 1));
            for ((x, dy), dx) in rows.zip(dx.chunks_exact_mut(columns)) {
                for (k, (mean, deviation)) in spread.iter().enumerate() {
                    dx[k] = dy[k] + each * (x[k] - mean) / deviation;
                }
            }
        }
        Ok(self.dx.view())
    }

    /// One row differs from no other.
    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        let mut y = vec![0.0; inputs + 1];
        y[inputs] = LEAST.sqrt();
        Ok(Box::new(DeviationPlayer { y }))
    }
}

#[derive(Debug)]
struct DeviationPlayer {
    y: Vec<f32>,
}

impl Play for DeviationPlayer {
    fn outputs(&self) -> usize {
        self.y.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        self.y[..x.len()].copy_from_slice(x);
        &self.y
    }
}
