//! A string in the wind that hears itself through 256 codes, so that the chance of each next code is known exactly.
//!
//! A delay line as long as a period feeds itself back (K. Karplus and A. Strong, 1983), and the wind pushes it at random. What comes out
//! is µ-law-coded, and the *code* goes back in. So the next sample is normally distributed, around a mean that follows from the codes
//! heard, and the code of it has the probability of the stretch between two borders. No model can be less surprised in the mean than one
//! that knows this: it is the floor under them all.
//!
//! ```text
//! mean      = g (a x(t - P - 1) + (1 - 2 a) x(t - P) + a x(t - P + 1))      P the period; between two samples, a straight line
//! deviation = sqrt(wind² + step²)                                        step: how wide the code at the mean is
//! ```

use crate::predict::Predictor;
use crate::sound::mu_law::{self, CODES, SILENCE};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// How far the lowest pitch goes down, in hertz.
const LOWEST: f64 = 25.0;

/// What the string is like.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CodedString {
    /// Samples a second.
    pub rate: u32,
    /// `a`: how much each moment of the loop hears of its neighbours; more is duller.
    pub side: f64,
    /// Seconds in which a tone falls by 60 decibels without wind.
    pub decay: f64,
    /// The standard deviation of the wind's push at each sample.
    pub wind: f64,
}

impl Default for CodedString {
    /// 8,000 samples a second; bright; six seconds; a soft wind.
    fn default() -> CodedString {
        CodedString {
            rate: 8000,
            side: 0.02,
            decay: 6.0,
            wind: 0.01,
        }
    }
}

impl CodedString {
    /// The string at rest.
    pub fn at_rest(self) -> Blown {
        let longest = (f64::from(self.rate) / LOWEST) as usize + 4;
        let mut blown = Blown {
            string: self,
            line: vec![0.0; longest],
            at: 0,
            taps: [0.0; 4],
            delay: 1,
        };
        blown.tune(440.0);
        blown
    }
}

/// A string in the wind: it draws codes, and is a [`Predictor`] of them that knows all there is to know.
#[derive(Clone, PartialEq, Debug)]
pub struct Blown {
    string: CodedString,
    /// The latest samples, as they were decoded: a ring.
    line: Vec<f64>,
    at: usize,
    taps: [f64; 4],
    /// The delay of the first tap, the nearest, in samples.
    delay: usize,
}

impl Blown {
    /// A finger puts the string to this pitch, in hertz, from 25 to a quarter of the rate.
    pub fn tune(&mut self, hertz: f64) {
        let rate = f64::from(self.string.rate);
        let hertz = hertz.clamp(LOWEST, rate / 4.0);
        let period = rate / hertz;
        let (whole, part) = (period.floor(), period.fract());
        let gain = 10f64.powf(-3.0 * period / (self.string.decay.max(1e-3) * rate));
        let (a, b) = (gain * self.string.side, gain * (1.0 - 2.0 * self.string.side));
        // Three taps of the loop, between two samples each.
        self.taps = [
            a * (1.0 - part),
            a * part + b * (1.0 - part),
            b * part + a * (1.0 - part),
            a * part,
        ];
        self.delay = whole as usize - 1;
    }

    /// The mean of the next sample, and its standard deviation.
    pub fn expected(&self) -> (f64, f64) {
        let length = self.line.len();
        let before = |delay: usize| self.line[(self.at + length - delay) % length];
        let taps = self.taps.iter().zip(self.delay..);
        let mean: f64 = taps.map(|(tap, delay)| tap * before(delay)).sum();
        let code = usize::from(mu_law::encode(mean as f32));
        let step = mu_law::border(code + 1) - mu_law::border(code);
        (mean, self.string.wind.hypot(step))
    }

    /// Draws the next code, and hears it.
    pub fn draw(&mut self, rng: &mut impl Rng) -> u8 {
        let (mean, deviation) = self.expected();
        let push: f64 = rng.sample(StandardNormal);
        let code = mu_law::encode((mean + deviation * push) as f32);
        self.hear(usize::from(code));
        code
    }
}

impl Predictor for Blown {
    fn alphabet(&self) -> usize {
        CODES
    }

    /// Puts the string to rest; the pitch stays.
    fn forget(&mut self) {
        self.line.fill(0.0);
    }

    /// Hears a code; one above 255 as silence.
    fn hear(&mut self, symbol: usize) {
        let code = u8::try_from(symbol).unwrap_or(SILENCE);
        self.line[self.at] = f64::from(mu_law::decode(code));
        self.at = (self.at + 1) % self.line.len();
    }

    fn predict(&mut self, probabilities: &mut [f64]) {
        let (mean, deviation) = self.expected();
        // How much of the normal distribution lies above each border; the outermost codes take all that is beyond.
        let above = |code: usize| match code {
            0 => 1.0,
            CODES.. => 0.0,
            _ => 0.5 * libm::erfc((mu_law::border(code) - mean) / (deviation * std::f64::consts::SQRT_2)),
        };
        let mut from = above(0);
        for (code, probability) in probabilities.iter_mut().enumerate() {
            let to = above(code + 1);
            // Far out two shares are equal to the last digit: then what is left is a crumb, not nothing.
            *probability = (from - to).max(1e-300);
            from = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::surprises;
    use crate::sound::{Sound, cents, repetition};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn it_is_in_tune() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for hertz in [196.0, 261.63, 440.0, 783.99] {
            let mut string = CodedString::default().at_rest();
            string.tune(hertz);
            let samples = (0..8000).map(|_| mu_law::decode(string.draw(&mut rng))).collect();
            let found = repetition(&Sound::mono(8000, samples)).unwrap();
            assert!(cents(hertz, found).abs() < 10.0, "{hertz} {found}");
        }
    }

    #[test]
    fn codes_come_as_often_as_it_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut string = CodedString::default().at_rest();
        for _ in 0..3000 {
            string.draw(&mut rng);
        }
        let mut probabilities = [0.0; CODES];
        string.predict(&mut probabilities);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let mut counts = [0.0; CODES];
        for _ in 0..20_000 {
            counts[usize::from(string.clone().draw(&mut rng))] += 1.0;
        }
        for (count, probability) in counts.iter().zip(probabilities) {
            let expected = 20_000.0 * probability;
            assert!(
                (count - expected).abs() < 5.0 * expected.sqrt() + 3.0,
                "{count} {expected}"
            );
        }
    }

    #[test]
    fn its_surprise_is_what_its_entropy_says() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut string = CodedString::default().at_rest();
        let (mut codes, mut entropy, mut probabilities) = (Vec::new(), 0.0, [0.0; CODES]);
        for _ in 0..8000 {
            string.predict(&mut probabilities);
            entropy -= probabilities.iter().map(|p| p * p.log2()).sum::<f64>();
            codes.push(usize::from(string.draw(&mut rng)));
        }
        let bits: f64 = surprises(&mut CodedString::default().at_rest(), &codes)
            .unwrap()
            .iter()
            .sum();
        assert!(
            (bits - entropy).abs() / 8000.0 < 0.03,
            "{} {}",
            bits / 8000.0,
            entropy / 8000.0
        );
    }
}
