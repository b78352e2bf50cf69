//! What makes a dense layer a convolution over frames: each hears the one before and the one after, too.

use super::buffer::{self, Buffer};
use super::fast::add;
use super::layer::{Layer, Play};
use crate::{Error, Result};
use ndarray::ArrayView2;

/// A layer that puts each row between its neighbours: `x` `[T B][I]` to `y` `[T B][3 I]`, where row `t` of `y` is
/// `x(t - 1) | x(t) | x(t + 1)`, with zeros before the first and after the last. A [`Dense`](crate::nn::Dense) layer above it makes a
/// convolution of width three, which sees the whole sequence at once.
#[derive(Clone, Debug)]
pub struct Neighbours {
    batch: usize,
    y: Buffer,
    dx: Buffer,
    kept: bool,
}

impl Neighbours {
    /// Such a layer.
    pub fn new() -> Neighbours {
        Neighbours {
            batch: 1,
            y: Buffer::default(),
            dx: Buffer::default(),
            kept: false,
        }
    }

    /// The rows of `x` that row `t` hears, and where in its row of `y` they stand: 0, 1 or 2.
    fn heard(&self, row: usize, rows: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let batch = self.batch;
        (0..3).filter_map(move |place| {
            let from = (row + place * batch).checked_sub(batch)?;
            (from < rows).then_some((place, from))
        })
    }
}

impl Default for Neighbours {
    fn default() -> Neighbours {
        Neighbours::new()
    }
}

impl Layer for Neighbours {
    fn begin(&mut self, batch: usize) {
        (self.batch, self.kept) = (batch, false);
    }

    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::check_batch(x.nrows(), self.batch)?;
        let ((rows, columns), x) = (x.dim(), x.as_standard_layout());
        let x = x.as_slice().unwrap_or_default();
        self.y.zeros(rows, 3 * columns);
        for row in 0..rows {
            for (place, from) in self.heard(row, rows) {
                self.y.values_mut()[(3 * row + place) * columns..][..columns]
                    .copy_from_slice(&x[from * columns..][..columns]);
            }
        }
        self.kept = true;
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the neighbours")?;
        let (rows, columns) = self.y.view().dim();
        buffer::check("dy", dy.dim(), (rows, columns))?;
        let (columns, dy) = (columns / 3, dy.as_standard_layout());
        let dy = dy.as_slice().unwrap_or_default();
        self.dx.zeros(rows, columns);
        for row in 0..rows {
            for (place, from) in self.heard(row, rows) {
                let dy = &dy[(3 * row + place) * columns..][..columns];
                add(&mut self.dx.values_mut()[from * columns..][..columns], dy);
            }
        }
        Ok(self.dx.view())
    }

    fn player(&self, _: usize) -> Result<Box<dyn Play>> {
        Err(Error::value(
            "A layer that hears what comes next cannot play a moment at a time",
            "Give it the whole sequence, with forward",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Parameter, SquaredError, gradient_check};
    use ndarray::array;

    #[test]
    fn each_row_stands_between_its_neighbours() {
        let mut layer = Neighbours::new();
        let x = array![[1.0], [2.0], [3.0], [4.0]];
        let y = layer.forward(x.view()).unwrap();
        assert_eq!(
            y,
            array![[0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [3.0, 4.0, 0.0]]
        );
        layer.begin(2);
        let y = layer.forward(x.view()).unwrap();
        assert_eq!(
            y,
            array![[0.0, 1.0, 3.0], [0.0, 2.0, 4.0], [1.0, 3.0, 0.0], [2.0, 4.0, 0.0]]
        );
        layer.begin(3);
        assert!(layer.forward(x.view()).is_err() && layer.player(1).is_err());
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let (mut layer, mut loss) = (Neighbours::new(), SquaredError::default());
        layer.begin(2);
        let mut x = Parameter::zeros("x", 6, 2);
        x.values = numbers(6, 2, 1);
        let target = numbers(6, 6, 2);
        let largest = gradient_check(
            &mut x,
            |x| vec![x],
            |x| {
                let found = loss.forward(layer.forward(x.values.view())?, target.view())?;
                x.gradient += &layer.backward(loss.backward(1.0)?)?;
                Ok(found)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        assert!(layer.backward(target.view()).is_err());
    }
}
