use super::*;
use crate::music::{Metre, Pitch, Step};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A score of one voice, of notes (onset, duration) on a rising scale.
fn score(resolution: u32, notes: &[(u32, u32)]) -> Score {
    let pitch = |place: usize| Pitch::new(60 + place as i32 % 24).unwrap();
    let note = |(place, &(onset, duration))| Note::new(onset, duration, pitch(place));
    let notes = notes.iter().enumerate().map(note).collect();
    Score::new("scale", resolution)
        .with_metre(4, 4)
        .with_voice("", 0, notes)
}

/// Beats of one to four notes, triplets and sixteenths side by side, in parts of a beat of 24.
const BEATS: [&[u32]; 8] = [
    &[0],
    &[0, 12],
    &[0, 8, 16],
    &[0, 6, 12, 18],
    &[0, 18],
    &[0, 6, 12],
    &[0, 16],
    &[0],
];

fn onsets_of(beats: usize) -> Vec<u32> {
    let beat = |beat: usize| BEATS[beat % 8].iter().map(move |part| 24 * beat as u32 + part);
    (0..beats).flat_map(beat).collect()
}

/// The same onsets played at so many seconds a beat, each up to so many seconds off, recorded at 120 a minute.
fn played(onsets: &[u32], start: f64, beat: f64, off: f64, resolution: u32) -> Score {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut tick = |onset: u32| {
        let second = start + beat * f64::from(onset) / 24.0 + rng.random_range(-off..off);
        (second.max(0.0) * 2.0 * f64::from(resolution)).round() as u32
    };
    let ticks: Vec<u32> = onsets.iter().map(|&onset| tick(onset)).collect();
    let mut notes: Vec<(u32, u32)> = ticks
        .windows(2)
        .map(|pair| (pair[0], (pair[1] - pair[0]) * 9 / 10))
        .collect();
    notes.extend(ticks.last().map(|&last| (last, resolution / 2)));
    score(resolution, &notes).with_tempo(120.0)
}

fn found(score: &Score) -> OnGrid {
    on_grid(score, None).expect("not written")
}

#[test]
fn what_is_written_stays_as_it_is() {
    let onsets = onsets_of(32);
    for resolution in [24u32, 96, 120, 480, 960] {
        let notes: Vec<(u32, u32)> = onsets
            .iter()
            .map(|onset| (onset * resolution / 24, resolution / 5)) // played short, as notation programs do
            .collect();
        assert_eq!(on_grid(&score(resolution, &notes), None), None, "{resolution}");
    }
    // A swing that no simple part has, and a file that begins a little late: a machine plays the same places again and again.
    let swung: Vec<(u32, u32)> = (0..64)
        .map(|eighth| (10 + eighth / 2 * 480 + eighth % 2 * 291, 150))
        .collect();
    assert!(is_written(&score(480, &swung)));
    assert!(is_written(&score(480, &[(1, 7), (123, 5)])), "too little to tell");
    assert!(is_written(&Score::new("", 480)));
}

#[test]
fn triplets_and_sixteenths_are_found_side_by_side() {
    let onsets = onsets_of(64);
    // To the recorder's beat, half a second each, and without it at other tempi.
    for (start, beat, own_beat) in [
        (0.0, 0.5, true),
        (0.7, 0.61, false),
        (1.3, 0.47, false),
        (0.2, 0.83, false),
    ] {
        let found = found(&played(&onsets, start, beat, 0.012, 480));
        assert_eq!(found.own_beat, own_beat, "{beat}");
        let notes = &found.score.voices[0].notes;
        let steps: Vec<u32> = notes
            .windows(2)
            .map(|pair| pair[1].onset - pair[0].onset)
            .collect();
        let asked: Vec<u32> = onsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let right = steps.iter().zip(&asked).filter(|pair| pair.0 == pair.1).count();
        assert!(
            right * 100 >= 97 * asked.len(),
            "{beat}: {right} of {}",
            asked.len()
        );
        assert!(
            notes.windows(2).all(|pair| pair[0].end() == pair[1].onset),
            "no gaps"
        );
        assert!((0.001..0.012).contains(&found.moved), "{}", found.moved);
        let tempo = found.score.tempi[0].1.seconds_per_quarter();
        assert!((tempo / beat - 1.0).abs() < 0.02, "{tempo} for {beat}");
        assert_eq!(found.score.metres.is_empty(), !own_beat, "its bars are not known");
    }
}

#[test]
fn notes_of_a_chord_stay_together_and_rests_stay_rests() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut notes = Vec::new();
    for beat in 0..40 {
        for key in 0..3 {
            let onset = 500 + beat * 590 + rng.random_range(0..20);
            let duration = if beat % 4 == 3 { 20 } else { 520 };
            notes.push(Note::new(onset, duration, Pitch::new(60 + 4 * key).unwrap()));
        }
    }
    let found = found(&Score::new("", 480).with_voice("", 0, notes)).score;
    let onsets = super::onsets(&found);
    assert_eq!(onsets.len(), 40);
    assert!(
        onsets
            .windows(2)
            .all(|pair| pair[1] - pair[0] == found.resolution),
        "{onsets:?}"
    );
    let rests = found
        .melody()
        .steps
        .iter()
        .filter(|step| step.pitch.is_none())
        .count();
    assert_eq!(
        rests, 9,
        "after each fourth chord but the last, not between the others"
    );
}

#[test]
fn a_long_silence_does_not_cost_what_came_before() {
    let onsets = onsets_of(24);
    let mut two: Vec<u32> = onsets.clone();
    two.extend(onsets.iter().map(|onset| onset + 24 * 24 + 24 * 40));
    let found = found(&played(&two, 0.4, 0.55, 0.008, 480)).score;
    let step = |score: &Score, place: usize| {
        let notes = &score.voices[0].notes;
        notes[place + 1].onset - notes[place].onset
    };
    let wrong =
        (0..onsets.len() - 1).filter(|&place| step(&found, place) != onsets[place + 1] - onsets[place]);
    assert!(wrong.count() <= 1);
}

#[test]
fn steps_that_are_asked_for_are_of_the_files_own_beat() {
    let free = played(&onsets_of(16), 0.3, 0.61, 0.01, 480);
    let four = on_grid(&free, Some(4)).unwrap();
    assert!(four.own_beat && four.score.resolution == 4);
    assert_eq!(four.score.metres, [(0, Metre { beats: 4, unit: 4 })]);
    assert_eq!(on_grid(&four.score, Some(4)), None, "it lies there now");
    let written = score(480, &[(0, 200), (240, 100), (480, 480)]);
    assert_eq!(on_grid(&written, Some(2)), None);
    let whole = on_grid(&written, Some(1)).unwrap().score;
    assert!(
        whole
            .melody()
            .steps
            .contains(&Step::note(Pitch::new(62).unwrap(), 1))
    );
}

#[test]
fn a_corpus_says_what_it_moved() {
    let piece = |score| crate::music::Piece {
        file: "a.mid".into(),
        part: crate::music::Part::Train,
        score,
    };
    let mut corpus = Corpus {
        pieces: vec![
            piece(score(480, &[(0, 480), (480, 480)])),
            piece(played(&onsets_of(16), 0.3, 0.61, 0.01, 480)),
        ],
        ..Corpus::default()
    };
    let said = corpus.on_grid(None).unwrap();
    assert!(
        said.starts_with("1 of 2 pieces") && said.contains("In 1 of them"),
        "{said}"
    );
    assert_eq!(corpus.on_grid(None), None);
    let said = corpus.on_grid(Some(5)).unwrap();
    assert!(said.starts_with("1 of 2 pieces were moved to 5 steps"), "{said}");
}
