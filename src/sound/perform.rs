use super::Sound;
use crate::Result;
use crate::music::Score;

/// Performs a score: every voice by its instrument, in stereo at [`super::RATE`].
pub fn perform(score: &Score) -> Result<Sound> {
    todo!("{score:?}")
}
