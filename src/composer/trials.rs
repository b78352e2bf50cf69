//! Composers on trial: whether they do what they are told, and what others hear in it.

use super::compose::Composer;
use super::measure::{heard, on_chord};
use super::mood::Features;
use super::order::Order;
use super::piece::Piece;
use super::writer::Writer;
use crate::Result;
use crate::bars::{Judge, Lesson, Lessons, Unit, rank_correlation};
use crate::music::Part;
use rand_chacha::ChaCha8Rng;

/// Places of a control, from -1 to 1, and seeds at each.
const PLACES: u32 = 9;
const SEEDS: u64 = 8;

/// Where a control stood, and what was heard of the features, piece by piece of one seed.
pub type Moved = Vec<(f64, [f64; 5])>;

/// Moves a control through nine places, for each of eight seeds. `at` gives the features that a place asks for; all else is as ordered.
///
/// # Errors
/// As [`Composer::compose`].
pub fn moved(
    composer: &mut Composer,
    writer: &mut Writer,
    order: &Order,
    at: impl Fn(f64) -> Features,
) -> Result<Vec<Moved>> {
    let mut all = Vec::new();
    for seed in 0..SEEDS {
        let mut found = Vec::new();
        for place in 0..PLACES {
            let value = 2.0 * f64::from(place) / f64::from(PLACES - 1) - 1.0;
            let order = Order {
                features: at(value),
                ..order.clone()
            };
            let piece = composer.compose(&order, writer, [1000 + seed; 4], None)?;
            found.push((value, heard(&piece)));
        }
        all.push(found);
    }
    Ok(all)
}

/// The rank correlation of where the control stood with what was heard of a feature: the mean of the seeds.
pub fn obeyed(found: &[Moved], feature: usize) -> f64 {
    let of_seed = |found: &Moved| {
        let pairs: Vec<(f64, f64)> = found.iter().map(|one| (one.0, one.1[feature])).collect();
        rank_correlation(&pairs)
    };
    found.iter().map(of_seed).sum::<f64>() / found.len().max(1) as f64
}

/// So many pieces of 32 bars in each style, in no mood.
///
/// # Errors
/// As [`Composer::compose`].
pub fn pieces(composer: &mut Composer, writer: &mut Writer, count: u64) -> Result<Vec<Piece>> {
    let mut all = Vec::new();
    for style in 0..composer.styles.len() {
        for seed in 0..count {
            let order = Order {
                features: Features::NONE,
                style,
                tempo: 120.0,
                seconds: 16.0 * composer.styles[style].beats as f64,
                writer: writer.kind(),
            };
            all.push(composer.compose(&order, writer, [5000 + seed; 4], None)?);
        }
    }
    Ok(all)
}

/// One who hears which style a piece is of: a network that tells kinds of single bars apart.
#[derive(Debug)]
pub struct StyleEar {
    judge: Judge,
    /// The number of its class, for each style of a composer.
    pub classes: Vec<usize>,
}

/// So many lessons of each kind: else it would hear the larger ones everywhere.
const LESSONS: usize = 200;

impl StyleEar {
    /// Learns from one part of single bars, as many of each kind.
    ///
    /// # Errors
    /// As [`Judge::taught`].
    pub fn taught(bars: &Lessons, part: Part, composer: &Composer, seed: u64) -> Result<StyleEar> {
        let mut lessons: Vec<(&Unit, usize)> = Vec::new();
        for kind in 0..bars.kinds.len() {
            let of_kind: Vec<&Lesson> = bars.part(part).filter(|lesson| lesson.kind == kind).collect();
            let of_kind = of_kind.iter().cycle().take(LESSONS * of_kind.len().min(1));
            lessons.extend(of_kind.map(|lesson| (&lesson.unit, kind)));
        }
        let class = |name: &String| bars.kinds.iter().position(|kind| kind == name);
        let styles = composer.styles.iter();
        Ok(StyleEar {
            judge: Judge::taught(&lessons, bars.kinds.len(), seed)?,
            classes: styles
                .map(|style| class(&style.name).unwrap_or(usize::MAX))
                .collect(),
        })
    }

    /// Whether all different bars together sound most like this style: it adds up how sure it is of each, as a logarithm.
    ///
    /// # Errors
    /// If a bar is none.
    pub fn hears(&mut self, bars: &[Unit], style: usize) -> Result<bool> {
        let mut different: Vec<&Unit> = Vec::new();
        for bar in bars.iter().filter(|bar| !bar.notes().is_empty()) {
            if !different.contains(&bar) {
                different.push(bar);
            }
        }
        let mut sums: Vec<f64> = Vec::new();
        for shares in self.judge.judge(&different)? {
            sums.resize(shares.len(), 0.0);
            for (sum, share) in sums.iter_mut().zip(shares) {
                *sum += f64::from(share).max(1e-9).ln();
            }
        }
        let most = (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]));
        Ok(most == self.classes.get(style).copied())
    }
}

/// For real bars, each in the metre of its style, as many that were composed in this style: what a [`critic`](crate::bars::critic) wants.
pub fn beside<'a>(
    real: impl Iterator<Item = &'a Lesson>,
    pieces: &[Piece],
    classes: &[usize],
) -> (Vec<&'a Lesson>, Vec<Unit>) {
    let mut composed: Vec<std::vec::IntoIter<Unit>> = Vec::new();
    for style in 0..classes.len() {
        let of_style = pieces.iter().filter(|piece| piece.order.style == style);
        let bars = of_style.flat_map(|piece| piece.melody.iter().zip(&piece.plan.bars));
        let new = bars.filter(|(_, bar)| bar.again.is_none() && bar.phrase.is_some());
        let new: Vec<Unit> = new.map(|(unit, _)| unit.clone()).collect();
        composed.push(new.into_iter());
    }
    let (mut kept, mut made) = (Vec::new(), Vec::new());
    for lesson in real {
        let style = classes.iter().position(|class| *class == lesson.kind);
        let Some(bars) = style.map(|style| &mut composed[style]) else {
            continue;
        };
        let fits = |bar: &Unit| bar.bar == lesson.unit.bar;
        if bars.as_slice().first().is_some_and(fits) {
            kept.push(lesson);
            made.extend(bars.next());
        }
    }
    (kept, made)
}

/// Of the notes with which chords begin in these pieces, how many belong to their chord, and how many there are.
pub fn harmonious(pieces: &[Piece]) -> (usize, usize) {
    let mut sum = (0, 0);
    for piece in pieces {
        for (unit, chords) in piece.melody.iter().zip(&piece.chords) {
            let (notes, right) = on_chord(unit, *chords, piece.style.chords());
            sum = (sum.0 + right, sum.1 + notes);
        }
    }
    sum
}

/// The same of the tunes that a composer has not listened to. Chords are found for them as for a melody that is kept.
pub fn harmonious_tunes(composer: &Composer, rng: &mut ChaCha8Rng) -> (usize, usize) {
    let mut sum = (0, 0);
    for tune in composer.tunes.iter().filter(|tune| tune.part == Part::Test) {
        let style = &composer.styles[tune.kind];
        let own = tune.usable().filter(|unit| unit.bar == style.bar);
        let bars: Vec<Unit> = own.cloned().collect();
        let chords = composer.harmony.found(&bars, style, tune.kind, rng);
        for (unit, chords) in bars.iter().zip(chords) {
            let (notes, right) = on_chord(unit, chords, style.chords());
            sum = (sum.0 + right, sum.1 + notes);
        }
    }
    sum
}
