//! What a WAV file says about itself, held against the bytes that are really there.
//!
//! A WAV file is a list of chunks: four letters, a length (32 bits, little end first), so many
//! bytes, and one more if that is odd. `fmt ` says how samples are stored, `data` holds them.
//! Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" (1991).

use super::Format;
use crate::{Error, Result};

const RE_ENCODE: &str = "Save it as 16-bit PCM, for example: ffmpeg -i in.wav -c:a pcm_s16le out.wav";

/// The header of a WAV file, checked.
pub(super) struct Header<'a> {
    pub format: Format,
    /// At least one.
    pub channels: u16,
    /// At least one hertz.
    pub rate: u32,
    /// The whole frames that are there.
    pub data: &'a [u8],
    /// Where `data` begins in the file.
    data_at: usize,
}

impl Header<'_> {
    pub fn parse(bytes: &[u8]) -> Result<Header<'_>> {
        check_magic(bytes)?;
        let chunks = Chunks::find(bytes)?;
        let word = |at: usize| {
            let four = chunks
                .format
                .get(at..at + 4)
                .and_then(|four| four.try_into().ok());
            four.map_or(0, u32::from_le_bytes)
        };
        let place = || format!("byte {}, the fmt chunk", chunks.format_at);
        let [tag, channels] = [word(0) as u16, (word(0) >> 16) as u16];
        let (rate, block, bits) = (word(4), word(12) as u16, (word(12) >> 16) as u16);
        if chunks.format.len() < 16 || channels == 0 || rate == 0 {
            return Err(Error::format(
                place(),
                format!(
                    "{} bytes, {channels} channels, {rate} Hz cannot be",
                    chunks.format.len()
                ),
                "The file is damaged: get it again, or save it anew",
            ));
        }
        // The extensible form names the format in the first bytes of a longer identifier.
        let tag = if tag == 0xFFFE { word(24) as u16 } else { tag };
        let format = match (tag, bits) {
            (1, 8) => Format::Int8,
            (1, 16) => Format::Int16,
            (1, 24) => Format::Int24,
            (1, 32) => Format::Int32,
            (3, 32) => Format::Float32,
            (1, _) => {
                return Err(Error::format(
                    place(),
                    format!("whole numbers of {bits} bits"),
                    RE_ENCODE,
                ));
            }
            (3, _) => {
                return Err(Error::format(
                    place(),
                    format!("floats of {bits} bits"),
                    RE_ENCODE,
                ));
            }
            _ => {
                let what = format!("the samples are compressed ({}, format {tag})", tag_name(tag));
                return Err(Error::format(place(), what, RE_ENCODE));
            }
        };
        let consistent = channels.checked_mul(bits / 8) == Some(block);
        if !consistent || rate.checked_mul(u32::from(block)).is_none() {
            return Err(Error::format(
                place(),
                format!(
                    "{channels} channels of {bits} bits at {rate} Hz do not go with {block} bytes a frame"
                ),
                "The file is damaged: get it again, or save it anew",
            ));
        }
        let whole_frames = chunks.data.len() - chunks.data.len() % usize::from(block);
        Ok(Header {
            format,
            channels,
            rate,
            data: chunks.data.get(..whole_frames).unwrap_or_default(),
            data_at: chunks.data_at,
        })
    }

    /// The bytes of a plain header for the data that is there: 44 of them, in the oldest form.
    pub fn plain(&self) -> Vec<u8> {
        let block = self.channels * (self.format.bits() / 8);
        let length = u32::try_from(self.data.len()).unwrap_or(0); // a file is at most 1 GiB
        let tag: u16 = if self.format == Format::Float32 { 3 } else { 1 };
        let mut bytes = Vec::with_capacity(44);
        bytes.extend(b"RIFF");
        bytes.extend(length.saturating_add(36).to_le_bytes());
        bytes.extend(b"WAVEfmt ");
        bytes.extend(16u32.to_le_bytes());
        bytes.extend(tag.to_le_bytes());
        bytes.extend(self.channels.to_le_bytes());
        bytes.extend(self.rate.to_le_bytes());
        bytes.extend(self.rate.saturating_mul(u32::from(block)).to_le_bytes());
        bytes.extend(block.to_le_bytes());
        bytes.extend(self.format.bits().to_le_bytes());
        bytes.extend(b"data");
        bytes.extend(length.to_le_bytes());
        bytes
    }

    /// The error for the sample at this place among the interleaved ones.
    pub fn not_a_number(&self, index: usize, sample: f32) -> Error {
        let (frame, channel) = (
            index / usize::from(self.channels),
            index % usize::from(self.channels),
        );
        let seconds = frame as f64 / f64::from(self.rate);
        let byte = self.data_at + index * usize::from(self.format.bits() / 8);
        Error::format(
            format!("byte {byte}, {seconds:.4} seconds, channel {}", channel + 1),
            format!("sample {frame} is {sample}"),
            "Samples must be finite: mend what wrote the file, or cut this moment out",
        )
    }
}

/// The two chunks that matter.
struct Chunks<'a> {
    format: &'a [u8],
    format_at: usize,
    data: &'a [u8],
    data_at: usize,
}

impl Chunks<'_> {
    fn find(bytes: &[u8]) -> Result<Chunks<'_>> {
        // Recorders and streams fill these lengths in at the end, if they get there.
        let unfinished = matches!(length_at(bytes, 4), Some(0 | u32::MAX));
        let mut format = None;
        let mut at = 12usize;
        while let (Some(name), Some(length)) = (bytes.get(at..at + 4), length_at(bytes, at + 4)) {
            let body_at = at + 8;
            let rest = bytes.get(body_at..).unwrap_or_default();
            let body = rest.get(..length as usize).unwrap_or(rest); // as much as is there
            match (name, format) {
                (b"fmt ", _) => format = Some((body, body_at)),
                (b"data", Some((format, format_at))) => {
                    return Ok(Chunks {
                        format,
                        format_at,
                        data: if length == 0 && unfinished { rest } else { body },
                        data_at: body_at,
                    });
                }
                (b"data", None) => {
                    return Err(Error::format(
                        format!("byte {at}"),
                        "the data chunk comes before any fmt chunk, so its samples cannot be told",
                        "The file is damaged: get it again, or save it anew",
                    ));
                }
                _ => {}
            }
            at = body_at
                .saturating_add(length as usize)
                .saturating_add(length as usize % 2);
            if at > bytes.len() {
                break;
            }
        }
        Err(Error::format(
            format!("byte {}", at.min(bytes.len())),
            "the file ends before its data chunk, which would hold the samples",
            "The file was cut short: get it again, or save it anew",
        ))
    }
}

fn length_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    four.try_into().ok().map(u32::from_le_bytes)
}

fn check_magic(bytes: &[u8]) -> Result<()> {
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") {
        return Ok(());
    }
    let convert = "Convert it, for example: ffmpeg -i in -c:a pcm_s16le out.wav";
    let (what, remedy) = match bytes {
        [] => ("the file is empty", "Give a WAV file"),
        [b'R', b'F', b'6', b'4', ..] | [b'B', b'W', b'6', b'4', ..] => (
            "this is RF64, the WAV form for more than 4 GiB, which is not read here",
            "Cut the part you want, for example: ffmpeg -i in.wav -t 600 -c:a pcm_s16le out.wav",
        ),
        [b'R', b'I', b'F', b'X', ..] => ("this is a WAV file with the big end first", convert),
        [b'R', b'I', b'F', b'F', ..] => ("this RIFF file holds something other than WAVE sound", convert),
        [b'I', b'D', b'3', ..] | [0xFF, 0xE2..=0xE7 | 0xF2..=0xF7 | 0xFA..=0xFF, ..] => {
            ("this looks like an MP3 file", convert)
        }
        [b'O', b'g', b'g', b'S', ..] => ("this looks like an OGG file", convert),
        [b'f', b'L', b'a', b'C', ..] => ("this looks like a FLAC file", convert),
        [b'F', b'O', b'R', b'M', ..] => ("this looks like an AIFF file", convert),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => ("this looks like an MP4 or M4A file", convert),
        [b'M', b'T', b'h', b'd', ..] => (
            "this looks like a MIDI file: notes, not sound",
            "Read it as a score and perform that",
        ),
        _ => (
            "this is no WAV file: it does not begin with RIFF and WAVE",
            "Give a WAV file",
        ),
    };
    Err(Error::format("byte 0", what, remedy))
}

fn tag_name(tag: u16) -> &'static str {
    match tag {
        2 | 17 => "ADPCM",
        6 => "A-law",
        7 => "mu-law",
        80 | 85 => "MPEG",
        _ => "of an unknown kind",
    }
}
