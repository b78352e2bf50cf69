//! What a reader asks of a model of bars: metre, kinds of music, measures.

use super::chords::{CHORDS, chords};
use super::lessons::Lesson;
use super::measures::Scale;
use super::unit::{BAR, Unit};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Steps of a bar: 12 or 16.
    pub bar: usize,
    /// How much of each kind, 1 in all.
    pub kinds: Vec<f32>,
    /// The measures on their [`Scale`], from -1 to 1; none where any will do.
    pub measures: [Option<f32>; 6],
    /// The chord under each half of the bar; none where any will do.
    pub chords: Option<[usize; 2]>,
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
            measures: scale.measured(&lesson.unit).map(Some),
            chords: Some(chords(&lesson.unit)),
        }
    }

    /// A request for a metre alone, all kinds alike.
    pub fn open(bar: usize, kinds: usize) -> Request {
        Request {
            bar,
            kinds: vec![1.0 / kinds.max(1) as f32; kinds],
            measures: [None; 6],
            chords: None,
        }
    }

    /// The same, but with this probability each measure is left open, and so are the chords.
    #[must_use]
    pub fn opened(mut self, probability: f64, rng: &mut impl Rng) -> Request {
        for measure in &mut self.measures {
            *measure = measure.filter(|_| rng.random::<f64>() >= probability);
        }
        self.chords = self.chords.filter(|_| rng.random::<f64>() >= probability);
        self
    }

    /// How many conditions a request of so many kinds makes.
    pub fn width(kinds: usize) -> usize {
        1 + kinds + 2 * 6 + 2 * CHORDS.len()
    }

    /// As a row of conditions: the metre, twice each kind's weight, each measure and whether it is asked for, a one
    /// among six for each chord.
    pub fn conditions(&self) -> Vec<f32> {
        let metre = if self.bar == BAR { 1.0 } else { 0.0 };
        let kinds = self.kinds.iter().map(|weight| 2.0 * weight);
        let measures = self.measures.iter();
        let measures =
            measures.flat_map(|asked| [asked.unwrap_or(0.0), if asked.is_some() { 1.0 } else { 0.0 }]);
        let mut chords = [0.0; 2 * CHORDS.len()];
        for (half, chord) in self.chords.iter().flatten().enumerate() {
            chords[half * CHORDS.len() + chord % CHORDS.len()] = 1.0;
        }
        [metre]
            .into_iter()
            .chain(kinds)
            .chain(measures)
            .chain(chords)
            .collect()
    }

    /// How far a unit is from what was asked: the squared differences of the measures, on their scale.
    pub fn distance(&self, unit: &Unit, scale: &Scale) -> f32 {
        let both = self.measures.iter().zip(scale.measured(unit));
        both.map(|(asked, found)| asked.map_or(0.0, |asked| (asked - found).powi(2)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Part;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn a_request_is_a_row_and_a_distance() {
        let mut symbols = vec![18; 16];
        (symbols[0], symbols[8]) = (3, 5);
        let unit = Unit { bar: 16, symbols };
        let lesson = Lesson {
            unit: unit.clone(),
            tune: 0,
            kind: 1,
            part: Part::Train,
        };
        let scale = Scale {
            low: [0.0; 6],
            high: [1.0, 10.0, 1.0, 4.0, 1.0, 1.0],
        };
        let request = Request::of(&lesson, 3, &scale);
        let row = request.conditions();
        assert_eq!(row.len(), Request::width(3));
        assert_eq!(row[..4], [1.0, 0.0, 2.0, 0.0]);
        assert_eq!(
            row[4..6],
            [-0.75, 1.0],
            "two notes in sixteen steps, and asked for"
        );
        assert_eq!(request.distance(&unit, &scale), 0.0);
        let open = request
            .clone()
            .opened(1.0, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1));
        assert_eq!(open.conditions()[4..].iter().sum::<f32>(), 0.0);
        let mut other = open;
        other.measures[0] = Some(0.25);
        assert_eq!(other.distance(&unit, &scale), 1.0);
    }
}
