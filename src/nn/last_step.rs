//! The end of the way from many steps to one answer.

use super::buffer::{self, Buffer};
use super::layer::{Layer, Play};
use crate::Result;
use ndarray::{ArrayView2, s};

/// A layer that lets through the last step alone: `x` `[T B][I]` to `y` `[B][I]`, after a layer that remembers. While it plays, every
/// step may be the last, and it lets all through.
#[derive(Clone, Debug)]
pub struct LastStep {
    batch: usize,
    /// Of the latest `x`.
    rows: usize,
    dx: Buffer,
    kept: bool,
}

impl LastStep {
    /// Such a layer.
    pub fn new() -> LastStep {
        LastStep {
            batch: 1,
            rows: 0,
            dx: Buffer::default(),
            kept: false,
        }
    }
}

impl Default for LastStep {
    fn default() -> LastStep {
        LastStep::new()
    }
}

impl Layer for LastStep {
    fn begin(&mut self, batch: usize) {
        (self.batch, self.kept) = (batch, false);
    }

    /// `x` `[T B][I]` to `y` `[B][I]`.
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.kept = false;
        buffer::check_batch(x.nrows(), self.batch)?;
        (self.rows, self.kept) = (x.nrows(), true);
        Ok(x.slice_move(s![self.rows.saturating_sub(self.batch).., ..]))
    }

    /// `dy` `[B][I]` to `dx` `[T B][I]`: no other step is to blame.
    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the last step")?;
        let (rows, columns) = (self.batch.min(self.rows), dy.ncols());
        buffer::check("dy", dy.dim(), (rows, columns))?;
        let dx = self.dx.zeros(self.rows, columns);
        let last = dx[(self.rows - rows) * columns..].iter_mut();
        last.zip(dy).for_each(|(dx, dy)| *dx = *dy);
        Ok(self.dx.view())
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        super::stack::player([], inputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_last_step_of_each_sequence_comes_through_and_its_gradient_goes_back() {
        let (mut last, x) = (LastStep::new(), array![[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]);
        let dy = array![[7.0], [8.0]];
        last.begin(2);
        assert_eq!(last.forward(x.view()).unwrap(), array![[5.0], [6.0]]);
        let dx = last.backward(dy.view()).unwrap();
        assert_eq!(dx, array![[0.0], [0.0], [0.0], [0.0], [7.0], [8.0]]);
        assert!(last.backward(dy.view()).is_err());
        last.forward(x.view()).unwrap();
        assert!(last.backward(x.view()).is_err());
        last.begin(4);
        assert!(last.forward(x.view()).is_err());
        assert_eq!(last.player(1).unwrap().step(&[3.0]), [3.0]);
    }
}
