//! 01: the wind plays chimes and a harp, and the reader is the weather.

use super::Panel;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::chance::chimes::{self, Chimes, Tolling};
use aeolian::chance::harp::{Harp, Singing};
use aeolian::chance::waiting::waiting_time;
use aeolian::chance::wind::{Blowing, SPEEDS_PER_SECOND, Wind};
use aeolian::music::Pitch;
use aeolian::sound::RATE;
use rand::RngExt;
use serde_json::json;

/// Samples in a hundredth of a second: the wind's own step.
const STEP: usize = RATE as usize / SPEEDS_PER_SECOND as usize;

/// How loud a tube is that is struck as hard as can be, and a string in a wind of 1 m/s that it answers.
const TUBE_LEVEL: f32 = 0.2;
const STRING_LEVEL: f32 = 1.2e-7;

/// So many steps are between two words to the page about the wind.
const SPOKEN: usize = 10;

pub struct WindPanel {
    wind: Wind,
    blowing: Blowing,
    chimes: Chimes,
    tubes: Vec<Tolling>,
    harp: Harp,
    strings: Vec<Singing>,
    /// How loud chimes and harp are, 0 or 1.
    heard: (f32, f32),
    /// The tube that was struck last.
    last: usize,
    /// How many strikes are to be expected until the next one comes: exponential, with mean 1.
    patience: f64,
    steps: usize,
}

impl WindPanel {
    pub fn new(stage: &mut Stage) -> Result<WindPanel> {
        let wind = Wind {
            mean: 4.5,
            intensity: 0.5,
            gust_seconds: 2.0,
        };
        let (chimes, harp) = (Chimes::default(), Harp::default());
        Ok(WindPanel {
            blowing: Blowing::new(wind.gust_seconds, &mut stage.rng),
            tubes: chimes
                .tubes
                .iter()
                .map(|tube| tube.at_rest())
                .collect::<Result<_>>()?,
            strings: harp
                .strings
                .iter()
                .map(|string| string.at_rest())
                .collect::<Result<_>>()?,
            last: stage.rng.random_range(0..chimes.tubes.len()),
            patience: waiting_time(1.0, &mut stage.rng),
            wind,
            chimes,
            harp,
            heard: (1.0, 1.0),
            steps: 0,
        })
    }

    fn pitch(&self, tube: usize) -> Option<Pitch> {
        let hertz = self.chimes.tubes.get(tube)?.hertz;
        Pitch::new((69.0 + 12.0 * (hertz / 440.0).log2()).round() as i32).ok()
    }

    /// Which tube the next second brings first, or none: the wind says whether, the clapper's place which.
    fn expectations(&self, speed: f64) -> Vec<(String, f64)> {
        let none = (-self.chimes.rate(speed)).exp();
        let mut chances = vec![0.0; self.tubes.len()];
        for tube in self.chimes.near(self.last) {
            chances[tube] += (1.0 - none) / 4.0;
        }
        let name = |tube| self.pitch(tube).map_or(String::new(), |pitch| pitch.to_string());
        let tubes = chances
            .into_iter()
            .enumerate()
            .map(|(tube, chance)| (name(tube), chance));
        tubes.chain([("none".to_string(), none)]).collect()
    }

    /// The clapper strikes, so many seconds from now.
    fn strike(&mut self, seconds: f64, speed: f64, stage: &mut Stage) {
        self.last = self.chimes.near(self.last)[stage.rng.random_range(0..4)];
        let velocity = chimes::velocity(speed, &mut stage.rng);
        if self.heard.0 == 0.0 {
            return;
        }
        self.tubes[self.last].strike(seconds, velocity);
        if let Some(pitch) = self.pitch(self.last) {
            stage.say(seconds, Said::Came(pitch.to_string()));
            stage.say(
                seconds,
                Said::Own(json!({"struck": self.last, "velocity": velocity})),
            );
            stage.note_down(
                seconds,
                Played {
                    pitch,
                    velocity: (127.0 * velocity).clamp(1.0, 127.0) as u8,
                    seconds: 2.0,
                    voice: 0,
                    program: 14,
                    place: self.chimes.place(self.last),
                },
            );
        }
    }
}

impl Panel for WindPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let names: Vec<String> = self.expectations(0.0).into_iter().map(|bar| bar.0).collect();
        stage.say(
            0.0,
            Said::Own(json!({"tubes": &names[..self.tubes.len()], "strings": self.strings.len()})),
        );
        stage.say(0.0, Said::Expects(self.expectations(self.wind.mean)));
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        match control {
            "speed" => self.wind.mean = value.clamp(0.0, 20.0),
            "gusts" => self.wind.intensity = value.clamp(0.0, 2.0),
            "instruments" => {
                self.heard = match value as i64 {
                    1 => (1.0, 0.0),
                    2 => (0.0, 1.0),
                    _ => (1.0, 1.0),
                }
            }
            _ => return false,
        }
        true
    }

    fn act(&mut self, _: &[&str], _: &mut Stage) -> bool {
        false
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let speed = self.blowing.step(&self.wind, &mut stage.rng);
        let step = 1.0 / SPEEDS_PER_SECOND;
        let strikes = self.chimes.rate(speed) * step;
        let mut passed = 0.0;
        while strikes - passed > self.patience {
            passed += self.patience;
            self.patience = waiting_time(1.0, &mut stage.rng);
            self.strike(passed / strikes * step, speed, stage);
        }
        self.patience -= strikes - passed;

        let mut sum = [(0f32, 0f32); STEP];
        let mut samples = [0f64; STEP];
        let tubes = self.tubes.len();
        for i in 0..tubes + self.strings.len() {
            let (level, place) = match i.checked_sub(tubes) {
                None => {
                    self.tubes[i].ring(&mut samples);
                    (TUBE_LEVEL * self.heard.0, self.chimes.place(i))
                }
                Some(string) => {
                    self.strings[string].blow(speed, &mut samples);
                    (STRING_LEVEL * self.heard.1, self.harp.place(string))
                }
            };
            let angle = (0.8 * place + 1.0) * std::f32::consts::FRAC_PI_4;
            let (left, right) = (level * angle.cos(), level * angle.sin());
            for (sum, sample) in sum.iter_mut().zip(samples) {
                sum.0 += left * sample as f32;
                sum.1 += right * sample as f32;
            }
        }
        stage.sound(sum.into_iter());
        if self.steps.is_multiple_of(SPOKEN) {
            let held: Vec<_> = self.strings.iter().map(Singing::held).collect();
            stage.say(0.0, Said::Own(json!({"speed": speed, "held": held})));
            stage.say(0.0, Said::Expects(self.expectations(speed)));
        }
        self.steps += 1;
        stage.wait(step);
    }
}
