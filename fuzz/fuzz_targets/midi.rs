//! Whatever can be read as MIDI can be written, and reads back equal.
#![no_main]

use aeolian::music::midi;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok((score, _)) = midi::decode(bytes) {
        let written = midi::encode(&score).expect("what was read can be written");
        let (again, _) = midi::decode(&written).expect("what was written can be read");
        assert_eq!(again, score);
    }
});
