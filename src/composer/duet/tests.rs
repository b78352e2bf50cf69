use super::super::tests::BOOK;
use super::super::{Composer, Writer};
use super::*;
use crate::bars::{HOLD, KEYS, REST, Unit, UnitNote};
use rand_chacha::ChaCha8Rng;
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
            let note = move |note: UnitNote| (KEYS[note.key] + 2, at + note.onset as f64, note.steps as f64);
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
        sums[2] += keys.iter().map(|midi| f64::from(*midi)).sum::<f64>() / keys.len().max(1) as f64 / 20.0;
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
