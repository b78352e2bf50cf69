//! What an expert is told of an example: it goes beside the layers that look at the example, and meets what they found at the end
//! (T. Miyato and M. Koyama, *cGANs with projection discriminator*, 2018).
//!
//! Shapes: `F` features, `C` conditions. [`Beside`] `[N][W + C]` to `[N][F + C]`; [`Projection`] `[N][F + C]` to `[N][1]`.

use crate::nn::buffer::{self, Buffer};
use crate::nn::{Dense, Layer, Parameter, Play, Stack};
use crate::{Error, Result};
use ndarray::{ArrayView1, ArrayView2, s};
use rand::Rng;

/// Layers that hear all columns but the last few, which are passed on as they are.
#[derive(Clone, Debug)]
pub struct Beside {
    inner: Stack,
    passed: usize,
    x: Buffer,
    y: Buffer,
    dx: Buffer,
}

impl Beside {
    /// These layers, beside so many columns that are passed on.
    pub fn new(inner: Stack, passed: usize) -> Beside {
        Beside {
            inner,
            passed,
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
        }
    }
}

/// `[N][A]` and `[N][B]` to `[N][A + B]`.
fn join(to: &mut Buffer, a: ArrayView2<f32>, b: ArrayView2<f32>) {
    let width = a.ncols() + b.ncols();
    let rows = to.resize(a.nrows(), width).chunks_exact_mut(width.max(1));
    for ((to, a), b) in rows.zip(a.rows()).zip(b.rows()) {
        let (left, right) = to.split_at_mut(a.len());
        copy(left, a);
        copy(right, b);
    }
}

/// A row's numbers, at once if they lie side by side.
pub(super) fn copy(to: &mut [f32], from: ArrayView1<f32>) {
    match from.as_slice() {
        Some(from) => to.copy_from_slice(from),
        None => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
    }
}

fn inner_columns(columns: usize, passed: usize) -> Result<usize> {
    columns.checked_sub(passed).ok_or_else(|| {
        Error::value(
            format!("There are {columns} columns, and {passed} of them are to be passed on"),
            "Give what is told of an example after the example",
        )
    })
}

impl Layer for Beside {
    fn dropout(&mut self, seed: Option<u64>) {
        self.inner.dropout(seed);
    }

    fn learns(&mut self, yes: bool) {
        self.inner.learns(yes);
    }

    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let inner = inner_columns(x.ncols(), self.passed)?;
        let rows = self.x.resize(x.nrows(), inner).chunks_exact_mut(inner.max(1));
        rows.zip(x.rows())
            .for_each(|(to, from)| copy(to, from.slice(s![..inner])));
        let found = self.inner.forward(self.x.view())?;
        join(&mut self.y, found, x.slice(s![.., inner..]));
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let found = inner_columns(dy.ncols(), self.passed)?;
        let dx = self.inner.backward(dy.slice(s![.., ..found]))?;
        join(&mut self.dx, dx, dy.slice(s![.., found..]));
        Ok(self.dx.view())
    }

    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.inner.parameters()
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        let inner = self.inner.player(inner_columns(inputs, self.passed)?)?;
        let y = vec![0.0; inner.outputs() + self.passed];
        Ok(Box::new(BesidePlayer { inner, y }))
    }
}

#[derive(Debug)]
struct BesidePlayer {
    inner: Box<dyn Play>,
    y: Vec<f32>,
}

impl Play for BesidePlayer {
    fn outputs(&self) -> usize {
        self.y.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        let found = self.inner.outputs();
        let inner = x.len() - (self.y.len() - found);
        self.y[..found].copy_from_slice(self.inner.step(&x[..inner]));
        self.y[found..].copy_from_slice(&x[inner..]);
        &self.y
    }
}

/// How well features agree with what was told: `y = f · w + b + (c · V) · f`.
#[derive(Clone, Debug)]
pub struct Projection {
    /// `w` and `b`: whether it looks real at all.
    plain: Dense,
    /// `V` `[C][F]`: a direction for each condition.
    told: Dense,
    x: Buffer,
    y: Buffer,
    dx: Buffer,
}

impl Projection {
    /// The end of an expert that has found so many features and was told so many conditions. Its parameters are called `<name>.weight`, `<name>.bias`,
    /// `<name>.told.weight` and `<name>.told.bias`.
    pub fn new(name: &str, features: usize, conditions: usize, rng: &mut impl Rng) -> Projection {
        Projection {
            plain: Dense::new(name, features, 1, rng),
            told: Dense::new(&format!("{name}.told"), conditions, features, rng),
            x: Buffer::default(),
            y: Buffer::default(),
            dx: Buffer::default(),
        }
    }
}

impl Layer for Projection {
    fn learns(&mut self, yes: bool) {
        self.plain.learns(yes);
        self.told.learns(yes);
    }

    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let features = self.plain.weight.shape().0;
        buffer::check("x", x.dim(), (x.nrows(), features + self.told.weight.shape().0))?;
        self.x.copy(x);
        let (f, c) = x.split_at(ndarray::Axis(1), features);
        self.y.copy(self.plain.forward(f)?);
        let directions = self.told.forward(c)?;
        for ((y, f), v) in self
            .y
            .values_mut()
            .iter_mut()
            .zip(f.rows())
            .zip(directions.rows())
        {
            *y += f.dot(&v);
        }
        // Kept for the way back: directions before, then features.
        join(&mut self.dx, directions, f);
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let features = self.plain.weight.shape().0;
        buffer::check("dy", dy.dim(), (self.y.rows(), 1))?;
        let mut kept = self.dx.view().to_owned();
        for (mut row, dy) in kept.rows_mut().into_iter().zip(dy) {
            row *= *dy;
        }
        let (through_told, dv) = kept.view().split_at(ndarray::Axis(1), features);
        let df = &self.plain.backward(dy)? + &through_told;
        join(&mut self.dx, df.view(), self.told.backward(dv)?);
        Ok(self.dx.view())
    }

    fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.plain.parameters();
        all.extend(self.told.parameters());
        all
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        let features = self.plain.weight.shape().0;
        let conditions = inner_columns(inputs, features)?;
        Ok(Box::new(ProjectionPlayer {
            plain: self.plain.player(features)?,
            told: self.told.player(conditions)?,
            y: [0.0],
        }))
    }
}

#[derive(Debug)]
struct ProjectionPlayer {
    plain: Box<dyn Play>,
    told: Box<dyn Play>,
    y: [f32; 1],
}

impl Play for ProjectionPlayer {
    fn outputs(&self) -> usize {
        1
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        let (f, c) = x.split_at(self.told.outputs());
        let agreed: f32 = self.told.step(c).iter().zip(f).map(|(v, f)| v * f).sum();
        self.y = [self.plain.step(f)[0] + agreed];
        &self.y
    }
}
