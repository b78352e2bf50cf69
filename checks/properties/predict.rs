//! Copies are found as by comparing everything with everything.

use aeolian::predict::{longest_copy, share_of_new};
use proptest::prelude::*;

proptest! {
    #[test]
    fn copies_are_found_as_by_comparing_everything(
        written in proptest::collection::vec(0usize..3, 0..12),
        training in proptest::collection::vec(proptest::collection::vec(0usize..3, 0..9), 0..4),
        n in 1usize..5,
    ) {
        let holds = |run: &[usize]| training.iter().any(|piece| piece.windows(run.len()).any(|part| part == run));
        let longest = (1..=written.len()).filter(|&length| written.windows(length).any(holds)).max();
        prop_assert_eq!(longest_copy(&written, &training), longest.unwrap_or(0));
        let runs = written.windows(n).count();
        let new = written.windows(n).filter(|run| !holds(run)).count();
        prop_assert_eq!(share_of_new(&written, &training, n), new as f64 / runs.max(1) as f64);
    }
}
