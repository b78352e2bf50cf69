//! Writers who learn.

use super::writer::{SavedStates, Writer, WriterKind, read_lstm};
use crate::bars::{Lessons, WORDS};
use crate::nn::{Saved, Training, train};
use crate::recurrent::{Architecture, Cell, SequenceModel};
use crate::sliders::Maker;
use crate::{Error, Result};
use rand_chacha::ChaCha8Rng;

/// How long writers learn. A chain counts once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lengths {
    /// Rounds of Baum–Welch, for hidden states.
    pub rounds: usize,
    /// How often the LSTM goes through all lessons.
    pub epochs: usize,
    /// Steps of the forger's game.
    pub steps: u64,
}

/// A writer who has learned from these lessons, and what a page needs to have it, too: nothing for a chain, JSON for hidden states, else weights.
/// `progress` hears how many steps of how many are done.
///
/// # Errors
/// If there are no lessons.
pub fn taught(
    kind: WriterKind,
    lessons: &Lessons,
    lengths: Lengths,
    rng: &mut ChaCha8Rng,
    mut progress: impl FnMut(u64, u64),
) -> Result<(Writer, Vec<u8>)> {
    Ok(match kind {
        WriterKind::Chain => (Writer::chain(lessons), Vec::new()),
        WriterKind::Hidden => {
            let models = Writer::hidden(lessons, lengths.rounds, rng)?;
            let saved: Vec<SavedStates> = models.iter().map(SavedStates::of).collect();
            let filters = models.iter().map(|model| model.filter()).collect();
            let json = serde_json::to_vec(&saved)
                .map_err(|error| Error::value(error.to_string(), "Teach them anew"))?;
            (Writer::Hidden(filters), json)
        }
        WriterKind::Lstm => {
            let mut model = recurrent(Cell::Lstm, lessons, lengths.epochs, rng, progress)?;
            let bytes = model.to_bytes()?;
            (read_lstm(&bytes)?, bytes)
        }
        WriterKind::Gan => {
            let steps = lengths.steps;
            let (mut forger, scale) = Writer::gan(lessons, steps, rng, |done| progress(done, steps))?;
            let bytes = forger.to_bytes()?;
            let maker = Box::new(Maker::Forger(forger));
            (Writer::Gan(maker, lessons.kinds.len(), scale), bytes)
        }
    })
}

/// A recurrent net of 64 units that says step after step what comes next, after the kind and the bar before. It plays as a [`Writer::Lstm`] does,
/// whatever its cells.
///
/// # Errors
/// If there are no lessons.
pub fn recurrent(
    cell: Cell,
    lessons: &Lessons,
    epochs: usize,
    rng: &mut ChaCha8Rng,
    mut progress: impl FnMut(u64, u64),
) -> Result<SequenceModel> {
    let size = Architecture {
        cell,
        units: 64,
        embedding: 16,
        ..Architecture::default()
    };
    let mut model = SequenceModel::new(WORDS + lessons.kinds.len(), &size, rng)?;
    let settings = Training {
        epochs,
        rate: 0.008,
        ..Training::default()
    };
    train(&mut model, &Writer::told(lessons), &[], &settings, |now| {
        progress(now.step, now.steps);
    })?;
    Ok(model)
}
