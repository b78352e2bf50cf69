//! A chord that one does not hear: harmonising a tune, with chords as the hidden states and the tune as what is heard.
//!
//! It learns by counting, from music of two hands: both together say the chord of each bar, the right hand's pitch
//! classes are what the chord lets be heard. Then Viterbi finds the likeliest chords for a tune that has none. It knows
//! no chords but those of its lessons, and nothing of voice leading.

use super::chord::Chord;
use super::segments::{Segments, Sounding, to_c, tune_and_accompaniment};
use super::together::Together;
use super::{HiddenMarkov, PseudoCounts, Symbols};
use crate::music::{Note, Pitch, Score};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2, s};

/// The classes of pitch, and one symbol more for the end of the piece.
const SYMBOLS: usize = 13;

/// That symbol. Only the state after the last chord lets it be heard, so the last chord is one that pieces end on.
const END: usize = 12;

/// How hard the accompaniment is struck, 1 to 127: so that the tune stands out.
const SOFT: u8 = 50;

/// The lowest bass note, D2, and the lowest of the tones above it, D3: MIDI note numbers. Few tunes go down there.
const LOWEST_BASS: u8 = 38;
const LOWEST_TONE: u8 = 50;

/// What it has learned of chords and tunes, in C.
#[derive(Clone, Debug)]
pub struct Harmoniser {
    /// State `k` is chord `k`; the state after the last one is the end.
    chords: Vec<Chord>,
    model: HiddenMarkov<Together>,
}

impl Harmoniser {
    /// Learns from scores that have a tune and an accompaniment, whether in voices of their own or in one. Each is moved
    /// to C by its key. What has no accompaniment teaches nothing.
    ///
    /// # Errors
    /// If there is no accompaniment in any score, or if one is endless.
    pub fn learn(scores: &[Score], pseudo_counts: &PseudoCounts) -> Result<Harmoniser> {
        let mut lessons: Vec<Vec<(Chord, Vec<usize>)>> = scores.iter().map(lesson).collect::<Result<_>>()?;
        lessons.retain(|lesson| !lesson.is_empty());
        let mut chords: Vec<Chord> = lessons.iter().flatten().map(|bar| bar.0).collect();
        chords.sort();
        chords.dedup();
        if chords.is_empty() {
            return Err(Error::value(
                "There are no chords to learn from",
                "Give scores of a tune with an accompaniment",
            ));
        }
        let number = |chord: Chord| chords.binary_search(&chord).unwrap_or(chords.len());
        let numbered = |lesson: Vec<(Chord, Vec<usize>)>| {
            let bars = lesson.into_iter().map(|(chord, heard)| (number(chord), heard));
            bars.chain([(chords.len(), vec![END])]).collect()
        };
        let sequences: Vec<Vec<(usize, Vec<usize>)>> = lessons.into_iter().map(numbered).collect();
        let even = Array2::from_elem((chords.len() + 1, SYMBOLS), 1.0 / SYMBOLS as f64);
        let model = HiddenMarkov::supervised(Together(Symbols::new(even)?), &sequences, pseudo_counts)?;
        Ok(Harmoniser { chords, model })
    }

    /// The chords it knows, in C.
    pub fn chords(&self) -> &[Chord] {
        &self.chords
    }

    /// How likely each chord (row) leads to each chord (column); the last row and column are the end.
    pub fn transition(&self) -> ArrayView2<'_, f64> {
        self.model.transition()
    }

    /// How likely each chord (row) lets each class of pitch, C to B, be heard in the tune.
    pub fn emission(&self) -> ArrayView2<'_, f64> {
        let all = self.model.emission().0.probabilities();
        all.slice_move(s![..self.chords.len(), ..END])
    }

    /// The likeliest chords for a tune, each with the tick where it begins: one a bar, or two where a bar of an even
    /// number of beats has four or more, or one for each three eighths of 6/8 and its like.
    ///
    /// # Errors
    /// If the tune is endless, or has no note.
    pub fn chords_for(&self, score: &Score) -> Result<Vec<(u32, Chord)>> {
        let segments = Segments::of(score)?;
        let (tune, _) = tune_and_accompaniment(score);
        if segments.number == 0 || tune.notes.is_empty() {
            return Err(Error::value(
                format!("\"{}\" has no full bar to harmonise", score.title),
                "Give a tune of at least one bar",
            ));
        }
        let up = to_c(score);
        let bars = segments.cut(&tune.notes);
        let mut heard: Vec<Vec<usize>> = bars.iter().map(|bar| classes(bar, up)).collect();
        heard.push(vec![END]);
        let path = self.model.viterbi(&heard)?;
        let chords = (0..segments.number).zip(&path.states).filter_map(|(i, &state)| {
            let chord = self.chords.get(state)?;
            Some((segments.start(i), chord.up(12 - up)))
        });
        Ok(chords.collect())
    }

    /// The tune with its likeliest chords played to it: the root in the bass, three other tones on the beats that
    /// follow, and the last chord held to the end.
    ///
    /// # Errors
    /// As [`Harmoniser::chords_for`].
    pub fn harmonise(&self, score: &Score) -> Result<Score> {
        let segments = Segments::of(score)?;
        let (tune, _) = tune_and_accompaniment(score);
        let chords = self.chords_for(score)?;
        let mut notes = Vec::new();
        let mut play = |from: u32, to: u32, pitches: Vec<Option<Pitch>>| {
            let pitches = pitches.into_iter().flatten();
            notes.extend(pitches.map(|pitch| Note {
                velocity: SOFT,
                ..Note::new(from, to.saturating_sub(from), pitch)
            }));
        };
        for (i, &(from, chord)) in chords.iter().enumerate() {
            let bass = above(LOWEST_BASS, chord.root);
            let mut tones: Vec<Option<Pitch>> = chord.tones().map(|tone| above(LOWEST_TONE, tone)).collect();
            if tones.len() > 3 {
                tones.remove(0); // the bass has the root
            }
            if i + 1 == chords.len() {
                tones.push(bass);
                play(from, score.end(), tones);
                break;
            }
            let segment = segments.at(from);
            play(from, segments.beat(segment, 1), vec![bass]);
            for beat in 1..segments.beats {
                play(
                    segments.beat(segment, beat),
                    segments.beat(segment, beat + 1),
                    tones.clone(),
                );
            }
        }
        let alone = Score {
            voices: vec![tune],
            ..score.clone()
        };
        Ok(alone.with_voice("chords", 0, notes))
    }
}

/// The lowest pitch of this class from a MIDI note number on.
fn above(lowest: u8, class: u8) -> Option<Pitch> {
    Pitch::from_midi(lowest + (class + 120 - lowest) % 12)
}

/// The chord and the tune's classes of pitch for each segment that has a chord, moved to C.
fn lesson(score: &Score) -> Result<Vec<(Chord, Vec<usize>)>> {
    let segments = Segments::of(score)?;
    let up = to_c(score);
    let (tune, accompaniment) = tune_and_accompaniment(score);
    let (tune, accompaniment) = (segments.cut(&tune.notes), segments.cut(&accompaniment));
    let bars = accompaniment
        .iter()
        .zip(&tune)
        .filter_map(|(accompaniment, tune)| {
            let chord = Chord::of(accompaniment, tune)?;
            Some((chord.up(up), classes(tune, up)))
        });
    Ok(bars.collect())
}

fn classes(bar: &[Sounding], up: u8) -> Vec<usize> {
    bar.iter()
        .map(|sounding| usize::from((sounding.pitch.class() + up) % 12))
        .collect()
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

    /// A seventh or none is a matter of taste: only root and third count here.
    fn names(chords: &[(u32, Chord)]) -> Vec<String> {
        let name = |chord: &(u32, Chord)| chord.1.to_string().replace('7', "");
        chords.iter().map(name).collect()
    }

    fn tune(text: &str) -> Score {
        abc::decode(text.as_bytes()).unwrap().swap_remove(0).0
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
    fn scores_of_one_voice_teach_nothing_and_disturb_nothing() {
        let lesson = tune("X:1\nT:t\nM:3/4\nL:1/4\nK:C\n[CEGc]3|[G,B,Dg]3|[CEGc]3|");
        let alone = tune("X:2\nT:t\nM:3/4\nL:1/4\nK:C\nCDE|");
        let both = Harmoniser::learn(&[alone, lesson.clone()], &PseudoCounts::default()).unwrap();
        let one = Harmoniser::learn(&[lesson], &PseudoCounts::default()).unwrap();
        assert_eq!(both.chords(), one.chords());
        assert_eq!(both.transition(), one.transition());
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
            assert!(chord.1.tones().any(|tone| tone == note.pitch.class()));
        }
        let last = chords[7].0;
        let (before, held): (Vec<&Note>, Vec<&Note>) =
            score.voices[1].notes.iter().partition(|note| note.onset < last);
        assert_eq!((before.len(), held.len()), (7 * (1 + 3), 4));
        assert!(before.iter().all(|note| note.duration == tune.resolution));
        assert!(held.iter().all(|note| note.end() == tune.end()));
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
