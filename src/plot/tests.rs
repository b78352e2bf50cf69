//! What holds for every figure.

use super::*;
use crate::music::{Metre, Note, Pitch, Score};
use crate::sound::Sound;
use ndarray::{Array2, array};
use roxmltree::{Document, Node};
use std::f64::consts::TAU;

/// How many marks of data a figure has: the children of its groups of class `data`, and its pictures.
pub(super) fn marks(figure: &Figure) -> usize {
    let document = Document::parse(figure.svg()).unwrap();
    let data = |node: Node| node.attribute("class") == Some("data");
    let groups = document.descendants().filter(|node| data(*node));
    groups
        .map(|node| node.children().filter(Node::is_element).count().max(1))
        .sum()
}

/// Every text that a figure shows.
pub(super) fn texts(figure: &Figure) -> Vec<String> {
    let document = Document::parse(figure.svg()).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.map(|node| node.text().unwrap_or("").to_string()).collect()
}

pub(super) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

pub(super) fn note(onset: u32, duration: u32, midi: i32, velocity: u8) -> Note {
    Note {
        velocity,
        ..Note::new(onset, duration, Pitch::new(midi).unwrap())
    }
}

fn bell(frames: usize, pitch: f64) -> Vec<f32> {
    let wave = |i| {
        let t = i as f64 / 44_100.0;
        let partials = [(1.0, 0.5), (2.756, 0.25), (5.404, 0.12)];
        let sum: f64 = partials
            .iter()
            .map(|(ratio, size)| size * (t * pitch * ratio * TAU).sin() * (-t * 1.5 * ratio).exp())
            .sum();
        sum as f32
    };
    (0..frames).map(wave).collect()
}

/// A score of so many voices.
fn score(voices: i32) -> Score {
    let mut score = Score::new("canon", 4).with_tempo(100.0).with_metre(3, 4);
    score.pickup = 4;
    let tune = [0, 2, 4, 5, 7, 7, 9, 9, 7, 4, 5, 2, 0];
    for voice in 0..voices {
        let at = |i: usize| {
            note(
                (i as u32 + 2 * voice as u32) * 4,
                3 + (i as u32 % 2),
                72 + tune[i] - 9 * voice,
                (40 + 7 * i) as u8,
            )
        };
        let name = ["flute", "violin", "viola", "cello", "bass & drum"][voice as usize % 5];
        score = score.with_voice(name, 0, (0..tune.len()).map(at).collect());
    }
    score
}

/// Plucked notes, one after the other.
fn pluckings() -> Sound {
    let notes = [220.0, 277.2, 329.6, 440.0, 554.4, 659.3, 440.0, 220.0];
    Sound::from_wave(44_100, 4.0, |t| {
        let (hertz, since) = (notes[(t * 2.0) as usize % 8], t % 0.5);
        let partial = |n: u32| {
            (TAU * hertz * f64::from(n) * t).sin() * (-2.0 * f64::from(n) * since).exp() / f64::from(n)
        };
        (1..12).map(partial).sum::<f64>() * 0.3
    })
}

/// A tone whose frequency rises evenly from 0 to 40 kHz: above half the sample rate it comes down again.
fn sweep() -> Sound {
    Sound::from_wave(44_100, 4.0, |t| 0.5 * (TAU * 5_000.0 * t * t).sin())
}

/// One of each figure, and of each of its looks.
fn gallery() -> Vec<(&'static str, Figure)> {
    let seven = names(&["C", "D", "E", "F", "G", "A", "B"]);
    let weather = names(&["sunny", "cloudy", "rainy"]);
    let chain = array![[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.2, 0.45, 0.35]];
    let twelve = Array2::from_shape_fn((12, 12), |(i, j)| {
        if (i * 5 + j * 3) % 7 < 2 {
            0.25 + 0.1 * ((i + j) % 4) as f64
        } else {
            0.0
        }
    });
    let eight = Array2::from_shape_fn((7, 7), |(i, j)| {
        if (i * 5 + j * 3) % 7 < 3 {
            0.1 + 0.2 * ((i + j) % 4) as f64
        } else {
            0.0
        }
    });
    let melodies = [
        Series::new("dice, the truth", (0..9).map(|k| (f64::from(k), 2.0))),
        Series::new(
            "chain of order k",
            (0..9).map(|k| (f64::from(k), 4.5 * 0.8f64.powi(k) + 0.1 * f64::from(k))),
        ),
        Series::new(
            "variable order",
            (0..9).map(|k| (f64::from(k), 3.9 * 0.85f64.powi(k))),
        ),
        Series::new("LSTM", (0..9).map(|k| (f64::from(k), 3.0 * 0.9f64.powi(k)))),
    ];
    let loss = |speed: f64, seed: u64| {
        (0..5000).map(move |i| {
            let noise = ((i * 7919 + seed) % 1009) as f64 / 1009.0 - 0.5;
            (
                i as f64 * 10.0,
                5.0 * (-(i as f64) * speed).exp() + 0.4 + 0.3 * noise,
            )
        })
    };
    let cloud = |n: u64, x: f64| {
        (0..n).map(move |i| {
            (
                x + ((i * 37) % 23) as f64 / 11.0 + ((i * 91) % 17) as f64 / 9.0,
                ((i * 53) % 29) as f64 / 8.0 + x / 2.0,
            )
        })
    };
    let two_dice: Vec<f64> = (2..=12)
        .map(|sum: i32| f64::from(6 - (7 - sum).abs()) / 36.0)
        .collect();
    vec![
        (
            "waveform-stems",
            waveform("A sine, sample by sample", &Sound::sine(440.0, 0.8, 0.003)),
        ),
        (
            "waveform-line",
            waveform(
                "Ten milliseconds of a bell",
                &Sound::mono(44_100, bell(2400, 440.0)),
            ),
        ),
        (
            "waveform-long",
            waveform(
                "A bell rings for four seconds",
                &Sound::mono(44_100, bell(176_400, 440.0)),
            ),
        ),
        (
            "waveform-stereo",
            waveform(
                "A bell to the left, a bell to the right",
                &Sound::stereo(44_100, bell(176_400, 440.0), bell(100_000, 300.0)),
            ),
        ),
        (
            "spectrum",
            spectrum::tests::bell_spectrum("A bell's partials: 1 : 2.756 : 5.404"),
        ),
        ("spectrogram", spectrogram("Eight plucked notes", &pluckings())),
        (
            "spectrogram-linear",
            spectrogram_linear("A rising tone comes down again", &sweep()),
        ),
        ("roll-one-voice", piano_roll("A tune with an upbeat", &score(1))),
        (
            "roll-five-voices",
            piano_roll(
                "Canon for five, with a title so long that it has to be broken into two lines & <escaped>",
                &score(5),
            ),
        ),
        (
            "roll-one-note",
            piano_roll(
                "One note",
                &Score::new("", 4).with_voice("", 0, vec![note(0, 4, 60, 80)]),
            ),
        ),
        (
            "roll-many",
            piano_roll(
                "Ten thousand notes",
                &Score::new("", 4).with_metre(4, 4).with_voice(
                    "",
                    0,
                    (0..10_000)
                        .map(|i| {
                            note(
                                i,
                                2 + i % 5,
                                30 + ((i as i32 * 37) % 60 + (i as i32 / 40) % 17),
                                (i % 127) as u8,
                            )
                        })
                        .collect(),
                ),
            ),
        ),
        ("roll-empty", piano_roll("No note", &Score::new("", 4))),
        (
            "curves",
            curves(
                "What a longer memory is worth",
                ("order", "bits per symbol"),
                &melodies,
            ),
        ),
        (
            "curves-log",
            log_curves(
                "What is left of a nudge",
                ("lag (steps)", "norm"),
                &[
                    Series::new(
                        "plain",
                        (0..=100).map(|i| (f64::from(i), 10f64.powf(-0.31 * f64::from(i)))),
                    ),
                    Series::new(
                        "LSTM",
                        (0..=100).map(|i| (f64::from(i), 10f64.powf(-0.06 * f64::from(i)))),
                    ),
                ],
            ),
        ),
        (
            "curves-long",
            curves(
                "Training",
                ("step", "loss (nats)"),
                &[
                    Series::new("training", loss(0.002, 3)),
                    Series::new("validation", loss(0.001, 71)),
                ],
            ),
        ),
        (
            "scatter",
            scatter(
                "Latent space",
                ("first dimension", "second dimension"),
                &[
                    Series::new("flute", cloud(60, 0.0)),
                    Series::new("organ", cloud(60, 2.0)),
                    Series::new("guitar", cloud(60, 4.0)),
                ],
            ),
        ),
        (
            "bars",
            bars(
                "Two dice",
                ("sum", "probability"),
                &(2..=12).map(|i| i.to_string()).collect::<Vec<_>>(),
                &[("", two_dice)],
            ),
        ),
        (
            "bars-groups",
            bars(
                "Pitch classes",
                ("pitch class", "share (%)"),
                &seven,
                &[
                    ("training", vec![20.0, 12.0, 18.0, 8.0, 22.0, 12.0, 8.0]),
                    ("sampled", vec![18.0, 14.0, 16.0, 9.0, 20.0, 14.0, 9.0]),
                    ("dice", vec![14.3; 7]),
                ],
            ),
        ),
        (
            "bars-lying",
            bars(
                "Long names",
                ("model", "bits"),
                &names(&[
                    "dice",
                    "first-order chain",
                    "variable order",
                    "hidden Markov model",
                    "recurrent network",
                    "LSTM",
                    "WaveNet",
                    "transformer",
                ]),
                &[("", vec![4.0, 3.1, 2.8, 2.9, 2.5, 2.2, 2.1, -1.0])],
            ),
        ),
        (
            "heatmap",
            heatmap("Weather", ("tomorrow", "today"), &weather, &weather, &chain),
        ),
        (
            "heatmap-12",
            heatmap(
                "Transitions between pitches",
                ("next", "now"),
                &names(&["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"]),
                &names(&["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"]),
                &twelve,
            ),
        ),
        (
            "heatmap-large",
            heatmap(
                "Weights",
                ("input", "unit"),
                &[],
                &[],
                &Array2::from_shape_fn((64, 128), |(i, j)| {
                    (i as f64 / 9.0).sin() * (j as f64 / 13.0).cos()
                }),
            ),
        ),
        (
            "heatmap-strips",
            heatmap_with_strips(
                "Forget gates: 1 keeps, 0 drops",
                ("step (eighths)", "unit"),
                &names(&["37", "5", "60", "12"]),
                &Array2::from_shape_fn((4, 192), |(i, j)| {
                    1.0 / (1.0 + ((j * (i + 1)) as f64 / 9.0).sin().exp())
                }),
                &[
                    Strip::new("bar", (0..24).map(|bar| (8 * bar, (bar + 1).to_string()))),
                    Strip::new(
                        "chord",
                        (0..24)
                            .map(|bar| (8 * bar, ["I", "IV", "I", "V", "IV", "I"][bar / 2 % 6].to_string())),
                    ),
                ],
            ),
        ),
        (
            "trellis",
            trellis(
                "Weather behind a curtain",
                &weather,
                &names(&["silent", "some", "many", "some"]),
                &array![[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.0, 0.3, 0.7], [0.1, 0.5, 0.4]],
                &[0, 1, 2, 1],
            ),
        ),
        ("graph-3", graph("Weather", &weather, &chain)),
        (
            "graph-2",
            graph(
                "Fair and loaded",
                &names(&["fair", "loaded"]),
                &array![[0.95, 0.05], [0.1, 0.9]],
            ),
        ),
        (
            "graph-5",
            graph(
                "Five",
                &names(&["I", "ii", "IV", "V", "vi"]),
                &Array2::from_shape_fn((5, 5), |(i, j)| 0.05 + 0.06 * ((i * 3 + j * 2) % 5) as f64),
            ),
        ),
        ("graph-7", graph("Seven degrees", &seven, &eight)),
        (
            "graph-12",
            graph(
                "Twelve pitch classes",
                &names(&["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"]),
                &twelve,
            ),
        ),
        (
            "graph-long-names",
            graph(
                "Long names",
                &names(&["thunderstorm", "light drizzle", "glorious sunshine", "fog"]),
                &Array2::from_shape_fn((4, 4), |(i, j)| if i == j { 0.4 } else { 0.2 }),
            ),
        ),
    ]
}

#[test]
fn every_figure_is_sound_svg_without_a_size_of_its_own() {
    for (name, figure) in gallery() {
        let document = Document::parse(figure.svg()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        assert!(root.has_tag_name(("http://www.w3.org/2000/svg", "svg")), "{name}");
        assert!(
            root.attribute("viewBox")
                .is_some_and(|size| size.starts_with("0 0 640 ")),
            "{name}"
        );
        assert!(
            root.attribute("width").is_none() && root.attribute("height").is_none(),
            "{name}"
        );
        let title = root.children().find(|node| node.has_tag_name("title")).unwrap();
        let shown = texts(&figure).join(" ");
        assert!(shown.starts_with(title.text().unwrap()), "{name} shows its title");
        assert!(
            !figure.svg().contains("id=\"") && !figure.svg().contains("\n\n"),
            "{name}"
        );
    }
}

#[test]
fn every_mark_and_word_has_an_ink_and_no_colour_of_plotters_is_left() {
    for (name, figure) in gallery() {
        let document = Document::parse(figure.svg()).unwrap();
        for node in document.descendants().filter(|node| node.is_element()) {
            let drawn = matches!(
                node.tag_name().name(),
                "text" | "line" | "polyline" | "polygon" | "circle"
            );
            let inked = node
                .parent_element()
                .is_some_and(|group| group.has_tag_name("g") && !group.has_attribute("transform"));
            assert!(!drawn || inked, "{name}: {}", node.tag_name().name());
            assert!(
                !drawn || node.attribute("fill").is_none() && node.attribute("stroke").is_none(),
                "{name}"
            );
            if node.has_tag_name("text") {
                let size: f64 = node
                    .parent_element()
                    .unwrap()
                    .attribute("font-size")
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!(size >= 150.0, "{name}: type of {size} tenths");
            }
        }
    }
}

#[test]
fn no_figure_is_too_large_for_a_page() {
    for (name, figure) in gallery() {
        let most = if name == "roll-many" { 700_000 } else { 60_000 };
        assert!(figure.svg().len() < most, "{name}: {} bytes", figure.svg().len());
    }
}

#[test]
fn titles_and_labels_are_escaped_and_cleaned() {
    let wild = "<b> & \"q\" 'a' \u{1}\n]]>";
    let figure = curves(wild, (wild, wild), &[Series::new(wild, [(0.0, 1.0), (1.0, 2.0)])]);
    assert_eq!(
        texts(&figure)
            .iter()
            .filter(|text| text.contains("<b> & \"q\" 'a'"))
            .count(),
        4
    );
}

#[test]
fn degenerate_data_give_a_figure_all_the_same() {
    let strange = [
        0.0,
        -0.0,
        1.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        5e-324,
        1e300,
        -1e16,
    ];
    let long = "a very long label that fits nowhere at all ".repeat(20);
    let mut figures = vec![
        curves("", ("", ""), &[]),
        scatter("", ("", ""), &[Series::new("", [])]),
        bars("", ("", ""), &[], &[]),
        bars(
            "",
            ("", ""),
            &names(&["a"]),
            &[("one", vec![]), ("two", vec![1.0, 2.0, 3.0])],
        ),
        heatmap("", ("", ""), &[], &[], &Array2::zeros((0, 0))),
        heatmap(
            "",
            ("", ""),
            &names(&["a"; 50]),
            &names(&["b"; 50]),
            &Array2::zeros((2, 0)),
        ),
        heatmap(
            &long,
            (&long, &long),
            &vec![long.clone(); 3],
            &vec![long.clone(); 900],
            &Array2::zeros((3, 900)),
        ),
        heatmap_with_strips(
            &long,
            (&long, &long),
            &[],
            &Array2::zeros((3, 900)),
            &[Strip::new(&long, [(0, long.clone()), (5, String::new())])],
        ),
        log_curves("", ("", ""), &[Series::new("", [])]),
        trellis("", &[], &[], &Array2::zeros((0, 0)), &[]),
        trellis(
            &long,
            &vec![long.clone(); 60],
            &vec![long.clone(); 60],
            &Array2::from_elem((60, 60), f64::NAN),
            &[usize::MAX; 60],
        ),
        graph("", &[], &Array2::zeros((0, 0))),
        graph("", &names(&["a", "b"]), &Array2::ones((50, 3))),
        graph(
            &long,
            &vec![long.clone(); 60],
            &Array2::from_elem((2, 2), f64::NAN),
        ),
        waveform("", &Sound::mono(1, vec![])),
        waveform("", &Sound::stereo(1, vec![], vec![])),
        waveform(
            "",
            &Sound::stereo(u32::MAX, vec![f32::NAN; 5], vec![f32::MAX, f32::INFINITY]),
        ),
        waveform("", &Sound::mono(44_100, vec![f32::NAN; 5000])),
        spectrum("", &Sound::mono(44_100, vec![])),
        spectrogram("", &Sound::mono(44_100, vec![])),
        spectrogram_linear("", &Sound::mono(1, vec![])),
        spectrum("", &Sound::mono(1, vec![0.5])),
        spectrum("", &Sound::mono(44_100, vec![f32::NAN; 300])),
        spectrum("", &Sound::mono(44_100, vec![f32::MAX; 300])),
        spectrogram("", &Sound::mono(44_100, vec![0.5])),
        spectrogram("", &Sound::mono(44_100, vec![f32::NAN; 3000])),
        spectrogram("silence", &Sound::mono(8000, vec![0.0; 3000])),
        spectrogram_linear("", &Sound::mono(u32::MAX, vec![1.0; 30])),
    ];
    let mut score = Score::new("", u32::MAX).with_metre(255, 1).with_voice(
        "",
        0,
        vec![note(u32::MAX, u32::MAX, 127, 0), note(0, 0, 0, 255)],
    );
    score
        .metres
        .splice(0..0, (0..500).map(|i| (i * 7, Metre { beats: 0, unit: 0 })));
    figures.push(piano_roll("", &score));
    for &a in &strange {
        for &b in &strange {
            let series = [Series::new(&long, [(a, b), (b, a), (a, a)])];
            figures.push(curves("", ("x", "y"), &series));
            figures.push(log_curves("", ("x", "y"), &series));
            figures.push(scatter("", ("x", "y"), &series));
            figures.push(bars(
                "",
                ("x", "y"),
                &vec![long.clone(); 2],
                &[(&long, vec![a, b]), ("", vec![b])],
            ));
            figures.push(heatmap("", ("x", "y"), &[], &[], &array![[a, b], [b, a]]));
            figures.push(graph("", &[], &array![[a, b], [b, a]]));
        }
    }
    for figure in figures {
        Document::parse(figure.svg()).unwrap();
        assert!(!figure.svg().contains("NaN") && !figure.svg().contains("inf,"));
    }
}
