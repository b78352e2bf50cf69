//! Loudness as broadcasters measure it, so that every performance in the book is as loud as the next.
//!
//! The measure is that of EBU R 128 and ITU-R BS.1770: the power, in which low frequencies count less, of blocks of
//! 400 ms, of which the silent and the very soft ones do not count. Its unit is the LUFS, a decibel below full scale.

use super::Sound;
use ebur128::{EbuR128, Mode};

/// The loudness of every performance, in LUFS. A piano or a wind chime, whose strokes rise high above its loudness,
/// still reaches it with its peaks below -1 dB, so nothing has to be pressed down by a limiter.
pub const LOUDNESS: f64 = -20.0;

/// The peak that no performance exceeds, in decibels below full scale.
const HIGHEST: f64 = -1.0;

/// Seconds in a block, the least that can be measured.
const BLOCK: f64 = 0.4;

impl Sound {
    /// How loud the sound is, in LUFS (EBU R 128). A sound shorter than 400 ms is measured as if silence followed.
    /// None if it is softer than -70 LUFS, or has a sample that is no number or a rate that no meter knows.
    pub fn loudness(&self) -> Option<f64> {
        let mut meter = EbuR128::new(self.channels.len() as u32, self.rate, Mode::I).ok()?;
        let channels: Vec<&[f32]> = self.channels.iter().map(Vec::as_slice).collect();
        meter.add_frames_planar_f32(&channels).ok()?;
        let block = (BLOCK * f64::from(self.rate)).ceil() as usize;
        let silence = vec![0.0; block.saturating_sub(self.frames())];
        meter
            .add_frames_planar_f32(&vec![silence.as_slice(); channels.len()])
            .ok()?;
        meter
            .loudness_global()
            .ok()
            .filter(|loudness| loudness.is_finite())
    }

    /// The same sound at the loudness of every performance, [`LOUDNESS`]; softer if its peak would come above -1 dB.
    /// Silence stays silent.
    #[must_use]
    pub fn levelled(self) -> Sound {
        let highest = self.normalised(HIGHEST); // else the meter might not notice it at all
        match highest.loudness() {
            Some(loudness) if loudness > LOUDNESS => {
                highest.amplified(10f32.powf((LOUDNESS - loudness) as f32 / 20.0))
            }
            _ => highest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{RATE, decibels};

    #[test]
    fn a_sine_is_as_loud_as_the_standard_says() {
        // BS.1770: a sine of 997 Hz at full scale in one channel is at -3.01 LUFS.
        let loudness = Sound::sine(997.0, 1.0, 5.0).loudness().unwrap();
        assert!((loudness + 3.01).abs() < 0.02, "{loudness}");
        let sine = Sound::sine(1000.0, 0.1, 5.0).channels()[0].clone();
        // EBU Tech 3341: a sine of 1 kHz at -23 dB in both channels is at -23 LUFS.
        let both = Sound::stereo(RATE, sine.clone(), sine).normalised(-23.0);
        assert!((both.loudness().unwrap() + 23.0).abs() < 0.1);
        // So that it comes out alike however it was given.
        let levelled = both.levelled();
        assert!((levelled.loudness().unwrap() - LOUDNESS).abs() < 0.01);
    }

    #[test]
    fn what_rises_high_above_its_loudness_is_softer_rather_than_clipped() {
        let clicks = Sound::from_wave(RATE, 3.0, |t| if t % 1.0 < 0.001 { 0.01 } else { 0.0 }).levelled();
        assert!((decibels(clicks.peak().into()) + 1.0).abs() < 0.01);
        assert!(clicks.loudness().unwrap() < LOUDNESS - 5.0);
    }

    #[test]
    fn short_soft_and_senseless_sounds_are_levelled_too() {
        let short = Sound::sine(440.0, 0.5, 0.1).levelled();
        assert!((short.loudness().unwrap() - LOUDNESS).abs() < 0.1);
        let soft = Sound::sine(440.0, 1e-9, 1.0).levelled();
        assert!((soft.loudness().unwrap() - LOUDNESS).abs() < 0.1);
        let silent = Sound::mono(RATE, vec![0.0; 9]);
        assert_eq!((silent.loudness(), silent.clone().levelled()), (None, silent));
        for rate in [1, u32::MAX] {
            let strange = Sound::mono(rate, vec![0.5, -0.5, 0.25]);
            assert_eq!(strange.loudness(), None, "{rate}");
            assert!((decibels(strange.levelled().peak().into()) + 1.0).abs() < 0.01);
        }
        let broken = Sound::mono(RATE, vec![0.5, f32::NAN]);
        assert_eq!((broken.loudness(), broken.levelled().frames()), (None, 2));
        assert_eq!(Sound::mono(RATE, vec![]).levelled().frames(), 0);
    }
}
