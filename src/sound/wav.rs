//! WAV files in and out.
//!
//! A sample is stored as a whole number of 8, 16, 24 or 32 bits, or as a 32-bit float. Full scale,
//! 1.0, is 2^(bits - 1) in whole numbers. Decoding divides by that; encoding multiplies, rounds half
//! away from zero, and clips what lies beyond the largest number. So decoding and encoding again
//! gives the same samples bit for bit; of 32-bit numbers an `f32` keeps the first 24 bits.
//! No dither: its noise would spoil that round trip to mend what nobody hears at 16 bits.
//!
//! Read, too, are 24 bits in four bytes, 64-bit floats, and the telephone's μ-law and A-law.

mod chunks;
mod header;
mod law;
mod magic;

use super::Sound;
use crate::{Error, Result, file};
use header::{Encoding, Header};
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::io::{Cursor, Read};
use std::path::Path;

/// How samples are stored in a WAV file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Whole numbers of 8 bits.
    Int8,
    /// Whole numbers of 16 bits, as on a compact disc.
    Int16,
    /// Whole numbers of 24 bits.
    Int24,
    /// Whole numbers of 32 bits.
    Int32,
    /// The samples as they are, also beyond full scale.
    Float32,
}

impl Format {
    /// Bits of one sample.
    pub fn bits(self) -> u16 {
        match self {
            Format::Int8 => 8,
            Format::Int16 => 16,
            Format::Int24 => 24,
            Format::Int32 | Format::Float32 => 32,
        }
    }

    fn kind(self) -> SampleFormat {
        match self {
            Format::Float32 => SampleFormat::Float,
            _ => SampleFormat::Int,
        }
    }
}

/// What 1.0 becomes in whole numbers of so many bits.
fn full_scale(bits: u16) -> f64 {
    2f64.powi(i32::from(bits) - 1)
}

/// Reads a WAV file: see [`decode`].
///
/// # Errors
/// If the file cannot be read, or for what stands in it, as [`decode`] says.
pub fn read(path: &Path) -> Result<Sound> {
    decode(&file::read(path)?).map_err(|error| error.in_file(path))
}

/// Writes a WAV file of 16-bit samples; what lies beyond ±1 is clipped. For another format write
/// the bytes that [`encode`] gives.
///
/// # Errors
/// If a sample is not a number, if the sound is too long, or if the file cannot be written.
pub fn write(path: &Path, sound: &Sound) -> Result<()> {
    file::write(path, &encode(sound, Format::Int16)?)
}

/// The sound in the bytes of a WAV file: mono or stereo, at any rate.
///
/// More than two channels are mixed down to one, their mean. A file that was cut short, or that
/// never learned its length because it was streamed or its recorder killed, gives the whole frames
/// that are there: samples go on to the end of the file, unless a chunk or a tag follows them. An ID3
/// tag before the file and chunks other than `fmt ` and `data` are skipped. RF64 and BW64 are read.
///
/// # Errors
/// If the bytes are no WAV file (it says what they seem to be), if there is not one sample, if the
/// samples are compressed or of another size, if the header contradicts itself, or if a sample is
/// infinite or not a number.
pub fn decode(bytes: &[u8]) -> Result<Sound> {
    let header = Header::parse(bytes)?;
    let samples: Vec<f32> = match header.encoding {
        Encoding::Whole { bits, .. } => {
            let scale = full_scale(bits);
            let samples = plain(&header)?.into_samples::<i32>();
            let scaled = samples.map(|sample| sample.map(|whole| (f64::from(whole) / scale) as f32));
            scaled.collect::<hound::Result<_>>().map_err(unreadable)?
        }
        Encoding::Float32 => {
            let samples = plain(&header)?.into_samples();
            samples.collect::<hound::Result<_>>().map_err(unreadable)?
        }
        Encoding::Float64 => {
            let (samples, _) = header.data.as_chunks();
            samples
                .iter()
                .map(|&eight| f64::from_le_bytes(eight) as f32)
                .collect()
        }
        Encoding::MuLaw => header.data.iter().map(|&byte| law::mu(byte)).collect(),
        Encoding::ALaw => header.data.iter().map(|&byte| law::a(byte)).collect(),
    };
    if let Some(index) = samples.iter().position(|sample| !sample.is_finite()) {
        return Err(header.not_a_number(index, samples.get(index).copied().unwrap_or(f32::NAN)));
    }
    Ok(sound_of(header.rate, usize::from(header.channels), samples))
}

/// What hound reads: behind a header that says what is really there, so it cannot be misled by the file's own.
fn plain<'a>(header: &Header<'a>) -> Result<WavReader<impl Read + use<'a>>> {
    WavReader::new(Cursor::new(header.plain()).chain(header.data)).map_err(unreadable)
}

/// Interleaved samples as a sound.
fn sound_of(rate: u32, channels: usize, samples: Vec<f32>) -> Sound {
    let every_second = |from: usize| samples.iter().skip(from).step_by(2).copied().collect();
    let mean = |frame: &[f32]| (frame.iter().map(|&s| f64::from(s)).sum::<f64>() / channels as f64) as f32;
    match channels {
        1 => Sound::mono(rate, samples),
        2 => Sound::stereo(rate, every_second(0), every_second(1)),
        _ => Sound::mono(rate, samples.chunks_exact(channels).map(mean).collect()),
    }
}

fn unreadable(error: hound::Error) -> Error {
    Error::format(
        "the samples",
        error.to_string(),
        "Save the file again as 16-bit PCM",
    )
}

/// The sound as the bytes of a WAV file. Whole numbers clip what lies beyond ±1.
///
/// # Errors
/// If a sample is infinite or not a number (it says which), or if the sound is too long or its rate
/// too high for the 32 bits in which a WAV file counts bytes.
pub fn encode(sound: &Sound, format: Format) -> Result<Vec<u8>> {
    let channels = sound.channels();
    let frame_bytes = channels.len() as u64 * u64::from(format.bits() / 8);
    check_size(sound, frame_bytes)?;
    check_finite(sound)?;
    let spec = WavSpec {
        channels: channels.len() as u16,
        sample_rate: sound.rate(),
        bits_per_sample: format.bits(),
        sample_format: format.kind(),
    };
    let mut bytes = Vec::with_capacity(sound.frames() * frame_bytes as usize + 68);
    let written = || -> hound::Result<()> {
        let mut writer = WavWriter::new(Cursor::new(&mut bytes), spec)?;
        for frame in 0..sound.frames() {
            for &sample in channels.iter().filter_map(|channel| channel.get(frame)) {
                match format.kind() {
                    SampleFormat::Float => writer.write_sample(sample)?,
                    SampleFormat::Int => writer.write_sample(whole_number(sample, format))?,
                }
            }
        }
        writer.finalize()
    }();
    match written {
        Ok(()) => Ok(bytes),
        Err(error) => Err(Error::value(
            format!("The sound cannot be encoded: {error}"),
            "Try 16-bit samples",
        )),
    }
}

/// The sample as a whole number of so many bits: rounded half away from zero, then clipped.
fn whole_number(sample: f32, format: Format) -> i32 {
    let scale = full_scale(format.bits());
    (f64::from(sample) * scale).round().clamp(-scale, scale - 1.0) as i32
}

/// A WAV file counts its bytes, and its bytes a second, in 32 bits.
fn check_size(sound: &Sound, frame_bytes: u64) -> Result<()> {
    let most = u64::from(u32::MAX) - 1024; // leaves room for the header
    if sound.frames() as u64 > most / frame_bytes {
        return Err(Error::value(
            format!(
                "{:.0} seconds of sound are too long for a WAV file, which ends at 4 GiB",
                sound.seconds()
            ),
            "Write it in parts, or with fewer bits a sample",
        ));
    }
    if u64::from(sound.rate()) > most / frame_bytes {
        return Err(Error::value(
            format!("{} Hz is too high a rate for a WAV file", sound.rate()),
            "Bring it to 44100 Hz, say, with resampled",
        ));
    }
    Ok(())
}

fn check_finite(sound: &Sound) -> Result<()> {
    for (channel, samples) in sound.channels().iter().enumerate() {
        if let Some((frame, sample)) = samples.iter().enumerate().find(|(_, sample)| !sample.is_finite()) {
            let name = match (sound.channels().len(), channel) {
                (1, _) => "the only channel",
                (_, 0) => "the left channel",
                _ => "the right channel",
            };
            let seconds = frame as f64 / f64::from(sound.rate());
            return Err(Error::value(
                format!("Sample {frame} of {name}, at {seconds:.4} seconds, is {sample}"),
                "Look for a division by zero, or a feedback of 1 or more, in what makes this sound",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
