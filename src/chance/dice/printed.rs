//! The game as it was printed, read from its table and its measures.

use super::{BARS, Game, Measure};
use crate::music::{Metre, Note, Score, Tempo, abc};
use crate::{Error, Result};

/// Sixteenth notes in a bar of 3/8.
const SIXTEENTHS: u32 = 6;

impl Game {
    /// The game as it was printed, from `data/dice-waltz/`.
    ///
    /// # Errors
    /// If those files were changed so that they no longer fit: see [`Game::parse`].
    pub fn printed() -> Result<Game> {
        Game::parse(
            include_str!("../../../data/dice-waltz/table.txt"),
            include_str!("../../../data/dice-waltz/measures.abc"),
        )
    }

    /// Reads a table (a row for each sum, `|` and spaces between numbers) and the measures it names
    /// (ABC: one tune of two voices, right hand and left; then the bar with the second ending).
    ///
    /// # Errors
    /// If the table is not of 11 rows and 16 columns, names a measure that is not there, or if the music is
    /// not in two voices and bars of six sixteenths.
    pub fn parse(table: &str, measures: &str) -> Result<Game> {
        let tunes = abc::decode(measures.as_bytes())?;
        let [(tune, _), (ending, _)] = tunes.as_slice() else {
            return Err(Error::format(
                "the whole file",
                format!("{} tunes instead of two", tunes.len()),
                "Write the measures as tune 1 and the second ending as tune 2",
            ));
        };
        let measures = measures_of(tune)?;
        let second_ending = measures_of(ending)?.swap_remove(0);
        let table = parse_table(table, measures.len())?;
        Ok(Game {
            metre: Metre { beats: 3, unit: 8 },
            tempo: Tempo::per_minute(96.0),
            sixteenths: SIXTEENTHS as usize,
            table,
            measures,
            second_ending: Some(second_ending),
        })
    }
}

/// Cuts a score of two voices into bars of six sixteenths.
fn measures_of(score: &Score) -> Result<Vec<Measure>> {
    let wrong = |what: String| {
        let place = format!("tune \"{}\"", score.title);
        Error::format(
            place,
            what,
            "Write two voices, right hand first, in 3/8 and sixteenths",
        )
    };
    let [right, left] = score.voices.as_slice() else {
        return Err(wrong(format!("{} voices instead of two", score.voices.len())));
    };
    // The score's ticks, told in sixteenths.
    let sixteenths = |ticks: u32| {
        let quarters = u64::from(ticks) * 4;
        let resolution = u64::from(score.resolution.max(1));
        (quarters % resolution == 0).then_some((quarters / resolution) as u32)
    };
    let last = sixteenths(score.end()).unwrap_or(0).max(1);
    let empty = Measure {
        right: Vec::new(),
        left: Vec::new(),
    };
    let mut measures = vec![empty; last.div_ceil(SIXTEENTHS) as usize];
    for (hand, voice) in [right, left].into_iter().enumerate() {
        for note in &voice.notes {
            let (Some(onset), Some(duration)) = (sixteenths(note.onset), sixteenths(note.duration)) else {
                return Err(wrong(format!(
                    "a note at tick {} falls between sixteenths",
                    note.onset
                )));
            };
            if onset % SIXTEENTHS + duration > SIXTEENTHS {
                return Err(wrong(format!(
                    "a note of measure {} crosses its bar line",
                    onset / SIXTEENTHS + 1
                )));
            }
            let measure = &mut measures[(onset / SIXTEENTHS) as usize];
            let notes = if hand == 0 {
                &mut measure.right
            } else {
                &mut measure.left
            };
            notes.push(Note::new(onset % SIXTEENTHS, duration, note.pitch));
            notes.sort();
        }
    }
    Ok(measures)
}

fn parse_table(text: &str, measures: usize) -> Result<[[usize; BARS]; 11]> {
    let mut table = [[0; BARS]; 11];
    let mut rows = 0;
    for (i, line) in text.lines().enumerate() {
        let wrong = |what: String| {
            let remedy = "A row is a sum of two dice and 16 measures; there are 11 rows, 2 to 12";
            Error::format(format!("line {}", i + 1), what, remedy)
        };
        if line.trim().is_empty() || line.starts_with(['#', 'b']) {
            continue; // a comment, or the heading with the bars' numbers
        }
        let words = line.split([' ', '|']).filter(|word| !word.is_empty());
        let numbers: Vec<usize> = words
            .map(|word| {
                word.parse()
                    .map_err(|_| wrong(format!("\"{word}\" is no number")))
            })
            .collect::<Result<_>>()?;
        let Some((&sum, columns)) = numbers.split_first().filter(|(sum, _)| **sum == rows + 2) else {
            return Err(wrong(format!(
                "the row for the sum {} should stand here",
                rows + 2
            )));
        };
        let Some(row) = table.get_mut(rows) else {
            return Err(wrong(format!("{sum} is no sum of two dice")));
        };
        *row = columns
            .try_into()
            .map_err(|_| wrong(format!("{} columns instead of 16", columns.len())))?;
        if let Some(number) = row.iter().find(|&&number| number == 0 || number > measures) {
            return Err(wrong(format!(
                "there is no measure {number}, only 1 to {measures}"
            )));
        }
        rows += 1;
    }
    if rows < table.len() {
        return Err(Error::format(
            "the end",
            format!("{rows} rows instead of 11"),
            "Give a row for each sum of two dice, 2 to 12",
        ));
    }
    Ok(table)
}
