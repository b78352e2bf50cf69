//! Whole tunes as bars, in their order.

use super::lessons::{kinds, part_of, whole_bars};
use super::unit::Unit;
use crate::music::{Corpus, Part};
use std::collections::HashMap;

/// A tune, bar by bar, moved to no sharps and flats as [`Lessons`](super::Lessons) are.
#[derive(Clone, PartialEq, Debug)]
pub struct Tune {
    /// The number of the piece in the corpus.
    pub piece: usize,
    /// The number of its kind.
    pub kind: usize,
    /// What it is for: as in [`Lessons`](super::Lessons), of eight tunes of a kind two are for the test.
    pub part: Part,
    /// Whether it is in 3/4: a bar of 6/8 has twelve steps, too, but two beats.
    pub three: bool,
    /// Its bars, also those that come again; none where one cannot be used.
    pub bars: Vec<Option<Unit>>,
}

impl Tune {
    /// Its bars as far as they can be used.
    pub fn usable(&self) -> impl Iterator<Item = &Unit> {
        self.bars.iter().flatten()
    }
}

/// What the kinds of tunes are called, and all tunes that have a bar which can be used.
pub fn tunes(corpus: &Corpus) -> (Vec<String>, Vec<Tune>) {
    let (mut names, mut tunes): (Vec<String>, Vec<Tune>) = (Vec::new(), Vec::new());
    let mut heard: HashMap<usize, usize> = HashMap::new();
    for (number_of_piece, (piece, name)) in corpus.pieces.iter().zip(kinds(&corpus.pieces)).enumerate() {
        let bars = whole_bars(piece);
        let known = names.iter().position(|known| *known == name);
        let kind = known.unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        if bars.iter().all(Option::is_none) {
            continue;
        }
        let number = heard.entry(kind).or_default();
        let metre = piece.score.metres.first().map(|change| change.1);
        tunes.push(Tune {
            piece: number_of_piece,
            kind,
            part: part_of(*number),
            three: metre.is_some_and(|metre| (metre.beats, metre.unit) == (3, 4)),
            bars,
        });
        *number += 1;
    }
    (names, tunes)
}
