//! What `bigger/tests` compares PyTorch with.
//!
//! `cargo run --example reference-bigger -- write DIR` writes the weights of a few small models, and what they say: the logarithm of each
//! symbol's probability at each step. `… hear WEIGHTS SHARDS` opens weights that PyTorch has written, and says as JSON how surprised
//! they are at the validation part of an export, in nats a symbol, and how many notes they play.

use aeolian::music::{Alphabet, Part};
use aeolian::nn::{Learner, Saved, Training, annotation, surprise};
use aeolian::predict::{Predictor, Sampling, TakingTurns, generate};
use aeolian::recurrent::{Architecture, Cell, SequenceModel};
use aeolian::shards::Index;
use aeolian::wavenet::{Conditioning, Cue, Moment, NetShape, WaveNet, WaveNetShape};
use aeolian::{Error, Result, file};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};
use std::path::Path;

const STEPS: usize = 48;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder] => write(Path::new(folder)),
        ["hear", weights, shards] => hear(Path::new(weights), Path::new(shards)),
        _ => Err(Error::value(
            "Not understood",
            "Say: write DIR, or: hear WEIGHTS SHARDS",
        )),
    }
}

fn any_weights(model: &mut impl Saved, rng: &mut ChaCha8Rng) {
    for parameter in model.weights() {
        parameter.values.mapv_inplace(|_| rng.random_range(-0.4..0.4));
    }
}

fn keep(folder: &Path, name: &str, model: &mut impl Saved, said: Value) -> Result<()> {
    model.save(&folder.join(format!("{name}.safetensors")))?;
    file::write(&folder.join(format!("{name}.json")), said.to_string().as_bytes())
}

fn write(folder: &Path) -> Result<()> {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    for (name, cell, layers) in [
        ("lstm", Cell::Lstm, 1),
        ("lstm-2", Cell::Lstm, 2),
        ("rnn", Cell::Rnn, 1),
    ] {
        let size = Architecture {
            cell,
            embedding: 6,
            units: 20,
            layers,
            dropout: 0.1,
        };
        let mut model = SequenceModel::new(9, &size, &mut rng)?;
        any_weights(&mut model, &mut rng);
        let mut player = model.player()?;
        let (mut heard, mut said) = (vec![], vec![]);
        for _ in 0..STEPS {
            said.push(logarithms(&mut player));
            heard.push(rng.random_range(0..9));
            player.hear(heard[heard.len() - 1]);
        }
        keep(folder, name, &mut model, json!({ "heard": heard, "said": said }))?;
    }
    let told = Conditioning {
        rate: 8000,
        lowest: 60,
        pitches: 5,
        fork: 2,
    };
    for (name, conditioning, logistics) in [
        ("wavenet", None, 0),
        ("wavenet-told", Some(told), 0),
        ("wavenet-curves", Some(told), 3),
    ] {
        let net = NetShape {
            residual: 6,
            skip: 8,
            hidden: 10,
            dilations: vec![1, 2, 4, 8, 1, 2, 4],
            logistics,
        };
        let mut model = WaveNet::new(&WaveNetShape { net, conditioning }, &mut rng)?;
        any_weights(&mut model, &mut rng);
        let mut player = model.player()?;
        let (mut heard, mut said, mut rows) = (vec![], vec![], vec![]);
        for age in 0..STEPS as u32 {
            let pitch = (age > 8).then_some(60 + (age / 20) as u8);
            let mut row = vec![0.0f32; conditioning.map_or(0, |conditioning| conditioning.width())];
            if let Some(conditioning) = conditioning {
                conditioning.fill(Cue { pitch, age }, &mut row);
                player.cue(Cue { pitch, age });
            }
            rows.push(row);
            said.push(logarithms(&mut player));
            heard.push(rng.random_range(90..170));
            player.hear(heard[heard.len() - 1]);
        }
        keep(
            folder,
            name,
            &mut model,
            json!({ "heard": heard, "said": said, "told": rows }),
        )?;
    }
    Ok(())
}

fn logarithms(player: &mut impl Predictor) -> Vec<f64> {
    let mut probabilities = vec![0.0; player.alphabet()];
    player.predict(&mut probabilities);
    probabilities.into_iter().map(f64::ln).collect()
}

fn hear(weights: &Path, shards: &Path) -> Result<()> {
    let index = Index::open(shards)?;
    let pieces: Vec<Vec<usize>> = index.pieces(shards, Part::Valid).collect::<Result<_>>()?;
    let settings = Training::default();
    let bytes = file::read(weights)?;
    let found = match annotation(&bytes, "alphabet")? {
        Some(alphabet) => {
            let alphabet: Alphabet = alphabet.parse()?;
            let model = SequenceModel::from_bytes(&bytes)?;
            let mut writer = TakingTurns::new(model.player()?, alphabet.turns());
            let mut rng = ChaCha8Rng::seed_from_u64(14);
            let tune = generate(
                &mut writer,
                &[],
                alphabet.end(),
                64,
                Sampling::default(),
                &mut rng,
            )?;
            let notes = alphabet.decode(&tune).steps.len();
            json!({ "nats": surprise(&model, &pieces, &settings)?, "notes": notes })
        }
        None => {
            let model = WaveNet::from_bytes(&bytes)?;
            let moment = |code: &usize| Moment {
                code: *code as u8,
                ..Moment::default()
            };
            let sounds: Vec<Vec<Moment>> = pieces
                .iter()
                .map(|piece| piece.iter().map(moment).collect())
                .collect();
            let mut player = model.player()?;
            let mut rng = ChaCha8Rng::seed_from_u64(14);
            let drawn: Vec<u8> = (0..64).map(|_| player.draw(1.0, &mut rng)).collect();
            json!({ "nats": surprise(&model, &sounds, &settings)?, "notes": drawn.len() })
        }
    };
    println!("{found}");
    Ok(())
}
