//! A thousand MIDI files read from disk: `cargo bench -p benches --bench corpus`. It has to take less than 2 seconds, also where their
//! names do not say what they are.

use aeolian::music::{Corpus, Note, Pitch, Score, midi};
use tempfile::TempDir;

fn main() {
    divan::main()
}

/// A folder of so many files with this ending to their names, each of three voices of 400 notes.
fn folder(files: u32, ending: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in 0..files {
        let mut score = Score::new(format!("piece {file}"), 480)
            .with_tempo(96.0)
            .with_metre(4, 4);
        for voice in 0..3u32 {
            // Steps that never repeat from file to file, and lengths from a sixteenth to a quarter note.
            let pitch = |i: u32| Pitch::new(40 + 12 * voice as i32 + ((i * (file + 3) + i * i) % 24) as i32);
            let note = |i: u32| {
                let velocity = 60 + (i * 7 % 50) as u8;
                Some(Note {
                    velocity,
                    ..Note::new(i * 240, 120 * (1 + i % 4), pitch(i).ok()?)
                })
            };
            score = score.with_voice(
                &format!("voice {voice}"),
                voice as u8,
                (0..400).filter_map(note).collect(),
            );
        }
        let path = folder.path().join(format!("{file:04}{ending}"));
        midi::write(&path, &score).expect("a file in the temporary folder");
    }
    folder
}

#[divan::bench(sample_count = 10, args = [".mid", ""])]
fn thousand_midi_files(bencher: divan::Bencher, ending: &str) {
    let folder = folder(1_000, ending);
    bencher.bench(|| {
        Corpus::read(folder.path(), |_, _| {})
            .expect("a corpus")
            .pieces
            .len()
    });
}
