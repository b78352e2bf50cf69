//! The spectrum of a sound.

use super::Figure;
use super::axes::{Axis, extent};
use super::canvas::{Canvas, Place, width_of};
use super::frame::{Chart, Frame, corners, place, say_nothing};
use super::number::number;
use super::spectrogram::{RANGE_DECIBELS, SILENCE};
use super::theme::{HEARD, TEXT_SIZE, colour};
use crate::sound::{Sound, Spectrum, decibels};
use plotters::style::text_anchor::{HPos, VPos};

/// So many peaks of a spectrum are named.
const NAMED_PEAKS: usize = 8;

/// Level in decibels against frequency, up to where there is energy; the strongest peaks carry their frequency.
pub fn spectrum(title: &str, sound: &Sound) -> Figure {
    if sound.frames() == 0 {
        return draw_spectrum(title, 1.0, &[], &[]);
    }
    let spectrum = Spectrum::of(sound);
    draw_spectrum(
        title,
        spectrum.bin_hertz,
        &spectrum.amplitudes,
        &spectrum.peaks(NAMED_PEAKS),
    )
}

fn draw_spectrum(title: &str, bin_hertz: f64, amplitudes: &[f32], peaks: &[(f64, f32)]) -> Figure {
    let levels: Vec<f64> = amplitudes
        .iter()
        .map(|&amplitude| decibels(f64::from(amplitude)))
        .collect();
    let (_, top) = extent(levels.iter().copied()).unwrap_or((0.0, 0.0));
    let top = top.max(SILENCE);
    let floor = top - RANGE_DECIBELS;
    let last = levels
        .iter()
        .rposition(|&level| level > floor + 10.0)
        .unwrap_or(levels.len());
    let nyquist = (levels.len().max(2) - 1) as f64 * bin_hertz;
    let high = ((last + 1) as f64 * bin_hertz * 1.15).clamp(nyquist.min(100.0), nyquist);
    let y = Axis::even("level (dB)", (floor, top + 12.0), 5, 1.0);
    let mut frame = Frame::new(title, Axis::frequency(high, 8), y);
    frame.height = 230;
    frame.draw(|canvas, chart| {
        let mut places: Vec<Place> = Vec::new();
        for (bin, level) in levels
            .iter()
            .enumerate()
            .take_while(|(bin, _)| *bin as f64 * bin_hertz <= high)
        {
            let level = if level.is_nan() { floor } else { level.max(floor) };
            let (x, y) = place(chart, bin as f64 * bin_hertz, level);
            match places.last_mut() {
                // Several bins to a unit of width: the loudest counts.
                Some(before) if levels.len() > 1200 && before.0 / 10 == x / 10 => before.1 = before.1.min(y),
                _ => places.push((x, y)),
            }
        }
        let (Some(first), Some(last)) = (places.first().copied(), places.last().copied()) else {
            return say_nothing(canvas, chart);
        };
        let ground = place(chart, 0.0, floor).1;
        let mut area = places.clone();
        area.extend([(last.0, ground), (first.0, ground)]);
        canvas.polygon(
            area,
            canvas.ink(format!("fill=\"{}\" fill-opacity=\".25\"", colour(HEARD))),
        );
        let line = format!(
            "class=\"data\" fill=\"none\" stroke=\"{}\" stroke-width=\"16\"",
            colour(HEARD)
        );
        name_peaks(canvas, chart, &places, peaks, floor + 15.0);
        canvas.line(places, canvas.ink(line));
    })
}

/// Writes the frequency above each peak louder than `least`, the strongest first, where nothing is in the way.
fn name_peaks(canvas: &Canvas, chart: &Chart, curve: &[Place], peaks: &[(f64, f32)], least: f64) {
    let mut peaks: Vec<(f64, f64)> = peaks
        .iter()
        .map(|peak| (peak.0, decibels(f64::from(peak.1))))
        .collect();
    peaks.retain(|peak| peak.0.is_finite() && peak.1 > least);
    peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ((left, _), (right, _)) = corners(chart);
    let mut taken: Vec<(Place, i32)> = Vec::new();
    for (hertz, level) in peaks {
        let words = format!("{} Hz", number(hertz, usize::from(hertz < 100.0)));
        let (x, y) = place(chart, hertz, level);
        let half = width_of(&words, TEXT_SIZE) * 5;
        let (x, bottom) = (x.max(left + half).min(right - half), y - 25);
        let beside = |at: i32, room: i32| (at - x).abs() < half + room;
        let covers = curve.iter().any(|place| beside(place.0, 20) && place.1 < bottom);
        let meets = taken
            .iter()
            .any(|(other, wide)| beside(other.0, wide + 60) && (other.1 - bottom).abs() < 200);
        if !covers && !meets {
            canvas.text(
                &words,
                (x, bottom),
                (HPos::Center, VPos::Bottom),
                canvas.label_ink(),
            );
            taken.push(((x, bottom), half));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::plot::tests::{marks, texts};
    use std::f64::consts::TAU;

    pub fn bell_spectrum(title: &str) -> Figure {
        let partial =
            |ratio: f64, size: f64, t: f64| size * (TAU * 330.0 * ratio * t).sin() * (-2.0 * ratio * t).exp();
        let wave = |t| {
            partial(1.0, 0.5, t) + partial(2.756, 0.3, t) + partial(5.404, 0.2, t) + partial(8.933, 0.1, t)
        };
        spectrum(title, &Sound::from_wave(44_100, 2.0, wave))
    }

    #[test]
    fn the_axes_have_units_and_the_peaks_their_frequencies() {
        let bell = texts(&bell_spectrum(""));
        assert!(bell.contains(&"frequency (Hz)".to_string()) && bell.contains(&"level (dB)".to_string()));
        for peak in ["330 Hz", "909 Hz", "1,783 Hz", "2,948 Hz"] {
            assert!(bell.contains(&peak.to_string()), "{peak} of {bell:?}");
        }
        assert_eq!(marks(&bell_spectrum("")), 1);
    }
}
