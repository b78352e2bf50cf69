//! Neural networks from their parts.

pub mod matmul;
mod processor;
