//! The panels: each moves one chapter's idea.

mod chords;
mod dice;
mod endless;
mod keys;
mod melodist;
mod tune;
mod walk;
mod wind;

use crate::stage::Stage;
use aeolian::sound::Performer;
use aeolian::{Error, Result};

/// What plays on and on, and does as the reader asks.
pub trait Panel {
    /// Says what is to be seen before anything sounds.
    fn begin(&mut self, stage: &mut Stage);

    /// Moves a control; whether it has one of this name.
    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool;

    /// Does something else that the reader asks for, in words; whether it understands them.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool;

    /// Plays on with another model, without a break; whether it can.
    ///
    /// # Errors
    /// If the model is not what the panel plays.
    fn renew(&mut self, _model: &[u8]) -> Result<bool> {
        Ok(false)
    }

    /// Says what happens next, and waits for as long as that takes.
    fn go_on(&mut self, stage: &mut Stage);
}

/// Where a panel sounds: only the wind's is out of doors.
pub fn place(name: &str) -> Performer {
    match name {
        "wind" => Performer::outdoors(),
        _ => Performer::indoors(),
    }
}

/// The panel of this name, playing this model.
///
/// # Errors
/// If there is none, or the model is not what the panel plays.
pub fn open(name: &str, model: &[u8], stage: &mut Stage) -> Result<Box<dyn Panel>> {
    Ok(match name {
        "keys" => Box::new(keys::KeysPanel::new(model)?),
        "wind" => Box::new(wind::WindPanel::new(stage)?),
        "dice" => Box::new(dice::DicePanel::new(model, stage)?),
        "walk" => Box::new(walk::WalkPanel::new(model, stage)?),
        "tune" => Box::new(tune::TunePanel::new(model)?),
        "chords" => Box::new(chords::ChordsPanel::new(model)?),
        "endless" => Box::new(endless::EndlessPanel::new(model)?),
        _ => {
            return Err(Error::value(
                format!("There is no panel \"{name}\""),
                "Name one of play/src/panels",
            ));
        }
    })
}

/// What JSON says.
fn read<T: serde::de::DeserializeOwned>(model: &[u8]) -> Result<T> {
    serde_json::from_slice(model).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Error::format(place, error.to_string(), "Make the page anew: cargo run")
    })
}

#[cfg(test)]
mod tests;
