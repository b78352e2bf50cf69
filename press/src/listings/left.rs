//! How long it will still take.

use super::AT_ONCE;
use super::board::{Chapter, State};
use std::time::Duration;

/// How fast this machine is, measured by what was made on it since the press was started.
#[derive(Default, Debug)]
pub struct Pace {
    took: Duration,
    expected: Duration,
}

impl Pace {
    /// A chapter was made in this time.
    pub fn add(&mut self, expected: Option<Duration>, took: Duration) {
        if let Some(expected) = expected {
            self.expected += expected;
            self.took += took;
        }
    }

    /// How many times longer things take here than expected.
    fn factor(&self) -> f64 {
        if self.expected.is_zero() {
            return 1.0;
        }
        self.took.as_secs_f64() / self.expected.as_secs_f64()
    }
}

/// How long until this chapter is made: those before it come first, some at once. None if nobody knows.
pub fn until(chapters: &[Chapter], name: &str, pace: &Pace) -> Option<Duration> {
    let at = chapters.iter().position(|chapter| chapter.name == name)?;
    let own = alone(&chapters[at], pace)?;
    let before: f64 = chapters[..at]
        .iter()
        .filter_map(|chapter| alone(chapter, pace))
        .sum();
    let is_running = matches!(chapters[at].state, State::Running(_));
    let seconds = if is_running {
        own
    } else {
        own.max((before + own) / AT_ONCE as f64)
    };
    Some(Duration::from_secs_f64(seconds))
}

/// Seconds that this chapter itself still takes.
fn alone(chapter: &Chapter, pace: &Pace) -> Option<f64> {
    if chapter.is_settled() {
        return Some(0.0);
    }
    let begun = chapter.begun.map_or(0.0, |begun| begun.elapsed().as_secs_f64());
    let expected = chapter
        .expected
        .map(|expected| (expected.as_secs_f64() * pace.factor() - begun).max(0.0));
    let measured = match &chapter.state {
        State::Running(progress) if progress.done > 0 => {
            let more = progress.total.saturating_sub(progress.done) as f64 / progress.done as f64;
            Some(progress.since.elapsed().as_secs_f64() * more)
        }
        _ => None,
    };
    match (expected, measured) {
        (Some(expected), Some(measured)) => Some(expected.max(measured)),
        (expected, measured) => expected.or(measured),
    }
}

/// A time as one says it: "about 40 s", "about 3 minutes".
pub fn said(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..5.0 => "a few seconds".to_string(),
        ..57.5 => format!("about {:.0} s", (seconds / 5.0).round() * 5.0),
        ..90.0 => "about a minute".to_string(),
        _ => format!("about {:.0} minutes", seconds / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listings::board::Board;
    use std::path::PathBuf;

    fn seconds(number: u64) -> Duration {
        Duration::from_secs(number)
    }

    #[test]
    fn a_chapter_waits_for_those_before_it_on_a_machine_of_its_own_pace() {
        let expected = [Some(seconds(2)), Some(seconds(10)), Some(seconds(30)), None];
        let names = ["a", "b", "c", "d"].map(str::to_string);
        let board = Board::new(names.into_iter().zip(expected).collect(), false);
        let left = |name| board.left(name).map(|left| left.as_secs_f64());
        assert_eq!(
            (left("a"), left("b"), left("c")),
            (Some(2.0), Some(10.0), Some(30.0)),
            "two at once"
        );
        assert_eq!((left("d"), left("e")), (None, None), "nobody knows");

        for task in board.to_compile(false).unwrap() {
            board.compiled(&task, Ok(PathBuf::new()));
        }
        let (a, _) = board.to_run().unwrap();
        board.made(&a, Ok(Some(seconds(6))));
        assert_eq!(
            (left("a"), left("b"), left("c")),
            (Some(0.0), Some(30.0), Some(90.0)),
            "three times slower"
        );
        let (b, _) = board.to_run().unwrap();
        let (c, _) = board.to_run().unwrap();
        assert_eq!((b.chapter.as_str(), c.chapter.as_str()), ("b", "c"));
        board.progress(&c, "learning", 1, 4);
        assert!((89.0..=90.0).contains(&left("c").unwrap()));
        board.made(&b, Ok(None));
        assert_eq!(left("b"), Some(0.0));
    }

    #[test]
    fn times_are_said_as_one_says_them() {
        for (number, expected) in [
            (2, "a few seconds"),
            (33, "about 35 s"),
            (61, "about a minute"),
            (170, "about 3 minutes"),
        ] {
            assert_eq!(said(seconds(number)), expected);
        }
    }
}
