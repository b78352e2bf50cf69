//! 10: a forger and an expert learn from nothing, while the reader turns their rates and tries cures.

use super::Panel;
use crate::stage::{Played, Said, Stage};
use aeolian::gan::measure::{mean_and_deviation, modes};
use aeolian::gan::{Arena, Game, Loss, Rules, belief, forged};
use aeolian::music::Pitch;
use aeolian::nn::Schedule;
use aeolian::{Error, Result};
use ndarray::Array2;
use rand::RngExt;
use serde_json::json;

/// A note comes every so many seconds, and so many steps are played before it: on the line, on the ring.
const EVERY: f64 = 0.15;
const STEPS: [u64; 2] = [60, 15];

/// So many forgeries are shown, and so many places of the line looked at, from 2 to 6.
const SHOWN: usize = 300;
const PLACES: usize = 41;

/// A vibraphone.
const PROGRAM: u8 = 11;

/// The eight crowds of the ring: C major. What lies between them sounds below.
const SCALE: [u8; 8] = [60, 62, 64, 65, 67, 69, 71, 72];
const BETWEEN: u8 = 48;

/// The line's notes: three keys apart, so many to both sides of the C in the middle.
const MIDDLE: i32 = 72;
const APART: i32 = 3;
const ASIDE: i32 = 6;

pub struct ForgePanel {
    /// Whether it is the ring.
    ring: bool,
    die: bool,
    /// Powers of ten.
    rates: [f64; 2],
    beta_1: f32,
    /// None, R1, packs, the spread of eight, noise.
    cure: usize,
    arena: Arena,
    game: Game,
    /// How many games were begun.
    games: u64,
    /// Why it stopped, if it did.
    lost: Option<String>,
}

impl ForgePanel {
    pub fn new() -> Result<ForgePanel> {
        let arena = Arena::line();
        let mut panel = ForgePanel {
            ring: false,
            die: false,
            rates: [-2.5, -2.5],
            beta_1: 0.9,
            cure: 0,
            game: arena.game(&Rules::default())?,
            arena,
            games: 0,
            lost: None,
        };
        panel.anew()?;
        Ok(panel)
    }

    fn rules(&self) -> Rules {
        let rate = |power: f64| Schedule::Constant(10f64.powf(power) as f32);
        let mut rules = Rules {
            forger: rate(self.rates[0]),
            expert: rate(self.rates[1]),
            beta_1: self.beta_1,
            seed: self.games,
            ..Rules::default()
        };
        match self.cure {
            1 if self.ring => (rules.loss, rules.penalty, rules.nudge) = (Loss::Relativistic, 0.05, 0.02),
            1 => (rules.penalty, rules.nudge) = (0.1, 0.05),
            2 => rules.pack = 4,
            4 => (rules.noise, rules.noise_steps) = (if self.ring { 0.1 } else { 0.5 }, 5000),
            _ => {}
        }
        rules
    }

    /// Both begin from nothing.
    fn anew(&mut self) -> Result<()> {
        self.games += 1;
        self.arena = match (self.ring, self.die) {
            (false, _) => Arena::line(),
            (true, false) => Arena::ring(),
            (true, true) => Arena::ring().with_die(16),
        };
        self.arena.group = (self.cure == 3).then_some(8);
        self.game = self.arena.game(&self.rules())?;
        self.lost = None;
        Ok(())
    }

    /// Goes on by what the controls say, or anew if that asks for other nets.
    fn obey(&mut self) -> Result<()> {
        let group = (self.cure == 3).then_some(8);
        if self.arena.group == group && self.game.change(&self.rules()).is_ok() {
            return Ok(());
        }
        self.anew()
    }

    /// What the page has to know of what is real.
    fn real(&self, stage: &mut Stage) -> Said {
        let real = self.arena.real(SHOWN / 2, &mut stage.rng);
        let real: Vec<f32> = real.into_iter().map(rounded).collect();
        Said::Own(json!({"ring": self.ring, "real": real, "centre": 4, "deviation": 0.5, "game": self.games}))
    }

    /// Which of the notes a forgery is.
    fn note(&self, at: &[f64]) -> (u8, bool) {
        if !self.ring {
            let steps = (12.0 * (at[0] - 4.0) / f64::from(APART))
                .round()
                .clamp(-f64::from(ASIDE), f64::from(ASIDE));
            return ((MIDDLE + APART * steps as i32) as u8, true);
        }
        let near = |centre: &Vec<f32>| {
            let squares = centre
                .iter()
                .zip(at)
                .map(|(centre, x)| (f64::from(*centre) - x).powi(2));
            squares.sum::<f64>().sqrt() <= 3.0 * f64::from(self.arena.deviation)
        };
        let crowd = self.arena.centres.iter().position(near);
        crowd.map_or((BETWEEN, false), |crowd| (SCALE[crowd], true))
    }

    /// All the notes that there are.
    fn notes(&self) -> Vec<u8> {
        if self.ring {
            return SCALE.into_iter().chain([BETWEEN]).collect();
        }
        (-ASIDE..=ASIDE)
            .map(|steps| (MIDDLE + APART * steps) as u8)
            .collect()
    }

    fn named(&self, note: u8) -> String {
        match Pitch::from_midi(note) {
            Some(_) if self.ring && note == BETWEEN => "none".to_string(),
            Some(pitch) => pitch.to_string(),
            None => String::new(),
        }
    }

    /// One stretch of the game, and what has come of it.
    fn learn(&mut self, stage: &mut Stage) -> Result<Vec<Vec<f64>>> {
        for _ in 0..STEPS[usize::from(self.ring)] {
            self.arena.step(&mut self.game)?;
        }
        let made = forged(self.game.forger(), SHOWN, &mut stage.rng)?;
        let rows = made
            .outer_iter()
            .map(|row| row.iter().map(|x| f64::from(*x)).collect());
        Ok(rows.collect())
    }

    fn say(&mut self, made: &[Vec<f64>], stage: &mut Stage) -> Result<()> {
        let flat: Vec<f32> = made.iter().flatten().map(|x| rounded(*x as f32)).collect();
        let mut said = json!({"step": self.game.steps(), "forged": flat, "game": self.games});
        if self.ring {
            let points: Vec<[f64; 2]> = made.iter().map(|at| [at[0], at[1]]).collect();
            let centres: Vec<[f64; 2]> = self
                .arena
                .centres
                .iter()
                .map(|at| [f64::from(at[0]), f64::from(at[1])])
                .collect();
            let found = modes(&points, &centres, 3.0 * f64::from(self.arena.deviation));
            said["caught"] = json!(found.caught);
            said["good"] = json!(found.good);
        } else {
            let numbers: Vec<f64> = made.iter().map(|at| at[0]).collect();
            let (mean, deviation) = mean_and_deviation(&numbers);
            (said["mean"], said["deviation"]) = (json!(mean), json!(deviation));
            if self.cure != 2 {
                let places = Array2::from_shape_fn((PLACES, 1), |(i, _)| 2.0 + 0.1 * i as f32);
                // Who sees how much eight differ is asked of each place by itself.
                let mut sure = Vec::new();
                for place in places.outer_iter() {
                    sure.extend(belief(&mut self.game, place.insert_axis(ndarray::Axis(0)))?);
                }
                said["sure"] = json!(
                    sure.into_iter()
                        .map(|sure| rounded(sure as f32))
                        .collect::<Vec<f32>>()
                );
            }
        }
        stage.say(0.0, Said::Own(said));
        Ok(())
    }
}

/// Three digits are enough for a picture.
fn rounded(x: f32) -> f32 {
    (x.clamp(-99.0, 99.0) * 1000.0).round() / 1000.0
}

impl Panel for ForgePanel {
    fn begin(&mut self, stage: &mut Stage) {
        let real = self.real(stage);
        stage.say(0.0, real);
        let notes = self.notes();
        let each = 1.0 / notes.len() as f64;
        stage.say(
            0.0,
            Said::Expects(notes.into_iter().map(|note| (self.named(note), each)).collect()),
        );
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        let new = match control {
            "example" => {
                self.ring = value > 0.5;
                true
            }
            "die" => {
                self.die = value > 0.5;
                true
            }
            "cure" => {
                self.cure = value.clamp(0.0, 4.0) as usize;
                false
            }
            "forger" => {
                self.rates[0] = value.clamp(-5.0, -1.0);
                false
            }
            "expert" => {
                self.rates[1] = value.clamp(-5.0, -1.0);
                false
            }
            "memory" => {
                self.beta_1 = value.clamp(0.0, 0.95) as f32;
                false
            }
            _ => return false,
        };
        let done = if new { self.anew() } else { self.obey() };
        self.lost = done.err().map(|error| error.to_string());
        let real = self.real(stage);
        stage.say(0.0, real);
        true
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        if words != ["anew"] {
            return false;
        }
        self.lost = self.anew().err().map(|error| error.to_string());
        let real = self.real(stage);
        stage.say(0.0, real);
        true
    }

    fn go_on(&mut self, stage: &mut Stage) {
        if self.lost.is_none() {
            let made = self.learn(stage).and_then(|made| {
                self.say(&made, stage)?;
                Ok(made)
            });
            match made {
                Ok(made) => self.sound(&made, stage),
                Err(error) => {
                    let reason = "A gradient is no longer a number: begin anew, with lower rates";
                    stage.say(0.0, Said::Own(json!({"lost": reason})));
                    self.lost = Some(error.to_string());
                }
            }
        }
        stage.wait(EVERY);
    }
}

impl ForgePanel {
    /// One of the forgeries is heard.
    fn sound(&self, made: &[Vec<f64>], stage: &mut Stage) {
        let notes = self.notes();
        let mut counts = vec![0.0; notes.len()];
        for at in made {
            if let Some(place) = notes.iter().position(|note| *note == self.note(at).0) {
                counts[place] += 1.0 / made.len() as f64;
            }
        }
        let total: f64 = counts.iter().sum();
        let bars = notes
            .iter()
            .zip(counts)
            .map(|(note, count)| (self.named(*note), count / total));
        stage.say(0.0, Said::Expects(bars.collect()));
        let (note, good) = self.note(&made[stage.rng.random_range(0..made.len())]);
        stage.say(0.0, Said::Came(self.named(note)));
        if let Some(pitch) = Pitch::from_midi(note) {
            let velocity = if good { 90 } else { 50 };
            stage.play(
                0.0,
                Played {
                    pitch,
                    velocity,
                    seconds: 0.4,
                    voice: 0,
                    program: PROGRAM,
                    place: 0.0,
                },
            );
        }
    }
}

/// What the page hands over: nothing, since both begin from nothing.
pub fn open(model: &[u8]) -> Result<ForgePanel> {
    if !model.is_empty() {
        let what = format!("{} bytes of a model", model.len());
        return Err(Error::format(
            "the whole file",
            what,
            "Give none: both nets begin from nothing",
        ));
    }
    ForgePanel::new()
}
