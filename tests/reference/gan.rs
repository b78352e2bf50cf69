//! Writes `gan.safetensors`, the weights of a small forger: `cargo run --example reference-gan`. `gan.py` loads them into PyTorch and
//! writes what it finds into `gan.json`, with which `src/gan/tests/reference.rs` has to agree.

use aeolian::gan::{Forger, ForgerShape, Latent, Made};
use aeolian::nn::{Curve, Saved};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> aeolian::Result<()> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/gan.safetensors");
    let shape = ForgerShape {
        latent: Latent {
            normals: 3,
            ..Latent::default()
        },
        told: 1,
        hidden: vec![6, 5],
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![3, 4],
            not_in_short: vec![1],
        },
    };
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut forger = Forger::new(&shape, &mut rng)?;
    for parameter in forger.parameters() {
        let least = if parameter.name.ends_with("variance") {
            0.2
        } else {
            -0.9
        };
        parameter.values.mapv_inplace(|_| rng.random_range(least..0.9));
    }
    forger.save(&path)
}
