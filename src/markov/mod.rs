//! Markov's idea, used twice: what comes next depends on where one is, and hardly on how one came there.

pub mod hidden;
