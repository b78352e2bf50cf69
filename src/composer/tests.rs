use super::*;
use crate::bars::{KEYS, Lessons, Unit, is_chord_tone, tunes};
use crate::music::{Corpus, Mode, Part, abc, midi};
use crate::nn::Saved;
use crate::recurrent::Cell;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::path::Path;
use std::sync::LazyLock;

/// A composer who has listened to the book's tunes.
pub(super) static BOOK: LazyLock<Composer> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tunes");
    let (names, tunes) = tunes(&Corpus::read(&folder, |_, _| {}).unwrap());
    Composer::of(&names, tunes).unwrap()
});

fn order(style: &str, tempo: f64, seconds: f64) -> Order {
    Order {
        features: Mood::Calm.features(),
        style: BOOK.style(style).unwrap(),
        tempo,
        seconds,
        writer: WriterKind::Chain,
    }
}

fn composed(order: &Order, seeds: Seeds) -> Piece {
    let mut composer = BOOK.clone();
    let mut writer = Writer::chain(&composer.lessons());
    composer.compose(order, &mut writer, seeds, None).unwrap()
}

#[test]
fn a_piece_is_as_long_as_ordered_to_the_bar_and_at_its_tempo() {
    let mut composer = BOOK.clone();
    let mut writer = Writer::chain(&composer.lessons());
    let lengths = [
        (10.0, 40.0),
        (10.0, 200.0),
        (31.0, 90.0),
        (60.0, 90.0),
        (300.0, 200.0),
    ];
    for (seconds, tempo) in lengths {
        for style in ["waltz", "jig", "reel"] {
            let order = order(style, tempo, seconds);
            let piece = composer.compose(&order, &mut writer, [1; 4], None).unwrap();
            let score = piece.score("", [true; 3]);
            let bar = order.bar_seconds(&piece.style);
            assert!(
                (piece.seconds() - seconds).abs() <= bar / 2.0 + 1e-9,
                "{seconds} s at {tempo}"
            );
            // A quarter note has whole microseconds in MIDI: half of one is lost at most in each.
            let (sounding, quarters) = (score.seconds(), f64::from(score.end() / score.resolution));
            assert!(
                (sounding - piece.seconds()).abs() < 1e-6 * quarters,
                "{sounding} and {}",
                piece.seconds()
            );
            assert_eq!(piece.melody.len(), piece.plan.bars.len());
            assert_eq!(piece.chords.len(), piece.bars());
        }
    }
}

#[test]
fn what_the_plan_repeats_comes_back_and_the_end_is_at_home() {
    for style in 0..BOOK.styles.len() {
        let order = Order {
            style,
            ..order("waltz", 120.0, 60.0)
        };
        let piece = composed(&order, [style as u64; 4]);
        for (bar, planned) in piece.plan.bars.iter().enumerate() {
            if let Some(again) = planned.again {
                assert!(again < bar);
                assert_eq!(piece.melody[bar], piece.melody[again], "bar {bar}");
                assert_eq!(piece.chords[bar], piece.chords[again], "bar {bar}");
            }
        }
        let last = piece.melody.last().unwrap().notes();
        assert_eq!(last.len(), 1, "one note is held");
        assert_eq!(KEYS[last[0].key] % 12, 0, "a C");
        assert_eq!(piece.chords.last(), Some(&[0, 0]));
        for phrase in &piece.plan.phrases {
            let bar = phrase.from + phrase.bars - 1;
            if let Some(close) = piece.plan.bars[bar].close {
                let key = piece.melody[bar].notes().last().unwrap().key;
                let chord = if close == Close::Half { 4 } else { 0 };
                assert!(is_chord_tone(key, chord), "{} closes", phrase.name());
            }
        }
    }
}

#[test]
fn plans_have_as_many_bars_as_asked_and_themes_in_order() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for bars in [1, 2, 3, 4, 5, 6, 7, 8, 30, 64, 65, 249] {
        let plan = Plan::of(&BOOK.forms, 0, bars, &mut rng).unwrap();
        assert_eq!(plan.bars.len(), bars);
        let mut themes = 0;
        for phrase in &plan.phrases {
            assert!(phrase.theme.0 <= themes, "{plan}");
            themes = themes.max(phrase.theme.0 + 1);
        }
        assert_eq!(plan.bars.last().unwrap().close, Some(Close::Full), "{bars} bars");
    }
    let long = Plan::of(&BOOK.forms, 0, 4 * 40, &mut rng).unwrap();
    assert!(
        long.to_string().ends_with(&long.phrases[0].name())
            || long.phrases[27].theme == long.phrases[0].theme
    );
}

#[test]
fn a_layer_is_thrown_again_while_others_are_kept() {
    let mut composer = BOOK.clone();
    let mut writer = Writer::chain(&composer.lessons());
    let order = order("reel", 100.0, 40.0);
    let first = composer.compose(&order, &mut writer, [1; 4], None).unwrap();
    let kept = Some((&first, [true, false, true, true]));
    let sung = composer.compose(&order, &mut writer, [2; 4], kept).unwrap();
    assert!(sung.plan == first.plan && sung.chords == first.chords && sung.melody != first.melody);
    let kept = Some((&first, [true, true, false, true]));
    let mut others = 0;
    for seed in 0..4 {
        let chords = composer.compose(&order, &mut writer, [seed; 4], kept).unwrap();
        assert!(chords.melody == first.melody && chords.bass == first.bass);
        others += usize::from(chords.chords != first.chords);
    }
    assert!(others > 2, "other chords are found for the same melody");
    // Another length leaves nothing to keep.
    let longer = Order {
        seconds: 60.0,
        ..order
    };
    let new = composer
        .compose(&longer, &mut writer, [1; 4], Some((&first, [true; 4])))
        .unwrap();
    assert_eq!(new.bars(), longer.bars(&new.style));
}

#[test]
fn every_writer_fills_the_plan_and_the_same_seeds_give_the_same_piece() {
    let mut composer = BOOK.clone();
    let lessons = composer.lessons();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let size = crate::recurrent::Architecture {
        units: 8,
        embedding: 4,
        ..Default::default()
    };
    let words = crate::bars::WORDS + lessons.kinds.len();
    let mut lstm = crate::recurrent::SequenceModel::new(words, &size, &mut rng).unwrap();
    let bytes = crate::nn::Saved::to_bytes(&mut lstm).unwrap();
    let hidden = Writer::hidden(&lessons, 1, &mut rng).unwrap();
    let (forger, scale) = Writer::gan(&lessons, 1, &mut rng, |_| {}).unwrap();
    let again: Vec<_> = hidden
        .iter()
        .map(|model| SavedStates::of(model).model().unwrap())
        .collect();
    assert_eq!(again.len(), 9);
    let mut writers = [
        Writer::chain(&lessons),
        Writer::Hidden(again.iter().map(|model| model.filter()).collect()),
        read_lstm(&bytes).unwrap(),
        Writer::Gan(
            Box::new(crate::sliders::Maker::Forger(forger)),
            lessons.kinds.len(),
            scale,
        ),
    ];
    assert!(read_lstm(b"none").is_err());
    for (writer, kind) in writers.iter_mut().zip(WriterKind::ALL) {
        assert_eq!(writer.kind(), kind);
        for style in ["hymn", "jig"] {
            let order = Order {
                writer: kind,
                ..order(style, 100.0, 30.0)
            };
            let once = composer.compose(&order, writer, [3; 4], None).unwrap();
            let twice = composer.compose(&order, writer, [3; 4], None).unwrap();
            assert_eq!(once, twice, "{kind}");
            assert!(once.score("", [true; 3]).voices[0].notes.len() > 10, "{kind}");
        }
        let free = composer.unplanned(0, 6, writer, &mut rng).unwrap();
        assert!(free.len() == 6 && free.iter().all(|unit| unit.symbols.len() == 16));
    }
}

#[test]
fn a_piece_is_written_as_midi_and_abc_that_read_back() {
    for mood in Mood::ALL {
        let order = Order {
            features: mood.features(),
            ..order("jig", 110.0, 20.0)
        };
        let score = composed(&order, [5; 4]).score("Ordered", [true; 3]);
        let (again, warnings) = midi::decode(&midi::encode(&score).unwrap()).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        let notes = |score: &crate::music::Score| -> usize {
            score.voices.iter().map(|voice| voice.notes.len()).sum()
        };
        assert_eq!(notes(&again), notes(&score));
        let (tune, _) = abc::decode(abc::encode(&score).unwrap().as_bytes())
            .unwrap()
            .remove(0);
        assert_eq!(notes(&tune), notes(&score), "{mood}");
        assert_eq!(tune.metres[0].1, crate::music::Metre { beats: 6, unit: 8 });
    }
}

#[test]
fn moods_move_what_is_heard() {
    let heard_in = |mood: Mood| {
        let order = Order {
            features: mood.features(),
            ..order("waltz", 90.0, 40.0)
        };
        heard(&composed(&order, [4; 4]))
    };
    let [calm, bright, sad, restless] = Mood::ALL.map(heard_in);
    for (feature, name) in FEATURES.iter().enumerate().skip(2) {
        assert!(
            bright[feature] > calm[feature] && restless[feature] > sad[feature],
            "{name}"
        );
    }
    assert!(calm[0] > sad[0] + 1.0 && bright[0] > restless[0] + 1.0, "mode");
    assert!(bright[1] > sad[1] + 5.0, "register");
    let sad = composed(
        &Order {
            features: Mood::Sad.features(),
            ..order("waltz", 90.0, 20.0)
        },
        [4; 4],
    );
    assert_eq!(sad.key().mode, Mode::Minor);
    assert_eq!("calm".parse::<Mood>().unwrap(), Mood::Calm);
    assert!(
        "happy"
            .parse::<Mood>()
            .unwrap_err()
            .to_string()
            .contains("restless")
    );
    assert!(
        "rnn"
            .parse::<WriterKind>()
            .unwrap_err()
            .to_string()
            .contains("lstm")
    );
}

#[test]
fn what_cannot_be_ordered_is_said() {
    let refused = |order: Order| order.checked().unwrap_err().to_string();
    assert!(refused(order("waltz", 39.0, 60.0)).contains("40 to 200"));
    assert!(refused(order("waltz", f64::NAN, 60.0)).contains("tempo"));
    assert!(refused(order("waltz", 90.0, 301.0)).contains("10 to 300"));
    let names = BOOK.style("polka").unwrap_err().to_string();
    assert!(names.contains("polka") && names.contains("waltzes"), "{names}");
    assert!(Composer::of(&["none".into()], Vec::new()).is_err());
    let mut composer = BOOK.clone();
    let mut writer = Writer::chain(&composer.lessons());
    let none = Order {
        style: 99,
        ..order("waltz", 90.0, 60.0)
    };
    assert!(composer.compose(&none, &mut writer, [1; 4], None).is_err());
}

#[test]
fn a_style_goes_by_a_short_name() {
    let names = [
        "waltz",
        "jig",
        "reel",
        "march",
        "hornpipe",
        "hymn",
        "carol",
        "lullaby",
        "folk song",
        "country-dance",
    ];
    let found: Vec<usize> = names.iter().map(|name| BOOK.style(name).unwrap()).collect();
    assert_eq!(found[5], found[6]);
    let bars: Vec<(usize, usize)> = found
        .iter()
        .map(|style| (BOOK.styles[*style].bar, BOOK.styles[*style].beats))
        .collect();
    assert_eq!(bars[..4], [(12, 3), (12, 2), (16, 4), (16, 4)]);
}

#[test]
fn tunes_packed_for_a_page_teach_the_same_composer() {
    let text = serde_json::to_string(&Packed::of(&BOOK)).unwrap();
    assert!(text.len() < 60_000, "{} bytes", text.len());
    let packed: Packed = serde_json::from_str(&text).unwrap();
    let mut again = packed.composer().unwrap();
    let mut writer = Writer::chain(&again.lessons());
    let order = order("march", 100.0, 40.0);
    let piece = again.compose(&order, &mut writer, [6; 4], None).unwrap();
    assert_eq!(piece, composed(&order, [6; 4]));
    let broken = text
        .replace("waltzes\"]", "waltzes\",1]")
        .replacen("\"a", "\"Z", 1);
    let broken = serde_json::from_str::<Packed>(&broken);
    assert!(broken.is_err() || broken.unwrap().composer().is_err());
}

fn unit(keys: [u8; 4]) -> Unit {
    let mut symbols = vec![18; 16];
    for (place, key) in keys.into_iter().enumerate() {
        symbols[4 * place] = key;
    }
    Unit { bar: 16, symbols }
}

#[test]
fn returns_are_counted() {
    let [a, b, c] = [[1, 2, 3, 4], [1, 2, 3, 5], [9, 9, 9, 9]].map(unit);
    assert_eq!(alike(&a, &a), 1.0);
    assert_eq!(alike(&a, &b), 0.6);
    assert_eq!(alike(&a, &c), 0.0);
    let bars = [a.clone(), b.clone(), a.clone(), c];
    assert_eq!(returns(&bars), 0.25);
    assert_eq!(comes_back(&bars, 2), Some(0.5));
    assert_eq!(comes_back(&bars, 4), None);
    // Key 1 is a B and key 3 a D: both are of G, and neither is of C.
    assert_eq!(on_chord(&a, [4, 4], 2), (2, 2));
    assert_eq!(on_chord(&a, [4, 0], 2), (2, 1));
    assert_eq!(on_chord(&a, [0, 0], 1), (1, 0));
}

#[test]
fn intervals_hold_what_was_found() {
    let (low, high) = wilson(8, 10);
    assert!(
        (low - 0.490).abs() < 0.001 && (high - 0.943).abs() < 0.001,
        "{low} {high}"
    );
    assert_eq!(wilson(0, 10).0, 0.0);
    assert_eq!(wilson(10, 10).1, 1.0);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let values: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
    let (low, high) = bootstrap(&values, mean, &mut ChaCha8Rng::seed_from_u64(1));
    assert!(
        (low - 0.4).abs() < 0.03 && (high - 0.6).abs() < 0.03,
        "{low} {high}"
    );
}

/// Melodies of so many pieces in each style, written by a chain.
fn written(count: u64) -> Vec<(usize, Vec<Unit>)> {
    let mut composer = BOOK.clone();
    let mut writer = Writer::chain(&composer.lessons());
    sung(&pieces(&mut composer, &mut writer, count).unwrap())
}

#[test]
fn a_pair_is_an_unheard_tune_and_a_piece_of_its_style() {
    let pairs = pairs(&BOOK, &written(8));
    assert!(pairs.len() >= 30, "{}", pairs.len());
    let mut tunes = std::collections::HashSet::new();
    for pair in &pairs {
        let bar = BOOK.styles[pair.style].bar;
        for clip in &pair.clips {
            assert_eq!(clip.len(), PHRASE);
            assert!(clip.iter().all(|unit| unit.bar == bar));
        }
        let tune = BOOK.tunes.iter().find(|tune| tune.piece == pair.piece).unwrap();
        assert_eq!((tune.part, tune.kind), (Part::Test, pair.style));
        assert!(tune.usable().any(|unit| *unit == pair.clips[0][0]));
        assert!(tunes.insert(pair.piece), "each tune once");
    }
    assert!(super::pairs(&BOOK, &[]).is_empty());
}

#[test]
fn a_critic_finds_what_differs_and_nothing_where_there_is_nothing() {
    let right = |others: &[(usize, Vec<Unit>)]| {
        let pairs = pairs(&BOOK, others);
        let sure = critic_listens(&pairs, PHRASE, 1).unwrap();
        assert_eq!(sure.len(), pairs.len());
        let right = sure.iter().filter(|sure| **sure > 0.0).count();
        right as f64 / pairs.len() as f64
    };
    let heard = BOOK.tunes.iter().filter(|tune| tune.part == Part::Train);
    let people: Vec<_> = heard
        .map(|tune| (tune.kind, tune.usable().cloned().collect()))
        .collect();
    let of_people = right(&people);
    assert!((0.25..0.75).contains(&of_people), "{of_people}");
    // Everything an octave and more higher: as far up as there are keys.
    let mut high = written(8);
    for symbol in high
        .iter_mut()
        .flat_map(|melody| &mut melody.1)
        .flat_map(|unit| &mut unit.symbols)
    {
        *symbol = if usize::from(*symbol) < KEYS.len() {
            17
        } else {
            *symbol
        };
    }
    let of_high = right(&high);
    assert!(of_high > 0.95, "{of_high}");
    assert!(critic_listens(&[], PHRASE, 1).is_err());
}

#[test]
fn every_writer_learns_and_comes_back_from_what_a_page_is_given() {
    let lessons = BOOK.lessons();
    let lengths = Lengths {
        rounds: 1,
        epochs: 1,
        steps: 2,
    };
    for kind in WriterKind::ALL {
        let mut told = Vec::new();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (writer, saved) = taught(kind, &lessons, lengths, &mut rng, |done, all| {
            told.push((done, all))
        })
        .unwrap();
        assert_eq!(writer.kind(), kind);
        assert_eq!(saved.is_empty(), kind == WriterKind::Chain);
        let steps = matches!(kind, WriterKind::Lstm | WriterKind::Gan);
        assert_eq!(!told.is_empty(), steps, "{kind}");
        assert!(
            told.last().is_none_or(|last| last.0 == last.1),
            "{kind}: {told:?}"
        );
    }
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let plain = recurrent(Cell::Rnn, &lessons, 1, &mut rng, |_, _| {}).unwrap();
    assert_eq!(plain.shape().alphabet, crate::bars::WORDS + lessons.kinds.len());
    let none = Lessons::default();
    assert!(recurrent(Cell::Rnn, &none, 1, &mut rng, |_, _| {}).is_err());
}
