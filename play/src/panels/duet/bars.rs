//! What sounds and is seen in a bar.

use super::{ANSWER, Awaited, BACK, Does, DuetPanel, PLACES, Turn, name_of, told};
use crate::panels::melodist::likeliest;
use crate::stage::{Played, Said, Stage};
use aeolian::bars::{CHORDS, KEYS, REST, Unit, UnitNote};
use aeolian::composer::{Heard, WriterKind, expected};
use aeolian::music::Pitch;
use aeolian::sliders::chord_pitches;
use serde_json::json;
use std::collections::VecDeque;

impl DuetPanel {
    pub(super) fn waits(&self) -> Said {
        let words = match self.does {
            Does::Accompanies => "You lead",
            _ => "Your turn",
        };
        told(words, "", "reader")
    }

    pub(super) fn listens(&self, bar: usize, stage: &mut Stage) {
        let place = format!(", bar {} of {}", (bar + 1).min(self.bars), self.bars);
        stage.say(0.0, told("Listening", &place, "reader"));
    }

    /// Lets a bar sound for who played.
    pub(super) fn sing(&mut self, unit: &Unit, heard: &Heard, voice: usize, program: u8) {
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
    pub(super) fn answers(&mut self, stage: &mut Stage) {
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
    pub(super) fn accompanies(&mut self, number: usize, now: f64, stage: &mut Stage) {
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
    pub(super) fn under(&self, unit: &Unit) -> usize {
        self.writers.composer.under(self.style, unit)[1]
    }

    /// By how many semitones what sounds is below the white keys: an example is in C.
    pub(super) fn sounding_key(&self) -> i32 {
        match self.turn {
            Turn::Tune { .. } | Turn::Model { example: true, .. } => 0,
            _ => self.key,
        }
    }

    /// What a chord is called in the key that sounds.
    pub(super) fn chord_name(&self, chord: usize) -> String {
        let root = i32::from(chord_pitches(chord).1) - self.sounding_key();
        let root = u8::try_from(root).ok().and_then(Pitch::from_midi);
        let name = root.map(|root| root.to_string()).unwrap_or_default();
        let minor = if CHORDS[chord].ends_with('m') { "m" } else { "" };
        format!(
            "{}{minor}",
            name.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit())
        )
    }

    pub(super) fn chords_after(&self, chord: usize) -> Said {
        let composer = &self.writers.composer;
        let slots = composer.styles[self.style].chords();
        let row = composer.harmony.after(self.style, chord, slots);
        let names = (0..CHORDS.len()).map(|chord| self.chord_name(chord));
        Said::Expects(names.zip(row).collect())
    }

    /// What is expected at a bar line after this bar, for who plays so many semitones below the white keys: by the model that answers of the
    /// first note, or which chord comes after home.
    pub(super) fn expects_first(&mut self, before: Option<&Unit>, up: i32) -> Said {
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
    pub(super) fn interrupted(&mut self) {
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
}
