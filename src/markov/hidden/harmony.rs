//! A chord that one does not hear: harmonising a tune, with chords as the hidden states and the tune as what is heard.
//!
//! It learns by counting, from music of two hands: the left hand says the chord of each bar, the right hand's pitch
//! classes are what the chord lets be heard. Then Viterbi finds the likeliest chords for a tune that has none. It knows
//! no chords but those of its lessons, and nothing of voice leading.

use super::{Emission, HiddenMarkov, PseudoCounts, Symbols};
use crate::music::{Note, Pitch, Score};
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use rand::Rng;
use std::fmt;

/// The classes of pitch, and one symbol more for the end of the piece.
const SYMBOLS: usize = 13;

/// That symbol. Only the state after the last chord lets it be heard, so the last chord is one that pieces end on.
const END: usize = 12;

/// The most segments that a piece may have.
const LONGEST: u64 = 100_000;

/// A triad: its root, and its quality.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Chord {
    /// The class of the root, 0 (C) to 11 (B).
    pub root: u8,
    pub minor: bool,
}

impl Chord {
    /// The classes of root, third and fifth.
    pub fn tones(self) -> [u8; 3] {
        let third = if self.minor { 3 } else { 4 };
        [0, third, 7].map(|interval| (self.root % 12 + interval) % 12)
    }

    /// The triad that has most of what sounds in it (the left hand counts double); of equal ones the one whose root is the bass.
    fn of(left: &[Sounding], right: &[Sounding]) -> Option<Chord> {
        let bass = left.iter().min_by_key(|sounding| sounding.pitch)?.pitch.class();
        let time = |hand: &[Sounding], class: u8| -> u64 {
            let same = hand.iter().filter(|sounding| sounding.pitch.class() == class);
            same.map(|sounding| u64::from(sounding.ticks)).sum()
        };
        let fit = |chord: &Chord| -> (u64, bool) {
            let tones = chord.tones().into_iter();
            let all = tones.map(|tone| 2 * time(left, tone) + time(right, tone)).sum();
            (all, chord.root == bass)
        };
        let triads = (0..24).rev().map(|i| Chord {
            root: i % 12,
            minor: i >= 12,
        });
        triads.max_by_key(fit) // of equal ones the last: major before minor
    }
}

impl fmt::Display for Chord {
    /// `C`, `F#`, or with an m for minor: `Am`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];
        let quality = if self.minor { "m" } else { "" };
        f.pad(&format!("{}{quality}", names[usize::from(self.root % 12)]))
    }
}

/// What it has learned of chords and tunes, in C.
#[derive(Clone, Debug)]
pub struct Harmoniser {
    /// State `k` is chord `k`; the state after the last one is the end.
    chords: Vec<Chord>,
    model: HiddenMarkov<Together>,
}

impl Harmoniser {
    /// Learns from scores of two voices: the tune, then its accompaniment. Each is moved to C by its key.
    ///
    /// # Errors
    /// If a score has fewer voices, or is endless; or if there is no chord in any.
    pub fn learn(scores: &[Score], pseudo_counts: &PseudoCounts) -> Result<Harmoniser> {
        let lessons: Vec<Vec<(Chord, Vec<usize>)>> = scores.iter().map(lesson).collect::<Result<_>>()?;
        let mut chords: Vec<Chord> = lessons.iter().flatten().map(|bar| bar.0).collect();
        chords.sort();
        chords.dedup();
        let number = |chord: Chord| chords.binary_search(&chord).unwrap_or(chords.len());
        let numbered = |lesson: Vec<(Chord, Vec<usize>)>| {
            let bars = lesson.into_iter().map(|(chord, heard)| (number(chord), heard));
            bars.chain([(chords.len(), vec![END])]).collect()
        };
        let sequences: Vec<Vec<(usize, Vec<usize>)>> = lessons.into_iter().map(numbered).collect();
        if chords.is_empty() {
            return Err(Error::value(
                "There are no chords to learn from",
                "Give scores whose second voice is an accompaniment",
            ));
        }
        let even = Array2::from_elem((chords.len() + 1, SYMBOLS), 1.0 / SYMBOLS as f64);
        let model = HiddenMarkov::supervised(Together(Symbols::new(even)?), &sequences, pseudo_counts)?;
        Ok(Harmoniser { chords, model })
    }

    /// The chords it knows, in C.
    pub fn chords(&self) -> &[Chord] {
        &self.chords
    }

    /// How likely each chord (row) leads to each chord (column); the last row and column are the end.
    pub fn transition(&self) -> ndarray::ArrayView2<'_, f64> {
        self.model.transition()
    }

    /// The likeliest chords for a tune, each with the tick where it begins: one a bar, or two where a bar of an even
    /// number of beats has four or more.
    ///
    /// # Errors
    /// If the tune is endless, or has no note.
    pub fn chords_for(&self, tune: &Score) -> Result<Vec<(u32, Chord)>> {
        let segments = Segments::of(tune)?;
        let melody = tune.melody().notes();
        let up = to_c(tune);
        let mut heard: Vec<Vec<usize>> = segments.cut(&melody).iter().map(|bar| classes(bar, up)).collect();
        if heard.is_empty() {
            return Err(Error::value(
                format!("\"{}\" has no full bar to harmonise", tune.title),
                "Give a tune of at least one bar",
            ));
        }
        heard.push(vec![END]);
        let path = self.model.viterbi(&heard)?;
        let back = |chord: &Chord| Chord {
            root: (chord.root + 12 - up) % 12,
            ..*chord
        };
        let chords = path.states.iter().map(|&state| self.chords.get(state).map(back));
        let ticks = (0..segments.number).map(|i| segments.start(i));
        Ok(ticks
            .zip(chords)
            .filter_map(|(tick, chord)| Some((tick, chord?)))
            .collect())
    }

    /// The tune with its likeliest chords played to it: the root in the bass, and the triad on the other beats.
    ///
    /// # Errors
    /// As [`Harmoniser::chords_for`].
    pub fn harmonise(&self, tune: &Score) -> Result<Score> {
        let segments = Segments::of(tune)?;
        let mut notes = Vec::new();
        for (i, (_, chord)) in (0..).zip(self.chords_for(tune)?) {
            for beat in 0..segments.beats {
                let (onset, end) = (segments.beat(i, beat), segments.beat(i, beat + 1));
                let pitches = if beat == 0 {
                    vec![above(40, chord.root)]
                } else {
                    chord.tones().map(|t| above(52, t)).to_vec()
                };
                notes.extend(pitches.into_iter().flatten().map(|pitch| Note {
                    velocity: 56,
                    ..Note::new(onset, end.saturating_sub(onset), pitch)
                }));
            }
        }
        Ok(tune.clone().with_voice("chords", 0, notes))
    }
}

/// The lowest pitch of this class from a MIDI note number on.
fn above(lowest: u8, class: u8) -> Option<Pitch> {
    Pitch::from_midi(lowest + (class + 120 - lowest) % 12)
}

/// The chord and the tune's classes of pitch for each segment that has a chord.
fn lesson(score: &Score) -> Result<Vec<(Chord, Vec<usize>)>> {
    let [right, left, ..] = score.voices.as_slice() else {
        return Err(Error::value(
            format!("\"{}\" has no two voices", score.title),
            "Give scores of a tune and its accompaniment",
        ));
    };
    let segments = Segments::of(score)?;
    let up = to_c(score);
    let (right, left) = (segments.cut(&right.notes), segments.cut(&left.notes));
    let bars = left.iter().zip(&right).filter_map(|(left, right)| {
        let chord = Chord::of(left, right)?;
        let in_c = Chord {
            root: (chord.root + up) % 12,
            ..chord
        };
        Some((in_c, classes(right, up)))
    });
    Ok(bars.collect())
}

/// Semitones up, 0 to 11, from the score's key to C major, or to A minor: to no sharps and no flats.
fn to_c(score: &Score) -> u8 {
    let sharps = score.keys.first().map_or(0, |key| i32::from(key.1.sharps));
    (-7 * sharps).rem_euclid(12) as u8
}

fn classes(bar: &[Sounding], up: u8) -> Vec<usize> {
    bar.iter()
        .map(|sounding| usize::from((sounding.pitch.class() + up) % 12))
        .collect()
}

/// A pitch, and how long it sounds within a segment.
struct Sounding {
    pitch: Pitch,
    ticks: u32,
}

/// A score's bars, or half bars: as long as a chord lasts.
struct Segments {
    /// The tick of the first one.
    first: u32,
    /// Beats in one.
    beats: u32,
    /// A beat is so many ticks, as a fraction.
    beat: (u64, u64),
    number: u32,
}

impl Segments {
    fn of(score: &Score) -> Result<Segments> {
        let (beats, unit) = score
            .metres
            .first()
            .map_or((4, 4), |metre| (metre.1.beats, metre.1.unit));
        let beats = u32::from(beats.max(1));
        let beats = if beats >= 4 && beats % 2 == 0 {
            beats / 2
        } else {
            beats
        };
        let beat = (u64::from(score.resolution.max(1)) * 4, u64::from(unit.max(1)));
        let ticks = u64::from(score.end().saturating_sub(score.pickup));
        let number = (ticks * beat.1).div_ceil(beat.0 * u64::from(beats));
        if number > LONGEST {
            return Err(Error::value(
                format!("\"{}\" is {number} bars long", score.title),
                format!("Give at most {LONGEST}"),
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
    fn beat(&self, segment: u32, beat: u32) -> u32 {
        let beats = u64::from(segment) * u64::from(self.beats) + u64::from(beat);
        let ticks = u64::from(self.first) + beats * self.beat.0 / self.beat.1;
        u32::try_from(ticks).unwrap_or(u32::MAX)
    }

    fn start(&self, segment: u32) -> u32 {
        self.beat(segment, 0)
    }

    /// What sounds in each segment.
    fn cut(&self, notes: &[Note]) -> Vec<Vec<Sounding>> {
        let within = |segment: u32| {
            let (from, to) = (self.start(segment), self.start(segment + 1));
            let sounding = notes.iter().filter_map(move |note| {
                let ticks = note.end().min(to).saturating_sub(note.onset.max(from));
                (ticks > 0).then_some(Sounding {
                    pitch: note.pitch,
                    ticks,
                })
            });
            sounding.collect()
        };
        (0..self.number).map(within).collect()
    }
}

/// Several symbols at one time, each drawn by itself: the third kind of emission.
#[derive(Clone, Debug)]
struct Together(Symbols);

impl Emission for Together {
    type Heard = Vec<usize>;

    fn states(&self) -> usize {
        self.0.states()
    }

    fn log_likelihoods(&self, heard: &Vec<usize>, logs: &mut [f64]) -> Result<()> {
        let mut one = vec![0.0; logs.len()];
        logs.fill(0.0);
        for symbol in heard {
            self.0.log_likelihoods(symbol, &mut one)?;
            logs.iter_mut().zip(&one).for_each(|(log, one)| *log += one);
        }
        Ok(())
    }

    fn draw(&self, state: usize, rng: &mut impl Rng) -> Vec<usize> {
        vec![self.0.draw(state, rng)]
    }

    fn counted(&self) -> usize {
        self.0.counted()
    }

    fn count(&self, heard: &Vec<usize>, posterior: &[f64], counts: &mut Array2<f64>) {
        for symbol in heard {
            self.0.count(symbol, posterior, counts);
        }
    }

    fn learned(&self, counts: &Array2<f64>, visits: &Array1<f64>, pseudo_count: f64) -> Together {
        Together(self.0.learned(counts, visits, pseudo_count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::dice::Game;
    use crate::music::abc;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn taught() -> Harmoniser {
        let game = Game::printed().unwrap();
        let waltzes = game.corpus(200, &mut ChaCha8Rng::seed_from_u64(1));
        let scores: Vec<Score> = waltzes.iter().map(|waltz| game.bars(waltz)).collect();
        Harmoniser::learn(&scores, &PseudoCounts::default()).unwrap()
    }

    fn names(chords: &[(u32, Chord)]) -> Vec<String> {
        chords.iter().map(|chord| chord.1.to_string()).collect()
    }

    fn tune(text: &str) -> Score {
        abc::decode(text.as_bytes()).unwrap().swap_remove(0)
    }

    #[test]
    fn the_waltzes_teach_tonic_and_dominant() {
        let taught = taught();
        let known: Vec<String> = taught.chords().iter().map(Chord::to_string).collect();
        for chord in ["C", "G", "D"] {
            assert!(known.contains(&chord.to_string()), "{known:?}");
        }
        assert!(known.len() < 12, "{known:?}");
    }

    #[test]
    fn a_tune_of_broken_chords_gets_these_chords_and_ends_on_the_tonic() {
        let tune = tune("X:1\nT:t\nM:3/4\nL:1/4\nK:C\nCEG|GBd|^FAd|GBd|ceg|c3|");
        let chords = taught().chords_for(&tune).unwrap();
        assert_eq!(names(&chords), ["C", "G", "D", "G", "C", "C"]);
        let bar = 3 * tune.resolution;
        let ticks: Vec<u32> = chords.iter().map(|chord| chord.0).collect();
        assert_eq!(ticks, [0, 1, 2, 3, 4, 5].map(|i| i * bar));
    }

    #[test]
    fn a_tune_moved_up_has_its_chords_moved_up() {
        let taught = taught();
        let in_a = tune("X:1\nT:t\nM:3/4\nL:1/4\nK:A\nA,CE|EGB|^DFB|EGB|Ace|A3|");
        assert_eq!(
            names(&taught.chords_for(&in_a).unwrap()),
            ["A", "E", "B", "E", "A", "A"]
        );
        let in_e_flat = tune("X:1\nT:t\nM:3/4\nL:1/4\nK:Eb\nEGB|Bdf|=Acf|Bdf|egb|e3|");
        assert_eq!(
            names(&taught.chords_for(&in_e_flat).unwrap()),
            ["Eb", "Bb", "F", "Bb", "Eb", "Eb"]
        );
    }

    #[test]
    fn the_accompaniment_plays_the_chords_under_the_tune() {
        let taught = taught();
        let tune = tune("X:1\nT:t\nM:4/4\nL:1/4\nK:C\nG|CEGE|GBdB|GBdB|c3|");
        let score = taught.harmonise(&tune).unwrap();
        assert_eq!(score.voices.len(), 2);
        assert_eq!(score.voices[0], tune.voices[0]);
        let chords = taught.chords_for(&tune).unwrap();
        assert_eq!(chords.len(), 8, "two a bar: {}", names(&chords).join(" "));
        assert_eq!(chords[0].0, tune.pickup);
        for note in &score.voices[1].notes {
            let chord = chords.iter().rfind(|chord| chord.0 <= note.onset).unwrap();
            assert!(chord.1.tones().contains(&note.pitch.class()));
            assert!(note.duration == tune.resolution);
        }
        assert_eq!(score.voices[1].notes.len(), 8 * (1 + 3));
    }

    #[test]
    fn what_cannot_be_harmonised_is_an_error() {
        let taught = taught();
        assert!(taught.chords_for(&Score::new("", 4)).is_err());
        let endless = Score::new("", 1).with_voice("", 0, vec![Note::new(0, u32::MAX, Pitch::C4)]);
        assert!(taught.harmonise(&endless).is_err());
        assert!(Harmoniser::learn(&[], &PseudoCounts::default()).is_err());
        assert!(Harmoniser::learn(&[Score::new("", 4)], &PseudoCounts::default()).is_err());
    }
}
#[cfg(test)]
mod look {
    use super::*;
    use crate::chance::dice::{Game, Waltz};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    #[test]
    fn look() {
        let game = Game::printed().unwrap();
        let waltzes = game.corpus(200, &mut ChaCha8Rng::seed_from_u64(1));
        let scores: Vec<Score> = waltzes.iter().map(|waltz| game.bars(waltz)).collect();
        let h = Harmoniser::learn(&scores, &PseudoCounts::default()).unwrap();
        println!("{:?}", h.chords.iter().map(|c| c.to_string()).collect::<Vec<_>>());
        println!("{:.2}", h.model.initial());
        println!("{:.2}", h.model.transition());
        println!("{:.2}", h.model.emission().0.probabilities());
        for sum in 2..=12 {
            let w = Waltz::new([sum; 16]).unwrap();
            let l = lesson(&game.bars(&w)).unwrap();
            println!(
                "{}",
                l.iter().map(|b| b.0.to_string()).collect::<Vec<_>>().join(" ")
            );
        }
    }
}
