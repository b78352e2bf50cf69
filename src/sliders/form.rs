//! From bars to a phrase: noise that comes again.

use super::lessons::ChordChain;
use super::maker::{Maker, between, noise};
use crate::Result;
use crate::bars::{Request, Unit};
use ndarray::Array2;
use rand::Rng;

/// How the bars of a phrase hang together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Each bar of its own noise and chords.
    Confetti,
    /// Two bars, A; again with a new end, A'; two others, B; and A' once more, which closes.
    Song,
}

/// What each bar of a song is like: the number of its noise, and how far that is varied. A A′ B A′, two bars each.
pub const SONG: [(usize, f32); 8] = [
    (0, 0.0),
    (1, 0.0),
    (0, 0.0),
    (1, 0.4),
    (2, 0.0),
    (3, 0.0),
    (0, 0.0),
    (1, 0.4),
];

/// Bars, each with its chords.
pub type Phrase = Vec<(Unit, [usize; 2])>;

impl Form {
    /// Eight bars to one request.
    ///
    /// # Errors
    /// As [`Maker::make`].
    pub fn phrase(
        self,
        maker: &mut Maker,
        request: &Request,
        chain: &ChordChain,
        loudness: f32,
        rng: &mut impl Rng,
    ) -> Result<Phrase> {
        // What each bar is like: its noise, which chords, how far it is varied.
        let plan: [(usize, f32); 8] = match self {
            Form::Confetti => std::array::from_fn(|bar| (bar, 0.0)),
            Form::Song => SONG,
        };
        let mut noises: Vec<Array2<f32>> = Vec::new();
        let mut chords: Vec<[usize; 2]> = Vec::new();
        for number in 0..8 {
            noises.push(noise(1, maker.noise(), rng));
            let from = if number == 0 { 4 } else { chords[number - 1][1] };
            chords.push(chain.next(from, rng));
        }
        if self == Form::Song {
            chords[0][0] = 0; // it begins at home
        }
        let turn = noise(1, maker.noise(), rng);
        let mut phrase: Phrase = Vec::new();
        for (number, (which, varied)) in plan.into_iter().enumerate() {
            let closes = self == Form::Song && number == 7;
            let of_bar = if closes { [4, 0] } else { chords[which] };
            let mut request = Request {
                chords: Some(of_bar),
                ..request.clone()
            };
            if closes {
                request.measures[0] = Some(request.measures[0].map_or(-0.8, |density| density.min(-0.8)));
            }
            let noise = between(noises[which].view(), turn.view(), varied);
            // What comes again is played as it was; else the model would hear another bar before it, and say it differently.
            let again = (self == Form::Song && varied == 0.0)
                .then(|| plan[..number].iter().position(|bar| *bar == (which, varied)))
                .flatten();
            let unit = match again {
                Some(first) => phrase[first].0.clone(),
                None => {
                    let before = [phrase.last().map(|bar| &bar.0)];
                    maker.make(&[request], &before, noise.view(), loudness)?.remove(0)
                }
            };
            phrase.push((unit, of_bar));
        }
        Ok(phrase)
    }
}
