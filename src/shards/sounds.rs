//! Recordings as shards of µ-law codes.

use super::Index;
use super::writer::Writer;
use crate::file::{self, Kind};
use crate::music::Part;
use crate::sound::{mu_law, wav};
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// Writes every WAV file at or below a path as µ-law codes of so many a second into a new folder, one file after the other, and gives the
/// index, and why files were skipped. Parts are those of [`Corpus::read`](crate::music::Corpus::read): folders say them, or
/// the content. `progress` hears how many files of how many are done.
///
/// # Errors
/// If there is no WAV file that could be read and is to learn from, or if the folder is not empty or cannot be written.
pub fn export_sounds(
    sounds: &Path,
    to: &Path,
    rate: u32,
    shard: u64,
    mut progress: impl FnMut(u64, u64),
) -> Result<(Index, Vec<String>)> {
    let below = file::below(sounds)?;
    let is_wav = |file: &PathBuf| Kind::of_file(file).is_ok_and(|kind| kind == Kind::Wav);
    let files: Vec<PathBuf> = below.files.into_iter().filter(is_wav).collect();
    let in_folders = files.iter().any(|file| Part::of_place(file, sounds).is_some());
    let (total, mut skipped) = (files.len() as u64, below.unseen);
    let mut writer = Writer::new(to, 1, shard)?;
    for (done, file) in (1..).zip(&files) {
        let part = |bytes: &[u8]| match in_folders {
            true => Part::of_place(file, sounds).unwrap_or(Part::Train),
            false if total == 1 => Part::Train,
            false => Part::of_content(bytes),
        };
        match codes(file, rate) {
            Ok((bytes, codes)) if !codes.is_empty() => {
                writer.piece(part(&bytes), codes.iter().map(|code| u16::from(*code)))?;
            }
            Ok(_) => skipped.push(format!("{}: it has no samples", file.display())),
            Err(error) => skipped.push(error.to_string().replace(['\n', '\r'], " ")),
        }
        progress(done, total);
    }
    if !writer.teaches() {
        let first = skipped
            .first()
            .map_or(String::new(), |first| format!(", first {first}"));
        return Err(Error::value(
            format!(
                "{}: of {total} WAV files none is there to learn from{first}",
                sounds.display()
            ),
            "Give WAV files, or sort them into folders train, valid and test",
        ));
    }
    Ok((writer.finish(None, Some(rate), mu_law::CODES)?, skipped))
}

/// A file's bytes, and its sound as codes.
fn codes(path: &Path, rate: u32) -> Result<(Vec<u8>, Vec<u8>)> {
    let bytes = file::read(path)?;
    let sound = wav::decode(&bytes).map_err(|error| error.in_file(path))?;
    let samples = sound.resampled(rate)?.mono_samples();
    let codes = samples.iter().map(|sample| mu_law::encode(*sample)).collect();
    Ok((bytes, codes))
}
