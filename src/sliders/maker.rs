//! The three makers under one name, and their noise.

use super::step::{StepModel, at_quantile, guided};
use crate::bars::{BAR, Request, SYMBOLS, Scale, Unit, Vae};
use crate::gan::Forger;
use crate::nn::{Layer, Saved};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2, Axis, concatenate, s};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// What makes bars on request.
#[derive(Clone, Debug)]
pub enum Maker {
    /// The decoder of a variational autoencoder.
    Vae(Vae),
    /// A forger, as it was told what was asked for.
    Forger(Forger),
    /// Step by step.
    Step(StepModel),
}

impl Maker {
    /// How many numbers of noise a bar takes: those that it is made of, and then 16 by which each step is chosen.
    pub fn noise(&self) -> usize {
        self.latent() + BAR
    }

    fn latent(&self) -> usize {
        match self {
            Maker::Vae(vae) => vae.shape().latent,
            Maker::Forger(forger) => forger.shape().latent.width(),
            Maker::Step(_) => 0,
        }
    }

    /// A bar to each request, each from its own row of noise `[N][noise]`, standard normal numbers. The same request and noise give the same bar. Only a
    /// step model hears what came before. `loudness` is how loud it is asked: 1 as it is, more is guidance.
    ///
    /// # Errors
    /// If requests, bars before and noise do not fit each other or the model.
    pub fn make(
        &mut self,
        requests: &[Request],
        before: &[Option<&Unit>],
        noise: ArrayView2<f32>,
        loudness: f32,
    ) -> Result<Vec<Unit>> {
        if noise.dim() != (requests.len(), self.noise()) {
            return Err(Error::value(
                format!("{} requests, and noise of {:?}", requests.len(), noise.dim()),
                format!("Give {} numbers of noise for each request", self.noise()),
            ));
        }
        let latent = self.latent();
        let z = noise.slice(s![.., ..latent]);
        let chosen = noise.slice(s![.., latent..]).mapv(normal_share);
        if let Maker::Step(model) = self {
            return model.make(requests, before, chosen.view(), loudness);
        }
        let mut logits = self.logits(z, requests)?;
        if loudness != 1.0 {
            let open: Vec<Request> = requests
                .iter()
                .map(|request| Request::open(request.bar, request.kinds.len()))
                .collect();
            logits = guided(&logits, &self.logits(z, &open)?, loudness);
        }
        let mut units = Vec::with_capacity(requests.len());
        for ((row, chosen), request) in logits.outer_iter().zip(chosen.outer_iter()).zip(requests) {
            let steps = row
                .axis_chunks_iter(Axis(0), SYMBOLS)
                .zip(chosen)
                .take(request.bar);
            let symbols = steps.map(|(step, chosen)| at_quantile(&mut step.to_vec(), *chosen));
            units.push(Unit {
                bar: request.bar,
                symbols: symbols.collect(),
            });
        }
        Ok(units)
    }

    fn logits(&mut self, z: ArrayView2<f32>, requests: &[Request]) -> Result<Array2<f32>> {
        let rows: Vec<f32> = requests.iter().flat_map(Request::conditions).collect();
        let width = rows.len() / requests.len().max(1);
        let told = Array2::from_shape_vec((requests.len(), width), rows).unwrap_or_default();
        match self {
            Maker::Vae(vae) => vae.decode(z, told.view()),
            Maker::Forger(forger) => {
                let x = concatenate(Axis(1), &[z, told.view()]).unwrap_or_default();
                forger.net().dropout(None);
                Ok(forger.net().forward(x.view())?.to_owned())
            }
            Maker::Step(_) => Ok(Array2::default((0, 0))),
        }
    }

    /// Of some rows of noise the one whose bar comes nearest to what is asked, and that bar.
    ///
    /// # Errors
    /// As [`Maker::make`], or if there are no rows.
    pub fn nearest(
        &mut self,
        request: &Request,
        before: Option<&Unit>,
        noise: ArrayView2<f32>,
        scale: &Scale,
        loudness: f32,
    ) -> Result<(usize, Unit)> {
        let count = noise.nrows();
        let made = self.make(
            &vec![request.clone(); count],
            &vec![before; count],
            noise,
            loudness,
        )?;
        let far = |unit: &Unit| request.distance(unit, scale);
        let nearest = made
            .into_iter()
            .enumerate()
            .min_by(|a, b| far(&a.1).total_cmp(&far(&b.1)));
        nearest.ok_or_else(|| Error::value("There is no noise to make a bar of", "Give at least one row"))
    }

    /// The best of so many tries at each request, by the measures alone: a *sieve*.
    ///
    /// # Errors
    /// As [`Maker::make`].
    pub fn sieved(
        &mut self,
        requests: &[Request],
        scale: &Scale,
        tries: usize,
        loudness: f32,
        rng: &mut impl Rng,
    ) -> Result<Vec<Unit>> {
        let before = vec![None; requests.len()];
        let mut best: Vec<Unit> = Vec::new();
        for _ in 0..tries.max(1) {
            let noise = noise(requests.len(), self.noise(), rng);
            let tried = self.make(requests, &before, noise.view(), loudness)?;
            if best.is_empty() {
                best = tried;
                continue;
            }
            for ((best, tried), request) in best.iter_mut().zip(tried).zip(requests) {
                if request.distance(&tried, scale) < request.distance(best, scale) {
                    *best = tried;
                }
            }
        }
        Ok(best)
    }
}

/// Rows of standard normal numbers.
pub fn noise(rows: usize, columns: usize, rng: &mut impl Rng) -> Array2<f32> {
    Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(&mut *rng))
}

/// So far, from 0 to 1, on the way from one noise to another. It goes along an arc, so that what lies between is as far from zero as noise is.
pub fn between(from: ArrayView2<f32>, to: ArrayView2<f32>, share: f32) -> Array2<f32> {
    let angle = share * std::f32::consts::FRAC_PI_2;
    &from * angle.cos() + &to * angle.sin()
}

/// The share of a standard normal distribution that lies below a number.
fn normal_share(number: f32) -> f32 {
    (0.5 * libm::erfc(-f64::from(number) / std::f64::consts::SQRT_2)) as f32
}
