//! A line of music, symbol by symbol.

use super::cursor::{Cursor, Fault};
use super::fraction::Fraction;
use super::item::{Bar, Place};
use super::key;
use super::line::{Line, Written};
use super::reader::Reader;
use super::text::field;

/// The most notes in a chord.
const MOST_IN_CHORD: usize = 64;
/// The most times that a passage is played.
const MOST_PASSES: u64 = 32;
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
            '|' | ':' => bar(reader.voice()?, cursor, place)?,
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
            _ => skip(cursor, sign)?,
        }
    }
    Ok(())
}

/// Passes what makes no sound: chord symbols, grace notes, decorations, spaces.
fn skip(cursor: &mut Cursor, sign: char) -> Result<(), Fault> {
    let closed = |text: Option<&str>, what, remedy| text.map(|_| ()).ok_or_else(|| Fault::new(what, remedy));
    let dotted_bar = sign == '.' && cursor.peek_second() == Some('|');
    match sign {
        '"' | '{' => {
            let end = if sign == '{' { '}' } else { sign };
            cursor.take();
            closed(
                cursor.until(end),
                format!("{sign} that is not closed"),
                "Close it on the same line",
            )?;
        }
        '!' | '+' => skip_decoration(cursor, sign),
        'y' => {
            cursor.take();
            cursor.take_while(|spacer| spacer.is_ascii_digit() || spacer == '/');
        }
        'H'..='W'
        | 'h'..='w'
        | ' '
        | '\t'
        | ')'
        | '\\'
        | '`'
        | '~'
        | '.'
        | '$'
        | '#'
        | '*'
        | ';'
        | '?'
        | '@' => {
            cursor.take();
            if dotted_bar {
                cursor.take(); // a dotted bar line is an editor's help: it ends no bar
            }
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

/// `!trill!` or `+trill+`; a sign alone is an old way to break a printed line.
fn skip_decoration(cursor: &mut Cursor, sign: char) {
    cursor.take();
    let name = |character: &char| character.is_ascii_graphic() && !['|', sign].contains(character);
    let length = cursor.ahead().take(LONGEST_DECORATION).take_while(name).count();
    if cursor.ahead().nth(length) == Some(sign) {
        cursor.until(sign);
    }
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
        Some('|' | ']') => return bar(reader.voice()?, cursor, place),
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
    chord(reader.voice()?, cursor, place)
}

/// The rest of a chord, after its bracket.
fn chord(line: &mut Line, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
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
            Some(other) => skip(cursor, other)?,
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
    line.sound(&notes, length, place)
}

/// `(3`, `(3:2` or `(3:2:3`; without a number a slur, which is skipped.
fn tuplet(line: &mut Line, cursor: &mut Cursor) -> Result<(), Fault> {
    cursor.take();
    if cursor.peek() == Some('&') {
        return Err(Fault::new(
            "an overlay of several bars",
            "Write the overlay bar by bar, or as another voice",
        ));
    }
    let Some(notes) = cursor.number()? else {
        return Ok(());
    };
    let (mut time, mut count) = (None, None);
    if cursor.eat(':') {
        time = cursor.number()?;
        if cursor.eat(':') {
            count = cursor.number()?;
        }
    }
    let metre = line.settings.context.metre;
    let compound = metre.is_some_and(|metre| metre.unit >= 8 && metre.beats > 3 && metre.beats % 3 == 0);
    let usual = match notes {
        2 | 4 | 8 => Some(3),
        3 | 6 => Some(2),
        5 | 7 | 9 => Some(if compound { 3 } else { 2 }),
        _ => None,
    };
    let sensible = |number: &u64| (1..=99).contains(number);
    let time = time.or(usual).filter(sensible);
    let count = Some(count.unwrap_or(notes)).filter(sensible);
    let (Some(notes), Some(time), Some(count)) = (Some(notes).filter(sensible), time, count) else {
        return Err(Fault::new(
            "a tuplet that says no rhythm",
            "Write (2 to (9, or (p:q:r for p notes in the time of q, for the next r notes, up to 99",
        ));
    };
    line.start_tuplet(Fraction::new(time, notes)?, count)
}

/// `>`, `>>`, `>>>` and their opposites.
fn broken_rhythm(line: &mut Line, cursor: &mut Cursor, sign: char) -> Result<(), Fault> {
    let dots = cursor.take_while(|other| other == sign).len();
    if dots > 3 {
        return Err(Fault::new(
            "a broken rhythm of more than three dots",
            "Write one to three > or <",
        ));
    }
    let short = Fraction::part(1 << dots);
    let long = Fraction::new((2 << dots) - 1, 1 << dots)?;
    match sign {
        '>' => line.break_rhythm(long, short),
        _ => line.break_rhythm(short, long),
    }
}

/// A bar line of any kind, with the repeats and the ending that it carries.
fn bar(line: &mut Line, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
    let before = cursor.take_while(|sign| sign == ':').len();
    let mut strokes = 0;
    let mut after = 0;
    loop {
        match cursor.peek() {
            Some(':') => {
                after = cursor.take_while(|sign| sign == ':').len();
                continue;
            }
            Some('|') => {}
            Some(']') if strokes > 0 => {}
            Some('[') if matches!(cursor.peek_second(), Some('|' | ']')) => {}
            _ => break,
        }
        cursor.take();
        strokes += 1;
        after = 0;
    }
    if before == 1 && strokes == 0 {
        return Err(Fault::new(
            "a colon alone",
            "A repeat is written |: at its start and :| at its end",
        ));
    }
    if before.max(after) as u64 >= MOST_PASSES {
        return Err(too_many_passes());
    }
    let ended = if cursor.peek() == Some('[') && cursor.peek_second().is_some_and(|c| c.is_ascii_digit()) {
        cursor.take();
        true
    } else {
        cursor.peek().is_some_and(|c| c.is_ascii_digit())
    };
    let both = strokes == 0; // `::` is `:||:`
    let bar = Bar {
        line: true,
        double: strokes > 1 || both,
        ends: if both { 1 } else { before as u32 },
        starts: after > 0 || both,
        ending: if ended { endings(cursor)? } else { 0 },
    };
    line.bar(bar, place);
    Ok(())
}

/// The passes that an ending is for, `1`, `1,3` or `1-3`, as bits.
fn endings(cursor: &mut Cursor) -> Result<u64, Fault> {
    let mut passes = 0;
    let mut from = None;
    loop {
        let number = cursor.number()?.unwrap_or(0);
        if !(1..=MOST_PASSES).contains(&number) {
            return Err(too_many_passes());
        }
        for pass in from.unwrap_or(number).min(number)..=number {
            passes |= 1u64 << pass;
        }
        let more = cursor.peek_second().is_some_and(|next| next.is_ascii_digit());
        match cursor.peek() {
            Some(',') if more => from = None,
            Some('-') if more => from = Some(number),
            _ => return Ok(passes),
        }
        cursor.take();
    }
}

fn too_many_passes() -> Fault {
    Fault::new(
        format!("a repeat or ending beyond {MOST_PASSES} times"),
        "Write the music out, or number the endings from 1",
    )
}
