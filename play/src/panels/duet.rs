//! 13: the reader plays, and a model answers, goes on or accompanies, in time.

use super::Panel;
use super::hands::Hands;
use super::melodist::likeliest;
use super::writers::Writers;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::bars::{CHORDS, KEYS, REST, Unit, UnitNote};
use aeolian::composer::{Answer, Heard, Question, WriterKind, expected};
use aeolian::music::Pitch;
use aeolian::sliders::chord_pitches;
use aeolian::sound::RATE;
use rand::seq::IndexedRandom;
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

    // ---- A bar begins.

    fn begin_bar(&mut self, stage: &mut Stage) {
        let (bar, beats) = self.metre();
        let now = stage.second();
        let step = 60.0 / self.tempo * beats as f64 / bar as f64;
        let number = self.hands.begin_bar(now, step, bar);
        self.due.clear();
        self.awaited.clear();
        self.take_turns(number, now, stage);
        let mut sounding = None;
        match &self.turn {
            Turn::Reader { since, .. } => {
                let since = *since;
                match self.begins(since).filter(|first| *first <= number) {
                    Some(first) if self.does != Does::Accompanies => self.listens(number - first, stage),
                    _ => stage.say(0.0, self.waits()),
                }
            }
            Turn::Tune { bars, begun } => {
                let (count, unit) = (bars.len(), bars[*begun].clone());
                let words = format!("For example, {}", self.writers.composer.styles[self.style].name);
                stage.say(
                    0.0,
                    told(&words, &format!(", bar {} of {count}", begun + 1), "tune"),
                );
                self.sing(&unit, &Heard::default(), READER, PROGRAM);
                sounding = Some(unit);
                if let Turn::Tune { begun, .. } = &mut self.turn {
                    *begun += 1;
                }
            }
            Turn::Model { .. } => self.answers(stage),
        }
        if self.does == Does::Accompanies {
            self.accompanies(number, now, stage);
            self.chord = sounding.map_or(self.chord, |unit| Some(self.under(&unit)));
        }
    }

    /// Whose turn it is from this bar on.
    fn take_turns(&mut self, number: usize, now: f64, stage: &mut Stage) {
        let readers = Turn::Reader {
            since: now - self.early(),
            silent: 0,
        };
        let alone = self.does == Does::Accompanies;
        let turn = match &mut self.turn {
            _ if std::mem::take(&mut self.wanted) => self.tune(stage),
            Turn::Reader { since, silent } => {
                *silent += 1;
                let (since, silent) = (*since, *silent);
                match self.begins(since) {
                    Some(first) if number >= first + self.bars && !alone => {
                        let question = self.hands.played(first, self.bars, since, now);
                        self.phrases.push_back(question.clone());
                        if self.phrases.len() > PHRASES {
                            self.phrases.pop_front();
                        }
                        let heard = self.hears(&question);
                        let words = self.words(&heard, question.notes.len());
                        stage.say(0.0, Said::Own(json!({"heard": words})));
                        Some(self.model_after(heard, now, false, stage))
                    }
                    None if silent > PATIENCE && !self.touched => self.tune(stage),
                    _ => None,
                }
            }
            Turn::Tune { bars, begun } if begun == &bars.len() => {
                let heard = Heard {
                    bars: std::mem::take(bars),
                    ..Heard::default()
                };
                match alone {
                    false => Some(self.model_after(heard, now, true, stage)),
                    true => Some(readers),
                }
            }
            Turn::Tune { .. } => None,
            Turn::Model {
                heard,
                answer,
                begun,
                example,
                ..
            } => {
                let up = heard.up;
                let done = match self.does {
                    Does::Answers => *begun >= answer.bars.len(),
                    Does::GoesOn => *example && *begun >= 2 * self.bars,
                    Does::Accompanies => true,
                };
                let last = answer.bars.last().cloned().filter(|_| done);
                if let Some(last) = last {
                    let next = self.expects_first(Some(&last), up);
                    stage.say(0.0, next);
                }
                done.then_some(readers)
            }
        };
        if let Some(turn) = turn {
            self.turn = turn;
        }
    }

    /// A phrase in the key of the latest ones.
    fn hears(&mut self, question: &Question) -> Heard {
        let bar = self.metre().0;
        let phrases = self.phrases.make_contiguous();
        self.key = self.writers.composer.key(self.style, phrases, self.key);
        question.heard(bar, self.key)
    }

    /// What was heard of so many notes, in words.
    fn words(&self, heard: &Heard, played: usize) -> String {
        let notes: usize = heard.bars.iter().map(|bar| bar.notes().len()).sum();
        let many = |count: usize, one: &str, more: &str| match count {
            1 => one.to_string(),
            _ => format!("{count} {more}"),
        };
        let tonic = TONICS[(-self.key).rem_euclid(12) as usize];
        let mut words = match notes < played {
            false => format!("Heard: {} in {tonic}.", many(notes, "1 note", "notes")),
            true => format!(
                "Heard: {notes} of {played} notes in {tonic}, one voice, of keys struck together the highest."
            ),
        };
        if heard.black > 0 {
            words += &format!(
                " To the models {} between its white keys went to the next below.",
                many(heard.black, "one", "notes")
            );
        }
        if heard.far > 0 {
            words += &format!(
                " {} too high or too low for them and moved by octaves.",
                many(heard.far, "One was", "were")
            );
        }
        words
    }

    /// The model's turn after this.
    fn model_after(&mut self, heard: Heard, now: f64, example: bool, stage: &mut Stage) -> Turn {
        let (composer, writer) = self.writers.with(self.model);
        let answer = match self.does {
            Does::Answers => composer.answer(self.style, &heard, self.bars, writer, &mut stage.rng),
            _ => Ok(Answer::default()),
        };
        Turn::Model {
            from: now,
            heard,
            answer: answer.unwrap_or_default(), // a model that was opened can write
            begun: 0,
            example,
        }
    }

    /// The first bars of a tune in the style, if there is one.
    fn tune(&self, stage: &mut Stage) -> Option<Turn> {
        let bar = self.metre().0;
        let composer = &self.writers.composer;
        let good = |unit: &Unit| unit.bar == bar && !unit.notes().is_empty();
        let phrases = composer.tunes.iter().filter(|tune| tune.kind == self.style);
        let phrases: Vec<Vec<Unit>> = phrases
            .filter_map(|tune| {
                let mut windows = tune.bars.windows(self.bars);
                windows.find_map(|bars| {
                    let bars: Vec<Unit> = bars.iter().flatten().filter(|unit| good(unit)).cloned().collect();
                    (bars.len() == self.bars).then_some(bars)
                })
            })
            .collect();
        let bars = phrases.choose(&mut stage.rng)?.clone();
        Some(Turn::Tune { bars, begun: 0 })
    }

    // ---- What sounds and is seen in a bar.

    fn waits(&self) -> Said {
        let words = match self.does {
            Does::Accompanies => "You lead",
            _ => "Your turn",
        };
        told(words, "", "reader")
    }

    fn listens(&self, bar: usize, stage: &mut Stage) {
        let place = format!(", bar {} of {}", (bar + 1).min(self.bars), self.bars);
        stage.say(0.0, told("Listening", &place, "reader"));
    }

    /// Lets a bar sound for who played.
    fn sing(&mut self, unit: &Unit, heard: &Heard, voice: usize, program: u8) {
        let Some(line) = self.hands.line() else { return };
        let (bar, beats) = self.metre();
        for note in unit.notes() {
            let Some(pitch) = heard.midi(note.key).and_then(Pitch::from_midi) else {
                continue;
            };
            let velocity = match note.onset {
                0 => 92,
                onset if onset.is_multiple_of(bar / beats) => 86,
                _ => 80,
            };
            let played = Played {
                pitch,
                velocity,
                seconds: 0.95 * note.steps as f64 * line.step,
                voice,
                program,
                place: PLACES[voice],
            };
            self.due.push((note.onset as f64, played));
        }
    }

    /// The next bar of the model's.
    fn answers(&mut self, stage: &mut Stage) {
        let Turn::Model {
            heard, answer, begun, ..
        } = &mut self.turn
        else {
            return;
        };
        let (composer, writer) = self.writers.with(self.model);
        if *begun >= answer.bars.len() {
            let more = composer.go_on(self.style, heard, answer, writer, &mut stage.rng);
            if more.is_err() {
                return;
            }
        }
        let (heard, unit, chords) = (heard.clone(), answer.bars[*begun].clone(), answer.chords[*begun]);
        let before = match *begun {
            0 => heard.bars.last().cloned(),
            begun => Some(answer.bars[begun - 1].clone()),
        };
        let place = match (self.does, answer.bars.len()) {
            (Does::GoesOn, _) => format!(", bar {}", *begun + 1),
            // The last note is the composer's rule, and not what the model believes.
            (_, bars) if *begun + 1 == bars => format!(", bar {bars} of {bars}: home"),
            (_, bars) => format!(", bar {} of {bars}", *begun + 1),
        };
        *begun += 1;
        let does = match (self.does, self.model) {
            (Does::GoesOn, WriterKind::Hidden) => "go on",
            (Does::GoesOn, _) => "goes on",
            (_, WriterKind::Hidden) => "answer",
            _ => "answers",
        };
        let name = ["chain", "hidden states", "LSTM", "GAN"][self.model as usize];
        stage.say(0.0, told(&format!("The {name} {does}"), &place, "model"));
        let program = self.writers.composer.styles[self.style].programs[0];
        self.sing(&unit, &heard, ANSWER, program);
        let (_, writer) = self.writers.with(self.model);
        match expected(writer, self.style, before.as_ref(), &unit) {
            Some(notes) => {
                let name = |key: usize| name_of(&heard, key);
                let awaited = |(note, shares): (UnitNote, [f64; KEYS.len()])| Awaited {
                    onset: note.onset,
                    name: name(note.key),
                    bars: likeliest(&shares, name),
                };
                self.awaited = notes.into_iter().map(awaited).collect();
                if let Some(first) = self.awaited.first() {
                    stage.say(0.0, Said::Expects(first.bars.clone()));
                }
            }
            None => {
                stage.say(0.0, Said::Came(self.chord_name(chords[0])));
                stage.say(0.1, self.chords_after(chords[1]));
            }
        }
    }

    /// What goes under this bar: chords that were expected after those heard.
    fn accompanies(&mut self, number: usize, now: f64, stage: &mut Stage) {
        let (bar, _) = self.metre();
        if let Turn::Reader { .. } = self.turn {
            let first = number.saturating_sub(BACK);
            let question = self.hands.played(first, number - first, 0.0, now);
            if !question.notes.is_empty() {
                self.phrases = VecDeque::from([question.clone()]);
                let heard = self.hears(&question);
                let last = heard.bars.last().filter(|unit| !unit.notes().is_empty());
                self.chord = last.map_or(self.chord, |unit| Some(self.under(unit)));
            }
        }
        let key = self.sounding_key();
        let chords = self
            .writers
            .composer
            .next_chords(self.style, self.chord, &mut stage.rng);
        self.chord = Some(chords[1]);
        let style = &self.writers.composer.styles[self.style];
        let voices = self.writers.composer.accompaniment(self.style, number, chords);
        let step = self.hands.line().map_or(0.0, |line| line.step);
        for (voice, notes) in voices.into_iter().enumerate() {
            for note in notes {
                let Some(pitch) = note.pitch.transposed(-key) else {
                    continue;
                };
                let played = Played {
                    pitch,
                    velocity: note.velocity,
                    seconds: f64::from(note.duration) / 2.0 * step,
                    voice: 2 + voice,
                    program: [style.programs[1], 32][voice],
                    place: PLACES[2 + voice],
                };
                self.due.push((f64::from(note.onset) / 2.0, played));
            }
        }
        let names = chords.map(|chord| self.chord_name(chord));
        let words = match names[0] == names[1] {
            true => format!("Under it {}", names[0]),
            false => format!("Under it {}, then {}", names[0], names[1]),
        };
        stage.say(0.0, Said::Own(json!({"under": words})));
        stage.say(0.0, Said::Came(names[0].clone()));
        stage.say(bar as f64 * step / 2.0, self.chords_after(chords[1]));
    }

    /// The last chord that is heard in a bar.
    fn under(&self, unit: &Unit) -> usize {
        self.writers.composer.under(self.style, unit)[1]
    }

    /// By how many semitones what sounds is below the white keys: an example is in C.
    fn sounding_key(&self) -> i32 {
        match self.turn {
            Turn::Tune { .. } | Turn::Model { example: true, .. } => 0,
            _ => self.key,
        }
    }

    /// What a chord is called in the key that sounds.
    fn chord_name(&self, chord: usize) -> String {
        let root = i32::from(chord_pitches(chord).1) - self.sounding_key();
        let root = u8::try_from(root).ok().and_then(Pitch::from_midi);
        let name = root.map(|root| root.to_string()).unwrap_or_default();
        let minor = if CHORDS[chord].ends_with('m') { "m" } else { "" };
        format!(
            "{}{minor}",
            name.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit())
        )
    }

    fn chords_after(&self, chord: usize) -> Said {
        let composer = &self.writers.composer;
        let slots = composer.styles[self.style].chords();
        let row = composer.harmony.after(self.style, chord, slots);
        let names = (0..CHORDS.len()).map(|chord| self.chord_name(chord));
        Said::Expects(names.zip(row).collect())
    }

    /// What is expected at a bar line after this bar, for who plays so many semitones below the white keys: by the model that answers of the
    /// first note, or which chord comes after home.
    fn expects_first(&mut self, before: Option<&Unit>, up: i32) -> Said {
        let bar = self.metre().0;
        let mut symbols = vec![REST as u8; bar];
        symbols[0] = 0;
        let unit = Unit { bar, symbols };
        let heard = Heard {
            up,
            ..Heard::default()
        };
        let (_, writer) = self.writers.with(self.model);
        let found = expected(writer, self.style, before, &unit).filter(|_| self.does != Does::Accompanies);
        match found.as_deref() {
            Some([(_, shares), ..]) => Said::Expects(likeliest(shares, |key| name_of(&heard, key))),
            _ => self.chords_after(0),
        }
    }

    /// A key that was struck ends an example, and what a model goes on with.
    fn interrupted(&mut self) {
        let Some(struck) = self.struck.take() else { return };
        let ends = match &self.turn {
            Turn::Reader { .. } => false,
            Turn::Tune { .. } | Turn::Model { example: true, .. } => true,
            // Who plays on for a beat has not taken the word again.
            Turn::Model { from, .. } => self.does == Does::GoesOn && struck > from + 2.0 * self.early(),
        };
        if ends {
            self.turn = Turn::Reader {
                since: struck,
                silent: 0,
            };
            self.due.retain(|(_, played)| played.voice > ANSWER);
            self.awaited.clear();
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
