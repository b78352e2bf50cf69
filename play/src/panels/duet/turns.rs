//! Whose turn it is, bar by bar.

use super::{Does, DuetPanel, PATIENCE, PHRASES, PROGRAM, READER, TONICS, Turn, told};
use crate::stage::{Said, Stage};
use aeolian::bars::Unit;
use aeolian::composer::{Answer, Heard, Question};
use rand::seq::IndexedRandom;
use serde_json::json;

impl DuetPanel {
    pub(super) fn begin_bar(&mut self, stage: &mut Stage) {
        let (bar, beats) = self.metre();
        let now = stage.second();
        let step = 60.0 / self.tempo * beats as f64 / bar as f64;
        let number = self.hands.begin_bar(now, step, bar);
        self.due.clear();
        self.awaited.clear();
        self.take_turns(number, now, stage);
        let mut sounding = None;
        match &self.turn {
            Turn::Reader { since, .. } => {
                let since = *since;
                match self.begins(since).filter(|first| *first <= number) {
                    Some(first) if self.does != Does::Accompanies => self.listens(number - first, stage),
                    _ => stage.say(0.0, self.waits()),
                }
            }
            Turn::Tune { bars, begun } => {
                let (count, unit) = (bars.len(), bars[*begun].clone());
                let words = format!("For example, {}", self.writers.composer.styles[self.style].name);
                stage.say(
                    0.0,
                    told(&words, &format!(", bar {} of {count}", begun + 1), "tune"),
                );
                self.sing(&unit, &Heard::default(), READER, PROGRAM);
                sounding = Some(unit);
                if let Turn::Tune { begun, .. } = &mut self.turn {
                    *begun += 1;
                }
            }
            Turn::Model { .. } => self.answers(stage),
        }
        if self.does == Does::Accompanies {
            self.accompanies(number, now, stage);
            self.chord = sounding.map_or(self.chord, |unit| Some(self.under(&unit)));
        }
    }

    /// Whose turn it is from this bar on.
    pub(super) fn take_turns(&mut self, number: usize, now: f64, stage: &mut Stage) {
        let readers = Turn::Reader {
            since: now - self.early(),
            silent: 0,
        };
        let alone = self.does == Does::Accompanies;
        let turn = match &mut self.turn {
            _ if std::mem::take(&mut self.wanted) => self.tune(stage),
            Turn::Reader { since, silent } => {
                *silent += 1;
                let (since, silent) = (*since, *silent);
                match self.begins(since) {
                    Some(first) if number >= first + self.bars && !alone => {
                        let question = self.hands.played(first, self.bars, since, now);
                        self.phrases.push_back(question.clone());
                        if self.phrases.len() > PHRASES {
                            self.phrases.pop_front();
                        }
                        let heard = self.hears(&question);
                        let words = self.words(&heard, question.notes.len());
                        stage.say(0.0, Said::Own(json!({"heard": words})));
                        Some(self.model_after(heard, now, false, stage))
                    }
                    None if silent > PATIENCE && !self.touched => self.tune(stage),
                    _ => None,
                }
            }
            Turn::Tune { bars, begun } if begun == &bars.len() => {
                let heard = Heard {
                    bars: std::mem::take(bars),
                    ..Heard::default()
                };
                match alone {
                    false => Some(self.model_after(heard, now, true, stage)),
                    true => Some(readers),
                }
            }
            Turn::Tune { .. } => None,
            Turn::Model {
                heard,
                answer,
                begun,
                example,
                ..
            } => {
                let up = heard.up;
                let done = match self.does {
                    Does::Answers => *begun >= answer.bars.len(),
                    Does::GoesOn => *example && *begun >= 2 * self.bars,
                    Does::Accompanies => true,
                };
                let last = answer.bars.last().cloned().filter(|_| done);
                if let Some(last) = last {
                    let next = self.expects_first(Some(&last), up);
                    stage.say(0.0, next);
                }
                done.then_some(readers)
            }
        };
        if let Some(turn) = turn {
            self.turn = turn;
        }
    }

    /// A phrase in the key of the latest ones.
    pub(super) fn hears(&mut self, question: &Question) -> Heard {
        let bar = self.metre().0;
        let phrases = self.phrases.make_contiguous();
        self.key = self.writers.composer.key(self.style, phrases, self.key);
        question.heard(bar, self.key)
    }

    /// What was heard of so many notes, in words.
    pub(super) fn words(&self, heard: &Heard, played: usize) -> String {
        let notes: usize = heard.bars.iter().map(|bar| bar.notes().len()).sum();
        let many = |count: usize, one: &str, more: &str| match count {
            1 => one.to_string(),
            _ => format!("{count} {more}"),
        };
        let tonic = TONICS[(-self.key).rem_euclid(12) as usize];
        let mut words = match notes < played {
            false => format!("Heard: {} in {tonic}.", many(notes, "1 note", "notes")),
            true => format!(
                "Heard: {notes} of {played} notes in {tonic}, one voice, of keys struck together the highest."
            ),
        };
        if heard.black > 0 {
            words += &format!(
                " To the models {} between its white keys went to the next below.",
                many(heard.black, "one", "notes")
            );
        }
        if heard.far > 0 {
            words += &format!(
                " {} too high or too low for them and moved by octaves.",
                many(heard.far, "One was", "were")
            );
        }
        words
    }

    /// The model's turn after this.
    pub(super) fn model_after(&mut self, heard: Heard, now: f64, example: bool, stage: &mut Stage) -> Turn {
        let (composer, writer) = self.writers.with(self.model);
        let answer = match self.does {
            Does::Answers => composer.answer(self.style, &heard, self.bars, writer, &mut stage.rng),
            _ => Ok(Answer::default()),
        };
        Turn::Model {
            from: now,
            heard,
            answer: answer.unwrap_or_default(), // a model that was opened can write
            begun: 0,
            example,
        }
    }

    /// The first bars of a tune in the style, if there is one.
    pub(super) fn tune(&self, stage: &mut Stage) -> Option<Turn> {
        let bar = self.metre().0;
        let composer = &self.writers.composer;
        let good = |unit: &Unit| unit.bar == bar && !unit.notes().is_empty();
        let phrases = composer.tunes.iter().filter(|tune| tune.kind == self.style);
        let phrases: Vec<Vec<Unit>> = phrases
            .filter_map(|tune| {
                let mut windows = tune.bars.windows(self.bars);
                windows.find_map(|bars| {
                    let bars: Vec<Unit> = bars.iter().flatten().filter(|unit| good(unit)).cloned().collect();
                    (bars.len() == self.bars).then_some(bars)
                })
            })
            .collect();
        let bars = phrases.choose(&mut stage.rng)?.clone();
        Some(Turn::Tune { bars, begun: 0 })
    }
}
