//! Numbers: curves, points and bars.

use super::axes::{Axis, Chart, Frame, Key, Sample, extent, place, say_nothing};
use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::number::short;
use super::theme::{TEXT_SIZE, colour, dash, filling};
use super::{Figure, Series};
use plotters::style::RGBColor;
use plotters::style::text_anchor::{HPos, VPos};

/// More points than this on a curve are drawn as what an eye can see of them.
const MOST_POINTS: usize = 3000;

/// Up to so many points on a curve each get a mark.
const MARKED_POINTS: usize = 24;

/// Lines through points, in the order given; a point that is no number leaves a gap. `axes` says what stands
/// along x and along y, with units: `("order", "bits per symbol")`.
pub fn curves(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    let mut frame = frame_around(title, axes, series);
    let named = series
        .iter()
        .enumerate()
        .filter(|(_, series)| !series.label.is_empty());
    frame.keys = named
        .map(|(i, series)| Key {
            ink: line_style(i),
            sample: Sample::Line,
            words: series.label.clone(),
        })
        .collect();
    frame.draw(|canvas, chart| {
        for (i, series) in series.iter().enumerate() {
            let ink = canvas.ink(format!("class=\"data\" {}", line_style(i)));
            let marks = canvas.ink(format!("fill=\"{}\"", colour(i)));
            let few = series.points.len() <= MARKED_POINTS;
            for run in series.points.split(|point| !finite(point)) {
                let places: Vec<Place> = run.iter().map(|&(x, y)| place(chart, x, y)).collect();
                if few || places.len() == 1 {
                    places.iter().for_each(|&at| marker(canvas, at, i, 45, marks));
                }
                if !places.is_empty() {
                    canvas.line(thinned(places), ink);
                }
            }
        }
        if !series.iter().any(|series| series.points.iter().any(finite)) {
            say_nothing(canvas, chart);
        }
    })
}

/// Points, each series with a colour and a shape. A point that is no number is left out.
pub fn scatter(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    let mut frame = frame_around(title, axes, series);
    let style = |i: usize| format!("fill=\"{}\" fill-opacity=\".8\"", colour(i));
    let named = series
        .iter()
        .enumerate()
        .filter(|(_, series)| !series.label.is_empty());
    frame.keys = named
        .map(|(i, series)| Key {
            ink: style(i),
            sample: Sample::Marker(i),
            words: series.label.clone(),
        })
        .collect();
    let count: usize = series.iter().map(|series| series.points.len()).sum();
    let radius = match count {
        0..=200 => 45,
        201..=1000 => 32,
        _ => 20,
    };
    frame.draw(|canvas, chart| {
        for (i, series) in series.iter().enumerate() {
            let ink = canvas.ink(format!("class=\"data\" {}", style(i)));
            for &(x, y) in series.points.iter().filter(|point| finite(point)) {
                marker(canvas, place(chart, x, y), i, radius, ink);
            }
        }
        if !series.iter().any(|series| series.points.iter().any(finite)) {
            say_nothing(canvas, chart);
        }
    })
}

fn line_style(series: usize) -> String {
    format!(
        "fill=\"none\" stroke=\"{}\" stroke-width=\"22\"{}",
        colour(series),
        dash(series)
    )
}

fn finite(point: &(f64, f64)) -> bool {
    point.0.is_finite() && point.1.is_finite()
}

/// Axes that hold every point, with a little room above and below.
fn frame_around<'a>(title: &'a str, axes: (&str, &str), series: &[Series]) -> Frame<'a> {
    let points = || {
        series
            .iter()
            .flat_map(|series| &series.points)
            .filter(|point| finite(point))
    };
    let (left, right) = extent(points().map(|point| point.0)).unwrap_or((0.0, 1.0));
    let (low, high) = extent(points().map(|point| point.1)).unwrap_or((0.0, 1.0));
    let room = |low: f64, high: f64, part: f64| ((high / 2.0 - low / 2.0) * 2.0 * part).min(1e300);
    let (beside, above) = (room(left, right, 0.015), room(low, high, 0.06));
    let bottom = if low >= 0.0 && low - above < 0.0 {
        low.min(0.0)
    } else {
        low - above
    };
    Frame::new(
        title,
        Axis::across(axes.0, (left - beside, right + beside), 1.0),
        Axis::even(axes.1, (bottom, high + above), 5, 1.0),
    )
}

/// A mark whose shape tells the series: circle, square, triangle, diamond, triangle on its head.
pub(super) fn marker(canvas: &Canvas, (x, y): Place, series: usize, radius: i32, ink: RGBColor) {
    let wide = radius * 5 / 4;
    match series % 5 {
        0 => canvas.circle((x, y), radius, ink),
        1 => canvas.rectangle((x - radius, y - radius), (x + radius, y + radius), ink),
        2 => canvas.polygon(
            vec![(x, y - wide), (x + wide, y + radius), (x - wide, y + radius)],
            ink,
        ),
        3 => canvas.polygon(
            vec![(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)],
            ink,
        ),
        _ => canvas.polygon(
            vec![(x, y + wide), (x + wide, y - radius), (x - wide, y - radius)],
            ink,
        ),
    }
}

/// A long line, if it runs from left to right, as first, lowest, highest and last place of each unit of width:
/// it looks the same.
fn thinned(places: Vec<Place>) -> Vec<Place> {
    if places.len() <= MOST_POINTS || places.windows(2).any(|pair| pair[0].0 > pair[1].0) {
        return places;
    }
    let mut thin: Vec<Place> = Vec::new();
    for column in places.chunk_by(|a, b| a.0 / 10 == b.0 / 10) {
        let by_height = |at: &&Place| at.1;
        let lowest = column.iter().min_by_key(by_height);
        let highest = column.iter().max_by_key(by_height);
        let mut kept: Vec<Place> = [column.first(), lowest, highest, column.last()]
            .into_iter()
            .flatten()
            .copied()
            .collect();
        kept.sort_by_key(|at| at.0);
        kept.dedup();
        thin.extend(kept);
    }
    thin
}

/// Bars: one group a label, one bar in it a series; `values[series][label]`. A value that is no number or that
/// is missing has no bar. Few bars carry their values.
pub fn bars(title: &str, axes: (&str, &str), labels: &[String], series: &[(&str, Vec<f64>)]) -> Figure {
    let groups = series
        .iter()
        .map(|(_, values)| values.len())
        .fold(labels.len(), usize::max);
    let values = || series.iter().flat_map(|(_, values)| values.iter().copied());
    let (low, high) = extent(values()).unwrap_or((0.0, 1.0));
    let numbered = groups * series.len() <= 14;
    let room = if numbered { 0.14 } else { 0.05 };
    let (low, high) = (
        low.min(0.0),
        if high <= 0.0 && low >= 0.0 {
            1.0
        } else {
            high.max(0.0)
        },
    );
    let above = if high > 0.0 {
        (high / 2.0 - low / 2.0) * 2.0 * room
    } else {
        0.0
    };
    let below = if low < 0.0 {
        (high / 2.0 - low / 2.0) * 2.0 * room
    } else {
        0.0
    };
    let mut x = Axis::even(axes.0, (-0.5, groups.max(1) as f64 - 0.5), 1, 1.0);
    x.ticks.clear();
    let mut frame = Frame::new(title, x, Axis::even(axes.1, (low - below, high + above), 5, 1.0));
    frame.grid = (false, true);
    let names = Names::new(labels, f64::from(frame.width()) / groups.max(1) as f64);
    frame.foot = names.height();
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
    frame.draw(|canvas, chart| {
        let thick = 0.8 / series.len().max(1) as f64;
        for (i, (_, values)) in series.iter().enumerate() {
            let ink = canvas.ink(format!("class=\"data\" {}", filling(i)));
            for (group, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
                let left = group as f64 - 0.4 + i as f64 * thick;
                let (corner, opposite) = (place(chart, left, value), place(chart, left + thick * 0.94, 0.0));
                canvas.rectangle(
                    (corner.0, corner.1.min(opposite.1)),
                    (opposite.0.max(corner.0 + 5), corner.1.max(opposite.1)),
                    ink,
                );
            }
        }
        if numbered {
            write_values(canvas, chart, series, thick);
        }
        if low < 0.0 {
            let ends = vec![
                place(chart, -0.5, 0.0),
                place(chart, groups.max(1) as f64 - 0.5, 0.0),
            ];
            canvas.line(ends, canvas.rule_ink(12, ".6"));
        }
        names.draw(canvas, |i| place(chart, i as f64, low - below));
        if extent(values()).is_none() {
            say_nothing(canvas, chart);
        }
    })
}

/// The values above their bars (below negative ones), if each has room.
fn write_values(canvas: &Canvas, chart: &Chart, series: &[(&str, Vec<f64>)], thick: f64) {
    let room = (place(chart, thick, 0.0).0 - place(chart, 0.0, 0.0).0) / 10;
    let finite = |value: &&f64| value.is_finite();
    let mut texts = series.iter().flat_map(|(_, values)| values).filter(finite);
    if texts.any(|&value| width_of(&short(value), TEXT_SIZE) > room) {
        return;
    }
    for (i, (_, values)) in series.iter().enumerate() {
        for (group, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let (x, y) = place(chart, group as f64 - 0.4 + (i as f64 + 0.47) * thick, value);
            let (y, side) = if value < 0.0 {
                (y + 30, VPos::Top)
            } else {
                (y - 20, VPos::Bottom)
            };
            canvas.text(&short(value), (x, y), (HPos::Center, side), canvas.label_ink());
        }
    }
}

/// Names along the foot of a figure: side by side if they fit, else upright, else only some.
pub(super) struct Names {
    words: Vec<String>,
    upright: bool,
    /// One of so many is written.
    every: usize,
}

impl Names {
    /// Names with so many units of width for each.
    pub fn new(names: &[String], room: f64) -> Names {
        let words: Vec<String> = names
            .iter()
            .map(|name| shortened(&clean(name), TEXT_SIZE, 190))
            .collect();
        let widest = words
            .iter()
            .map(|name| width_of(name, TEXT_SIZE))
            .max()
            .unwrap_or(0);
        let fits = f64::from(widest + 6) <= room;
        // Numbers in a row can be left out and guessed; names cannot, so they turn first.
        let numbers = names.iter().all(|name| name.trim().parse::<f64>().is_ok());
        let upright = !fits && !numbers;
        let needed = if upright {
            f64::from(TEXT_SIZE + 2)
        } else {
            f64::from(widest + 6)
        };
        let every = if needed <= room {
            1
        } else {
            (needed / room.max(0.01)).ceil() as usize
        };
        Names {
            words,
            upright,
            every,
        }
    }

    /// The room that they take, in units.
    pub fn height(&self) -> i32 {
        if self.words.is_empty() {
            8
        } else if self.upright {
            let widths = self.words.iter().map(|name| width_of(name, TEXT_SIZE));
            widths.max().unwrap_or(0) + 14
        } else {
            26
        }
    }

    /// Writes each under the place that `at` gives for its index.
    pub fn draw(&self, canvas: &Canvas, at: impl Fn(usize) -> Place) {
        let ink = canvas.label_ink();
        for (i, name) in self.words.iter().enumerate().step_by(self.every.max(1)) {
            let (x, y) = at(i);
            if self.upright {
                canvas.upright_text(name, (x, y + 80), (HPos::Right, VPos::Center), ink);
            } else {
                canvas.text(name, (x, y + 80), (HPos::Center, VPos::Top), ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, names, texts};

    #[test]
    fn a_curve_is_broken_where_a_point_is_no_number() {
        let points = [(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 1.0), (4.0, 0.0)];
        let figure = curves("", ("step", "loss (nats)"), &[Series::new("net", points)]);
        assert_eq!(marks(&figure), 2);
        let texts = texts(&figure);
        for words in ["step", "loss (nats)", "net"] {
            assert!(texts.iter().any(|text| text == words), "{words} in {texts:?}");
        }
    }

    #[test]
    fn every_point_and_every_bar_is_drawn_once() {
        let cloud = Series::new("a", (0..50).map(|i| (f64::from(i), f64::from(i % 7))));
        assert_eq!(marks(&scatter("", ("x", "y"), &[cloud.clone(), cloud])), 100);
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
    fn a_thinned_line_keeps_its_spikes() {
        let mut places: Vec<Place> = (0..100_000).map(|i| (i / 20, 500)).collect();
        places[77_777].1 = 3;
        let thin = thinned(places.clone());
        assert!(thin.len() < 2000 && thin.contains(&places[77_777]));
        assert_eq!((thin[0], thin.last()), (places[0], places.last()));
    }

    #[test]
    fn long_names_turn_and_long_rows_of_numbers_skip() {
        let few = Names::new(&names(&["C", "D"]), 50.0);
        assert!(!few.upright && few.every == 1);
        assert!(Names::new(&names(&["a rather long name", "D"]), 50.0).upright);
        let numbers: Vec<String> = (1000..1100).map(|i| i.to_string()).collect();
        let numbers = Names::new(&numbers, 6.0);
        assert!(!numbers.upright && numbers.every > 5);
    }
}
