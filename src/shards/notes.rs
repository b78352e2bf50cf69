//! Tunes as shards of symbols.

use super::writer::Writer;
use super::{Index, SHARD};
use crate::music::{Alphabet, Corpus, Melody, Part, Piece, played};
use crate::{Error, Result};
use std::path::Path;

/// How notes are exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Notes {
    /// Whether each piece of the training part is written in all of the twelve keys in which the alphabet knows its pitches.
    pub in_keys: bool,
    /// How many symbols a shard has before the next begins.
    pub shard: u64,
}

impl Default for Notes {
    /// In the keys that the pieces have; shards of a million symbols.
    fn default() -> Notes {
        Notes {
            in_keys: false,
            shard: SHARD,
        }
    }
}

/// What decides to which part a piece belongs; the same as in [`Corpus::read`].
#[derive(Clone, Copy, Default)]
struct Found {
    /// A piece lies in a folder that is named as a part.
    folders: bool,
    /// The content of a piece says that it is to learn from.
    train: bool,
}

impl Found {
    fn part(self, piece: &Piece, root: &Path) -> Part {
        match (self.folders, self.train) {
            (true, _) => piece.folder(root).unwrap_or(Part::Train),
            (false, true) => piece.part,
            (false, false) => Part::Train,
        }
    }
}

/// Writes the melodies of every MIDI and ABC file at or below a path as shards into a new folder, and gives its index, and why files
/// were skipped. Goes through the files twice, first for the alphabet, which is that of the training part; neither time are
/// there more than a few in memory. Music that was played by hand is moved to a grid: see [`played::on_grid`]. `progress` hears how
/// many files of how many are done, of both times together.
///
/// # Errors
/// If there is no music at the path, if it has more than 65,535 symbols, or if the folder is not empty or cannot be written.
pub fn export_notes(
    music: &Path,
    to: &Path,
    settings: &Notes,
    mut progress: impl FnMut(u64, u64),
) -> Result<(Index, Vec<String>)> {
    let mut writer = Writer::new(to, 2, settings.shard)?;
    let mut found = Found::default();
    // For each of the three ways in which parts are decided.
    let [mut by_folder, mut by_content, mut of_all] = [(); 3].map(|()| Alphabet::of([]));
    let mut voiceless = Vec::new();
    let mut skipped = Corpus::each(
        music,
        |done, total| progress(done, 2 * total),
        |piece| {
            let melody = melody(&piece);
            if melody.steps.is_empty() {
                let why = "has no pitches, only drums";
                voiceless.push(format!("{}: \"{}\" {why}", piece.file.display(), piece.name()));
                return Ok(());
            }
            let alphabet = Alphabet::of([&melody]);
            let folder = piece.folder(music);
            found.folders |= folder.is_some();
            found.train |= piece.part == Part::Train;
            if folder.is_none_or(|part| part == Part::Train) {
                by_folder = by_folder.joined(&alphabet);
            }
            if piece.part == Part::Train {
                by_content = by_content.joined(&alphabet);
            }
            of_all = of_all.joined(&alphabet);
            Ok(())
        },
    )?;
    skipped.extend(voiceless);
    let alphabet = match (found.folders, found.train) {
        (true, _) => by_folder,
        (false, true) => by_content,
        (false, false) => of_all,
    };
    let symbols = alphabet.len();
    if u16::try_from(symbols).is_err() {
        return Err(Error::value(
            format!("This music has {symbols} symbols: more than 65,535 do not fit into two bytes"),
            "Lay its notes on a grid first: durations that come once teach nothing",
        ));
    }
    Corpus::each(
        music,
        |done, total| progress(total + done, 2 * total),
        |piece| {
            let (part, melody) = (found.part(&piece, music), melody(&piece));
            if melody.steps.is_empty() {
                return Ok(());
            }
            let keys = match settings.in_keys && part == Part::Train {
                true => alphabet.in_keys(&[melody], -6..=5),
                false => vec![melody],
            };
            for melody in &keys {
                let symbols = alphabet.encode(melody);
                writer.piece(part, symbols.iter().map(|symbol| *symbol as u16))?;
            }
            Ok(())
        },
    )?;
    if !writer.teaches() {
        return Err(Error::value(
            format!("{}: no piece is left to learn from", music.display()),
            "Give music with pitches, and put some of it outside of the folders `valid` and `test`",
        ));
    }
    Ok((writer.finish(Some(alphabet.to_string()), None, symbols)?, skipped))
}

fn melody(piece: &Piece) -> Melody {
    let moved = played::on_grid(&piece.score, None);
    moved.map_or_else(|| piece.score.melody(), |moved| moved.score.melody())
}
