//! *Aeolian*: the library behind the book that makes music.
//!
//! One idea holds it together: to make music is to say what comes next. The rooms:
//! [`music`] (notes, melodies, scores, files of them), [`sound`] (samples, instruments, spectra),
//! [`plot`] (figures), [`chance`] (wind, water, dice), [`markov`] (chains and hidden states), [`nn`] (networks
//! from their parts), [`recurrent`] (networks with a memory) and [`page`] (showing a thing to a person).

pub mod chance;
mod error;
pub mod file;
pub mod markov;
pub mod music;
pub mod nn;
pub mod page;
pub mod plot;
pub mod predict;
pub mod recurrent;
pub mod sound;

pub use error::{Error, Result};
