//! A small picture for the head of a page: music or sound at a glance, without axes and words.

use super::Figure;
use super::canvas::{Canvas, figure};
use super::theme::{HEARD, NEXT, WIDTH, colour};
use crate::music::Score;
use crate::sound::Sound;

/// Its height in units, and the room above and below what is drawn, in tenths of a unit.
const HEIGHT: i32 = 40;
const ROOM: i32 = 20;

/// How much of the music is drawn, in seconds.
const SECONDS: f64 = 20.0;

/// A wave is drawn as so many strokes.
const STROKES: usize = 180;

/// The first twenty seconds of a score: a bar for each note, the highest voice in one colour, what goes under it in another.
pub fn vignette(score: &Score) -> Figure {
    let clock = score.clock();
    let end = score.seconds().clamp(0.1, SECONDS);
    let mut notes: Vec<(f64, f64, i32, usize)> = Vec::new();
    for (number, voice) in score.voices.iter().enumerate() {
        for note in &voice.notes {
            let from = clock.seconds(note.onset);
            if from < end {
                let to = clock.seconds(note.end()).min(end);
                notes.push((from, to, i32::from(note.pitch.midi()), number));
            }
        }
    }
    let low = notes.iter().map(|note| note.2).min().unwrap_or(60);
    let high = notes.iter().map(|note| note.2).max().unwrap_or(60);
    figure("", HEIGHT, |canvas| {
        let row = f64::from(10 * HEIGHT - 2 * ROOM) / f64::from(high - low + 1);
        let across = |seconds: f64| (seconds / end * f64::from(10 * WIDTH)) as i32;
        for (from, to, midi, voice) in notes {
            let top = ROOM + (f64::from(high - midi) * row) as i32;
            let tall = (row as i32 - 4).clamp(16, 45);
            let ink = canvas.ink(bar(if voice == 0 { HEARD } else { NEXT }));
            let right = (across(to) - 8).max(across(from) + 16);
            canvas.rectangle((across(from), top), (right, top + tall), ink);
        }
    })
}

/// The first twenty seconds of a sound: how far it swings, moment by moment.
pub fn vignette_of_sound(sound: &Sound) -> Figure {
    let part = sound.part(0.0, SECONDS.min(sound.seconds()));
    let samples = part.mono_samples();
    let peaks: Vec<f32> = samples
        .chunks(samples.len().div_ceil(STROKES).max(1))
        .map(|chunk| chunk.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs())))
        .collect();
    let loudest = peaks.iter().copied().fold(1e-6f32, f32::max);
    figure("", HEIGHT, |canvas| strokes(canvas, &peaks, loudest))
}

fn strokes(canvas: &Canvas, peaks: &[f32], loudest: f32) {
    let middle = 5 * HEIGHT;
    for (number, peak) in peaks.iter().enumerate() {
        let left = (10 * WIDTH) as usize * number / peaks.len();
        let half = ((peak / loudest) * (middle - ROOM) as f32) as i32;
        let ink = canvas.ink(bar(HEARD));
        canvas.rectangle(
            (left as i32, middle - half - 6),
            (left as i32 + 20, middle + half + 6),
            ink,
        );
    }
}

fn bar(number: usize) -> String {
    format!("class=\"data\" fill=\"{}\"", colour(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::marks;

    #[test]
    fn each_note_of_the_first_seconds_is_a_bar_and_a_wave_is_strokes() {
        let tune = crate::music::Melody::parse(1, "C4 D4 E4:60 F4").unwrap();
        let score = tune.score("", 0).with_tempo(60.0);
        assert_eq!(
            marks(&vignette(&score)),
            3,
            "the last begins after twenty seconds"
        );
        assert_eq!(marks(&vignette(&Score::new("", 1))), 0);
        let sound = Sound::sine(440.0, 0.5, 2.0);
        assert_eq!(marks(&vignette_of_sound(&sound)), STROKES);
        assert_eq!(marks(&vignette_of_sound(&Sound::mono(8000, vec![]))), 0);
    }
}
