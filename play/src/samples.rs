//! A small model for each panel, to test it with: natively, and against the module.

use aeolian::chance::dice::Game;
use aeolian::markov::hidden::{Harmoniser, PseudoCounts};
use aeolian::music::{Alphabet, Melody};
use aeolian::nn::{Saved, annotated};
use aeolian::recurrent::{Architecture, SequenceModel};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;

/// The panels.
pub const MODELS: [&str; 6] = ["wind", "dice", "walk", "tune", "chords", "endless"];

/// A model for the panel of this name.
pub fn model(name: &str) -> Vec<u8> {
    match name {
        "dice" => b"7 7 3 5 12 8 7 6 9 4 2 7 10 6 8 7".to_vec(),
        "walk" => walk().to_string().into_bytes(),
        "tune" => include_bytes!("../../data/tunes/waltzes.abc").to_vec(),
        "chords" => chords().to_string().into_bytes(),
        "endless" => endless().unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn walk() -> serde_json::Value {
    json!({
        "names": ["sun", "cloud", "rain"],
        "melodies": ["G4 C5 E5 G5:3", "A4 C5 A4 C5:3", "A5 F5 D5 A4:3"],
        "resolution": 2,
        "program": 11,
        "rows": [[0.6, 0.25, 0.15], [0.3, 0.3, 0.4], [0.2, 0.35, 0.45]],
    })
}

/// A network that has learned nothing yet.
fn endless() -> aeolian::Result<Vec<u8>> {
    let tune = Melody::parse(2, "C4:2 D4 E4 F4 G4:4 A4 B4 C5:3 -:1 E5 D5")?;
    let alphabet = Alphabet::of([&tune]);
    let size = Architecture {
        units: 32,
        ..Architecture::default()
    };
    let mut model = SequenceModel::new(alphabet.len(), &size, &mut ChaCha8Rng::seed_from_u64(1))?;
    annotated(&model.to_bytes()?, "alphabet", &alphabet.to_string())
}

fn chords() -> serde_json::Value {
    let lessons = Game::printed().map(|game| {
        let waltzes = game.corpus(100, &mut ChaCha8Rng::seed_from_u64(1));
        waltzes.iter().map(|waltz| game.bars(waltz)).collect::<Vec<_>>()
    });
    let taught = lessons.and_then(|lessons| Harmoniser::learn(&lessons, &PseudoCounts::default()));
    json!({
        "harmoniser": taught.map(|taught| taught.saved()).ok(),
        "tune": "X:1\nT:Broken chords\nM:3/4\nL:1/4\nK:C\nCEG|GBd|^FAd|GBd|ceg|c3|\n",
    })
}
