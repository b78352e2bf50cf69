//! Does a slider do what it says? Asked of any maker.

use super::maker::Maker;
use crate::Result;
use crate::bars::{Judge, Lesson, Request, Scale, Unit};
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// A way of asking a maker.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Manner {
    /// How many tries there are, of which the nearest is kept: 1 is no sieve.
    pub tries: usize,
    /// How loud it is asked: see [`Maker::make`].
    pub loudness: f32,
}

/// A measure's slider is moved through eleven places, and sixty bars are made at each, in metres and kinds of real ones; all else is left open. Gives
/// where the slider stood, and what was measured, of each bar.
///
/// # Errors
/// As [`Maker::make`].
pub fn move_slider(
    maker: &mut Maker,
    manner: Manner,
    (real, kinds): (&[&Lesson], usize),
    scale: &Scale,
    measure: usize,
    rng: &mut impl Rng,
) -> Result<Vec<(f64, f64)>> {
    let mut requests = Vec::new();
    for place in 0..11_u8 {
        for _ in 0..60 {
            let Some(lesson) = real.choose(rng) else { continue };
            let mut request = Request::of(lesson, kinds, scale).opened(1.0, rng);
            request.measures[measure] = Some(f32::from(place) / 5.0 - 1.0);
            requests.push(request);
        }
    }
    let made = maker.sieved(&requests, scale, manner.tries, manner.loudness, rng)?;
    let found = |(request, unit): (&Request, &Unit)| {
        let asked = request.measures[measure].unwrap_or(0.0);
        (f64::from(asked), f64::from(scale.measured(unit)[measure]))
    };
    Ok(requests.iter().zip(&made).map(found).collect())
}

/// Two kinds are mixed in five steps, from none of `to` to all, and forty bars are made at each, in metres of these kinds; measures are left open. Gives
/// each weight, and how likely the ear finds `to` rather than `from`, in the mean.
///
/// # Errors
/// As [`Maker::make`] and [`Judge::judge`].
pub fn mix_kinds(
    maker: &mut Maker,
    loudness: f32,
    real: &[&Lesson],
    ear: &mut Judge,
    (from, to, kinds): (usize, usize, usize),
    rng: &mut impl Rng,
) -> Result<Vec<(f64, f64)>> {
    let of = |kind| {
        real.iter()
            .copied()
            .filter(move |lesson| lesson.kind == kind)
            .collect::<Vec<_>>()
    };
    let (of_from, of_to) = (of(from), of(to));
    let mut means = Vec::new();
    for weight in [0.0, 0.25, 0.5, 0.75, 1.0_f32] {
        let mut requests = Vec::new();
        for _ in 0..40 {
            let bars = if rng.random::<f32>() < weight {
                &of_to
            } else {
                &of_from
            };
            let bar = bars.choose(rng).map_or(16, |lesson| lesson.unit.bar);
            let mut request = Request::open(bar, kinds);
            request.kinds = vec![0.0; kinds];
            request.kinds[from] = 1.0 - weight;
            request.kinds[to] += weight;
            requests.push(request);
        }
        let noise = super::noise(requests.len(), maker.noise(), rng);
        let made = maker.make(&requests, &vec![None; requests.len()], noise.view(), loudness)?;
        let heard = ear.judge(&made.iter().collect::<Vec<_>>())?;
        let share =
            |heard: &Vec<f32>| f64::from(heard[to] / (heard[to] + heard[from]).max(f32::MIN_POSITIVE));
        means.push((
            f64::from(weight),
            heard.iter().map(share).sum::<f64>() / heard.len() as f64,
        ));
    }
    Ok(means)
}
