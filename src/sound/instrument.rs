//! Instruments as physics (being built).
use crate::music::Voice;

/// What makes a tone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Instrument {
    PluckedString,
    StruckString,
    StruckBar,
    Pipe,
    Bowed,
    Drum,
}

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

    /// The instrument that stands for a voice's General MIDI program.
    pub fn of(voice: &Voice) -> Instrument {
        todo!("{voice:?}")
    }

    /// Whether its tones have the pitch that is asked for: all but the drum.
    pub fn pitched(self) -> bool {
        self != Instrument::Drum
    }

    /// One tone: mono samples at `rate`. `hertz` is its fundamental, `seconds` how long it is held
    /// (what rings on after that is part of the sound), `velocity` 1 to 127.
    pub fn tone(self, hertz: f64, seconds: f64, velocity: u8, rate: u32) -> Vec<f32> {
        todo!("{hertz} {seconds} {velocity} {rate}")
    }
}
