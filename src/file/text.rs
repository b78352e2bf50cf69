//! A text to learn words or letters from.

use crate::music::abc;
use crate::{Error, Result};

/// A shorter text teaches no words, and no letters either.
const LEAST_LETTERS: usize = 500;

/// The text that these bytes are, and what is to be said of it. It is read as UTF-8, as UTF-16 with its mark or, failing these, as Latin-1.
///
/// # Errors
/// If it is too short to learn from.
pub fn text(bytes: &[u8]) -> Result<(String, String)> {
    let text = abc::text(bytes);
    let letters = text.chars().count();
    if letters < LEAST_LETTERS {
        let what = format!("{letters} letters are too few to learn from");
        let remedy = format!("Give a text of {LEAST_LETTERS} at least, a few pages are better");
        return Err(Error::format("the whole text", what, remedy));
    }
    let mut about = format!("a text of {letters} letters");
    if std::str::from_utf8(bytes).is_err() {
        let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
        about += if wide {
            " in UTF-16"
        } else {
            ", read as Latin-1 since it is no UTF-8"
        };
    }
    Ok((text.into_owned(), about))
}
