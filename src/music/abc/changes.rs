//! What fields and directives change while a tune is read.

use super::cursor::Fault;
use super::directive::{Directive, directive};
use super::fields::{self, Header};
use super::reader::Reader;
use super::staff::Staff;

/// Words that send a player back or on, in small letters.
const JUMPS: [&str; 8] = [
    "d.c.",
    "d.s.",
    "dacapo",
    "da capo",
    "dacoda",
    "dal segno",
    "fine",
    "to coda",
];
/// The most semitones that directives add up to.
const MOST_SHIFT: i32 = 1000;

impl Reader {
    /// Takes in a field, on a line of its own or within the music. Until the first note and the first `V:` after
    /// the head, fields go on to say what all voices start with.
    pub(super) fn field(&mut self, letter: char, value: &str) -> Result<(), Fault> {
        self.count_symbol()?;
        match letter {
            'V' => self.switch_voice(value)?,
            'T' => self.header.set(letter, value)?,
            'I' => self.directive(value),
            'Q' => self.tempo(value)?,
            'm' => self.warn(|| "macros (m:) are not followed".to_string()),
            'P' if self.in_body => self.label(value),
            _ if self.start.is_none() => {
                self.header.set(letter, value)?;
                match letter {
                    'P' => self.order_line = self.number,
                    'K' if !self.in_body => {
                        self.in_body = true;
                        self.unit_at_key = Some(self.header.unit());
                    }
                    _ => {}
                }
            }
            'M' | 'L' | 'K' => {
                let mut change = Header::default();
                change.set(letter, value)?;
                let settings = &mut self.voice()?.settings;
                match letter {
                    'M' => settings.context.metre = change.metre,
                    'L' => settings.unit = change.unit(),
                    _ => {
                        if let Some((signature, key)) = change.signature {
                            settings.signature = signature;
                            settings.context.key = key;
                        }
                        settings.staff = settings.staff.then(change.staff);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// `Q:`; one that cannot be read costs the tempo, not the tune.
    fn tempo(&mut self, value: &str) -> Result<(), Fault> {
        match fields::tempo(value) {
            Ok(None) => {}
            Ok(tempo) if self.start.is_none() => self.header.tempo = tempo,
            Ok(Some(tempo)) => {
                let settings = &mut self.voice()?.settings;
                settings.context.tempo = Some(tempo.tempo(settings.unit));
            }
            Err(fault) => self.warn(|| format!("{}: the tempo stays as it was", fault.what())),
        }
        Ok(())
    }

    /// `P:` in the music, which only matters if the head gives an order and another part begins.
    fn label(&mut self, value: &str) {
        let goes_on = self.labels.last().is_some_and(|label| label == value);
        if !self.header.order.is_empty() && !goes_on {
            self.labels.push(value.to_string());
        }
    }

    pub(super) fn directive(&mut self, text: &str) {
        match directive(text) {
            Ok(None) => {}
            Ok(Some(Directive::Accidentals(accidentals))) => match self.start {
                None => self.header.accidentals = accidentals,
                Some(_) => self.voices[self.current].settings.accidentals = accidentals,
            },
            Ok(Some(Directive::Staff(said))) => *self.staff() = self.staff().then(said),
            Ok(Some(Directive::Further(semitones))) => {
                let all = self.header.staff.midi_transpose;
                let staff = self.staff();
                let before = staff.midi_transpose.or(all).unwrap_or(0);
                staff.midi_transpose = Some((before + semitones).clamp(-MOST_SHIFT, MOST_SHIFT));
            }
            Ok(Some(Directive::Program { channel, program })) => {
                self.header.programs.insert(channel, program);
            }
            Ok(Some(Directive::Voice(id, said))) => match self.voice_named(id) {
                Ok(index) => {
                    let staff = &mut self.voices[index].settings.staff;
                    *staff = staff.then(said);
                }
                Err(fault) => self.warn(|| fault.what()),
            },
            Err(fault) => self.warn(|| fault.what()),
        }
    }

    /// The staff that a directive in this place speaks of: of the voice that the music belongs to or that the head
    /// named last, or else of all voices.
    fn staff(&mut self) -> &mut Staff {
        let index = match self.start {
            Some(_) => Some(self.current),
            None => self.declared.filter(|_| !self.in_body),
        };
        match index.and_then(|index| self.voices.get_mut(index)) {
            Some(voice) => &mut voice.settings.staff,
            None => &mut self.header.staff,
        }
    }

    /// `V:`, which declares a voice in the head of a tune and turns to it in the music.
    fn switch_voice(&mut self, value: &str) -> Result<(), Fault> {
        let field = fields::voice(value)?;
        if self.in_body {
            self.start_music();
        }
        let index = self.voice_named(field.id)?;
        if self.in_body {
            self.current = index;
        } else {
            self.declared = Some(index);
        }
        let voice = &mut self.voices[index];
        voice.name = field.name.unwrap_or_else(|| std::mem::take(&mut voice.name));
        voice.settings.staff = voice.settings.staff.then(field.staff);
        Ok(())
    }

    /// Warns, once, of words that would send a player elsewhere.
    pub(super) fn note_jump(&mut self, words: &str) {
        if words.len() < 4 || self.warned_of_jumps {
            return;
        }
        let small = words.to_ascii_lowercase();
        if JUMPS.iter().any(|jump| small.contains(jump)) {
            self.warned_of_jumps = true;
            self.warn(|| format!("\"{words}\" is not followed: the music is played as written"));
        }
    }
}
