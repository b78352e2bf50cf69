mod cases;

use super::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const FORMATS: [Format; 5] = [
    Format::Int8,
    Format::Int16,
    Format::Int24,
    Format::Int32,
    Format::Float32,
];

/// A WAV file written by hand: the fmt chunk's fields, then chunks as they are.
fn file(tag: u16, channels: u16, rate: u32, bits: u16, chunks: &[(&[u8; 4], u32, &[u8])]) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut fmt = Vec::new();
    fmt.extend(tag.to_le_bytes());
    fmt.extend(channels.to_le_bytes());
    fmt.extend(rate.to_le_bytes());
    fmt.extend(rate.wrapping_mul(u32::from(block)).to_le_bytes());
    fmt.extend(block.to_le_bytes());
    fmt.extend(bits.to_le_bytes());
    let mut bytes = b"RIFF\x24\x00\x00\x00WAVE".to_vec();
    let all = [(b"fmt ", 16, fmt.as_slice())];
    for (name, length, body) in all.iter().chain(chunks) {
        bytes.extend(*name);
        bytes.extend(length.to_le_bytes());
        bytes.extend(*body);
    }
    bytes
}

fn message(bytes: &[u8]) -> String {
    decode(bytes).unwrap_err().to_string()
}

#[test]
fn full_scale_and_rounding_are_as_stated() {
    let samples = vec![
        0.0,
        1.0,
        -1.0,
        3.0,
        -3.0,
        0.5 / 32_768.0,
        -0.5 / 32_768.0,
        0.49 / 32_768.0,
    ];
    let bytes = encode(&Sound::mono(8000, samples), Format::Int16).unwrap();
    let stored: Vec<i16> = bytes[44..]
        .chunks(2)
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect();
    assert_eq!(stored, [0, 32_767, -32_768, 32_767, -32_768, 1, -1, 0]);
    let eight = file(1, 1, 8000, 8, &[(b"data", 3, &[0, 128, 255])]);
    assert_eq!(
        decode(&eight).unwrap().channels()[0],
        [-1.0, 0.0, 127.0 / 128.0],
        "8 bits have no sign"
    );
    let loud = Sound::mono(8000, vec![-7.5, 2.25]);
    assert_eq!(
        decode(&encode(&loud, Format::Float32).unwrap()).unwrap(),
        loud,
        "floats are not clipped"
    );
}

#[test]
fn a_file_is_written_and_read_back() {
    let path = tempfile::tempdir().unwrap().path().join("a.wav");
    let sound = Sound::stereo(22_050, vec![0.25, -0.5], vec![0.0, 1.0 / 32_768.0]);
    write(&path, &sound).unwrap();
    assert_eq!(read(&path).unwrap(), sound);
    std::fs::write(&path, b"MThd").unwrap();
    let message = read(&path).unwrap_err().to_string();
    assert!(message.contains("a.wav") && message.contains("MIDI"), "{message}");
}

#[test]
fn other_chunks_are_skipped_also_those_of_odd_length() {
    let bytes = file(
        1,
        1,
        8000,
        16,
        &[
            (b"LIST", 3, b"abc\0"),
            (b"data", 4, &[0, 64, 0, 192]),
            (b"id3 ", 2, b"xy"),
        ],
    );
    assert_eq!(decode(&bytes).unwrap().channels()[0], [0.5, -0.5]);
}

#[test]
fn the_extensible_form_is_read_as_hound_writes_it() {
    for format in FORMATS {
        let spec = WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: format.bits(),
            sample_format: format.kind(),
        };
        let sound = Sound::stereo(48_000, vec![0.5, -1.0], vec![0.25, 0.0]);
        let bytes = encode(&sound, format).unwrap();
        assert_eq!(WavReader::new(bytes.as_slice()).unwrap().spec(), spec);
        assert_eq!(decode(&bytes).unwrap(), sound, "{format:?}");
    }
}

#[test]
fn more_than_two_channels_become_their_mean() {
    let data: Vec<u8> = [0.25f32, 0.5, 0.75, 0.0, 0.0, -1.5]
        .iter()
        .flat_map(|s| s.to_le_bytes())
        .collect();
    let sound = decode(&file(3, 3, 8000, 32, &[(b"data", 24, &data)])).unwrap();
    assert_eq!(sound.channels(), [vec![0.5, -0.5]]);
}

#[test]
fn bad_files_are_named_with_what_is_wrong_and_what_to_do() {
    let data: (&[u8; 4], u32, &[u8]) = (b"data", 4, &[0; 4]);
    for (bytes, part) in [
        (b"".to_vec(), "empty"),
        (b"RIFF".to_vec(), "holds no WAVE"),
        (b"RIFF\0\0\0\0AVI LIST".to_vec(), "holds no WAVE"),
        (b"RF64\xff\xff\xff\xffWAVEds64".to_vec(), "byte 12: the file ends"),
        (b"ID3\x03".to_vec(), "MP3"),
        (b"\xff\xfb\x90\x44".to_vec(), "MP3"),
        (b"OggS\0".to_vec(), "Ogg"),
        (b"fLaC\0".to_vec(), "FLAC"),
        (b"MThd\0\0\0\x06".to_vec(), "MIDI"),
        (b"\0\0\0\x20ftypM4A ".to_vec(), "M4A"),
        (b"hello".to_vec(), "plain text"),
        (b"RIFF\0\0\0\0WAVE".to_vec(), "byte 12: the file ends"),
        (b"RIFF\0\0\0\0WAVEdata\0\0\0\0".to_vec(), "before any fmt"),
        (file(1, 1, 0, 16, &[data]), "0 Hz"),
        (file(1, 0, 8000, 16, &[data]), "0 channels"),
        (file(1, 1, 8000, 12, &[data]), "12 bits"),
        (file(1, 1, 8000, 64, &[data]), "whole numbers of 64 bits"),
        (file(3, 1, 8000, 16, &[data]), "floats of 16 bits"),
        (file(2, 1, 8000, 4, &[data]), "ADPCM"),
        (file(85, 1, 8000, 16, &[data]), "MPEG"),
        (file(1, 65_535, 8000, 32, &[data]), "bytes a frame"),
        (file(1, 2, u32::MAX, 16, &[data]), "4294967295 Hz"),
        (file(1, 1, 8000, 16, &[]), "ends before its data chunk"),
        (
            file(1, 1, 8000, 16, &[(b"junk", u32::MAX, &[0; 9])]),
            "ends before its data chunk",
        ),
    ] {
        let message = message(&bytes);
        assert!(message.contains(part) && message.contains("byte"), "{message}");
    }
}

#[test]
fn a_sample_that_is_no_number_is_placed_when_read_and_when_written() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let data: Vec<u8> = [0.0, 0.5, 0.25, wrong]
            .iter()
            .flat_map(|s: &f32| s.to_le_bytes())
            .collect();
        let message = message(&file(3, 2, 10, 32, &[(b"data", 16, &data)]));
        assert!(
            message.contains("byte 56, 0.1000 seconds, channel 2: sample 1 is"),
            "{message}"
        );
        let sound = Sound::stereo(10, vec![0.0; 3], vec![0.0, 0.0, wrong]);
        for format in FORMATS {
            let message = encode(&sound, format).unwrap_err().to_string();
            assert!(
                message.contains("Sample 2 of the right channel, at 0.2000 seconds"),
                "{message}"
            );
        }
    }
}

#[test]
fn an_absurd_rate_is_not_encoded() {
    let sound = Sound::stereo(u32::MAX, vec![0.0], vec![0.0]);
    assert!(
        encode(&sound, Format::Int16)
            .unwrap_err()
            .to_string()
            .contains("too high a rate")
    );
    assert!(encode(&Sound::mono(u32::MAX - 5000, vec![0.0]), Format::Int8).is_ok());
}

#[test]
fn a_file_damaged_anywhere_gives_a_sound_or_an_error_and_never_a_panic() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let sound = Sound::stereo(44_100, vec![0.5; 20], vec![-0.25; 20]);
    let (mut sounds, mut errors) = (0, 0);
    for format in FORMATS {
        let whole = encode(&sound, format).unwrap();
        let cut = (0..whole.len()).map(|length| whole[..length].to_vec());
        let flipped = (0..2000).map(|_| {
            let mut bytes = whole.clone();
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(0..bytes.len());
                bytes[at] = rng.random();
            }
            bytes
        });
        for bytes in cut.chain(flipped) {
            match decode(&bytes) {
                Ok(sound) => {
                    sounds += 1;
                    assert!(sound.frames() * sound.channels().len() <= whole.len());
                    assert!(sound.peak().is_finite());
                }
                Err(error) => {
                    errors += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    assert!(sounds > 1000 && errors > 1000, "{sounds} sounds, {errors} errors");
}
