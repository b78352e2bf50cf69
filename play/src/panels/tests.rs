//! Every panel, played natively: the module does the same, as tests/module.py shows.

use super::*;
use crate::engine::Engine;
use crate::samples::{MODELS, model};
use crate::stage::{Event, Said};
use aeolian::sound::{LOUDNESS, RATE, Sound};

/// So many seconds of a panel, in stretches of so many frames.
fn played(name: &str, seconds: usize, frames: usize) -> ([Vec<f32>; 2], Vec<Event>, Engine) {
    let mut engine = Engine::open(name, &model(name), 7).unwrap();
    let mut events = engine.events();
    let length = seconds * 44_100;
    let (mut left, mut right) = (vec![0.0; length], vec![0.0; length]);
    for (left, right) in left.chunks_mut(frames).zip(right.chunks_mut(frames)) {
        engine.play(left, right);
        events.extend(engine.events());
    }
    ([left, right], events, engine)
}

#[test]
fn every_panel_is_about_as_loud_as_what_the_book_performs() {
    for name in MODELS {
        let ([left, right], _, _) = played(name, 12, 2048);
        let sound = Sound::stereo(RATE, left, right);
        let off = sound.loudness().unwrap() - LOUDNESS;
        println!("{name}: {off:+.1} LU, peak {:.2}", sound.peak());
        assert!(sound.peak() < 1.0 && off.abs() < 6.0, "{name}: {off:.1} LU");
    }
}

#[test]
fn the_same_seed_plays_the_same_in_whatever_stretches() {
    for name in MODELS {
        let (sound, events, _) = played(name, 3, 2048);
        let (again, others, _) = played(name, 3, 441);
        assert!(sound == again, "{name}");
        let until = |events: Vec<Event>| -> Vec<Event> {
            let early = events.into_iter().filter(|event| event.at < 2 * 44_100);
            early.collect()
        };
        assert_eq!(until(events), until(others), "{name}");
    }
}

#[test]
fn what_is_expected_sums_to_one_and_changes_as_the_music_goes() {
    for name in MODELS {
        let (_, events, _) = played(name, 12, 2048);
        let mut seen: Vec<Vec<(String, f64)>> = Vec::new();
        for event in events {
            if let Said::Expects(bars) = event.said {
                let total: f64 = bars.iter().map(|bar| bar.1).sum();
                assert!((total - 1.0).abs() < 1e-9, "{name}: {bars:?}");
                seen.push(bars);
            }
        }
        seen.dedup();
        // The tune of 04 is there as a whole: its bars move when the reader adds to it.
        assert!(seen.len() > 3 || name == "chords", "{name}: {}", seen.len());
    }
}

#[test]
fn what_was_heard_becomes_files() {
    for name in MODELS {
        let (_, events, engine) = played(name, 6, 2048);
        let heard = 5 * 44_100;
        let sound = aeolian::sound::wav::decode(&engine.wav(heard).unwrap()).unwrap();
        assert_eq!(sound.frames(), heard as usize, "{name}");
        let (score, _) = aeolian::music::midi::decode(&engine.midi(heard).unwrap()).unwrap();
        let notes: usize = score.voices.iter().map(|voice| voice.notes.len()).sum();
        let shown = events.iter().filter(|event| event.at < heard);
        let shown = shown.filter(|event| match &event.said {
            Said::Note(..) => true,
            Said::Own(own) => own.get("struck").is_some(),
            _ => false,
        });
        assert_eq!(notes, shown.count(), "{name}");
    }
}

#[test]
fn nonsense_is_refused_with_a_reason() {
    let wrong = |result: Result<Engine>| result.err().unwrap().to_string();
    assert!(wrong(Engine::open("none", b"", 1)).contains("no panel \"none\""));
    for name in ["walk", "chords"] {
        assert!(wrong(Engine::open(name, b"{", 1)).contains("line 1"), "{name}");
    }
    assert!(wrong(Engine::open("dice", b"7 7 99", 1)).contains("3 sums"));
    assert!(wrong(Engine::open("tune", b"no tune", 1)).contains("tune"));
    assert!(wrong(Engine::open("endless", b"no weights", 1)).contains("safetensors"));
    for name in MODELS {
        let mut engine = Engine::open(name, &model(name), 1).unwrap();
        assert!(engine.set("nothing", 1.0).is_err() && engine.set("tempo", f64::NAN).is_err());
        for gesture in [
            "",
            "jump",
            "hold x",
            "hold 99",
            "go 99",
            "note 999 1",
            "note 60 0",
        ] {
            assert!(engine.act(gesture).is_err(), "{name}: {gesture}");
        }
        assert!(
            engine.wav(0).is_err() && engine.midi(0).is_err(),
            "nothing was heard"
        );
    }
}

#[test]
fn the_wind_is_what_the_reader_makes_it() {
    let strikes = |speed: f64| {
        let mut engine = Engine::open("wind", b"", 3).unwrap();
        engine.set("speed", speed).unwrap();
        let (mut left, mut right) = (vec![0.0; 44_100 * 20], vec![0.0; 44_100 * 20]);
        engine.play(&mut left, &mut right);
        let events = engine.events().into_iter();
        events.filter(|event| matches!(event.said, Said::Came(_))).count()
    };
    let (calm, breeze, storm) = (strikes(0.0), strikes(4.0), strikes(12.0));
    assert!(
        calm == 0 && breeze > 5 && storm > 3 * breeze,
        "{calm} {breeze} {storm}"
    );
}

#[test]
fn held_measures_stay_and_the_others_are_thrown() {
    let mut engine = Engine::open("dice", b"", 3).unwrap();
    let sums = |engine: &mut Engine| -> Vec<u64> {
        let events = engine.events();
        let own = events.iter().rev().find_map(|event| match &event.said {
            Said::Own(own) => own.get("sums").cloned(),
            _ => None,
        });
        serde_json::from_value(own.unwrap()).unwrap()
    };
    let first = sums(&mut engine);
    for bar in 0..8 {
        engine.act(&format!("hold {bar}")).unwrap();
    }
    engine.act("throw").unwrap();
    let second = sums(&mut engine);
    assert_eq!(first[..8], second[..8]);
    assert_ne!(first[8..], second[8..]);
}

#[test]
fn a_long_past_copies_and_the_copy_is_found() {
    let longest = |order: f64| {
        let mut engine = Engine::open("tune", &model("tune"), 5).unwrap();
        engine.set("order", order).unwrap();
        let (mut left, mut right) = (vec![0.0; 44_100 * 30], vec![0.0; 44_100 * 30]);
        engine.play(&mut left, &mut right);
        let copies = engine.events().into_iter().filter_map(|event| match event.said {
            Said::Own(own) => own["copy"]["notes"].as_u64(),
            _ => None,
        });
        copies.max().unwrap_or(0)
    };
    assert!(
        longest(0.0) < 8 && longest(8.0) > 12,
        "{} {}",
        longest(0.0),
        longest(8.0)
    );
}

#[test]
fn a_tapped_tune_gets_chords_at_once() {
    let mut engine = Engine::open("chords", &model("chords"), 5).unwrap();
    for midi in [60, 64, 67, 67, 71, 74, 72, 76, 79] {
        engine.act(&format!("note {midi} 2")).unwrap();
    }
    let own = engine
        .events()
        .into_iter()
        .rev()
        .find_map(|event| match event.said {
            Said::Own(own) => Some(own),
            _ => None,
        });
    let own = own.unwrap();
    assert_eq!(own["notes"].as_array().unwrap().len(), 9);
    let chords: Vec<&str> = own["chords"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c[1].as_str().unwrap())
        .collect();
    assert_eq!(
        (chords[0], &chords[1][..1], chords.len()),
        ("C", "G", 3),
        "{chords:?}"
    );
    engine.act("back").unwrap();
    engine.act("clear").unwrap();
    let (mut left, mut right) = (vec![0.0; 4410], vec![0.0; 4410]);
    engine.play(&mut left, &mut right);
    assert!(
        left.iter().all(|sample| sample.abs() < 1e-6),
        "an empty tune is silent"
    );
}

/// What is heard and said in so many seconds more.
fn more(engine: &mut Engine, seconds: usize) -> (Vec<f32>, Vec<Event>) {
    let (mut left, mut right) = (vec![0.0; seconds * 44_100], vec![0.0; seconds * 44_100]);
    engine.play(&mut left, &mut right);
    (left, engine.events())
}

#[test]
fn what_readers_taught_plays_on_in_place_of_the_books_panel_and_goes_again() {
    let mut engine = Engine::open("tune", &model("tune"), 5).unwrap();
    for (control, value) in [("order", 2.0), ("temperature", 1.0), ("tempo", 112.0)] {
        engine.set(control, value).unwrap();
    }
    more(&mut engine, 2);
    assert!(engine.swap("endless", b"no weights").is_err());
    engine.swap("endless", &model("endless")).unwrap();
    let named = |events: &[Event], name: &str| {
        events.iter().any(|event| match &event.said {
            Said::Expects(bars) => bars.iter().any(|bar| bar.0 == name),
            _ => false,
        })
    };
    let (sound, events) = more(&mut engine, 4);
    assert!(sound.iter().any(|sample| sample.abs() > 0.01) && named(&events, "C4"));
    engine.set("order", 3.0).unwrap(); // which the network has not
    engine.act("new").unwrap();
    engine.swap("endless", &model("endless")).unwrap();
    let (_, events) = more(&mut engine, 4);
    assert!(named(&events, "C4"));
    engine.back();
    let (sound, events) = more(&mut engine, 4);
    assert!(sound.iter().any(|sample| sample.abs() > 0.01) && named(&events, "G5"));
    assert!(engine.set("nothing", 1.0).is_err() && engine.act("nothing").is_err());
}

#[test]
fn newer_chords_come_when_the_tune_has_ended() {
    let mut engine = Engine::open("chords", &model("chords"), 5).unwrap();
    engine.swap("chords", &model("chords")).unwrap();
    let (saved, _): (serde_json::Value, String) =
        serde_json::from_slice::<serde_json::Value>(&model("chords"))
            .map(|all| (all["harmoniser"].clone(), String::new()))
            .unwrap();
    let newer = serde_json::to_vec(&(saved, "X:1\nT:Newer\nM:3/4\nL:1/4\nK:C\nccc|c3|\n")).unwrap();
    engine.events();
    engine.swap("chords", &newer).unwrap();
    let titles = |events: Vec<Event>| -> Vec<String> {
        let own = events.into_iter().filter_map(|event| match event.said {
            Said::Own(own) => own["title"].as_str().map(String::from),
            _ => None,
        });
        own.collect()
    };
    assert!(titles(engine.events()).is_empty(), "not in the middle of a tune");
    let (_, events) = more(&mut engine, 12);
    assert_eq!(titles(events), ["Newer"]);
}
