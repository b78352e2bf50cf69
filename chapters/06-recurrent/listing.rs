//! 06 Memory: a net that carries a bit, a net that sings to a plan, a net that hears a tune; and what they forget.

// ANCHOR: imports
use aeolian::music::{Alphabet, Melody, Pitch, Score, Step};
use aeolian::nn::{
    Activation, Adam, Bernoulli, Curve, Dense, LastStep, Layer, Learner, Lstm, Parameter,
    Rnn, Schedule, Stack, Training, train,
};
use aeolian::page::{Live, Page, Show, Table, Takes};
use aeolian::plot::{self, Series};
use aeolian::predict::{
    Predictor, Sampling, TakingTurns, bits_per_note, generate_within, share_of_new,
};
use aeolian::recurrent::{
    Architecture, Cell, SequenceModel, adding, adding_error, correlation,
};
use ndarray::{Array2, Axis, s};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
// ANCHOR_END: imports

fn main() -> aeolian::Result<()> {
    // ANCHOR: half-heard
    let takes = [Takes::Folds("keep one piece in N of your music for the test")];
    let mut page = Page::open_with("06-recurrent", &takes)?;
    let mut rng = page.rng(1990);
    let song = "C4:2 D4:2 E4:2 C4:2 C4:2 D4:2 E4:2 C4:2 E4:2 F4:2 G4:4 E4:2 F4:2 G4:4";
    let score = Melody::parse(2, song)?.score("Frère Jacques", 73).with_tempo(132.0);
    page.show("half-heard", &score.captioned("Two phrases, each sung twice"))?;
    // ANCHOR_END: half-heard

    // ANCHOR: on-paper
    let (a, b) = ([1, 1, 0, 1, 0, 1, 1, 0, 0], [1, 0, 0, 1, 1, 1, 0, 0, 0]);
    let mut carry = 0;
    let mut table =
        Table::new(&["step", "a", "b", "carried here", "written", "carried on"]);
    for step in 0..9 {
        let total = a[step] + b[step] + carry;
        table.row(&[&step, &a[step], &b[step], &carry, &(total % 2), &(total / 2)]);
        carry = total / 2;
    }
    page.show("on-paper", &table.captioned("107 + 57 = 164, lowest bits first"))?;
    // ANCHOR_END: on-paper

    // ANCHOR: sums
    /// A batch of sums of two random numbers, lowest bits first.
    struct Sums {
        /// The two bits that are heard at each step `[T B][2]`.
        heard: Array2<f32>,
        /// The bit to write `[T B][1]`.
        sum: Array2<f32>,
        /// What is to be carried on `[T B]`. No net is told.
        carry: Vec<f32>,
    }

    /// One step more than there are bits, for the last carry.
    fn sums(bits: usize, batch: usize, rng: &mut ChaCha8Rng) -> Sums {
        let rows = (bits + 1) * batch;
        let (mut heard, mut sum) = (Array2::zeros((rows, 2)), Array2::zeros((rows, 1)));
        let mut carry = vec![0.0; rows];
        for row in 0..rows {
            if row / batch < bits {
                heard.row_mut(row).mapv_inplace(|_: f32| f32::from(rng.random::<bool>()));
            }
            let before = if row < batch { 0.0 } else { carry[row - batch] };
            let total = heard.row(row).sum() + before;
            sum[[row, 0]] = total % 2.0;
            carry[row] = (total / 2.0).floor();
        }
        Sums { heard, sum, carry }
    }
    // ANCHOR_END: sums

    // ANCHOR: adder
    /// Two bits in, one bit out, and a memory.
    struct Adder {
        rnn: Rnn,
        dense: Dense,
    }

    impl Adder {
        fn new(units: usize, rng: &mut ChaCha8Rng) -> Adder {
            Adder {
                rnn: Rnn::new("rnn", 2, units, rng),
                dense: Dense::new("dense", units, 1, rng),
            }
        }

        fn parameters(&mut self) -> Vec<&mut Parameter> {
            let mut all = self.rnn.parameters();
            all.extend(self.dense.parameters());
            all
        }
    }
    // ANCHOR_END: adder

    // ANCHOR: step
    impl Adder {
        /// One step: the two bits `x` and the memory `h` of the step before, to the output and the new memory.
        fn step(&self, x: &Array2<f32>, h: &Array2<f32>) -> (f32, Array2<f32>) {
            let (w, b) = (&self.rnn.input.weight.values, &self.rnn.input.bias.values);
            let r = &self.rnn.units.recurrent.values;
            let h = (x.dot(w) + b + h.dot(r)).mapv(f32::tanh);
            let y = h.dot(&self.dense.weight.values) + &self.dense.bias.values;
            (y[[0, 0]], h)
        }
    }
    // ANCHOR_END: step

    // ANCHOR: unrolled
    let (mut boxes, mut ways) = (vec![], vec![]);
    for (step, words) in ["h₁", "h₂", "h₃", "h₄"].into_iter().enumerate() {
        let (first, across) = (5 * step, 0.06 + 0.29 * step as f64);
        let (heard, said) =
            (["x₁", "x₂", "x₃", "x₄"][step], ["y₁", "y₂", "y₃", "y₄"][step]);
        boxes.extend([(said, across, 0.0), (words, across, 1.3), ("W", across, 2.4)]);
        boxes.extend([(heard, across, 3.5), ("R", across + 0.145, 1.3)]);
        ways.extend([(first + 3, first + 2), (first + 2, first + 1), (first + 1, first)]);
        ways.push((first + 1, first + 4));
        if step > 0 {
            ways.push((first - 1, first + 1));
        }
    }
    boxes.pop(); // the last state leads nowhere yet
    ways.retain(|(_, to)| *to < boxes.len());
    let figure = plot::diagram("A net that hears itself, step by step", &boxes, &ways);
    page.show(
        "unrolled",
        &figure.captioned("Four steps of one net: each W is the same, each R too"),
    )?;
    // ANCHOR_END: unrolled

    // ANCHOR: through-time
    /// From the blame of the states `[T][H]` to the gradients of `W`, `b` and `R`; the last step comes first.
    fn through_time(
        x: &Array2<f32>,
        h: &Array2<f32>,
        r: &Array2<f32>,
        blame: &Array2<f32>,
    ) -> [Array2<f32>; 3] {
        let (inputs, units) = (x.ncols(), h.ncols());
        let mut dw = Array2::zeros((inputs, units));
        let mut db = Array2::zeros((1, units));
        let mut dr = Array2::zeros((units, units));
        let mut from_later = Array2::zeros((1, units));
        for t in (0..h.nrows()).rev() {
            let now = s![t..t + 1, ..];
            let dh = &blame.slice(now) + &from_later;
            let da = dh * h.slice(now).mapv(|h| 1.0 - h * h);
            dw += &x.slice(now).t().dot(&da);
            db += &da;
            if t > 0 {
                dr += &h.slice(s![t - 1..t, ..]).t().dot(&da);
            }
            from_later = da.dot(&r.t());
        }
        [dw, db, dr]
    }
    // ANCHOR_END: through-time

    // ANCHOR: same-gradients
    let mut chance = ChaCha8Rng::seed_from_u64(1990);
    let mut rnn = Rnn::new("rnn", 2, 16, &mut chance);
    let x = Array2::from_shape_fn((30, 2), |_| chance.random_range(-1.0..1.0_f32));
    let blame = Array2::from_shape_fn((30, 16), |_| chance.random_range(-1.0..1.0_f32));
    rnn.begin(1);
    let h = rnn.forward(x.view())?.to_owned();
    rnn.backward(blame.view())?;
    let by_hand = through_time(&x, &h, &rnn.units.recurrent.values, &blame);
    let mut off = 0.0_f32;
    for (one, parameter) in by_hand.iter().zip(rnn.parameters()) {
        off = (one - &parameter.gradient).iter().fold(off, |off, one| off.max(one.abs()));
    }
    assert!(off < 1e-3);
    page.show(
        "same-gradients",
        &format!("{off:.6}")
            .captioned("largest difference from the library, over 30 steps"),
    )?;
    // ANCHOR_END: same-gradients

    // ANCHOR: learn-to-add
    /// Shows a new net 10,000 sums of 8 bits, ten at a time, each once.
    fn learn_to_add(seed: u64) -> aeolian::Result<Adder> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut adder = Adder::new(16, &mut rng);
        let mut loss = Bernoulli::default();
        let mut adam = Adam::new(Schedule::Constant(0.01)).with_longest(1.0);
        for _ in 0..1000 {
            let Sums { heard, sum, .. } = sums(8, 10, &mut rng);
            adder.rnn.begin(10);
            let h = adder.rnn.forward(heard.view())?;
            let y = adder.dense.forward(h)?;
            loss.forward(y, sum.view(), &[true; 90])?;
            let dy = loss.backward(1.0 / 90.0)?;
            let dh = adder.dense.backward(dy)?;
            adder.rnn.backward(dh)?;
            adam.step(&mut adder.parameters())?;
        }
        Ok(adder)
    }
    // ANCHOR_END: learn-to-add

    // ANCHOR: exact
    /// How many of these sums the net gets right in every bit.
    fn exact(
        adder: &mut Adder,
        bits: usize,
        count: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<usize> {
        let Sums { heard, sum, .. } = sums(bits, count, rng);
        adder.rnn.begin(count);
        let y = adder.dense.forward(adder.rnn.forward(heard.view())?)?;
        let mut right = vec![true; count];
        for (row, y) in y.iter().enumerate() {
            right[row % count] &= (*y > 0.0) == (sum[[row, 0]] > 0.5);
        }
        Ok(right.into_iter().filter(|right| *right).count())
    }
    // ANCHOR_END: exact

    // ANCHOR: addition-accuracy
    let seeds: Vec<u64> = (0..10).map(|_| rng.random()).collect();
    let adders: Vec<aeolian::Result<Adder>> =
        seeds.par_iter().map(|seed| learn_to_add(*seed)).collect();
    let mut adders = adders.into_iter().collect::<aeolian::Result<Vec<Adder>>>()?;
    let mut right = vec![];
    for adder in &mut adders {
        right.push(exact(adder, 8, 1000, &mut rng)?);
    }
    let mean = format!("{:.1}", right.iter().sum::<usize>() as f64 / 10.0);
    page.show(
        "addition-accuracy",
        &mean.captioned("exact sums of 1,000, mean of ten nets"),
    )?;
    // ANCHOR_END: addition-accuracy

    // ANCHOR: addition-seeds-solved
    let solved = right.iter().filter(|right| **right == 1000).count();
    page.show("addition-seeds-solved", &solved.captioned("of ten nets make no mistake"))?;
    // ANCHOR_END: addition-seeds-solved

    // ANCHOR: addition-longer
    let mut table = Table::new(&["bits", "exact sums of 1,000", "worst net"]);
    for bits in [8, 16, 32, 64, 128, 256] {
        let mut right = vec![];
        for adder in &mut adders {
            right.push(exact(adder, bits, 1000, &mut rng)?);
        }
        let mean = format!("{:.1}", right.iter().sum::<usize>() as f64 / 10.0);
        table.row(&[&bits, &mean, &right.iter().min().copied().unwrap_or(0)]);
    }
    page.show("addition-longer", &table.captioned("Trained on 8 bits only"))?;
    // ANCHOR_END: addition-longer

    // ANCHOR: inside
    let mut h = Array2::zeros((1, 16));
    let mut states = Array2::zeros((16, 9));
    let mut written = vec![];
    for step in 0..9 {
        let x = Array2::from_shape_fn((1, 2), |(_, number)| [a, b][number][step] as f32);
        let (y, next) = adders[0].step(&x, &h);
        written.push(u8::from(y > 0.0).to_string());
        states.column_mut(step).assign(&next.row(0).mapv(f64::from));
        h = next;
    }
    let steps: Vec<String> = (0..9).map(|step| step.to_string()).collect();
    let units: Vec<String> = (1..=16).map(|unit| unit.to_string()).collect();
    let figure = plot::heatmap(
        "The memory while it adds 107 and 57",
        ("step", "unit"),
        &units,
        &steps,
        &states,
    );
    page.show("inside", &figure.captioned("Sixteen numbers, step after step"))?;
    // ANCHOR_END: inside

    // ANCHOR: written
    page.show("written", &written.join(" ").captioned("the net writes, lowest first"))?;
    // ANCHOR_END: written

    // ANCHOR: carry-seen
    let Sums { heard, carry, .. } = sums(8, 1000, &mut rng);
    let carry: Vec<f64> = carry.into_iter().map(f64::from).collect();
    adders[0].rnn.begin(1000);
    let states = adders[0].rnn.forward(heard.view())?.mapv(f64::from);
    let mut best = 0.0f64;
    for unit in states.columns() {
        best = best.max(correlation(&unit.to_vec(), &carry).abs());
    }
    let best = format!("{best:.2}");
    page.show(
        "carry-seen",
        &best.captioned("correlation of the best unit with the carry"),
    )?;
    // ANCHOR_END: carry-seen

    // ANCHOR: puzzle
    // The round of the beginning; C D E F G are 0 to 4.
    const ROUND: [usize; 14] = [0, 1, 2, 0, 0, 1, 2, 0, 2, 3, 4, 2, 3, 4];
    let (cell, units) = (Cell::Rnn, 16);
    let size = Architecture { cell, units, embedding: 8, ..Architecture::default() };
    let mut singer = SequenceModel::new(5, &size, &mut page.rng(1989))?;
    let settings =
        Training { batch: 4, window: 28, epochs: 60, rate: 0.01, ..Training::default() };
    train(&mut singer, &vec![ROUND.repeat(8); 8], &[], &settings, |_| {})?;
    let mut player = singer.player()?;
    let mut table = Table::new(&["it has heard", "C comes (%)", "E comes (%)"]);
    for (words, from, to) in [
        ("all, up to the fourth note", 0, 4),
        ("all, up to the eighth", 0, 8),
        ("up to the eighth, but the last four alone", 4, 8),
    ] {
        player.forget();
        ROUND[from..to].iter().for_each(|note| player.hear(*note));
        let mut chances = vec![0.0; 5];
        player.predict(&mut chances);
        let [c, e] = [chances[0], chances[2]].map(|p| format!("{:.1}", 100.0 * p));
        table.row(&[&words, &c, &e]);
    }
    page.show("puzzle", &table.captioned("What a net of sixteen units expects"))?;
    // ANCHOR_END: puzzle

    // ANCHOR: slices
    /// The first 32 eighths of a tune: the key that sounds, and whether it is struck there.
    fn slices(melody: &Melody) -> Vec<(u8, bool)> {
        let mut slices: Vec<(u8, bool)> = vec![];
        let mut ticks = 0u64;
        for step in &melody.steps {
            let from = slices.len();
            ticks += u64::from(step.duration);
            let end = (2 * ticks / u64::from(melody.resolution.max(1))).min(32);
            // A rest lengthens the note before it. What is shorter than an eighth may get lost.
            let last = slices.last().map(|slice| slice.0);
            if let Some(key) = step.pitch.map(Pitch::midi).or(last) {
                while (slices.len() as u64) < end {
                    slices.push((key, step.pitch.is_some() && slices.len() == from));
                }
            }
        }
        slices
    }
    // ANCHOR_END: slices

    // ANCHOR: fed-back
    let boxes = [
        ("output", 0.23, 0.0),
        ("hidden", 0.23, 1.3),
        ("plan", 0.05, 2.6),
        ("trace", 0.42, 2.6),
        ("output", 0.72, 0.0),
        ("state", 0.72, 1.3),
        ("input", 0.58, 2.6),
        ("state before", 0.9, 2.6),
    ];
    let jordan = [(2, 1), (3, 1), (1, 0), (0, 3)];
    let elman = [(6, 5), (7, 5), (5, 4), (5, 7)];
    let title = "Jordan's net (left) feeds back what it said, Elman's what it thought";
    let figure = plot::diagram(title, &boxes, &[jordan, elman].concat());
    page.show("fed-back", &figure.captioned("Both go back a step; only one is learned"))?;
    // ANCHOR_END: fed-back

    // ANCHOR: todd-net
    /// What is left of a key's trace an eighth later.
    const TRACE: f32 = 0.8;

    /// After Todd (1989): which tune (the plan) and what was just played (the context) to what comes next.
    struct Todd {
        /// From plans and contexts `[N][tunes + keys + 1]` to what comes next `[N][keys + 1]`.
        net: Stack,
        /// The keys that it can play; one more output says whether the key is struck.
        keys: Vec<u8>,
    }

    impl Todd {
        /// What was just played is heard best, what was before it less and less.
        fn hear(context: &mut [f32], played: &[f32]) {
            for (trace, played) in context.iter_mut().zip(played) {
                *trace = TRACE * *trace + played;
            }
        }

        /// An eighth as outputs.
        fn outputs(&self, (key, struck): (u8, bool)) -> Vec<f32> {
            let keys = self.keys.iter().map(|&other| f32::from(u8::from(other == key)));
            keys.chain([f32::from(u8::from(struck))]).collect()
        }
    }
    // ANCHOR_END: todd-net

    // ANCHOR: todd-plays
    impl Todd {
        /// Plays 32 eighths to a plan, hearing nothing but itself. At temperature 0 it always takes the likeliest key.
        fn play(
            &mut self,
            plan: &[f32],
            temperature: f64,
            rng: &mut ChaCha8Rng,
        ) -> aeolian::Result<Vec<(u8, bool)>> {
            let sampling = Sampling { temperature, ..Sampling::default() };
            let mut context = vec![0.0; self.keys.len() + 1];
            let mut played = vec![];
            for _ in 0..32 {
                let x: Vec<f32> = plan.iter().chain(&context).copied().collect();
                let x = Array2::from_shape_fn((1, x.len()), |(_, place)| x[place]);
                let y = self.net.forward(x.view())?;
                let coins = y.mapv(|y| 1.0 / (1.0 + f64::from(-y).exp()));
                let (keys, struck) = coins.row(0).split_at(Axis(0), self.keys.len());
                let key = sampling.draw(&keys.to_vec(), rng).unwrap_or(0);
                let now = (self.keys[key], struck[0] > 0.5);
                Todd::hear(&mut context, &self.outputs(now));
                played.push(now);
            }
            Ok(played)
        }
    }
    // ANCHOR_END: todd-plays

    // ANCHOR: melody-of
    /// Eighths as a melody.
    fn melody_of(slices: &[(u8, bool)]) -> Melody {
        let mut steps: Vec<Step> = vec![];
        for &(key, struck) in slices {
            let pitch = Pitch::from_midi(key);
            match steps.last_mut() {
                Some(last) if !struck && last.pitch == pitch => last.duration += 1,
                _ => steps.push(Step { pitch, duration: 1 }),
            }
        }
        Melody { resolution: 2, steps }
    }
    // ANCHOR_END: melody-of

    // ANCHOR: examples
    /// Every eighth of every tune is an example: the plan, and what was played before it, to what is played now.
    fn examples(tunes: &[Vec<(u8, bool)>], todd: &Todd) -> (Array2<f32>, Array2<f32>) {
        let outputs = todd.keys.len() + 1;
        let (mut x, mut next) = (vec![], vec![]);
        for (number, tune) in tunes.iter().enumerate() {
            let mut context = vec![0.0; outputs];
            for slice in tune {
                x.extend(
                    (0..tunes.len()).map(|other| f32::from(u8::from(other == number))),
                );
                x.extend(&context);
                let played = todd.outputs(*slice);
                Todd::hear(&mut context, &played);
                next.extend(played);
            }
        }
        let rows = next.len() / outputs;
        let inputs = tunes.len() + outputs;
        let x = Array2::from_shape_fn((rows, inputs), |(row, at)| x[row * inputs + at]);
        let next =
            Array2::from_shape_fn((rows, outputs), |(row, at)| next[row * outputs + at]);
        (x, next)
    }
    // ANCHOR_END: examples

    // ANCHOR: learn-tunes
    /// Teaches a net these tunes; the plan says which one.
    fn learn_tunes(
        tunes: &[Vec<(u8, bool)>],
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Todd> {
        let mut keys: Vec<u8> = tunes.iter().flatten().map(|slice| slice.0).collect();
        keys.sort_unstable();
        keys.dedup();
        let (inputs, outputs) = (tunes.len() + keys.len() + 1, keys.len() + 1);
        let net = Stack::new()
            .with(Dense::new("hidden", inputs, 24, rng))
            .with(Activation::new(Curve::Tanh))
            .with(Dense::new("out", 24, outputs, rng));
        let mut todd = Todd { net, keys };
        let (x, next) = examples(tunes, &todd);
        let mut loss = Bernoulli::default();
        let mut adam = Adam::new(Schedule::Constant(0.01));
        for _ in 0..2000 {
            let y = todd.net.forward(x.view())?;
            loss.forward(y, next.view(), &vec![true; x.nrows()])?;
            todd.net.backward(loss.backward(1.0 / x.nrows() as f32)?)?;
            adam.step(&mut todd.net.parameters())?;
        }
        Ok(todd)
    }
    // ANCHOR_END: learn-tunes

    // ANCHOR: in-c
    /// The melody of a score, moved to C or to a key with the same signature.
    fn in_c(score: &Score) -> Melody {
        let mut melody = score.melody();
        let tonic = score.keys.first().map_or(0, |key| i32::from(key.1.tonic()));
        let up = if tonic > 6 { 12 - tonic } else { -tonic };
        for step in &mut melody.steps {
            step.pitch = step.pitch.and_then(|pitch| pitch.transposed(up));
        }
        melody
    }
    // ANCHOR_END: in-c

    // ANCHOR: todd-tunes
    let corpus = page.tunes()?;
    let own = page.music().is_some();
    let titles =
        ["Frère Jacques", "Twinkle, Twinkle, Little Star", "Au clair de la lune"];
    let (mut tunes, mut names) = (vec![], vec![]);
    for piece in &corpus.pieces {
        let eighths = slices(&in_c(&piece.score));
        if (own || titles.contains(&piece.score.title.as_str())) && !eighths.is_empty() {
            tunes.push(eighths.into_iter().cycle().take(32).collect::<Vec<_>>());
            names.push(piece.name());
        }
    }
    let some = page.own("todd", "Frère Jacques", |_| match tunes.is_empty() {
        true => Err(aeolian::Error::value("No melody has an eighth", "Give longer ones")),
        false => Ok(()),
    })?;
    if own && some.is_none() {
        tunes.push(slices(&Melody::parse(2, song)?));
        names.push("Frère Jacques".to_string());
    }
    tunes.truncate(3);
    names.truncate(3);
    page.note(
        "todd-tunes",
        &format!("The tunes that Todd's net learns: {}", names.join(", ")),
    )?;
    // ANCHOR_END: todd-tunes

    // ANCHOR: todd-right
    let mut todd = learn_tunes(&tunes, &mut rng)?;
    let mut right = 0;
    for (number, tune) in tunes.iter().enumerate() {
        let mut plan = vec![0.0; tunes.len()];
        plan[number] = 1.0;
        let played = todd.play(&plan, 0.0, &mut rng)?;
        right += played.iter().zip(tune).filter(|pair| pair.0 == pair.1).count();
    }
    let right = format!("{right} of {}", 32 * tunes.len());
    page.show("todd-right", &right.captioned("eighths, played as they were taught"))?;
    // ANCHOR_END: todd-right

    // ANCHOR: todd
    let mut score = Score::new("Two plans, and half of each", 2);
    for (name, mix) in [("first tune", 0.0), ("half of each", 0.5), ("second tune", 1.0)]
    {
        let mut plan = vec![1.0 - mix, mix, 0.0];
        plan.resize(tunes.len(), 0.0);
        let temperature = if mix == 0.5 { 1.0 } else { 0.0 };
        let mut notes = melody_of(&todd.play(&plan, temperature, &mut rng)?).notes();
        let start = score.end();
        notes.iter_mut().for_each(|note| note.onset += start);
        score = score.with_voice(name, 73, notes);
    }
    let mut live = Live::new("plans", 1989, score);
    for (number, name) in names.iter().enumerate() {
        let (slider, start) = (format!("tune{number}"), [0.5, 0.5, 0.0][number]);
        live =
            live.slider(&slider, &format!("how much of {name}"), (0.0, 1.0), 0.05, start);
    }
    let live = live
        .slider("temperature", "temperature", (0.0, 2.0), 0.05, 1.0)
        .slider("tempo", "quarter notes a minute", (60.0, 240.0), 1.0, 120.0)
        .playing_json(&(&names, &todd.keys, TRACE, todd.net.parameters()))?;
    let caption = "The first tune on the left; half and half; the second on the right";
    page.show("todd", &live.captioned(caption))?;
    // ANCHOR_END: todd

    // ANCHOR: lessons
    page.from_book("");
    let divided = corpus.divided(page.number("folds"))?;
    let split = divided.melodies(None)?.swap_remove(0);
    let alphabet = Alphabet::of(&split.train);
    let lessons = alphabet.encode_all(&alphabet.in_keys(&split.train, -3..=3));
    page.show("lessons", &lessons.len().captioned("melodies, moved ones among them"))?;
    // ANCHOR_END: lessons

    // ANCHOR: training
    let architecture = Architecture {
        cell: Cell::Rnn,
        embedding: 32,
        units: 160,
        layers: 1,
        dropout: 0.5,
    };
    let mut model = SequenceModel::new(alphabet.len(), &architecture, &mut rng)?;
    let settings = Training { epochs: 16, seed: rng.random(), ..Training::default() };
    let valid = alphabet.encode_all(&split.valid);
    let progress = page.progress("a net hears the tunes", 0);
    let history = train(&mut model, &lessons, &valid, &settings, |now| {
        progress.at(now.step, now.steps);
    })?;
    drop(progress);
    let [learned, others] = history.curves();
    let curves = [
        Series::new("tunes it learns from", learned),
        Series::new("other tunes", others),
    ];
    let figure = plot::curves("Hearing the tunes", ("epoch", "bits a symbol"), &curves);
    page.show("training", &figure.captioned("Less surprised each time"))?;
    // ANCHOR_END: training

    // ANCHOR: rnn-bits
    let test = alphabet.encode_all(&split.test);
    let bits = bits_per_note(model.player()?, &alphabet, &test)?;
    page.show("rnn-bits", &format!("{bits:.3}").captioned("bits a note"))?;
    // ANCHOR_END: rnn-bits

    // ANCHOR: melody
    let sampling = Sampling { temperature: 0.7, ..Sampling::default() };
    let mut player = TakingTurns::new(model.player()?, alphabet.turns());
    let end = alphabet.end();
    let new_tune = generate_within(&mut player, 80..=160, end, sampling, &mut rng)?;
    let score = alphabet.decode(&new_tune).score("A tune by a net", 73).with_tempo(112.0);
    page.show("melody", &score.captioned("A tune by the recurrent net"))?;
    // ANCHOR_END: melody

    // ANCHOR: melody-new
    let tunes = alphabet.encode_all(&split.train);
    let new = format!("{:.0} %", 100.0 * share_of_new(&new_tune, &tunes, 8));
    page.show("melody-new", &new.captioned("of its four-note runs are in no tune"))?;
    // ANCHOR_END: melody-new

    // ANCHOR: median
    /// Random inputs, four a step.
    fn noise(steps: usize, rng: &mut ChaCha8Rng) -> Array2<f32> {
        Array2::from_shape_fn((steps, 4), |_| rng.random_range(-1.0..1.0))
    }

    /// The middle one of several curves at each place.
    fn median(curves: &[Vec<f64>]) -> Vec<(f64, f64)> {
        let places = curves.iter().map(Vec::len).min().unwrap_or(0);
        let mut points = vec![];
        for place in 0..places {
            let mut values: Vec<f64> = curves.iter().map(|curve| curve[place]).collect();
            values.sort_by(f64::total_cmp);
            points.push((place as f64, values[values.len() / 2]));
        }
        points
    }
    // ANCHOR_END: median

    // ANCHOR: gradient-by-lag
    let (mut plain, mut lstms) = (vec![], vec![]);
    for _ in 0..9 {
        let x = noise(101, &mut rng);
        let mut rnn = Rnn::new("rnn", 4, 32, &mut rng);
        plain.push(rnn.gradient_by_lag(x.view())?);
        let mut lstm = Lstm::new("lstm", 4, 32, &mut rng);
        lstms.push(lstm.gradient_by_lag(x.view())?);
    }
    let curves =
        [Series::new("plain", median(&plain)), Series::new("LSTM", median(&lstms))];
    let mut table = Table::new(&["lag", "plain", "LSTM"]);
    for lag in [1, 10, 20, 50, 100] {
        let left = |curve: &Series| format!("{:.1e}", curve.points[lag].1);
        table.row(&[&lag, &left(&curves[0]), &left(&curves[1])]);
    }
    let axes = ("lag (steps)", "norm of ∂h_T/∂h_t");
    let figure = plot::log_curves("What is left of a nudge", axes, &curves);
    let caption = "The median of nine untrained nets of each kind";
    page.show("gradient-by-lag", &(figure, table).captioned(caption))?;
    // ANCHOR_END: gradient-by-lag

    // ANCHOR: gradient-by-scale
    let mut curves = vec![];
    for scale in [0.8, 1.0, 1.25, 2.0] {
        let mut nets = vec![];
        for _ in 0..9 {
            let x = 0.1 * noise(101, &mut rng);
            let mut rnn = Rnn::new("rnn", 4, 32, &mut rng);
            rnn.units.recurrent.values *= scale;
            nets.push(rnn.gradient_by_lag(x.view())?);
        }
        curves.push(Series::new(&format!("R times {scale}"), median(&nets)));
    }
    let axes = ("lag (steps)", "norm of ∂h_T/∂h_t");
    let figure = plot::log_curves("Too little, too much", axes, &curves);
    page.show(
        "gradient-by-scale",
        &figure.captioned("Plain nets that whisper or shout"),
    )?;
    // ANCHOR_END: gradient-by-scale

    // ANCHOR: learn-to-find
    /// Trains a plain net on sequences of this length, and gives its mean squared error on 1,000 new ones.
    fn learn_to_find(steps: usize, rounds: u64, seed: u64) -> aeolian::Result<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut net = Stack::new()
            .with(Rnn::new("rnn", 2, 32, &mut rng))
            .with(LastStep::new())
            .with(Dense::new("dense", 32, 1, &mut rng));
        let mut adam = Adam::new(Schedule::Constant(0.002)).with_longest(1.0);
        for _ in 0..rounds {
            let examples = adding(steps, 20, &mut rng);
            adding_error(&mut net, &examples, Some(&mut adam))?;
        }
        adding_error(&mut net, &adding(steps, 1000, &mut rng), None)
    }
    // ANCHOR_END: learn-to-find

    // ANCHOR: adding-by-length
    let mut tasks: Vec<(usize, u64)> = vec![];
    for steps in [10, 20, 50, 100] {
        tasks.extend([0; 3].map(|_| (steps, rng.random())));
    }
    let errors: Vec<aeolian::Result<f64>> =
        tasks.par_iter().map(|&(steps, seed)| learn_to_find(steps, 4000, seed)).collect();
    let errors = errors.into_iter().collect::<aeolian::Result<Vec<f64>>>()?;
    let mut table =
        Table::new(&["steps", "mean squared error", "best of three", "worst"]);
    let mut last = String::new();
    for (task, errors) in tasks.chunks(3).zip(errors.chunks(3)) {
        let mut errors = errors.to_vec();
        errors.sort_by(f64::total_cmp);
        let [best, middle, worst] = [0, 1, 2].map(|net| format!("{:.4}", errors[net]));
        table.row(&[&task[0].0, &middle, &best, &worst]);
        last = middle;
    }
    page.show("adding-by-length", &table.captioned("Three plain nets of each length"))?;
    // ANCHOR_END: adding-by-length

    // ANCHOR: adding-problem
    page.show("adding-problem", &last.captioned("mean squared error, plain, 100 steps"))?;
    // ANCHOR_END: adding-problem
    Ok(())
}
