//! The struck bar, free at both ends: a vibraphone's, a glockenspiel's, a wind chime's.
//!
//! The theory of Euler and Bernoulli gives its modes (Fletcher & Rossing, *The Physics of Musical Instruments*,
//! 1998, §2.15): their frequencies are as the squares of 4.730, 7.853, 10.996 …, nowhere near whole multiples.

use super::modes::{Mode, ring};
use super::noise;

/// The roots k of cos k · cosh k = 1: how much each mode's shape bends along the bar.
pub const ROOTS: [f64; 5] = [
    4.730_040_745,
    7.853_204_624,
    10.995_607_838,
    14.137_165_491,
    17.278_759_657,
];

/// The frequency of the mode with this root, as a multiple of the first: 1, 2.757, 5.404, 8.933, 13.344.
pub fn ratio(root: f64) -> f64 {
    (root / ROOTS[0]).powi(2)
}

/// How far a mode moves at a place along the bar (0 to 1), as a part of its motion at the ends. A bar struck at a
/// node of a mode does not sound it; a bar hung by the nodes of its first mode (0.224 from each end) lets it ring.
pub fn shape_at(root: f64, place: f64) -> f64 {
    let along = root * place.clamp(0.0, 1.0);
    let bend = (root.cosh() - root.cos()) / (root.sinh() - root.sin());
    (along.cosh() + along.cos() - bend * (along.sinh() + along.sin())) / 2.0
}

/// The modes of a bar whose first sounds at `hertz` and falls by 60 dB in `decay` seconds, the others faster
/// the higher they are. `place` is where it is struck, 0 (one end) to 1; `force`, 0 to 1, how hard: a hard stroke is
/// short and wakes the high modes.
pub(super) fn modes(hertz: f64, decay: f64, place: f64, force: f64) -> [Mode; 5] {
    // A mallet that touches for so many seconds wakes little above one over that. Lower bars get softer mallets.
    let contact = (0.002_4 - 0.001_4 * force.clamp(0.0, 1.0)) * (440.0 / hertz).powf(0.8);
    ROOTS.map(|root| {
        let ratio = ratio(root);
        let soft = 1.0 / (1.0 + ((ratio - 1.0) * hertz * contact).powi(2));
        Mode {
            hertz: ratio * hertz,
            amplitude: shape_at(root, place) * soft,
            decay: decay / ratio,
        }
    })
}

/// A vibraphone's bar struck in its middle part with `force` (0 to 1), until it has rung out.
pub(super) fn strike(hertz: f64, force: f64, rate: u32) -> Vec<f32> {
    let decay = (2.8 * (440.0 / hertz).sqrt()).clamp(0.4, 5.0);
    let mut samples = ring(&modes(hertz, decay, 0.42, force), 6.0, rate);
    let knock = (3.0 * hertz).clamp(400.0, 3000.0);
    noise::burst(&mut samples, 0.25 * force, knock, 0.8, 0.02, rate);
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Sound, cents, partials};

    #[test]
    fn the_ratios_are_those_of_euler_and_bernoulli() {
        for (ratio, book) in ROOTS
            .map(ratio)
            .into_iter()
            .zip([1.0, 2.756, 5.404, 8.933, 13.344])
        {
            assert!((ratio - book).abs() < 1e-3, "{ratio}");
        }
        for root in ROOTS {
            assert!((root.cos() - 1.0 / root.cosh()).abs() < 1e-8, "{root} is a root");
        }
    }

    #[test]
    fn each_mode_rings_at_its_frequency() {
        let sound = Sound::mono(44_100, ring(&modes(600.0, 3.0, 0.0, 1.0), 3.0, 44_100));
        let theory = ROOTS.map(|root| 600.0 * ratio(root));
        for (measured, theory) in partials(&sound, &theory).into_iter().zip(theory) {
            assert!(cents(theory, measured.unwrap()).abs() < 0.5, "{theory} Hz");
        }
    }

    #[test]
    fn a_bar_struck_at_a_node_does_not_sound_that_mode() {
        assert!(shape_at(ROOTS[0], 0.2242).abs() < 1e-3, "where it hangs");
        assert!(
            shape_at(ROOTS[1], 0.5).abs() < 1e-6,
            "the second mode stands still in the middle"
        );
        assert!((shape_at(ROOTS[0], 0.0) - 1.0).abs() < 1e-9, "the ends move most");
    }
}
