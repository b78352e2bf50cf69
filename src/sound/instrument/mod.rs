//! Instruments as physics: what a string, a bar, a pipe or a membrane does once it is set in motion.
//!
//! Each model is a file of its own: `string` (plucked), `struck` (a stiff string under a hammer), `bar`, `pipe`,
//! `bowed` and `drum`. The tools that serve them are `modes` (sines that die away), `wave` (one period, read
//! at any speed), `noise` and `resonance`; `shape` gives every tone its ends and its level.
//! Nothing is recorded, and nothing is left to chance: the same tone is the same samples every time.

pub mod bar;
mod bowed;
pub(super) mod drum;
mod modes;
mod noise;
mod pipe;
mod resonance;
mod shape;
mod string;
mod struck;
mod wave;

use crate::music::Voice;

/// What makes a tone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Instrument {
    /// Guitar, harp, harpsichord: a loop that wears a wave away (Karplus & Strong 1983).
    PluckedString,
    /// Piano: the partials of a stiff string (Fletcher 1964).
    StruckString,
    /// Vibraphone, glockenspiel: the modes of a bar free at both ends (Euler and Bernoulli).
    StruckBar,
    /// Flute, organ: a column of air, breath and the chiff of the start.
    Pipe,
    /// Violin family, and whatever else sustains a bright tone: a sawtooth through a body (Helmholtz 1863).
    Bowed,
    /// Drums: the modes of a membrane, and noise.
    Drum,
}

/// The longest tone, in samples: six minutes at 44,100 Hz, 64 MiB.
const LONGEST: f64 = (1 << 24) as f64;

impl Instrument {
    /// Every instrument.
    pub const ALL: [Instrument; 6] = [
        Instrument::PluckedString,
        Instrument::StruckString,
        Instrument::StruckBar,
        Instrument::Pipe,
        Instrument::Bowed,
        Instrument::Drum,
    ];

    /// The instrument that stands for a voice's General MIDI program (General MIDI Level 1, 1991): the one
    /// whose physics is nearest. Reeds, brass, voices and synthesisers are [`Instrument::Bowed`], as it sustains.
    pub fn of(voice: &Voice) -> Instrument {
        if voice.percussion {
            return Instrument::Drum;
        }
        match voice.program {
            // harpsichord, clavinet; guitars, basses; pizzicato, harp; sitar, banjo, shamisen, koto
            6 | 7 | 24..=39 | 45 | 46 | 104..=107 => Instrument::PluckedString,
            // pianos; dulcimer
            0..=5 | 15 => Instrument::StruckString,
            // celesta to tubular bells; kalimba; tinkle bell, agogo, steel drums, woodblock
            8..=14 | 108 | 112..=115 => Instrument::StruckBar,
            // organs; flutes; calliope
            16..=20 | 72..=79 | 82 => Instrument::Pipe,
            // timpani; taiko, toms, reverse cymbal; sound effects
            47 | 116..=127 => Instrument::Drum,
            _ => Instrument::Bowed,
        }
    }

    /// Whether its tones have the pitch that is asked for: all but the drum.
    pub fn pitched(self) -> bool {
        self != Instrument::Drum
    }

    /// Seconds in which a tone dies away once its note has ended; none for what rings on, as a bar and a drum do.
    pub fn release(self) -> Option<f64> {
        match self {
            Instrument::PluckedString | Instrument::StruckString => Some(0.25),
            Instrument::Pipe => Some(0.12),
            Instrument::Bowed => Some(0.18),
            Instrument::StruckBar | Instrument::Drum => None,
        }
    }

    /// One tone: mono samples at `rate`. `hertz` is its fundamental, `seconds` how long it is held
    /// (what rings on after that is part of the sound), `velocity` 1 to 127.
    ///
    /// It begins and ends at zero, has no partial above nine tenths of half the rate, and stays between -1 and 1.
    /// At the same velocity all instruments and pitches are about equally loud. It is cut off at 2^24 samples.
    /// What no instrument can play is silent: a frequency below 5 Hz or too high for the rate, a rate of 0 or
    /// above 768,000.
    pub fn tone(self, hertz: f64, seconds: f64, velocity: u8, rate: u32) -> Vec<f32> {
        let per_second = f64::from(rate);
        let longest = LONGEST / per_second.max(1.0);
        // A number that is no number counts as the shortest tone.
        let seconds = if seconds > 0.03 {
            seconds.min(longest)
        } else {
            0.03
        };
        let playable = 5.0..shape::highest(rate);
        if !playable.contains(&hertz) || rate > 768_000 {
            return vec![0.0; (seconds * per_second).min(LONGEST) as usize];
        }
        let velocity = velocity.clamp(1, 127);
        let force = f64::from(velocity) / 127.0;
        let release = self.release().unwrap_or(0.0);
        let sounding = seconds + release;
        let mut samples = match self {
            Instrument::PluckedString => string::pluck(hertz, sounding, force, rate),
            Instrument::StruckString => struck::strike(hertz, sounding, force, rate),
            Instrument::StruckBar => bar::strike(hertz, force, rate),
            Instrument::Pipe => pipe::blow(hertz, sounding, force, rate),
            Instrument::Bowed => bowed::bow(hertz, sounding, force, rate),
            Instrument::Drum => drum::strike(drum::Drum::tom(hertz), force, rate),
        };
        if release > 0.0 {
            shape::release(&mut samples, seconds, release, rate);
        }
        shape::finished(samples, shape::loudness(force), rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Pitch;
    use crate::sound::{RATE, Sound, cents, decibels, fundamental};
    use rayon::prelude::*;

    fn pitched() -> impl Iterator<Item = Instrument> {
        Instrument::ALL
            .into_iter()
            .filter(|instrument| instrument.pitched())
    }

    /// Every instrument at C2 to C7, soft, middling and hard.
    fn tones() -> impl Iterator<Item = (String, Vec<f32>)> {
        let notes = (36..=96).step_by(12).filter_map(Pitch::from_midi);
        let strokes = notes.flat_map(|pitch| [20, 80, 127].map(|velocity| (pitch, velocity)));
        Instrument::ALL.into_iter().flat_map(move |instrument| {
            strokes.clone().map(move |(pitch, velocity)| {
                let tone = instrument.tone(pitch.hertz(), 0.4, velocity, RATE);
                (format!("{instrument:?} {pitch} at {velocity}"), tone)
            })
        })
    }

    /// The level in decibels of the part between two moments.
    fn level(tone: &[f32], from: f64, to: f64) -> f64 {
        decibels(Sound::mono(RATE, tone.to_vec()).part(from, to).rms())
    }

    #[test]
    fn every_semitone_of_three_octaves_is_in_tune() {
        for instrument in pitched() {
            (48..=84).into_par_iter().for_each(|number| {
                let asked = Pitch::new(number).unwrap().hertz();
                let short = [(0.3, 40), (0.3, 127)].into_iter().filter(|_| number % 12 == 0);
                for (seconds, velocity) in short.chain([(1.0, 90)]) {
                    let tone = instrument.tone(asked, seconds, velocity, RATE);
                    let measured = fundamental(&Sound::mono(RATE, tone)).expect("a pitch");
                    let off = cents(asked, measured);
                    assert!(
                        off.abs() < 2.0,
                        "{instrument:?} {asked:.1} Hz, {seconds} s: {off:.2} cents"
                    );
                }
            });
        }
    }

    #[test]
    fn tones_are_in_tune_at_any_rate() {
        for instrument in pitched() {
            for rate in [22_050, 48_000, 96_000] {
                let tone = instrument.tone(330.0, 0.5, 90, rate);
                let off = cents(330.0, fundamental(&Sound::mono(rate, tone)).unwrap());
                assert!(off.abs() < 2.0, "{instrument:?} at {rate}: {off:.2} cents");
            }
        }
    }

    #[test]
    fn tones_begin_and_end_at_zero_without_a_click() {
        for (name, tone) in tones() {
            let peak = tone.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
            let (first, last) = (tone[0], tone[tone.len() - 1]);
            assert_eq!((first, last), (0.0, 0.0), "{name}");
            assert!(tone[1].abs() < 0.01 * peak, "{name} begins with {}", tone[1]);
            assert!(
                tone[tone.len() - 2].abs() < 1e-4 * peak,
                "{name} ends with a jump"
            );
        }
    }

    #[test]
    fn tones_have_no_offset_and_stay_within_bounds() {
        for (name, tone) in tones() {
            let mean = tone.iter().map(|&sample| f64::from(sample)).sum::<f64>() / tone.len() as f64;
            assert!(mean.abs() < 1e-3, "{name}: {mean}");
            let peak = tone.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
            assert!(peak > 1e-3 && peak <= 1.0, "{name}: {peak}");
        }
    }

    #[test]
    fn all_are_about_equally_loud_and_velocity_is_loudness() {
        for instrument in Instrument::ALL {
            for pitch in (36..=96).step_by(6).filter_map(Pitch::from_midi) {
                let loudest = |velocity| {
                    let tone = instrument.tone(pitch.hertz(), 1.0, velocity, RATE);
                    let windows = (0..8).map(|i| level(&tone, f64::from(i) / 8.0, f64::from(i + 1) / 8.0));
                    windows.fold(f64::NEG_INFINITY, f64::max)
                };
                let middling = loudest(80);
                assert!(
                    (-25.0..-21.0).contains(&middling),
                    "{instrument:?} {pitch}: {middling:.1} dB"
                );
                let gain = middling - loudest(40);
                assert!((gain - 12.0).abs() < 1.0, "{instrument:?} {pitch}: {gain:.1} dB");
            }
        }
    }

    #[test]
    fn low_strings_ring_for_seconds_and_high_ones_are_not_dead() {
        for string in [Instrument::PluckedString, Instrument::StruckString] {
            let falls = |hertz, seconds| {
                let tone = string.tone(hertz, 4.0, 90, RATE);
                level(&tone, 0.0, 0.1) - level(&tone, seconds, seconds + 0.1)
            };
            assert!(falls(82.4, 2.0) < 40.0, "{string:?}: {}", falls(82.4, 2.0));
            assert!(falls(1046.5, 0.3) < 20.0, "{string:?}: {}", falls(1046.5, 0.3));
            assert!(falls(1046.5, 2.0) > 30.0, "{string:?}: {}", falls(1046.5, 2.0));
        }
    }

    #[test]
    fn pipes_and_bows_sound_as_long_as_they_are_held() {
        for instrument in [Instrument::Pipe, Instrument::Bowed] {
            let tone = instrument.tone(330.0, 3.0, 90, RATE);
            let falls = level(&tone, 0.5, 0.6) - level(&tone, 2.9, 3.0);
            assert!(falls.abs() < 1.0, "{instrument:?}: {falls:.1} dB");
            let rest = tone.len() as f64 / f64::from(RATE) - 3.0;
            assert!((0.05..0.3).contains(&rest), "{rest} s");
        }
    }

    #[test]
    fn absurd_input_is_silent_or_short_but_never_a_panic() {
        let absurd = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -1.0,
            0.0,
            1e-300,
            1e300,
            22_050.0,
        ];
        for instrument in Instrument::ALL {
            for hertz in absurd {
                let tone = instrument.tone(hertz, 0.1, 80, RATE);
                assert!(
                    tone.iter().all(|&sample| sample == 0.0),
                    "{instrument:?} at {hertz}"
                );
            }
            for seconds in [f64::NAN, f64::NEG_INFINITY, 0.0] {
                let tone = instrument.tone(440.0, seconds, 80, RATE);
                assert!(tone.iter().all(|sample| sample.is_finite()) && !tone.is_empty());
            }
            for (hertz, velocity, rate) in [
                (5.0, 0, 768_000),
                (19_800.0, 255, RATE),
                (12_543.9, 1, RATE),
                (8.2, 127, 8_000),
                (6.0, 80, 14),
                (440.0, 80, 0),
                (440.0, 80, u32::MAX),
            ] {
                let tone = instrument.tone(hertz, 0.05, velocity, rate);
                let fine = |sample: &f32| sample.abs() <= 1.0;
                assert!(tone.iter().all(fine), "{instrument:?} {hertz} {velocity} {rate}");
            }
        }
        assert!(Instrument::Pipe.tone(440.0, f64::INFINITY, 80, 768_000).len() < 17_000_000);
        assert!(Instrument::Pipe.tone(f64::NAN, 1e300, 80, u32::MAX).len() < 17_000_000);
    }

    #[test]
    fn general_midi_programs_find_their_instrument() {
        let of = |program, percussion| {
            Instrument::of(&Voice {
                program,
                percussion,
                ..Voice::default()
            })
        };
        assert_eq!(of(0, false), Instrument::StruckString, "grand piano");
        assert_eq!(of(24, false), Instrument::PluckedString, "nylon guitar");
        assert_eq!(of(11, false), Instrument::StruckBar, "vibraphone");
        assert_eq!(of(73, false), Instrument::Pipe, "flute");
        assert_eq!(of(40, false), Instrument::Bowed, "violin");
        assert_eq!(of(47, false), Instrument::Drum, "timpani");
        assert_eq!(of(0, true), Instrument::Drum, "the percussion channel");
        assert_eq!(of(255, false), Instrument::Bowed, "no program at all");
    }

    #[test]
    fn the_same_tone_is_the_same_samples() {
        for instrument in Instrument::ALL {
            let tone = || instrument.tone(311.1, 0.2, 70, RATE);
            assert_eq!(tone(), tone(), "{instrument:?}");
        }
    }
}
