//! From the bytes of a MIDI file to a score.

use super::track::Track;
use super::{LONGEST, Options, Warnings, chunks, pickup, track, voices};
use crate::music::Score;
use crate::{Error, Result};

pub(super) fn score(bytes: &[u8], options: Options, warnings: &mut Warnings) -> Result<Score> {
    let file = chunks::open(bytes, warnings)?;
    if file.format > 1 {
        return Err(Error::format(
            "byte 8",
            format!(
                "format {}: only 0 (one track) and 1 (tracks that sound together) are one piece",
                file.format
            ),
            "Open the file in a music program and export it as format 1",
        ));
    }
    let mut tracks = Vec::with_capacity(file.tracks.len());
    for chunk in &file.tracks {
        tracks.push(track::read(chunk, warnings)?);
    }
    let mut score = Score::new(
        tracks
            .first()
            .and_then(|track| track.name.clone())
            .unwrap_or_default(),
        file.resolution,
    );
    score.tempi = changes(&mut tracks, |track| &mut track.tempi);
    score.metres = changes(&mut tracks, |track| &mut track.metres);
    score.keys = changes(&mut tracks, |track| &mut track.keys);
    if let Some(tempo) = file.fixed_tempo {
        if !score.tempi.is_empty() {
            warnings.add(|| "time is in frames of film: the tempi are left out".to_string());
        }
        score.tempi = vec![(0, tempo)];
    }
    score.voices = voices::of(tracks, options);
    pickup::understand(&mut score);
    if score.seconds() > LONGEST {
        return Err(Error::format(
            format!("tick {}", score.end()),
            format!(
                "a note ends {:.0} hours after the start",
                score.seconds() / 3600.0
            ),
            "A piece lasts 24 hours at most: the file is damaged, or its tempo wrong",
        ));
    }
    Ok(score)
}

/// The changes of every track, in order; of several at one tick the last one counts.
fn changes<T: Copy>(tracks: &mut [Track], of: impl Fn(&mut Track) -> &mut Vec<(u32, T)>) -> Vec<(u32, T)> {
    let mut all: Vec<(u32, T)> = tracks
        .iter_mut()
        .flat_map(|track| std::mem::take(of(track)))
        .collect();
    all.sort_by_key(|change| std::cmp::Reverse(change.0));
    all.reverse();
    all.dedup_by_key(|change| change.0);
    all
}
