//! 03: chains of words, as in the listing: a sentence by each.

use super::{Lesson, Told};
use aeolian::Result;
use aeolian::markov::{Chain, Vocabulary};
use aeolian::predict::{Sampling, generate, longest_copy};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The highest order, in words.
const HIGHEST: u64 = 4;

struct Words {
    words: Vocabulary<String>,
    read: Vec<Vec<usize>>,
    rng: ChaCha8Rng,
    told: Told,
}

pub fn start(text: &str, seed: u64) -> Result<Box<dyn Lesson>> {
    let lines = text.lines().filter(|line| !line.is_empty());
    let read: Vec<Vec<String>> = lines
        .map(|line| line.split(' ').map(String::from).collect())
        .collect();
    let words = Vocabulary::of(read.iter().flatten().cloned());
    let told = Told {
        of: HIGHEST + 1,
        at: "a sentence by each chain".to_string(),
        goes_on: true,
        ..Told::default()
    };
    Ok(Box::new(Words {
        read: read.iter().map(|sentence| words.encode(sentence)).collect(),
        words,
        rng: ChaCha8Rng::seed_from_u64(seed),
        told,
    }))
}

impl Lesson for Words {
    fn step(&mut self) -> Result<()> {
        let order = self.told.done as usize;
        let mut chain = Chain::trained(order, self.words.len(), &self.read)?.unsmoothed();
        let mut said = Vec::new();
        for _ in 0..100 {
            let sampling = Sampling::default();
            said = generate(&mut chain, &[], self.words.end(), 25, sampling, &mut self.rng)?;
            if said.len() >= 8 {
                break;
            }
        }
        let text: Vec<String> = self.words.decode(&said).into_iter().cloned().collect();
        let copied = longest_copy(&said, &self.read);
        let name = format!(
            "order {order}; longest run of yours: {copied} of {} words",
            said.len()
        );
        self.told.figures.push((name, text.join(" ")));
        self.told.done += 1;
        self.told.goes_on = self.told.done < self.told.of;
        Ok(())
    }

    fn told(&self) -> &Told {
        &self.told
    }
}
