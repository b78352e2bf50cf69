//! Whatever can be read as WAV is written in every format, or refused with an error; never a panic.
#![no_main]

use aeolian::sound::wav::{self, Format};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(sound) = wav::decode(bytes) {
        for format in [
            Format::Int8,
            Format::Int16,
            Format::Int24,
            Format::Int32,
            Format::Float32,
        ] {
            if let Ok(written) = wav::encode(&sound, format) {
                wav::decode(&written).expect("what was written can be read");
            }
        }
    }
});
