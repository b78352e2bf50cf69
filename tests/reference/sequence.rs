//! Writes `sequence.safetensors`, the weights of a small model, and `sequence.json`, what it says about a few symbols:
//! `cargo run --example reference-sequence`. `sequence.py` loads the weights into PyTorch, which has to say the same.

use aeolian::nn::{Learner, Saved};
use aeolian::predict::Predictor;
use aeolian::recurrent::{Architecture, SequenceModel};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SYMBOLS: [usize; 10] = [3, 0, 4, 4, 1, 2, 0, 3, 3, 1];

fn main() -> aeolian::Result<()> {
    let at = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sequence");
    let size = Architecture {
        embedding: 3,
        units: 4,
        layers: 2,
        ..Architecture::default()
    };
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut model = SequenceModel::new(5, &size, &mut rng)?;
    for parameter in model.parameters() {
        parameter.values.mapv_inplace(|_| rng.random_range(-0.9..0.9));
    }
    model.save(&at.with_extension("safetensors"))?;

    let (mut player, mut probabilities) = (model.player()?, [0.0; 5]);
    let mut outputs = vec![];
    for symbol in SYMBOLS {
        player.predict(&mut probabilities);
        outputs.push(probabilities.map(f64::ln));
        player.hear(symbol);
    }
    let text = serde_json::json!({ "symbols": SYMBOLS, "outputs": outputs }).to_string();
    let text = text.replace("],", "],\n") + "\n";
    aeolian::file::write(&at.with_extension("json"), text.as_bytes())
}
