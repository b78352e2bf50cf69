//! 11: bar after bar, as the sliders say.

use super::{Panel, with_about};
use crate::stage::{Played, Said, Stage};
use aeolian::bars::{CHORDS, KEYS, MEASURES, Request, Scale, Unit, Vae};
use aeolian::gan::Forger;
use aeolian::music::Pitch;
use aeolian::nn::Saved;
use aeolian::sliders::{ChordChain, Maker, SONG, StepModel, between, chord_pitches, noise};
use aeolian::{Error, Result};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// General MIDI programs of the instruments to choose from.
const PROGRAMS: [u8; 4] = [73, 40, 11, 0];

/// So many bars can be gone back to.
const REMEMBERED: usize = 64;

/// What the listing hands over before the models.
#[derive(Serialize, Deserialize)]
struct About {
    kinds: Vec<String>,
    /// How much of each kind is in bars of twelve steps.
    in_three: Vec<f32>,
    scale: Scale,
    chain: ChordChain,
    /// Bytes of the step model, the autoencoder and the forger.
    sizes: [usize; 3],
}

/// A bar that was heard.
#[derive(Clone)]
struct Bar {
    unit: Unit,
    chords: [usize; 2],
    noise: Array2<f32>,
    request: Request,
}

pub struct StudioPanel {
    about: About,
    /// Step by step, autoencoder, forger.
    makers: [Maker; 3],
    maker: usize,
    /// How much of each kind.
    weights: Vec<f32>,
    /// From 1 to 10; 0 leaves it open.
    measures: [f32; 6],
    /// As the kinds have it, three, four.
    metre: usize,
    loudness: f32,
    tries: usize,
    song: bool,
    tempo: f64,
    program: u8,
    /// Melody, chords, bass.
    muted: [bool; 3],
    heard: Vec<Bar>,
    /// The bars of the eight that were made already, by their place in [`SONG`].
    eight: Vec<Bar>,
    hold: bool,
    vary: bool,
    back: bool,
    count: usize,
}

impl StudioPanel {
    pub fn new(model: &[u8]) -> Result<StudioPanel> {
        let (about, bytes) = with_about::<About>(model)?;
        let [step, vae, forger] = about.sizes;
        let whole = step.checked_add(vae).and_then(|sum| sum.checked_add(forger));
        let fits = about.in_three.len() == about.kinds.len()
            && about.chain.transition.len() == CHORDS.len()
            && about.chain.transition.iter().all(|row| row.len() == CHORDS.len());
        if whole != Some(bytes.len()) || about.kinds.is_empty() || !fits {
            return Err(Error::format(
                "its first line",
                "kinds, chords and models that do not fit each other",
                "Make the page anew: cargo run",
            ));
        }
        let (step, rest) = bytes.split_at(step);
        let (vae, forger) = rest.split_at(vae);
        let mut weights = vec![0.0; about.kinds.len()];
        weights[0] = 1.0;
        Ok(StudioPanel {
            makers: [
                Maker::Step(StepModel::from_bytes(step)?),
                Maker::Vae(Vae::from_bytes(vae)?),
                Maker::Forger(Forger::from_bytes(forger)?),
            ],
            maker: 0,
            weights,
            measures: [0.0; 6],
            metre: 0,
            loudness: 1.5,
            tries: 8,
            song: true,
            tempo: 100.0,
            program: PROGRAMS[0],
            muted: [false; 3],
            heard: Vec::new(),
            eight: Vec::new(),
            hold: false,
            vary: false,
            back: false,
            count: 0,
            about,
        })
    }

    /// What the sliders ask for. The kinds count for what they are of their sum.
    fn request(&self, chords: [usize; 2]) -> Request {
        let sum: f32 = self.weights.iter().sum();
        let count = self.weights.len() as f32;
        let part = |weight: &f32| if sum > 0.0 { weight / sum } else { 1.0 / count };
        let kinds: Vec<f32> = self.weights.iter().map(part).collect();
        let in_three: f32 = kinds
            .iter()
            .zip(&self.about.in_three)
            .map(|(kind, three)| kind * three)
            .sum();
        let three = match self.metre {
            0 => in_three > 0.5,
            metre => metre == 1,
        };
        Request {
            bar: if three { 12 } else { 16 },
            kinds,
            measures: self
                .measures
                .map(|place| (place > 0.0).then(|| (place - 5.5) / 4.5)),
            chords: Some(chords),
        }
    }

    fn expects(&self) -> Said {
        let now = self.heard.last().map_or(4, |bar| bar.chords[1]);
        let row = &self.about.chain.transition[now];
        let total: f64 = row.iter().sum();
        let names = CHORDS.iter().map(|name| name.to_string());
        Said::Expects(names.zip(row.iter().map(|share| share / total)).collect())
    }

    /// The bar that comes next.
    fn next(&mut self, stage: &mut Stage) -> Result<Bar> {
        if std::mem::take(&mut self.back) && self.heard.len() > 1 {
            self.heard.pop();
            self.hold = true;
        }
        if let Some(last) = self.heard.last().cloned().filter(|_| self.hold || self.vary) {
            let (vary, request) = (std::mem::take(&mut self.vary), self.request(last.chords));
            if !vary && request == last.request && last.noise.ncols() == self.makers[self.maker].noise() {
                return Ok(last);
            }
            let fresh = noise(1, self.makers[self.maker].noise(), &mut stage.rng);
            let known = last.noise.dim() == fresh.dim();
            let of_bar = match (vary, known) {
                (true, true) => between(last.noise.view(), fresh.view(), 0.35),
                (false, true) => last.noise,
                (_, false) => fresh,
            };
            return self.make(request, of_bar, stage);
        }
        let place = self.count % SONG.len();
        if place == 0 {
            self.eight.clear();
        }
        self.count += 1;
        let (which, varied) = SONG[place];
        let first = SONG.iter().position(|bar| bar.0 == which).filter(|_| self.song);
        let known = first.and_then(|first| self.eight.get(first)).cloned();
        let columns = self.makers[self.maker].noise();
        let bar = match known.filter(|bar| bar.noise.ncols() == columns) {
            Some(bar) => {
                let request = self.request(if place == 7 { [4, 0] } else { bar.chords });
                if varied == 0.0 && request == bar.request {
                    bar
                } else {
                    let turn = noise(1, columns, &mut stage.rng);
                    self.make(request, between(bar.noise.view(), turn.view(), varied), stage)?
                }
            }
            None => {
                let from = self.heard.last().map_or(4, |bar| bar.chords[1]);
                let mut chords = self.about.chain.next(from, &mut stage.rng);
                if self.song && place == 0 {
                    chords[0] = 0; // it begins at home
                }
                let request = self.request(chords);
                let rows = noise(self.tries, columns, &mut stage.rng);
                let before = self.heard.last().map(|bar| bar.unit.clone());
                let (scale, loudness) = (&self.about.scale, self.loudness);
                let maker = &mut self.makers[self.maker];
                let (row, unit) = maker.nearest(&request, before.as_ref(), rows.view(), scale, loudness)?;
                let noise = rows.slice(ndarray::s![row..row + 1, ..]).to_owned();
                Bar {
                    unit,
                    chords,
                    noise,
                    request,
                }
            }
        };
        self.eight.push(bar.clone());
        Ok(bar)
    }

    /// A bar of this noise, or if it is sieved, of the nearest to it that is as asked.
    fn make(&mut self, request: Request, of_bar: Array2<f32>, stage: &mut Stage) -> Result<Bar> {
        let mut rows = of_bar.clone();
        for _ in 1..self.tries {
            let other = noise(1, of_bar.ncols(), &mut stage.rng);
            let near = between(of_bar.view(), other.view(), 0.3);
            rows.append(ndarray::Axis(0), near.view()).unwrap_or_default();
        }
        let before = self.heard.last().map(|bar| bar.unit.clone());
        let maker = &mut self.makers[self.maker];
        let (row, unit) = maker.nearest(
            &request,
            before.as_ref(),
            rows.view(),
            &self.about.scale,
            self.loudness,
        )?;
        let noise = rows.slice(ndarray::s![row..row + 1, ..]).to_owned();
        Ok(Bar {
            unit,
            chords: request.chords.unwrap_or_default(),
            noise,
            request,
        })
    }

    /// Lets the voices sound that are not muted. Gives how many seconds the bar lasts.
    fn sound(&self, bar: &Bar, stage: &mut Stage) -> f64 {
        let step = 15.0 / self.tempo;
        let mut play = |voice: usize, at: usize, steps: usize, midi: u8, velocity: u8, program: u8| {
            let pitch = Pitch::from_midi(midi).filter(|_| !self.muted[voice]);
            if let Some(pitch) = pitch {
                let played = Played {
                    pitch,
                    velocity,
                    seconds: steps as f64 * step * 0.97,
                    voice,
                    program,
                    place: [0.0, -0.3, 0.3][voice],
                };
                stage.play(at as f64 * step, played);
            }
        };
        for note in bar.unit.notes() {
            play(0, note.onset, note.steps, KEYS[note.key], 88, self.program);
        }
        let half = bar.unit.bar / 2;
        for (number, chord) in bar.chords.iter().enumerate() {
            let (tones, root) = chord_pitches(*chord);
            play(2, number * half, half, root, 62, 32);
            for midi in tones {
                play(1, number * half + 2, half - 2, midi, 40, 0);
            }
        }
        bar.unit.bar as f64 * step
    }
}

impl Panel for StudioPanel {
    fn begin(&mut self, stage: &mut Stage) {
        stage.say(
            0.0,
            Said::Own(json!({"kinds": self.about.kinds, "measures": MEASURES})),
        );
        stage.say(0.0, self.expects());
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        let number = |name: &str| {
            control
                .strip_prefix(name)
                .and_then(|number| number.parse::<usize>().ok())
        };
        match control {
            "tempo" => self.tempo = value.clamp(30.0, 300.0),
            "strictness" => self.loudness = value.clamp(1.0, 4.0) as f32,
            "tries" => self.tries = value.clamp(1.0, 16.0) as usize,
            "maker" => self.maker = value.clamp(0.0, 2.0) as usize,
            "metre" => self.metre = value.clamp(0.0, 2.0) as usize,
            "form" => self.song = value < 0.5,
            "instrument" => self.program = PROGRAMS[value.clamp(0.0, 3.0) as usize],
            _ => {
                let weight = number("kind").and_then(|kind| self.weights.get_mut(kind));
                let measure = number("measure").and_then(|measure| self.measures.get_mut(measure));
                match (weight, measure) {
                    (Some(weight), _) => *weight = value.clamp(0.0, 1.0) as f32,
                    (_, Some(measure)) => *measure = value.clamp(0.0, 10.0) as f32,
                    _ => return false,
                }
            }
        }
        stage.say(0.0, self.expects());
        true
    }

    /// `hold`, `vary`, `back`, `on`; `mute 0` for a voice, and again to let it sound.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        match words {
            ["hold"] => self.hold = true,
            ["on"] => (self.hold, self.vary, self.back) = (false, false, false),
            ["vary"] => self.vary = true,
            ["back"] => self.back = true,
            ["mute", voice] => {
                let voice = voice
                    .parse()
                    .ok()
                    .and_then(|voice: usize| self.muted.get_mut(voice));
                let Some(muted) = voice else { return false };
                *muted = !*muted;
            }
            _ => return false,
        }
        stage.answer(Said::Own(
            json!({"hold": self.hold || self.back, "muted": self.muted}),
        ));
        true
    }

    /// Plays a bar.
    fn go_on(&mut self, stage: &mut Stage) {
        // A model that was opened makes a bar of what the sliders can say; there is nothing to be done if it does not.
        let Ok(bar) = self.next(stage) else { return };
        let seconds = self.sound(&bar, stage);
        let half = seconds / 2.0;
        stage.say(0.0, Said::Came(CHORDS[bar.chords[0]].to_string()));
        let measured = self.about.scale.measured(&bar.unit);
        stage.say(
            0.0,
            Said::Own(json!({
                "bar": self.count, "seconds": seconds, "held": self.hold, "measured": measured, "steps": bar.unit.bar,
                "chords": bar.chords.map(|chord| CHORDS[chord]),
            })),
        );
        self.heard.push(bar);
        if self.heard.len() > REMEMBERED {
            self.heard.remove(0);
        }
        stage.say(half, self.expects());
        stage.wait(seconds);
    }
}
