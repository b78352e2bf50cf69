//! Playing with somebody: a phrase is [`Heard`] in white keys, and answered in kind, gone on with or accompanied.

mod answer;
mod heard;

pub use answer::{Answer, expected};
pub use heard::{Heard, Question, Struck};

#[cfg(test)]
mod tests;
