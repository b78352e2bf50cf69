//! Sound, sample by sample: what comes next is one of 256 codes, eight thousand times a second.
//!
//! | | |
//! |---|---|
//! | the net | [`Block`], [`Net`] of a [`NetShape`] |
//! | what it is told | [`Cue`], [`Conditioning`] |
//! | the model | [`WaveNet`], a [`Learner`](crate::nn::Learner) of [`Moment`]s |
//! | lines to beat | [`Linear`], [`lossless`] |
//! | what an ear would notice | [`ears`] |
//! | playing | [`Queues`]; [`WaveNetPlayer`], a [`Predictor`](crate::predict::Predictor) |

mod block;
mod cue;
pub mod ears;
mod gate;
mod linear;
pub mod lossless;
mod model;
mod net;
mod player;
mod queue;

pub use block::Block;
pub use cue::{Conditioning, Cue};
pub use linear::Linear;
pub use model::{Moment, WaveNet, WaveNetShape};
pub use net::{Net, NetShape};
pub use player::WaveNetPlayer;
pub use queue::Queues;

#[cfg(test)]
mod tests;
