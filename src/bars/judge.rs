//! A network that tells units apart: real ones from made ones, or kinds of music.

use super::lessons::Lesson;
use super::unit::{BAR, SYMBOLS, Unit};
use crate::nn::buffer::Buffer;
use crate::nn::{
    Activation, Adam, Curve, Dense, Dropout, Layer, Neighbours, Parameter, Schedule, SoftmaxCrossEntropy,
    Stack, softmax,
};
use crate::threads::*;
use crate::{Error, Result};
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Units of each step's convolution.
const CHANNELS: usize = 32;

/// A judge: two convolutions over the steps, then two dense layers. It forgets nothing between calls, since it has no memory.
#[derive(Clone, Debug)]
pub struct Judge {
    steps: usize,
    /// From the symbols of steps and their neighbours to channels, `[T B][20]` to `[T B][32]`.
    below: Stack,
    /// From all channels of a unit to classes, `[B][T 32]` to `[B][C]`.
    above: Stack,
    loss: SoftmaxCrossEntropy,
    x: Buffer,
    seen: Buffer,
}

/// How often a judge goes through its lessons, and how many it takes at once.
const EPOCHS: usize = 12;
const BATCH: usize = 32;

impl Judge {
    /// A judge that has learned to tell classes `0..classes` apart, each unit given with its class.
    ///
    /// # Errors
    /// If there are no units, they differ in their number of bars, or a class is not below `classes`.
    pub fn taught(lessons: &[(&Unit, usize)], classes: usize, seed: u64) -> Result<Judge> {
        let bars = lessons.first().map_or(0, |first| first.0.bars());
        if bars == 0 || lessons.iter().any(|lesson| lesson.0.bars() != bars) {
            return Err(Error::value(
                "A judge was given no units, or units of different length",
                "Give units of one bar, or of two",
            ));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let steps = bars * BAR;
        let mut judge = Judge {
            steps,
            below: Stack::new()
                .with(Neighbours::new())
                .with(Dense::new("below0", 3 * SYMBOLS, CHANNELS, &mut rng))
                .with(Activation::new(Curve::Relu))
                .with(Neighbours::new())
                .with(Dense::new("below1", 3 * CHANNELS, CHANNELS, &mut rng))
                .with(Activation::new(Curve::Relu)),
            above: Stack::new()
                .with(Dropout::new(0.3, 0)?)
                .with(Dense::new("above0", steps * CHANNELS, 64, &mut rng))
                .with(Activation::new(Curve::Relu))
                .with(Dropout::new(0.3, 1)?)
                .with(Dense::new("above1", 64, classes, &mut rng)),
            loss: SoftmaxCrossEntropy::default(),
            x: Buffer::default(),
            seen: Buffer::default(),
        };
        let mut order: Vec<usize> = (0..lessons.len()).collect();
        let count = EPOCHS * lessons.len().div_ceil(BATCH);
        let mut adam = Adam::new(Schedule::WarmUpAndCosine {
            highest: 2e-3,
            lowest: 2e-5,
            warm_up: 20,
            steps: count as u64,
        });
        for _ in 0..EPOCHS {
            order.shuffle(&mut rng);
            for batch in order.chunks(BATCH) {
                let units: Vec<&Unit> = batch.iter().map(|number| lessons[*number].0).collect();
                let targets: Vec<Option<usize>> =
                    batch.iter().map(|number| Some(lessons[*number].1)).collect();
                judge.above.dropout(Some(adam.steps().wrapping_add(seed)));
                judge.step(&units, &targets, &mut adam)?;
            }
        }
        judge.above.dropout(None);
        Ok(judge)
    }

    /// Fills `seen` with what the convolutions make of units, a row for each.
    fn look(&mut self, units: &[&Unit]) -> Result<()> {
        let (steps, batch) = (self.steps, units.len());
        let x = self.x.zeros(steps * batch, SYMBOLS);
        let mut row = vec![0.0; steps * SYMBOLS];
        for (place, unit) in units.iter().enumerate() {
            unit.write(&mut row);
            for (step, symbols) in row.chunks_exact(SYMBOLS).enumerate() {
                x[(step * batch + place) * SYMBOLS..][..SYMBOLS].copy_from_slice(symbols);
            }
        }
        self.below.begin(batch);
        let y = self.below.forward(self.x.view())?;
        let y = y.as_slice().unwrap_or_default();
        let seen = self.seen.resize(batch, steps * CHANNELS);
        for (number, channels) in y.chunks_exact(CHANNELS).enumerate() {
            let (step, place) = (number / batch, number % batch);
            seen[(place * steps + step) * CHANNELS..][..CHANNELS].copy_from_slice(channels);
        }
        Ok(())
    }

    fn step(&mut self, units: &[&Unit], targets: &[Option<usize>], adam: &mut Adam) -> Result<()> {
        self.look(units)?;
        let (steps, batch) = (self.steps, units.len());
        let y = self.above.forward(self.seen.view())?;
        self.loss.forward(y, targets)?;
        let dseen = self.above.backward(self.loss.backward(1.0 / batch as f32)?)?;
        let dseen = dseen.as_slice().unwrap_or_default();
        let mut dy = Buffer::default();
        let rows = dy.resize(steps * batch, CHANNELS);
        for (number, row) in rows.chunks_exact_mut(CHANNELS).enumerate() {
            let (step, place) = (number / batch, number % batch);
            row.copy_from_slice(&dseen[(place * steps + step) * CHANNELS..][..CHANNELS]);
        }
        self.below.backward(dy.view())?;
        let mut parameters: Vec<&mut Parameter> = self.below.parameters();
        parameters.extend(self.above.parameters());
        adam.step(&mut parameters)?;
        Ok(())
    }

    /// How likely each class is for each unit: a row for each unit.
    ///
    /// # Errors
    /// If a unit has another number of bars than those it learned from.
    pub fn judge(&mut self, units: &[&Unit]) -> Result<Vec<Vec<f32>>> {
        if let Some(other) = units.iter().find(|unit| unit.bars() * BAR != self.steps) {
            return Err(Error::value(
                format!(
                    "A unit of {} bars, and the judge has learned from {}",
                    other.bars(),
                    self.steps / BAR
                ),
                "Give units as long as those it learned from",
            ));
        }
        let mut all = Vec::with_capacity(units.len());
        for units in units.chunks(256) {
            self.look(units)?;
            let y = self.above.forward(self.seen.view())?;
            for row in y.outer_iter() {
                let mut row = row.to_vec();
                softmax(&mut row);
                all.push(row);
            }
        }
        Ok(all)
    }
}

/// So many folds a critic is tried in.
const FOLDS: usize = 4;

/// How often a critic that has learned to tell real units from made ones is right about those it has not seen: 0.5 if they cannot be told apart.
///
/// `made` holds one unit for each of `real`, in the same metre. Both are divided in four, by the tune of the real one; on each quarter a critic is
/// tried that was taught afresh on the other three. So no tune is both learned from and tried; and give tunes that the maker never saw.
///
/// # Errors
/// If there is not one made unit for each real one, or there are fewer than four tunes.
pub fn critic(real: &[&Lesson], made: &[Unit], seed: u64) -> Result<f64> {
    let tunes = tunes(real);
    if real.len() != made.len() || tunes.len() < FOLDS {
        return Err(Error::value(
            format!(
                "A critic was given {} real units of {} tunes and {} made ones",
                real.len(),
                tunes.len(),
                made.len()
            ),
            "Give real units of four tunes or more, and as many made ones",
        ));
    }
    let folds: Vec<usize> = (0..FOLDS).collect();
    let rights: Vec<Result<usize>> = folds
        .par_iter()
        .map(|fold| {
            let (mut lessons, mut tried) = (Vec::new(), Vec::new());
            for (real, made) in real.iter().zip(made) {
                let to = if fold_of(real, &tunes) == *fold {
                    &mut tried
                } else {
                    &mut lessons
                };
                to.extend([(&real.unit, 1), (made, 0)]);
            }
            let mut judge = Judge::taught(&lessons, 2, seed.wrapping_mul(8).wrapping_add(*fold as u64))?;
            let units: Vec<&Unit> = tried.iter().map(|unit| unit.0).collect();
            let found = judge.judge(&units)?;
            let right = found
                .iter()
                .zip(&tried)
                .filter(|(found, tried)| (found[1] > 0.5) == (tried.1 == 1));
            Ok(right.count())
        })
        .collect();
    let mut right = 0;
    for one in rights {
        right += one?;
    }
    Ok(right as f64 / (2 * real.len()) as f64)
}

/// The tunes of lessons that go tune by tune.
fn tunes(lessons: &[&Lesson]) -> Vec<usize> {
    let mut tunes: Vec<usize> = lessons.iter().map(|lesson| lesson.tune).collect();
    tunes.dedup();
    tunes
}

/// A tune's place among the tunes says its quarter.
fn fold_of(lesson: &Lesson, tunes: &[usize]) -> usize {
    tunes.binary_search(&lesson.tune).unwrap_or(0) % FOLDS
}

/// What a [`critic`] makes of real units in place of made ones: those of other tunes. It cannot be asked to find less. Tunes of the others, too,
/// are each in one quarter alone: else it would know some again.
///
/// # Errors
/// As [`critic`], or if the others have no unit in a metre that it asks for.
pub fn floor(real: &[&Lesson], others: &[&Lesson], seed: u64) -> Result<f64> {
    let (tunes, other_tunes) = (tunes(real), tunes(others));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut made = Vec::with_capacity(real.len());
    for lesson in real {
        let fits = |other: &&&Lesson| {
            other.unit.bar == lesson.unit.bar && fold_of(other, &other_tunes) == fold_of(lesson, &tunes)
        };
        let fitting: Vec<&&Lesson> = others.iter().filter(fits).collect();
        let other = fitting.choose(&mut rng).ok_or_else(|| {
            Error::value(
                format!("There are no other bars of {} steps", lesson.unit.bar),
                "Give more tunes in each metre",
            )
        })?;
        made.push(other.unit.clone());
    }
    critic(real, &made, seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Part;
    use rand::RngExt;

    fn units(count: usize, keys: std::ops::Range<u8>, seed: u64) -> Vec<Unit> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut one = || {
            let symbols = (0..16).map(|_| rng.random_range(keys.clone())).collect();
            Unit { bar: 16, symbols }
        };
        (0..count).map(|_| one()).collect()
    }

    fn lessons(units: Vec<Unit>) -> Vec<Lesson> {
        let lesson = |(number, unit)| Lesson {
            unit,
            tune: number / 10,
            kind: 0,
            part: Part::Test,
        };
        units.into_iter().enumerate().map(lesson).collect()
    }

    #[test]
    fn a_critic_tells_what_differs_and_not_what_does_not() {
        let real = lessons(units(160, 0..9, 1));
        let real: Vec<&Lesson> = real.iter().collect();
        let same = critic(&real, &units(160, 0..9, 2), 1).unwrap();
        let other = critic(&real, &units(160, 4..18, 3), 1).unwrap();
        assert!((0.4..0.6).contains(&same), "{same}");
        assert!(other > 0.95, "{other}");
        assert!(critic(&real, &units(10, 0..9, 2), 1).is_err());
        let others = lessons(units(160, 0..9, 4));
        let others: Vec<&Lesson> = others.iter().collect();
        let floor = floor(&real, &others, 1).unwrap();
        assert!((0.4..0.6).contains(&floor), "{floor}");
        assert!(super::floor(&real, &[], 1).is_err());
    }

    #[test]
    fn what_it_cannot_judge_is_an_error() {
        assert!(Judge::taught(&[], 2, 1).is_err());
        let few = units(4, 0..9, 1);
        let lessons: Vec<(&Unit, usize)> = few.iter().map(|unit| (unit, 0)).collect();
        let mut judge = Judge::taught(&lessons, 2, 1).unwrap();
        let two = Unit {
            bar: 16,
            symbols: vec![0; 32],
        };
        assert!(judge.judge(&[&two]).is_err());
        assert_eq!(judge.judge(&[&few[0]]).unwrap()[0].len(), 2);
        assert!(Judge::taught(&[(&few[0], 3)], 2, 1).is_err());
    }
}
