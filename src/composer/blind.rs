//! A blind test: of two clips one is by a person, and one by a model. And a critic that takes the test, too.

use super::compose::Composer;
use super::form::PHRASE;
use super::piece::Piece;
use crate::Result;
use crate::bars::{Judge, Tune, Unit};
use crate::music::Part;
use crate::threads::*;
use std::collections::HashSet;

/// A tune that no writer has heard, and other music of the same style: a clip of four bars of each.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The number of the style.
    pub style: usize,
    /// The number of the tune's piece in the corpus.
    pub piece: usize,
    /// The clips: the tune's, the other's.
    pub clips: [Vec<Unit>; 2],
    /// Every different bar of both: what a critic learns from.
    bars: [Vec<Unit>; 2],
}

/// The melodies of pieces, each with its style, from the first phrase on.
pub fn sung(pieces: &[Piece]) -> Vec<(usize, Vec<Unit>)> {
    let melody = |piece: &Piece| {
        let from = piece.plan.phrases.first().map_or(0, |phrase| phrase.from);
        (piece.order.style, piece.melody[from..].to_vec())
    };
    pieces.iter().map(melody).collect()
}

/// Pairs of each test tune and one of these others, a style and bars, as far as there are others in its style. A clip begins where the first four bars
/// stand that can be used and are in the style's metre.
pub fn pairs(composer: &Composer, others: &[(usize, Vec<Unit>)]) -> Vec<Pair> {
    let mut left: Vec<&(usize, Vec<Unit>)> = others.iter().collect();
    let mut pairs = Vec::new();
    for tune in composer.tunes.iter().filter(|tune| tune.part == Part::Test) {
        let bar = composer.styles[tune.kind].bar;
        let fits = |other: &&(usize, Vec<Unit>)| {
            let like = other.1.iter().take(PHRASE).filter(|unit| unit.bar == bar);
            other.0 == tune.kind && like.count() == PHRASE
        };
        let (Some(clip), Some(place)) = (clip(tune, bar), left.iter().position(fits)) else {
            continue;
        };
        let other = &left.remove(place).1;
        pairs.push(Pair {
            style: tune.kind,
            piece: tune.piece,
            clips: [clip, other[..PHRASE].to_vec()],
            bars: [
                different(tune.usable().filter(|unit| unit.bar == bar)),
                different(other.iter().filter(|unit| unit.bar == bar)),
            ],
        });
    }
    pairs
}

/// The first bars of a tune that make a clip.
fn clip(tune: &Tune, bar: usize) -> Option<Vec<Unit>> {
    let fits = |unit: &&Unit| unit.bar == bar && !unit.notes().is_empty();
    let of = |bars: &[Option<Unit>]| -> Option<Vec<Unit>> {
        let bars: Vec<Unit> = bars.iter().flatten().filter(fits).cloned().collect();
        Some(bars).filter(|bars| bars.len() == PHRASE)
    };
    tune.bars.windows(PHRASE).find_map(of)
}

/// Each bar with a note once.
fn different<'a>(bars: impl Iterator<Item = &'a Unit>) -> Vec<Unit> {
    let mut known = HashSet::new();
    let new = bars.filter(|unit| !unit.notes().is_empty() && known.insert(*unit));
    new.cloned().collect()
}

/// So many folds a critic is tried in.
const FOLDS: usize = 4;

/// For each pair, how sure a critic is that the tune's clip is the tune's, when it has heard so many of its bars: above 0 it is right. It adds up how
/// much likelier it holds each bar to be a person's in the one than in the other, as a logarithm.
///
/// The pairs are divided in four. On each quarter a critic is tried that has learned from the others: as many bars of tunes as of what stands beside
/// them.
///
/// # Errors
/// If there are fewer than four pairs.
pub fn critic_listens(pairs: &[Pair], bars: usize, seed: u64) -> Result<Vec<f64>> {
    let folds: Vec<usize> = (0..FOLDS).collect();
    let of_folds: Vec<Result<Vec<f64>>> = folds
        .par_iter()
        .map(|fold| {
            let part = |tried: bool| {
                let all = pairs.iter().enumerate();
                all.filter(move |pair| (pair.0 % FOLDS == *fold) == tried)
                    .map(|pair| pair.1)
            };
            let mut lessons: Vec<(&Unit, usize)> = Vec::new();
            for pair in part(false) {
                for (tune, other) in pair.bars[0].iter().zip(&pair.bars[1]) {
                    lessons.extend([(tune, 1), (other, 0)]);
                }
            }
            let mut critic = Judge::taught(&lessons, 2, seed.wrapping_add(*fold as u64))?;
            let mut sure = Vec::new();
            for pair in part(true) {
                let mut sums = [0.0; 2];
                for (sum, clip) in sums.iter_mut().zip(&pair.clips) {
                    let clip: Vec<&Unit> = clip.iter().take(bars).collect();
                    for shares in critic.judge(&clip)? {
                        let [other, tune] = [0, 1].map(|class| f64::from(shares[class]).max(1e-9));
                        *sum += (tune / other).ln();
                    }
                }
                sure.push(sums[0] - sums[1]);
            }
            Ok(sure)
        })
        .collect();
    let mut of_folds: Vec<_> = of_folds
        .into_iter()
        .map(|sure| sure.map(Vec::into_iter))
        .collect::<Result<_>>()?;
    Ok((0..pairs.len())
        .filter_map(|pair| of_folds[pair % FOLDS].next())
        .collect())
}
