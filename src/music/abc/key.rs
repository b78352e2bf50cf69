//! The `K:` field: tonic, mode and accidentals.

use super::cursor::Fault;
use super::staff::{self, Staff};
use crate::music::{Key, Mode};

/// The letters in the order in which sharps join a signature (F C G D A E B), counted from C = 0.
const SHARP_ORDER: [usize; 7] = [3, 0, 4, 1, 5, 2, 6];

/// How each letter, C to B, is altered in semitones: the signature at the head of the staff.
pub(super) type Signature = [i8; 7];

/// What a `K:` field says; `None` where it says nothing of the key.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct KeyField {
    /// The signature and the key it stands for, which is none where there is no key.
    pub(super) signature: Option<(Signature, Option<Key>)>,
    pub(super) staff: Staff,
}

/// The signature with so many sharps (flats count negative), -7 to 7.
pub(super) fn signature(sharps: i8) -> Signature {
    let mut signature = [0; 7];
    let altered = usize::from(sharps.unsigned_abs()).min(7);
    for place in 0..altered {
        let letter = if sharps > 0 { place } else { 6 - place };
        signature[SHARP_ORDER[letter]] = sharps.signum();
    }
    signature
}

/// Reads the value of a `K:` field.
///
/// # Errors
/// If it begins with no tonic, mode or other word that a key may begin with.
pub(super) fn key_field(value: &str) -> Result<KeyField, Fault> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let staff = staff::properties(&words)?;
    let read = |signature| KeyField { signature, staff };
    let first = words.first().copied().unwrap_or("none");
    let after = words.get(1..).unwrap_or(&[]);
    if first.eq_ignore_ascii_case("none") {
        return Ok(read(Some((altered([0; 7], after)?, None))));
    }
    if first == "HP" || first == "Hp" {
        // the Highland pipes always play F and C sharp, whether the signature is printed (Hp) or not (HP)
        let key = Key {
            sharps: 2,
            mode: Mode::Mixolydian,
        };
        return Ok(read(Some((signature(2), Some(key)))));
    }
    if first.contains('=') && !first.starts_with(['A', 'B', 'C', 'D', 'E', 'F', 'G']) || staff::is_clef(first)
    {
        return Ok(read(None)); // a change of clef alone
    }
    Ok(read(Some(tonic_and_mode(first, after)?)))
}

/// A key such as `F#`, `Am`, `D Mix`, `G dor ^c` or `D exp ^f`.
fn tonic_and_mode(first: &str, after: &[&str]) -> Result<(Signature, Option<Key>), Fault> {
    let no_key = || {
        Fault::new(
            format!("\"{first}\" is no key"),
            "Write a letter A to G, then # or b if need be, then a mode: K:F#m, K:D Dorian, K:none",
        )
    };
    let mut letters = first.chars();
    let letter = letters.next().and_then(letter).ok_or_else(no_key)?;
    let rest = letters.as_str();
    let (sign, rest) = match rest.strip_prefix('#') {
        Some(rest) => (1, rest),
        None => rest.strip_prefix('b').map_or((0, rest), |rest| (-1, rest)),
    };
    let split = rest.find(['^', '_', '=']).unwrap_or(rest.len());
    let (attached, accidentals) = rest.split_at(split);
    let mut explicit = attached.eq_ignore_ascii_case("exp");
    let mut named = mode(attached);
    if !attached.is_empty() && named.is_none() && !explicit {
        return Err(no_key());
    }
    if let (true, Some(word)) = (attached.is_empty(), after.first()) {
        named = mode(word);
        explicit = word.eq_ignore_ascii_case("exp");
    }
    // fifths above C: the letter's place in the order of sharps, and seven for each accidental
    let place = SHARP_ORDER.iter().position(|&other| other == letter).unwrap_or(0) as i8;
    let tonic = place - 1 + 7 * sign;
    let mode = named.unwrap_or(Mode::Major);
    let sharps = tonic - mode.fifths_above_major();
    if !(-7..=7).contains(&sharps) {
        return Err(Fault::new(
            format!("the key \"{first}\" would need more than seven accidentals"),
            "Name the same key by another letter: G# major is Ab major",
        ));
    }
    let from = if explicit { [0; 7] } else { signature(sharps) };
    let signature = altered(altered(from, &[accidentals])?, after)?;
    Ok((signature, Some(standing_for(signature, tonic, mode, sharps))))
}

/// The key that a signature stands for on this tonic; the key as it was named where no mode fits.
fn standing_for(altered: Signature, tonic: i8, mode: Mode, sharps: i8) -> Key {
    let named = Key { sharps, mode };
    let Some(sharps) = (-7..=7).find(|&sharps| signature(sharps) == altered) else {
        return named;
    };
    let fits = |mode: &&Mode| tonic - sharps == mode.fifths_above_major();
    Mode::ALL
        .iter()
        .find(fits)
        .map_or(named, |&mode| Key { sharps, mode })
}

/// The signature with every explicit accidental (`^f`, `_b=c`) among the words put in.
fn altered(mut signature: Signature, words: &[&str]) -> Result<Signature, Fault> {
    for word in words.iter().filter(|word| word.starts_with(['^', '_', '='])) {
        let mut alteration = 0i8;
        for character in word.chars() {
            match character {
                '^' => alteration = alteration.saturating_add(1),
                '_' => alteration = alteration.saturating_sub(1),
                '=' => alteration = 0,
                _ => match letter(character) {
                    Some(letter) if (-2..=2).contains(&alteration) => {
                        signature[letter] = std::mem::take(&mut alteration);
                    }
                    _ => {
                        return Err(Fault::new(
                            format!("\"{word}\" in the key is no accidental"),
                            "Write ^f for F sharp, _b for B flat, =c for C natural",
                        ));
                    }
                },
            }
        }
    }
    Ok(signature)
}

/// A letter as the index of a signature, C = 0 to B = 6.
pub(super) fn letter(character: char) -> Option<usize> {
    "CDEFGAB".find(character.to_ascii_uppercase())
}

/// A mode by its first three letters, or `m`; capitals make no difference.
fn mode(word: &str) -> Option<Mode> {
    let word = word.to_ascii_lowercase();
    if word == "m" {
        return Some(Mode::Minor);
    }
    match word.get(..3)? {
        "maj" | "ion" => Some(Mode::Major),
        "min" | "aeo" => Some(Mode::Minor),
        "mix" => Some(Mode::Mixolydian),
        "dor" => Some(Mode::Dorian),
        "phr" => Some(Mode::Phrygian),
        "lyd" => Some(Mode::Lydian),
        "loc" => Some(Mode::Locrian),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(value: &str) -> (i8, Mode) {
        let (written, key) = key_field(value).unwrap().signature.unwrap();
        let key = key.unwrap();
        assert_eq!(written, signature(key.sharps), "{value}");
        (key.sharps, key.mode)
    }

    #[test]
    fn every_way_to_name_a_key_is_read() {
        assert_eq!(key("C"), (0, Mode::Major));
        assert_eq!(key("Bb"), (-2, Mode::Major));
        assert_eq!(key("F#m"), (3, Mode::Minor));
        assert_eq!(key("A minor"), (0, Mode::Minor));
        assert_eq!(key("EbMAJOR"), (-3, Mode::Major));
        assert_eq!(key("D mix clef=bass"), (1, Mode::Mixolydian));
        assert_eq!(key("Edor"), (2, Mode::Dorian));
        assert_eq!(key("A Phrygian"), (-1, Mode::Phrygian));
        assert_eq!(key("F lyd"), (0, Mode::Lydian));
        assert_eq!(key("Bloc"), (0, Mode::Locrian));
        assert_eq!(key("G ionian"), (1, Mode::Major));
        assert_eq!(key("Gaeo"), (-2, Mode::Minor));
        assert_eq!(key("HP"), (2, Mode::Mixolydian));
        assert_eq!(key("C treble"), (0, Mode::Major));
    }

    #[test]
    fn accidentals_in_the_key_make_the_mode_that_they_spell() {
        assert_eq!(key("D =c"), (1, Mode::Mixolydian));
        assert_eq!(key("D exp ^f^c"), (2, Mode::Major));
        assert_eq!(key("Dexp ^f"), (1, Mode::Mixolydian));
        let freygish = key_field("D phr ^f").unwrap().signature.unwrap();
        assert_eq!(freygish.0, [0, 0, -1, 1, 0, 0, -1], "C D Eb F# G A Bb");
        assert_eq!(freygish.1.unwrap().mode, Mode::Phrygian, "as it was named");
    }

    #[test]
    fn no_key_a_clef_alone_and_shifts() {
        assert_eq!(
            key_field("").unwrap(),
            KeyField {
                signature: Some(([0; 7], None)),
                staff: Staff::default()
            }
        );
        assert_eq!(key_field("none").unwrap(), key_field("").unwrap());
        let bass = key_field("clef=bass-8 octave=-1 transpose=2").unwrap();
        assert_eq!((bass.signature, bass.staff.shift()), (None, -22));
        assert_eq!(key_field("bass").unwrap().signature, None);
    }

    #[test]
    fn what_is_no_key_says_so() {
        for wrong in [
            "H",
            "Q#",
            "Dxyz",
            "G#",
            "Cbm",
            "D ^x",
            "D ^^^f",
            "C octave=9999999999",
            "é",
            "C transpose=x",
        ] {
            assert!(key_field(wrong).is_err(), "{wrong}");
        }
    }
}
