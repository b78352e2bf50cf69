//! 14 Bigger than a laptop: what grows how, a prediction, what it costs, and music as shards for other machines.

// ANCHOR: imports
use aeolian::markov::Chain;
use aeolian::markov::hidden::{
    HiddenMarkov, PseudoCounts, Symbols, Training as BaumWelch,
};
use aeolian::music::{Alphabet, Corpus, Melody, Part};
use aeolian::nn::{
    History, Learner, Saved, Training, annotated, annotation, surprise, train,
};
use aeolian::page::{Page, Show, Table, house};
use aeolian::plot::{self, Series};
use aeolian::predict::{Sampling, TakingTurns, generate};
use aeolian::recurrent::{Architecture, SequenceModel};
use aeolian::shards::{Index, Notes, export_notes};
use aeolian::sound::{mu_law, perform};
use aeolian::wavenet::{Moment, NetShape, WaveNet, WaveNetShape};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use std::collections::HashSet;
use std::time::Instant;
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: tunes
    let mut page = Page::open("14-bigger")?;
    let mut rng = page.rng(2020);

    /// Enough tunes to cut them into 32 slices.
    fn enough(music: &Corpus) -> aeolian::Result<Corpus> {
        let corpus = music.clone().divided(None)?;
        match corpus.part(Part::Train).count() {
            64.. => Ok(corpus),
            few => Err(aeolian::Error::value(
                format!(
                    "With {few} of its pieces to learn from, this music is too little for slices"
                ),
                "Give a folder of at least eighty pieces",
            )),
        }
    }
    let own = page.own("tunes", "the book's tunes", enough)?;
    let (corpus, path) = match own {
        Some(corpus) => (corpus, page.tunes_path()),
        None => (page.book_tunes()?.divided(None)?, house().join("data/tunes")),
    };
    let split = corpus.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let mut tunes: Vec<Melody> = split.train.clone();
    tunes.shuffle(&mut rng);

    /// Symbols of melodies, in all keys that the alphabet knows.
    fn in_keys(alphabet: &Alphabet, tunes: &[Melody]) -> Vec<Vec<usize>> {
        let tunes = alphabet.in_keys(tunes, -6..=5);
        tunes.iter().map(|tune| alphabet.encode(tune)).collect()
    }
    let all = in_keys(&alphabet, &tunes);
    let [valid, test] = [&split.valid, &split.test].map(|part| -> Vec<Vec<usize>> {
        part.iter().map(|tune| alphabet.encode(tune)).collect()
    });
    let budget = page.shortened(600_000);
    // ANCHOR_END: tunes

    // ANCHOR: learned
    /// An LSTM of so many units that has heard about so many symbols of these pieces,
    /// the same ones again and again if they are few, and how surprised it is at others.
    fn learned(
        units: usize,
        symbols: usize,
        pieces: &[Vec<usize>],
        [valid, test]: [&[Vec<usize>]; 2],
        alphabet: usize,
        seed: u64,
    ) -> aeolian::Result<(SequenceModel, History, f64)> {
        let embedding = (units / 2).clamp(8, 24);
        let size = Architecture { units, embedding, dropout: 0.2, ..Default::default() };
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut model = SequenceModel::new(alphabet, &size, &mut rng)?;
        let once: usize = pieces.iter().map(Vec::len).sum();
        let epochs = (symbols / once.max(1)).clamp(1, 60);
        let steps = (epochs * once / 400) as u64;
        let (warm_up, patience) = (steps.min(500) / 10, 4);
        let settings =
            Training { batch: 8, epochs, patience, warm_up, ..Training::default() };
        let settings = Training { rate: 0.01, seed, ..settings };
        let history = train(&mut model, pieces, valid, &settings, |_| {})?;
        let nats = surprise(&model, test, &settings)?;
        Ok((model, history, nats))
    }
    // ANCHOR_END: learned

    // ANCHOR: power-law
    /// The factor and the exponent of the power law nearest to these points:
    /// a straight line through their logarithms.
    fn power_law(points: &[(f64, f64)]) -> (f64, f64) {
        let n = points.len() as f64;
        let logs: Vec<(f64, f64)> =
            points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
        let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / n;
        let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / n;
        let both: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
        let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        let exponent = both / spread;
        ((mean_y - exponent * mean_x).exp(), exponent)
    }

    fn at((factor, exponent): (f64, f64), x: f64) -> f64 {
        factor * x.powf(exponent)
    }
    // ANCHOR_END: power-law

    // ANCHOR: slices
    // Nine places in the tunes, and from each of them a 32nd of all, a 20th, a 14th and a tenth.
    let mut slices: Vec<(usize, usize)> = vec![];
    for parts in [10, 14, 20, 32] {
        slices.extend((0..9).map(|number| (parts, number)));
    }
    let lost: Vec<(usize, f64)> = slices
        .par_iter()
        .with_max_len(1)
        .map(|&(parts, number)| {
            let from = number * tunes.len() / 9;
            let slice = in_keys(&alphabet, &tunes[from..from + tunes.len() / parts]);
            learned(32, budget, &slice, [&valid, &test], alphabet.len(), number as u64)
                .map(|(_, _, nats)| (parts, nats))
        })
        .collect::<aeolian::Result<_>>()?;
    let mut by_data: Vec<(f64, f64)> = vec![];
    for parts in [32, 20, 14, 10] {
        let of: Vec<f64> =
            lost.iter().filter(|run| run.0 == parts).map(|run| run.1).collect();
        let count = (tunes.len() / parts) as f64;
        by_data.push((count, of.iter().sum::<f64>() / of.len() as f64));
    }
    // ANCHOR_END: slices

    // ANCHOR: predicted
    let law = power_law(&by_data);
    let predicted = at(law, tunes.len() as f64);
    let text = format!("{predicted:.3}");
    page.show("predicted", &text.captioned("nats a symbol, predicted"))?;
    // ANCHOR_END: predicted

    // ANCHOR: predicted-range
    // As far as chance goes: what would it be if one of the four points were not there?
    let without: Vec<f64> = (0..by_data.len())
        .map(|left_out| {
            let mut points = by_data.clone();
            points.remove(left_out);
            at(power_law(&points), tunes.len() as f64)
        })
        .collect();
    let low = without.iter().copied().fold(f64::INFINITY, f64::min);
    let high = without.iter().copied().fold(0.0, f64::max);
    let range = format!("{low:.2} to {high:.2}");
    page.show("predicted-range", &range.captioned("without one of the four points"))?;
    // ANCHOR_END: predicted-range

    // ANCHOR: found
    let start = Instant::now();
    let (mut large, history, found) =
        learned(96, 3 * budget, &all, [&valid, &test], alphabet.len(), 1)?;
    let once: usize = all.iter().map(Vec::len).sum();
    let symbols_heard = (once * history.epochs.len()) as f64;
    let lstm_seconds = start.elapsed().as_secs_f64() / symbols_heard;
    let text = format!("{found:.3}");
    page.show("found", &text.captioned("nats a symbol, found"))?;
    // ANCHOR_END: found

    // ANCHOR: off
    let off = 100.0 * (predicted - found) / found;
    let text = match off < 0.0 {
        true => format!("{:.1} % too low", -off),
        false => format!("{off:.1} % too high"),
    };
    page.show("off", &text.captioned("how far the prediction was off"))?;
    // ANCHOR_END: off

    // ANCHOR: loss-by-data
    let mut line: Vec<(f64, f64)> =
        by_data.iter().map(|(x, _)| (*x, at(law, *x))).collect();
    line.push((tunes.len() as f64, predicted));
    let mut table = Table::new(&["tunes", "weights", "nats a symbol", "the law says"]);
    let weights = [32, 96].map(|units| {
        let embedding = (units / 2).clamp(8, 24);
        (alphabet.len() + 1) * embedding
            + (embedding + units + 1) * 4 * units
            + (units + 1) * alphabet.len()
    });
    let mut rows: Vec<(f64, usize, f64)> =
        by_data.iter().map(|(x, y)| (*x, weights[0], *y)).collect();
    rows.push((tunes.len() as f64, weights[1], found));
    for (count, weights, nats) in rows {
        let said = [nats, at(law, count)].map(|nats| format!("{nats:.3}"));
        table.row(&[&count, &weights, &said[0], &said[1]]);
    }
    let music = [
        Series::new("small nets, few tunes", by_data.clone()),
        Series::new("the power law", line),
        Series::new("the large run", [(tunes.len() as f64, found)]),
    ];
    let axes = ("tunes to learn from", "nats a symbol, unseen tunes");
    let figure = plot::log_log_curves("More music", axes, &music);
    page.show(
        "loss-by-data",
        &(figure, table)
            .captioned("Four points, a line through them, and the tenfold run"),
    )?;
    // ANCHOR_END: loss-by-data

    // ANCHOR: loss-by-size
    let sizes: Vec<(usize, f64)> = [4_usize, 8, 16, 32, 64]
        .par_iter()
        .with_max_len(1)
        .map(|units| {
            learned(*units, budget, &all, [&valid, &test], alphabet.len(), 1)
                .map(|(mut model, _, nats)| (weights_of(&mut model), nats))
        })
        .collect::<aeolian::Result<_>>()?;

    /// How many numbers a model learns.
    fn weights_of(model: &mut SequenceModel) -> usize {
        model.parameters().iter().map(|parameter| parameter.values.len()).sum()
    }
    let points: Vec<(f64, f64)> = sizes.iter().map(|(n, y)| (*n as f64, *y)).collect();
    let size_law = power_law(&points);
    let line: Vec<(f64, f64)> =
        points.iter().map(|(n, _)| (*n, at(size_law, *n))).collect();
    let mut table = Table::new(&["weights", "nats a symbol", "the law says"]);
    for (weights, nats) in &points {
        let said = [*nats, at(size_law, *weights)].map(|nats| format!("{nats:.3}"));
        table.row(&[weights, &said[0], &said[1]]);
    }
    let nets = [Series::new("found", points), Series::new("the power law", line)];
    let axes = ("weights", "nats a symbol, unseen tunes");
    let figure = plot::log_log_curves("More weights", axes, &nets);
    page.show(
        "loss-by-size",
        &(figure, table).captioned("All tunes, equally long, nets of 4 to 64 units"),
    )?;
    // ANCHOR_END: loss-by-size

    // ANCHOR: loss-by-time
    let times: Vec<(f64, f64)> = [1_usize, 2, 4, 8]
        .par_iter()
        .with_max_len(1)
        .map(|epochs| {
            let symbols = page.shortened(epochs * once);
            learned(32, symbols, &all, [&valid, &test], alphabet.len(), 1)
                .map(|(_, _, nats)| ((epochs * once) as f64, nats))
        })
        .collect::<aeolian::Result<_>>()?;
    let time_law = power_law(&times);
    let line: Vec<(f64, f64)> =
        times.iter().map(|(x, _)| (*x, at(time_law, *x))).collect();
    let mut table = Table::new(&["symbols heard", "nats a symbol", "the law says"]);
    for (symbols, nats) in &times {
        let said = [*nats, at(time_law, *symbols)].map(|nats| format!("{nats:.3}"));
        table.row(&[symbols, &said[0], &said[1]]);
    }
    let spans = [Series::new("found", times), Series::new("the power law", line)];
    let axes = ("symbols heard in training", "nats a symbol, unseen tunes");
    let figure = plot::log_log_curves("More time", axes, &spans);
    page.show(
        "loss-by-time",
        &(figure, table)
            .captioned("All tunes once, twice, four and eight times; 32 units"),
    )?;
    // ANCHOR_END: loss-by-time

    // ANCHOR: exponents
    let mut table =
        Table::new(&["ten times more", "exponent", "the loss is multiplied by"]);
    for (what, law) in [("music", law), ("weights", size_law), ("time", time_law)] {
        let (exponent, factor) =
            (format!("{:.3}", law.1), format!("{:.2}", at((1.0, law.1), 10.0)));
        table.row(&[&what, &exponent, &factor]);
    }
    page.show("exponents", &table.captioned("Three power laws"))?;
    // ANCHOR_END: exponents

    // ANCHOR: bends
    let last = history.epochs.last().copied().unwrap_or_default();
    let text = format!("{:.2} and {:.2}", last.0, last.1);
    page.show(
        "bends",
        &text.captioned("nats a symbol of the large run: its own tunes, others"),
    )?;
    // ANCHOR_END: bends

    // ANCHOR: cost-measured
    /// Nanoseconds a symbol.
    fn nanoseconds(start: Instant, symbols: usize) -> f64 {
        start.elapsed().as_nanos() as f64 / symbols.max(1) as f64
    }
    let some: Vec<Vec<usize>> = all.iter().take(60).cloned().collect();
    let symbols: usize = some.iter().map(Vec::len).sum();
    // The model, its numbers, and nanoseconds for each symbol that it learns from.
    let mut costs: Vec<(&str, f64, f64)> = vec![];
    for order in [1_usize, 2, 4, 6] {
        let start = Instant::now();
        Chain::trained(order, alphabet.len(), &some)?;
        let time = nanoseconds(start, symbols);
        let runs = some.iter().flat_map(|piece| piece.windows(order + 1));
        let different: HashSet<&[usize]> = runs.collect();
        costs.push(("chain", different.len() as f64, time));
    }
    for states in [8_usize, 16, 32, 64] {
        let emission = Symbols::from_music(states, alphabet.len(), &some, &mut rng)?;
        let mut hidden = HiddenMarkov::random(emission, &mut rng);
        let pseudo_counts =
            PseudoCounts { initial: 0.05, transition: 0.05, emission: 0.05 };
        let settings = BaumWelch { iterations: 1, tolerance: 0.0, pseudo_counts };
        let start = Instant::now();
        hidden.fit(&some, &settings, |_, _| {})?;
        let numbers = states * (states + alphabet.len() + 1);
        costs.push(("hidden states", numbers as f64, nanoseconds(start, symbols)));
    }
    for units in [16_usize, 32, 64, 128, 256] {
        let size = Architecture { units, embedding: 24, ..Architecture::default() };
        let mut model = SequenceModel::new(alphabet.len(), &size, &mut rng)?;
        let settings = Training { epochs: 1, ..Training::default() };
        let start = Instant::now();
        train(&mut model, &some, &[], &settings, |_| {})?;
        let time = nanoseconds(start, symbols);
        costs.push(("LSTM", weights_of(&mut model) as f64, time));
    }
    // ANCHOR_END: cost-measured

    // ANCHOR: cost
    let sound = perform(&tunes[0].score("a tune", 73))?.resampled(8000)?;
    let samples: Vec<Moment> = (sound.mono_samples().iter().take(8192))
        .map(|sample| Moment { code: mu_law::encode(*sample), ..Moment::default() })
        .collect();
    let pieces: Vec<Vec<Moment>> = samples.chunks(4096).map(<[Moment]>::to_vec).collect();
    let mut wavenet_seconds = 0.0;
    for channels in [8_usize, 16, 32, 64] {
        let net = NetShape {
            residual: channels,
            skip: 2 * channels,
            hidden: 2 * channels,
            ..NetShape::default()
        };
        let shape = WaveNetShape { net, conditioning: None };
        let mut model = WaveNet::new(&shape, &mut rng)?;
        let settings =
            Training { batch: 2, window: 4096, epochs: 1, ..Training::default() };
        let start = Instant::now();
        train(&mut model, &pieces, &[], &settings, |_| {})?;
        let time = nanoseconds(start, samples.len());
        if channels == 32 {
            wavenet_seconds = time * 1e-9;
        }
        let numbers = WaveNet::numbers(&shape).unwrap_or(0);
        costs.push(("WaveNet, a sample", numbers as f64, time));
    }
    let mut table =
        Table::new(&["model", "numbers", "memory to learn (kB)", "nanoseconds a symbol"]);
    let mut series: Vec<Series> = vec![];
    for &(model, numbers, time) in &costs {
        // A network keeps of each weight a gradient and two means beside it, 4 bytes each.
        let bytes = match model {
            "LSTM" | "WaveNet, a sample" => 16.0,
            _ => 8.0,
        };
        let memory = format!("{:.0}", numbers * bytes / 1000.0);
        table.row(&[&model, &numbers, &memory, &format!("{time:.0}")]);
        match series.iter_mut().find(|series| series.label == model) {
            Some(series) => series.points.push((numbers, time)),
            None => series.push(Series::new(model, [(numbers, time)])),
        }
    }
    let axes = ("numbers that are learned", "nanoseconds a symbol, to learn");
    let figure = plot::log_log_curves("What learning costs", axes, &series);
    page.show(
        "cost",
        &(figure, table).captioned("Each kind of model as it grows, on this machine"),
    )?;
    // ANCHOR_END: cost

    // ANCHOR: shards
    let folder = std::env::temp_dir().join(format!("aeolian-14-{}", std::process::id()));
    let settings = Notes { in_keys: true, shard: 20_000 };
    let exported = export_notes(&path, &folder, &settings, |_, _| {});
    let index: Index = exported?.0;
    std::fs::remove_dir_all(&folder).ok();
    let mut table = Table::new(&["part", "pieces", "symbols", "shards", "bytes"]);
    for (part, name) in
        [(Part::Train, "train"), (Part::Valid, "valid"), (Part::Test, "test")]
    {
        let [shards, pieces, symbols] = index.count(part);
        let of = index.shards.iter().filter(|shard| shard.part == part);
        let bytes: u64 = of.map(|shard| shard.size).sum();
        table.row(&[&name, &pieces, &symbols, &shards, &bytes]);
    }
    page.show(
        "shards",
        &table.captioned("An export of the tunes in all keys, 20,000 symbols a shard"),
    )?;
    // ANCHOR_END: shards

    // ANCHOR: back
    let mine = house().join("bigger/trained.safetensors");
    let (bytes, whose) = match mine.exists() {
        true => (aeolian::file::read(&mine)?, "bigger/trained.safetensors"),
        false => {
            let bytes = large.to_bytes()?;
            (annotated(&bytes, "alphabet", &alphabet.to_string())?, "the large run")
        }
    };
    let spoken: Alphabet = annotation(&bytes, "alphabet")?.unwrap_or_default().parse()?;
    let model = SequenceModel::from_bytes(&bytes)?;
    let mut writer = TakingTurns::new(model.player()?, spoken.turns());
    let cool = Sampling { temperature: 0.7, ..Sampling::default() };
    let mut tune: Vec<usize> = vec![];
    while tune.len() < 80 {
        tune = generate(&mut writer, &[], spoken.end(), 160, cool, &mut rng)?;
    }
    let score =
        spoken.decode(&tune).score("From a file of weights", 73).with_tempo(112.0);
    let caption = format!("A tune by weights that were read from a file: {whose}");
    page.show("back", &score.captioned(&caption))?;
    // ANCHOR_END: back

    // ANCHOR: scale
    let a_tune = once as f64 / all.len() as f64;
    let mut table = Table::new(&[
        "music",
        "symbols",
        "shards of a million",
        "gigabytes",
        "hours here, once through",
    ]);
    for (music, symbols, bytes, seconds) in [
        ("the book's tunes, in keys", once as f64, 2.0, lstm_seconds),
        (
            "176,581 MIDI files, each as long as ten tunes",
            176_581.0 * 10.0 * a_tune,
            2.0,
            lstm_seconds,
        ),
        (
            "100 million songs of 4 minutes, at 8,000 samples a second",
            1e8 * 240.0 * 8e3,
            1.0,
            wavenet_seconds,
        ),
    ] {
        let hours = symbols * seconds / 3600.0;
        let cells = [symbols, (symbols / 1e6).ceil(), symbols * bytes / 1e9, hours];
        let cells = cells.map(|number| match number {
            1e7.. => format!("{number:.1e}"),
            10.0.. => format!("{number:.0}"),
            _ if number.fract() == 0.0 => format!("{number}"),
            _ => format!("{number:.4}"),
        });
        table.row(&[&music, &cells[0], &cells[1], &cells[2], &cells[3]]);
    }
    page.show("scale", &table.captioned("What has to be read and learned once"))?;
    // ANCHOR_END: scale
    Ok(())
}
