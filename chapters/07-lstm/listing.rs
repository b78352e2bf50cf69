//! 07 Long memory: the LSTM. Adding, a blues that keeps its form, tunes, chords, letters; and the ladder.

// ANCHOR: imports
use aeolian::chance::dice::Game;
use aeolian::chance::oracle::{Hand, Oracle};
use aeolian::markov::hidden::{
    HiddenMarkov, PseudoCounts, Symbols, Training as BaumWelch,
};
use aeolian::markov::{Chain, LongAndShort, MelodyModel, Settings, Variable};
use aeolian::music::frames::{Frame, frames, from_frames, transposed};
use aeolian::music::{Alphabet, Note, Part, Pitch, Score};
use aeolian::nn::{
    Adam, Dense, LastStep, Layer, Learner, Lstm, Rnn, Saved, Schedule, Stack, Training,
    annotated, lanes, surprise, train,
};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series, Strip};
use aeolian::predict::{
    Predictor, Sampling, TakingTurns, bits_per_note, bits_per_symbol, generate,
    longest_copy, share_of_new,
};
use aeolian::recurrent::{
    Architecture, Cell, FrameModel, FramePlayer, Head, SequenceModel, adding,
    adding_error, correlation,
};
use ndarray::{Array2, Axis, s};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use std::f64::consts::LN_2;
// ANCHOR_END: imports

// ANCHOR: licks
/// Four bars of melody for each chord, an eighth a step: which note of the scale begins, or 0 if none does.
const LICKS: [[[usize; 8]; 4]; 3] = [
    [
        [1, 0, 2, 0, 3, 0, 2, 0],
        [4, 3, 2, 0, 1, 0, 0, 0],
        [1, 2, 3, 4, 5, 4, 3, 2],
        [5, 0, 0, 4, 3, 0, 2, 1],
    ],
    [
        [2, 0, 3, 0, 4, 0, 3, 0],
        [6, 5, 4, 0, 3, 0, 2, 0],
        [3, 0, 0, 3, 4, 3, 2, 0],
        [2, 3, 4, 0, 6, 0, 4, 0],
    ],
    [
        [3, 0, 4, 0, 5, 0, 4, 0],
        [7, 6, 5, 0, 4, 0, 3, 0],
        [4, 4, 0, 3, 4, 0, 5, 0],
        [3, 4, 5, 6, 7, 0, 5, 0],
    ],
];

/// The pitches of the scale, and of each chord.
const SCALE: [u8; 7] = [60, 63, 65, 67, 70, 72, 75];
const CHORDS: [[u8; 4]; 3] = [[48, 52, 55, 58], [45, 48, 51, 53], [47, 50, 53, 55]];
// ANCHOR_END: licks

// ANCHOR: form
/// The chord of each bar of the blues: I, IV or V, that is C7, F7 or G7.
const FORM: [usize; 12] = [0, 0, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0];

/// One chorus, 96 steps. A symbol says which chord and which note: `8 * chord + note`.
fn chorus(rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut steps = vec![];
    for chord in FORM {
        let lick = LICKS[chord][rng.random_range(0..4)];
        steps.extend(lick.map(|note| 8 * chord + note));
    }
    steps
}
// ANCHOR_END: form

// ANCHOR: sounding
/// The blues as a saxophone plays it over a piano.
fn sounding(steps: &[usize]) -> Score {
    let (mut tune, mut piano): (Vec<Note>, Vec<Note>) = (vec![], vec![]);
    for (step, symbol) in steps.iter().enumerate() {
        let onset = step as u32;
        if let Some(pitch) = (symbol % 8).checked_sub(1).and_then(|note| SCALE.get(note))
        {
            tune.extend(Pitch::from_midi(*pitch).map(|pitch| Note::new(onset, 1, pitch)));
        } else if let Some(held) = tune.last_mut() {
            held.duration += 1;
        }
        if step % 4 == 0 {
            let keys = CHORDS[(symbol / 8).min(2)].map(Pitch::from_midi);
            piano.extend(keys.into_iter().flatten().map(|key| Note::new(onset, 3, key)));
        }
    }
    let score = Score::new("Blues", 2).with_tempo(212.0).with_metre(4, 4);
    score.with_voice("saxophone", 66, tune).with_voice("piano", 0, piano)
}
// ANCHOR_END: sounding

fn main() -> aeolian::Result<()> {
    // ANCHOR: opened
    let folds = Takes::Folds("keep one piece in N of your music for the test");
    let mut page = Page::open_with("07-lstm", &[Takes::Text, folds])?;
    let mut rng = page.rng(1997);
    // ANCHOR_END: opened

    // ANCHOR: blues-net
    /// A net that has heard 160 times four choruses.
    fn blues(cell: Cell, seed: u64) -> aeolian::Result<SequenceModel> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut lessons = vec![];
        for _ in 0..160 {
            lessons.push((0..4).flat_map(|_| chorus(&mut rng)).collect::<Vec<usize>>());
        }
        let size =
            Architecture { cell, units: 64, embedding: 16, ..Architecture::default() };
        let mut model = SequenceModel::new(24, &size, &mut rng)?;
        let settings = Training {
            batch: 8,
            window: 192,
            epochs: 20,
            rate: 0.01,
            warm_up: 10,
            seed,
            ..Training::default()
        };
        train(&mut model, &lessons, &[], &settings, |_| {})?;
        Ok(model)
    }
    // ANCHOR_END: blues-net

    // ANCHOR: blues-learned
    let cool = Sampling { temperature: 0.5, top_k: 8 };
    let seed = rng.random();
    let mut bluesman = blues(Cell::Lstm, seed)?;
    let mut player = bluesman.player()?;
    let played = generate(&mut player, &[], usize::MAX, 384, cool, &mut rng)?;
    let score = sounding(&played);
    let live = Live::new("blues", 1997, score)
        .slider("temperature", "temperature", (0.0, 2.0), 0.05, 0.5)
        .slider("tempo", "quarter notes a minute", (60.0, 300.0), 1.0, 212.0)
        .slider("unit", "unit, by how much its memory changes", (1.0, 16.0), 1.0, 1.0)
        .playing_with(&(FORM, SCALE, CHORDS), &bluesman.to_bytes()?)?;
    page.show("blues", &live.captioned("Four choruses that a network made up"))?;
    // ANCHOR_END: blues-learned

    // ANCHOR: chords-right
    /// The share of right chords in ten choruses, in percent: median and worst of some nets, each with its own seed.
    fn chords_right(cell: Cell, seed: u64, nets: u64) -> aeolian::Result<(f64, f64)> {
        let one = |number: u64| -> aeolian::Result<f64> {
            let mut player = blues(cell, seed.wrapping_add(number))?.player()?;
            let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_add(number));
            let cool = Sampling { temperature: 0.5, top_k: 8 };
            let played = generate(&mut player, &[], usize::MAX, 960, cool, &mut rng)?;
            let right =
                |(step, symbol): &(usize, usize)| symbol / 8 == FORM[step / 8 % 12];
            let right = played.into_iter().enumerate().filter(right).count();
            Ok(right as f64 / 9.6)
        };
        let mut shares: Vec<f64> =
            (0..nets).into_par_iter().map(one).collect::<aeolian::Result<_>>()?;
        shares.sort_by(f64::total_cmp);
        let middle = shares.len() / 2;
        Ok(((shares[middle - 1] + shares[middle]) / 2.0, shares[0]))
    }
    // ANCHOR_END: chords-right

    // ANCHOR: blues-chords-right
    let mut table = Table::new(&["net", "median (%)", "worst (%)"]);
    for (name, cell) in [("LSTM", Cell::Lstm), ("plain", Cell::Rnn)] {
        let (median, worst) = chords_right(cell, seed, page.shortened(10) as u64)?;
        table.row(&[&name, &format!("{median:.1}"), &format!("{worst:.1}")]);
    }
    page.show(
        "blues-chords-right",
        &table.captioned("Steps of ten choruses with the right chord"),
    )?;
    // ANCHOR_END: blues-chords-right

    // ANCHOR: unit-drawn
    /// One unit as boxes and arrows. Its words: the memory before, gates f, i and o, what is new, the memory, and what it says.
    fn unit_drawn(title: &str, words: [&str; 7]) -> plot::Figure {
        let [before, forget, input, output, new, memory, says] = words;
        let boxes = [
            (before, 0.06, 0.0),
            ("×", 0.22, 0.0),
            ("+", 0.42, 0.0),
            (memory, 0.88, 0.0),
            (forget, 0.22, 1.3),
            ("×", 0.42, 1.3),
            (new, 0.57, 1.3),
            ("tanh", 0.88, 1.3),
            (input, 0.42, 2.6),
            (output, 0.72, 2.6),
            ("×", 0.88, 2.6),
            (says, 0.88, 3.7),
            ("x, h", 0.22, 2.6),
            ("x, h", 0.57, 2.6),
            ("x, h", 0.42, 3.7),
            ("x, h", 0.72, 3.7),
        ];
        let line = [(0, 1), (1, 2), (2, 3), (3, 7), (7, 10), (10, 11)];
        let gates = [(4, 1), (8, 5), (6, 5), (5, 2), (9, 10)];
        let hears = [(12, 4), (13, 6), (14, 8), (15, 9)];
        plot::diagram(title, &boxes, &[&line[..], &gates, &hears].concat())
    }
    // ANCHOR_END: unit-drawn

    // ANCHOR: cell
    let words =
        ["c before", "forget f", "input i", "output o", "new g", "memory c", "says h"];
    let figure = unit_drawn("One unit: a memory with valves", words);
    page.show(
        "cell",
        &figure.captioned("Memory goes straight on; each gate hears x, and the h before"),
    )?;
    // ANCHOR_END: cell

    // ANCHOR: unit
    /// For each gate three weights: of what it hears, of what the unit said a step ago, and a bias.
    struct Unit {
        input: [f32; 3],
        forget: [f32; 3],
        new: [f32; 3],
        output: [f32; 3],
    }

    fn sigmoid(z: f32) -> f32 {
        1.0 / (1.0 + (-z).exp())
    }

    impl Unit {
        /// Hears x. What it remembers is c, what it says is h.
        fn step(&self, x: f32, c: &mut f32, h: &mut f32) {
            let sum = |w: [f32; 3]| w[0] * x + w[1] * *h + w[2];
            let i = sigmoid(sum(self.input));
            let f = sigmoid(sum(self.forget));
            let g = sum(self.new).tanh();
            let o = sigmoid(sum(self.output));
            *c = f * *c + i * g;
            *h = o * c.tanh();
        }
    }
    // ANCHOR_END: unit

    // ANCHOR: same-unit
    /// What a layer of the library says that is this one unit.
    fn by_library(unit: &Unit, heard: &[f32]) -> aeolian::Result<Vec<f32>> {
        let mut layer = Lstm::new("one", 1, 1, &mut ChaCha8Rng::seed_from_u64(0));
        let gates = [unit.input, unit.forget, unit.new, unit.output];
        for (place, gate) in gates.into_iter().enumerate() {
            layer.input.weight.values[[0, place]] = gate[0];
            layer.units.recurrent.values[[0, place]] = gate[1];
            layer.input.bias.values[[0, place]] = gate[2];
        }
        let x = Array2::from_shape_fn((heard.len(), 1), |(step, _)| heard[step]);
        layer.begin(1);
        Ok(layer.forward(x.view())?.iter().copied().collect())
    }
    // ANCHOR_END: same-unit

    // ANCHOR: wired
    // Wired by hand: 1 lets in, -1 drops, 0 keeps.
    let unit = Unit {
        input: [20.0, 0.0, -10.0],
        forget: [20.0, 0.0, 10.0],
        new: [0.0, 0.0, 5.0],
        output: [0.0, 0.0, 10.0],
    };
    let mut heard = vec![0.0; 64];
    (heard[4], heard[52]) = (1.0, -1.0);
    let (mut c, mut h, mut plain) = (0.0, 0.0, 0.0_f32);
    let (mut said, mut said_plain) = (vec![], vec![]);
    for &x in &heard {
        unit.step(x, &mut c, &mut h);
        plain = (2.0 * x + 0.9 * plain).tanh();
        said.push(h);
        said_plain.push(plain);
    }
    for (here, library) in said.iter().zip(by_library(&unit, &heard)?) {
        assert!((here - library).abs() < 1e-5);
    }
    // ANCHOR_END: wired

    // ANCHOR: held
    let mut curves = vec![];
    for (name, line) in [
        ("what both hear", &heard),
        ("the unit with gates", &said),
        ("a plain unit", &said_plain),
    ] {
        let points = line.iter().enumerate();
        let points = points.map(|(step, value)| (step as f64, f64::from(*value)));
        curves.push(Series::new(name, points));
    }
    let axes = ("step", "value");
    let figure = plot::curves("One bit, held for 48 steps", axes, &curves);
    page.show(
        "held",
        &figure.captioned("Set at step 4, dropped at 52: nothing learned yet"),
    )?;
    // ANCHOR_END: held

    // ANCHOR: forget-bias
    /// How much of a gradient comes back over so many steps, measured as in chapter 06, through 32 untrained units that hear noise.
    fn comes_back(bias: f32, steps: usize, seed: u64) -> aeolian::Result<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut lstm = Lstm::new("lstm", 4, 32, &mut rng);
        lstm.input.bias.values.slice_mut(s![.., 32..64]).fill(bias);
        let noise =
            Array2::from_shape_fn((steps + 1, 4), |_| rng.random_range(-1.0..1.0));
        Ok(lstm.gradient_by_lag(noise.view())?[steps])
    }
    let mut table = Table::new(&["forget bias", "1 step", "10 steps", "50 steps"]);
    for bias in [0.0, 1.0] {
        let mut row = vec![];
        for steps in [1, 10, 50] {
            row.push(format!("{:.1e}", comes_back(bias, steps, seed)?));
        }
        table.row(&[&bias, &row[0], &row[1], &row[2]]);
    }
    page.show("forget-bias", &table.captioned("What is left of a gradient of 1"))?;
    // ANCHOR_END: forget-bias

    // ANCHOR: gates
    let forget_gate = player.traced("forget gate", &played[..192]); // [unit, step]
    let memory = player.traced("memory", &played[..192]);
    // The units whose memory changes most.
    let mut units: Vec<usize> = (0..64).collect();
    units.sort_by(|&a, &b| memory.row(b).std(0.0).total_cmp(&memory.row(a).std(0.0)));
    let names: Vec<String> = units[..8].iter().map(|unit| unit.to_string()).collect();
    let shown = forget_gate.select(Axis(0), &units[..8]);
    let (mut bars, mut chords) = (vec![], vec![]);
    for (step, symbol) in played[..192].iter().enumerate() {
        bars.push((step, (step / 8 + 1).to_string()));
        chords.push((step, ["I", "IV", "V"][symbol / 8].to_string()));
    }
    let strips = [Strip::new("bar", bars), Strip::new("chord", chords)];
    let (title, axes) = ("Forget gates: 1 keeps, 0 drops", ("step (eighths)", "unit"));
    let figure = plot::heatmap_with_strips(title, axes, &names, &shown, &strips);
    page.show(
        "gates",
        &figure.captioned("Two choruses from within, under their chords"),
    )?;
    // ANCHOR_END: gates

    // ANCHOR: memory
    let mut curves = vec![];
    for &unit in &units[..4] {
        let cell = memory.row(unit).to_vec().into_iter().enumerate();
        let by_bar = cell.map(|(step, cell)| (1.0 + step as f64 / 8.0, cell));
        curves.push(Series::new(&format!("unit {unit}"), by_bar));
    }
    let figure =
        plot::curves("What four of them remember", ("bar", "memory cell"), &curves);
    page.show(
        "memory",
        &figure.captioned("Memory cells, through the same two choruses"),
    )?;
    // ANCHOR_END: memory

    // ANCHOR: which-unit
    // The unit whose forget gate shuts most where a new chord begins.
    let mut shuts = vec![];
    for unit in 0..64 {
        let gate = forget_gate.row(unit);
        let begins =
            (97..192).filter(|step| FORM[step / 8 % 12] != FORM[(step - 1) / 8 % 12]);
        let begin: f64 = begins.clone().map(|step| gate[step]).sum();
        shuts.push((begin / begins.count() as f64 - gate.mean().unwrap_or(0.0), unit));
    }
    shuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let one = shuts[0].1;
    // ANCHOR_END: which-unit

    // ANCHOR: one-bar
    let kinds = ["forget gate", "input gate", "candidate", "memory", "output gate"];
    let inside = kinds.map(|kind| player.traced(kind, &played[..192]));
    let mut table = Table::new(&["eighth of bar 5", "f", "i", "g", "memory", "o", "h"]);
    let mut rows = vec![];
    for step in 31..40 {
        let [f, i, g, c, o] = [0, 1, 2, 3, 4].map(|kind| inside[kind][[one, step]]);
        let row = [f, i, g, c, o, o * c.tanh()].map(|value| format!("{value:.2}"));
        if step > 31 {
            let [f, i, g, c, o, h] = &row;
            table.row(&[&(step - 31), f, i, g, c, o, h]);
        }
        rows.push(row);
    }
    let mut measured = vec![format!("was {}", rows[0][3])];
    for (name, place) in [("f", 0), ("i", 1), ("o", 4), ("g", 2), ("c", 3), ("h", 5)] {
        measured.push(format!("{name} = {}", rows[1][place]));
    }
    let heading = format!("Unit {one}, as IV begins");
    let figure =
        unit_drawn(&heading, std::array::from_fn(|place| measured[place].as_str()));
    page.show(
        "one-bar",
        &(figure, table).captioned("The unit whose forget gate shuts most at a change"),
    )?;
    // ANCHOR_END: one-bar

    // ANCHOR: adding
    /// Learns from examples of many lengths.
    fn learn(
        net: &mut Stack,
        lengths: std::ops::RangeInclusive<usize>,
        steps: u64,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<()> {
        let (highest, lowest, warm_up) = (0.02, 0.0002, 20);
        let schedule = Schedule::WarmUpAndCosine { highest, lowest, warm_up, steps };
        let mut adam = Adam::new(schedule).with_longest(1.0);
        for _ in 0..steps {
            let examples = adding(rng.random_range(lengths.clone()), 32, rng);
            adding_error(net, &examples, Some(&mut adam))?;
        }
        Ok(())
    }
    // ANCHOR_END: adding

    // ANCHOR: adding-problem
    let mut table = Table::new(&["net", "T = 100", "T = 400"]);
    let tests = [100, 400].map(|length| adding(length, 1000, &mut rng));
    for name in ["LSTM, 8 units", "plain, 8 units"] {
        let units = match name {
            "LSTM, 8 units" => Stack::new().with(Lstm::new("units", 2, 8, &mut rng)),
            _ => Stack::new().with(Rnn::new("units", 2, 8, &mut rng)),
        };
        let mut dense = Dense::new("dense", 8, 1, &mut rng);
        dense.bias.values.fill(1.0); // the mean of all sums
        let mut net = units.with(LastStep::new()).with(dense);
        learn(&mut net, 10..=100, 3000, &mut rng)?;
        let hundred = adding_error(&mut net, &tests[0], None)?;
        learn(&mut net, 100..=400, 800, &mut rng)?;
        let more = adding_error(&mut net, &tests[1], None)?;
        table.row(&[&name, &format!("{hundred:.5}"), &format!("{more:.5}")]);
    }
    table.row(&[&"always 1", &format!("{:.4}", 1.0 / 6.0), &format!("{:.4}", 1.0 / 6.0)]);
    page.show("adding-problem", &table.captioned("Mean squared error of the sum"))?;
    // ANCHOR_END: adding-problem

    // ANCHOR: waltzes
    let game = Game::printed()?;
    let mut waltzes = vec![];
    for waltz in game.corpus(2300, &mut rng) {
        waltzes.push(game.melody(&waltz, Hand::Right));
    }
    let test = waltzes.split_off(2100);
    let valid = waltzes.split_off(2000);
    let dice = Alphabet::of(&waltzes);
    let [waltzes, valid, test] =
        [waltzes, valid, test].map(|melodies| dice.encode_all(&melodies));
    // ANCHOR_END: waltzes

    // ANCHOR: melodies
    /// A net for melodies, trained until the validation part no longer gains.
    fn melodies(
        page: &Page,
        label: &str,
        cell: Cell,
        alphabet: usize,
        parts: [&[Vec<usize>]; 2],
        dropout: f32,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<SequenceModel> {
        let size = Architecture { cell, units: 96, embedding: 24, layers: 1, dropout };
        let mut model = SequenceModel::new(alphabet, &size, rng)?;
        let settings = Training {
            batch: 16,
            window: 72,
            epochs: page.shortened(12),
            rate: 0.008,
            ..Training::default()
        };
        let progress = page.progress(label, 0);
        train(&mut model, parts[0], parts[1], &settings, |now| {
            progress.at(now.step, now.steps);
        })?;
        Ok(model)
    }
    // ANCHOR_END: melodies

    // ANCHOR: waltz-nets
    let lstm = melodies(
        &page,
        "waltzes",
        Cell::Lstm,
        dice.len(),
        [&waltzes, &valid],
        0.0,
        &mut rng,
    )?;
    let plain = melodies(
        &page,
        "plain net",
        Cell::Rnn,
        dice.len(),
        [&waltzes, &valid],
        0.0,
        &mut rng,
    )?;
    // ANCHOR_END: waltz-nets

    // ANCHOR: chain-rungs
    let mut rungs: Vec<(String, f64)> = vec![];
    let mut best_chain = f64::INFINITY;
    for order in 0..=6 {
        let chain = Chain::trained(2 * order, dice.len(), &waltzes)?;
        let bits = bits_per_note(chain, &dice, &test)?;
        best_chain = best_chain.min(bits);
        rungs.push((format!("chain of order {order}"), bits));
    }
    let variable = Variable::trained(Settings::LONG_TERM, dice.len(), &waltzes)?;
    let variable = bits_per_note(variable, &dice, &test)?;
    best_chain = best_chain.min(variable);
    rungs.push(("chain of variable order".to_string(), variable));
    // ANCHOR_END: chain-rungs

    // ANCHOR: hidden-rung
    let start = Symbols::from_music(32, dice.len(), &waltzes[..500], &mut rng)?;
    let mut hidden = HiddenMarkov::random(start, &mut rng);
    let pseudo_counts = PseudoCounts { initial: 0.05, transition: 0.05, emission: 0.05 };
    let settings = BaumWelch { iterations: 30, tolerance: 1e-3, pseudo_counts };
    hidden.fit(&waltzes[..500], &settings, |_, _| {})?;
    let hidden_bits = bits_per_note(hidden.filter(), &dice, &test)?;
    rungs.push(("32 hidden states".to_string(), hidden_bits));
    // ANCHOR_END: hidden-rung

    // ANCHOR: rungs
    let plain_bits = bits_per_note(plain.player()?, &dice, &test)?;
    rungs.push(("plain recurrent net".to_string(), plain_bits));
    let lstm_bits = bits_per_note(lstm.player()?, &dice, &test)?;
    rungs.push(("LSTM".to_string(), lstm_bits));
    let oracle = Oracle::new(&game, Hand::Right, &dice);
    let floor = bits_per_note(oracle, &dice, &test)?;
    rungs.push(("whoever knows the table".to_string(), floor));
    let gap = best_chain - floor;
    let [of_lstm, of_plain] = [lstm_bits, plain_bits]
        .map(|bits| format!("{:.1} %", 100.0 * (best_chain - bits) / gap));
    page.show("share-of-gap", &of_lstm.captioned("of the way down to the floor: LSTM"))?;
    // ANCHOR_END: rungs

    // ANCHOR: share-of-gap-plain
    page.show("share-of-gap-plain", &of_plain.captioned("plain recurrent net"))?;
    // ANCHOR_END: share-of-gap-plain

    // ANCHOR: ladder
    rungs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut table = Table::new(&["model", "bits a note"]);
    for (model, bits) in &rungs {
        table.row(&[model, &format!("{bits:.3}")]);
    }
    let (labels, bits): (Vec<String>, Vec<f64>) = rungs.into_iter().unzip();
    let axes = ("model", "bits a note");
    let figure = plot::bars("The ladder, on 200 waltzes", axes, &labels, &[("", bits)]);
    page.show(
        "ladder",
        &(figure, table).captioned("Every model so far; the last is the floor"),
    )?;
    // ANCHOR_END: ladder

    // ANCHOR: lessons
    let corpus = page.tunes()?.divided(page.number("folds"))?;
    let split = corpus.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let lessons = alphabet.in_keys(&split.train, -6..=5);
    let [streams, many, valid_streams, test_streams] =
        [&split.train, &lessons, &split.valid, &split.test]
            .map(|part| alphabet.encode_all(part));
    // ANCHOR_END: lessons

    // ANCHOR: tunes
    let mut net = melodies(
        &page,
        "tunes",
        Cell::Lstm,
        alphabet.len(),
        [&many, &valid_streams],
        0.2,
        &mut rng,
    )?;
    let alone = bits_per_note(net.player()?, &alphabet, &test_streams)?;
    let mut table =
        Table::new(&["long-term memory", "alone", "with a short-term memory"]);
    let chain = Variable::trained(Settings::LONG_TERM, alphabet.len(), &streams)?;
    let chain = bits_per_note(chain, &alphabet, &test_streams)?;
    let both = MelodyModel::trained(&alphabet, &streams)?;
    let both = bits_per_note(both, &alphabet, &test_streams)?;
    let [chain, both] = [chain, both].map(|bits| format!("{bits:.3}"));
    table.row(&[&"chain of variable order", &chain, &both]);
    let short = Variable::short_term(Settings::SHORT_TERM, alphabet.len());
    let with_short = LongAndShort::new(
        TakingTurns::new(net.player()?, alphabet.turns()),
        TakingTurns::new(short, alphabet.turns()),
    );
    let with_short = bits_per_note(with_short, &alphabet, &test_streams)?;
    let [alone, with_short] = [alone, with_short].map(|bits| format!("{bits:.3}"));
    table.row(&[&"LSTM", &alone, &with_short]);
    page.show("tunes", &table.captioned("Bits a note on tunes that nobody has seen"))?;
    // ANCHOR_END: tunes

    // ANCHOR: lstm-bits
    page.show(
        "lstm-bits",
        &with_short.captioned("bits a note, LSTM and short-term memory"),
    )?;
    // ANCHOR_END: lstm-bits

    // ANCHOR: lstm-pitch-bits
    let [many, valid, test] =
        [&lessons, &split.valid, &split.test].map(|part| -> Vec<Vec<usize>> {
            part.iter().map(|melody| alphabet.encode_pitches(melody)).collect()
        });
    let pitches = alphabet.pitch_len();
    let of_pitch =
        melodies(&page, "pitches", Cell::Lstm, pitches, [&many, &valid], 0.2, &mut rng)?;
    let short = Variable::short_term(Settings::SHORT_TERM, pitches);
    let mut both_pitches = LongAndShort::new(of_pitch.player()?, short);
    let bits = bits_per_symbol(&mut both_pitches, &test)?;
    page.show("lstm-pitch-bits", &format!("{bits:.3}").captioned("bits a pitch"))?;
    // ANCHOR_END: lstm-pitch-bits

    // ANCHOR: melody
    /// Twenty tunes of at most eighty notes.
    fn twenty(
        model: &mut impl Predictor,
        end: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<Vec<usize>>> {
        let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
        (0..20).map(|_| generate(model, &[], end, 160, sampling, rng)).collect()
    }

    let mut writer = TakingTurns::new(net.player()?, alphabet.turns());
    let written = twenty(&mut writer, alphabet.end(), &mut rng)?;
    let number = written.iter().position(|tune| tune.len() >= 80).unwrap_or(0);
    let tune = written[number].clone();
    let score = alphabet.decode(&tune).score("A tune by an LSTM", 73).with_tempo(112.0);
    let weights = annotated(&net.to_bytes()?, "alphabet", &alphabet.to_string())?;
    let live = Live::new("endless", 2002, score)
        .slider("temperature", "temperature", (0.0, 2.0), 0.05, 0.7)
        .slider("tempo", "quarter notes a minute", (60.0, 240.0), 1.0, 112.0)
        .playing(weights);
    page.show("melody", &live.captioned("The first of twenty that has forty notes"))?;
    // ANCHOR_END: melody

    // ANCHOR: copying
    let mut written = vec![("LSTM".to_string(), written)];
    for order in [3, 2, 1] {
        let chain = Chain::trained(2 * order, alphabet.len(), &streams)?.unsmoothed();
        let mut chain = TakingTurns::new(chain, alphabet.turns());
        let tunes = twenty(&mut chain, alphabet.end(), &mut rng)?;
        written.insert(0, (format!("chain of order {order}"), tunes));
    }
    written.push(("tunes of the test part".to_string(), test_streams.clone()));
    let mut table =
        Table::new(&["model", "new, of 4-note runs (%)", "longest copy (notes)"]);
    for (model, tunes) in &written {
        let of = tunes.len() as f64;
        let new: f64 = tunes.iter().map(|tune| share_of_new(tune, &streams, 8)).sum();
        let copied: usize =
            tunes.iter().map(|tune| longest_copy(tune, &streams) / 2).sum();
        let new = format!("{:.1}", 100.0 * new / of);
        table.row(&[model, &new, &format!("{:.1}", copied as f64 / of)]);
    }
    page.show(
        "copying",
        &table.captioned("How new are the tunes of each, and how much is copied?"),
    )?;
    // ANCHOR_END: copying

    // ANCHOR: keys
    let one_in = page.number("folds");
    let chords = page.own("chords", "the book's waltzes", |music| {
        music.clone().polyphonic()?.divided(one_in)
    })?;
    let own = chords.is_some();
    let beat = if own { 1 } else { 2 }; // frames to a quarter note: a waltz counts eighths
    let mut parts: [Vec<Vec<Frame>>; 3] = [vec![], vec![], vec![]];
    if let Some(corpus) = chords {
        for piece in &corpus.pieces {
            let place = match piece.part {
                Part::Train => 0,
                Part::Valid => 1,
                Part::Test => 2,
            };
            let music = frames(&piece.score, beat)?;
            let keys = if place == 0 { -6..=5 } else { 0..=0 };
            parts[place]
                .extend(keys.filter_map(|semitones| transposed(&music, semitones)));
        }
    } else {
        for (number, waltz) in game.corpus(300, &mut rng).iter().enumerate() {
            let place = [0, 0, 0, 0, 1, 2][number / 50];
            parts[place].push(frames(&game.bars(waltz), beat)?);
        }
    }
    // ANCHOR_END: keys

    // ANCHOR: pianist
    /// An LSTM that hears and plays 88 keys, and its surprise at the test part in bits a frame.
    fn keys(
        head: Head,
        own: bool,
        parts: &[Vec<Vec<Frame>>; 3],
        page: &Page,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<(FramePlayer, f64)> {
        // The waltzes are many and alike; the reader's pieces may be few, and come in twelve keys.
        let (units, dropout) = if own { (192, 0.4) } else { (96, 0.0) };
        let (batch, rate, epochs) = if own { (16, 0.004, 30) } else { (4, 0.01, 14) };
        let size = Architecture { units, dropout, ..Architecture::default() };
        let mut model = FrameModel::new(head, &size, &parts[0], rng)?;
        let epochs = page.shortened(epochs);
        let settings = Training { batch, rate, epochs, ..Training::default() };
        let progress = page.progress("keys", 0);
        train(&mut model, &parts[0], &parts[1], &settings, |now| {
            progress.at(now.step, now.steps);
        })?;
        let bits = surprise(&model, &parts[2], &settings)? / LN_2;
        Ok((model.player()?, bits))
    }
    // ANCHOR_END: pianist

    // ANCHOR: chords
    let (_, independent) = keys(Head::Independent, own, &parts, &page, &mut rng)?;
    let frame_bits = format!("{independent:.3}");
    page.show(
        "bits-per-frame-independent",
        &frame_bits.captioned("bits a frame, 88 coins"),
    )?;
    // ANCHOR_END: chords

    // ANCHOR: mixture
    let (mut pianist, mixture) = keys(Head::Mixture(32), own, &parts, &page, &mut rng)?;
    let frame_bits = format!("{mixture:.3}");
    page.show(
        "bits-per-frame",
        &frame_bits.captioned("bits a frame, mixture of 32 chords"),
    )?;
    // ANCHOR_END: mixture

    // ANCHOR: keys-heard
    let mut music = vec![];
    for _ in 0..48 {
        let frame = pianist.draw(&mut rng);
        pianist.hear(&frame);
        music.push(frame);
    }
    let score = from_frames("Two hands by an LSTM", &music, beat);
    let (score, caption) = match own {
        true => (score, "Forty-eight frames, each a quarter note"),
        false => (score.with_metre(3, 8), "Sixteen bars, a frame an eighth"),
    };
    page.show("keys-heard", &score.captioned(caption))?;
    // ANCHOR_END: keys-heard

    // ANCHOR: letters
    let text: Vec<char> = page.prose()?.chars().collect();
    let mut letters: Vec<char> = text.clone();
    letters.sort();
    letters.dedup();
    let mut train_text: Vec<usize> =
        text.iter().map(|letter| letters.binary_search(letter).unwrap_or(0)).collect();
    let held_out = vec![train_text.split_off(text.len() * 9 / 10)];
    let mut best_count = f64::INFINITY;
    for order in 1..=6 {
        let mut chain = Chain::trained(order, letters.len(), &[&train_text])?;
        best_count = best_count.min(bits_per_symbol(&mut chain, &held_out)?);
    }
    let best_count = format!("{best_count:.3}");
    page.show("text-bits-counted", &best_count.captioned("bits a letter, best chain"))?;
    // ANCHOR_END: letters

    // ANCHOR: speller
    let (size, settings) = if text.len() > 500_000 {
        let size = Architecture { units: 256, dropout: 0.1, ..Architecture::default() };
        (size, Training { epochs: 12, rate: 0.004, ..Training::default() })
    } else {
        let size = Architecture { units: 192, dropout: 0.4, ..Architecture::default() };
        let epochs = page.shortened(20);
        (size, Training { batch: 16, rate: 0.01, epochs, ..Training::default() })
    };
    let lessons = lanes(&train_text, settings.batch);
    let mut speller = SequenceModel::new(letters.len(), &size, &mut rng)?;
    let progress = page.progress("letters", 0);
    let history = train(&mut speller, &lessons, &held_out, &settings, |now| {
        progress.at(now.step, now.steps);
    })?;
    drop(progress);
    let letter_bits = format!("{:.3}", history.best_bits());
    page.show("text-bits", &letter_bits.captioned("bits a letter, LSTM"))?;
    // ANCHOR_END: speller

    // ANCHOR: traits
    /// What one may know of each letter of a text: names, and a number for each letter.
    fn traits_of(text: &[char]) -> Vec<(&'static str, Vec<f64>)> {
        let names = ["letters since the word began", "words since the sentence began"];
        let others = ["a vowel", "within brackets", "since a comma", "a capital"];
        let (mut word, mut sentence, mut brackets, mut comma) = (0.0, 0.0, 0.0, 0.0);
        let mut rows = vec![];
        for &letter in text {
            let is_letter = letter.is_alphabetic();
            word = if is_letter { word + 1.0 } else { 0.0 };
            match letter {
                '\n' => (sentence, comma, brackets) = (0.0, 0.0, 0.0),
                ' ' => sentence += 1.0,
                '(' => brackets = 1.0,
                ')' => brackets = 0.0,
                _ => {}
            }
            comma = if letter == ',' { 1.0 } else { comma * 0.9 };
            let vowel = f64::from(u8::from("aeiou".contains(letter)));
            let capital = f64::from(u8::from(letter.is_uppercase()));
            rows.push([word, sentence, vowel, brackets, comma, capital]);
        }
        let all = names.into_iter().chain(others).enumerate();
        all.map(|(at, name)| (name, rows.iter().map(|row| row[at]).collect())).collect()
    }
    // ANCHOR_END: traits

    // ANCHOR: cells
    let read: Vec<usize> = train_text.iter().copied().take(12_000).collect();
    let unread: Vec<usize> = held_out[0].iter().copied().take(8_000).collect();
    let mut reader = speller.player()?;
    let [of_read, of_unread] = // [cell, letter]
        [&read, &unread].map(|part| reader.traced("memory", part).mapv(f64::tanh));
    let [read, unread] = [read, unread].map(|part| -> Vec<char> {
        part.into_iter().map(|symbol| letters[symbol]).collect()
    });
    // For each trait the cell that goes with it most closely, and whether it still does on new text.
    let mut closest = vec![];
    for ((name, values), (_, new)) in traits_of(&read).iter().zip(traits_of(&unread)) {
        let mut best = (0.0, 0);
        for (cell, held) in of_read.outer_iter().enumerate() {
            let r = correlation(&held.to_vec(), values);
            best = if f64::abs(r) > f64::abs(best.0) { (r, cell) } else { best };
        }
        let again = correlation(&of_unread.row(best.1).to_vec(), &new);
        closest.push((again, best.0, best.1, name.to_string()));
    }
    closest.sort_by(|a, b| f64::abs(b.0).total_cmp(&f64::abs(a.0)));
    // ANCHOR_END: cells

    // ANCHOR: meaning
    let mut table = Table::new(&["what it holds", "cell", "r, found", "r, on new text"]);
    for (new, r, cell, name) in &closest {
        table.row(&[name, cell, &format!("{r:.2}"), &format!("{new:.2}")]);
    }
    let of_cell = of_unread.row(closest[0].2).to_vec();
    let mean = of_cell.iter().sum::<f64>() / of_cell.len() as f64;
    let line = unread.iter().position(|letter| *letter == '\n').map_or(0, |end| end + 1);
    let shades: Vec<f64> = of_cell[line..].iter().map(|value| value - mean).collect();
    let excerpt: String = unread[line..].iter().take(600).collect();
    let heading = format!("Cell {}: {}", closest[0].2, closest[0].3);
    let figure = plot::letters(&heading, &excerpt, &shades);
    page.show(
        "meaning",
        &(figure, table).captioned("Text it never read, by what one of its cells held"),
    )?;
    // ANCHOR_END: meaning

    // ANCHOR: text
    let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
    let mut writer_of_letters = speller.player()?;
    let said =
        generate(&mut writer_of_letters, &[], usize::MAX, 400, sampling, &mut rng)?;
    let said: String = said.into_iter().map(|symbol| letters[symbol]).collect();
    let live = Live::new("letters", 2015, said)
        .slider("temperature", "temperature", (0.0, 2.0), 0.05, 0.7)
        .slider("speed", "letters a second", (1.0, 30.0), 1.0, 8.0)
        .slider("unit", "memory cell, by how much it changes", (1.0, 32.0), 1.0, 1.0)
        .playing_with(&letters.iter().collect::<String>(), &speller.to_bytes()?)?;
    page.show("text", &live.captioned("letters, one after the other"))?;
    // ANCHOR_END: text
    Ok(())
}
