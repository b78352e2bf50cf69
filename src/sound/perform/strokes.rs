//! What there is to play in a score, and whether that is more than can be played.

use super::super::RATE;
use super::super::instrument::{Instrument, drum};
use crate::music::{Pitch, Score};
use crate::{Error, Result};

/// The longest score that is performed, in seconds: half an hour.
const LONGEST: f64 = 1800.0;

/// The most sound that is computed for one score, in seconds of single tones: a hundred voices for half an hour.
const MOST: f64 = 100.0 * LONGEST;

/// What makes two tones the same samples. The derived order is the order of the sum, so that it is the same
/// in every run, on however many threads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key {
    pub instrument: Instrument,
    /// Whether the pitch is a number of the General MIDI percussion map.
    pub percussion: bool,
    pub pitch: Pitch,
    pub velocity: u8,
    /// Samples from start to end of the note; 0 where the instrument takes no notice of the end.
    pub held: u32,
}

/// One note to be played.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stroke {
    pub key: Key,
    /// Sample at which it starts.
    pub onset: usize,
    pub voice: usize,
}

impl Key {
    /// The samples of the tone.
    pub fn tone(self) -> Vec<f32> {
        if self.percussion {
            return drum::percussion(self.pitch.midi(), self.velocity, RATE);
        }
        let seconds = f64::from(self.held) / f64::from(RATE);
        self.instrument
            .tone(self.pitch.hertz(), seconds, self.velocity, RATE)
    }
}

/// The notes of a score, equal tones beside each other.
///
/// # Errors
/// If there are none, or more than [`LONGEST`] and [`MOST`] allow.
pub fn strokes(score: &Score, instruments: &[Instrument]) -> Result<Vec<Stroke>> {
    let clock = score.clock();
    let seconds = score.seconds();
    if seconds > LONGEST {
        return Err(Error::value(
            format!(
                "The score lasts {:.0} minutes; at most 30 are performed",
                seconds / 60.0
            ),
            "Perform a part of it, or give it a faster tempo",
        ));
    }
    let frame = |tick| (clock.seconds(tick) * f64::from(RATE)).round() as usize;
    let mut strokes = Vec::new();
    let mut sounding = 0.0;
    for (number, (voice, &instrument)) in score.voices.iter().zip(instruments).enumerate() {
        for note in &voice.notes {
            let (onset, end) = (frame(note.onset), frame(note.end()));
            let held = match instrument.release() {
                Some(_) => end.saturating_sub(onset),
                None => 0,
            };
            sounding += 1.0 + held as f64 / f64::from(RATE);
            strokes.push(Stroke {
                key: Key {
                    instrument,
                    percussion: voice.percussion && instrument == Instrument::Drum,
                    pitch: note.pitch,
                    velocity: note.velocity,
                    held: held as u32,
                },
                onset,
                voice: number,
            });
        }
    }
    if strokes.is_empty() {
        return Err(Error::value(
            format!("The score \"{}\" has no notes", score.title),
            "Give it a voice with at least one note",
        ));
    }
    if sounding > MOST {
        return Err(Error::value(
            format!(
                "The notes of the score last {:.0} hours when added up; at most {:.0} are performed",
                sounding / 3600.0,
                MOST / 3600.0
            ),
            "Perform a part of it, or some of its voices",
        ));
    }
    strokes.sort_unstable();
    Ok(strokes)
}
