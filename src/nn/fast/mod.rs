//! Products of matrices, what nearly all of a network's time goes into: first as they are defined, then fast. Who reads `nn` for the
//! first time may skip this room.
//!
//! | the definition | fast | computes | in a layer |
//! |---|---|---|---|
//! | [`plain::add_product`] | [`add_product`] with [`Panels::pack`] | `y += x · w` | forward |
//! | the same, from zero | [`set_product`] | `y = x · w` | forward |
//! | the same, one row | [`add_row`] | `y += x · w` | one moment, when it plays |
//! | [`plain::add_product_transposed`] | [`add_product`] with [`Panels::pack_transposed`] | `dx += dy · wᵀ` | backward, towards the input |
//! | [`plain::add_gradient`] | [`add_gradient`] | `dw += xᵀ · dy` | backward, towards the weights |
//!
//! All matrices are slices, row after row. [`exponential`], [`sigmoid`] and [`tanh`] are here for the same reason: many numbers at once.

pub mod plain;

mod curves;
mod kernel;
pub(crate) mod processor;
mod product;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub(crate) use curves::{exp, sigmoid_of, tanh_of};
pub use curves::{exponential, sigmoid, tanh};
pub(crate) use kernel::add;
pub(crate) use processor::for_each_processor;
pub use product::{Panels, add_gradient, add_product, add_row, set_product};

/// So many numbers at a time are worth a thread.
pub(crate) const CHUNK: usize = 1 << 15;
