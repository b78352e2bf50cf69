//! From the channels of every track to voices: each of one program.

use super::track::{Patch, Track};
use super::{Options, PERCUSSION, pedal};
use crate::music::{Note, Voice};
use std::collections::BTreeMap;

/// What a note is played by: a program, and whether its pitches name drums.
type Sound = (u8, bool);

/// One voice for each program that a channel of a track plays.
pub(super) fn of(tracks: Vec<Track>, options: Options) -> Vec<Voice> {
    let file = File::of(&tracks);
    let mut voices = Vec::new();
    for (i, track) in tracks.into_iter().enumerate() {
        let several = track.channels.len() > 1;
        let name = track.name.as_deref().unwrap_or_default();
        for (channel, said) in track.channels {
            // A track of programs only prepares other tracks, unless it is about one channel of its own.
            let prepared = said.patches.iter().any(|(_, patch)| patch.program.is_some());
            if said.notes.is_empty() && (several || i == 0 || !prepared) {
                continue;
            }
            let mut notes = said.notes;
            notes.sort();
            if options.pedal {
                let own = track.pedals.get(&channel);
                if let Some(changes) = own.or_else(|| file.pedals.get(&channel)) {
                    pedal::hold(&mut notes, changes);
                    notes.sort();
                }
            }
            let named = |more: Option<String>| {
                let channel = several.then(|| format!("channel {}", channel + 1));
                let parts = [(!name.is_empty()).then(|| name.to_string()), channel, more];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            };
            let parts = file.parts(channel, &said.patches, notes);
            let split = parts.len() > 1;
            voices.extend(parts.into_iter().map(|((program, percussion), notes)| Voice {
                name: named(split.then(|| match percussion {
                    true => format!("drum kit {program}"),
                    false => format!("program {program}"),
                })),
                program,
                percussion,
                notes,
            }));
        }
    }
    voices
}

/// What the tracks say for each other, by channel; each change with its tick.
struct File {
    /// The changes of sound in the first track that has any.
    patches: BTreeMap<u8, Vec<(u32, Patch)>>,
    /// So for the pedal.
    pedals: BTreeMap<u8, Vec<(u32, bool)>>,
    /// When it becomes a drum part (true), or one of pitches.
    drums: BTreeMap<u8, Vec<(u32, bool)>>,
    /// Whether the file is for GS, where the banks of drum kits hold other sounds.
    gs: bool,
}

impl File {
    fn of(tracks: &[Track]) -> File {
        let mut file = File {
            patches: BTreeMap::new(),
            pedals: BTreeMap::new(),
            drums: BTreeMap::new(),
            gs: tracks.iter().any(|track| track.gs),
        };
        for track in tracks {
            for (&channel, said) in track.channels.iter().filter(|(_, said)| !said.patches.is_empty()) {
                file.patches
                    .entry(channel)
                    .or_insert_with(|| said.patches.clone());
            }
            for (&channel, pedal) in &track.pedals {
                file.pedals.entry(channel).or_insert_with(|| pedal.clone());
            }
            for &(tick, (channel, drums)) in &track.parts {
                file.drums.entry(channel).or_default().push((tick, drums));
            }
        }
        for changes in file.drums.values_mut() {
            changes.sort_by_key(|change| change.0);
        }
        file
    }

    /// The notes of a channel, in order of onset, sorted by what plays them. `own` are the changes of sound in
    /// their own track; before the first of them, what another track says counts.
    fn parts(&self, channel: u8, own: &[(u32, Patch)], notes: Vec<Note>) -> Vec<(Sound, Vec<Note>)> {
        let others = self.patches.get(&channel).map_or(&[][..], Vec::as_slice);
        let drums = self.drums.get(&channel).map_or(&[][..], Vec::as_slice);
        let sound = |tick: u32| {
            let other = at(others, tick).unwrap_or_default();
            let patch = at(own, tick).unwrap_or(other);
            let kit = patch.drums && !self.gs && channel != PERCUSSION;
            let part = at(drums, tick).unwrap_or(channel == PERCUSSION);
            (patch.program.or(other.program).unwrap_or(0), part || kit)
        };
        let last = |changes: &[(u32, Patch)]| changes.last().map_or(0, |change| change.0);
        let last = last(own).max(last(others));
        let last = last.max(drums.last().map_or(0, |change| change.0));
        let first = notes.first().map_or(last, |note| note.onset);
        if first >= last {
            return vec![(sound(first), notes)]; // nearly every track
        }
        let mut parts: Vec<(Sound, Vec<Note>)> = Vec::new();
        for note in notes {
            let sound = sound(note.onset);
            match parts.iter_mut().find(|part| part.0 == sound) {
                Some(part) => part.1.push(note),
                None => parts.push((sound, vec![note])),
            }
        }
        parts
    }
}

/// The value in force at this tick.
fn at<T: Copy>(changes: &[(u32, T)], tick: u32) -> Option<T> {
    let after = changes.partition_point(|change| change.0 <= tick);
    changes[..after].last().map(|change| change.1)
}
