//! The chord under half a bar.

use super::unit::{HOLD, KEYS, Unit};

/// What the chords are called: the triads of the white keys, but for the one on B.
pub const CHORDS: [&str; 6] = ["C", "Dm", "Em", "F", "G", "Am"];

/// Whether a key, counted among the white ones, belongs to a chord: it is its root, third or fifth.
pub fn is_chord_tone(key: usize, chord: usize) -> bool {
    // The lowest key is an A; chord 0 has its root on C, two keys above.
    [0, 2, 4].contains(&((key + 5 + 7 - chord % 7) % 7))
}

/// The chord under each half of a unit's first bar: of all six the one to which most of what sounds belongs. The step on which the half begins
/// counts four times, and of equals the first of C, G, F and Am is taken.
pub fn chords(unit: &Unit) -> [usize; 2] {
    let half = (unit.bar / 2).max(1);
    let mut sounding = None;
    let mut keys = Vec::with_capacity(unit.bar);
    for symbol in unit
        .symbols
        .iter()
        .take(unit.bar)
        .map(|symbol| usize::from(*symbol))
    {
        if symbol < KEYS.len() {
            sounding = Some(symbol);
        } else if symbol != HOLD {
            sounding = None;
        }
        keys.push(sounding);
    }
    [0, 1].map(|number| {
        let steps = || keys.iter().skip(number * half).take(half).enumerate();
        let fits = |chord: usize| -> usize {
            let of_chord = steps().filter(|(_, key)| key.is_some_and(|key| is_chord_tone(key, chord)));
            of_chord.map(|(step, _)| if step == 0 { 4 } else { 1 }).sum()
        };
        let best = (0..CHORDS.len()).map(fits).max().unwrap_or(0);
        let found = [0, 4, 3, 5, 1, 2].into_iter().find(|chord| fits(*chord) == best);
        found.unwrap_or(0)
    })
}

/// Of the notes that begin with a half of a bar, how many there are, and how many belong to its chord.
pub fn strong_notes(unit: &Unit, chords: [usize; 2]) -> (usize, usize) {
    let half = (unit.bar / 2).max(1);
    let strong = |note: &super::unit::UnitNote| note.onset < unit.bar && note.onset.is_multiple_of(half);
    let notes: Vec<_> = unit.notes().into_iter().filter(strong).collect();
    let right = notes
        .iter()
        .filter(|note| is_chord_tone(note.key, chords[note.onset / half % 2]));
    (notes.len(), right.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_belong_to_chords() {
        // A3 B3 C4 D4 E4 F4 G4: keys 0 to 6.
        let of = |chord: usize| -> Vec<usize> { (0..7).filter(|key| is_chord_tone(*key, chord)).collect() };
        assert_eq!(of(0), [2, 4, 6], "C E G");
        assert_eq!(of(4), [1, 3, 6], "B D G");
        assert_eq!(of(5), [0, 2, 4], "A C E");
    }

    #[test]
    fn each_half_gets_its_chord() {
        let mut symbols = vec![HOLD as u8; 16];
        (symbols[0], symbols[4], symbols[8], symbols[12]) = (2, 4, 6, 8); // C E | G B
        let unit = Unit { bar: 16, symbols };
        assert_eq!(chords(&unit), [0, 4]);
        assert_eq!(strong_notes(&unit, [0, 4]), (2, 2));
        assert_eq!(strong_notes(&unit, [4, 3]), (2, 0));
    }
}
