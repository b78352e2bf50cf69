//! One voice as it is read: what holds now, and the items so far.

use super::cursor::Fault;
use super::fraction::Fraction;
use super::item::{Bar, Context, Item, Kind, Place, Tone};
use super::key::Signature;
use crate::music::Pitch;
use std::collections::BTreeMap;

/// Semitones of the letters C to B above C.
pub(super) const SEMITONES: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

/// What fields have set, and what an overlay goes back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) signature: Signature,
    /// Semitones that the key's field and that of the voice move every note by.
    pub(super) shift: i32,
    pub(super) unit: Fraction,
    pub(super) context: Context,
}

impl Settings {
    /// No key, no metre, eighths.
    pub(super) const NONE: Settings = Settings {
        signature: [0; 7],
        shift: 0,
        unit: Fraction::part(8),
        context: Context {
            key: None,
            metre: None,
            tempo: None,
        },
    };
}

/// A note as written: its place on the staff, in steps from middle C, and its accidental if it has one.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) step: i32,
    pub(super) accidental: Option<i8>,
    pub(super) length: Fraction,
    pub(super) tied: bool,
}

/// One voice.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) voice_shift: i32,
    pub(super) settings: Settings,
    pub(super) items: Vec<Item>,
    at_bar: Settings,
    /// What the main line of this bar had set before its first overlay.
    after_overlay: Option<Settings>,
    /// Alterations written in this bar, by step.
    accidentals: BTreeMap<i32, i8>,
    /// Steps and alterations that the last sound is made of, and those tied to the next one.
    last: Vec<(i32, i8)>,
    tied: Vec<(i32, i8)>,
    last_sound: Option<usize>,
    /// What a broken rhythm makes of the next length.
    broken: Option<Fraction>,
    /// A tuplet's factor and how many sounds it still holds for.
    tuplet: Option<(Fraction, u64)>,
}

impl Line {
    pub(super) fn new(id: &str, settings: Settings) -> Line {
        Line {
            id: id.to_string(),
            name: id.to_string(),
            voice_shift: 0,
            settings,
            items: Vec::new(),
            at_bar: settings,
            after_overlay: None,
            accidentals: BTreeMap::new(),
            last: Vec::new(),
            tied: Vec::new(),
            last_sound: None,
            broken: None,
            tuplet: None,
        }
    }

    /// Sets what holds at the start of the music.
    pub(super) fn start(&mut self, settings: Settings) {
        self.settings = settings;
        self.at_bar = settings;
    }

    fn push(&mut self, kind: Kind, place: Place) {
        let context = self.settings.context;
        self.items.push(Item { kind, context, place });
    }

    /// Adds a chord or a single note; `length` multiplies those of its notes.
    pub(super) fn sound(&mut self, notes: &[Written], length: Fraction, place: Place) -> Result<(), Fault> {
        let factor = length.times(self.settings.unit)?.times(self.rhythm()?)?;
        let mut tones: Vec<Tone> = Vec::with_capacity(notes.len());
        let mut spelled = Vec::with_capacity(notes.len());
        for note in notes {
            let (pitch, alteration) = self.pitch(note)?;
            spelled.push((note.step, alteration));
            if tones.iter().all(|tone| tone.pitch != pitch) {
                tones.push(Tone {
                    pitch,
                    length: note.length.times(factor)?,
                    tied: note.tied,
                });
            }
        }
        let length = tones.first().map_or(factor, |tone| tone.length);
        let ties = spelled.iter().zip(notes).filter(|(_, note)| note.tied);
        self.tied = ties.map(|(&spelled, _)| spelled).collect();
        self.last = spelled;
        self.last_sound = Some(self.items.len());
        self.push(Kind::Sound { tones, length }, place);
        Ok(())
    }

    /// Adds a rest of whole bars.
    pub(super) fn bars_of_rest(&mut self, bars: u64, place: Place) -> Result<(), Fault> {
        let metre = self.settings.context.metre;
        let (beats, unit) = metre.map_or((1, 1), |metre| (metre.beats.into(), metre.unit.into()));
        let length = Fraction::new(bars, 1)?.times(Fraction::new(beats, unit)?)?;
        self.tied.clear();
        self.last_sound = None;
        self.push(
            Kind::Sound {
                tones: Vec::new(),
                length,
            },
            place,
        );
        Ok(())
    }

    /// The pitch of a note: by its accidental, one before it in this bar, a tie, or else the key.
    fn pitch(&mut self, note: &Written) -> Result<(Pitch, i8), Fault> {
        let letter = note.step.rem_euclid(7) as usize;
        if let Some(accidental) = note.accidental {
            self.accidentals.insert(note.step, accidental);
        }
        let tie = self.tied.iter().find(|(step, _)| *step == note.step);
        let alteration = (self.accidentals.get(&note.step).copied())
            .or(tie.map(|&(_, alteration)| alteration))
            .unwrap_or(self.settings.signature[letter]);
        let shift = self.settings.shift.saturating_add(self.voice_shift);
        let number = (note.step.div_euclid(7).saturating_mul(12))
            .saturating_add(60 + SEMITONES[letter] + i32::from(alteration))
            .saturating_add(shift);
        let pitch = Pitch::new(number).map_err(|_| {
            Fault::new(
                "a note beyond the range of MIDI, C-1 to G9",
                "Take away octave marks (, and ') or a shift",
            )
        })?;
        Ok((pitch, alteration))
    }

    /// What tuplet and broken rhythm make of the next sound.
    fn rhythm(&mut self) -> Result<Fraction, Fault> {
        let mut factor = self.broken.take().unwrap_or(Fraction::ONE);
        if let Some((tuplet, left)) = self.tuplet {
            factor = factor.times(tuplet)?;
            self.tuplet = (left > 1).then(|| (tuplet, left - 1));
        }
        Ok(factor)
    }

    /// `count` sounds are to last `factor` times as long as written.
    pub(super) fn start_tuplet(&mut self, factor: Fraction, count: u64) -> Result<(), Fault> {
        if self.tuplet.is_some() {
            return Err(Fault::new(
                "a tuplet within a tuplet",
                "Finish the first one, or write its notes with fractions: C2/3",
            ));
        }
        self.tuplet = Some((factor, count));
        Ok(())
    }

    /// Broken rhythm: the last sound lasts `before` times as long, the next one `after` times.
    pub(super) fn break_rhythm(&mut self, before: Fraction, after: Fraction) -> Result<(), Fault> {
        let last = self.last_sound.and_then(|index| self.items.get_mut(index));
        let Some(Kind::Sound { tones, length }) = last.map(|item| &mut item.kind) else {
            return Err(Fault::new(
                "a broken rhythm (> or <) without a note before it",
                "Write it between two notes: A>B",
            ));
        };
        *length = length.times(before)?;
        for tone in tones {
            tone.length = tone.length.times(before)?;
        }
        self.broken = Some(after);
        Ok(())
    }

    /// Ties every tone of the last sound to the next one.
    pub(super) fn tie(&mut self) {
        let last = self.last_sound.and_then(|index| self.items.get_mut(index));
        if let Some(Kind::Sound { tones, .. }) = last.map(|item| &mut item.kind) {
            tones.iter_mut().for_each(|tone| tone.tied = true);
            self.tied.clone_from(&self.last);
        }
    }

    /// A bar line, or the mark of an ending.
    pub(super) fn bar(&mut self, bar: Bar, place: Place) {
        if bar.line {
            self.accidentals.clear();
            if let Some(settings) = self.after_overlay.take() {
                self.settings = settings;
                self.tied.clear();
            }
            self.at_bar = self.settings;
        }
        if let Some(Kind::Bar(before)) = self.items.last_mut().map(|item| &mut item.kind)
            && let Some(both) = joined(*before, bar)
        {
            *before = both;
            return;
        }
        self.push(Kind::Bar(bar), place);
    }

    /// `&`: back to the start of the bar, with the key and lengths that held there.
    pub(super) fn overlay(&mut self, place: Place) {
        self.after_overlay.get_or_insert(self.settings);
        self.settings = self.at_bar;
        self.accidentals.clear();
        self.tied.clear();
        self.last_sound = None;
        self.push(Kind::Overlay, place);
    }
}

/// Two bar lines with nothing between them are one: `:|` at the end of a line and `|:` at the start of the next.
fn joined(first: Bar, second: Bar) -> Option<Bar> {
    let apart = first.ending != 0 || (first.starts && second != plain(second));
    (!apart).then(|| Bar {
        line: first.line || second.line,
        double: first.double || second.double,
        ends: first.ends.max(second.ends),
        starts: first.starts || second.starts,
        ending: second.ending,
    })
}

/// The same line without repeats and endings.
fn plain(bar: Bar) -> Bar {
    Bar {
        ends: 0,
        starts: false,
        ending: 0,
        ..bar
    }
}
