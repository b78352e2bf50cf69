//! 04: chords learn by counting, at once; hidden states learn tunes by Baum–Welch, and write some meanwhile.

use super::{Lesson, Model, Told};
use aeolian::Result;
use aeolian::markov::Chain;
use aeolian::markov::hidden::{Harmoniser, HiddenMarkov, PseudoCounts, Rounds, Saved, Symbols, Training};
use aeolian::music::{Alphabet, Corpus, Metre, Part, Score, abc};
use aeolian::predict::{Sampling, TakingTurns, bits_per_note, generate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// As in the listing.
const STATES: usize = 64;

/// The most notes of a tune that they write.
const WRITTEN: usize = 32;

const TRAINING: Training = Training {
    iterations: 40,
    tolerance: 1e-3,
    pseudo_counts: PseudoCounts {
        initial: 0.05,
        transition: 0.05,
        emission: 0.05,
    },
};

struct States {
    rounds: Rounds<Symbols, Vec<usize>>,
    alphabet: Alphabet,
    train: Vec<Vec<usize>>,
    test: Vec<Vec<usize>>,
    harmoniser: Saved,
    metre: Metre,
    /// What is to be played next: a tune.
    tune: Option<Score>,
    rng: ChaCha8Rng,
    /// Steps that a round takes.
    steps: u64,
    told: Told,
}

pub fn start(divided: &Corpus, model: &[u8], seed: u64, notes: &mut Vec<String>) -> Result<Box<dyn Lesson>> {
    let scores: Vec<Score> = divided
        .part(Part::Train)
        .map(|piece| piece.score.clone())
        .collect();
    let harmoniser = match Harmoniser::learn(&scores, &PseudoCounts::default()) {
        Ok(learned) => learned.saved(),
        Err(why) => {
            let why = why.to_string();
            let why = why.trim_end_matches('.');
            notes.push(format!(
                "{why}. Heard here: chords of the book's waltzes, not yours."
            ));
            of_the_book(model)?
        }
    };
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let [train, test] = [&split.train, &split.test]
        .map(|part| -> Vec<Vec<usize>> { part.iter().map(|melody| alphabet.encode(melody)).collect() });
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let start = Symbols::from_music(STATES, alphabet.len(), &train, &mut rng)?;
    let rounds = Rounds::new(HiddenMarkov::random(start, &mut rng), train.clone(), TRAINING);
    let metre = scores.iter().find_map(|score| score.metres.first());
    let first = divided.part(Part::Test).next().map(|piece| {
        let mut score = piece.score.clone();
        score.title = piece.name();
        score
    });
    let steps = rounds.steps() as u64;
    let told = Told {
        of: steps * TRAINING.iterations as u64,
        goes_on: true,
        ..Told::default()
    };
    Ok(Box::new(States {
        rounds,
        alphabet,
        train,
        test,
        harmoniser,
        metre: metre.map_or(Metre { beats: 4, unit: 4 }, |metre| metre.1),
        tune: first,
        rng,
        steps,
        told,
    }))
}

/// The chords of the book.
fn of_the_book(model: &[u8]) -> Result<Saved> {
    let model: (Saved, String) = serde_json::from_slice(model).map_err(|error| {
        aeolian::Error::format(
            "the whole text",
            error.to_string(),
            "Make the page anew: cargo run",
        )
    })?;
    Ok(model.0)
}

impl States {
    /// Lets the states write a tune, as far as they are.
    fn write(&mut self) -> Result<()> {
        let mut model = TakingTurns::new(self.rounds.model().filter(), self.alphabet.turns());
        let (end, sampling) = (self.alphabet.end(), Sampling::default());
        let written = generate(&mut model, &[], end, 2 * WRITTEN, sampling, &mut self.rng)?;
        let title = format!("By {STATES} hidden states, round {}", self.told.curve.len());
        let tune = self.alphabet.decode(&written).score(&title, 0);
        let tune = tune.with_metre(self.metre.beats, self.metre.unit);
        if tune.has_pitches() {
            self.tune = Some(tune);
        }
        Ok(())
    }
}

impl Lesson for States {
    fn step(&mut self) -> Result<()> {
        self.told.done += 1;
        let heard: usize = self.train.iter().map(Vec::len).sum();
        if let Some(nats) = self.rounds.step()? {
            let bits = -nats / std::f64::consts::LN_2 / heard.max(1) as f64;
            self.told.curve.push((bits, None));
            self.told.bits = Some(bits);
            self.write()?;
        }
        let round = (self.told.curve.len() + 1).min(TRAINING.iterations);
        self.told.at = format!("round {round} of {} at most", TRAINING.iterations);
        self.told.goes_on = self.rounds.goes_on();
        if !self.told.goes_on {
            let hidden = bits_per_note(self.rounds.model().filter(), &self.alphabet, &self.test)?;
            let chain = Chain::trained(2, self.alphabet.len(), &self.train)?;
            let chain = bits_per_note(chain, &self.alphabet, &self.test)?;
            for (name, bits) in [("hidden states", hidden), ("chain of order 1", chain)] {
                let name = format!("bits a note, {name}");
                self.told.figures.push((name, format!("{bits:.3}")));
            }
            self.told.at = format!("{} rounds", self.told.curve.len());
            self.told.of = self.steps * self.told.curve.len() as u64;
        }
        Ok(())
    }

    fn model(&mut self) -> Option<Model> {
        let tune = abc::encode(&self.tune.take()?).unwrap_or_default();
        let model = serde_json::to_vec(&(&self.harmoniser, tune));
        Some(("chords", model.ok()?))
    }

    fn told(&self) -> &Told {
        &self.told
    }
}
