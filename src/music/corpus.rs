//! Many pieces at once: every MIDI and ABC file below a folder, split for training and testing.

use super::{Score, abc, midi};
use crate::{Error, Result, file};
use rayon::prelude::*;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Which part of a corpus a piece belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// What a model learns from.
    Train,
    /// What its settings are chosen by.
    Valid,
    /// What it is judged by, once.
    Test,
}

impl Part {
    /// The part that a folder of this name holds: `train`, `valid`, `validation`, `dev` or `test`, in any case.
    fn of_folder(name: &OsStr) -> Option<Part> {
        match name.to_ascii_lowercase().to_str()? {
            "train" => Some(Part::Train),
            "valid" | "validation" | "dev" => Some(Part::Valid),
            "test" => Some(Part::Test),
            _ => None,
        }
    }

    /// The part that this content falls into: 80% train, 10% valid, 10% test. Copies of a piece fall
    /// together, so that none is both learnt and tested.
    fn of_content(bytes: &[u8]) -> Part {
        match hash(bytes) % 10 {
            0..8 => Part::Train,
            8 => Part::Valid,
            _ => Part::Test,
        }
    }
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo, 1991), then the finaliser of SplitMix64 (Steele, Lea and
/// Flood, 2014), since the last bytes of a file hardly reach the high bits of the former.
fn hash(bytes: &[u8]) -> u64 {
    let mut hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

/// One piece of a corpus and the file it came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The file that it was read from.
    pub file: PathBuf,
    /// What it is for: to learn from, to choose by, or to be judged by.
    pub part: Part,
    /// Its music.
    pub score: Score,
}

/// The pieces below a folder, in the order of their paths.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Corpus {
    /// What could be read.
    pub pieces: Vec<Piece>,
    /// Why each file (or tune of a file of several) that was skipped could not be read, in one line.
    pub skipped: Vec<String>,
}

impl Corpus {
    /// Reads every MIDI (`.mid`, `.midi`, `.smf`) and ABC (`.abc`) file at or below a path, in parallel.
    /// `progress` hears how many files of how many are done, once after each file.
    ///
    /// If folders named `train`, `valid` (or `validation`, `dev`) and `test` lie directly in the path and hold music,
    /// they say which part a piece belongs to, and what lies beside them is for training. If not, a hash of the
    /// piece's content decides, 80 : 10 : 10: of a MIDI file's bytes, of an ABC tune's own text. Should that
    /// leave nothing for training, as with a single file, everything is.
    ///
    /// # Errors
    /// If the path is not there, or if no piece at all could be read.
    pub fn read(path: &Path, progress: impl Fn(u64, u64) + Sync) -> Result<Corpus> {
        let found = Found::below(path)?;
        let total = found.music.len() as u64;
        let done = Mutex::new(0u64);
        let read_one = |file: &PathBuf| {
            let pieces = pieces(file);
            // Within the lock, so that the counts are heard in order.
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            *done += 1;
            progress(*done, total);
            pieces
        };
        let read: Vec<_> = found.music.par_iter().map(read_one).collect();
        let mut corpus = Corpus {
            pieces: Vec::new(),
            skipped: found.skipped,
        };
        for result in read.into_iter().flatten() {
            match result {
                Ok(piece) => corpus.pieces.push(piece),
                Err(why) => corpus.skipped.push(why.to_string().replace(['\n', '\r'], " ")),
            }
        }
        if corpus.pieces.is_empty() {
            let (seen, skipped) = (found.seen, corpus.skipped.len());
            let first = corpus.skipped.first().map(|why| format!(" ({why})"));
            return Err(Error::value(
                format!(
                    "{}: no music among {seen} files, {total} of them MIDI or ABC by name, {skipped} skipped{}",
                    path.display(),
                    first.unwrap_or_default()
                ),
                "Give a MIDI (.mid, .midi, .smf) or ABC (.abc) file with notes in it, or a folder of such files",
            ));
        }
        corpus.split(path);
        Ok(corpus)
    }

    /// The pieces of one part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.part == part)
    }

    /// Lets the folders decide, if there are any, and sees to it that something is there to learn from.
    fn split(&mut self, root: &Path) {
        let folder = |piece: &Piece| {
            let mut below = piece.file.strip_prefix(root).ok()?.components();
            let first = below.next()?;
            below.next().and_then(|_| Part::of_folder(first.as_os_str()))
        };
        let folders: Vec<_> = self.pieces.iter().map(folder).collect();
        if folders.iter().any(Option::is_some) {
            for (piece, folder) in self.pieces.iter_mut().zip(folders) {
                piece.part = folder.unwrap_or(Part::Train);
            }
        } else if self.part(Part::Train).next().is_none() {
            self.pieces.iter_mut().for_each(|piece| piece.part = Part::Train);
        }
    }
}

/// What lies at or below a path.
#[derive(Default)]
struct Found {
    /// Files that are music by name, in the order of their paths.
    music: Vec<PathBuf>,
    /// How many files there are of any kind.
    seen: u64,
    /// Why a folder or file could not be looked at.
    skipped: Vec<String>,
}

impl Found {
    fn below(root: &Path) -> Result<Found> {
        let failed = |path: &Path, source| Error::Io {
            file: path.to_path_buf(),
            what: "cannot be opened",
            source,
            remedy: "Check the path and that you may read it",
        };
        fs::metadata(root).map_err(|source| failed(root, source))?;
        let mut found = Found::default();
        // Each folder is entered once, by whatever link: so no loop of links goes on for ever.
        let mut entered = HashSet::new();
        let mut waiting = vec![root.to_path_buf()];
        while let Some(path) = waiting.pop() {
            match fs::metadata(&path) {
                Ok(about) if about.is_dir() => match entries(&path) {
                    Ok((real, inside)) if entered.insert(real.clone()) => waiting.extend(inside),
                    Ok(_) => {}
                    Err(source) => found.skipped.push(failed(&path, source).to_string()),
                },
                Ok(about) => {
                    found.seen += 1;
                    if about.is_file() && Kind::of(&path).is_some() {
                        found.music.push(path);
                    }
                }
                Err(source) => {
                    found.seen += 1;
                    if Kind::of(&path).is_some() {
                        found.skipped.push(failed(&path, source).to_string());
                    }
                }
            }
        }
        Ok(found)
    }
}

/// A folder's real place and what is in it, the last name first.
fn entries(folder: &Path) -> std::io::Result<(PathBuf, Vec<PathBuf>)> {
    let mut inside = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    inside.sort();
    inside.reverse();
    Ok((fs::canonicalize(folder)?, inside))
}

enum Kind {
    Midi,
    Abc,
}

impl Kind {
    fn of(path: &Path) -> Option<Kind> {
        match path.extension()?.to_ascii_lowercase().to_str()? {
            "mid" | "midi" | "smf" => Some(Kind::Midi),
            "abc" => Some(Kind::Abc),
            _ => None,
        }
    }
}

/// The pieces of one file, or why there are none.
fn pieces(path: &Path) -> Vec<Result<Piece>> {
    let named = |error: Error| error.in_file(path);
    let bytes = match file::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![Err(error)],
    };
    let piece = |score: Score, part| {
        if score.voices.iter().all(|voice| voice.notes.is_empty()) {
            return Err(named(Error::format(
                "the whole piece",
                format!("no note in \"{}\"", score.title),
                "Give a piece that has some",
            )));
        }
        Ok(Piece {
            file: path.to_path_buf(),
            part,
            score,
        })
    };
    let midi = || {
        let (score, _) = midi::decode(&bytes).map_err(named)?;
        piece(score, Part::of_content(&bytes))
    };
    // A faulty tune does not cost the others of its file.
    let tune = |tune: &abc::Tune| {
        let (score, _) = tune.decode().map_err(named)?;
        piece(score, Part::of_content(tune.text().as_bytes()))
    };
    match Kind::of(path) {
        Some(Kind::Abc) => match abc::tunes(&abc::text(&bytes)) {
            Ok(tunes) => tunes.iter().map(tune).collect(),
            Err(error) => vec![Err(named(error))],
        },
        _ => vec![midi()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::{Note, Pitch};
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    /// The bytes of a piece that no other number has.
    fn piece(number: u32) -> Vec<u8> {
        let notes = (0..4).map(|i| Note::new(i * 4, 4 + (number >> (8 * i) & 0xFF), Pitch::A4));
        let score = Score::new("piece", 4).with_voice("", 0, notes.collect());
        midi::encode(&score).unwrap()
    }

    fn write(folder: &Path, name: &str, bytes: &[u8]) {
        file::write(&folder.join(name), bytes).unwrap();
    }

    fn names(corpus: &Corpus) -> Vec<String> {
        let name = |piece: &Piece| piece.file.file_name().unwrap().to_string_lossy().into_owned();
        corpus.pieces.iter().map(name).collect()
    }

    #[test]
    fn every_midi_file_below_is_found_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for (i, name) in ["b.MID", "a/z.midi", "a/deep/er/y.Smf", "c.mid"]
            .iter()
            .enumerate()
        {
            write(folder.path(), name, &piece(i as u32));
        }
        write(folder.path(), "notes.txt", b"no music");
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        assert_eq!(names(&corpus), ["y.Smf", "z.midi", "b.MID", "c.mid"]);
        assert!(corpus.skipped.is_empty());
        assert_eq!(
            Corpus::read(folder.path(), |_, _| {}).unwrap(),
            corpus,
            "the same again"
        );
    }

    #[test]
    fn a_single_file_is_a_corpus_to_learn_from() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..20 {
            write(folder.path(), "one.mid", &piece(number));
            let corpus = Corpus::read(&folder.path().join("one.mid"), |_, _| {}).unwrap();
            assert_eq!(corpus.part(Part::Train).count(), 1);
        }
    }

    #[test]
    fn folders_decide_the_part_if_there_are_any() {
        let folder = tempfile::tempdir().unwrap();
        let places = [
            "Train/a.mid",
            "train/test/b.mid",
            "DEV/c.mid",
            "test/d.mid",
            "e.mid",
            "other/test/f.mid",
        ];
        for (i, name) in places.iter().enumerate() {
            write(folder.path(), name, &piece(i as u32));
        }
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        let part = |name: &str| {
            let found = corpus.pieces.iter().find(|piece| piece.file.ends_with(name));
            found.unwrap().part
        };
        assert_eq!(part("c.mid"), Part::Valid);
        assert_eq!(part("d.mid"), Part::Test);
        for train in ["a.mid", "b.mid", "e.mid", "f.mid"] {
            assert_eq!(part(train), Part::Train, "{train}");
        }
    }

    #[test]
    fn content_decides_elsewhere_eight_to_one_to_one() {
        let parts: Vec<Part> = (0..5_000).map(|i| Part::of_content(&piece(i))).collect();
        let share = |part| parts.iter().filter(|&&other| other == part).count() as f64 / 5_000.0;
        // Three standard deviations of a fair draw are 0.017 and 0.013.
        assert!((share(Part::Train) - 0.8).abs() < 0.017, "{}", share(Part::Train));
        assert!((share(Part::Valid) - 0.1).abs() < 0.013, "{}", share(Part::Valid));
    }

    #[test]
    fn the_hash_never_changes() {
        // FNV-1a of "a" is af63dc4c8601ec8c by its authors' tables; the rest is the finaliser, worked out apart.
        assert_eq!(hash(b"a"), finalised(0xAF63_DC4C_8601_EC8C));
        assert_eq!(hash(b"foobar"), finalised(0x8594_4171_F739_67E8));
        assert_eq!(
            finalised(0x9E37_79B9_7F4A_7C15),
            0xE220_A839_7B1D_CDAF,
            "SplitMix64's first number for seed 0"
        );
    }

    fn finalised(z: u64) -> u64 {
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    #[test]
    fn what_cannot_be_read_is_skipped_with_one_line() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "good.mid", &piece(1));
        write(folder.path(), "bad.mid", b"RIFFxxxxWAVE");
        write(
            folder.path(),
            "silent.mid",
            &midi::encode(&Score::new("quiet", 4)).unwrap(),
        );
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        assert_eq!(names(&corpus), ["good.mid"]);
        assert_eq!(corpus.skipped.len(), 2);
        assert!(
            corpus.skipped[0].contains("bad.mid, byte 0"),
            "{:?}",
            corpus.skipped
        );
        assert!(
            corpus.skipped[1].contains("silent.mid") && corpus.skipped[1].contains("no note in \"quiet\"")
        );
    }

    #[test]
    fn no_music_is_an_error_that_counts() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", b"");
        write(folder.path(), "b.mid", b"");
        let message = Corpus::read(folder.path(), |_, _| {}).unwrap_err().to_string();
        let place = folder.path().display().to_string();
        for part in [&place, "among 2 files, 1 of them", "1 skipped", "b.mid", ".abc"] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_is_an_error() {
        let message = Corpus::read(Path::new("no/such/folder"), |_, _| {})
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("no/such/folder") && message.contains("Check the path"),
            "{message}"
        );
    }

    #[test]
    fn progress_counts_every_file_once_and_in_order() {
        let folder = tempfile::tempdir().unwrap();
        for i in 0..2_000 {
            write(folder.path(), &format!("{i}.mid"), &piece(i % 7));
        }
        let last = AtomicU64::new(0);
        let progress = |done, total| {
            assert_eq!((last.fetch_add(1, Relaxed) + 1, total), (done, 2_000));
        };
        assert_eq!(Corpus::read(folder.path(), progress).unwrap().pieces.len(), 2_000);
        assert_eq!(last.into_inner(), 2_000);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_circles() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        write(folder.path(), "in/a.mid", &piece(1));
        write(elsewhere.path(), "b.mid", &piece(2));
        symlink(folder.path(), folder.path().join("in/loop")).unwrap();
        symlink(elsewhere.path(), folder.path().join("linked")).unwrap();
        symlink(folder.path().join("gone"), folder.path().join("broken.mid")).unwrap();
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        assert_eq!(names(&corpus), ["a.mid", "b.mid"]);
        assert!(corpus.skipped[0].contains("broken.mid"), "{:?}", corpus.skipped);
    }

    #[test]
    fn each_tune_of_an_abc_file_is_a_piece_by_its_own_text() {
        let folder = tempfile::tempdir().unwrap();
        let tune = |number: u32| format!("X:{number}\nT:tune {number}\nK:C\nCDEF|\n");
        let book: Vec<String> = (0..300).map(tune).collect();
        write(folder.path(), "book.abc", book.join("\n").as_bytes());
        write(folder.path(), "one.ABC", tune(7).replace('\n', "\r\n").as_bytes());
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        assert_eq!((corpus.pieces.len(), &corpus.skipped[..]), (301, &[][..]));
        let titles: Vec<&str> = corpus
            .pieces
            .iter()
            .map(|piece| piece.score.title.as_str())
            .collect();
        assert_eq!((titles[7], titles[300]), ("tune 7", "tune 7"));
        assert_eq!(
            corpus.pieces[7].part, corpus.pieces[300].part,
            "the same tune elsewhere"
        );
        for part in [Part::Train, Part::Valid, Part::Test] {
            assert!(corpus.part(part).count() > 10, "{part:?}");
        }
    }

    #[test]
    fn a_faulty_tune_does_not_cost_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let text = "X:1\nT:good\nK:C\nCDEF|\n\nX:2\nT:bad\nK:no key\nC\n\nX:3\nT:fine\nK:D\nDEFG|\n";
        write(folder.path(), "book.abc", text.as_bytes());
        let corpus = Corpus::read(folder.path(), |_, _| {}).unwrap();
        let titles: Vec<&str> = corpus
            .pieces
            .iter()
            .map(|piece| piece.score.title.as_str())
            .collect();
        assert_eq!(titles, ["good", "fine"]);
        assert!(
            corpus.skipped[0].contains("book.abc, line 8"),
            "{:?}",
            corpus.skipped
        );
    }
}
