//! Writes `wavenet.safetensors`, the weights of a small WaveNet: `cargo run --example reference-wavenet`. `wavenet.py` loads them into
//! PyTorch and writes what it finds into `wavenet.json`, with which `src/wavenet/tests/reference.rs` has to agree.

use aeolian::nn::{Learner, Saved};
use aeolian::wavenet::{Conditioning, NetShape, WaveNet, WaveNetShape};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> aeolian::Result<()> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/wavenet.safetensors");
    let shape = WaveNetShape {
        net: NetShape {
            residual: 3,
            skip: 4,
            hidden: 5,
            dilations: vec![1, 3, 2],
            logistics: 0,
        },
        conditioning: Some(Conditioning {
            rate: 8000,
            lowest: 60,
            pitches: 2,
            fork: 1,
        }),
    };
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut model = WaveNet::new(&shape, &mut rng)?;
    for parameter in model.parameters() {
        parameter.values.mapv_inplace(|_| rng.random_range(-0.9..0.9));
    }
    model.save(&path)
}
