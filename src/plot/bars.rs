//! Bars, upright or lying.

use super::Figure;
use super::axes::{Axis, extent};
use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::frame::{Chart, Frame, Key, Sample, place, say_nothing};
use super::names::Names;
use super::number::short;
use super::theme::{TEXT_SIZE, WIDTH, filling};
use plotters::style::text_anchor::{HPos, VPos};

/// At most so many bars lie down: more would make a tower.
const MOST_LYING: usize = 40;

/// Bars: one group a label, one bar in it a series; `values[series][label]`. A value that is no number or that
/// is missing has no bar. Few bars carry their values. Bars whose names would not fit side by side lie down.
pub fn bars(title: &str, axes: (&str, &str), labels: &[String], series: &[(&str, Vec<f64>)]) -> Figure {
    let lengths = series.iter().map(|(_, values)| values.len());
    let groups = lengths.fold(labels.len(), usize::max).max(1);
    let values = || series.iter().flat_map(|(_, values)| values.iter().copied());
    let bars = groups * series.len();
    let standing = Names::new(labels, f64::from(WIDTH - 80) / groups as f64);
    let lying = standing.upright && bars <= MOST_LYING;
    let numbered = lying || bars <= 14;
    let (low, high) = around(extent(values()), if numbered { 0.14 } else { 0.05 });
    let mut frame = if lying {
        frame_lying(title, axes, labels, (low, high), groups)
    } else {
        frame_standing(title, axes, labels, (low, high), groups)
    };
    if lying {
        frame.height = groups as i32 * (12 + 18 * series.len() as i32);
    }
    let named = series
        .iter()
        .enumerate()
        .filter(|(_, (label, _))| !label.is_empty() && series.len() > 1);
    frame.keys = named
        .map(|(i, (label, _))| Key {
            ink: filling(i),
            sample: Sample::Block,
            words: label.to_string(),
        })
        .collect();
    let names = Names::new(labels, f64::from(frame.width()) / groups as f64);
    frame.draw(|canvas, chart| {
        // A place among the groups, and a value.
        let at = |group: f64, value: f64| match lying {
            true => place(chart, value, -group),
            false => place(chart, group, value),
        };
        let thick = 0.8 / series.len().max(1) as f64;
        for (i, (_, values)) in series.iter().enumerate() {
            let ink = canvas.ink(format!("class=\"data\" {}", filling(i)));
            for (group, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
                let first = group as f64 - 0.4 + i as f64 * thick;
                draw_bar(canvas, at(first, value), at(first + thick * 0.94, 0.0), ink);
            }
        }
        if numbered {
            write_values(canvas, chart, series, lying, &at);
        }
        if low < 0.0 {
            let ends = vec![at(-0.5, 0.0), at(groups as f64 - 0.5, 0.0)];
            canvas.line(ends, canvas.rule_ink(12, ".6"));
        }
        if !lying {
            names.draw(canvas, |i| at(i as f64, low));
        }
        if extent(values()).is_none() {
            say_nothing(canvas, chart);
        }
    })
}

/// A range that holds 0 and all values, with a part of it left free beyond them.
fn around(extent: Option<(f64, f64)>, room: f64) -> (f64, f64) {
    let (low, high) = extent.unwrap_or((0.0, 1.0));
    let (low, high) = match (low.min(0.0), high.max(0.0)) {
        (0.0, 0.0) => (0.0, 1.0),
        range => range,
    };
    let room = (high / 2.0 - low / 2.0) * 2.0 * room;
    let beyond = |end: f64| if end == 0.0 { 0.0 } else { room };
    (low - beyond(low), high + beyond(high))
}

fn frame_standing<'a>(
    title: &'a str,
    axes: (&str, &str),
    labels: &[String],
    (low, high): (f64, f64),
    groups: usize,
) -> Frame<'a> {
    let mut x = Axis::even(axes.0, (-0.5, groups as f64 - 0.5), 1, 1.0);
    x.ticks.clear();
    let mut frame = Frame::new(title, x, Axis::even(axes.1, (low, high), 5, 1.0));
    frame.grid = (false, true);
    frame.foot = Names::new(labels, f64::from(frame.width()) / groups as f64).height();
    frame
}

fn frame_lying<'a>(
    title: &'a str,
    axes: (&str, &str),
    labels: &[String],
    (low, high): (f64, f64),
    groups: usize,
) -> Frame<'a> {
    let mut y = Axis::even(axes.0, (0.5 - groups as f64, 0.5), 1, 1.0);
    let name = |name: &String| shortened(&clean(name), TEXT_SIZE, WIDTH * 2 / 5 - 20);
    let named = labels.iter().enumerate();
    y.ticks = named.map(|(i, words)| (-(i as f64), name(words))).collect();
    let mut frame = Frame::new(title, Axis::even(axes.1, (low, high), 4, 1.0), y);
    frame.grid = (true, false);
    frame
}

/// A bar between two corners, wide enough to be seen.
fn draw_bar(canvas: &Canvas, a: Place, b: Place, ink: plotters::style::RGBColor) {
    let (left, right) = (a.0.min(b.0), a.0.max(b.0));
    let (top, bottom) = (a.1.min(b.1), a.1.max(b.1));
    canvas.rectangle((left, top), (right.max(left + 5), bottom), ink);
}

/// The values at the ends of their bars, if each has room.
fn write_values(
    canvas: &Canvas,
    chart: &Chart,
    series: &[(&str, Vec<f64>)],
    lying: bool,
    at: &impl Fn(f64, f64) -> Place,
) {
    let thick = 0.8 / series.len().max(1) as f64;
    let room = (place(chart, thick, 0.0).0 - place(chart, 0.0, 0.0).0) / 10;
    let finite = |value: &&f64| value.is_finite();
    let mut texts = series.iter().flat_map(|(_, values)| values).filter(finite);
    if !lying && texts.any(|&value| width_of(&short(value), TEXT_SIZE) > room) {
        return;
    }
    for (i, (_, values)) in series.iter().enumerate() {
        for (group, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let (x, y) = at(group as f64 - 0.4 + (i as f64 + 0.47) * thick, value);
            let (place, side) = match (lying, value < 0.0) {
                (true, true) => ((x - 40, y), (HPos::Right, VPos::Center)),
                (true, false) => ((x + 40, y), (HPos::Left, VPos::Center)),
                (false, true) => ((x, y + 30), (HPos::Center, VPos::Top)),
                (false, false) => ((x, y - 20), (HPos::Center, VPos::Bottom)),
            };
            canvas.text(&short(value), place, side, canvas.label_ink());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, names, texts};
    use roxmltree::Document;

    #[test]
    fn every_number_has_one_bar() {
        let values = vec![1.0, f64::NAN, -3.0];
        let groups = [("one", values.clone()), ("two", values)];
        let figure = bars("", ("x", "y"), &names(&["a", "b", "c"]), &groups);
        assert_eq!(marks(&figure), 4, "what is no number has no bar");
        assert!(
            texts(&figure).iter().any(|text| text == "−3"),
            "few bars carry their values"
        );
    }

    #[test]
    fn bars_with_long_names_lie_down_and_their_names_are_whole() {
        let long = names(&[
            "chain of order 1",
            "whoever knows the table",
            "LSTM",
            "plain recurrent net",
        ]);
        let values = vec![2.0, 4.0, 1.0, 3.0];
        let figure = bars("", ("model", "bits"), &long, &[("", values)]);
        let drawn = Document::parse(figure.svg()).unwrap();
        let data = drawn
            .descendants()
            .find(|node| node.attribute("class") == Some("data"))
            .unwrap();
        let widths: Vec<i32> = data
            .children()
            .filter_map(|bar| bar.attribute("width")?.parse().ok())
            .collect();
        let parts: Vec<i32> = widths
            .iter()
            .map(|width| (width * 4 + widths[1] / 2) / widths[1])
            .collect();
        assert_eq!(parts, [2, 4, 1, 3], "a bar is as long as its value: {widths:?}");
        assert!(texts(&figure).contains(&"whoever knows the table".to_string()));
        assert!(texts(&figure).contains(&"4".to_string()), "and carries it");
        let many: Vec<String> = (0..60).map(|i| format!("a long name, {i}")).collect();
        let figure = bars("", ("", ""), &many, &[("", vec![1.0; 60])]);
        assert!(figure.svg().contains("rotate"), "too many to lie down");
    }
}
