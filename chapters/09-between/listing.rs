//! 09 Between instruments: an autoencoder made of a WaveNet, and two plainer ways to mix two sounds.

// ANCHOR: imports
use aeolian::music::Pitch;
use aeolian::nn::{
    Activation, Adam, Course, Curve, Dense, Layer, Learner, Saved, Schedule,
    SoftmaxCrossEntropy, Stack, Training, softmax, surprise,
};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::sound::{
    Instrument, Sampler, Sound, Spectrogram, Spectrum, decibels, mu_law, wav,
};
use aeolian::wavenet::{
    Autoencoder, AutoencoderShape, Conditioning, Cue, Decoder, Moment, NetShape,
    ToneMoment, ears,
};
use ndarray::{Array1, Array2, Axis, concatenate, s};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
// ANCHOR_END: imports

// ANCHOR: corner
/// Samples a second, and samples of a tone.
const RATE: u32 = 8000;
const LENGTH: usize = 8192;

/// All peak at so many decibels: how loud a tone is says nothing of what it is.
const LEVEL: f64 = -4.5;

/// C4 to G4.
const PITCHES: std::ops::Range<u8> = 60..68;

/// What makes tones: an instrument of the book, or the reader's recordings.
enum Source {
    Book(Instrument),
    Own(Vec<Sampler>),
}

struct Corner {
    name: String,
    source: Source,
}

impl Corner {
    /// A tone of about a second, struck or blown with a force from 0 to 1, so many cents above its pitch.
    fn tone(&self, pitch: u8, force: f64, cents: f64) -> aeolian::Result<Sound> {
        let hertz = Pitch::new(pitch.into())?.hertz() * (cents / 1200.0).exp2();
        let velocity = (40.0 + 80.0 * force) as u8;
        let mut samples = match &self.source {
            Source::Book(instrument) => instrument.tone(hertz, 0.85, velocity, RATE),
            Source::Own(recordings) => nearest(recordings, hertz, RATE)?.mono_samples(),
        };
        samples.resize(LENGTH, 0.0);
        let tone = Sound::mono(RATE, samples).faded(0.0, 0.02);
        Ok(tone.normalised(LEVEL))
    }
}

/// One pitch of each corner is kept for the test.
fn kept_back(corner: usize, pitch: u8) -> bool {
    pitch == [64, 61, 66, 63][corner]
}

/// Where the test has this tone.
fn at(corner: usize, pitch: u8) -> usize {
    corner * PITCHES.len() + usize::from(pitch - PITCHES.start)
}

/// Tones one after the other, equally loud as a whole.
fn in_a_row(tones: &[Sound]) -> aeolian::Result<Sound> {
    let mut row = Sound::mono(RATE, vec![]);
    for tone in tones {
        let after = row.seconds();
        row.mix(&tone.clone().faded(0.002, 0.05), after)?;
    }
    Ok(row.levelled())
}

/// The recording whose pitch is nearest, played at this one.
fn nearest(recordings: &[Sampler], hertz: f64, rate: u32) -> aeolian::Result<Sound> {
    let distance = |one: &&Sampler| (one.hertz() / hertz).ln().abs();
    let best = recordings.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    best.map_or(Ok(Sound::mono(rate, vec![])), |one| one.tone(hertz, rate))
}
// ANCHOR_END: corner

// ANCHOR: own
/// The book's four instruments; the first two of the reader's files or folders take the place of two.
fn corners(page: &mut Page) -> aeolian::Result<Vec<Corner>> {
    let book = [
        ("pipe", Instrument::Pipe),
        ("bow", Instrument::Bowed),
        ("string", Instrument::PluckedString),
        ("bar", Instrument::StruckBar),
    ];
    let mut corners: Vec<Corner> = vec![];
    for (name, instrument) in book {
        corners.push(Corner { name: name.to_string(), source: Source::Book(instrument) });
    }
    let files = page.sounds().to_vec();
    let folder = |file: &PathBuf| file.parent().map(Path::to_path_buf);
    let one_folder = files.iter().all(|file| folder(file) == folder(&files[0]));
    let mut own: Vec<(Option<PathBuf>, Corner)> = vec![];
    for file in &files {
        let sampler =
            Sampler::new(&wav::read(file)?).map_err(|error| error.in_file(file))?;
        let place = if one_folder { Some(file.clone()) } else { folder(file) };
        if let Some((_, corner)) = own.iter_mut().find(|(other, _)| *other == place) {
            if let Source::Own(recordings) = &mut corner.source {
                recordings.push(sampler);
            }
            continue;
        }
        let stem = place.as_ref().and_then(|place| place.file_stem());
        let name = stem.map_or("yours".into(), |stem| stem.to_string_lossy().to_string());
        own.push((place, Corner { name, source: Source::Own(vec![sampler]) }));
    }
    let names: Vec<String> = own.iter().map(|(_, corner)| corner.name.clone()).collect();
    let (used, left) = names.split_at(names.len().min(2));
    let mut about = format!("At the corners: {}", used.join(" and "));
    if !left.is_empty() {
        about += &format!("; there is no room for {}", left.join(", "));
    }
    for ((_, corner), place) in own.into_iter().zip(&mut corners) {
        *place = corner;
    }
    page.note("your-corners", &about)?;
    Ok(corners)
}
// ANCHOR_END: own

fn main() -> aeolian::Result<()> {
    // ANCHOR: corners
    let numbers = Takes::Number("numbers", "let so many numbers a frame through, not 16");
    let mut page = Page::open_with("09-between", &[Takes::Sounds, numbers])?;
    let mut rng = page.rng(2017);
    let corners = corners(&mut page)?;
    let mut heard = vec![];
    for corner in &corners {
        heard.push(corner.tone(60, 0.7, 0.0)?);
    }
    let names: Vec<String> = corners.iter().map(|corner| corner.name.clone()).collect();
    let caption = format!("The same note: {}", names.join(", "));
    page.show("corners", &in_a_row(&heard)?.captioned(&caption))?;
    // ANCHOR_END: corners

    // ANCHOR: mixing
    /// The weights of a mixture.
    const WEIGHTS: [f32; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

    /// The waves themselves: one gets softer while the other gets louder.
    fn crossfaded(a: &Sound, b: &Sound, weight: f32) -> aeolian::Result<Sound> {
        let mut both = a.clone().amplified(1.0 - weight);
        both.mix(&b.clone().amplified(weight), 0.0)?;
        Ok(both)
    }

    /// The decibels of each frequency at each moment, and back to a sound.
    fn in_spectra(a: &Sound, b: &Sound, weight: f32) -> aeolian::Result<Sound> {
        let [mut mixed, other] = [a, b].map(|tone| Spectrogram::with(tone, 0.128, 0.032));
        mixed.decibels = mixed.decibels * (1.0 - weight) + other.decibels * weight;
        Ok(mixed.griffin_lim(&crossfaded(a, b, weight)?, 20))
    }
    // ANCHOR_END: mixing

    // ANCHOR: crossfade
    let (from, to) = (0, 2);
    let mut five = vec![];
    for weight in WEIGHTS {
        five.push(crossfaded(&heard[from], &heard[to], weight)?);
    }
    let caption =
        format!("From {} to {}: one softer, one louder", names[from], names[to]);
    page.show("crossfade", &in_a_row(&five)?.captioned(&caption))?;
    // ANCHOR_END: crossfade

    // ANCHOR: griffin-lim
    let mut five = vec![];
    for weight in WEIGHTS {
        five.push(in_spectra(&heard[from], &heard[to], weight)?);
    }
    page.show(
        "griffin-lim",
        &in_a_row(&five)?.captioned("The same, mixed as decibels of each frequency"),
    )?;
    // ANCHOR_END: griffin-lim

    // ANCHOR: lessons
    let (mut lessons, mut tests) = (vec![], vec![]);
    for (number, corner) in corners.iter().enumerate() {
        for pitch in PITCHES {
            if !kept_back(number, pitch) {
                for _ in 0..20 {
                    let tone = corner.tone(pitch, rng.random(), 0.0)?;
                    lessons.push((number, pitch, tone));
                }
            }
            tests.push((number, pitch, corner.tone(pitch, rng.random(), 0.0)?));
        }
    }
    // ANCHOR_END: lessons

    // ANCHOR: from-between
    let pure = lessons.len();
    let mut pairs = vec![];
    while pairs.len() < 250 {
        let (a, b) = (rng.random_range(0..4), rng.random_range(0..4));
        let pitch = rng.random_range(PITCHES);
        if a != b && !kept_back(a, pitch) && !kept_back(b, pitch) {
            let force = rng.random();
            let [one, other] =
                [a, b].map(|corner| corners[corner].tone(pitch, force, 0.0));
            pairs.push((pitch, one?, other?, rng.random::<f32>()));
        }
    }
    let mixed: Vec<aeolian::Result<(u8, Sound)>> = pairs
        .par_iter()
        .map(|(pitch, one, other, weight)| {
            Ok((*pitch, in_spectra(one, other, *weight)?.normalised(LEVEL)))
        })
        .collect();
    for tone in mixed {
        let (pitch, tone) = tone?;
        lessons.push((corners.len(), pitch, tone)); // of no corner
    }
    // ANCHOR_END: from-between

    // ANCHOR: learning
    /// The samples of a tone from one on, each with its note and the number of the tone.
    fn moments(
        (_, pitch, tone): &(usize, u8, Sound),
        number: usize,
        from: usize,
        count: usize,
    ) -> Vec<ToneMoment> {
        let at = |(age, sample): (usize, &f32)| {
            let cue = Cue { pitch: Some(*pitch), age: age as u32 };
            let moment = Moment { code: mu_law::encode(*sample), cue };
            ToneMoment { moment, tone: number as u32 }
        };
        let samples = tone.channels()[0].iter().enumerate();
        samples.skip(from).take(count).map(at).collect()
    }

    /// Two pieces a step, each seen once.
    fn learn(
        page: &Page,
        model: &mut Autoencoder,
        pieces: &[Vec<ToneMoment>],
    ) -> aeolian::Result<()> {
        let settings = Training {
            batch: 2,
            window: 512,
            epochs: 1,
            rate: 0.006,
            ..Training::default()
        };
        let progress = page.progress("between instruments", 0);
        let mut course = Course::new(model, pieces, vec![], &settings)?;
        while course.goes_on() {
            if let Some(now) = course.step()? {
                progress.at(now.step, now.steps);
            }
        }
        course.give_best(model);
        Ok(())
    }
    // ANCHOR_END: learning

    // ANCHOR: learned
    let conditioning = Conditioning {
        rate: RATE,
        lowest: PITCHES.start,
        pitches: PITCHES.len(),
        fork: 4,
    };
    let shape = AutoencoderShape {
        net: NetShape::default(),
        conditioning,
        hop: 512,
        bands: 48,
        units: 64,
        embedding: page.number("numbers").unwrap_or(16),
    };
    let mut pieces = vec![];
    for _ in 0..page.shortened(14_000) {
        let number = rng.random_range(0..lessons.len());
        // A third of them begin with the tone, the others anywhere.
        let anywhere = rng.random_range(0..LENGTH - 512);
        let from = if rng.random_range(0..3) == 0 { 0 } else { anywhere };
        pieces.push(moments(&lessons[number], number, from, 512));
    }
    let tones: Vec<Sound> = lessons.iter().map(|(_, _, tone)| tone.clone()).collect();
    let mut model =
        Autoencoder::new(&shape, &mut rng)?.roughened(16.0, 0.3).hearing(&tones)?;
    model.net().expect(pieces.iter().flatten().map(|piece| piece.moment.code));
    learn(&page, &mut model, &pieces)?;
    // ANCHOR_END: learned

    // ANCHOR: listens
    /// Its surprise at tones in bits a sample, given the embeddings of others.
    fn bits(
        model: &Autoencoder,
        tones: &[(usize, u8, Sound)],
        embedded: Vec<Sound>,
    ) -> aeolian::Result<f64> {
        let model = model.clone().hearing(&embedded)?;
        let mut pieces = vec![];
        for (number, tone) in tones.iter().enumerate() {
            pieces.push(moments(tone, number, 0, LENGTH));
        }
        let settings = Training { batch: 8, window: 512, ..Training::default() };
        Ok(surprise(&model, &pieces, &settings)? / std::f64::consts::LN_2)
    }

    let own: Vec<Sound> = tests.iter().map(|(_, _, tone)| tone.clone()).collect();
    let mut others = own.clone();
    others.rotate_left(PITCHES.len()); // the same pitch at the next corner
    let mut table = Table::new(&["the decoder is given", "bits a sample"]);
    for (whose, embedded) in
        [("the tone's own embedding", own), ("another corner's", others)]
    {
        let bits = format!("{:.2}", bits(&model, &tests, embedded)?);
        table.row(&[&whose, &bits]);
    }
    page.show("listens", &table.captioned("The surprise at tones that it never heard"))?;
    // ANCHOR_END: listens

    // ANCHOR: embedding
    let embedding = model.encode(&tests[at(2, 60)].2)?;
    let numbers = embedding.t().mapv(f64::from).as_standard_layout().to_owned();
    let rows: Vec<String> =
        (1..=shape.embedding).map(|number| number.to_string()).collect();
    let columns: Vec<String> =
        (0..embedding.nrows()).map(|frame| format!("{}", 64 * frame)).collect();
    let figure = plot::heatmap(
        "A plucked string in sixteen numbers",
        ("milliseconds", "number"),
        &rows,
        &columns,
        &numbers,
    );
    page.show("embedding", &figure.captioned("What the encoder says, frame by frame"))?;
    // ANCHOR_END: embedding

    // ANCHOR: playing
    /// Embeddings played, each at its pitch, by decoders of their own, side by side.
    fn played(
        model: &Autoencoder,
        wanted: &[(Array2<f32>, u8)],
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<Sound>> {
        let mut decoders: Vec<(Decoder, u64)> = vec![];
        for _ in wanted {
            decoders.push((model.player()?, rng.random()));
        }
        let tones = decoders.into_par_iter().zip(wanted);
        let tones = tones.map(|((mut decoder, seed), (embedding, pitch))| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            decoder.tone(embedding.view(), *pitch, TEMPERATURE, &mut rng)
        });
        Ok(tones.collect())
    }

    /// Cool enough not to hiss, warm enough to breathe.
    const TEMPERATURE: f32 = 0.7;
    // ANCHOR_END: playing

    // ANCHOR: reconstructed
    let mut wanted = vec![];
    for (_, pitch, tone) in &tests {
        wanted.push((model.encode(tone)?, *pitch));
    }
    let again = played(&model, &wanted, &mut rng)?;
    let mut pairs = vec![];
    for number in (0..tests.len()).step_by(PITCHES.len()) {
        pairs.extend([tests[number].2.clone(), again[number].clone()]);
    }
    page.show(
        "reconstructed",
        &in_a_row(&pairs)?
            .captioned("Each corner's C: as it was, and through sixteen numbers"),
    )?;
    // ANCHOR_END: reconstructed

    // ANCHOR: measures
    /// Whether a tone is within 20 cents of a pitch.
    fn in_tune(tone: &Sound, pitch: u8) -> bool {
        let cue = |age| Cue { pitch: Some(pitch), age };
        let cues: Vec<Cue> = (0..tone.frames() as u32).map(cue).collect();
        ears::in_tune(tone, &cues) == 1.0
    }

    /// How well two lists are in the same order, from -1 to 1: the correlation of their ranks (C. Spearman, 1904).
    fn rank_correlation(x: &[f64], y: &[f64]) -> f64 {
        let ranks = |x: &[f64]| -> Array1<f64> {
            let below = |value: &f64| {
                let least = x.iter().filter(|other| *other < value).count();
                let same = x.iter().filter(|other| *other == value).count();
                least as f64 + 0.5 * same as f64
            };
            let ranks: Array1<f64> = x.iter().map(below).collect();
            let mean = ranks.mean().unwrap_or(0.0);
            ranks - mean
        };
        let (x, y) = (ranks(x), ranks(y));
        x.dot(&y) / (x.dot(&x) * y.dot(&y)).sqrt().max(f64::MIN_POSITIVE)
    }

    fn percent(share: f64) -> String {
        format!("{:.0}", 100.0 * share)
    }
    // ANCHOR_END: measures

    // ANCHOR: ear
    /// What tells the corners apart: a small net as in chapter 05. It hears log-mel frames, of tones with and without hiss.
    struct Ear {
        net: Stack,
        shape: AutoencoderShape,
    }

    impl Ear {
        fn frames(&self, tone: &Sound) -> aeolian::Result<Array1<f32>> {
            let even = tone.clone().normalised(-6.0); // loudness is no instrument
            Ok(Array1::from_iter(self.shape.frames(&even)?))
        }

        /// How likely each corner is.
        fn hear(&mut self, tone: &Sound) -> aeolian::Result<Vec<f32>> {
            let frames = self.frames(tone)?.insert_axis(Axis(0));
            let mut row = self.net.forward(frames.view())?.row(0).to_vec();
            softmax(&mut row);
            Ok(row)
        }

        /// Learns from tones and the numbers of their corners, 300 times 32.
        fn learn(
            shape: &AutoencoderShape,
            tones: &[(usize, Sound)],
            corners: usize,
            rng: &mut ChaCha8Rng,
        ) -> aeolian::Result<Ear> {
            let inputs = (LENGTH / shape.hop + 1) * shape.bands;
            let net = Stack::new()
                .with(Dense::new("units", inputs, 32, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("corners", 32, corners, rng));
            let mut ear = Ear { net, shape: shape.clone() };
            let mut loss = SoftmaxCrossEntropy::default();
            let (highest, lowest, warm_up, steps) = (0.001, 1e-5, 20, 300);
            let schedule = Schedule::WarmUpAndCosine { highest, lowest, warm_up, steps };
            let mut adam = Adam::new(schedule);
            for _ in 0..steps {
                let (mut rows, mut targets) = (Array2::zeros((32, inputs)), vec![]);
                for mut row in rows.rows_mut() {
                    let (corner, tone) = &tones[rng.random_range(0..tones.len())];
                    let hiss = tone.rms() * 10f64.powf(rng.random_range(-3.0..-0.25));
                    row.assign(&ear.frames(&hissing(tone, hiss as f32, rng))?);
                    targets.push(Some(*corner));
                }
                loss.forward(ear.net.forward(rows.view())?, &targets)?;
                ear.net.backward(loss.backward(1.0 / 32.0)?)?;
                adam.step(&mut ear.net.parameters())?;
            }
            Ok(ear)
        }

        /// Whether it takes a tone for one of this corner.
        fn right(&mut self, tone: &Sound, corner: usize) -> aeolian::Result<bool> {
            let heard = self.hear(tone)?;
            Ok(heard.iter().all(|other| *other <= heard[corner]))
        }
    }

    fn hissing(tone: &Sound, hiss: f32, rng: &mut ChaCha8Rng) -> Sound {
        let noisy = |sample: &f32| {
            let noise: f32 = StandardNormal.sample(rng);
            sample + hiss * noise
        };
        Sound::mono(RATE, tone.channels()[0].iter().map(noisy).collect())
    }
    // ANCHOR_END: ear

    // ANCHOR: reconstructed-right
    let known: Vec<(usize, Sound)> =
        lessons[..pure].iter().map(|(corner, _, tone)| (*corner, tone.clone())).collect();
    let mut ear = Ear::learn(&shape, &known, corners.len(), &mut rng)?;
    let mut table = Table::new(&["tones", "how many", "in tune (%)", "recognised (%)"]);
    for (name, new_pair) in
        [("a known note, struck anew", false), ("a note never heard on it", true)]
    {
        for (kind, sounds) in [("", None), (", through the net", Some(&again))] {
            let (mut count, mut tuned, mut right) = (0, 0, 0);
            for (number, (corner, pitch, tone)) in tests.iter().enumerate() {
                if kept_back(*corner, *pitch) == new_pair {
                    let tone = sounds.map_or(tone, |sounds| &sounds[number]);
                    count += 1;
                    tuned += usize::from(in_tune(tone, *pitch));
                    right += usize::from(ear.right(tone, *corner)?);
                }
            }
            let share = |part: usize| percent(part as f64 / f64::from(count));
            table.row(&[&format!("{name}{kind}"), &count, &share(tuned), &share(right)]);
        }
    }
    page.show(
        "reconstructed-right",
        &table.captioned("What is left of a tone behind the bottleneck"),
    )?;
    // ANCHOR_END: reconstructed-right

    // ANCHOR: directions
    /// Embeddings one below the other.
    fn stacked(tones: &[(Array2<f32>, u8)]) -> Array2<f32> {
        let views: Vec<_> = tones.iter().map(|(embedding, _)| embedding.view()).collect();
        concatenate(Axis(0), &views).unwrap_or_default()
    }

    /// The directions in which rows differ most, the strongest first: power iteration on their covariance.
    fn directions(rows: &Array2<f32>, count: usize, rng: &mut ChaCha8Rng) -> Array2<f32> {
        let mean = rows.mean_axis(Axis(0)).unwrap_or_default();
        let off = rows - &mean;
        let covariance = off.t().dot(&off);
        let mut found = Array2::zeros((count, rows.ncols()));
        for number in 0..count {
            let mut direction: Array1<f32> =
                (0..rows.ncols()).map(|_| StandardNormal.sample(rng)).collect();
            for _ in 0..300 {
                direction = covariance.dot(&direction);
                for before in 0..number {
                    let before = found.row(before);
                    let shared = before.dot(&direction);
                    direction.scaled_add(-shared, &before);
                }
                direction /= direction.dot(&direction).sqrt().max(f32::MIN_POSITIVE);
            }
            found.row_mut(number).assign(&direction);
        }
        found
    }

    // ANCHOR_END: directions

    // ANCHOR: map
    let frames = stacked(&wanted);
    let axes = directions(&frames, shape.embedding, &mut rng);

    /// The middle of a tone in the two strongest directions.
    fn place(embedding: &Array2<f32>, axes: &Array2<f32>) -> (f64, f64) {
        let middle =
            embedding.slice(s![2..10, ..]).mean_axis(Axis(0)).unwrap_or_default();
        let place = axes.dot(&middle);
        (f64::from(place[0]), f64::from(place[1]))
    }
    let mut series = vec![];
    for (number, name) in names.iter().enumerate() {
        let tones = &wanted[number * PITCHES.len()..][..PITCHES.len()];
        series.push(Series::new(
            name,
            tones.iter().map(|(embedding, _)| place(embedding, &axes)),
        ));
    }
    let mut path = vec![];
    for weight in WEIGHTS {
        let [start, end] = [from, to].map(|corner| &wanted[at(corner, 60)].0);
        path.push((start * (1.0 - weight) + end * weight, 60_u8));
    }
    let places: Vec<(f64, f64)> =
        path.iter().map(|(embedding, _)| place(embedding, &axes)).collect();
    series.push(Series::new("on the way", places));
    let figure = plot::scatter(
        "Thirty-two tones in the space of the embedding",
        ("first direction", "second direction"),
        &series,
    );
    page.show(
        "map",
        &figure.captioned("Tones of one corner lie together; five mixtures on the way"),
    )?;
    // ANCHOR_END: map

    // ANCHOR: mix
    let mix = in_a_row(&played(&model, &path, &mut rng)?)?;
    let caption =
        format!("From {} to {}: made from mixed embeddings", names[from], names[to]);
    page.show("mix", &mix.captioned(&caption))?;
    // ANCHOR_END: mix

    // ANCHOR: mix-seen
    let figure = plot::spectrogram("Five steps on the way", &mix);
    page.show("mix-seen", &figure.captioned("The same five tones, as a spectrogram"))?;
    // ANCHOR_END: mix-seen

    // ANCHOR: judged
    /// A tone of a mixture: how much of the second corner, at which pitch.
    struct Mixed {
        pair: (usize, usize),
        pitch: u8,
        weight: f32,
        tone: Sound,
    }

    /// What ears find in mixtures: the second corner's probability by weight, rank correlations, share in tune.
    struct Judged {
        by_weight: Vec<(f64, f64)>,
        posterior: f64,
        centroid: f64,
        /// Of all probabilities and weights together, across pairs and pitches.
        together: f64,
        in_tune: f64,
    }

    fn centroid(tone: &Sound, pitch: u8) -> aeolian::Result<f64> {
        let hertz = Pitch::new(pitch.into())?.hertz();
        Ok(Spectrum::of(&tone.part(0.1, 0.7)).centroid(hertz))
    }

    /// Five mixtures after each other for each pair and pitch; `brightness` is that of the corners' own tones.
    fn judged(
        mixtures: &[Mixed],
        ear: &mut Ear,
        brightness: &[f64],
    ) -> aeolian::Result<Judged> {
        let (mut weights, mut posteriors, mut right) = (vec![], vec![], 0);
        let (mut by_ear, mut by_brightness) = (vec![], vec![]);
        for five in mixtures.chunks(5) {
            let mut bright = vec![];
            for mixed in five {
                weights.push(f64::from(mixed.weight));
                posteriors.push(f64::from(ear.hear(&mixed.tone)?[mixed.pair.1]));
                bright.push(centroid(&mixed.tone, mixed.pitch)?);
                right += usize::from(in_tune(&mixed.tone, mixed.pitch));
            }
            let [a, b] = [five[0].pair.0, five[0].pair.1]
                .map(|corner| brightness[at(corner, five[0].pitch)]);
            let towards = (b - a).signum();
            let five = WEIGHTS.map(f64::from);
            by_brightness.push(towards * rank_correlation(&bright, &five));
            let heard = &posteriors[posteriors.len() - 5..];
            by_ear.push(rank_correlation(heard, &five));
        }
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
        let at_weight = |weight: f32| {
            let same = weights.iter().zip(&posteriors);
            let same = same.filter(|(other, _)| **other == f64::from(weight));
            let same: Vec<f64> = same.map(|(_, posterior)| *posterior).collect();
            (f64::from(weight), mean(&same))
        };
        Ok(Judged {
            by_weight: WEIGHTS.map(at_weight).to_vec(),
            posterior: mean(&by_ear),
            centroid: mean(&by_brightness),
            together: rank_correlation(&weights, &posteriors),
            in_tune: right as f64 / mixtures.len().max(1) as f64,
        })
    }
    // ANCHOR_END: judged

    // ANCHOR: mix-in-tune
    let (mut wanted_mixtures, mut mixtures) = (vec![], vec![]);
    let mut fades = vec![];
    for pair in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        for pitch in [60_u8, 62, 67] {
            let [a, b] = [pair.0, pair.1].map(|corner| at(corner, pitch));
            for weight in WEIGHTS {
                let embedding = &wanted[a].0 * (1.0 - weight) + &wanted[b].0 * weight;
                wanted_mixtures.push((embedding, pitch));
                let tone = crossfaded(&tests[a].2, &tests[b].2, weight)?;
                fades.push(Mixed { pair, pitch, weight, tone });
            }
        }
    }
    for (tone, fade) in
        played(&model, &wanted_mixtures, &mut rng)?.into_iter().zip(&fades)
    {
        mixtures.push(Mixed { tone, ..*fade });
    }
    let mut brightness = vec![];
    for (_, pitch, tone) in &tests {
        brightness.push(centroid(tone, *pitch)?);
    }
    let latent = judged(&mixtures, &mut ear, &brightness)?;
    page.show(
        "mix-in-tune",
        &percent(latent.in_tune).captioned("% of 90 mixtures are in tune"),
    )?;
    // ANCHOR_END: mix-in-tune

    // ANCHOR: mix-by-weight
    let tones: Vec<aeolian::Result<Sound>> = fades
        .par_iter()
        .map(|fade| {
            let [a, b] = [fade.pair.0, fade.pair.1].map(|corner| at(corner, fade.pitch));
            in_spectra(&tests[a].2, &tests[b].2, fade.weight)
        })
        .collect();
    let mut spectra = vec![];
    for (tone, fade) in tones.into_iter().zip(&fades) {
        spectra.push(Mixed { tone: tone?, ..*fade });
    }
    let mut table = Table::new(&[
        "mixed",
        "in tune (%)",
        "order by ear",
        "order by brightness",
        "by ear, all together",
    ]);
    let mut series = vec![];
    for (name, judged) in [
        ("in waves", judged(&fades, &mut ear, &brightness)?),
        ("in spectra", judged(&spectra, &mut ear, &brightness)?),
        ("in the embedding", latent),
    ] {
        let [ear, bright, all] = [judged.posterior, judged.centroid, judged.together]
            .map(|correlation| format!("{correlation:.2}"));
        table.row(&[&name, &percent(judged.in_tune), &ear, &bright, &all]);
        series.push(Series::new(name, judged.by_weight));
    }
    let figure = plot::curves(
        "Which instrument an ear takes mixtures for",
        ("weight of the second instrument", "its probability"),
        &series,
    );
    page.show(
        "mix-by-weight",
        &(figure, table)
            .captioned("Six pairs, three pitches, five weights, mixed in three ways"),
    )?;
    // ANCHOR_END: mix-by-weight

    // ANCHOR: beats
    /// How much the level of a tone's lowest partial swings, in decibels: the deviation from its straight fading.
    fn beats(tone: &Sound, pitch: u8) -> aeolian::Result<f64> {
        let hertz = Pitch::new(pitch.into())?.hertz();
        let spectrogram = Spectrogram::with(&tone.part(0.15, 0.8), 0.064, 0.016);
        let bin = (hertz / spectrogram.bin_hertz).round() as usize;
        let levels: Vec<f64> = spectrogram
            .decibels
            .column(bin)
            .iter()
            .map(|level| f64::from(*level))
            .collect();
        let levels = &levels[3..levels.len() - 3]; // the ends look at half a window
        let count = levels.len() as f64;
        let middle = (count - 1.0) / 2.0;
        let mean = levels.iter().sum::<f64>() / count;
        let (mut slope, mut steps) = (0.0, 0.0);
        for (i, level) in levels.iter().enumerate() {
            slope += (i as f64 - middle) * (level - mean);
            steps += (i as f64 - middle).powi(2);
        }
        let off = |(i, level): (usize, &f64)| {
            (level - mean - slope / steps * (i as f64 - middle)).powi(2)
        };
        Ok((levels.iter().enumerate().map(off).sum::<f64>() / count).sqrt())
    }
    // ANCHOR_END: beats

    // ANCHOR: one-or-two
    // Two players who are not quite together: 30 cents apart.
    let (mut embeddings, mut swings) = (vec![], vec![vec![]; 4]);
    for (a, b) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        for pitch in [62, 65] {
            let [one, other] = [(a, -15.0), (b, 15.0)]
                .map(|(corner, cents)| corners[corner].tone(pitch, 0.6, cents));
            let (one, other) = (one?, other?);
            swings[0].push(beats(&corners[a].tone(pitch, 0.6, 0.0)?, pitch)?);
            swings[1].push(beats(&crossfaded(&one, &other, 0.5)?, pitch)?);
            swings[2].push(beats(&in_spectra(&one, &other, 0.5)?, pitch)?);
            let half = (model.encode(&one)? + model.encode(&other)?) * 0.5;
            embeddings.push((half, pitch));
        }
    }
    let halves = played(&model, &embeddings, &mut rng)?;
    for (tone, (_, pitch)) in halves.iter().zip(&embeddings) {
        swings[3].push(beats(tone, *pitch)?);
    }
    let mut table = Table::new(&["what is heard", "its lowest partial swings by (dB)"]);
    for (number, name) in
        ["one instrument", "waves", "spectra", "embeddings"].into_iter().enumerate()
    {
        swings[number].sort_by(f64::total_cmp);
        let middle = swings[number][swings[number].len() / 2];
        table.row(&[&name, &format!("{middle:.1}")]);
    }
    page.show(
        "one-or-two",
        &table.captioned("Half-way between two players 30 cents apart: the median"),
    )?;
    // ANCHOR_END: one-or-two

    // ANCHOR: any-pitch
    let mut wanted_anywhere = vec![];
    for corner in 0..corners.len() {
        let embedding = &wanted[at(corner, 60)].0;
        wanted_anywhere.extend(PITCHES.map(|pitch| (embedding.clone(), pitch)));
    }
    let anywhere = played(&model, &wanted_anywhere, &mut rng)?;
    let (mut tuned, mut right) = (0, 0);
    for (number, tone) in anywhere.iter().enumerate() {
        tuned += usize::from(in_tune(tone, wanted_anywhere[number].1));
        right += usize::from(ear.right(tone, number / PITCHES.len())?);
    }
    let count = anywhere.len() as f64;
    let [tuned, right] = [tuned, right].map(|part| percent(part as f64 / count));
    let text = format!("{tuned} % in tune, {right} % recognised");
    page.show(
        "any-pitch",
        &text.captioned("One C of each corner, played at eight pitches"),
    )?;
    // ANCHOR_END: any-pitch

    // ANCHOR: bottleneck
    let mean = frames.mean_axis(Axis(0)).unwrap_or_default();
    let mut table = Table::new(&[
        "directions kept",
        "in tune (%)",
        "recognised (%)",
        "brightness off (%)",
        "fading off (dB)",
    ]);
    for kept in [16, 8, 4, 2, 1].into_iter().filter(|kept| *kept <= shape.embedding) {
        let axes = axes.slice(s![..kept, ..]);
        let mut narrow = vec![];
        for (embedding, pitch) in wanted.iter().step_by(2) {
            let places = (embedding - &mean).dot(&axes.t());
            narrow.push((places.dot(&axes) + &mean, *pitch));
        }
        let (mut tuned, mut right) = (0, 0);
        let (mut bright, mut fading) = (vec![], vec![]);
        let heard = played(&model, &narrow, &mut rng)?;
        let count = heard.len();
        for (tone, (corner, pitch, truth)) in heard.iter().zip(tests.iter().step_by(2)) {
            tuned += usize::from(in_tune(tone, *pitch));
            right += usize::from(ear.right(tone, *corner)?);
            bright.push((centroid(tone, *pitch)? / centroid(truth, *pitch)? - 1.0).abs());
            let fades = |tone: &Sound| {
                decibels(tone.part(0.5, 0.7).rms() / tone.part(0.05, 0.15).rms())
            };
            fading.push((fades(tone) - fades(truth)).abs());
        }
        let [bright, fading] = [bright, fading].map(|mut all| {
            all.sort_by(f64::total_cmp);
            all[all.len() / 2]
        });
        let [tuned, right] =
            [tuned, right].map(|part| percent(part as f64 / count as f64));
        let fading = format!("{fading:.1}");
        table.row(&[&kept, &tuned, &right, &percent(bright), &fading]);
    }
    page.show("bottleneck", &table.captioned("What is lost if less comes through"))?;
    // ANCHOR_END: bottleneck

    // ANCHOR: mixer
    let mut at_corners = vec![];
    let mut middle = Array2::zeros(embedding.dim());
    for corner in 0..corners.len() {
        let here = &wanted[at(corner, 60)].0;
        middle.scaled_add(0.25, here);
        let rounded = here.mapv(|number| (1000.0 * number).round() / 1000.0);
        let rows: Vec<Vec<f32>> = rounded.outer_iter().map(|row| row.to_vec()).collect();
        at_corners.push(rows);
    }
    let in_the_middle = [60_u8, 64, 67].map(|pitch| (middle.clone(), pitch));
    let still = in_a_row(&played(&model, &in_the_middle, &mut rng)?)?;
    let panel = Live::new("mixer", 2018, still)
        .playing_with(&(&names, &at_corners), &model.to_bytes()?)?;
    page.show(
        "mixer",
        &panel.captioned("Four instruments at the corners; heard is the very middle"),
    )?;
    // ANCHOR_END: mixer
    Ok(())
}
