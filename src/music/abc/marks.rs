//! The marks between notes: tuplets, broken rhythm, bar lines, repeats and endings.

use super::cursor::{Cursor, Fault};
use super::fraction::Fraction;
use super::item::{Bar, Place};
use super::line::Line;
use super::reader::Reader;

/// The most times that a passage is played.
const MOST_PASSES: u64 = 32;

/// `(3`, `(3:2` or `(3:2:3`; without a number a slur, which is skipped.
pub(super) fn tuplet(line: &mut Line, cursor: &mut Cursor) -> Result<(), Fault> {
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
pub(super) fn broken_rhythm(line: &mut Line, cursor: &mut Cursor, sign: char) -> Result<(), Fault> {
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

/// A bar line of any kind, with the repeats and the ending that it carries: a run of `|`, `[`, `]` and `:`.
/// Colons before a stroke end a repeat, also within the run (`|]:|`); those after the last stroke start one.
pub(super) fn bar(reader: &mut Reader, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
    let (mut strokes, mut ends, mut both) = (0, 0, false);
    let mut dots = colons(cursor)?;
    loop {
        let more = strokes_of(cursor, strokes > 0 || dots > 0);
        if more == 0 {
            break;
        }
        if strokes > 0 && dots > 1 {
            both = true; // `|::|`
        } else {
            ends = ends.max(dots);
        }
        strokes += more;
        dots = colons(cursor)?;
    }
    match (strokes, dots) {
        (0, 1) => return lone_colon(reader, cursor, place),
        (0, _) => both = true, // `::` is `:||:`
        _ => {}
    }
    let bar = Bar {
        line: true,
        double: strokes > 1 || both,
        ends: ends.max(u32::from(both)),
        starts: dots > 0 || both,
        ending: ending(cursor)?,
    };
    reader.voice()?.bar(bar, place);
    Ok(())
}

/// How many colons follow.
fn colons(cursor: &mut Cursor) -> Result<u32, Fault> {
    match cursor.take_while(|sign| sign == ':').len() as u64 {
        count if count < MOST_PASSES => Ok(count as u32),
        _ => Err(too_many_passes()),
    }
}

/// How many thin and thick strokes follow; a `]` is one only after other signs of a bar line.
fn strokes_of(cursor: &mut Cursor, mut within: bool) -> u32 {
    let mut count = 0;
    loop {
        match cursor.peek() {
            Some('|') => {}
            Some(']') if within => {}
            Some('[') if matches!(cursor.peek_second(), Some('|' | ']' | ':')) => {}
            _ => return count,
        }
        cursor.take();
        within = true;
        count += 1;
    }
}

/// The passes of an ending that is written right after a bar line; 0 if there is none.
fn ending(cursor: &mut Cursor) -> Result<u64, Fault> {
    let digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
    if cursor.peek() == Some('[') && digit(cursor.peek_second()) {
        cursor.take();
    }
    if digit(cursor.peek()) {
        endings(cursor)
    } else {
        Ok(0)
    }
}

/// A colon alone is half of a sign that a space or the end of a line splits: `:` and `|`, or `|` and `:`.
fn lone_colon(reader: &mut Reader, cursor: &mut Cursor, place: Place) -> Result<(), Fault> {
    let next = cursor.ahead().find(|sign| !sign.is_whitespace());
    let mut bar = Bar {
        line: true,
        ..Bar::default()
    };
    if next == Some('|') {
        bar.ends = 1;
    } else if reader.voice()?.is_at_bar_line() {
        bar.starts = true;
    } else if cursor.passed().trim() == ":" {
        bar.starts = true;
        reader.warn_at(place, "a colon at the start of a line is taken for |:");
    } else if matches!(next, None | Some('\\')) {
        bar.ends = 1;
        reader.warn_at(place, "a colon at the end of a line is taken for :|");
    } else {
        return Err(Fault::new(
            "a colon alone",
            "A repeat is written |: at its start and :| at its end",
        ));
    }
    reader.voice()?.bar(bar, place);
    Ok(())
}

/// The passes that an ending is for, `1`, `1,3` or `1-3`, as bits.
pub(super) fn endings(cursor: &mut Cursor) -> Result<u64, Fault> {
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
