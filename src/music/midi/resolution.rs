//! As many ticks to a quarter note as sequencers expect.

use crate::music::Score;
use std::borrow::Cow;

/// What sequencers write themselves.
const USUAL: u32 = 480;

/// What they all can work with: four times the 24 clocks by which MIDI keeps time.
const FEWEST: u32 = 96;

/// The score with at least [`USUAL`] ticks to a quarter note if it has fewer than [`FEWEST`]: a multiple of its own, so
/// that every note stays exactly where it was. A score so long that its ticks could not be counted stays as it is.
pub(super) fn finer(score: &Score) -> Cow<'_, Score> {
    if !(1..FEWEST).contains(&score.resolution) {
        return Cow::Borrowed(score);
    }
    let factor = USUAL.div_ceil(score.resolution);
    let mut finer = score.clone();
    finer.resolution *= factor;
    for tick in ticks(&mut finer) {
        match tick.checked_mul(factor) {
            Some(more) => *tick = more,
            None => return Cow::Borrowed(score),
        }
    }
    if finer.end() == u32::MAX {
        return Cow::Borrowed(score);
    }
    Cow::Owned(finer)
}

/// Everything in a score that counts ticks.
fn ticks(score: &mut Score) -> impl Iterator<Item = &mut u32> {
    let notes = score.voices.iter_mut().flat_map(|voice| &mut voice.notes);
    let notes = notes.flat_map(|note| [&mut note.onset, &mut note.duration]);
    let tempi = score.tempi.iter_mut().map(|change| &mut change.0);
    let metres = score.metres.iter_mut().map(|change| &mut change.0);
    let keys = score.keys.iter_mut().map(|change| &mut change.0);
    [&mut score.pickup]
        .into_iter()
        .chain(tempi)
        .chain(metres)
        .chain(keys)
        .chain(notes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::{Key, Mode, Note, Pitch, Tempo};

    /// A score with something of everything that counts ticks.
    fn score(resolution: u32) -> Score {
        let notes = (1..9).map(|i| Note::new(i * i, i, Pitch::A4)).collect();
        let mut score = Score::new("", resolution)
            .with_metre(3, 4)
            .with_voice("", 0, notes);
        score.pickup = 2;
        score.tempi = vec![(0, Tempo::per_minute(60.0)), (5, Tempo::per_minute(90.0))];
        score.keys = vec![(
            7,
            Key {
                sharps: 1,
                mode: Mode::Major,
            },
        )];
        score
    }

    #[test]
    fn a_coarse_score_is_written_with_480_ticks_or_a_little_more() {
        for (resolution, finer_resolution) in [(1, 480), (2, 480), (12, 480), (7, 483), (95, 570)] {
            let coarse = score(resolution);
            let finer = finer(&coarse);
            assert_eq!(finer.resolution, finer_resolution);
            let factor = finer_resolution / resolution;
            assert_eq!(
                (finer.pickup, finer.keys[0].0, finer.tempi[1].0),
                (2 * factor, 7 * factor, 5 * factor)
            );
            let (before, after) = (coarse.clock(), finer.clock());
            for (note, moved) in coarse.voices[0].notes.iter().zip(&finer.voices[0].notes) {
                assert_eq!(
                    (note.onset * factor, note.end() * factor),
                    (moved.onset, moved.end())
                );
                assert!((before.seconds(note.end()) - after.seconds(moved.end())).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_fine_score_and_an_endless_one_stay_as_they_are() {
        for resolution in [96, 120, 480, 960, 32_767] {
            assert_eq!(*finer(&score(resolution)), score(resolution));
        }
        let mut long = score(4);
        long.voices[0].notes.push(Note::new(u32::MAX / 120, 5, Pitch::A4));
        assert_eq!(finer(&long).resolution, 4);
        assert_eq!(finer(&score(0)).resolution, 0);
    }
}
