//! 03: a tune without end, and the tune that it copies.

use super::Panel;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::markov::Chain;
use aeolian::music::{Alphabet, Melody, Score, abc};
use aeolian::predict::{Predictor, Sampling, TakingTurns};
use serde_json::json;

/// A flute.
const PROGRAM: u8 = 73;

/// The longest past that can be asked for, in notes; a note is two symbols.
const LONGEST: usize = 8;

/// Notes in a row that make a copy.
const COPY: usize = 4;

/// How many of the likeliest are shown.
const SHOWN: usize = 8;

pub struct TunePanel {
    alphabet: Alphabet,
    model: TakingTurns<Chain>,
    titles: Vec<String>,
    /// The tunes that it learned from, as symbols.
    tunes: Vec<Vec<usize>>,
    melodies: Vec<Melody>,
    /// For each place in each tune: how many of the symbols written last stand there in a row, up to that place.
    runs: Vec<Vec<usize>>,
    /// The tune that is being copied.
    source: Option<usize>,
    sampling: Sampling,
    /// Quarter notes a minute.
    tempo: f64,
    probabilities: Vec<f64>,
}

impl TunePanel {
    /// `model` holds the tunes to learn from, in ABC.
    pub fn new(model: &[u8]) -> Result<TunePanel> {
        let scores: Vec<Score> = abc::decode(model)?.into_iter().map(|tune| tune.0).collect();
        let melodies: Vec<Melody> = scores.iter().map(|score| score.melody()).collect();
        let alphabet = Alphabet::of(&melodies);
        let tunes: Vec<Vec<usize>> = melodies.iter().map(|melody| alphabet.encode(melody)).collect();
        let chain = Chain::trained(2 * LONGEST, alphabet.len(), &tunes)?.unsmoothed();
        Ok(TunePanel {
            model: TakingTurns::new(chain.looking_back(2 * 2), alphabet.turns()),
            titles: scores.into_iter().map(|score| score.title).collect(),
            runs: tunes.iter().map(|tune| vec![0; tune.len()]).collect(),
            probabilities: vec![0.0; alphabet.len()],
            source: None,
            sampling: Sampling::default(),
            tempo: 112.0,
            alphabet,
            tunes,
            melodies,
        })
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

    fn hear(&mut self, symbol: usize) {
        self.model.hear(symbol);
        for (runs, tune) in self.runs.iter_mut().zip(&self.tunes) {
            for place in (0..tune.len()).rev() {
                let before = if place == 0 { 0 } else { runs[place - 1] };
                runs[place] = if tune[place] == symbol { before + 1 } else { 0 };
            }
        }
    }

    fn expectations(&self) -> Vec<(String, f64)> {
        let mut all: Vec<(usize, f64)> = self.probabilities.iter().copied().enumerate().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (shown, others) = all.split_at(SHOWN.min(all.len()));
        let mut bars: Vec<(usize, f64)> = shown.iter().copied().filter(|bar| bar.1 > 0.0).collect();
        bars.sort_by_key(|bar| bar.0); // from low to high
        let others: f64 = others.iter().map(|bar| bar.1).sum();
        let named = bars
            .into_iter()
            .map(|(symbol, chance)| (self.alphabet.name(symbol), chance));
        named.chain([("others".to_string(), others)]).collect()
    }

    /// The longest run of a tune that was just written again: the tune, its first note there, and how many notes.
    /// Of equally long ones the tune that was copied last.
    fn copied(&self) -> Option<(usize, usize, usize)> {
        let ends = self.runs.iter().enumerate().flat_map(|(tune, runs)| {
            let whole = runs.iter().enumerate().filter(|(place, _)| place % 2 == 1);
            whole.map(move |(place, &run)| (run / 2, self.source == Some(tune), tune, place))
        });
        let (notes, _, tune, place) = ends.max_by_key(|end| (end.0, end.1, std::cmp::Reverse(end.2)))?;
        let first = (place / 2 + 1).saturating_sub(notes);
        (notes >= COPY).then_some((tune, first, notes))
    }

    fn say_copy(&mut self, stage: &mut Stage) {
        let copy = self.copied();
        let copy = copy.map(|(tune, first, notes)| {
            let all = self.melodies[tune].steps.iter();
            let steps: Vec<_> = match self.source == Some(tune) {
                true => vec![], // the page has them
                false => all
                    .map(|step| json!([step.pitch.map(|pitch| pitch.midi()), step.duration]))
                    .collect(),
            };
            self.source = Some(tune);
            json!({"tune": tune, "title": self.titles[tune], "steps": steps, "first": first, "notes": notes})
        });
        stage.say(0.0, Said::Own(json!({"copy": copy})));
    }
}

impl Panel for TunePanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.predict();
        stage.say(0.0, Said::Expects(self.expectations()));
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        match control {
            "order" => {
                let order = value.clamp(0.0, LONGEST as f64) as usize;
                let chain = self.model.model.clone();
                self.model.model = chain.looking_back(2 * order);
            }
            "temperature" => self.sampling.temperature = value.clamp(0.0, 10.0),
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], _: &mut Stage) -> bool {
        let is_new = words == ["new"];
        if is_new {
            self.hear(self.alphabet.end());
            self.model.forget();
        }
        is_new
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let quarter = 60.0 / self.tempo;
        let pitch = self.draw(stage);
        stage.say(0.0, Said::Came(self.alphabet.name(pitch)));
        self.hear(pitch);
        if pitch == self.alphabet.end() {
            self.model.forget();
            stage.say(0.0, Said::Own(json!({"end": true})));
            self.predict();
            stage.say(0.1, Said::Expects(self.expectations()));
            stage.wait(2.0 * quarter);
            return;
        }
        let duration = self.draw(stage);
        self.hear(duration);
        let written = self.alphabet.decode(&[pitch, duration]);
        let Some(step) = written.steps.first() else {
            return;
        };
        let seconds = quarter * f64::from(step.duration) / f64::from(written.resolution.max(1));
        if let Some(pitch) = step.pitch {
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
        self.say_copy(stage);
        self.predict();
        stage.say(0.05, Said::Expects(self.expectations()));
        stage.wait(seconds);
    }
}
