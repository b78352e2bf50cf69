//! 12: whole pieces to order, whose layers can be muted, thrown again and kept.

use super::Panel;
use super::writers::Writers;
use crate::stage::{Played, Said, Stage};
use aeolian::Result;
use aeolian::bars::CHORDS;
use aeolian::composer::{Layer, Mood, Order, Piece, Seeds, WriterKind};
use aeolian::music::Score;
use rand::Rng;
use serde_json::json;

/// Seconds of silence before a piece is played again.
const PAUSE: f64 = 1.5;

/// The layers, as the page calls them.
const LAYERS: [(&str, Layer); 4] = [
    ("form", Layer::Form),
    ("melody", Layer::Melody),
    ("chords", Layer::Chords),
    ("bass", Layer::Bass),
];

pub struct ComposerPanel {
    writers: Writers,
    order: Order,
    mood: Mood,
    seeds: Seeds,
    keep: [bool; 4],
    /// Melody, chords, bass.
    muted: [bool; 3],
    piece: Option<Piece>,
    /// The notes of the piece, a list for each voice, and those that come next.
    score: Score,
    next: [usize; 3],
    /// The step of the piece that is played next.
    step: usize,
    /// Nothing was composed by a press yet: then the piece follows the controls.
    fresh: bool,
}

impl ComposerPanel {
    pub fn new(model: &[u8]) -> Result<ComposerPanel> {
        let writers = Writers::new(model)?;
        Ok(ComposerPanel {
            order: Order {
                features: Mood::Calm.features(),
                style: writers.first,
                tempo: 90.0,
                seconds: 48.0,
                writer: WriterKind::Chain,
            },
            mood: Mood::Calm,
            seeds: writers.seeds,
            keep: [false; 4],
            muted: [false; 3],
            piece: None,
            score: Score::new("", 1),
            next: [0; 3],
            step: 0,
            fresh: true,
            writers,
        })
    }

    /// Composes to the order as it stands; what is kept stays. Gives whether all that should be kept could be.
    fn compose(&mut self, keep: [bool; 4]) -> bool {
        let (composer, writer) = self.writers.with(self.order.writer);
        let old = self.piece.take();
        let kept = old.as_ref().map(|piece| (piece, keep));
        // An order within the ranges of the controls can be met; if not, the old piece stays.
        let piece = composer.compose(&self.order, writer, self.seeds, kept).ok();
        let fits =
            |piece: &Piece, old: &Piece| (piece.bars(), piece.style.bar) == (old.bars(), old.style.bar);
        let well = match (&piece, &old) {
            (Some(piece), Some(old)) => fits(piece, old) || keep == [false; 4],
            _ => true,
        };
        self.piece = piece.or(old);
        if let Some(piece) = &self.piece {
            self.score = piece.score("Composed to order", [true; 3]);
            if !well || self.step > piece.bars() * piece.style.bar {
                self.step = 0;
            }
        }
        self.seek();
        well
    }

    /// Finds the notes from the next step on.
    fn seek(&mut self) {
        let tick = self.tick(self.step);
        for (next, voice) in self.next.iter_mut().zip(&self.score.voices) {
            *next = voice.notes.partition_point(|note| note.onset < tick);
        }
    }

    /// The tick of a step: a sixteenth.
    fn tick(&self, step: usize) -> u32 {
        step as u32 * self.score.resolution / 4
    }

    /// What is to be drawn of the whole piece.
    fn drawn(&self, note: &str) -> Said {
        let Some(piece) = &self.piece else {
            return Said::Own(json!({"words": note}));
        };
        let clock = self.score.clock();
        let mut notes = Vec::new();
        for (voice, of_voice) in self.score.voices.iter().enumerate() {
            for note in &of_voice.notes {
                let from = clock.seconds(note.onset);
                let thousandths = |seconds: f64| (1000.0 * seconds).round() as u32;
                let long = clock.seconds(note.end()) - from;
                notes.push(json!([
                    thousandths(from),
                    thousandths(long),
                    note.pitch.midi(),
                    voice
                ]));
            }
        }
        let phrases = piece.plan.phrases.iter();
        let phrases: Vec<_> = phrases
            .map(|phrase| json!([phrase.name(), phrase.from, phrase.bars]))
            .collect();
        let words = format!(
            "{} bars, {:.1} s, {} beats a minute, {} after {}, by the {}: {}",
            piece.bars(),
            piece.seconds(),
            piece.order.tempo,
            self.mood,
            piece.style.name,
            piece.order.writer,
            piece.plan
        );
        Said::Own(json!({
            "notes": notes, "phrases": phrases, "bars": piece.bars(), "seconds": piece.seconds(), "words": words, "note": note,
        }))
    }

    /// Which layers are kept, and which voices muted.
    fn stands(&self) -> Said {
        Said::Own(json!({"keep": self.keep, "muted": self.muted}))
    }

    /// How likely the chain holds each chord after this one.
    fn expects(&self, chord: usize) -> Said {
        let (style, composer) = (self.order.style, &self.writers.composer);
        let slots = composer.styles[style].chords();
        let row = composer.harmony.after(style, chord, slots);
        Said::Expects(CHORDS.iter().map(|name| name.to_string()).zip(row).collect())
    }
}

impl Panel for ComposerPanel {
    fn begin(&mut self, stage: &mut Stage) {
        self.compose([false; 4]);
        stage.say(0.0, self.drawn(""));
        stage.say(0.0, self.stands());
        stage.say(0.0, self.expects(0));
    }

    fn set(&mut self, control: &str, value: f64, stage: &mut Stage) -> bool {
        match control {
            "mood" => {
                self.mood = Mood::ALL[value.clamp(0.0, 3.0) as usize];
                self.order.features = self.mood.features();
            }
            "style" => self.order.style = self.writers.style(value),
            "tempo" => self.order.tempo = value.clamp(40.0, 200.0),
            "length" => self.order.seconds = value.clamp(10.0, 300.0),
            "model" => self.order.writer = WriterKind::ALL[value.clamp(0.0, 3.0) as usize],
            _ => return false,
        }
        if self.fresh {
            self.compose([false; 4]);
            stage.answer(self.drawn(""));
        }
        true
    }

    /// `compose`; `throw form` and so on; `keep form`, and again to let it go; `mute 0` for a voice, and again to let it sound.
    fn act(&mut self, words: &[&str], stage: &mut Stage) -> bool {
        let layer = |name: &str| LAYERS.iter().position(|layer| layer.0 == name);
        match words {
            ["compose"] => {
                for (seed, kept) in self.seeds.iter_mut().zip(self.keep) {
                    *seed = if kept { *seed } else { stage.rng.next_u64() };
                }
                (self.step, self.fresh) = (0, false);
                let well = self.compose(self.keep);
                let note = match well {
                    true => "",
                    false => "Another length or metre: nothing could be kept. ",
                };
                stage.answer(self.drawn(note));
            }
            ["throw", name] => {
                let Some(number) = layer(name) else { return false };
                self.seeds[number] = stage.rng.next_u64();
                let keep = match LAYERS[number].1 {
                    // A melody is written to its form.
                    Layer::Form => [false, false, false, true],
                    _ => std::array::from_fn(|other| other != number),
                };
                self.fresh = false;
                // What the controls say is not asked for now.
                let order = self.order.clone();
                if let Some(piece) = &self.piece {
                    self.order = piece.order.clone();
                }
                self.compose(keep);
                self.order = order;
                stage.answer(self.drawn(""));
            }
            ["keep", name] => {
                let Some(number) = layer(name) else { return false };
                self.keep[number] = !self.keep[number];
            }
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
        stage.answer(self.stands());
        true
    }

    fn whole(&self) -> Option<&Score> {
        self.piece.as_ref().map(|_| &self.score)
    }

    /// Plays a sixteenth.
    fn go_on(&mut self, stage: &mut Stage) {
        let Some(piece) = &self.piece else {
            stage.wait(PAUSE);
            return;
        };
        self.fresh = false;
        let steps = piece.bars() * piece.style.bar;
        if self.step >= steps {
            stage.wait(PAUSE);
            self.step = 0;
            self.seek();
            return;
        }
        let clock = self.score.clock();
        let now = clock.seconds(self.tick(self.step));
        stage.say(0.0, Said::Own(json!({"now": now})));
        if self.step.is_multiple_of(piece.style.bar) {
            let chord = piece.chords[self.step / piece.style.bar];
            stage.say(0.0, Said::Came(CHORDS[chord[0]].to_string()));
            stage.say(0.05, self.expects(chord[1]));
        }
        let until = self.tick(self.step + 1);
        for (number, voice) in self.score.voices.iter().enumerate() {
            while let Some(note) = voice
                .notes
                .get(self.next[number])
                .filter(|note| note.onset < until)
            {
                self.next[number] += 1;
                if self.muted[number] {
                    continue;
                }
                let from = clock.seconds(note.onset);
                let played = Played {
                    pitch: note.pitch,
                    velocity: note.velocity,
                    seconds: clock.seconds(note.end()) - from,
                    voice: number,
                    program: voice.program,
                    place: [0.0, -0.3, 0.3][number],
                };
                stage.play(from - now, played);
            }
        }
        self.step += 1;
        stage.wait(clock.seconds(until) - now);
    }
}
