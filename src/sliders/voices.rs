//! Chords and bass under a melody of bars.

use crate::bars::{Unit, score};
use crate::music::{Note, Pitch, Score};

/// The white keys as semitones above C.
const WHITE: [u8; 7] = [0, 2, 4, 5, 7, 9, 11];

/// The three pitches of a chord, close to each other around middle C, and its root for the bass: MIDI note numbers.
pub fn chord_pitches(chord: usize) -> ([u8; 3], u8) {
    let tone = |step: usize| {
        let key = chord + step;
        48 + WHITE[key % 7] + 12 * (key / 7) as u8
    };
    // In a range of an octave from G3 on, so that chords lie close.
    let close = |midi: u8| if midi < 55 { midi + 12 } else { midi };
    let bass = 36 + WHITE[chord % 7];
    (
        [0, 2, 4].map(|step| close(tone(step))),
        if bass < 40 { bass + 12 } else { bass },
    )
}

/// Bars one after the other with their chords and a bass: a chord for each half of a bar, played after the bass.
pub fn accompany(title: &str, bars: &[(Unit, [usize; 2])], program: u8, quarters_a_minute: f64) -> Score {
    let (mut chords, mut bass) = (Vec::new(), Vec::new());
    let mut tick = 0;
    for (unit, of_halves) in bars {
        let half = unit.bar as u32 / 2;
        for (number, chord) in (0..).zip(of_halves) {
            let from = tick + number * half;
            let (tones, root) = chord_pitches(*chord);
            let play = |to: &mut Vec<Note>, onset, duration, midi, velocity| {
                let pitch = Pitch::from_midi(midi);
                to.extend(pitch.map(|pitch| Note {
                    velocity,
                    ..Note::new(onset, duration, pitch)
                }));
            };
            play(&mut bass, from, half, root, 64);
            for midi in tones {
                play(&mut chords, from + 2, half - 2, midi, 44);
            }
        }
        tick += unit.bar as u32;
    }
    score(title, bars.iter().map(|bar| &bar.0), program, quarters_a_minute)
        .with_voice("chords", 0, chords)
        .with_voice("bass", 32, bass)
}
