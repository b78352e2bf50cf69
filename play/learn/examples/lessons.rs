//! Learns natively what the module learns, for tests/panels.py, which compares; or times it:
//!
//! ```text
//! cargo run --features learn/compare --example lessons -- FOLDER STEPS     FOLDER/files is dropped, FOLDER/book.model is the chords'
//! cargo run --features learn/compare --example lessons -- speed PLAYS UNITS COUNT     milliseconds
//! cargo run --features learn/compare --example lessons -- open FILE     weights that a page saved
//! cargo run --features learn/compare --example lessons -- waltzes FOLDER COUNT     makes waltzes, as MIDI
//! ```

use aeolian::chance::dice::Game;
use aeolian::file::{below, read, write};
use aeolian::music::{Alphabet, midi};
use aeolian::nn::{Learner, Saved, annotation};
use aeolian::predict::{TakingTurns, generate};
use aeolian::recurrent::SequenceModel;
use aeolian::{Error, Result};
use learn::{Learning, speed};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<usize>().unwrap_or(0);
    match words[..] {
        ["speed", plays, units, count] => {
            let (start, units, count) = (Instant::now(), number(units), number(count));
            let found = match plays {
                "0" => speed::learned(units, count)?,
                _ => speed::played(units, count)?,
            };
            println!("{} {found}", start.elapsed().as_secs_f64() * 1000.0);
            Ok(())
        }
        ["open", file] => opened(Path::new(file)),
        ["waltzes", folder, count] => waltzes(Path::new(folder), number(count)),
        [folder, steps] => compared(Path::new(folder), number(steps) as u32),
        _ => Err(Error::value("Words are missing", "See the top of this program")),
    }
}

/// Every kind of lesson.
fn compared(folder: &Path, steps: u32) -> Result<()> {
    let book = read(&folder.join("book.model"))?;
    for panel in ["tune", "chords", "endless"] {
        let mut learning = Learning::default();
        let files = folder.join("files");
        for path in below(&files)?.files {
            let name = path.strip_prefix(&files).unwrap_or(&path);
            learning.file(&name.display().to_string(), &read(&path)?);
        }
        let report = learning.begin(panel, &book, 7);
        let start = Instant::now();
        let told = learning.go_on(steps)?;
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        let all = json!({"report": report, "told": told, "milliseconds": milliseconds});
        write(&folder.join(format!("{panel}.json")), all.to_string().as_bytes())?;
    }
    Ok(())
}

/// Opens weights as the library does, and lets them write.
fn opened(file: &Path) -> Result<()> {
    let bytes = read(file)?;
    let model = SequenceModel::from_bytes(&bytes)?;
    let alphabet: Alphabet = annotation(&bytes, "alphabet")?.unwrap_or_default().parse()?;
    let mut player = TakingTurns::new(model.player()?, alphabet.turns());
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let written = generate(&mut player, &[], alphabet.end(), 60, Default::default(), &mut rng)?;
    println!("{} notes", alphabet.decode(&written).steps.len());
    Ok(())
}

fn waltzes(folder: &Path, count: usize) -> Result<()> {
    let game = Game::printed()?;
    let mut rng = ChaCha8Rng::seed_from_u64(1793);
    for (number, waltz) in game.corpus(count, &mut rng).iter().enumerate() {
        write(
            &folder.join(format!("{number}.mid")),
            &midi::encode(&game.score(waltz))?,
        )?;
    }
    Ok(())
}
