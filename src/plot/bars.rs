//! Bars, and the names along the foot of a figure.

use super::Figure;
use super::axes::{Axis, extent};
use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::frame::{Chart, Frame, Key, Sample, place, say_nothing};
use super::number::short;
use super::theme::{TEXT_SIZE, filling};
use plotters::style::text_anchor::{HPos, VPos};

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
    fn long_names_turn_and_long_rows_of_numbers_skip() {
        let few = Names::new(&names(&["C", "D"]), 50.0);
        assert!(!few.upright && few.every == 1);
        assert!(Names::new(&names(&["a rather long name", "D"]), 50.0).upright);
        let numbers: Vec<String> = (1000..1100).map(|i| i.to_string()).collect();
        let numbers = Names::new(&numbers, 6.0);
        assert!(!numbers.upright && numbers.every > 5);
    }
}
