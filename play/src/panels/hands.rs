//! What the reader's hands did, and in which bar: keys with their moments, and bar lines.

use crate::stage::{Played, Stage};
use aeolian::composer::{Question, Struck};
use aeolian::music::Pitch;
use std::collections::VecDeque;

/// A key that is held longer, in seconds, was let go where the panel could not see it.
const LONGEST: f64 = 6.0;

/// Sound is made up to so many seconds before it is heard.
const AHEAD: f64 = 3.0;

/// So many bar lines and keys are remembered.
const LINES: usize = 64;
const KEYS: usize = 1000;

/// A bar line: how many steps come until the next, and how long each is, in seconds.
#[derive(Clone, Copy)]
pub struct Line {
    number: usize,
    at: f64,
    pub step: f64,
    steps: usize,
}

/// A key, in seconds that were heard; it has no end while it is held.
struct Key {
    midi: u8,
    from: f64,
    to: Option<f64>,
}

#[derive(Default)]
pub struct Hands {
    lines: VecDeque<Line>,
    keys: VecDeque<Key>,
}

impl Hands {
    /// Draws the next bar line.
    pub fn begin_bar(&mut self, at: f64, step: f64, steps: usize) -> usize {
        let number = self.lines.back().map_or(0, |line| line.number + 1);
        self.lines.push_back(Line {
            number,
            at,
            step,
            steps,
        });
        if self.lines.len() > LINES {
            self.lines.pop_front();
        }
        number
    }

    /// The latest bar line.
    pub fn line(&self) -> Option<Line> {
        self.lines.back().copied()
    }

    /// Counts bars anew: they are of another length.
    pub fn forget_bars(&mut self) {
        self.lines.clear();
    }

    /// The number of the bar that a moment is meant for, if who plays so many seconds before a bar line means the bar after it.
    pub fn bar_of(&self, second: f64, early: f64) -> usize {
        let second = second + early;
        let Some(last) = self.lines.back() else { return 0 };
        if second >= last.at + last.step * last.steps as f64 {
            return last.number + 1;
        }
        let line = self.lines.iter().rfind(|line| line.at <= second);
        line.or(self.lines.front()).map_or(0, |line| line.number)
    }

    /// How many steps lie between the begin of a bar and a moment.
    fn steps(&self, first: usize, second: f64) -> f64 {
        let line = self.lines.iter().rfind(|line| line.at <= second);
        let Some(line) = line.or(self.lines.front()) else {
            return 0.0;
        };
        (line.number as f64 - first as f64) * line.steps as f64 + (second - line.at) / line.step
    }

    /// When the first key was struck that was not struck before this moment.
    pub fn first(&self, since: f64) -> Option<f64> {
        self.keys.iter().map(|key| key.from).find(|from| *from >= since)
    }

    /// When a key was struck last.
    pub fn last(&self) -> Option<f64> {
        self.keys.back().map(|key| key.from)
    }

    /// What was played in some bars; a key that is held ends now.
    pub fn played(&self, first: usize, bars: usize, since: f64, now: f64) -> Question {
        let length = (bars * self.line().map_or(0, |line| line.steps)) as f64;
        let struck = |key: &Key| Struck {
            onset: self.steps(first, key.from),
            end: self.steps(first, key.to.unwrap_or(now)),
            midi: key.midi,
        };
        let inside = |note: &Struck| note.onset < length && note.end >= 0.0;
        let keys = self.keys.iter().filter(|key| key.from >= since);
        Question {
            notes: keys.map(struck).filter(inside).collect(),
            bars,
        }
    }

    /// A key goes down.
    pub fn strike(&mut self, midi: u8, second: f64, stage: &mut Stage) {
        self.release(midi, second, stage);
        if self.keys.len() == KEYS {
            self.keys.pop_front();
        }
        self.keys.push_back(Key {
            midi,
            from: second,
            to: None,
        });
    }

    /// A key comes up, if it is held: its note is written down.
    pub fn release(&mut self, midi: u8, second: f64, stage: &mut Stage) {
        let held = |key: &&mut Key| key.midi == midi && key.to.is_none();
        let Some(key) = self.keys.iter_mut().rfind(held) else {
            return;
        };
        let to = second.clamp(key.from, key.from + LONGEST);
        key.to = Some(to);
        let Some(pitch) = Pitch::from_midi(midi) else {
            return;
        };
        let played = Played {
            pitch,
            velocity: 80,
            seconds: (to - key.from).max(0.05),
            voice: super::duet::READER,
            program: super::duet::PROGRAM,
            place: 0.0,
        };
        stage.note_of_reader(key.from, played);
    }

    /// Keys that were held too long come up.
    pub fn release_forgotten(&mut self, stage: &mut Stage) {
        let long = stage.second() - LONGEST - AHEAD;
        while let Some(key) = self.keys.iter().find(|key| key.to.is_none() && key.from < long) {
            let (midi, to) = (key.midi, key.from + LONGEST);
            self.release(midi, to, stage);
        }
    }
}
