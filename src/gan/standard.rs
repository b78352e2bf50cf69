//! Numbers moved and stretched: an expert sees `(x - centre) · scale`, so that what is real lies around 0 and is about 1 wide.

use crate::Result;
use crate::nn::buffer::{self, Buffer};
use crate::nn::{Layer, Play};
use ndarray::ArrayView2;

/// A layer that learns nothing.
#[derive(Clone, Debug)]
pub struct Standard {
    centre: f32,
    scale: f32,
    y: Buffer,
    kept: bool,
}

impl Standard {
    /// A layer that gives `(x - centre) · scale`.
    pub fn new(centre: f32, scale: f32) -> Standard {
        Standard {
            centre,
            scale,
            y: Buffer::default(),
            kept: false,
        }
    }
}

impl Layer for Standard {
    fn forward<'a>(&'a mut self, x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        self.y.copy(x);
        let moved = self.y.values_mut().iter_mut();
        moved.for_each(|y| *y = (*y - self.centre) * self.scale);
        self.kept = true;
        Ok(self.y.view())
    }

    fn backward<'a>(&'a mut self, dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        buffer::take(&mut self.kept, "the scale")?;
        buffer::check("dy", dy.dim(), self.y.view().dim())?;
        self.y.copy(dy);
        self.y.values_mut().iter_mut().for_each(|dx| *dx *= self.scale);
        Ok(self.y.view())
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        Ok(Box::new(StandardPlayer {
            centre: self.centre,
            scale: self.scale,
            y: vec![0.0; inputs],
        }))
    }
}

#[derive(Debug)]
struct StandardPlayer {
    centre: f32,
    scale: f32,
    y: Vec<f32>,
}

impl Play for StandardPlayer {
    fn outputs(&self) -> usize {
        self.y.len()
    }

    fn step<'a>(&'a mut self, x: &'a [f32]) -> &'a [f32] {
        for (y, x) in self.y.iter_mut().zip(x) {
            *y = (x - self.centre) * self.scale;
        }
        &self.y
    }
}
