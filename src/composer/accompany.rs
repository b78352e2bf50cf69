//! What goes under a melody. These figures are written by hand: the tunes have one voice, so there is nobody to learn them from.

use super::mood::Features;
use super::order::Order;
use super::piece::{Piece, STEP};
use super::plan::{Plan, PlannedBar};
use super::style::{Figure, Style};
use super::writer::WriterKind;
use crate::music::{Note, Pitch};
use crate::sliders::chord_pitches;

/// From which density on an accompaniment is busier, or quieter.
const MUCH: f64 = 0.4;

/// A stroke: its step in the bar, its length in steps.
type Stroke = (usize, usize);

/// When the chords of a bar are struck. One that is broken gives one note at each.
fn chord_strokes(piece: &Piece) -> Vec<Stroke> {
    let bar = piece.style.bar;
    let strokes: Vec<Stroke> = match piece.style.figure {
        Figure::Waltz => vec![(4, 4), (8, 4)],
        Figure::Jig => vec![(4, 2), (10, 2)],
        Figure::March => vec![(4, 4), (12, 4)],
        Figure::Block => vec![(0, bar / 2), (bar / 2, bar / 2)],
        Figure::Broken => (0..bar / 2).map(|eighth| (2 * eighth, 2)).collect(),
    };
    let density = piece.order.features.density;
    if density > MUCH && piece.style.figure != Figure::Broken {
        // Each twice, half as long.
        let twice = |(step, steps): Stroke| [(step, steps / 2), (step + steps / 2, steps - steps / 2)];
        return strokes.into_iter().flat_map(twice).collect();
    }
    if density < -MUCH {
        // Held, where the first would have been struck.
        return match piece.style.figure {
            Figure::Broken => (0..bar / 4).map(|quarter| (4 * quarter, 4)).collect(),
            _ => vec![(strokes[0].0, bar - strokes[0].0)],
        };
    }
    strokes
}

/// The notes of the chords.
pub(super) fn chords(piece: &Piece) -> Vec<Note> {
    let bar = piece.style.bar;
    let strokes = chord_strokes(piece);
    let mut notes = Vec::new();
    for (number, of_bar) in piece.chords.iter().enumerate() {
        let held = [(0, bar)];
        let last = piece.plan.is_last(number);
        let strokes = if last { &held[..] } else { &strokes };
        for (count, (step, steps)) in strokes.iter().enumerate() {
            let chord = of_bar[(2 * step / bar).min(1)];
            let (tones, _) = chord_pitches(chord);
            let broken = piece.style.figure == Figure::Broken && !last;
            let tones = match broken {
                true => vec![tones[[0, 2, 1, 2][count % 4]]],
                false => tones.to_vec(),
            };
            for midi in tones {
                notes.extend(struck(piece, (number, *step, *steps), midi, chord, 26.0));
            }
        }
    }
    notes
}

/// The notes of the bass: on the beats that its figure has, the root; on the second of them, for the second figure the fifth, for the third the third.
pub(super) fn bass(piece: &Piece) -> Vec<Note> {
    let bar = piece.style.bar;
    let strokes: Vec<Stroke> = match piece.style.figure {
        Figure::Waltz => vec![(0, 4)],
        Figure::Block | Figure::Broken => vec![(0, bar / 2), (bar / 2, bar / 2)],
        Figure::Jig | Figure::March => vec![(0, 4), (bar / 2, 4)],
    };
    let quiet = piece.order.features.density < -MUCH;
    let strokes = if quiet { vec![(0, bar)] } else { strokes };
    let mut notes = Vec::new();
    for (number, of_bar) in piece.chords.iter().enumerate() {
        let held = vec![(0, bar)];
        let strokes = if piece.plan.is_last(number) {
            &held
        } else {
            &strokes
        };
        for (count, (step, steps)) in strokes.iter().enumerate() {
            let chord = of_bar[(2 * step / bar).min(1)];
            let (tones, root) = chord_pitches(chord);
            // In a bar of one stroke every second bar has it; else the second stroke, unless the chord is new there.
            let second = match strokes.len() {
                1 => number % 2 == 1 && !piece.plan.is_last(number),
                _ => count == 1 && of_bar[0] == of_bar[1],
            };
            let other = tones[[0, 2, 1][piece.bass % 3]];
            let midi = match second && !piece.bass.is_multiple_of(3) {
                true => other - 12 * ((other - 38) / 12),
                false => root,
            };
            notes.extend(struck(piece, (number, *step, *steps), midi, chord, 12.0));
        }
    }
    notes
}

/// A note of the accompaniment, softer than the melody.
fn struck(
    piece: &Piece,
    (bar, step, steps): (usize, usize, usize),
    midi: u8,
    chord: usize,
    softer: f64,
) -> Option<Note> {
    let (duration, velocity) = piece.stroke(bar, step, steps, softer);
    let onset = piece.tick(bar) + step as u32 * STEP;
    let pitch: Option<Pitch> = piece.sounding(midi, chord);
    pitch.map(|pitch| Note {
        velocity,
        ..Note::new(onset, duration, pitch)
    })
}

/// What goes under one bar of a style, in white keys: its chords and its bass, from its first tick on, [`STEP`] of them to a step. In bars of one
/// bass note every second has another.
pub(super) fn under_bar(style: &Style, number: usize, under: [usize; 2]) -> [Vec<Note>; 2] {
    let order = Order {
        features: Features::NONE,
        style: 0,
        tempo: 100.0,
        seconds: 10.0,
        writer: WriterKind::Chain,
    };
    let piece = Piece {
        order,
        style: style.clone(),
        plan: Plan {
            phrases: Vec::new(),
            bars: vec![PlannedBar::default(); 3], // the third would be held
        },
        chords: vec![under; 2],
        melody: Vec::new(),
        bass: 1,
    };
    let (from, to) = (piece.tick(number % 2), piece.tick(number % 2 + 1));
    [chords(&piece), bass(&piece)].map(|mut notes| {
        notes.retain_mut(|note| {
            let inside = (from..to).contains(&note.onset);
            note.onset = note.onset.saturating_sub(from);
            inside
        });
        notes
    })
}
