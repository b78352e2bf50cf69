//! 09: four instruments at the corners of a square; the net plays what lies between them.

use super::Panel;
use super::keys::ranges;
use crate::stage::{Played, Said, Stage};
use aeolian::music::Pitch;
use aeolian::nn::{Learner, Saved};
use aeolian::sound::{Upsampler, mu_law};
use aeolian::wavenet::{Autoencoder, Conditioning, Cue, Decoder};
use aeolian::{Error, Result};
use ndarray::{Array2, ArrayView2};
use serde_json::json;

/// What sounds until the reader touches a key: steps above the lowest pitch, as far as there are so many.
const TUNE: [u8; 8] = [0, 4, 7, 4, 5, 2, 0, 2];
const EVERY: f64 = 0.75;

/// Until the reader takes it, the point goes around the square in so many seconds, this far from the middle.
const AROUND: f64 = 18.0;
const FAR: f64 = 0.42;

/// How long a note fades in the end, in seconds.
const FADES: f64 = 0.05;

/// Samples of the net that are made at a time, and every how often the bars are said.
const STRETCH: usize = 160;
const RESTS: usize = 4;

/// Softer, so that tones are as loud as those of a performance.
const LEVEL: f32 = 0.5;
const TEMPERATURE: f32 = 0.7;

pub struct MixerPanel {
    decoder: Decoder,
    conditioning: Conditioning,
    upsampler: Upsampler,
    names: [String; 4],
    /// `[F][E]` of each corner: left above, right above, left below, right below.
    corners: [Array2<f32>; 4],
    /// What lies at the point.
    between: Array2<f32>,
    /// From 0 to 1: how far to the right, how far down.
    point: [f64; 2],
    /// How far it has gone around, in turns; none once the reader has taken it.
    turns: Option<f64>,
    /// Whether the reader has moved it since it was last said where it is.
    moved: bool,
    /// Samples in a note.
    length: u32,
    /// What sounds: a pitch, and for how many of the net's samples.
    note: Option<(u8, u32)>,
    asked: Option<u8>,
    /// The next note of the tune; none once a key was touched.
    tune: Option<usize>,
    rests: usize,
}

impl MixerPanel {
    pub fn new(model: &[u8]) -> Result<MixerPanel> {
        let ((names, corners), bytes) = super::with_about::<([String; 4], [Vec<Vec<f32>>; 4])>(model)?;
        let net = Autoencoder::from_bytes(bytes)?;
        let shape = net.shape();
        let frames = corners[0].len();
        let corners = corners.map(|rows| {
            Array2::from_shape_vec((frames, shape.embedding), rows.concat())
                .ok()
                .filter(|corner| corner.iter().all(|number| number.is_finite()))
        });
        let [Some(a), Some(b), Some(c), Some(d)] = corners else {
            return Err(Error::format(
                "its first line",
                "embeddings that are not of one size, or not of the model's",
                "Make the page anew: cargo run",
            ));
        };
        let length = frames.saturating_sub(1).saturating_mul(shape.hop);
        let mut panel = MixerPanel {
            decoder: net.player()?,
            conditioning: shape.conditioning,
            upsampler: Upsampler::new(shape.conditioning.rate),
            names,
            between: a.clone(),
            corners: [a, b, c, d],
            point: [0.5; 2],
            turns: Some(0.0),
            moved: false,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            note: None,
            asked: None,
            tune: Some(0),
            rests: 0,
        };
        panel.go_around(0.0);
        Ok(panel)
    }

    /// How much of each corner there is at the point.
    fn weights(&self) -> [f64; 4] {
        let [x, y] = self.point;
        [(1.0 - x) * (1.0 - y), x * (1.0 - y), (1.0 - x) * y, x * y]
    }

    fn move_to(&mut self, point: [f64; 2]) {
        self.point = point.map(|part| part.clamp(0.0, 1.0));
        self.between.fill(0.0);
        for (corner, weight) in self.corners.iter().zip(self.weights()) {
            self.between.scaled_add(weight as f32, corner);
        }
    }

    /// Moves the point on its way around, unless the reader has it.
    fn go_around(&mut self, seconds: f64) {
        let Some(turns) = self.turns else { return };
        let angle = std::f64::consts::TAU * turns;
        self.move_to([0.5 - FAR * angle.cos(), 0.5 - FAR * angle.sin()]);
        self.turns = Some((turns + seconds / AROUND).fract());
    }

    fn seconds(&self, samples: u32) -> f64 {
        f64::from(samples) / f64::from(self.conditioning.rate.max(1))
    }

    /// Begins a note where one is due.
    fn due(&mut self, stage: &mut Stage) {
        let idle = self.note.is_none_or(|(_, age)| self.seconds(age) >= EVERY);
        let next = match (self.asked.take(), self.tune) {
            (Some(key), _) => Some(key),
            (None, Some(place)) if idle => {
                self.tune = Some((place + 1) % TUNE.len());
                let pitches = self.conditioning.pitches.clamp(1, 128) as u8;
                Some(self.conditioning.lowest.saturating_add(TUNE[place] % pitches))
            }
            _ => None,
        };
        let Some(midi) = next else { return };
        self.note = Some((midi, 0));
        self.decoder.forget();
        let seconds = self.seconds(self.length);
        let Some(pitch) = Pitch::from_midi(midi) else {
            return;
        };
        let played = Played {
            pitch,
            velocity: 90,
            seconds,
            voice: 0,
            program: 0,
            place: 0.0,
        };
        stage.note_down(0.0, played);
        stage.say(0.0, Said::Note(midi, seconds, 0));
    }

    fn sample(&mut self, stage: &mut Stage) -> f32 {
        let Some((midi, age)) = self.note else { return 0.0 };
        if age >= self.length {
            self.note = None;
            return 0.0;
        }
        self.note = Some((midi, age + 1));
        let cue = Cue {
            pitch: Some(midi),
            age,
        };
        let embedding: ArrayView2<f32> = self.between.view();
        let code = self.decoder.draw(embedding, cue, TEMPERATURE, &mut stage.rng);
        let left = self.seconds(self.length - age) / FADES;
        mu_law::decode(code) * left.min(1.0) as f32
    }

    /// Where the point is, and how much of each corner that is.
    fn told(&self) -> Said {
        Said::Own(json!({"at": self.point, "weights": self.weights()}))
    }
}

impl Panel for MixerPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let lowest = self.conditioning.lowest;
        let highest = usize::from(lowest) + self.conditioning.pitches.saturating_sub(1);
        stage.say(
            0.0,
            Said::Own(json!({"names": self.names, "keys": [lowest, highest]})),
        );
        stage.say(0.0, self.told());
    }

    fn set(&mut self, _: &str, _: f64, _: &mut Stage) -> bool {
        false
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        match words {
            ["at", x, y] => {
                let (Ok(x), Ok(y)) = (x.parse::<f64>(), y.parse::<f64>()) else {
                    return false;
                };
                if !x.is_finite() || !y.is_finite() {
                    return false;
                }
                (self.turns, self.moved) = (None, true);
                self.move_to([x, y]);
                stage.answer(self.told());
                true
            }
            ["key", key] => {
                let key = key.parse().ok().filter(|&pitch| {
                    self.conditioning.knows(Cue {
                        pitch: Some(pitch),
                        age: 0,
                    })
                });
                if key.is_some() {
                    (self.asked, self.tune) = (key, None);
                }
                key.is_some()
            }
            _ => false,
        }
    }

    fn go_on(&mut self, stage: &mut Stage) {
        self.due(stage);
        let mut made = vec![];
        for _ in 0..STRETCH {
            let sample = self.sample(stage);
            self.upsampler.push(LEVEL * sample, &mut made);
        }
        let seconds = made.len() as f64 / f64::from(aeolian::sound::RATE);
        self.go_around(seconds);
        // What was said before the reader took it may be shown after the answer to that: so it is said once more.
        if self.turns.is_some() || std::mem::take(&mut self.moved) {
            stage.say(0.0, self.told());
        }
        self.rests += 1;
        if self.note.is_some() && self.rests.is_multiple_of(RESTS) {
            stage.say(0.0, Said::Expects(ranges(self.decoder.drawn_from())));
        }
        stage.sound(made.into_iter().map(|sample| (sample, sample)));
        stage.wait(seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::samples::model;

    fn panel() -> MixerPanel {
        MixerPanel::new(&model("mixer")).unwrap()
    }

    #[test]
    fn at_a_corner_there_is_that_corner_and_in_the_middle_a_quarter_of_each() {
        let mut panel = panel();
        for (corner, point) in [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
            .into_iter()
            .enumerate()
        {
            panel.move_to(point);
            assert_eq!(panel.between, panel.corners[corner]);
        }
        panel.move_to([0.5, 0.5]);
        assert_eq!(panel.weights(), [0.25; 4]);
        panel.move_to([-3.0, 9.0]);
        assert_eq!(panel.point, [0.0, 1.0]);
    }

    #[test]
    fn the_point_goes_around_until_it_is_taken_and_keys_play_what_the_net_knows() {
        let mut engine = Engine::open("mixer", &model("mixer"), 3).unwrap();
        let (mut left, mut right) = (vec![0.0; 44_100], vec![0.0; 44_100]);
        engine.play(&mut left, &mut right);
        let places = |engine: &mut Engine| -> Vec<serde_json::Value> {
            let events = engine.events().into_iter();
            let own = events.filter_map(|event| match event.said {
                Said::Own(own) => own.get("at").cloned(),
                _ => None,
            });
            own.collect()
        };
        let mut around = places(&mut engine);
        around.dedup();
        assert!(around.len() > 20, "{around:?}");
        assert!(engine.act("at 0.25 1").is_ok() && engine.act("at x 1").is_err());
        assert!(engine.act("key 20").is_err() && engine.act("key 61").is_ok());
        engine.play(&mut left, &mut right);
        let still = places(&mut engine);
        assert!(still.iter().all(|at| *at == json!([0.25, 1.0])), "{still:?}");
    }

    #[test]
    fn embeddings_of_another_size_are_refused() {
        let good = model("mixer");
        let end = good.iter().position(|byte| *byte == b'\n').unwrap();
        let broken = |about: serde_json::Value| {
            let bytes = [about.to_string().as_bytes(), &good[end..]].concat();
            MixerPanel::new(&bytes).is_err()
        };
        let names = ["a", "b", "c", "d"];
        assert!(broken(json!([names, [[[0.0]], [[0.0]], [[0.0]], [[0.0]]]])));
        assert!(broken(json!([names, [[], [[0.0]], [[0.0]], [[0.0]]]])));
        assert!(broken(json!([["a"], []])) && MixerPanel::new(b"").is_err());
    }
}
