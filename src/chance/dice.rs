//! The waltz game (being built).
