//! Plays every panel natively into a folder, for tests/panels.py, which plays the same in the module and compares:
//! `cargo run --features play/compare --example hear -- FOLDER SECONDS`.

use aeolian::file::write;
use play::engine::Engine;
use play::samples::{MODELS, model};
use std::path::Path;

/// Samples made at a time, as in the page.
const CHUNK: usize = 2048;

fn main() -> aeolian::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, seconds] = &words[..] else {
        return Err(aeolian::Error::value(
            "Two words are needed",
            "Give FOLDER SECONDS",
        ));
    };
    let chunks = seconds.parse::<usize>().unwrap_or(10) * 44_100 / CHUNK;
    for name in MODELS {
        let path = |extension: &str| Path::new(folder).join(format!("{name}.{extension}"));
        let model = model(name);
        let mut engine = Engine::open(name, &model, 1793)?;
        let (mut events, mut samples) = (engine.events(), Vec::new());
        for _ in 0..chunks {
            let (mut left, mut right) = ([0f32; CHUNK], [0f32; CHUNK]);
            engine.play(&mut left, &mut right);
            events.extend(engine.events());
            samples.extend(left.into_iter().chain(right).flat_map(f32::to_le_bytes));
        }
        write(&path("model"), &model)?;
        write(&path("f32"), &samples)?;
        write(&path("json"), &serde_json::to_vec(&events).unwrap_or_default())?;
    }
    Ok(())
}
