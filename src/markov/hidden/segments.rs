//! A score cut up for harmony: its tune, its accompaniment, its key, and stretches as long as a chord lasts.

use crate::music::{Note, Pitch, Score, Voice};
use crate::{Error, Result};
use std::collections::HashSet;

/// The most segments that a piece may have.
const LONGEST: u64 = 10_000;

/// The tune, and the notes of what accompanies it: the voice that lies highest, and all others. A score of one voice is
/// parted where it has several notes at once: the highest are the tune.
pub(super) fn tune_and_accompaniment(score: &Score) -> (Voice, Vec<Note>) {
    let pitched = score.voices.iter().filter(|voice| !voice.percussion);
    let mut voices: Vec<&Voice> = pitched.filter(|voice| !voice.notes.is_empty()).collect();
    voices.sort_by(|a, b| height(a).total_cmp(&height(b)));
    let Some(highest) = voices.pop() else {
        return (Voice::default(), Vec::new());
    };
    if !voices.is_empty() {
        let others = voices.iter().flat_map(|voice| voice.notes.iter().copied());
        return (highest.clone(), others.collect());
    }
    let tune = score.melody().notes();
    let on_top: HashSet<(u32, Pitch)> = tune.iter().map(|note| (note.onset, note.pitch)).collect();
    let is_tune = |note: &&Note| on_top.contains(&(note.onset, note.pitch));
    let (tune, others): (Vec<&Note>, Vec<&Note>) = highest.notes.iter().partition(is_tune);
    let tune = Voice {
        notes: tune.into_iter().copied().collect(),
        ..highest.clone()
    };
    (tune, others.into_iter().copied().collect())
}

/// The mean pitch.
fn height(voice: &Voice) -> f64 {
    let total: f64 = voice.notes.iter().map(|note| f64::from(note.pitch.midi())).sum();
    total / voice.notes.len().max(1) as f64
}

/// Semitones up, 0 to 11, from the score's key to C major, or to A minor: to no sharps and no flats. A score without
/// a key is held to be in the one whose scale has most of its notes.
pub(super) fn to_c(score: &Score) -> u8 {
    let sharps = match score.keys.first() {
        Some((_, key)) => i32::from(key.sharps),
        None => likeliest_sharps(score),
    };
    (-7 * sharps).rem_euclid(12) as u8
}

/// The signature whose scale has most of the sounding time; of equal ones the one of fewest sharps or flats.
fn likeliest_sharps(score: &Score) -> i32 {
    let mut time = [0u64; 12];
    let pitched = score.voices.iter().filter(|voice| !voice.percussion);
    for note in pitched.flat_map(|voice| &voice.notes) {
        time[usize::from(note.pitch.class() % 12)] += u64::from(note.duration);
    }
    let within = |sharps: i32| -> u64 {
        let steps = [0, 2, 4, 5, 7, 9, 11].into_iter();
        let classes = steps.map(|step| (7 * sharps + step).rem_euclid(12) as usize);
        classes.map(|class| time[class]).sum()
    };
    let signatures = (-5..=6).map(|sharps: i32| (within(sharps), -sharps.abs(), sharps));
    signatures.max().map_or(0, |best| best.2)
}

/// A pitch, and how long it sounds within a segment.
pub(super) struct Sounding {
    pub(super) pitch: Pitch,
    pub(super) ticks: u32,
}

/// A score's bars, or half bars: as long as a chord lasts.
pub(super) struct Segments {
    /// The tick of the first one.
    first: u32,
    /// Beats in one.
    pub(super) beats: u32,
    /// A beat is so many ticks, as a fraction.
    beat: (u64, u64),
    pub(super) number: u32,
}

impl Segments {
    pub(super) fn of(score: &Score) -> Result<Segments> {
        let metre = score.metres.first();
        let (beats, unit) = metre.map_or((4, 4), |(_, metre)| (metre.beats, metre.unit));
        let beats = u32::from(beats.max(1));
        let beats = match beats {
            6 | 9 | 12 if unit >= 8 => 3,
            4.. if beats % 2 == 0 => beats / 2,
            _ => beats,
        };
        let beat = (u64::from(score.resolution.max(1)) * 4, u64::from(unit.max(1)));
        let ticks = u64::from(score.end().saturating_sub(score.pickup));
        let number = (ticks * beat.1).div_ceil(beat.0 * u64::from(beats));
        if number > LONGEST {
            return Err(Error::value(
                format!("\"{}\" would have {number} chords", score.title),
                format!("Give a piece that is short enough for {LONGEST}"),
            ));
        }
        Ok(Segments {
            first: score.pickup,
            beats,
            beat,
            number: number as u32,
        })
    }

    /// The tick of a beat of a segment.
    pub(super) fn beat(&self, segment: u32, beat: u32) -> u32 {
        let beats = u64::from(segment) * u64::from(self.beats) + u64::from(beat);
        let ticks = u64::from(self.first) + beats * self.beat.0 / self.beat.1;
        u32::try_from(ticks).unwrap_or(u32::MAX)
    }

    pub(super) fn start(&self, segment: u32) -> u32 {
        self.beat(segment, 0)
    }

    /// The segment that begins at this tick.
    pub(super) fn at(&self, tick: u32) -> u32 {
        let ticks = u64::from(tick.saturating_sub(self.first)) * self.beat.1;
        (ticks.div_ceil(self.beat.0 * u64::from(self.beats))) as u32
    }

    /// What sounds in each segment.
    pub(super) fn cut(&self, notes: &[Note]) -> Vec<Vec<Sounding>> {
        let within = |segment: u32| {
            let (from, to) = (self.start(segment), self.start(segment + 1));
            let sounding = notes.iter().filter_map(move |note| {
                let ticks = note.end().min(to).saturating_sub(note.onset.max(from));
                let pitch = note.pitch;
                (ticks > 0).then_some(Sounding { pitch, ticks })
            });
            sounding.collect()
        };
        (0..self.number).map(within).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::abc;

    fn score(text: &str) -> Score {
        abc::decode(text.as_bytes()).unwrap().swap_remove(0).0
    }

    #[test]
    fn the_highest_voice_is_the_tune_and_so_are_the_highest_notes_of_one_voice() {
        let two = score("X:1\nT:t\nL:1/4\nK:C\nV:1\nC,4|\nV:2\nc2 d2|\n");
        let (tune, others) = tune_and_accompaniment(&two);
        assert_eq!((tune.notes.len(), others.len()), (2, 1));
        let one = score("X:1\nT:t\nL:1/4\nK:C\n[CEc]2 [Gd] e|");
        let (tune, others) = tune_and_accompaniment(&one);
        let heights: Vec<u8> = tune.notes.iter().map(|note| note.pitch.midi()).collect();
        assert_eq!((heights, others.len()), (vec![72, 74, 76], 3));
    }

    #[test]
    fn the_key_is_read_or_guessed() {
        assert_eq!(to_c(&score("X:1\nT:t\nL:1/4\nK:D\nDFAd|")), 10);
        let mut tune = score("X:1\nT:t\nL:1/4\nK:Bb\nBcdefgab|F4|");
        assert_eq!(to_c(&tune), 2);
        tune.keys.clear();
        assert_eq!(to_c(&tune), 2);
        assert_eq!(to_c(&Score::new("", 4)), 0);
    }
}
