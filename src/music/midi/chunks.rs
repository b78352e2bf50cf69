//! The outside of a MIDI file: its header, and where its tracks lie.
//!
//! Midly could do this too, but it passes over damage in silence (and stops with a panic at one kind of
//! division), while a reader wants to hear where a file is damaged. So midly reads the events only.

use super::Warnings;
use crate::music::Tempo;
use crate::{Error, Result};

/// A MIDI file, taken apart.
pub(super) struct Chunks<'a> {
    pub format: u16,
    pub resolution: u32,
    /// The one tempo of a file whose ticks are parts of a second.
    pub fixed_tempo: Option<Tempo>,
    pub tracks: Vec<Chunk<'a>>,
}

/// The events of one track, not yet read.
pub(super) struct Chunk<'a> {
    /// Counts from 1.
    pub number: usize,
    /// Where in the file the events begin.
    pub start: usize,
    pub bytes: &'a [u8],
    /// How many bytes more the track should have had.
    pub missing: usize,
}

const WHOLE: &str = "The file is cut off or damaged: get a whole copy of it";

/// Takes the file apart.
pub(super) fn open<'a>(bytes: &'a [u8], warnings: &mut Warnings) -> Result<Chunks<'a>> {
    let (bytes, start) = unwrapped(bytes)?;
    if !bytes.starts_with(b"MThd") {
        return Err(not_midi(bytes, start));
    }
    let cut_off = || Error::format(format!("byte {start}"), "the header is not all there", WHOLE);
    let (header, mut rest) = bytes.split_at_checked(8).ok_or_else(cut_off)?;
    let size = number(&header[4..]);
    let (header, after) = rest.split_at_checked(size).ok_or_else(cut_off)?;
    let &[f1, f0, c1, c0, d1, d0, ..] = header else {
        return Err(cut_off());
    };
    let format = number(&[f1, f0]) as u16;
    let promised = number(&[c1, c0]);
    let (resolution, fixed_tempo) = division([d1, d0], start + 12)?;
    rest = after;
    let mut tracks = Vec::new();
    while !rest.is_empty() {
        let here = start + bytes.len() - rest.len();
        let Some((head, body)) = rest.split_at_checked(8) else {
            warnings.add(|| format!("byte {here}: {} bytes after the last track", rest.len()));
            break;
        };
        let size = number(&head[4..]);
        let (chunk, after) = body.split_at(size.min(body.len()));
        // Other kinds of chunk are allowed, and to be passed over.
        if head.starts_with(b"MTrk") {
            tracks.push(Chunk {
                number: tracks.len() + 1,
                start: here + 8,
                bytes: chunk,
                missing: size - chunk.len(),
            });
        }
        rest = after;
    }
    let found = tracks.len();
    if found == 0 || found < promised {
        return Err(Error::format(
            format!("byte {}", start + bytes.len()),
            format!("the file ends after {found} tracks of {promised}"),
            WHOLE,
        ));
    }
    if found > promised {
        warnings.add(|| format!("byte {}: {found} tracks, not {promised} as it says", start + 10));
    }
    Ok(Chunks {
        format,
        resolution,
        fixed_tempo,
        tracks,
    })
}

/// A number, most significant byte first.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, &byte| (sum << 8) | usize::from(byte))
}

/// The MIDI file inside a RIFF wrapper, or the file itself; and at which byte it begins.
fn unwrapped(bytes: &[u8]) -> Result<(&[u8], usize)> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..12) != Some(b"RMID") {
        return Ok((bytes, 0));
    }
    let mut place = 12;
    while let Some(head) = bytes.get(place..).and_then(|rest| rest.get(..8)) {
        // RIFF is of the other school: least significant byte first, and padded to even sizes.
        let size = head[4..]
            .iter()
            .rev()
            .fold(0, |sum, &byte| (sum << 8) | usize::from(byte));
        place += 8;
        if head.starts_with(b"data") {
            let end = place.saturating_add(size).min(bytes.len());
            return Ok((&bytes[place..end], place));
        }
        place = place.saturating_add(size).saturating_add(size % 2);
    }
    Err(Error::format(
        "byte 12",
        "a RIFF wrapper (RMID) with no MIDI data inside",
        WHOLE,
    ))
}

/// What the division of the header means: ticks a quarter note, and the tempo if it is fixed.
fn division([high, low]: [u8; 2], place: usize) -> Result<(u32, Option<Tempo>)> {
    let wrong = |what: String| {
        let remedy = "Export the file anew with ticks a quarter note, 480 for example";
        Err(Error::format(format!("byte {place}"), what, remedy))
    };
    if high < 128 {
        return match u32::from(high) << 8 | u32::from(low) {
            0 => wrong("a quarter note has 0 ticks".to_string()),
            ticks => Ok((ticks, None)),
        };
    }
    // Frames a second, negative: one quarter note is to last one second. 29 stands for 30/1.001.
    let (frames, micros_per_quarter) = match high.wrapping_neg() {
        29 => (30, 1_001_000),
        frames @ (24 | 25 | 30) => (u32::from(frames), 1_000_000),
        frames => return wrong(format!("{frames} frames a second are no SMPTE time")),
    };
    match frames * u32::from(low) {
        0 => wrong("a frame has 0 ticks".to_string()),
        ticks => Ok((ticks, Some(Tempo { micros_per_quarter }))),
    }
}

/// Says what the file seems to be instead.
fn not_midi(bytes: &[u8], start: usize) -> Error {
    const CONVERT: &str = "Convert it to MIDI, or give another file";
    let kinds: [(&[u8], &str, &str); 12] = [
        (
            b"RIFF",
            "a RIFF file, WAV most likely",
            "Give it where sounds are read, or give a MIDI file",
        ),
        (b"FORM", "an AIFF sound", CONVERT),
        (b"ID3", "an MP3 sound", CONVERT),
        (b"OggS", "an Ogg sound", CONVERT),
        (b"fLaC", "a FLAC sound", CONVERT),
        (
            b"PK\x03\x04",
            "a ZIP archive",
            "Unpack it first; compressed MusicXML (.mxl) has to be converted",
        ),
        (b"\x1F\x8B", "a gzip archive", "Unpack it first"),
        (
            b"<",
            "XML or HTML; a score in MusicXML or a failed download",
            CONVERT,
        ),
        (b"X:", "ABC text", "Give it a name that ends in .abc"),
        (b"%", "ABC or PDF", "Give an ABC text a name that ends in .abc"),
        (b"MTrk", "a MIDI track without the header before it", WHOLE),
        (
            b"\0\0\0\0",
            "zeros only, as a broken download leaves behind",
            WHOLE,
        ),
    ];
    let place = format!("byte {start}");
    if bytes.is_empty() {
        return Error::format(place, "the file is empty", "Get a whole copy of it");
    }
    match kinds.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        Some((_, kind, remedy)) => {
            Error::format(place, format!("no MIDI file: this looks like {kind}"), *remedy)
        }
        None => Error::format(
            place,
            "no MIDI file: one begins with the letters MThd",
            "Give a Standard MIDI File, which most music programs export",
        ),
    }
}
