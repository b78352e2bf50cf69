//! The net that tells forgeries from real things: a score, high for what looks real.

use super::beside::{Beside, Projection};
use super::deviation::Deviation;
use super::standard::Standard;
use crate::nn::{Activation, Curve, Dense, Stack};
use crate::{Error, Result};
use rand::Rng;

/// The sizes of an expert. Any [`Stack`] from `[N / pack][pack · (W + C)]` to one score a row may play as well.
#[derive(Clone, PartialEq, Debug)]
pub struct ExpertShape {
    /// `W`: the columns of an example.
    pub width: usize,
    /// `C`: how many numbers it is told of it.
    pub told: usize,
    /// The units of each hidden layer.
    pub hidden: Vec<usize>,
    /// The curve of each.
    pub curve: Curve,
    /// It looks at so many examples at once: see [`Rules::pack`](super::Rules::pack).
    pub pack: usize,
    /// It sees `(x - centre) · scale`.
    pub seen: Option<(f32, f32)>,
    /// It sees how much the rows of a group of this size differ: [`Deviation`].
    pub group: Option<usize>,
    /// Whether it compares what it found with what it is told, by a [`Projection`], rather than to hear both alike.
    pub projects: bool,
}

impl ExpertShape {
    /// An expert of leaky layers that sees one example of so many columns as it is, and is told nothing.
    pub fn new(width: usize, hidden: &[usize]) -> ExpertShape {
        ExpertShape {
            width,
            told: 0,
            hidden: hidden.to_vec(),
            curve: Curve::LeakyRelu,
            pack: 1,
            seen: None,
            group: None,
            projects: false,
        }
    }

    /// An expert that has learned nothing yet. Its parameters are called `expert0.weight` and so on, those of a projection `expert.told.weight`.
    ///
    /// # Errors
    /// If it sees nothing, or shall project what it sees in packs.
    pub fn build(&self, rng: &mut impl Rng) -> Result<Stack> {
        let beside = if self.projects { self.told } else { 0 };
        let mut inputs = (self.width + self.told) * self.pack - beside;
        if inputs == 0 || (self.projects && (self.pack != 1 || self.told == 0)) {
            return Err(Error::value(
                format!("There is no expert of {self:?}"),
                "Let it see something; a projection needs something to be told, of one example at a time",
            ));
        }
        let mut inner = Stack::new();
        if let Some((centre, scale)) = self.seen {
            inner = inner.with(Standard::new(centre, scale));
        }
        for (number, units) in self.hidden.iter().enumerate() {
            inner = inner
                .with(Dense::new(&format!("expert{number}"), inputs, *units, rng))
                .with(Activation::new(self.curve));
            inputs = *units;
        }
        if let Some(group) = self.group {
            inner = inner.with(Deviation::new(group));
            inputs += 1;
        }
        Ok(if self.projects {
            Stack::new()
                .with(Beside::new(inner, self.told))
                .with(Projection::new("expert", inputs, self.told, rng))
        } else {
            inner.with(Dense::new(
                &format!("expert{}", self.hidden.len()),
                inputs,
                1,
                rng,
            ))
        })
    }
}
