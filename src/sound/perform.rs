//! A score performed: each note a tone of its voice's instrument, at its moment, in its place.

mod strokes;

use super::instrument::Instrument;
use super::{RATE, Sound, room};
use crate::music::Score;
use crate::threads::*;
use crate::{Error, Result};
pub(super) use strokes::Key;
use strokes::{Stroke, strokes};

/// Tones made at a time by each processor: few, so that they are still in its cache when they are summed.
const TONES: usize = 8;

/// The most samples for which the tones made at a time may be held, so that they fit into memory.
const SAMPLES: usize = 1 << 24;

/// Seconds in which the end of a performance is faded.
const FADE: f64 = 0.05;

/// How far from the middle the outermost voices sit: 1 is wholly left or right.
const WIDTH: f32 = 0.7;

/// Performs a score: every voice by the instrument that stands for its General MIDI program, in stereo at
/// [`RATE`], in a small room, as loud as every other performance (see [`Sound::levelled`]). Notes start exactly where
/// the tempo puts them, to the sample. A pedal that a MIDI file asks for is heard if the file was read with
/// [`midi::Options`](crate::music::midi::Options) that say so.
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
    let mut groups: Vec<&[Stroke]> = strokes.chunk_by(|a, b| a.key == b.key).collect();
    let places = places(score.voices.len());
    let (mut left, mut right) = (Vec::new(), Vec::new());
    while !groups.is_empty() {
        let later = groups.split_off(batch(&groups));
        // Made on all processors, summed in order: the sum is the same in every run.
        let tones: Vec<Vec<f32>> = groups.par_iter().map(|group| group[0].key.tone()).collect();
        for (group, tone) in groups.iter().zip(&tones) {
            for stroke in *group {
                let (left_gain, right_gain) = places[stroke.voice];
                add(&mut left, tone, left_gain, stroke.onset);
                add(&mut right, tone, right_gain, stroke.onset);
            }
        }
        groups = later;
    }
    let frames = left.len() + (room::DECAY * RATE as f32) as usize;
    left.resize(frames, 0.0);
    right.resize(frames, 0.0);
    room::reverberate(&mut left, &mut right, RATE);
    let frames = rung_out(&left, &right);
    left.truncate(frames);
    right.truncate(frames);
    Ok(Sound::stereo(RATE, left, right).faded(0.0, FADE).levelled())
}

/// How many of these groups of equal tones are made at a time: at least one.
fn batch(groups: &[&[Stroke]]) -> usize {
    let mut samples = 0;
    let fits = |group: &&&[Stroke]| {
        samples += group[0].key.held as usize;
        samples <= SAMPLES
    };
    groups
        .iter()
        .take(TONES * current_num_threads())
        .take_while(fits)
        .count()
        .max(1)
}

/// The frame from which on the sound has fallen by 60 dB for good, and a fade more.
fn rung_out(left: &[f32], right: &[f32]) -> usize {
    let frames = || {
        left.iter()
            .zip(right)
            .map(|(left, right)| left.abs().max(right.abs()))
    };
    let peak = frames().fold(0.0, f32::max);
    let last = frames().rposition(|level| level > peak / 1000.0).unwrap_or(0);
    last + (FADE * f64::from(RATE)) as usize
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::{Note, Tempo};
    use crate::sound::{LOUDNESS, cents, fundamental};

    fn note(onset: u32, duration: u32, name: &str) -> Note {
        Note::new(onset, duration, name.parse().unwrap())
    }

    #[test]
    fn each_pitch_sounds_at_its_moment_through_a_change_of_tempo() {
        let names = ["G3", "C5", "A4", "E4"];
        let notes = (0..4).map(|i| note(4 * i, 3, names[i as usize])).collect();
        for program in [0, 24, 40, 73] {
            let mut score = Score::new("", 4)
                .with_tempo(60.0)
                .with_voice("", program, Vec::clone(&notes));
            score.tempi.push((8, Tempo::per_minute(90.0)));
            let sound = perform(&score).unwrap();
            for note in &notes {
                let onset = score.clock().seconds(note.onset);
                let off = cents(
                    note.pitch.hertz(),
                    fundamental(&sound.part(onset + 0.1, onset + 0.45)).unwrap(),
                );
                assert!(
                    off.abs() < 5.0,
                    "program {program}, {}: {off:.1} cents",
                    note.pitch
                );
            }
        }
    }

    #[test]
    fn a_note_starts_at_its_sample_and_not_before() {
        let score = Score::new("", 4)
            .with_tempo(120.0)
            .with_voice("", 0, vec![note(7, 4, "C4")]);
        let sound = perform(&score).unwrap();
        let onset = (score.clock().seconds(7) * f64::from(RATE)).round() as usize;
        let left = &sound.channels()[0];
        let peak = sound.peak();
        assert!(left[..onset].iter().all(|sample| sample.abs() < 1e-6 * peak));
        assert!(
            left[onset..onset + 441]
                .iter()
                .any(|sample| sample.abs() > 0.05 * peak),
            "within 10 ms"
        );
    }

    #[test]
    fn the_performance_is_at_its_level_and_rings_out() {
        let score = Score::new("", 4).with_voice("", 48, vec![note(0, 4, "C4"), note(0, 4, "G4")]);
        let sound = perform(&score).unwrap();
        assert!((sound.loudness().unwrap() - LOUDNESS).abs() < 0.1);
        assert!((0.6..2.5).contains(&sound.seconds()), "{} s", sound.seconds());
        let end = sound.part(sound.seconds() - 0.001, sound.seconds());
        assert!(end.peak() < 1e-4, "no click at the end");
    }

    #[test]
    fn voices_are_spread_from_left_to_right_at_equal_power() {
        let all = places(5);
        assert!(
            all.iter()
                .all(|(left, right)| (left * left + right * right - 1.0).abs() < 1e-6)
        );
        assert!(all[0].0 > all[0].1 && all[4].1 > all[4].0);
        assert!(
            (all[2].0 - all[2].1).abs() < 1e-6 && places(1)[0] == all[2],
            "alone in the middle"
        );
    }

    #[test]
    fn the_same_score_is_the_same_sound_on_any_number_of_threads() {
        let mut score = Score::new("", 4);
        for program in [0, 11, 24, 40, 73, 116] {
            let pitches = ["C3", "E4", "G4", "C5", "E4"];
            let notes = (0..20)
                .map(|i| note(i, 1 + i % 3, pitches[i as usize % 5]))
                .collect();
            score = score.with_voice("", program, notes);
        }
        score.voices[5].percussion = true;
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| perform(&score)).unwrap()
        };
        assert_eq!(with(1), with(3));
    }

    #[test]
    fn a_listing_may_choose_the_instruments() {
        let score = Score::new("", 4).with_voice("", 0, vec![note(0, 4, "A4")]);
        let [plucked, blown] = [Instrument::PluckedString, Instrument::Pipe]
            .map(|instrument| perform_with(&score, &[instrument]).unwrap());
        assert_ne!(plucked, blown);
        let message = perform_with(&score, &[]).unwrap_err().to_string();
        assert!(message.contains("one instrument for each voice"), "{message}");
    }

    #[test]
    fn what_cannot_be_performed_is_said_with_its_remedy() {
        let refused = |score: &Score| perform(score).unwrap_err().to_string();
        let empty = Score::new("Nothing", 4).with_voice("", 0, vec![]);
        assert!(
            refused(&empty).contains("\"Nothing\" has no notes"),
            "{}",
            refused(&empty)
        );
        let long = Score::new("", 1).with_voice("", 0, vec![note(u32::MAX, u32::MAX, "C4")]);
        assert!(refused(&long).contains("at most 30"), "{}", refused(&long));
        let dense = Score::new("", 1).with_voice("", 0, vec![note(0, 3000, "C4"); 1000]);
        assert!(
            refused(&dense).contains("some of its voices"),
            "{}",
            refused(&dense)
        );
    }

    #[test]
    fn notes_without_length_and_hostile_tempi_do_no_harm() {
        let mut score = Score::new("", 0).with_voice("", 19, vec![note(0, 0, "C4"), note(5, 0, "C4")]);
        score.tempi = vec![
            (
                9,
                Tempo {
                    micros_per_quarter: 0,
                },
            ),
            (
                3,
                Tempo {
                    micros_per_quarter: 1,
                },
            ),
        ];
        assert!(perform(&score).unwrap().loudness().is_some());
    }
}
