//! 03: chains learn at once; then each is measured, as in the listing.

use super::{Lesson, Start, Told};
use crate::panels::tune::TunePanel;
use aeolian::Result;
use aeolian::markov::{Chain, MelodyModel};
use aeolian::music::{Alphabet, Corpus, Part};
use aeolian::predict::bits_per_note;

/// The orders that are measured, in notes.
const ORDERS: usize = 7;

struct Chains {
    alphabet: Alphabet,
    train: Vec<Vec<usize>>,
    test: Vec<Vec<usize>>,
    told: Told,
}

pub fn start(divided: &Corpus) -> Result<Start> {
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let [train, test] = [&split.train, &split.test]
        .map(|part| -> Vec<Vec<usize>> { part.iter().map(|melody| alphabet.encode(melody)).collect() });
    let scores = divided.part(Part::Train).map(|piece| {
        let mut score = piece.score.clone();
        score.title = piece.name();
        score
    });
    let panel = TunePanel::of(scores.collect())?;
    let told = Told {
        of: ORDERS as u64 + 1,
        at: "measuring, on what no chain has heard".to_string(),
        goes_on: true,
        ..Told::default()
    };
    Ok(Start {
        lesson: Box::new(Chains {
            alphabet,
            train,
            test,
            told,
        }),
        panel: Some(Box::new(panel)),
        note: None,
    })
}

impl Lesson for Chains {
    /// Learns with one model, and measures it.
    fn step(&mut self) -> Result<()> {
        let (alphabet, order) = (&self.alphabet, self.told.done as usize);
        let (name, bits) = if order < ORDERS {
            let chain = Chain::trained(2 * order, alphabet.len(), &self.train)?;
            (
                format!("order {order}"),
                bits_per_note(chain, alphabet, &self.test)?,
            )
        } else {
            let both = MelodyModel::trained(alphabet, &self.train)?;
            let name = "variable order, long- and short-term";
            (name.to_string(), bits_per_note(both, alphabet, &self.test)?)
        };
        self.told
            .figures
            .push((format!("bits a note, {name}"), format!("{bits:.3}")));
        self.told.done += 1;
        self.told.goes_on = self.told.done < self.told.of;
        Ok(())
    }

    fn told(&self) -> &Told {
        &self.told
    }
}
