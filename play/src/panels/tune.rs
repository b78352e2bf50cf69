//! 03: a tune without end, and the tune that it copies.

use super::Panel;
use super::melodist::Melodist;
use crate::stage::{Said, Stage};
use aeolian::Result;
use aeolian::markov::Chain;
use aeolian::music::{Alphabet, Melody, Score, abc};
use aeolian::predict::Predictor;
use serde_json::json;

/// The longest past that can be asked for, in notes; a note is two symbols.
const LONGEST: usize = 8;

/// Notes in a row that make a copy.
const COPY: usize = 4;

pub struct TunePanel {
    melodist: Melodist<Chain>,
    titles: Vec<String>,
    /// The tunes that it learned from, as symbols.
    tunes: Vec<Vec<usize>>,
    melodies: Vec<Melody>,
    /// For each place in each tune: how many of the symbols written last stand there in a row, up to that place.
    runs: Vec<Vec<usize>>,
    /// The tune that is being copied.
    source: Option<usize>,
}

impl TunePanel {
    /// `model` holds the tunes to learn from, in ABC.
    pub fn new(model: &[u8]) -> Result<TunePanel> {
        TunePanel::of(abc::decode(model)?.into_iter().map(|tune| tune.0).collect())
    }

    /// Learns from these tunes.
    pub fn of(scores: Vec<Score>) -> Result<TunePanel> {
        let melodies: Vec<Melody> = scores.iter().map(|score| score.melody()).collect();
        let alphabet = Alphabet::of(&melodies);
        let tunes: Vec<Vec<usize>> = melodies.iter().map(|melody| alphabet.encode(melody)).collect();
        let chain = Chain::trained(2 * LONGEST, alphabet.len(), &tunes)?.unsmoothed();
        Ok(TunePanel {
            melodist: Melodist::new(alphabet, chain.looking_back(2 * 2)),
            titles: scores.into_iter().map(|score| score.title).collect(),
            runs: tunes.iter().map(|tune| vec![0; tune.len()]).collect(),
            source: None,
            tunes,
            melodies,
        })
    }

    /// Follows the tunes through what was written.
    fn follow(&mut self, symbol: usize) {
        for (runs, tune) in self.runs.iter_mut().zip(&self.tunes) {
            for place in (0..tune.len()).rev() {
                let before = if place == 0 { 0 } else { runs[place - 1] };
                runs[place] = if tune[place] == symbol { before + 1 } else { 0 };
            }
        }
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
        self.melodist.expect(0.0, stage);
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        if control == "order" {
            let order = value.clamp(0.0, LONGEST as f64) as usize;
            let model = &mut self.melodist.model.model;
            *model = model.clone().looking_back(2 * order);
            return true;
        }
        self.melodist.set(control, value)
    }

    fn act(&mut self, words: &[&str], _: &mut Stage) -> bool {
        let is_new = words == ["new"];
        if is_new {
            self.follow(self.melodist.alphabet.end());
            self.melodist.model.forget();
        }
        is_new
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let (symbols, seconds) = self.melodist.note(stage);
        symbols.iter().for_each(|&symbol| self.follow(symbol));
        if symbols.len() == 1 {
            stage.say(0.0, Said::Own(json!({"end": true})));
            self.melodist.expect(0.1, stage);
        } else {
            self.say_copy(stage);
            self.melodist.expect(0.05, stage);
        }
        stage.wait(seconds);
    }
}
