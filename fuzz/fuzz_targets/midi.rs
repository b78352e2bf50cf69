//! Whatever can be read as MIDI can be written, and reads back equal; so with the notes that the pedal holds.
#![no_main]

use aeolian::music::midi::{self, Options};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for pedal in [false, true] {
        if let Ok((score, _)) = midi::decode_with(bytes, Options { pedal }) {
            let written = midi::encode(&score).expect("what was read can be written");
            let (again, _) = midi::decode(&written).expect("what was written can be read");
            assert_eq!(again, score);
        }
    }
});
