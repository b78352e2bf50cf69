//! A score performed: each note a tone of its voice's instrument, at its moment, in its place.

use super::instrument::{Instrument, drum};
use super::{RATE, Sound, room};
use crate::music::{Pitch, Score};
use crate::{Error, Result};
use rayon::prelude::*;

/// The longest score that is performed, in seconds: half an hour.
const LONGEST: f64 = 1800.0;

/// The most sound that is computed for one score, in seconds of single tones: thirty voices for half an hour.
const MOST: f64 = 30.0 * LONGEST;

/// The peak of a performance, in decibels below full scale.
const PEAK: f64 = -3.0;

/// How far from the middle the outermost voices sit: 1 is wholly left or right.
const WIDTH: f32 = 0.7;

/// What makes two tones the same samples. The derived order is the order of the sum, so that it is the same
/// in every run, on however many threads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    instrument: Instrument,
    /// Whether the pitch is a number of the General MIDI percussion map.
    percussion: bool,
    pitch: Pitch,
    velocity: u8,
    /// In samples; 0 where the instrument takes no notice.
    held: u32,
}

/// One note to be played.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Stroke {
    key: Key,
    /// Sample at which it starts.
    onset: usize,
    voice: usize,
}

/// Performs a score: every voice by the instrument that stands for its General MIDI program, in stereo at
/// [`RATE`], in a small room. Notes start exactly where the tempo puts them, to the sample.
///
/// # Errors
/// If the score has no notes, lasts longer than half an hour, or is denser than any music.
pub fn perform(score: &Score) -> Result<Sound> {
    let instruments: Vec<Instrument> = score.voices.iter().map(Instrument::of).collect();
    perform_with(score, &instruments)
}

/// Performs a score as [`perform`] does, the first voice by the first instrument and so on.
///
/// # Errors
/// As [`perform`], and if there is not one instrument to each voice.
pub fn perform_with(score: &Score, instruments: &[Instrument]) -> Result<Sound> {
    if instruments.len() != score.voices.len() {
        return Err(Error::value(
            format!(
                "{} voices cannot be played by {} instruments",
                score.voices.len(),
                instruments.len()
            ),
            "Name one instrument for each voice",
        ));
    }
    let strokes = strokes(score, instruments)?;
    let groups: Vec<&[Stroke]> = strokes.chunk_by(|a, b| a.key == b.key).collect();
    let places = places(score.voices.len());
    let (mut left, mut right) = (Vec::new(), Vec::new());
    // Tones are made on all processors, some at a time so that they fit into memory, and summed in order.
    for groups in groups.chunks(64) {
        let tones: Vec<Vec<f32>> = groups.par_iter().map(|group| tone(group[0].key)).collect();
        for (group, tone) in groups.iter().zip(&tones) {
            for stroke in *group {
                let (left_gain, right_gain) = places[stroke.voice];
                add(&mut left, tone, left_gain, stroke.onset);
                add(&mut right, tone, right_gain, stroke.onset);
            }
        }
    }
    let tail = left.len() + (room::DECAY * RATE as f32) as usize;
    left.resize(tail, 0.0);
    right.resize(tail, 0.0);
    room::reverberate(&mut left, &mut right, RATE);
    Ok(Sound::stereo(RATE, left, right).faded(0.0, 0.1).normalised(PEAK))
}

/// The notes of a score, equal tones beside each other.
fn strokes(score: &Score, instruments: &[Instrument]) -> Result<Vec<Stroke>> {
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
            let held = if instrument.held() { end - onset } else { 0 };
            sounding += 0.5 + held as f64 / f64::from(RATE);
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

/// The samples of one tone.
fn tone(key: Key) -> Vec<f32> {
    if key.percussion {
        return drum::percussion(key.pitch.midi(), key.velocity, RATE);
    }
    let seconds = f64::from(key.held) / f64::from(RATE);
    key.instrument
        .tone(key.pitch.hertz(), seconds, key.velocity, RATE)
}

/// The gains of left and right for each voice, spread evenly from left to right at constant power: the squares of
/// the two add up to 1, so that a voice is as loud wherever it sits.
fn places(voices: usize) -> Vec<(f32, f32)> {
    let spread = |voice: usize| {
        let place = if voices > 1 {
            WIDTH * (2.0 * voice as f32 / (voices - 1) as f32 - 1.0)
        } else {
            0.0
        };
        let angle = (place + 1.0) * std::f32::consts::FRAC_PI_4;
        (angle.cos(), angle.sin())
    };
    (0..voices).map(spread).collect()
}

/// Adds a tone to a channel, which grows as needed.
fn add(channel: &mut Vec<f32>, tone: &[f32], gain: f32, onset: usize) {
    let end = onset + tone.len();
    if channel.len() < end {
        channel.resize(end, 0.0);
    }
    for (sample, tone) in channel[onset..end].iter_mut().zip(tone) {
        *sample += gain * tone;
    }
}
