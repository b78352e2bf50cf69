//! 02: throw again, and hold the measures one likes.

use super::Panel;
use crate::stage::{Played, Said, Stage};
use aeolian::chance::dice::{BARS, Game, Measure, Waltz, chance_of_sum};
use aeolian::music::Note;
use aeolian::{Error, Result};
use serde_json::json;

/// A piano.
const PROGRAM: u8 = 0;

pub struct DicePanel {
    game: Game,
    sums: [u8; BARS],
    held: [bool; BARS],
    /// The bar that comes next; [`BARS`] is the silence after the last.
    bar: usize,
    /// Bits of the bars of this waltz that have sounded.
    bits: f64,
    /// Seconds of a sixteenth as the print has it, and how many times as fast it goes now.
    sixteenth: f64,
    speed: f64,
}

impl DicePanel {
    /// `model` holds the sixteen sums that were thrown when the book was made; nothing, for a throw of its own.
    pub fn new(model: &[u8], stage: &mut Stage) -> Result<DicePanel> {
        let game = Game::printed()?;
        let text = String::from_utf8_lossy(model);
        let sums: Vec<u8> = text
            .split_whitespace()
            .filter_map(|sum| sum.parse().ok())
            .collect();
        let waltz = match text.trim().is_empty() {
            true => Waltz::throw(&mut stage.rng),
            false => Waltz::new(sums.try_into().map_err(|sums: Vec<u8>| {
                Error::format(
                    "the whole text",
                    format!("{} sums", sums.len()),
                    format!("Give {BARS} of them"),
                )
            })?)?,
        };
        let tempo = game
            .bars(&waltz)
            .tempi
            .first()
            .map(|tempo| tempo.1)
            .unwrap_or_default();
        Ok(DicePanel {
            sums: waltz.sums(),
            held: [false; BARS],
            bar: 0,
            bits: 0.0,
            sixteenth: tempo.seconds_per_quarter() / 4.0,
            speed: 1.0,
            game,
        })
    }

    /// Throws the dice for every bar that is not held.
    fn throw(&mut self, stage: &mut Stage) {
        let thrown = Waltz::throw(&mut stage.rng).sums();
        for bar in (0..BARS).filter(|&bar| !self.held[bar]) {
            self.sums[bar] = thrown[bar];
        }
    }

    fn say_waltz(&self, seconds: f64, stage: &mut Stage) {
        let number = |(bar, &sum): (usize, &u8)| self.game.number(bar, sum);
        let numbers: Vec<_> = self.sums.iter().enumerate().map(number).collect();
        stage.say(seconds, Said::Own(json!({"sums": self.sums, "numbers": numbers})));
    }

    /// How likely each sum is for a bar of which so many sixteenths of this measure have been heard.
    fn expectations(&self, bar: usize, heard: Option<(&Measure, u32)>) -> Vec<(String, f64)> {
        let same = |sum: u8| {
            let Some((measure, sixteenths)) = heard else {
                return true;
            };
            let choice = self.measure(bar, sum);
            begins(&choice.right, sixteenths).eq(begins(&measure.right, sixteenths))
                && begins(&choice.left, sixteenths).eq(begins(&measure.left, sixteenths))
        };
        let chance = |sum: u8| if same(sum) { chance_of_sum(sum) } else { 0.0 };
        let total: f64 = (2..=12).map(chance).sum();
        (2..=12)
            .map(|sum| (sum.to_string(), chance(sum) / total))
            .collect()
    }

    fn measure(&self, bar: usize, sum: u8) -> Measure {
        let waltz = Waltz::new([sum.clamp(2, 12); BARS]).map(|waltz| self.game.measures(&waltz)[bar].clone());
        waltz.unwrap_or(Measure {
            right: vec![],
            left: vec![],
        })
    }

    /// Bits that the first so many sixteenths of a measure tell.
    fn information(&self, bar: usize, measure: &Measure, sixteenths: u32) -> f64 {
        let fits = |sum: &u8| {
            let choice = self.measure(bar, *sum);
            begins(&choice.right, sixteenths).eq(begins(&measure.right, sixteenths))
                && begins(&choice.left, sixteenths).eq(begins(&measure.left, sixteenths))
        };
        let total: f64 = (2..=12).filter(fits).map(chance_of_sum).sum();
        -total.log2()
    }
}

/// The notes that begin in the first so many sixteenths of a measure.
fn begins(notes: &[Note], sixteenths: u32) -> impl Iterator<Item = &Note> {
    notes.iter().filter(move |note| note.onset < sixteenths)
}

impl Panel for DicePanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.say_waltz(0.0, stage);
        stage.answer(Said::Own(json!({"held": self.held})));
        stage.say(0.0, Said::Expects(self.expectations(0, None)));
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        match control {
            "speed" => self.speed = value.clamp(0.1, 10.0),
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        match words {
            ["throw"] => {
                self.throw(stage);
                (self.bar, self.bits) = (0, 0.0);
                self.say_waltz(0.0, stage);
            }
            [what @ ("hold" | "free"), bar] => {
                let held = bar.parse().ok().and_then(|bar: usize| self.held.get_mut(bar));
                let Some(held) = held else { return false };
                *held = *what == "hold";
                stage.answer(Said::Own(json!({"held": self.held})));
            }
            _ => return false,
        }
        true
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let sixteenth = self.sixteenth / self.speed;
        let sixteenths = self.game.sixteenths() as u32;
        let length = f64::from(sixteenths) * sixteenth;
        if self.bar == BARS {
            self.throw(stage);
            (self.bar, self.bits) = (0, 0.0);
            self.say_waltz(length, stage);
            stage.say(length, Said::Expects(self.expectations(0, None)));
            stage.say(length, Said::Own(json!({"bits": 0.0})));
            stage.wait(length);
            return;
        }
        let (bar, sum) = (self.bar, self.sums[self.bar]);
        let measure = self.measure(bar, sum);
        stage.say(0.0, Said::Own(json!({"bar": bar})));
        stage.say(0.0, Said::Came(sum.to_string()));
        for (voice, notes, place) in [(0, &measure.right, 0.3), (1, &measure.left, -0.3)] {
            for note in notes {
                let seconds = f64::from(note.duration) * sixteenth;
                let played = Played {
                    pitch: note.pitch,
                    velocity: note.velocity,
                    seconds,
                    voice,
                    program: PROGRAM,
                    place,
                };
                stage.play(f64::from(note.onset) * sixteenth, played);
            }
        }
        for heard in 1..=sixteenths {
            let at = f64::from(heard - 1) * sixteenth;
            let bits = self.bits + self.information(bar, &measure, heard);
            stage.say(at, Said::Own(json!({"bits": bits})));
            stage.say(at, Said::Expects(self.expectations(bar, Some((&measure, heard)))));
        }
        self.bits += self.information(bar, &measure, sixteenths);
        self.bar += 1;
        if self.bar < BARS {
            let before_the_bar = length - sixteenth / 2.0;
            stage.say(before_the_bar, Said::Expects(self.expectations(self.bar, None)));
        }
        stage.wait(length);
    }
}
