//! 13: the reader plays, and a model answers, goes on or accompanies, in time.

mod bars;
mod turns;

use super::Panel;
use super::hands::Hands;
use super::writers::Writers;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::bars::Unit;
use aeolian::composer::{Answer, Heard, Question, WriterKind};
use aeolian::music::Pitch;
use aeolian::sound::RATE;
use serde_json::json;
use std::collections::VecDeque;

/// A piano.
pub const PROGRAM: u8 = 0;

/// Voices: the reader's, or a tune in its place; the answer; chords; bass.
pub const READER: usize = 0;
const ANSWER: usize = 1;

/// From left to right.
const PLACES: [f32; 4] = [-0.2, 0.2, 0.0, 0.0];

/// So many bars nobody plays, and a tune shows what can be done.
const PATIENCE: usize = 2;

/// So many phrases are remembered.
const PHRASES: usize = 4;

/// So many bars an accompanist listens back.
const BACK: usize = 4;

/// Under which names a tonic is known.
const TONICS: [&str; 12] = [
    "C", "D flat", "D", "E flat", "E", "F", "G flat", "G", "A flat", "A", "B flat", "B",
];

#[derive(Clone, Copy, PartialEq)]
enum Does {
    Answers,
    GoesOn,
    Accompanies,
}

/// Whose turn it is.
enum Turn {
    /// The reader's: notes count from this second on; so many bars nobody has played.
    Reader { since: f64, silent: usize },
    /// Nobody plays: bars of a tune stand for a phrase of the reader's. So many were begun.
    Tune { bars: Vec<Unit>, begun: usize },
    /// The model's, from this second on, after what it heard. So many bars were begun.
    Model {
        from: f64,
        heard: Heard,
        answer: Answer,
        begun: usize,
        /// It answers a tune.
        example: bool,
    },
}

/// A note that comes: its step, what it is called, and what a model held likely there.
struct Awaited {
    onset: usize,
    name: String,
    bars: Vec<(String, f64)>,
}

pub struct DuetPanel {
    writers: Writers,
    model: WriterKind,
    does: Does,
    style: usize,
    bars: usize,
    tempo: f64,
    ticks: bool,
    hands: Hands,
    /// The step of the bar that comes next.
    step: usize,
    turn: Turn,
    /// When a key was struck last that no turn has taken notice of yet.
    struck: Option<f64>,
    /// The reader has played: then no tune comes by itself.
    touched: bool,
    /// A tune was asked for.
    wanted: bool,
    /// The latest phrases, and by how many semitones they are moved up to white keys.
    phrases: VecDeque<Question>,
    key: i32,
    /// The last chord that was heard, or went under.
    chord: Option<usize>,
    /// What sounds in the bar that was begun: its step, a note.
    due: Vec<(f64, Played)>,
    /// What was expected of each note of it.
    awaited: Vec<Awaited>,
}

impl DuetPanel {
    pub fn new(model: &[u8]) -> Result<DuetPanel> {
        let writers = Writers::new(model)?;
        Ok(DuetPanel {
            model: WriterKind::Chain,
            does: Does::Answers,
            style: writers.first,
            bars: 2,
            tempo: 100.0,
            ticks: true,
            hands: Hands::default(),
            step: 0,
            turn: Turn::Reader {
                since: 0.0,
                silent: 0,
            },
            struck: None,
            touched: false,
            wanted: false,
            phrases: VecDeque::new(),
            key: 0,
            chord: None,
            due: Vec::new(),
            awaited: Vec::new(),
            writers,
        })
    }

    /// Steps of a bar, and beats.
    fn metre(&self) -> (usize, usize) {
        let style = &self.writers.composer.styles[self.style];
        (style.bar, style.beats)
    }

    /// How long half a beat lasts: who plays so much before a bar line means the bar after it.
    fn early(&self) -> f64 {
        30.0 / self.tempo
    }

    /// The bar in which the reader's phrase begins, if the reader has played since then.
    fn begins(&self, since: f64) -> Option<usize> {
        let first = self.hands.first(since)?;
        Some(self.hands.bar_of(first, self.early()))
    }

    /// The reader's turn, of which nothing was played yet: what is still to be heard has been made, so that moments do not tell.
    fn anew(&self) -> Turn {
        Turn::Reader {
            since: self.hands.last().map_or(0.0, f64::next_up),
            silent: 0,
        }
    }

    // ---- The reader's keys.

    fn strike(&mut self, midi: u8, second: f64, stage: &mut Stage) {
        self.hands.strike(midi, second, stage);
        (self.struck, self.touched, self.wanted) = (Some(second), true, false);
        stage.say_of(second, Said::Note(midi, 0.1, READER));
        self.interrupted();
        if let (Turn::Reader { .. }, false) = (&self.turn, self.does == Does::Accompanies) {
            let Turn::Reader { since, .. } = self.turn else {
                return;
            };
            let bar = self.hands.bar_of(second, self.early());
            let bar = bar.saturating_sub(self.begins(since).unwrap_or(0));
            if bar < self.bars {
                let place = format!(", bar {} of {}", bar + 1, self.bars);
                stage.answer(told("Listening", &place, "reader"));
            }
        }
    }

    /// A quiet tick.
    fn tick(&self, first: bool, stage: &mut Stage) {
        let (hertz, level) = if first { (1568.0, 0.16) } else { (1047.0, 0.1) };
        let sample = |i: u32| {
            let seconds = f64::from(i) / f64::from(RATE);
            let sample = level * (-seconds / 0.012).exp() * (std::f64::consts::TAU * hertz * seconds).sin();
            (sample as f32, sample as f32)
        };
        let tick: Vec<(f32, f32)> = (0..RATE / 16).map(sample).collect();
        stage.sound(tick.into_iter());
    }
}

fn told(turn: &str, place: &str, who: &str) -> Said {
    Said::Own(json!({"turn": turn, "place": place, "who": who}))
}

/// What a white key is called where the reader plays.
fn name_of(heard: &Heard, key: usize) -> String {
    let pitch = heard.midi(key).and_then(Pitch::from_midi);
    pitch.map(|pitch| pitch.to_string()).unwrap_or_default()
}

impl Panel for DuetPanel {
    fn begin(&mut self, stage: &mut Stage) {
        stage.say(0.0, self.waits());
        let first = self.expects_first(None, self.key);
        stage.say(0.0, first);
        stage.say(0.0, Said::Own(json!({"beats": self.metre().1})));
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "does" => {
                let all = [Does::Answers, Does::GoesOn, Does::Accompanies];
                let before = std::mem::replace(&mut self.does, all[value.clamp(0.0, 2.0) as usize]);
                // What was accompanied is no phrase.
                if let (Turn::Reader { .. }, Does::Accompanies) = (&self.turn, before) {
                    self.turn = self.anew();
                }
            }
            "model" => self.model = WriterKind::ALL[value.clamp(0.0, 3.0) as usize],
            "style" => {
                self.style = self.writers.style(value);
                // Phrases in another metre are none.
                self.phrases.clear();
                self.hands.forget_bars();
                self.turn = self.anew();
                (self.step, self.chord) = (0, None);
                self.due.clear();
                self.awaited.clear();
                stage.answer(Said::Own(json!({"beats": self.metre().1})));
            }
            "bars" => self.bars = [2, 1, 4][value.clamp(0.0, 2.0) as usize],
            "tempo" => self.tempo = value.clamp(50.0, 160.0),
            "beat" => self.ticks = value < 0.5,
            _ => return false,
        }
        if let "does" | "model" | "style" = control {
            let first = self.expects_first(None, self.key);
            stage.answer(first);
        }
        true
    }

    /// `down MIDI SECOND` and `up MIDI SECOND`: a key, and the moment that was heard; `show` plays a tune in the reader's place.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let moment = |midi: &str, second: &str| {
            let midi: u8 = midi.parse().ok().filter(|midi| *midi < 128)?;
            let second: f64 = second.parse().ok().filter(|second: &f64| second.is_finite())?;
            Some((midi, second))
        };
        // What is heard has been made.
        let latest = stage.second();
        match words {
            ["down", midi, second] => {
                let Some((midi, second)) = moment(midi, second) else {
                    return false;
                };
                self.strike(midi, second.clamp(0.0, latest), stage);
            }
            ["up", midi, second] => {
                let Some((midi, second)) = moment(midi, second) else {
                    return false;
                };
                self.hands.release(midi, second.clamp(0.0, latest), stage);
            }
            ["show"] => self.wanted = true,
            _ => return false,
        }
        true
    }

    /// Plays a step.
    fn go_on(&mut self, stage: &mut Stage) {
        self.interrupted();
        self.hands.release_forgotten(stage);
        if self.step == 0 {
            self.begin_bar(stage);
        }
        let (bar, beats) = self.metre();
        let Some(line) = self.hands.line() else {
            return;
        };
        if self.step.is_multiple_of(bar / beats) {
            let beat = self.step * beats / bar;
            stage.say(0.0, Said::Own(json!({"beat": beat})));
            if self.ticks {
                self.tick(beat == 0, stage);
            }
        }
        let here = self.step as f64;
        for (step, played) in &self.due {
            if (here..here + 1.0).contains(step) {
                stage.play((step - here) * line.step, *played);
            }
        }
        for (place, note) in self.awaited.iter().enumerate() {
            if note.onset != self.step {
                continue;
            }
            stage.say(0.0, Said::Came(note.name.clone()));
            if let Some(next) = self.awaited.get(place + 1) {
                let gap = (next.onset - note.onset) as f64 * line.step;
                stage.say(gap / 2.0, Said::Expects(next.bars.clone()));
            }
        }
        stage.wait(line.step);
        self.step = (self.step + 1) % bar;
    }
}
