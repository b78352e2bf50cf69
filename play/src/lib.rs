//! The book's models in its pages: compiled to one WebAssembly module, they play there as they play natively.
//!
//! A [`Panel`](panels::Panel) says what happens, a [`Stage`](stage::Stage) makes it sound and writes down what the page is to
//! show when, and an [`Engine`](engine::Engine) is both. The page's worker speaks with one engine through the functions of
//! `interface`, in numbers and in text. Nothing here knows the page, its pictures or its buttons.
//!
//! `bash play/build` compiles the module. `play/page` holds the scripts that use it.

pub mod engine;
mod interface;
pub mod panels;
#[doc(hidden)]
pub mod samples;
pub mod stage;
