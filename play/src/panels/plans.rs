//! 06: Todd's net plays on and on, to plans that the reader mixes.

use super::beginning::Beginning;
use super::{Panel, read, two_layers};
use crate::stage::{Played, Said, Stage};
use aeolian::music::Pitch;
use aeolian::nn::{Parameter, Play};
use aeolian::predict::Sampling;
use aeolian::{Error, Result};
use serde::Deserialize;
use serde_json::json;

/// A flute.
const PROGRAM: u8 = 73;

/// Eighths of a tune; then it begins again, and the net has heard nothing.
const LENGTH: usize = 32;

/// What the listing hands over.
#[derive(Deserialize)]
struct Model {
    /// What each tune is called.
    names: Vec<String>,
    /// The keys that the net can play.
    keys: Vec<u8>,
    /// What is left of a key's trace an eighth later.
    trace: f32,
    network: [Parameter; 4],
}

/// The place of a key among those of the net, and whether it is struck.
type Slice = (usize, bool);

pub struct PlansPanel {
    names: Vec<String>,
    keys: Vec<Pitch>,
    layers: [Box<dyn Play>; 2],
    trace: f32,
    /// How much of each tune the reader wants.
    plan: Vec<f32>,
    /// What was just played, and what before it, less and less.
    context: Vec<f32>,
    beginning: Beginning,
    /// The reader's beginning as eighths.
    given: Vec<Slice>,
    /// How many eighths have been played, and the next one, if it was drawn already.
    eighth: usize,
    coming: Option<Slice>,
    /// How likely each key is next, and whether it is struck.
    probabilities: Vec<f64>,
    struck: bool,
    sampling: Sampling,
    /// Quarter notes a minute.
    tempo: f64,
}

impl PlansPanel {
    pub fn new(model: &[u8]) -> Result<PlansPanel> {
        let model: Model = read(model)?;
        let (tunes, outputs) = (model.names.len(), model.keys.len() + 1);
        let layers = two_layers(model.network, tunes + outputs)?;
        let keys: Option<Vec<Pitch>> = model.keys.iter().map(|key| Pitch::from_midi(*key)).collect();
        let keys = keys.filter(|keys| !keys.is_empty() && layers[1].outputs() == outputs);
        let keys = keys.ok_or_else(|| {
            let what = format!("{} keys", outputs - 1);
            Error::format("keys", what, "Give those that the net plays, each from 0 to 127")
        })?;
        let mut plan = vec![0.0; tunes];
        plan.iter_mut().take(2).for_each(|part| *part = 0.5);
        let mut panel = PlansPanel {
            names: model.names,
            keys,
            layers,
            trace: model.trace,
            plan,
            context: vec![0.0; outputs],
            beginning: Beginning::default(),
            given: Vec::new(),
            eighth: 0,
            coming: None,
            probabilities: vec![0.0; outputs - 1],
            struck: true,
            sampling: Sampling::default(),
            tempo: 120.0,
        };
        panel.predict();
        Ok(panel)
    }

    fn restart(&mut self) {
        self.context.fill(0.0);
        (self.eighth, self.coming) = (0, None);
        self.predict();
    }

    /// Finds how likely each key is next. The plan's parts count for what they are of their sum.
    fn predict(&mut self) {
        let total: f32 = self.plan.iter().sum();
        let parts = self.plan.iter().map(|part| part / total.max(1e-6));
        let x: Vec<f32> = parts.chain(self.context.iter().copied()).collect();
        let [hidden, output] = &mut self.layers;
        let y = output.step(hidden.step(&x));
        let mut coins = y.iter().map(|y| 1.0 / (1.0 + f64::from(-y).exp()));
        for (to, coin) in self.probabilities.iter_mut().zip(&mut coins) {
            *to = coin;
        }
        self.struck = coins.next().is_some_and(|coin| coin > 0.5);
        self.sampling.apply(&mut self.probabilities);
    }

    /// The next eighth: the reader's, as far as the beginning goes, and else drawn.
    fn draw(&mut self, stage: &mut Stage) -> Slice {
        if let Some(given) = self.given.get(self.eighth) {
            return *given;
        }
        let as_they_are = Sampling::default();
        let key = as_they_are.draw(&self.probabilities, &mut stage.rng);
        (key.unwrap_or(0), self.struck)
    }

    /// Hears an eighth that sounds so many seconds from now.
    fn hear(&mut self, (key, struck): Slice, seconds: f64, stage: &mut Stage) {
        stage.say(seconds, Said::Came(self.keys[key].to_string()));
        let last = self.keys.len();
        for (place, trace) in self.context.iter_mut().enumerate() {
            let now = place == key || (place == last && struck);
            *trace = self.trace * *trace + f32::from(u8::from(now));
        }
        self.eighth += 1;
        stage.say(
            seconds,
            Said::Own(json!({"eighth": self.eighth, "trace": &self.context[..last]})),
        );
        self.predict();
        stage.say(seconds + 0.05, self.expects());
    }

    fn expects(&self) -> Said {
        let names = self.keys.iter().map(Pitch::to_string);
        Said::Expects(names.zip(self.probabilities.iter().copied()).collect())
    }
}

impl Panel for PlansPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let keys: Vec<u8> = self.keys.iter().map(|key| key.midi()).collect();
        let names: Vec<String> = self.keys.iter().map(Pitch::to_string).collect();
        stage.say(
            0.0,
            Said::Own(json!({"keys": keys, "names": names, "length": LENGTH, "tunes": self.names})),
        );
        stage.say(0.0, self.expects());
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "temperature" => self.sampling.temperature = value.clamp(0.0, 10.0),
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            _ => {
                let number = control.strip_prefix("tune").and_then(|tune| tune.parse().ok());
                let part = number.and_then(|number: usize| self.plan.get_mut(number));
                let Some(part) = part else { return false };
                *part = value.clamp(0.0, 1.0) as f32;
            }
        }
        self.predict();
        stage.say(0.0, self.expects());
        true
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let keys = &self.keys;
        if !self.beginning.act(words, |pitch| keys.contains(&pitch), stage) {
            return false;
        }
        self.given.clear();
        for (pitch, eighths) in &self.beginning.notes {
            let key = self.keys.iter().position(|key| key == pitch).unwrap_or(0);
            self.given.extend((0..*eighths).map(|eighth| (key, eighth == 0)));
        }
        self.given.truncate(LENGTH);
        self.restart();
        true
    }

    /// Plays a note to its end.
    fn go_on(&mut self, stage: &mut Stage) {
        let eighth = 30.0 / self.tempo;
        let mut slice = match self.coming.take() {
            Some(slice) => slice,
            None => self.draw(stage),
        };
        let key = slice.0;
        let given = self.eighth < self.given.len();
        let mut held = 0.0;
        loop {
            self.hear(slice, held * eighth, stage);
            held += 1.0;
            if self.eighth == LENGTH {
                break;
            }
            slice = self.draw(stage);
            if slice.1 || slice.0 != key {
                self.coming = Some(slice);
                break;
            }
        }
        let played = Played {
            pitch: self.keys[key],
            velocity: 80,
            seconds: held * eighth,
            voice: usize::from(given),
            program: PROGRAM,
            place: 0.0,
        };
        stage.play(0.0, played);
        stage.wait(held * eighth);
        if self.eighth == LENGTH {
            self.restart();
            stage.say(0.05, self.expects());
            stage.wait(2.0 * eighth);
        }
    }
}
