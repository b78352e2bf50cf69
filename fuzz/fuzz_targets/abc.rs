//! Whatever can be read as ABC is written, or refused with an error; what was written can be read, and then written
//! and read once more it stays the same. Never a panic.
#![no_main]

use aeolian::music::abc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (score, _) in abc::decode(bytes).into_iter().flatten() {
        let Ok(text) = abc::encode(&score) else { continue };
        let (read, warnings) = abc::decode(text.as_bytes())
            .expect("what was written can be read")
            .swap_remove(0);
        assert!(warnings.is_empty(), "{warnings:?}");
        if let Ok(again) = abc::encode(&read) {
            let (again, _) = abc::decode(again.as_bytes()).expect("and again").swap_remove(0);
            assert_eq!(again, read);
        }
    }
});
