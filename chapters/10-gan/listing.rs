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
    let (line, steps) = (Arena::line(), 4000);
    let cure = cure_of_line(steps);
    let mut game = line.game(&cure)?;
    for _ in 0..steps {
        line.step(&mut game)?;
    }
    let real = column(&line.real(4000, &mut rng));
    let fake = column(&forged(&mut game.mean_forger(), 4000, &mut rng)?);
    let figure = plot::curves(
        "Numbers around 4",
        ("number", "density"),
        &[Series::new("real", density(&real)), Series::new("forged", density(&fake))],
    );
    page.show("line", &figure.captioned("Real numbers, and forged ones"))?;
    // ANCHOR_END: line

    // ANCHOR: line-heard
    let heard = score_of("Eight real, eight forged", &[&real[..8], &fake[..8]].concat());
    page.show("line-heard", &heard.captioned("Eight real numbers, then eight forged"))?;
    // ANCHOR_END: line-heard

    // ANCHOR: line-weights
    let mut table = Table::new(&["forger", "1", "2", "3", "4"]);
    let mut middle = Array2::zeros((16, 16));
    for one in game.parameters().into_iter().flatten() {
        if one.name.starts_with("forger") {
            let mut cells = vec![one.name.clone()];
            cells.extend(one.values.iter().map(|value| format!("{value:.2}")));
            cells.resize(5, String::new());
            table.row(&[&cells[0], &cells[1], &cells[2], &cells[3], &cells[4]]);
        } else if one.values.dim() == (16, 16) {
            middle = one.values.mapv(f64::from);
        }
    }
    let units: Vec<String> = (1..=16).map(|unit| unit.to_string()).collect();
    let axes = ("unit of the second layer", "unit of the first");
    let figure = plot::heatmap("Most of the expert", axes, &units, &units, &middle);
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
    let steps_then = moments.map(|moment| moment.to_string());
    let axes = ("number: from 2 to 6, in tenths", "step");
    let forger =
        plot::heatmap("What the forger makes", axes, &steps_then, &[], &densities);
    let expert =
        plot::heatmap("How sure the expert is", axes, &steps_then, &[], &beliefs);
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

    // ANCHOR: expert-alone
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
    // ANCHOR_END: expert-alone

    // ANCHOR: best-expert
    let q = density(&column(&forged(alone.forger(), 20_000, &mut rng)?));
    let p = density(&column(&line.real(20_000, &mut rng)));
    let places = Array2::from_shape_fn((81, 1), |(i, _)| 2.0 + 0.05 * i as f32);
    let learned = belief(&mut alone, places.view())?;
    let (mut best, mut found) = (vec![], vec![]);
    for ((p, q), sure) in p.iter().zip(&q).zip(learned) {
        best.push((p.0, p.1 / (p.1 + q.1)));
        found.push((p.0, sure));
    }
    let figure = plot::curves(
        "The best expert",
        ("number", "how sure; density"),
        &[
            Series::new("the best, p / (p + q)", best),
            Series::new("the one that learned", found),
            Series::new("p, real", p),
            Series::new("q, forged", q),
        ],
    );
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
        ("plain", line.clone(), plain(3e-3)),
        ("short memory (β₁ 0.5)", line.clone(), Rules { beta_1: 0.5, ..plain(3e-3) }),
        ("and rates that fall", line.clone(), calm_line.clone()),
        ("… and packs of four", line.clone(), Rules { pack: 4, ..calm_line.clone() }),
        ("… and the spread of eight", crowd, calm_line),
        ("… and noise", line.clone(), noisy),
        ("… and R1", line.clone(), cure),
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

    // ANCHOR: ring-picture
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

    // ANCHOR_END: ring-picture

    // ANCHOR: ring-threads
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

    /// A row for each of two tables: what was caught, and how wide the crowds are. Means over seeds.
    fn crowds(caught: &mut Table, widths: &mut Table, name: &str, found: &[[Modes; 4]]) {
        let mean = |at: usize, of: fn(&Modes) -> f64| {
            found.iter().map(|it| of(&it[at])).sum::<f64>() / found.len() as f64
        };
        let [quarter, half, end] =
            [0, 1, 2].map(|at| format!("{:.1}", mean(at, |it| it.caught as f64)));
        let worst = found.iter().map(|it| it[2].good).fold(1.0, f64::min);
        let [good, worst, smooth] = [mean(2, |it| it.good), worst, mean(3, |it| it.good)]
            .map(|share| format!("{:.1}", 100.0 * share));
        let [raw, tight] = [2, 3].map(|at| format!("{:.3}", mean(at, |it| it.spread)));
        let seeds = found.len();
        caught.row(&[&name, &seeds, &quarter, &half, &end, &good, &worst]);
        widths.row(&[&name, &good, &raw, &smooth, &tight]);
    }
    // ANCHOR_END: ring-trial

    // ANCHOR: ring-recipes
    let slow_expert = Rules { expert: Schedule::Constant(1e-4), ..plain(1e-3) };
    let packed = Rules { pack: 2, ..calm(1e-3, 2000) };
    let steep = Rules { penalty: 0.1, nudge: 0.02, ..calm(1e-3, 2000) };
    let many = Arena::grid().with_die(32);
    let half = seeds.len().div_ceil(2);
    let ring_recipes = [
        ("plain", ring.clone(), plain(1e-3), 2000, half),
        ("slow expert", ring.clone(), slow_expert, 2000, half),
        ("packs of two", ring.clone(), packed, 2000, half),
        ("R1", ring.clone(), steep, 2000, half),
        ("all cures, no die", ring.clone(), cured.clone(), ring_steps, half),
        ("the same, a die of 16", die.clone(), cured.clone(), ring_steps, seeds.len()),
        ("25 crowds, a die of 32", many, cured.clone(), ring_steps, 1),
    ];
    // ANCHOR_END: ring-recipes

    // ANCHOR: ring-modes
    let mut table =
        Table::new(&["game", "seeds", "a quarter", "half", "end", "good (%)", "worst"]);
    let mut widths = Table::new(&[
        "game",
        "good (%)",
        "spread",
        "of running mean: good (%)",
        "spread",
    ]);
    let mut with_die = vec![];
    for (name, arena, rules, steps, count) in &ring_recipes {
        let trial = |seed| catch(arena, rules, *steps, seed);
        let found = for_each_seed(&seeds[..*count], trial)?;
        crowds(&mut table, &mut widths, name, &found);
        if arena.latent.sides == 16 {
            with_die = found;
        }
    }
    let caption = "Crowds caught at three moments, and good points at the end";
    page.show("ring-modes", &table.captioned(caption))?;
    // ANCHOR_END: ring-modes

    // ANCHOR: ring-good-percent
    let good_share =
        with_die.iter().map(|it| it[2].good).sum::<f64>() / with_die.len() as f64;
    page.show(
        "ring-good-percent",
        &format!("{:.1} %", 100.0 * good_share)
            .captioned("of the points are good, with a die, by raw weights"),
    )?;
    // ANCHOR_END: ring-good-percent

    // ANCHOR: ring-spread
    page.show("ring-spread", &widths.captioned("How wide; a real crowd's is 0.020"))?;
    // ANCHOR_END: ring-spread

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
    /// A forger of units of so many bars, which is told the metre.
    fn shape_of(bars: usize) -> ForgerShape {
        ForgerShape {
            latent: Latent { normals: 32, ..Latent::default() },
            told: 1,
            hidden: vec![128, 256],
            curve: Curve::LeakyRelu,
            norm: true,
            made: Made::Symbols {
                sizes: vec![SYMBOLS; bars * BAR],
                not_in_short: (0..bars * BAR).filter(|step| step % BAR >= 12).collect(),
            },
        }
    }

    /// It and an expert, by all the cures that helped above.
    fn bars_game(
        forger: Forger,
        rate: f32,
        steps: u64,
        seed: u64,
    ) -> aeolian::Result<Game> {
        let hidden = [256, 128];
        let expert = ExpertShape {
            told: 1,
            group: Some(8),
            ..ExpertShape::new(forger.shape().width(), &hidden)
        };
        let rules = Rules {
            loss: Loss::Relativistic,
            penalty: 0.3,
            beta_2: 0.99,
            kept: 0.998,
            forger: falling(rate, steps),
            seed,
            ..calm(1e-3, steps)
        };
        Game::new(
            forger,
            expert.build(&mut ChaCha8Rng::seed_from_u64(seed + 50))?,
            &rules,
        )
    }

    // ANCHOR_END: bars-nets

    // ANCHOR: bars-steps
    fn new_forger(bars: usize, seed: u64) -> aeolian::Result<Forger> {
        Forger::new(&shape_of(bars), &mut ChaCha8Rng::seed_from_u64(seed))
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
    // ANCHOR_END: bars-steps

    // ANCHOR: bars-learning
    let bars_steps = page.shortened(1200) as u64;
    let train_bars = one_bar.units(Part::Train);
    let mut game = bars_game(new_forger(1, 1)?, 1e-3, bars_steps, 1)?;
    let mut grown = vec![];
    for part in [40, 8, 3, 1] {
        let progress = page.progress("bars", 0);
        while game.steps() < bars_steps / part {
            bars_step(&mut game, 1, &train_bars)?;
            progress.at(game.steps(), bars_steps);
        }
        let in_four = Array2::ones((2, 1));
        grown.extend(forge(&mut game.mean_forger(), in_four.view(), 4)?);
    }
    let heard = score("Two bars, four times", &grown, 73, 100.0);
    page.show(
        "bars-learning",
        &heard.captioned("The same noise at four moments, two bars each"),
    )?;
    // ANCHOR_END: bars-learning

    // ANCHOR: bars-many
    /// Forgers of so many seeds, each of which begins as `start` gives it.
    fn forgers(
        bars: usize,
        start: impl Fn(u64) -> aeolian::Result<Forger> + Sync + Send,
        (rate, steps): (f32, u64),
        seeds: &[u64],
        train: &[Unit],
    ) -> aeolian::Result<Vec<Forger>> {
        for_each_seed(seeds, |seed| {
            let mut game = bars_game(start(seed)?, rate, steps, seed)?;
            for _ in 0..steps {
                bars_step(&mut game, bars, train)?;
            }
            Ok(game.mean_forger())
        })
    }

    let of_two = two_bars.units(Part::Train);
    let (course, longer) = ((1e-3, bars_steps), (1e-3, bars_steps * 3 / 2));
    let (some, few) = (page.shortened(3), page.shortened(2));
    let fresh: Vec<u64> = seeds.iter().map(|seed| seed + 10).collect();
    let mut of_one_bar =
        forgers(1, |seed| new_forger(1, seed), course, &fresh[..some], &train_bars)?;
    let mut of_two_bars =
        forgers(2, |seed| new_forger(2, seed), longer, &fresh[..few], &of_two)?;
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

    // ANCHOR: begun
    /// Forgers that begin as the autoencoder's second net, and then play.
    fn begun_as(
        vae: &mut Vae,
        bars: usize,
        steps: u64,
        seeds: &[u64],
        train: &[Unit],
    ) -> aeolian::Result<Vec<Forger>> {
        let shape = ForgerShape {
            latent: Latent { normals: 16, ..Latent::default() },
            hidden: vec![96, 192],
            curve: Curve::Relu,
            norm: false,
            ..shape_of(bars)
        };
        let mut start = Forger::new(&shape, &mut ChaCha8Rng::seed_from_u64(0))?;
        for to in start.parameters() {
            let name = to.name.replace("forger", "decoder");
            if let Some(from) = vae.parameters().into_iter().find(|one| one.name == name)
            {
                to.values.assign(&from.values);
            }
        }
        let bytes = start.to_bytes()?;
        forgers(bars, |_| Forger::from_bytes(&bytes), (3e-4, steps), seeds, train)
    }
    // ANCHOR_END: begun

    // ANCHOR: rivals
    /// What each model makes, as many units as there are real ones and in the same metres; the forgers' last, once for each seed.
    fn rivals(
        lessons: &Lessons,
        bars: usize,
        forgers: &mut [Forger],
        epochs: usize,
        rng: &mut ChaCha8Rng,
    ) -> aeolian::Result<Vec<(String, Vec<Unit>)>> {
        let seeds: Vec<u64> = (1..=forgers.len() as u64).collect();
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
        let mut begun = begun_as(&mut vae, bars, 40 * epochs as u64, &seeds, &train)?;
        for (seed, forger) in begun.iter_mut().enumerate() {
            let units = forge(forger, told.view(), seed as u64)?;
            made.push(("forger that began as the autoencoder".to_string(), units));
        }
        Ok(made)
    }
    // ANCHOR_END: rivals

    // ANCHOR: critics
    let epochs = page.shortened(16);
    let mut judged: Vec<(usize, String, f64, Option<Vec<Unit>>)> = vec![];
    for bars in [1, 2] {
        let (lessons, forgers) = match bars {
            1 => (&one_bar, &mut of_one_bar),
            _ => (&two_bars, &mut of_two_bars),
        };
        let real: Vec<&Lesson> = lessons.part(Part::Test).collect();
        let others: Vec<&Lesson> = lessons.part(Part::Train).collect();
        let lowest = floor(&real, &others, 1)?;
        judged.push((bars, "real bars of other tunes".to_string(), lowest, None));
        let made = rivals(lessons, bars, forgers, epochs, &mut rng)?;
        for (name, units) in made {
            let right = critic(&real, &units, 1)?;
            judged.push((bars, name, right, Some(units)));
        }
    }
    // ANCHOR_END: critics

    // ANCHOR: rights
    /// How many bars, which model, how often the critic is right, and what it was shown.
    type Judged = (usize, String, f64, Option<Vec<Unit>>);

    /// How often, in percent, a critic is right about a model: once for each seed.
    fn rights(judged: &[Judged], bars: usize, name: &str) -> Vec<f64> {
        let of = judged.iter().filter(|it| it.0 == bars && it.1 == name);
        of.map(|it| 100.0 * it.2).collect()
    }

    /// Percentages: copies of training bars, different ones, rhythms and intervals in common with real ones.
    fn likeness(units: &[Unit], train: &[Unit], real: &[Unit]) -> [String; 4] {
        [
            copies(units, train),
            distinct(units),
            rhythm_overlap(units, real),
            interval_overlap(units, real),
        ]
        .map(|share| format!("{:.0}", 100.0 * share))
    }
    // ANCHOR_END: rights

    // ANCHOR: critic
    let mut table = Table::new(&["model", "one bar (%)", "two bars (%)"]);
    let mut names: Vec<String> = judged.iter().map(|it| it.1.clone()).collect();
    names.dedup();
    names.truncate(7); // those of single bars
    for name in &names {
        let [one, two] =
            [1, 2].map(|bars| match rights(&judged, bars, name).as_slice() {
                [right] => format!("{right:.1}"),
                many => {
                    let (mean, spread) = mean_and_deviation(many);
                    format!("{mean:.1} ± {spread:.1}, {} seeds", many.len())
                }
            });
        table.row(&[name, &one, &two]);
    }
    page.show(
        "critic",
        &table.captioned(
            "How often a critic is right: 50 % if it cannot tell the two apart",
        ),
    )?;
    // ANCHOR_END: critic

    // ANCHOR: critic-gan-percent
    let one_percent = mean_and_deviation(&rights(&judged, 1, "forger")).0;
    page.show(
        "critic-gan-percent",
        &format!("{one_percent:.1} %").captioned("right about the forger's single bars"),
    )?;
    // ANCHOR_END: critic-gan-percent

    // ANCHOR: critic-gan-two-percent
    let two_percent = mean_and_deviation(&rights(&judged, 2, "forger")).0;
    page.show(
        "critic-gan-two-percent",
        &format!("{two_percent:.1} %").captioned("right about its pairs of bars"),
    )?;
    // ANCHOR_END: critic-gan-two-percent

    // ANCHOR: critic-begun
    let [one, two] = [1, 2].map(|bars| {
        let all = rights(&judged, bars, "forger that began as the autoencoder");
        format!("{:.1} %", mean_and_deviation(&all).0)
    });
    let both = format!("{one} on single bars and {two} on two");
    page.show(
        "critic-begun",
        &both.captioned("right about the forger that began as the autoencoder"),
    )?;
    // ANCHOR_END: critic-begun

    // ANCHOR: copies
    let headings =
        ["bars", "model", "copies (%)", "distinct (%)", "rhythms (%)", "intervals (%)"];
    let mut table = Table::new(&headings);
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
            let shares = likeness(units, &train, &real);
            let [copied, different, rhythms, intervals] = shares;
            table.row(&[&bars, &name, &copied, &different, &rhythms, &intervals]);
            before = (bars, name);
        }
    }
    let caption =
        "Copies of training bars, different ones, and what is in common with real ones";
    page.show("copies", &table.captioned(caption))?;
    // ANCHOR_END: copies

    // ANCHOR: failing
    /// A game on the line: how far off the forger is every 25 steps, its loss then, and eight of its numbers at the end.
    fn watched(line: &Arena, rules: &Rules) -> aeolian::Result<[Vec<f64>; 3]> {
        let mut game = line.game(rules)?;
        let mut rng = game.chance();
        let real = column(&line.real(500, &mut rng));
        let (mut distances, mut losses) = (vec![], vec![]);
        for _ in 0..100 {
            let mut loss = 0.0;
            for _ in 0..25 {
                loss += line.step(&mut game)?.forger / 25.0;
            }
            let fake = column(&forged(game.forger(), 500, &mut rng)?);
            distances.push(wasserstein(&real, &fake));
            losses.push(loss);
        }
        Ok([distances, losses, column(&forged(game.forger(), 8, &mut rng)?)])
    }

    /// A curve of what was seen every 25 steps.
    fn every_25(name: &str, seen: &[f64]) -> Series {
        let steps = (1..).map(|i| 25.0 * f64::from(i));
        Series::new(name, steps.zip(seen.iter().copied()))
    }
    // ANCHOR_END: failing

    // ANCHOR: failures
    let [fast, slow] = [1e-2, 3e-4].map(Schedule::Constant);
    let games = [
        ("expert too strong", Rules { expert: fast, forger: slow, ..plain(1e-3) }),
        ("oscillation", plain(1e-2)),
        ("collapse", Rules { forger: fast, ..plain(1e-3) }),
        ("cured", cure_of_line(2500)),
    ];
    let (mut distances, mut losses, mut last_eight, mut watched_pairs) =
        (vec![], vec![], vec![], vec![]);
    for (name, rules) in games {
        let [far, loss, last] = watched(&line, &rules)?;
        distances.push(every_25(name, &far));
        losses.push(every_25(name, &loss));
        watched_pairs.push(loss.into_iter().zip(far).collect::<Vec<(f64, f64)>>());
        last_eight.extend(last);
    }
    let figure = plot::curves("How far off", ("step", "distance"), &distances);
    page.show("failures", &figure.captioned("Three ways to fail, and a cure"))?;
    // ANCHOR_END: failures

    // ANCHOR: failures-heard
    let heard = score_of("Four games, eight numbers each", &last_eight);
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
    let each: Vec<f64> =
        watched_pairs.iter().map(|game| rank_correlation(game)).collect();
    let loss_tells = mean_and_deviation(&each).0;
    page.show(
        "loss-tells",
        &format!("{loss_tells:.2}").captioned(
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
