//! 08: a net that makes every sample, under the reader's fingers.

use super::Panel;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::music::Pitch;
use aeolian::nn::{Learner, Saved};
use aeolian::predict::Predictor;
use aeolian::sound::{Upsampler, mu_law};
use aeolian::wavenet::{Conditioning, Cue, WaveNet, WaveNetPlayer};
use serde_json::json;

/// What sounds until the reader touches a key: pitches, MIDI numbers, half a second each.
const TUNE: [u8; 8] = [67, 71, 74, 79, 76, 72, 74, 67];
const EVERY: f64 = 0.5;

/// How long a note rings that no other cuts off, and how long it fades then, in seconds.
const RINGS: f64 = 1.2;
const FADES: f64 = 0.05;

/// Samples of the net that are made at a time; of every so many of them the page sees what was expected.
const STRETCH: usize = 160;
const SEEN: usize = 4;

/// Louder, so that a net is as loud as an instrument.
const LEVEL: f32 = 2.5;

/// From which sample on each bar counts; the first counts what is below all.
const BORDERS: [f32; 7] = [-0.2, -0.08, -0.03, 0.0, 0.03, 0.08, 0.2];

pub struct KeysPanel {
    player: WaveNetPlayer,
    conditioning: Conditioning,
    upsampler: Upsampler,
    attack: f64,
    temperature: f64,
    /// What sounds: a pitch, and for how many of the net's samples.
    note: Option<(u8, u32)>,
    /// What a key asked for.
    asked: Option<u8>,
    /// The next note of the tune; none once a key was touched.
    tune: Option<usize>,
    rests: usize,
}

impl KeysPanel {
    pub fn new(model: &[u8]) -> Result<KeysPanel> {
        let net = WaveNet::from_bytes(model)?;
        let Some(conditioning) = net.shape().conditioning else {
            return Err(aeolian::Error::format(
                "its shape",
                "a net that is told no pitch",
                "Give one that was told its notes",
            ));
        };
        Ok(KeysPanel {
            player: net.player()?,
            upsampler: Upsampler::new(conditioning.rate),
            conditioning,
            attack: 1.0,
            temperature: 0.3,
            note: None,
            asked: None,
            tune: Some(0),
            rests: 0,
        })
    }

    fn seconds(&self, samples: usize) -> f64 {
        samples as f64 / f64::from(self.conditioning.rate.max(1))
    }

    /// Begins a note where one is due.
    fn due(&mut self, stage: &mut Stage) {
        let idle = self
            .note
            .is_none_or(|(_, age)| self.seconds(age as usize) >= EVERY);
        let next = match (self.asked.take(), self.tune) {
            (Some(key), _) => Some(key),
            (None, Some(place)) if idle => {
                self.tune = Some((place + 1) % TUNE.len());
                Some(TUNE[place])
            }
            _ => None,
        };
        let Some(midi) = next else { return };
        self.note = Some((midi, 0));
        let Some(pitch) = Pitch::from_midi(midi) else {
            return;
        };
        let played = Played {
            pitch,
            velocity: 90,
            seconds: RINGS,
            voice: 0,
            program: 24,
            place: 0.0,
        };
        stage.note_down(0.0, played);
        stage.say(
            0.0,
            Said::Note(midi, if self.tune.is_some() { EVERY } else { RINGS }, 0),
        );
    }

    /// The net's next sample; and, if it is to be seen, what was expected: the codes below which 5 and 95 % lie.
    fn sample(&mut self, stage: &mut Stage) -> f32 {
        let Some((midi, age)) = self.note else { return 0.0 };
        let seconds = self.seconds(age as usize);
        let left = (RINGS - seconds) / FADES;
        if left <= 0.0 {
            self.note = None;
            self.player.forget();
            return 0.0;
        }
        self.note = Some((midi, age + 1));
        self.player.cue(Cue {
            pitch: Some(midi),
            age,
        });
        let warm = self.temperature + (self.attack - self.temperature) * (-seconds / 0.05).exp();
        let code = self.player.draw(warm as f32, &mut stage.rng);
        mu_law::decode(code) * left.min(1.0) as f32
    }
}

impl Panel for KeysPanel {
    fn begin(&mut self, stage: &mut Stage) {
        let lowest = self.conditioning.lowest;
        let highest = usize::from(lowest) + self.conditioning.pitches.saturating_sub(1);
        stage.say(0.0, Said::Own(json!({"keys": [lowest, highest]})));
    }

    fn set(&mut self, control: &str, value: f64, _: &mut Stage) -> bool {
        match control {
            "temperature" => self.temperature = value.clamp(0.05, 2.0),
            "attack" => self.attack = value.clamp(0.05, 2.0),
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], _: &mut Stage) -> bool {
        let key = match words {
            ["key", key] => key.parse().ok(),
            _ => None,
        };
        let known = key.filter(|&pitch| {
            self.conditioning.knows(Cue {
                pitch: Some(pitch),
                age: 0,
            })
        });
        if known.is_some() {
            (self.asked, self.tune) = (known, None);
        }
        known.is_some()
    }

    fn go_on(&mut self, stage: &mut Stage) {
        self.due(stage);
        let (mut made, mut wave, mut low, mut high) = (vec![], vec![], vec![], vec![]);
        let rounded = |sample: f32| (f64::from(sample) * 1000.0).round() / 1000.0;
        for t in 0..STRETCH {
            let sample = self.sample(stage);
            self.upsampler.push(LEVEL * sample, &mut made);
            if t % SEEN == 0 {
                wave.push(rounded(sample));
                let between = if self.note.is_some() {
                    within(self.player.drawn_from(), [0.05, 0.95])
                } else {
                    [0.0; 2]
                };
                low.push(rounded(between[0]));
                high.push(rounded(between[1]));
            }
        }
        stage.say(0.0, Said::Own(json!({"wave": wave, "low": low, "high": high})));
        self.rests += 1;
        if self.note.is_some() && self.rests.is_multiple_of(4) {
            stage.say(0.0, Said::Expects(ranges(self.player.drawn_from())));
        }
        let seconds = made.len() as f64 / f64::from(aeolian::sound::RATE);
        stage.sound(made.into_iter().map(|sample| (sample, sample)));
        stage.wait(seconds);
    }
}

/// The samples below which such parts of the probability lie.
fn within(probabilities: &[f32], parts: [f32; 2]) -> [f32; 2] {
    parts.map(|part| {
        let mut below = 0.0;
        let found = probabilities.iter().position(|probability| {
            below += probability;
            below >= part
        });
        mu_law::decode(found.unwrap_or(255) as u8)
    })
}

/// How likely the next sample is to lie in each range.
pub(super) fn ranges(probabilities: &[f32]) -> Vec<(String, f64)> {
    let mut bars: Vec<(String, f64)> = (0..=BORDERS.len())
        .map(
            |i| match (i.checked_sub(1).map(|below| BORDERS[below]), BORDERS.get(i)) {
                (None, Some(high)) => format!("below {high}"),
                (Some(low), Some(high)) => format!("{low} to {high}"),
                (low, None) => format!("above {}", low.unwrap_or(0.0)),
            },
        )
        .map(|name| (name, 0.0))
        .collect();
    let total: f64 = probabilities.iter().copied().map(f64::from).sum();
    for (code, probability) in (0..=255).zip(probabilities) {
        let sample = mu_law::decode(code);
        let place = BORDERS.iter().filter(|border| sample >= **border).count();
        bars[place].1 += f64::from(*probability) / total;
    }
    bars
}
