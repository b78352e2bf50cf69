use crate::Result;
use crate::music::Score;
/// x
pub fn encode(score: &Score) -> Result<String> {
    todo!("{score:?}")
}
