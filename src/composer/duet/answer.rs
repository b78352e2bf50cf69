//! What is played in return: an answer in kind, more and more of the same, or what goes under.

use super::super::accompany;
use super::super::compose::Composer;
use super::super::harmony::under;
use super::super::plan::{Close, Plan, PlannedBar};
use super::super::write::{self, Wish};
use super::super::writer::Writer;
use super::heard::Heard;
use crate::Result;
use crate::bars::{KEYS, Unit, UnitNote};
use crate::music::Note;
use crate::predict::Sampling;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What is played in return, in white keys.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// Its bars.
    pub bars: Vec<Unit>,
    /// The chords under the halves of each bar.
    pub chords: Vec<[usize; 2]>,
}

impl Composer {
    // ANCHOR: answer
    /// Answers a phrase with so many bars in its kind: each has about as many notes as the bar
    /// of the question at its place, in its rhythm, as far as the model likes. The chords lead
    /// from those of the question home, and the last note is there.
    ///
    /// # Errors
    /// If the model cannot write.
    pub fn answer(
        &mut self,
        style: usize,
        heard: &Heard,
        bars: usize,
        writer: &mut Writer,
        rng: &mut ChaCha8Rng,
    ) -> Result<Answer> {
        let mut answer = Answer::default();
        for chords in self.home(style, heard, bars, rng) {
            self.write_on(style, heard, &mut answer, chords, writer, rng)?;
        }
        let before = last_key(answer.bars.iter().rev().skip(1).chain(heard.bars.iter().rev()));
        if let Some(last) = answer.bars.last_mut() {
            let from = match (self.styles[style].beats, bars) {
                (3, 1) => 2 * last.bar / 3,
                (3, _) => 0,
                _ => last.bar / 2,
            };
            write::close(last, Close::Full, from, before);
        }
        Ok(answer)
    }
    // ANCHOR_END: answer

    /// Chords of so many bars, from those under a phrase home.
    fn home(&self, style: usize, heard: &Heard, bars: usize, rng: &mut ChaCha8Rng) -> Vec<[usize; 2]> {
        let asked = heard.bars.len();
        let planned = |bar: usize| PlannedBar {
            phrase: Some(usize::from(bar >= asked)),
            again: None,
            close: (bar + 1 == asked + bars).then_some(Close::Full),
        };
        let plan = Plan {
            phrases: Vec::new(),
            bars: (0..asked + bars).map(planned).collect(),
        };
        let own = &self.styles[style];
        let all = self.harmony.chords(&plan, own, style, Some(&heard.bars), rng);
        all[asked..].to_vec()
    }

    /// Goes on by a bar: after what was played, or after what was added already.
    ///
    /// # Errors
    /// As [`Composer::answer`].
    pub fn go_on(
        &mut self,
        style: usize,
        heard: &Heard,
        answer: &mut Answer,
        writer: &mut Writer,
        rng: &mut ChaCha8Rng,
    ) -> Result<()> {
        let asked = || heard.bars.last().map(|bar| self.under(style, bar));
        let before = answer.chords.last().copied().or_else(asked);
        let chords = self.next_chords(style, before.map(|chords| chords[1]), rng);
        self.write_on(style, heard, answer, chords, writer, rng)
    }

    /// Adds a bar over these chords.
    fn write_on(
        &mut self,
        style: usize,
        heard: &Heard,
        answer: &mut Answer,
        chords: [usize; 2],
        writer: &mut Writer,
        rng: &mut ChaCha8Rng,
    ) -> Result<()> {
        let own = &self.styles[style];
        let like = heard.like(answer.bars.len());
        let notes = like.map_or(own.notes, |bar| bar.notes().len() as f64);
        let wish = Wish {
            style: own,
            kind: style,
            chords,
            notes,
            denser: (notes / own.notes).clamp(0.5, 2.0),
            like,
        };
        let before = answer.bars.last().or(heard.bars.last());
        let bar = write::bar((writer, &mut self.ear), &wish, before, rng)?;
        answer.bars.push(bar);
        answer.chords.push(chords);
        Ok(())
    }

    /// The chords under a bar that was heard, as the chain of chords was taught.
    pub fn under(&self, style: usize, bar: &Unit) -> [usize; 2] {
        under(bar, self.styles[style].chords() == 1)
    }

    /// The chords of the next bar, drawn as the chain believes; at first home.
    pub fn next_chords(&self, style: usize, before: Option<usize>, rng: &mut impl Rng) -> [usize; 2] {
        let slots = self.styles[style].chords();
        let mut next = |chord: usize| {
            let row = self.harmony.after(style, chord, slots);
            Sampling::default().draw(&row, rng).unwrap_or(0)
        };
        let first = before.map_or(0, &mut next);
        [first, if slots == 1 { first } else { next(first) }]
    }

    /// What goes under a bar over these chords: the notes of the chords and of the bass, from its first tick on, two ticks to a step. Bars are
    /// numbered, since in some styles the bass of every second is another.
    pub fn accompaniment(&self, style: usize, number: usize, chords: [usize; 2]) -> [Vec<Note>; 2] {
        accompany::under_bar(&self.styles[style], number, chords)
    }
}

/// The last key that sounds in bars that are given from the last on.
fn last_key<'a>(mut bars: impl Iterator<Item = &'a Unit>) -> Option<usize> {
    bars.find_map(|bar| bar.notes().last().map(|note| note.key))
}

/// For each note of a bar: how likely a model held each of [`KEYS`] there, if there is a note, when it had heard all before it. None if the model
/// makes a bar at once.
pub fn expected(
    writer: &mut Writer,
    style: usize,
    before: Option<&Unit>,
    bar: &Unit,
) -> Option<Vec<(UnitNote, [f64; 18])>> {
    let model = writer.step_by_step(style, bar.bar, before)?;
    let mut probabilities = vec![0.0; model.alphabet()];
    let mut notes = bar.notes().into_iter().peekable();
    let mut all = Vec::new();
    for (step, symbol) in bar.symbols.iter().enumerate() {
        if let Some(note) = notes.next_if(|note| note.onset == step) {
            model.predict(&mut probabilities);
            let total: f64 = probabilities[..KEYS.len()].iter().sum();
            let share = |key: usize| probabilities[key] / total.max(f64::MIN_POSITIVE);
            all.push((note, std::array::from_fn(share)));
        }
        model.hear(usize::from(*symbol));
    }
    Some(all)
}
