//! Bars in the kind of another: its rhythm is kept, and its register.

use crate::bars::{HOLD, Unit, measures};
use crate::predict::Predictor;
use std::collections::HashSet;

/// A model that is to keep the rhythm of a bar: where that one has notes they are likelier, and elsewhere less likely.
pub(super) struct InRhythm<'a> {
    model: &'a mut dyn Predictor,
    like: &'a Unit,
    step: usize,
}

/// So many times.
const KEPT: f64 = 4.0;

impl<'a> InRhythm<'a> {
    pub fn of(like: &'a Unit, model: &'a mut dyn Predictor) -> InRhythm<'a> {
        InRhythm { model, like, step: 0 }
    }
}

impl Predictor for InRhythm<'_> {
    fn alphabet(&self) -> usize {
        self.model.alphabet()
    }

    fn forget(&mut self) {
        self.model.forget();
        self.step = 0;
    }

    fn hear(&mut self, symbol: usize) {
        self.model.hear(symbol);
        self.step += 1;
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        self.model.predict(probabilities);
        let struck = self
            .like
            .symbols
            .get(self.step)
            .is_some_and(|symbol| usize::from(*symbol) < HOLD);
        let keys = probabilities.iter_mut().take(HOLD);
        keys.for_each(|key| *key *= if struck { KEPT } else { 1.0 / KEPT });
        let total: f64 = probabilities.iter().sum();
        probabilities
            .iter_mut()
            .for_each(|probability| *probability /= total);
    }
}

/// How far a bar is from the rhythm and the register of the one that it shall be like.
pub(super) fn unlike(unit: &Unit, like: Option<&Unit>) -> f64 {
    let Some(like) = like else { return 0.0 };
    let struck = |unit: &Unit| -> HashSet<usize> { unit.notes().iter().map(|note| note.onset).collect() };
    let (own, other) = (struck(unit), struck(like));
    let all = own.union(&other).count().max(1) as f64;
    let rhythm = 1.0 - own.intersection(&other).count() as f64 / all;
    let far = f64::from((measures(unit)[1] - measures(like)[1]).abs());
    5.0 * rhythm + 0.5 * (far - 2.0).max(0.0)
}
