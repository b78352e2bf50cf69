//! What a WAV file says about itself, held against the bytes that are really there.

use super::chunks::Chunks;
use super::magic;
use crate::{Error, Result};

const RE_ENCODE: &str = "Save it as 16-bit PCM, for example: ffmpeg -i in.wav -c:a pcm_s16le out.wav";
const DAMAGED: &str = "The file is damaged: get it again, or save it anew";

/// How samples are stored.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    /// A whole number of so many bits, in the lower ones of so many bytes.
    Whole {
        bits: u16,
        bytes: u16,
    },
    Float32,
    Float64,
    MuLaw,
    ALaw,
}

impl Encoding {
    /// Bytes of one sample.
    fn bytes(self) -> u16 {
        match self {
            Encoding::Whole { bytes, .. } => bytes,
            Encoding::Float32 => 4,
            Encoding::Float64 => 8,
            Encoding::MuLaw | Encoding::ALaw => 1,
        }
    }
}

/// The header of a WAV file, checked.
pub(super) struct Header<'a> {
    pub encoding: Encoding,
    /// At least one.
    pub channels: u16,
    /// At least one hertz.
    pub rate: u32,
    /// The whole frames that are there, at least one.
    pub data: &'a [u8],
    /// Where `data` begins in the file.
    data_at: usize,
}

impl Header<'_> {
    pub fn parse(bytes: &[u8]) -> Result<Header<'_>> {
        let chunks = Chunks::find(bytes, magic::start(bytes)?)?;
        let word = |at: usize| {
            let four = chunks
                .format
                .get(at..at + 4)
                .and_then(|four| four.try_into().ok());
            four.map_or(0, u32::from_le_bytes)
        };
        let wrong = |what: String, remedy: &str| {
            let place = format!("byte {}, the fmt chunk", chunks.format_at);
            Err(Error::format(place, what, remedy))
        };
        let [tag, channels] = [word(0) as u16, (word(0) >> 16) as u16];
        let (rate, block, bits) = (word(4), word(12) as u16, (word(12) >> 16) as u16);
        if chunks.format.len() < 16 || channels == 0 || rate == 0 {
            let length = chunks.format.len();
            return wrong(
                format!("{length} bytes, {channels} channels, {rate} Hz cannot be"),
                DAMAGED,
            );
        }
        // The extensible form names the format in the first bytes of a longer identifier.
        let extensible = tag == 0xFFFE;
        let tag = if extensible { word(24) as u16 } else { tag };
        let bytes = block / channels;
        let encoding = match (tag, bits) {
            (1, 24) if bytes == 4 => Encoding::Whole { bits, bytes },
            (1, 32) if extensible && word(18) as u16 == 24 && in_lower_bytes(chunks.data) => {
                Encoding::Whole { bits: 24, bytes }
            }
            // Fewer bits than the bytes have are the upper ones, by the standard.
            (1, 1..=32) => Encoding::Whole {
                bits: bits.next_multiple_of(8),
                bytes: bits.div_ceil(8),
            },
            (3, 32) => Encoding::Float32,
            (3, 64) => Encoding::Float64,
            (6, 8) => Encoding::ALaw,
            (7, 8) => Encoding::MuLaw,
            (1, _) => return wrong(format!("whole numbers of {bits} bits"), RE_ENCODE),
            (3, _) => return wrong(format!("floats of {bits} bits"), RE_ENCODE),
            _ => {
                let name = tag_name(tag);
                return wrong(
                    format!("the samples are compressed ({name}, format {tag})"),
                    RE_ENCODE,
                );
            }
        };
        let consistent = channels.checked_mul(encoding.bytes()) == Some(block);
        if !consistent || rate.checked_mul(u32::from(block)).is_none() {
            return wrong(
                format!(
                    "{channels} channels of {bits} bits at {rate} Hz do not go with {block} bytes a frame"
                ),
                DAMAGED,
            );
        }
        let whole_frames = chunks.data.len() - chunks.data.len() % usize::from(block);
        if whole_frames == 0 {
            return Err(Error::format(
                format!("byte {}, the data chunk", chunks.data_at),
                "it holds no samples",
                "Nothing was recorded, or the file was cut off before its sound: give another one",
            ));
        }
        Ok(Header {
            encoding,
            channels,
            rate,
            data: chunks.data.get(..whole_frames).unwrap_or_default(),
            data_at: chunks.data_at,
        })
    }

    /// The bytes of a plain header for the data that is there: 44 of them, in the oldest form.
    pub fn plain(&self) -> Vec<u8> {
        let block = self.channels * self.encoding.bytes();
        let length = u32::try_from(self.data.len()).unwrap_or(0); // a file is at most 1 GiB
        let (tag, bits) = match self.encoding {
            Encoding::Whole { bits, .. } => (1u16, bits),
            other => (3, 8 * other.bytes()),
        };
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
        bytes.extend(bits.to_le_bytes());
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
        let byte = self.data_at + index * usize::from(self.encoding.bytes());
        Error::format(
            format!("byte {byte}, {seconds:.4} seconds, channel {}", channel + 1),
            format!("sample {frame} is {sample}"),
            "Samples must be finite: mend what wrote the file, or cut this moment out",
        )
    }
}

/// Whether 24 bits in four bytes are the lower ones, although the standard says the upper ones.
fn in_lower_bytes(data: &[u8]) -> bool {
    let (samples, _) = data.as_chunks::<4>();
    samples.iter().all(|sample| matches!(sample[3], 0 | 255)) && samples.iter().any(|sample| sample[0] != 0)
}

fn tag_name(tag: u16) -> &'static str {
    match tag {
        2 | 17 => "ADPCM",
        49 => "GSM",
        80 | 85 => "MPEG",
        _ => "of an unknown kind",
    }
}
