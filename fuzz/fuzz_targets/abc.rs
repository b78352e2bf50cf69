//! Whatever can be read as ABC is written, or refused with an error, never a panic. What was written can be read, and
//! is the same when it is written and read once more.
#![no_main]

use aeolian::music::{Score, abc};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (score, _) in abc::decode(bytes).into_iter().flatten() {
        let Ok(text) = abc::encode(&score) else { continue };
        let read = decoded(&text);
        if let (Ok(text), false) = (abc::encode(&read), has_unisons(&read)) {
            assert_eq!(decoded(&text), read);
        }
    }
});

/// The tune that the writer wrote, in which nothing had to be mended.
fn decoded(text: &str) -> Score {
    let mut tunes = abc::decode(text.as_bytes()).expect("what was written can be read");
    let (score, warnings) = tunes.swap_remove(0);
    assert!(warnings.is_empty(), "{warnings:?}");
    score
}

/// Whether a voice sounds one pitch twice at once, which ABC cannot always say.
fn has_unisons(score: &Score) -> bool {
    score.voices.iter().any(|voice| {
        let mut notes = voice.notes.clone();
        notes.sort_by_key(|note| (note.pitch, note.onset));
        let clash =
            |pair: &[aeolian::music::Note]| pair[0].pitch == pair[1].pitch && pair[0].end() > pair[1].onset;
        notes.windows(2).any(clash)
    })
}
