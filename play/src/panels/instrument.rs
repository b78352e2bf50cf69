//! 05: a tone of the reader's choice, and what each layer of the network makes of it.

use super::{Panel, read, two_layers};
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::music::Pitch;
use aeolian::nn::{Parameter, Play, softmax};
use aeolian::sound::recorded::{BANDS, SECONDS, bands, recorded};
use aeolian::sound::{Instrument, Sound};
use serde::Deserialize;
use serde_json::json;

/// From one tone to the next, in seconds.
const EVERY: f64 = 0.9;

/// How hard each tone is played.
const VELOCITY: u8 = 90;

/// How strong each sounds, by its root mean square, with all its noise.
const LEVEL: f64 = 0.2;

/// General MIDI programs of the instruments, for a file of what was heard.
const PROGRAMS: [u8; 6] = [24, 0, 11, 73, 40, 117];

/// What the listing hands over.
#[derive(Deserialize)]
struct Model {
    /// What each instrument is called.
    names: Vec<String>,
    /// Of each band in the lessons: its mean, and how far it usually was from there.
    mean: Vec<f32>,
    spread: Vec<f32>,
    network: [Parameter; 4],
}

/// A tone that will sound next, and all that the network says of it.
struct Tone {
    instrument: usize,
    sound: Sound,
    bands: Vec<f32>,
    hidden: Vec<f32>,
    /// How likely it is to be each instrument.
    says: Vec<f64>,
}

pub struct InstrumentPanel {
    names: Vec<String>,
    mean: Vec<f32>,
    spread: Vec<f32>,
    layers: [Box<dyn Play>; 2],
    /// The instrument that the reader chose; none for each in turn.
    chosen: Option<usize>,
    /// Whose turn it is.
    turn: usize,
    pitch: Pitch,
    /// Decibels, compared with the tone.
    noise: f64,
    next: Tone,
}

impl InstrumentPanel {
    pub fn new(model: &[u8], stage: &mut Stage) -> Result<InstrumentPanel> {
        let model: Model = read(model)?;
        let layers = two_layers(model.network, BANDS)?;
        let sizes = [model.mean.len(), model.spread.len(), model.names.len()];
        if sizes != [BANDS, BANDS, layers[1].outputs()] || model.names.len() != Instrument::ALL.len() {
            return Err(aeolian::Error::format(
                "names, mean and spread",
                format!("{sizes:?} numbers"),
                format!("Give {BANDS} means and spreads, and a name to each instrument"),
            ));
        }
        let mut panel = InstrumentPanel {
            names: model.names,
            mean: model.mean,
            spread: model.spread,
            layers,
            chosen: None,
            turn: 0,
            pitch: Pitch::new(60)?,
            noise: -20.0,
            next: Tone {
                instrument: 0,
                sound: Sound::mono(1, vec![]),
                bands: vec![],
                hidden: vec![],
                says: vec![],
            },
        };
        panel.prepare(stage);
        Ok(panel)
    }

    /// Makes the next tone, and lets the network hear it: what it is given are numbers made as in its lessons.
    fn prepare(&mut self, stage: &mut Stage) {
        let instrument = self.chosen.unwrap_or(self.turn);
        let kind = Instrument::ALL[instrument];
        let sound = recorded(kind, self.pitch, VELOCITY, -self.noise, &mut stage.rng);
        let bands = bands(&sound);
        let usual = self.mean.iter().zip(&self.spread);
        let x: Vec<f32> = bands
            .iter()
            .zip(usual)
            .map(|(band, (mean, spread))| (band - mean) / spread)
            .collect();
        let [hidden, output] = &mut self.layers;
        let hidden = hidden.step(&x);
        let mut says = output.step(hidden).to_vec();
        softmax(&mut says);
        let total: f64 = says.iter().copied().map(f64::from).sum();
        self.next = Tone {
            instrument,
            sound,
            bands,
            hidden: hidden.to_vec(),
            says: says.into_iter().map(|p| f64::from(p) / total).collect(),
        };
    }

    /// Says what the layers say, so many seconds from now.
    fn say(&self, seconds: f64, stage: &mut Stage) {
        let Tone {
            instrument,
            bands,
            hidden,
            says,
            ..
        } = &self.next;
        let tone = format!("{}, {}", self.names[*instrument], self.pitch);
        stage.say(
            seconds,
            Said::Own(json!({"tone": tone, "bands": bands, "hidden": hidden})),
        );
        let bars = self.names.iter().cloned().zip(says.iter().copied());
        stage.say(seconds, Said::Expects(bars.collect()));
    }
}

impl Panel for InstrumentPanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.say(0.0, stage);
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "instrument" => self.chosen = (value as usize).min(self.names.len()).checked_sub(1),
            "pitch" => {
                let pitch = Pitch::new(value.clamp(0.0, 127.0) as i32);
                self.pitch = pitch.unwrap_or(self.pitch);
            }
            "noise" => self.noise = value.clamp(-100.0, 100.0),
            _ => return false,
        }
        self.prepare(stage);
        self.say(0.0, stage);
        true
    }

    fn act(&mut self, _: &[&str], _: &mut Stage) -> bool {
        false
    }

    fn go_on(&mut self, stage: &mut Stage) {
        let Tone {
            instrument, sound, ..
        } = &self.next;
        let gain = (LEVEL / sound.rms().max(1e-9)) as f32;
        let samples = twice_the_rate(&sound.mono_samples());
        stage.sound(samples.into_iter().map(|sample| (gain * sample, gain * sample)));
        let played = Played {
            pitch: self.pitch,
            velocity: VELOCITY,
            seconds: SECONDS,
            voice: *instrument,
            program: PROGRAMS[*instrument],
            place: 0.0,
        };
        stage.note_down(0.0, played);
        stage.say(0.0, Said::Note(self.pitch.midi(), SECONDS, *instrument));
        let truth = self.names[*instrument].clone();
        self.say(SECONDS, stage);
        stage.say(SECONDS, Said::Came(truth));
        self.turn = (instrument + 1) % self.names.len();
        self.prepare(stage);
        stage.wait(EVERY);
    }
}

/// The sound of samples at twice the rate: between each two one more, by the 32 around it, whose weights are a sinc under a Hann window.
fn twice_the_rate(samples: &[f32]) -> Vec<f32> {
    const HALF: usize = 16;
    let weights: [f32; HALF] = std::array::from_fn(|i| {
        let away = (i as f32 + 0.5) * std::f32::consts::PI;
        let window = (away / (2 * HALF) as f32).cos().powi(2);
        away.sin() / away * window
    });
    let at = |place: Option<usize>| place.and_then(|place| samples.get(place)).copied().unwrap_or(0.0);
    let mut all = Vec::with_capacity(2 * samples.len());
    for (place, sample) in samples.iter().enumerate() {
        let pairs = (0..HALF).map(|i| at(place.checked_sub(i)) + at(Some(place + 1 + i)));
        all.push(*sample);
        all.push(pairs.zip(weights).map(|(pair, weight)| pair * weight).sum());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_samples_lies_what_the_wave_has_there() {
        let wave = |i: f32| (0.9 * i).sin(); // 3158 Hz at 22,050
        let samples: Vec<f32> = (0..200).map(|i| wave(i as f32)).collect();
        let all = twice_the_rate(&samples);
        assert_eq!(all.len(), 400);
        for (i, sample) in all.iter().enumerate().skip(50).take(300) {
            assert!((sample - wave(i as f32 / 2.0)).abs() < 1e-3, "{i}: {sample}");
        }
    }
}
