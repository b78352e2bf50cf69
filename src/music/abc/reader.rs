//! A tune's lines, one after another: fields to where they belong, music to its voice.

use super::cursor::{Cursor, Fault};
use super::fields::{self, Header};
use super::item::{Context, MOST_ITEMS, Place};
use super::line::{Line, Settings};
use super::text::{field, uncommented};
use super::{music, time};
use crate::Result;
use crate::music::Score;

/// The most voices that a tune may have.
const MOST_VOICES: usize = 128;

/// A tune as it is read.
pub(super) struct Reader {
    header: Header,
    /// What each voice starts with; none while the head of the tune is being read.
    start: Option<Settings>,
    voices: Vec<Line>,
    current: usize,
    symbols: usize,
}

/// The score of a tune's lines, the first of which has this number in its file.
pub(super) fn score<'a>(
    lines: impl Iterator<Item = &'a str>,
    first_line: usize,
    header: Header,
) -> Result<Score> {
    let mut reader = Reader {
        header,
        start: None,
        voices: Vec::new(),
        current: 0,
        symbols: 0,
    };
    let mut in_block = false;
    for (number, line) in (first_line..).zip(lines) {
        // text and drawings for the printed page may stand between %%begintext and %%endtext, say
        in_block = line.starts_with("%%begin") || (in_block && !line.starts_with("%%end"));
        let line = if in_block { "" } else { uncommented(line) };
        match field(line) {
            Some((letter, value)) => reader.field(letter, value).map_err(|fault| fault.at(number, 3))?,
            None if line.trim().is_empty() || line.starts_with("+:") => {}
            None => {
                reader.start_music();
                let mut cursor = Cursor::new(line);
                music::read_line(&mut reader, &mut cursor, number)
                    .map_err(|fault| fault.at(number, cursor.column()))?;
            }
        }
    }
    let start = reader.start_music().context;
    let head = Place {
        line: first_line,
        column: 1,
    };
    time::score(reader.header.title, head, start, &reader.voices)
}

impl Reader {
    /// The voice that music belongs to now: the first one, without a name, unless the tune says otherwise.
    pub(super) fn voice(&mut self) -> Result<&mut Line, Fault> {
        if self.voices.is_empty() {
            let index = self.voice_named("1")?;
            self.voices[index].name.clear();
        }
        let current = self.current.min(self.voices.len() - 1);
        Ok(&mut self.voices[current])
    }

    /// Counts one more symbol, up to as many as a tune may have.
    pub(super) fn count_symbol(&mut self) -> Result<(), Fault> {
        self.symbols += 1;
        if self.symbols > MOST_ITEMS {
            return Err(Fault::new(
                format!("more than {MOST_ITEMS} symbols in one tune"),
                "Split the tune",
            ));
        }
        Ok(())
    }

    /// Takes in a field, on a line of its own or within the music.
    pub(super) fn field(&mut self, letter: char, value: &str) -> Result<(), Fault> {
        self.count_symbol()?;
        match letter {
            'V' => return self.switch_voice(value),
            'T' => return self.header.set(letter, value),
            _ if self.start.is_none() => {
                self.header.set(letter, value)?;
                if letter == 'K' {
                    self.start_music();
                }
                return Ok(());
            }
            'M' | 'L' | 'Q' | 'K' => {}
            _ => return Ok(()),
        }
        let mut change = Header::default();
        change.set(letter, value)?;
        let settings = &mut self.voice()?.settings;
        match letter {
            'M' => settings.context.metre = change.metre,
            'L' => settings.unit = change.unit(),
            'Q' => {
                let tempo = change.tempo.map(|tempo| tempo.tempo(settings.unit));
                settings.context.tempo = tempo.or(settings.context.tempo);
            }
            _ => {
                if let Some((signature, key)) = change.key.signature {
                    settings.signature = signature;
                    settings.context.key = key;
                }
                settings.shift = change.key.shift.unwrap_or(settings.shift);
            }
        }
        Ok(())
    }

    /// Ends the head of the tune, if it has not ended yet: what voices start with is known now.
    fn start_music(&mut self) -> Settings {
        if let Some(start) = self.start {
            return start;
        }
        let header = &self.header;
        let (signature, key) = header.key.signature.unwrap_or_default();
        let unit = header.unit();
        let start = Settings {
            signature,
            shift: header.key.shift.unwrap_or(0),
            unit,
            context: Context {
                key,
                metre: header.metre,
                tempo: header.tempo.map(|tempo| tempo.tempo(unit)),
            },
        };
        self.start = Some(start);
        for voice in &mut self.voices {
            voice.start(start);
        }
        start
    }

    /// `V:`, which declares a voice in the head of a tune and turns to it in the music.
    fn switch_voice(&mut self, value: &str) -> Result<(), Fault> {
        let field = fields::voice(value)?;
        let index = self.voice_named(field.id)?;
        if self.start.is_some() {
            self.current = index;
        }
        let voice = &mut self.voices[index];
        voice.name = field.name.unwrap_or_else(|| std::mem::take(&mut voice.name));
        voice.voice_shift = field.shift.unwrap_or(voice.voice_shift);
        Ok(())
    }

    /// Where the voice of this identity stands; a new one is added.
    fn voice_named(&mut self, id: &str) -> Result<usize, Fault> {
        if let Some(index) = self.voices.iter().position(|voice| voice.id == id) {
            return Ok(index);
        }
        if self.voices.len() >= MOST_VOICES {
            return Err(Fault::new(
                format!("more than {MOST_VOICES} voices"),
                "Split the tune, or use fewer V: fields",
            ));
        }
        // a voice declared in the head gets its settings when the head ends
        let settings = self.start.unwrap_or(Settings::NONE);
        self.voices.push(Line::new(id, settings));
        Ok(self.voices.len() - 1)
    }
}
