//! A tune as it is read, line after line: fields to where they belong, music to its voice.

use super::cursor::{Cursor, Fault};
use super::fields::Header;
use super::fraction::Fraction;
use super::item::{Context, MOST_ITEMS, Place};
use super::line::{Line, Settings};
use super::text::{field, uncommented};
use super::{music, parts, time};
use crate::Result;
use crate::music::Score;
use crate::music::midi::Warnings;

/// The most voices that a tune may have.
const MOST_VOICES: usize = 128;

/// A tune as it is read.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) header: Header,
    /// The number of the line being read, as the file counts.
    pub(super) number: usize,
    /// Whether there is a `K:`, and whether the first has been read, which ends the head of the tune.
    has_key: bool,
    pub(super) in_body: bool,
    /// Whether this is text or a drawing for the printed page, between `%%begintext` and `%%endtext`, say.
    in_block: bool,
    /// Whether the last field was `H:`, which may go on over lines.
    in_history: bool,
    /// The unit note length that the metre gave in the head; a metre after it gives no other.
    pub(super) unit_at_key: Option<Fraction>,
    /// What each voice starts with; none before the first note and the first `V:` of the body.
    pub(super) start: Option<Settings>,
    pub(super) voices: Vec<Line>,
    /// The voice that music belongs to, and the one that the head of the tune named last.
    pub(super) current: usize,
    pub(super) declared: Option<usize>,
    /// The labels of parts; the first is that of the music before any.
    pub(super) labels: Vec<String>,
    /// Where the order of parts stands.
    pub(super) order_line: usize,
    symbols: usize,
    pub(super) warned_of_jumps: bool,
    warnings: Warnings,
}

/// The score of a tune's lines, the first of which has this number in its file, and what was mended or left out.
pub(super) fn score(
    lines: &[&str],
    first_line: usize,
    header: Header,
    warnings: &[String],
) -> Result<(Score, Vec<String>)> {
    let mut reader = Reader::new(header);
    for warning in warnings {
        reader.warnings.add(|| warning.clone());
    }
    reader.has_key = lines.iter().any(|line| matches!(field(line), Some(('K', _))));
    for (number, line) in (first_line..).zip(lines) {
        reader.line(line, number)?;
    }
    if reader.in_block {
        reader.warn(|| "a block of text (%%begin…) has no end: the rest is taken for text".to_string());
    }
    reader.finished(first_line)
}

/// What fields and directives before the first tune of a file say, and what was mended or left out.
pub(super) fn file_header<'a>(lines: impl Iterator<Item = &'a str>) -> Result<(Header, Vec<String>)> {
    let mut reader = Reader::new(Header::default());
    for (number, line) in (1..).zip(lines) {
        reader.number = number;
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
    fn new(header: Header) -> Reader {
        Reader {
            header,
            labels: vec![String::new()],
            ..Reader::default()
        }
    }

    fn line(&mut self, line: &str, number: usize) -> Result<()> {
        self.number = number;
        let text = line.trim_start();
        self.in_block = text.starts_with("%%begin") || (self.in_block && !text.starts_with("%%end"));
        if self.in_block {
            return Ok(());
        }
        if let Some(text) = text.strip_prefix("%%") {
            self.directive(uncommented(text));
            return Ok(());
        }
        let line = uncommented(line);
        if let Some((letter, value)) = field(line) {
            self.in_history = letter == 'H';
            let column = 3 + line.chars().take_while(|space| space.is_whitespace()).count();
            return self
                .field(letter, value)
                .map_err(|fault| fault.at(number, column));
        }
        if line.trim_start().is_empty() || text.starts_with("+:") {
            return Ok(());
        }
        if self.has_key && !self.in_body {
            if !self.in_history {
                self.warn(|| "text in the head of the tune, before its K:, is not played".to_string());
            }
            return Ok(());
        }
        if !self.in_body {
            self.warn(|| "the music begins without a K: before it; it is read in no key".to_string());
            self.in_body = true;
        }
        let mut cursor = Cursor::new(line);
        music::read_line(self, &mut cursor, number).map_err(|fault| fault.at(number, cursor.column()))
    }

    /// Notes what was mended or left out in this line.
    pub(super) fn warn(&mut self, what: impl FnOnce() -> String) {
        let line = self.number;
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

    /// What all voices start with, which is settled when it is first asked for.
    pub(super) fn start_music(&mut self) -> Settings {
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

    /// Where the voice of this identity stands; a new one is added.
    pub(super) fn voice_named(&mut self, id: &str) -> Result<usize, Fault> {
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
