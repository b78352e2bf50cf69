//! 03: a dot walks from state to state, and each state sounds.

use super::{Panel, read};
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::markov::TransitionMatrix;
use aeolian::music::Melody;
use serde::Deserialize;
use serde_json::json;

/// What the listing hands over.
#[derive(Deserialize)]
struct Model {
    /// What each state is called.
    names: Vec<String>,
    /// What each state sounds, as [`Melody::parse`] reads it.
    melodies: Vec<String>,
    /// Ticks to a quarter note in these.
    resolution: u32,
    /// General MIDI program.
    program: u8,
    /// The transition matrix: from row to column.
    rows: Vec<Vec<f64>>,
}

pub struct WalkPanel {
    names: Vec<String>,
    melodies: Vec<Melody>,
    program: u8,
    chain: TransitionMatrix,
    /// The state that comes next, and the one before it.
    state: usize,
    before: Option<usize>,
    /// Whether the reader chose that state.
    chosen: bool,
    /// Quarter notes a minute.
    tempo: f64,
}

impl WalkPanel {
    pub fn new(model: &[u8], stage: &mut Stage) -> Result<WalkPanel> {
        let model: Model = read(model)?;
        let size = model.names.len();
        let numbers: Vec<f64> = model.rows.into_iter().flatten().collect();
        let rows = ndarray::Array2::from_shape_vec((size, size), numbers).map_err(|error| {
            aeolian::Error::format("rows", error.to_string(), "Give a row and a column to each name")
        })?;
        let chain = TransitionMatrix::new(rows)?;
        let melody = |text: &String| Melody::parse(model.resolution, text);
        let state = chain.walk(0, 2, &mut stage.rng)[1];
        Ok(WalkPanel {
            melodies: model.melodies.iter().map(melody).collect::<Result<_>>()?,
            names: model.names,
            program: model.program,
            chain,
            state,
            before: None,
            chosen: false,
            tempo: 132.0,
        })
    }

    fn expectations(&self, today: usize) -> Vec<(String, f64)> {
        let row = self.chain.rows().row(today);
        self.names.iter().cloned().zip(row.iter().copied()).collect()
    }
}

impl Panel for WalkPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let rows: Vec<Vec<f64>> = self.chain.rows().outer_iter().map(|row| row.to_vec()).collect();
        stage.say(0.0, Said::Own(json!({"names": self.names, "rows": rows})));
        stage.say(0.0, Said::Own(json!({"at": self.state})));
        stage.say(0.0, Said::Expects(self.expectations(self.state)));
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        match control {
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], _: &mut Stage) -> bool {
        let ["go", state] = words else { return false };
        match state.parse() {
            Ok(state) if state < self.names.len() => (self.state, self.chosen) = (state, true),
            _ => return false,
        }
        true
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let today = self.state;
        let Some(melody) = self.melodies.get(today) else {
            return;
        };
        let tick = 60.0 / self.tempo / f64::from(melody.resolution.max(1));
        let length = tick
            * melody
                .steps
                .iter()
                .map(|step| f64::from(step.duration))
                .sum::<f64>();
        stage.say(0.0, Said::Came(self.names[today].clone()));
        stage.say(
            0.0,
            Said::Own(json!({"at": today, "from": self.before, "chosen": self.chosen, "seconds": length})),
        );
        stage.say(0.05, Said::Expects(self.expectations(today)));
        for note in melody.notes() {
            let played = Played {
                pitch: note.pitch,
                velocity: note.velocity,
                seconds: f64::from(note.duration) * tick,
                voice: 0,
                program: self.program,
                place: 0.0,
            };
            stage.play(f64::from(note.onset) * tick, played);
        }
        stage.wait(length);
        (self.before, self.chosen) = (Some(today), false);
        self.state = self.chain.walk(today, 2, &mut stage.rng)[1];
    }
}
