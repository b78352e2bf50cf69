//! 10 Forger and expert: two nets at a game, on a line, on a ring, and on bars of music.

// ANCHOR: imports
use aeolian::gan::measure::{Modes, mean_and_deviation, modes, wasserstein};
use aeolian::gan::{Arena, Forger, Loss, Rules, belief, for_each_seed, forged};
use aeolian::music::{Melody, Pitch, Score, Step};
use aeolian::nn::Schedule;
use aeolian::page::{Live, Page, Show, Table};
use aeolian::plot::{self, Series};
use ndarray::Array2;
use rand_chacha::ChaCha8Rng;
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
// ANCHOR_END: recipes

fn main() -> aeolian::Result<()> {
    // ANCHOR: line
    let mut page = Page::open("10-gan")?;
    let mut rng = page.rng(2014);
    let (line, steps) = (Arena::line(), 5000);
    let cure = Rules { penalty: 0.1, nudge: 0.05, ..calm(2e-3, steps) };
    let mut game = line.game(&cure)?;
    for _ in 0..steps {
        line.step(&mut game)?;
    }
    let real = column(&line.real(4000, &mut rng));
    let fake = column(&forged(&mut game.mean_forger(), 4000, &mut rng)?);
    let curves = [
        Series::new("real", density(&real)),
        Series::new("forged", density(&fake)),
    ];
    let figure = plot::curves("Numbers around 4", ("number", "density"), &curves);
    let heard = score_of("Eight real, eight forged", &[&real[..8], &fake[..8]].concat());
    let caption = "Real numbers and forged ones; heard: eight real, then eight forged";
    page.show("line", &(figure, heard).captioned(caption))?;
    // ANCHOR_END: line

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
    for one in of_expert.iter().filter(|one| one.values.nrows() == 16 && one.values.ncols() == 16) {
        expert = one.values.mapv(f64::from);
    }
    let names: Vec<String> = (1..=16).map(|unit| unit.to_string()).collect();
    let axes = ("unit of the second layer", "unit of the first");
    let figure = plot::heatmap("Most of the expert", axes, &names, &names, &expert);
    page.show(
        "line-weights",
        &(table, figure).captioned("The forger's 13 weights, and 256 of the expert's 321"),
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
        &(forger, expert).captioned("Eight moments of a plain game, one below the other"),
    )?;
    // ANCHOR_END: line-moments

    // ANCHOR: best-expert
    let frozen = Rules { forger: Schedule::Constant(0.0), ..calm(5e-3, 3000) };
    let mut alone = line.game(&frozen)?;
    for (to, from) in alone.parameters()[0].iter_mut().zip(&game.parameters()[0]) {
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
    let figure = plot::curves("The best expert", ("number", "how sure; density"), &curves);
    let caption = "An expert against a forger that stands still, and the best there can be";
    page.show("best-expert", &figure.captioned(caption))?;
    // ANCHOR_END: best-expert

    // ANCHOR: line-trial
    /// Mean, deviation and distance of what a recipe's running mean forges at the end, and the deviation of its raw weights.
    fn trial(arena: &Arena, rules: &Rules, steps: u64, seed: u64) -> aeolian::Result<[f64; 4]> {
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
    let (calm_line, crowd) = (calm(2e-3, steps), Arena { group: Some(8), ..line.clone() });
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

    // ANCHOR: ring
    /// Points in the plane.
    fn points(of: &Array2<f32>) -> Vec<[f64; 2]> {
        of.rows().into_iter().map(|at| [f64::from(at[0]), f64::from(at[1])]).collect()
    }

    /// A scatter of what is real and what was forged.
    fn picture(title: &str, arena: &Arena, forger: &mut Forger, rng: &mut ChaCha8Rng) -> aeolian::Result<plot::Figure> {
        let pairs = |of: Array2<f32>| points(&of).into_iter().map(|[x, y]| (x, y));
        let series = [
            Series::new("forged", pairs(forged(forger, 400, rng)?)),
            Series::new("real", pairs(arena.real(200, rng))),
        ];
        Ok(plot::scatter(title, ("x", "y"), &series))
    }

    let ring_steps = 4000;
    let calm_ring = calm(3e-3, ring_steps);
    let cured = Rules { loss: Loss::Relativistic, penalty: 0.05, nudge: 0.02, ..calm_ring.clone() };
    let mut pictures = vec![];
    for (title, sides) in [("One cloud of noise", 0), ("The same, and a die", 16)] {
        let ring = Arena::ring().with_die(sides);
        let mut game = ring.game(&cured)?;
        for _ in 0..ring_steps {
            ring.step(&mut game)?;
        }
        pictures.push(picture(title, &ring, game.forger(), &mut rng)?);
    }
    let with_die = pictures.remove(1);
    page.show(
        "ring",
        &(pictures.remove(0), with_die)
            .captioned("Eight crowds: a continuous map leaves threads between them, a die does not"),
    )?;
    // ANCHOR_END: ring

    // ANCHOR: ring-trial
    /// What a recipe catches at a quarter, at half and at the end, by raw weights; and at the end by their running mean.
    fn catch(arena: &Arena, rules: &Rules, steps: u64, seed: u64) -> aeolian::Result<[Modes; 4]> {
        let mut game = arena.game(&Rules { seed, ..rules.clone() })?;
        let centres = arena.centres.iter().map(|at| [f64::from(at[0]), f64::from(at[1])]);
        let (centres, near) = (centres.collect::<Vec<_>>(), 3.0 * f64::from(arena.deviation));
        let mut found = [Modes::default(); 4];
        let mut rng = game.chance();
        for (to, until) in found.iter_mut().zip([steps / 4, steps / 2, steps]) {
            while game.steps() < until {
                arena.step(&mut game)?;
            }
            *to = modes(&points(&forged(game.forger(), 2500, &mut rng)?), &centres, near);
        }
        found[3] = modes(&points(&forged(&mut game.mean_forger(), 2500, &mut rng)?), &centres, near);
        Ok(found)
    }
    // ANCHOR_END: ring-trial

    // ANCHOR: ring-modes
    let (ring, few) = (Arena::ring(), &seeds[..seeds.len().div_ceil(2)]);
    let slow = Rules { expert: Schedule::Constant(1e-4), ..plain(1e-3) };
    let packed = Rules { pack: 2, ..calm(1e-3, 2000) };
    let steep = Rules { penalty: 0.1, nudge: 0.02, ..calm(1e-3, 2000) };
    let (die, many) = (ring.clone().with_die(16), Arena::grid().with_die(32));
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
        "game", "seeds", "caught: at a quarter", "half", "end", "good (%)", "worst", "spread", "of running mean: good", "spread",
    ]);
    let mut with_die = vec![];
    for (name, arena, rules, steps, seeds) in &recipes {
        let found = for_each_seed(seeds, |seed| catch(arena, rules, *steps, seed))?;
        let mean = |of: fn(&[Modes; 4]) -> f64| found.iter().map(of).sum::<f64>() / found.len() as f64;
        let caught = [mean(|it| it[0].caught as f64), mean(|it| it[1].caught as f64), mean(|it| it[2].caught as f64)];
        let [quarter, half, end] = caught.map(|count| format!("{count:.1}"));
        let worst = found.iter().map(|it| it[2].good).fold(1.0, f64::min);
        let [good, worst, smooth] = [mean(|it| it[2].good), worst, mean(|it| it[3].good)].map(|share| format!("{:.1}", 100.0 * share));
        let [raw, running] = [mean(|it| it[2].spread), mean(|it| it[3].spread)].map(|spread| format!("{spread:.3}"));
        table.row(&[name, &seeds.len(), &quarter, &half, &end, &good, &worst, &raw, &smooth, &running]);
        if arena.latent.sides == 16 {
            with_die = found;
        }
    }
    page.show("ring-modes", &table.captioned("Crowds caught; a good point is within three deviations of a centre. A real crowd's spread is 0.020"))?;
    // ANCHOR_END: ring-modes

    // ANCHOR: ring-good-percent
    let good = with_die.iter().map(|it| it[2].good).sum::<f64>() / with_die.len() as f64;
    page.show("ring-good-percent", &format!("{:.1} %", 100.0 * good).captioned("of the points are good, with a die, by raw weights"))?;
    // ANCHOR_END: ring-good-percent
    Ok(())
}
