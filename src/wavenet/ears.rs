//! What an ear would notice of notes that were played: whether they are in tune, and how much they hiss.

use super::cue::Cue;
use crate::music::Pitch;
use crate::sound::{Sound, Spectrum, cents, decibels, repetition};
use std::ops::Range;

/// A note of at least so many seconds is listened to.
const SHORTEST: f64 = 0.1;

/// The notes among cues: pitch (a MIDI number) and samples, from one onset to the next or to the end.
pub fn notes(cues: &[Cue]) -> Vec<(u8, Range<usize>)> {
    let mut notes: Vec<(u8, Range<usize>)> = Vec::new();
    for (at, cue) in cues.iter().enumerate() {
        let Some(pitch) = cue.pitch else { continue };
        match notes.last_mut() {
            Some((last, place)) if cue.age > 0 && *last == pitch && place.end == at => place.end = at + 1,
            _ => notes.push((pitch, at..at + 1)),
        }
    }
    notes
}

/// By how many cents each note of at least 0.1 s is off, from 30 to 280 milliseconds after its onset; none where no pitch is heard.
pub fn cents_off(sound: &Sound, cues: &[Cue]) -> Vec<Option<f64>> {
    let samples = sound.mono_samples();
    let at = |seconds: f64| (seconds * f64::from(sound.rate())) as usize;
    let heard = |(pitch, place): (u8, Range<usize>)| {
        let part = samples.get(place.start + at(0.03)..place.end.min(place.start + at(0.28)))?;
        let found = repetition(&Sound::mono(sound.rate(), part.to_vec()))?;
        Some(cents(Pitch::from_midi(pitch)?.hertz(), found))
    };
    let long = notes(cues)
        .into_iter()
        .filter(|note| note.1.len() >= at(SHORTEST));
    long.map(heard).collect()
}

/// The share of notes that are at most 20 cents off, from 0 to 1: of those that [`cents_off`] listens to.
pub fn in_tune(sound: &Sound, cues: &[Cue]) -> f64 {
    let all = cents_off(sound, cues);
    let right = all.iter().flatten().filter(|cents| cents.abs() <= 20.0).count();
    right as f64 / all.len().max(1) as f64
}

/// What lies between the harmonics, against the harmonics, in decibels: 120 milliseconds of each note, from 60 after its
/// onset; the median. None if no note is that long.
pub fn hiss(sound: &Sound, cues: &[Cue]) -> Option<f64> {
    let samples = sound.mono_samples();
    let at = |seconds: f64| (seconds * f64::from(sound.rate())) as usize;
    let mut all: Vec<f64> = notes(cues)
        .into_iter()
        .filter(|note| note.1.len() >= at(0.18))
        .filter_map(|(pitch, place)| {
            let part = samples.get(place.start + at(0.06)..place.start + at(0.18))?;
            between_harmonics(
                &Sound::mono(sound.rate(), part.to_vec()),
                Pitch::from_midi(pitch)?.hertz(),
            )
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

/// Harmonics are what lies at most two of the window's bins from a multiple of the pitch.
fn between_harmonics(sound: &Sound, hertz: f64) -> Option<f64> {
    let spectrum = Spectrum::of(sound);
    let width = 2.5 / sound.seconds();
    let (mut inside, mut outside) = (0.0, 0.0);
    for (bin, amplitude) in spectrum.amplitudes.iter().enumerate() {
        let at = bin as f64 * spectrum.bin_hertz;
        let number = (at / hertz).round().max(1.0);
        let power = f64::from(*amplitude).powi(2);
        if at < hertz / 2.0 {
            continue; // nothing of a tone is there, nor what one would call hiss
        }
        *(if (at - number * hertz).abs() <= width {
            &mut inside
        } else {
            &mut outside
        }) += power;
    }
    (inside > 0.0).then(|| decibels((outside / inside).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Instrument;

    const RATE: u32 = 8000;

    /// Four notes of a quarter of a second each, played so many cents off.
    fn played(off: f64, noise: f32) -> (Sound, Vec<Cue>) {
        let (mut samples, mut cues) = (vec![], vec![]);
        for pitch in [60, 64, 67, 67] {
            let hertz = Pitch::from_midi(pitch).unwrap().hertz() * 2f64.powf(off / 1200.0);
            samples.extend(
                Instrument::PluckedString
                    .tone(hertz, 1.0, 90, RATE)
                    .into_iter()
                    .take(2000),
            );
            cues.extend((0..2000).map(|age| Cue {
                pitch: Some(pitch),
                age,
            }));
        }
        for (i, sample) in samples.iter_mut().enumerate() {
            *sample += noise * ((i * 7919 % 2001) as f32 / 1000.0 - 1.0);
        }
        (Sound::mono(RATE, samples), cues)
    }

    #[test]
    fn notes_are_told_apart_even_if_they_are_of_one_pitch() {
        let (_, cues) = played(0.0, 0.0);
        assert_eq!(
            notes(&cues).iter().map(|note| note.0).collect::<Vec<_>>(),
            [60, 64, 67, 67]
        );
        assert_eq!(notes(&cues)[2].1, 4000..6000);
        assert!(notes(&[Cue::default(); 5]).is_empty());
    }

    #[test]
    fn what_is_off_is_heard() {
        let (right, cues) = played(0.0, 0.0);
        assert!(
            cents_off(&right, &cues)
                .iter()
                .all(|cents| cents.unwrap().abs() < 8.0)
        );
        let (sharp, _) = played(35.0, 0.0);
        assert!((in_tune(&right, &cues), in_tune(&sharp, &cues)) == (1.0, 0.0));
        let silence = Sound::mono(RATE, vec![0.0; 8000]);
        assert_eq!(
            (in_tune(&silence, &cues), cents_off(&silence, &cues)[0]),
            (0.0, None)
        );
        assert_eq!(in_tune(&Sound::mono(RATE, vec![0.1; 7]), &cues), 0.0);
    }

    #[test]
    fn hiss_is_heard_as_loud_as_it_is() {
        let hiss = |noise| {
            let (sound, cues) = played(0.0, noise);
            super::hiss(&sound, &cues).unwrap()
        };
        let (clean, soft, loud) = (hiss(0.0), hiss(0.02), hiss(0.2));
        assert!(
            clean < -20.0 && soft > clean && (10.0..25.0).contains(&(loud - soft)),
            "{clean} {soft} {loud}"
        );
    }
}
