use aeolian::bars::*;
use aeolian::gan::*;
use aeolian::gan::measure::*;
use aeolian::music::{Corpus, Part};
use aeolian::nn::*;
use ndarray::{Array2, Axis};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::time::Instant;

fn main() -> aeolian::Result<()> {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let bars: usize = a[0].parse().unwrap();
    let n_seeds: u64 = a[1].parse().unwrap();
    let lessons = Lessons::of(&Corpus::read(std::path::Path::new("data/tunes"), |_, _| {})?, bars)?;
    let train: Vec<Unit> = lessons.units(Part::Train);
    let valid: Vec<&Lesson> = lessons.all.iter().filter(|l| l.part == Part::Valid).collect();
    let test: Vec<&Lesson> = lessons.all.iter().filter(|l| l.part == Part::Test).collect();
    println!("{} train {} valid {} test", train.len(), valid.len(), test.len());
    let width = bars * BAR * SYMBOLS;
    for r in &a[2..] {
        let get = |k: &str, d: f32| r.split(',').find_map(|p| p.strip_prefix(k).and_then(|v| v.strip_prefix('=')).and_then(|v| v.parse().ok())).unwrap_or(d);
        let steps = get("steps", 2400.0) as u64;
        let lr = get("lr", 1e-3);
        let sch = |h: f32| Schedule::WarmUpAndCosine { highest: h, lowest: h * 0.05, warm_up: 0, steps };
        let batch = get("batch", 64.0) as usize;
        let t = Instant::now();
        let found = for_each_seed(&(1..=n_seeds).collect::<Vec<_>>(), |seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let h = get("h", 1.0);
            let shape = ForgerShape { latent: Latent { normals: get("z", 32.0) as usize, ..Latent::default() }, told: 1,
                hidden: vec![(128.0 * h) as usize, (256.0 * h) as usize], curve: Curve::LeakyRelu, norm: get("bn", 1.0) > 0.5,
                made: Made::Symbols { sizes: vec![SYMBOLS; bars * BAR], not_in_short: (0..bars * BAR).filter(|s| s % BAR >= 12).collect() } };
            let f = Forger::new(&shape, &mut rng)?;
            let g = get("group", 8.0) as usize;
            let e = ExpertShape { told: 1, group: (g > 0).then_some(g), ..ExpertShape::new(width, &[(256.0 * h) as usize, (128.0 * h) as usize]) }.build(&mut rng)?;
            let rules = Rules { loss: if get("rel", 1.0) > 0.5 { Loss::Relativistic } else { Loss::NonSaturating }, penalty: get("g", 0.3), nudge: get("e", 0.1), forger: sch(lr * get("fr", 1.0)), expert: sch(lr), beta_1: get("b1", 0.5), beta_2: get("b2", 0.99),
                kept: get("kept", 0.998), noise: get("noise", 0.0), noise_steps: steps, seed, ..Rules::default() };
            let mut game = Game::new(f, e, &rules)?;
            let t = Instant::now();
            for _ in 0..steps {
                let mut rng = game.chance();
                let units: Vec<&Unit> = (0..batch).map(|_| &train[rng.random_range(0..train.len())]).collect();
                game.step(rows(units.iter().copied(), bars).view(), metres(units.iter().copied()).view())?;
            }
            let el = t.elapsed().as_secs_f64();
            let mut f = game.mean_forger();
            let score = |part: &[&Lesson], f: &mut Forger, seed: u64| -> aeolian::Result<(f64, Vec<Unit>)> {
                let mut rng = ChaCha8Rng::seed_from_u64(seed + 100);
                let told = metres(part.iter().map(|l| &l.unit).collect::<Vec<_>>().into_iter());
                let z = f.shape().latent.draw(part.len(), &mut rng);
                let y = f.draw(z.view(), told.view(), Some(seed))?;
                let made = drawn(y.mapv(|x| 60.0 * x).view(), told.view(), &mut rng);
                Ok((critic(part, &made, seed)?, made))
            };
            let (v, _) = score(&valid, &mut f, seed)?;
            let (t2, made) = score(&test, &mut f, seed)?;
            let real: Vec<Unit> = test.iter().map(|l| l.unit.clone()).collect();
            Ok([v, t2, copies(&made, &train), distinct(&made), rhythm_overlap(&made, &real), interval_overlap(&made, &real), el])
        })?;
        print!("{r:30}");
        for k in 0..7 { let v: Vec<f64> = found.iter().map(|x| x[k]).collect(); let (m, s) = mean_and_deviation(&v); print!(" {m:.3}+-{s:.3}"); }
        println!("  {:.0} s", t.elapsed().as_secs_f64());
    }
    let _ = Array2::<f32>::zeros((1, 1)).sum_axis(Axis(0));
    Ok(())
}
