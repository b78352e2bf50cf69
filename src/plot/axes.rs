//! Axes, and the frame around data: title, legend, grid, ticks, what stands along each axis.

use super::Figure;
use super::canvas::{Canvas, Place, figure, shortened, width_of, wrapped};
use super::number::ticks;
use super::theme::{TEXT_SIZE, TITLE_SIZE, WIDTH};
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, VPos};
use std::ops::Range;

/// One axis: what stands along it, from where to where, and its marked places with their text.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub label: String,
    pub low: f64,
    pub high: f64,
    pub logarithmic: bool,
    pub ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An even axis over these values, marked at about so many round numbers. `unit` is how much of the
    /// data is 1 on the axis: 1000 for an axis in kHz.
    pub fn even(label: &str, (low, high): (f64, f64), wanted: usize, unit: f64) -> Axis {
        let (low, high) = widened(low, high);
        let marks = ticks(low / unit, high / unit, wanted);
        Axis {
            label: label.to_string(),
            low,
            high,
            logarithmic: false,
            ticks: marks
                .into_iter()
                .map(|(value, text)| (value * unit, text))
                .collect(),
        }
    }

    /// An even axis from left to right, with as many marks as have room.
    pub fn across(label: &str, range: (f64, f64), unit: f64) -> Axis {
        let axis = |wanted| Axis::even(label, range, wanted, unit);
        let fits = |axis: &Axis| {
            let widths = axis.ticks.iter().map(|tick| width_of(&tick.1, TEXT_SIZE) + 14);
            widths.sum::<i32>() < WIDTH - 100
        };
        let fitting = [9, 7, 5, 3].into_iter().map(axis).find(fits);
        fitting.unwrap_or_else(|| axis(1))
    }

    /// An axis of time in seconds, or in milliseconds if it is short.
    pub fn seconds(high: f64) -> Axis {
        let high = if high > 0.0 { high } else { 1.0 };
        if high < 0.5 {
            Axis::across("time (ms)", (0.0, high), 0.001)
        } else {
            Axis::across("time (s)", (0.0, high), 1.0)
        }
    }

    /// An even axis of frequency in hertz, or in kilohertz if it goes far.
    pub fn frequency(high: f64, wanted: usize) -> Axis {
        if high > 4000.0 {
            Axis::even("frequency (kHz)", (0.0, high), wanted, 1000.0)
        } else {
            Axis::even("frequency (Hz)", (0.0, high), wanted, 1.0)
        }
    }

    /// An axis of frequency in hertz on which each octave is equally long.
    pub fn octaves(low: f64, high: f64) -> Axis {
        let powers = (0..6).map(|power| 10f64.powi(power));
        let marks = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * power));
        let inside = marks.filter(|mark| (low * 0.999..=high * 1.001).contains(mark));
        Axis {
            label: "frequency (Hz)".to_string(),
            low,
            high,
            logarithmic: true,
            ticks: inside
                .map(|mark| (mark, super::number::number(mark, 0)))
                .collect(),
        }
    }

    /// Where a value lies: 0 at the low end, 1 at the high one.
    pub fn part(&self, value: f64) -> f64 {
        let place = |value: f64| {
            if self.logarithmic {
                value.max(1e-9).ln()
            } else {
                value
            }
        };
        (place(value) - place(self.low)) / (place(self.high) - place(self.low))
    }
}

impl Ranged for Axis {
    type ValueType = f64;
    type FormatOption = NoDefaultFormatting;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        from + (self.part(*value).clamp(-1.0, 2.0) * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new(); // one grid is enough
        }
        self.ticks.iter().map(|tick| tick.0).collect()
    }

    fn range(&self) -> Range<f64> {
        self.low..self.high
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|tick| tick.0 == *value);
        tick.map_or(String::new(), |tick| tick.1.clone())
    }
}

/// The least and the greatest of the values that are numbers, if there are any.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let numbers = values.into_iter().filter(|value| value.is_finite());
    numbers.fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((low.min(value), high.max(value))),
    })
}

/// A range with room in it, whatever came: within what can be computed with, and not a single point.
pub(super) fn widened(low: f64, high: f64) -> (f64, f64) {
    let within = |value: f64| {
        if value.is_nan() {
            0.0
        } else {
            value.clamp(-1e300, 1e300)
        }
    };
    let (low, high) = (within(low.min(high)), within(low.max(high)));
    let least = low.abs().max(high.abs()) * 1e-9;
    if high - low > least {
        return (low, high);
    }
    let room = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
    (low - room, high + room)
}

/// What plotters calls a chart.
pub(super) type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<Axis, Axis>>;

/// An entry of the legend: the ink of its sample, whether it is a line (else a block), and its words.
pub(super) struct Key {
    pub ink: String,
    pub sample: Sample,
    pub words: String,
}

/// What stands before the words of a legend's entry.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Sample {
    Line,
    Block,
    Marker(usize),
}

/// All that surrounds data.
pub(super) struct Frame<'a> {
    pub title: &'a str,
    pub x: Axis,
    pub y: Axis,
    pub keys: Vec<Key>,
    /// Height of the plotting area, in units.
    pub height: i32,
    /// Room right of the plotting area, in units.
    pub right: i32,
    /// Room between y's label and the plotting area, in units.
    pub above: i32,
    /// Room below the plotting area for labels along x, in units, without the axis's own label.
    pub foot: i32,
    /// Whether lines cross the plotting area at the ticks of x and y.
    pub grid: (bool, bool),
}

impl<'a> Frame<'a> {
    pub fn new(title: &'a str, x: Axis, y: Axis) -> Frame<'a> {
        Frame {
            title,
            x,
            y,
            keys: Vec::new(),
            height: 260,
            right: 30,
            above: 0,
            foot: 26,
            grid: (true, true),
        }
    }

    /// The room that the labels along y take, in units.
    pub fn left(&self) -> i32 {
        let widths = self.y.ticks.iter().map(|tick| width_of(&tick.1, TEXT_SIZE));
        (widths.max().unwrap_or(0) + 16).clamp(24, WIDTH / 3)
    }

    /// The width of the plotting area, in units.
    pub fn width(&self) -> i32 {
        WIDTH - self.left() - self.right
    }

    /// The figure: the frame, and in it what `data` draws.
    pub fn draw(self, data: impl FnOnce(&Canvas, &Chart)) -> Figure {
        let legend = Legend::new(&self.keys);
        let titles = title_lines(self.title);
        let mut top = 8 + titles.len() as i32 * 25 + legend.rows * 25;
        let legend_top = top - legend.rows * 25;
        if !self.y.label.is_empty() {
            top += 24;
        }
        top += 8 + self.above;
        let foot = self.foot + if self.x.label.is_empty() { 6 } else { 28 };
        let bottom = top + self.height;
        figure(self.title, bottom + foot, |canvas| {
            draw_titles(canvas, &titles);
            legend.draw(canvas, &self.keys, legend_top);
            let label = canvas.label_ink();
            let y_label = shortened(&self.y.label, TEXT_SIZE, WIDTH - 20);
            canvas.text(
                &y_label,
                (100, (top - self.above - 28) * 10),
                (HPos::Left, VPos::Top),
                label,
            );
            let x_label = shortened(&self.x.label, TEXT_SIZE, WIDTH - 20);
            let middle = (self.left() + self.width() / 2) * 10;
            let half = width_of(&x_label, TEXT_SIZE) * 5;
            let middle = middle.min((WIDTH - 8) * 10 - half).max(80 + half);
            canvas.text(
                &x_label,
                (middle, (bottom + foot - 26) * 10),
                (HPos::Center, VPos::Top),
                label,
            );
            let mut builder = ChartBuilder::on(&canvas.area);
            builder
                .margin_top(top * 10)
                .margin_right(self.right * 10)
                .margin_bottom((foot - self.foot) * 10);
            builder
                .x_label_area_size(self.foot * 10)
                .y_label_area_size(self.left() * 10);
            let Ok(mut chart) = builder.build_cartesian_2d(self.x, self.y) else {
                return;
            };
            let mut mesh = chart.configure_mesh();
            mesh.bold_line_style(canvas.rule_ink(10, ".16"))
                .axis_style(canvas.rule_ink(12, ".6"))
                .label_style(canvas.text_style(label))
                .set_all_tick_mark_size(40);
            if !self.grid.0 {
                mesh.disable_x_mesh();
            }
            if !self.grid.1 {
                mesh.disable_y_mesh();
            }
            let _ = mesh.draw();
            data(canvas, &chart);
        })
    }
}

/// The title, broken into lines.
pub(super) fn title_lines(title: &str) -> Vec<String> {
    wrapped(title, TITLE_SIZE * 9 / 8, WIDTH - 20) // it is set in bold type, which is wider
}

/// The title's lines, in the upper left corner.
pub(super) fn draw_titles(canvas: &Canvas, titles: &[String]) {
    let ink = canvas.title_ink();
    for (i, line) in titles.iter().enumerate() {
        canvas.text(line, (100, 80 + i as i32 * 250), (HPos::Left, VPos::Top), ink);
    }
}

/// Where a pair of values lies on the sheet.
pub(super) fn place(chart: &Chart, x: f64, y: f64) -> Place {
    chart.backend_coord(&(x, y))
}

/// Says in the middle of the plotting area that there are no data.
pub(super) fn say_nothing(canvas: &Canvas, chart: &Chart) {
    let (across, down) = chart.plotting_area().get_pixel_range();
    let middle = ((across.start + across.end) / 2, (down.start + down.end) / 2);
    canvas.text(
        "nothing to show",
        middle,
        (HPos::Center, VPos::Center),
        canvas.label_ink(),
    );
}

/// The places of the legend's entries: x and row.
struct Legend {
    places: Vec<(i32, i32)>,
    rows: i32,
}

const SAMPLE: i32 = 30;

impl Legend {
    fn new(keys: &[Key]) -> Legend {
        let (mut x, mut row) = (10, 0);
        let mut places = Vec::new();
        for key in keys {
            let width = SAMPLE + 6 + width_of(&shortened(&key.words, TEXT_SIZE, 400), TEXT_SIZE) + 14;
            if x + width > WIDTH && x > 10 {
                (x, row) = (10, row + 1);
            }
            places.push((x, row));
            x += width;
        }
        let rows = if keys.is_empty() { 0 } else { row + 1 };
        Legend { places, rows }
    }

    fn draw(&self, canvas: &Canvas, keys: &[Key], top: i32) {
        for (key, (x, row)) in keys.iter().zip(&self.places) {
            let (x, y) = (x * 10, (top + row * 25 + 12) * 10);
            let ink = canvas.ink(key.ink.as_str());
            match key.sample {
                Sample::Line => canvas.line(vec![(x, y), (x + SAMPLE * 10, y)], ink),
                Sample::Block => canvas.rectangle((x + 60, y - 65), (x + SAMPLE * 10, y + 65), ink),
                Sample::Marker(kind) => super::chart::marker(canvas, (x + 200, y), kind, 55, ink),
            }
            let words = shortened(&key.words, TEXT_SIZE, 400);
            let after = (x + (SAMPLE + 6) * 10, y);
            canvas.text(&words, after, (HPos::Left, VPos::Center), canvas.label_ink());
        }
    }
}
