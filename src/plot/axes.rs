//! Axes: from where to where, and the places that are marked.

use super::canvas::width_of;
use super::number::{number, scientific, short, ticks};
use super::theme::{TEXT_SIZE, WIDTH};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
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
            ticks: inside.map(|mark| (mark, number(mark, 0))).collect(),
        }
    }

    /// An axis on which each power of ten is equally long, over these values, which are greater than 0. It is marked at
    /// so many powers or fewer; if there are not even three, at 2 and 5 times a power as well, and if that is not enough, at round numbers.
    pub fn powers(label: &str, (low, high): (f64, f64), wanted: i32) -> Axis {
        let within = |value: f64| value.clamp(f64::MIN_POSITIVE, f64::MAX);
        let room = (within(high).log10() - within(low).log10()).max(0.5) * 0.05;
        let (low, high) = (within(low / 10f64.powf(room)), within(high * 10f64.powf(room)));
        let (first, last) = (low.log10().ceil() as i32, high.log10().floor() as i32);
        let every = (last - first) / wanted.max(1) + 1;
        let power = |power: i32| 10f64.powi(power);
        let mut ticks: Vec<(f64, String)> = (first..=last)
            .filter(|exponent| exponent.rem_euclid(every) == 0)
            .map(|exponent| (power(exponent), scientific(power(exponent))))
            .collect();
        let inside = |tick: &(f64, String)| (low..=high).contains(&tick.0);
        if ticks.len() < 3 {
            let marks = (first - 1..=last)
                .flat_map(|exponent| [1.0, 2.0, 5.0].map(|factor| factor * power(exponent)));
            ticks = marks.map(|mark| (mark, short(mark))).filter(inside).collect();
        }
        if ticks.len() < 3 {
            ticks = self::ticks(low, high, 5);
        }
        ticks.retain(inside);
        Axis {
            label: label.to_string(),
            low,
            high,
            logarithmic: true,
            ticks,
        }
    }

    /// Where a value lies: 0 at the low end, 1 at the high one.
    pub fn part(&self, value: f64) -> f64 {
        let place = |value: f64| {
            if self.logarithmic {
                value.max(f64::MIN_POSITIVE).ln()
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
