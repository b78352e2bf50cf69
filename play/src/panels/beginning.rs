//! What the reader taps, for music to begin with.

use crate::stage::{Said, Stage};
use aeolian::music::Pitch;
use serde_json::json;

/// The most notes that it may have.
const LONGEST: usize = 100;

/// Notes, each with its length in eighths.
#[derive(Default)]
pub struct Beginning {
    pub notes: Vec<(Pitch, u32)>,
}

impl Beginning {
    /// Does `note MIDI EIGHTHS`, `back` or `clear`, and tells the page what there is now; whether it was one of these. A pitch that the model
    /// does not know is not taken, and the page is told so.
    pub fn act(&mut self, words: &[&str], knows: impl Fn(Pitch) -> bool, stage: &mut Stage) -> bool {
        let mut unknown = None;
        match words {
            ["note", midi, eighths] => {
                let pitch = midi.parse().ok().and_then(Pitch::from_midi);
                let eighths = eighths.parse().ok().filter(|eighths| (1..=16).contains(eighths));
                let (Some(pitch), Some(eighths)) = (pitch, eighths) else {
                    return false;
                };
                match knows(pitch) {
                    true if self.notes.len() < LONGEST => self.notes.push((pitch, eighths)),
                    true => {}
                    false => unknown = Some(pitch.to_string()),
                }
            }
            ["back"] => drop(self.notes.pop()),
            ["clear"] => self.notes.clear(),
            _ => return false,
        }
        let names: Vec<String> = self.notes.iter().map(|note| note.0.to_string()).collect();
        stage.answer(Said::Own(json!({"beginning": names, "unknown": unknown})));
        true
    }
}
