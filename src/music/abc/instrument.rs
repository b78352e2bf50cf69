//! What plays the notes of a line, and the voices that come of it.

use super::line::Line;
use super::staff::Staff;
use crate::music::{Note, Voice};
use std::collections::BTreeMap;

/// What plays a note.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Instrument {
    /// MIDI channel, 1 to 16, if the voice names one.
    channel: Option<u8>,
    /// General MIDI program, 0 to 127, if the voice names one.
    program: Option<u8>,
    percussion: bool,
}

impl Instrument {
    pub(super) fn of(staff: Staff) -> Instrument {
        Instrument {
            channel: staff.channel,
            program: staff.program,
            percussion: staff.is_percussion(),
        }
    }

    /// The program: its own or that of its channel, which is the voice's number, but for channel 10, unless it is named.
    fn plays(self, number: u8, programs: &BTreeMap<u8, u8>) -> u8 {
        let channel = self.channel.unwrap_or(number + u8::from(number >= 10));
        let program = self.program.or(programs.get(&channel).copied());
        program.unwrap_or(0)
    }
}

/// The voices of a line, the `number`th of its tune from 1: one for each instrument, named by its index, that plays in it.
pub(super) fn voices(
    line: &Line,
    number: u8,
    notes: &[(Note, usize)],
    programs: &BTreeMap<u8, u8>,
) -> Vec<Voice> {
    let voice = |index: usize| {
        let instrument = line.instruments[index];
        Voice {
            name: line.name.clone(),
            program: instrument.plays(number, programs),
            percussion: instrument.percussion,
            notes: Vec::new(),
        }
    };
    let mut voices = vec![voice(notes.first().map_or(0, |(_, index)| *index))];
    let mut last = None; // the instrument of the note before, and its voice
    for &(note, index) in notes {
        let place = match last {
            Some((before, place)) if before == index => place,
            _ => {
                let next = voice(index);
                let same =
                    |other: &Voice| (other.program, other.percussion) == (next.program, next.percussion);
                voices.iter().position(same).unwrap_or_else(|| {
                    voices.push(next);
                    voices.len() - 1
                })
            }
        };
        last = Some((index, place));
        voices[place].notes.push(note);
    }
    voices.iter_mut().for_each(|voice| voice.notes.sort());
    voices
}
