//! What the worker calls, in the way of `play/src/interface.rs`.
//!
//! To hand something over, the page asks for room with [`inbox`] and writes there. What comes back lies at [`outbox`]. Every
//! function that can fail gives 1 if it went well, and else 0, with the reason in the outbox.

use crate::{Learning, open};
use aeolian::Result;
use serde::Serialize;
use std::cell::RefCell;

#[derive(Default)]
struct Module {
    learning: Learning,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
}

thread_local! {
    /// There is one thread, one lesson, and so one of everything.
    static MODULE: RefCell<Module> = RefCell::default();
}

fn with<T>(work: impl FnOnce(&mut Module) -> T) -> T {
    MODULE.with(|module| work(&mut module.borrow_mut()))
}

impl Module {
    /// The inbox in two parts, the first of so many bytes and text.
    fn take_inbox(&mut self, words: usize) -> (String, Vec<u8>) {
        let mut words_and_bytes = std::mem::take(&mut self.inbox);
        let bytes = words_and_bytes.split_off(words.min(words_and_bytes.len()));
        (String::from_utf8_lossy(&words_and_bytes).into_owned(), bytes)
    }

    fn answer(&mut self, result: Result<Vec<u8>>) -> u32 {
        let (well, bytes) = match result {
            Ok(bytes) => (1, bytes),
            Err(error) => (0, error.to_string().into_bytes()),
        };
        self.outbox = bytes;
        well
    }

    fn tell(&mut self, result: Result<impl Serialize>) -> u32 {
        self.answer(result.map(|said| serde_json::to_vec(&said).unwrap_or_default()))
    }
}

/// Room for so many bytes from the page.
#[unsafe(no_mangle)]
pub extern "C" fn inbox(bytes: usize) -> *mut u8 {
    with(|module| {
        module.inbox = vec![0; bytes];
        module.inbox.as_mut_ptr()
    })
}

/// Where the answer lies.
#[unsafe(no_mangle)]
pub extern "C" fn outbox() -> *const u8 {
    with(|module| module.outbox.as_ptr())
}

/// How many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn outbox_len() -> usize {
    with(|module| module.outbox.len())
}

/// Reads a file. The inbox holds its path, of so many bytes, and then its own.
#[unsafe(no_mangle)]
pub extern "C" fn file(path: usize) {
    with(|module| {
        let (path, bytes) = module.take_inbox(path);
        module.learning.file(&path, &bytes);
    });
}

/// Begins to learn from the files read. The inbox holds the panel's name, of so many bytes, and then its model. Answers with what was
/// read, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn begin(name: usize, seed: f64) -> u32 {
    with(|module| {
        let (panel, model) = module.take_inbox(name);
        let report = module.learning.begin(&panel, &model, seed as u64);
        module.tell(Ok(report))
    })
}

/// Learns for so many steps. Answers with how far it is, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn go_on(steps: u32) -> u32 {
    with(|module| {
        let told = module.learning.go_on(steps);
        module.tell(told)
    })
}

/// Answers with the model that the panel is to play which was told last.
#[unsafe(no_mangle)]
pub extern "C" fn model() -> u32 {
    with(|module| {
        let model = module.learning.model().to_vec();
        module.answer(Ok(model))
    })
}

/// Answers with the weights that were learned, as a file.
#[unsafe(no_mangle)]
pub extern "C" fn weights() -> u32 {
    with(|module| {
        let weights = module.learning.weights();
        module.answer(weights)
    })
}

/// Looks at the weights in the inbox. Answers with what they are, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn look(seed: f64) -> u32 {
    with(|module| {
        let told = open(&module.inbox, seed as u64);
        module.tell(told)
    })
}

/// See [`crate::speed`]: learns so many steps, or plays so many symbols.
#[cfg(feature = "compare")]
#[unsafe(no_mangle)]
pub extern "C" fn speed(plays: u32, units: usize, count: usize) -> f64 {
    let found = match plays {
        0 => crate::speed::learned(units, count),
        _ => crate::speed::played(units, count),
    };
    found.unwrap_or(f64::NAN)
}
