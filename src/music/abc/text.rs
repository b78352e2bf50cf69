//! From bytes to the tunes that a file holds.

use super::fields::Header;
use super::reader;
use crate::music::Score;
use crate::{Error, Result};
use std::borrow::Cow;

/// The bytes of an ABC file as text: UTF-16 if they begin with a byte order mark that says so, else UTF-8 or,
/// failing that, Latin-1, in which any byte means something.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return utf_16(rest, u16::from_le_bytes).into(),
        [0xFE, 0xFF, rest @ ..] => return utf_16(rest, u16::from_be_bytes).into(),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>(); // half a unit at the end is no character
    let characters = char::decode_utf16(pairs.iter().map(|&pair| unit(pair)));
    characters
        .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// One tune within the text of a file.
#[derive(Clone, Debug)]
pub struct Tune<'a> {
    lines: Vec<&'a str>,
    first_line: usize,
    header: Header,
    /// What was wrong in the file's header, which the first tune tells.
    warnings: Vec<String>,
}

impl Tune<'_> {
    /// The lines of this tune alone, without those of the file's header.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// The line of the file on which the tune begins, from 1.
    pub fn line(&self) -> usize {
        self.first_line
    }

    /// The tune as a score, its repeats and parts played out, and what was mended or left out on the way.
    ///
    /// # Errors
    /// If something in the tune has no meaning; the error names line and column in the whole file.
    pub fn decode(&self) -> Result<(Score, Vec<String>)> {
        reader::score(&self.lines, self.first_line, self.header.clone(), &self.warnings)
    }
}

/// The tunes in the text of an ABC file. Each begins at its `X:` line and ends at a blank one. Lines between
/// blank ones that have no `X:`, but a `K:` and music after it, are a tune too; other text is skipped.
/// Fields and directives before the first tune hold for all.
///
/// # Errors
/// If there is no tune, or a field of the file's header is faulty.
pub fn tunes(text: &str) -> Result<Vec<Tune<'_>>> {
    let all: Vec<&str> = lines(text).collect();
    let mut found: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut from = 0;
    for block in all.split(|line| is_blank(line)) {
        // what stands before the first X: of a block, then a tune from each X: on
        let mut at = from;
        let begins = |line: &&str| line.trim_start().starts_with("X:");
        for (number, lines) in block.chunk_by(|_, next| !begins(next)).enumerate() {
            let tune = number > 0 || lines.first().is_some_and(begins);
            let skipped = if tune { Some(0) } else { untitled(lines) };
            if let Some(skipped) = skipped {
                found.push((at + skipped, lines[skipped..].to_vec()));
            }
            at += lines.len();
        }
        from += block.len() + 1;
    }
    let Some((first, _)) = found.first() else {
        return Err(Error::format(
            "the whole file",
            "no tune: no line begins with X:, and none with K: before music",
            "An ABC tune begins with the lines X:1, T:its title and K:its key",
        ));
    };
    let before = all[..*first].iter().take_while(|line| !is_blank(line));
    let (header, warnings) = reader::file_header(before.copied())?;
    let tune = |(index, lines)| Tune {
        lines,
        first_line: index + 1,
        header: header.clone(),
        warnings: Vec::new(),
    };
    let mut tunes: Vec<Tune> = found.into_iter().map(tune).collect();
    tunes[0].warnings = warnings;
    Ok(tunes)
}

/// Where a tune without `X:` begins among these lines, if they hold one.
fn untitled(lines: &[&str]) -> Option<usize> {
    let key = lines
        .iter()
        .position(|line| matches!(field(line), Some(('K', _))))?;
    let music = |line: &&str| field(line).is_none() && !is_blank(uncommented(line));
    lines[key..].iter().find(|line| music(line))?;
    let begins = |line: &&str| field(line).is_some() || line.trim_start().starts_with("%%");
    lines.iter().position(begins)
}

/// The lines of a text, whichever way they end (Unix, Windows, old Macintosh), without byte order marks.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
        .map(|line| line.trim_start_matches('\u{FEFF}'))
}

fn is_blank(line: &str) -> bool {
    line.trim_start().is_empty()
}

/// The line up to its comment; `\%` is a per cent sign.
pub(super) fn uncommented(line: &str) -> &str {
    let mut escaped = false;
    for (byte, character) in line.char_indices() {
        if character == '%' && !escaped {
            return &line[..byte];
        }
        escaped = character == '\\' && !escaped;
    }
    line
}

/// The letter and value of an information field, which may be indented. A line such as `G:|` is music, not a
/// field: a repeat ends there.
pub(super) fn field(line: &str) -> Option<(char, &str)> {
    let mut characters = line.trim_start().chars();
    let letter = characters.next().filter(char::is_ascii_alphabetic)?;
    let value = characters.as_str().strip_prefix(':')?;
    let repeat = "ABCDEFGabcdefgxz".contains(letter) && value.starts_with(['|', ':']);
    (!repeat).then(|| (letter, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_are_latin_1() {
        assert_eq!(text(b"T:Caf\xE9"), "T:Café");
        assert_eq!(text("T:Café".as_bytes()), "T:Café");
        assert_eq!(text(b"\xEF\xBB\xBFX:1"), "X:1");
    }

    #[test]
    fn a_byte_order_mark_tells_utf_16_either_way_round() {
        let wide = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let units = "\u{FEFF}T:Café 𝄞".encode_utf16();
            units.flat_map(order).collect()
        };
        for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
            assert_eq!(text(&bytes), "T:Café 𝄞");
            assert_eq!(text(&bytes[..bytes.len() - 1]), "T:Café \u{FFFD}", "cut off");
        }
        assert_eq!(text(b"\xFF\xFE"), "");
    }

    #[test]
    fn a_file_is_cut_into_tunes_whatever_its_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let file = [
                "M:3/4",
                "",
                "X:1",
                "K:C",
                "C",
                "",
                "some words",
                "X:2",
                "K:D",
                "X:3",
            ]
            .join(end);
            let tunes = tunes(&file).unwrap();
            let texts: Vec<String> = tunes.iter().map(Tune::text).collect();
            assert_eq!(texts, ["X:1\nK:C\nC", "X:2\nK:D", "X:3"]);
            assert_eq!(tunes[1].line(), 8);
        }
    }

    #[test]
    fn a_tune_may_lack_its_number_beside_others_that_have_one() {
        let file =
            "T:one\nK:C\nC\n\nwords\nK: is no key here\n\n\u{FEFF}X:2\nK:C\nC\n\n%%MIDI program 1\nK:D\nD";
        let tunes = tunes(file).unwrap();
        let told: Vec<_> = tunes.iter().map(|tune| (tune.line(), tune.text())).collect();
        let expected = [
            (1, "T:one\nK:C\nC"),
            (8, "X:2\nK:C\nC"),
            (12, "%%MIDI program 1\nK:D\nD"),
        ];
        assert_eq!(told, expected.map(|(line, text)| (line, text.to_string())));
    }

    #[test]
    fn a_text_without_any_tune_says_what_is_missing() {
        let message = tunes("Dear reader").unwrap_err().to_string();
        assert!(message.contains("X:"), "{message}");
        assert_eq!(tunes("words\nT:x\nK:C\nCDE").unwrap()[0].text(), "T:x\nK:C\nCDE");
    }

    #[test]
    fn comments_and_fields_are_told_apart() {
        assert_eq!(uncommented("CDE % three"), "CDE ");
        assert_eq!(uncommented(r"T:100\% wool % a title"), r"T:100\% wool ");
        assert_eq!(field("K: D "), Some(('K', "D")));
        assert_eq!(field(" \u{A0}K: D"), Some(('K', "D")), "indented");
        assert_eq!((field("C:| D"), field("CDE"), field("é:")), (None, None, None));
    }
}
