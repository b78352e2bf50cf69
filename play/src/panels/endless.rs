//! A melody without end, by a network that may still be learning.

use super::Panel;
use super::melodist::Melodist;
use crate::stage::Stage;
use aeolian::music::Alphabet;
use aeolian::nn::{Learner, Saved, annotation};
use aeolian::predict::Predictor;
use aeolian::recurrent::{SequenceModel, SequencePlayer};
use aeolian::{Error, Result};

/// The most notes of a tune, for a network that knows no end yet.
const LONGEST: usize = 200;

pub struct EndlessPanel {
    melodist: Melodist<SequencePlayer>,
    /// The tune until now, as symbols.
    tune: Vec<usize>,
}

impl EndlessPanel {
    /// `model` holds the weights, with a note that says their alphabet.
    pub fn new(model: &[u8]) -> Result<EndlessPanel> {
        Ok(EndlessPanel {
            melodist: opened(model)?,
            tune: Vec::new(),
        })
    }
}

fn opened(model: &[u8]) -> Result<Melodist<SequencePlayer>> {
    let weights = SequenceModel::from_bytes(model)?;
    let symbols = weights.shape().alphabet;
    let wrong = |what: String| {
        let remedy = "Give a file that was saved here, or add its alphabet with aeolian::nn::annotated";
        Error::format("its metadata", what, remedy)
    };
    let alphabet = annotation(model, "alphabet")?
        .ok_or_else(|| wrong("it does not say which pitches and durations its symbols are".to_string()))?;
    let alphabet: Alphabet = alphabet.parse()?;
    if alphabet.len() != symbols {
        let what = format!(
            "an alphabet of {} symbols for weights of {symbols}",
            alphabet.len()
        );
        return Err(wrong(what));
    }
    Ok(Melodist::new(alphabet, weights.player()?))
}

impl Panel for EndlessPanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.melodist.expect(0.0, stage);
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        self.melodist.set(control, value)
    }

    fn act(&mut self, _: &[&str], _: &mut Stage) -> bool {
        false
    }

    /// In the middle of a tune, which the other model hears first.
    fn renew(&mut self, model: &[u8]) -> Result<bool> {
        let newer = opened(model)?;
        if newer.alphabet != self.melodist.alphabet {
            return Ok(false);
        }
        self.melodist.model = newer.model;
        self.melodist.model.forget();
        for &symbol in &self.tune {
            self.melodist.model.hear(symbol);
        }
        Ok(true)
    }

    fn go_on(&mut self, stage: &mut Stage) {
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
