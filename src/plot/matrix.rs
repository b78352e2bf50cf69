//! Matrices: coloured cells, the picture that many cells make, and the bar that explains the colours.

use super::Figure;
use super::axes::{Axis, extent, widened};
use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::frame::{Frame, place, say_nothing};
use super::names::Names;
use super::number::{short, ticks};
use super::strips::{self, STRIP, Strip};
use super::theme::{TEXT_SIZE, WIDTH, hex, luminance, shade};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ndarray::Array2;
use plotters::style::text_anchor::{HPos, VPos};

/// A matrix of at most so many cells is drawn cell by cell; a larger one as a picture.
const MOST_CELLS: usize = 2500;

/// Cells narrower than this, in units, are a picture, too: side by side, the page would shine through between them.
const NARROW: i32 = 6;

/// A matrix as coloured cells, shape [rows, columns], with the values printed if they fit; else a bar
/// explains the colours. `axes` says what the columns are and what the rows are. A cell that is no number stays empty.
pub fn heatmap(
    title: &str,
    axes: (&str, &str),
    rows: &[String],
    columns: &[String],
    values: &Array2<f64>,
) -> Figure {
    draw_heatmap(title, axes, (rows, columns), values, &[])
}

/// A matrix as [`heatmap`] draws it, its columns numbered, under strips that say what happens there.
pub fn heatmap_with_strips(
    title: &str,
    axes: (&str, &str),
    rows: &[String],
    values: &Array2<f64>,
    strips: &[Strip],
) -> Figure {
    draw_heatmap(title, axes, (rows, &[]), values, strips)
}

fn draw_heatmap(
    title: &str,
    axes: (&str, &str),
    (rows, columns): (&[String], &[String]),
    values: &Array2<f64>,
    strips: &[Strip],
) -> Figure {
    let (down, across) = values.dim();
    let (low, high) = extent(values.iter().copied()).unwrap_or((0.0, 1.0));
    let positive = low >= 0.0 && high > 0.0;
    let range = if positive { (0.0, high) } else { widened(low, high) };
    let part = |value: f64| (value / 2.0 - range.0 / 2.0) / (range.1 / 2.0 - range.0 / 2.0);
    let mut frame = frame_around(title, axes, rows, columns.is_empty(), (down, across));
    frame.least_left = strips.iter().map(Strip::left).fold(frame.least_left, i32::max);
    frame.above = STRIP * strips.len() as i32;
    let room = |right: i32, frame: &Frame| (WIDTH - frame.left() - right) / across.max(1) as i32;
    let texts = values.iter().map(|&value| width_of(&short(value), TEXT_SIZE));
    let printed = texts.max().unwrap_or(0) + 4 <= room(24, &frame) && down <= 24;
    frame.right = if printed { 24 } else { 88 };
    let tallest = if down <= 6 { 52 } else { 40 };
    let cell = room(frame.right, &frame).clamp(if printed { 26 } else { 1 }, tallest);
    // Rows whose names stand beside them are as high as a name, however narrow the columns.
    let row = if down <= 24 { cell.max(20) } else { cell };
    frame.height = row.saturating_mul(down.min(1000) as i32).clamp(100, 480);
    let names = Names::new(
        columns.get(..across).unwrap_or(columns),
        f64::from(frame.width()) / across.max(1) as f64,
    );
    frame.foot = if columns.is_empty() { 26 } else { names.height() };
    frame.draw(|canvas, chart| {
        let corner = |row: f64, column: f64| place(chart, column, -row);
        let (first, last) = (corner(0.0, 0.0), corner(down.max(1) as f64, across.max(1) as f64));
        names.draw(canvas, |i| corner(down.max(1) as f64, i as f64 + 0.5));
        if values.is_empty() {
            return say_nothing(canvas, chart);
        }
        if values.len() > MOST_CELLS || (cell < NARROW && values.iter().all(|value| value.is_finite())) {
            let (width, height) = (across.min(512), down.min(512));
            let nearest = |column: usize, row: usize| {
                let at = ((height - 1 - row) * down / height, column * across / width);
                values.get(at).map_or(f64::NAN, |&value| part(value))
            };
            picture(canvas, (first, last), (width, height), false, nearest);
        } else {
            draw_cells(canvas, values, part, corner, printed);
        }
        strips::draw(canvas, strips, across, first, last);
        if !printed {
            colour_bar(canvas, first.1, last.1, range, "");
        }
    })
}

/// A frame for rows from top to bottom. Rows and columns without names are numbered from 0.
fn frame_around<'a>(
    title: &'a str,
    axes: (&str, &str),
    rows: &[String],
    numbered: bool,
    (down, across): (usize, usize),
) -> Frame<'a> {
    let mut x = Axis::even(axes.0, (0.0, across.max(1) as f64), 1, 1.0);
    let mut y = Axis::even(axes.1, (-(down.max(1) as f64), 0.0), 1, 1.0);
    let numbers = |count: usize, wanted: usize| {
        let marks = ticks(0.0, count.saturating_sub(1) as f64, wanted);
        marks.into_iter().filter(|mark| mark.0.fract() == 0.0)
    };
    x.ticks = numbers(if numbered { across } else { 0 }, 8)
        .map(|mark| (mark.0 + 0.5, mark.1))
        .collect();
    let every = down.div_ceil(24).max(1); // the labels of many rows would run into each other
    let named = rows.iter().take(down).enumerate().step_by(every);
    y.ticks = named
        .map(|(i, name)| (-(i as f64) - 0.5, shortened(&clean(name), TEXT_SIZE, 150)))
        .collect();
    if rows.is_empty() {
        y.ticks = numbers(down, 6).map(|mark| (-mark.0 - 0.5, mark.1)).collect();
    }
    let mut frame = Frame::new(title, x, y);
    frame.grid = (false, false);
    frame
}

/// Each cell, with its value if `printed`. `corner` says where the upper left corner of (row, column) lies.
fn draw_cells(
    canvas: &Canvas,
    values: &Array2<f64>,
    part: impl Fn(f64) -> f64,
    corner: impl Fn(f64, f64) -> Place,
    printed: bool,
) {
    let numbers = || values.indexed_iter().filter(|(_, value)| value.is_finite());
    for ((row, column), &value) in numbers() {
        let (row, column) = (row as f64, column as f64);
        let ink = canvas.ink(format!("class=\"data\" fill=\"{}\"", hex(shade(part(value)))));
        canvas.rectangle(corner(row, column), corner(row + 1.0, column + 1.0), ink);
    }
    for ((row, column), &value) in numbers().filter(|_| printed) {
        // Where black and white can be read equally well: (L + 0.05)² = 1.05 · 0.05.
        let bright = luminance(shade(part(value))) > 0.179;
        let colour = if bright { "#000" } else { "#fff" };
        let faint = if value == 0.0 && !bright {
            " fill-opacity=\".6\""
        } else {
            ""
        };
        let ink = canvas.ink(format!("fill=\"{colour}\"{faint} font-size=\"{TEXT_SIZE}0\""));
        let middle = corner(row as f64 + 0.5, column as f64 + 0.5);
        canvas.text(&short(value), middle, (HPos::Center, VPos::Center), ink);
    }
}

/// A picture of (width, height) pixels between two corners, coloured by `part(column, row)` from 0 to 1;
/// row 0 is at the bottom. A `smooth` one may be blurred where it is enlarged.
pub(super) fn picture(
    canvas: &Canvas,
    (corner, opposite): (Place, Place),
    (width, height): (usize, usize),
    smooth: bool,
    part: impl Fn(usize, usize) -> f64,
) {
    let mut pixels = Vec::with_capacity(width * height);
    for row in (0..height).rev() {
        pixels.extend((0..width).map(|column| level(part(column, row))));
    }
    let Some(png) = encoded(&pixels, width, height) else {
        return;
    };
    let address = format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png));
    let rendering = if smooth { "auto" } else { "pixelated" };
    let ink = format!(
        "<image class=\"data\" preserveAspectRatio=\"none\" image-rendering=\"{rendering}\" href=\"{address}\""
    );
    canvas.rectangle(corner, opposite, canvas.ink(ink));
}

/// So many steps of colour: enough to look smooth, few enough to compress well.
const STEPS: u8 = 64;

fn level(part: f64) -> u8 {
    let part = if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) };
    (part * f64::from(STEPS - 1)).round() as u8
}

/// A PNG whose palette is the colour map.
fn encoded(levels: &[u8], width: usize, height: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(
        &mut bytes,
        u32::try_from(width).ok()?,
        u32::try_from(height).ok()?,
    );
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    let palette = (0..STEPS).flat_map(|step| shade(f64::from(step) / f64::from(STEPS - 1)));
    encoder.set_palette(palette.collect::<Vec<u8>>());
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(levels).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// A bar at the right that tells which colour is which value, with a unit above.
pub(super) fn colour_bar(canvas: &Canvas, top: i32, bottom: i32, (low, high): (f64, f64), unit: &str) {
    let left = (WIDTH - 74) * 10;
    let height = |value: f64| {
        bottom
            - ((value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0) * f64::from(bottom - top)).round() as i32
    };
    let steps = i32::from(STEPS);
    for step in 0..steps {
        let ink = canvas.ink(format!(
            "fill=\"{}\"",
            hex(shade(f64::from(step) / f64::from(steps - 1)))
        ));
        let at = |step: i32| bottom - (bottom - top) * step / steps;
        // Each reaches a little under the next, lest the page shine through between them.
        let above = (at(step + 1) - 6).max(top);
        canvas.rectangle((left, above), (left + 160, at(step)), ink);
    }
    let label = canvas.label_ink();
    for (value, text) in ticks(low, high, 5) {
        canvas.text(
            &text,
            (left + 210, height(value)),
            (HPos::Left, VPos::Center),
            label,
        );
    }
    canvas.text(unit, (left, top - 40), (HPos::Left, VPos::Bottom), label);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, names, texts};
    use ndarray::array;

    #[test]
    fn every_number_is_a_cell_and_is_printed_if_it_fits() {
        let values = array![[0.25, 0.75, f64::NAN], [1.0, 0.0, 0.5]];
        let figure = heatmap(
            "",
            ("to", "from"),
            &names(&["a", "b"]),
            &names(&["c", "d", "e"]),
            &values,
        );
        assert_eq!(marks(&figure), 5);
        let texts = texts(&figure);
        for words in [
            "to", "from", "a", "b", "c", "d", "e", "0.25", "0.75", "1", "0", "0.5",
        ] {
            assert!(texts.iter().any(|text| text == words), "{words} in {texts:?}");
        }
    }

    #[test]
    fn a_large_matrix_is_a_picture_with_a_bar() {
        let figure = heatmap(
            "",
            ("x", "y"),
            &[],
            &[],
            &Array2::from_shape_fn((100, 300), |(i, j)| (i * j) as f64),
        );
        assert_eq!(figure.svg().matches("<image").count(), 1);
        assert!(texts(&figure).iter().any(|text| text == "20,000"));
    }

    #[test]
    fn a_png_reads_back_as_the_colours_that_went_in() {
        let bytes = encoded(&[0, 63, 31, 7], 2, 2).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels[..6], [shade(0.0), shade(1.0)].concat());
    }
}
