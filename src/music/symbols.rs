//! A melody as symbols, for models that know nothing of music: pitch, duration, pitch, duration, …, end.

use super::{Melody, Pitch, Step};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::{AddAssign, RangeInclusive};
use std::str::FromStr;

/// The longest resolution that a score may have: see [`super::Score`].
const FINEST: u32 = 32_767;

/// A duration in quarter notes: a fraction in lowest terms, so that it is the same in scores of any resolution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Duration {
    numerator: u32,
    /// At least 1.
    denominator: u32,
}

impl Duration {
    fn new(ticks: u32, resolution: u32) -> Duration {
        let resolution = resolution.max(1);
        let common = greatest_common_divisor(ticks, resolution);
        Duration {
            numerator: ticks / common,
            denominator: resolution / common,
        }
    }

    /// As near as ticks of this resolution come to it.
    fn ticks(self, resolution: u32) -> u32 {
        let denominator = u64::from(self.denominator);
        let ticks = (u64::from(self.numerator) * u64::from(resolution) + denominator / 2) / denominator;
        u32::try_from(ticks).unwrap_or(u32::MAX)
    }
}

/// As a fraction, if it is not whole.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.denominator {
            1 => write!(f, "{}", self.numerator),
            denominator => write!(f, "{}/{denominator}", self.numerator),
        }
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Duration) -> std::cmp::Ordering {
        let cross = |a: &Duration, b: &Duration| u64::from(a.numerator) * u64::from(b.denominator);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Duration) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

/// What a symbol says.
enum Meaning {
    End,
    /// No pitch: a rest, or a pitch that the alphabet does not know.
    Pitch(Option<Pitch>),
    /// None is a duration that the alphabet does not know.
    Duration(Option<Duration>),
}

/// The symbols of melodies: every pitch and every duration that the training part holds has its own.
///
/// In this order: the end, the escape for a pitch that is new, the rest, the pitches from low to high; the escape
/// for a duration that is new, the durations from short to long. There is no symbol for the begin: a model that forgot
/// what it heard is at one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alphabet {
    pitches: Vec<Pitch>,
    durations: Vec<Duration>,
    /// Ticks to a quarter note in decoded melodies: fine enough for every duration, if 32,767 can be.
    resolution: u32,
}

const END: usize = 0;
const NEW_PITCH: usize = 1;
const REST: usize = 2;
const FIRST_PITCH: usize = 3;

impl Alphabet {
    /// The alphabet of these melodies: give those of the training part.
    pub fn of<'a>(melodies: impl IntoIterator<Item = &'a Melody>) -> Alphabet {
        let (mut pitches, mut durations) = (BTreeSet::new(), BTreeSet::new());
        for melody in melodies {
            for step in &melody.steps {
                pitches.extend(step.pitch);
                durations.insert(Duration::new(step.duration, melody.resolution));
            }
        }
        Alphabet::with(pitches, durations)
    }

    /// The alphabet of all melodies that these two are of.
    pub fn joined(&self, other: &Alphabet) -> Alphabet {
        let pitches = self.pitches.iter().chain(&other.pitches).copied();
        let durations = self.durations.iter().chain(&other.durations).copied();
        Alphabet::with(pitches.collect(), durations.collect())
    }

    fn with(pitches: BTreeSet<Pitch>, durations: BTreeSet<Duration>) -> Alphabet {
        let common_multiple = |finest: u32, duration: &Duration| {
            let factor = duration.denominator / greatest_common_divisor(finest, duration.denominator);
            finest.checked_mul(factor).filter(|&multiple| multiple <= FINEST)
        };
        Alphabet {
            resolution: durations.iter().try_fold(1, common_multiple).unwrap_or(FINEST),
            pitches: pitches.into_iter().collect(),
            durations: durations.into_iter().collect(),
        }
    }

    /// How many symbols there are: each is a number below this one.
    pub fn len(&self) -> usize {
        self.pitch_len() + 1 + self.durations.len()
    }

    /// Never: there is always the end.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// How many symbols a stream of pitches alone has: the end and those that [`Alphabet::is_pitch`].
    pub fn pitch_len(&self) -> usize {
        FIRST_PITCH + self.pitches.len()
    }

    /// The symbol after the last step.
    pub fn end(&self) -> usize {
        END
    }

    /// Whether every pitch and duration of this melody has a symbol of its own.
    pub fn knows(&self, melody: &Melody) -> bool {
        let symbols = self.encode_steps(melody);
        let new_duration = self.pitch_len();
        !symbols
            .iter()
            .any(|&symbol| symbol == NEW_PITCH || symbol == new_duration)
    }

    /// The melodies in these keys, so many semitones higher or lower, as far as the alphabet knows all their pitches.
    pub fn in_keys(&self, melodies: &[Melody], semitones: RangeInclusive<i32>) -> Vec<Melody> {
        let keys = |melody| {
            semitones
                .clone()
                .filter_map(move |up| Melody::transposed(melody, up))
        };
        let known = |melody: &Melody| self.knows(melody);
        melodies.iter().flat_map(keys).filter(known).collect()
    }

    /// Whether this is the symbol of a pitch: a rest and an unknown pitch are, the end is not.
    pub fn is_pitch(&self, symbol: usize) -> bool {
        (NEW_PITCH..self.pitch_len()).contains(&symbol)
    }

    /// Whether this is the symbol of a duration, known or not.
    pub fn is_duration(&self, symbol: usize) -> bool {
        (self.pitch_len()..self.len()).contains(&symbol)
    }

    /// The kind of each symbol, for models that know that kinds take turns: 0 is a pitch or the end, 1 a duration.
    pub fn turns(&self) -> Vec<usize> {
        (0..self.len())
            .map(|symbol| usize::from(self.is_duration(symbol)))
            .collect()
    }

    /// The melody as a stream: pitch and duration of each step in turn, then the end.
    pub fn encode(&self, melody: &Melody) -> Vec<usize> {
        let mut symbols = self.encode_steps(melody);
        symbols.push(END);
        symbols
    }

    /// Every melody as a stream: see [`Alphabet::encode`].
    pub fn encode_all(&self, melodies: &[Melody]) -> Vec<Vec<usize>> {
        melodies.iter().map(|melody| self.encode(melody)).collect()
    }

    /// As [`Alphabet::encode`], without the end: for a part of a melody.
    pub fn encode_steps(&self, melody: &Melody) -> Vec<usize> {
        let step = |step: &Step| {
            let duration = Duration::new(step.duration, melody.resolution);
            [self.pitch_symbol(step.pitch), self.duration_symbol(duration)]
        };
        melody.steps.iter().flat_map(step).collect()
    }

    /// The pitches of the notes alone, without rests and end, as studies of pitch expectation count them (Pearce, 2005).
    pub fn encode_pitches(&self, melody: &Melody) -> Vec<usize> {
        let notes = melody.steps.iter().filter(|step| step.pitch.is_some());
        notes.map(|step| self.pitch_symbol(step.pitch)).collect()
    }

    fn pitch_symbol(&self, pitch: Option<Pitch>) -> usize {
        match pitch.map(|pitch| self.pitches.binary_search(&pitch)) {
            None => REST,
            Some(Ok(place)) => FIRST_PITCH + place,
            Some(Err(_)) => NEW_PITCH,
        }
    }

    fn duration_symbol(&self, duration: Duration) -> usize {
        match self.durations.binary_search(&duration) {
            Ok(place) => self.pitch_len() + 1 + place,
            Err(_) => self.pitch_len(),
        }
    }

    fn meaning(&self, symbol: usize) -> Option<Meaning> {
        match symbol {
            END => Some(Meaning::End),
            NEW_PITCH | REST => Some(Meaning::Pitch(None)),
            _ => match symbol.checked_sub(self.pitch_len()) {
                None => Some(Meaning::Pitch(Some(*self.pitches.get(symbol - FIRST_PITCH)?))),
                Some(0) => Some(Meaning::Duration(None)),
                Some(place) => Some(Meaning::Duration(Some(*self.durations.get(place - 1)?))),
            },
        }
    }

    /// The melody that a stream says, up to the end or as far as it goes. Any numbers make a melody: a pitch that has no
    /// duration right after it is left out, so is a duration without a pitch; an unknown pitch is a rest, an
    /// unknown duration a quarter note.
    pub fn decode(&self, symbols: &[usize]) -> Melody {
        let mut steps = Vec::new();
        let mut waiting = None;
        for meaning in symbols.iter().filter_map(|&symbol| self.meaning(symbol)) {
            match meaning {
                Meaning::End => break,
                Meaning::Pitch(pitch) => waiting = Some(pitch),
                Meaning::Duration(duration) => {
                    let ticks = duration.map_or(self.resolution, |known| known.ticks(self.resolution));
                    steps.extend(waiting.take().map(|pitch| Step {
                        pitch,
                        duration: ticks,
                    }));
                }
            }
        }
        Melody {
            resolution: self.resolution,
            steps,
        }
    }

    /// What a symbol is called: `C4`, `rest`, `3/2` (quarter notes), `end`, and `new pitch` or `new duration`.
    pub fn name(&self, symbol: usize) -> String {
        match (symbol, self.meaning(symbol)) {
            (NEW_PITCH, _) => "new pitch".to_string(),
            (_, None) => format!("no symbol {symbol}"),
            (_, Some(Meaning::End)) => "end".to_string(),
            (_, Some(Meaning::Pitch(None))) => "rest".to_string(),
            (_, Some(Meaning::Pitch(Some(pitch)))) => pitch.to_string(),
            (_, Some(Meaning::Duration(None))) => "new duration".to_string(),
            (_, Some(Meaning::Duration(Some(duration)))) => duration.to_string(),
        }
    }

    /// Sorts the surprises of a stream's symbols (bits, as many as symbols) into those of pitches and of durations.
    pub fn note_bits(&self, symbols: &[usize], surprises: &[f64]) -> NoteBits {
        let mut bits = NoteBits::default();
        for (&symbol, &surprise) in symbols.iter().zip(surprises) {
            if self.is_duration(symbol) {
                bits.duration += surprise;
            } else {
                bits.pitch += surprise;
                bits.notes += usize::from(symbol != END);
            }
        }
        bits
    }
}

/// As a line of text that reads back: the pitches, a bar, the durations in quarter notes, such as `C4 E4 G4 | 1/2 1`.
impl fmt::Display for Alphabet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for pitch in &self.pitches {
            write!(f, "{pitch} ")?;
        }
        f.write_str("|")?;
        self.durations
            .iter()
            .try_for_each(|duration| write!(f, " {duration}"))
    }
}

impl FromStr for Alphabet {
    type Err = Error;

    fn from_str(text: &str) -> Result<Alphabet> {
        let wrong = |what: String| Error::value(what, "Write pitches, a bar, durations: C4 E4 G4 | 1/2 1");
        let (pitches, durations) = text
            .split_once('|')
            .ok_or_else(|| wrong("An alphabet without a bar".to_string()))?;
        let duration = |word: &str| {
            let (over, under) = word.split_once('/').unwrap_or((word, "1"));
            let parts = over
                .parse()
                .ok()
                .zip(under.parse().ok().filter(|&under| under > 0));
            let (over, under) = parts.ok_or_else(|| wrong(format!("\"{word}\" is no duration")))?;
            Ok(Duration::new(over, under))
        };
        let pitches = pitches.split_whitespace().map(str::parse);
        Ok(Alphabet::with(
            pitches.collect::<Result<_>>()?,
            durations
                .split_whitespace()
                .map(duration)
                .collect::<Result<_>>()?,
        ))
    }
}

/// The information in the notes of melodies, in bits: sums over all notes, which may be added up over melodies.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct NoteBits {
    /// In the pitches, and in the end: that no further pitch came.
    pub pitch: f64,
    /// In the durations.
    pub duration: f64,
    /// How many notes, rests among them.
    pub notes: usize,
}

impl NoteBits {
    /// Pitch bits a note, the end's share among them.
    pub fn pitch_per_note(&self) -> f64 {
        self.pitch / self.notes.max(1) as f64
    }

    /// Duration bits a note.
    pub fn duration_per_note(&self) -> f64 {
        self.duration / self.notes.max(1) as f64
    }

    /// Both together.
    pub fn per_note(&self) -> f64 {
        self.pitch_per_note() + self.duration_per_note()
    }
}

impl AddAssign for NoteBits {
    fn add_assign(&mut self, other: NoteBits) {
        self.pitch += other.pitch;
        self.duration += other.duration;
        self.notes += other.notes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tune() -> Melody {
        Melody::parse(2, "C4:2 -:1 E4 G4:4").unwrap()
    }

    #[test]
    fn a_stream_reads_pitch_duration_and_so_on_to_the_end() {
        let alphabet = Alphabet::of(&[tune()]);
        let names: Vec<String> = alphabet
            .encode(&tune())
            .iter()
            .map(|&symbol| alphabet.name(symbol))
            .collect();
        assert_eq!(names, ["C4", "1", "rest", "1/2", "E4", "1/2", "G4", "2", "end"]);
        assert_eq!(alphabet.len(), 3 + 3 + 1 + 3);
        assert_eq!(alphabet.turns(), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
        assert_eq!(alphabet.decode(&alphabet.encode(&tune())), tune());
        assert_eq!(alphabet.encode_all(&[tune()]), [alphabet.encode(&tune())]);
        assert_eq!(alphabet.encode_pitches(&tune()), [3, 4, 5]);
    }

    #[test]
    fn an_alphabet_is_a_line_of_text_that_reads_back() {
        let alphabet = Alphabet::of(&[tune()]);
        assert_eq!(alphabet.to_string(), "C4 E4 G4 | 1/2 1 2");
        assert_eq!(alphabet.to_string().parse::<Alphabet>().unwrap(), alphabet);
        let empty = Alphabet::of([]);
        assert_eq!(empty.to_string().parse::<Alphabet>().unwrap(), empty);
        let other = Melody::parse(3, "A3 C4:2").unwrap();
        let both = Alphabet::of([&tune(), &other]);
        assert_eq!(Alphabet::of([&other]).joined(&alphabet), both);
        for wrong in ["", "C4 1", "H4 | 1", "C4 | 1/0", "C4 | x", "C4 | -1"] {
            assert!(wrong.parse::<Alphabet>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rhythm_is_the_same_at_any_resolution() {
        let fine = Melody::parse(480, "C4:480 -:240 E4:240 G4:960").unwrap();
        let alphabet = Alphabet::of(&[tune(), fine.clone()]);
        assert_eq!(alphabet, Alphabet::of(&[tune()]));
        assert_eq!(alphabet.decode(&alphabet.encode(&fine)), tune());
        let triplets = Melody::parse(3, "C4 D4 E4").unwrap();
        assert_eq!(Alphabet::of(&[tune(), triplets]).decode(&[]).resolution, 6);
    }

    #[test]
    fn what_is_new_has_its_own_two_symbols() {
        let alphabet = Alphabet::of(&[tune()]);
        let other = Melody::parse(8, "B5:5 C4:8").unwrap();
        let symbols = alphabet.encode(&other);
        let names: Vec<String> = symbols.iter().map(|&symbol| alphabet.name(symbol)).collect();
        assert_eq!(names, ["new pitch", "new duration", "C4", "1", "end"]);
        assert_eq!(alphabet.decode(&symbols), Melody::parse(2, "-:2 C4:2").unwrap());
    }

    #[test]
    fn bits_are_told_apart_and_the_end_counts_with_the_pitches() {
        let alphabet = Alphabet::of(&[tune()]);
        let symbols = alphabet.encode(&tune());
        let surprises: Vec<f64> = (0..symbols.len()).map(|i| 1.0 + (i % 2) as f64).collect();
        let mut bits = alphabet.note_bits(&symbols, &surprises);
        let once = bits;
        bits += once;
        assert_eq!((bits.pitch, bits.duration, bits.notes), (10.0, 16.0, 8));
        assert_eq!(
            (bits.pitch_per_note(), bits.duration_per_note(), bits.per_note()),
            (1.25, 2.0, 3.25)
        );
        assert_eq!(NoteBits::default().per_note(), 0.0);
    }

    #[test]
    fn durations_too_many_for_one_resolution_are_rounded() {
        let odd = |resolution: u32| Melody::parse(resolution, "C4").unwrap();
        let melodies = [odd(30_011), odd(30_013), odd(u32::MAX), odd(0)];
        let alphabet = Alphabet::of(&melodies);
        let decoded = alphabet.decode(&alphabet.encode(&melodies[0]));
        assert_eq!((decoded.resolution, decoded.steps[0].duration), (32_767, 1));
    }
}
