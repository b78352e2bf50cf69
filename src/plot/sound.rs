//! Sound: its waveform, its spectrum, its spectrogram.

use super::Figure;
use super::axes::{Axis, Chart, Frame, extent, place, say_nothing, widened};
use super::canvas::{Canvas, Place, width_of};
use super::matrix::{colour_bar, picture};
use super::number::{number, ticks};
use super::theme::{TEXT_SIZE, colour};
use crate::sound::{Sound, Spectrogram, Spectrum, decibels};
use plotters::style::text_anchor::{HPos, VPos};

/// Up to so many samples are drawn as a line, more as an envelope.
const MOST_SAMPLES: usize = 3000;

/// Up to so many samples are each marked by a dot on a stem.
const MARKED_SAMPLES: usize = 200;

/// So many peaks of a spectrum are named.
const NAMED_PEAKS: usize = 8;

/// What is softer than this, in decibels, is no sound: it must not be shown as the loudest there is.
const SILENCE: f64 = -100.0;

/// How far below the loudest a level is still shown, in decibels: about the range of hearing in a quiet room.
const RANGE_DECIBELS: f64 = 80.0;

/// Amplitude against time: each sample if they are few, a line if there are more, and the envelope of
/// least and greatest sample if there are many. A stereo sound has two lanes.
pub fn waveform(title: &str, sound: &Sound) -> Figure {
    let sizes = sound
        .channels()
        .iter()
        .flatten()
        .map(|&sample| f64::from(sample).abs());
    let peak = extent(sizes).map_or(1.0, |(_, high)| if high > 0.0 { high } else { 1.0 });
    let stereo = sound.channels().len() > 1;
    let lane = |i: usize| -(i as f64) * peak * 2.6;
    let marks = ticks(-peak * 1.02, peak * 1.02, 4);
    let (lowest, highest) = if stereo {
        (lane(1), peak * 1.5)
    } else {
        (0.0, peak * 1.08)
    };
    let mut y = Axis::even(
        "amplitude (full scale = 1)",
        (lowest - peak * 1.08, highest),
        1,
        1.0,
    );
    let lanes = (0..sound.channels().len()).map(lane);
    y.ticks = lanes
        .flat_map(|lane| marks.iter().map(move |mark| (mark.0 + lane, mark.1.clone())))
        .collect();
    let rate = f64::from(sound.rate());
    let few = sound.frames() <= MARKED_SAMPLES;
    let end = sound.frames().saturating_sub(usize::from(few)) as f64;
    let mut frame = Frame::new(title, Axis::seconds(end / rate), y);
    frame.height = if stereo { 330 } else { 220 };
    frame.draw(|canvas, chart| {
        for (i, samples) in sound.channels().iter().enumerate() {
            let at = |index: f64, sample: f32| place(chart, index / rate, f64::from(sample) + lane(i));
            canvas.line(vec![at(0.0, 0.0), at(end, 0.0)], canvas.rule_ink(10, ".5"));
            draw_samples(canvas, samples, i, few, at);
            if stereo {
                let (x, y) = place(chart, 0.0, lane(i) + peak);
                let words = if i == 0 { "left" } else { "right" };
                canvas.text(
                    words,
                    (x + 70, y - 20),
                    (HPos::Left, VPos::Bottom),
                    canvas.label_ink(),
                );
            }
        }
        if sound.frames() == 0 {
            say_nothing(canvas, chart);
        }
    })
}

fn draw_samples(canvas: &Canvas, samples: &[f32], lane: usize, few: bool, at: impl Fn(f64, f32) -> Place) {
    let colour = colour(lane);
    let dots = canvas.ink(format!("class=\"data\" fill=\"{colour}\""));
    let line = canvas.ink(format!(
        "class=\"data\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"18\""
    ));
    if few {
        let stems = canvas.ink(format!(
            "stroke=\"{colour}\" stroke-opacity=\".5\" stroke-width=\"12\""
        ));
        let finite = || {
            samples
                .iter()
                .enumerate()
                .filter(|(_, sample)| sample.is_finite())
        };
        for (i, &sample) in finite() {
            canvas.line(vec![at(i as f64, 0.0), at(i as f64, sample)], stems);
        }
        for (i, &sample) in finite() {
            canvas.circle(
                at(i as f64, sample),
                if samples.len() > 80 { 22 } else { 36 },
                dots,
            );
        }
    } else if samples.len() <= MOST_SAMPLES {
        let run = samples
            .iter()
            .enumerate()
            .filter(|(_, sample)| sample.is_finite());
        canvas.line(run.map(|(i, &sample)| at(i as f64, sample)).collect(), line);
    } else {
        let envelope = format!("class=\"data\" fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"8\"");
        canvas.polygon(outline(samples, at), canvas.ink(envelope));
    }
}

/// The shape between the greatest and the least sample of each of 560 stretches of time.
fn outline(samples: &[f32], at: impl Fn(f64, f32) -> Place) -> Vec<Place> {
    let stretch = samples.len().div_ceil(560).max(1);
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for (i, part) in samples.chunks(stretch).enumerate() {
        let finite = || part.iter().copied().filter(|sample| sample.is_finite());
        let greatest = finite().fold(f32::NEG_INFINITY, f32::max);
        let least = finite().fold(f32::INFINITY, f32::min);
        if greatest >= least {
            let middle = (i * stretch) as f64 + part.len() as f64 / 2.0;
            upper.push(at(middle, greatest));
            lower.push(at(middle, least));
        }
    }
    upper.extend(lower.into_iter().rev());
    upper
}

/// Level in decibels against frequency, up to where there is energy; the strongest peaks carry their frequency.
pub fn spectrum(title: &str, sound: &Sound) -> Figure {
    if sound.frames() == 0 {
        return draw_spectrum(title, 1.0, &[], &[]);
    }
    let spectrum = Spectrum::of(sound);
    draw_spectrum(
        title,
        spectrum.bin_hertz,
        &spectrum.amplitudes,
        &spectrum.peaks(NAMED_PEAKS),
    )
}

fn draw_spectrum(title: &str, bin_hertz: f64, amplitudes: &[f32], peaks: &[(f64, f32)]) -> Figure {
    let levels: Vec<f64> = amplitudes
        .iter()
        .map(|&amplitude| decibels(f64::from(amplitude)))
        .collect();
    let (_, top) = extent(levels.iter().copied()).unwrap_or((0.0, 0.0));
    let top = top.max(SILENCE);
    let floor = top - RANGE_DECIBELS;
    let last = levels
        .iter()
        .rposition(|&level| level > floor + 10.0)
        .unwrap_or(levels.len());
    let nyquist = (levels.len().max(2) - 1) as f64 * bin_hertz;
    let high = ((last + 1) as f64 * bin_hertz * 1.15).clamp(nyquist.min(100.0), nyquist);
    let y = Axis::even("level (dB)", (floor, top + 12.0), 5, 1.0);
    let mut frame = Frame::new(title, Axis::frequency(high, 8), y);
    frame.height = 230;
    frame.draw(|canvas, chart| {
        let mut places: Vec<Place> = Vec::new();
        for (bin, level) in levels
            .iter()
            .enumerate()
            .take_while(|(bin, _)| *bin as f64 * bin_hertz <= high)
        {
            let level = if level.is_nan() { floor } else { level.max(floor) };
            let (x, y) = place(chart, bin as f64 * bin_hertz, level);
            match places.last_mut() {
                // Several bins to a unit of width: the loudest counts.
                Some(before) if levels.len() > 1200 && before.0 / 10 == x / 10 => before.1 = before.1.min(y),
                _ => places.push((x, y)),
            }
        }
        let (Some(first), Some(last)) = (places.first().copied(), places.last().copied()) else {
            return say_nothing(canvas, chart);
        };
        let ground = place(chart, 0.0, floor).1;
        let mut area = places.clone();
        area.extend([(last.0, ground), (first.0, ground)]);
        canvas.polygon(
            area,
            canvas.ink(format!("fill=\"{}\" fill-opacity=\".25\"", colour(0))),
        );
        let line = format!(
            "class=\"data\" fill=\"none\" stroke=\"{}\" stroke-width=\"16\"",
            colour(0)
        );
        name_peaks(canvas, chart, &places, peaks, floor + 15.0);
        canvas.line(places, canvas.ink(line));
    })
}

/// Writes the frequency above each peak louder than `least`, the strongest first, where nothing is in the way.
fn name_peaks(canvas: &Canvas, chart: &Chart, curve: &[Place], peaks: &[(f64, f32)], least: f64) {
    let mut peaks: Vec<(f64, f64)> = peaks
        .iter()
        .map(|peak| (peak.0, decibels(f64::from(peak.1))))
        .collect();
    peaks.retain(|peak| peak.0.is_finite() && peak.1 > least);
    peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ((left, _), (right, _)) = corners(chart);
    let mut taken: Vec<(Place, i32)> = Vec::new();
    for (hertz, level) in peaks {
        let words = format!("{} Hz", number(hertz, usize::from(hertz < 100.0)));
        let (x, y) = place(chart, hertz, level);
        let half = width_of(&words, TEXT_SIZE) * 5;
        let (x, bottom) = (x.max(left + half).min(right - half), y - 25);
        let beside = |at: i32, room: i32| (at - x).abs() < half + room;
        let covers = curve.iter().any(|place| beside(place.0, 20) && place.1 < bottom);
        let meets = taken
            .iter()
            .any(|(other, wide)| beside(other.0, wide + 60) && (other.1 - bottom).abs() < 200);
        if !covers && !meets {
            canvas.text(
                &words,
                (x, bottom),
                (HPos::Center, VPos::Bottom),
                canvas.label_ink(),
            );
            taken.push(((x, bottom), half));
        }
    }
}

/// Level for each frequency and moment; each octave equally high, as the ear hears, from 50 Hz to where there is energy.
pub fn spectrogram(title: &str, sound: &Sound) -> Figure {
    spectrogram_of(title, sound, true)
}

/// Level for each frequency and moment, with frequency even from zero to half the sample rate:
/// what shows aliasing.
pub fn spectrogram_linear(title: &str, sound: &Sound) -> Figure {
    spectrogram_of(title, sound, false)
}

fn spectrogram_of(title: &str, sound: &Sound, octaves: bool) -> Figure {
    let nyquist = f64::from(sound.rate()) / 2.0;
    let spectrogram = if sound.frames() == 0 {
        Spectrogram {
            bin_hertz: 1.0,
            hop_seconds: 1.0,
            decibels: ndarray::Array2::zeros((0, 0)),
        }
    } else {
        Spectrogram::of(sound)
    };
    draw_spectrogram(title, &spectrogram, sound.seconds(), nyquist, octaves)
}

fn draw_spectrogram(
    title: &str,
    spectrogram: &Spectrogram,
    seconds: f64,
    nyquist: f64,
    octaves: bool,
) -> Figure {
    let levels = &spectrogram.decibels;
    let top = extent(levels.iter().map(|&level| f64::from(level))).map_or(0.0, |(_, high)| high.max(SILENCE));
    let floor = top - RANGE_DECIBELS;
    let y = if octaves && nyquist > 200.0 {
        Axis::octaves(
            50.0,
            useful_top(spectrogram, floor + 20.0).clamp(200.0, nyquist.min(16_000.0)),
        )
    } else {
        Axis::frequency(nyquist, 6)
    };
    let mut frame = Frame::new(title, Axis::seconds(seconds), y.clone());
    frame.grid = (false, false);
    frame.right = 88;
    frame.height = 260;
    frame.draw(|canvas, chart| {
        if levels.is_empty() {
            return say_nothing(canvas, chart);
        }
        let (width, height) = (levels.nrows().clamp(1, 360), 180);
        let part = |column: usize, row: usize| {
            // The loudest of the moments that share a column: a click must not fall through.
            let from = column * levels.nrows() / width;
            let to = ((column + 1) * levels.nrows() / width).max(from + 1);
            let (low, high) = (
                hertz_at(&y, row as f64 / height as f64),
                hertz_at(&y, (row + 1) as f64 / height as f64),
            );
            let loudest = (from..to).map(|time| level_between(spectrogram, time, low, high));
            (loudest.fold(f64::NEG_INFINITY, f64::max) - floor) / (top - floor)
        };
        let (corner, opposite) = corners(chart);
        picture(canvas, corner, opposite, (width, height), part);
        colour_bar(canvas, corner.1, opposite.1, widened(floor, top), "dB");
    })
}

/// The upper left and the lower right corner of the plotting area.
pub(super) fn corners(chart: &Chart) -> (Place, Place) {
    let (across, down) = chart.plotting_area().get_pixel_range();
    ((across.start, down.start), (across.end, down.end))
}

/// The frequency at this part of an axis, from 0 (low end) to 1.
fn hertz_at(axis: &Axis, part: f64) -> f64 {
    if axis.logarithmic {
        axis.low * (axis.high / axis.low).powf(part)
    } else {
        axis.low + (axis.high - axis.low) * part
    }
}

/// The level between two frequencies: the loudest bin among them, or between two bins what lies on the line
/// from one to the other.
fn level_between(spectrogram: &Spectrogram, time: usize, low: f64, high: f64) -> f64 {
    let bin = |hertz: f64| (hertz / spectrogram.bin_hertz).max(0.0);
    let level = |bin: usize| {
        spectrogram
            .decibels
            .get((time, bin))
            .map_or(f64::NEG_INFINITY, |&level| f64::from(level))
    };
    let middle = bin((low + high) / 2.0);
    let (below, rest) = (middle.floor() as usize, middle.fract());
    let between = if rest == 0.0 {
        level(below)
    } else {
        level(below) * (1.0 - rest) + level(below + 1) * rest
    };
    let inside = (bin(low).ceil() as usize)..(bin(high).ceil() as usize).min(spectrogram.decibels.ncols());
    inside.map(level).fold(
        if between.is_nan() {
            f64::NEG_INFINITY
        } else {
            between
        },
        f64::max,
    )
}

/// The highest frequency that ever reaches this level, and a little more.
fn useful_top(spectrogram: &Spectrogram, level: f64) -> f64 {
    let loud = |column: ndarray::ArrayView1<f32>| column.iter().any(|&value| f64::from(value) > level);
    let last = spectrogram.decibels.columns().into_iter().rposition(loud);
    last.unwrap_or(0) as f64 * spectrogram.bin_hertz * 1.2
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::plot::tests::{marks, texts};
    use std::f64::consts::TAU;

    pub fn bell_spectrum(title: &str) -> Figure {
        let partial =
            |ratio: f64, size: f64, t: f64| size * (TAU * 330.0 * ratio * t).sin() * (-2.0 * ratio * t).exp();
        let wave = |t| {
            partial(1.0, 0.5, t) + partial(2.756, 0.3, t) + partial(5.404, 0.2, t) + partial(8.933, 0.1, t)
        };
        spectrum(title, &Sound::from_wave(44_100, 2.0, wave))
    }

    #[test]
    fn few_samples_are_each_drawn_and_many_as_one_shape() {
        assert_eq!(marks(&waveform("", &Sound::mono(8, vec![0.5; 9]))), 9);
        assert_eq!(marks(&waveform("", &Sound::mono(8000, vec![0.5; 900]))), 1);
        assert_eq!(
            marks(&waveform("", &Sound::stereo(8000, vec![0.5; 9000], vec![]))),
            2,
            "a lane a channel"
        );
    }

    #[test]
    fn the_envelope_keeps_a_lonely_click() {
        let mut samples = vec![0.0; 100_000];
        samples[54_321] = 1.0;
        let shape = outline(&samples, |_, sample| (0, (sample * 100.0) as i32));
        assert_eq!(shape.iter().filter(|place| place.1 == 100).count(), 1);
    }

    #[test]
    fn axes_carry_their_units() {
        let short = texts(&waveform("", &Sound::mono(44_100, vec![0.1; 441])));
        assert!(short.contains(&"time (ms)".to_string()), "{short:?}");
        let long = texts(&waveform("", &Sound::mono(100, vec![0.1; 441])));
        assert!(long.contains(&"time (s)".to_string()));
        let bell = texts(&bell_spectrum(""));
        assert!(bell.contains(&"frequency (Hz)".to_string()) && bell.contains(&"level (dB)".to_string()));
        for peak in ["330 Hz", "909 Hz", "1,783 Hz", "2,948 Hz"] {
            assert!(bell.contains(&peak.to_string()), "{peak} of {bell:?}");
        }
    }

    #[test]
    fn a_spectrogram_is_a_picture_with_a_bar_in_decibels() {
        let tone = Sound::sine(1000.0, 0.5, 1.0);
        for (figure, axis) in [
            (spectrogram("", &tone), "frequency (Hz)"),
            (spectrogram_linear("", &tone), "frequency (kHz)"),
        ] {
            assert_eq!(figure.svg().matches("<image").count(), 1);
            let texts = texts(&figure);
            assert!(
                texts.iter().any(|text| text == "dB") && texts.iter().any(|text| text == axis),
                "{texts:?}"
            );
        }
    }

    #[test]
    fn the_level_between_two_bins_lies_between_theirs() {
        let spectrogram = Spectrogram {
            bin_hertz: 100.0,
            hop_seconds: 1.0,
            decibels: ndarray::array![[-10.0, -30.0, -20.0, -90.0]],
        };
        assert_eq!(level_between(&spectrogram, 0, 49.0, 51.0), -20.0);
        assert_eq!(
            level_between(&spectrogram, 0, 90.0, 290.0),
            -20.0,
            "the loudest of what is inside"
        );
        assert_eq!(
            level_between(&spectrogram, 0, 900.0, 990.0),
            f64::NEG_INFINITY,
            "beyond the last"
        );
    }
}
