//! Sound written as WAV and read back is the same sound, and no bytes are a reason to panic.

use aeolian::sound::wav::{Format, decode, encode};
use proptest::prelude::*;

const FORMATS: [Format; 5] = [
    Format::Int8,
    Format::Int16,
    Format::Int24,
    Format::Int32,
    Format::Float32,
];

/// A WAV file with this data: whole numbers (tag 1) or floats (tag 3).
fn file(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let block = channels * (bits / 8);
    let mut bytes = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00".to_vec();
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * u32::from(block)).to_le_bytes());
    bytes.extend(block.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

proptest! {
    /// Any WAV data, decoded and encoded again, is the same data (32-bit numbers: to 24 bits).
    #[test]
    fn wav_to_sound_to_wav_is_bit_exact(
        data in prop::collection::vec(any::<u8>(), 0..400),
        which in 0usize..5,
        channels in 1u16..3,
        rate in 1u32..400_000,
    ) {
        let format = FORMATS[which];
        let width = usize::from(format.bits() / 8);
        let mut data = data;
        data.resize(data.len().max(width * usize::from(channels)), 0); // one frame at least
        data.truncate(data.len() / (width * usize::from(channels)) * width * usize::from(channels));
        for sample in data.chunks_mut(width) {
            match format {
                Format::Int32 => sample[0] = 0,
                Format::Float32 => sample[3] &= 0xBF, // an exponent of half its size: finite
                _ => {}
            }
        }
        let tag = if format == Format::Float32 { 3 } else { 1 };
        let bytes = file(tag, channels, rate, format.bits(), &data);
        let sound = decode(&bytes).unwrap();
        prop_assert_eq!((sound.rate(), sound.channels().len()), (rate, usize::from(channels)));
        let again = encode(&sound, format).unwrap();
        prop_assert!(again.ends_with(&data));
        prop_assert_eq!(decode(&again).unwrap(), sound);
    }

    /// Any bytes at all give a sound or an error.
    #[test]
    fn random_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
        let _ = decode(&[b"RIFF\0\0\0\0WAVEfmt ".as_slice(), &bytes].concat());
    }
}
