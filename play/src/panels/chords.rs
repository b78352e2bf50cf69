//! 04: the reader taps a tune, and chords that nobody wrote come under it.

use super::{Panel, read};
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::markov::hidden::{Harmoniser, Saved};
use aeolian::music::{Melody, Pitch, Score, Step, abc};
use serde::Deserialize;
use serde_json::json;

/// Ticks to a quarter note in what the reader taps.
const RESOLUTION: u32 = 2;

/// The most notes that a tune may have.
const LONGEST: usize = 200;

/// What the listing hands over.
#[derive(Deserialize)]
struct Model {
    harmoniser: Saved,
    /// The tune that is there at first, in ABC; empty for none.
    tune: String,
}

pub struct ChordsPanel {
    harmoniser: Harmoniser,
    /// The tune as the book gave it, until the reader taps a note.
    given: Option<Score>,
    steps: Vec<Step>,
    /// Beats in a bar.
    beats: u8,
    /// Quarter notes a minute.
    tempo: f64,
    /// The tick at which playing goes on, and whether the chords are heard.
    tick: u32,
    with_chords: bool,
    /// What is to be played when this tune has ended: chords that have learned more, a tune that hidden states wrote.
    newer: Option<(Harmoniser, Option<Score>)>,
}

impl ChordsPanel {
    pub fn new(model: &[u8]) -> Result<ChordsPanel> {
        let (harmoniser, given) = opened(model)?;
        Ok(ChordsPanel {
            harmoniser,
            given,
            steps: Vec::new(),
            beats: 3,
            tempo: 120.0,
            tick: 0,
            with_chords: true,
            newer: None,
        })
    }

    fn tune(&self) -> Score {
        if let Some(given) = &self.given {
            return given.clone();
        }
        let melody = Melody {
            resolution: RESOLUTION,
            steps: self.steps.clone(),
        };
        melody.score("Yours", 0).with_metre(self.beats, 4)
    }

    /// The tune and its chords; without chords, where nothing can be harmonised yet.
    fn harmonised(&self) -> Score {
        let tune = self.tune();
        match self.with_chords {
            true => self.harmoniser.harmonise(&tune).unwrap_or(tune),
            false => tune,
        }
    }

    fn say_tune(&self, stage: &mut Stage) {
        let tune = self.tune();
        let quarters = |tick: u32| f64::from(tick) / f64::from(tune.resolution.max(1));
        let notes = tune.voices.iter().flat_map(|voice| &voice.notes);
        let notes: Vec<_> = notes
            .map(|note| json!([quarters(note.onset), quarters(note.duration), note.pitch.midi()]))
            .collect();
        let chords = self.harmoniser.chords_for(&tune).unwrap_or_default();
        let chords: Vec<_> = chords
            .iter()
            .map(|(tick, chord)| json!([quarters(*tick), chord.to_string()]))
            .collect();
        let metre = tune
            .metres
            .first()
            .map_or((4, 4), |metre| (metre.1.beats, metre.1.unit));
        let bar = 4.0 * f64::from(metre.0) / f64::from(metre.1.max(1));
        stage.answer(Said::Own(json!({
            "notes": notes, "chords": chords, "end": quarters(self.end(&tune)), "bar": bar,
            "pickup": quarters(tune.pickup), "title": tune.title,
        })));
        let mut next = self.harmoniser.next_chord(&tune).unwrap_or_default();
        next.sort_by(|a, b| b.1.total_cmp(&a.1));
        let end = 1.0 - next.iter().map(|chord| chord.1).sum::<f64>();
        next.truncate(7);
        let bars = next
            .into_iter()
            .map(|(chord, chance)| (chord.to_string(), chance));
        let bars = bars.chain([("the end".to_string(), end.max(0.0))]);
        stage.answer(Said::Expects(bars.collect()));
    }

    /// The tick at which the tune has ended, with the rests that the reader gave it.
    fn end(&self, tune: &Score) -> u32 {
        let steps = self.steps.iter().map(|step| step.duration).sum();
        tune.end().max(if self.given.is_some() { 0 } else { steps })
    }

    fn add(&mut self, pitch: Option<Pitch>, eighths: &str) -> bool {
        let Some(duration) = eighths.parse().ok().filter(|eighths| (1..=16).contains(eighths)) else {
            return false;
        };
        if self.given.take().is_some() {
            (self.steps, self.tick) = (Vec::new(), 0);
        }
        if self.steps.len() < LONGEST {
            self.steps.push(Step { pitch, duration });
        }
        true
    }
}

fn opened(model: &[u8]) -> Result<(Harmoniser, Option<Score>)> {
    let model: Model = read(model)?;
    let mut tunes = match model.tune.is_empty() {
        true => Vec::new(),
        false => abc::decode(model.tune.as_bytes())?,
    };
    let given = (!tunes.is_empty()).then(|| tunes.swap_remove(0).0);
    Ok((Harmoniser::of(&model.harmoniser)?, given))
}

impl Panel for ChordsPanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.say_tune(stage);
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "tempo" => self.tempo = value.clamp(20.0, 600.0),
            "metre" => {
                self.beats = [3, 4, 2][(value as usize).min(2)];
                self.say_tune(stage);
            }
            "chords" => self.with_chords = value < 0.5,
            _ => return false,
        }
        true
    }

    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let well = match words {
            ["note", midi, eighths] => match midi.parse().ok().and_then(Pitch::from_midi) {
                Some(pitch) => self.add(Some(pitch), eighths),
                None => false,
            },
            ["rest", eighths] => self.add(None, eighths),
            ["back"] => {
                self.given = None;
                self.steps.pop();
                self.tick = 0;
                true
            }
            ["clear"] => {
                self.given = None;
                self.steps.clear();
                self.tick = 0;
                true
            }
            _ => false,
        };
        if well {
            self.say_tune(stage);
        }
        well
    }

    /// When the tune has ended. A tune of the reader's stays.
    fn renew(&mut self, model: &[u8]) -> Result<bool> {
        self.newer = Some(opened(model)?);
        Ok(true)
    }

    /// Plays what begins in the next beat.
    fn go_on(&mut self, stage: &mut Stage) {
        let score = self.harmonised();
        let end = self.end(&score);
        if end == 0 {
            return;
        }
        let beat = score.resolution.max(1);
        let tick = 60.0 / self.tempo / f64::from(beat);
        let (from, to) = (self.tick, (self.tick + beat).min(end));
        let here = f64::from(from) / f64::from(beat);
        stage.say(
            0.0,
            Said::Own(json!({"quarter": here, "seconds": tick * f64::from(beat)})),
        );
        for (voice, place) in score.voices.iter().zip([0.2f32, -0.3]) {
            let number = usize::from(place < 0.0);
            for note in voice.notes.iter().filter(|note| (from..to).contains(&note.onset)) {
                let played = Played {
                    pitch: note.pitch,
                    velocity: note.velocity,
                    seconds: f64::from(note.duration) * tick,
                    voice: number,
                    program: 0,
                    place,
                };
                stage.play(f64::from(note.onset - from) * tick, played);
            }
        }
        stage.wait(f64::from(to.saturating_sub(from).max(1)) * tick);
        self.tick = to;
        if to >= end {
            self.tick = 0;
            stage.wait(tick * f64::from(beat));
            if let Some((harmoniser, tune)) = self.newer.take() {
                self.harmoniser = harmoniser;
                self.given = tune.filter(|_| self.given.is_some());
                self.say_tune(stage);
            }
        }
    }
}
