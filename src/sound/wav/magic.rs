//! What a file is by its first bytes.

use crate::{Error, Result};

const CONVERT: &str = "Convert it, for example: ffmpeg -i in -c:a pcm_s16le out.wav";

/// Where the WAV file begins: at 0, or after an ID3 tag, which some programs put before it.
pub(super) fn start(bytes: &[u8]) -> Result<usize> {
    let start = id3(bytes);
    let wav = bytes.get(start..).unwrap_or_default();
    if is_wave(wav) {
        return Ok(start);
    }
    let (what, remedy) = match wav {
        _ if bytes.is_empty() => ("the file is empty", "Give a WAV file"),
        [b'R', b'I', b'F', b'X', ..] => ("this is a WAV file with the big end first", CONVERT),
        [b'r', b'i', b'f', b'f', b'.', ..] => ("this looks like a Wave64 file", CONVERT),
        [b'M', b'T', b'h', b'd', ..] => (
            "this looks like a MIDI file: notes, not sound",
            "Read it as a score and perform that",
        ),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'R', b'M', b'I', b'D', ..] => (
            "this looks like a MIDI file in a RIFF wrapper: notes, not sound",
            "Read it as a score and perform that",
        ),
        [b'X', b':', ..] => (
            "this looks like ABC text: notes, not sound",
            "Read it as a score and perform that",
        ),
        [b'R', b'I', b'F', b'F', ..] => ("this RIFF file holds something other than WAVE sound", CONVERT),
        [b'O', b'g', b'g', b'S', ..] => ("this looks like an OGG file", CONVERT),
        [b'f', b'L', b'a', b'C', ..] => ("this looks like a FLAC file", CONVERT),
        [b'F', b'O', b'R', b'M', ..] => ("this looks like an AIFF file", CONVERT),
        [b'c', b'a', b'f', b'f', ..] => ("this looks like a CAF file", CONVERT),
        [b'.', b's', b'n', b'd', ..] => ("this looks like an AU file", CONVERT),
        [b'w', b'v', b'p', b'k', ..] => ("this looks like a WavPack file", CONVERT),
        [b'M', b'A', b'C', b' ', ..] => ("this looks like a Monkey's Audio file", CONVERT),
        [b'#', b'!', b'A', b'M', b'R', ..] => ("this looks like an AMR file", CONVERT),
        [0x30, 0x26, 0xB2, 0x75, ..] => ("this looks like a WMA file", CONVERT),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => ("this looks like a WebM or Matroska file", CONVERT),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => ("this looks like an MP4 or M4A file", CONVERT),
        [0xFF, 0xF1 | 0xF9, ..] => ("this looks like an AAC file", CONVERT),
        [0xFF, 0xE2..=0xE7 | 0xF2..=0xF7 | 0xFA..=0xFF, ..] => ("this looks like an MP3 file", CONVERT),
        _ if start > 0 => ("this looks like an MP3 file", CONVERT),
        [b'P', b'K', 3, 4, ..] => ("this is a ZIP archive", "Unpack it first"),
        [0x1F, 0x8B, ..] => ("this is a gzip archive", "Unpack it first"),
        _ => (
            "this is no WAV file: it does not begin with RIFF and WAVE",
            "Give a WAV file",
        ),
    };
    Err(Error::format("byte 0", what, remedy))
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
