//! Files as recorders and other programs write them: each of `tests/cases`, and others of its kind.

use super::*;

/// Two samples, 0.5 and -0.5, in 16 bits.
const TWO: [u8; 4] = [0, 64, 0, 192];

/// The only channel of a WAV file.
fn mono(bytes: &[u8]) -> Vec<f32> {
    decode(bytes).unwrap().channels()[0].clone()
}

/// A mono file of 16 bits whose data chunk claims a length and is followed by these bytes.
fn claiming(length: u32, data: &[u8]) -> Vec<u8> {
    file(1, 1, 8000, 16, &[(b"data", length, data)])
}

#[test]
fn a_killed_recorder_loses_nothing() {
    let bytes = include_bytes!("../../../../tests/cases/wav-killed-recorder-riff-36-data-0.wav");
    let sound = decode(bytes).unwrap();
    assert_eq!((sound.rate(), sound.frames()), (8000, 200));
    // Whatever the lengths say: nothing yet, what was there when last they were written, or the most there can be.
    let data = TWO.repeat(50);
    for length in [0, 4, 100, 151, 201, 0x7FFF_F000, u32::MAX] {
        for riff in [0, 36, 40, 1_000_000, u32::MAX] {
            let mut bytes = claiming(length, &data);
            bytes[4..8].copy_from_slice(&riff.to_le_bytes());
            assert_eq!(
                decode(&bytes).unwrap().frames(),
                100,
                "data {length}, RIFF {riff}"
            );
        }
    }
}

#[test]
fn what_follows_the_samples_is_none() {
    let list = b"LIST\x04\0\0\0abcd".as_slice();
    let tag = [b"TAG".as_slice(), &[b' '; 125]].concat();
    let id3 = [b"ID3\x03\0\0\0\0\0\x0A".as_slice(), &[0; 10]].concat();
    for after in [
        list,
        &tag,
        &id3,
        b"APETAGEX\xD0\x07\0\0",
        b"\0\0\0",
        b"junk\0\0\0\0",
    ] {
        let bytes = claiming(4, &[&TWO, after].concat());
        assert_eq!(mono(&bytes), [0.5, -0.5], "{after:?}");
    }
    // A length that is odd, with and without the byte that should follow it.
    let eight = |data: &[u8]| mono(&file(1, 1, 8000, 8, &[(b"data", 3, data)]));
    for pad in [&b"\0"[..], b""] {
        let data = [&[192, 64, 128], pad, list].concat();
        assert_eq!(eight(&data), [0.5, -0.5, 0.0]);
    }
    assert!(message(&claiming(0, list)).contains("holds no samples"));
}

#[test]
fn a_file_without_samples_is_an_error() {
    for bytes in [
        claiming(0, &[]),
        claiming(100, &[]),
        claiming(0, &[7]),
        claiming(1, &[7]),
    ] {
        let message = message(&bytes);
        assert!(
            message.contains("byte 44, the data chunk: it holds no samples"),
            "{message}"
        );
    }
    let cut = file(1, 2, 8000, 16, &[(b"data", 3, &[1, 2, 3])]);
    assert!(message(&cut).contains("no samples"), "less than a frame");
}

#[test]
fn a_tag_before_the_file_is_passed_over() {
    let sound = decode(include_bytes!("../../../../tests/cases/wav-id3-before-riff.wav")).unwrap();
    assert_eq!((sound.rate(), sound.frames()), (8000, 200));
    // A tag of more than 127 bytes, with a footer; errors count bytes from the start of the file.
    let tag = |size: usize| {
        let header = [
            b'I',
            b'D',
            b'3',
            4,
            0,
            0x10,
            0,
            0,
            (size >> 7) as u8,
            (size & 127) as u8,
        ];
        [&header[..], &vec![0; size + 10]].concat()
    };
    let tagged = |wav: &[u8]| [&tag(300), wav].concat();
    assert_eq!(mono(&tagged(&claiming(4, &TWO))), [0.5, -0.5]);
    let damaged = message(&tagged(&file(1, 1, 0, 16, &[(b"data", 4, &TWO)])));
    assert!(damaged.contains("byte 340, the fmt chunk"), "{damaged}");
    let flac = message(&tagged(b"fLaC\0\0\0\x22"));
    assert!(flac.contains("FLAC") && flac.contains("ffmpeg -i"), "{flac}");
    assert!(message(&tagged(&[0xFF, 0xFB, 0x90, 0x44])).contains("MP3"));
    assert!(message(&tag(300)).contains("MP3"));
}

#[test]
fn twenty_four_bits_may_lie_in_four_bytes() {
    let sound = decode(include_bytes!(
        "../../../../tests/cases/wav-pcm-24-in-4-bytes.wav"
    ))
    .unwrap();
    assert_eq!(sound.channels(), [vec![0.5; 4], vec![0.5; 4]]);
    // The uppermost byte is a sign or zero: both are written.
    let bytes = |top: u8, data: [u8; 3]| [data[0], data[1], data[2], top];
    let lower = [
        bytes(0, [0, 0, 0xC0]),
        bytes(0xFF, [0, 0, 0xC0]),
        bytes(0, [1, 0, 0x40]),
    ]
    .concat();
    let expected = [-0.5, -0.5, 0.5 + 1.0 / 8_388_608.0];
    assert_eq!(
        mono(&with_block(file(1, 1, 8000, 24, &[(b"data", 12, &lower)]), 4)),
        expected
    );
    // In the extensible form they are the upper ones, but not all programs know it.
    assert_eq!(mono(&extensible(1, 32, 24, &lower)), expected);
    let upper = [0, 0, 0, 0xC0, 0, 1, 0, 0x40];
    let expected = [-0.5, 0.5 + 1.0 / 8_388_608.0];
    assert_eq!(mono(&extensible(1, 32, 24, &upper)), expected);
    assert_eq!(mono(&extensible(1, 32, 32, &upper)), expected);
}

#[test]
fn fewer_bits_than_the_bytes_have_are_the_upper_ones() {
    assert_eq!(
        mono(&with_block(file(1, 1, 8000, 12, &[(b"data", 4, &TWO)]), 2)),
        [0.5, -0.5]
    );
    let twenty = [0, 0, 64, 0x10, 0, 0xC0];
    let expected = [0.5, -0.5 + 16.0 / 8_388_608.0];
    assert_eq!(
        mono(&with_block(file(1, 1, 8000, 20, &[(b"data", 6, &twenty)]), 3)),
        expected
    );
    for (bits, block) in [(16, 4), (8, 2), (24, 6), (40, 5)] {
        let bytes = with_block(file(1, 1, 8000, bits, &[(b"data", 4, &TWO)]), block);
        assert!(
            message(&bytes).contains(&format!("{bits} bits")),
            "{bits} in {block}"
        );
    }
}

#[test]
fn floats_of_64_bits_are_read() {
    let values = [0.5, -0.25, 1.5, 1e-30, 0.1];
    let data: Vec<u8> = values
        .iter()
        .flat_map(|value: &f64| value.to_le_bytes())
        .collect();
    let expected = values.map(|value| value as f32);
    let bytes = file(
        3,
        1,
        8000,
        64,
        &[(b"fact", 4, &[5, 0, 0, 0]), (b"data", 40, &data)],
    );
    assert_eq!(mono(&bytes), expected);
    assert_eq!(mono(&extensible(3, 64, 64, &data)), expected);
    let stereo = decode(&file(3, 2, 8000, 64, &[(b"data", 32, &data)])).unwrap();
    assert_eq!(stereo.channels(), [[0.5, 1.5], [-0.25, 1e-30]]);
    for wrong in [f64::NAN, f64::INFINITY, 1e300] {
        let data = [0.5f64.to_le_bytes(), wrong.to_le_bytes()].concat();
        let message = message(&file(3, 1, 8, 64, &[(b"data", 16, &data)]));
        assert!(
            message.contains("byte 52, 0.1250 seconds, channel 1: sample 1 is"),
            "{message}"
        );
    }
}

/// The numbers are those of Python's `audioop`, whose full scale is 32768.
#[test]
fn the_laws_of_the_telephone_are_read() {
    let bytes: Vec<u8> = (0..=255).step_by(15).collect();
    let mu = [
        -32124, -16764, -8828, -4604, -2364, -1180, -556, -228, -56, 24956, 12924, 6652, 3388, 1692, 812,
        356, 120, 0,
    ];
    let a = [
        -5504, -6784, -3520, -25088, -13056, -488, -248, -1824, -944, 4736, 2496, 16896, 8960, 360, 120,
        1312, 688, 848,
    ];
    for (tag, expected) in [(7, mu), (6, a)] {
        let chunks: [(&[u8; 4], u32, &[u8]); 1] = [(b"data", 18, &bytes)];
        let expected = expected.map(|whole| whole as f32 / 32_768.0);
        assert_eq!(mono(&file(tag, 1, 8000, 8, &chunks)), expected, "format {tag}");
        assert_eq!(mono(&extensible(tag, 8, 8, &bytes)), expected, "format {tag}");
        assert_eq!(decode(&file(tag, 2, 8000, 8, &chunks)).unwrap().frames(), 9);
        assert!(
            message(&file(tag, 1, 8000, 16, &chunks)).contains("compressed"),
            "of 8 bits only"
        );
    }
}

#[test]
fn rf64_is_read() {
    let ds64 = |data: u64| [&[0; 8][..], &data.to_le_bytes(), &[0; 12]].concat();
    let after = [&TWO, b"LIST\x04\0\0\0abcd".as_slice()].concat();
    for name in [b"RF64", b"BW64"] {
        for (claimed, length) in [(4, u32::MAX), (4, 4), (u64::MAX, 4)] {
            let mut bytes = file(1, 1, 8000, 16, &[(b"data", length, &after)]);
            bytes[..4].copy_from_slice(name);
            let chunk = [b"ds64\x1C\0\0\0".as_slice(), &ds64(claimed)].concat();
            bytes.splice(12..12, chunk);
            assert_eq!(mono(&bytes), [0.5, -0.5], "{claimed} {length}");
        }
        // A writer that was killed before it knew the length; and one that never said.
        let mut bytes = file(1, 1, 8000, 16, &[(b"data", u32::MAX, &TWO)]);
        bytes[..4].copy_from_slice(name);
        assert_eq!(mono(&bytes), [0.5, -0.5]);
        bytes.splice(12..12, [b"ds64\x1C\0\0\0".as_slice(), &ds64(0)].concat());
        assert_eq!(mono(&bytes), [0.5, -0.5]);
        bytes.splice(12..12, *b"ds64\x04\0\0\0abcd");
        assert_eq!(mono(&bytes), [0.5, -0.5]);
    }
}

#[test]
fn what_has_to_be_converted_is_named_with_the_command() {
    let compressed: [&[u8]; 14] = [
        b"RIFX\0\0\0\0WAVE",
        b"riff.\x91\xCF\x11\xA5\xD6\x28\xDB",
        b"fLaC\0\0\0\x22",
        b"OggS\0\x02",
        b"FORM\0\0\0\x20AIFF",
        b"caff\0\x01",
        b".snd\0\0\0\x18",
        b"wvpk\0\0\0\0",
        b"MAC \x96\x0F",
        b"#!AMR\n",
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11",
        b"\x1A\x45\xDF\xA3",
        b"\0\0\0\x20ftypM4A ",
        b"\xFF\xF1\x50\x80",
    ];
    for bytes in compressed {
        let message = message(bytes);
        assert!(
            message.contains("ffmpeg -i in -c:a pcm_s16le out.wav"),
            "{message}"
        );
        assert!(!message.contains("no WAV file"), "{message}");
    }
    for (bytes, part) in [
        (&b"PK\x03\x04\x14\0"[..], "ZIP archive. Unpack it first"),
        (b"\x1F\x8B\x08\0", "gzip archive. Unpack it first"),
        (b"X:1\nK:C\n", "ABC"),
        (b"RIFF\x24\0\0\0RMIDdata", "MIDI"),
    ] {
        assert!(message(bytes).contains(part), "{}", message(bytes));
    }
    for tag in [2, 17, 49, 80, 85, 255] {
        let message = message(&file(tag, 1, 8000, 4, &[(b"data", 4, &TWO)]));
        assert!(
            message.contains("compressed") && message.contains("ffmpeg -i in.wav"),
            "{message}"
        );
    }
}

/// The file with another number of bytes a frame.
fn with_block(mut bytes: Vec<u8>, block: u16) -> Vec<u8> {
    bytes[32..34].copy_from_slice(&block.to_le_bytes());
    bytes
}

/// A mono file in the extensible form: so many bits, of which so many are valid.
fn extensible(tag: u16, bits: u16, valid: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = file(0xFFFE, 1, 8000, bits, &[(b"data", data.len() as u32, data)]);
    bytes[16] = 40;
    let mut more = vec![22, 0];
    more.extend(valid.to_le_bytes());
    more.extend([4, 0, 0, 0]);
    more.extend(tag.to_le_bytes());
    more.extend(b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71");
    bytes.splice(36..36, more);
    bytes
}
