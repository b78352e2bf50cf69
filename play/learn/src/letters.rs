//! 07: an LSTM learns a text letter by letter, as in the listing.

use super::lstm::{best, tell};
use super::{Lesson, Told};
use aeolian::nn::{Course, Learner, Saved, Training, annotated, lanes};
use aeolian::predict::{Sampling, generate};
use aeolian::recurrent::{Architecture, SequenceModel};
use aeolian::{Error, Result};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a file's note of its letters is called.
pub const NOTE: &str = "letters";

/// After so many steps, and after each epoch, it writes again.
const OFTEN: u64 = 50;

/// So many letters.
const WRITTEN: usize = 240;

struct Letters {
    course: Course<'static, SequenceModel>,
    letters: Vec<char>,
    rng: ChaCha8Rng,
    told: Told,
}

pub fn start(text: &str, seed: u64) -> Result<Box<dyn Lesson>> {
    let text: Vec<char> = text.chars().collect();
    let mut letters = text.clone();
    letters.sort_unstable();
    letters.dedup();
    let (size, settings) = if text.len() > 500_000 {
        let size = Architecture {
            units: 256,
            dropout: 0.1,
            ..Architecture::default()
        };
        let settings = Training {
            epochs: 12,
            rate: 0.004,
            ..Training::default()
        };
        (size, settings)
    } else {
        let size = Architecture {
            units: 192,
            dropout: 0.4,
            ..Architecture::default()
        };
        let settings = Training {
            batch: 16,
            rate: 0.01,
            ..Training::default()
        };
        (size, settings)
    };
    let settings = Training {
        parts: 1,
        seed,
        ..settings
    };
    let find = |letter: &char| letters.binary_search(letter).unwrap_or(0);
    let mut symbols: Vec<usize> = text.iter().map(find).collect();
    let held_out = vec![symbols.split_off(text.len() * 9 / 10)];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let model = SequenceModel::new(letters.len(), &size, &mut rng)?;
    let course = Course::new(&model, lanes(&symbols, settings.batch), held_out, &settings)?;
    Ok(Box::new(Letters {
        course,
        letters,
        rng,
        told: Told {
            goes_on: true,
            ..Told::default()
        },
    }))
}

/// Some letters by a model.
fn written(model: &SequenceModel, letters: &[char], rng: &mut ChaCha8Rng) -> Result<String> {
    let sampling = Sampling {
        temperature: 0.7,
        ..Sampling::default()
    };
    let said = generate(&mut model.player()?, &[], usize::MAX, WRITTEN, sampling, rng)?;
    Ok(said.iter().filter_map(|&symbol| letters.get(symbol)).collect())
}

impl Lesson for Letters {
    fn step(&mut self) -> Result<()> {
        if let Some(now) = self.course.step()? {
            tell(&mut self.told, &now);
            if now.step % OFTEN == 0 || now.validation.is_some() {
                self.told.text = written(self.course.model(), &self.letters, &mut self.rng)?;
            }
        }
        self.told.goes_on = self.course.goes_on();
        if !self.told.goes_on {
            let history = self.course.history();
            let bits = format!("{:.3}", history.best_bits());
            self.told
                .figures
                .push(("bits a letter, on what was held out".to_string(), bits));
            self.told.at = format!(
                "{} epochs, of which number {} was best",
                history.epochs.len(),
                history.best
            );
            self.told.of = self.told.done;
            self.told.text = written(&best(&self.course), &self.letters, &mut self.rng)?;
        }
        Ok(())
    }

    fn told(&self) -> &Told {
        &self.told
    }

    fn weights(&self) -> Option<Result<Vec<u8>>> {
        let letters: String = self.letters.iter().collect();
        let bytes = best(&self.course).to_bytes();
        Some(bytes.and_then(|bytes| annotated(&bytes, NOTE, &letters)))
    }
}

/// Lets weights of letters write.
pub fn open(bytes: &[u8], letters: &str, seed: u64) -> Result<Told> {
    let model = SequenceModel::from_bytes(bytes)?;
    let letters: Vec<char> = letters.chars().collect();
    let symbols = model.shape().alphabet;
    if letters.len() != symbols {
        let what = format!("{} letters for weights of {symbols}", letters.len());
        return Err(Error::format(
            "its metadata",
            what,
            "Give a file that was saved here",
        ));
    }
    Ok(Told {
        at: format!("weights that know {symbols} letters"),
        text: written(&model, &letters, &mut ChaCha8Rng::seed_from_u64(seed))?,
        ..Told::default()
    })
}
