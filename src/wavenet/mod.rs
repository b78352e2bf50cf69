//! Sound, sample by sample: what comes next is one of 256 codes, eight thousand times a second.
//!
//! | | |
//! |---|---|
//! | the net | [`Block`], [`Net`] of a [`NetShape`] |
//! | what it is told | [`Cue`], [`Conditioning`] |
//! | the model | [`WaveNet`], a [`Learner`](crate::nn::Learner) of [`Moment`]s |
//! | between instruments | [`Autoencoder`], a learner of [`ToneMoment`]s; its [`Decoder`] |
//! | lines to beat | [`Linear`], [`lossless`] |
//! | what an ear would notice | [`ears`] |
//! | playing | [`Queues`]; [`WaveNetPlayer`], a [`Predictor`](crate::predict::Predictor) |
//!
//! # In a file of weights
//!
//! A model is [`Saved`](crate::nn::Saved), and its tensors are these, with `R` residual and `S` skip channels, `C` conditions and `H` hidden
//! units. PyTorch keeps the weight of a `Conv1d` as `[outputs][inputs][taps]`: each matrix below is to be turned.
//!
//! | tensor | shape | in PyTorch |
//! |---|---|---|
//! | `codes.weight` | `[256][R]` | `Embedding(256, R)`, not turned |
//! | `block0.convolution.weight`, first `R` rows | `[2 R + C][2 R]` | tap 0 of `Conv1d(R, 2 R, 2, dilation)`: the moment `d` samples before |
//! | the next `R` rows | | tap 1 of the same: now |
//! | the last `C` rows | | `Conv1d(C, 2 R, 1, bias=False)` of what is told |
//! | `block0.convolution.bias` | `[1][2 R]` | the bias of the first; of its outputs the first half goes through `tanh`, the second through `sigmoid` |
//! | `block0.out.weight`, `….bias`, first `R` columns | `[R][R + S]`, `[1][R + S]` | `Conv1d(R, R, 1)`, the residual way |
//! | the last `S` columns | | `Conv1d(R, S, 1)`, the skip way |
//! | `hidden.weight`, `hidden.bias` | `[S][H]`, `[1][H]` | `Conv1d(S, H, 1)`, behind a `relu` |
//! | `logits.weight`, `logits.bias` | `[H][256]`, `[1][256]` | `Conv1d(H, 256, 1)`, behind another |
//!
//! An [`Autoencoder`] has its encoder's dense layers beside them: `encoder0.weight` `[3 M][H]`, `encoder1.weight` `[3 H][H]` and
//! `encoder2.weight` `[H][E]`, each with its bias. The rows of the first two are those of the frame before, of the frame and of the one after.
//!
//! Zeros stand before the first sample in every block: a sound is padded on the left by its dilation. `tests/reference/wavenet.py` loads them.

mod autoencoder;
mod block;
mod cue;
pub mod ears;
mod gate;
mod linear;
mod logistics;
pub mod lossless;
mod model;
mod net;
mod player;
mod queue;

pub use autoencoder::{Autoencoder, AutoencoderShape, Decoder, ToneMoment};
pub use block::Block;
pub use cue::{Conditioning, Cue};
pub use linear::Linear;
pub use model::{Moment, WaveNet, WaveNetShape};
pub use net::{Net, NetShape};
pub use player::WaveNetPlayer;
pub use queue::Queues;

#[cfg(test)]
mod tests;
