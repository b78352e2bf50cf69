//! *Aeolian*: the library behind the book that makes music.
//!
//! One idea holds it together: to make music is to say what comes next. The chapters build these rooms, and each can be
//! used on its own.
//!
//! | room | what is in it |
//! |---|---|
//! | [`music`] | pitches, notes, melodies, scores; MIDI and ABC in and out; a corpus and its parts |
//! | [`sound`] | samples, WAV in and out, instruments, a score performed, spectra, loudness |
//! | [`plot`] | figures as SVG |
//! | [`chance`] | wind, water, dice |
//! | [`predict`] | what comes next, measured in bits; melodies drawn from any model |
//! | [`markov`] | chains, variable order, hidden states |
//! | [`nn`] | networks from their parts, each with its way back, and its way of playing |
//! | [`recurrent`] | networks with a memory, for symbols and for chords |
//! | [`wavenet`] | networks that make sound, sample by sample |
//! | [`bars`] | bars of music as rows of numbers, measured and judged; a variational autoencoder of them |
//! | [`gan`] | two nets at a game: one forges, one judges |
//! | [`sliders`] | bars on request, by three makers; chords under them, phrases of them |
//! | [`composer`] | whole pieces to order: a plan, chords, a melody, an accompaniment |
//! | [`shards`] | music as files of numbers, for training beyond this machine |
//! | [`page`] | showing a thing to a person: in a terminal, a notebook, the book |
//!
//! # Music
//!
//! ```
//! use aeolian::music::{abc, midi};
//!
//! let (score, _warnings) = abc::decode(b"X:1\nT:Rising\nL:1/4\nK:C\nC E G c|")?.remove(0);
//! assert_eq!(score.melody().steps.len(), 4);
//! let (again, _) = midi::decode(&midi::encode(&score)?)?;
//! assert_eq!(again.title, "Rising");
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # Sound
//!
//! ```
//! use aeolian::music::Melody;
//! use aeolian::sound::{cents, fundamental, perform};
//!
//! let flute = Melody::parse(4, "A4:8")?.score("One note", 73);
//! let sound = perform(&flute)?;
//! let hertz = fundamental(&sound.part(0.2, 0.8)).unwrap();
//! assert!(cents(440.0, hertz).abs() < 5.0);
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # Figures
//!
//! ```
//! use aeolian::plot::{Series, curves};
//!
//! let fading = Series::new("fading", (0..10).map(|i| (f64::from(i), 0.5f64.powi(i))));
//! let figure = curves("What is left", ("step", "amplitude"), &[fading]);
//! assert!(figure.svg().starts_with("<svg"));
//! ```
//!
//! # Chance
//!
//! ```
//! use aeolian::chance::dice::{Game, Waltz};
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//!
//! let game = Game::printed()?;
//! let waltz = Waltz::throw(&mut ChaCha8Rng::seed_from_u64(1793));
//! assert!(game.score(&waltz).seconds() > 10.0);
//! assert!(game.information_bits(&waltz) > 0.0);
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # What comes next, by a chain
//!
//! Any [`Predictor`](predict::Predictor) takes the chain's place, a network too.
//!
//! ```
//! use aeolian::markov::Chain;
//! use aeolian::music::{Alphabet, Melody};
//! use aeolian::predict::{Sampling, bits_per_symbol, generate};
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//!
//! let tune = Melody::parse(2, "C4 D4 E4 C4 C4 D4 E4 C4 E4 F4 G4:2 E4 F4 G4:2")?;
//! let alphabet = Alphabet::of([&tune]);
//! let heard = [alphabet.encode(&tune)];
//! let mut chain = Chain::trained(2, alphabet.len(), &heard)?;
//! assert!(bits_per_symbol(&mut chain, &heard)? < (alphabet.len() as f64).log2());
//!
//! let mut rng = ChaCha8Rng::seed_from_u64(1913);
//! let new = generate(&mut chain, &[], alphabet.end(), 40, Sampling::default(), &mut rng)?;
//! let melody = alphabet.decode(&new);
//! # assert!(melody.steps.len() <= 40);
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # A network
//!
//! One neuron learns that the answer is twice the first number less the second.
//!
//! ```
//! use aeolian::nn::*;
//! use ndarray::array;
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//!
//! let mut neuron = Dense::new("neuron", 2, 1, &mut ChaCha8Rng::seed_from_u64(1958));
//! let (mut loss, mut adam) = (SquaredError::default(), Adam::new(Schedule::Constant(0.1)));
//! let (x, answer) = (array![[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], array![[2.0], [-1.0], [1.0]]);
//! let mut error = f64::INFINITY;
//! for _ in 0..300 {
//!     error = loss.forward(neuron.forward(x.view())?, answer.view())?;
//!     neuron.backward(loss.backward(1.0)?)?;
//!     adam.step(&mut neuron.parameters())?;
//! }
//! assert!(error < 1e-3);
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # A network with a memory
//!
//! It learns, and its player is a [`Predictor`](predict::Predictor).
//!
//! ```
//! use aeolian::nn::{Learner, Saved, Training, train};
//! use aeolian::predict::bits_per_symbol;
//! use aeolian::recurrent::{Architecture, SequenceModel};
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//!
//! let heard = vec![vec![0, 1, 2, 0, 1, 2]; 8];
//! let size = Architecture { units: 8, embedding: 4, ..Architecture::default() };
//! let mut model = SequenceModel::new(3, &size, &mut ChaCha8Rng::seed_from_u64(1990))?;
//! let settings = Training { epochs: 60, rate: 0.05, warm_up: 5, ..Training::default() };
//! train(&mut model, &heard, &[], &settings, |_| {})?;
//! assert!(bits_per_symbol(&mut model.player()?, &heard)? < 0.5);
//!
//! let again = SequenceModel::from_bytes(&model.to_bytes()?)?;
//! # assert!(bits_per_symbol(&mut again.player()?, &heard)? < 0.5);
//! # Ok::<(), aeolian::Error>(())
//! ```
//!
//! # Showing
//!
//! A chapter opens a [`Page`](page::Page) and shows what it made. What can be shown becomes files, and files a block of HTML.
//!
//! ```
//! use aeolian::page::{Show, Table, block};
//!
//! let mut table = Table::new(&["model", "bits a note"]);
//! table.row(&[&"dice", &4.2]);
//! let html = block("bits", "How well they guess", &table.files()?, &|file| file.data_address());
//! assert!(html.contains("<td>4.2</td>"));
//! # Ok::<(), aeolian::Error>(())
//! ```

#![warn(missing_docs)]

pub mod bars;
pub mod chance;
pub mod composer;
mod error;
pub mod file;
pub mod gan;
pub mod markov;
pub mod music;
pub mod nn;
#[cfg(feature = "show")]
pub mod page;
#[cfg(feature = "show")]
pub mod plot;
pub mod predict;
pub mod recurrent;
#[cfg(not(target_family = "wasm"))]
pub mod shards;
pub mod sliders;
pub mod sound;
mod threads;
pub mod wavenet;

pub use error::{Error, Result};
