//! 04 Hidden states: weather that nobody sees, chords that nobody plays, and what a chain of them explains.

// ANCHOR: imports
use aeolian::chance::dice::Game;
use aeolian::markov::Chain;
use aeolian::markov::hidden::{Chord, Chords, Emission, Harmoniser, HiddenMarkov};
use aeolian::markov::hidden::{PseudoCounts, Symbols, Training};
use aeolian::music::frames::{Frame, KEYS, frames, from_frames};
use aeolian::music::{Alphabet, Corpus, Melody, Note, NoteBits, Part, Pitch, Score};
use aeolian::page::{Page, Show, Table};
use aeolian::plot::{self, Series};
use aeolian::predict::{Predictor, TakingTurns, surprises};
use ndarray::{Array1, Array2, array};
use rand_chacha::ChaCha8Rng;
// ANCHOR_END: imports

// ANCHOR: chime
const WEATHER: [&str; 3] = ["calm", "breeze", "storm"];
const CHIME: [&str; 3] = ["silent", "some", "many"];

/// A second for each day: the chime is silent, or some of its tubes ring, or many.
fn ring(days: &[usize]) -> Score {
    let tubes: Vec<Pitch> =
        [72, 74, 76, 79, 81, 84].into_iter().filter_map(Pitch::from_midi).collect();
    let mut notes = vec![];
    for (day, &heard) in days.iter().enumerate() {
        for stroke in 0..[0, 2, 6][heard] {
            let onset = 12 * day + [0, 7, 2, 4, 9, 11][stroke];
            let tube = tubes[(5 * day + 2 * stroke + stroke / 3) % tubes.len()];
            notes.push(Note::new(onset as u32, 12, tube));
        }
    }
    Score::new("The chime", 12).with_tempo(60.0).with_voice("chime", 14, notes)
}
// ANCHOR_END: chime

// ANCHOR: known
/// The weather as it is, which only we know.
fn weather() -> aeolian::Result<HiddenMarkov<Symbols>> {
    HiddenMarkov::new(
        array![0.5, 0.4, 0.1],
        array![[0.7, 0.25, 0.05], [0.3, 0.5, 0.2], [0.1, 0.5, 0.4]],
        Symbols::new(array![[0.85, 0.15, 0.0], [0.2, 0.7, 0.1], [0.0, 0.3, 0.7]])?,
    )
}
// ANCHOR_END: known

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| word.to_string()).collect()
}

fn main() -> aeolian::Result<()> {
    // ANCHOR: heard
    let options = [("states", "states of the model that writes music")];
    let mut page = Page::open_with("04-hidden", &options)?;
    let mut rng = page.rng(1870);
    let truth = weather()?;
    let (sky, heard) = truth.sample(12, &mut rng);
    let chime = ring(&heard);
    page.show("chime", &chime.captioned("Twelve days, a second each"))?;
    // ANCHOR_END: heard

    let _ = sky;
    Ok(())
}
