//! The panels: each moves one chapter's idea.

mod beginning;
mod blind;
mod blues;
mod chords;
mod composer;
mod dice;
mod duet;
mod endless;
mod forge;
mod hands;
mod inside;
mod instrument;
mod keys;
mod letters;
mod melodist;
mod mixer;
mod plans;
mod studio;
mod tune;
mod walk;
mod wind;
mod writers;

use crate::stage::Stage;
use aeolian::music::Score;
use aeolian::nn::{Activation, Curve, Dense, Layer, Parameter, Play, Stack};
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

    /// The whole piece that it plays, where there is one.
    fn whole(&self) -> Option<&Score> {
        None
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
        "blind" => Box::new(blind::BlindPanel::new(model, stage)?),
        "forge" => Box::new(forge::open(model)?),
        "mixer" => Box::new(mixer::MixerPanel::new(model)?),
        "keys" => Box::new(keys::KeysPanel::new(model)?),
        "wind" => Box::new(wind::WindPanel::new(stage)?),
        "dice" => Box::new(dice::DicePanel::new(model, stage)?),
        "walk" => Box::new(walk::WalkPanel::new(model, stage)?),
        "tune" => Box::new(tune::TunePanel::new(model)?),
        "chords" => Box::new(chords::ChordsPanel::new(model)?),
        "endless" => Box::new(endless::EndlessPanel::new(model)?),
        "instrument" => Box::new(instrument::InstrumentPanel::new(model, stage)?),
        "composer" => Box::new(composer::ComposerPanel::new(model)?),
        "duet" => Box::new(duet::DuetPanel::new(model)?),
        "studio" => Box::new(studio::StudioPanel::new(model)?),
        "plans" => Box::new(plans::PlansPanel::new(model)?),
        "blues" => Box::new(blues::BluesPanel::new(model)?),
        "letters" => Box::new(letters::LettersPanel::new(model)?),
        _ => {
            return Err(Error::value(
                format!("There is no panel \"{name}\""),
                "Name one of play/src/panels",
            ));
        }
    })
}

/// Two layers that play, a tanh between them, for so many inputs: weight and bias of the hidden one, then of the output.
fn two_layers(parameters: [Parameter; 4], inputs: usize) -> Result<[Box<dyn Play>; 2]> {
    let [weight, bias, output_weight, output_bias] = parameters;
    let hidden = Stack::new()
        .with(Dense::of(weight, bias))
        .with(Activation::new(Curve::Tanh))
        .player(inputs)?;
    let output = Dense::of(output_weight, output_bias).player(hidden.outputs())?;
    Ok([hidden, output])
}

/// What JSON says.
fn read<T: serde::de::DeserializeOwned>(model: &[u8]) -> Result<T> {
    let remedy = "Make the page anew: cargo run";
    let text = std::str::from_utf8(model)
        .map_err(|error| Error::format("the whole file", error.to_string(), remedy))?;
    // From a text, as all JSON here: to read bytes as well would take a second copy of everything.
    serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Error::format(place, error.to_string(), remedy)
    })
}

/// What a line of JSON says of the model that comes after it, and that model.
fn with_about<T: serde::de::DeserializeOwned>(model: &[u8]) -> Result<(T, &[u8])> {
    let end = model.iter().position(|byte| *byte == b'\n');
    let (about, bytes) = model.split_at(end.unwrap_or(model.len()));
    Ok((read(about)?, bytes.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests;
