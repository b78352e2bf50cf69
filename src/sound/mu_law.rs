//! µ-law: samples as 256 codes, fine where the sound is soft and coarse where it is loud.
//!
//! ```text
//! f(x) = sign(x) ln(1 + 255 |x|) / ln 256        from -1..1 to -1..1; near zero 46 times as steep as a straight line
//! code = round(127.5 (f(x) + 1))                 0 to 255
//! ```
//!
//! Telephones carried speech so (ITU-T G.711, 1972, draws the curve in straight pieces); WaveNet (A. van den Oord et al., 2016) takes the
//! smooth curve. Left out: G.711's own numbering of the codes, which [`wav`](super::wav) reads.

/// How many codes there are.
pub const CODES: usize = 256;

/// The code of silence.
pub const SILENCE: u8 = 128;

const MU: f64 = 255.0;

/// The code of a sample from -1 to 1. What is louder gets the loudest code.
pub fn encode(sample: f32) -> u8 {
    let x = f64::from(sample).clamp(-1.0, 1.0);
    let bent = (libm::log1p(MU * x.abs()) / libm::log1p(MU)).copysign(x);
    (127.5 * (bent + 1.0)).round() as u8
}

/// The sample of a code.
pub fn decode(code: u8) -> f32 {
    sample(f64::from(code)) as f32
}

/// Where one code ends and the next begins: samples from `border(code)` to `border(code + 1)` have this code.
pub fn border(code: usize) -> f64 {
    sample(code as f64 - 0.5)
}

/// The curve back, between codes too.
fn sample(code: f64) -> f64 {
    let bent = code / 127.5 - 1.0;
    (libm::expm1(bent.abs() * libm::log1p(MU)) / MU).copysign(bent)
}

/// A change that lifts high tones before coding, `y(t) = x(t) - a x(t - 1)`: the noise of the codes then falls on both alike, and
/// [`de_emphasised`] takes it away from the high ones with the lift.
pub fn emphasised(samples: &[f32], a: f32) -> Vec<f32> {
    let before = std::iter::once(&0.0).chain(samples);
    samples
        .iter()
        .zip(before)
        .map(|(x, before)| x - a * before)
        .collect()
}

/// The way back: `x(t) = y(t) + a x(t - 1)`.
pub fn de_emphasised(samples: &[f32], a: f32) -> Vec<f32> {
    let mut x = 0.0;
    let next = |y: &f32| {
        x = y + a * x;
        x
    };
    samples.iter().map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_and_soft_ones_lie_close() {
        for code in 0..=255 {
            assert_eq!(encode(decode(code)), code);
            let (low, high) = (border(usize::from(code)), border(usize::from(code) + 1));
            let middle = f64::from(decode(code));
            assert!(low < middle && middle < high, "{code}");
        }
        assert_eq!((encode(0.0), encode(1.0), encode(-1.0)), (SILENCE, 255, 0));
        assert_eq!((encode(7.0), encode(-7.0)), (255, 0));
        let step = |code: u8| decode(code + 1) - decode(code);
        assert!(step(128) < 2e-4 && step(254) > 0.04);
    }

    #[test]
    fn a_sample_is_off_by_a_fiftieth_of_itself_at_most() {
        for x in (1..=100).map(|i| i as f32 / 100.0) {
            assert!((decode(encode(x)) - x).abs() < 0.023 * x + 1e-4, "{x}");
        }
    }

    #[test]
    fn emphasis_is_undone() {
        let x: Vec<f32> = (0..200).map(|i| (0.3 * i as f32).sin()).collect();
        let back = de_emphasised(&emphasised(&x, 0.6), 0.6);
        assert!(x.iter().zip(back).all(|(x, back)| (x - back).abs() < 1e-5));
    }
}
