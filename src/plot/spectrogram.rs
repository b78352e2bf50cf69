//! The spectrogram of a sound.

use super::Figure;
use super::axes::{Axis, extent, widened};
use super::frame::{Frame, corners, say_nothing};
use super::matrix::{colour_bar, picture};
use crate::sound::{Sound, Spectrogram};

/// What is softer than this, in decibels, is no sound: it must not be shown as the loudest there is.
pub(super) const SILENCE: f64 = -100.0;

/// How far below the loudest a level is still shown, in decibels: about the range of hearing in a quiet room.
pub(super) const RANGE_DECIBELS: f64 = 80.0;

/// Level for each frequency and moment; each octave equally high, as the ear hears, from 50 Hz to where there is energy.
pub fn spectrogram(title: &str, sound: &Sound) -> Figure {
    spectrogram_of(title, sound, true)
}

/// Level for each frequency and moment, with frequency even from zero to half the sample rate:
/// what shows aliasing.
pub fn spectrogram_linear(title: &str, sound: &Sound) -> Figure {
    spectrogram_of(title, sound, false)
}

fn spectrogram_of(title: &str, sound: &Sound, octaves: bool) -> Figure {
    let nyquist = f64::from(sound.rate()) / 2.0;
    let spectrogram = if sound.frames() == 0 {
        Spectrogram {
            bin_hertz: 1.0,
            hop_seconds: 1.0,
            decibels: ndarray::Array2::zeros((0, 0)),
        }
    } else {
        Spectrogram::of(sound)
    };
    draw_spectrogram(title, &spectrogram, sound.seconds(), nyquist, octaves)
}

fn draw_spectrogram(
    title: &str,
    spectrogram: &Spectrogram,
    seconds: f64,
    nyquist: f64,
    octaves: bool,
) -> Figure {
    let levels = &spectrogram.decibels;
    let top = extent(levels.iter().map(|&level| f64::from(level))).map_or(0.0, |(_, high)| high.max(SILENCE));
    let floor = top - RANGE_DECIBELS;
    let y = if octaves && nyquist > 200.0 {
        Axis::octaves(
            50.0,
            useful_top(spectrogram, floor + 20.0).clamp(200.0, nyquist.min(16_000.0)),
        )
    } else {
        Axis::frequency(nyquist, 6)
    };
    let mut frame = Frame::new(title, Axis::seconds(seconds), y.clone());
    frame.grid = (false, false);
    frame.right = 88;
    frame.height = 260;
    frame.draw(|canvas, chart| {
        if levels.is_empty() {
            return say_nothing(canvas, chart);
        }
        let (width, height) = (levels.nrows().clamp(1, 360), 180);
        let part = |column: usize, row: usize| {
            // The loudest of the moments that share a column: a click must not fall through.
            let from = column * levels.nrows() / width;
            let to = ((column + 1) * levels.nrows() / width).max(from + 1);
            let (low, high) = (
                hertz_at(&y, row as f64 / height as f64),
                hertz_at(&y, (row + 1) as f64 / height as f64),
            );
            let loudest = (from..to).map(|time| level_between(spectrogram, time, low, high));
            (loudest.fold(f64::NEG_INFINITY, f64::max) - floor) / (top - floor)
        };
        let (corner, opposite) = corners(chart);
        picture(canvas, (corner, opposite), (width, height), true, part);
        colour_bar(canvas, corner.1, opposite.1, widened(floor, top), "dB");
    })
}

/// The frequency at this part of an axis, from 0 (low end) to 1.
fn hertz_at(axis: &Axis, part: f64) -> f64 {
    if axis.logarithmic {
        axis.low * (axis.high / axis.low).powf(part)
    } else {
        axis.low + (axis.high - axis.low) * part
    }
}

/// The level between two frequencies: the loudest bin among them, or between two bins what lies on the line
/// from one to the other.
fn level_between(spectrogram: &Spectrogram, time: usize, low: f64, high: f64) -> f64 {
    let bin = |hertz: f64| (hertz / spectrogram.bin_hertz).max(0.0);
    let level = |bin: usize| {
        spectrogram
            .decibels
            .get((time, bin))
            .map_or(f64::NEG_INFINITY, |&level| f64::from(level))
    };
    let middle = bin((low + high) / 2.0);
    let (below, rest) = (middle.floor() as usize, middle.fract());
    let between = if rest == 0.0 {
        level(below)
    } else {
        level(below) * (1.0 - rest) + level(below + 1) * rest
    };
    let inside = (bin(low).ceil() as usize)..(bin(high).ceil() as usize).min(spectrogram.decibels.ncols());
    inside.map(level).fold(
        if between.is_nan() {
            f64::NEG_INFINITY
        } else {
            between
        },
        f64::max,
    )
}

/// The highest frequency that ever reaches this level, and a little more.
fn useful_top(spectrogram: &Spectrogram, level: f64) -> f64 {
    let loud = |column: ndarray::ArrayView1<f32>| column.iter().any(|&value| f64::from(value) > level);
    let last = spectrogram.decibels.columns().into_iter().rposition(loud);
    last.unwrap_or(0) as f64 * spectrogram.bin_hertz * 1.2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::texts;

    #[test]
    fn a_spectrogram_is_a_picture_with_a_bar_in_decibels() {
        let tone = Sound::sine(1000.0, 0.5, 1.0);
        for (figure, axis) in [
            (spectrogram("", &tone), "frequency (Hz)"),
            (spectrogram_linear("", &tone), "frequency (kHz)"),
        ] {
            assert_eq!(figure.svg().matches("<image").count(), 1);
            let texts = texts(&figure);
            assert!(
                texts.iter().any(|text| text == "dB") && texts.iter().any(|text| text == axis),
                "{texts:?}"
            );
        }
    }

    #[test]
    fn the_level_between_two_bins_lies_between_theirs() {
        let spectrogram = Spectrogram {
            bin_hertz: 100.0,
            hop_seconds: 1.0,
            decibels: ndarray::array![[-10.0, -30.0, -20.0, -90.0]],
        };
        assert_eq!(level_between(&spectrogram, 0, 49.0, 51.0), -20.0);
        assert_eq!(
            level_between(&spectrogram, 0, 90.0, 290.0),
            -20.0,
            "the loudest of what is inside"
        );
        assert_eq!(
            level_between(&spectrogram, 0, 900.0, 990.0),
            f64::NEG_INFINITY,
            "beyond the last"
        );
    }
}
