//! 05 A network learns: which instrument is this?

// ANCHOR: imports
use aeolian::chance::tube::Tube;
use aeolian::music::Pitch;
use aeolian::nn::{Activation, Adam, Curve, Dense, Layer, Parameter, Schedule};
use aeolian::nn::{SoftmaxCrossEntropy, gradient_check, softmax};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::sound::recorded::{BANDS, RATE, SECONDS, bands, recorded};
use aeolian::sound::{Instrument, Sound, Spectrum, perform, wav};
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::{LN_2, TAU};
// ANCHOR_END: imports

// ANCHOR: tone
const NAMES: [&str; 6] = ["guitar", "piano", "vibraphone", "flute", "violin", "drum"];

/// A third of a second of some instrument.
struct Tone {
    instrument: usize,
    /// Octaves above middle C.
    octaves: f64,
    sound: Sound,
}

/// Any pitch between E2 and C6, soft or loud; with noise, so many decibels below.
fn tone(instrument: usize, below: f64, rng: &mut ChaCha8Rng) -> aeolian::Result<Tone> {
    let pitch = Pitch::new(rng.random_range(40..=84))?;
    let velocity = rng.random_range(30..=127);
    Ok(Tone {
        instrument,
        octaves: f64::from(pitch.midi()) / 12.0 - 5.0,
        sound: recorded(Instrument::ALL[instrument], pitch, velocity, below, rng),
    })
}

/// One tone after the other, each as loud as the next, with time to think between them.
fn in_a_row(tones: &[Sound]) -> aeolian::Result<Sound> {
    let mut row = Sound::mono(RATE, vec![]);
    for (i, tone) in tones.iter().enumerate() {
        row.mix(&tone.clone().levelled(), 0.9 * i as f64)?;
    }
    Ok(row.levelled())
}
// ANCHOR_END: tone

fn main() -> aeolian::Result<()> {
    // ANCHOR: who-plays
    let mut page = Page::open_with("05-backprop", &[Takes::Sounds])?;
    let mut rng = page.rng(1986);
    let mut order = [0, 1, 2, 3, 4, 5];
    order.shuffle(&mut rng);
    let mut quiz = vec![];
    for instrument in order {
        quiz.push(tone(instrument, 15.0, &mut rng)?.sound);
    }
    page.show("who-plays", &in_a_row(&quiz)?.captioned("Six tones: who plays?"))?;
    // ANCHOR_END: who-plays

    // ANCHOR: spectra
    let mut spectra = Array2::zeros((NAMES.len(), BANDS));
    for (instrument, mut row) in Instrument::ALL.into_iter().zip(spectra.rows_mut()) {
        let samples = instrument.tone(220.0, SECONDS, 90, RATE);
        let levels = bands(&Sound::mono(RATE, samples).part(0.0, SECONDS));
        row.assign(&Array1::from(levels).mapv(f64::from));
    }
    let axes = ("band: six to an octave, from C2", "instrument");
    let names = NAMES.map(String::from);
    let figure = plot::heatmap("What a network is given", axes, &names, &[], &spectra);
    page.show("spectra", &figure.captioned("The same A on six instruments"))?;
    // ANCHOR_END: spectra

    // ANCHOR: neuron
    /// Input times weight, plus bias, activate.
    fn neuron(inputs: &[f64], weights: &[f64], bias: f64) -> f64 {
        let mut sum = bias;
        for (input, weight) in inputs.iter().zip(weights) {
            sum += input * weight;
        }
        1.0 / (1.0 + (-sum).exp())
    }
    // ANCHOR_END: neuron

    // ANCHOR: two-numbers
    /// Two numbers for each tone: its pitch, and the middle of its power, both in octaves above middle C.
    fn two_numbers(tone: &Tone) -> [f64; 2] {
        let spectrum = Spectrum::of(&tone.sound);
        let (mut sum, mut total) = (0.0, 1e-20);
        for (bin, amplitude) in spectrum.amplitudes.iter().enumerate() {
            let power = f64::from(*amplitude).powi(2);
            sum += power * bin as f64 * spectrum.bin_hertz;
            total += power;
        }
        [tone.octaves, (sum / total / 261.63).max(0.1).log2()]
    }
    let (flute, violin) = (3, 4);
    let mut duets = vec![];
    for i in 0..400 {
        let tone = tone([flute, violin][i % 2], 30.0, &mut rng)?;
        duets.push((two_numbers(&tone), f64::from(tone.instrument == violin)));
    }
    // ANCHOR_END: two-numbers

    // ANCHOR: one-neuron
    let (mut weights, mut bias) = ([0.0, 0.0], 0.0);
    for _ in 0..2000 {
        for (x, violin) in &duets {
            let p = neuron(x, &weights, bias);
            let step = 0.01 * (p - violin);
            weights[0] -= step * x[0];
            weights[1] -= step * x[1];
            bias -= step;
        }
    }
    let mut series = vec![];
    for (name, was) in [("flute", 0.0), ("violin", 1.0)] {
        let points =
            duets.iter().filter(|one| one.1 == was).map(|one| (one.0[0], one.0[1]));
        series.push(Series::new(name, points));
    }
    let mut coin = vec![];
    for i in 0..80 {
        let x = -1.6 + 0.045 * f64::from(i);
        coin.push((x, -(bias + weights[0] * x) / weights[1]));
    }
    series.push(Series::new("the neuron's coin", coin));
    let axes = ("pitch (octaves above middle C)", "middle of its power (same)");
    let figure = plot::scatter("One neuron draws one line", axes, &series);
    page.show("one-neuron", &figure.captioned("Above the line it says violin"))?;
    // ANCHOR_END: one-neuron

    // ANCHOR: one-neuron-weights
    let mut table = Table::new(&["", "pitch", "middle of its power", "bias"]);
    let [first, second, third] =
        [weights[0], weights[1], bias].map(|w| format!("{w:.1}"));
    table.row(&[&"weight", &first, &second, &third]);
    page.show("one-neuron-weights", &table.captioned("What the neuron has learned"))?;
    // ANCHOR_END: one-neuron-weights

    // ANCHOR: one-neuron-right
    let mut count = 0;
    for (x, violin) in &duets {
        count += i32::from((neuron(x, &weights, bias) > 0.5) == (*violin == 1.0));
    }
    let right = format!("{:.1} %", f64::from(count) / 4.0);
    page.show("one-neuron-right", &right.captioned("of 400 tones named right"))?;
    // ANCHOR_END: one-neuron-right

    // ANCHOR: curves
    let mut curves = vec![];
    for (name, curve) in [
        ("sigmoid", (|z: f64| 1.0 / (1.0 + (-z).exp())) as fn(f64) -> f64),
        ("its slope", |z| (1.0 + (-z).exp()).recip() * (1.0 + z.exp()).recip()),
        ("tanh", f64::tanh),
        ("its slope", |z| 1.0 - z.tanh().powi(2)),
    ] {
        let points = (-60..=60).map(|tenth| f64::from(tenth) / 10.0);
        curves.push(Series::new(name, points.map(|z| (z, curve(z)))));
    }
    let figure = plot::curves("Two curves", ("sum", "answer"), &curves);
    page.show(
        "curves",
        &figure.captioned("Far from zero both are flat, and their slopes gone"),
    )?;
    // ANCHOR_END: curves

    // ANCHOR: small
    /// How sure the net is that this is a leap, and what its two hidden neurons said.
    /// Weights as in the drawing: `w[0]` to `w[8]`.
    fn forward(w: &[f64; 9], x: [f64; 2], curved: bool) -> ([f64; 2], f64) {
        let a = [w[0] * x[0] + w[1] * x[1] + w[2], w[3] * x[0] + w[4] * x[1] + w[5]];
        let h = if curved { a.map(f64::tanh) } else { a };
        (h, neuron(&h, &w[6..8], w[8]))
    }

    /// The chain rule, from the loss back to each weight.
    fn backward(w: &[f64; 9], x: [f64; 2], leap: f64, curved: bool) -> [f64; 9] {
        let (h, p) = forward(w, x, curved);
        let dz = p - leap;
        let dh = [dz * w[6], dz * w[7]];
        let slope = |h: f64| if curved { 1.0 - h * h } else { 1.0 };
        let da = [dh[0] * slope(h[0]), dh[1] * slope(h[1])];
        let first = [da[0] * x[0], da[0] * x[1], da[0]];
        let second = [da[1] * x[0], da[1] * x[1], da[1]];
        let output = [dz * h[0], dz * h[1], dz];
        let [[a, b, c], [d, e, f], [g, h, i]] = [first, second, output];
        [a, b, c, d, e, f, g, h, i]
    }
    // ANCHOR_END: small

    // ANCHOR: by-hand
    let start = [0.5, -0.3, 0.1, -0.4, 0.6, 0.2, 0.7, 0.3, -0.1];
    let (x, leap) = ([-1.0, 1.0], 1.0);
    let gradient = backward(&start, x, leap, true);
    let mut table = Table::new(&["weight", "value", "by the chain rule", "by moving it"]);
    for place in 0..9 {
        let mut moved = [0.0; 2];
        for (nats, by) in moved.iter_mut().zip([1e-6, -1e-6]) {
            let mut w = start;
            w[place] += by;
            *nats = -forward(&w, x, true).1.ln();
        }
        let slope = (moved[0] - moved[1]) / 2e-6;
        let [chain, slope] = [gradient[place], slope].map(|one| format!("{one:.6}"));
        table.row(&[&format!("w[{place}]"), &start[place], &chain, &slope]);
    }
    page.show("by-hand", &table.captioned("Nine gradients for one leap, twice"))?;
    // ANCHOR_END: by-hand

    // ANCHOR: nine-weights
    fn told(name: &str, value: f64) -> plot::Neuron {
        plot::Neuron::new(name, &format!("{value:.2}"))
    }
    fn said(name: &str, value: f64, blame: f64) -> plot::Neuron {
        plot::Neuron::new(name, &format!("says {value:.2}, blamed {blame:+.2}"))
    }

    let (h, p) = forward(&start, x, true);
    let dz = p - leap;
    let blame = [dz * start[6], dz * start[7]];
    let layers = [
        vec![told("x0", x[0]), told("x1", x[1])],
        vec![said("h0", h[0], blame[0]), said("h1", h[1], blame[1])],
        vec![said("p", p, dz)],
    ];
    // Layer and place from which a way comes, and the place in the next layer to which it leads.
    let ways =
        [((0, 0), 0), ((0, 1), 0), ((0, 0), 1), ((0, 1), 1), ((1, 0), 0), ((1, 1), 0)];
    let mut weights = vec![];
    for ((from, to), place) in ways.into_iter().zip([0, 1, 3, 4, 6, 7]) {
        let label = format!("w{place} {:.1}", start[place]);
        weights.push(plot::Weight::new(from, to, start[place], &label));
    }
    let figure = plot::net("A leap goes through; blame comes back", &layers, &weights);
    page.show(
        "nine-weights",
        &figure.captioned("Nine weights: six on the ways, three biases"),
    )?;
    // ANCHOR_END: nine-weights

    // ANCHOR: leaps
    /// Two notes, each low (-1) or high (1), and whether one leaps from the one to the other.
    const LEAPS: [([f64; 2], f64); 4] =
        [([-1.0, -1.0], 0.0), ([-1.0, 1.0], 1.0), ([1.0, -1.0], 1.0), ([1.0, 1.0], 0.0)];

    /// The mean surprise at the four, in bits.
    fn bits(w: &[f64; 9], curved: bool) -> f64 {
        let mut nats = 0.0;
        for (x, leap) in LEAPS {
            let p = forward(w, x, curved).1;
            let right = if leap == 1.0 { p } else { 1.0 - p };
            nats -= right.max(1e-300).ln();
        }
        nats / 4.0 / LN_2
    }
    // ANCHOR_END: leaps

    // ANCHOR: descend
    /// Gradient descent: so many steps against the mean gradient. The loss before each, and after the last.
    fn descend(w: &mut [f64; 9], rate: f64, steps: usize, curved: bool) -> Vec<f64> {
        let mut curve = vec![bits(w, curved)];
        for _ in 0..steps {
            let gradients = LEAPS.map(|(x, leap)| backward(w, x, leap, curved));
            for (place, weight) in w.iter_mut().enumerate() {
                let mean: f64 = gradients.iter().map(|one| one[place] / 4.0).sum();
                *weight -= rate * mean;
            }
            curve.push(bits(w, curved));
        }
        curve
    }
    // ANCHOR_END: descend

    // ANCHOR: leap-loss
    let mut series = vec![];
    for (name, curved) in [("straight", false), ("curved", true)] {
        let curve = descend(&mut start.clone(), 0.5, 200, curved);
        let points = curve.into_iter().enumerate().map(|(i, bits)| (i as f64, bits));
        series.push(Series::new(name, points));
    }
    let figure = plot::curves("Is it a leap?", ("step", "surprise (bits)"), &series);
    page.show("leap-loss", &figure.captioned("Without a curve, a coin at best"))?;
    // ANCHOR_END: leap-loss

    // ANCHOR: square
    // The net's answer to all pairs of pitches between low and high, three moments side by side.
    const SIDE: usize = 25;
    let mut answers = Array2::from_elem((SIDE, 3 * SIDE + 4), f64::NAN);
    let mut w = start;
    for (moment, steps) in [0, 50, 150].into_iter().enumerate() {
        descend(&mut w, 0.5, steps, true);
        for row in 0..SIDE {
            for column in 0..SIDE {
                let at = |place: usize| 3.0 * place as f64 / (SIDE - 1) as f64 - 1.5;
                let (_, p) = forward(&w, [at(column), at(SIDE - 1 - row)], true);
                answers[[row, moment * (SIDE + 2) + column]] = p;
            }
        }
    }
    let axes = ("first note", "second note, high above low");
    let title = "How sure it is of a leap: at first, after 50 steps, after 200";
    let mut low_high = vec![String::new(); 3 * SIDE + 4];
    for moment in 0..3 {
        low_high[moment * (SIDE + 2) + 2] = "low".to_string();
        low_high[moment * (SIDE + 2) + SIDE - 3] = "high".to_string();
    }
    let figure = plot::heatmap(title, axes, &[], &low_high, &answers);
    page.show(
        "square",
        &figure.captioned("Two bent lines cut the leaps out of the square"),
    )?;
    // ANCHOR_END: square

    // ANCHOR: starts
    let mut stuck = vec![];
    for _ in 0..100 {
        let mut w = start.map(|_| rng.random_range(-1.0..1.0));
        if descend(&mut w, 0.5, 2000, true)[2000] >= 0.1 {
            stuck.push(w);
        }
    }
    let solved = 100 - stuck.len();
    page.show("starts", &solved.captioned("of 100 random starts learn all four"))?;
    // ANCHOR_END: starts

    // ANCHOR: cases-right
    /// Of how many of the four cases this net is sure, and right.
    fn cases_right(w: &[f64; 9]) -> usize {
        let mut right = 0;
        for (x, leap) in LEAPS {
            right += usize::from((forward(w, x, true).1 - leap).abs() < 0.1);
        }
        right
    }
    // ANCHOR_END: cases-right

    // ANCHOR: stuck
    let mut table =
        Table::new(&["cases right", "nets", "bits", "ten times the steps", "got off"]);
    for right in [3, 2, 1, 0] {
        let (mut nets, mut off, mut now, mut later) = (0, 0, 0.0, 0.0);
        for mut w in stuck.iter().copied().filter(|w| cases_right(w) == right) {
            nets += 1;
            now += bits(&w, true);
            let end = descend(&mut w, 0.5, 18_000, true)[18_000];
            later += end;
            off += i32::from(end < 0.1);
        }
        if nets > 0 {
            let [now, later] =
                [now, later].map(|sum| format!("{:.5}", sum / f64::from(nets)));
            table.row(&[&right, &nets, &now, &later, &off]);
        }
    }
    let caption = "The nets that got stuck: their mean loss, and what patience does";
    page.show("stuck", &table.captioned(caption))?;
    // ANCHOR_END: stuck

    // ANCHOR: learning-rates
    /// Loss as pitch: no loss is A3, and every bit is half an octave more.
    fn glide(curve: &[f64]) -> Sound {
        let mut phase = 0.0;
        let mut samples = vec![];
        for i in 0..3 * RATE {
            let at = f64::from(i) / f64::from(3 * RATE) * (curve.len() - 1) as f64;
            let (from, part) = (at as usize, at.fract());
            let bits = curve[from] * (1.0 - part) + curve[from + 1] * part;
            phase += TAU * 220.0 * 2f64.powf(bits.min(8.0) / 2.0) / f64::from(RATE);
            samples.push((0.3 * phase.sin() + 0.1 * (2.0 * phase).sin()) as f32);
        }
        Sound::mono(RATE, samples).faded(0.02, 0.1)
    }
    let mut heard = Sound::mono(RATE, vec![]);
    let mut series = vec![];
    for (i, rate) in [0.05, 2.0, 15.0].into_iter().enumerate() {
        let curve = descend(&mut start.clone(), rate, 60, true);
        heard.mix(&glide(&curve), 3.5 * i as f64)?;
        let points = curve.into_iter().enumerate().map(|(i, bits)| (i as f64, bits));
        series.push(Series::new(&format!("rate {rate}"), points));
    }
    let figure = plot::curves("Three rates", ("step", "surprise (bits)"), &series);
    let heard = heard.levelled();
    let caption = "Three learning rates: the lower the tone, the better";
    page.show("learning-rates", &(figure, heard).captioned(caption))?;
    // ANCHOR_END: learning-rates

    // ANCHOR: layer
    /// A layer: examples `[N][I]` times weights `[I][O]`, plus biases `[1][O]`.
    fn layer(x: &Array2<f32>, w: &Array2<f32>, b: &Array2<f32>) -> Array2<f32> {
        x.dot(w) + b
    }

    /// Its way back: from the blame of the outputs to that of weights, biases and inputs.
    fn layer_back(
        x: &Array2<f32>,
        w: &Array2<f32>,
        dy: &Array2<f32>,
    ) -> [Array2<f32>; 3] {
        let dw = x.t().dot(dy);
        let db = dy.sum_axis(Axis(0)).insert_axis(Axis(0));
        let dx = dy.dot(&w.t());
        [dw, db, dx]
    }
    // ANCHOR_END: layer

    // ANCHOR: same-layer
    let mut chance = page.rng(1986);
    let mut dense = Dense::new("dense", 42, 48, &mut chance);
    let x = Array2::from_shape_fn((30, 42), |_| chance.random_range(-1.0..1.0_f32));
    let dy = Array2::from_shape_fn((30, 48), |_| chance.random_range(-1.0..1.0_f32));
    let (w, b) = (dense.weight.values.clone(), dense.bias.values.clone());
    let mut off = (&dense.forward(x.view())? - &layer(&x, &w, &b)).mapv(f32::abs).sum();
    let dx = dense.backward(dy.view())?.to_owned();
    let library = [dense.weight.gradient.clone(), dense.bias.gradient.clone(), dx];
    for (one, other) in library.iter().zip(layer_back(&x, &w, &dy)) {
        off = off.max((one - &other).mapv(f32::abs).sum() / one.len() as f32);
    }
    assert!(off < 1e-2);
    let sizes = format!("{} products there, {} back", 30 * 42 * 48, 2 * 30 * 42 * 48);
    page.show(
        "same-layer",
        &sizes.captioned("in a layer of 48 with 42 inputs, 30 examples at once"),
    )?;
    // ANCHOR_END: same-layer

    // ANCHOR: heard
    /// The spectra of some tones, a row each, and which instruments they were.
    struct Heard {
        x: Array2<f32>,
        was: Vec<usize>,
        /// To be played later, if they were kept.
        sounds: Vec<Sound>,
    }

    fn spectra_of(sounds: &[Sound]) -> Array2<f32> {
        let mut x = Array2::zeros((sounds.len(), BANDS));
        for (mut row, sound) in x.rows_mut().into_iter().zip(sounds) {
            row.assign(&Array1::from(bands(sound)));
        }
        x
    }
    // ANCHOR_END: heard

    // ANCHOR: hear
    /// So many tones, as many of each instrument, with noise 5 to 40 dB below.
    fn hear(count: usize, keep: bool, rng: &mut ChaCha8Rng) -> aeolian::Result<Heard> {
        let mut heard =
            Heard { x: Array2::zeros((count, BANDS)), was: vec![], sounds: vec![] };
        for i in 0..count {
            let below = rng.random_range(5.0..40.0);
            let tone = tone(i % NAMES.len(), below, rng)?;
            heard.x.row_mut(i).assign(&Array1::from(bands(&tone.sound)));
            heard.was.push(tone.instrument);
            if keep {
                heard.sounds.push(tone.sound);
            }
        }
        Ok(heard)
    }
    // ANCHOR_END: hear

    // ANCHOR: network
    /// How many neurons stand between the spectrum and the answer.
    const HIDDEN: usize = 48;

    /// Two dense layers with a curve between them, or without one.
    struct Network {
        /// Of each band in the lessons: its mean, and how far it usually is from there.
        mean: Array1<f32>,
        spread: Array1<f32>,
        first: Dense,
        curve: Option<Activation>,
        second: Dense,
        loss: SoftmaxCrossEntropy,
    }
    // ANCHOR_END: network

    // ANCHOR: new-network
    impl Network {
        fn new(lessons: &Heard, curve: Option<Curve>, rng: &mut ChaCha8Rng) -> Network {
            let x = &lessons.x;
            Network {
                mean: x.mean_axis(Axis(0)).unwrap_or_default(),
                spread: x.std_axis(Axis(0), 0.0) + 0.01,
                first: Dense::new("first", BANDS, HIDDEN, rng),
                curve: curve.map(Activation::new),
                second: Dense::new("second", HIDDEN, NAMES.len(), rng),
                loss: SoftmaxCrossEntropy::default(),
            }
        }

        fn parameters(&mut self) -> Vec<&mut Parameter> {
            let mut all = self.first.parameters();
            all.extend(self.second.parameters());
            all
        }
    }
    // ANCHOR_END: new-network

    // ANCHOR: learn
    impl Network {
        /// Forward, then backward: the mean surprise in nats, and its gradient.
        fn learn(&mut self, x: &Array2<f32>, was: &[usize]) -> aeolian::Result<f64> {
            let was: Vec<Option<usize>> = was.iter().copied().map(Some).collect();
            let share = 1.0 / was.len().max(1) as f32;
            let x = (x - &self.mean) / &self.spread;
            let a = self.first.forward(x.view())?;
            let h = match &mut self.curve {
                Some(curve) => curve.forward(a)?,
                None => a,
            };
            let z = self.second.forward(h)?;
            let nats = self.loss.forward(z, &was)?;
            let dz = self.loss.backward(share)?;
            let dh = self.second.backward(dz)?;
            let da = match &mut self.curve {
                Some(curve) => curve.backward(dh)?,
                None => dh,
            };
            self.first.backward(da)?;
            Ok(nats * f64::from(share))
        }
    }
    // ANCHOR_END: learn

    // ANCHOR: says
    impl Network {
        /// Forward alone: how likely each instrument is, a row for each tone.
        fn says(&mut self, x: &Array2<f32>) -> aeolian::Result<Array2<f32>> {
            let x = (x - &self.mean) / &self.spread;
            let a = self.first.forward(x.view())?;
            let h = match &mut self.curve {
                Some(curve) => curve.forward(a)?,
                None => a,
            };
            let mut p = self.second.forward(h)?.to_owned();
            for mut row in p.rows_mut() {
                row.as_slice_mut().map(softmax);
            }
            Ok(p)
        }
    }
    // ANCHOR_END: says

    // ANCHOR: gradient-check
    let few = hear(12, false, &mut rng)?;
    let mut network = Network::new(&few, Some(Curve::Tanh), &mut rng);
    let largest = gradient_check(
        &mut network,
        |network| network.parameters(),
        |network| network.learn(&few.x, &few.was),
    )?;
    let shown = format!("{largest:.6}");
    page.show("gradient-check", &shown.captioned("largest relative difference"))?;
    // ANCHOR_END: gradient-check

    // ANCHOR: lessons
    let lessons = hear(6000, false, &mut rng)?;
    let test = hear(1200, true, &mut rng)?;
    // ANCHOR_END: lessons

    // ANCHOR: surprise
    /// The mean surprise in bits.
    fn surprise(network: &mut Network, test: &Heard) -> aeolian::Result<f64> {
        let mut bits = 0.0;
        for (p, &was) in network.says(&test.x)?.rows().into_iter().zip(&test.was) {
            bits -= f64::from(p[was]).max(1e-30).log2();
        }
        Ok(bits / test.was.len().max(1) as f64)
    }
    // ANCHOR_END: surprise

    // ANCHOR: train
    /// Thirty times through the lessons, thirty tones to a step. After each time: the surprise at lessons and test.
    fn train(
        network: &mut Network,
        (lessons, test): (&Heard, &Heard),
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<[Vec<(f64, f64)>; 2]> {
        let mut order: Vec<usize> = (0..lessons.was.len()).collect();
        let steps = 30 * order.len().div_ceil(30) as u64;
        let (highest, lowest, warm_up) = (0.01, 0.0, 100);
        let mut adam =
            Adam::new(Schedule::WarmUpAndCosine { highest, lowest, warm_up, steps });
        let mut curves = [vec![], vec![]];
        for epoch in 1..=30 {
            order.shuffle(rng);
            let mut nats = 0.0;
            for batch in order.chunks(30) {
                let x = lessons.x.select(Axis(0), batch);
                let was: Vec<usize> = batch.iter().map(|&i| lessons.was[i]).collect();
                nats += network.learn(&x, &was)? * batch.len() as f64;
                adam.step(&mut network.parameters())?;
            }
            curves[0].push((f64::from(epoch), nats / order.len() as f64 / LN_2));
            curves[1].push((f64::from(epoch), surprise(network, test)?));
        }
        Ok(curves)
    }
    // ANCHOR_END: train

    // ANCHOR: loss
    let mut network = Network::new(&lessons, Some(Curve::Tanh), &mut rng);
    let [learned, tested] = train(&mut network, (&lessons, &test), &mut rng)?;
    let mut straight = Network::new(&lessons, None, &mut rng);
    let [_, unbent] = train(&mut straight, (&lessons, &test), &mut rng)?;
    let series = vec![
        Series::new("lessons", learned),
        Series::new("test", tested),
        Series::new("test, without the curve", unbent),
    ];
    let axes = ("times through the lessons", "surprise (bits)");
    let figure = plot::curves("Learning to tell six instruments", axes, &series);
    page.show("loss", &figure.captioned("Guessing among six costs 2.58 bits"))?;
    // ANCHOR_END: loss

    // ANCHOR: first-weights
    // The eight neurons that the answers hear most, by the band that they like best.
    let heard = network.second.weight.values.mapv(|w| w * w).sum_axis(Axis(1));
    let mut neurons: Vec<usize> = (0..HIDDEN).collect();
    neurons.sort_by(|a, b| heard[*b].total_cmp(&heard[*a]));
    neurons.truncate(8);
    let rows = network.first.weight.values.t().select(Axis(0), &neurons).mapv(f64::from);
    let mut wants = vec![];
    for &neuron in &neurons {
        let row = network.second.weight.values.row(neuron);
        let mut for_whom: Vec<usize> = (0..NAMES.len()).collect();
        for_whom.sort_by(|&a, &b| row[b].total_cmp(&row[a]));
        wants.push(NAMES[for_whom[0]].to_string());
    }
    let bands: Vec<String> = (1..=BANDS).map(|band| band.to_string()).collect();
    let axes = ("band, low to high", "speaks most for");
    let figure =
        plot::heatmap("What eight hidden neurons look for", axes, &wants, &bands, &rows);
    page.show(
        "first-weights",
        &figure.captioned("Weights from the bands: bright adds, dark subtracts"),
    )?;
    // ANCHOR_END: first-weights

    // ANCHOR: accuracy
    /// The likeliest instrument, and how likely it is.
    fn likeliest(p: ArrayView1<f32>) -> (usize, f32) {
        let mut best = (0, 0.0);
        for (instrument, &p) in p.iter().enumerate() {
            if p > best.1 {
                best = (instrument, p);
            }
        }
        best
    }

    /// How many of a hundred are named right.
    fn accuracy(network: &mut Network, test: &Heard) -> aeolian::Result<f64> {
        let mut right = 0;
        for (p, &was) in network.says(&test.x)?.rows().into_iter().zip(&test.was) {
            right += usize::from(likeliest(p).0 == was);
        }
        Ok(100.0 * right as f64 / test.was.len().max(1) as f64)
    }

    let right = format!("{:.1} %", accuracy(&mut network, &test)?);
    page.show(
        "which-instrument-accuracy",
        &right.captioned("of 1200 tones that it never heard named right"),
    )?;
    // ANCHOR_END: accuracy

    // ANCHOR: straight-accuracy
    let right = format!("{:.1} %", accuracy(&mut straight, &test)?);
    page.show("straight-accuracy", &right.captioned("without the curve"))?;
    // ANCHOR_END: straight-accuracy

    // ANCHOR: confusion
    let mut confusion = Array2::zeros((NAMES.len(), NAMES.len()));
    for (p, &was) in network.says(&test.x)?.rows().into_iter().zip(&test.was) {
        confusion[[was, likeliest(p).0]] += 1.0;
    }
    let axes = ("it says", "it was");
    let figure =
        plot::heatmap("Two hundred tones each", axes, &names, &names, &confusion);
    page.show("confusion", &figure.captioned("What it takes for what"))?;
    // ANCHOR_END: confusion

    // ANCHOR: instruments
    let says = network.says(&test.x)?;
    let truth: Vec<f32> =
        test.was.iter().enumerate().map(|(i, &was)| says[[i, was]]).collect();
    let mut hardest: Vec<usize> = (0..truth.len()).collect();
    hardest.sort_by(|&a, &b| truth[a].total_cmp(&truth[b]));
    hardest.truncate(6);
    let mut sounds = vec![];
    let mut table = Table::new(&["tone", "was", "it says", "how sure (%)"]);
    for (i, &place) in hardest.iter().enumerate() {
        let (said, p) = likeliest(says.row(place));
        let sure = format!("{:.0}", 100.0 * p);
        table.row(&[&(i + 1), &NAMES[test.was[place]], &NAMES[said], &sure]);
        sounds.push(test.sounds[place].clone());
    }
    let sound = in_a_row(&sounds)?;
    page.show("instruments", &(sound, table).captioned("Its six worst answers"))?;
    // ANCHOR_END: instruments

    // ANCHOR: answers
    let says = network.says(&spectra_of(&quiz))?;
    let mut table = Table::new(&["tone", "was", "it says", "how sure (%)"]);
    for (i, &instrument) in order.iter().enumerate() {
        let (said, p) = likeliest(says.row(i));
        let sure = format!("{:.0}", 100.0 * p);
        table.row(&[&(i + 1), &NAMES[instrument], &NAMES[said], &sure]);
    }
    page.show("answers", &table.captioned("The six tones from the beginning"))?;
    // ANCHOR_END: answers

    // ANCHOR: noise
    let mut points = vec![];
    for below in [40.0, 30.0, 20.0, 10.0, 5.0, 0.0, -5.0, -10.0, -20.0] {
        let mut sounds = vec![];
        for i in 0..300 {
            sounds.push(tone(i % NAMES.len(), below, &mut rng)?.sound);
        }
        let was = (0..300).map(|i| i % NAMES.len()).collect();
        let noisy = Heard { x: spectra_of(&sounds), was, sounds };
        points.push((-below, accuracy(&mut network, &noisy)?));
    }
    let axes = ("noise, compared with the tone (dB)", "named right (%)");
    let figure = plot::curves("Until nobody can tell", axes, &[Series::new("", points)]);
    page.show("accuracy-by-noise", &figure.captioned("It learned at -40 to -5 dB"))?;
    // ANCHOR_END: noise

    // ANCHOR: your-tone
    let mut middle_c = vec![];
    for instrument in Instrument::ALL {
        let pitch = Pitch::new(60)?;
        middle_c.push(recorded(instrument, pitch, 90, 20.0, &mut page.rng(1958)));
    }
    let says = network.says(&spectra_of(&middle_c))?.mapv(f64::from);
    let axes = ("it says", "it was");
    let figure = plot::heatmap("Six times middle C", axes, &names, &names, &says);
    let mut choices = vec!["each in turn"];
    choices.extend(NAMES);
    let (mean, spread) = (network.mean.to_vec(), network.spread.to_vec());
    let live = Live::new("instrument", 1958, (figure, in_a_row(&middle_c)?))
        .choice("instrument", "instrument", &choices)
        .slider("pitch", "pitch (60 is middle C)", (28.0, 96.0), 1.0, 60.0)
        .slider("noise", "noise, compared with the tone (dB)", (-40.0, 20.0), 1.0, -20.0)
        .playing_json(&(NAMES, mean, spread, network.parameters()))?;
    page.show("your-tone", &live.captioned("What it makes of six tones, and of yours"))?;
    // ANCHOR_END: your-tone

    // ANCHOR: own
    /// The reader's own sounds: the first WAV files, or else pieces of music, performed.
    fn own_sounds(page: &Page) -> aeolian::Result<Vec<(String, Sound)>> {
        let mut sounds = vec![];
        for file in page.sounds().iter().take(30) {
            let name = file.file_stem().unwrap_or_default().display().to_string();
            sounds.push((name, wav::read(file)?));
        }
        if sounds.is_empty() {
            for piece in page.music().iter().flat_map(|own| &own.pieces).take(10) {
                sounds.push((piece.name(), perform(&piece.score)?));
            }
        }
        Ok(sounds)
    }
    // ANCHOR_END: own

    // ANCHOR: strangers
    let strangers = match own_sounds(&page)? {
        own if !own.is_empty() => own,
        _ => {
            let hiss = Sound::sine(440.0, 0.1, 1.0).with_noise(-40.0, &mut rng);
            let mut both = tone(flute, 30.0, &mut rng)?.sound;
            both.mix(&tone(violin, 30.0, &mut rng)?.sound, 0.0)?;
            let tube = Tube { hertz: 880.0 }.strike(0.5, 1.0)?;
            let low = Sound::mono(RATE, Instrument::Pipe.tone(41.2, 0.5, 90, RATE));
            vec![
                ("a sine".to_string(), Sound::sine(440.0, 0.5, 1.0)),
                ("a wind chime".to_string(), tube),
                ("nothing but noise".to_string(), hiss),
                ("flute and violin at once".to_string(), both),
                ("a flute an octave below its lowest".to_string(), low),
            ]
        }
    };
    page.note("judged", &format!("Judged are the first {}", strangers.len()))?;
    let mut table = Table::new(&["sound", "it says", "how sure (%)"]);
    for (name, sound) in &strangers {
        let loudest = sound.resampled(RATE)?.loudest(SECONDS);
        let says = network.says(&spectra_of(&[loudest]))?;
        let (said, p) = likeliest(says.row(0));
        table.row(&[name, &NAMES[said], &format!("{:.0}", 100.0 * p)]);
    }
    page.show("strangers", &table.captioned("Sounds of which it knows nothing"))?;
    // ANCHOR_END: strangers

    // ANCHOR: backwards
    let played = tone(1, 30.0, &mut rng)?.sound;
    let mut turned = played.mono_samples();
    turned.reverse();
    let pair = [played, Sound::mono(RATE, turned)];
    let says = network.says(&spectra_of(&pair))?;
    let mut table = Table::new(&["played", "it says", "how sure (%)"]);
    for (i, played) in ["forwards", "backwards"].into_iter().enumerate() {
        let (said, p) = likeliest(says.row(i));
        table.row(&[&played, &NAMES[said], &format!("{:.2}", 100.0 * p)]);
    }
    let sound = in_a_row(&pair)?;
    page.show("backwards", &(sound, table).captioned("A piano, and its tape reversed"))?;
    // ANCHOR_END: backwards
    Ok(())
}
