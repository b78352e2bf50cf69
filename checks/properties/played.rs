//! Whatever was played comes to lie on a grid.

use aeolian::music::played::on_grid;
use aeolian::music::{Note, Pitch, Score};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_score_comes_to_lie_on_a_grid(
        resolution in 1u32..1000,
        notes in proptest::collection::vec((0u32..100_000, 0u32..5_000), 0..80),
        steps in proptest::option::of(1u32..40),
    ) {
        let pitch = |place: usize| Pitch::new(60 + place as i32 % 24).unwrap();
        let note = |(place, &(onset, duration))| Note::new(onset, duration, pitch(place));
        let scale = notes.iter().enumerate().map(note).collect();
        let score = Score::new("scale", resolution).with_metre(4, 4).with_voice("", 0, scale);
        if let Some(found) = on_grid(&score, steps) {
            prop_assert_eq!(found.score.voices[0].notes.len(), notes.len());
            prop_assert!(found.score.voices[0].notes.iter().all(|note| note.duration > 0));
            prop_assert!(found.score.voices[0].notes.is_sorted());
            prop_assert!(found.moved.is_finite());
        }
    }
}
