//! Sound, sample by sample: what comes next is one of 256 codes, eight thousand times a second.
//!
//! | | |
//! |---|---|
//! | the net | [`Block`], [`Net`] of a [`NetShape`] |
//! | what it is told | [`Cue`], [`Conditioning`] |
//! | the model | [`WaveNet`], a [`Learner`](crate::nn::Learner) of [`Moment`]s |
//! | between instruments | [`Autoencoder`], a learner of [`ToneMoment`]s; its [`Decoder`] |
//! | playing | [`Queues`]; [`WaveNetPlayer`], a [`Predictor`](crate::predict::Predictor) |

mod autoencoder;
mod block;
mod cue;
mod gate;
mod model;
mod net;
mod player;
mod queue;

pub use autoencoder::{Autoencoder, AutoencoderShape, Decoder, ToneMoment};
pub use block::Block;
pub use cue::{Conditioning, Cue};
pub use model::{Moment, WaveNet, WaveNetShape};
pub use net::{Net, NetShape};
pub use player::WaveNetPlayer;
pub use queue::Queues;

#[cfg(test)]
mod tests;
