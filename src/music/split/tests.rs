use super::*;
use crate::music::Score;

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
        ..Corpus::default()
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

/// How many pieces are in each part.
fn counts(corpus: &Corpus) -> [usize; 3] {
    [Part::Train, Part::Valid, Part::Test].map(|part| corpus.part(part).count())
}

#[test]
fn however_few_the_pieces_there_is_always_one_to_test_on() {
    use Part::{Test, Train, Valid};
    for (parts, full) in [
        (&[Train, Train][..], [1, 1, 1]), // of two, one is cut
        (&[Test, Test], [1, 1, 1]),
        (&[Valid, Test], [1, 1, 1]),
        (&[Train, Valid], [1, 1, 1]),
        (&[Train; 3], [1, 1, 1]),
        (&[Test; 3], [1, 1, 2]),
        (&[Train, Train, Valid], [1, 1, 1]),
        (&[Valid; 4], [2, 1, 1]),
        (&[Train; 9], [7, 1, 1]),
        (&[Train, Test, Train, Train], [2, 1, 1]),
        (&[Train, Train, Valid, Test, Test], [2, 1, 2]),
    ] {
        let mut corpus = corpus(parts);
        for (i, piece) in corpus.pieces.iter_mut().enumerate() {
            let text = format!("C4:{} D4 E4 F4 G4", i + 1);
            piece.score = Melody::parse(1, &text).unwrap().score("", 0);
        }
        assert_eq!(counts(&corpus.clone().divided(None).unwrap()), full, "{parts:?}");
        let split = corpus.melodies(None).unwrap().swap_remove(0);
        assert!(!split.train.is_empty() && !split.valid.is_empty() && !split.test.is_empty());
        for one_in in [2, 3, 10] {
            let divided = corpus.clone().divided(Some(one_in)).unwrap();
            assert!(
                counts(&divided).iter().all(|count| *count > 0),
                "{parts:?} {one_in}"
            );
            assert_eq!(counts(&divided)[2], parts.len().div_ceil(one_in.min(parts.len())));
        }
    }
}

#[test]
fn copies_move_together() {
    let mut corpus = corpus(&[Part::Train; 5]);
    let last = corpus.pieces[4].score.clone();
    corpus.pieces[1].score = last.clone();
    let divided = corpus.divided(None).unwrap();
    assert_eq!(counts(&divided), [2, 1, 2]);
    assert!(divided.part(Part::Test).all(|piece| piece.score == last));
}

#[test]
fn a_single_piece_is_cut_at_its_bars() {
    let mut one = corpus(&[Part::Train]);
    let tune = "C4 D4 E4 F4 G4 A4 B4 C5 ".repeat(5);
    let score = Melody::parse(1, &tune).unwrap().score("Scales", 0);
    one.pieces[0].score = score.clone().with_metre(4, 4);
    one.pieces.push(one.pieces[0].clone()); // a copy is no second piece
    let ends = |corpus: Corpus| -> Vec<u32> { corpus.pieces.iter().map(|piece| piece.score.end()).collect() };
    let divided = one.clone().divided(None).unwrap();
    assert_eq!(counts(&divided), [1, 1, 1]);
    assert_eq!(ends(divided), [32, 4, 4]);
    assert_eq!(
        ends(one.clone().divided(Some(4)).unwrap()),
        [20, 8, 12],
        "to the nearest bar"
    );
    let splits = one.melodies(Some(5)).unwrap();
    assert_eq!(splits.len(), 5);
    for split in &splits {
        assert_eq!((split.train.len(), split.test.len()), (4, 1));
        assert_eq!(split.test[0].steps.len(), 8);
    }
    one.pieces[0].score = score.part(0, 3); // three notes, no metre
    one.pieces.truncate(1);
    assert_eq!(ends(one.clone().divided(None).unwrap()), [1, 1, 1]);
    assert_eq!(
        one.melodies(Some(10)).unwrap().len(),
        3,
        "as many as there are notes"
    );
}

#[test]
fn drums_alone_are_left_out_and_are_named_where_there_is_nothing_else() {
    let mut corpus = corpus(&[Part::Train; 4]);
    corpus.pieces[3].score.voices[0].percussion = true;
    assert_eq!(counts(&corpus.clone().divided(None).unwrap()), [1, 1, 1]);
    corpus.pieces.drain(..3);
    for says in [
        corpus.clone().divided(None).unwrap_err().to_string(),
        corpus.melodies(Some(10)).unwrap_err().to_string(),
    ] {
        assert!(says.starts_with("3.abc: drums alone"), "{says}");
    }
}

#[test]
fn chords_in_one_voice_are_polyphony() {
    let mut corpus = corpus(&[Part::Train; 2]);
    assert!(
        corpus
            .clone()
            .polyphonic()
            .unwrap_err()
            .to_string()
            .contains("none of 2 pieces")
    );
    let third = crate::music::Note::new(0, 2, "E4".parse().unwrap());
    corpus.pieces[1].score.voices[0].notes.push(third);
    let chords = corpus.polyphonic().unwrap();
    assert_eq!(chords.pieces[0].file.to_str(), Some("1.abc"));
}

#[test]
fn too_little_music_is_an_error_that_says_what_to_do() {
    let says = |corpus: Corpus, folds| corpus.melodies(folds).unwrap_err().to_string();
    assert!(says(corpus(&[Part::Test]), None).contains("Give more music"));
    assert!(says(corpus(&[Part::Train]), Some(10)).contains("Give more music"));
    assert!(says(corpus(&[Part::Train; 3]), Some(1)).contains("--folds 2"));
    assert!(says(Corpus::default(), None).contains("pitches"));
}
