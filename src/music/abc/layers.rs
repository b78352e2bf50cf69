//! A voice's notes as lines of chords, and the lines cut at bar lines.

use super::grid::SCALE;
use crate::music::{Note, Pitch};
use crate::{Error, Result};

/// The most lines of notes that one voice may hold at once.
const MOST_LAYERS: usize = 64;

/// Notes that start and end together, lowest first.
pub(super) struct Chord {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) pitches: Vec<Pitch>,
}

/// A part of a chord, or of a rest if there are no pitches, that no bar line and no change cuts.
pub(super) struct Piece<'a> {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) pitches: &'a [Pitch],
    /// Whether the chord sounds on in the next piece.
    pub(super) tied: bool,
}

/// A voice's notes as chords, laid out in as few lines without overlap as it takes.
pub(super) fn layers(notes: &[Note]) -> Result<Vec<Vec<Chord>>> {
    let mut notes: Vec<&Note> = notes.iter().filter(|note| note.duration > 0).collect();
    notes.sort();
    let mut layers: Vec<Vec<Chord>> = vec![Vec::new()];
    let together = |a: &&Note, b: &&Note| (a.onset, a.duration) == (b.onset, b.duration);
    for chord in notes.chunk_by(together) {
        let Some(first) = chord.first() else { continue };
        let from = u64::from(first.onset) * SCALE;
        let mut pitches: Vec<Pitch> = chord.iter().map(|note| note.pitch).collect();
        pitches.dedup();
        let chord = Chord {
            from,
            to: from + u64::from(first.duration) * SCALE,
            pitches,
        };
        let free = |layer: &Vec<Chord>| layer.last().is_none_or(|last| last.to <= from);
        match layers.iter().position(free) {
            Some(layer) => layers[layer].push(chord),
            None if layers.len() < MOST_LAYERS => layers.push(vec![chord]),
            None => {
                return Err(Error::value(
                    format!("more than {MOST_LAYERS} notes overlap at tick {}", first.onset),
                    "Spread the notes over several voices",
                ));
            }
        }
    }
    Ok(layers)
}

/// A line of chords and the rests between them, cut at each of these times; the last one is its end.
pub(super) fn pieces<'a>(chords: &'a [Chord], cuts: &[u64]) -> Vec<Piece<'a>> {
    let end = cuts.last().copied().unwrap_or(0);
    let mut pieces = Vec::new();
    let mut now = 0;
    let mut cuts = cuts.iter().copied().peekable();
    let mut span = |to: u64, pitches: &'a [Pitch]| {
        while now < to {
            while cuts.peek().is_some_and(|&cut| cut <= now) {
                cuts.next();
            }
            let from = now;
            now = cuts.peek().map_or(to, |&cut| cut.min(to));
            let tied = now < to && !pitches.is_empty();
            pieces.push(Piece {
                from,
                to: now,
                pitches,
                tied,
            });
        }
    };
    for chord in chords {
        span(chord.from, &[]);
        span(chord.to, &chord.pitches);
    }
    span(end, &[]);
    pieces
}
