//! The melodies in `data/tunes`: all readable, whole, and there once.

use aeolian::music::{Score, abc};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

struct Tune {
    file: String,
    text: String,
    score: Score,
}

impl Tune {
    /// What its header says under this letter.
    fn field(&self, letter: &str) -> &str {
        let values = self.text.lines().filter_map(|line| line.split_once(':'));
        let found = values.clone().find(|(name, _)| *name == letter);
        found.unwrap_or_else(|| panic!("{self}: no {letter}:")).1.trim()
    }

    /// A field that is a fraction, such as `M:6/8`.
    fn fraction(&self, letter: &str) -> (u32, u32) {
        let (above, below) = self.field(letter).split_once('/').unwrap();
        (above.parse().unwrap(), below.parse().unwrap())
    }

    /// The lines after the header.
    fn music(&self) -> String {
        let lines = self.text.lines().skip_while(|line| !line.starts_with("K:"));
        lines.skip(1).collect::<Vec<_>>().join(" ")
    }

    /// Every run of 8 notes, as steps from note to note and lengths, in whichever key.
    fn eight_grams(&self) -> HashSet<Vec<(i32, u32)>> {
        let notes = &self.score.voices[0].notes;
        let pairs: Vec<_> = notes.windows(2).collect();
        let step = |pair: &&[aeolian::music::Note]| {
            let number = |index: usize| i32::from(pair[index].pitch.midi());
            (number(1) - number(0), pair[0].duration)
        };
        pairs
            .windows(7)
            .map(|run| run.iter().map(step).collect())
            .collect()
    }
}

impl std::fmt::Display for Tune {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{}, \"{}\"", self.file, self.score.title)
    }
}

fn decoded(tune: &abc::Tune, path: &Path) -> Score {
    let (score, warnings) = tune
        .decode()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(warnings.is_empty(), "{}: {warnings:?}", path.display());
    score
}

fn tunes() -> Vec<Tune> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "abc"))
        .collect();
    files.sort();
    let mut tunes = Vec::new();
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        for tune in abc::tunes(&abc::text(&bytes)).unwrap() {
            tunes.push(Tune {
                file: path.file_name().unwrap().to_string_lossy().into_owned(),
                text: tune.text(),
                score: decoded(&tune, &path),
            });
        }
    }
    tunes
}

#[test]
fn there_are_many_tunes_of_several_kinds_in_balance() {
    let tunes = tunes();
    assert!(tunes.len() >= 150, "{} tunes", tunes.len());
    let mut kinds: BTreeMap<&str, (usize, HashSet<&str>)> = BTreeMap::new();
    for tune in &tunes {
        let kind = kinds.entry(tune.field("R")).or_default();
        kind.0 += 1;
        kind.1.insert(&tune.file);
    }
    assert!(kinds.len() >= 6, "{kinds:?}");
    for (kind, (count, files)) in &kinds {
        assert!((15..=40).contains(count), "{count} of kind {kind}");
        assert_eq!(files.len(), 1, "{kind} is in {files:?}");
    }
}

#[test]
fn every_header_is_complete_and_in_order() {
    let mut numbers = HashSet::new();
    let mut titles = HashMap::new();
    for tune in tunes() {
        let header = tune
            .text
            .lines()
            .take(9)
            .map(|line| line.split(':').next().unwrap());
        assert_eq!(header.collect::<String>(), "XTCORMLQK", "{tune}");
        for letter in "XTCORMLQK".chars() {
            assert!(!tune.field(&letter.to_string()).is_empty(), "{tune}: {letter}:");
        }
        assert!(
            numbers.insert((tune.file.clone(), tune.field("X").to_string())),
            "{tune}: X:"
        );
        let same = titles.insert(tune.field("T").to_lowercase(), tune.to_string());
        assert_eq!(same, None, "{tune} has the title of another");
    }
}

#[test]
fn every_bar_fills_its_metre() {
    for tune in tunes() {
        let ((beats, beat), (above, below)) = (tune.fraction("M"), tune.fraction("L"));
        let full = UNIT * beats * below / (beat * above);
        let music = tune
            .music()
            .replace("|:", "#")
            .replace(":|", "#")
            .replace("|]", "#");
        let mut written = 0;
        for part in music.split('#') {
            let bars = part
                .split('|')
                .map(|bar| bar.trim_start_matches(|c: char| c.is_ascii_digit()));
            let lengths: Vec<u32> = bars.map(length).filter(|&length| length > 0).collect();
            for (index, &length) in lengths.iter().enumerate() {
                let edge = index == 0 || index + 1 == lengths.len();
                assert!(
                    length == full || edge && length < full,
                    "{tune}: bar {index} of {part:?}: {length} of {full}"
                );
            }
            let total: u32 = lengths.iter().sum();
            assert_eq!(total % full, 0, "{tune}: upbeat and last bar of {part:?}");
            written += total / full;
        }
        assert!((8..=40).contains(&written), "{tune}: {written} bars");
    }
}

#[test]
fn every_tune_is_one_voice_of_whole_bars_in_a_comfortable_range() {
    for tune in tunes() {
        let score = &tune.score;
        assert_eq!(score.voices.len(), 1, "{tune}");
        let notes = &score.voices[0].notes;
        for pair in notes.windows(2) {
            assert!(pair[0].end() <= pair[1].onset, "{tune}: two notes at once");
        }
        for note in notes {
            assert!((55..=84).contains(&note.pitch.midi()), "{tune}: {:?}", note.pitch);
        }
        let metre = score.metres[0].1;
        let bar = score.resolution * 4 * u32::from(metre.beats) / u32::from(metre.unit);
        assert_eq!(score.end() % bar, 0, "{tune} ends within a bar");
        assert!(score.pickup < bar, "{tune}");
        assert_eq!(
            (score.metres.len(), score.keys.len(), score.tempi.len()),
            (1, 1, 1),
            "{tune}"
        );
    }
}

#[test]
fn no_tune_is_there_twice() {
    let tunes = tunes();
    let grams: Vec<_> = tunes.iter().map(Tune::eight_grams).collect();
    for (i, mine) in grams.iter().enumerate() {
        for (j, other) in grams.iter().enumerate().take(i) {
            let shared = mine.intersection(other).count() as f64;
            let share = shared / mine.len().min(other.len()) as f64;
            assert!(share < 0.7, "{} and {} share {share:.2}", tunes[i], tunes[j]);
        }
    }
}

/// What a note without a number counts: every length in the tunes is then whole.
const UNIT: u32 = 48;

/// How long a bar lasts. A second reader of lengths, kept apart from the library's so that each checks the other.
fn length(bar: &str) -> u32 {
    let mut lengths: Vec<u32> = Vec::new();
    let (mut in_triplet, mut broken) = (0, 2);
    let mut rest = bar;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '(' => {
                rest = rest.strip_prefix('3').expect("a triplet");
                in_triplet = 3;
            }
            '>' | '<' => {
                let last = lengths.last_mut().expect("a note before > or <");
                *last = *last * if first == '>' { 3 } else { 1 } / 2;
                broken = if first == '>' { 1 } else { 3 };
            }
            'A'..='G' | 'a'..='g' | 'z' => {
                rest = rest.trim_start_matches([',', '\'']);
                let end = rest
                    .find(|c: char| !c.is_ascii_digit() && c != '/')
                    .unwrap_or(rest.len());
                let mut length = note_length(&rest[..end]) * std::mem::replace(&mut broken, 2) / 2;
                if in_triplet > 0 {
                    length = length * 2 / 3;
                    in_triplet -= 1;
                }
                lengths.push(length);
                rest = &rest[end..];
            }
            _ => assert!("^_=- ".contains(first), "{first:?} in {bar:?}"),
        }
    }
    lengths.iter().sum()
}

/// A length as written behind a note: nothing, `3`, `/`, `/4` or `3/2`.
fn note_length(text: &str) -> u32 {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    let number = |text: &str, otherwise| text.parse().unwrap_or(otherwise);
    UNIT * number(above, 1) / number(below, 2)
}
