//! Music as frames: which of a piano's 88 keys sound at each step of an even grid.
//!
//! The form in which models of several voices are compared in the literature (N. Boulanger-Lewandowski, Y. Bengio
//! and P. Vincent, 2012). Their Bach chorales, 229 for training, 76 for validation and 77 for testing, have a
//! frame a quarter note. What a frame leaves out: how hard a key is struck, and whether it is struck again or held.

use super::{Note, Pitch, Score};
use crate::{Error, Result};

/// The keys of a piano, A0 to C8.
pub const KEYS: usize = 88;

/// The lowest key's MIDI note number: A0.
const LOWEST: u8 = 21;

/// How hard the left hand strikes, 1 to 127.
const SOFTER: u8 = 64;

/// The longest music in frames: at four to a quarter note more than a day.
const LONGEST: u64 = 1 << 20;

/// Whether each key sounds, the lowest first.
pub type Frame = [bool; KEYS];

/// A frame for each step of a grid of so many frames to a quarter note, from tick 0 to the end of the last note: the
/// keys that sound at the moment when the frame begins. Notes between two such moments are not seen; pitches that
/// no piano has, and percussion, are left out.
///
/// # Errors
/// If there are no frames to a quarter note, or if there would be more than a million in all.
pub fn frames(score: &Score, frames_per_quarter: u32) -> Result<Vec<Frame>> {
    let resolution = u64::from(score.resolution.max(1));
    // Frame i begins at tick i · resolution / frames_per_quarter.
    let first_from = |tick: u32| (u64::from(tick) * u64::from(frames_per_quarter)).div_ceil(resolution);
    let length = first_from(score.end());
    if frames_per_quarter == 0 || length > LONGEST {
        return Err(Error::value(
            format!(
                "{frames_per_quarter} frames to a quarter note make {length} of \"{}\"",
                score.title
            ),
            format!("Ask for at least one, and for no more than {LONGEST} in all"),
        ));
    }
    let mut frames = vec![[false; KEYS]; length as usize];
    let pitched = score.voices.iter().filter(|voice| !voice.percussion);
    for note in pitched.flat_map(|voice| &voice.notes) {
        let sounding = first_from(note.onset) as usize..first_from(note.end()) as usize;
        for frame in frames.get_mut(sounding).unwrap_or_default() {
            if let Some(key) = key(note.pitch).and_then(|key| frame.get_mut(key)) {
                *key = true;
            }
        }
    }
    Ok(frames)
}

/// The same music higher (or lower) by so many semitones; none if a key would leave the piano.
pub fn transposed(frames: &[Frame], semitones: i32) -> Option<Vec<Frame>> {
    let moved = |frame: &Frame| {
        let mut moved = [false; KEYS];
        for key in (0..KEYS).filter(|&key| frame.get(key) == Some(&true)) {
            let to = usize::try_from(i32::try_from(key).ok()? + semitones).ok()?;
            *moved.get_mut(to)? = true;
        }
        Some(moved)
    };
    frames.iter().map(moved).collect()
}

/// Frames as a score for two hands, for hearing them: the right hand has the keys from middle C on, the left hand plays
/// a little softer. A key that sounds in one frame after the other is held.
pub fn from_frames(title: &str, frames: &[Frame], frames_per_quarter: u32) -> Score {
    let mut notes: Vec<Note> = Vec::new();
    let mut held: [Option<usize>; KEYS] = [None; KEYS]; // the note in `notes` that holds each key
    for (onset, frame) in (0u32..).zip(frames) {
        for ((number, sounds), held) in (LOWEST..).zip(frame).zip(&mut held) {
            match (
                *sounds,
                held.and_then(|note| notes.get_mut(note)),
                Pitch::from_midi(number),
            ) {
                (false, ..) => *held = None,
                (true, Some(note), _) => note.duration += 1,
                (true, None, Some(pitch)) => {
                    *held = Some(notes.len());
                    notes.push(Note::new(onset, 1, pitch));
                }
                (true, None, None) => {}
            }
        }
    }
    let (right, mut left): (Vec<Note>, Vec<Note>) =
        notes.into_iter().partition(|note| note.pitch >= Pitch::C4);
    for note in &mut left {
        note.velocity = SOFTER;
    }
    let mut score = Score::new(title, frames_per_quarter.max(1));
    for (hand, notes) in [("right hand", right), ("left hand", left)] {
        if !notes.is_empty() {
            score = score.with_voice(hand, 0, notes);
        }
    }
    score
}

/// The number of the key, from 0; some number beyond them for a pitch too high, none for one too low.
fn key(pitch: Pitch) -> Option<usize> {
    pitch.midi().checked_sub(LOWEST).map(usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pitch(name: &str) -> Pitch {
        name.parse().unwrap()
    }

    fn names(frame: &Frame) -> Vec<String> {
        let keys = frame.iter().enumerate().filter(|key| *key.1);
        let pitch = |key: usize| Pitch::from_midi(LOWEST + key as u8).unwrap();
        keys.map(|key| pitch(key.0).to_string()).collect()
    }

    #[test]
    fn a_frame_holds_what_sounds_when_it_begins() {
        let notes = vec![
            Note::new(0, 4, pitch("C4")),
            Note::new(4, 2, pitch("D4")),
            Note::new(6, 2, pitch("E4")), // between two quarters
        ];
        let score =
            Score::new("", 4)
                .with_voice("", 0, notes)
                .with_voice("", 0, vec![Note::new(0, 12, pitch("C3"))]);
        let quarters = frames(&score, 1).unwrap();
        assert_eq!(quarters.len(), 3);
        assert_eq!(names(&quarters[0]), ["C3", "C4"]);
        assert_eq!(names(&quarters[1]), ["C3", "D4"]);
        assert_eq!(names(&quarters[2]), ["C3"]);
        let sixteenths = frames(&score, 4).unwrap();
        assert_eq!(sixteenths.len(), 12);
        assert_eq!(names(&sixteenths[5]), ["C3", "D4"]);
        assert_eq!(names(&sixteenths[6]), ["C3", "E4"]);
        let thirds = frames(&score, 3).unwrap();
        assert_eq!(thirds.len(), 9);
        assert_eq!(names(&thirds[4]), ["C3", "D4"], "at tick 5 1/3");
        assert_eq!(names(&thirds[5]), ["C3", "E4"], "at tick 6 2/3");
    }

    #[test]
    fn pitches_beyond_the_piano_and_drums_are_left_out() {
        let all = (0..128).map(|number| Note::new(0, 1, Pitch::from_midi(number).unwrap()));
        let score = Score::new("", 1).with_voice("", 0, all.collect());
        assert_eq!(frames(&score, 1).unwrap(), [[true; KEYS]]);
        let mut drums = score.clone();
        drums.voices[0].percussion = true;
        assert_eq!(frames(&drums, 1).unwrap(), [[false; KEYS]]);
    }

    #[test]
    fn frames_survive_being_a_score() {
        let chord = |keys: &[usize]| std::array::from_fn(|key| keys.contains(&key));
        let music: Vec<Frame> = vec![chord(&[0, 40, 87]), chord(&[40]), chord(&[]), chord(&[40, 87])];
        let score = from_frames("", &music, 4);
        let hands: Vec<usize> = score.voices.iter().map(|voice| voice.notes.len()).collect();
        assert_eq!(hands, [4, 1], "key 40 is held, and struck again after silence");
        assert_eq!(frames(&score, 4).unwrap(), music);
    }

    #[test]
    fn a_grid_that_makes_no_sense_is_refused() {
        let long = Score::new("long", 1).with_voice("", 0, vec![Note::new(u32::MAX, u32::MAX, Pitch::C4)]);
        let message = frames(&long, 4).unwrap_err().to_string();
        assert!(message.contains("\"long\""), "{message}");
        assert!(frames(&Score::new("", 4), 0).is_err());
        assert_eq!(frames(&Score::new("", 0), 1).unwrap().len(), 0);
        assert_eq!(from_frames("", &[], 0).end(), 0);
    }
}
