//! Forger and expert: two nets at a game (I. Goodfellow and others, *Generative adversarial nets*, 2014). The one makes things out of
//! noise, the other tells them from real ones, and each learns from the other.
//!
//! | | |
//! |---|---|
//! | the two | [`Forger`] of a [`ForgerShape`]; [`ExpertShape`], whose expert is a [`Stack`](crate::nn::Stack) |
//! | the game | [`Game`] by its [`Rules`]: [`Loss`], penalty, packs, noise, running mean |
//! | what a forger begins with | [`Latent`]: noise, and perhaps a die |
//! | layers | [`BatchNorm`], [`OneHot`], [`Deviation`], [`Standard`], [`Beside`], [`Projection`] |
//! | where it can be watched | [`Arena`], [`forged`], [`belief`] |
//! | how good it is | [`measure`] |
//!
//! Shapes: `N` examples in a batch, `Z` numbers of noise, `C` numbers that both are told of an example, `W` numbers of what is made.
//!
//! # In a file of weights
//!
//! A [`Forger`] is [`Saved`](crate::nn::Saved). Its tensors are `forger0.weight` `[Z + C][H]` and `forger0.bias` `[1][H]`, and so on to the last
//! dense layer; with batch normalisation `norm0.gain`, `norm0.shift`, `norm0.mean`, `norm0.variance` `[1][H]` between them, which
//! PyTorch's `BatchNorm1d` calls `weight`, `bias`, `running_mean` and `running_var`. `Linear` wants each weight turned.
//! `tests/reference/gan.py` loads them.

mod arena;
mod batch_norm;
mod beside;
mod checkpoint;
mod deviation;
mod expert;
mod forger;
mod game;
mod latent;
mod loss;
pub mod measure;
mod one_hot;
mod parts;
mod rules;
mod standard;

pub use arena::{Arena, belief, for_each_seed, forged};
pub use batch_norm::BatchNorm;
pub use beside::{Beside, Projection};
pub use deviation::Deviation;
pub use expert::ExpertShape;
pub use forger::{Forger, ForgerShape, Made};
pub use game::{Game, Played};
pub use latent::Latent;
pub use loss::{Loss, softplus};
pub use one_hot::OneHot;
pub use rules::Rules;
pub use standard::Standard;

#[cfg(test)]
mod tests;
