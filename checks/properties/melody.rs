//! A melody as symbols and back.

use aeolian::music::{Alphabet, Melody, Pitch, Step};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_numbers_make_a_melody(symbols in proptest::collection::vec(0usize..14, 0..40)) {
        let alphabet = Alphabet::of(&[Melody::parse(2, "C4:2 -:1 E4 G4:4").unwrap()]);
        let melody = alphabet.decode(&symbols);
        prop_assert!(melody.steps.len() <= symbols.len() / 2);
        prop_assert_eq!(alphabet.decode(&alphabet.encode(&melody)), melody);
        for symbol in symbols {
            prop_assert!(!alphabet.name(symbol).is_empty());
        }
    }

    #[test]
    fn what_the_alphabet_knows_comes_back_the_same(
        steps in proptest::collection::vec((proptest::option::of(0u8..128), 0u32..5000), 0..30),
        resolution in 1u32..1000,
    ) {
        let steps = steps.into_iter().map(|(pitch, duration)| Step {
            pitch: pitch.and_then(Pitch::from_midi),
            duration,
        });
        let melody = Melody { resolution, steps: steps.collect() };
        let alphabet = Alphabet::of([&melody]);
        let again = alphabet.decode(&alphabet.encode(&melody));
        prop_assert_eq!(again.steps.len(), melody.steps.len());
        for (a, b) in again.steps.iter().zip(&melody.steps) {
            prop_assert_eq!(a.pitch, b.pitch);
            let left = u64::from(a.duration) * u64::from(melody.resolution);
            prop_assert_eq!(left, u64::from(b.duration) * u64::from(again.resolution));
        }
    }
}
