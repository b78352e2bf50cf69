//! A composer who has listened to the book's tunes, and the four models that write for it: what 12 and 13 hand over.

use super::with_about;
use aeolian::composer::{Composer, ForPage, Seeds, Writer, WriterKind, read_lstm};
use aeolian::gan::Forger;
use aeolian::nn::Saved;
use aeolian::sliders::Maker;
use aeolian::{Error, Result};

pub struct Writers {
    pub composer: Composer,
    /// In the order of [`WriterKind::ALL`].
    all: Vec<Writer>,
    pub first: usize,
    pub seeds: Seeds,
}

impl Writers {
    /// Reads the line and the LSTM and the forger after it.
    pub fn new(model: &[u8]) -> Result<Writers> {
        let (about, bytes) = with_about::<ForPage>(model)?;
        let composer = about.tunes.composer()?;
        let styles = composer.styles.len();
        let [lstm, gan] = about.sizes;
        if lstm.checked_add(gan) != Some(bytes.len()) || about.hidden.len() != styles || about.first >= styles
        {
            return Err(Error::format(
                "its first line",
                "tunes and models that do not fit each other",
                "Make the page anew: cargo run",
            ));
        }
        let (lstm, gan) = bytes.split_at(lstm);
        let mut filters = Vec::new();
        for states in &about.hidden {
            filters.push(states.model()?.filter());
        }
        let forger = Box::new(Maker::Forger(Forger::from_bytes(gan)?));
        Ok(Writers {
            all: vec![
                Writer::chain(&composer.lessons()),
                Writer::Hidden(filters),
                read_lstm(lstm)?,
                Writer::Gan(forger, styles, about.scale),
            ],
            first: about.first,
            seeds: about.seeds,
            composer,
        })
    }

    /// The composer, and the writer of this kind.
    pub fn with(&mut self, kind: WriterKind) -> (&mut Composer, &mut Writer) {
        let place = WriterKind::ALL.iter().position(|other| *other == kind);
        (&mut self.composer, &mut self.all[place.unwrap_or(0)])
    }

    /// The number of the style at this place of a choice, where the first stands first.
    pub fn style(&self, value: f64) -> usize {
        (value.max(0.0) as usize).wrapping_add(self.first) % self.composer.styles.len()
    }
}
