//! Where the bar lines of a score stand, and its time in units that every bar line divides.

use crate::music::{Metre, Score};
use crate::{Error, Result};

/// Grid units to a tick: with a resolution of 1 even a bar of 1/128 is whole.
pub(super) const SCALE: u64 = 32;
/// The most bars that are written, over all voices.
const MOST_BARS: usize = 1_000_000;

/// The bar lines of a score, in grid units.
pub(super) struct Grid {
    /// Units to a whole note.
    pub(super) whole: u64,
    /// Where each bar ends, in order; at least one.
    pub(super) lines: Vec<u64>,
    /// Changes of metre, in order.
    metres: Vec<(u64, Metre)>,
}

impl Grid {
    /// Lays bars over a score: first its upbeat if it has one, then bar after bar until its notes have
    /// ended. A change of metre starts a new bar, except where the short bar before it would be taken for
    /// an upbeat. Without a metre bars are a whole note long.
    ///
    /// # Errors
    /// If the resolution or a metre is invalid, or there would be more than a million bars.
    pub(super) fn new(score: &Score) -> Result<Grid> {
        if !(1..=32_767).contains(&score.resolution) {
            return Err(Error::value(
                format!("a resolution of {} ticks to a quarter note", score.resolution),
                "Give a score 1 to 32,767",
            ));
        }
        let mut metres = Vec::with_capacity(score.metres.len());
        for &(tick, metre) in &score.metres {
            if metre.beats == 0 || !metre.unit.is_power_of_two() {
                return Err(Error::value(
                    format!("a metre of {}/{}", metre.beats, metre.unit),
                    "The beats are at least 1 and the unit is a power of two up to 128",
                ));
            }
            metres.push((u64::from(tick) * SCALE, metre));
        }
        metres.sort_by_key(|(time, _)| *time);
        let mut grid = Grid {
            whole: 4 * u64::from(score.resolution) * SCALE,
            lines: Vec::new(),
            metres,
        };
        grid.draw(score)?;
        Ok(grid)
    }

    fn draw(&mut self, score: &Score) -> Result<()> {
        // up to here no line is drawn but the upbeat's own: a short first bar would be read as an upbeat
        let full = self.metre(0).map_or(0, |metre| self.bar(Some(metre)));
        let mut upbeat = u64::from(score.pickup) * SCALE;
        if full > 0 {
            upbeat %= full;
        }
        let first = if upbeat > 0 { upbeat } else { full };
        let end = (u64::from(score.end()) * SCALE)
            .max(first + u64::from(upbeat > 0))
            .max(1);
        let most = MOST_BARS / score.voices.len().max(1);
        let mut line = 0;
        let mut change = 0;
        while line < end {
            let mut next = line + self.bar(self.metre(line));
            while self.metres.get(change).is_some_and(|(time, _)| *time <= line) {
                change += 1;
            }
            if let Some((time, _)) = self.metres.get(change) {
                next = next.min(*time);
            }
            if line < upbeat {
                next = next.min(upbeat);
            }
            line = next;
            if line >= first {
                self.lines.push(line);
            }
            if self.lines.len() > most {
                return Err(Error::value(
                    format!("a score of more than {most} bars"),
                    "Shorten its rests, or split it",
                ));
            }
        }
        Ok(())
    }

    /// The metre at this time, if there is one.
    pub(super) fn metre(&self, time: u64) -> Option<Metre> {
        let after = self.metres.partition_point(|(start, _)| *start <= time);
        Some(self.metres.get(after.checked_sub(1)?)?.1)
    }

    /// How long a bar is.
    fn bar(&self, metre: Option<Metre>) -> u64 {
        metre.map_or(self.whole, |metre| {
            u64::from(metre.beats) * self.whole / u64::from(metre.unit)
        })
    }

    /// How long the notes are that are written without a space between: a beat, dotted in compound metres.
    pub(super) fn beat(&self, metre: Option<Metre>) -> u64 {
        let Some(Metre { beats, unit }) = metre else {
            return self.whole / 4;
        };
        let beat = self.whole / u64::from(unit);
        match unit {
            8.. if beats.is_multiple_of(3) => 3 * beat,
            8.. => (self.whole / 4).max(beat),
            _ => beat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Note;

    fn lines(score: &Score) -> Vec<u64> {
        let lines = Grid::new(score).unwrap().lines;
        lines.into_iter().map(|line| line / SCALE).collect()
    }

    fn until(end: u32) -> Score {
        Score::new("", 4).with_voice("", 0, vec![Note::new(0, end, crate::music::Pitch::C4)])
    }

    #[test]
    fn bars_follow_the_upbeat_and_the_metre() {
        let mut score = until(40).with_metre(3, 4);
        assert_eq!(lines(&score), [12, 24, 36, 48]);
        score.pickup = 4;
        assert_eq!(lines(&score), [4, 16, 28, 40]);
        score.metres.push((18, Metre { beats: 4, unit: 4 }));
        assert_eq!(lines(&score), [4, 16, 18, 34, 50], "a new metre, a new bar");
    }

    #[test]
    fn no_line_is_drawn_that_would_be_read_as_an_upbeat() {
        let mut score = until(20).with_metre(4, 4);
        score.metres.push((4, Metre { beats: 1, unit: 4 }));
        assert_eq!(lines(&score), [16, 20]);
    }

    #[test]
    fn endless_scores_and_impossible_metres_are_refused() {
        let mut score = until(u32::MAX);
        score.resolution = 1;
        assert!(Grid::new(&score).is_err(), "a thousand million bars");
        assert!(Grid::new(&until(4).with_metre(0, 4)).is_err());
        assert!(Grid::new(&until(4).with_metre(4, 0)).is_err());
        score.resolution = 0;
        assert!(Grid::new(&score).is_err());
    }
}
