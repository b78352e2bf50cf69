//! The game: both learn in each step, the expert first.

use super::forger::Forger;
use super::parts::{self, Given, Part};
use super::rules::Rules;
use crate::nn::{Adam, Layer, Parameter, Saved, Schedule, Stack, buffer};
use crate::threads::*;
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Played {
    /// The expert's loss, its penalty included.
    pub expert: f64,
    /// The forger's loss.
    pub forger: f64,
    /// The mean score of the real ones.
    pub real: f64,
    /// The mean score of the forgeries.
    pub fake: f64,
}

/// A forger and an expert at play. The same seed and the same examples give the same weights, bit for bit, on one thread or many.
#[derive(Clone, Debug)]
pub struct Game {
    pub(super) rules: Rules,
    pub(super) forger: Forger,
    /// The first of them has the expert that learns.
    pub(super) parts: Vec<Part>,
    /// Of the forger, of the expert.
    pub(super) adams: [Adam; 2],
    /// The running mean of each of the forger's parameters.
    pub(super) mean: Vec<Vec<f32>>,
}

impl Game {
    /// A game at its beginning.
    ///
    /// # Errors
    /// If the rules make no sense.
    pub fn new(mut forger: Forger, expert: Stack, rules: &Rules) -> Result<Game> {
        rules.check(rules.pack.saturating_mul(rules.parts))?;
        let adam = |rate: Schedule| {
            Adam::new(rate)
                .with_beta_1(rules.beta_1)
                .with_beta_2(rules.beta_2)
        };
        Ok(Game {
            adams: [rules.forger, rules.expert].map(adam),
            mean: forger
                .parameters()
                .iter()
                .map(|one| one.flat().to_vec())
                .collect(),
            parts: vec![Part::new(expert); rules.parts],
            rules: rules.clone(),
            forger,
        })
    }

    /// Plays on by other rules; not of another seed, nor with other packs or parts.
    ///
    /// # Errors
    /// If the rules make no sense, or ask for what only a new game can give; then the old ones hold.
    pub fn change(&mut self, rules: &Rules) -> Result<()> {
        let Rules {
            seed, pack, parts, ..
        } = self.rules;
        if (rules.seed, rules.pack, rules.parts) != (seed, pack, parts) {
            let remedy = "Keep seed, packs and parts, or begin a new game";
            return Err(Error::value("These rules are of another game", remedy));
        }
        rules.check(pack.saturating_mul(parts))?;
        for (adam, rate) in self.adams.iter_mut().zip([rules.forger, rules.expert]) {
            (adam.schedule, adam.beta_1, adam.beta_2) = (rate, rules.beta_1, rules.beta_2);
        }
        self.rules = rules.clone();
        Ok(())
    }

    /// How many steps were played.
    pub fn steps(&self) -> u64 {
        self.adams[0].steps()
    }

    /// Chance for the next step, for who draws its real examples: it depends on the seed and the step alone.
    pub fn chance(&self) -> ChaCha8Rng {
        self.draws(0)
    }

    fn draws(&self, what: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.rules.seed);
        rng.set_stream(self.steps().wrapping_mul(1 << 16).wrapping_add(what));
        rng
    }

    // ANCHOR: step
    /// One step: real examples `[N][W]`, and what both are told of each `[N][C]`; as many forgeries are made, and told the same. The expert
    /// learns to tell the two apart, and then the forger learns from the expert.
    ///
    /// # Errors
    /// If the shapes do not fit, or a gradient is no longer a number.
    pub fn step(&mut self, real: ArrayView2<f32>, told: ArrayView2<f32>) -> Result<Played> {
        let rows = real.nrows();
        self.rules.check(rows)?;
        let [mut drawn, mut seeds] = [1, 2].map(|what| self.draws(what));
        let chance: Vec<[ChaCha8Rng; 2]> = (0..self.rules.parts as u64)
            .map(|part| [0, 1].map(|player| self.draws(3 + 2 * part + player)))
            .collect();
        let latent = self.forger.shape().latent.draw(rows, &mut drawn);
        let fake = self.forger.forward(latent.view(), told, seed_of(&mut seeds))?;
        buffer::check("The real examples", real.dim(), fake.dim())?;
        let noise = self.rules.noise_at(self.adams[0].steps());
        let given = Given {
            real,
            fake,
            told,
            rules: &self.rules,
            noise,
        };

        let each = rows / self.rules.parts;
        let place = |number: usize| number * each..(number + 1) * each;
        together(&mut self.parts, |number, part| {
            part.judge(place(number), &given, chance[number][0].clone())
        })?;
        let sums = |of: fn(&Part) -> f64, parts: &[Part]| {
            parts.iter().map(of).sum::<f64>() * self.rules.pack as f64 / rows as f64
        };
        let mut played = Played {
            expert: sums(|part| part.loss, &self.parts),
            real: sums(|part| part.sums[0], &self.parts),
            fake: sums(|part| part.sums[1], &self.parts),
            forger: 0.0,
        };
        parts::gather(&mut self.parts);
        self.adams[1].step(&mut self.parts[0].expert.parameters())?;
        parts::share(&mut self.parts);

        together(&mut self.parts, |number, part| {
            part.teach(place(number), &given, chance[number][1].clone())
        })?;
        played.forger = sums(|part| part.loss, &self.parts);
        let dfake: Vec<f32> = self.parts.iter().flat_map(|part| &part.dfake).copied().collect();
        self.forger.backward(buffer::view(rows, real.ncols(), &dfake))?;
        self.adams[0].step(&mut self.forger.parameters())?;
        self.remember();
        Ok(played)
    }
    // ANCHOR_END: step

    /// Moves the running mean. At first it keeps little: it began anywhere.
    fn remember(&mut self) {
        let step = self.adams[0].steps() as f32;
        let kept = self.rules.kept.min((1.0 + step) / (10.0 + step));
        for (mean, now) in self.mean.iter_mut().zip(self.forger.parameters()) {
            for (mean, now) in mean.iter_mut().zip(now.flat()) {
                *mean = kept * *mean + (1.0 - kept) * now;
            }
        }
    }

    /// The forger as it is now.
    pub fn forger(&mut self) -> &mut Forger {
        &mut self.forger
    }

    /// The forger whose weights are the running mean: it trembles less.
    pub fn mean_forger(&self) -> Forger {
        let mut forger = self.forger.clone();
        for (parameter, mean) in forger.parameters().into_iter().zip(&self.mean) {
            parameter.flat_values().copy_from_slice(mean);
        }
        forger
    }

    /// The expert as it is now.
    pub fn expert(&mut self) -> &mut Stack {
        &mut self.parts[0].expert
    }

    /// The expert's scores of rows `[N / pack][pack · (W + C)]`.
    ///
    /// # Errors
    /// If they are not of that shape.
    pub fn scores(&mut self, rows: ArrayView2<f32>) -> Result<Array2<f32>> {
        Ok(self.parts[0].expert.forward(rows)?.to_owned())
    }

    /// All that is learned by both.
    pub fn parameters(&mut self) -> [Vec<&mut Parameter>; 2] {
        [self.forger.parameters(), self.parts[0].expert.parameters()]
    }
}

fn seed_of(rng: &mut ChaCha8Rng) -> u64 {
    use rand::Rng;
    rng.next_u64()
}

/// Does the same with each part, on as many threads as there are.
fn together(parts: &mut [Part], work: impl Fn(usize, &mut Part) -> Result<()> + Sync + Send) -> Result<()> {
    if let [one] = parts {
        return work(0, one);
    }
    let results = parts
        .par_iter_mut()
        .enumerate()
        .map(|(number, part)| work(number, part));
    let results: Vec<Result<(), Error>> = results.collect();
    results.into_iter().collect()
}
