//! 10 Forger and expert: two nets at a game, on a line, on a ring, and on bars of music.

// ANCHOR: imports
use aeolian::bars::{
    BAR, Lesson, Lessons, NoteChain, SYMBOLS, Unit, Vae, VaeShape, WORDS, copies, critic,
    distinct, drawn, floor, interval_overlap, metres, rank_correlation, rhythm_overlap,
    rows, score, sung, words,
};
use aeolian::gan::measure::{Modes, mean_and_deviation, modes, wasserstein};
use aeolian::gan::{Arena, Forger, ForgerShape, Game, Latent, Loss, Made, Rules};
use aeolian::gan::{ExpertShape, belief, for_each_seed, forged};
use aeolian::music::{Corpus, Melody, Part, Pitch, Score, Step};
use aeolian::nn::{Curve, Learner, Saved, Schedule, Training, train};
use aeolian::page::{Live, Page, Show, Table};
use aeolian::plot::{self, Series};
use aeolian::recurrent::{Architecture, SequenceModel};
use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
// ANCHOR_END: imports

// ANCHOR: numbers-heard
/// Numbers as notes: 4 is C5, and one more is an octave higher.
fn notes(numbers: &[f64]) -> Vec<Step> {
    let pitch = |x: f64| (72.0 + 12.0 * (x - 4.0)).round().clamp(36.0, 108.0) as i32;
    let steps = numbers.iter().filter_map(|x| Pitch::new(pitch(*x)).ok());
    steps.map(|pitch| Step::note(pitch, 1)).collect()
}

fn score_of(title: &str, numbers: &[f64]) -> Score {
    Melody { resolution: 4, steps: notes(numbers) }.score(title, 11)
}

/// How often numbers fall near each place from 2 to 6: a bell of a fixed width around each.
fn density(numbers: &[f64]) -> Vec<(f64, f64)> {
    let bell = |x: f64| (-x * x / 0.02).exp() / (0.02 * std::f64::consts::PI).sqrt();
    let at = |x: f64| numbers.iter().map(|y| bell(x - y)).sum::<f64>();
    let places = (0..81).map(|i| 2.0 + 0.05 * f64::from(i));
    places.map(|x| (x, at(x) / numbers.len() as f64)).collect()
}

/// The first column of what a forger made, or of what is real.
fn column(numbers: &Array2<f32>) -> Vec<f64> {
    numbers.column(0).iter().map(|x| f64::from(*x)).collect()
}
// ANCHOR_END: numbers-heard

// ANCHOR: recipes
/// A learning rate that falls to a fiftieth, over so many steps.
fn falling(highest: f32, steps: u64) -> Schedule {
    Schedule::WarmUpAndCosine { highest, lowest: highest / 50.0, warm_up: 0, steps }
}

/// The game as it was at first: steady rates, a long memory, no cure.
fn plain(rate: f32) -> Rules {
    let rate = Schedule::Constant(rate);
    Rules { forger: rate, expert: rate, beta_1: 0.9, ..Rules::default() }
}

/// A short memory, and rates that fall.
fn calm(rate: f32, steps: u64) -> Rules {
    let rate = falling(rate, steps);
    Rules { forger: rate, expert: rate, ..Rules::default() }
}

/// The cure of the line: R1 besides.
fn cure_of_line(steps: u64) -> Rules {
    Rules { penalty: 0.1, nudge: 0.05, ..calm(2e-3, steps) }
}
// ANCHOR_END: recipes

fn main() -> aeolian::Result<()> {
    // ANCHOR: line
    let mut page = Page::open("10-gan")?;
    let mut rng = page.rng(2014);
    let (line, steps) = (Arena::line(), 5000);
    let cure = cure_of_line(steps);
    let mut game = line.game(&cure)?;
    for _ in 0..steps {
        line.step(&mut game)?;
    }
    let real = column(&line.real(4000, &mut rng));
    let fake = column(&forged(&mut game.mean_forger(), 4000, &mut rng)?);
    let curves =
        [Series::new("real", density(&real)), Series::new("forged", density(&fake))];
    let figure = plot::curves("Numbers around 4", ("number", "density"), &curves);
    page.show("line", &figure.captioned("Real numbers, and forged ones"))?;
    // ANCHOR_END: line

    // ANCHOR: line-heard
    let heard = score_of("Eight real, eight forged", &[&real[..8], &fake[..8]].concat());
    page.show("line-heard", &heard.captioned("Eight real numbers, then eight forged"))?;
    // ANCHOR_END: line-heard

    // ANCHOR: line-weights
    let mut table = Table::new(&["forger", "1", "2", "3", "4"]);
    let mut expert = Array2::zeros((0, 0));
    let [of_forger, of_expert] = game.parameters();
    for one in of_forger {
        let mut cells = vec![one.name.clone()];
        cells.extend(one.values.iter().map(|value| format!("{value:.2}")));
        cells.resize(5, String::new());
        table.row(&[&cells[0], &cells[1], &cells[2], &cells[3], &cells[4]]);
    }
    for one in of_expert
        .iter()
        .filter(|one| one.values.nrows() == 16 && one.values.ncols() == 16)
    {
        expert = one.values.mapv(f64::from);
    }
    let names: Vec<String> = (1..=16).map(|unit| unit.to_string()).collect();
    let axes = ("unit of the second layer", "unit of the first");
    let figure = plot::heatmap("Most of the expert", axes, &names, &names, &expert);
    page.show(
        "line-weights",
        &(table, figure)
            .captioned("The forger's 13 weights, and 256 of the expert's 321"),
    )?;
    // ANCHOR_END: line-weights

    // ANCHOR: line-moments
    let mut game = line.game(&plain(3e-3))?;
    let moments = [25, 50, 100, 200, 400, 800, 1600, 3200];
    let (mut densities, mut beliefs) = (Array2::zeros((8, 41)), Array2::zeros((8, 41)));
    let places = Array2::from_shape_fn((41, 1), |(i, _)| 2.0 + 0.1 * i as f32);
    for (row, moment) in moments.into_iter().enumerate() {
        while game.steps() < moment {
            line.step(&mut game)?;
        }
        let seen = density(&column(&forged(game.forger(), 2000, &mut rng)?));
        for (k, sure) in belief(&mut game, places.view())?.into_iter().enumerate() {
            densities[[row, k]] = seen[2 * k].1;
            beliefs[[row, k]] = sure;
        }
    }
    let names = moments.map(|moment| moment.to_string());
    let axes = ("number: from 2 to 6, in tenths", "step");
    let forger = plot::heatmap("What the forger makes", axes, &names, &[], &densities);
    let expert = plot::heatmap("How sure the expert is", axes, &names, &[], &beliefs);
    page.show(
        "line-moments",
        &forger.captioned("Eight moments of a plain game, one below the other"),
    )?;
    // ANCHOR_END: line-moments

    // ANCHOR: line-beliefs
    page.show(
        "line-beliefs",
        &expert.captioned(
            "The expert at the same moments, from sure of a fake to sure of a real one",
        ),
    )?;
    // ANCHOR_END: line-beliefs

    // ANCHOR: best-expert
    let mut unfinished = line.game(&calm(2e-3, 5000))?;
    for _ in 0..300 {
        line.step(&mut unfinished)?;
    }
    let frozen = Rules { forger: Schedule::Constant(0.0), ..calm(1e-2, 3000) };
    let mut alone = line.game(&frozen)?;
    for (to, from) in alone.parameters()[0].iter_mut().zip(&unfinished.parameters()[0]) {
        to.values.assign(&from.values);
    }
    for _ in 0..3000 {
        line.step(&mut alone)?;
    }
    let q = density(&column(&forged(alone.forger(), 20_000, &mut rng)?));
    let p = density(&column(&line.real(20_000, &mut rng)));
    let best = p.iter().zip(&q).map(|(p, q)| (p.0, p.1 / (p.1 + q.1)));
    let places = Array2::from_shape_fn((81, 1), |(i, _)| 2.0 + 0.05 * i as f32);
    let learned = belief(&mut alone, places.view())?;
    let learned = p.iter().zip(learned).map(|(p, sure)| (p.0, sure));
    let curves = [
        Series::new("the best, p / (p + q)", best),
        Series::new("the one that learned", learned),
        Series::new("p, real", p.clone()),
        Series::new("q, forged", q.clone()),
    ];
    let figure =
        plot::curves("The best expert", ("number", "how sure; density"), &curves);
    let caption =
        "An expert against a forger that stands still, and the best there can be";
    page.show("best-expert", &figure.captioned(caption))?;
    // ANCHOR_END: best-expert

    // ANCHOR: line-trial
    /// Mean, deviation and distance of what a recipe's running mean forges at the end, and the deviation of its raw weights.
    fn trial(
        arena: &Arena,
        rules: &Rules,
        steps: u64,
        seed: u64,
    ) -> aeolian::Result<[f64; 4]> {
        let mut game = arena.game(&Rules { seed, ..rules.clone() })?;
        for _ in 0..steps {
            arena.step(&mut game)?;
        }
        let mut rng = game.chance();
        let real = column(&arena.real(4000, &mut rng));
        let fake = column(&forged(&mut game.mean_forger(), 4000, &mut rng)?);
        let raw = column(&forged(game.forger(), 4000, &mut rng)?);
        let (mean, deviation) = mean_and_deviation(&fake);
        let distance = wasserstein(&real, &fake);
        Ok([mean, deviation, mean_and_deviation(&raw).1, distance])
    }

    /// A mean over seeds, and how much they differ.
    fn over_seeds(values: impl Iterator<Item = f64>) -> String {
        let (mean, spread) = mean_and_deviation(&values.collect::<Vec<f64>>());
        format!("{mean:.3} ± {spread:.3}")
    }
    // ANCHOR_END: line-trial

    // ANCHOR: line-seeds
    let seeds: Vec<u64> = (1..=page.shortened(10) as u64).collect();
    let (calm_line, crowd) =
        (calm(2e-3, steps), Arena { group: Some(8), ..line.clone() });
    let noisy = Rules { noise: 0.5, noise_steps: steps, ..calm_line.clone() };
    let recipes = [
        ("plain", &line, plain(3e-3)),
        ("short memory (β₁ 0.5)", &line, Rules { beta_1: 0.5, ..plain(3e-3) }),
        ("and rates that fall", &line, calm_line.clone()),
        ("… and packs of four", &line, Rules { pack: 4, ..calm_line.clone() }),
        ("… and the spread of eight", &crowd, calm_line),
        ("… and noise", &line, noisy),
        ("… and R1", &line, cure),
    ];
    let mut table =
        Table::new(&["game", "mean", "deviation", "of raw weights", "distance", "worst"]);
    let (mut first, mut last) = (vec![], vec![]);
    for (name, arena, rules) in &recipes {
        let found = for_each_seed(&seeds, |seed| trial(arena, rules, steps, seed))?;
        let worst = found.iter().map(|one| one[3]).fold(0.0, f64::max);
        let [mean, deviation, raw, distance] =
            [0, 1, 2, 3].map(|k| over_seeds(found.iter().map(|one| one[k])));
        let worst = format!("{worst:.2}");
        table.row(&[name, &mean, &deviation, &raw, &distance, &worst]);
        first = if first.is_empty() { found.clone() } else { first };
        last = found;
    }
    page.show("line-seeds", &table.captioned("Several seeds each, ± their spread"))?;
    // ANCHOR_END: line-seeds

    // ANCHOR: line-plain
    let plain_deviation = over_seeds(first.iter().map(|one| one[1]));
    page.show("line-plain", &plain_deviation.captioned("deviation of a plain game"))?;
    // ANCHOR_END: line-plain

    // ANCHOR: line-cured
    let cured_deviation = over_seeds(last.iter().map(|one| one[1]));
    page.show("line-cured", &cured_deviation.captioned("deviation of a cured game"))?;
    // ANCHOR_END: line-cured

    // ANCHOR: ring-threads
    /// Points in the plane.
    fn points(of: &Array2<f32>) -> Vec<[f64; 2]> {
        of.rows().into_iter().map(|at| [f64::from(at[0]), f64::from(at[1])]).collect()
    }

    /// A scatter of what is real and what was forged.
    fn picture(
        title: &str,
        arena: &Arena,
        forger: &mut Forger,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<plot::Figure> {
        let pairs = |of: Array2<f32>| points(&of).into_iter().map(|[x, y]| (x, y));
        let series = [
            Series::new("forged", pairs(forged(forger, 400, rng)?)),
            Series::new("real", pairs(arena.real(200, rng))),
        ];
        Ok(plot::scatter(title, ("x", "y"), &series))
    }

    let ring_steps = 4000;
    let calm_ring = calm(3e-3, ring_steps);
    let cured = Rules {
        loss: Loss::Relativistic,
        penalty: 0.05,
        nudge: 0.02,
        ..calm_ring.clone()
    };
    let ring = Arena::ring();
    let mut game = ring.game(&cured)?;
    for _ in 0..ring_steps {
        ring.step(&mut game)?;
    }
    let figure = picture("One cloud of noise", &ring, game.forger(), &mut rng)?;
    page.show(
        "ring-threads",
        &figure.captioned("Eight crowds, forged out of one: threads between them"),
    )?;
    // ANCHOR_END: ring-threads

    // ANCHOR: ring
    let die = ring.clone().with_die(16);
    let mut game_of_ring = die.game(&cured)?;
    for _ in 0..ring_steps {
        die.step(&mut game_of_ring)?;
    }
    let figure = picture("Noise and a die", &die, game_of_ring.forger(), &mut rng)?;
    page.show(
        "ring",
        &figure.captioned("The same with a die of sixteen sides: no threads"),
    )?;
    // ANCHOR_END: ring

    // ANCHOR: ring-trial
    /// What a recipe catches at a quarter, at half and at the end, by raw weights; and at the end by their running mean.
    fn catch(
        arena: &Arena,
        rules: &Rules,
        steps: u64,
        seed: u64,
    ) -> aeolian::Result<[Modes; 4]> {
        let mut game = arena.game(&Rules { seed, ..rules.clone() })?;
        let centres = arena.centres.iter().map(|at| [f64::from(at[0]), f64::from(at[1])]);
        let (centres, near) =
            (centres.collect::<Vec<_>>(), 3.0 * f64::from(arena.deviation));
        let mut found = [Modes::default(); 4];
        let mut rng = game.chance();
        for (to, until) in found.iter_mut().zip([steps / 4, steps / 2, steps]) {
            while game.steps() < until {
                arena.step(&mut game)?;
            }
            *to = modes(&points(&forged(game.forger(), 2500, &mut rng)?), &centres, near);
        }
        found[3] = modes(
            &points(&forged(&mut game.mean_forger(), 2500, &mut rng)?),
            &centres,
            near,
        );
        Ok(found)
    }
    // ANCHOR_END: ring-trial

    // ANCHOR: ring-modes
    let few = &seeds[..seeds.len().div_ceil(2)];
    let slow = Rules { expert: Schedule::Constant(1e-4), ..plain(1e-3) };
    let packed = Rules { pack: 2, ..calm(1e-3, 2000) };
    let steep = Rules { penalty: 0.1, nudge: 0.02, ..calm(1e-3, 2000) };
    let many = Arena::grid().with_die(32);
    let recipes = [
        ("plain", &ring, plain(1e-3), 2000, few),
        ("slow expert", &ring, slow, 2000, few),
        ("packs of two", &ring, packed, 2000, few),
        ("R1", &ring, steep, 2000, few),
        ("all cures, no die", &ring, cured.clone(), ring_steps, few),
        ("all cures, a die of 16", &die, cured.clone(), ring_steps, &seeds[..]),
        ("25 crowds, a die of 32", &many, cured.clone(), ring_steps, &seeds[..1]),
    ];
    let mut table = Table::new(&[
        "game",
        "seeds",
        "caught: at a quarter",
        "half",
        "end",
        "good (%)",
        "worst",
        "spread",
        "of running mean: good",
        "spread",
    ]);
    let mut with_die = vec![];
    for (name, arena, rules, steps, seeds) in &recipes {
        let found = for_each_seed(seeds, |seed| catch(arena, rules, *steps, seed))?;
        let mean = |of: fn(&[Modes; 4]) -> f64| {
            found.iter().map(of).sum::<f64>() / found.len() as f64
        };
        let caught = [
            mean(|it| it[0].caught as f64),
            mean(|it| it[1].caught as f64),
            mean(|it| it[2].caught as f64),
        ];
        let [quarter, half, end] = caught.map(|count| format!("{count:.1}"));
        let worst = found.iter().map(|it| it[2].good).fold(1.0, f64::min);
        let [good, worst, smooth] = [mean(|it| it[2].good), worst, mean(|it| it[3].good)]
            .map(|share| format!("{:.1}", 100.0 * share));
        let [raw, running] = [mean(|it| it[2].spread), mean(|it| it[3].spread)]
            .map(|spread| format!("{spread:.3}"));
        table.row(&[
            name,
            &seeds.len(),
            &quarter,
            &half,
            &end,
            &good,
            &worst,
            &raw,
            &smooth,
            &running,
        ]);
        if arena.latent.sides == 16 {
            with_die = found;
        }
    }
    page.show("ring-modes", &table.captioned("Crowds caught; a good point is within three deviations of a centre. A real crowd's spread is 0.020"))?;
    // ANCHOR_END: ring-modes

    // ANCHOR: ring-good-percent
    let good = with_die.iter().map(|it| it[2].good).sum::<f64>() / with_die.len() as f64;
    page.show(
        "ring-good-percent",
        &format!("{:.1} %", 100.0 * good)
            .captioned("of the points are good, with a die, by raw weights"),
    )?;
    // ANCHOR_END: ring-good-percent

    // ANCHOR: lessons
    /// Units of so many bars, if they are of tunes enough for a critic.
    fn lessons_of(music: &Corpus, bars: usize) -> aeolian::Result<Lessons> {
        let lessons = Lessons::of(music, bars)?;
        let mut tunes: Vec<usize> =
            lessons.part(Part::Test).map(|one| one.tune).collect();
        tunes.dedup();
        match tunes.len() {
            0..4 => Err(aeolian::Error::value(
                format!("Of your tunes {} are left for a critic", tunes.len()),
                "Give twenty tunes or more",
            )),
            _ => Ok(lessons),
        }
    }

    let own = page.own("bars", "the book's tunes", |music| {
        Ok([lessons_of(music, 1)?, lessons_of(music, 2)?])
    })?;
    let [one_bar, two_bars] = match own {
        Some(lessons) => lessons,
        None => {
            let tunes = page.book_tunes()?;
            [lessons_of(&tunes, 1)?, lessons_of(&tunes, 2)?]
        }
    };
    // ANCHOR_END: lessons

    // ANCHOR: bars-nets
    /// Forger and expert of units of so many bars; both are told the metre.
    fn bars_game(bars: usize, steps: u64, seed: u64) -> aeolian::Result<Game> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let beats_of_four = |step: &usize| step % BAR >= 12;
        let forger = ForgerShape {
            latent: Latent { normals: 32, ..Latent::default() },
            told: 1,
            hidden: vec![128, 256],
            curve: Curve::LeakyRelu,
            norm: true,
            made: Made::Symbols {
                sizes: vec![SYMBOLS; bars * BAR],
                not_in_short: (0..bars * BAR).filter(beats_of_four).collect(),
            },
        };
        let width = bars * BAR * SYMBOLS;
        let expert = ExpertShape {
            told: 1,
            group: Some(8),
            ..ExpertShape::new(width, &[256, 128])
        };
        let rules = Rules {
            loss: Loss::Relativistic,
            penalty: 0.3,
            beta_2: 0.99,
            kept: 0.998,
            seed,
            ..calm(1e-3, steps)
        };
        Game::new(Forger::new(&forger, &mut rng)?, expert.build(&mut rng)?, &rules)
    }

    /// One step against units drawn from the training tunes.
    fn bars_step(game: &mut Game, bars: usize, train: &[Unit]) -> aeolian::Result<()> {
        let mut rng = game.chance();
        let drawn: Vec<&Unit> =
            (0..64).map(|_| &train[rng.random_range(0..train.len())]).collect();
        let (real, told) =
            (rows(drawn.iter().copied(), bars), metres(drawn.iter().copied()));
        game.step(real.view(), told.view())?;
        Ok(())
    }

    /// Units forged in these metres, out of noise that the seed gives.
    fn forge(
        forger: &mut Forger,
        told: ArrayView2<f32>,
        seed: u64,
    ) -> aeolian::Result<Vec<Unit>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let latent = forger.shape().latent.draw(told.nrows(), &mut rng);
        let made = forger.draw(latent.view(), told, Some(seed))?;
        Ok(drawn(made.mapv(|one| 60.0 * one).view(), told, &mut rng))
    }
    // ANCHOR_END: bars-nets

    // ANCHOR: bars-learning
    let bars_steps = page.shortened(1200) as u64;
    let train_bars = one_bar.units(Part::Train);
    let mut game = bars_game(1, bars_steps, 1)?;
    let (told, mut moments) = (Array2::ones((2, 1)), vec![]);
    let progress = page.progress("bars", 0);
    for until in [bars_steps / 40, bars_steps / 8, bars_steps / 3, bars_steps] {
        while game.steps() < until {
            bars_step(&mut game, 1, &train_bars)?;
            progress.at(game.steps(), bars_steps);
        }
        moments.extend(forge(&mut game.mean_forger(), told.view(), 4)?);
    }
    let heard = score("Two bars, four times", &moments, 73, 100.0);
    page.show(
        "bars-learning",
        &heard.captioned("The same noise at four moments, two bars each"),
    )?;
    // ANCHOR_END: bars-learning

    // ANCHOR: bars-many
    /// Forgers of so many seeds.
    fn forgers(
        bars: usize,
        steps: u64,
        seeds: &[u64],
        train: &[Unit],
    ) -> aeolian::Result<Vec<Forger>> {
        for_each_seed(seeds, |seed| {
            let mut game = bars_game(bars, steps, seed)?;
            for _ in 0..steps {
                bars_step(&mut game, bars, train)?;
            }
            Ok(game.mean_forger())
        })
    }

    let of_two = two_bars.units(Part::Train);
    let one_seeds = &seeds[..seeds.len().div_ceil(2)];
    let two_seeds = &seeds[..seeds.len().div_ceil(4)];
    let mut of_one_bar = forgers(1, bars_steps, one_seeds, &train_bars)?;
    let mut of_two_bars = forgers(2, bars_steps * 3 / 2, two_seeds, &of_two)?;
    // ANCHOR_END: bars-many

    // ANCHOR: bars-forged
    let forged_bars = forge(&mut of_two_bars[0], Array2::ones((4, 1)).view(), 2)?;
    let heard = score("Four times two bars", &forged_bars, 73, 100.0);
    page.show("bars-forged", &heard.captioned("Forged two bars at a time"))?;
    // ANCHOR_END: bars-forged

    // ANCHOR: autoregressive
    /// A net that writes a unit step after step, as in chapter 07.
    fn autoregressive(
        lessons: &Lessons,
        epochs: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<SequenceModel> {
        let size = Architecture {
            units: 96,
            embedding: 24,
            dropout: 0.2,
            ..Architecture::default()
        };
        let mut model = SequenceModel::new(WORDS, &size, rng)?;
        let [taught, valid] = [Part::Train, Part::Valid]
            .map(|part| lessons.units(part).iter().map(words).collect::<Vec<_>>());
        let settings = Training {
            batch: 32,
            window: 40,
            epochs,
            rate: 0.006,
            warm_up: 40,
            ..Training::default()
        };
        train(&mut model, &taught, &valid, &settings, |_| {})?;
        Ok(model)
    }
    // ANCHOR_END: autoregressive

    // ANCHOR: autoencoder
    /// A variational autoencoder: see below.
    fn autoencoder(
        bars: usize,
        steps: u64,
        lessons: &Lessons,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vae> {
        let train = lessons.units(Part::Train);
        let shape = VaeShape { bars, conditions: 1, latent: 16, hidden: [192, 96] };
        let mut vae = Vae::new(&shape, rng)?;
        vae.train(
            steps,
            1.0,
            rng,
            |rng| {
                let units: Vec<&Unit> =
                    (0..64).map(|_| &train[rng.random_range(0..train.len())]).collect();
                let told = metres(units.iter().copied());
                (units, told)
            },
            |_, _, _| {},
        )?;
        Ok(vae)
    }
    // ANCHOR_END: autoencoder

    // ANCHOR: rivals
    /// What each model makes, as many units as there are real ones and in the same metres; the forgers' last, once for each seed.
    fn rivals(
        lessons: &Lessons,
        bars: usize,
        forgers: &mut [Forger],
        epochs: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<(String, Vec<Unit>)>> {
        let real: Vec<&Unit> = lessons.part(Part::Test).map(|one| &one.unit).collect();
        let (train, told) = (lessons.units(Part::Train), metres(real.iter().copied()));
        let mut made = vec![];
        for order in [1, 2] {
            let mut chain = NoteChain::taught(order, &train);
            let units = real.iter().map(|unit| sung(&mut chain, unit.bar, bars, rng));
            made.push((format!("chain of order {order}"), units.collect()));
        }
        let mut player = autoregressive(lessons, epochs, rng)?.player()?;
        let units = real.iter().map(|unit| sung(&mut player, unit.bar, bars, rng));
        made.push(("autoregressive net".to_string(), units.collect()));
        let mut vae = autoencoder(bars, 150 * epochs as u64, lessons, rng)?;
        made.push(("variational autoencoder".to_string(), vae.draw(told.view(), rng)?));
        for (seed, forger) in forgers.iter_mut().enumerate() {
            made.push(("forger".to_string(), forge(forger, told.view(), seed as u64)?));
        }
        Ok(made)
    }
    // ANCHOR_END: rivals

    // ANCHOR: critics
    let epochs = page.shortened(16);
    let mut judged = vec![];
    for (bars, lessons, forgers) in
        [(1, &one_bar, &mut of_one_bar), (2, &two_bars, &mut of_two_bars)]
    {
        let real: Vec<&Lesson> = lessons.part(Part::Test).collect();
        let others: Vec<&Lesson> = lessons.part(Part::Train).collect();
        judged.push((
            bars,
            "real bars of other tunes".to_string(),
            floor(&real, &others, 1)?,
            None,
        ));
        let made = rivals(lessons, bars, forgers, epochs, &mut rng)?;
        for (name, units) in made {
            let right = critic(&real, &units, 1)?;
            judged.push((bars, name, right, Some(units)));
        }
    }
    // ANCHOR_END: critics

    // ANCHOR: critic
    let mut table = Table::new(&["model", "one bar (%)", "two bars (%)"]);
    let mut of_forger = [vec![], vec![]];
    for (_, name, one, _) in judged.iter().filter(|it| it.0 == 1 && it.1 != "forger") {
        let two = judged
            .iter()
            .find(|it| it.0 == 2 && it.1 == *name)
            .map_or(f64::NAN, |it| it.2);
        let [one, two] = [*one, two].map(|right| format!("{:.1}", 100.0 * right));
        table.row(&[name, &one, &two]);
    }
    for (bars, _, right, _) in judged.iter().filter(|it| it.1 == "forger") {
        of_forger[bars - 1].push(100.0 * right);
    }
    let [one, two] = [&of_forger[0], &of_forger[1]].map(|all| {
        let (mean, spread) = mean_and_deviation(all);
        format!("{mean:.1} ± {spread:.1}, {} seeds", all.len())
    });
    table.row(&[&"forger, ± its spread", &one, &two]);
    page.show(
        "critic",
        &table.captioned(
            "How often a critic is right: 50 % if it cannot tell the two apart",
        ),
    )?;
    // ANCHOR_END: critic

    // ANCHOR: critic-gan-percent
    let one_percent = mean_and_deviation(&of_forger[0]).0;
    page.show(
        "critic-gan-percent",
        &format!("{one_percent:.1} %").captioned("right about the forger's single bars"),
    )?;
    // ANCHOR_END: critic-gan-percent

    // ANCHOR: critic-gan-two-percent
    let two_percent = mean_and_deviation(&of_forger[1]).0;
    page.show(
        "critic-gan-two-percent",
        &format!("{two_percent:.1} %").captioned("right about its pairs of bars"),
    )?;
    // ANCHOR_END: critic-gan-two-percent

    // ANCHOR: copies
    let mut table = Table::new(&[
        "bars",
        "model",
        "copies (%)",
        "distinct (%)",
        "rhythms (%)",
        "intervals (%)",
    ]);
    let mut before = (0, String::new());
    for (bars, lessons) in [(1, &one_bar), (2, &two_bars)] {
        let (train, real) = (lessons.units(Part::Train), lessons.units(Part::Test));
        let valid = lessons.units(Part::Valid);
        let mut all = vec![("real bars of other tunes".to_string(), &valid)];
        let made = judged.iter().filter(|it| it.0 == bars);
        all.extend(
            made.filter_map(|it| it.3.as_ref().map(|units| (it.1.clone(), units))),
        );
        for (name, units) in all {
            if before == (bars, name.clone()) {
                continue; // one forger is enough here
            }
            let shares = [
                copies(units, &train),
                distinct(units),
                rhythm_overlap(units, &real),
                interval_overlap(units, &real),
            ];
            let [copied, different, rhythms, intervals] =
                shares.map(|share| format!("{:.0}", 100.0 * share));
            table.row(&[&bars, &name, &copied, &different, &rhythms, &intervals]);
            before = (bars, name);
        }
    }
    page.show("copies", &table.captioned("Exact copies of training bars, different ones, and how much rhythms and intervals have in common with real ones"))?;
    // ANCHOR_END: copies

    // ANCHOR: failing
    /// A game on the line: how far off the forger is every 25 steps, its loss then, and eight of its numbers at the end.
    fn watched(
        line: &Arena,
        rules: &Rules,
    ) -> aeolian::Result<(Vec<(f64, f64)>, Vec<f64>)> {
        let mut game = line.game(rules)?;
        let mut rng = game.chance();
        let (real, mut seen) = (column(&line.real(500, &mut rng)), vec![]);
        for _ in 0..100 {
            let mut loss = 0.0;
            for _ in 0..25 {
                loss += line.step(&mut game)?.forger / 25.0;
            }
            let fake = column(&forged(game.forger(), 500, &mut rng)?);
            seen.push((wasserstein(&real, &fake), loss));
        }
        Ok((seen, column(&forged(game.forger(), 8, &mut rng)?)))
    }
    // ANCHOR_END: failing

    // ANCHOR: failures
    let (fast, slow) = (Schedule::Constant(1e-2), Schedule::Constant(3e-4));
    let games = [
        ("expert too strong", Rules { expert: fast, forger: slow, ..plain(1e-3) }),
        ("oscillation", plain(1e-2)),
        ("collapse", Rules { forger: fast, ..plain(1e-3) }),
        ("cured", cure_of_line(2500)),
    ];
    let (mut distances, mut losses, mut heard, mut pairs) =
        (vec![], vec![], vec![], vec![]);
    for (name, rules) in games {
        let (seen, last) = watched(&line, &rules)?;
        let at = |of: fn(&(f64, f64)) -> f64| -> Vec<(f64, f64)> {
            seen.iter()
                .enumerate()
                .map(|(i, it)| (25.0 * (i + 1) as f64, of(it)))
                .collect()
        };
        distances.push(Series::new(name, at(|it| it.0)));
        losses.push(Series::new(name, at(|it| it.1)));
        pairs.push(seen);
        heard.extend(last);
    }
    let figure = plot::curves("How far off", ("step", "distance"), &distances);
    page.show("failures", &figure.captioned("Three ways to fail, and a cure"))?;
    // ANCHOR_END: failures

    // ANCHOR: failures-heard
    let heard = score_of("Four games, eight numbers each", &heard);
    page.show("failures-heard", &heard.captioned("The same four, eight numbers each"))?;
    // ANCHOR_END: failures-heard

    // ANCHOR: failures-losses
    let figure = plot::curves("The forger's loss meanwhile", ("step", "loss"), &losses);
    page.show(
        "failures-losses",
        &figure.captioned("The same four games: no loss says which of them goes well"),
    )?;
    // ANCHOR_END: failures-losses

    // ANCHOR: loss-tells
    let each: Vec<f64> = pairs.iter().map(|game| rank_correlation(game)).collect();
    let told = mean_and_deviation(&each).0;
    page.show(
        "loss-tells",
        &format!("{told:.2}").captioned(
            "rank correlation of the loss with the distance, the mean of four games",
        ),
    )?;
    // ANCHOR_END: loss-tells

    // ANCHOR: forge
    let still = picture("Noise and a die", &die, game_of_ring.forger(), &mut rng)?;
    let cures = ["none", "R1", "packs of four", "the spread of eight", "noise"];
    let live = Live::new("forge", 1, still)
        .choice(
            "example",
            "what is real",
            &["numbers on a line", "eight crowds on a ring"],
        )
        .slider(
            "forger",
            "forger's learning rate, a power of ten",
            (-4.0, -1.5),
            0.25,
            -2.5,
        )
        .slider(
            "expert",
            "expert's learning rate, a power of ten",
            (-4.0, -1.5),
            0.25,
            -2.5,
        )
        .slider("memory", "memory of both (β₁)", (0.0, 0.9), 0.1, 0.9)
        .choice("cure", "cure", &cures)
        .choice("die", "noise of the ring", &["one cloud", "and a die of sixteen"]);
    page.show(
        "forge",
        &live.captioned("A game from nothing: watch it collapse, and cure it"),
    )?;
    // ANCHOR_END: forge
    Ok(())
}
