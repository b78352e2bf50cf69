//! A tune's lines, one after another: fields to where they belong, music to its voice.

use super::cursor::{Cursor, Fault};
use super::directive::{Directive, directive};
use super::fields::{self, Header};
use super::fraction::Fraction;
use super::item::{Context, MOST_ITEMS, Place};
use super::line::{Line, Settings};
use super::staff::Staff;
use super::text::{field, uncommented};
use super::{music, parts, time};
use crate::Result;
use crate::music::Score;
use crate::music::midi::Warnings;

/// The most voices that a tune may have.
const MOST_VOICES: usize = 128;
/// The most semitones that directives add up to.
const MOST_SHIFT: i32 = 1000;
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

/// A tune as it is read.
#[derive(Default)]
pub(super) struct Reader {
    header: Header,
    /// The line being read, as the file counts.
    line: usize,
    /// Whether the first `K:` has been read, which ends the head of the tune.
    in_body: bool,
    /// The unit note length that the metre gave in the head; a metre after it gives no other.
    unit_at_key: Option<Fraction>,
    /// What each voice starts with; none before the first note and the first `V:` of the body.
    start: Option<Settings>,
    voices: Vec<Line>,
    /// The voice that music belongs to, and the one that the head of the tune named last.
    current: usize,
    declared: Option<usize>,
    /// The labels of parts; the first is that of the music before any.
    labels: Vec<String>,
    /// Where the order of parts stands.
    order_line: usize,
    symbols: usize,
    warned_of_jumps: bool,
    warnings: Warnings,
}

/// The score of a tune's lines, the first of which has this number in its file, and what was mended or left out.
pub(super) fn score(
    lines: &[&str],
    first_line: usize,
    header: Header,
    warnings: &[String],
) -> Result<(Score, Vec<String>)> {
    let mut reader = Reader {
        header,
        labels: vec![String::new()],
        ..Reader::default()
    };
    for warning in warnings {
        reader.warnings.add(|| warning.clone());
    }
    let has_key = lines.iter().any(|line| matches!(field(line), Some(('K', _))));
    let mut in_block = false;
    let mut in_history = false;
    for (number, line) in (first_line..).zip(lines) {
        reader.line = number;
        let start = line.trim_start();
        // text and drawings for the printed page may stand between %%begintext and %%endtext, say
        in_block = start.starts_with("%%begin") || (in_block && !start.starts_with("%%end"));
        if in_block {
            continue;
        }
        if let Some(text) = start.strip_prefix("%%") {
            reader.directive(uncommented(text));
            continue;
        }
        let line = uncommented(line);
        if let Some((letter, value)) = field(line) {
            in_history = letter == 'H';
            let column = 3 + line.chars().take_while(|space| space.is_whitespace()).count();
            reader
                .field(letter, value)
                .map_err(|fault| fault.at(number, column))?;
        } else if line.trim_start().is_empty() || start.starts_with("+:") {
        } else if has_key && !reader.in_body {
            if !in_history {
                reader.warn(|| "text in the head of the tune, before its K:, is not played".to_string());
            }
        } else {
            if !reader.in_body {
                reader.warn(|| "the music begins without a K: before it; it is read in no key".to_string());
                reader.in_body = true;
            }
            let mut cursor = Cursor::new(line);
            music::read_line(&mut reader, &mut cursor, number)
                .map_err(|fault| fault.at(number, cursor.column()))?;
        }
    }
    if in_block {
        reader.warn(|| {
            "a block of text (%%begin…) has no end: all after its start is taken for text".to_string()
        });
    }
    reader.finished(first_line)
}

/// What fields and directives before the first tune of a file say, and what was mended or left out.
pub(super) fn file_header<'a>(lines: impl Iterator<Item = &'a str>) -> Result<(Header, Vec<String>)> {
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(lines) {
        reader.line = number;
        if let Some(text) = line.trim_start().strip_prefix("%%") {
            reader.directive(uncommented(text));
        }
        if let Some((letter @ ('M' | 'L' | 'Q' | 'K' | 'I' | 'm'), value)) = field(uncommented(line)) {
            reader.field(letter, value).map_err(|fault| fault.at(number, 3))?;
        }
    }
    Ok((reader.header, reader.warnings.finished()))
}

impl Reader {
    /// Notes what was mended or left out in this line.
    pub(super) fn warn(&mut self, what: impl FnOnce() -> String) {
        let line = self.line;
        self.warnings.add(|| format!("line {line}: {}", what()));
    }

    /// Notes what was mended at this place of the music.
    pub(super) fn warn_at(&mut self, place: Place, what: &str) {
        let Place { line, column } = place;
        self.warnings
            .add(|| format!("line {line}, column {column}: {what}"));
    }

    /// The voice that music belongs to now: the first one, without a name, unless the tune says otherwise.
    pub(super) fn voice(&mut self) -> Result<&mut Line, Fault> {
        self.start_music();
        if self.voices.is_empty() {
            let index = self.voice_named("1")?;
            self.voices[index].name.clear();
        }
        let voice = &mut self.voices[self.current];
        voice.part = self.labels.len() - 1;
        Ok(voice)
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
                    'P' => self.order_line = self.line,
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

    /// `P:` in the music, which only matters if the head gives an order.
    fn label(&mut self, value: &str) {
        if !self.header.order.is_empty() {
            self.labels.push(value.to_string());
        }
    }

    fn directive(&mut self, text: &str) {
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

    /// What all voices start with, which is settled when it is first asked for.
    fn start_music(&mut self) -> Settings {
        if let Some(start) = self.start {
            return start;
        }
        let header = &self.header;
        let (signature, key) = header.signature.unwrap_or_default();
        let unit = header.unit.or(self.unit_at_key).unwrap_or(header.unit());
        let start = Settings {
            signature,
            staff: header.staff,
            accidentals: header.accidentals,
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
        // a voice declared in the head gets its settings when the music starts
        let settings = self.start.unwrap_or_default();
        self.voices.push(Line::new(id, settings));
        Ok(self.voices.len() - 1)
    }

    fn finished(mut self, first_line: usize) -> Result<(Score, Vec<String>)> {
        let start = self.start_music().context;
        let (line, warnings) = (self.order_line, &mut self.warnings);
        let warn = |what: String| warnings.add(|| format!("line {line}: {what}"));
        let plan = parts::plan(&self.header.order, &self.labels, &self.voices, warn);
        let head = Place {
            line: first_line,
            column: 1,
        };
        let score = time::score(&self.header, head, start, &self.voices, plan.as_deref())?;
        Ok((score, self.warnings.finished()))
    }
}
