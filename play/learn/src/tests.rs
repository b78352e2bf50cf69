//! What readers drop, learned natively: the module does the same, as tests/panels.py shows.

use super::*;
use aeolian::markov::hidden::{Harmoniser, PseudoCounts};
use aeolian::music::{abc, midi};
use std::fs;

/// The tunes of the book, with what nobody can learn from.
fn dropped(learning: &mut Learning) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/tunes");
    let mut tunes = 0;
    for file in ["waltzes.abc", "lullabies-and-nursery-songs.abc"] {
        let path = folder.join(file);
        let bytes = fs::read(&path).unwrap_or_else(|_| panic!("{}", path.display()));
        for (number, (score, _)) in abc::decode(&bytes).unwrap().into_iter().take(20).enumerate() {
            learning.file(
                &format!("mine/{number}-{file}.mid"),
                &midi::encode(&score).unwrap(),
            );
            tunes += 1;
        }
    }
    assert!(tunes > 30);
    learning.file("mine/broken.mid", b"MThd\0\0\0\x06");
    learning.file("mine/empty.abc", b"");
    learning.file("mine/picture.png", b"\x89PNG\r\n");
    learning.file("mine/words.txt", b"no music");
}

fn chords() -> Vec<u8> {
    let lesson = abc::decode(b"X:1\nT:t\nM:3/4\nL:1/4\nK:C\n[CEGc]3|[G,B,Dg]3|[CEGc]3|").unwrap();
    let scores: Vec<_> = lesson.into_iter().map(|tune| tune.0).collect();
    let taught = Harmoniser::learn(&scores, &PseudoCounts::default()).unwrap();
    serde_json::to_vec(&(taught.saved(), "")).unwrap()
}

/// Goes on to the end, or for so many steps. Gives what was told last, and which panels were to play.
fn learned(learning: &mut Learning, most: u32) -> (Told, Vec<&'static str>) {
    let mut plays = Vec::new();
    for _ in 0..most {
        let told = learning.go_on(1).unwrap();
        plays.extend(told.plays);
        if !told.goes_on {
            return (told, plays);
        }
    }
    (learning.go_on(0).unwrap(), plays)
}

#[test]
fn what_was_read_and_skipped_is_told() {
    let mut learning = Learning::default();
    dropped(&mut learning);
    let report = learning.begin("tune", b"", 1);
    assert_eq!((report.wrong, report.plays), (None, Some("tune")));
    assert!(report.about.contains("pieces"), "{}", report.about);
    assert_eq!(report.skipped.len(), 4, "{:?}", report.skipped);
    for (line, why) in report
        .skipped
        .iter()
        .zip(["broken.mid", "empty.abc", "PNG", "plain text"])
    {
        assert!(line.contains(why), "{line}");
    }
    assert!(report.notes.iter().any(|note| note.starts_with("To learn from:")));
}

#[test]
fn nothing_to_learn_from_is_said() {
    let mut learning = Learning::default();
    assert!(
        learning
            .begin("tune", b"", 1)
            .wrong
            .unwrap()
            .contains("no music among 0 files")
    );
    learning.file("a.png", b"\x89PNG");
    assert!(learning.begin("endless", b"", 1).wrong.unwrap().contains("a.png"));
    learning.file("a.txt", b"too short");
    assert!(learning.begin("blues", b"", 1).wrong.unwrap().contains("too few"));
    learning.file("a.txt", "words ".repeat(200).as_bytes());
    assert!(
        learning
            .begin("chords", b"", 1)
            .wrong
            .unwrap()
            .contains("plain text")
    );
    assert!(!learning.go_on(1).unwrap().goes_on && learning.weights().is_err());
}

#[test]
fn chains_are_measured_as_in_the_listing() {
    let mut learning = Learning::default();
    dropped(&mut learning);
    learning.begin("tune", b"", 1);
    let tunes = abc::decode(learning.model()).unwrap();
    assert!(tunes.len() > 20);
    let (told, _) = learned(&mut learning, 100);
    assert_eq!((told.figures.len(), told.done, told.of), (8, 8, 8));
    let bits: Vec<f64> = told
        .figures
        .iter()
        .map(|(_, bits)| bits.parse().unwrap())
        .collect();
    assert!(bits[1] < bits[0] && bits[7] < bits[1], "{bits:?}");
}

#[test]
fn hidden_states_need_fewer_bits_from_round_to_round_and_write_tunes() {
    let mut learning = Learning::default();
    dropped(&mut learning);
    let report = learning.begin("chords", &chords(), 1);
    assert_eq!((report.wrong, report.plays), (None, Some("chords")));
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("chords of the book")),
        "{:?}",
        report.notes
    );
    let (told, plays) = learned(&mut learning, 5 * 32);
    assert!(plays.len() >= 4, "{plays:?}");
    assert!(told.curve[3].0 < told.curve[0].0 - 0.2, "{:?}", told.curve);
    let (_, tune): (serde_json::Value, String) = serde_json::from_slice(learning.model()).unwrap();
    assert!(tune.contains("hidden states, round"), "{tune}");
}

#[test]
fn a_network_learns_melodies_and_its_file_is_opened_by_the_library() {
    use aeolian::nn::{Learner, Saved, annotation};
    let mut learning = Learning::default();
    dropped(&mut learning);
    assert_eq!(learning.begin("blues", b"", 1).plays, Some("endless"));
    let (told, plays) = learned(&mut learning, 60);
    assert!(
        told.goes_on && told.bits.unwrap() < 4.5 && plays.len() == 2,
        "{told:?}"
    );
    let file = learning.weights().unwrap();
    let model = aeolian::recurrent::SequenceModel::from_bytes(&file).unwrap();
    let alphabet: aeolian::music::Alphabet = annotation(&file, "alphabet").unwrap().unwrap().parse().unwrap();
    assert_eq!(model.shape().alphabet, alphabet.len());
    assert!(model.player().is_ok());
    assert_eq!(open(&file, 1).unwrap().plays, Some("endless"));
    assert!(open(b"MThd", 1).is_err());
}

#[test]
fn a_text_teaches_words_or_letters() {
    let text = "The wind blew, and the chimes rang in the wind, and the rain came.\n".repeat(40);
    let mut learning = Learning::default();
    learning.file("a.txt", text.as_bytes());
    assert_eq!(learning.begin("tune", b"", 1).wrong, None);
    let (told, _) = learned(&mut learning, 10);
    assert_eq!(told.figures.len(), 5);
    learning.file("a.txt", text.as_bytes());
    let report = learning.begin("blues", b"", 1);
    assert_eq!(
        (report.about.as_str(), report.skipped.len(), report.plays),
        ("a text of 2680 letters", 0, None)
    );
    let (told, _) = learned(&mut learning, 60);
    assert!(told.bits.unwrap() < 4.0 && !told.text.is_empty(), "{told:?}");
    let file = learning.weights().unwrap();
    assert!(open(&file, 1).unwrap().at.contains("letters"));
}
