//! Sound as data: samples at a rate, what makes them, and what can be measured in them.

pub mod instrument;
mod live;
mod loudness;
pub mod mu_law;
mod noise;
mod perform;
mod pitch;
pub mod recorded;
mod resample;
mod room;
mod spectrum;
mod upsample;
pub mod wav;

pub use instrument::Instrument;
pub use live::{Performer, Tone};
pub use loudness::LOUDNESS;
pub use perform::{perform, perform_with};
pub use pitch::{cents, fundamental, partials, repetition};
pub use spectrum::{Spectrogram, Spectrum};
pub use upsample::Upsampler;

use crate::{Error, Result};

/// Samples a second unless told otherwise: 44,100 Hz, as on a compact disc.
pub const RATE: u32 = 44_100;

/// The most samples that a channel is ever grown to: 2^30, nearly seven hours at 44,100 Hz.
const MOST_SAMPLES: usize = 1 << 30;

/// A sound: one channel (mono) or two (left and right) of samples between -1 and 1, so many a second.
#[derive(Clone, PartialEq, Debug)]
pub struct Sound {
    rate: u32,
    /// One or two channels of equal length.
    channels: Vec<Vec<f32>>,
}

impl Sound {
    /// A sound of one channel.
    pub fn mono(rate: u32, samples: Vec<f32>) -> Sound {
        Sound {
            rate: rate.max(1),
            channels: vec![samples],
        }
    }

    /// A sound of two channels; the shorter one is filled up with silence.
    pub fn stereo(rate: u32, mut left: Vec<f32>, mut right: Vec<f32>) -> Sound {
        let frames = left.len().max(right.len());
        left.resize(frames, 0.0);
        right.resize(frames, 0.0);
        Sound {
            rate: rate.max(1),
            channels: vec![left, right],
        }
    }

    /// So many seconds of one channel, whose value at each moment (in seconds) is what `wave` says;
    /// at most 2^30 samples.
    pub fn from_wave(rate: u32, seconds: f64, wave: impl Fn(f64) -> f64) -> Sound {
        let frames = ((seconds.max(0.0) * f64::from(rate)).round() as usize).min(MOST_SAMPLES);
        let sample = |i| wave(i as f64 / f64::from(rate)) as f32;
        Sound::mono(rate, (0..frames).map(sample).collect())
    }

    /// A pure tone: a sine of this frequency (hertz) and amplitude (peak, 0 to 1).
    pub fn sine(hertz: f64, amplitude: f64, seconds: f64) -> Sound {
        let turn = std::f64::consts::TAU * hertz;
        Sound::from_wave(RATE, seconds, |t| amplitude * (turn * t).sin())
    }

    /// Samples a second, in hertz.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// The channels: one, or left and right.
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// How many samples each channel has.
    pub fn frames(&self) -> usize {
        self.channels[0].len()
    }

    /// How long the sound lasts, in seconds.
    pub fn seconds(&self) -> f64 {
        self.frames() as f64 / f64::from(self.rate)
    }

    /// The samples of the sound as one channel: the mean of left and right.
    pub fn mono_samples(&self) -> Vec<f32> {
        match self.channels.as_slice() {
            [left, right] => left.iter().zip(right).map(|(l, r)| (l + r) / 2.0).collect(),
            channels => channels[0].clone(),
        }
    }

    /// The largest distance of any sample from zero.
    pub fn peak(&self) -> f32 {
        let samples = self.channels.iter().flatten();
        samples.fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    /// The root of the mean square of all samples: what a level meter shows.
    pub fn rms(&self) -> f64 {
        let samples = self.channels.iter().flatten();
        let sum: f64 = samples.map(|&sample| f64::from(sample).powi(2)).sum();
        (sum / (self.frames() * self.channels.len()).max(1) as f64).sqrt()
    }

    /// The part between two moments, in seconds.
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Sound {
        let frame =
            |seconds: f64| ((seconds.max(0.0) * f64::from(self.rate)).round() as usize).min(self.frames());
        let (from, to) = (frame(from), frame(to).max(frame(from)));
        let cut = |channel: &Vec<f32>| channel[from..to].to_vec();
        Sound {
            rate: self.rate,
            channels: self.channels.iter().map(cut).collect(),
        }
    }

    /// The same sound, every sample multiplied by `gain`.
    #[must_use]
    pub fn amplified(mut self, gain: f32) -> Sound {
        let samples = self.channels.iter_mut().flatten();
        samples.for_each(|sample| *sample *= gain);
        self
    }

    /// The same sound with its peak at this level in decibels below full scale (-1.0, say).
    /// Silence stays silent.
    #[must_use]
    pub fn normalised(self, decibels: f64) -> Sound {
        let peak = self.peak();
        let gain = 10f32.powf(decibels as f32 / 20.0) / peak;
        if peak == 0.0 || !gain.is_finite() {
            return self;
        }
        self.amplified(gain)
    }

    /// The same sound faded in and out over so many seconds, along half a cosine: no click.
    #[must_use]
    pub fn faded(mut self, fade_in: f64, fade_out: f64) -> Sound {
        let frames = self.frames();
        let length = |seconds: f64| ((seconds.max(0.0) * f64::from(self.rate)) as usize).min(frames);
        let (rise, fall) = (length(fade_in), length(fade_out));
        let curve =
            |i: usize, n: usize| (0.5 - 0.5 * (std::f64::consts::PI * i as f64 / n as f64).cos()) as f32;
        for channel in &mut self.channels {
            for (i, sample) in channel.iter_mut().take(rise).enumerate() {
                *sample *= curve(i, rise);
            }
            for (i, sample) in channel.iter_mut().rev().take(fall).enumerate() {
                *sample *= curve(i, fall);
            }
        }
        self
    }

    /// One channel placed between left (-1), middle (0) and right (1) at constant power.
    #[must_use]
    pub fn panned(&self, place: f32) -> Sound {
        let angle = (place.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
        let samples = self.mono_samples();
        let scaled = |gain: f32| samples.iter().map(|sample| sample * gain).collect();
        Sound::stereo(self.rate, scaled(angle.cos()), scaled(angle.sin()))
    }

    /// Adds another sound, starting at this moment (seconds); grows as needed. A mono sound is
    /// added to both sides of a stereo one; a stereo sound makes this one stereo.
    ///
    /// # Errors
    /// If the rates differ (see [`Sound::resampled`]), or if the sum would have more than 2^30 samples a channel.
    pub fn mix(&mut self, other: &Sound, at: f64) -> Result<()> {
        if other.rate != self.rate {
            return Err(Error::value(
                format!(
                    "A sound at {} Hz cannot be mixed into one at {} Hz",
                    other.rate, self.rate
                ),
                "Bring it to the same rate first, with resampled",
            ));
        }
        let from = (at.max(0.0) * f64::from(self.rate)).round() as usize;
        let frames = self.frames().max(from.saturating_add(other.frames()));
        if frames > MOST_SAMPLES {
            return Err(Error::value(
                format!("A sound cannot be mixed in at {at} seconds: that would take too much memory"),
                "Check the unit: it is seconds, not samples",
            ));
        }
        if other.channels.len() > self.channels.len() {
            self.channels.push(self.channels[0].clone());
        }
        for (i, channel) in self.channels.iter_mut().enumerate() {
            channel.resize(frames, 0.0);
            let source = &other.channels[i.min(other.channels.len() - 1)];
            for (sample, add) in channel[from..].iter_mut().zip(source) {
                *sample += add;
            }
        }
        Ok(())
    }
}

/// An amplitude ratio in decibels: 1 is 0 dB, a half is about -6 dB, nothing is minus infinity.
pub fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.abs().log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_has_the_level_that_theory_says() {
        let sine = Sound::sine(441.0, 0.5, 1.0);
        assert_eq!(sine.frames(), 44_100);
        assert!((sine.rms() - 0.5 / 2f64.sqrt()).abs() < 1e-6);
        assert!((decibels(0.5) + 6.0206).abs() < 1e-4);
        assert!((f64::from(sine.normalised(-1.0).peak()) - 0.891_25).abs() < 1e-4);
    }

    #[test]
    fn a_faded_sound_begins_and_ends_at_zero() {
        let faded = Sound::mono(100, vec![1.0; 100]).faded(0.1, 0.2);
        let samples = &faded.channels()[0];
        assert_eq!((samples[0], samples[50], samples[99]), (0.0, 1.0, 0.0));
        assert_eq!(Sound::mono(100, vec![]).faded(1.0, 1.0).frames(), 0);
    }

    #[test]
    fn mixing_grows_and_widens() {
        let mut sound = Sound::mono(10, vec![0.25; 5]);
        sound.mix(&Sound::mono(10, vec![1.0]), 1.0).unwrap();
        assert_eq!(sound.frames(), 11);
        sound.mix(&Sound::stereo(10, vec![0.5], vec![0.0]), 0.0).unwrap();
        assert_eq!((sound.channels()[0][0], sound.channels()[1][0]), (0.75, 0.25));
        assert!(sound.mix(&Sound::mono(11, vec![]), 0.0).is_err());
        for at in [1e12, f64::INFINITY] {
            assert!(sound.mix(&Sound::mono(10, vec![1.0]), at).is_err(), "{at}");
        }
    }

    #[test]
    fn a_sound_too_soft_to_normalise_stays_what_it_is() {
        for soft in [0.0, 1e-45, f32::NAN] {
            let sound = Sound::mono(10, vec![0.0, soft]).normalised(-1.0);
            assert_eq!(sound.channels()[0][0], 0.0, "{soft}");
        }
    }
}
