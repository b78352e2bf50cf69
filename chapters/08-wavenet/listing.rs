//! 08 Sample by sample: µ-law, dilated convolutions, a WaveNet; a harp whose floor is known, and a string played from a score.

// ANCHOR: imports
use aeolian::chance::coded_string::CodedString;
use aeolian::markov::Chain;
use aeolian::music::{Melody, Pitch, Score, Step, abc};
use aeolian::nn::{Course, Learner, Saved, Training, surprise};
use aeolian::page::{Live, Page, Played, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::predict::{Predictor, bits_per_symbol};
use aeolian::sound::{Instrument, Sound, decibels, fundamental, mu_law, wav};
use aeolian::wavenet::{
    Conditioning, Cue, Linear, Moment, NetShape, WaveNet, WaveNetShape, ears, lossless,
};
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::time::Instant;
// ANCHOR_END: imports

// ANCHOR: lessons
/// Samples a second, and the pitches of the lessons: G3 to G5.
const RATE: u32 = 8000;
const PITCHES: std::ops::RangeInclusive<i32> = 55..=79;

/// Notes that wander up and down, for so many seconds. A tick is a fiftieth of a second.
fn wander(seconds: u32, rng: &mut ChaCha8Rng) -> Score {
    let (low, high) = (*PITCHES.start(), *PITCHES.end());
    let (mut pitch, mut steps, mut ticks) = (67, vec![], 0);
    while ticks < 50 * seconds {
        let long = if rng.random_bool(0.1) { 2 } else { 1 };
        let duration = long * rng.random_range(6..30);
        steps.extend(Pitch::new(pitch).map(|pitch| Step::note(pitch, duration)));
        ticks += duration;
        let near = pitch + rng.random_range(-7..=7);
        let leap = rng.random_bool(0.1);
        pitch = if leap { rng.random_range(PITCHES) } else { near.clamp(low, high) };
    }
    Melody { resolution: 50, steps }.score("Lesson", 46).with_tempo(60.0)
}

/// A string in the wind plays a score, code by code.
fn blown(score: &Score, rng: &mut ChaCha8Rng) -> Vec<Moment> {
    let mut string = CodedString::default().at_rest();
    let mut moments = vec![];
    for cue in Cue::of(score, RATE) {
        if let (0, Some(pitch)) = (cue.age, cue.pitch.and_then(Pitch::from_midi)) {
            string.tune(pitch.hertz());
        }
        moments.push(Moment { code: string.draw(rng), cue });
    }
    moments
}
// ANCHOR_END: lessons

// ANCHOR: learn
/// A net that is told pitch and age of each note, and hears the phase of a tuning fork with so many harmonics.
fn net(fork: usize, rng: &mut ChaCha8Rng) -> aeolian::Result<WaveNet> {
    let pitches = PITCHES.count();
    let conditioning = Conditioning { rate: RATE, lowest: 55, pitches, fork };
    let shape =
        WaveNetShape { net: NetShape::default(), conditioning: Some(conditioning) };
    WaveNet::new(&shape, rng)
}

/// Learns from pieces of sound, each heard once, two at a time and in any order. `hears` is shown the net after
/// each step: how far it is, from 0 to 1, and its bits a sample.
fn learn(
    page: &Page,
    label: &str,
    model: &mut WaveNet,
    pieces: &[Vec<Moment>],
    mut hears: impl FnMut(&WaveNet, f64, f64) -> aeolian::Result<()>,
) -> aeolian::Result<()> {
    model.net().expect(pieces.iter().flatten().map(|moment| moment.code));
    let settings = Training {
        batch: 2,
        window: 512,
        epochs: 1,
        rate: 0.006,
        warm_up: pieces.len() as u64 / 60,
        ..Training::default()
    };
    let progress = page.progress(label, 0);
    let mut course = Course::new(model, pieces, vec![], &settings)?;
    while course.goes_on() {
        if let Some(now) = course.step()? {
            progress.at(now.step, now.steps);
            hears(course.model(), now.step as f64 / now.steps as f64, now.bits)?;
        }
    }
    course.give_best(model);
    Ok(())
}

/// A sound in pieces of 512 samples.
fn pieces(sound: &[Moment]) -> Vec<Vec<Moment>> {
    sound.chunks_exact(512).map(<[_]>::to_vec).collect()
}

/// The net plays a score: each code is drawn at the temperature for the age of its note, in seconds.
fn play(
    model: &WaveNet,
    cues: &[Cue],
    temperature: impl Fn(f64) -> f32,
    rng: &mut ChaCha8Rng,
) -> aeolian::Result<Sound> {
    let mut player = model.player()?;
    player.forget();
    let mut samples = vec![];
    for &cue in cues {
        player.cue(cue);
        let code = player.draw(temperature(f64::from(cue.age) / f64::from(RATE)), rng);
        samples.push(mu_law::decode(code));
    }
    // What moves slower than an ear hears is taken away: a net may drift, as its string does.
    let mut drift = 0.0;
    for sample in &mut samples {
        drift += 0.01 * (*sample - drift);
        *sample -= drift;
    }
    Ok(Sound::mono(RATE, samples).faded(0.002, 0.0))
}
// ANCHOR_END: learn

// ANCHOR: lines-to-beat
/// How surprised a net is at sounds, in bits a sample.
fn bits(net: &WaveNet, test: &[Moment]) -> aeolian::Result<f64> {
    let settings = Training { parts: 1, window: 4096, ..Training::default() };
    Ok(surprise(net, &[test.to_vec()], &settings)? / std::f64::consts::LN_2)
}

/// What simpler models say to the same sounds, in bits a sample.
fn lines_to_beat(
    lesson: &[Moment],
    test: &[Moment],
) -> aeolian::Result<Vec<(String, f64)>> {
    let codes = |moments: &[Moment]| -> Vec<usize> {
        moments.iter().map(|moment| usize::from(moment.code)).collect()
    };
    let (heard, asked) = ([codes(lesson)], [codes(test)]);
    let mut rungs = vec![("even guessing".to_string(), 8.0)];
    for order in [0, 1] {
        let mut chain = Chain::trained(order, 256, &heard)?;
        rungs.push((
            format!("chain of order {order}"),
            bits_per_symbol(&mut chain, &asked)?,
        ));
    }
    let bytes: Vec<u8> = test.iter().map(|moment| moment.code).collect();
    rungs.push(("lossless coder".to_string(), lossless::bits(&bytes)));
    let lesson = [lesson[..lesson.len().min(1_000_000)].to_vec()];
    for (name, by_pitch) in [("linear prediction", false), ("one for each pitch", true)] {
        let linear = Linear::trained(48, by_pitch, &lesson)?;
        rungs.push((name.to_string(), linear.bits(&[test.to_vec()])));
    }
    Ok(rungs)
}
// ANCHOR_END: lines-to-beat

// ANCHOR: own
/// The reader's sounds as they are learned: one channel, 8,000 samples a second, without silence, each with its pitch if it is a tone.
fn own_sounds(page: &Page) -> aeolian::Result<Vec<Vec<Moment>>> {
    let mut sounds = vec![];
    for file in page.sounds() {
        let read = wav::read(file)?;
        let read = Sound::mono(read.rate(), read.mono_samples()).resampled(RATE)?;
        let (loudest, read) = (read.peak().max(1e-6), read.normalised(-2.0));
        let samples = read.mono_samples();
        // A tenth of a second that stays 50 decibels below the loudest is silence.
        let heard =
            samples.chunks(800).filter(|part| part.iter().any(|x| x.abs() > 0.0025));
        let samples: Vec<f32> = heard.flatten().copied().collect();
        if loudest <= 1e-6 || samples.is_empty() {
            continue;
        }
        let sound = Sound::mono(RATE, samples.clone()).part(0.0, 2.0);
        let short = samples.len() < 10 * RATE as usize;
        let hertz = fundamental(&sound).filter(|_| short);
        let pitch =
            hertz.map(|hertz| (69.0 + 12.0 * (hertz / 440.0).log2()).round() as u8);
        let moment = |(age, x): (u32, &f32)| Moment {
            code: mu_law::encode(*x),
            cue: Cue { pitch, age },
        };
        sounds.push((0..).zip(&samples).map(moment).collect());
    }
    Ok(sounds)
}

/// Learns the reader's sounds instead of the book's, and says what came of it.
fn learn_own(own: &mut Page, rng: &mut ChaCha8Rng) -> aeolian::Result<()> {
    let mut sounds = own_sounds(own)?;
    let seconds = |sounds: &[Vec<Moment>]| {
        sounds.iter().map(Vec::len).sum::<usize>() as f64 / f64::from(RATE)
    };
    let total = seconds(&sounds);
    if total < 2.0 {
        let words = format!(
            "Your sounds are {total:.1} s long, silence not counted: too little to learn from. Give at least 2 s"
        );
        return own.note("too-short", &words);
    }
    // If every file is a tone, its pitch is told; else the net goes by its ear alone.
    let pitches: Vec<Option<u8>> =
        sounds.iter().map(|sound| sound[0].cue.pitch).collect();
    let tones: Vec<u8> = pitches.iter().flatten().copied().collect();
    let (low, high) = (tones.iter().min().copied(), tones.iter().max().copied());
    let conditioning = match (low, high) {
        (Some(lowest), Some(high)) if tones.len() == sounds.len() => {
            let pitches = usize::from(high - lowest) + 1;
            Some(Conditioning { rate: RATE, lowest, pitches, fork: 4 })
        }
        _ => {
            sounds.iter_mut().flatten().for_each(|moment| moment.cue = Cue::default());
            None
        }
    };
    let shape = WaveNetShape { net: NetShape::default(), conditioning };
    let mut model = WaveNet::new(&shape, rng)?.roughened(if conditioning.is_some() {
        6.0
    } else {
        0.0
    });
    let cut = |sound: &Vec<Moment>| -> Vec<Vec<Moment>> { pieces(sound) };
    let mut pieces: Vec<Vec<Moment>> = sounds.iter().flat_map(cut).collect();
    pieces.shuffle(rng);
    let tests = pieces.split_off(pieces.len() * 9 / 10); // a tenth is kept back
    // Six minutes of sound, be it all of an hour once or a few seconds many times; but no second more often than thirty times.
    let wanted = own.shortened(360 * RATE as usize / 512).min(30 * pieces.len());
    let lesson: Vec<Vec<Moment>> = pieces.iter().cycle().take(wanted).cloned().collect();
    let start = Instant::now();
    learn(
        own,
        "a first try",
        &mut model.clone(),
        &lesson[..lesson.len().min(64)],
        |_, _, _| Ok(()),
    )?;
    let first =
        start.elapsed().as_secs_f64() / lesson.len().min(64) as f64 * lesson.len() as f64;
    let kind = if conditioning.is_some() {
        "tones, whose pitch is told"
    } else {
        "sound without a score"
    };
    let words = format!(
        "{total:.0} s of sound in {} files, heard as {kind}. Learning will take about {first:.0} s",
        sounds.len()
    );
    own.note("your-sounds", &words)?;
    learn(own, "your sounds", &mut model, &lesson, |_, _, _| Ok(()))?;

    let (heard, asked) = (pieces.concat(), tests.concat());
    let mut rungs = lines_to_beat(&heard, &asked)?;
    rungs.push(("WaveNet".to_string(), bits(&model, &asked)?));
    rungs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut table = Table::new(&["model", "bits a sample"]);
    for (name, bits) in &rungs {
        table.row(&[name, &format!("{bits:.3}")]);
    }
    own.show(
        "your-bits",
        &table.captioned("A tenth of your sounds, in pieces, which no model had heard"),
    )?;
    let cues: Vec<Cue> = match conditioning {
        Some(_) => tones
            .iter()
            .take(8)
            .flat_map(|pitch| (0..RATE).map(|age| Cue { pitch: Some(*pitch), age }))
            .collect(),
        None => vec![Cue::default(); 6 * RATE as usize],
    };
    let played = play(&model, &cues, |_| 0.8, rng)?.faded(0.01, 0.1).levelled();
    own.show("your-sound", &played.captioned("Made by the net that learned your sounds"))
}
// ANCHOR_END: own

fn main() -> aeolian::Result<()> {
    // ANCHOR: open
    let mut page = Page::open_with("08-wavenet", &[Takes::Sounds])?;
    let mut rng = page.rng(2016);
    // ANCHOR_END: open

    if !page.sounds().is_empty() {
        return learn_own(&mut page, &mut rng);
    }

    // ANCHOR: harp
    let seconds = page.shortened(400) as u32;

    let lesson = blown(&wander(seconds, &mut rng), &mut rng);
    let melody = wander(10, &mut rng);
    let test = blown(&melody, &mut rng);
    let cues: Vec<Cue> = test.iter().map(|moment| moment.cue).collect();

    let mut harp = net(0, &mut rng)?;
    let (mut falling, mut heard) = (vec![], Sound::mono(RATE, vec![]));
    let mut moments = vec![0.02, 0.1, 0.3, 1.0];
    let mut chance = page.rng(1);
    learn(&page, "the harp", &mut harp, &pieces(&lesson), |net, done, now| {
        falling.push((done * f64::from(seconds), now));
        if moments.first().is_some_and(|moment| done >= *moment) {
            moments.remove(0);
            let sound = play(net, &cues[..16_000], |_| 1.0, &mut chance)?;
            heard.mix(&sound.faded(0.01, 0.05), heard.seconds())?;
        }
        Ok(())
    })?;
    let played = play(&harp, &cues, |_| 1.0, &mut rng)?;
    page.show(
        "harp",
        &played
            .clone()
            .faded(0.01, 0.1)
            .levelled()
            .captioned("Made by a net, sample by sample"),
    )?;
    // ANCHOR_END: harp

    // ANCHOR: learning-heard
    page.show(
        "learning-heard",
        &heard
            .levelled()
            .captioned("After a fiftieth of its lessons, a tenth, a third, and all"),
    )?;
    // ANCHOR_END: learning-heard

    // ANCHOR: sine-eight-bits
    fn even(x: &f32) -> f32 {
        (x * 127.0).round() / 127.0
    }
    fn coded(x: &f32) -> f32 {
        mu_law::decode(mu_law::encode(*x))
    }

    let tone = Instrument::PluckedString.tone(220.0, 2.0, 90, RATE);
    let tone = Sound::mono(RATE, tone).normalised(-20.0);
    let soft = tone.mono_samples();
    let lifted = mu_law::emphasised(&soft, 0.6);
    let lifted: Vec<f32> = lifted.iter().map(coded).collect();
    let three = [
        soft.iter().map(even).collect(),
        soft.iter().map(coded).collect(),
        mu_law::de_emphasised(&lifted, 0.6),
    ];
    let mut eight = tone.clone();
    for samples in three.clone() {
        let after = eight.seconds() + 0.3;
        eight.mix(&Sound::mono(RATE, samples).faded(0.0, 0.05), after)?;
    }
    page.show(
        "sine-eight-bits",
        &eight
            .levelled()
            .captioned("As it is, in even steps, in µ-law, with high tones lifted"),
    )?;
    // ANCHOR_END: sine-eight-bits

    // ANCHOR: mu-law
    /// How far the noise of such steps lies below a sine of this level, in decibels.
    fn distance(level: f64, step: fn(&f32) -> f32) -> f64 {
        let gain = 10f64.powf(level / 20.0);
        let (mut signal, mut noise) = (0.0, 0.0);
        for x in Sound::sine(440.0, gain, 0.5).mono_samples() {
            signal += f64::from(x).powi(2);
            noise += f64::from(x - step(&x)).powi(2);
        }
        decibels((signal / noise).sqrt())
    }

    fn by_level(name: &str, step: fn(&f32) -> f32) -> Series {
        let levels = (-30..=0).map(|level| 2.0 * f64::from(level));
        Series::new(name, levels.map(|level| (level, distance(level, step))))
    }
    let figure = plot::curves(
        "How far the noise of 8 bits lies below the tone",
        ("level of the tone (dB)", "distance (dB)"),
        &[by_level("even steps", even), by_level("µ-law", coded)],
    );
    page.show(
        "mu-law",
        &figure.captioned("Even steps drown what is soft; µ-law keeps its distance"),
    )?;
    // ANCHOR_END: mu-law

    // ANCHOR: receptive-field
    let figure =
        plot::dilations("Four layers, each looking twice as far back", &[1, 2, 4, 8], 24);
    page.show(
        "receptive-field",
        &figure.captioned("What one prediction hears: 16 samples through 4 layers"),
    )?;
    // ANCHOR_END: receptive-field

    // ANCHOR: reach
    fn reach(dilation: fn(u32) -> u32) -> Vec<(f64, f64)> {
        let samples = |layers| 1 + (0..layers).map(dilation).sum::<u32>();
        (1..=12).map(|layers| (f64::from(layers), f64::from(samples(layers)))).collect()
    }
    let figure = plot::log_curves(
        "How far back layers of two moments hear",
        ("layers", "samples"),
        &[
            Series::new("side by side", reach(|_| 1)),
            Series::new("twice as far each time", reach(|layer| 1 << layer)),
        ],
    );
    page.show(
        "reach",
        &figure.captioned("A tone of 110 Hz lasts 73 samples from wave to wave"),
    )?;
    // ANCHOR_END: reach

    // ANCHOR: block
    let boxes = [
        ("x(t - d)", 0.06, 0.0),
        ("x(t)", 0.06, 1.6),
        ("weights", 0.26, 0.8),
        ("tanh", 0.44, 0.0),
        ("sigmoid", 0.44, 1.6),
        ("×", 0.58, 0.8),
        ("weights", 0.74, 0.8),
        ("to the end", 0.92, 0.0),
        ("as it is", 0.26, 2.6),
        ("+", 0.92, 2.6),
        ("next block", 0.92, 3.5),
    ];
    let ways = [
        (0, 2),
        (1, 2),
        (2, 3),
        (2, 4),
        (3, 5),
        (4, 5),
        (5, 6),
        (6, 7),
        (6, 9),
        (1, 8),
        (8, 9),
        (9, 10),
    ];
    let figure = plot::diagram("A block", &boxes, &ways);
    page.show(
        "block",
        &figure
            .captioned("Two moments in; out to the next block, and straight to the end"),
    )?;
    // ANCHOR_END: block

    // ANCHOR: one-channel
    /// One block by hand, of a single channel: it hears `x` now and `d` samples ago.
    /// In a net each of these sums has weights of its own.
    fn block(x: &[f64], d: usize) -> Vec<f64> {
        let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
        let mut y = x.to_vec();
        for t in 0..x.len() {
            let before = if t >= d { x[t - d] } else { 0.0 };
            let say = (x[t] + before).tanh(); // what
            let much = sigmoid(2.0 * x[t] + 2.0 * before); // and how much of it
            y[t] += say * much; // added to what was there
        }
        y
    }

    let mut click = vec![0.0; 32];
    click[4] = 1.0;
    let mut curves = vec![];
    for (blocks, dilation) in [1, 2, 4, 8].into_iter().enumerate() {
        click = block(&click, dilation);
        let points = click.iter().enumerate().map(|(t, y)| (t as f64, *y));
        curves.push(Series::new(&format!("after {}", blocks + 1), points));
    }
    let figure =
        plot::curves("A click after 1 to 4 blocks", ("sample", "output"), &curves);
    page.show(
        "one-channel",
        &figure.captioned("Four blocks hear it for 16 samples, and never before it came"),
    )?;
    // ANCHOR_END: one-channel

    // ANCHOR: harp-floor-bits
    let mut string = CodedString::default().at_rest();
    let (mut floor, mut chances) = (0.0, vec![0.0; 256]);
    for moment in &test {
        if let (0, Some(pitch)) =
            (moment.cue.age, moment.cue.pitch.and_then(Pitch::from_midi))
        {
            string.tune(pitch.hertz());
        }
        string.predict(&mut chances);
        floor -= chances[usize::from(moment.code)].log2() / test.len() as f64;
        string.hear(usize::from(moment.code));
    }
    page.show(
        "harp-floor-bits",
        &format!("{floor:.3}").captioned("bits a sample, for whoever knows the string"),
    )?;
    // ANCHOR_END: harp-floor-bits

    // ANCHOR: harp-bits
    let harp_bits = bits(&harp, &test)?;
    page.show(
        "harp-bits",
        &format!("{harp_bits:.3}").captioned("bits a sample, for the net"),
    )?;
    // ANCHOR_END: harp-bits

    // ANCHOR: ladder
    let mut rungs = lines_to_beat(&lesson, &test)?;
    rungs.push(("WaveNet".to_string(), harp_bits));
    rungs.push(("whoever knows the string".to_string(), floor));
    rungs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut table = Table::new(&["model", "bits a sample"]);
    for (name, bits) in &rungs {
        table.row(&[name, &format!("{bits:.3}")]);
    }
    let (names, values): (Vec<String>, Vec<f64>) = rungs.into_iter().unzip();
    let figure = plot::bars(
        "Ten seconds of the harp",
        ("model", "bits a sample"),
        &names,
        &[("", values)],
    );
    page.show(
        "ladder",
        &(figure, table).captioned("Every line there is to beat; the last is the floor"),
    )?;
    // ANCHOR_END: ladder

    // ANCHOR: harp-learning
    let mut smooth = vec![];
    for part in falling.chunks(64) {
        let sum: f64 = part.iter().map(|(_, bits)| bits).sum();
        smooth.push((part[0].0, sum / part.len() as f64));
    }
    let last = f64::from(seconds);
    let figure = plot::curves(
        "Bits falling",
        ("seconds of harp heard", "bits a sample"),
        &[
            Series::new("the net", smooth),
            Series::new("the floor", [(0.0, floor), (last, floor)]),
        ],
    );
    page.show(
        "harp-learning",
        &figure.captioned("How surprised the net is while it learns"),
    )?;
    // ANCHOR_END: harp-learning

    // ANCHOR: harp-in-tune
    fn percent(share: f64) -> String {
        format!("{:.0}", 100.0 * share)
    }

    page.show(
        "harp-in-tune",
        &format!("{} %", percent(ears::in_tune(&played, &cues)))
            .captioned("of the net's notes within 20 cents"),
    )?;
    // ANCHOR_END: harp-in-tune

    // ANCHOR: listens-for
    /// While a tone sounds: how much each channel of each block moves, the lowest block first.
    fn moved(net: &mut WaveNet, hertz: f64) -> aeolian::Result<Vec<Vec<f64>>> {
        let told = vec![0.0; net.shape().conditioning.map_or(0, |told| told.width())];
        let mut queues = net.net().queues()?;
        let wave = |t: f64| 0.1 * (std::f64::consts::TAU * hertz * t).sin();
        let mut said: Vec<Vec<Vec<f64>>> = vec![];
        for sample in Sound::from_wave(RATE, 0.3, wave).mono_samples() {
            queues.step(mu_law::encode(sample), &told);
            let row = |block: &[f32]| block.iter().copied().map(f64::from).collect();
            said.push(queues.let_through().map(row).collect());
        }
        let said = &said[800..]; // the tone has begun
        let deviation = |block: usize, channel: usize| {
            let now: Array1<f64> =
                said.iter().map(|blocks| blocks[block][channel]).collect();
            now.std(0.0)
        };
        let of_block =
            |block: usize| (0..32).map(|channel| deviation(block, channel)).collect();
        Ok((0..said[0].len()).map(of_block).collect())
    }

    let mut by_tone = vec![];
    let mut columns = vec![];
    for third in 0..16 {
        let hertz = 100.0 * (f64::from(third) / 3.0).exp2();
        columns.push(format!("{hertz:.0}"));
        by_tone.push(moved(&mut harp, hertz)?);
    }
    let mut likes = Array2::zeros((7, 16));
    for ((block, tone), likes) in likes.indexed_iter_mut() {
        for channel in 0..32 {
            let all = by_tone.iter().map(|blocks| blocks[block][channel]);
            *likes += by_tone[tone][block][channel] / all.fold(1e-9, f64::max) / 32.0;
        }
    }
    let rows: Vec<String> = (0..7).map(|block| format!("{}", 1 << block)).collect();
    let axes = ("tone (Hz)", "looks back (samples)");
    let figure =
        plot::heatmap("Which tones move which block", axes, &rows, &columns, &likes);
    page.show(
        "listens-for",
        &figure.captioned("Each channel against its own most, the mean of a block"),
    )?;
    // ANCHOR_END: listens-for

    // ANCHOR: next-sample
    let mut player = harp.player()?;
    player.forget();
    let (from, to, mut chances) = (3000, 3120, vec![0.0; 256]);
    let mut lines = [vec![], vec![], vec![], vec![]];
    for (t, moment) in test[..to].iter().enumerate() {
        player.cue(moment.cue);
        if t >= from {
            player.predict(&mut chances);
            let at = 1000.0 * (t - from) as f64 / f64::from(RATE);
            let mut below = 0.0;
            let mut quantiles = [0.05, 0.5, 0.95].into_iter().zip(0..).peekable();
            for (code, chance) in chances.iter().enumerate() {
                below += chance;
                while let Some((_, line)) = quantiles.next_if(|(part, _)| below >= *part)
                {
                    let line: usize = line;
                    lines[line].push((at, f64::from(mu_law::decode(code as u8))));
                }
            }
            lines[3].push((at, f64::from(mu_law::decode(moment.code))));
        }
        player.hear(usize::from(moment.code));
    }
    let [low, middle, high, came] = lines;
    let figure = plot::curves(
        "What comes next, and what came",
        ("milliseconds", "sample"),
        &[
            Series::new("what came", came),
            Series::new("middle guess", middle),
            Series::new("5 % lie above", high),
            Series::new("5 % lie below", low),
        ],
    );
    page.show(
        "next-sample",
        &figure.captioned("15 ms of the harp: nine samples in ten lie between"),
    )?;
    // ANCHOR_END: next-sample

    // ANCHOR: plucked
    /// The book's plucked string plays a score, code by code: each note now softer, now louder, a little sharp or flat, and cut off by the next.
    fn plucked(score: &Score, rng: &mut ChaCha8Rng) -> Vec<Moment> {
        let cues = Cue::of(score, RATE);
        let mut samples = vec![0.0; cues.len() + 240];
        for (pitch, place) in ears::notes(&cues) {
            let off = f64::from(rng.random_range(-1..=1)) * 3.0;
            let hertz =
                Pitch::from_midi(pitch).map_or(0.0, Pitch::hertz) * (off / 1200.0).exp2();
            let velocity = [64, 90, 116][rng.random_range(0..3)];
            let seconds = place.len() as f64 / f64::from(RATE) + 0.03;
            let tone = Instrument::PluckedString.tone(hertz, seconds, velocity, RATE);
            let tone = Sound::mono(RATE, tone).part(0.0, seconds).faded(0.0, 0.03);
            for (sum, sample) in
                samples[place.start..].iter_mut().zip(tone.mono_samples())
            {
                *sum += sample;
            }
        }
        let moment =
            |(cue, sample): (Cue, f32)| Moment { code: mu_law::encode(sample), cue };
        cues.into_iter().zip(samples).map(moment).collect()
    }

    let lesson = plucked(&wander(seconds * 3 / 2, &mut rng), &mut rng);
    let mut string = net(4, &mut rng)?.roughened(6.0);
    learn(&page, "the string", &mut string, &pieces(&lesson), |_, _, _| Ok(()))?;
    // ANCHOR_END: plucked

    // ANCHOR: string
    /// The temperature at an age: wild at the attack, cool after it.
    fn cooling(age: f64) -> f32 {
        (0.3 + 0.7 * (-age / 0.05).exp()) as f32
    }

    let tunes = page.tunes()?.divided(None)?.pieces;
    let known = tunes.iter().position(|piece| piece.score.title.contains("Augustin"));
    let augustin = tunes[known.unwrap_or(0)].score.clone();
    let real = plucked(&augustin, &mut rng);
    let cues: Vec<Cue> = real.iter().map(|moment| moment.cue).collect();
    let played = play(&string, &cues, cooling, &mut rng)?;
    page.show(
        "string",
        &played
            .clone()
            .faded(0.0, 0.1)
            .levelled()
            .captioned(&format!("{}, by the net", augustin.title)),
    )?;
    // ANCHOR_END: string

    // ANCHOR: string-seen
    let figure = plot::spectrogram("What the net played", &played);
    page.show(
        "string-seen",
        &figure.captioned("Each note with its partials, and what should not be there"),
    )?;
    // ANCHOR_END: string-seen

    // ANCHOR: string-numbers
    let mut off: Vec<f64> =
        ears::cents_off(&played, &cues).into_iter().flatten().map(f64::abs).collect();
    off.sort_by(f64::total_cmp);
    page.show(
        "string-in-tune",
        &format!("{} %", percent(ears::in_tune(&played, &cues)))
            .captioned("of its notes within 20 cents"),
    )?;
    // ANCHOR_END: string-numbers

    // ANCHOR: string-cents
    let median = off.get(off.len() / 2).copied().unwrap_or(f64::NAN);
    page.show("string-cents", &format!("{median:.1}").captioned("cents, the median"))?;
    // ANCHOR_END: string-cents

    // ANCHOR: string-hiss-db
    fn sound_of(moments: &[Moment]) -> Sound {
        let samples = moments.iter().map(|moment| mu_law::decode(moment.code));
        Sound::mono(RATE, samples.collect())
    }
    fn hiss(sound: &Sound, cues: &[Cue]) -> f64 {
        ears::hiss(sound, cues).unwrap_or(f64::NAN)
    }
    let (net_hiss, own_hiss) = (hiss(&played, &cues), hiss(&sound_of(&real), &cues));
    page.show(
        "string-hiss-db",
        &format!("{net_hiss:.1}").captioned(&format!(
            "dB between the harmonics; the string itself: {own_hiss:.1}"
        )),
    )?;
    // ANCHOR_END: string-hiss-db

    // ANCHOR: level-by-age
    let (mut of_net, mut of_string) = ([0.0; 12], [0.0; 12]);
    let real_sound = sound_of(&real);
    for (sums, sound) in [(&mut of_net, &played), (&mut of_string, &real_sound)] {
        let mut counts = [0; 12];
        for (cue, sample) in cues.iter().zip(sound.mono_samples()) {
            if let (Some(_), Some(count)) =
                (cue.pitch, counts.get_mut(cue.age as usize / 400))
            {
                *count += 1;
                sums[cue.age as usize / 400] += f64::from(sample).powi(2);
            }
        }
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum = (*sum / f64::from(count.max(1))).sqrt();
        }
    }
    fn by_age(name: &str, levels: [f64; 12]) -> Series {
        let ages = (0..).map(|i| 25.0 + 50.0 * f64::from(i));
        Series::new(name, ages.zip(levels))
    }
    let figure = plot::curves(
        "How a note fades",
        ("age of the note (ms)", "level"),
        &[by_age("the net", of_net), by_age("the string", of_string)],
    );
    page.show(
        "level-by-age",
        &figure.captioned("Level by the age of the note, over the whole tune"),
    )?;
    // ANCHOR_END: level-by-age

    // ANCHOR: cures
    let mut table = Table::new(&["fork", "noise", "in tune (%)", "hiss (dB)", "bits"]);
    let short = pieces(&lesson[..lesson.len() / 6]);
    for (fork, noise) in [(0, 0.0), (4, 0.0), (0, 6.0), (4, 6.0)] {
        let mut net = net(fork, &mut rng)?.roughened(noise);
        learn(&page, "cures", &mut net, &short, |_, _, _| Ok(()))?;
        let sound = play(&net, &cues, cooling, &mut rng)?;
        let yes = |on: bool| if on { "yes" } else { "no" };
        table.row(&[
            &yes(fork > 0),
            &yes(noise > 0.0),
            &percent(ears::in_tune(&sound, &cues)),
            &format!("{:.1}", hiss(&sound, &cues)),
            &format!("{:.2}", bits(&net, &real)?),
        ]);
    }
    page.show("cures", &table.captioned("Nets with a sixth of the lessons each"))?;
    // ANCHOR_END: cures

    // ANCHOR: string-bits
    let string_bits = bits(&string, &real)?;
    let rungs = lines_to_beat(&lesson, &real)?;
    let mut table = Table::new(&["model", "bits a sample"]);
    for (name, bits) in rungs.iter().chain([&("WaveNet".to_string(), string_bits)]) {
        table.row(&[name, &format!("{bits:.3}")]);
    }
    page.show("string-bits", &table.captioned("The plucked string"))?;
    // ANCHOR_END: string-bits

    // ANCHOR: logistics
    let mut table = Table::new(&["the next code is said by", "bits", "in tune (%)"]);
    for (words, logistics) in [("256 numbers", 0), ("five curves", 5)] {
        let conditioning = string.shape().conditioning;
        let net = NetShape { logistics, ..NetShape::default() };
        let shape = WaveNetShape { net, conditioning };
        let mut net = WaveNet::new(&shape, &mut page.rng(2017))?.roughened(6.0);
        learn(&page, words, &mut net, &short, |_, _, _| Ok(()))?;
        let sound = play(&net, &cues, cooling, &mut rng)?;
        let bits = format!("{:.2}", bits(&net, &real)?);
        table.row(&[&words, &bits, &percent(ears::in_tune(&sound, &cues))]);
    }
    page.show(
        "logistics",
        &table.captioned("Two nets, with a sixth of the lessons each"),
    )?;
    // ANCHOR_END: logistics

    // ANCHOR: two-nets
    let composed = "X:1\nT:A tune by an LSTM\nL:1/4\nQ:1/4=112\nK:C\n\
        A A A/G/ A|A B A G|G G G G|G c e d|c/B/ A/G/ A/G/ F/G/|\
        c A/G/ G G|G/A/ G E2|c3/2d/ f e|d c A G|F2 z2|]";
    let (tune, _) = abc::decode(composed.as_bytes())?.swap_remove(0);
    let by_both = play(&string, &Cue::of(&tune, RATE), cooling, &mut rng)?;
    page.show(
        "two-nets",
        &Played(&tune, by_both.faded(0.0, 0.1).levelled())
            .captioned("One net composed it, another plays it"),
    )?;
    // ANCHOR_END: two-nets

    // ANCHOR: temperature
    let mut table = Table::new(&["temperature", "in tune (%)", "hiss (dB)", "level"]);
    for (name, start, end) in
        [("1", 1.0, 1.0), ("0.7", 0.7, 0.7), ("0.4", 0.4, 0.4), ("1, then 0.3", 1.0, 0.3)]
    {
        let cools = |age: f64| (end + (start - end) * (-age / 0.05).exp()) as f32;
        let sound = play(&string, &cues, cools, &mut rng)?;
        table.row(&[
            &name,
            &percent(ears::in_tune(&sound, &cues)),
            &format!("{:.1}", hiss(&sound, &cues)),
            &format!("{:.3}", sound.rms()),
        ]);
    }
    table.row(&[
        &"the string itself",
        &percent(ears::in_tune(&real_sound, &cues)),
        &format!("{own_hiss:.1}"),
        &format!("{:.3}", real_sound.rms()),
    ]);
    page.show("temperature", &table.captioned("The same tune at other temperatures"))?;
    // ANCHOR_END: temperature

    // ANCHOR: fast
    let codes: Vec<u8> = test[..300].iter().map(|moment| moment.code).collect();
    let width = string.shape().conditioning.map_or(0, |told| told.width());
    let told = vec![0.0; width * codes.len()];
    // The fastest of ten rounds each, in turn: whatever else the machine does only makes a round slower.
    let (mut plain, mut with_queues) = (f64::INFINITY, f64::INFINITY);
    let mut queues = string.net().queues()?;
    for _ in 0..10 {
        let start = Instant::now();
        string.net().begin(1);
        string.net().forward(&codes[..255], &told[..255 * width])?;
        plain = plain.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        for code in &codes {
            queues.step(*code, &told[..width]);
        }
        with_queues = with_queues.min(start.elapsed().as_secs_f64() / codes.len() as f64);
    }
    let ratio = format!("{:.0}", plain / with_queues);
    page.show(
        "fast",
        &ratio.captioned("times as fast with queues, measured in this run"),
    )?;
    // ANCHOR_END: fast

    // ANCHOR: play
    let still = play(
        &string,
        &Cue::of(&Melody::parse(4, "G4 B4 D5 G5:4")?.score("", 0), RATE),
        cooling,
        &mut rng,
    )?;
    let live = Live::new("keys", 1, still.faded(0.0, 0.1).levelled())
        .slider(
            "temperature",
            "temperature once the note has begun",
            (0.1, 1.2),
            0.05,
            0.4,
        )
        .slider("attack", "temperature at the attack", (0.1, 1.2), 0.05, 1.0)
        .playing(string.to_bytes()?);
    page.show(
        "play",
        &live.captioned("Play it: the net makes every sample as you press"),
    )?;
    // ANCHOR_END: play
    Ok(())
}
