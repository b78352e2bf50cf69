//! The game made of somebody's own music: the dice choose among its bars.

use super::{BARS, Game, Measure};
use crate::music::{Corpus, Metre, Note, Pitch, Score, Tempo};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// Only so many bars of a piece are looked at.
const MOST_BARS: usize = 10_000;

/// The pitch from which a note is given to the right hand: middle C.
const RIGHT_HAND: Pitch = Pitch::C4;

impl Game {
    /// A game whose columns hold bars of this music: the first bars of its pieces in the first column, the second
    /// ones in the second. Longer pieces come in again with their next 16 bars, until a column has eleven.
    ///
    /// Only pieces of the most common metre take part. Those with a key are moved to C; onsets and
    /// lengths are rounded to sixteenths, notes end with their bar, and drums are left out.
    ///
    /// # Errors
    /// If no piece has a bar of music in a metre of whole sixteenths.
    pub fn of_music(corpus: &Corpus) -> Result<Game> {
        let mut by_metre: BTreeMap<(u8, u8), Vec<&Score>> = BTreeMap::new();
        for piece in &corpus.pieces {
            let metre = metre_of(&piece.score);
            by_metre
                .entry((metre.beats, metre.unit))
                .or_default()
                .push(&piece.score);
        }
        // The metre that most pieces have; of two the simpler.
        let most = by_metre.into_iter().rev().max_by_key(|(_, scores)| scores.len());
        let ((beats, unit), scores) = most.ok_or_else(no_bars)?;
        let sixteenths = usize::from(beats) * 16 / usize::from(unit.max(1));
        if sixteenths == 0 || usize::from(beats) * 16 % usize::from(unit.max(1)) != 0 {
            return Err(no_bars());
        }
        let pieces: Vec<Vec<Measure>> = scores.iter().map(|score| bars_of(score, sixteenths)).collect();
        let mut measures = Vec::new();
        let mut table = [[0; BARS]; 11];
        for bar in 0..BARS {
            let longest = pieces.iter().map(Vec::len).max().unwrap_or(0);
            let places = (0..=longest).step_by(BARS).map(|round| round + bar);
            let found = places.flat_map(|place| pieces.iter().filter_map(move |bars| bars.get(place)));
            // A column that no piece reaches goes on with the music's first bars.
            let any = pieces.iter().flatten();
            let column: Vec<&Measure> = found
                .chain(any)
                .filter(|measure| !is_silent(measure))
                .take(11)
                .collect();
            if column.is_empty() {
                return Err(no_bars());
            }
            for (row, measure) in table.iter_mut().zip(column.iter().cycle()) {
                measures.push((*measure).clone());
                row[bar] = measures.len();
            }
        }
        Ok(Game {
            metre: Metre { beats, unit },
            tempo: scores[0]
                .tempi
                .first()
                .map_or(Tempo::per_minute(96.0), |change| change.1),
            sixteenths,
            table,
            measures,
            second_ending: None,
        })
    }
}

fn no_bars() -> Error {
    Error::value(
        "There is no bar of music for the dice to choose",
        "Give a folder of MIDI or ABC files with notes in them",
    )
}

fn is_silent(measure: &Measure) -> bool {
    measure.right.is_empty() && measure.left.is_empty()
}

/// The metre that a score begins in; 4/4 unless told, as in MIDI files.
fn metre_of(score: &Score) -> Metre {
    let first = score.metres.first();
    first.map_or(Metre { beats: 4, unit: 4 }, |change| change.1)
}

/// The bars of a score after its upbeat, in C if its key is known.
fn bars_of(score: &Score, sixteenths: usize) -> Vec<Measure> {
    let bar = sixteenths as u64;
    let rounded = |ticks: u32| {
        let resolution = u64::from(score.resolution.max(1));
        (u64::from(ticks) * 4 + resolution / 2) / resolution
    };
    let tonic = score.keys.first().map_or(0, |change| i32::from(change.1.tonic()));
    let to_c = if tonic > 6 { 12 - tonic } else { -tonic };
    let mut bars: Vec<Measure> = Vec::new();
    let voices = score.voices.iter().filter(|voice| !voice.percussion);
    for note in voices.flat_map(|voice| &voice.notes) {
        let (Some(after_upbeat), Some(pitch)) =
            (note.onset.checked_sub(score.pickup), note.pitch.transposed(to_c))
        else {
            continue;
        };
        let onset = rounded(after_upbeat);
        let (index, place) = ((onset / bar) as usize, onset % bar);
        if index >= MOST_BARS {
            continue;
        }
        let duration = rounded(note.duration).clamp(1, bar - place);
        while bars.len() <= index {
            bars.push(Measure {
                right: Vec::new(),
                left: Vec::new(),
            });
        }
        let measure = &mut bars[index];
        let hand = if pitch >= RIGHT_HAND {
            &mut measure.right
        } else {
            &mut measure.left
        };
        hand.push(Note::new(place as u32, duration as u32, pitch));
    }
    for measure in &mut bars {
        for hand in [&mut measure.right, &mut measure.left] {
            hand.sort();
            hand.dedup_by_key(|note| (note.onset, note.pitch));
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::dice::Waltz;
    use crate::music::{Part, Piece, abc};

    fn corpus(text: &str) -> Corpus {
        let scores = abc::decode(text.as_bytes()).unwrap();
        let piece = |(score, _)| Piece {
            file: "own.abc".into(),
            part: Part::Train,
            score,
        };
        Corpus {
            pieces: scores.into_iter().map(piece).collect(),
            ..Corpus::default()
        }
    }

    #[test]
    fn the_dice_choose_among_the_readers_bars() {
        // Two pieces in 2/4 and one in 3/4, which stays out; the second is in D.
        let own = corpus(
            "X:1\nM:2/4\nL:1/8\nK:C\nCDEF|GABc|\n\nX:2\nM:2/4\nL:1/8\nK:D\nDEFG|\n\nX:3\nM:3/4\nK:C\nC6|",
        );
        let game = Game::of_music(&own).unwrap();
        assert_eq!(game.sixteenths(), 8);
        let first = game.choices(0);
        assert_eq!(
            first.len(),
            2,
            "C D E F, in both pieces, and the bar that fills the column"
        );
        let waltz = Waltz::new([7; BARS]).unwrap();
        let score = game.score(&waltz);
        assert_eq!(score.metres[0].1, Metre { beats: 2, unit: 4 });
        let pitches = "C4 D4 E4 F4 G4 A4 B4 C5"
            .split(' ')
            .map(|name| name.parse().unwrap());
        let pitches: Vec<Pitch> = pitches.collect();
        assert!(
            score.voices[0]
                .notes
                .iter()
                .all(|note| pitches.contains(&note.pitch))
        );
        let moments = game.moments(&waltz);
        assert_eq!(moments.len(), BARS * 8);
        assert!(game.next(&moments[..9]).is_ok());
    }

    #[test]
    fn music_without_bars_is_refused() {
        assert!(Game::of_music(&Corpus::default()).is_err());
        let silent = corpus("X:1\nM:2/4\nK:C\nz4|");
        assert!(Game::of_music(&silent).is_err());
    }
}
