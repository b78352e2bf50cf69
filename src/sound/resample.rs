use super::Sound;
use crate::Result;

impl Sound {
    /// The same sound at another rate.
    pub fn resampled(&self, rate: u32) -> Result<Sound> {
        todo!("{rate}")
    }
}
