//! Who writes a bar: one of four models of this book.

use crate::bars::{BAR, Lessons, NoteChain, Request, SYMBOLS, Scale, Unit, WORDS, rows, words};
use crate::gan::{ExpertShape, Forger, ForgerShape, Game, Latent, Loss, Made, Rules};
use crate::markov::hidden::{Filter, HiddenMarkov, Symbols, Training as Rounds};
use crate::nn::{Curve, Saved, Schedule};
use crate::predict::Predictor;
use crate::recurrent::{SequenceModel, SequencePlayer};
use crate::sliders::{Asking, Maker};
use crate::{Error, Result};
use ndarray::{Array1, Array2};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The models that can write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WriterKind {
    /// A chain over notes, as in chapter 10: [`NoteChain`].
    Chain,
    /// Hidden states, as in chapter 04.
    Hidden,
    /// A long short-term memory, as in chapter 07.
    Lstm,
    /// The forger of a game, as in chapter 11.
    Gan,
}

impl WriterKind {
    /// Every kind.
    pub const ALL: [WriterKind; 4] = [
        WriterKind::Chain,
        WriterKind::Hidden,
        WriterKind::Lstm,
        WriterKind::Gan,
    ];
}

impl fmt::Display for WriterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            WriterKind::Chain => "chain",
            WriterKind::Hidden => "hidden",
            WriterKind::Lstm => "lstm",
            WriterKind::Gan => "gan",
        })
    }
}

impl FromStr for WriterKind {
    type Err = Error;

    fn from_str(name: &str) -> Result<WriterKind> {
        let found = WriterKind::ALL.into_iter().find(|kind| kind.to_string() == name);
        found.ok_or_else(|| {
            Error::value(
                format!("There is no model \"{name}\" that writes"),
                "Ask for chain, hidden, lstm or gan",
            )
        })
    }
}

/// What writes bars. The first three say what comes next, step by step, and hear the bar before; a forger makes a bar at once.
#[derive(Debug)]
pub enum Writer {
    /// A chain for each kind of tunes.
    Chain(Vec<NoteChain>),
    /// Hidden states for each kind of tunes.
    Hidden(Vec<Filter>),
    /// One network for all kinds: it is told the kind by a word before the metre.
    Lstm(SequencePlayer),
    /// A forger, how many kinds it knows, and the scale of measures that it is asked in.
    Gan(Box<Maker>, usize, Scale),
}

/// Keys that a chain remembers.
const ORDER: usize = 2;

/// Hidden states for each kind.
const STATES: usize = 24;

impl Writer {
    /// Chains that have counted in pairs of bars. What is in the kind counts eight times as much as what is in others.
    pub fn chain(lessons: &Lessons) -> Writer {
        let of_kind = |kind: usize| {
            let times = move |of: usize| if of == kind { 8 } else { 1 };
            let units = lessons
                .all
                .iter()
                .flat_map(|lesson| std::iter::repeat_n(&lesson.unit, times(lesson.kind)));
            NoteChain::taught(ORDER, units)
        };
        Writer::Chain((0..lessons.kinds.len()).map(of_kind).collect())
    }

    /// Hidden states that have learned from the pairs of each kind, so many rounds of Baum–Welch. Gives the models, which can be saved.
    ///
    /// A kind without pairs learns from all.
    ///
    /// # Errors
    /// If there are no pairs at all.
    pub fn hidden(
        lessons: &Lessons,
        rounds: usize,
        rng: &mut ChaCha8Rng,
    ) -> Result<Vec<HiddenMarkov<Symbols>>> {
        let mut models = Vec::new();
        for kind in 0..lessons.kinds.len() {
            let of_kind = lessons.all.iter().filter(|lesson| lesson.kind == kind);
            let mut heard: Vec<Vec<usize>> = of_kind.map(|lesson| words(&lesson.unit)).collect();
            if heard.is_empty() {
                heard = lessons.all.iter().map(|lesson| words(&lesson.unit)).collect();
            }
            let emission = Symbols::from_music(STATES, WORDS, &heard, rng)?;
            let mut model = HiddenMarkov::random(emission, rng);
            let training = Rounds {
                iterations: rounds,
                ..Rounds::default()
            };
            model.fit(&heard, &training, |_, _| {})?;
            models.push(model);
        }
        Ok(models)
    }

    /// What an LSTM learns from: the kind, then [`words`].
    pub fn told(lessons: &Lessons) -> Vec<Vec<usize>> {
        let told = |kind: usize, unit: &Unit| [vec![WORDS + kind], words(unit)].concat();
        lessons
            .all
            .iter()
            .map(|lesson| told(lesson.kind, &lesson.unit))
            .collect()
    }

    /// A forger that has played so many steps against an expert, as in chapter 11. `progress` hears each step.
    ///
    /// # Errors
    /// If there are no bars.
    pub fn gan(
        lessons: &Lessons,
        steps: u64,
        rng: &mut ChaCha8Rng,
        mut progress: impl FnMut(u64),
    ) -> Result<(Forger, Scale)> {
        let asking = Asking::of(lessons);
        let told = Request::width(lessons.kinds.len());
        let forger = ForgerShape {
            latent: Latent {
                normals: 32,
                ..Latent::default()
            },
            told,
            hidden: vec![96, 128],
            curve: Curve::LeakyRelu,
            norm: true,
            made: Made::Symbols {
                sizes: vec![SYMBOLS; BAR],
                not_in_short: (12..BAR).collect(),
            },
        };
        let expert = ExpertShape {
            told,
            group: Some(8),
            projects: true,
            ..ExpertShape::new(BAR * SYMBOLS, &[128, 96])
        };
        let rate = Schedule::WarmUpAndCosine {
            highest: 1.5e-3,
            lowest: 5e-5,
            warm_up: 0,
            steps,
        };
        let rules = Rules {
            loss: Loss::Relativistic,
            penalty: 0.3,
            forger: rate,
            expert: rate,
            beta_2: 0.99,
            kept: 0.995,
            parts: 2,
            ..Rules::default()
        };
        let mut game = Game::new(Forger::new(&forger, rng)?, expert.build(rng)?, &rules)?;
        for step in 0..steps {
            let (mut units, mut conditions) = (Vec::new(), Vec::new());
            for _ in 0..64 {
                let (_, unit, request) = asking.pick(rng);
                units.push(unit);
                conditions.extend(request.conditions());
            }
            let told = Array2::from_shape_vec((units.len(), told), conditions).unwrap_or_default();
            game.step(rows(units.iter(), 1).view(), told.view())?;
            progress(step + 1);
        }
        Ok((game.mean_forger(), asking.scale))
    }

    /// Which kind it is.
    pub fn kind(&self) -> WriterKind {
        match self {
            Writer::Chain(_) => WriterKind::Chain,
            Writer::Hidden(_) => WriterKind::Hidden,
            Writer::Lstm(_) => WriterKind::Lstm,
            Writer::Gan(..) => WriterKind::Gan,
        }
    }

    /// The model that says what comes next, when it has heard of kind and metre, and the bar before; none if it makes bars at once.
    pub(super) fn step_by_step(
        &mut self,
        kind: usize,
        bar: usize,
        before: Option<&Unit>,
    ) -> Option<&mut dyn Predictor> {
        let model: &mut dyn Predictor = match self {
            Writer::Chain(chains) => chains.get_mut(kind)?,
            Writer::Hidden(filters) => filters.get_mut(kind)?,
            Writer::Lstm(player) => player,
            Writer::Gan(..) => return None,
        };
        model.forget();
        if model.alphabet() > WORDS {
            model.hear(WORDS + kind);
        }
        model.hear(SYMBOLS + usize::from(bar == BAR));
        let before = before.filter(|unit| unit.bar == bar);
        for symbol in before.iter().flat_map(|unit| &unit.symbols) {
            model.hear(usize::from(*symbol));
        }
        Some(model)
    }
}

/// Hidden states as rows of numbers, which travel as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedStates {
    initial: Vec<f64>,
    transition: Vec<Vec<f64>>,
    emission: Vec<Vec<f64>>,
}

impl SavedStates {
    /// The numbers of a model, four digits of each.
    pub fn of(model: &HiddenMarkov<Symbols>) -> SavedStates {
        let rounded = |row: ndarray::ArrayView1<f64>| -> Vec<f64> {
            row.iter().map(|p| (p * 1e4).round().max(1.0) / 1e4).collect()
        };
        let table = |table: ndarray::ArrayView2<f64>| table.outer_iter().map(rounded).collect();
        SavedStates {
            initial: rounded(model.initial()),
            transition: table(model.transition()),
            emission: table(model.emission().probabilities()),
        }
    }

    /// The model of these numbers.
    ///
    /// # Errors
    /// If they do not fit each other.
    pub fn model(&self) -> Result<HiddenMarkov<Symbols>> {
        let row = |row: &Vec<f64>| {
            let total: f64 = row.iter().sum();
            row.iter().map(move |p| p / total).collect::<Vec<f64>>()
        };
        let table = |rows: &[Vec<f64>]| {
            let columns = rows.first().map_or(0, Vec::len);
            Array2::from_shape_vec((rows.len(), columns), rows.iter().flat_map(row).collect()).map_err(|_| {
                Error::value(
                    "Rows of hidden states differ in length",
                    "Make the page anew: cargo run",
                )
            })
        };
        let emission = Symbols::new(table(&self.emission)?)?;
        HiddenMarkov::new(
            Array1::from_vec(row(&self.initial)),
            table(&self.transition)?,
            emission,
        )
    }
}

/// Reads an LSTM that was saved, to write.
///
/// # Errors
/// If the bytes are none.
pub fn read_lstm(bytes: &[u8]) -> Result<Writer> {
    use crate::nn::Learner;
    Ok(Writer::Lstm(SequenceModel::from_bytes(bytes)?.player()?))
}
