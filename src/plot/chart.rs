//! Numbers: curves and points.

use super::axes::{Axis, extent};
use super::canvas::{Canvas, Place};
use super::frame::{Frame, Key, Sample, place, say_nothing};
use super::theme::{colour, dash};
use super::{Figure, Series};
use plotters::style::RGBColor;

/// More points than this on a curve are drawn as what an eye can see of them.
const MOST_POINTS: usize = 3000;

/// Up to so many points on a curve each get a mark.
const MARKED_POINTS: usize = 24;

/// Lines through points, in the order given; a point that is no number leaves a gap. `axes` says what stands
/// along x and along y, with units: `("order", "bits per symbol")`.
pub fn curves(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    let (x, y) = axes_around(axes, series);
    draw_curves(Frame::new(title, x, y), series)
}

/// Lines through points, as [`curves`] draws them, with an axis upwards on which each power of ten is equally long:
/// for what grows or fades by factors. A value of 0 or less leaves a gap.
pub fn log_curves(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    let mut series = series.to_vec();
    for point in series.iter_mut().flat_map(|series| &mut series.points) {
        if point.1 <= 0.0 {
            point.1 = f64::NAN;
        }
    }
    let heights = series
        .iter()
        .flat_map(|series| &series.points)
        .filter(|point| finite(point))
        .map(|point| point.1);
    let y = Axis::powers(axes.1, extent(heights).unwrap_or((1.0, 10.0)), 7);
    let (x, _) = axes_around(axes, &series);
    draw_curves(Frame::new(title, x, y), &series)
}

/// Lines through points, as [`curves`] draws them, with two axes on which each power of ten is equally long: a power law is a straight
/// line. A point with a value of 0 or less leaves a gap.
pub fn log_log_curves(title: &str, axes: (&str, &str), series: &[Series]) -> Figure {
    let mut series = series.to_vec();
    for point in series.iter_mut().flat_map(|series| &mut series.points) {
        if point.0 <= 0.0 || point.1 <= 0.0 {
            *point = (f64::NAN, f64::NAN);
        }
    }
    let points = || {
        series
            .iter()
            .flat_map(|series| &series.points)
            .filter(|point| finite(point))
    };
    let x = extent(points().map(|point| point.0)).unwrap_or((1.0, 10.0));
    let y = extent(points().map(|point| point.1)).unwrap_or((1.0, 10.0));
    let frame = Frame::new(title, Axis::powers(axes.0, x, 7), Axis::powers(axes.1, y, 7));
    draw_curves(frame, &series)
}

fn draw_curves(mut frame: Frame, series: &[Series]) -> Figure {
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
    let (x, y) = axes_around(axes, series);
    let mut frame = Frame::new(title, x, y);
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
fn axes_around(axes: (&str, &str), series: &[Series]) -> (Axis, Axis) {
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
    (
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, texts};

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
    fn powers_of_ten_are_equally_far_apart_and_written_as_such() {
        let fading = Series::new(
            "",
            (0..=100).map(|i| (f64::from(i), 10f64.powf(-0.37 * f64::from(i)))),
        );
        let gap = Series::new("", [(1.0, 0.5), (2.0, 0.0), (3.0, -1.0), (4.0, 0.1)]);
        let figure = log_curves("", ("lag", "left"), &[fading, gap]);
        assert_eq!(marks(&figure), 3, "nothing has no logarithm");
        let texts = texts(&figure);
        for power in ["10⁰", "10⁻⁶", "10⁻³⁶"] {
            assert!(texts.iter().any(|text| text == power), "{power} in {texts:?}");
        }
        let near = Series::new("", [(0.0, 0.03), (1.0, 0.06)]);
        let near = crate::plot::tests::texts(&log_curves("", ("", ""), &[near]));
        assert!(near.iter().any(|text| text == "0.05"), "{near:?}");
    }

    #[test]
    fn a_power_law_is_a_straight_line() {
        let law = Series::new("law", (0..5).map(|i| (10f64.powi(i), 10f64.powi(-i))));
        let gap = Series::new("gap", [(0.0, 1.0), (10.0, 0.1)]);
        let figure = log_log_curves("", ("music", "loss"), &[law, gap]);
        assert_eq!(marks(&figure), 2);
        let numbers = |line: &str| -> Vec<f64> {
            let line = line.split('"').next().unwrap_or_default();
            line.split([' ', ','])
                .filter_map(|number| number.parse().ok())
                .collect()
        };
        let lines = figure.svg().split("points=\"").skip(1).map(numbers);
        let line = lines.into_iter().find(|line| line.len() == 10).unwrap();
        let slopes: Vec<f64> = (line.chunks(2).zip(line.chunks(2).skip(1)))
            .map(|(a, b)| (b[1] - a[1]) / (b[0] - a[0]))
            .collect();
        assert!(
            slopes.len() == 4 && slopes.iter().all(|slope| (slope - slopes[0]).abs() < 0.02),
            "{slopes:?}"
        );
    }

    #[test]
    fn every_point_is_drawn_once() {
        let cloud = Series::new("a", (0..50).map(|i| (f64::from(i), f64::from(i % 7))));
        assert_eq!(marks(&scatter("", ("x", "y"), &[cloud.clone(), cloud])), 100);
    }

    #[test]
    fn a_thinned_line_keeps_its_spikes() {
        let mut places: Vec<Place> = (0..100_000).map(|i| (i / 20, 500)).collect();
        places[77_777].1 = 3;
        let thin = thinned(places.clone());
        assert!(thin.len() < 2000 && thin.contains(&places[77_777]));
        assert_eq!((thin[0], thin.last()), (places[0], places.last()));
    }
}
