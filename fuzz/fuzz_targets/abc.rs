//! Whatever can be read as ABC is written, or refused with an error; never a panic.
#![no_main]

use aeolian::music::abc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for score in abc::decode(bytes).into_iter().flatten() {
        if let Ok(text) = abc::encode(&score) {
            let _ = abc::decode(text.as_bytes());
        }
    }
});
