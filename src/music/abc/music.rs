//! A line of music, symbol by symbol.

use super::cursor::{Cursor, Fault};
use super::fraction::Fraction;
use super::item::{Bar, Place};
use super::key;
use super::line::Written;
use super::marks::{bar, broken_rhythm, endings, tuplet};
use super::reader::Reader;
use super::text::field;

/// The most notes in a chord.
const MOST_IN_CHORD: usize = 64;
/// The longest name of a decoration, such as `!crescendo(!`.
const LONGEST_DECORATION: usize = 32;

/// Reads a line of music into the current voice. On a fault the cursor stands where it is.
pub(super) fn read_line(reader: &mut Reader, cursor: &mut Cursor, line: usize) -> Result<(), Fault> {
    while let Some(sign) = cursor.peek() {
        reader.count_symbol()?;
        let place = Place {
            line,
            column: cursor.column(),
        };
        match sign {
            'A'..='G' | 'a'..='g' | '^' | '_' | '=' => {
                let note = note(cursor)?;
                reader.voice()?.sound(&[note], Fraction::ONE, place)?;
            }
            'z' | 'x' => {
                cursor.take();
                let length = length(cursor)?;
                reader.voice()?.sound(&[], length, place)?;
            }
            'Z' | 'X' => {
                cursor.take();
                let bars = cursor.number()?.unwrap_or(1);
                reader.voice()?.bars_of_rest(bars, place)?;
            }
            '|' | ':' => bar(reader, cursor, place)?,
            '[' => bracket(reader, cursor, place)?,
            '(' => tuplet(reader.voice()?, cursor)?,
            '>' | '<' => broken_rhythm(reader.voice()?, cursor, sign)?,
            '-' => {
                cursor.take();
                reader.voice()?.tie();
            }
            '&' => {
                cursor.take();
                reader.voice()?.overlay(place);
            }
            _ => skip(reader, cursor, sign)?,
        }
    }
    Ok(())
}

/// Passes what makes no sound: chord symbols, grace notes, decorations, spaces.
fn skip(reader: &mut Reader, cursor: &mut Cursor, sign: char) -> Result<(), Fault> {
    match sign {
        '"' | '{' => {
            let end = if sign == '{' { '}' } else { sign };
            cursor.take();
            let Some(inside) = cursor.until(end) else {
                let what = format!("{sign} that is not closed");
                return Err(Fault::new(what, "Close it on the same line"));
            };
            match sign {
                '{' => grace_accidentals(reader, inside)?,
                _ => reader.note_jump(inside),
            }
        }
        '!' | '+' => {
            let name = decoration(cursor, sign);
            reader.note_jump(name);
        }
        'y' => {
            cursor.take();
            cursor.take_while(|spacer| spacer.is_ascii_digit() || spacer == '/');
        }
        '.' => {
            cursor.take();
            cursor.eat('|'); // a dotted bar line is an editor's help: it ends no bar
        }
        'H'..='W' | 'h'..='w' => {
            cursor.take(); // a decoration by its letter
        }
        ignored if " \t\\)`~$#*;?@".contains(ignored) || is_space(ignored) => {
            cursor.take();
        }
        other => {
            return Err(Fault::new(
                format!("{other:?} has no meaning in music"),
                "Take it away, or put words in quotation marks or after a %",
            ));
        }
    }
    Ok(())
}

/// Spaces of every width, also those that text from web pages has without showing it.
fn is_space(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
        )
}

/// The name in `!trill!` or `+trill+`, or nothing: a sign alone is an old way to break a printed line.
fn decoration<'a>(cursor: &mut Cursor<'a>, sign: char) -> &'a str {
    cursor.take();
    let name = |character: &char| character.is_ascii_graphic() && !['|', sign].contains(character);
    let length = cursor.ahead().take(LONGEST_DECORATION).take_while(name).count();
    if cursor.ahead().nth(length) == Some(sign) {
        return cursor.until(sign).unwrap_or_default();
    }
    ""
}

/// Grace notes are not played, but their accidentals hold for the notes after them.
fn grace_accidentals(reader: &mut Reader, inside: &str) -> Result<(), Fault> {
    let mut cursor = Cursor::new(inside);
    while let Some(sign) = cursor.peek() {
        let written = if "^_=".contains(sign) {
            note(&mut cursor).ok()
        } else {
            None
        };
        match written.and_then(|note| note.accidental.map(|accidental| (note.step, accidental))) {
            Some((step, accidental)) => reader.voice()?.alter(step, accidental),
            None => drop(cursor.take()),
        }
    }
    Ok(())
}

/// A note with its accidental, octave, length and tie.
fn note(cursor: &mut Cursor) -> Result<Written, Fault> {
    let signs = cursor.take_while(|sign| "^_=".contains(sign));
    let accidental = match signs {
        "" => None,
        "^" => Some(1),
        "^^" => Some(2),
        "_" => Some(-1),
        "__" => Some(-2),
        "=" => Some(0),
        _ => {
            return Err(Fault::new(
                format!("\"{signs}\" is no accidental"),
                "Write ^ or ^^ for sharps, _ or __ for flats, = for a natural",
            ));
        }
    };
    let name = cursor.peek().filter(|name| "ABCDEFGabcdefg".contains(*name));
    let Some((name, letter)) = name.and_then(|name| Some((name, key::letter(name)?))) else {
        return Err(Fault::new(
            "an accidental without a note (there are no quarter tones here)",
            "Write a letter A to G, or a to g, right after the accidental",
        ));
    };
    cursor.take();
    let marks = cursor.take_while(|mark| mark == '\'' || mark == ',');
    let up = marks.chars().filter(|&mark| mark == '\'').count() as i64;
    let down = marks.len() as i64 - up;
    // beyond ten octaves either way no shift brings the note back into range
    let octave = (i64::from(name.is_ascii_lowercase()) + up - down).clamp(-100, 100) as i32;
    Ok(Written {
        step: 7 * octave + letter as i32,
        accidental,
        length: length(cursor)?,
        tied: cursor.eat('-'),
    })
}

/// A length: `2`, `3/2`, `/` (a half), `//` (a quarter), `/4`, or nothing (1).
fn length(cursor: &mut Cursor) -> Result<Fraction, Fault> {
    let over = cursor.number()?.unwrap_or(1);
    let slashes = cursor.take_while(|slash| slash == '/').len();
    let under = match (slashes, cursor.number()?) {
        (0, Some(_)) | (0, None) => 1,
        (1, Some(under)) => under,
        (count, None) if count < 20 => 1 << count,
        _ => 0,
    };
    if over == 0 || under == 0 {
        return Err(Fault::new(
            "a length that is no length",
            "Write lengths as in C2, C3/2, C/ or C/4",
        ));
    }
    Fraction::new(over, under)
}

/// What an opening bracket may begin: a bar line, an ending, a field or a chord.
fn bracket(reader: &mut Reader, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
    match cursor.peek_second() {
        Some('|' | ']' | ':') => return bar(reader, cursor, place),
        Some('0'..='9') => {
            cursor.take();
            let ending = endings(cursor)?;
            let bar = Bar {
                ending,
                ..Bar::default()
            };
            reader.voice()?.bar(bar, place);
            return Ok(());
        }
        _ => {}
    }
    cursor.take();
    if cursor.peek().is_some_and(|letter| letter.is_ascii_alphabetic()) && cursor.peek_second() == Some(':') {
        let inline = cursor.until(']').ok_or_else(|| {
            Fault::new(
                "a field in brackets that is not closed",
                "Close it on the same line: [K:G]",
            )
        })?;
        return match field(inline) {
            Some((letter, value)) => reader.field(letter, value),
            None => Ok(()),
        };
    }
    chord(reader, cursor, place)
}

/// The rest of a chord, after its bracket.
fn chord(reader: &mut Reader, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
    let mut notes = Vec::new();
    loop {
        match cursor.peek() {
            Some(']') => break,
            Some('A'..='G' | 'a'..='g' | '^' | '_' | '=') => notes.push(note(cursor)?),
            Some('z' | 'x') => {
                cursor.take(); // a rest within a chord adds nothing
                length(cursor)?;
            }
            Some('-' | '(') => {
                cursor.take();
            }
            Some('[') | None => {
                return Err(Fault::new(
                    "a chord that is not closed",
                    "Close it on the same line: [CEG]",
                ));
            }
            Some(other) => skip(reader, cursor, other)?,
        }
        if notes.len() > MOST_IN_CHORD {
            return Err(Fault::new(
                format!("a chord of more than {MOST_IN_CHORD} notes"),
                "Close the bracket, or spread the notes over several voices",
            ));
        }
    }
    cursor.take();
    let length = length(cursor)?;
    reader.voice()?.sound(&notes, length, place)
}
