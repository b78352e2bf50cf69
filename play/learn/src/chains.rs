//! 03: chains learn at once; then each is measured, as in the listing.

use super::{Lesson, Model, Told};
use aeolian::Result;
use aeolian::markov::{Chain, MelodyModel};
use aeolian::music::{Alphabet, Corpus, Part, abc};
use aeolian::predict::bits_per_note;

/// The orders that are measured, in notes.
const ORDERS: usize = 7;

struct Chains {
    alphabet: Alphabet,
    train: Vec<Vec<usize>>,
    test: Vec<Vec<usize>>,
    /// The tunes that the panel learns from, in ABC.
    tunes: Option<String>,
    told: Told,
}

pub fn start(divided: &Corpus, notes: &mut Vec<String>) -> Result<Box<dyn Lesson>> {
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let [train, test] = [&split.train, &split.test]
        .map(|part| -> Vec<Vec<usize>> { part.iter().map(|melody| alphabet.encode(melody)).collect() });
    let mut tunes = String::new();
    for piece in divided.part(Part::Train) {
        match abc::encode(&piece.score.melody().score(&piece.name(), 73)) {
            Ok(tune) => tunes += &format!("{tune}\n"),
            Err(why) => notes.push(format!("\"{}\" is not played: {why}", piece.name())),
        }
    }
    let told = Told {
        of: ORDERS as u64 + 1,
        at: "measuring, on what no chain has heard".to_string(),
        goes_on: true,
        ..Told::default()
    };
    Ok(Box::new(Chains {
        alphabet,
        train,
        test,
        tunes: Some(tunes).filter(|tunes| !tunes.is_empty()),
        told,
    }))
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
        if !self.told.goes_on {
            self.told.at = "measured on what no chain has heard".to_string();
        }
        Ok(())
    }

    fn model(&mut self) -> Option<Model> {
        Some(("tune", self.tunes.take()?.into_bytes()))
    }

    fn told(&self) -> &Told {
        &self.told
    }
}
