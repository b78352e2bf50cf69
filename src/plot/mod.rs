//! Figures: pictures of sound, music and numbers, as SVG (being built).
use crate::music::Score;
use crate::sound::Sound;
use ndarray::Array2;

/// A picture, as the text of an SVG file.
#[derive(Clone, Debug)]
pub struct Figure {
    svg: String,
}

impl Figure {
    /// The text of the SVG file.
    pub fn svg(&self) -> &str {
        &self.svg
    }
}

/// One labelled series of points.
#[derive(Clone, Debug)]
pub struct Series {
    pub label: String,
    pub points: Vec<(f64, f64)>,
}

impl Series {
    pub fn new(label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Series {
        Series {
            label: label.to_string(),
            points: points.into_iter().collect(),
        }
    }
}

/// Amplitude against time.
pub fn waveform(title: &str, sound: &Sound) -> Figure {
    todo!("{title} {sound:?}")
}
/// Level in decibels against frequency.
pub fn spectrum(title: &str, sound: &Sound) -> Figure {
    todo!("{title} {sound:?}")
}
/// Level for each frequency and moment.
pub fn spectrogram(title: &str, sound: &Sound) -> Figure {
    todo!("{title} {sound:?}")
}
/// Notes as bars: pitch against time, a colour a voice.
pub fn piano_roll(title: &str, score: &Score) -> Figure {
    todo!("{title} {score:?}")
}
/// Lines through points. `axes`: what stands along x and along y, with units.
pub fn curves(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    todo!("{title} {axes:?} {series:?}")
}
/// Points.
pub fn scatter(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    todo!("{title} {axes:?} {series:?}")
}
/// Bars: one group a label, one bar in it a series; `values[series][label]`.
pub fn bars(title: &str, axes: (&str, &str), labels: &[String], series: &[(&str, Vec<f64>)]) -> Figure {
    todo!("{title} {axes:?} {labels:?} {series:?}")
}
/// A matrix as coloured cells, shape [rows, columns], with the values printed if they fit.
pub fn heatmap(
    title: &str,
    axes: (&str, &str),
    rows: &[String],
    columns: &[String],
    values: &Array2<f64>,
) -> Figure {
    todo!("{title} {axes:?} {rows:?} {columns:?} {values:?}")
}
/// States as circles, transitions as arrows with their probabilities; `transitions` has shape [from, to].
pub fn graph(title: &str, states: &[String], transitions: &Array2<f64>) -> Figure {
    todo!("{title} {states:?} {transitions:?}")
}
