//! What plays melodies note by note: a model of what comes next, its alphabet, and how it is drawn from.

use crate::stage::{Played, Said, Stage};
use aeolian::music::Alphabet;
use aeolian::predict::{Predictor, Sampling, TakingTurns};

/// A flute.
const PROGRAM: u8 = 73;

/// How many of the likeliest are shown.
const SHOWN: usize = 8;

pub struct Melodist<M> {
    pub alphabet: Alphabet,
    pub model: TakingTurns<M>,
    pub sampling: Sampling,
    /// Quarter notes a minute.
    tempo: f64,
    probabilities: Vec<f64>,
}

impl<M: Predictor> Melodist<M> {
    pub fn new(alphabet: Alphabet, model: M) -> Melodist<M> {
        Melodist {
            model: TakingTurns::new(model, alphabet.turns()),
            probabilities: vec![0.0; alphabet.len()],
            sampling: Sampling::default(),
            tempo: 112.0,
            alphabet,
        }
    }

    pub fn set(&mut self, control: &str, value: f64) -> bool {
        match control {
            "temperature" => self.sampling.temperature = value.clamp(0.0, 10.0),
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            _ => return false,
        }
        true
    }

    /// Says what may come next, so many seconds from now.
    pub fn expect(&mut self, seconds: f64, stage: &mut Stage) {
        self.predict();
        stage.say(seconds, Said::Expects(self.expectations()));
    }

    /// Draws the next note, hears it and plays it. Gives its symbols, pitch and duration, and how long it lasts; at the end of a tune the
    /// end alone, and how long to wait.
    pub fn note(&mut self, stage: &mut Stage) -> (Vec<usize>, f64) {
        let quarter = 60.0 / self.tempo;
        let pitch = self.draw(stage);
        stage.say(0.0, Said::Came(self.alphabet.name(pitch)));
        if pitch == self.alphabet.end() {
            self.model.forget();
            return (vec![pitch], 2.0 * quarter);
        }
        self.model.hear(pitch);
        let duration = self.draw(stage);
        self.model.hear(duration);
        let written = self.alphabet.decode(&[pitch, duration]);
        let resolution = f64::from(written.resolution.max(1));
        let step = written.steps.first().copied();
        let seconds = quarter * step.map_or(0.0, |step| f64::from(step.duration)) / resolution;
        if let Some(pitch) = step.and_then(|step| step.pitch) {
            let played = Played {
                pitch,
                velocity: 80,
                seconds,
                voice: 0,
                program: PROGRAM,
                place: 0.0,
            };
            stage.play(0.0, played);
        }
        (vec![pitch, duration], seconds)
    }

    /// Puts in `probabilities` what may come next, at the temperature that is set.
    fn predict(&mut self) {
        self.model.predict(&mut self.probabilities);
        self.sampling.apply(&mut self.probabilities);
    }

    fn draw(&mut self, stage: &mut Stage) -> usize {
        self.predict();
        let as_they_are = Sampling::default();
        let drawn = as_they_are.draw(&self.probabilities, &mut stage.rng);
        drawn.unwrap_or(self.alphabet.end())
    }

    fn expectations(&self) -> Vec<(String, f64)> {
        likeliest(&self.probabilities, |symbol| self.alphabet.name(symbol))
    }
}

/// The likeliest of some symbols in their order, each with its name, and how likely the others are together.
pub fn likeliest(probabilities: &[f64], name: impl Fn(usize) -> String) -> Vec<(String, f64)> {
    let mut all: Vec<(usize, f64)> = probabilities.iter().copied().enumerate().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (shown, others) = all.split_at(SHOWN.min(all.len()));
    let mut bars: Vec<(usize, f64)> = shown.iter().copied().filter(|bar| bar.1 > 0.0).collect();
    bars.sort_by_key(|bar| bar.0); // from low to high
    let others: f64 = others.iter().map(|bar| bar.1).sum();
    let named = bars.into_iter().map(|(symbol, chance)| (name(symbol), chance));
    named.chain([("others".to_string(), others)]).collect()
}
