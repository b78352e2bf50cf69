//! A variational autoencoder (D. Kingma and M. Welling, 2014) of units: one net says in a few uncertain numbers what a unit is like, another makes
//! units of such numbers, and, since these are held near a standard normal distribution, of numbers that were drawn.
//!
//! ```text
//! mean | logvariance = encoder(x | c)        z = mean + exp(logvariance / 2) · noise
//! y = decoder(z | c)                         one of twenty for each step, by the softmax
//! loss = surprise at x, given y  +  beta · KL        KL = 1/2 sum(mean² + exp(logvariance) - logvariance - 1)
//! ```
//!
//! Shapes: `B` units, `X` numbers of a unit, `C` conditions, `Z` latent numbers; x `[B][X]`, c `[B][C]`, z `[B][Z]`, y `[B][X]`.

use super::unit::{BAR, SYMBOLS, Unit, drawn, rows};
use crate::nn::buffer;
use crate::nn::{Activation, Adam, Curve, Dense, Layer, Parameter, Play, Saved, SoftmaxCrossEntropy, Stack};
use crate::{Error, Result};
use ndarray::{Array2, ArrayView2, Axis, concatenate, s};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// What it takes to make a [`Vae`]; a file says it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct VaeShape {
    /// How many bars a unit has: 1 or 2.
    pub bars: usize,
    /// `C`: how many conditions it is told; the first is the metre.
    pub conditions: usize,
    /// `Z`: how many latent numbers there are.
    pub latent: usize,
    /// Units of the two hidden layers of each net: those beside the bar, and those beside the latent numbers.
    pub hidden: [usize; 2],
}

impl VaeShape {
    /// `X`.
    fn width(&self) -> usize {
        self.bars * BAR * SYMBOLS
    }
}

/// A variational autoencoder of units.
#[derive(Clone, Debug)]
pub struct Vae {
    shape: VaeShape,
    encoder: Stack,
    decoder: Stack,
    loss: SoftmaxCrossEntropy,
}

impl Vae {
    /// A model that has learned nothing yet.
    ///
    /// # Errors
    /// If it would have no bars, no conditions, no latent numbers or no units.
    pub fn new(shape: &VaeShape, rng: &mut impl Rng) -> Result<Vae> {
        let VaeShape {
            bars,
            conditions,
            latent,
            hidden: [wide, narrow],
        } = *shape;
        if [bars, conditions, latent, wide, narrow].contains(&0) || Vae::numbers(shape).is_none() {
            return Err(Error::value(
                format!("There is no autoencoder of {shape:?}"),
                "Ask for at least one of each, and for less than the memory holds",
            ));
        }
        let width = shape.width();
        Ok(Vae {
            encoder: Stack::new()
                .with(Dense::new("encoder0", width + conditions, wide, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("encoder1", wide, narrow, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("encoder2", narrow, 2 * latent, rng)),
            decoder: Stack::new()
                .with(Dense::new("decoder0", latent + conditions, narrow, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("decoder1", narrow, wide, rng))
                .with(Activation::new(Curve::Relu))
                .with(Dense::new("decoder2", wide, width, rng)),
            shape: *shape,
            loss: SoftmaxCrossEntropy::default(),
        })
    }

    /// All that is learned: the encoder's layers, then the decoder's.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = self.encoder.parameters();
        all.extend(self.decoder.parameters());
        all
    }

    // ANCHOR: learn
    /// One way forward and back for units and their conditions `[B][C]`. Adds to the gradients, and gives the mean surprise and the mean KL, in nats.
    ///
    /// # Errors
    /// If there are no units, or they or the conditions are not of the model's shape.
    pub fn learn(
        &mut self,
        units: &[&Unit],
        conditions: ArrayView2<f32>,
        beta: f32,
        rng: &mut impl Rng,
    ) -> Result<(f64, f64)> {
        let latent = self.shape.latent;
        let code = self.encode(units, conditions)?;
        let noise: Array2<f32> =
            Array2::from_shape_simple_fn((units.len(), latent), || StandardNormal.sample(&mut *rng));
        let (mean, logvariance) = (code.slice(s![.., ..latent]), code.slice(s![.., latent..]));
        let deviation = logvariance.mapv(|logvariance| (0.5 * logvariance).exp());
        let z = &mean + &(&deviation * &noise);
        let x = beside(z.view(), conditions);
        let y = self.decoder.forward(x.view())?;
        // A row for each step of each unit.
        let count = units.len() * self.shape.bars * BAR;
        let steps = buffer::view(count, SYMBOLS, y.as_slice().unwrap_or_default());
        let targets: Vec<Option<usize>> = units.iter().flat_map(|unit| unit.targets()).collect();
        let scale = 1.0 / units.len() as f32;
        let nats = self.loss.forward(steps, &targets)?;
        let dy = self.loss.backward(scale)?;
        let dy = buffer::view(units.len(), self.shape.width(), dy.as_slice().unwrap_or_default());
        let dz = self.decoder.backward(dy)?;
        let dz = dz.slice(s![.., ..latent]);
        // The KL pulls every mean to 0 and every deviation to 1.
        let dmean = &dz + &(&mean * (beta * scale));
        let pull = deviation.mapv(|deviation| 0.5 * beta * scale * (deviation * deviation - 1.0));
        let dlogvariance = &(&dz * &noise) * &deviation * 0.5 + pull;
        self.encoder
            .backward(concatenate![Axis(1), dmean, dlogvariance].view())?;
        let kl = mean.mapv(|mean| mean * mean) + &deviation * &deviation - logvariance - 1.0;
        Ok((nats * f64::from(scale), f64::from(0.5 * scale * kl.sum())))
    }
    // ANCHOR_END: learn

    /// Learns from one batch after the other, so many, with a learning rate that falls along a cosine. `batch` makes each: units, and their
    /// conditions `[B][C]`. `beta` weighs the KL; it rises to that over the first fifth. `progress` hears the number of the step, surprise
    /// and KL.
    ///
    /// # Errors
    /// As [`Vae::learn`]; or if the training loses its way.
    pub fn train<'a>(
        &mut self,
        steps: u64,
        beta: f32,
        rng: &mut ChaCha8Rng,
        mut batch: impl FnMut(&mut ChaCha8Rng) -> (Vec<&'a Unit>, Array2<f32>),
        mut progress: impl FnMut(u64, f64, f64),
    ) -> Result<()> {
        let mut adam = Adam::new(crate::nn::Schedule::WarmUpAndCosine {
            highest: 2e-3,
            lowest: 2e-5,
            warm_up: 50,
            steps,
        });
        for step in 0..steps {
            let (units, conditions) = batch(rng);
            let risen = (5.0 * (step + 1) as f32 / steps as f32).min(1.0);
            let (nats, kl) = self.learn(&units, conditions.view(), beta * risen, rng)?;
            adam.step(&mut self.parameters())?;
            progress(step + 1, nats, kl);
        }
        Ok(())
    }

    /// What the encoder says of units: means and logarithms of variances, `[B][2 Z]`.
    ///
    /// # Errors
    /// If units or conditions are not of the model's shape.
    pub fn encode(&mut self, units: &[&Unit], conditions: ArrayView2<f32>) -> Result<Array2<f32>> {
        if let Some(other) = units.iter().find(|unit| unit.bars() != self.shape.bars) {
            return Err(Error::value(
                format!(
                    "A unit of {} bars, and the model is of {}",
                    other.bars(),
                    self.shape.bars
                ),
                "Give units as long as the model's",
            ));
        }
        buffer::check(
            "The conditions",
            conditions.dim(),
            (units.len().max(1), self.shape.conditions),
        )?;
        let x = rows(units.iter().copied(), self.shape.bars);
        Ok(self
            .encoder
            .forward(beside(x.view(), conditions).view())?
            .to_owned())
    }

    /// What the decoder makes of latent numbers `[B][Z]` and conditions `[B][C]`: logits `[B][X]`.
    ///
    /// # Errors
    /// If they are not of the model's shape.
    pub fn decode(&mut self, z: ArrayView2<f32>, conditions: ArrayView2<f32>) -> Result<Array2<f32>> {
        buffer::check("z", z.dim(), (conditions.nrows(), self.shape.latent))?;
        buffer::check(
            "The conditions",
            conditions.dim(),
            (z.nrows(), self.shape.conditions),
        )?;
        Ok(self.decoder.forward(beside(z, conditions).view())?.to_owned())
    }

    /// New units to conditions `[B][C]`, of latent numbers that are drawn.
    ///
    /// # Errors
    /// If the conditions are not of the model's shape.
    pub fn draw(&mut self, conditions: ArrayView2<f32>, rng: &mut impl Rng) -> Result<Vec<Unit>> {
        let shape = (conditions.nrows(), self.shape.latent);
        let z = Array2::from_shape_simple_fn(shape, || StandardNormal.sample(&mut *rng));
        let logits = self.decode(z.view(), conditions)?;
        Ok(drawn(logits.view(), conditions, rng))
    }

    /// The decoder, ready to play one unit at a time: it hears latent numbers and conditions, `Z + C`, and gives logits.
    ///
    /// # Errors
    /// If a parameter was replaced by one of another shape.
    pub fn player(&self) -> Result<Box<dyn Play>> {
        self.decoder.player(self.shape.latent + self.shape.conditions)
    }
}

/// Two matrices of as many rows side by side; a layer refuses what comes of others.
fn beside(a: ArrayView2<f32>, b: ArrayView2<f32>) -> Array2<f32> {
    concatenate(Axis(1), &[a, b]).unwrap_or_default()
}

impl Saved for Vae {
    type Shape = VaeShape;
    const NAME: &'static str = "Vae";

    fn shape(&self) -> VaeShape {
        self.shape
    }

    fn numbers(shape: &VaeShape) -> Option<usize> {
        let VaeShape {
            bars,
            conditions,
            latent,
            hidden: [wide, narrow],
        } = *shape;
        let width = bars.checked_mul(BAR * SYMBOLS)?;
        let sizes = [
            (width.checked_add(conditions)?, wide),
            (wide, narrow),
            (narrow, latent.checked_mul(2)?),
            (latent.checked_add(conditions)?, narrow),
            (narrow, wide),
            (wide, width),
        ];
        sizes.into_iter().try_fold(0usize, |sum, (inputs, outputs)| {
            sum.checked_add(inputs.checked_add(1)?.checked_mul(outputs)?)
        })
    }

    fn empty(shape: &VaeShape) -> Result<Vae> {
        Vae::new(shape, &mut ChaCha8Rng::seed_from_u64(0))
    }

    fn weights(&mut self) -> Vec<&mut Parameter> {
        self.parameters()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::metres;
    use crate::nn::gradient_check;
    use crate::nn::tests::LARGEST_DIFFERENCE;

    const SHAPE: VaeShape = VaeShape {
        bars: 1,
        conditions: 1,
        latent: 2,
        hidden: [16, 8],
    };

    fn units() -> [Unit; 2] {
        let mut symbols = vec![18; 16];
        (symbols[0], symbols[8]) = (3, 5);
        let second = Unit {
            bar: 12,
            symbols: symbols.iter().map(|symbol| symbol / 2).take(12).collect(),
        };
        [Unit { bar: 16, symbols }, second]
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        let small = VaeShape {
            hidden: [5, 4],
            ..SHAPE
        };
        // A seed for which no number of the hidden layers is so near 0 that a small step bends its curve.
        let mut vae = Vae::new(&small, &mut ChaCha8Rng::seed_from_u64(28)).unwrap();
        let units = units();
        let conditions = metres(units.iter());
        let largest = gradient_check(
            &mut vae,
            |vae| vae.parameters(),
            |vae| {
                let (nats, kl) = vae.learn(
                    &[&units[0], &units[1]],
                    conditions.view(),
                    0.5,
                    &mut ChaCha8Rng::seed_from_u64(2),
                )?;
                Ok(nats + 0.5 * kl)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
    }

    #[test]
    fn it_learns_two_bars_by_heart_and_comes_back_from_bytes() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let larger = VaeShape {
            hidden: [48, 24],
            ..SHAPE
        };
        let mut vae = Vae::new(&larger, &mut rng).unwrap();
        let units = units();
        let conditions = metres(units.iter());
        let mut last = 0.0;
        vae.train(
            800,
            0.1,
            &mut rng,
            |_| (units.iter().collect(), conditions.clone()),
            |_, nats, _| last = nats,
        )
        .unwrap();
        assert!(last < 1.0, "{last}");
        let mut again = Vae::from_bytes(&vae.to_bytes().unwrap()).unwrap();
        for vae in [&mut vae, &mut again] {
            let code = vae.encode(&[&units[0], &units[1]], conditions.view()).unwrap();
            let logits = vae.decode(code.slice(s![.., ..2]), conditions.view()).unwrap();
            assert_eq!(drawn(logits.view(), conditions.view(), &mut rng), units);
        }
        let drawn = vae.draw(conditions.view(), &mut rng).unwrap();
        assert_eq!((drawn[0].bar, drawn[1].bar), (16, 12));
        assert!(vae.draw(Array2::zeros((1, 2)).view(), &mut rng).is_err());
        let z = Array2::zeros((1, 2));
        let logits = vae.decode(z.view(), conditions.slice(s![..1, ..])).unwrap();
        let heard = [0.0, 0.0, 1.0];
        for (played, decoded) in vae.player().unwrap().step(&heard).iter().zip(&logits) {
            assert!((played - decoded).abs() < 1e-4);
        }
    }
}
