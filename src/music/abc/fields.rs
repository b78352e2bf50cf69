//! The information fields `M:`, `L:`, `Q:` and the properties of `V:`.

use super::cursor::Fault;
use super::directive::Accidentals;
use super::fraction::Fraction;
use super::key::{self, Signature};
use super::letters::unescaped;
use super::staff::{self, Staff};
use crate::music::{Key, Metre, Tempo};
use std::collections::BTreeMap;

/// What the head of a tune, or of the file, has said so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) title: String,
    pub(super) metre: Option<Metre>,
    pub(super) unit: Option<Fraction>,
    pub(super) tempo: Option<TempoField>,
    /// The signature and the key it stands for.
    pub(super) signature: Option<(Signature, Option<Key>)>,
    /// What `K:` fields and directives say of every voice.
    pub(super) staff: Staff,
    pub(super) accidentals: Accidentals,
    /// Programs by MIDI channel, where directives name one.
    pub(super) programs: BTreeMap<u8, u8>,
    /// `P:`, the order in which parts are played.
    pub(super) order: String,
}

impl Header {
    /// Takes in one field, but for `Q:`; letters of no meaning to the notes are passed over.
    pub(super) fn set(&mut self, letter: char, value: &str) -> Result<(), Fault> {
        match letter {
            'T' if self.title.is_empty() => self.title = unescaped(value),
            'M' => self.metre = metre(value)?,
            'L' => self.unit = Some(unit(value)?),
            'P' => self.order = value.to_string(),
            'K' => {
                let key = key::key_field(value)?;
                self.signature = key.signature.or(self.signature);
                self.staff = self.staff.then(key.staff);
            }
            _ => {}
        }
        Ok(())
    }

    /// The unit note length: as `L:` says or else, by the standard, 1/16 in metres below 3/4 and 1/8 in others.
    pub(super) fn unit(&self) -> Fraction {
        let short = |metre: Metre| 4 * u16::from(metre.beats) < 3 * u16::from(metre.unit);
        let default = if self.metre.is_some_and(short) { 16 } else { 8 };
        self.unit.unwrap_or(Fraction::part(default))
    }
}

/// A tempo before the unit note length is known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct TempoField {
    beat: Beat,
    per_minute: f64,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Beat {
    /// Of a whole note, as in `1/4=120`.
    Length(Fraction),
    /// In unit note lengths, as in `120` or `C3=40`.
    Units(u64),
}

impl TempoField {
    pub(super) fn tempo(self, unit: Fraction) -> Tempo {
        let beat = match self.beat {
            Beat::Length(length) => length.as_f64(),
            Beat::Units(count) => count as f64 * unit.as_f64(),
        };
        Tempo::per_minute(4.0 * beat * self.per_minute)
    }
}

/// A metre: `6/8`, `C`, `C|`, `2+3/8`, or none.
pub(super) fn metre(value: &str) -> Result<Option<Metre>, Fault> {
    let compact: String = value
        .chars()
        .filter(|sign| !sign.is_whitespace() && !"()".contains(*sign))
        .collect();
    let four = |unit| {
        Ok(Some(Metre {
            beats: if unit == 4 { 4 } else { 2 },
            unit,
        }))
    };
    match compact.to_ascii_lowercase().as_str() {
        "" | "none" | "free" => return Ok(None),
        "c" => return four(4),
        "c|" => return four(2),
        _ => {}
    }
    let read = || {
        let (beats, unit) = compact.split_once('/')?;
        let add = |sum: u8, part: &str| sum.checked_add(part.parse().ok()?);
        let beats = beats.split('+').try_fold(0u8, add)?;
        let unit: u8 = unit.parse().ok()?;
        (beats > 0 && unit.is_power_of_two()).then_some(Metre { beats, unit })
    };
    read().map(Some).ok_or_else(|| {
        Fault::new(
            format!("\"{value}\" is no metre"),
            "Write 1 to 255 beats over a power of two up to 128, as in M:6/8, or C, C| or none",
        )
    })
}

/// A unit note length: `1/8`.
pub(super) fn unit(value: &str) -> Result<Fraction, Fault> {
    fraction(value).ok_or_else(|| {
        Fault::new(
            format!("\"{value}\" is no unit note length"),
            "Write a fraction of a whole note, as in L:1/8",
        )
    })
}

/// A tempo: `1/4=120`, `"Allegro" 3/8=80`, `120` (unit note lengths a minute); none if the field is empty.
///
/// # Errors
/// If it is said in words only, or vaguely (a range, or `ca. 80`), or is not between 4 and 6,000 quarter notes a minute.
pub(super) fn tempo(value: &str) -> Result<Option<TempoField>, Fault> {
    if value.is_empty() {
        return Ok(None);
    }
    let words: Vec<&str> = words(value)
        .into_iter()
        .filter(|word| !word.starts_with('"'))
        .collect();
    let plain = words.join(" ");
    let read = || {
        let (beat, number) = match plain.split_once('=') {
            Some((beat, number)) => (beat_length(beat.trim())?, number.trim()),
            None => (Beat::Units(1), plain.trim()),
        };
        let decimal = number.len() <= 20 && number.chars().all(|c| c.is_ascii_digit() || c == '.');
        let per_minute: f64 = number.parse().ok()?;
        let slow_or_fast = match beat {
            Beat::Length(length) => !(4.0..=6000.0).contains(&(4.0 * length.as_f64() * per_minute)),
            Beat::Units(_) => per_minute <= 0.0,
        };
        (decimal && !slow_or_fast).then_some(TempoField { beat, per_minute })
    };
    read().map(Some).ok_or_else(|| {
        Fault::new(
            format!("\"{value}\" names no exact tempo"),
            "Write the beat and how many there are to a minute, as in Q:1/4=120",
        )
    })
}

/// The beat before the sign of equality: `1/4`, several such that add up, or `C3` (three units).
fn beat_length(text: &str) -> Option<Beat> {
    if let Some(units) = text.strip_prefix('C') {
        let count = if units.is_empty() { 1 } else { units.parse().ok()? };
        return (1..=64).contains(&count).then_some(Beat::Units(count));
    }
    let add = |sum: Fraction, word| sum.plus(fraction(word)?).ok();
    let sum = text.split_whitespace().try_fold(Fraction::ZERO, add)?;
    (sum > Fraction::ZERO).then_some(Beat::Length(sum))
}

/// A positive fraction such as `3/8` or `1`, of at most six digits each.
fn fraction(text: &str) -> Option<Fraction> {
    let (over, under) = text.split_once('/').unwrap_or((text, "1"));
    let whole = |text: &str| {
        text.trim()
            .parse::<u64>()
            .ok()
            .filter(|n| (1..=999_999).contains(n))
    };
    Fraction::new(whole(over)?, whole(under)?).ok()
}

/// What a `V:` field says of a voice.
pub(super) struct VoiceField<'a> {
    pub(super) id: &'a str,
    pub(super) name: Option<String>,
    pub(super) staff: Staff,
}

/// The identity and properties of a voice: `T1 name="First tenor" clef=treble-8`.
pub(super) fn voice(value: &str) -> Result<VoiceField<'_>, Fault> {
    let words = words(value);
    let Some((&id, properties)) = words.split_first() else {
        return Err(Fault::new("a voice without a name", "Write V:1, or V:Tenor"));
    };
    let mut names = properties
        .iter()
        .filter_map(|word| word.strip_prefix("name=").or(word.strip_prefix("nm=")));
    Ok(VoiceField {
        id,
        name: names.next().map(|name| unescaped(unquoted(name))),
        staff: staff::properties(properties)?,
    })
}

/// The words of a value. Spaces within quotation marks part no words; a quotation that is glued to a word, as in
/// `1/4=90"Slow"`, is one of its own, but for `name="Low"`.
fn words(value: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut from, mut quoted, mut escaped) = (0, false, false);
    for (at, character) in value.char_indices() {
        let quote = character == '"' && !escaped;
        let opens = quote && !quoted && !value[from..at].ends_with('=');
        if opens || (character.is_whitespace() && !quoted) {
            words.push(&value[from..at]);
            from = at;
        }
        quoted ^= quote;
        if quote && !quoted {
            words.push(&value[from..=at]);
            from = at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    words.push(&value[from..]);
    words
        .into_iter()
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .collect()
}

/// What stands between quotation marks.
fn unquoted(word: &str) -> &str {
    let inner = word.strip_prefix('"').unwrap_or(word);
    inner
        .strip_suffix('"')
        .filter(|_| inner.len() < word.len())
        .unwrap_or(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_are_read_in_every_spelling() {
        let read = |value| metre(value).unwrap().map(|metre| (metre.beats, metre.unit));
        assert_eq!(read("6/8"), Some((6, 8)));
        assert_eq!(read("C"), Some((4, 4)));
        assert_eq!(read("C|"), Some((2, 2)));
        assert_eq!(read("(2+3+2)/8"), Some((7, 8)));
        assert_eq!(read("none"), None);
        for wrong in ["4/0", "4/3", "0/4", "4", "999/4", "x", "4/4/4", "200+200/4"] {
            assert!(metre(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tempi_are_read_in_every_spelling() {
        let quarters = |value| {
            tempo(value)
                .unwrap()
                .map(|tempo| tempo.tempo(Fraction::part(8)).micros_per_quarter)
        };
        assert_eq!(quarters("1/4=120"), Some(500_000));
        assert_eq!(quarters("\"Allegro molto\" 1/4 = 120"), Some(500_000));
        assert_eq!(quarters("3/8=40"), Some(1_000_000));
        assert_eq!(quarters("1/4 1/8=40"), Some(1_000_000));
        assert_eq!(quarters("120"), Some(1_000_000), "120 eighths");
        assert_eq!(quarters("C3=40"), Some(1_000_000));
        assert_eq!(quarters("\"left\" 1/4=120\"right\""), Some(500_000), "glued");
        assert_eq!(quarters("\"Slow, 60\"1/4=120"), Some(500_000));
        assert_eq!(quarters(""), None);
        for wrong in ["0", "1/0=120", "1/4", "1/4=inf1", "1/4=1e9", "=120", "1/4=-3"] {
            assert!(tempo(wrong).is_err(), "{wrong}");
        }
        for vague in [
            "\"Slow\"",
            "Andante",
            "1/4=ca. 80",
            "1/4=60-72",
            "120 - 130",
            "1/4=80 bpm",
        ] {
            assert!(tempo(vague).is_err(), "{vague}");
        }
    }

    #[test]
    fn the_unit_depends_on_the_metre_unless_told() {
        let mut header = Header::default();
        assert_eq!(header.unit(), Fraction::part(8));
        header.set('M', "2/4").unwrap();
        assert_eq!(header.unit(), Fraction::part(16));
        header.set('M', "6/8").unwrap();
        assert_eq!(header.unit(), Fraction::part(8));
        header.set('L', "1/4").unwrap();
        assert_eq!(header.unit(), Fraction::part(4));
        assert!(header.set('L', "1/0").is_err());
    }

    #[test]
    fn a_voice_has_an_identity_a_name_and_a_shift() {
        let field = voice("T1 clef=treble-8 name=\"First tenor\"snm=\"T\"").unwrap();
        assert_eq!((field.id, field.staff.shift()), ("T1", -12));
        assert_eq!(field.name.unwrap(), "First tenor");
        let name = |value| voice(value).unwrap().name.unwrap();
        assert_eq!(name(r#"1 nm=Fl\"ote"#), "Flöte");
        assert_eq!(name(r#"1 name="Fl\"ote \\" bass"#), r"Flöte \");
        assert!(voice(" ").is_err());
    }
}
