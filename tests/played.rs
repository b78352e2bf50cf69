//! Music that was played by hand, or as if it had been, and what a model needs for it before and after it is moved to a grid.

use aeolian::markov::MelodyModel;
use aeolian::music::played::on_grid;
use aeolian::music::{Alphabet, Corpus, Note, Score, Tempo};
use aeolian::predict::note_bits;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Normal};
use std::path::Path;

fn tunes() -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
    Corpus::read(&folder, |_, _| {}).unwrap()
}

/// How a hand plays.
struct Hand {
    /// How far notes come too early or too late: standard deviation in seconds.
    unsteady: f64,
    /// By how much the tempo wavers.
    wavering: f64,
    /// Whether the recorder's beat is the player's: it counts 120 a minute if not, and begins when it likes.
    to_a_click: bool,
}

/// The score as this hand plays it into a recorder of 480 ticks to a quarter note.
fn played(score: &Score, hand: &Hand, rng: &mut ChaCha8Rng) -> Score {
    let compound = score
        .metres
        .first()
        .is_some_and(|metre| metre.1.unit == 8 && metre.1.beats % 3 == 0);
    let tempo = rng.random_range(75.0..130.0) * if compound { 1.5 } else { 1.0 }; // quarters a minute
    let recorder = if hand.to_a_click { tempo } else { 120.0 };
    let start: f64 = if hand.to_a_click {
        0.0
    } else {
        rng.random_range(0.2..3.0)
    };
    let (speed, phase) = (rng.random_range(0.05..0.3), rng.random_range(0.0..6.0));
    let second = |quarters: f64| {
        let seconds = quarters * 60.0 / tempo;
        // The integral of a speed that goes up and down.
        start + seconds + hand.wavering / speed * ((speed * seconds + phase).sin() - f64::sin(phase))
    };
    let off = Normal::new(0.0, hand.unsteady).unwrap();
    let mut voices = score.voices.clone();
    for note in voices.iter_mut().flat_map(|voice| &mut voice.notes) {
        let quarters = |tick: u32| f64::from(tick) / f64::from(score.resolution);
        let (from, to) = (second(quarters(note.onset)), second(quarters(note.end())));
        let tick = |second: f64| (second * recorder / 60.0 * 480.0).round().max(0.0) as u32;
        let onset = tick(from + off.sample(rng));
        let end = tick(from + (to - from) * rng.random_range(0.7..1.03));
        *note = Note {
            onset,
            duration: end.saturating_sub(onset).max(10),
            ..*note
        };
    }
    let mut played = Score::new(score.title.clone(), 480);
    played.tempi = vec![(0, Tempo::per_minute(recorder))];
    played.keys = score.keys.clone();
    for voice in &mut voices {
        voice.notes.sort();
    }
    played.voices = voices;
    played
}

/// From one note to the next, in quarter notes.
fn steps(score: &Score) -> Vec<f64> {
    let notes = &score.voices[0].notes;
    let step = |pair: &[Note]| f64::from(pair[1].onset - pair[0].onset) / f64::from(score.resolution);
    notes.windows(2).map(step).collect()
}

/// The share of steps that are as they were written, whichever beat was taken for a quarter note.
fn right(written: &Score, found: &Score) -> f64 {
    let (written, found) = (steps(written), steps(found));
    let mut ratios: Vec<f64> = found
        .iter()
        .zip(&written)
        .map(|(found, written)| found / written)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let scale = ratios[ratios.len() / 2];
    let same = |(found, written): &(&f64, &f64)| (*found - scale * *written).abs() < 1e-6;
    found.iter().zip(&written).filter(same).count() as f64 / written.len() as f64
}

/// Bits a note of pitches and durations, on the test part.
fn bits(corpus: &Corpus) -> [f64; 3] {
    let split = corpus.melodies(None).unwrap().swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let encoded = |melodies: &[_]| -> Vec<Vec<usize>> {
        melodies.iter().map(|melody| alphabet.encode(melody)).collect()
    };
    let mut model = MelodyModel::trained(&alphabet, &encoded(&split.train)).unwrap();
    let bits = note_bits(&mut model, &alphabet, &encoded(&split.test)).unwrap();
    [bits.per_note(), bits.pitch_per_note(), bits.duration_per_note()]
}

/// The book's tunes as a hand plays them, and the same on a grid; the share of steps that are right, and of pieces on the file's beat.
fn by_hand(written: &Corpus, hand: &Hand) -> (Corpus, Corpus, f64, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut by_hand = written.clone();
    for piece in &mut by_hand.pieces {
        piece.score = played(&piece.score, hand, &mut rng);
    }
    let (mut on_a_grid, count) = (by_hand.clone(), written.pieces.len() as f64);
    let (mut share, mut own) = (0.0, 0.0);
    for (piece, meant) in on_a_grid.pieces.iter_mut().zip(&written.pieces) {
        let found = on_grid(&piece.score, None).expect("played, not written");
        share += right(&meant.score, &found.score) / count;
        own += f64::from(u8::from(found.own_beat)) / count;
        piece.score = found.score;
    }
    (by_hand, on_a_grid, share, own)
}

#[test]
fn on_a_grid_a_chain_needs_far_fewer_bits_for_what_was_played() {
    let mut written = tunes();
    let before = written.clone();
    assert_eq!(written.on_grid(None), None, "what is written stays as it is");
    assert_eq!(written, before);
    let meant = bits(&written);
    println!("as written: {meant:.3?} bits a note, of pitch and of duration");
    let click = Hand {
        unsteady: 0.015,
        wavering: 0.0,
        to_a_click: true,
    };
    let free = Hand {
        unsteady: 0.010,
        wavering: 0.05,
        to_a_click: false,
    };
    for (name, hand) in [("to a click", click), ("free", free)] {
        let (raw, on_a_grid, right, own) = by_hand(&written, &hand);
        let (raw, on_a_grid) = (bits(&raw), bits(&on_a_grid));
        println!(
            "{name}: {raw:.3?}, on a grid {on_a_grid:.3?}; {right:.4} of steps right, {own:.3} on the file's beat"
        );
        assert!(right > 0.97, "{name}: {right}");
        assert_eq!(own > 0.5, hand.to_a_click, "{name}: {own}");
        assert!((own - 0.5).abs() > 0.49, "{name}: {own}");
        assert!(
            on_a_grid[0] < meant[0] + 1.0 && on_a_grid[0] < raw[0] / 3.0,
            "{name}"
        );
    }
}
