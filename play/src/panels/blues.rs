//! 07: a blues without end, the chords that a network keeps, and the gates that keep them.

use super::beginning::Beginning;
use super::inside::Inside;
use super::{Panel, with_about};
use crate::stage::{Played, Said, Stage};
use aeolian::music::Pitch;
use aeolian::nn::{Learner, Saved};
use aeolian::predict::{Predictor, Sampling};
use aeolian::recurrent::{SequenceModel, SequencePlayer};
use aeolian::{Error, Result};
use serde::Deserialize;
use serde_json::json;

/// A saxophone, and a piano.
const PROGRAMS: [u8; 2] = [66, 0];

/// What the chords are called.
const NAMES: [&str; 3] = ["I", "IV", "V"];

/// Eighths in a bar, and of a chord that is struck.
const BAR: usize = 8;
const STRUCK: usize = 4;

/// The longest that a note is held, in eighths.
const LONGEST: usize = 16;

/// Of so many of the likeliest symbols one is drawn, as in the listing.
const TOP: usize = 8;

/// What the listing hands over beside the network. A symbol says which chord and which note: `notes * chord + note`.
#[derive(Deserialize)]
struct About {
    /// The chord of each bar.
    form: Vec<usize>,
    /// The pitch of each note from 1 on; 0 holds the one before.
    scale: Vec<u8>,
    /// The pitches of each chord.
    chords: [Vec<u8>; 3],
}

pub struct BluesPanel {
    form: Vec<usize>,
    scale: Vec<Pitch>,
    chords: [Vec<Pitch>; 3],
    player: SequencePlayer,
    /// The units, those first whose memory changes most, and which of them is looked at.
    units: Vec<usize>,
    unit: usize,
    beginning: Beginning,
    /// The reader's beginning: which note begins in each eighth, or 0.
    given: Vec<usize>,
    /// How many eighths have been played, in how many of them with the chord of the form, and the next symbol, if it was drawn already.
    step: usize,
    right: usize,
    coming: Option<usize>,
    probabilities: Vec<f64>,
    sampling: Sampling,
    /// Quarter notes a minute.
    tempo: f64,
}

impl BluesPanel {
    pub fn new(model: &[u8]) -> Result<BluesPanel> {
        let (about, bytes): (About, _) = with_about(model)?;
        let model = SequenceModel::from_bytes(bytes)?;
        let player = model.player()?;
        let pitches =
            |midi: &Vec<u8>| -> Vec<Pitch> { midi.iter().copied().filter_map(Pitch::from_midi).collect() };
        let (scale, chords) = (pitches(&about.scale), about.chords.each_ref().map(pitches));
        let fits = player.alphabet() == chords.len() * (scale.len() + 1);
        if !fits || about.form.is_empty() || about.form.iter().any(|chord| *chord >= chords.len()) {
            return Err(Error::format(
                "form, scale and chords",
                format!("they do not fit the network's {} symbols", player.alphabet()),
                "Give a symbol to each chord with each note, and with none",
            ));
        }
        let mut panel = BluesPanel {
            units: Inside::units_by_change(&mut model.player()?, 192, |memory| memory),
            unit: 0,
            form: about.form,
            scale,
            chords,
            probabilities: vec![0.0; player.alphabet()],
            player,
            beginning: Beginning::default(),
            given: Vec::new(),
            step: 0,
            right: 0,
            coming: None,
            sampling: Sampling {
                temperature: 0.5,
                top_k: TOP,
            },
            tempo: 212.0,
        };
        panel.restart();
        Ok(panel)
    }

    /// How many notes a symbol tells apart, none among them.
    fn notes(&self) -> usize {
        self.scale.len() + 1
    }

    fn restart(&mut self) {
        self.player.forget();
        (self.step, self.right, self.coming) = (0, 0, None);
        self.predict();
    }

    fn predict(&mut self) {
        self.player.predict(&mut self.probabilities);
        self.sampling.apply(&mut self.probabilities);
    }

    /// The next symbol. Where the reader gave the note, the network gives the chord: the one that it holds likeliest there.
    fn draw(&mut self, stage: &mut Stage) -> usize {
        let Some(&note) = self.given.get(self.step) else {
            let as_they_are = Sampling::default();
            let drawn = as_they_are.draw(&self.probabilities, &mut stage.rng);
            return drawn.unwrap_or(0);
        };
        let mut believed = vec![0.0; self.probabilities.len()];
        self.player.predict(&mut believed);
        let symbols = (0..self.chords.len()).map(|chord| self.notes() * chord + note);
        symbols
            .max_by(|a, b| believed[*a].total_cmp(&believed[*b]))
            .unwrap_or(note)
    }

    /// Hears a symbol that sounds so many seconds from now.
    fn hear(&mut self, symbol: usize, seconds: f64, stage: &mut Stage) {
        let (chord, note) = (symbol / self.notes(), symbol % self.notes());
        stage.say(seconds, Said::Came(self.name(note)));
        self.player.hear(symbol);
        self.right += usize::from(self.form[self.step / BAR % self.form.len()] == chord);
        let at = self.step % (BAR * self.form.len());
        self.step += 1;
        let gates = Inside::of(&self.player, self.units[self.unit]);
        stage.say(
            seconds,
            Said::Own(json!({
                "step": at, "chord": NAMES[chord], "right": [self.right, self.step], "gates": gates,
            })),
        );
        self.predict();
        self.expect(seconds + 0.03, stage);
    }

    /// What the notes are called.
    fn name(&self, note: usize) -> String {
        let pitch = note.checked_sub(1).and_then(|note| self.scale.get(note));
        pitch.map_or("hold".to_string(), Pitch::to_string)
    }

    /// Says how likely each note is, whatever the chord, and each chord, whatever the note.
    fn expect(&self, seconds: f64, stage: &mut Stage) {
        let notes = self.notes();
        let of_note = |note| self.probabilities.iter().skip(note).step_by(notes).sum::<f64>();
        let bars = (0..notes).map(|note| (self.name(note), of_note(note)));
        stage.say(seconds, Said::Expects(bars.collect()));
        let of_chord = |chance: &[f64]| chance.iter().sum::<f64>();
        let chords: Vec<f64> = self.probabilities.chunks(notes).map(of_chord).collect();
        stage.say(seconds, Said::Own(json!({"chances": chords})));
    }

    fn say_unit(&self, stage: &mut Stage) {
        stage.say(0.0, Said::Own(json!({"unit": self.units[self.unit]})));
    }
}

impl Panel for BluesPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let form: Vec<&str> = self.form.iter().map(|chord| NAMES[*chord]).collect();
        let keys: Vec<u8> = self.scale.iter().map(|pitch| pitch.midi()).collect();
        stage.say(
            0.0,
            Said::Own(json!({"form": form, "keys": keys, "chords": NAMES})),
        );
        self.say_unit(stage);
        self.expect(0.0, stage);
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "temperature" => {
                self.sampling.temperature = value.clamp(0.0, 10.0);
                self.predict();
                self.expect(0.0, stage);
            }
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            "unit" => {
                self.unit = (value as usize).clamp(1, self.units.len()) - 1;
                self.say_unit(stage);
            }
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let scale = &self.scale;
        if !self.beginning.act(words, |pitch| scale.contains(&pitch), stage) {
            return false;
        }
        self.given.clear();
        for (pitch, eighths) in &self.beginning.notes {
            let note = self.scale.iter().position(|other| other == pitch);
            self.given.push(note.map_or(0, |note| note + 1));
            self.given.extend((1..*eighths).map(|_| 0));
        }
        self.restart();
        true
    }

    /// Plays a note of the tune to its end, and the chords meanwhile.
    fn go_on(&mut self, stage: &mut Stage) {
        let eighth = 30.0 / self.tempo;
        let mut symbol = match self.coming.take() {
            Some(symbol) => symbol,
            None => self.draw(stage),
        };
        let (notes, first, given) = (self.notes(), symbol, self.step < self.given.len());
        let mut held = 0;
        loop {
            let now = f64::from(held as u32) * eighth;
            if self.step.is_multiple_of(STRUCK) {
                for pitch in &self.chords[symbol / notes] {
                    let played = Played {
                        pitch: *pitch,
                        velocity: 64,
                        seconds: 3.0 * eighth,
                        voice: 2,
                        program: PROGRAMS[1],
                        place: -0.3,
                    };
                    stage.play(now, played);
                }
            }
            self.hear(symbol, now, stage);
            held += 1;
            symbol = self.draw(stage);
            if !symbol.is_multiple_of(notes) || held == LONGEST {
                self.coming = Some(symbol);
                break;
            }
        }
        let length = f64::from(held as u32) * eighth;
        if let Some(pitch) = (first % notes)
            .checked_sub(1)
            .and_then(|note| self.scale.get(note))
        {
            let played = Played {
                pitch: *pitch,
                velocity: 80,
                seconds: length,
                voice: usize::from(given),
                program: PROGRAMS[0],
                place: 0.2,
            };
            stage.play(0.0, played);
        }
        stage.wait(length);
    }
}
