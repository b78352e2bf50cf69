//! 07: letters typed one by one, coloured by what a memory cell holds.

use super::inside::Inside;
use super::{Panel, with_about};
use crate::stage::{Played, Said, Stage};
use aeolian::music::Pitch;
use aeolian::nn::{Learner, Saved};
use aeolian::predict::{Predictor, Sampling};
use aeolian::recurrent::{SequenceModel, SequencePlayer};
use aeolian::{Error, Result};
use serde_json::json;

/// A vibraphone says what the cell holds: three octaves of five tones.
const PROGRAM: u8 = 11;
const TONES: [u8; 15] = [53, 55, 57, 60, 62, 65, 67, 69, 72, 74, 77, 79, 81, 84, 86];

/// How many of the likeliest are shown.
const SHOWN: usize = 8;

/// The longest beginning, in letters.
const LONGEST: usize = 400;

pub struct LettersPanel {
    letters: Vec<char>,
    player: SequencePlayer,
    /// The units, those first whose colour changes most, and which of them is looked at.
    units: Vec<usize>,
    unit: usize,
    /// The reader's beginning, and how much of it has been typed.
    given: Vec<usize>,
    typed: usize,
    probabilities: Vec<f64>,
    sampling: Sampling,
    /// Letters a second.
    speed: f64,
}

impl LettersPanel {
    pub fn new(model: &[u8]) -> Result<LettersPanel> {
        let (letters, bytes): (String, _) = with_about(model)?;
        let letters: Vec<char> = letters.chars().collect();
        let model = SequenceModel::from_bytes(bytes)?;
        let player = model.player()?;
        if player.alphabet() != letters.len() {
            return Err(Error::format(
                "the letters",
                format!("{} for {} symbols", letters.len(), player.alphabet()),
                "Give one to each symbol",
            ));
        }
        let mut panel = LettersPanel {
            units: Inside::units_by_change(&mut model.player()?, 300, f32::tanh),
            unit: 0,
            probabilities: vec![0.0; player.alphabet()],
            player,
            letters,
            given: Vec::new(),
            typed: 0,
            sampling: Sampling {
                temperature: 0.7,
                ..Sampling::default()
            },
            speed: 8.0,
        };
        panel.predict();
        Ok(panel)
    }

    fn predict(&mut self) {
        self.player.predict(&mut self.probabilities);
        self.sampling.apply(&mut self.probabilities);
    }

    fn name(&self, symbol: usize) -> String {
        match self.letters[symbol] {
            ' ' => "space".to_string(),
            '\n' => "new line".to_string(),
            letter => letter.to_string(),
        }
    }

    fn expects(&self) -> Said {
        let mut all: Vec<(usize, f64)> = self.probabilities.iter().copied().enumerate().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (shown, others) = all.split_at(SHOWN.min(all.len()));
        let shown = shown.iter().map(|bar| (self.name(bar.0), bar.1));
        let others = others.iter().map(|bar| bar.1).sum();
        Said::Expects(shown.chain([("others".to_string(), others)]).collect())
    }

    fn say_unit(&self, stage: &mut Stage) {
        stage.say(0.0, Said::Own(json!({"unit": self.units[self.unit]})));
    }
}

impl Panel for LettersPanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.say_unit(stage);
        stage.say(0.0, self.expects());
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "temperature" => {
                self.sampling.temperature = value.clamp(0.0, 10.0);
                self.predict();
                stage.say(0.0, self.expects());
            }
            "speed" => self.speed = value.clamp(0.5, 50.0),
            "unit" => {
                self.unit = (value as usize).clamp(1, self.units.len()) - 1;
                self.say_unit(stage);
            }
            _ => return false,
        }
        true
    }

    /// `begin` and numbers of letters in Unicode: the net forgets, and hears these first.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let ["begin", codes @ ..] = words else {
            return false;
        };
        let letters: Option<Vec<char>> = codes
            .iter()
            .map(|code| code.parse().ok().and_then(char::from_u32))
            .collect();
        let Some(letters) = letters.filter(|letters| letters.len() <= LONGEST) else {
            return false;
        };
        let symbol = |letter: &char| self.letters.iter().position(|other| other == letter);
        let unknown: String = letters.iter().filter(|letter| symbol(letter).is_none()).collect();
        stage.answer(Said::Own(json!({"unknown": unknown})));
        self.given = letters.iter().filter_map(symbol).collect();
        self.typed = 0;
        self.player.forget();
        self.predict();
        stage.say(0.0, Said::Own(json!({"begin": self.given.len()})));
        stage.say(0.0, self.expects());
        true
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let symbol = match self.given.get(self.typed) {
            Some(given) => *given,
            None => {
                let as_they_are = Sampling::default();
                let drawn = as_they_are.draw(&self.probabilities, &mut stage.rng);
                drawn.unwrap_or(0)
            }
        };
        let given = self.typed < self.given.len();
        self.typed += usize::from(given);
        self.player.hear(symbol);
        let (letter, every) = (self.letters[symbol], 1.0 / self.speed);
        let holds = Inside::of(&self.player, self.units[self.unit]).memory.tanh();
        stage.say(0.0, Said::Came(self.name(symbol)));
        stage.say(
            0.0,
            Said::Own(json!({"letter": letter, "holds": holds, "given": given})),
        );
        let tone = (holds + 1.0) / 2.0 * (TONES.len() - 1) as f32;
        let pitch = Pitch::from_midi(TONES[tone.round() as usize]);
        if let Some(pitch) = pitch.filter(|_| !letter.is_whitespace()) {
            let played = Played {
                pitch,
                velocity: 70,
                seconds: every,
                voice: usize::from(given),
                program: PROGRAM,
                place: 0.0,
            };
            stage.play(0.0, played);
        }
        self.predict();
        stage.say(0.02, self.expects());
        stage.wait(every);
    }
}
