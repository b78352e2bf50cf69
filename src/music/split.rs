//! A corpus as melodies to learn from and melodies to be judged by.

use super::{Corpus, Melody, Part};
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
    /// The corpus as melodies, for models of one line: see [`Score::melody`](super::Score::melody). Without
    /// `folds`, one split as the parts say. With `folds`, that many: every piece is in the test part of one of them and in the training part of all others, as cross-validation
    /// wants it. Pieces without a note that can be sung are left out.
    ///
    /// # Errors
    /// If a split has nothing to learn from, or there is nothing to test at all.
    pub fn melodies(&self, folds: Option<usize>) -> Result<Vec<Split>> {
        let mut splits = vec![Split::default(); folds.unwrap_or(1).min(self.pieces.len()).max(1)];
        for (i, piece) in self.pieces.iter().enumerate() {
            let melody = piece.score.melody();
            if melody.steps.iter().all(|step| step.pitch.is_none()) {
                continue;
            }
            for fold in 0..splits.len() {
                let part = match folds {
                    None => piece.part,
                    Some(_) if i % splits.len() == fold => Part::Test,
                    Some(_) => Part::Train,
                };
                splits[fold].of(part).push(melody.clone());
            }
        }
        let pieces = self.pieces.len();
        if splits.iter().any(|split| split.train.is_empty()) {
            return Err(Error::value(
                format!(
                    "There is no melody to learn from in {pieces} pieces cut in {} folds",
                    splits.len()
                ),
                "Give more music, or two folds at least",
            ));
        }
        if splits.iter().all(|split| split.test.is_empty()) {
            return Err(Error::value(
                format!("None of {pieces} pieces with a melody fell into the test part"),
                "Give more music, sort it into folders named train, valid and test, or test on all of it in turn: --folds 10",
            ));
        }
        Ok(splits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::{Piece, Score};

    /// Pieces whose melodies are one note of 1, 2, 3, … ticks.
    fn corpus(parts: &[Part]) -> Corpus {
        let piece = |(i, &part): (usize, &Part)| {
            let melody = Melody::parse(1, &format!("C4:{}", i + 1)).unwrap();
            let file = format!("{i}.abc").into();
            Piece {
                file,
                part,
                score: melody.score("", 0),
            }
        };
        let pieces = parts.iter().enumerate().map(piece).collect();
        Corpus {
            pieces,
            skipped: Vec::new(),
        }
    }

    fn lengths(melodies: &[Melody]) -> Vec<u32> {
        melodies.iter().map(|melody| melody.steps[0].duration).collect()
    }

    #[test]
    fn without_folds_the_parts_decide() {
        let mut corpus = corpus(&[Part::Test, Part::Train, Part::Valid, Part::Train]);
        corpus.pieces.push(Piece {
            score: Score::new("silent", 1),
            ..corpus.pieces[0].clone()
        });
        let [split] = &corpus.melodies(None).unwrap()[..] else {
            panic!("one split")
        };
        let parts = [&split.train, &split.valid, &split.test].map(|part| lengths(part));
        assert_eq!(parts, [vec![2, 4], vec![3], vec![1]]);
    }

    #[test]
    fn every_piece_is_tested_in_one_fold_and_learned_in_the_others() {
        let splits = corpus(&[Part::Train; 7]).melodies(Some(3)).unwrap();
        let mut tested = Vec::new();
        for split in &splits {
            tested.extend(lengths(&split.test));
            let mut all = lengths(&split.train);
            all.extend(lengths(&split.test));
            all.sort();
            assert_eq!(all, [1, 2, 3, 4, 5, 6, 7]);
        }
        tested.sort();
        assert_eq!((splits.len(), tested), (3, vec![1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(
            corpus(&[Part::Train; 2]).melodies(Some(9)).unwrap().len(),
            2,
            "one for each piece"
        );
    }

    #[test]
    fn too_little_music_is_an_error_that_says_what_to_do() {
        let says = |corpus: Corpus, folds| corpus.melodies(folds).unwrap_err().to_string();
        assert!(says(corpus(&[Part::Train; 3]), None).contains("--folds"));
        assert!(says(corpus(&[Part::Test]), None).contains("learn from"));
        assert!(says(corpus(&[Part::Train]), Some(10)).contains("learn from"));
        assert!(says(Corpus::default(), Some(10)).contains("learn from"));
    }
}
