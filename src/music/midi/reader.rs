//! From the bytes of a MIDI file to a score.

use super::track::Track;
use super::{LONGEST, Warnings, chunks, pickup, track};
use crate::music::{Score, Voice};
use crate::{Error, Result};

/// MIDI's channel 10, counted from 0: its pitches name drums.
pub(super) const PERCUSSION: u8 = 9;

pub(super) fn score(bytes: &[u8], warnings: &mut Warnings) -> Result<Score> {
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
    score.voices = voices(tracks);
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

/// One voice for each channel of each track.
fn voices(tracks: Vec<Track>) -> Vec<Voice> {
    let mut programs = [None; 16];
    for (&channel, said) in tracks.iter().flat_map(|track| &track.channels) {
        if let Some(program) = programs.get_mut(usize::from(channel)) {
            *program = program.or(said.program);
        }
    }
    let mut voices = Vec::new();
    for (i, track) in tracks.into_iter().enumerate() {
        // A track of programs only prepares other tracks, unless it is about one channel of its own.
        let several = track.channels.len() > 1;
        for (channel, said) in track.channels {
            if said.notes.is_empty() && (several || i == 0 || said.program.is_none()) {
                continue;
            }
            let name = track.name.as_deref().unwrap_or_default();
            let elsewhere = programs.get(usize::from(channel)).copied().flatten();
            let mut notes = said.notes;
            notes.sort();
            voices.push(Voice {
                name: match (several, name) {
                    (false, name) => name.to_string(),
                    (true, "") => format!("channel {}", channel + 1),
                    (true, name) => format!("{name}, channel {}", channel + 1),
                },
                program: said.program.or(elsewhere).unwrap_or(0),
                percussion: channel == PERCUSSION,
                notes,
            });
        }
    }
    voices
}
