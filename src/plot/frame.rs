//! The frame around data: title, legend, grid, ticks, what stands along each axis.

use super::Figure;
use super::axes::Axis;
use super::canvas::{Canvas, Place, figure, shortened, width_of, wrapped};
use super::theme::{TEXT_SIZE, TITLE_SIZE, WIDTH};
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, VPos};

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
    /// Room left of the plotting area, in units, at least.
    pub least_left: i32,
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
            least_left: 24,
            above: 0,
            foot: 26,
            grid: (true, true),
        }
    }

    /// The room that the labels along y take, in units.
    pub fn left(&self) -> i32 {
        let widths = self.y.ticks.iter().map(|tick| width_of(&tick.1, TEXT_SIZE));
        (widths.max().unwrap_or(0) + 16).clamp(self.least_left, WIDTH * 2 / 5)
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
            let label = canvas.axis_ink();
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
                .label_style(canvas.text_style(canvas.tick_ink()))
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

/// The upper left and the lower right corner of the plotting area.
pub(super) fn corners(chart: &Chart) -> (Place, Place) {
    let (across, down) = chart.plotting_area().get_pixel_range();
    ((across.start, down.start), (across.end, down.end))
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
