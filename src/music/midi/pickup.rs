//! The upbeat: MIDI has no word for it, but notation programs write it as a short first bar of its own metre.

use crate::music::{Metre, Score};

/// Ticks in a bar, if they are whole.
fn bar(metre: Metre, resolution: u32) -> Option<u64> {
    let whole_note = 4 * u64::from(resolution);
    let ticks = u64::from(metre.beats) * whole_note;
    let unit = u64::from(metre.unit);
    (ticks.checked_rem(unit)? == 0).then_some(ticks / unit)
}

/// The metres as MIDI says them: the upbeat, if there is one, is a first bar of its own.
pub(super) fn spelled(score: &Score) -> Vec<(u32, Metre)> {
    let mut metres = score.metres.clone();
    metres.sort_by_key(|change| change.0);
    if let Some(short) = short_bar(score, &metres) {
        metres[0].0 = score.pickup;
        metres.insert(0, (0, short));
    }
    metres
}

/// The metre of which the upbeat is one whole bar.
fn short_bar(score: &Score, metres: &[(u32, Metre)]) -> Option<Metre> {
    let &(0, full) = metres.first()? else {
        return None;
    };
    let pickup = u64::from(score.pickup);
    let room = metres.get(1).is_none_or(|next| next.0 > score.pickup);
    if pickup == 0 || !room || pickup >= bar(full, score.resolution)? {
        return None;
    }
    let units = (0..8).map(|power| 1u8 << power).filter(|&unit| unit >= full.unit);
    let mut bars = units.filter_map(|unit| {
        let beats = pickup * u64::from(unit) / (4 * u64::from(score.resolution)).max(1);
        let beats = u8::try_from(beats).ok()?;
        Some(Metre { beats, unit })
    });
    bars.find(|&metre| bar(metre, score.resolution) == Some(pickup))
}

/// Undoes [`spelled`]: a first bar that is shorter than those after it becomes the score's upbeat.
pub(super) fn understand(score: &mut Score) {
    let (tick, short, full) = match score.metres[..] {
        [(0, short), (tick, full), ..] => (tick, short, full),
        _ => return,
    };
    let length = bar(short, score.resolution);
    if length == Some(u64::from(tick)) && length < bar(full, score.resolution) {
        score.pickup = tick;
        score.metres.remove(0);
        score.metres[0].0 = 0;
    }
}
