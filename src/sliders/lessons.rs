//! What makers of bars learn from: bars, and requests that would have asked for them.

use crate::bars::{CHORDS, Lesson, Lessons, Request, Scale, Unit, chords};
use crate::music::Part;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, Gamma};

/// Bars of the training part, by kind, and how they are asked for.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Two bars in a row, by kind.
    by_kind: Vec<Vec<Lesson>>,
    /// The scale of the measures, that of single bars.
    pub scale: Scale,
}

impl Asking {
    /// From lessons of two bars.
    pub fn of(lessons: &Lessons) -> Asking {
        let mut by_kind = vec![Vec::new(); lessons.kinds.len()];
        for lesson in lessons.part(Part::Train) {
            by_kind[lesson.kind].push(lesson.clone());
        }
        let firsts: Vec<Unit> = by_kind
            .iter()
            .flatten()
            .map(|lesson: &Lesson| lesson.bar(0).unit)
            .collect();
        Asking {
            scale: Scale::of(&firsts),
            by_kind,
        }
    }

    // ANCHOR: pick
    /// A bar, the one before it in half of all cases, and a request for it. In half of all cases, too, the request is for a mixture of kinds, from one of which
    /// the bar is; and most measures are left open, as a reader leaves them.
    pub fn pick(&self, rng: &mut impl Rng) -> (Option<Unit>, Unit, Request) {
        let mixed = rng.random::<bool>();
        let gamma = Gamma::new(0.3_f32, 1.0).ok().filter(|_| mixed);
        let mut weights = Vec::new();
        for lessons in &self.by_kind {
            let drawn = gamma.as_ref().map(|gamma| gamma.sample(&mut *rng) + 1e-6);
            weights.push(drawn.unwrap_or(lessons.len() as f32));
        }
        let kinds: Vec<usize> = (0..weights.len())
            .filter(|kind| !self.by_kind[*kind].is_empty())
            .collect();
        let kind = kinds
            .choose_weighted(rng, |kind| weights[*kind])
            .copied()
            .unwrap_or(0);
        let lesson = &self.by_kind[kind][rng.random_range(0..self.by_kind[kind].len())];
        let second = rng.random::<bool>();
        let of_bar = lesson.bar(usize::from(second));
        let before = second.then(|| lesson.bar(0).unit);
        let mut request = Request::of(&of_bar, self.by_kind.len(), &self.scale);
        let total: f32 = weights.iter().sum();
        if mixed {
            request.kinds = weights.iter().map(|weight| weight / total).collect();
        }
        let open = if rng.random::<bool>() { 0.5 } else { 0.9 };
        (before, of_bar.unit, request.opened(open, rng))
    }
    // ANCHOR_END: pick
}

/// How often one chord leads to another, from half bar to half bar.
#[derive(Clone, PartialEq, Debug, serde::Serialize, serde::Deserialize)]
pub struct ChordChain {
    /// From row to column, as shares.
    pub transition: Vec<Vec<f64>>,
}

impl ChordChain {
    /// Counts in lessons of two bars.
    pub fn of(lessons: &Lessons) -> ChordChain {
        let mut counts = vec![vec![0.5; CHORDS.len()]; CHORDS.len()];
        for lesson in lessons.part(Part::Train) {
            let [first, second] = [0, 1].map(|number| chords(&lesson.bar(number).unit));
            for (from, to) in [(first[0], first[1]), (first[1], second[0])] {
                counts[from][to] += 1.0;
            }
        }
        for row in &mut counts {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|count| *count /= total);
        }
        ChordChain { transition: counts }
    }

    /// The two chords of a bar after this one.
    pub fn next(&self, from: usize, rng: &mut impl Rng) -> [usize; 2] {
        let mut step = |from: usize| {
            let row = &self.transition[from % self.transition.len().max(1)];
            let all: Vec<usize> = (0..row.len()).collect();
            all.choose_weighted(rng, |to| row[*to]).copied().unwrap_or(0)
        };
        let first = step(from);
        [first, step(first)]
    }
}
