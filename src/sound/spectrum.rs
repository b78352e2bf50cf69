use super::Sound;
use ndarray::Array2;

/// How much of each frequency a sound holds (being built).
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Hertz from one bin to the next.
    pub bin_hertz: f64,
    /// Amplitude of each bin: a sine of amplitude 0.5 shows as 0.5.
    pub amplitudes: Vec<f32>,
}

impl Spectrum {
    /// The spectrum of the whole sound (mono).
    pub fn of(sound: &Sound) -> Spectrum {
        todo!("{sound:?}")
    }

    /// The `count` strongest peaks as (hertz, amplitude), interpolated, lowest first.
    pub fn peaks(&self, count: usize) -> Vec<(f64, f32)> {
        todo!("{count}")
    }
}

/// A spectrum for each moment (being built).
#[derive(Clone, Debug)]
pub struct Spectrogram {
    pub bin_hertz: f64,
    /// Seconds from one column to the next.
    pub hop_seconds: f64,
    /// Level in decibels, shape [time, frequency].
    pub decibels: Array2<f32>,
}

impl Spectrogram {
    pub fn of(sound: &Sound) -> Spectrogram {
        todo!("{sound:?}")
    }
}
