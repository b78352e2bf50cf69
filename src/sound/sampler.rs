//! A recorded tone, played at other pitches.

use super::{Sound, fundamental, repetition};
use crate::{Error, Result};

/// A tone that was recorded once and is played faster for higher pitches and slower for lower ones, as a sampler does. Everything else
/// moves along with the pitch: a tone an octave higher is half as long.
#[derive(Clone, PartialEq, Debug)]
pub struct Sampler {
    /// One channel, from its onset to where it has faded.
    sound: Sound,
    hertz: f64,
}

/// What is softer than this against the peak, before and after a tone, is silence.
const SILENCE: f32 = 0.01;

/// A tone is at least so many seconds long.
const SHORTEST: f64 = 0.1;

impl Sampler {
    /// From a recording of one tone: its pitch is measured, silence before and after it is cut away.
    ///
    /// # Errors
    /// If nothing is there but silence, it is shorter than a tenth of a second, or no pitch can be heard.
    pub fn new(recording: &Sound) -> Result<Sampler> {
        let samples = recording.mono_samples();
        let sounds = |sample: &f32| sample.abs() > SILENCE * recording.peak();
        let from = samples.iter().position(sounds).unwrap_or(samples.len());
        let to = samples.iter().rposition(sounds).map_or(from, |last| last + 1);
        let sound = Sound::mono(recording.rate(), samples[from..to].to_vec());
        let place = format!("{:.2} s that are no silence", sound.seconds());
        if sound.seconds() < SHORTEST {
            let remedy = "Give one tone that lasts, best for a second";
            return Err(Error::format(place, "that is too short for a tone", remedy));
        }
        // Of a breathy tone only the second ruler knows the pitch.
        match fundamental(&sound).or_else(|| repetition(&sound.part(0.05, 0.35))) {
            Some(hertz) => Ok(Sampler { sound, hertz }),
            None => Err(Error::format(
                place,
                "no pitch can be heard",
                "Give one tone of one instrument, not a chord, a beat or speech",
            )),
        }
    }

    /// The pitch of the recording, in hertz.
    pub fn hertz(&self) -> f64 {
        self.hertz
    }

    /// The tone at this pitch and rate (both in hertz).
    ///
    /// # Errors
    /// If the pitch is so far from the recording's that its samples cannot be brought to it.
    pub fn tone(&self, hertz: f64, rate: u32) -> Result<Sound> {
        let faster = (f64::from(self.sound.rate()) * hertz / self.hertz).round() as u32;
        let again = Sound::mono(faster, self.sound.mono_samples());
        again.resampled(rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Instrument, cents};

    fn recorded(instrument: Instrument) -> Sound {
        let tone = Sound::mono(44_100, instrument.tone(220.0, 1.0, 90, 44_100));
        let mut recording = Sound::mono(44_100, vec![0.0; 20_000]);
        recording.mix(&tone, 0.4).unwrap();
        recording
    }

    #[test]
    fn a_recording_plays_at_any_pitch_from_its_onset_on() {
        for instrument in [Instrument::PluckedString, Instrument::Pipe, Instrument::Bowed] {
            let sampler = Sampler::new(&recorded(instrument)).unwrap();
            assert!(cents(220.0, sampler.hertz()).abs() < 2.0);
            for hertz in [130.0, 261.6, 392.0] {
                let tone = sampler.tone(hertz, 8000).unwrap();
                let off = cents(hertz, fundamental(&tone).unwrap());
                assert!(off.abs() < 3.0, "{instrument:?} {hertz}: {off}");
                assert!(tone.part(0.0, 0.03).peak() > 0.0);
                let longest = 1.3 * 220.0 / hertz;
                assert!(
                    (0.3 * longest..longest).contains(&tone.seconds()),
                    "{}",
                    tone.seconds()
                );
            }
        }
    }

    #[test]
    fn what_is_no_tone_is_refused_with_a_word() {
        let refused = |sound: Sound, why: &str| {
            let message = Sampler::new(&sound).unwrap_err().to_string();
            assert!(message.contains(why), "{message}");
        };
        refused(Sound::mono(8000, vec![]), "too short");
        refused(Sound::mono(8000, vec![0.0; 9000]), "too short");
        refused(Sound::mono(8000, vec![f32::NAN; 9000]), "too short");
        refused(Sound::sine(440.0, 0.5, 0.05), "too short");
        let mut number = 1u32;
        let noise = (0..9000).map(|_| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            number as f32 / u32::MAX as f32 - 0.5
        });
        refused(Sound::mono(8000, noise.collect()), "no pitch");
        let sampler = Sampler::new(&Sound::sine(440.0, 0.5, 1.0)).unwrap();
        assert!(sampler.tone(f64::NAN, 8000).is_err() && sampler.tone(1e9, 8000).is_err());
    }
}
