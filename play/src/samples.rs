//! A small model for each panel, to test it with: natively, and against the module.

use aeolian::chance::dice::Game;
use aeolian::markov::hidden::{Harmoniser, PseudoCounts};
use aeolian::nn::Saved;
use aeolian::sound::{Instrument, mu_law};
use aeolian::wavenet::{Conditioning, NetShape, WaveNet, WaveNetShape};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;

/// The panels.
pub const MODELS: [&str; 6] = ["wind", "dice", "walk", "tune", "chords", "keys"];

/// A model for the panel of this name.
pub fn model(name: &str) -> Vec<u8> {
    match name {
        "dice" => b"7 7 3 5 12 8 7 6 9 4 2 7 10 6 8 7".to_vec(),
        "walk" => walk().to_string().into_bytes(),
        "tune" => include_bytes!("../../data/tunes/waltzes.abc").to_vec(),
        "chords" => chords().to_string().into_bytes(),
        "keys" => keys().unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// A net that has learned nothing but how often each code occurs.
fn keys() -> aeolian::Result<Vec<u8>> {
    let conditioning = Conditioning {
        rate: 8000,
        lowest: 55,
        pitches: 25,
        fork: 1,
    };
    let net = NetShape {
        residual: 8,
        skip: 8,
        hidden: 16,
        dilations: vec![1, 2, 4, 8],
    };
    let shape = WaveNetShape {
        net,
        conditioning: Some(conditioning),
    };
    let mut net = WaveNet::new(&shape, &mut ChaCha8Rng::seed_from_u64(1))?;
    let string = Instrument::PluckedString.tone(261.63, 1.0, 90, 8000);
    net.net().expect(string.into_iter().map(mu_law::encode));
    net.to_bytes()
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
