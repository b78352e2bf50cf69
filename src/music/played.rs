//! Music that was played and not written: finding its beat, and moving its notes to a grid.
//!
//! A recording from a keyboard counts in milliseconds, more or less. No length comes twice, so a model of
//! symbols learns nothing from it. What was meant are a few simple parts of a beat, and these are looked for here: first the
//! beats, then, for each beat, in how many equal parts it is best divided (1, 2, 3, 4, 6 or 8). So triplets
//! and sixteenths can stand side by side.
//!
//! What is lost: how the playing differed from the grid, the order of notes closer together than a part of a beat, short silence between one note and the next
//! (it tells how a note was struck, not how long it was meant), and, if the file's own beat was not the player's, the
//! metre. Which of two beats of the same music is called a quarter note, nobody can tell for sure: the one nearest to 100 a minute is.

mod beats;
mod divisions;

use super::{Corpus, Note, Score, Tempo, Voice};
use crate::threads::*;
use divisions::Grid;

/// What was moved to a grid, and how far.
#[derive(Clone, PartialEq, Debug)]
pub struct OnGrid {
    /// The score with every note on the grid.
    pub score: Score,
    /// Whether the beat is the file's own.
    pub own_beat: bool,
    /// How far the beginnings of notes were moved, in seconds: the mean.
    pub moved: f64,
}

/// Notes that begin within so many seconds were meant to begin together.
const TOGETHER: f64 = 0.03;

/// Whether this was written on a grid, or played to one by a machine: four fifths of the notes begin at a
/// twelfth, an eighth or a sixteenth of a quarter note, or at one of twelve other places in it.
pub fn is_written(score: &Score) -> bool {
    let onsets = onsets(score);
    let resolution = score.resolution.max(1);
    // Resolutions that a part does not divide were rounded to the next tick, up or down.
    let on_part = |place: u32, parts: u32| {
        let off = place * parts % resolution;
        off < parts || off > resolution - parts
    };
    let parts: &[u32] = if resolution < 96 { &[12, 8] } else { &[12, 16] };
    let simple = |place: u32| parts.iter().any(|&parts| on_part(place, parts));
    let chance = (0..resolution).filter(|&place| simple(place)).count() as f64 / f64::from(resolution);
    let mut uses = vec![0usize; resolution as usize];
    for onset in &onsets {
        uses[(onset % resolution) as usize] += 1;
    }
    let all = onsets.len() as f64;
    let simple: usize = (0..resolution)
        .filter(|&place| simple(place))
        .map(|place| uses[place as usize])
        .sum();
    uses.sort_unstable_by(|a, b| b.cmp(a));
    let few: usize = uses.iter().take(12).sum();
    onsets.len() < 8
        || chance > 0.7
        || (simple as f64 / all - chance) / (1.0 - chance) > 0.75
        || (onsets.len() >= 48 && resolution >= 96 && few as f64 / all > 0.9)
}

/// The score on a grid; none if it is on one. With `steps`, that is so many steps of the file's own quarter notes;
/// without, a score that [`is_written`] stays as it is, and for another one beats and parts of beats are found.
pub fn on_grid(score: &Score, steps: Option<u32>) -> Option<OnGrid> {
    let seconds_per_tick = score.seconds() / f64::from(score.end().max(1));
    if let Some(steps) = steps.map(|steps| steps.clamp(1, 32_767)) {
        let on = |tick: u32| u64::from(tick) * u64::from(steps) % u64::from(score.resolution.max(1)) == 0;
        if onsets(score).into_iter().all(on) {
            return None;
        }
        return Some(moved(score, &Grid::even(score, steps), f64::from));
    }
    if is_written(score) {
        return None;
    }
    let moments = moments(score, TOGETHER / seconds_per_tick);
    let means: Vec<f64> = moments.iter().map(|moment| moment.1).collect();
    let grid = beats::best(&means, score, seconds_per_tick);
    // Notes of one moment stay together.
    Some(moved(score, &grid, |onset| {
        let place = moments.partition_point(|moment| moment.0 <= onset);
        means[place.max(1) - 1]
    }))
}

impl Corpus {
    /// Moves pieces that were played and not written to a grid: see [`on_grid`]. Says what it did, if it did something.
    pub fn on_grid(&mut self, steps: Option<u32>) -> Option<String> {
        let found: Vec<Option<OnGrid>> = self
            .pieces
            .par_iter()
            .map(|piece| on_grid(&piece.score, steps))
            .collect();
        let (mut pieces, mut tracked, mut seconds) = (0, 0, 0.0);
        for (piece, found) in self.pieces.iter_mut().zip(found) {
            if let Some(found) = found {
                pieces += 1;
                tracked += usize::from(!found.own_beat);
                seconds += found.moved;
                piece.score = found.score;
            }
        }
        let (all, off) = (self.pieces.len(), 1000.0 * seconds / f64::from(pieces.max(1)));
        let moved = format!("{pieces} of {all} pieces");
        match steps {
            _ if pieces == 0 => None,
            Some(steps) => Some(format!(
                "{moved} were moved to {steps} steps a quarter note, notes by {off:.0} ms on the whole"
            )),
            None => Some(format!(
                "{moved} were played and not written: their notes were moved to parts of the beat, by {off:.0} ms on the whole. \
                 In {tracked} of them the beat is not the file's but was estimated, so bars are not known. \
                 With --grid N, notes are moved to N steps of the file's quarter notes instead"
            )),
        }
    }
}

fn onsets(score: &Score) -> Vec<u32> {
    let notes = score.voices.iter().flat_map(|voice| &voice.notes);
    let mut onsets: Vec<u32> = notes.map(|note| note.onset).collect();
    onsets.sort_unstable();
    onsets.dedup();
    onsets
}

/// When something begins: notes within `together` ticks of the first of them count as one moment. The first onset of each, and the mean.
fn moments(score: &Score, together: f64) -> Vec<(u32, f64)> {
    let mut moments = Vec::new();
    let onsets = onsets(score);
    let mut rest = &onsets[..];
    while let Some(&first) = rest.first() {
        let until = f64::from(first) + together;
        let count = rest.partition_point(|&onset| f64::from(onset) <= until);
        let sum: f64 = rest[..count].iter().map(|&onset| f64::from(onset)).sum();
        moments.push((first, sum / count as f64));
        rest = &rest[count..];
    }
    moments
}

/// The score with its notes on the grid; `moment` says at which one of these an onset is.
fn moved(score: &Score, grid: &Grid, moment: impl Fn(u32) -> f64) -> OnGrid {
    let clock = score.clock();
    let (mut distance, mut count) = (0.0, 0);
    let mut on_grid = Score::new(score.title.clone(), grid.resolution);
    for voice in &score.voices {
        let mut notes = Vec::new();
        for note in &voice.notes {
            let (onset, end) = (grid.place(moment(note.onset)), f64::from(note.end()));
            let tick = grid.tick(onset).max(0.0).round() as u32;
            distance += (clock.seconds(note.onset) - clock.seconds(tick)).abs();
            count += 1;
            let duration = grid.end(onset, end) - onset;
            let note = Note {
                onset,
                duration,
                ..*note
            };
            notes.push((note, grid.exactly(end)));
        }
        on_grid.voices.push(Voice {
            notes: without_gaps(notes, grid.resolution),
            ..voice.clone()
        });
    }
    let place = |tick: u32| grid.place(f64::from(tick));
    on_grid.keys = score.keys.iter().map(|&(tick, key)| (place(tick), key)).collect();
    if grid.own_beat {
        on_grid.pickup = place(score.pickup);
        on_grid.tempi = score
            .tempi
            .iter()
            .map(|&(tick, tempo)| (place(tick), tempo))
            .collect();
        on_grid.metres = score
            .metres
            .iter()
            .map(|&(tick, metre)| (place(tick), metre))
            .collect();
    } else {
        begin_early(&mut on_grid);
        on_grid.tempi = vec![(0, Tempo::per_minute(grid.per_minute(&clock)))];
    }
    OnGrid {
        score: on_grid,
        own_beat: grid.own_beat,
        moved: distance / f64::from(count.max(1)),
    }
}

/// Leaves out whole beats of silence before the first note.
fn begin_early(score: &mut Score) {
    let first = onsets(score).first().copied().unwrap_or(0);
    let silent = first - first % score.resolution;
    for note in score.voices.iter_mut().flat_map(|voice| &mut voice.notes) {
        note.onset -= silent;
    }
    for (tick, _) in &mut score.keys {
        *tick = tick.saturating_sub(silent);
    }
}

/// Lets notes last until the next one begins, if they were played (to the end that stands beside them) almost that long, or a
/// little longer: by less than half of a beat, or less than a third of the way.
fn without_gaps(mut notes: Vec<(Note, f64)>, beat: u32) -> Vec<Note> {
    notes.sort_by_key(|(note, _)| *note);
    let onsets: Vec<u32> = notes.iter().map(|(note, _)| note.onset).collect();
    let until_next = |(mut note, end): (Note, f64)| {
        let next = onsets.partition_point(|&onset| onset <= note.onset);
        if let Some(&next) = onsets.get(next) {
            let (way, gap) = (f64::from(next - note.onset), f64::from(next) - end);
            if gap.abs() < f64::max(f64::from(beat) / 2.0, way / 3.0) {
                note.duration = next - note.onset;
            }
        }
        note
    };
    let mut notes: Vec<Note> = notes.into_iter().map(until_next).collect();
    notes.sort();
    notes
}

#[cfg(test)]
mod tests;
