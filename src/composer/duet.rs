//! Playing with somebody: a phrase is heard in white keys, and answered in kind or gone on with.

use super::accompany;
use super::compose::Composer;
use super::harmony::under;
use super::plan::{Close, Plan, PlannedBar};
use super::write::{self, Wish};
use super::writer::Writer;
use crate::Result;
use crate::bars::{HOLD, KEYS, REST, Unit, UnitNote};
use crate::music::Note;
use crate::predict::Sampling;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Notes that begin within so much of a step were struck together: fingers are no machines.
const TOGETHER: f64 = 0.35;

/// So many bits less a phrase has to tell in another key before that is believed: a key changes once in 256 phrases.
const STAYS: f64 = 8.0;

/// A note that somebody struck.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Struck {
    /// When it began and when it ended, in steps from the first bar line of its phrase.
    pub onset: f64,
    /// See `onset`.
    pub end: f64,
    /// MIDI number.
    pub midi: u8,
}

/// A phrase as it was played.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Question {
    /// Its notes, in any order.
    pub notes: Vec<Struck>,
    /// So many bars it has, however many of them are silent.
    pub bars: usize,
}

/// A phrase as models hear it: one voice on the grid of steps, in white keys.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Heard {
    /// Its bars.
    pub bars: Vec<Unit>,
    /// By so many semitones it was moved up.
    pub up: i32,
    /// How many of its notes stood between white keys: each went down to the next.
    pub black: usize,
    /// How many were too high or too low for [`KEYS`]: they were moved by octaves.
    pub far: usize,
}

/// What is played in return, in white keys.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// Its bars.
    pub bars: Vec<Unit>,
    /// The chords under the halves of each bar.
    pub chords: Vec<[usize; 2]>,
}

impl Question {
    /// How a model hears it: in bars of so many steps, moved up by `key` semitones and by octaves, until its mean is near B flat 4.
    ///
    /// Onsets and ends go to the nearest step; a note lasts one step at least, and the next one ends it. Of notes that were struck together the highest
    /// counts, of others in one step the last. What begins before the first bar line counts at it, and what begins after the last bar is left out.
    pub fn heard(&self, bar: usize, key: i32) -> Heard {
        let steps = self.bars * bar;
        let mean =
            self.notes.iter().map(|note| f64::from(note.midi)).sum::<f64>() / self.notes.len().max(1) as f64;
        let octaves = match self.notes.is_empty() {
            true => 0,
            false => ((70.0 - mean - f64::from(key)) / 12.0).round() as i32,
        };
        let mut heard = Heard {
            up: key + 12 * octaves,
            ..Heard::default()
        };
        let mut symbols = vec![REST as u8; steps];
        for note in self.melody() {
            let from = note.onset.round().max(0.0) as usize;
            let to = (note.end.round().max(0.0) as usize).max(from + 1);
            if from >= steps {
                continue;
            }
            let (number, black, far) = white(i32::from(note.midi) + heard.up);
            heard.black += usize::from(black);
            heard.far += usize::from(far);
            // Whatever sounded before ends here.
            symbols[from..].fill(REST as u8);
            symbols[from..to.min(steps)].fill(HOLD as u8);
            symbols[from] = number;
        }
        let unit = |symbols: &[u8]| Unit {
            bar,
            symbols: symbols.to_vec(),
        };
        heard.bars = symbols.chunks_exact(bar.max(1)).map(unit).collect();
        heard
    }

    /// Its notes in their order: of those that were struck together the highest, of others in one step the last.
    fn melody(&self) -> Vec<Struck> {
        let mut notes: Vec<Struck> = self.notes.clone();
        notes.sort_by(|a, b| a.onset.total_cmp(&b.onset));
        let mut melody: Vec<Struck> = Vec::new();
        for note in notes {
            let Some(last) = melody.last_mut() else {
                melody.push(note);
                continue;
            };
            if note.onset - last.onset < TOGETHER {
                // They count as one chord from its first note on.
                let higher = if note.midi > last.midi { note } else { *last };
                *last = Struck {
                    onset: last.onset,
                    ..higher
                };
            } else if note.onset.round().max(0.0) == last.onset.round().max(0.0) {
                *last = note;
            } else {
                melody.push(note);
            }
        }
        melody
    }
}

/// The number of the white key of this pitch, or of the next below; whether it stood between them, and whether it had to be moved by octaves.
fn white(mut midi: i32) -> (u8, bool, bool) {
    let (low, high) = (i32::from(KEYS[0]), i32::from(KEYS[KEYS.len() - 1]));
    let far = !(low..=high + 1).contains(&midi);
    while midi < low {
        midi += 12;
    }
    while midi > high + 1 {
        midi -= 12;
    }
    let number = KEYS.partition_point(|key| i32::from(*key) <= midi) - 1;
    (number as u8, i32::from(KEYS[number]) != midi, far)
}

impl Heard {
    /// Where one of [`KEYS`] sounds for who played: moved back. None if no pitch is so high or so low.
    pub fn midi(&self, key: usize) -> Option<u8> {
        let midi = i32::from(*KEYS.get(key)?) - self.up;
        u8::try_from(midi).ok().filter(|midi| *midi < 128)
    }

    /// The bar in whose kind the one at this place is answered: that of the question, or the last before it that is not silent, or the first.
    fn like(&self, place: usize) -> Option<&Unit> {
        let sounds = |bar: &&Unit| !bar.notes().is_empty();
        let place = place % self.bars.len().max(1);
        let before = self.bars.iter().take(place + 1).rfind(sounds);
        before.or_else(|| self.bars.iter().find(sounds))
    }
}

impl Composer {
    /// By how many semitones, -6 to 5, phrases in a style are moved up, so that most of their notes are white keys. Of several such keys it is the one in
    /// which they surprise least who has listened to such tunes; the one of `before` has an advantage of eight bits. Before anything was played that is 0: most
    /// who sit down at a keyboard begin in C.
    ///
    /// # Panics
    /// If there is no such style, as all that follows.
    pub fn key(&mut self, style: usize, phrases: &[Question], before: i32) -> i32 {
        let bar = self.styles[style].bar;
        let heard =
            |key: i32| -> Vec<Heard> { phrases.iter().map(|phrase| phrase.heard(bar, key)).collect() };
        let blacks = |key: i32| -> usize { heard(key).iter().map(|phrase| phrase.black).sum() };
        let least = (-6..6).map(blacks).min().unwrap_or(0);
        let mut best = (f64::INFINITY, before);
        for key in (-6..6).filter(|key| blacks(*key) == least) {
            let phrases = heard(key);
            let bits: f64 = phrases
                .iter()
                .map(|phrase| self.ear.surprise(&phrase.bars, style))
                .sum();
            let bits = bits + if key == before { 0.0 } else { STAYS };
            if bits < best.0 {
                best = (bits, key);
            }
        }
        best.1
    }

    // ANCHOR: answer
    /// Answers a phrase with so many bars in its kind: each has about as many notes as the bar of the question at its place, in its rhythm, as far as the model
    /// likes. The chords lead from those of the question home, and the last note is there.
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
        let chords = self
            .harmony
            .chords(&plan, &self.styles[style], style, Some(&heard.bars), rng);
        let mut answer = Answer::default();
        for bar in 0..bars {
            self.write_on(style, heard, &mut answer, chords[asked + bar], writer, rng)?;
        }
        let key = last_key(answer.bars.iter().rev().skip(1).chain(heard.bars.iter().rev()));
        if let Some(last) = answer.bars.last_mut() {
            let beats = self.styles[style].beats;
            let from = match (beats, bars) {
                (3, 1) => 2 * last.bar / 3,
                (3, _) => 0,
                _ => last.bar / 2,
            };
            write::close(last, Close::Full, from, key);
        }
        Ok(answer)
    }
    // ANCHOR_END: answer

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

    /// What goes under a bar over these chords: the notes of the chords and of the bass, from its first tick on, two ticks to a step. Bars are numbered, since
    /// in some styles the bass of every second is another.
    pub fn accompaniment(&self, style: usize, number: usize, chords: [usize; 2]) -> [Vec<Note>; 2] {
        accompany::under_bar(&self.styles[style], number, chords)
    }
}

/// The last key that sounds in bars that are given from the last on.
fn last_key<'a>(mut bars: impl Iterator<Item = &'a Unit>) -> Option<usize> {
    bars.find_map(|bar| bar.notes().last().map(|note| note.key))
}

/// For each note of a bar: how likely a model held each of [`KEYS`] there, if it is a note, when it had heard all before it. None if the model makes a bar at once.
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
            all.push((note, std::array::from_fn(|key| probabilities[key] / total)));
        }
        model.hear(usize::from(*symbol));
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::super::tests::BOOK;
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    /// A note for each step of a list: MIDI number, onset, length.
    fn question(bars: usize, notes: &[(u8, f64, f64)]) -> Question {
        let struck = |(midi, onset, steps): &(u8, f64, f64)| Struck {
            onset: *onset,
            end: onset + steps,
            midi: *midi,
        };
        Question {
            notes: notes.iter().map(struck).collect(),
            bars,
        }
    }

    fn quarters(midis: &[u8]) -> Question {
        let notes: Vec<(u8, f64, f64)> = (0..)
            .map(|i| 4.0 * f64::from(i))
            .zip(midis)
            .map(|(onset, midi)| (*midi, onset, 4.0))
            .collect();
        question(midis.len().div_ceil(4), &notes)
    }

    fn letters(bars: &[Unit]) -> Vec<String> {
        let letter = |symbol: &u8| match usize::from(*symbol) {
            HOLD => '-',
            REST => '.',
            key => char::from(b'a' + key as u8),
        };
        bars.iter()
            .map(|bar| bar.symbols.iter().map(letter).collect())
            .collect()
    }

    #[test]
    fn what_is_played_comes_onto_the_grid() {
        // C5 a little early, D5 late and held too long, E5 short, in one step with a grace note; then a chord; the last is for the next bar.
        let played = question(
            1,
            &[
                (72, -0.4, 4.0),
                (74, 4.4, 6.0),
                (75, 7.6, 0.2),
                (76, 8.1, 0.3),
                (72, 12.0, 2.0),
                (79, 12.2, 2.0),
                (60, 15.6, 1.0),
            ],
        );
        let heard = played.heard(16, 0);
        assert_eq!(letters(&heard.bars), ["j---k---l...n-.."]);
        assert_eq!((heard.up, heard.black, heard.far), (0, 0, 0));
        // An octave lower it is heard the same.
        let mut low = played;
        low.notes.iter_mut().for_each(|note| note.midi -= 24);
        assert_eq!(low.heard(16, 0), Heard { up: 24, ..heard });
    }

    #[test]
    fn black_keys_and_far_ones_are_counted() {
        let heard = quarters(&[72, 73, 74, 120]).heard(16, 0);
        assert_eq!((heard.black, heard.far), (1, 1));
        assert_eq!(heard.up, -12, "towards the mean");
        for midi in [1, 127] {
            let heard = quarters(&[midi; 4]).heard(12, -6);
            assert!(heard.bars.iter().all(|bar| !bar.notes().is_empty()));
            let key = heard.bars[0].notes()[0].key;
            assert!(heard.midi(key).unwrap().abs_diff(midi) <= 1);
        }
    }

    #[test]
    fn a_phrase_is_heard_in_its_key() {
        let mut composer = BOOK.clone();
        let style = composer.style("folk").unwrap();
        let tune = [60, 62, 64, 65, 67, 71, 72, 72];
        for moved in -5..=6 {
            let midis = tune.map(|midi: u8| midi.saturating_add_signed(moved));
            let question = quarters(&midis);
            let key = composer.key(style, std::slice::from_ref(&question), 0);
            assert_eq!(key, -i32::from(moved));
            assert_eq!(question.heard(16, key).bars, quarters(&tune).heard(16, 0).bars);
        }
        // C D E G A are white keys in C, in F and in G: the chain has to know.
        let home = quarters(&[76, 74, 72, 74, 76, 76, 76, 76]);
        assert_eq!(composer.key(style, std::slice::from_ref(&home), 0), 0);
        let in_g = home.clone();
        let moved = |note: &Struck| Struck {
            midi: note.midi - 5,
            ..*note
        };
        let in_g = Question {
            notes: in_g.notes.iter().map(moved).collect(),
            ..in_g
        };
        assert_eq!(composer.key(style, &[in_g], 0), 5, "as it is heard in G");
        assert_eq!(composer.key(style, &[], 3), 3, "nothing was played");
        let silent = [Question {
            notes: Vec::new(),
            bars: 2,
        }];
        assert_eq!(composer.key(style, &silent, 0), 0);
    }

    #[test]
    fn tunes_that_it_has_not_listened_to_are_heard_in_their_key() {
        let mut composer = BOOK.clone();
        let tunes = composer.tunes.clone();
        let (mut right, mut all) = (0, 0);
        for tune in tunes.iter().filter(|tune| tune.part == crate::music::Part::Test) {
            let bar = composer.styles[tune.kind].bar;
            let units: Vec<&Unit> = tune.usable().filter(|unit| unit.bar == bar).take(2).collect();
            if units.len() < 2 {
                continue;
            }
            let notes = units.iter().enumerate().flat_map(|(number, unit)| {
                let at = (number * bar) as f64;
                let note =
                    move |note: UnitNote| (KEYS[note.key] + 2, at + note.onset as f64, note.steps as f64);
                unit.notes().into_iter().map(note)
            });
            let played = question(2, &notes.collect::<Vec<_>>());
            right += usize::from(composer.key(tune.kind, &[played], 0) == -2);
            all += 1;
        }
        // By chance one in twelve.
        assert!(all > 30 && 4 * right > 3 * all, "{right} of {all}");
    }

    fn chain() -> (Composer, Writer) {
        let composer = BOOK.clone();
        let writer = Writer::chain(&composer.lessons());
        (composer, writer)
    }

    #[test]
    fn an_answer_is_as_long_as_asked_and_ends_at_home_in_the_key_of_the_question() {
        let (mut composer, mut writer) = chain();
        for name in ["waltz", "jig", "reel"] {
            let style = composer.style(name).unwrap();
            let bar = composer.styles[style].bar;
            // In E flat, an octave lower than what models hear.
            let midis: Vec<u8> = [63, 65, 67, 68, 70, 74, 75, 70].map(|midi| midi - 12).to_vec();
            let question = Question {
                bars: 2,
                ..quarters(&midis)
            };
            let heard = question.heard(bar, -3);
            assert_eq!((heard.up, heard.black), (9, 0));
            for bars in [1, 2, 4] {
                for seed in 0..4 {
                    let mut rng = ChaCha8Rng::seed_from_u64(seed);
                    let answer = composer
                        .answer(style, &heard, bars, &mut writer, &mut rng)
                        .unwrap();
                    assert_eq!((answer.bars.len(), answer.chords.len()), (bars, bars));
                    assert_eq!(answer.chords.last(), Some(&[0, 0]));
                    let last = answer.bars.last().unwrap();
                    let home = *last.notes().last().unwrap();
                    assert_eq!(home.onset + home.steps, bar, "it is held");
                    assert_eq!(heard.midi(home.key).unwrap() % 12, 3, "an E flat");
                    let again = &mut ChaCha8Rng::seed_from_u64(seed);
                    assert_eq!(
                        composer.answer(style, &heard, bars, &mut writer, again).unwrap(),
                        answer
                    );
                }
            }
        }
    }

    /// Notes in the first bar of answers, the share of onsets that they have with the question, and their mean key: over seeds.
    fn answered(composer: &mut Composer, writer: &mut Writer, question: &Question) -> [f64; 3] {
        let style = composer.style("march").unwrap();
        let heard = question.heard(16, 0);
        let onsets = |bar: &Unit| -> Vec<usize> { bar.notes().iter().map(|note| note.onset).collect() };
        let asked = onsets(&heard.bars[0]);
        let mut sums = [0.0; 3];
        for seed in 0..20 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let answer = composer.answer(style, &heard, 2, writer, &mut rng).unwrap();
            let found = onsets(&answer.bars[0]);
            let common = found.iter().filter(|onset| asked.contains(onset)).count();
            sums[0] += found.len() as f64 / 20.0;
            sums[1] += common as f64 / found.len().max(1) as f64 / 20.0;
            let keys: Vec<u8> = answer.bars[0]
                .notes()
                .iter()
                .filter_map(|note| heard.midi(note.key))
                .collect();
            sums[2] +=
                keys.iter().map(|midi| f64::from(*midi)).sum::<f64>() / keys.len().max(1) as f64 / 20.0;
        }
        sums
    }

    #[test]
    fn an_answer_is_in_kind() {
        let (mut composer, chain) = chain();
        let lessons = composer.lessons();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let hidden = Writer::hidden(&lessons, 3, &mut rng).unwrap();
        let hidden = Writer::Hidden(hidden.iter().map(|model| model.filter()).collect());
        let evenly = |every: usize, midi: u8| {
            let notes: Vec<(u8, f64, f64)> = (0..32 / every)
                .map(|i| (midi + [0, 2, 4, 0][i % 4], (every * i) as f64, every as f64))
                .collect();
            question(2, &notes)
        };
        for mut writer in [chain, hidden] {
            let kind = writer.kind();
            let mut answered = |question: &Question| answered(&mut composer, &mut writer, question);
            let [few, some, many] = [8, 4, 2].map(|every| answered(&evenly(every, 72)));
            assert!(
                few[0] + 1.0 < some[0] && some[0] + 1.0 < many[0],
                "{kind}: {few:?} {some:?} {many:?}"
            );
            assert!(some[1] > 0.8 && many[1] > 0.7, "{kind}: {some:?} {many:?}");
            // Dotted: rare in marches, and kept.
            let dotted = question(
                2,
                &[
                    (72, 0.0, 6.0),
                    (74, 6.0, 2.0),
                    (76, 8.0, 6.0),
                    (72, 14.0, 2.0),
                    (72, 16.0, 16.0),
                ],
            );
            assert!(answered(&dotted)[1] > 0.7, "{kind}: {:?}", answered(&dotted));
            let (low, high) = (answered(&evenly(4, 48))[2], answered(&evenly(4, 84))[2]);
            assert!(
                (low - 50.0).abs() < 6.0 && (high - 86.0).abs() < 6.0,
                "{kind}: {low} {high}"
            );
        }
    }

    #[test]
    fn a_silent_bar_is_answered_as_the_one_before_and_silence_in_the_style() {
        let (mut composer, mut writer) = chain();
        let style = composer.style("reel").unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let half = Question {
            bars: 2,
            ..quarters(&[72, 76, 79, 76])
        }
        .heard(16, 0);
        let answer = composer.answer(style, &half, 2, &mut writer, &mut rng).unwrap();
        assert!(
            answer.bars.iter().all(|bar| bar.notes().len() > 1),
            "{:?}",
            letters(&answer.bars)
        );
        for bars in [0, 2] {
            let silent = Question {
                bars,
                ..Question::default()
            }
            .heard(16, 0);
            let answer = composer.answer(style, &silent, 2, &mut writer, &mut rng).unwrap();
            assert!(answer.bars.len() == 2 && answer.bars[0].notes().len() > 2);
        }
        assert!(
            composer
                .answer(style, &half, 0, &mut writer, &mut rng)
                .unwrap()
                .bars
                .is_empty()
        );
    }

    #[test]
    fn it_goes_on_bar_after_bar_and_says_what_it_expected() {
        let (mut composer, mut writer) = chain();
        let style = composer.style("jig").unwrap();
        let heard = question(1, &[(72, 0.0, 4.0), (76, 4.0, 2.0), (79, 6.0, 6.0)]).heard(12, 0);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let mut answer = Answer::default();
        for bars in 1..9 {
            composer
                .go_on(style, &heard, &mut answer, &mut writer, &mut rng)
                .unwrap();
            assert_eq!((answer.bars.len(), answer.chords.len()), (bars, bars));
        }
        let different: std::collections::HashSet<&Unit> = answer.bars.iter().collect();
        assert!(different.len() > 5, "{:?}", letters(&answer.bars));
        let all = expected(&mut writer, style, Some(&answer.bars[0]), &answer.bars[1]).unwrap();
        assert_eq!(all.len(), answer.bars[1].notes().len());
        for (note, shares) in all {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares[note.key] > 0.0);
        }
        let (forger, scale) = Writer::gan(&composer.lessons(), 1, &mut rng, |_| {}).unwrap();
        let forger = Box::new(crate::sliders::Maker::Forger(forger));
        let mut gan = Writer::Gan(forger, composer.styles.len(), scale);
        assert!(expected(&mut gan, style, None, &answer.bars[0]).is_none());
        assert_eq!(
            composer
                .answer(style, &heard, 2, &mut gan, &mut rng)
                .unwrap()
                .bars
                .len(),
            2
        );
    }

    #[test]
    fn chords_and_a_bass_go_under_a_bar() {
        for style in 0..BOOK.styles.len() {
            let bar = BOOK.styles[style].bar as u32;
            for number in 0..2 {
                let [chords, bass] = BOOK.accompaniment(style, number, [4, 4]);
                assert!(!chords.is_empty() && !bass.is_empty());
                for note in chords.iter().chain(&bass) {
                    assert!(note.end() <= 2 * bar, "within the bar");
                    assert!(
                        [7, 11, 2].contains(&(note.pitch.midi() % 12)),
                        "of G: {}",
                        note.pitch
                    );
                }
            }
        }
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert_eq!(
            BOOK.next_chords(BOOK.style("waltz").unwrap(), None, &mut rng),
            [0, 0]
        );
        let g = quarters(&[67, 71, 74, 71]).heard(16, 0);
        assert_eq!(BOOK.under(BOOK.style("reel").unwrap(), &g.bars[0]), [4, 4]);
        assert_eq!(BOOK.under(BOOK.style("waltz").unwrap(), &g.bars[0]), [4, 4]);
    }
}
