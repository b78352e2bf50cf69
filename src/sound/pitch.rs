use super::Sound;

/// The fundamental frequency in hertz (being built).
pub fn fundamental(sound: &Sound) -> Option<f64> {
    todo!("{sound:?}")
}

/// The distance from one frequency to another in cents, 1,200 to the octave.
pub fn cents(from: f64, to: f64) -> f64 {
    1200.0 * (to / from).log2()
}
