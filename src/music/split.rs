//! A corpus as music to learn from and music to be judged by, however little there is.

use super::{Corpus, Melody, Part, Piece, Score};
use crate::{Error, Result};

/// Melodies to learn from, to choose settings by, and to be judged by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Split {
    /// To learn from.
    pub train: Vec<Melody>,
    /// Empty in cross-validation.
    pub valid: Vec<Melody>,
    /// To be judged by, once.
    pub test: Vec<Melody>,
}

impl Split {
    fn of(&mut self, part: Part) -> &mut Vec<Melody> {
        match part {
            Part::Train => &mut self.train,
            Part::Valid => &mut self.valid,
            Part::Test => &mut self.test,
        }
    }
}

impl Corpus {
    /// The pieces with something in every part. Parts stay as they are, but into an empty one a piece moves from another, and its
    /// copies with it. With `one_in`, the first of every so many pieces is for the test, the second for validation. Of
    /// two pieces the one to learn from is cut, and its last fifth is for validation; a single piece is cut 80 : 10 : 10. Cuts
    /// are made at bars where these are known. Drums alone teach no pitches and are left out.
    ///
    /// # Errors
    /// If there are no pitches, if a single piece has fewer than three moments at which notes begin, or if `one_in` is 1.
    pub fn divided(self, one_in: Option<usize>) -> Result<Corpus> {
        let mut divided = self.pitched()?;
        if let Some(one_in) = one_in {
            let one_in = folds(one_in, divided.pieces.len().max(2))?;
            for (i, piece) in divided.pieces.iter_mut().enumerate() {
                piece.part = match i % one_in {
                    0 => Part::Test,
                    1 if one_in > 2 => Part::Valid,
                    _ => Part::Train,
                };
            }
        }
        if !differ(divided.pieces.iter()) {
            let test = 1.0 / one_in.unwrap_or(10).max(3) as f64;
            divided.pieces = cut(&divided.pieces[0], &[1.0 - 2.0 * test, test, test])?;
            let parts = [Part::Train, Part::Valid, Part::Test];
            for (piece, part) in divided.pieces.iter_mut().zip(parts) {
                piece.part = part;
            }
            return Ok(divided);
        }
        if divided.is_empty(Part::Test) {
            let enough = differ(divided.part(Part::Train));
            divided.move_last(if enough { Part::Train } else { Part::Valid }, Part::Test);
        }
        if divided.is_empty(Part::Train) {
            while !divided.is_empty(Part::Valid) {
                divided.move_last(Part::Valid, Part::Train);
            }
        }
        if divided.is_empty(Part::Train) {
            divided.move_last(Part::Test, Part::Train);
        }
        if divided.is_empty(Part::Valid) {
            if differ(divided.part(Part::Train)) {
                divided.move_last(Part::Train, Part::Valid);
            } else {
                divided.cut_training();
            }
        }
        Ok(divided)
    }

    /// In words, how many pieces are to learn from, to choose by and to test on; `whole` is what was [divided](Corpus::divided).
    pub fn parts(&self, whole: &Corpus) -> String {
        let [train, valid, test] = [Part::Train, Part::Valid, Part::Test].map(|part| self.part(part).count());
        let cut = if self.pieces.len() > whole.pieces.len() {
            " (stretches of a piece that was cut among them)"
        } else {
            ""
        };
        format!("To learn from: {train}; to choose settings by: {valid}; to test on: {test}{cut}")
    }

    /// The corpus as melodies, for models of one line: see [`Score::melody`]. Without `folds`, one split as [`Corpus::divided`] makes it.
    /// With `folds`, that many: every piece (or every stretch of a single one) is in the test part of one of them and in
    /// the training part of all others, as cross-validation wants it.
    ///
    /// # Errors
    /// As [`Corpus::divided`].
    pub fn melodies(&self, folds: Option<usize>) -> Result<Vec<Split>> {
        let Some(count) = folds else {
            let mut split = Split::default();
            for piece in self.clone().divided(None)?.pieces {
                split.of(piece.part).push(piece.score.melody());
            }
            return Ok(vec![split]);
        };
        let mut pieces = self.clone().pitched()?.pieces;
        if !differ(pieces.iter()) {
            let most = onsets(&pieces[0].score).len().max(2);
            let count = self::folds(count, most)?;
            pieces = cut(&pieces[0], &vec![1.0 / count as f64; count])?;
        }
        let count = self::folds(count, pieces.len())?;
        let mut splits = vec![Split::default(); count];
        for (i, piece) in pieces.iter().enumerate() {
            let melody = piece.score.melody();
            for (fold, split) in splits.iter_mut().enumerate() {
                let part = if i % count == fold {
                    Part::Test
                } else {
                    Part::Train
                };
                split.of(part).push(melody.clone());
            }
        }
        Ok(splits)
    }

    /// The pieces whose notes sound together: see [`Score::is_polyphonic`].
    ///
    /// # Errors
    /// If there are none.
    pub fn polyphonic(mut self) -> Result<Corpus> {
        let count = self.pieces.len();
        self.pieces.retain(|piece| piece.score.is_polyphonic());
        if self.pieces.is_empty() {
            return Err(Error::value(
                format!(
                    "In none of {count} pieces do notes sound together for more than a tenth of the time"
                ),
                "Give music of several voices, such as pieces for piano",
            ));
        }
        Ok(self)
    }

    /// The pieces that are more than drums.
    ///
    /// # Errors
    /// If there are none.
    pub fn pitched(mut self) -> Result<Corpus> {
        let count = self.pieces.len();
        let first = self.pieces.first().map(|piece| piece.file.display().to_string());
        self.pieces.retain(|piece| piece.score.has_pitches());
        if self.pieces.is_empty() {
            let others = if count > 1 {
                format!(" and {} more", count - 1)
            } else {
                String::new()
            };
            return Err(Error::value(
                format!(
                    "{}{others}: drums alone have no pitches to learn from",
                    first.unwrap_or_default()
                ),
                "Give music with a voice outside of MIDI channel 10, which is for drums",
            ));
        }
        Ok(self)
    }

    fn is_empty(&self, part: Part) -> bool {
        self.part(part).next().is_none()
    }

    /// Moves the last piece of one part, and its copies, to another.
    fn move_last(&mut self, from: Part, to: Part) {
        let Some(last) = self.part(from).last().map(|piece| piece.score.clone()) else {
            return;
        };
        let of_part = self.pieces.iter_mut().filter(|piece| piece.part == from);
        for piece in of_part.filter(|piece| piece.score == last) {
            piece.part = to;
        }
    }

    /// Cuts the only piece to learn from; its last fifth is for validation. If it is too short, there is no validation.
    fn cut_training(&mut self) {
        let Some(place) = self.pieces.iter().position(|piece| piece.part == Part::Train) else {
            return;
        };
        if let Ok(mut halves) = cut(&self.pieces[place], &[0.8, 0.2]) {
            halves[1].part = Part::Valid;
            self.pieces.retain(|piece| piece.part != Part::Train); // its copies, too
            self.pieces.extend(halves);
        }
    }
}

/// So many folds, but no more than one for each piece.
fn folds(asked: usize, pieces: usize) -> Result<usize> {
    if asked < 2 {
        return Err(Error::value(
            "One fold would leave nothing to learn from",
            "Ask for two at least: --folds 2",
        ));
    }
    Ok(asked.min(pieces))
}

/// Whether there are two pieces that are no copies of each other.
fn differ<'a>(mut pieces: impl Iterator<Item = &'a Piece>) -> bool {
    let first = pieces.next();
    pieces.any(|piece| Some(&piece.score) != first.map(|first| &first.score))
}

/// The moments at which pitched notes begin, each once.
fn onsets(score: &Score) -> Vec<u32> {
    let voices = score.voices.iter().filter(|voice| !voice.percussion);
    let notes = voices.flat_map(|voice| &voice.notes);
    let mut onsets: Vec<u32> = notes
        .filter(|note| note.duration > 0)
        .map(|note| note.onset)
        .collect();
    onsets.sort_unstable();
    onsets.dedup();
    onsets
}

/// A piece in stretches that hold about these shares of its notes, cut at bars if that leaves notes in each.
fn cut(piece: &Piece, shares: &[f64]) -> Result<Vec<Piece>> {
    let onsets = onsets(&piece.score);
    if onsets.len() < shares.len() {
        return Err(Error::value(
            format!(
                "{}: notes begin at {} moments only, too few to learn from some and test on others",
                piece.file.display(),
                onsets.len()
            ),
            "Give more music",
        ));
    }
    let (mut share, mut at_onsets) = (0.0, vec![0]);
    for (i, part) in shares[..shares.len() - 1].iter().enumerate() {
        share += part;
        let after = (share * onsets.len() as f64).round() as usize;
        // At least one for each stretch before and after.
        at_onsets.push(onsets[after.clamp(i + 1, onsets.len() + 1 + i - shares.len())]);
    }
    at_onsets.push(u32::MAX);
    let bars = piece.score.bars();
    let nearest = |tick: &u32| bars.iter().copied().min_by_key(|bar| bar.abs_diff(*tick));
    let inner = at_onsets[1..shares.len()].iter();
    let at_bars: Vec<u32> = [0]
        .into_iter()
        .chain(inner.filter_map(nearest))
        .chain([u32::MAX])
        .collect();
    let holds_notes = |stretch: &[u32]| {
        onsets
            .iter()
            .any(|onset| (stretch[0]..stretch[1]).contains(onset))
    };
    let good = at_bars.len() == at_onsets.len() && at_bars.windows(2).all(holds_notes);
    let places = if good { at_bars } else { at_onsets };
    let stretch = |stretch: &[u32]| Piece {
        score: piece.score.part(stretch[0], stretch[1]),
        ..piece.clone()
    };
    Ok(places.windows(2).map(stretch).collect())
}

#[cfg(test)]
mod tests;
