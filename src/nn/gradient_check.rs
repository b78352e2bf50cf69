//! Whether a hand-written `backward` is right.

use super::parameter::Parameter;
use crate::Result;

/// How far a value is moved. Farther, and the curve is not straight enough; less, and the loss, of seven digits,
/// does not tell the difference.
const STEP: f32 = 0.02;

/// Compares every gradient that `backward` finds with what comes of moving that value a little, and gives the largest
/// difference, relative to the largest gradient of the same parameter (or to a tenth of the largest of all, if that is more:
/// what hardly matters to the loss cannot be told from its rounding).
///
/// `parameters` names what to check; `loss` goes forward and backward once and gives the loss. It has to give the same for the same
/// values: so start from the same state in it, and without dropout. Gradients that are there before are cleared,
/// and afterwards all are zero.
///
/// The estimate is `(8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h`, wrong by `h⁴` only, so that `h` can be large
/// (0.02) against the rounding of single precision. A correct `backward` gives 3e-4 or less, a wrong one 1e-2 or more.
///
/// # Errors
/// Those of `loss`.
pub fn gradient_check<M>(
    model: &mut M,
    parameters: impl Fn(&mut M) -> Vec<&mut Parameter>,
    mut loss: impl FnMut(&mut M) -> Result<f64>,
) -> Result<f64> {
    let clear = |model: &mut M| {
        parameters(model)
            .into_iter()
            .for_each(|one| one.gradient.fill(0.0))
    };
    clear(model);
    loss(model)?;
    let analytic: Vec<Vec<f64>> = parameters(model)
        .iter()
        .map(|parameter| parameter.gradient.iter().copied().map(f64::from).collect())
        .collect();
    let highest = |gradients: &[f64]| {
        gradients
            .iter()
            .fold(0.0f64, |highest, one| highest.max(one.abs()))
    };
    let least = analytic
        .iter()
        .map(|gradients| highest(gradients))
        .fold(0.0, f64::max)
        / 10.0;
    let mut largest = 0.0f64;
    for (number, gradients) in analytic.iter().enumerate() {
        let mut numeric = Vec::with_capacity(gradients.len());
        for place in 0..gradients.len() {
            let mut moved = |steps: f32| -> Result<(f64, f32)> {
                let old = nudge(&mut parameters(model), number, place, |value| {
                    value + steps * STEP
                });
                let at = nudge(&mut parameters(model), number, place, |value| value);
                let found = loss(model)?;
                nudge(&mut parameters(model), number, place, |_| old);
                Ok((found, at))
            };
            // Where it really moved to: single precision rounds.
            let [(f2, x2), (f1, x1), (g1, y1), (g2, y2)] =
                [moved(2.0)?, moved(1.0)?, moved(-1.0)?, moved(-2.0)?];
            let near = (f1 - g1) / f64::from(x1 - y1);
            let far = (f2 - g2) / f64::from(x2 - y2);
            numeric.push((4.0 * near - far) / 3.0);
        }
        let scale = highest(gradients).max(highest(&numeric)).max(least);
        for (analytic, numeric) in gradients.iter().zip(&numeric) {
            let difference = (analytic - numeric).abs() / scale.max(f64::MIN_POSITIVE);
            // A gradient that is no number is as wrong as can be.
            largest = if difference.is_nan() {
                f64::INFINITY
            } else {
                largest.max(difference)
            };
        }
    }
    clear(model);
    Ok(largest)
}

/// Changes one value and gives the old one.
fn nudge(parameters: &mut [&mut Parameter], number: usize, place: usize, to: impl Fn(f32) -> f32) -> f32 {
    match parameters
        .get_mut(number)
        .and_then(|parameter| parameter.values.iter_mut().nth(place))
    {
        Some(value) => std::mem::replace(value, to(*value)),
        None => f32::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// The loss x0² + 3 x1, with its gradient times a factor that is 1 if it is right.
    fn check(factor: f32) -> f64 {
        let mut x = Parameter::zeros("x", 1, 2);
        x.values = array![[0.7, -0.3]];
        let found = gradient_check(
            &mut x,
            |x| vec![x],
            |x| {
                let [a, b] = [x.values[[0, 0]], x.values[[0, 1]]];
                x.gradient += &array![[2.0 * a * factor, 3.0]];
                Ok(f64::from(a).powi(2) + 3.0 * f64::from(b))
            },
        );
        assert!(x.gradient.iter().all(|gradient| *gradient == 0.0));
        assert_eq!(x.values, array![[0.7, -0.3]], "nothing stays moved");
        found.unwrap()
    }

    #[test]
    fn a_right_gradient_passes_and_a_wrong_one_does_not() {
        assert!(check(1.0) < 1e-6);
        assert!(check(0.9) > 1e-2);
        assert_eq!(check(f32::NAN), f64::INFINITY);
    }
}
