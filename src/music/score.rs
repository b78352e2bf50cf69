//! Notes in time: one line of them (a [`Melody`]) or several voices (a [`Score`]).

use super::{Key, Pitch};
use crate::{Error, Result};

/// One note. `onset` and `duration` are in ticks of the score that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Note {
    /// The tick at which it begins.
    pub onset: u32,
    /// How many ticks it lasts.
    pub duration: u32,
    /// How high it is.
    pub pitch: Pitch,
    /// How hard it is struck, 1 to 127.
    pub velocity: u8,
}

impl Note {
    /// A note of middle loudness.
    pub fn new(onset: u32, duration: u32, pitch: Pitch) -> Note {
        Note {
            onset,
            duration,
            pitch,
            velocity: 80,
        }
    }

    /// The tick at which the note has ended.
    pub fn end(&self) -> u32 {
        self.onset.saturating_add(self.duration)
    }
}

/// The notes of one player, in order of onset.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Voice {
    /// What the player is called; may be empty.
    pub name: String,
    /// General MIDI program, 0 to 127: 0 is a grand piano, 73 a flute.
    pub program: u8,
    /// Whether the pitches name drums, as on MIDI channel 10.
    pub percussion: bool,
    /// The notes, in order of onset.
    pub notes: Vec<Note>,
}

/// Speed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Tempo {
    /// Microseconds that a quarter note lasts, at least 1: the unit of MIDI files.
    pub micros_per_quarter: u32,
}

impl Tempo {
    /// Quarter notes a minute; held between 4 and 6,000.
    pub fn per_minute(quarters: f64) -> Tempo {
        Tempo {
            micros_per_quarter: (60e6 / quarters.clamp(4.0, 6000.0)).round() as u32,
        }
    }

    /// Seconds that a quarter note lasts.
    pub fn seconds_per_quarter(self) -> f64 {
        f64::from(self.micros_per_quarter) / 1e6
    }
}

impl Default for Tempo {
    /// 120 quarter notes a minute, as MIDI files assume.
    fn default() -> Tempo {
        Tempo::per_minute(120.0)
    }
}

/// A metre such as 3/4: `beats` notes of the kind one `unit`th to a bar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Metre {
    /// At least 1.
    pub beats: u8,
    /// A power of two, 1 to 128.
    pub unit: u8,
}

/// Several voices in one time.
///
/// `tempi`, `metres` and `keys` each hold changes as (tick, value), in order of tick.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Score {
    /// What the piece is called; may be empty.
    pub title: String,
    /// Ticks to a quarter note, 1 to 32,767.
    pub resolution: u32,
    /// Ticks before the first full bar: the length of the upbeat, 0 if there is none.
    pub pickup: u32,
    /// Changes of speed.
    pub tempi: Vec<(u32, Tempo)>,
    /// Changes of metre.
    pub metres: Vec<(u32, Metre)>,
    /// Changes of key.
    pub keys: Vec<(u32, Key)>,
    /// The players' parts.
    pub voices: Vec<Voice>,
}

impl Score {
    /// An empty score with so many ticks to a quarter note.
    pub fn new(title: impl Into<String>, resolution: u32) -> Score {
        Score {
            title: title.into(),
            resolution,
            pickup: 0,
            tempi: Vec::new(),
            metres: Vec::new(),
            keys: Vec::new(),
            voices: Vec::new(),
        }
    }

    /// The same score at this tempo from its start.
    #[must_use]
    pub fn with_tempo(mut self, quarters_per_minute: f64) -> Score {
        self.tempi = vec![(0, Tempo::per_minute(quarters_per_minute))];
        self
    }

    /// The same score in this metre from its start.
    #[must_use]
    pub fn with_metre(mut self, beats: u8, unit: u8) -> Score {
        self.metres = vec![(0, Metre { beats, unit })];
        self
    }

    /// The same score in this key from its start.
    #[must_use]
    pub fn with_key(mut self, key: Key) -> Score {
        self.keys = vec![(0, key)];
        self
    }

    /// The same score with one more voice, played by a General MIDI program. Sorts the notes.
    #[must_use]
    pub fn with_voice(mut self, name: &str, program: u8, mut notes: Vec<Note>) -> Score {
        notes.sort();
        self.voices.push(Voice {
            name: name.to_string(),
            program,
            percussion: false,
            notes,
        });
        self
    }

    /// The tick at which the last note has ended.
    pub fn end(&self) -> u32 {
        let notes = self.voices.iter().flat_map(|voice| &voice.notes);
        notes.map(Note::end).max().unwrap_or(0)
    }

    /// Whether there is a note with a pitch: drums alone have none.
    pub fn has_pitches(&self) -> bool {
        let voices = self.voices.iter().filter(|voice| !voice.percussion);
        voices
            .flat_map(|voice| &voice.notes)
            .any(|note| note.duration > 0)
    }

    /// The share of the time in which anything sounds that two pitches or more do, whether in one voice or in several. Drums are
    /// left out, and so is the last quarter of each note: who plays legato lets notes overlap.
    pub fn polyphony(&self) -> f64 {
        let voices = self.voices.iter().filter(|voice| !voice.percussion);
        let mut changes: Vec<(u64, bool, Pitch)> = Vec::new(); // in quarters of ticks; false is an end
        let notes = voices.flat_map(|voice| &voice.notes);
        for note in notes.filter(|note| note.duration > 0) {
            let (onset, duration) = (u64::from(note.onset), u64::from(note.duration));
            changes.push((4 * onset, true, note.pitch));
            changes.push((4 * onset + 3 * duration, false, note.pitch));
        }
        changes.sort_unstable();
        let (mut sounding, mut pitches) = ([0u32; 128], 0);
        let (mut any, mut several, mut now) = (0, 0, 0);
        for (time, begins, pitch) in changes {
            any += if pitches > 0 { time - now } else { 0 };
            several += if pitches > 1 { time - now } else { 0 };
            now = time;
            let count = &mut sounding[usize::from(pitch.midi())];
            if begins {
                *count += 1;
                pitches += u32::from(*count == 1);
            } else {
                *count -= 1;
                pitches -= u32::from(*count == 0);
            }
        }
        several as f64 / any.max(1) as f64
    }

    /// Whether several notes sound together for more than a tenth of the time. In a melody they may now and then, as in a
    /// fiddler's double stops.
    pub fn is_polyphonic(&self) -> bool {
        self.polyphony() > 0.1
    }

    /// The ticks at which bars begin, from the end of the upbeat on, through every change of metre; none where no metre is
    /// known, or where bars are no whole ticks. No more than the first million.
    pub fn bars(&self) -> Vec<u32> {
        let mut bars = Vec::new();
        let end = self.end();
        for (i, &(tick, metre)) in self.metres.iter().enumerate() {
            let until = self.metres.get(i + 1).map_or(end, |next| next.0.min(end));
            let (whole, unit) = (4 * u64::from(self.resolution), u64::from(metre.unit.max(1)));
            let ticks = u64::from(metre.beats) * whole;
            let Ok(bar) = u32::try_from(ticks / unit) else {
                continue;
            };
            let first = if i == 0 { tick.max(self.pickup) } else { tick };
            if ticks % unit == 0 && bar > 0 {
                let room = 1_000_000 - bars.len();
                bars.extend((first..until).step_by(bar as usize).take(room));
            }
        }
        bars
    }

    /// The notes that begin from tick `from` on and before tick `to`, cut off there, moved to the start.
    /// The tempo, metre and key are those in force at `from`, with their changes until `to`.
    #[must_use]
    pub fn part(&self, from: u32, to: u32) -> Score {
        let to = to.max(from);
        let cut = |note: &Note| Note {
            onset: note.onset - from,
            duration: note.end().min(to) - note.onset,
            ..*note
        };
        let voice = |voice: &Voice| Voice {
            notes: voice
                .notes
                .iter()
                .filter(|note| (from..to).contains(&note.onset))
                .map(cut)
                .collect(),
            ..voice.clone()
        };
        Score {
            pickup: self.pickup.saturating_sub(from),
            tempi: changes_between(&self.tempi, from, to),
            metres: changes_between(&self.metres, from, to),
            keys: changes_between(&self.keys, from, to),
            voices: self.voices.iter().map(voice).collect(),
            ..Score::new(self.title.clone(), self.resolution)
        }
    }

    /// This score and then another one, voice after voice, from the tick where this one's last note ends.
    /// Both count ticks of the same length; voices that only the other one has are added.
    #[must_use]
    pub fn followed_by(mut self, next: &Score) -> Score {
        let start = self.end();
        let later = |tick: u32| tick.saturating_add(start);
        self.tempi
            .extend(next.tempi.iter().map(|&(tick, tempo)| (later(tick), tempo)));
        self.metres
            .extend(next.metres.iter().map(|&(tick, metre)| (later(tick), metre)));
        self.keys
            .extend(next.keys.iter().map(|&(tick, key)| (later(tick), key)));
        for (i, voice) in next.voices.iter().enumerate() {
            let moved = voice.notes.iter().map(|note| Note {
                onset: later(note.onset),
                ..*note
            });
            if i == self.voices.len() {
                self.voices.push(Voice {
                    notes: Vec::new(),
                    ..voice.clone()
                });
            }
            self.voices[i].notes.extend(moved);
        }
        self
    }

    /// The moment of each tick, in seconds from the start, through every change of tempo.
    pub fn clock(&self) -> Clock {
        let per_tick = |tempo: Tempo| tempo.seconds_per_quarter() / f64::from(self.resolution.max(1));
        let mut segments = vec![(0, 0.0, per_tick(Tempo::default()))];
        for &(tick, tempo) in &self.tempi {
            let (from, seconds, speed) = segments[segments.len() - 1];
            if tick <= from {
                segments.pop();
            }
            let now = seconds + f64::from(tick.saturating_sub(from)) * speed;
            segments.push((tick.max(from), now, per_tick(tempo)));
        }
        Clock { segments }
    }

    /// How long the score lasts, in seconds, to the end of its last note.
    pub fn seconds(&self) -> f64 {
        self.clock().seconds(self.end())
    }

    /// The score as one line: at each moment the highest note that starts there, cut off where the
    /// next one starts; silence becomes rests. Percussion is left out.
    pub fn melody(&self) -> Melody {
        let mut notes: Vec<Note> = self
            .voices
            .iter()
            .filter(|voice| !voice.percussion)
            .flat_map(|voice| voice.notes.iter().copied())
            .filter(|note| note.duration > 0)
            .collect();
        notes.sort_by_key(|note| (note.onset, std::cmp::Reverse(note.pitch)));
        notes.dedup_by_key(|note| note.onset);
        let mut steps = Vec::new();
        let mut now = 0;
        for (i, note) in notes.iter().enumerate() {
            if note.onset > now {
                steps.push(Step::rest(note.onset - now));
            }
            let next = notes.get(i + 1).map_or(u32::MAX, |next| next.onset);
            let duration = note.duration.min(next - note.onset);
            steps.push(Step::note(note.pitch, duration));
            now = note.onset + duration;
        }
        Melody {
            resolution: self.resolution,
            steps,
        }
    }
}

/// The change in force at `from`, and those after it and before `to`, counted from `from`.
fn changes_between<T: Copy>(changes: &[(u32, T)], from: u32, to: u32) -> Vec<(u32, T)> {
    let in_force = changes.iter().rposition(|change| change.0 <= from).unwrap_or(0);
    let changes = changes[in_force.min(changes.len())..].iter();
    let changes = changes.filter(|change| change.0 < to || change.0 <= from);
    changes
        .map(|&(tick, value)| (tick.saturating_sub(from), value))
        .collect()
}

/// Turns ticks into seconds: see [`Score::clock`].
#[derive(Clone, Debug)]
pub struct Clock {
    /// (first tick, its second, seconds a tick from there on); never empty.
    segments: Vec<(u32, f64, f64)>,
}

impl Clock {
    /// The moment of this tick, in seconds from the start.
    pub fn seconds(&self, tick: u32) -> f64 {
        let after = self.segments.partition_point(|segment| segment.0 <= tick);
        let (from, seconds, speed) = self.segments[after.max(1) - 1];
        seconds + f64::from(tick - from) * speed
    }
}

/// One step of a melody: a note, or a rest where there is no pitch. The duration is in ticks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Step {
    /// What sounds; none for a rest.
    pub pitch: Option<Pitch>,
    /// How many ticks it lasts.
    pub duration: u32,
}

impl Step {
    /// A sounding step.
    pub fn note(pitch: Pitch, duration: u32) -> Step {
        Step {
            pitch: Some(pitch),
            duration,
        }
    }

    /// A silent step.
    pub fn rest(duration: u32) -> Step {
        Step {
            pitch: None,
            duration,
        }
    }
}

/// One line of music: steps that follow each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Melody {
    /// Ticks to a quarter note.
    pub resolution: u32,
    /// The steps, each beginning where the one before ends.
    pub steps: Vec<Step>,
}

impl Melody {
    /// Reads a line of steps such as `"C4:2 E4:2 -:1 G4"`: a pitch (or `-` for a rest), then its
    /// length in ticks after a colon; without one the length is 1.
    ///
    /// # Errors
    /// If a step is not of that form.
    pub fn parse(resolution: u32, text: &str) -> Result<Melody> {
        let step = |word: &str| {
            let (name, length) = word.split_once(':').unwrap_or((word, "1"));
            let duration = length.parse().map_err(|_| {
                Error::value(
                    format!("\"{length}\" in \"{word}\" is no length"),
                    "After the colon stands a whole number of ticks",
                )
            })?;
            let pitch = match name {
                "-" => None,
                name => Some(name.parse()?),
            };
            Ok(Step { pitch, duration })
        };
        Ok(Melody {
            resolution,
            steps: text.split_whitespace().map(step).collect::<Result<_>>()?,
        })
    }

    /// The same melody higher (or lower) by so many semitones; none if a pitch would leave the range of MIDI.
    pub fn transposed(&self, semitones: i32) -> Option<Melody> {
        let moved = |step: &Step| match step.pitch {
            Some(pitch) => Some(Step::note(pitch.transposed(semitones)?, step.duration)),
            None => Some(*step),
        };
        Some(Melody {
            resolution: self.resolution,
            steps: self.steps.iter().map(moved).collect::<Option<_>>()?,
        })
    }

    /// The melody as notes, from tick 0 on; rests leave gaps.
    pub fn notes(&self) -> Vec<Note> {
        let mut now = 0u32;
        let mut notes = Vec::new();
        for step in &self.steps {
            if let Some(pitch) = step.pitch {
                notes.push(Note::new(now, step.duration, pitch));
            }
            now = now.saturating_add(step.duration);
        }
        notes
    }

    /// The melody as a score of one voice, played by a General MIDI program.
    pub fn score(&self, title: &str, program: u8) -> Score {
        Score::new(title, self.resolution).with_voice("melody", program, self.notes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_through_changes_of_tempo() {
        let mut score = Score::new("", 4).with_tempo(60.0);
        score.tempi.push((8, Tempo::per_minute(120.0)));
        let clock = score.clock();
        assert_eq!(clock.seconds(4), 1.0);
        assert_eq!(clock.seconds(8), 2.0);
        assert_eq!(clock.seconds(12), 2.5);
        assert_eq!(
            Score::new("", 4).clock().seconds(4),
            0.5,
            "120 a minute unless told"
        );
    }

    #[test]
    fn a_melody_survives_being_a_score() {
        let melody = Melody::parse(2, "C4:2 -:1 E4 G4:4").unwrap();
        assert_eq!(melody.score("", 0).melody(), melody);
        assert!(Melody::parse(2, "C4:x").is_err());
    }

    #[test]
    fn parts_put_together_again_are_the_whole() {
        let melody = Melody::parse(2, "C4:2 D4:2 E4:2 F4:2 G4:4").unwrap();
        let mut whole = melody.score("", 0).with_metre(2, 4);
        whole.tempi = vec![(0, Tempo::per_minute(60.0)), (6, Tempo::per_minute(90.0))];
        let (first, second) = (whole.part(0, 4), whole.part(4, 99));
        assert_eq!(
            second.tempi,
            [(0, Tempo::per_minute(60.0)), (2, Tempo::per_minute(90.0))]
        );
        let again = first.followed_by(&second);
        assert_eq!(again.melody(), melody);
        assert!((again.seconds() - whole.seconds()).abs() < 1e-12);
        assert_eq!(whole.part(7, 3).end(), 0);
    }

    #[test]
    fn polyphony_is_of_notes_that_sound_together_and_not_of_voices() {
        let notes = |text: &str| {
            let mut notes = Vec::new();
            for word in text.split(' ') {
                let fields: Vec<&str> = word.split(':').collect();
                notes.push(Note::new(
                    fields[1].parse().unwrap(),
                    fields[2].parse().unwrap(),
                    fields[0].parse().unwrap(),
                ));
            }
            notes
        };
        let share = |voices: &[&str]| {
            let of = |score: Score, text: &&str| score.with_voice("", 0, notes(text));
            voices.iter().fold(Score::new("", 16), of).polyphony()
        };
        assert_eq!(share(&["C4:0:4 E4:4:4 G4:8:4"]), 0.0);
        assert_eq!(share(&["C4:0:5 E4:4:5 G4:8:5"]), 0.0, "legato");
        assert_eq!(share(&["C4:0:4", "E4:4:4"]), 0.0, "two voices that take turns");
        assert_eq!(share(&["C4:0:4 C4:0:4"]), 0.0, "one key");
        assert_eq!(share(&["C4:0:4 E4:0:4 G4:0:4"]), 1.0, "a chord in one voice");
        assert_eq!(share(&["C4:0:8", "E4:0:4"]), 0.5);
        assert_eq!(share(&["C4:0:0 E4:0:4 E4:4:0"]), 0.0);
        assert_eq!(Score::new("", 1).polyphony(), 0.0);
        let mut drums = Score::new("", 16).with_voice("", 0, notes("C4:0:4 E4:0:4"));
        assert!(drums.is_polyphonic() && drums.has_pitches());
        drums.voices[0].percussion = true;
        assert!(!drums.is_polyphonic() && !drums.has_pitches());
    }

    #[test]
    fn bars_begin_after_the_upbeat_and_follow_the_metre() {
        let melody = Melody::parse(2, "G4:1 C4:2 D4:2 E4:2 F4:2 G4:2 A4:2 B4:2 C5:2").unwrap();
        let mut score = melody.score("", 0).with_metre(2, 4);
        score.pickup = 1;
        assert_eq!(score.bars(), [1, 5, 9, 13]);
        score.metres.push((9, Metre { beats: 3, unit: 4 }));
        assert_eq!(score.bars(), [1, 5, 9, 15]);
        score.metres = vec![(0, Metre { beats: 1, unit: 16 })];
        assert!(score.bars().is_empty(), "half a tick");
        assert!(melody.score("", 0).bars().is_empty());
    }

    #[test]
    fn the_highest_note_is_the_melody() {
        let pitch = |name: &str| name.parse::<Pitch>().unwrap();
        let score = Score::new("", 1)
            .with_voice("low", 0, vec![Note::new(0, 4, pitch("C3"))])
            .with_voice(
                "high",
                0,
                vec![Note::new(0, 4, pitch("C5")), Note::new(2, 1, pitch("D5"))],
            );
        assert_eq!(
            score.melody(),
            Melody::parse(1, "C5:2 D5:1").unwrap(),
            "cut off where the next one starts"
        );
    }
}
