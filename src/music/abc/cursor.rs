//! A place in a line of text, and what can be wrong there.

use crate::Error;

/// What is wrong and what mends it; where it is, the caller knows.
#[derive(Debug)]
pub(super) struct Fault {
    what: String,
    remedy: &'static str,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, remedy: &'static str) -> Fault {
        Fault {
            what: what.into(),
            remedy,
        }
    }

    /// What is wrong, for a warning.
    pub(super) fn what(self) -> String {
        self.what
    }

    /// The fault as an error at this place, both counted from 1.
    pub(super) fn at(self, line: usize, column: usize) -> Error {
        Error::format(format!("line {line}, column {column}"), self.what, self.remedy)
    }
}

/// A place in a line, moving from left to right.
pub(super) struct Cursor<'a> {
    whole: &'a str,
    rest: &'a str,
    /// In characters, from 1.
    column: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(line: &'a str) -> Cursor<'a> {
        Cursor {
            whole: line,
            rest: line,
            column: 1,
        }
    }

    /// Where in the line the cursor stands, in characters from 1.
    pub(super) fn column(&self) -> usize {
        self.column
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The character after the next one.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest.chars().nth(1)
    }

    /// What the cursor has passed.
    pub(super) fn passed(&self) -> &'a str {
        &self.whole[..self.whole.len() - self.rest.len()]
    }

    /// The characters that are still to come.
    pub(super) fn ahead(&self) -> std::str::Chars<'a> {
        self.rest.chars()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let taken = characters.next();
        self.rest = characters.as_str();
        self.column += usize::from(taken.is_some());
        taken
    }

    /// Passes this character if it is the next one.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.take();
        }
        there
    }

    /// The text up to this character, which is passed too; none (and no move) if the line has no more of it.
    pub(super) fn until(&mut self, end: char) -> Option<&'a str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after;
        self.column += before.chars().count() + 1;
        Some(before)
    }

    /// Passes all that `wanted` accepts.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let after = self.rest.trim_start_matches(wanted);
        let passed = &self.rest[..self.rest.len() - after.len()];
        self.rest = after;
        self.column += passed.chars().count();
        passed
    }

    /// A whole number, or none if no digit is next.
    pub(super) fn number(&mut self) -> Result<Option<u64>, Fault> {
        let digits = self.take_while(|character| character.is_ascii_digit());
        match digits.len() {
            0 => Ok(None),
            1..=9 => Ok(digits.parse().ok()),
            length => Err(Fault::new(
                format!("a number of {length} digits"),
                "Numbers in ABC music have nine digits at most",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_counts_characters_not_bytes() {
        let mut cursor = Cursor::new("äöC");
        cursor.take();
        cursor.take();
        assert_eq!((cursor.peek(), cursor.column()), (Some('C'), 3));
    }

    #[test]
    fn numbers_are_read_and_absurd_ones_refused() {
        assert_eq!(Cursor::new("12x").number().unwrap(), Some(12));
        assert_eq!(Cursor::new("x").number().unwrap(), None);
        assert!(Cursor::new("99999999999").number().is_err());
    }
}
