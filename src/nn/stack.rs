//! Layers one above the other.

use super::layer::{Layer, Play};
use super::parameter::Parameter;
use crate::Result;
use ndarray::ArrayView2;

/// Layers, each of which hears the one before: a layer itself.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    layers: Vec<Box<dyn Layer>>,
}

impl Stack {
    /// A stack of no layers, which gives what it is given.
    pub fn new() -> Stack {
        Stack::default()
    }

    /// A stack of these layers, the lowest first.
    pub fn of(layers: Vec<Box<dyn Layer>>) -> Stack {
        Stack { layers }
    }

    /// With one more layer, above the others.
    pub fn with(mut self, layer: impl Layer + 'static) -> Stack {
        self.layers.push(Box::new(layer));
        self
    }
}

impl Layer for Stack {
    fn begin(&mut self, batch: usize) {
        self.layers.iter_mut().for_each(|layer| layer.begin(batch));
    }

    fn dropout(&mut self, seed: Option<u64>) {
        self.layers.iter_mut().for_each(|layer| layer.dropout(seed));
    }

    fn learns(&mut self, yes: bool) {
        self.layers.iter_mut().for_each(|layer| layer.learns(yes));
    }

    fn forward<'a>(&'a mut self, mut x: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        for layer in &mut self.layers {
            x = layer.forward(x)?;
        }
        Ok(x)
    }

    fn backward<'a>(&'a mut self, mut dy: ArrayView2<'a, f32>) -> Result<ArrayView2<'a, f32>> {
        for layer in self.layers.iter_mut().rev() {
            dy = layer.backward(dy)?;
        }
        Ok(dy)
    }

    fn parameters(&mut self) -> Vec<&mut Parameter> {
        self.layers
            .iter_mut()
            .flat_map(|layer| layer.parameters())
            .collect()
    }

    fn player(&self, inputs: usize) -> Result<Box<dyn Play>> {
        player(self.layers.iter().map(|layer| &**layer), inputs)
    }
}

/// The player of layers one above the other.
pub(super) fn player<'a>(
    layers: impl IntoIterator<Item = &'a dyn Layer>,
    inputs: usize,
) -> Result<Box<dyn Play>> {
    let (mut players, mut outputs) = (Vec::new(), inputs);
    for layer in layers {
        let player = layer.player(outputs)?;
        outputs = player.outputs();
        players.push(player);
    }
    Ok(Box::new(StackPlayer {
        layers: players,
        outputs,
    }))
}

/// A [`Stack`] that plays.
#[derive(Debug)]
struct StackPlayer {
    layers: Vec<Box<dyn Play>>,
    outputs: usize,
}

impl Play for StackPlayer {
    fn outputs(&self) -> usize {
        self.outputs
    }

    fn step<'a>(&'a mut self, mut x: &'a [f32]) -> &'a [f32] {
        for layer in &mut self.layers {
            x = layer.step(x);
        }
        x
    }

    fn forget(&mut self) {
        self.layers.iter_mut().for_each(|layer| layer.forget());
    }

    fn inside(&self) -> Vec<(&'static str, &[f32])> {
        self.layers.iter().flat_map(|layer| layer.inside()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Activation, Curve, Dense, SquaredError, gradient_check};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn stack() -> Stack {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        Stack::new()
            .with(Dense::new("first", 3, 5, &mut rng))
            .with(Activation::new(Curve::Tanh))
            .with(Dense::new("second", 5, 2, &mut rng))
    }

    #[test]
    fn gradients_agree_with_finite_differences_and_a_clone_is_another() {
        let (mut stack, mut loss) = (stack(), SquaredError::default());
        let (x, target) = (numbers(4, 3, 1), numbers(4, 2, 2));
        let mut other = stack.clone();
        let largest = gradient_check(&mut stack, Stack::parameters, |stack| {
            let found = loss.forward(stack.forward(x.view())?, target.view())?;
            stack.backward(loss.backward(1.0)?)?;
            Ok(found)
        });
        let largest = largest.unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        let before = other.forward(x.view()).unwrap().to_owned();
        stack.parameters()[0].values.fill(0.5);
        assert_eq!(other.forward(x.view()).unwrap(), before);
        assert_ne!(stack.forward(x.view()).unwrap(), before);
    }

    #[test]
    fn a_player_gives_what_forward_gives_and_layers_that_do_not_fit_have_none() {
        let (mut stack, x) = (stack(), numbers(4, 3, 1));
        let mut player = stack.player(3).unwrap();
        assert_eq!(player.outputs(), 2);
        let y = stack.forward(x.view()).unwrap();
        for (x, y) in x.rows().into_iter().zip(y.rows()) {
            for (played, y) in player.step(x.as_slice().unwrap()).iter().zip(y) {
                assert!((played - y).abs() < 1e-6, "{played} {y}");
            }
        }
        assert!(stack.player(4).is_err());
        let bad = stack.with(Dense::new("third", 3, 1, &mut ChaCha8Rng::seed_from_u64(1)));
        assert!(bad.player(3).unwrap_err().to_string().contains("weight"));
        assert_eq!(Stack::new().player(2).unwrap().step(&[1.0, 2.0]), [1.0, 2.0]);
    }
}
