//! One track of a MIDI file: its events become notes, channel by channel.

use super::Warnings;
use super::chunks::Chunk;
use super::drums;
use super::events::Events;
use crate::Result;
use crate::music::{Key, Metre, Mode, Note, Pitch, Tempo};
use midly::{MetaMessage, MidiMessage, TrackEventKind};
use std::collections::{BTreeMap, VecDeque};

/// What a track says. Changes are (tick, value), in order.
#[derive(Default)]
pub(super) struct Track {
    pub name: Option<String>,
    pub channels: BTreeMap<u8, Channel>,
    /// When the sustain pedal of a channel goes down (true) and up, if it does.
    pub pedals: BTreeMap<u8, Vec<(u32, bool)>>,
    /// When a channel is made a drum part by system exclusive (true), or one of pitches.
    pub parts: Vec<(u32, (u8, bool))>,
    /// Whether the file resets a Roland GS synthesizer, for which bank 127 is no drum kit.
    pub gs: bool,
    pub tempi: Vec<(u32, Tempo)>,
    pub metres: Vec<(u32, Metre)>,
    pub keys: Vec<(u32, Key)>,
}

/// What a track plays on one channel.
#[derive(Default)]
pub(super) struct Channel {
    /// Each change of the sound.
    pub patches: Vec<(u32, Patch)>,
    pub notes: Vec<Note>,
}

/// The sound that a channel is set to.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Patch {
    pub program: Option<u8>,
    /// Whether the bank holds drum kits.
    pub drums: bool,
}

/// A track while it is being read.
struct Reader<'a> {
    track: Track,
    /// Places in `Channel::notes` of what still sounds, by channel and pitch, the oldest first.
    sounding: BTreeMap<(u8, u8), VecDeque<usize>>,
    number: usize,
    warnings: &'a mut Warnings,
}

/// Reads the events of a track.
pub(super) fn read(chunk: &Chunk, warnings: &mut Warnings) -> Result<Track> {
    let mut reader = Reader {
        track: Track::default(),
        sounding: BTreeMap::new(),
        number: chunk.number,
        warnings,
    };
    let mut events = Events::new(chunk);
    while let Some((now, event)) = events.next(reader.warnings)? {
        match event {
            TrackEventKind::Midi { channel, message } => reader.message(now, channel.as_int(), message),
            TrackEventKind::Meta(meta) => reader.meta(now, meta),
            TrackEventKind::SysEx(data) => {
                reader.track.gs |= drums::is_gs_reset(data);
                let part = drums::part(data);
                reader.track.parts.extend(part.map(|part| (now, part)));
            }
            TrackEventKind::Escape(_) => {}
        }
    }
    if !reader.sounding.values().all(VecDeque::is_empty) {
        reader.close_all(events.end()?);
    }
    Ok(reader.track)
}

/// UTF-8, or else what older programs wrote: one byte a letter, as in Latin-1.
fn text(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    };
    text.trim_end_matches('\0').to_string()
}

impl Reader<'_> {
    fn warn(&mut self, line: impl FnOnce() -> String) {
        let number = self.number;
        self.warnings.add(|| format!("track {number}: {}", line()));
    }

    fn message(&mut self, now: u32, channel: u8, message: MidiMessage) {
        match message {
            MidiMessage::NoteOn { key, vel } if vel > 0 => {
                let Some(pitch) = Pitch::from_midi(key.as_int()) else {
                    return;
                };
                let notes = &mut self.track.channels.entry(channel).or_default().notes;
                let queue = self.sounding.entry((channel, pitch.midi())).or_default();
                queue.push_back(notes.len());
                notes.push(Note {
                    onset: now,
                    duration: 0,
                    pitch,
                    velocity: vel.as_int(),
                });
            }
            MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
                self.close(now, channel, key.as_int());
            }
            MidiMessage::ProgramChange { program } => self.set(now, channel, |patch| {
                patch.program = Some(program.as_int());
            }),
            MidiMessage::Controller { controller, value } => {
                self.controller(now, channel, controller.as_int(), value.as_int());
            }
            _ => {}
        }
    }

    fn controller(&mut self, now: u32, channel: u8, controller: u8, value: u8) {
        match controller {
            0 => self.set(now, channel, |patch| patch.drums = drums::is_kit_bank(value)),
            64 => self.pedal(now, channel, value >= 64),
            121 => self.pedal(now, channel, false), // all controllers reset
            // All sound off, and all notes off with its variants: the only controllers that end notes.
            120 | 123.. => {
                let of_channel = self.sounding.range((channel, 0)..=(channel, 127));
                let keys: Vec<u8> = of_channel.map(|(&(_, key), _)| key).collect();
                for key in keys {
                    while self.close(now, channel, key) {}
                }
            }
            _ => {}
        }
    }

    /// Changes the sound of a channel, if it does change.
    fn set(&mut self, now: u32, channel: u8, change: impl FnOnce(&mut Patch)) {
        let patches = self
            .track
            .channels
            .get(&channel)
            .map_or(&[][..], |channel| &channel.patches);
        let before = patches.last().map(|&(_, patch)| patch).unwrap_or_default();
        let mut patch = before;
        change(&mut patch);
        if patch != before {
            let channel = self.track.channels.entry(channel).or_default();
            channel.patches.push((now, patch));
        }
    }

    fn pedal(&mut self, now: u32, channel: u8, down: bool) {
        let changes = self.track.pedals.get(&channel);
        if changes
            .and_then(|changes| changes.last())
            .is_some_and(|last| last.1)
            != down
        {
            self.track.pedals.entry(channel).or_default().push((now, down));
        }
    }

    /// Ends the oldest sounding note of this pitch; says whether there was one.
    fn close(&mut self, now: u32, channel: u8, key: u8) -> bool {
        let Some(queue) = self.sounding.get_mut(&(channel, key)) else {
            return false;
        };
        let oldest = queue.pop_front(); // an empty queue stays for the next note of its pitch
        let notes = self
            .track
            .channels
            .get_mut(&channel)
            .map(|channel| &mut channel.notes);
        let Some(note) = oldest.and_then(|i| notes?.get_mut(i)) else {
            return false;
        };
        note.duration = now.saturating_sub(note.onset).max(1);
        true
    }

    fn close_all(&mut self, now: u32) {
        let open: usize = self.sounding.values().map(VecDeque::len).sum();
        self.warn(|| format!("{open} notes never end; they are closed at the end of the track"));
        let keys: Vec<(u8, u8)> = self.sounding.keys().copied().collect();
        for (channel, key) in keys {
            while self.close(now, channel, key) {}
        }
    }

    fn meta(&mut self, now: u32, meta: MetaMessage) {
        match meta {
            MetaMessage::TrackName(name) if self.track.name.is_none() => self.track.name = Some(text(name)),
            MetaMessage::Tempo(micros) if micros > 0 => {
                let micros_per_quarter = micros.as_int();
                self.track.tempi.push((now, Tempo { micros_per_quarter }));
            }
            MetaMessage::Tempo(_) => self.warn(|| format!("tempo zero at tick {now} is left out")),
            MetaMessage::TimeSignature(beats, power, ..) => match 1u8.checked_shl(power.into()) {
                Some(unit) if beats > 0 => self.track.metres.push((now, Metre { beats, unit })),
                _ => self.warn(|| format!("a metre of {beats}/2^{power} at tick {now} is left out")),
            },
            MetaMessage::KeySignature(sharps, minor) if (-7..=7).contains(&sharps) => {
                let mode = if minor { Mode::Minor } else { Mode::Major };
                self.track.keys.push((now, Key { sharps, mode }));
            }
            MetaMessage::KeySignature(sharps, _) => {
                self.warn(|| format!("a key of {sharps} sharps at tick {now} is left out"));
            }
            _ => {}
        }
    }
}
