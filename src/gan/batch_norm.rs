//! Batch normalisation (S. Ioffe and C. Szegedy, 2015): each column of a batch is brought to mean 0 and variance 1, and then to a mean and a
//! spread that are learned.
//!
//! Shapes: `x`, `y` `[N][I]`; gain, shift, mean, variance `[1][I]`.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Layer, Parameter, Play};
use ndarray::ArrayView2;

/// Keeps a division from zero.
const LEAST: f32 = 1e-5;

/// How much of a running mean each batch replaces.
const NEW: f32 = 0.1;

/// A layer that normalises. While it learns (a seed was given to [`Layer::dropout`]) it goes by the batch that it hears; else by the
/// running mean of those that it has heard.
#[derive(Clone, Debug)]
pub struct BatchNorm {
    /// Gain, shift, running mean, running variance. The last two have no gradient: they are saved and averaged, and no optimiser moves them.
    all: [Parameter; 4],
    learning: bool,
    /// `x` normalised, and the spread that each column was divided by.
    normal: Buffer,
    inverse: Vec<f32>,
    y: Buffer,
    dx: Buffer,
    /// Whether `backward` goes by a batch, if there is something to go back through.
    kept: Option<bool>,
}

impl BatchNorm {
    /// A layer of so many columns, which leaves a normal batch as it is. Its parameters are called `<name>.gain`, `<name>.shift`, `<name>.mean` and
    /// `<name>.variance`.
    pub fn new(name: &str, columns: usize) -> BatchNorm {
        let of = |what: &str, value: f32| {
            let mut one = Parameter::zeros(format!("{name}.{what}"), 1, columns);
            one.values.fill(value);
            one
        };
        BatchNorm {
            all: [
                of("gain", 1.0),
                of("shift", 0.0),
                of("mean", 0.0),
                of("variance", 1.0),
            ],
            learning: false,
            normal: Buffer::default(),
            inverse: vec![0.0; columns],
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: None,
        }
    }

    /// Sums of each column, and of its squares.
    fn sums(&self, x: &[f32], columns: usize) -> [Vec<f32>; 2] {
        let rows = (x.len() / columns.max(1)).max(1) as f32;
        let mut mean = vec![0.0f32; columns];
        buffer::add_rows(&mut mean, x);
        mean.iter_mut().for_each(|sum| *sum /= rows);
        let mut variance = vec![0.0f32; columns];
        for row in x.chunks_exact(columns.max(1)) {
            for ((sum, x), mean) in variance.iter_mut().zip(row).zip(&mean) {
                *sum += (x - mean) * (x - mean);
            }
        }
        variance.iter_mut().for_each(|sum| *sum /= rows);
        [mean, variance]
    }
}

impl Layer for BatchNorm {
    fn dropout(&mut self, seed: Option<u64>) {
        self.learning = seed.is_some();
    }

    /// `x` to `y`, of the same shape.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let (rows, columns) = x.dim();
        self.kept = None;
        buffer::check("x", x.dim(), (rows, self.all[0].values.ncols()))?;
        self.normal.copy(x);
        let [mean, variance] = if self.learning {
            let found = self.sums(self.normal.values(), columns);
            // Of few rows the variance comes out too small by this factor.
            let whole = rows as f32 / (rows.max(2) - 1) as f32;
            let [_, _, means, variances] = &mut self.all;
            for (k, (mean, variance)) in found[0].iter().zip(&found[1]).enumerate() {
                let (running, spread) = (&mut means.values[[0, k]], &mut variances.values[[0, k]]);
                *running += NEW * (mean - *running);
                *spread += NEW * (variance * whole - *spread);
            }
            found
        } else {
            [2, 3].map(|which| self.all[which].flat().to_vec())
        };
        for (inverse, variance) in self.inverse.iter_mut().zip(variance) {
            *inverse = 1.0 / (variance + LEAST).sqrt();
        }
        let (gain, shift) = (self.all[0].flat(), self.all[1].flat());
        let y = self.y.resize(rows, columns).chunks_exact_mut(columns.max(1));
        for (x, y) in self.normal.values_mut().chunks_exact_mut(columns.max(1)).zip(y) {
            for k in 0..columns {
                x[k] = (x[k] - mean[k]) * self.inverse[k];
                y[k] = gain[k] * x[k] + shift[k];
            }
        }
        self.kept = Some(self.learning);
        Ok(self.y.view())
    }

    /// `dy` to `dx`. In a batch each number moves the mean and the spread of its column, and so all the others in it.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        let by_batch = self.kept;
        buffer::take(&mut self.kept.take().is_some(), "the normalisation")?;
        buffer::check("dy", dy.dim(), self.normal.view().dim())?;
        let (rows, columns) = dy.dim();
        self.dx.copy(dy);
        let (mut plain, mut with_x) = (vec![0.0f32; columns], vec![0.0f32; columns]);
        let dy = self.dx.values().chunks_exact(columns.max(1));
        for (dy, x) in dy.zip(self.normal.values().chunks_exact(columns.max(1))) {
            for k in 0..columns {
                plain[k] += dy[k];
                with_x[k] += dy[k] * x[k];
            }
        }
        let [gain, shift, ..] = &mut self.all;
        for k in 0..columns {
            gain.gradient[[0, k]] += with_x[k];
            shift.gradient[[0, k]] += plain[k];
        }
        let share = if by_batch == Some(true) {
            1.0 / rows.max(1) as f32
        } else {
            0.0
        };
        let gain = self.all[0].flat();
        let dx = self.dx.values_mut().chunks_exact_mut(columns.max(1));
        for (dx, x) in dx.zip(self.normal.values().chunks_exact(columns.max(1))) {
            for k in 0..columns {
                let moved = share * (plain[k] + x[k] * with_x[k]);
                dx[k] = gain[k] * self.inverse[k] * (dx[k] - moved);
            }
        }
        Ok(self.dx.view())
    }

    /// Gain, shift, running mean, running variance.
    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.all.iter_mut().collect()
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        buffer::check("The normalisation", (1, self.all[0].values.ncols()), (1, inputs))?;
        let mut layer = self.clone();
        layer.learning = false;
        Ok(Box::new(BatchNormPlayer { layer }))
    }
}

/// Who plays goes by the running means.
#[derive(Debug)]
struct BatchNormPlayer {
    layer: BatchNorm,
}

impl Play for BatchNormPlayer {
    fn outputs(&self) -> usize {
        self.layer.inverse.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        match self.layer.forward(buffer::view(1, x.len(), x)) {
            Ok(_) => self.layer.y.values(),
            Err(error) => panic!("{error}"),
        }
    }
}
