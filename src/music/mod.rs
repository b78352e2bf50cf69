//! Music as data: pitches, notes, melodies and scores, and the files that hold them.
//!
//! Time is counted in **ticks**. A score says how many ticks make a quarter note (its
//! `resolution`), so a rhythm is exact: in a score of resolution 4 an eighth note lasts 2 ticks.

pub mod abc;
mod corpus;
pub mod frames;
pub mod midi;
mod pitch;
pub mod played;
mod score;
mod split;
mod symbols;

pub use corpus::{Corpus, Part, Piece, Reading};
pub use pitch::{Key, Mode, Pitch};
pub use score::{Melody, Metre, Note, Score, Step, Tempo, Voice};
pub use split::Split;
pub use symbols::{Alphabet, NoteBits};
