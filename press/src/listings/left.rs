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
