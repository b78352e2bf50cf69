//! Notes played as they come: a performance without an end, made stretch by stretch.
//!
//! The same instruments, in the same room if it is wanted, as in [`super::perform`]. That one knows the whole piece and makes its loudest
//! moment just loud enough; here nobody knows what will come, so the level is fixed, and what would still be too loud is rounded off.

use super::RATE;
use super::instrument::Instrument;
use super::perform::Key;
use super::room::Room;
use crate::music::Pitch;
use std::collections::VecDeque;
use std::sync::Arc;

/// What every tone is multiplied by: a chord of loud ones then fits.
const LEVEL: f32 = 1.5;

/// The most samples of known tones that are kept: 8 MiB.
const KNOWN: usize = 1 << 21;

/// Up to this a sample stays as it is; above, it is bent so that it never reaches 1.
const STRAIGHT: f32 = 0.7;

/// One tone to be played.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tone {
    /// What plays it.
    pub instrument: Instrument,
    /// For [`Instrument::Drum`] a number of the General MIDI percussion map.
    pub pitch: Pitch,
    /// 1 to 127.
    pub velocity: u8,
    /// Samples from start to end of the note, at [`RATE`].
    pub held: u32,
    /// From left (-1) to right (1).
    pub place: f32,
}

/// Plays tones, each at its sample: stereo at [`RATE`], for as long as one likes.
#[derive(Clone, Debug)]
pub struct Performer {
    /// Samples that have been made.
    now: u64,
    /// The tones' samples from now on, left and right.
    coming: VecDeque<(f32, f32)>,
    room: Option<Room>,
    /// Tones that were made lately, the latest last: the same is often played again.
    known: Vec<(Key, Arc<Vec<f32>>)>,
}

impl Performer {
    /// In the room of [`super::perform`]; nothing has sounded yet.
    pub fn indoors() -> Performer {
        Performer {
            room: Some(Room::new(RATE)),
            ..Performer::outdoors()
        }
    }

    /// Where nothing comes back.
    pub fn outdoors() -> Performer {
        Performer {
            now: 0,
            coming: VecDeque::new(),
            room: None,
            known: Vec::new(),
        }
    }

    /// How many samples have been made.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Plays a tone that starts at this sample, or now if that has passed.
    pub fn play(&mut self, tone: &Tone, start: u64) {
        let key = Key {
            instrument: tone.instrument,
            percussion: tone.instrument == Instrument::Drum,
            pitch: tone.pitch,
            velocity: tone.velocity,
            held: tone.instrument.release().map_or(0, |_| tone.held), // what rings on takes no notice of the end
        };
        let samples = self.tone(key);
        let angle = (tone.place.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
        let (left, right) = (LEVEL * angle.cos(), LEVEL * angle.sin());
        let stereo = samples.iter().map(|sample| (left * sample, right * sample));
        self.add(start, stereo);
    }

    /// The samples of a tone, which are made only if they are not known.
    fn tone(&mut self, key: Key) -> Arc<Vec<f32>> {
        let known = self.known.iter().position(|(other, _)| *other == key);
        let tone = match known {
            Some(place) => self.known.remove(place).1,
            None => Arc::new(key.tone()),
        };
        self.known.push((key, tone.clone()));
        let mut samples: usize = self.known.iter().map(|(_, tone)| tone.len()).sum();
        while samples > KNOWN {
            samples -= self.known.remove(0).1.len();
        }
        tone
    }

    /// Adds samples of left and right that were made elsewhere, from this sample on, or from now if that has passed.
    pub fn add(&mut self, start: u64, samples: impl ExactSizeIterator<Item = (f32, f32)>) {
        let from = start.saturating_sub(self.now) as usize;
        let end = from + samples.len();
        if self.coming.len() < end {
            self.coming.resize(end, (0.0, 0.0));
        }
        for (sum, sample) in self.coming.range_mut(from..end).zip(samples) {
            sum.0 += sample.0;
            sum.1 += sample.1;
        }
    }

    /// Makes the next samples: fills both channels, which are of equal length.
    pub fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        let made = left.len().min(right.len());
        let (left, right) = (&mut left[..made], &mut right[..made]);
        for (left, right) in left.iter_mut().zip(right.iter_mut()) {
            (*left, *right) = self.coming.pop_front().unwrap_or_default();
        }
        if let Some(room) = &mut self.room {
            room.reverberate(left, right);
        }
        for sample in left.iter_mut().chain(right) {
            *sample = bent(*sample);
        }
        self.now += made as u64;
    }
}

/// The sample itself while it is small; the larger it is, the nearer to 1, without a corner.
fn bent(sample: f32) -> f32 {
    let over = sample.abs() - STRAIGHT;
    if over <= 0.0 {
        return sample;
    }
    let room = 1.0 - STRAIGHT;
    (STRAIGHT + room * (over / room).tanh()).copysign(sample)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::{Note, Score};
    use crate::sound::{Sound, cents, fundamental, perform};

    fn tone(name: &str, held: u32) -> Tone {
        Tone {
            instrument: Instrument::StruckString,
            pitch: name.parse().unwrap(),
            velocity: 80,
            held,
            place: 0.0,
        }
    }

    fn rendered(performer: &mut Performer, frames: usize, at_a_time: usize) -> [Vec<f32>; 2] {
        let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
        for (left, right) in left.chunks_mut(at_a_time).zip(right.chunks_mut(at_a_time)) {
            performer.render(left, right);
        }
        [left, right]
    }

    #[test]
    fn it_sounds_as_the_whole_performed_at_once_whatever_the_stretches() {
        let mut score = Score::new("", 2).with_tempo(120.0);
        let pitches = ["C4", "E4", "G4"];
        let notes = (0..3).map(|i| Note::new(i, 1, pitches[i as usize].parse().unwrap()));
        score = score.with_voice("", 0, notes.collect());
        let whole = perform(&score).unwrap();
        let start = |i: u32| u64::from(i * RATE / 4);
        let mut parts = Vec::new();
        for at_a_time in [128, 2048, 44_100] {
            let mut performer = Performer::indoors();
            for (i, name) in (0..).zip(pitches) {
                performer.play(&tone(name, RATE / 4), start(i));
            }
            parts.push(rendered(&mut performer, 44_100, at_a_time));
        }
        assert!(parts[0] == parts[1] && parts[1] == parts[2]);
        // The same but for the level.
        let [left, _] = &parts[0];
        let same = &whole.channels()[0][..44_100];
        let loudest = (0..44_100)
            .max_by(|&a, &b| left[a].abs().total_cmp(&left[b].abs()))
            .unwrap();
        let gain = same[loudest] / left[loudest];
        for (i, (a, b)) in left.iter().zip(same).enumerate() {
            assert!((gain * a - b).abs() < 1e-3, "sample {i}: {} and {b}", gain * a);
        }
    }

    #[test]
    fn a_tone_starts_at_its_sample_in_tune_and_a_late_one_now() {
        let mut performer = Performer::indoors();
        performer.play(&tone("A4", 44_100), 1000);
        let [left, _] = rendered(&mut performer, 45_000, 512);
        assert!(left[..1000].iter().all(|sample| sample.abs() < 1e-9));
        let sound = Sound::mono(RATE, left[1000..].to_vec());
        assert!(cents(440.0, fundamental(&sound).unwrap()).abs() < 2.0);
        let mut late = Performer::indoors();
        rendered(&mut late, 500, 500);
        late.play(&tone("A4", 100), 3);
        assert_eq!(late.now(), 500);
        assert!(
            rendered(&mut late, 5000, 100)[0]
                .iter()
                .any(|sample| sample.abs() > 0.01)
        );
    }

    #[test]
    fn a_tone_that_is_known_is_not_made_again_and_not_too_many_are_kept() {
        let mut performer = Performer::outdoors();
        for name in ["A4", "C5", "A4"] {
            performer.play(&tone(name, 9000), 0);
        }
        let kept: Vec<u8> = performer.known.iter().map(|one| one.0.pitch.midi()).collect();
        assert_eq!(kept, [72, 69], "the latest last");
        performer.play(&tone("A4", 60 * RATE), 0);
        performer.play(&tone("C2", 60 * RATE), 0);
        let samples: usize = performer.known.iter().map(|one| one.1.len()).sum();
        assert!(samples <= KNOWN, "{samples}");
    }

    #[test]
    fn however_many_tones_sound_no_sample_reaches_one() {
        let mut performer = Performer::indoors();
        for _ in 0..40 {
            performer.play(&tone("C3", 20_000), 0);
        }
        let peak = |samples: &[f32]| samples.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
        let [left, right] = rendered(&mut performer, 20_000, 4096);
        assert!(peak(&left) <= 1.0 && peak(&right) <= 1.0 && peak(&left) > 0.9);
        assert_eq!((bent(0.5), bent(-0.7)), (0.5, -0.7));
    }
}
