//! Instruments as physics: what a string, a bar, a pipe or a membrane does once it is set in motion.
//!
//! Each model is a file of its own: [`string`] (plucked), [`struck`] (a stiff string under a hammer), [`bar`],
//! [`pipe`], [`bowed`] and [`drum`]. Three tools serve them: [`modes`] (sines that die away), [`wave`] (one period,
//! read at any speed) and [`noise`]; [`shape`] gives every tone its ends and its level. Nothing is recorded and
//! nothing is drawn by chance: the same tone is the same samples every time.

pub mod bar;
pub mod bowed;
pub mod drum;
pub mod modes;
pub mod noise;
pub mod pipe;
pub mod shape;
pub mod string;
pub mod struck;
pub mod wave;

use crate::music::Voice;

/// What makes a tone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Instrument {
    /// Guitar, harp, harpsichord: [`string`].
    PluckedString,
    /// Piano: [`struck`].
    StruckString,
    /// Vibraphone, glockenspiel, wind chime: [`bar`].
    StruckBar,
    /// Flute, organ: [`pipe`].
    Pipe,
    /// Violin family, and whatever else sustains a bright tone: [`bowed`].
    Bowed,
    /// Drums: [`drum`].
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

    /// Whether a tone ends when its note does. A bar or a drum, once struck, rings on.
    pub fn held(self) -> bool {
        !matches!(self, Instrument::StruckBar | Instrument::Drum)
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
        let (samples, release) = match self {
            Instrument::PluckedString => (string::pluck(hertz, seconds + 0.2, force, rate), 0.2),
            Instrument::StruckString => (struck::strike(hertz, seconds + 0.25, force, rate), 0.25),
            Instrument::StruckBar => (bar::strike(hertz, force, rate), 0.0),
            Instrument::Pipe => (pipe::blow(hertz, seconds + 0.12, force, rate), 0.12),
            Instrument::Bowed => (bowed::bow(hertz, seconds + 0.18, force, rate), 0.18),
            Instrument::Drum => (drum::strike(drum::Drum::tom(hertz), force, rate), 0.0),
        };
        let ended = if self.held() {
            shape::released(samples, seconds, release, rate)
        } else {
            samples
        };
        shape::finished(ended, shape::loudness(force), rate)
    }
}
