//! Tunes in few bytes, for a page: each bar once, a letter for each step.

use super::compose::Composer;
use super::compose::Seeds;
use super::writer::{SavedStates, Writer};
use crate::bars::{Scale, Tune, Unit};
use crate::music::Part;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// What a page needs to have a composer and its four writers: a line of text, after which come the weights of the LSTM and of the forger.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForPage {
    /// What the composer has listened to.
    pub tunes: Packed,
    /// The scale in which the forger is asked.
    pub scale: Scale,
    /// Hidden states for each style.
    pub hidden: Vec<SavedStates>,
    /// Bytes of the LSTM and of the forger.
    pub sizes: [usize; 2],
    /// The style that stands first.
    pub first: usize,
    /// The seeds of the first piece.
    pub seeds: Seeds,
}

impl ForPage {
    /// From all writers, in the order of [`WriterKind::ALL`](super::WriterKind::ALL), and what [`taught`](super::taught) gave beside each. Gives the text
    /// and the weights.
    ///
    /// # Errors
    /// If they are others, or in another order.
    pub fn of(
        composer: &Composer,
        (writers, saved): (&[Writer], &[Vec<u8>]),
        first: usize,
        seeds: Seeds,
    ) -> Result<(ForPage, Vec<u8>)> {
        let wrong = || {
            Error::value(
                "These are not a chain, hidden states, an LSTM and a forger",
                "Teach one of each kind, in the order of WriterKind::ALL",
            )
        };
        let ([_, Writer::Hidden(_), _, Writer::Gan(_, _, scale)], [_, hidden, lstm, gan]) = (writers, saved)
        else {
            return Err(wrong());
        };
        let about = ForPage {
            tunes: Packed::of(composer),
            scale: scale.clone(),
            hidden: serde_json::from_slice(hidden).map_err(|_| wrong())?,
            sizes: [lstm.len(), gan.len()],
            first,
            seeds,
        };
        Ok((about, [&lstm[..], gan].concat()))
    }
}

/// A composer as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Packed {
    kinds: Vec<String>,
    tunes: Vec<PackedTune>,
}

/// A tune that was listened to: its kind, whether it is in 3/4, its bars as text, and which of them comes when; -1 is one that cannot be used.
type PackedTune = (usize, bool, Vec<String>, Vec<i32>);

impl Packed {
    /// What a composer has listened to.
    pub fn of(composer: &Composer) -> Packed {
        let heard = composer.tunes.iter().filter(|tune| tune.part != Part::Test);
        let packed = |tune: &Tune| {
            let mut known: Vec<&Unit> = Vec::new();
            let mut order = Vec::new();
            for bar in &tune.bars {
                let Some(bar) = bar else {
                    order.push(-1);
                    continue;
                };
                let place = known.iter().position(|unit| *unit == bar);
                order.push(place.unwrap_or(known.len()) as i32);
                if place.is_none() {
                    known.push(bar);
                }
            }
            let known = known.iter().map(|unit| unit.letters());
            (tune.kind, tune.three, known.collect(), order)
        };
        Packed {
            kinds: composer.styles.iter().map(|style| style.name.clone()).collect(),
            tunes: heard.map(packed).collect(),
        }
    }

    /// The composer again, without the tunes that it had not listened to.
    ///
    /// # Errors
    /// If the text is none of [`Packed::of`].
    pub fn composer(&self) -> Result<Composer> {
        let wrong = || {
            Error::value(
                "Bars of packed tunes do not fit each other",
                "Make the page anew: cargo run",
            )
        };
        let mut tunes = Vec::new();
        for (piece, (kind, three, known, order)) in self.tunes.iter().enumerate() {
            let units = known.iter().map(|text| Unit::of_letters(text).ok_or_else(wrong));
            let units: Vec<Unit> = units.collect::<Result<_>>()?;
            let bar = |place: &i32| match usize::try_from(*place) {
                Ok(place) => units.get(place).cloned().map(Some).ok_or_else(wrong),
                Err(_) => Ok(None),
            };
            tunes.push(Tune {
                piece,
                kind: *kind,
                part: Part::Train,
                three: *three,
                bars: order.iter().map(bar).collect::<Result<_>>()?,
            });
        }
        Composer::of(&self.kinds, tunes)
    }
}
