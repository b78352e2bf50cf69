//! Sound: its waveform, its spectrum, its spectrogram.

use super::Figure;
use super::axes::{Axis, extent};
use super::canvas::{Canvas, Place};
use super::frame::{Frame, place, say_nothing};
use super::number::ticks;
use super::theme::colour;
use crate::sound::Sound;
use plotters::style::text_anchor::{HPos, VPos};

/// Up to so many samples are drawn as a line, more as an envelope.
const MOST_SAMPLES: usize = 3000;

/// Up to so many samples are each marked by a dot on a stem.
const MARKED_SAMPLES: usize = 200;

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
    let marks = |wanted| ticks(-peak * 1.02, peak * 1.02, wanted);
    let marks = [4, 6].map(marks).into_iter().find(|marks| marks.len() > 1);
    let marks = marks.unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, texts};

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
        for peak in [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0] {
            let texts = texts(&waveform("", &Sound::sine(100.0, peak, 0.1)));
            let below = texts.iter().filter(|text| text.starts_with('−')).count();
            assert!(below > 0, "a peak of {peak} has nothing to be read by: {texts:?}");
        }
    }
}
