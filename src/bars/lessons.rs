//! Bars to learn from, cut out of tunes.

use super::unit::{HOLD, KEYS, REST, Unit};
use crate::music::{Corpus, Melody, Metre, Part, Piece, Pitch};
use crate::{Error, Result};
use std::collections::{HashMap, HashSet};

/// A unit, and where it comes from.
#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    /// The unit.
    pub unit: Unit,
    /// The number of the tune.
    pub tune: usize,
    /// The number of its kind, below the length of [`Lessons::kinds`].
    pub kind: usize,
    /// What it is for. All units of a tune are for the same.
    pub part: Part,
}

impl Lesson {
    /// One bar of it alone, counted from 0.
    #[must_use]
    pub fn bar(&self, number: usize) -> Lesson {
        let Unit { bar, symbols } = &self.unit;
        let symbols = symbols.iter().skip(number * bar).take(*bar).copied().collect();
        Lesson {
            unit: Unit { bar: *bar, symbols },
            ..self.clone()
        }
    }
}

/// Units cut out of tunes: moved to no sharps and flats, and by octaves until the tune's mean is near B flat 4.
///
/// A unit that comes again in its tune counts once: the tunes write out their repeats. Their split is their own, since a judge needs more than a
/// tenth to learn from: within each kind, of eight tunes two are for the test and one is for validation.
#[derive(Clone, Debug, Default)]
pub struct Lessons {
    /// What the kinds of music are called: as the files are, if they hold many tunes, or the folders, if they do not.
    pub kinds: Vec<String>,
    /// All units, tune by tune.
    pub all: Vec<Lesson>,
    /// How many bars were left out, because they are in another metre, off the grid of sixteenths, or have other keys than [`KEYS`].
    pub left_out: usize,
}

impl Lessons {
    /// Units of so many bars; of two, they overlap. Two bars of 2/4 count as one.
    ///
    /// # Errors
    /// If no bar, or only those of one tune, can be used, or bars are neither one nor two.
    pub fn of(corpus: &Corpus, bars: usize) -> Result<Lessons> {
        if !(1..=2).contains(&bars) {
            return Err(Error::value(
                format!("A unit of {bars} bars"),
                "Ask for one or two",
            ));
        }
        let mut lessons = Lessons::default();
        let mut heard: HashMap<usize, usize> = HashMap::new();
        let names = kinds(&corpus.pieces);
        for (tune, (piece, name)) in corpus.pieces.iter().zip(names).enumerate() {
            let kind = lessons
                .kinds
                .iter()
                .position(|kind| *kind == name)
                .unwrap_or_else(|| {
                    lessons.kinds.push(name);
                    lessons.kinds.len() - 1
                });
            let number = heard.entry(kind).or_default();
            let part = part_of(*number);
            let whole = whole_bars(piece);
            lessons.left_out += whole.iter().filter(|bar| bar.is_none()).count();
            let before = lessons.all.len();
            let mut known = HashSet::new();
            let new = units(&whole, bars).filter(|unit| known.insert(unit.clone()));
            lessons.all.extend(new.map(|unit| Lesson {
                unit,
                tune,
                kind,
                part,
            }));
            *number += usize::from(lessons.all.len() > before);
        }
        if lessons.part(Part::Train).next().is_none() || lessons.part(Part::Test).next().is_none() {
            return Err(Error::value(
                format!(
                    "Of {} pieces there are too few with bars in 4/4, 2/4, 3/4 or 6/8 to learn from some and judge by others",
                    corpus.pieces.len()
                ),
                "Give more tunes in these metres, with their key and metre told",
            ));
        }
        Ok(lessons)
    }

    /// The units of one part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Lesson> {
        self.all.iter().filter(move |lesson| lesson.part == part)
    }

    /// The units of one part, alone.
    pub fn units(&self, part: Part) -> Vec<Unit> {
        self.part(part).map(|lesson| lesson.unit.clone()).collect()
    }
}

/// What a tune is for that comes so far down among those of its kind.
pub(super) fn part_of(number: usize) -> Part {
    match number % 8 {
        1 | 5 => Part::Test,
        3 => Part::Valid,
        _ => Part::Train,
    }
}

/// The kind of each piece: its file's name where a file holds several, else its folder's.
pub(super) fn kinds(pieces: &[Piece]) -> Vec<String> {
    let mut of_file: HashMap<_, usize> = HashMap::new();
    for piece in pieces {
        *of_file.entry(&piece.file).or_default() += 1;
    }
    let name = |piece: &Piece| {
        let path = match of_file.get(&piece.file) {
            Some(2..) => piece.file.file_stem(),
            _ => piece.file.parent().and_then(|folder| folder.file_name()),
        };
        path.unwrap_or_default().display().to_string().replace('-', " ")
    };
    pieces.iter().map(name).collect()
}

/// The bars of a piece, each a unit, or none where it cannot be used.
pub(super) fn whole_bars(piece: &Piece) -> Vec<Option<Unit>> {
    let score = &piece.score;
    let resolution = score.resolution.max(1);
    let up = moved_up(piece);
    // A symbol for each sixteenth; none where something is off the grid, or a key is not there.
    let sixteenths = (u64::from(score.end()) * 4).div_ceil(u64::from(resolution)) as usize;
    let mut symbols: Vec<Option<u8>> = vec![Some(REST as u8); sixteenths.min(1 << 20)];
    let at = |tick: u32| (u64::from(tick) * 4 / u64::from(resolution)) as usize;
    let on_grid = |tick: u32| (u64::from(tick) * 4).is_multiple_of(u64::from(resolution));
    for note in score.melody().notes() {
        let (from, to) = (at(note.onset), at(note.end()).max(at(note.onset) + 1));
        let key = note.pitch.transposed(up).and_then(key);
        let good = on_grid(note.onset) && on_grid(note.end());
        for (step, symbol) in symbols.iter_mut().enumerate().take(to).skip(from) {
            let held = if step == from { key } else { Some(HOLD as u8) };
            *symbol = held.filter(|_| good);
        }
    }
    let starts = score.bars();
    let mut bars = Vec::new();
    let mut half: Option<&[Option<u8>]> = None;
    for start in starts {
        let metre = score.metres.iter().rfind(|change| change.0 <= start);
        let metre = metre.map_or(Metre { beats: 0, unit: 4 }, |change| change.1);
        let steps = usize::from(metre.beats) * 16 / usize::from(metre.unit.max(1));
        let whole = on_grid(start)
            .then(|| symbols.get(at(start)..at(start) + steps))
            .flatten();
        let unit = |bar: usize, symbols: Vec<Option<u8>>| {
            let symbols: Option<Vec<u8>> = symbols.into_iter().collect();
            symbols.map(|symbols| Unit { bar, symbols })
        };
        match (steps, whole, half.take()) {
            (12 | 16, Some(whole), _) => bars.push(unit(steps, whole.to_vec())),
            (8, Some(whole), Some(first)) => bars.push(unit(16, [first, whole].concat())),
            (8, Some(whole), None) => half = Some(whole),
            _ => bars.push(None),
        }
    }
    bars
}

/// Units of one bar, or of two neighbours in the same metre.
fn units(whole: &[Option<Unit>], bars: usize) -> impl Iterator<Item = Unit> {
    whole
        .windows(bars)
        .filter_map(|bars| {
            let mut bars = bars.iter().flatten();
            let mut unit = bars.next()?.clone();
            if let Some(second) = bars.next().filter(|second| second.bar == unit.bar) {
                unit.symbols.extend(&second.symbols);
            }
            Some(unit)
        })
        .filter(move |unit| unit.bars() == bars)
}

/// The melody of a piece as [`Lessons`] take it: moved to no sharps and flats, and by octaves until its mean is near B flat 4; none if it leaves the range of MIDI.
pub fn plain(piece: &Piece) -> Option<Melody> {
    piece.score.melody().transposed(moved_up(piece))
}

/// So many semitones lead to the key without sharps and flats, with the mean near B flat 4.
fn moved_up(piece: &Piece) -> i32 {
    let sharps = piece.score.keys.first().map_or(0, |key| i32::from(key.1.sharps));
    let notes = piece.score.melody().notes();
    let sum: f64 = notes.iter().map(|note| f64::from(note.pitch.midi())).sum();
    let mean = sum / notes.len().max(1) as f64;
    // A sharp more is a fifth up.
    let to_none = (-7 * sharps).rem_euclid(12);
    let octaves = ((70.0 - mean - f64::from(to_none)) / 12.0).round();
    to_none + 12 * octaves as i32
}

/// The number of a white key.
fn key(pitch: Pitch) -> Option<u8> {
    KEYS.binary_search(&pitch.midi()).ok().map(|key| key as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn book() -> Corpus {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
        Corpus::read(&folder, |_, _| {}).unwrap()
    }

    #[test]
    fn the_books_tunes_make_lessons_of_nine_kinds() {
        let one = Lessons::of(&book(), 1).unwrap();
        let two = Lessons::of(&book(), 2).unwrap();
        assert_eq!(one.kinds.len(), 9);
        assert!((1600..2400).contains(&one.all.len()), "{}", one.all.len());
        assert!((1800..2600).contains(&two.all.len()), "{}", two.all.len());
        assert!(one.left_out * 3 < one.all.len(), "{} left out", one.left_out);
        let test = one.part(Part::Test).count() * 100 / one.all.len();
        assert!((18..32).contains(&test), "{test} % for the test");
        for kind in 0..9 {
            for part in [Part::Train, Part::Valid, Part::Test] {
                assert!(one.part(part).any(|lesson| lesson.kind == kind));
            }
        }
        assert!(
            two.all
                .iter()
                .all(|lesson| lesson.unit.symbols.len() == 2 * lesson.unit.bar)
        );
    }

    #[test]
    fn no_tune_is_in_two_parts() {
        let lessons = Lessons::of(&book(), 1).unwrap();
        let mut parts: HashMap<usize, Part> = HashMap::new();
        for lesson in &lessons.all {
            assert_eq!(*parts.entry(lesson.tune).or_insert(lesson.part), lesson.part);
        }
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        let corpus = Corpus::default();
        let message = Lessons::of(&corpus, 1).unwrap_err().to_string();
        assert!(message.contains("too few"), "{message}");
        assert!(Lessons::of(&book(), 3).is_err());
    }
}
