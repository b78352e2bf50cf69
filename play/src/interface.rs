//! What the worker calls: plain numbers, and text or bytes that lie in memory.
//!
//! To hand something over, the page asks for room with [`inbox`] and writes there. What comes back lies at [`outbox`]. Every
//! function that can fail gives 1 if it went well, and else 0, with the reason in the outbox.

use crate::engine::Engine;
use crate::stage::pressed;
use aeolian::Result;
use std::cell::RefCell;

#[derive(Default)]
struct Module {
    engine: Option<Engine>,
    inbox: Vec<u8>,
    outbox: Vec<u8>,
    /// Left, then right.
    samples: Vec<f32>,
}

thread_local! {
    /// There is one thread, one panel, and so one of everything.
    static MODULE: RefCell<Module> = RefCell::default();
}

fn with<T>(work: impl FnOnce(&mut Module) -> T) -> T {
    MODULE.with(|module| work(&mut module.borrow_mut()))
}

impl Module {
    /// The words in the inbox.
    fn words(&self) -> String {
        String::from_utf8_lossy(&self.inbox).into_owned()
    }

    fn answer(&mut self, result: Result<Vec<u8>>) -> u32 {
        let (well, bytes) = match result {
            Ok(bytes) => (1, bytes),
            Err(error) => (0, error.to_string().into_bytes()),
        };
        self.outbox = bytes;
        well
    }

    /// Does something with the panel, then puts in the outbox what the page is to show.
    fn tell(&mut self, work: impl FnOnce(&mut Engine) -> Result<()>) -> u32 {
        let result = match &mut self.engine {
            Some(engine) => work(engine).map(|()| serde_json::to_vec(&engine.events()).unwrap_or_default()),
            None => Err(aeolian::Error::value("No panel is open", "Open one first")),
        };
        self.answer(result)
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

/// Where samples lie: all of the left channel, then all of the right.
#[unsafe(no_mangle)]
pub extern "C" fn samples() -> *const f32 {
    with(|module| module.samples.as_ptr())
}

/// Opens a panel. The inbox holds its name, of so many bytes, and then its model. Answers with events, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn open(name: usize, seed: f64) -> u32 {
    with(|module| {
        let inbox = std::mem::take(&mut module.inbox);
        let (name, model) = inbox.split_at(name.min(inbox.len()));
        match Engine::open(&String::from_utf8_lossy(name), model, seed as u64) {
            Ok(engine) => {
                module.engine = Some(engine);
                module.tell(|_| Ok(()))
            }
            Err(error) => module.answer(Err(error)),
        }
    })
}

/// Moves the control that the inbox names. Answers with events.
#[unsafe(no_mangle)]
pub extern "C" fn set(value: f64) -> u32 {
    with(|module| {
        let control = module.words();
        module.tell(|engine| engine.set(&control, value))
    })
}

/// Does what the inbox says. Answers with events.
#[unsafe(no_mangle)]
pub extern "C" fn act() -> u32 {
    with(|module| {
        let gesture = module.words();
        module.tell(|engine| engine.act(&gesture))
    })
}

/// Makes so many frames of sound. Answers with events.
#[unsafe(no_mangle)]
pub extern "C" fn play(frames: usize) -> u32 {
    with(|module| {
        let mut samples = std::mem::take(&mut module.samples);
        samples.clear();
        samples.resize(2 * frames, 0.0);
        let (left, right) = samples.split_at_mut(frames);
        let well = module.tell(|engine| {
            engine.play(left, right);
            Ok(())
        });
        module.samples = samples;
        well
    })
}

/// Makes one tone, of a General MIDI program, and gives the number of its samples: for a key that was just pressed.
#[unsafe(no_mangle)]
pub extern "C" fn tone(midi: u32, program: u32) -> usize {
    let samples = pressed(midi.min(127) as u8, program.min(127) as u8);
    with(|module| {
        module.samples = samples;
        module.samples.len()
    })
}

/// Answers with a file of what was heard, when so many samples have been heard: 0 for WAV, 1 for MIDI; 3 and 4 are the same of the whole piece
/// that a panel plays.
#[unsafe(no_mangle)]
pub extern "C" fn file(kind: u32, heard: f64) -> u32 {
    with(|module| {
        let file = match (&module.engine, kind) {
            (None, _) => Err(aeolian::Error::value("No panel is open", "Open one first")),
            (Some(engine), 0) => engine.wav(heard as u64),
            (Some(engine), 3) => engine.whole_wav(),
            (Some(engine), 4) => engine.whole_midi(),
            (Some(engine), _) => engine.midi(heard as u64),
        };
        module.answer(file)
    })
}

/// Lets another panel play on, with what the reader's own music has taught. The inbox holds its name, of so many bytes, and then its model.
/// Answers with events.
#[unsafe(no_mangle)]
pub extern "C" fn swap(name: usize) -> u32 {
    with(|module| {
        let inbox = std::mem::take(&mut module.inbox);
        let (name, model) = inbox.split_at(name.min(inbox.len()));
        module.tell(|engine| engine.swap(&String::from_utf8_lossy(name), model))
    })
}

/// Lets the panel of the book play on. Answers with events.
#[unsafe(no_mangle)]
pub extern "C" fn back() -> u32 {
    with(|module| {
        module.tell(|engine| {
            engine.back();
            Ok(())
        })
    })
}
