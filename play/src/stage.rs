//! Where a panel plays: it says what sounds and what is to be seen, each at its moment.

use aeolian::music::{Note, Pitch, Score, Tempo, Voice};
use aeolian::sound::{Instrument, Performer, RATE, Tone};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the page is told. The page shows it when its moment is heard.
#[derive(Clone, PartialEq, Debug)]
pub enum Said {
    /// What may come next, each with its probability.
    Expects(Vec<(String, f64)>),
    /// Which of these came.
    Came(String),
    /// A note sounds: MIDI number, seconds, voice.
    Note(u8, f64, usize),
    /// Something else of the panel's own, which only its picture understands.
    Own(Value),
}

/// What was said, and the sample at which it is true.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    pub at: u64,
    pub said: Said,
}

/// As `{"at": 4410, "note": [60, 0.5, 0]}`.
impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("at", &self.at)?;
        match &self.said {
            Said::Expects(bars) => map.serialize_entry("expects", bars)?,
            Said::Came(name) => map.serialize_entry("came", name)?,
            Said::Note(midi, seconds, voice) => map.serialize_entry("note", &(midi, seconds, voice))?,
            Said::Own(own) => map.serialize_entry("own", own)?,
        }
        map.end()
    }
}

/// A note to be played.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Played {
    pub pitch: Pitch,
    /// 1 to 127.
    pub velocity: u8,
    /// How long it is held.
    pub seconds: f64,
    /// A number that tells voices apart, 0 to 15.
    pub voice: usize,
    /// General MIDI program, which says the instrument.
    pub program: u8,
    /// From left (-1) to right (1).
    pub place: f32,
}

/// A note that was played, and when.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Heard {
    at: u64,
    played: Played,
    /// The page let it sound, and not the stage.
    by_page: bool,
}

/// The latest notes that are kept, for a MIDI file of what was heard.
const MOST_NOTES: usize = 100_000;

/// Ticks a second in that file: 480 to a quarter note at 120 a minute.
const TICKS: f64 = 960.0;

/// The sample of a second.
fn moment(second: f64) -> u64 {
    (second.max(0.0) * f64::from(RATE)).round() as u64
}

/// What sounds for a key that was just pressed: a tone of a General MIDI program.
pub fn pressed(midi: u8, program: u8) -> Vec<f32> {
    let voice = Voice {
        program: program.min(127),
        ..Voice::default()
    };
    let pitch = Pitch::from_midi(midi.min(127));
    let tone = pitch.map(|pitch| Instrument::of(&voice).tone(pitch.hertz(), 0.4, 80, RATE));
    tone.unwrap_or_default()
}

/// Sound that is being made, and chance.
pub struct Stage {
    /// Every draw comes from here.
    pub rng: ChaCha8Rng,
    performer: Performer,
    /// Samples until the moment of which the panel speaks now: kept as a fraction, so that no rounding adds up.
    now: f64,
    events: Vec<Event>,
    notes: Vec<Heard>,
}

impl Stage {
    /// A silent stage.
    pub fn new(seed: u64, performer: Performer) -> Stage {
        Stage {
            rng: ChaCha8Rng::seed_from_u64(seed),
            performer,
            now: 0.0,
            events: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The sample so many seconds from now.
    fn sample(&self, seconds: f64) -> u64 {
        (self.now + seconds.max(0.0) * f64::from(RATE)).round() as u64
    }

    /// Up to which sample the panel has said what happens.
    pub(crate) fn until(&self) -> u64 {
        self.sample(0.0)
    }

    /// The same in seconds.
    pub fn second(&self) -> f64 {
        self.now / f64::from(RATE)
    }

    /// Goes on by so many seconds.
    pub fn wait(&mut self, seconds: f64) {
        self.now += seconds.max(0.0) * f64::from(RATE);
    }

    /// Says something that is true so many seconds from now.
    pub fn say(&mut self, seconds: f64, said: Said) {
        let at = self.sample(seconds);
        self.events.push(Event { at, said });
    }

    /// Says something at once: the answer to a gesture, which does not wait for sound that is still to be heard.
    pub fn answer(&mut self, said: Said) {
        self.events.push(Event { at: 0, said });
    }

    /// Says something of a second that has been heard.
    pub fn say_of(&mut self, second: f64, said: Said) {
        let at = moment(second);
        self.events.push(Event { at, said });
    }

    /// Plays a note so many seconds from now, and tells the page.
    pub fn play(&mut self, seconds: f64, played: Played) {
        let at = self.sample(seconds);
        let instrument = Instrument::of(&Voice {
            program: played.program,
            ..Voice::default()
        });
        let tone = Tone {
            instrument,
            pitch: played.pitch,
            velocity: played.velocity,
            held: (played.seconds.clamp(0.0, 60.0) * f64::from(RATE)).round() as u32,
            place: played.place,
        };
        self.performer.play(&tone, at);
        self.say(
            seconds,
            Said::Note(played.pitch.midi(), played.seconds, played.voice),
        );
        self.note_down(seconds, played);
    }

    /// Writes a note down that sounds so many seconds from now by other means.
    pub fn note_down(&mut self, seconds: f64, played: Played) {
        self.keep(Heard {
            at: self.sample(seconds),
            played,
            by_page: false,
        });
    }

    /// Writes a note down that the reader played at a second that has been heard: the page let it sound, as [`pressed`] does.
    pub fn note_of_reader(&mut self, second: f64, played: Played) {
        self.keep(Heard {
            at: moment(second),
            played,
            by_page: true,
        });
    }

    fn keep(&mut self, heard: Heard) {
        if self.notes.len() == MOST_NOTES {
            self.notes.drain(..MOST_NOTES / 10);
        }
        self.notes.push(heard);
    }

    /// So many samples of what the page let sound, from one on.
    pub(crate) fn pressed(&self, first: u64, frames: usize) -> Vec<f32> {
        let mut samples = vec![0.0; frames];
        let mut known: BTreeMap<(u8, u8), Vec<f32>> = BTreeMap::new();
        for Heard { at, played, .. } in self.notes.iter().filter(|heard| heard.by_page) {
            let key = (played.pitch.midi(), played.program);
            let tone = known.entry(key).or_insert_with(|| pressed(key.0, key.1));
            let passed = first.saturating_sub(*at) as usize;
            let from = at.saturating_sub(first) as usize;
            let rest = samples.iter_mut().skip(from);
            for (sum, sample) in rest.zip(tone.iter().skip(passed)) {
                *sum += sample;
            }
        }
        samples
    }

    /// Adds samples of left and right from now on.
    pub fn sound(&mut self, samples: impl ExactSizeIterator<Item = (f32, f32)>) {
        self.performer.add(self.until(), samples);
    }

    /// Makes the next samples of what was played so far.
    pub(crate) fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        self.performer.render(left, right);
    }

    /// Samples that have been made.
    pub(crate) fn made(&self) -> u64 {
        self.performer.now()
    }

    /// What was said since this was asked last, in order of time.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        let mut events = std::mem::take(&mut self.events);
        events.sort_by_key(|event| event.at);
        events
    }

    /// The notes that began between two samples, as a score that begins with the first of them.
    pub(crate) fn score(&self, from: u64, to: u64) -> Score {
        let notes = || self.notes.iter().filter(|heard| (from..to).contains(&heard.at));
        let first = notes().map(|heard| heard.at).min().unwrap_or(0);
        let mut score = Score::new("Heard in Aeolian", 480);
        score.tempi = vec![(0, Tempo::per_minute(120.0))];
        for voice in 0..16 {
            let of_voice = || notes().filter(|heard| heard.played.voice == voice);
            let Some(program) = of_voice().map(|heard| heard.played.program).next() else {
                continue;
            };
            let ticks = |samples: f64| (samples / f64::from(RATE) * TICKS).round() as u32;
            let note = |heard: &Heard| Note {
                velocity: heard.played.velocity,
                ..Note::new(
                    ticks((heard.at - first) as f64),
                    ((heard.played.seconds * TICKS).round() as u32).max(1),
                    heard.played.pitch,
                )
            };
            score = score.with_voice("", program, of_voice().map(note).collect());
        }
        score
    }
}
