//! The optimiser: how values follow their gradients downhill.

use super::fast::{CHUNK, for_each_processor};
use super::parameter::Parameter;
use crate::threads::*;
use crate::{Error, Result};

/// Adam (D. Kingma and J. Ba, 2015): every value has a step of its own, the mean of its latest gradients over their
/// usual size.
///
/// ```text
/// m = β₁ m + (1 - β₁) g        v = β₂ v + (1 - β₂) g²
/// value -= rate · m' / (sqrt(v') + 1e-8)      m' = m / (1 - β₁^t), v' = v / (1 - β₂^t): both began at zero
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct Adam {
    /// The learning rate.
    pub schedule: Schedule,
    /// If the gradients of all parameters together are longer than this, they are shortened to it (R. Pascanu, T. Mikolov
    /// and Y. Bengio, 2013): a recurrent net's gradient now and then explodes. Infinite for never.
    pub longest: f32,
    /// How much of the mean of earlier gradients is kept: 0.9, or less where what is learned from moves, as in a game.
    pub beta_1: f32,
    /// How much of the mean of their squares is kept: 0.999, or a little less in a game.
    pub beta_2: f32,
    /// How many steps were made.
    pub(crate) steps: u64,
    /// `m` and `v` of each parameter.
    pub(crate) moments: Vec<[Vec<f32>; 2]>,
}

const EPSILON: f32 = 1e-8;

impl Adam {
    /// An optimiser that has made no step, with this learning rate, no clipping and a β₁ of 0.9: see [`Adam::with_longest`] and
    /// [`Adam::with_beta_1`].
    pub fn new(schedule: Schedule) -> Adam {
        Adam {
            schedule,
            longest: f32::INFINITY,
            beta_1: 0.9,
            beta_2: 0.999,
            steps: 0,
            moments: Vec::new(),
        }
    }

    /// With gradients clipped to this length.
    pub fn with_longest(self, longest: f32) -> Adam {
        Adam { longest, ..self }
    }

    /// With this much of the mean kept, from 0 to below 1.
    pub fn with_beta_1(self, beta_1: f32) -> Adam {
        Adam { beta_1, ..self }
    }

    /// With this much of the mean of squares kept, from 0 to below 1.
    pub fn with_beta_2(self, beta_2: f32) -> Adam {
        Adam { beta_2, ..self }
    }

    /// How many steps were made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One step. Uses the gradients up: they are zero afterwards. Gives their length before clipping.
    ///
    /// # Errors
    /// If the parameters are not those of the step before, β₁ or β₂ is not from 0 to below 1, or a gradient is not a finite number; then no
    /// value has changed.
    pub fn step(&mut self, parameters: &mut [&mut Parameter]) -> Result<f32> {
        if self.steps == 0 && self.moments.is_empty() {
            self.moments = parameters
                .iter()
                .map(|one| [0, 1].map(|_| vec![0.0; one.values.len()]))
                .collect();
        }
        let fits = |(moments, one): (&[Vec<f32>; 2], &&mut Parameter)| {
            moments[0].len() == one.values.len() && one.gradient.dim() == one.values.dim()
        };
        if self.moments.len() != parameters.len() || !self.moments.iter().zip(parameters.iter()).all(fits) {
            return Err(Error::value(
                "The optimiser was given other parameters than before",
                "Use one Adam for one model",
            ));
        }
        let betas = [self.beta_1, self.beta_2];
        if let Some(beta) = betas.iter().find(|beta| !(0.0..1.0).contains(*beta)) {
            return Err(Error::value(
                format!("A β of {beta} keeps no mean"),
                "Give a number from 0 to below 1, such as 0.9",
            ));
        }
        let mut squares = 0.0f64;
        for parameter in parameters.iter_mut() {
            sum_of_squares(parameter.flat_gradient(), &mut squares);
        }
        let length = squares.sqrt();
        if !length.is_finite() {
            return Err(Error::value(
                format!("The gradient's length is {length}: the training has lost its way"),
                "Lower the learning rate, or clip gradients to a length",
            ));
        }
        let shorter = (f64::from(self.longest) / length).min(1.0) as f32;
        let rate = self.schedule.rate(self.steps);
        self.steps = self.steps.saturating_add(1);
        let corrections = betas.map(|beta| 1.0 - f64::from(beta).powf(self.steps as f64));
        let rate = (f64::from(rate) / corrections[0]) as f32;
        let unit = (1.0 / corrections[1].sqrt()) as f32;
        for (parameter, [m, v]) in parameters.iter_mut().zip(&mut self.moments) {
            let Parameter { values, gradient, .. } = &mut **parameter;
            let (Some(values), Some(gradient)) = (values.as_slice_mut(), gradient.as_slice_mut()) else {
                continue;
            };
            // To wake a thread takes longer than a small matrix.
            if values.len() <= CHUNK {
                update(values, gradient, m, v, betas, shorter, rate, unit);
                continue;
            }
            let values = values.par_chunks_mut(CHUNK).zip(gradient.par_chunks_mut(CHUNK));
            let moments = m.par_chunks_mut(CHUNK).zip(v.par_chunks_mut(CHUNK));
            values.zip(moments).for_each(|((values, gradient), (m, v))| {
                update(values, gradient, m, v, betas, shorter, rate, unit);
            });
        }
        Ok(length as f32)
    }
}

for_each_processor! {
    fn update<const LANES: usize>(
        values: &mut [f32], gradient: &mut [f32], m: &mut [f32], v: &mut [f32], betas: [f32; 2], shorter: f32, rate: f32, unit: f32,
    ) {
        let (n, [beta_1, beta_2]) = (values.len(), betas);
        let (gradient, m, v) = (&mut gradient[..n], &mut m[..n], &mut v[..n]);
        // A mean that has faded to nothing is set to nothing: numbers that small make a processor crawl.
        let faded = |x: f32| if x.abs() < 1e-30 { 0.0 } else { x };
        for k in 0..n {
            let g = gradient[k] * shorter;
            m[k] = faded(beta_1 * m[k] + (1.0 - beta_1) * g);
            v[k] = faded(beta_2 * v[k] + (1.0 - beta_2) * g * g);
            values[k] -= rate * m[k] / (v[k].sqrt() * unit + EPSILON);
            gradient[k] = 0.0;
        }
    }
}

for_each_processor! {
    #[allow(clippy::needless_range_loop)] // counted loops become vectors
    fn sum_of_squares<const LANES: usize>(values: &[f32], sum: &mut f64) {
        let mut sums = [0.0f64; 16];
        let (chunks, rest) = values.as_chunks::<16>();
        for chunk in chunks {
            for lane in 0..16 {
                sums[lane] += f64::from(chunk[lane]) * f64::from(chunk[lane]);
            }
        }
        for lane in 0..16 {
            *sum += sums[lane];
        }
        for x in rest {
            *sum += f64::from(*x) * f64::from(*x);
        }
    }
}

/// The learning rate at each step.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Schedule {
    /// Always this.
    Constant(f32),
    /// Up from zero in a straight line to `highest` over the first `warm_up` steps, then along half a cosine down to `lowest`
    /// at step `steps`, and `lowest` from there on (I. Loshchilov and F. Hutter, 2017).
    WarmUpAndCosine {
        /// The rate after the warm-up.
        highest: f32,
        /// The rate in the end.
        lowest: f32,
        /// How many steps it takes to `highest`.
        warm_up: u64,
        /// The step that reaches `lowest`.
        steps: u64,
    },
}

impl Schedule {
    /// The rate of a step, counted from 0.
    pub fn rate(&self, step: u64) -> f32 {
        match *self {
            Schedule::Constant(rate) => rate,
            Schedule::WarmUpAndCosine { highest, warm_up, .. } if step < warm_up => {
                (f64::from(highest) * (step + 1) as f64 / warm_up as f64) as f32
            }
            Schedule::WarmUpAndCosine {
                highest,
                lowest,
                warm_up,
                steps,
            } => {
                let whole = steps.saturating_sub(warm_up).max(1) as f64;
                let done = ((step - warm_up) as f64 / whole).min(1.0);
                let cosine = (1.0 + libm::cos(std::f64::consts::PI * done)) / 2.0;
                (f64::from(lowest) + (f64::from(highest) - f64::from(lowest)) * cosine) as f32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn adam_finds_the_bottom_of_a_valley() {
        let mut x = Parameter::zeros("x", 1, 2);
        x.values = array![[3.0, -2.0]];
        let mut adam = Adam::new(Schedule::Constant(0.05)).with_longest(1.0);
        for step in 0..1000 {
            // The valley 50 (a - 1)² + (b - 2)², steep across and flat along.
            let (a, b) = (x.values[[0, 0]] - 1.0, x.values[[0, 1]] - 2.0);
            x.gradient = array![[100.0 * a, 2.0 * b]];
            let length = adam.step(&mut [&mut x]).unwrap();
            assert!(
                step > 0 || (length - 200.16).abs() < 0.01,
                "before clipping: {length}"
            );
            assert_eq!(x.gradient, array![[0.0, 0.0]]);
        }
        assert!(
            (x.values[[0, 0]] - 1.0).abs() < 1e-3 && (x.values[[0, 1]] - 2.0).abs() < 1e-3,
            "{}",
            x.values
        );
        assert_eq!(adam.steps(), 1000);
    }

    #[test]
    fn beta_1_says_how_much_of_the_mean_is_kept() {
        // After the gradients 1 and -1 the mean is that of the last alone, or a little of both.
        let after = |beta_1: f32| {
            let mut x = Parameter::zeros("x", 1, 1);
            let mut adam = Adam::new(Schedule::Constant(1.0)).with_beta_1(beta_1);
            let mut moved = 0.0;
            for gradient in [1.0, -1.0] {
                let before = x.values[[0, 0]];
                x.gradient.fill(gradient);
                adam.step(&mut [&mut x]).unwrap();
                moved = x.values[[0, 0]] - before;
            }
            moved
        };
        assert!((after(0.0) - 1.0).abs() < 1e-3);
        assert!((after(0.5) - 1.0 / 3.0).abs() < 1e-3);
        let mut x = Parameter::zeros("x", 1, 1);
        for beta_1 in [1.0, -0.1, f32::NAN] {
            let mut adam = Adam::new(Schedule::Constant(1.0)).with_beta_1(beta_1);
            assert!(adam.step(&mut [&mut x]).is_err());
        }
    }

    #[test]
    fn a_gradient_that_is_no_number_and_other_parameters_are_refused_unharmed() {
        let mut x = Parameter::zeros("x", 1, 2);
        let mut adam = Adam::new(Schedule::Constant(0.1));
        x.gradient = array![[1.0, f32::NAN]];
        let message = adam.step(&mut [&mut x]).unwrap_err().to_string();
        assert!(message.contains("Lower the learning rate"), "{message}");
        assert_eq!((x.values.sum(), adam.steps()), (0.0, 0));
        let mut y = Parameter::zeros("y", 1, 3);
        assert!(adam.step(&mut [&mut y]).is_err());
        assert!(adam.step(&mut [&mut x, &mut y]).is_err());
        y.gradient = array![[1.0]];
        assert!(Adam::new(Schedule::Constant(0.1)).step(&mut [&mut y]).is_err());
    }

    #[test]
    fn the_rate_climbs_and_falls() {
        let schedule = Schedule::WarmUpAndCosine {
            highest: 1.0,
            lowest: 0.1,
            warm_up: 10,
            steps: 110,
        };
        let near = |step, rate: f32| (schedule.rate(step) - rate).abs() < 1e-6;
        assert!(near(0, 0.1) && near(9, 1.0) && near(10, 1.0) && near(60, 0.55) && near(110, 0.1));
        assert!(near(u64::MAX, 0.1));
        let none = Schedule::WarmUpAndCosine {
            highest: 1.0,
            lowest: 0.1,
            warm_up: 0,
            steps: 0,
        };
        assert!(none.rate(0) == 1.0 && none.rate(1) == 0.1);
    }
}
