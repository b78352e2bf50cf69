//! Notes as bars on a piano roll.

use super::Figure;
use super::axes::Axis;
use super::canvas::{Canvas, Place};
use super::frame::{Chart, Frame, Key, Sample, corners, place, say_nothing};
use super::theme::filling;
use crate::music::{Pitch, Score};
use plotters::style::text_anchor::{HPos, VPos};

/// At most about so many bar lines; of more, every second, fourth and so on is drawn.
const MOST_BAR_LINES: u64 = 40;

/// Notes as bars: pitch against time in seconds, a colour and a look for each voice; the harder a note is struck, the
/// stronger its colour. Rows of black keys are shaded, each octave begins at a line, and bar lines
/// stand where metre and upbeat put them, with the number of the bar above.
pub fn piano_roll(title: &str, score: &Score) -> Figure {
    let notes = || score.voices.iter().flat_map(|voice| &voice.notes);
    let pitches = || notes().map(|note| i32::from(note.pitch.midi()));
    let (low, high) = (pitches().min().unwrap_or(60), pitches().max().unwrap_or(72));
    let more = (11 - (high - low)).max(0); // at least an octave
    let (low, high) = (low - 1 - more / 2, high + 1 + (more + 1) / 2);
    let mut y = Axis::even("pitch", (f64::from(low) - 0.5, f64::from(high) + 0.5), 1, 1.0);
    let tick = |midi: i32| Some((f64::from(midi), Pitch::new(midi).ok()?.to_string()));
    let named: &[i32] = if high - low < 18 { &[0, 4, 7, 9] } else { &[0] };
    let marked = (low..=high).filter(|midi| named.contains(&midi.rem_euclid(12)));
    y.ticks = marked.filter_map(tick).collect();
    let mut frame = Frame::new(title, Axis::seconds(score.seconds()), y);
    frame.grid = (false, false);
    frame.above = if score.metres.is_empty() { 0 } else { 18 };
    frame.height = ((high - low + 1) * 11).clamp(180, 400);
    let voices: Vec<usize> = (0..score.voices.len())
        .filter(|&i| !score.voices[i].notes.is_empty())
        .collect();
    if voices.len() > 1 {
        frame.keys = voices.iter().take(12).map(|&i| key(score, i)).collect();
        if let Some(others) = voices.len().checked_sub(12).filter(|&others| others > 0) {
            frame.keys.push(Key {
                ink: "fill=\"none\"".to_string(),
                sample: Sample::Block,
                words: format!("and {others} more"),
            });
        }
    }
    frame.draw(|canvas, chart| {
        shade_keys(canvas, chart, low, high);
        let clock = score.clock();
        let seconds = |tick: u32| clock.seconds(tick);
        draw_bar_lines(canvas, chart, score, &seconds);
        for &i in &voices {
            draw_voice(canvas, chart, score, i, &seconds);
        }
        if voices.is_empty() {
            say_nothing(canvas, chart);
        }
    })
}

fn key(score: &Score, i: usize) -> Key {
    let voice = &score.voices[i];
    let words = if voice.name.trim().is_empty() {
        format!("voice {}", i + 1)
    } else {
        voice.name.clone()
    };
    Key {
        ink: filling(i),
        sample: Sample::Block,
        words,
    }
}

fn draw_voice(canvas: &Canvas, chart: &Chart, score: &Score, i: usize, seconds: &dyn Fn(u32) -> f64) {
    let ink = canvas.ink(format!("class=\"data\" {}", filling(i)));
    for note in &score.voices[i].notes {
        let pitch = f64::from(note.pitch.midi());
        let (left, top) = place(chart, seconds(note.onset), pitch + 0.44);
        let (right, bottom) = place(chart, seconds(note.end()), pitch - 0.44);
        // A hair's breadth between a note and its repetition; even the shortest one can be seen.
        let right = (right - 6).max(left + 12);
        // Five strengths: neighbours then share their look, and the file stays small.
        let strength = (f64::from(note.velocity.min(127)) / 127.0 * 5.0).ceil() / 5.0;
        canvas.tinted(
            (left, top),
            (right, bottom),
            ink,
            (50.0 + 50.0 * strength).round() / 100.0,
        );
    }
}

/// Rows of the black keys, and a line under each C.
fn shade_keys(canvas: &Canvas, chart: &Chart, low: i32, high: i32) {
    let ((left, _), (right, _)) = corners(chart);
    let row = |pitch: f64| place(chart, 0.0, pitch).1;
    let shadow = canvas.ink("fill=\"currentColor\" fill-opacity=\".07\"");
    for midi in (low..=high).filter(|midi| [1, 3, 6, 8, 10].contains(&midi.rem_euclid(12))) {
        let (top, bottom) = (row(f64::from(midi) + 0.5), row(f64::from(midi) - 0.5));
        canvas.rectangle((left, top), (right, bottom), shadow);
    }
    let line = canvas.rule_ink(10, ".3");
    for midi in (low + 1..=high).filter(|midi| midi.rem_euclid(12) == 0) {
        let y = row(f64::from(midi) - 0.5);
        canvas.line(vec![(left, y), (right, y)], line);
    }
}

/// Bar lines, and the numbers of bars above them.
fn draw_bar_lines(canvas: &Canvas, chart: &Chart, score: &Score, seconds: &dyn Fn(u32) -> f64) {
    let ((_, top), (_, bottom)) = corners(chart);
    let (rule, label) = (canvas.rule_ink(10, ".35"), canvas.label_ink());
    let mut free: Place = (i32::MIN, i32::MIN);
    for (number, tick) in bar_lines(score) {
        let x = place(chart, seconds(tick), 0.0).0;
        if x >= free.0 {
            canvas.line(vec![(x, top), (x, bottom)], rule);
            free.0 = x.saturating_add(40);
        }
        if x >= free.1 {
            // The first says what these numbers count.
            let (words, side) = match free.1 {
                i32::MIN => (format!("bar {number}"), HPos::Left),
                _ => (number.to_string(), HPos::Center),
            };
            canvas.text(&words, (x, top - 10), (side, VPos::Bottom), label);
            free.1 = x.saturating_add(if number == 1 { 640 } else { 480 });
        }
    }
}

/// The bars that begin within the score, each as (number, tick); of very many only every so manyth.
/// Without a metre there are none. A bar that begins the score needs no upbeat to be number 1.
fn bar_lines(score: &Score) -> Vec<(u64, u32)> {
    let end = u64::from(score.end());
    let length = |beats: u8, unit: u8| {
        (u64::from(score.resolution) * 4 * u64::from(beats) / u64::from(unit.max(1))).max(1)
    };
    let mut segments: Vec<(u64, u64, u64)> = Vec::new(); // first tick, ticks a bar, number of its first bar
    for &(tick, metre) in &score.metres {
        let bar = length(metre.beats, metre.unit);
        match segments.last().copied() {
            None => segments.push((u64::from(score.pickup.max(tick)), bar, 1)),
            Some((from, before, number)) => {
                let bars = u64::from(tick).saturating_sub(from).div_ceil(before);
                segments.push((u64::from(tick).max(from), bar, number + bars));
            }
        }
    }
    let Some(&(from, bar, number)) = segments.last() else {
        return Vec::new();
    };
    let total = number + end.saturating_sub(from) / bar;
    let every = total.div_ceil(MOST_BAR_LINES).next_power_of_two();
    let mut lines = Vec::new();
    for (i, &(from, bar, number)) in segments.iter().enumerate() {
        let to = segments.get(i + 1).map_or(end, |next| next.0.min(end));
        let mut skipped = (every - (number - 1) % every) % every;
        while from.saturating_add(skipped.saturating_mul(bar)) < to {
            lines.extend(
                u32::try_from(from.saturating_add(skipped.saturating_mul(bar)))
                    .ok()
                    .map(|tick| (number + skipped, tick)),
            );
            skipped += every;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Metre;
    use crate::plot::tests::{marks, note, texts};

    #[test]
    fn every_note_is_drawn_and_every_voice_named() {
        let notes = |n: i32| (0..n).map(|i| note(i as u32, 1, 60 + i, 80)).collect();
        let mut score = Score::new("", 4).with_voice("flute", 73, notes(5));
        assert_eq!(marks(&piano_roll("", &score)), 5);
        score = score.with_voice("", 0, notes(7)).with_voice("silent", 0, vec![]);
        let figure = piano_roll("", &score);
        let texts = texts(&figure);
        assert_eq!(marks(&figure), 12);
        for words in ["flute", "voice 2", "pitch", "time (s)", "C4", "G4"] {
            assert!(texts.iter().any(|text| text == words), "{words} in {texts:?}");
        }
        assert!(!texts.iter().any(|text| text == "silent"));
    }

    #[test]
    fn bars_are_counted_from_the_upbeat_and_through_changes_of_metre() {
        let mut score = Score::new("", 4)
            .with_metre(3, 4)
            .with_voice("", 0, vec![note(0, 60, 60, 80)]);
        score.pickup = 4;
        score.metres.push((28, Metre { beats: 4, unit: 4 }));
        assert_eq!(bar_lines(&score), [(1, 4), (2, 16), (3, 28), (4, 44)]);
        score.metres.clear();
        assert!(bar_lines(&score).is_empty(), "no metre, no bars");
    }

    #[test]
    fn of_many_bars_only_some_have_lines() {
        let score = Score::new("", 1)
            .with_metre(1, 4)
            .with_voice("", 0, vec![note(0, u32::MAX, 60, 80)]);
        let lines = bar_lines(&score);
        assert!((20..=41).contains(&lines.len()), "{}", lines.len());
        assert_eq!(lines[0], (1, 0));
    }
}
