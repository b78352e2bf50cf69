//! What a reader asks of a model of bars: metre, kinds of music, measures.

use super::lessons::Lesson;
use super::measures::Scale;
use super::unit::BAR;
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Steps of a bar: 12 or 16.
    pub bar: usize,
    /// How much of each kind, 1 in all.
    pub kinds: Vec<f32>,
    /// The measures, from -1 to 1: see [`Scale`].
    pub measures: [f32; 6],
}

impl Request {
    /// What would have asked for this lesson, of so many kinds.
    pub fn of(lesson: &Lesson, kinds: usize, scale: &Scale) -> Request {
        let mut weights = vec![0.0; kinds];
        if let Some(weight) = weights.get_mut(lesson.kind) {
            *weight = 1.0;
        }
        Request {
            bar: lesson.unit.bar,
            kinds: weights,
            measures: scale.measured(&lesson.unit),
        }
    }

    /// How many conditions a request of so many kinds makes.
    pub fn width(kinds: usize) -> usize {
        1 + kinds + 6
    }

    /// As a row of conditions: the metre, twice each kind's weight, the measures.
    pub fn conditions(&self) -> Vec<f32> {
        let metre = if self.bar == BAR { 1.0 } else { 0.0 };
        let kinds = self.kinds.iter().map(|weight| 2.0 * weight);
        [metre].into_iter().chain(kinds).chain(self.measures).collect()
    }
}
