//! Every panel, played natively: the module does the same, as tests/module.py shows.

use super::*;
use crate::engine::Engine;
use crate::samples::{MODELS, model};
use crate::stage::{Event, Said};
use aeolian::sound::{LOUDNESS, RATE, Sound};
use serde_json::json;

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
        // The tune of 04 is there as a whole: its bars move when the reader adds to it. A blind test tells nothing beforehand.
        let still = ["chords", "blind"].contains(&name);
        assert!(seen.len() > 3 || still, "{name}: {}", seen.len());
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
    for name in [
        "walk",
        "chords",
        "instrument",
        "plans",
        "blues",
        "letters",
        "blind",
    ] {
        assert!(wrong(Engine::open(name, b"{", 1)).contains("line 1"), "{name}");
    }
    assert!(wrong(Engine::open("dice", b"7 7 99", 1)).contains("3 sums"));
    assert!(wrong(Engine::open("tune", b"no tune", 1)).contains("tune"));
    assert!(wrong(Engine::open("endless", b"no weights", 1)).contains("safetensors"));
    assert!(wrong(Engine::open("forge", b"weights", 1)).contains("both nets begin from nothing"));
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
fn the_network_hears_what_the_reader_chose_and_its_layers_are_seen() {
    let mut engine = Engine::open("instrument", &model("instrument"), 5).unwrap();
    engine.set("instrument", 5.0).unwrap();
    let answer = |engine: &mut Engine| {
        let (mut bars, mut own) = (vec![], serde_json::Value::Null);
        for event in engine.events() {
            match event.said {
                Said::Expects(all) => bars = all,
                Said::Own(said) => own = said,
                _ => {}
            }
        }
        (bars, own)
    };
    let (low, own) = answer(&mut engine);
    assert_eq!(own["tone"], "violin, C4");
    let (bands, hidden) = (
        own["bands"].as_array().unwrap(),
        own["hidden"].as_array().unwrap(),
    );
    assert_eq!((bands.len(), hidden.len(), low.len()), (42, 8, 6));
    engine.set("pitch", 84.0).unwrap();
    let (high, own) = answer(&mut engine);
    assert_eq!(own["tone"], "violin, C6");
    assert_ne!(low, high);
    let (mut left, mut right) = (vec![0.0; 44_100], vec![0.0; 44_100]);
    engine.play(&mut left, &mut right);
    let came = engine.events().into_iter().find_map(|event| match event.said {
        Said::Came(name) => Some((event.at, name)),
        _ => None,
    });
    assert_eq!(
        came,
        Some((14_553, "violin".to_string())),
        "when all of it was heard"
    );
    let heard = Sound::mono(RATE, left).part(0.05, 0.3);
    let hertz = aeolian::sound::fundamental(&heard).unwrap();
    assert!(aeolian::sound::cents(1046.5, hertz).abs() < 10.0, "{hertz}");
}

/// The pitches, voices and moments of the notes in some seconds of a panel.
fn notes(engine: &mut Engine, seconds: usize) -> Vec<(u8, usize, u64)> {
    let frames = seconds * 44_100;
    engine.events();
    engine.play(&mut vec![0.0; frames], &mut vec![0.0; frames]);
    let notes = engine.events().into_iter().filter_map(|event| match event.said {
        Said::Note(midi, _, voice) => Some((midi, voice, event.at)),
        _ => None,
    });
    notes.collect()
}

#[test]
fn a_beginning_is_played_first_and_music_goes_on_from_it() {
    for (name, seconds, melody) in [("plans", 6, [64, 67, 60]), ("blues", 4, [63, 67, 60])] {
        let mut engine = Engine::open(name, &model(name), 5).unwrap();
        for midi in melody {
            engine.act(&format!("note {midi} 2")).unwrap();
        }
        engine.act("note 60 1").unwrap();
        engine.act("back").unwrap();
        engine.act("note 61 2").unwrap(); // a key that the model does not know
        let own = engine
            .events()
            .into_iter()
            .rev()
            .find_map(|event| match event.said {
                Said::Own(own) if own.get("beginning").is_some() => Some(own),
                _ => None,
            });
        let own = own.unwrap();
        assert_eq!(
            (own["beginning"].as_array().unwrap().len(), &own["unknown"]),
            (3, &"C#4".into())
        );
        let mut tune = notes(&mut engine, seconds);
        tune.retain(|note| note.1 < 2); // without the piano of the blues
        let played: Vec<(u8, usize)> = tune.iter().map(|note| (note.0, note.1)).collect();
        assert_eq!(played[..3], melody.map(|midi| (midi, 1)), "{name}");
        let rest = &played[3..];
        assert!(
            !rest.is_empty() && rest.iter().all(|note| note.1 == 0),
            "{name}: {rest:?}"
        );
        engine.act("clear").unwrap();
        assert!(notes(&mut engine, 2).iter().all(|note| note.1 != 1), "{name}");
    }
}

#[test]
fn a_plan_that_is_moved_moves_what_comes_next() {
    let expects = |engine: &mut Engine| {
        let bars = engine
            .events()
            .into_iter()
            .rev()
            .find_map(|event| match event.said {
                Said::Expects(bars) => Some(bars),
                _ => None,
            });
        bars.unwrap()
    };
    let mut engine = Engine::open("plans", &model("plans"), 5).unwrap();
    let half = expects(&mut engine);
    engine.set("tune0", 1.0).unwrap();
    engine.set("tune1", 0.0).unwrap();
    let one = expects(&mut engine);
    assert_ne!(half, one);
    engine.set("tune0", 0.3).unwrap();
    assert_eq!(expects(&mut engine), one, "its share is the same");
    engine.set("tune0", 0.0).unwrap();
    assert!(engine.set("tune2", 1.0).is_err() && engine.set("tune", 1.0).is_err());
    // Thirty-two eighths of a quarter of a second, and two of rest.
    let starts = |event: &Event| match &event.said {
        Said::Own(own) => own["eighth"] == 1,
        _ => false,
    };
    engine.events();
    engine.play(&mut vec![0.0; 44_100 * 10], &mut vec![0.0; 44_100 * 10]);
    let events = engine.events();
    let starts: Vec<u64> = events
        .iter()
        .filter(|event| starts(event))
        .map(|event| event.at)
        .collect();
    assert_eq!(starts, [0, 34 * 44_100 / 4]);
}

#[test]
fn the_blues_shows_its_chords_and_the_gates_of_a_unit() {
    let mut engine = Engine::open("blues", &model("blues"), 5).unwrap();
    engine.set("unit", 3.0).unwrap();
    engine.play(&mut vec![0.0; 44_100 * 20], &mut vec![0.0; 44_100 * 20]);
    let mut steps = 0;
    for event in engine.events() {
        let Said::Own(own) = event.said else { continue };
        let Some(step) = own["step"].as_u64() else {
            continue;
        };
        assert_eq!(step, steps % 96);
        steps += 1;
        assert_eq!(own["right"][1], steps);
        for gate in ["input", "forget", "output"] {
            assert!(
                (0.0..=1.0).contains(&own["gates"][gate].as_f64().unwrap()),
                "{own}"
            );
        }
        assert_ne!(own["gates"]["memory"], 0.0);
    }
    assert!((138..=156).contains(&steps), "212 quarters a minute: {steps}");
}

#[test]
fn letters_begin_with_the_readers_and_what_was_never_read_is_named() {
    let mut engine = Engine::open("letters", &model("letters"), 5).unwrap();
    let codes: Vec<String> = "bad x\u{266b}"
        .chars()
        .map(|letter| u32::from(letter).to_string())
        .collect();
    engine.act(&format!("begin {}", codes.join(" "))).unwrap();
    engine.play(&mut vec![0.0; 44_100 * 3], &mut vec![0.0; 44_100 * 3]);
    let (mut typed, mut unknown) = (String::new(), String::new());
    for event in engine.events() {
        let Said::Own(own) = event.said else { continue };
        typed += own["letter"].as_str().unwrap_or_default();
        unknown += own["unknown"].as_str().unwrap_or_default();
    }
    assert!(typed.starts_with("bad ") && typed.chars().count() > 20, "{typed}");
    assert_eq!(unknown, "x\u{266b}");
    assert!(engine.act("begin 1114112").is_err(), "no letter has that number");
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
    let copies = |event: &Event| matches!(&event.said, Said::Own(own) if own.get("copy").is_some());
    assert!(sound.iter().any(|sample| sample.abs() > 0.01) && events.iter().any(copies));
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

#[test]
fn a_game_collapses_and_heals_when_the_reader_cures_it() {
    let mut engine = Engine::open("forge", b"", 5).unwrap();
    let last = |engine: &mut Engine, seconds: usize| {
        let mut found = serde_json::Value::Null;
        for _ in 0..seconds * 10 {
            engine.play(&mut [0.0; 4410], &mut [0.0; 4410]);
            for event in engine.events() {
                if let Said::Own(own) = event.said
                    && own.get("step").is_some()
                {
                    found = own;
                }
            }
        }
        found
    };
    let plain = last(&mut engine, 8);
    assert!(plain["step"].as_u64().unwrap() > 2000);
    let off = |own: &serde_json::Value| {
        (own["deviation"].as_f64().unwrap() - 0.5).abs() + (own["mean"].as_f64().unwrap() - 4.0).abs()
    };
    for (control, value) in [("cure", 1.0), ("memory", 0.5), ("forger", -3.0), ("expert", -3.0)] {
        engine.set(control, value).unwrap();
    }
    let cured = last(&mut engine, 12);
    assert!(cured["step"].as_u64() > plain["step"].as_u64(), "it goes on");
    assert!(
        off(&plain) > 0.2 && off(&cured) < 0.15,
        "{} {}",
        off(&plain),
        off(&cured)
    );

    // Packs ask for another expert, the ring and its die for other nets: they begin anew.
    for (control, value) in [("cure", 2.0), ("example", 1.0), ("cure", 1.0), ("die", 1.0)] {
        engine.set(control, value).unwrap();
        let begun = last(&mut engine, 1);
        assert!(begun["step"].as_u64().unwrap() < 900, "{control}");
    }
    let ring = last(&mut engine, 20);
    assert!(ring["caught"].as_u64().unwrap() >= 6, "{}", ring["caught"]);
    engine.act("anew").unwrap();
    assert!(last(&mut engine, 1)["step"].as_u64().unwrap() < 200);
    // Rates that are far too high do not break it.
    engine.set("forger", -1.0).unwrap();
    engine.set("expert", -1.0).unwrap();
    last(&mut engine, 3);
}

/// What the studio said in so many seconds: the measures of each bar, its length in steps, and the notes of each voice.
fn studio(engine: &mut Engine, seconds: usize) -> (Vec<serde_json::Value>, Vec<(u8, usize)>) {
    let (mut left, mut right) = (vec![0.0; 44_100 * seconds], vec![0.0; 44_100 * seconds]);
    engine.play(&mut left, &mut right);
    let (mut bars, mut notes) = (Vec::new(), Vec::new());
    for event in engine.events() {
        match event.said {
            Said::Own(own) if own.get("measured").is_some() => bars.push(own),
            Said::Note(midi, _, voice) => notes.push((midi, voice)),
            _ => {}
        }
    }
    (bars, notes)
}

#[test]
fn the_studio_follows_its_sliders() {
    let mut engine = Engine::open("studio", &model("studio"), 3).unwrap();
    let mut mean = |measure: usize, place: f64| {
        engine.set("tries", 16.0).unwrap();
        engine.set(&format!("measure{measure}"), place).unwrap();
        studio(&mut engine, 3); // bars that were begun before
        let (bars, _) = studio(&mut engine, 24);
        let found = bars.iter().map(|bar| bar["measured"][measure].as_f64().unwrap());
        found.sum::<f64>() / bars.len() as f64
    };
    for maker in [0.0, 1.0, 2.0] {
        let mut engine = Engine::open("studio", &model("studio"), 3).unwrap();
        engine.set("maker", maker).unwrap();
        let (bars, notes) = studio(&mut engine, 6);
        assert!(bars.len() > 1 && notes.len() > 10, "maker {maker}");
    }
    let (low, high) = (mean(1, 1.0), mean(1, 10.0));
    assert!(high > low + 0.1, "register: {low} and {high}");
    engine.set("metre", 1.0).unwrap();
    studio(&mut engine, 3);
    assert!(studio(&mut engine, 6).0.iter().all(|bar| bar["steps"] == 12));
    assert!(engine.set("kind2", 1.0).is_err() && engine.set("measure6", 1.0).is_err());
}

#[test]
fn the_studio_holds_a_bar_goes_back_and_mutes() {
    let mut engine = Engine::open("studio", &model("studio"), 4).unwrap();
    let melody = |notes: Vec<(u8, usize)>| -> Vec<u8> {
        notes
            .into_iter()
            .filter(|note| note.1 == 0)
            .map(|note| note.0)
            .collect()
    };
    let bar = |engine: &mut Engine| {
        // A bar of four quarters at 100 a minute lasts 2.4 s.
        let (mut left, mut right) = (vec![0.0; 105_840], vec![0.0; 105_840]);
        engine.play(&mut left, &mut right);
        let notes = engine.events().into_iter().filter_map(|event| match event.said {
            Said::Note(midi, _, voice) => Some((midi, voice)),
            _ => None,
        });
        notes.collect::<Vec<_>>()
    };
    let first = melody(bar(&mut engine));
    let second = melody(bar(&mut engine));
    assert!(first != second && first.len() > 2);
    engine.act("hold").unwrap();
    assert_eq!(melody(bar(&mut engine)), second);
    engine.act("vary").unwrap();
    assert_ne!(melody(bar(&mut engine)), second);
    engine.act("on").unwrap();
    bar(&mut engine);
    engine.act("mute 0").unwrap();
    let muted = bar(&mut engine);
    assert!(!muted.is_empty() && melody(muted).is_empty());
    assert!(engine.act("mute 3").is_err() && engine.act("mute x").is_err());
}

/// What the composer draws of its piece after a gesture.
fn drawn(engine: &mut Engine, gesture: &str) -> serde_json::Value {
    engine.events(); // what was said before
    engine.act(gesture).unwrap();
    let own = engine.events().into_iter().find_map(|event| match event.said {
        Said::Own(own) if own.get("notes").is_some() => Some(own),
        _ => None,
    });
    own.unwrap()
}

/// Its notes of one voice: when each begins, and its pitch.
fn of_voice(drawn: &serde_json::Value, voice: u64) -> Vec<(u64, u64)> {
    let notes = drawn["notes"].as_array().unwrap().iter();
    let of_voice = notes.filter(|note| note[3] == voice);
    of_voice
        .map(|note| (note[0].as_u64().unwrap(), note[2].as_u64().unwrap()))
        .collect()
}

#[test]
fn the_composer_meets_orders_and_keeps_layers() {
    let mut engine = Engine::open("composer", &model("composer"), 5).unwrap();
    for (control, value) in [("tempo", 120.0), ("length", 30.0), ("style", 1.0), ("mood", 2.0)] {
        engine.set(control, value).unwrap();
    }
    for writer in [1.0, 2.0, 3.0, 0.0] {
        engine.set("model", writer).unwrap();
        let piece = drawn(&mut engine, "compose");
        assert_eq!(piece["seconds"], 30.0, "jigs of two beats: 30 bars");
        assert!(
            piece["words"].as_str().unwrap().contains("sad after jigs"),
            "{piece}"
        );
        assert!(
            (0..3).all(|voice| of_voice(&piece, voice).len() > 20),
            "model {writer}"
        );
    }
    let first = drawn(&mut engine, "compose");
    let other = drawn(&mut engine, "throw melody");
    assert_ne!(of_voice(&first, 0), of_voice(&other, 0));
    assert_eq!(of_voice(&first, 1), of_voice(&other, 1), "the chords are kept");
    engine.act("keep melody").unwrap();
    let kept = drawn(&mut engine, "compose");
    assert_eq!(of_voice(&other, 0), of_voice(&kept, 0));
    engine.set("length", 60.0).unwrap();
    let longer = drawn(&mut engine, "compose");
    assert!(longer["note"].as_str().unwrap().contains("nothing could be kept"));
    assert!(engine.act("throw drums").is_err() && engine.act("mute 3").is_err());
    assert!(engine.set("drums", 1.0).is_err());
}

#[test]
fn the_composer_plays_what_it_has_drawn_and_gives_the_whole_piece() {
    let mut engine = Engine::open("composer", &model("composer"), 5).unwrap();
    engine.set("length", 12.0).unwrap();
    let whole = engine
        .events()
        .into_iter()
        .rev()
        .find_map(|event| match event.said {
            Said::Own(own) if own.get("notes").is_some() => Some(own),
            _ => None,
        });
    let whole = whole.unwrap();
    let (mut left, mut right) = (vec![0.0; 11 * 44_100], vec![0.0; 11 * 44_100]);
    engine.play(&mut left, &mut right);
    let heard = engine.events().into_iter().filter_map(|event| match event.said {
        Said::Note(midi, _, 0) => Some((event.at, u64::from(midi))),
        _ => None,
    });
    let heard: Vec<(u64, u64)> = heard.collect();
    let drawn = of_voice(&whole, 0);
    assert!(heard.len() > 8 && heard.len() <= drawn.len());
    for ((at, midi), (milliseconds, pitch)) in heard.iter().zip(drawn) {
        assert_eq!(*midi, pitch);
        assert!((*at as f64 / 44.1 - milliseconds as f64).abs() < 1.0, "{at}");
    }
    assert!(engine.whole_midi().unwrap().starts_with(b"MThd"));
    let wav = engine.whole_wav().unwrap();
    assert!(wav.len() > 12 * 4 * 44_100, "{} bytes", wav.len());
    let walk = Engine::open("walk", &model("walk"), 5).unwrap();
    assert!(walk.whole_midi().is_err());
}

#[test]
fn a_blind_test_is_balanced_and_tells_nothing_before_its_end() {
    let mut engine = Engine::open("blind", &model("blind"), 3).unwrap();
    let own = |engine: &mut Engine| -> Vec<serde_json::Value> {
        let events = engine.events().into_iter();
        events
            .filter_map(|event| match event.said {
                Said::Own(own) => Some(own),
                _ => None,
            })
            .collect()
    };
    let (mut left, mut right) = (vec![0.0; 44_100 * 15], vec![0.0; 44_100 * 15]);
    engine.play(&mut left, &mut right);
    let first = own(&mut engine);
    assert_eq!((&first[0]["pair"], &first[0]["of"]), (&json!(1), &json!(6)));
    let playing: Vec<&serde_json::Value> = first[1..].iter().map(|own| &own["playing"]).collect();
    assert_eq!(
        playing,
        [&json!(0), &json!(null), &json!(1), &json!(null)],
        "both clips, once"
    );
    assert!(engine.act("hear 0 1").is_err(), "not before the end");
    let mut tunes = Vec::new();
    for test in 0..2 {
        for pair in 0..6 {
            assert!(!first.iter().any(|own| own.get("rows").is_some()));
            assert!(engine.act("choose 2").is_err());
            engine.act("hear 1").unwrap();
            engine.act("choose 0").unwrap();
            let said = own(&mut engine);
            assert_eq!(
                said[0].get("rows").is_some(),
                pair == 5,
                "test {test}, pair {pair}"
            );
            if pair == 5 {
                let all = &said[0]["rows"][2];
                assert_eq!(
                    (&all[1], &all[2]),
                    (&json!(3), &json!(6)),
                    "the first is right in half"
                );
                assert_eq!(said[0]["rows"][0][2], 3, "as many of each");
                let pairs = said[0]["pairs"].as_array().unwrap();
                tunes.extend(
                    pairs
                        .iter()
                        .map(|pair| pair["tune"].as_str().unwrap().to_string()),
                );
                let critic = pairs.iter().filter(|pair| pair["critic"] == true).count();
                assert_eq!(all[5], critic);
            }
        }
        assert!(engine.act("choose 0").is_err() && engine.act("hear 0").is_err());
        engine.act("hear 0 1").unwrap();
        engine.act("again").unwrap();
        own(&mut engine);
    }
    tunes.sort();
    tunes.dedup();
    assert_eq!(tunes.len(), 12, "the second test has other pairs");
}

/// A duet in jigs, at 100 beats a minute.
fn duet(controls: &[(&str, f64)]) -> Engine {
    let mut engine = Engine::open("duet", &model("duet"), 5).unwrap();
    engine.set("style", 1.0).unwrap(); // jigs: two beats a bar, 1.2 s
    for (control, value) in controls {
        engine.set(control, *value).unwrap();
    }
    engine.events();
    engine
}

/// A bar of the duet's, a beat and a step, in seconds.
const JIG: f64 = 1.2;
const STEP: f64 = JIG / 12.0;

/// Plays a duet up to a second, as the page does: what is heard lags behind what is made. Then keys are struck, each at its second, for two steps.
fn trade(engine: &mut Engine, keys: &[(u8, f64)], seconds: f64) -> Vec<Event> {
    const LAG: f64 = 0.28;
    let (mut events, mut made, mut next) = (Vec::new(), 0.0, 0);
    while made < seconds {
        engine.play(&mut [0.0; 2048], &mut [0.0; 2048]);
        made += 2048.0 / 44_100.0;
        while let Some((midi, at)) = keys.get(next).filter(|key| key.1 < made - LAG) {
            engine.act(&format!("down {midi} {at}")).unwrap();
            engine.act(&format!("up {midi} {}", at + 1.8 * STEP)).unwrap();
            next += 1;
        }
        events.extend(engine.events());
    }
    events.sort_by_key(|event| event.at);
    events
}

/// The notes of one voice: seconds and pitches.
fn voice(events: &[Event], voice: usize) -> Vec<(f64, u8)> {
    let notes = events.iter().filter_map(|event| match event.said {
        Said::Note(midi, _, of) if of == voice => Some((event.at as f64 / 44_100.0, midi)),
        _ => None,
    });
    notes.collect()
}

/// Whose turn it was said to be at its moment, or at once if that is asked, without what was said twice.
fn turns(events: &[Event], at_once: bool) -> Vec<String> {
    let then = events.iter().filter(|event| (event.at == 0) == at_once);
    let told = then.filter_map(|event| match &event.said {
        Said::Own(own) => Some(format!("{}{}", own["turn"].as_str()?, own["place"].as_str()?)),
        _ => None,
    });
    let mut turns: Vec<String> = told.collect();
    turns.dedup();
    turns
}

/// Six notes in each of two bars, from the bar line at a second on, a little early and late.
fn phrase(from: f64) -> Vec<(u8, f64)> {
    let midis = [60, 64, 67, 72, 71, 67, 65, 69, 67, 64, 62, 67];
    (0..12)
        .map(|i| {
            (
                midis[i],
                from + 2.0 * STEP * i as f64 + [0.02, -0.02, 0.01][i % 3],
            )
        })
        .collect()
}

#[test]
fn a_duet_answers_in_time_in_kind_and_as_another_voice() {
    for number in [0.0, 1.0, 2.0, 3.0] {
        let mut engine = duet(&[("model", number)]);
        let events = trade(&mut engine, &phrase(JIG), 9.0);
        let (reader, model) = (voice(&events, 0), voice(&events, 1));
        assert_eq!(reader.len(), 12, "each key once");
        let [first, last] = [model.first(), model.last()].map(|note| note.unwrap().0);
        // Bars 2 and 3 are the reader's, 4 and 5 the model's.
        assert!((3.0 * JIG - 1e-6..4.0 * JIG).contains(&first), "{first}");
        assert!(last > 4.0 * JIG && last < 5.0 * JIG, "{last}");
        for (at, _) in &model {
            let off = (at / STEP - (at / STEP).round()).abs() * STEP;
            assert!(off < 0.001, "model {number}: {at} is off the grid");
        }
        assert_eq!(model.last().unwrap().1 % 12, 0, "home");
        let name = [
            "chain answers",
            "hidden states answer",
            "LSTM answers",
            "GAN answers",
        ][number as usize];
        assert_eq!(turns(&events, true)[1], "Listening, bar 1 of 2");
        let said = turns(&events, false);
        let asked = [
            "Your turn".to_string(),
            "Listening, bar 2 of 2".to_string(),
            format!("The {name}, bar 1 of 2"),
            format!("The {name}, bar 2 of 2: home"),
            "Your turn".to_string(),
        ];
        assert_eq!(said, asked);
        let (score, _) = aeolian::music::midi::decode(&engine.midi(9 * 44_100).unwrap()).unwrap();
        let notes: Vec<usize> = score.voices.iter().map(|voice| voice.notes.len()).collect();
        assert_eq!(notes, [12, model.len()], "two voices");
    }
}

#[test]
fn a_duet_takes_a_first_note_before_the_bar_line_and_answers_on_one_even_if_it_was_late() {
    let mut engine = duet(&[("bars", 1.0)]);
    // A quarter of a second early: what was played before is for the bar that comes.
    let events = trade(
        &mut engine,
        &[(67, 2.0 * JIG - 0.25), (72, 2.0 * JIG), (76, 2.0 * JIG + 0.6)],
        6.0,
    );
    let first = voice(&events, 1)[0].0;
    assert!((3.0 * JIG - 1e-6..4.0 * JIG).contains(&first), "{first}");
    // Keys of which the panel is told when all of the bar that they ask for has been made.
    let mut engine = duet(&[("bars", 1.0)]);
    more(&mut engine, 4);
    engine.act("down 72 0.1").unwrap();
    let (_, events) = more(&mut engine, 3);
    let first = voice(&events, 1)[0].0;
    assert!((4.0 * JIG - 1e-6..5.0 * JIG).contains(&first), "{first}");
}

#[test]
fn a_duet_that_is_told_to_do_something_else_begins_a_phrase_anew() {
    let mut engine = duet(&[("bars", 1.0)]);
    for (at, control, value) in [(0.5, "does", 2.0), (1.5, "style", 1.0)] {
        more(&mut engine, 1); // more than is heard: the reader is behind
        engine.act(&format!("down 72 {}", at - 0.1)).unwrap();
        engine.set(control, value).unwrap();
        engine.set("does", 0.0).unwrap();
        engine.events();
        engine.act(&format!("down 74 {at}")).unwrap();
        assert_eq!(turns(&engine.events(), true), ["Listening, bar 1 of 1"]);
    }
    let (_, events) = more(&mut engine, 3);
    let heard =
        |event: &Event| matches!(&event.said, Said::Own(own) if own["heard"] == "Heard: 1 note in C.");
    assert!(events.iter().any(heard), "{:?}", turns(&events, false));
}

#[test]
fn a_duet_hears_another_key_and_says_what_it_moved() {
    let mut engine = duet(&[]);
    let keys: Vec<(u8, f64)> = [63, 67, 70, 72, 74, 75, 74, 73, 68, 67, 65, 63]
        .into_iter()
        .zip(phrase(JIG))
        .map(|(midi, key)| (midi, key.1))
        .collect();
    let events = trade(&mut engine, &keys, 9.0);
    let heard = events.iter().find_map(|event| match &event.said {
        Said::Own(own) => own["heard"].as_str(),
        _ => None,
    });
    let heard = heard.unwrap();
    assert!(
        heard.contains(" notes in E flat") && heard.contains("one between its white keys"),
        "{heard}"
    );
    let model = voice(&events, 1);
    assert!(
        model
            .iter()
            .all(|note| [0, 2, 3, 5, 7, 8, 10].contains(&(note.1 % 12))),
        "{model:?}"
    );
    assert_eq!(model.last().unwrap().1 % 12, 3);
}

#[test]
fn a_duet_goes_on_until_the_reader_plays_again() {
    let mut engine = duet(&[("does", 1.0)]);
    let keys = [phrase(JIG), vec![(72, 8.3 * JIG)]].concat();
    let events = trade(&mut engine, &keys, 13.0 * JIG);
    let model = voice(&events, 1);
    let until = |from: f64, to: f64| {
        model
            .iter()
            .filter(|note| (from * JIG..to * JIG).contains(&note.0))
            .count()
    };
    for bar in 3..8 {
        let bar = f64::from(bar) - 1e-6;
        assert!(until(bar, bar + 1.0) > 1, "{model:?}");
    }
    // It stops within the sound that was made before, and goes on again after two bars.
    assert_eq!(until(8.6, 10.0 - 1e-6), 0, "{model:?}");
    assert!(until(10.0 - 1e-6, 12.0) > 3);
}

#[test]
fn a_duet_accompanies_in_the_readers_key() {
    let mut engine = duet(&[("does", 2.0)]);
    let keys: Vec<(u8, f64)> = (0..6)
        .flat_map(|bar| phrase(JIG * (1.0 + f64::from(bar) * 2.0)))
        .map(|key| (key.0 + 2, key.1))
        .collect();
    let events = trade(&mut engine, &keys, 14.0 * JIG);
    let (chords, bass) = (voice(&events, 2), voice(&events, 3));
    assert!(chords.len() > 40 && bass.len() > 20 && voice(&events, 1).is_empty());
    // In D: F sharp and C sharp, no F and no C.
    let late = || chords.iter().chain(&bass).filter(|note| note.0 > 3.0 * JIG);
    assert!(late().all(|note| [2, 4, 6, 7, 9, 11, 1].contains(&(note.1 % 12))));
    assert!(late().any(|note| note.1 % 12 == 6));
    let names: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.said {
            Said::Came(name) => Some(&name[..]),
            _ => None,
        })
        .collect();
    assert!(
        names.len() > 10 && names.contains(&"D") && !names[4..].contains(&"C"),
        "{names:?}"
    );
}

#[test]
fn a_duet_shows_a_tune_while_nobody_plays_and_yields_to_the_reader() {
    let mut engine = duet(&[]);
    let events = trade(&mut engine, &[], 7.0 * JIG);
    assert!(voice(&events, 0)[0].0 >= 2.0 * JIG - 1e-6);
    assert_eq!(
        turns(&events, false)[..4],
        [
            "Your turn",
            "For example, jigs, bar 1 of 2",
            "For example, jigs, bar 2 of 2",
            "The chain answers, bar 1 of 2"
        ]
    );
    let answer = voice(&events, 1);
    assert!(answer.len() > 2 && answer.iter().all(|note| note.0 >= 4.0 * JIG - 1e-6));
    // A key while the tune plays: silence, and then an answer to the reader alone.
    let mut engine = duet(&[]);
    let events = trade(&mut engine, &phrase(3.0 * JIG), 7.0 * JIG);
    let tune = voice(&events, 0).into_iter().filter(|note| note.0 > 3.5 * JIG);
    assert!(
        tune.clone().count() < 13,
        "the tune goes on: {:?}",
        tune.collect::<Vec<_>>()
    );
    assert!(voice(&events, 1)[0].0 >= 5.0 * JIG - 1e-6);
    // Who has played is left alone, unless they ask.
    let events = trade(&mut engine, &[], 20.0);
    assert!(voice(&events, 0).is_empty());
    engine.act("show").unwrap();
    assert!(!voice(&trade(&mut engine, &[], 4.0), 0).is_empty());
}

#[test]
fn a_duet_takes_no_harm_from_keys_that_cannot_be() {
    let mut engine = duet(&[]);
    for gesture in [
        "down 60 nan",
        "down 60 inf",
        "down 128 1",
        "down -1 1",
        "down 60",
        "up 60 x",
        "up 60 NaN",
        "down 60 1 1",
    ] {
        assert!(engine.act(gesture).is_err(), "{gesture}");
    }
    for control in ["does", "model", "style", "bars", "tempo", "beat"] {
        for value in [-1e300, -1.0, 0.5, 1e300] {
            engine.set(control, value).unwrap();
            assert!(engine.set(control, f64::NAN).is_err());
            engine.act("down 60 1e300").unwrap();
            engine.act("down 0 -1e300").unwrap();
            engine.act("down 127 1e-300").unwrap();
            more(&mut engine, 3);
            engine.act("up 60 -5").unwrap();
            engine.act("up 61 5").unwrap();
            engine.act("show").unwrap();
            let (_, events) = more(&mut engine, 3);
            for event in events {
                if let Said::Note(_, seconds, _) = event.said {
                    assert!((0.0..=60.0).contains(&seconds), "{seconds}");
                }
            }
        }
    }
    // A key that nobody lets go of ends by itself, and hundreds are no trouble.
    for key in 0..3000 {
        engine.act(&format!("down {} {}", key % 128, 1e9)).unwrap();
    }
    more(&mut engine, 20);
    assert!(engine.midi(u64::MAX).is_ok() && engine.wav(u64::MAX).is_ok());
}

#[test]
fn what_the_page_let_sound_is_in_the_recording() {
    let mut engine = duet(&[("beat", 1.0)]);
    more(&mut engine, 1);
    engine.act("down 69 0.2").unwrap();
    engine.act("up 69 0.5").unwrap();
    more(&mut engine, 1);
    let sound = aeolian::sound::wav::decode(&engine.wav(2 * 44_100).unwrap()).unwrap();
    let level = |from: f64, to: f64| sound.part(from, to).peak();
    assert!(level(0.0, 0.19) < 1e-3 && level(0.2, 0.4) > 0.05);
    let hertz = aeolian::sound::fundamental(&sound.part(0.22, 0.5)).unwrap();
    assert!(aeolian::sound::cents(440.0, hertz).abs() < 10.0, "{hertz}");
}
