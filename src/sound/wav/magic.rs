//! Where a WAV file begins, and what it is if it is none.

use crate::Result;
use crate::file::Kind;
use std::path::Path;

/// Where the WAV file begins: at 0, or after an ID3 tag, which some programs put before it.
pub(super) fn start(bytes: &[u8]) -> Result<usize> {
    let start = id3(bytes);
    let wav = bytes.get(start..).unwrap_or_default();
    if is_wave(wav) {
        return Ok(start);
    }
    let nameless = Path::new("");
    let kind = match Kind::of(wav, nameless) {
        Kind::Unknown | Kind::Empty => Kind::of(bytes, nameless), // what the tag says
        kind => kind,
    };
    Err(kind.refused("WAV sound"))
}

/// RF64 and BW64 are the forms for more than 4 GiB; short files have them, too.
fn is_wave(bytes: &[u8]) -> bool {
    let begins = [b"RIFF", b"RF64", b"BW64"]
        .iter()
        .any(|name| bytes.starts_with(*name));
    begins && bytes.get(8..12) == Some(b"WAVE")
}

/// How long the ID3 tag at the start is, 0 if there is none. Its size has seven bits in each byte.
fn id3(bytes: &[u8]) -> usize {
    let [b'I', b'D', b'3', header @ ..] = bytes else {
        return 0;
    };
    let size = header.iter().skip(3).take(4);
    let size = size.fold(0, |sum, &byte| (sum << 7) | usize::from(byte & 127));
    let footer = match header.get(2) {
        Some(flags) if flags & 0x10 != 0 => 10,
        _ => 0,
    };
    10 + size + footer
}
