//! A small model for each panel, to test it with: natively, and against the module.

use aeolian::bars::{BAR, Request, SYMBOLS, Scale, Unit, Vae, VaeShape, WORDS, tunes};
use aeolian::chance::dice::Game;
use aeolian::composer::{Composer, Packed, SavedStates, Writer};
use aeolian::gan::{Forger, ForgerShape, Latent, Made};
use aeolian::markov::hidden::{Harmoniser, PseudoCounts};
use aeolian::music::{Alphabet, Corpus, Melody, Part, Piece, abc};
use aeolian::nn::{Curve, Parameter, Saved, annotated};
use aeolian::recurrent::{Architecture, SequenceModel};
use aeolian::sliders::{StepModel, StepShape};
use aeolian::sound::recorded::BANDS;
use aeolian::sound::{Instrument, mu_law};
use aeolian::wavenet::{Autoencoder, AutoencoderShape, Conditioning, NetShape, WaveNet, WaveNetShape};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::json;

/// The panels.
pub const MODELS: [&str; 17] = [
    "wind",
    "dice",
    "walk",
    "tune",
    "chords",
    "instrument",
    "plans",
    "blues",
    "letters",
    "keys",
    "endless",
    "mixer",
    "forge",
    "studio",
    "composer",
    "blind",
    "duet",
];

/// A model for the panel of this name.
pub fn model(name: &str) -> Vec<u8> {
    match name {
        "dice" => b"7 7 3 5 12 8 7 6 9 4 2 7 10 6 8 7".to_vec(),
        "walk" => walk().to_string().into_bytes(),
        "tune" => include_bytes!("../../data/tunes/waltzes.abc").to_vec(),
        "chords" => chords().to_string().into_bytes(),
        "keys" => keys().unwrap_or_default(),
        "endless" => endless().unwrap_or_default(),
        "instrument" => instrument().to_string().into_bytes(),
        "plans" => plans().to_string().into_bytes(),
        "blues" => {
            let form = [0, 0, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0];
            let chords = [[48, 52, 55, 58], [45, 48, 51, 53], [47, 50, 53, 55]];
            recurrent(&json!([form, [60, 63, 65, 67, 70, 72, 75], chords]), 24)
        }
        "letters" => recurrent(&json!("\n abcdefgh"), 10),
        "mixer" => mixer(),
        "studio" => studio().unwrap_or_default(),
        "composer" | "duet" => composer().unwrap_or_default(),
        "blind" => blind().unwrap_or_default(),
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
        logistics: 0,
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

/// Three makers that have learned nothing.
fn studio() -> aeolian::Result<Vec<u8>> {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let scale = Scale {
        low: [0.1, 4.0, 0.0, 0.0, 0.2, 0.0],
        high: [0.5, 12.0, 2.0, 2.0, 0.6, 0.5],
    };
    let (kinds, hidden) = (2, [16, 8]);
    let told = Request::width(kinds);
    let step = StepShape {
        kinds,
        hidden,
        scale: scale.clone(),
    };
    let vae = VaeShape {
        bars: 1,
        conditions: told,
        latent: 4,
        hidden,
    };
    let forger = ForgerShape {
        latent: Latent {
            normals: 4,
            uniforms: 0,
            sides: 0,
        },
        told,
        hidden: vec![8, 16],
        curve: Curve::LeakyRelu,
        norm: true,
        made: Made::Symbols {
            sizes: vec![SYMBOLS; BAR],
            not_in_short: vec![12, 13, 14, 15],
        },
    };
    let models = [
        StepModel::new(&step, &mut rng)?.to_bytes()?,
        Vae::new(&vae, &mut rng)?.to_bytes()?,
        Forger::new(&forger, &mut rng)?.to_bytes()?,
    ];
    // Each chord leads most often to the next.
    let mut chain = vec![vec![0.1; 6]; 6];
    (0..6).for_each(|chord| chain[chord][(chord + 1) % 6] = 0.5);
    let about = json!({
        "kinds": ["one", "two"], "in_three": [0.0, 1.0], "scale": scale,
        "chain": {"transition": chain}, "sizes": models.each_ref().map(Vec::len),
    });
    Ok([about.to_string().as_bytes(), b"\n", &models.concat()].concat())
}

/// The book's waltzes and jigs.
fn waltzes_and_jigs() -> aeolian::Result<Corpus> {
    let mut corpus = Corpus::default();
    let waltzes: &[u8] = include_bytes!("../../data/tunes/waltzes.abc");
    for (name, text) in [
        ("waltzes", waltzes),
        ("jigs", include_bytes!("../../data/tunes/jigs.abc")),
    ] {
        for (score, _) in abc::decode(text)? {
            corpus.pieces.push(Piece {
                file: format!("{name}.abc").into(),
                part: Part::Train,
                score,
            });
        }
    }
    Ok(corpus)
}

/// Four bars of a waltz or jig, and those of the next in the place of a model's.
fn blind() -> aeolian::Result<Vec<u8>> {
    let (kinds, tunes) = tunes(&waltzes_and_jigs()?);
    let mut clips: Vec<(usize, Vec<String>)> = Vec::new();
    for tune in &tunes {
        let bars = tune.usable().filter(|unit| unit.bar == 12).take(4);
        clips.push((tune.kind, bars.map(Unit::letters).collect()));
    }
    clips.retain(|clip| clip.1.len() == 4);
    let pairs = clips.windows(2).enumerate().map(|(number, two)| {
        json!([
            number % 2,
            two[0].0,
            format!("tune {number}"),
            two[0].1,
            two[1].1,
            number % 3 > 0
        ])
    });
    let styles: Vec<_> = kinds.iter().map(|name| json!([name, 73])).collect();
    let about = json!({"writers": ["one", "two"], "styles": styles, "pairs": pairs.collect::<Vec<_>>()});
    Ok(about.to_string().into_bytes())
}

/// The book's waltzes and jigs, an LSTM and a forger that have learned nothing, and hidden states that have hardly begun.
fn composer() -> aeolian::Result<Vec<u8>> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (kinds, tunes) = tunes(&waltzes_and_jigs()?);
    let composer = Composer::of(&kinds, tunes)?;
    let lessons = composer.lessons();
    let size = Architecture {
        units: 12,
        embedding: 4,
        ..Architecture::default()
    };
    let lstm = SequenceModel::new(WORDS + kinds.len(), &size, &mut rng)?.to_bytes()?;
    let (mut forger, scale) = Writer::gan(&lessons, 1, &mut rng, |_| {})?;
    let gan = forger.to_bytes()?;
    let hidden = Writer::hidden(&lessons, 1, &mut rng)?;
    let about = json!({
        "tunes": Packed::of(&composer), "scale": scale, "first": 0, "seeds": [7, 7, 7, 7],
        "hidden": hidden.iter().map(SavedStates::of).collect::<Vec<_>>(), "sizes": [lstm.len(), gan.len()],
    });
    Ok([about.to_string().as_bytes(), b"\n", &lstm, &gan].concat())
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

fn instrument() -> serde_json::Value {
    json!([
        ["guitar", "piano", "vibraphone", "flute", "violin", "drum"],
        vec![0.3; BANDS],
        vec![0.2; BANDS],
        two_layers(BANDS, 8, 6),
    ])
}

fn plans() -> serde_json::Value {
    let keys = [60, 62, 64, 65, 67, 69];
    json!([["one", "two"], keys, 0.8, two_layers(9, 12, 7)])
}

/// Weight and bias of a hidden layer, and of an output, that have learned nothing.
fn two_layers(inputs: usize, hidden: usize, outputs: usize) -> [Parameter; 4] {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    [
        Parameter::glorot("hidden.weight", inputs, hidden, &mut rng),
        Parameter::zeros("hidden.bias", 1, hidden),
        Parameter::glorot("out.weight", hidden, outputs, &mut rng),
        Parameter::zeros("out.bias", 1, outputs),
    ]
}

/// An LSTM of so many symbols that has learned nothing, and what is to be known of it.
fn recurrent(about: &serde_json::Value, symbols: usize) -> Vec<u8> {
    let size = Architecture {
        units: 12,
        embedding: 4,
        ..Architecture::default()
    };
    let model = SequenceModel::new(symbols, &size, &mut ChaCha8Rng::seed_from_u64(3));
    let bytes = model.and_then(|mut model| model.to_bytes()).unwrap_or_default();
    [format!("{about}\n").into_bytes(), bytes].concat()
}

/// Four embeddings of a decoder that has learned nothing but how often each code occurs.
fn mixer() -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let shape = AutoencoderShape {
        net: NetShape {
            residual: 4,
            skip: 4,
            hidden: 4,
            dilations: vec![1, 2, 4],
            logistics: 0,
        },
        conditioning: Conditioning {
            rate: 8000,
            lowest: 60,
            pitches: 8,
            fork: 1,
        },
        hop: 512,
        bands: 2,
        units: 2,
        embedding: 2,
    };
    let frames: [[f32; 2]; 17] = std::array::from_fn(|k| [k as f32 / 17.0, 0.5]);
    let corners = [1.0f32, -1.0, 0.5, 0.0].map(|by| frames.map(|frame| frame.map(|number| by * number)));
    let about = json!([
        ["pipe", "bow", "string", "bar"],
        corners.map(|corner| corner.to_vec())
    ]);
    let bytes = Autoencoder::new(&shape, &mut rng).and_then(|mut model| {
        model.net().expect((0..2000).map(|i| 24 + (i * 7 % 208) as u8));
        model.to_bytes()
    });
    [format!("{about}\n").into_bytes(), bytes.unwrap_or_default()].concat()
}
