//! From bytes to the tunes that a file holds.

use super::fields::Header;
use super::reader;
use crate::music::Score;
use crate::{Error, Result};
use std::borrow::Cow;

/// The bytes of an ABC file as text: UTF-8 with or without a byte order mark or, failing that, Latin-1,
/// in which any byte means something.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// One tune within the text of a file.
#[derive(Clone, Debug)]
pub struct Tune<'a> {
    lines: Vec<&'a str>,
    first_line: usize,
    header: Header,
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

    /// The tune as a score, its repeats played out.
    ///
    /// # Errors
    /// If something in the tune has no meaning; the error names line and column in the whole file.
    pub fn decode(&self) -> Result<Score> {
        reader::score(self.lines.iter().copied(), self.first_line, self.header.clone())
    }
}

/// The tunes in the text of an ABC file. Each begins at its `X:` line and ends at a blank one; text between
/// tunes is skipped. Fields before the first tune hold for all. A text without any `X:` but with a `K:` is
/// taken for one tune.
///
/// # Errors
/// If there is no tune, or a field of the file's header is faulty.
pub fn tunes(text: &str) -> Result<Vec<Tune<'_>>> {
    let all: Vec<&str> = lines(text).collect();
    let begins = |line: &&str| line.trim_start().starts_with("X:");
    let Some(first) = all.iter().position(begins) else {
        return untitled(all);
    };
    let header = file_header(&all[..first])?;
    let mut tunes: Vec<Tune> = Vec::new();
    let mut within = false;
    for (index, &line) in all.iter().enumerate().skip(first) {
        if begins(&line) {
            within = true;
            tunes.push(Tune {
                lines: Vec::new(),
                first_line: index + 1,
                header: header.clone(),
            });
        }
        within &= !line.trim().is_empty();
        if let (true, Some(tune)) = (within, tunes.last_mut()) {
            tune.lines.push(line);
        }
    }
    Ok(tunes)
}

/// The whole text as one tune, if a key says that it is music.
fn untitled(lines: Vec<&str>) -> Result<Vec<Tune<'_>>> {
    if !lines.iter().any(|line| line.starts_with("K:")) {
        return Err(Error::format(
            "the whole file",
            "no tune: no line begins with X:",
            "An ABC tune begins with the lines X:1, T:its title and K:its key",
        ));
    }
    let begin = lines.iter().position(|line| field(line).is_some()).unwrap_or(0);
    let tune = lines[begin..].iter().take_while(|line| !line.trim().is_empty());
    Ok(vec![Tune {
        lines: tune.copied().collect(),
        first_line: begin + 1,
        header: Header::default(),
    }])
}

/// What the fields before the first tune say, up to the first blank line.
fn file_header(lines: &[&str]) -> Result<Header> {
    let mut header = Header::default();
    let block = lines.iter().take_while(|line| !line.trim().is_empty());
    for (index, line) in block.enumerate() {
        if let Some((letter @ ('M' | 'L' | 'Q' | 'K'), value)) = field(uncommented(line)) {
            header
                .set(letter, value)
                .map_err(|fault| fault.at(index + 1, 3))?;
        }
    }
    Ok(header)
}

/// The lines of a text, whichever way they end (Unix, Windows, old Macintosh).
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
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

/// The letter and value of an information field. A line such as `G:|` is music, not a field: a repeat ends there.
pub(super) fn field(line: &str) -> Option<(char, &str)> {
    let mut characters = line.chars();
    let letter = characters.next().filter(char::is_ascii_alphabetic)?;
    let value = characters.as_str().strip_prefix(':')?;
    let repeat = "ABCDEFGabcdefgxz".contains(letter) && value.starts_with(['|', ':']);
    (!repeat).then(|| (letter, value.trim()))
}

/// Words as they were meant: `\%` is a per cent sign, `\\` a backslash.
pub(super) fn unescaped(value: &str) -> String {
    let mut meant = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match characters.peek() {
            Some(&next @ ('\\' | '%' | '&')) if character == '\\' => {
                meant.push(next);
                characters.next();
            }
            _ => meant.push(character),
        }
    }
    meant
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
    fn a_text_without_any_tune_says_what_is_missing() {
        let message = tunes("Dear reader").unwrap_err().to_string();
        assert!(message.contains("X:"), "{message}");
        assert_eq!(tunes("words\nT:x\nK:C\nCDE").unwrap()[0].text(), "T:x\nK:C\nCDE");
    }

    #[test]
    fn comments_fields_and_escapes_are_told_apart() {
        assert_eq!(uncommented("CDE % three"), "CDE ");
        assert_eq!(uncommented(r"T:100\% wool % a title"), r"T:100\% wool ");
        assert_eq!(field("K: D "), Some(('K', "D")));
        assert_eq!((field("C:| D"), field("CDE"), field("é:")), (None, None, None));
        assert_eq!(unescaped(r"100\% \\ \o"), r"100% \ \o");
    }
}
