//! 13: a blind test. Of two clips one is by a person and one by a model; which was which is told when all pairs were heard.

use super::{Panel, read};
use crate::stage::{Played, Said, Stage};
use aeolian::bars::{Unit, score};
use aeolian::composer::wilson;
use aeolian::music::Note;
use aeolian::{Error, Result};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// So many pairs of each writer are heard in one test.
const OF_EACH: usize = 3;

/// Quarter notes a minute.
const TEMPO: f64 = 120.0;

/// Seconds between two clips.
const PAUSE: f64 = 0.9;

/// What the listing hands over.
#[derive(Deserialize)]
struct Model {
    writers: Vec<String>,
    /// Name and General MIDI program.
    styles: Vec<(String, u8)>,
    pairs: Vec<Told>,
}

/// Writer, style, what the tune is called, the person's bars and the model's, a letter a step; whether the critic was right.
type Told = (usize, usize, String, Vec<String>, Vec<String>, bool);

/// A note of a clip, and when it begins, in seconds.
#[derive(Clone, Copy)]
struct Struck {
    onset: f64,
    played: Played,
}

/// A pair as it is played.
struct Contest {
    writer: usize,
    style: usize,
    title: String,
    /// The person's, the model's.
    clips: [Vec<Struck>; 2],
    /// How long each lasts.
    seconds: f64,
    critic: bool,
}

/// A pair as it is put to the reader.
struct Trial {
    contest: usize,
    /// Where the person's clip is: first or second.
    person: usize,
    chosen: Option<usize>,
}

/// What sounds next.
enum Cue {
    /// A clip begins.
    Clip(usize),
    /// A note, and how long it is until the next.
    Note(Struck, f64),
    Silence(f64),
}

pub struct BlindPanel {
    writers: Vec<String>,
    styles: Vec<(String, u8)>,
    contests: Vec<Contest>,
    /// How many tests were begun: each takes other pairs, as long as there are some.
    tests: usize,
    trials: Vec<Trial>,
    /// The pair that is heard; after the last there is none.
    at: usize,
    cues: VecDeque<Cue>,
    /// Neither of this pair was heard yet.
    fresh: bool,
}

impl BlindPanel {
    pub fn new(model: &[u8], stage: &mut Stage) -> Result<BlindPanel> {
        let Model {
            writers,
            styles,
            pairs,
        } = read(model)?;
        let mut contests = Vec::new();
        for (writer, style, title, person, model, critic) in pairs {
            let clips = [units(&person), units(&model)];
            let bars = |clip: &Option<Vec<Unit>>| clip.as_ref().map(|clip| (clip.len(), clip[0].bar));
            let [Some(person), Some(model)] = &clips else {
                return Err(wrong());
            };
            if writer >= writers.len() || style >= styles.len() || bars(&clips[0]) != bars(&clips[1]) {
                return Err(wrong());
            }
            let steps = person.len() * person[0].bar;
            contests.push(Contest {
                writer,
                style,
                title,
                clips: [person, model].map(|clip| struck(clip, styles[style].1)),
                seconds: steps as f64 * 15.0 / TEMPO,
                critic,
            });
        }
        if contests.is_empty() {
            return Err(wrong());
        }
        let mut panel = BlindPanel {
            writers,
            styles,
            contests,
            tests: 0,
            trials: Vec::new(),
            at: 0,
            cues: VecDeque::new(),
            fresh: true,
        };
        panel.deal(&mut stage.rng);
        Ok(panel)
    }

    /// Puts a test together: as many pairs of each writer, in any order; the person's clip is the first one in half of them.
    fn deal(&mut self, rng: &mut ChaCha8Rng) {
        let mut chosen = Vec::new();
        for writer in 0..self.writers.len() {
            let of_writer: Vec<usize> = (0..self.contests.len())
                .filter(|contest| self.contests[*contest].writer == writer)
                .collect();
            let count = OF_EACH.min(of_writer.len());
            let from = self.tests * OF_EACH;
            chosen.extend((from..from + count).map(|number| of_writer[number % of_writer.len()]));
        }
        chosen.shuffle(rng);
        let mut persons: Vec<usize> = (0..chosen.len()).map(|number| number % 2).collect();
        persons.shuffle(rng);
        if chosen.len() % 2 == 1 && rng.random::<bool>() {
            persons.iter_mut().for_each(|person| *person = 1 - *person);
        }
        let trial = |(contest, person)| Trial {
            contest,
            person,
            chosen: None,
        };
        self.trials = chosen.into_iter().zip(persons).map(trial).collect();
        self.tests += 1;
        self.go_to(0);
    }

    fn go_to(&mut self, at: usize) {
        (self.at, self.fresh) = (at, true);
        self.cues.clear();
    }

    /// Lets a clip of a pair be heard next.
    fn cue(&mut self, trial: usize, clip: usize) {
        let trial = &self.trials[trial];
        let contest = &self.contests[trial.contest];
        let notes = &contest.clips[usize::from(clip != trial.person)];
        let first = notes.first().map_or(contest.seconds, |note| note.onset);
        self.cues.extend([Cue::Clip(clip), Cue::Silence(first)]);
        for (number, note) in notes.iter().enumerate() {
            let next = notes.get(number + 1).map_or(contest.seconds, |next| next.onset);
            self.cues.push_back(Cue::Note(*note, next - note.onset));
        }
        self.cues.push_back(Cue::Silence(PAUSE));
    }

    /// Which pair it is, or what came of all.
    fn stands(&self) -> Said {
        let of = self.trials.len();
        if self.at < of {
            let style = &self.styles[self.contests[self.trials[self.at].contest].style].0;
            return Said::Own(json!({"pair": self.at + 1, "of": of, "style": style}));
        }
        let mut rows: Vec<Value> = Vec::new();
        for (number, writer) in self.writers.iter().enumerate() {
            let own = |trial: &&Trial| self.contests[trial.contest].writer == number;
            rows.push(self.counted(writer, self.trials.iter().filter(own)));
        }
        rows.push(self.counted("all", self.trials.iter()));
        let pairs: Vec<Value> = self
            .trials
            .iter()
            .map(|trial| {
                let contest = &self.contests[trial.contest];
                json!({
                    "style": self.styles[contest.style].0, "tune": contest.title, "model": self.writers[contest.writer],
                    "person": trial.person + 1, "chosen": trial.chosen.map(|chosen| chosen + 1), "critic": contest.critic,
                })
            })
            .collect();
        Said::Own(json!({"of": of, "rows": rows, "pairs": pairs}))
    }

    /// How often the reader was right, with its interval, and how often the critic, in percent.
    fn counted<'a>(&self, name: &str, trials: impl Iterator<Item = &'a Trial>) -> Value {
        let (mut right, mut critic, mut all) = (0, 0, 0);
        for trial in trials {
            all += 1;
            right += usize::from(trial.chosen == Some(trial.person));
            critic += usize::from(self.contests[trial.contest].critic);
        }
        let percent = |share: f64| (100.0 * share).round() as u32;
        let (low, high) = wilson(right, all);
        json!([name, right, all, percent(low), percent(high), critic])
    }
}

fn wrong() -> Error {
    Error::format(
        "its pairs",
        "clips, writers and styles that do not fit each other",
        "Make the page anew: cargo run",
    )
}

/// Bars of which each step is a letter, all of the same length; none if they are not.
fn units(bars: &[String]) -> Option<Vec<Unit>> {
    let units: Vec<Unit> = bars
        .iter()
        .map(|bar| Unit::of_letters(bar))
        .collect::<Option<_>>()?;
    let first = units.first()?.bar;
    units.iter().all(|unit| unit.bar == first).then_some(units)
}

fn struck(bars: &[Unit], program: u8) -> Vec<Struck> {
    let score = score("", bars, program, TEMPO);
    let clock = score.clock();
    let bar = bars.first().map_or(16, |unit| unit.bar as u32);
    let note = |note: &Note| Struck {
        onset: clock.seconds(note.onset),
        played: Played {
            pitch: note.pitch,
            velocity: if note.onset.is_multiple_of(bar) { 92 } else { 82 },
            seconds: 0.9 * (clock.seconds(note.end()) - clock.seconds(note.onset)),
            voice: 0,
            program,
            place: 0.0,
        },
    };
    score.voices[0].notes.iter().map(note).collect()
}

impl Panel for BlindPanel {
    fn begin(&mut self, stage: &mut Stage) {
        stage.answer(self.stands());
    }

    fn set(&mut self, _: &str, _: f64, _: &mut Stage) -> bool {
        false
    }

    /// `hear 0` or `hear 1`; `choose 0` or `choose 1`, which leads to the next pair; `again`, with other pairs; after the test `hear 5 0`, a clip of
    /// any pair.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let clip = |word: &str| ["0", "1"].iter().position(|clip| *clip == word);
        match words {
            ["hear", which] if self.at < self.trials.len() => {
                let Some(which) = clip(which) else { return false };
                self.fresh = false;
                self.cues.clear();
                self.cue(self.at, which);
            }
            ["hear", pair, which] => {
                let pair = pair
                    .parse()
                    .ok()
                    .filter(|pair| *pair < self.trials.len() && self.at >= self.trials.len());
                let (Some(pair), Some(which)) = (pair, clip(which)) else {
                    return false;
                };
                self.cues.clear();
                self.cue(pair, which);
            }
            ["choose", which] if self.at < self.trials.len() => {
                let Some(which) = clip(which) else { return false };
                self.trials[self.at].chosen = Some(which);
                self.go_to(self.at + 1);
                stage.answer(self.stands());
            }
            ["again"] => {
                self.deal(&mut stage.rng);
                stage.answer(self.stands());
            }
            _ => return false,
        }
        true
    }

    /// Plays what is cued: a pair that was not heard yet, first one, then the other.
    fn go_on(&mut self, stage: &mut Stage) {
        if self.fresh && self.cues.is_empty() && self.at < self.trials.len() {
            self.fresh = false;
            self.cue(self.at, 0);
            self.cue(self.at, 1);
        }
        match self.cues.pop_front() {
            None => stage.wait(0.05),
            Some(Cue::Clip(clip)) => stage.say(0.0, Said::Own(json!({"playing": clip}))),
            Some(Cue::Silence(seconds)) => {
                stage.wait(seconds);
                if !matches!(self.cues.front(), Some(Cue::Note(..))) {
                    stage.say(0.0, Said::Own(json!({"playing": null})));
                }
            }
            Some(Cue::Note(note, until_next)) => {
                stage.play(0.0, note.played);
                stage.wait(until_next);
            }
        }
    }
}
