//! 04: chords learn by counting, at once; hidden states learn tunes by Baum–Welch, and write some meanwhile.

use super::{Fresh, Lesson, Start, Told};
use crate::panels::chords::{ChordsPanel, Writer};
use aeolian::Result;
use aeolian::markov::Chain;
use aeolian::markov::hidden::{Filter, Harmoniser, HiddenMarkov, PseudoCounts, Rounds, Symbols, Training};
use aeolian::music::{Alphabet, Corpus, Metre, Part, Score};
use aeolian::predict::bits_per_note;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// As in the listing.
const STATES: usize = 64;
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
    fresh: Fresh<(usize, Filter)>,
    /// Steps that a round takes.
    steps: u64,
    told: Told,
}

pub fn start(divided: &Corpus, model: &[u8], seed: u64) -> Result<Start> {
    let scores: Vec<Score> = divided
        .part(Part::Train)
        .map(|piece| piece.score.clone())
        .collect();
    let (harmoniser, note) = match Harmoniser::learn(&scores, &PseudoCounts::default()) {
        Ok(learned) => (learned, None),
        Err(why) => {
            let why = why.to_string();
            let why = why.trim_end_matches('.');
            let note = format!("{why}. Heard here: chords of the book's waltzes, not yours.");
            (ChordsPanel::harmoniser(model)?, Some(note))
        }
    };
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let [train, test] = [&split.train, &split.test]
        .map(|part| -> Vec<Vec<usize>> { part.iter().map(|melody| alphabet.encode(melody)).collect() });
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let start = Symbols::from_music(STATES, alphabet.len(), &train, &mut rng)?;
    let rounds = Rounds::new(HiddenMarkov::random(start, &mut rng), train.clone(), TRAINING);
    let fresh = Fresh::new();
    let metre = scores.iter().find_map(|score| score.metres.first());
    let writer = Writer {
        alphabet: alphabet.clone(),
        metre: metre.map_or(Metre { beats: 4, unit: 4 }, |metre| metre.1),
        fresh: fresh.clone(),
    };
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
    Ok(Start {
        lesson: Box::new(States {
            rounds,
            alphabet,
            train,
            test,
            fresh,
            steps,
            told,
        }),
        panel: Some(Box::new(ChordsPanel::of(harmoniser, first, Some(writer)))),
        note,
    })
}

impl Lesson for States {
    fn step(&mut self) -> Result<()> {
        self.told.done += 1;
        let heard: usize = self.train.iter().map(Vec::len).sum();
        if let Some(nats) = self.rounds.step()? {
            let bits = -nats / std::f64::consts::LN_2 / heard.max(1) as f64;
            self.told.curve.push((bits, None));
            self.told.bits = Some(bits);
            let filter = self.rounds.model().filter();
            self.fresh.leave((self.told.curve.len(), filter));
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

    fn told(&self) -> &Told {
        &self.told
    }
}
