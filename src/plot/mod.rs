//! Figures: pictures of sound, music and numbers, as SVG.
//!
//! Every function here takes data and returns a [`Figure`]; none can fail. What is no number is left out, and a
//! figure of nothing says so. A figure has no size of its own and no background: it takes the
//! width that it is given and the text colour of the page around it, light or dark. Opened on its own it brings paper.
//!
//! plotters lays out coordinates, axes and marks; `canvas` turns its fixed colours into the page's.

mod axes;
mod bars;
mod canvas;
mod chart;
mod diagram;
mod frame;
mod graph;
mod keyboard;
mod layout;
mod letters;
mod matrix;
mod names;
mod net;
mod number;
mod roll;
mod sound;
mod spectrogram;
mod spectrum;
mod strips;
#[cfg(test)]
mod tests;
mod theme;
mod trellis;
mod vignette;

pub use bars::bars;
pub use chart::{curves, log_curves, log_log_curves, scatter};
pub use diagram::{diagram, dilations};
pub use graph::graph;
pub use keyboard::keyboards;
pub use letters::letters;
pub use matrix::{heatmap, heatmap_with_strips};
pub use net::{Neuron, Weight, net};
pub use roll::piano_roll;
pub use sound::waveform;
pub use spectrogram::{spectrogram, spectrogram_linear};
pub use spectrum::spectrum;
pub use strips::Strip;
pub use trellis::{trellis, trellis_filled};
pub use vignette::{vignette, vignette_of_sound};

/// A picture, as the text of an SVG file.
#[derive(Clone, PartialEq, Eq, Debug)]
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
#[derive(Clone, PartialEq, Debug)]
pub struct Series {
    /// What the legend calls it.
    pub label: String,
    /// (x, y), in the order in which a line joins them.
    pub points: Vec<(f64, f64)>,
}

impl Series {
    /// A series with this label. An empty label stays out of the legend.
    pub fn new(label: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Series {
        Series {
            label: label.to_string(),
            points: points.into_iter().collect(),
        }
    }
}
