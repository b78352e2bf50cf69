use super::{MOST_SAMPLES, Sound};
use crate::{Error, Result};
use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{
    Async, FixedAsync, Resampler, SincInterpolationParameters, SincInterpolationType, WindowFunction,
    calculate_cutoff,
};

/// The rates that can be converted between, in hertz.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Length of the filter in samples at the lower of the two rates. Longer keeps more of the highest
/// frequencies; this keeps all below 96% of the lower rate's half (tested).
const LENGTH: usize = 704;
/// The most entries that the filter's table has for each of those samples.
const TABLE: u64 = 1024;
/// Its sidelobes lie below -140 decibels (tested).
const WINDOW: WindowFunction = WindowFunction::BlackmanHarris2;

impl Sound {
    /// The same sound at another rate (hertz): as long as before, with `frames * rate / old rate`
    /// samples, rounded, and nothing delayed. What the new rate cannot hold is filtered out.
    ///
    /// # Errors
    /// If either rate lies outside 1,000 to 768,000 Hz, or if the result would have more than 2^30 samples a channel.
    pub fn resampled(&self, rate: u32) -> Result<Sound> {
        if rate == self.rate {
            return Ok(self.clone());
        }
        if let Some(wrong) = [self.rate, rate].into_iter().find(|rate| !RATES.contains(rate)) {
            return Err(Error::value(
                format!(
                    "A sound cannot be brought from {} Hz to {rate} Hz: {wrong} Hz is out of range",
                    self.rate
                ),
                "Choose a rate from 1000 to 768000 Hz; 44100 is usual",
            ));
        }
        let (old, new) = (u64::from(self.rate), u64::from(rate));
        let frames = (2 * self.frames() as u64 * new + old) / (2 * old); // rounded half up
        if frames > MOST_SAMPLES as u64 {
            return Err(Error::value(
                format!(
                    "{:.0} seconds at {rate} Hz are more than {MOST_SAMPLES} samples",
                    self.seconds()
                ),
                "Cut out the part you need first, with part",
            ));
        }
        if frames == 0 {
            let channels = vec![Vec::new(); self.channels.len()];
            return Ok(Sound { rate, channels });
        }
        let channels = self.converted(rate).map_err(|problem| {
            let what = format!(
                "A sound cannot be brought from {} Hz to {rate} Hz: {problem}",
                self.rate
            );
            Error::value(what, "Choose a usual rate, such as 44100 Hz")
        })?;
        let exact = |mut samples: Vec<f32>| {
            samples.resize(frames as usize, 0.0);
            samples
        };
        Ok(Sound {
            rate,
            channels: channels.into_iter().map(exact).collect(),
        })
    }

    /// The channels at the new rate, perhaps some samples longer than asked for.
    fn converted(&self, rate: u32) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error>> {
        let plan = Plan::new(self.rate, rate);
        let ratio = f64::from(rate) / f64::from(self.rate);
        let count = self.channels.len();
        // In f64, since rubato sums its whole table to scale it: in f32 that costs 20 decibels.
        let mut resampler =
            Async::<f64>::new_sinc(ratio, 1.0, &plan.filter, plan.length, count, FixedAsync::Input)?;
        let trimmed = resampler.output_delay(); // what process_all leaves out at the front
        let (front, skipped) = plan.padding(trimmed);
        let frames = front + self.frames() + plan.length;
        let padded = |samples: &Vec<f32>| {
            let mut padded = vec![0.0; front];
            padded.extend(samples.iter().copied().map(f64::from));
            padded.resize(frames, 0.0);
            padded
        };
        let padded: Vec<Vec<f64>> = self.channels.iter().map(padded).collect();
        let input = SequentialSliceOfVecs::new(&padded, count, frames)?;
        let interleaved = resampler.process_all(&input, frames, None)?.take_data();
        let channel = |c: usize| {
            let samples = interleaved.iter().skip(c).step_by(count);
            samples
                .skip(skipped - trimmed)
                .map(|&sample| sample as f32)
                .collect()
        };
        Ok((0..count).map(channel).collect())
    }
}

/// How one rate becomes another: a windowed sinc, tabulated at fractions of a sample.
struct Plan {
    /// The rates without their common divisor: so many samples out for so many in.
    unit: u64,
    unit_out: u64,
    /// Of the filter, in samples of the input; even.
    length: usize,
    filter: SincInterpolationParameters,
}

impl Plan {
    fn new(old: u32, new: u32) -> Plan {
        let divisor = greatest_common_divisor(old, new);
        let (unit, unit_out) = (old / divisor, new / divisor);
        let slower = u64::from(old.min(new));
        let length = (LENGTH as u64 * u64::from(old))
            .div_ceil(slower)
            .next_multiple_of(8) as usize;
        // Every moment of the output lies a multiple of 1 / unit_out after a sample of the input. As
        // many entries a sample, and each is met exactly; where that would be too large a table, some
        // number near to a divisor, and the filter is interpolated between its entries.
        let most = (TABLE * slower / u64::from(old)).clamp(1, u64::from(unit_out));
        let entries = (most.div_ceil(2)..=most)
            .rev()
            .min_by_key(|entries| u64::from(unit_out) % entries);
        let entries = entries.unwrap_or(most);
        let filter = SincInterpolationParameters {
            sinc_len: length,
            f_cutoff: Some(calculate_cutoff(LENGTH, WINDOW)), // of the slower rate's half
            oversampling_factor: entries as usize,
            interpolation: if entries == u64::from(unit_out) {
                SincInterpolationType::Nearest
            } else {
                SincInterpolationType::Cubic
            },
            window: WINDOW,
        };
        Plan {
            unit: unit.into(),
            unit_out: unit_out.into(),
            length,
            filter,
        }
    }

    /// How many zeros go before the input, and how many samples of the output are skipped, `least` or more, so that the first of the rest falls on the input's first sample.
    ///
    /// Sample `k` of rubato's output stands for the moment `(k + 1) unit / unit_out - length / 2 + 1 / entries`
    /// of its input, in samples. The last term is a multiple of `1 / unit_out`, to a millionth of a sample or so.
    fn padding(&self, least: usize) -> (usize, usize) {
        let step = self.unit_out / self.filter.oversampling_factor as u64;
        let moment = |k: u64| (k + 1) * self.unit + step; // in parts of a sample, unit_out to each
        let least = least as u64;
        let skipped = (least..least + self.unit_out).find(|&k| moment(k).is_multiple_of(self.unit_out));
        let skipped = skipped.unwrap_or(least); // one is found: the units have no common divisor
        let front = (moment(skipped) / self.unit_out).saturating_sub(self.length as u64 / 2);
        (front as usize, skipped as usize)
    }
}

/// Euclid's algorithm.
fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::decibels;
    use std::f64::consts::TAU;

    fn wave(rate: u32, hertz: f64, seconds: f64) -> Sound {
        Sound::from_wave(rate, seconds, |t| 0.5 * (TAU * hertz * t).sin())
    }

    /// The largest error against the ideal, in decibels of the amplitude, away from both ends.
    fn error(from: u32, to: u32, hertz: f64) -> f64 {
        let (made, ideal) = (
            wave(from, hertz, 0.5).resampled(to).unwrap(),
            wave(to, hertz, 0.5),
        );
        let pairs = made.channels[0].iter().zip(&ideal.channels[0]);
        let margin = to as usize / 8;
        let middle = pairs.skip(margin).take(to as usize / 4);
        decibels(middle.map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max) / 0.5)
    }

    #[test]
    fn a_sine_is_the_same_sine_at_any_other_rate() {
        for (from, to) in [
            (48_000, 44_100),
            (44_100, 48_000),
            (44_100, 22_050),
            (8000, 44_100),
            (96_000, 16_000),
            (44_100, 44_099),
            (11_025, 192_000),
        ] {
            let error = error(from, to, 1000.0);
            println!("{from} Hz to {to} Hz: {error:.1} dB");
            assert!(error < -130.0, "{from} Hz to {to} Hz: {error:.1} dB");
        }
    }

    #[test]
    fn high_tones_pass_below_half_the_rate_and_vanish_above() {
        let (passes, error) = (0.96 * 22_050.0, error(48_000, 44_100, 0.96 * 22_050.0));
        println!("{passes} Hz: {error:.1} dB");
        assert!(error < -130.0, "{error}");
        let above = wave(48_000, 22_500.0, 0.5)
            .resampled(44_100)
            .unwrap()
            .part(0.1, 0.4);
        let left = decibels(f64::from(above.peak()) / 0.5);
        println!("above: {left:.1} dB");
        assert!(left < -140.0, "{left}");
    }

    #[test]
    fn both_channels_keep_their_place_in_time() {
        let click = |at: usize| {
            let mut samples = vec![0.0; 10_000];
            samples[at] = 1.0;
            samples
        };
        let sound = Sound::stereo(48_000, click(4800), click(9600))
            .resampled(24_000)
            .unwrap();
        let loudest =
            |samples: &Vec<f32>| (0..samples.len()).max_by(|&a, &b| samples[a].total_cmp(&samples[b]));
        let places: Vec<_> = sound.channels.iter().map(loudest).collect();
        assert_eq!((sound.frames(), places), (5000, vec![Some(2400), Some(4800)]));
    }

    #[test]
    fn short_sounds_keep_their_length() {
        for frames in [0, 1, 2, 3, 160, 161, 5000] {
            for rate in [8000, 22_050, 44_101, 96_000] {
                let sound = Sound::mono(48_000, vec![0.5; frames]).resampled(rate).unwrap();
                let expected = (frames as f64 * f64::from(rate) / 48_000.0).round() as usize;
                assert_eq!((sound.frames(), sound.rate()), (expected, rate), "{frames}");
                assert!(sound.peak().is_finite());
            }
        }
        assert_eq!(
            Sound::mono(7, vec![0.5]).resampled(7).unwrap().frames(),
            1,
            "nothing to do"
        );
    }

    #[test]
    fn absurd_rates_are_refused_with_what_is_possible() {
        let sound = Sound::sine(440.0, 0.5, 0.1);
        for rate in [0, 1, 999, 4_000_000_000, u32::MAX] {
            let message = sound.resampled(rate).unwrap_err().to_string();
            assert!(message.contains("from 1000 to 768000 Hz"), "{message}");
        }
        assert!(Sound::mono(1, vec![0.0; 9]).resampled(44_100).is_err());
    }
}
