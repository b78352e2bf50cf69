//! A panel on its stage: what makes sound, stretch by stretch, and remembers what was heard.

use crate::panels::{self, Panel};
use crate::stage::{Event, Stage};
use aeolian::music::midi;
use aeolian::sound::{RATE, Sound, perform, wav};
use aeolian::{Error, Result};
use std::collections::{BTreeMap, VecDeque};

/// Seconds of sound that are remembered.
const REMEMBERED: usize = 300;

/// A panel that plays.
pub struct Engine {
    /// What the panel is called that plays now.
    name: String,
    panel: Box<dyn Panel>,
    /// The panel as the book gave it, while one plays that the reader's own music has taught.
    of_the_book: Option<(String, Box<dyn Panel>)>,
    /// How the controls stand.
    controls: BTreeMap<String, f64>,
    stage: Stage,
    /// The latest samples, left and right, as a WAV file holds them.
    heard: VecDeque<[i16; 2]>,
}

impl Engine {
    /// Opens the panel of this name with the model that it plays, in the model's own format.
    ///
    /// # Errors
    /// If there is no such panel, or the model cannot be read.
    pub fn open(name: &str, model: &[u8], seed: u64) -> Result<Engine> {
        let mut stage = Stage::new(seed, panels::place(name));
        let mut panel = panels::open(name, model, &mut stage)?;
        panel.begin(&mut stage);
        Ok(Engine {
            name: name.to_string(),
            panel,
            of_the_book: None,
            controls: BTreeMap::new(),
            stage,
            heard: VecDeque::new(),
        })
    }

    /// Moves a control.
    ///
    /// # Errors
    /// If the panel has no control of this name, or not this value.
    pub fn set(&mut self, control: &str, value: f64) -> Result<()> {
        // What the book's panel knows, another in its place need not know.
        let known = self.controls.contains_key(control);
        if value.is_finite() && (self.panel.set(control, value, &mut self.stage) || known) {
            self.controls.insert(control.to_string(), value);
            return Ok(());
        }
        Err(Error::value(
            format!("The panel cannot set \"{control}\" to {value}"),
            "Name one of its controls, and a value in its range",
        ))
    }

    /// Does what the reader asks for by a gesture of the panel's own, such as `hold 3`.
    ///
    /// # Errors
    /// If the panel does not know the gesture.
    pub fn act(&mut self, gesture: &str) -> Result<()> {
        let words: Vec<&str> = gesture.split_whitespace().collect();
        if self.panel.act(&words, &mut self.stage) || self.of_the_book.is_some() {
            return Ok(());
        }
        Err(Error::value(
            format!("The panel cannot do \"{gesture}\""),
            "Ask for one of its gestures",
        ))
    }

    /// Lets what the reader's own music has taught play on: a model for the panel of this name. The panel that plays is taken if it is that
    /// one, and can.
    ///
    /// # Errors
    /// As [`Engine::open`]; then what plays plays on.
    pub fn swap(&mut self, name: &str, model: &[u8]) -> Result<()> {
        let taught = self.of_the_book.is_some() && self.name == name;
        if taught && self.panel.renew(model)? {
            return Ok(());
        }
        let panel = panels::open(name, model, &mut self.stage)?;
        let before = std::mem::replace(&mut self.panel, panel);
        let before_name = std::mem::replace(&mut self.name, name.to_string());
        self.of_the_book.get_or_insert((before_name, before));
        self.begin_again();
        Ok(())
    }

    /// Lets the panel of the book play on.
    pub fn back(&mut self) {
        if let Some((name, panel)) = self.of_the_book.take() {
            (self.name, self.panel) = (name, panel);
            self.begin_again();
        }
    }

    fn begin_again(&mut self) {
        for (control, value) in &self.controls {
            self.panel.set(control, *value, &mut self.stage);
        }
        self.panel.begin(&mut self.stage);
    }

    /// Makes the next samples: fills left and right, which are of equal length.
    pub fn play(&mut self, left: &mut [f32], right: &mut [f32]) {
        let end = self.stage.made() + left.len() as u64;
        while self.stage.until() < end {
            let before = self.stage.until();
            self.panel.go_on(&mut self.stage);
            if self.stage.until() == before {
                self.stage.wait(0.05); // a panel that has nothing to say is silent for a while
            }
        }
        self.stage.render(left, right);
        let whole = |sample: f32| (sample * 32767.0).round() as i16;
        let samples = left.iter().zip(right.iter());
        self.heard
            .extend(samples.map(|(left, right)| [whole(*left), whole(*right)]));
        let most = REMEMBERED * RATE as usize;
        let forgotten = self.heard.len().saturating_sub(most);
        self.heard.drain(..forgotten);
    }

    /// What the page is to show, since this was asked last.
    pub fn events(&mut self) -> Vec<Event> {
        self.stage.take_events()
    }

    /// The sound that was heard, when so many samples have been heard in all: the last five minutes, as a WAV file.
    ///
    /// # Errors
    /// If nothing was heard.
    pub fn wav(&self, samples: u64) -> Result<Vec<u8>> {
        let later = self.stage.made().saturating_sub(samples) as usize;
        let frames = self.heard.len().saturating_sub(later);
        if frames == 0 {
            return Err(nothing());
        }
        let first = self.stage.made() - self.heard.len() as u64;
        let pressed = self.stage.pressed(first, frames);
        let channel = |side: usize| -> Vec<f32> {
            let heard = self.heard.iter().map(|frame| f32::from(frame[side]) / 32767.0);
            let both = heard.zip(&pressed);
            both.map(|(heard, pressed)| (heard + pressed).clamp(-1.0, 1.0))
                .collect()
        };
        wav::encode(&Sound::stereo(RATE, channel(0), channel(1)), wav::Format::Int16)
    }

    /// The notes that were heard, when so many samples have been heard in all, as a MIDI file.
    ///
    /// # Errors
    /// If there was no note.
    pub fn midi(&self, samples: u64) -> Result<Vec<u8>> {
        let score = self.stage.score(0, samples);
        match score.voices.is_empty() {
            true => Err(nothing()),
            false => midi::encode(&score),
        }
    }

    /// The whole piece that the panel plays, heard or not, as a WAV file.
    ///
    /// # Errors
    /// If there is none.
    pub fn whole_wav(&self) -> Result<Vec<u8>> {
        let sound = perform(self.panel.whole().ok_or_else(nothing)?)?;
        wav::encode(&sound, wav::Format::Int16)
    }

    /// The same as a MIDI file.
    ///
    /// # Errors
    /// If there is none.
    pub fn whole_midi(&self) -> Result<Vec<u8>> {
        midi::encode(self.panel.whole().ok_or_else(nothing)?)
    }
}

fn nothing() -> Error {
    Error::value("Nothing was heard yet", "Let the panel play first")
}
