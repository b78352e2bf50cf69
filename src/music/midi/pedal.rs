//! The sustain pedal: while it is down, a note sounds on after its key is let go.

use crate::music::Note;

/// Lengthens the notes (in order of onset) of one channel until the pedal comes up or the same pitch is struck
/// again. `pedal` holds when it goes down (true) and up; if it stays down, it holds until the last key is let go.
pub(super) fn hold(notes: &mut [Note], pedal: &[(u32, bool)]) {
    let last = notes.iter().map(Note::end).max().unwrap_or(0);
    let mut struck_again = [u32::MAX; 128];
    // Notes that begin together do not end each other.
    for chord in notes.chunk_by_mut(|a, b| a.onset == b.onset).rev() {
        for note in &mut *chord {
            let later = pedal.partition_point(|change| change.0 <= note.end());
            let down = later > 0 && pedal[later - 1].1;
            if down {
                let up = pedal[later..].iter().find(|change| !change.1);
                let up = up.map_or(last, |change| change.0);
                let end = up.min(struck_again[usize::from(note.pitch.midi())]);
                note.duration = end.max(note.end()) - note.onset;
            }
        }
        for note in chord {
            struck_again[usize::from(note.pitch.midi())] = note.onset;
        }
    }
}
