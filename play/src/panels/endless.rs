//! A melody without end, by a network that may still be learning.

use super::Panel;
use super::melodist::Melodist;
use crate::learn::Fresh;
use crate::stage::Stage;
use aeolian::music::Alphabet;
use aeolian::predict::Predictor;

/// The most notes of a tune, for a model that knows no end.
const LONGEST: usize = 200;

pub struct EndlessPanel<M> {
    melodist: Melodist<M>,
    /// What the model has learned since.
    fresh: Fresh<M>,
    /// The tune until now, as symbols.
    tune: Vec<usize>,
}

impl<M: Predictor> EndlessPanel<M> {
    pub fn new(alphabet: Alphabet, model: M, fresh: Fresh<M>) -> EndlessPanel<M> {
        EndlessPanel {
            melodist: Melodist::new(alphabet, model),
            fresh,
            tune: Vec::new(),
        }
    }

    /// Goes on with what has learned most, in the middle of a tune.
    fn renew(&mut self) {
        if let Some(model) = self.fresh.take() {
            let model = Melodist::new(self.melodist.alphabet.clone(), model).model;
            self.melodist.model = model;
            self.melodist.model.forget();
            for &symbol in &self.tune {
                self.melodist.model.hear(symbol);
            }
        }
    }
}

impl<M: Predictor> Panel for EndlessPanel<M> {
    fn begin(&mut self, stage: &mut Stage) {
        self.melodist.expect(0.0, stage);
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        self.melodist.set(control, value)
    }

    fn act(&mut self, _: &[&str], _: &mut Stage) -> bool {
        false
    }

    fn go_on(&mut self, stage: &mut Stage) {
        self.renew();
        let (symbols, seconds) = self.melodist.note(stage);
        self.tune.extend(&symbols);
        if symbols.len() == 1 || self.tune.len() >= 2 * LONGEST {
            self.melodist.model.forget();
            self.tune.clear();
        }
        self.melodist.expect(0.05, stage);
        stage.wait(seconds);
    }
}
