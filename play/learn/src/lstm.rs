//! 07: an LSTM learns melodies, as in the listing.

use super::{Lesson, Model, Told};
use aeolian::Result;
use aeolian::markov::{LongAndShort, MelodyModel, Settings, Variable};
use aeolian::music::{Alphabet, Corpus};
use aeolian::nn::{Course, Learner, Progress, Saved, Training, annotated};
use aeolian::predict::{TakingTurns, bits_per_note};
use aeolian::recurrent::{Architecture, Cell, SequenceModel};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a file's note of the alphabet is called.
const NOTE: &str = "alphabet";

/// What plays the weights.
pub const PANEL: &str = "endless";

/// As in the listing, but in one part: here is one thread.
const SIZE: Architecture = Architecture {
    cell: Cell::Lstm,
    units: 96,
    embedding: 24,
    layers: 1,
    dropout: 0.2,
};

pub fn settings() -> Training {
    Training {
        batch: 16,
        parts: 1,
        window: 72,
        epochs: 12,
        rate: 0.008,
        ..Training::default()
    }
}

/// After so many steps it plays what it has learned since.
const OFTEN: u64 = 25;

struct Melodies {
    course: Course<'static, SequenceModel>,
    alphabet: Alphabet,
    train: Vec<Vec<usize>>,
    test: Vec<Vec<usize>>,
    /// Whether there is something new to play.
    fresh: bool,
    told: Told,
}

pub fn start(divided: &Corpus, seed: u64) -> Result<Box<dyn Lesson>> {
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let lessons = alphabet.in_keys(&split.train, -6..=5);
    let [many, train, valid, test] = [&lessons, &split.train, &split.valid, &split.test]
        .map(|part| -> Vec<Vec<usize>> { part.iter().map(|melody| alphabet.encode(melody)).collect() });
    let model = SequenceModel::new(alphabet.len(), &SIZE, &mut ChaCha8Rng::seed_from_u64(seed))?;
    let settings = Training { seed, ..settings() };
    let course = Course::new(&model, many, valid, &settings)?;
    Ok(Box::new(Melodies {
        course,
        alphabet,
        train,
        test,
        fresh: true,
        told: Told {
            goes_on: true,
            ..Told::default()
        },
    }))
}

impl Melodies {
    /// The model that is best until now.
    fn best(&self) -> SequenceModel {
        best(&self.course)
    }

    /// A model as a file that says its alphabet.
    fn file(&self, mut model: SequenceModel) -> Result<Vec<u8>> {
        annotated(&model.to_bytes()?, NOTE, &self.alphabet.to_string())
    }

    /// What is measured after learning, one after the other: see the listing.
    fn measure(&mut self) -> Result<()> {
        let (alphabet, test) = (&self.alphabet, &self.test);
        let turns = |player| TakingTurns::new(player, alphabet.turns());
        let (name, bits) = match self.told.figures.len() {
            0 => (
                "LSTM alone",
                bits_per_note(self.best().player()?, alphabet, test)?,
            ),
            1 => {
                let short = Variable::short_term(Settings::SHORT_TERM, alphabet.len());
                let short = TakingTurns::new(short, alphabet.turns());
                let both = LongAndShort::new(turns(self.best().player()?), short);
                let name = "LSTM with a short-term memory";
                (name, bits_per_note(both, alphabet, test)?)
            }
            _ => {
                self.told.goes_on = false;
                let both = MelodyModel::trained(alphabet, &self.train)?;
                let name = "chain of variable order with a short-term memory";
                (name, bits_per_note(both, alphabet, test)?)
            }
        };
        let name = format!("bits a note, {name}");
        self.told.figures.push((name, format!("{bits:.3}")));
        Ok(())
    }
}

/// The model with the weights that are best until now: before the end of the first epoch, those it has.
pub(super) fn best(course: &Course<'static, SequenceModel>) -> SequenceModel {
    let mut model = course.model().clone();
    if course.history().best > 0 {
        course.give_best(&mut model);
    }
    model
}

/// Writes down how far a course is.
pub(super) fn tell(told: &mut Told, now: &Progress) {
    let bits = |nats: f64| nats / std::f64::consts::LN_2;
    (told.done, told.of) = (now.step, now.steps);
    told.at = format!("epoch {} of {} at most", now.epoch, now.epochs);
    match now.validation {
        Some(held_out) => told.curve.push((now.bits, Some(bits(held_out)))),
        None => told.bits = Some(now.bits),
    }
}

impl Lesson for Melodies {
    fn step(&mut self) -> Result<()> {
        if !self.course.goes_on() {
            return self.measure();
        }
        if let Some(now) = self.course.step()? {
            tell(&mut self.told, &now);
            self.fresh |= now.step % OFTEN == 0;
        }
        if !self.course.goes_on() {
            let epochs = self.course.history().epochs.len();
            self.told.at = format!(
                "{epochs} epochs, of which number {} was best",
                self.course.history().best
            );
            self.told.of = self.told.done;
            self.fresh = true;
        }
        Ok(())
    }

    fn told(&self) -> &Told {
        &self.told
    }

    /// What it knows now; after the end, what was best.
    fn model(&mut self) -> Option<Model> {
        if !std::mem::take(&mut self.fresh) {
            return None;
        }
        let learns = self.course.goes_on();
        let model = if learns {
            self.course.model().clone()
        } else {
            self.best()
        };
        Some((PANEL, self.file(model).ok()?))
    }

    fn weights(&self) -> Option<Result<Vec<u8>>> {
        Some(self.file(self.best()))
    }
}

/// What weights of melodies are. Whether they say their alphabet, the panel sees.
pub fn open(bytes: &[u8]) -> Result<Told> {
    let mut model = SequenceModel::from_bytes(bytes)?;
    let numbers: usize = model.parameters().iter().map(|one| one.values.len()).sum();
    Ok(Told {
        at: format!("{numbers} weights, for {} symbols", model.shape().alphabet),
        plays: Some(PANEL),
        ..Told::default()
    })
}
