//! Curves for many numbers at once: the exponential function, and what is built on it.
//!
//! The standard library's function handles one number at a time; this one as many as the processor can. Errors: `exp` 2e-7 of
//! its value, the others 3e-7.

use super::processor::{for_each_processor, multiply_add};

/// `e^x`. With `n` whole and `r` at most half of `ln 2`, `e^(n ln 2 + r) = 2^n e^r`: the first is written straight into
/// the bits of the exponent, the second is the series `1 + r + r²/2! + …`
#[inline(always)]
pub(crate) fn exp<const LANES: usize>(x: f32) -> f32 {
    // ln 2 in two parts, the first with few digits, so that n times it is exact.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    // Near 1.5 · 2^23 there are no fractions: adding it rounds, and leaves n in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0); // no further: the result would not be an ordinary number
    let shifted = multiply_add::<LANES>(x, std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = multiply_add::<LANES>(n, -LN_2_HIGH, x);
    let r = multiply_add::<LANES>(n, -LN_2_LOW, r);
    let mut series = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = multiply_add::<LANES>(series, r, coefficient);
    }
    let power_of_two = f32::from_bits(shifted.to_bits().wrapping_shl(23).wrapping_add(127 << 23));
    series * power_of_two
}

/// `1 / (1 + e^-x)`: from 0 to 1, at 0 one half.
#[inline(always)]
pub(crate) fn sigmoid_of<const LANES: usize>(x: f32) -> f32 {
    1.0 / (1.0 + exp::<LANES>(-x))
}

/// From -1 to 1, at 0 zero.
#[inline(always)]
pub(crate) fn tanh_of<const LANES: usize>(x: f32) -> f32 {
    1.0 - 2.0 / (1.0 + exp::<LANES>(2.0 * x))
}

for_each_processor! {
    /// Replaces each number by its sigmoid, `1 / (1 + e^-x)`.
    pub fn sigmoid<const LANES: usize>(values: &mut [f32]) {
        for x in values {
            *x = sigmoid_of::<LANES>(*x);
        }
    }
}

for_each_processor! {
    /// Replaces each number by its hyperbolic tangent.
    pub fn tanh<const LANES: usize>(values: &mut [f32]) {
        for x in values {
            *x = tanh_of::<LANES>(*x);
        }
    }
}

for_each_processor! {
    /// Replaces each number by `e` to its power.
    pub fn exponential<const LANES: usize>(values: &mut [f32]) {
        for x in values {
            *x = exp::<LANES>(*x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_curves_are_those_of_the_standard_library() {
        let x: Vec<f32> = (-40_000..=40_000).map(|i| i as f32 / 2_000.0).collect();
        let (mut e, mut s, mut t) = (x.clone(), x.clone(), x.clone());
        exponential(&mut e);
        sigmoid(&mut s);
        tanh(&mut t);
        for (((x, e), s), t) in x.iter().map(|x| f64::from(*x)).zip(e).zip(s).zip(t) {
            assert!((f64::from(e) / x.exp() - 1.0).abs() < 2e-7, "exp {x} {e}");
            assert!(
                (f64::from(s) - 1.0 / (1.0 + (-x).exp())).abs() < 3e-7,
                "sigmoid {x} {s}"
            );
            assert!((f64::from(t) - x.tanh()).abs() < 3e-7, "tanh {x} {t}");
        }
    }

    #[test]
    fn the_curves_hold_at_the_ends_and_pass_on_what_is_no_number() {
        let mut ends = [f32::NEG_INFINITY, -1e30, 1e30, f32::INFINITY];
        tanh(&mut ends);
        assert_eq!(ends, [-1.0, -1.0, 1.0, 1.0]);
        let mut none = [f32::NAN; 3];
        exponential(&mut none[..1]);
        sigmoid(&mut none[1..2]);
        tanh(&mut none[2..]);
        assert!(none.iter().all(|value| value.is_nan()));
    }
}
