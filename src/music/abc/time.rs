//! From what is played to a score in ticks.

use super::cursor::Fault;
use super::fields::Header;
use super::fraction::{Fraction, gcd};
use super::instrument;
use super::item::{Context, Item, Kind, MOST_ITEMS, Place, Tone};
use super::line::Line;
use super::parts::stretches;
use super::unfold::unfold;
use crate::Result;
use crate::music::{Metre, Note, Pitch, Score};
use std::collections::HashMap;

/// The finest resolution of a MIDI file, in ticks to a quarter note.
const FINEST: u64 = 32_767;

/// A note whose times are exact.
struct Sounding {
    onset: Fraction,
    duration: Fraction,
    pitch: Pitch,
    instrument: usize,
    place: Place,
}

/// One voice being played.
struct Player {
    notes: Vec<Sounding>,
    /// What holds now, and where it changed to what.
    held: Context,
    changes: Vec<(Fraction, Context, Place)>,
    now: Fraction,
    bar_start: Fraction,
    /// The furthest that the lines of this bar before an overlay have come.
    bar_end: Fraction,
    in_overlay: bool,
    /// The metre at the first sound, and where the first bar line after it stands.
    first_metre: Option<Option<Metre>>,
    first_line: Option<Fraction>,
    /// The notes that are tied on, by pitch and end.
    tied: HashMap<(Pitch, Fraction), usize>,
}

/// A score of these voices, all of which start with what the head of the tune, at this place, said. Of each, the
/// parts of the plan are played, or all of it.
///
/// # Errors
/// If a moment or duration is too fine for [`FINEST`] ticks or too late for 32 bits.
pub(super) fn score(
    header: &Header,
    head: Place,
    start: Context,
    lines: &[Line],
    plan: Option<&[usize]>,
) -> Result<Score> {
    let mut resolution = 1;
    let mut left = MOST_ITEMS;
    let mut changes = Vec::new();
    let mut pickup = None;
    let mut voices = Vec::new();
    for (number, line) in (1..).zip(lines.iter().filter(|line| !line.items.is_empty())) {
        let mut player = Player::new(start);
        for items in stretches(&line.items, plan) {
            for index in unfold(items, &mut left)? {
                let item = &items[index];
                player
                    .play(item)
                    .map_err(|fault| fault.at(item.place.line, item.place.column))?;
            }
        }
        for note in &player.notes {
            refine(&mut resolution, note.onset, note.place)?;
            refine(&mut resolution, note.duration, note.place)?;
        }
        for &(time, _, place) in &player.changes {
            refine(&mut resolution, time, place)?;
        }
        if pickup.is_none() {
            pickup = player.pickup();
            refine(&mut resolution, pickup.flatten().unwrap_or(Fraction::ZERO), head)?;
        }
        changes.append(&mut player.changes);
        voices.push((number, line, player.notes));
    }
    changes.push((Fraction::ZERO, start, head)); // the last, since what a voice says there overrides it
    changes.sort_by_key(|(time, ..)| *time);
    let mut score = Score::new(header.title.as_str(), resolution as u32);
    let late = |_| Fault::new("a tune too long to count", "Split the tune").at(head.line, head.column);
    let ticks = |time: Fraction| ticks(time, resolution).map_err(late);
    score.pickup = ticks(pickup.flatten().unwrap_or(Fraction::ZERO))?;
    for (time, change, _) in changes {
        let tick = ticks(time)?;
        put(&mut score.tempi, tick, change.tempo);
        put(&mut score.metres, tick, change.metre);
        put(&mut score.keys, tick, change.key);
    }
    for (number, line, sounding) in voices {
        let mut notes = Vec::with_capacity(sounding.len());
        for note in sounding {
            let (onset, duration) = (ticks(note.onset)?, ticks(note.duration)?);
            notes.push((Note::new(onset, duration, note.pitch), note.instrument));
        }
        let mut played = instrument::voices(line, number, &notes, &header.programs);
        score.voices.append(&mut played);
    }
    Ok(score)
}

/// Notes a value that holds from this tick on, unless it held already or this tick has one.
fn put<T: Copy + PartialEq>(changes: &mut Vec<(u32, T)>, tick: u32, value: Option<T>) {
    let Some(value) = value else { return };
    if changes
        .last()
        .is_none_or(|&(before, last)| before != tick && last != value)
    {
        changes.push((tick, value));
    }
}

/// A moment or duration, in ticks of a resolution in which it is whole.
fn ticks(time: Fraction, resolution: u64) -> Result<u32, ()> {
    let ticks = u128::from(time.over()) * u128::from(4 * resolution) / u128::from(time.under());
    u32::try_from(ticks).map_err(|_| ())
}

impl Player {
    fn new(held: Context) -> Player {
        Player {
            notes: Vec::new(),
            held,
            changes: Vec::new(),
            now: Fraction::ZERO,
            bar_start: Fraction::ZERO,
            bar_end: Fraction::ZERO,
            in_overlay: false,
            first_metre: None,
            first_line: None,
            tied: HashMap::new(),
        }
    }

    fn play(&mut self, item: &Item) -> Result<(), Fault> {
        match &item.kind {
            Kind::Bar(bar) if bar.line => {
                self.now = self.now.max(self.bar_end);
                (self.bar_start, self.bar_end) = (self.now, self.now);
                self.in_overlay = false;
                if self.now > Fraction::ZERO {
                    self.first_line.get_or_insert(self.now);
                }
            }
            Kind::Bar(_) | Kind::Part(_) => {}
            Kind::Overlay => {
                self.bar_end = self.bar_end.max(self.now);
                self.now = self.bar_start;
                self.in_overlay = true;
            }
            Kind::Sound { tones, length } => {
                self.change(item.context, item.place);
                for tone in tones {
                    self.sound(tone, item)?;
                }
                self.now = self.now.plus(*length)?;
            }
        }
        Ok(())
    }

    /// Notes what holds here if it has changed. Overlays change nothing: the main line of a bar decides.
    fn change(&mut self, context: Context, place: Place) {
        self.first_metre.get_or_insert(context.metre);
        if self.in_overlay || self.held == context {
            return;
        }
        let held = std::mem::replace(&mut self.held, context);
        let change = Context {
            key: context.key.filter(|key| held.key != Some(*key)),
            metre: context.metre.filter(|metre| held.metre != Some(*metre)),
            tempo: context.tempo.filter(|tempo| held.tempo != Some(*tempo)),
        };
        self.changes.push((self.now, change, place));
    }

    /// A tone starts now, or the one that is tied to it sounds on.
    fn sound(&mut self, tone: &Tone, item: &Item) -> Result<(), Fault> {
        let tied = match self.tied.is_empty() {
            true => None, // as mostly, and nothing has to be hashed
            false => self.tied.remove(&(tone.pitch, self.now)),
        };
        let index = tied.unwrap_or(self.notes.len());
        if tied.is_none() {
            self.notes.push(Sounding {
                onset: self.now,
                duration: Fraction::ZERO,
                pitch: tone.pitch,
                instrument: item.instrument,
                place: item.place,
            });
        }
        let note = &mut self.notes[index];
        note.duration = note.duration.plus(tone.length)?;
        if tone.tied {
            let end = note.onset.plus(note.duration)?;
            self.tied.insert((tone.pitch, end), index);
        }
        Ok(())
    }

    /// The length of the upbeat, if the voice has notes: the first bar, where that is short and not all there is.
    fn pickup(&self) -> Option<Option<Fraction>> {
        let metre = self.first_metre?;
        let full = metre.and_then(|metre| Fraction::new(metre.beats.into(), metre.unit.into()).ok());
        let end = self.now.max(self.bar_end);
        Some(
            self.first_line
                .filter(|&line| full.is_some_and(|full| line < full) && line < end),
        )
    }
}

/// Makes the resolution a multiple of what this time needs, which must not be finer than MIDI allows.
fn refine(resolution: &mut u64, time: Fraction, place: Place) -> Result<()> {
    let needed = time.under() / gcd(time.under(), 4);
    let both = *resolution / gcd(*resolution, needed) * needed;
    let fault = if both > FINEST {
        Fault::new(
            format!("lengths so different that {both} ticks to a quarter note would be needed"),
            "Write lengths that share their divisors; MIDI has 32,767 ticks at most",
        )
    } else if ticks(time, both).is_err() {
        Fault::new("a moment too late to be counted", "Split the tune")
    } else {
        *resolution = both;
        return Ok(());
    };
    Err(fault.at(place.line, place.column))
}
