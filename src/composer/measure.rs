//! What is measured in pieces, and how sure that is.

use super::form::alike;
use super::piece::Piece;
use crate::bars::{Unit, is_chord_tone};
use rand::{Rng, RngExt};

/// What is heard of each of [`FEATURES`](super::FEATURES) in the notes of a piece: how far its pitches lie on the side of sharps, in fifths from the tonic; the
/// melody's mean pitch; its notes a beat; the share of its time in which it is silent between two notes; how hard it is struck.
pub fn heard(piece: &Piece) -> [f64; 5] {
    let score = piece.score("", [true; 3]);
    let tonic = i32::from(piece.key().tonic());
    let mut fifths = Vec::new();
    for note in score.voices.iter().flat_map(|voice| &voice.notes) {
        // Fifths from the tonic, from -5 (a minor second) to 6.
        let semitones = i32::from(note.pitch.midi()) - tonic;
        fifths.push(f64::from((7 * semitones + 5).rem_euclid(12) - 5));
    }
    let notes = &score.voices[0].notes;
    let of_notes =
        |value: fn(&crate::music::Note) -> u8| mean(notes.iter().map(|note| f64::from(value(note))));
    let beats: f64 = (piece.bars() * piece.style.beats) as f64;
    let short = notes.windows(2).map(|two| {
        let whole = two[1].onset - two[0].onset;
        f64::from(whole.saturating_sub(two[0].duration)) / f64::from(whole.max(1))
    });
    [
        mean(fifths),
        of_notes(|note| note.pitch.midi()),
        notes.len() as f64 / beats.max(1.0),
        mean(short),
        of_notes(|note| note.velocity),
    ]
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for value in values {
        sum += value;
        count += 1.0;
    }
    sum / count.max(1.0)
}

/// The share of bars that were there before, just so.
pub fn returns(bars: &[Unit]) -> f64 {
    let again = (0..bars.len()).filter(|bar| bars[..*bar].contains(&bars[*bar]));
    again.count() as f64 / bars.len().max(1) as f64
}

/// The share of bars that are as the bar so many bars before was; none if there are not so many.
pub fn comes_back(bars: &[Unit], before: usize) -> Option<f64> {
    let pairs = bars.len().checked_sub(before).filter(|pairs| *pairs > 0)?;
    let same = (0..pairs).filter(|bar| alike(&bars[*bar], &bars[bar + before]) > 0.95);
    Some(same.count() as f64 / pairs as f64)
}

/// Of the notes with which a chord begins, how many there are, and how many belong to it. A bar has one chord or two.
pub fn on_chord(unit: &Unit, chords: [usize; 2], slots: usize) -> (usize, usize) {
    let slot = unit.bar / slots.max(1);
    let mut found = (0, 0);
    for note in unit
        .notes()
        .iter()
        .filter(|note| note.onset.is_multiple_of(slot.max(1)))
    {
        let chord = chords[(2 * note.onset / unit.bar).min(1)];
        found = (found.0 + 1, found.1 + usize::from(is_chord_tone(note.key, chord)));
    }
    found
}

/// The interval in which a share lies with a confidence of 95 %, if it was found in so many of so many trials (E. B. Wilson, 1927).
pub fn wilson(hits: usize, trials: usize) -> (f64, f64) {
    let (z, n) = (1.96_f64, trials.max(1) as f64);
    let share = hits as f64 / n;
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    (
        (middle - half).clamp(0.0, share),
        (middle + half).clamp(share, 1.0),
    )
}

/// The interval in which nineteen of twenty values of a statistic lie if what it is counted in is drawn anew, with replacement, a thousand times
/// (B. Efron, 1979). Not a number for nothing.
pub fn bootstrap<T: Clone>(found: &[T], statistic: impl Fn(&[T]) -> f64, rng: &mut impl Rng) -> (f64, f64) {
    if found.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    let mut values: Vec<f64> = Vec::with_capacity(1000);
    for _ in 0..1000 {
        let again: Vec<T> = (0..found.len())
            .map(|_| found[rng.random_range(0..found.len())].clone())
            .collect();
        values.push(statistic(&again));
    }
    values.sort_by(f64::total_cmp);
    (values[25], values[974])
}
