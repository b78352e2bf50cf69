//! Chains: what comes next, told from what has just been heard; and [`hidden`] states, which are not heard.
//!
//! - [`TransitionMatrix`]: a few states and one step of memory, such as the weather;
//! - [`Chain`]: any symbols and a memory of fixed length, smoothed (Witten and Bell, 1991);
//! - [`Variable`]: a memory as long as it is of use (PPM), learned beforehand or, in [`LongAndShort`], also within the piece;
//! - [`xenakis`]: a chain that composes clouds of sound.
//!
//! All learn by counting, and all but the matrix are a [`Predictor`](crate::predict::Predictor). Their symbols can stand for anything: see
//! [`Vocabulary`] and, for melodies, [`Alphabet`](crate::music::Alphabet).

mod blend;
mod chain;
mod combined;
pub mod hidden;
mod transition;
mod trie;
mod variable;
mod vocabulary;
pub mod xenakis;

pub use chain::Chain;
pub use combined::{LongAndShort, MelodyModel};
pub use transition::{TransitionMatrix, total_variation};
pub use variable::{Counting, Settings, Variable};
pub use vocabulary::Vocabulary;

use crate::{Error, Result};
use trie::Trie;

/// Learns pieces into a trie, each from its begin.
fn learn_all<S: AsRef<[usize]>>(trie: &mut Trie, alphabet: usize, pieces: &[S]) -> Result<()> {
    for piece in pieces.iter().map(AsRef::as_ref) {
        if let Some(symbol) = piece.iter().find(|&&symbol| symbol >= alphabet) {
            return Err(Error::value(
                format!("Symbol {symbol} is not one of an alphabet of {alphabet}"),
                "Encode the music with the alphabet that the model is made for",
            ));
        }
        trie.begin();
        piece.iter().for_each(|&symbol| trie.learn(symbol));
    }
    trie.begin();
    Ok(())
}
