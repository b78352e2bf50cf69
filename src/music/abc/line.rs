//! One voice as it is read: what holds now, and the items so far.

use super::cursor::Fault;
use super::directive::Accidentals;
use super::fraction::Fraction;
use super::instrument::Instrument;
use super::item::{Bar, Context, Item, Kind, Place, Tone};
use super::key::Signature;
use super::staff::Staff;
use crate::music::Pitch;
use std::collections::BTreeMap;

/// Semitones of the letters C to B above C.
pub(super) const SEMITONES: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

/// What fields have set, and what an overlay goes back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) signature: Signature,
    pub(super) staff: Staff,
    pub(super) accidentals: Accidentals,
    pub(super) unit: Fraction,
    pub(super) context: Context,
}

impl Default for Settings {
    /// No key, no metre, eighths.
    fn default() -> Settings {
        Settings {
            signature: [0; 7],
            staff: Staff::default(),
            accidentals: Accidentals::default(),
            unit: Fraction::part(8),
            context: Context::default(),
        }
    }
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
    pub(super) settings: Settings,
    pub(super) items: Vec<Item>,
    /// The instruments that items name by their index here.
    pub(super) instruments: Vec<Instrument>,
    /// The part that music belongs to now, and the one that the items so far have come to.
    pub(super) part: usize,
    part_begun: usize,
    at_bar: Settings,
    /// What the main line of this bar had set before its first overlay.
    after_overlay: Option<Settings>,
    /// Alterations written in this bar, by step or, where they hold in all octaves, by letter.
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
            settings,
            items: Vec::new(),
            instruments: Vec::new(),
            part: 0,
            part_begun: 0,
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

    /// Sets what holds at the start of the music, but for what `V:` has said of the staff in the head.
    pub(super) fn start(&mut self, settings: Settings) {
        let staff = settings.staff.then(self.settings.staff);
        self.settings = Settings { staff, ..settings };
        self.at_bar = self.settings;
    }

    fn push(&mut self, kind: Kind, place: Place) {
        let instrument = Instrument::of(self.settings.staff);
        if self.instruments.last() != Some(&instrument) {
            self.instruments.push(instrument);
        }
        self.items.push(Item {
            kind,
            context: self.settings.context,
            instrument: self.instruments.len() - 1,
            place,
        });
    }

    /// Marks where a part begins, once there is something in it.
    fn begin_part(&mut self, place: Place) {
        if self.part_begun != self.part {
            self.part_begun = self.part;
            self.push(Kind::Part(self.part), place);
        }
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
        self.begin_part(place);
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
        self.begin_part(place);
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
            self.alter(note.step, accidental);
        }
        let held = self
            .reach(note.step)
            .and_then(|reach| self.accidentals.get(&reach));
        let tie = self.tied.iter().find(|(step, _)| *step == note.step);
        let alteration = (note.accidental)
            .or(held.copied())
            .or(tie.map(|&(_, alteration)| alteration))
            .unwrap_or(self.settings.signature[letter]);
        let number = (note.step.div_euclid(7).saturating_mul(12))
            .saturating_add(60 + SEMITONES[letter] + i32::from(alteration))
            .saturating_add(self.settings.staff.shift());
        let pitch = Pitch::new(number).map_err(|_| {
            Fault::new(
                "a note beyond the range of MIDI, C-1 to G9",
                "Take away octave marks (, and ') or a shift",
            )
        })?;
        Ok((pitch, alteration))
    }

    /// An accidental on this step, which holds for others until the bar ends.
    pub(super) fn alter(&mut self, step: i32, accidental: i8) {
        if let Some(reach) = self.reach(step) {
            self.accidentals.insert(reach, accidental);
        }
    }

    /// What shares an accidental with this step: its letter, the step alone, or nothing.
    fn reach(&self, step: i32) -> Option<i32> {
        match self.settings.accidentals {
            Accidentals::Pitch => Some(step.rem_euclid(7)),
            Accidentals::Octave => Some(step),
            Accidentals::Not => None,
        }
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
        if bar.starts {
            self.begin_part(place);
        }
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

    /// Whether nothing has followed the last bar line.
    pub(super) fn is_at_bar_line(&self) -> bool {
        matches!(self.items.last().map(|item| &item.kind), Some(Kind::Bar(bar)) if bar.line)
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
