//! Symbols in: an embedding, the dense layer that hears it and the units that hear that, as one part.
//!
//! Each symbol has a row of numbers of its own, which are learned. Where a recurrent layer would multiply each row by `W`, here the whole
//! table is multiplied once, and the units are told which row of `table · W + b` to hear: less work, as long as there are more steps
//! than symbols.
//!
//! Shapes: `N` symbols, `V` of the vocabulary, `E` numbers each, `O` outputs of the dense layer, `H` units; the table `[V][E]`, `W`
//! `[E][O]`, `h` `[N][H]`.

use super::buffer::Buffer;
use super::dense::Dense;
use super::fast;
use super::layer::{Layer, Play};
use super::parameter::Parameter;
use super::recurrent::Units;
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// A table of rows, one for each symbol, a dense layer and units. What comes in are no numbers, so it is not a [`Layer`]; it
/// stands below one.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The table `[V][E]`.
    pub table: Parameter,
    /// `W` and `b`.
    pub dense: Dense,
    units: Box<dyn Units>,
    symbols: Vec<usize>,
    /// The gradient of each product `[V][O]`.
    sums: Buffer,
}

impl Lookup {
    /// A table of numbers drawn from the standard normal distribution, below a dense layer and units. The table is called
    /// `<name>.weight`.
    pub fn new(
        name: &str,
        vocabulary: usize,
        dense: Dense,
        units: Box<dyn Units>,
        rng: &mut impl Rng,
    ) -> Lookup {
        let width = dense.weight.shape().0;
        let mut table = Parameter::zeros(format!("{name}.weight"), vocabulary, width);
        table.values.mapv_inplace(|_| StandardNormal.sample(rng));
        Lookup {
            table,
            dense,
            units,
            symbols: Vec::new(),
            sums: Buffer::default(),
        }
    }

    /// See [`Layer::begin`].
    pub fn begin(&mut self, batch: usize) {
        self.units.begin(batch);
    }

    /// Symbols `[N]` to `h` `[N][H]`.
    ///
    /// # Errors
    /// If a symbol is not of the vocabulary, or as [`Layer::forward`] of the units.
    pub fn forward(&mut self, symbols: &[usize]) -> Result<ArrayView2<'_, f32>> {
        let vocabulary = self.table.shape().0;
        if let Some(symbol) = symbols.iter().find(|symbol| **symbol >= vocabulary) {
            return Err(Error::value(
                format!("Symbol {symbol} is not one of the vocabulary's {vocabulary}"),
                "Encode the music with the alphabet that the model was made for",
            ));
        }
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        let products = self.dense.forward(self.table.values.view())?;
        self.units.forward_rows(products, symbols)
    }

    /// Adds to the gradients of all parameters. What was looked up ten times has ten gradients: their sum goes back through the
    /// product.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dh` is not of the shape of its `h`.
    pub fn backward(&mut self, dh: ArrayView2<f32>) -> Result<()> {
        let da = self.units.backward(dh)?;
        let outputs = da.ncols();
        let da = da.as_standard_layout();
        let rows = da.as_slice().unwrap_or_default().chunks_exact(outputs.max(1));
        let sums = self.sums.zeros(self.table.shape().0, outputs);
        for (&symbol, da) in self.symbols.iter().zip(rows) {
            if let Some(sum) = sums.get_mut(symbol * outputs..(symbol + 1) * outputs) {
                fast::add(sum, da);
            }
        }
        let dx = self.dense.backward(self.sums.view())?;
        fast::add(self.table.flat_gradient(), dx.as_slice().unwrap_or_default());
        Ok(())
    }

    /// Table, weight, bias, and what the units learn.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = vec![&mut self.table];
        all.extend(self.dense.parameters());
        all.extend(self.units.parameters());
        all
    }

    /// The part as it is now, ready to play.
    ///
    /// # Errors
    /// If table, dense layer and units do not fit each other.
    pub fn player(&self) -> Result<LookupPlayer> {
        let products = self.dense.clone().forward(self.table.values.view())?.to_owned();
        Ok(LookupPlayer {
            units: self.units.player(products.ncols())?,
            width: products.ncols(),
            products: products.into_iter().collect(),
        })
    }
}

/// A [`Lookup`] that plays.
#[derive(Debug)]
pub struct LookupPlayer {
    /// `[V][O]`.
    products: Vec<f32>,
    /// `O`.
    width: usize,
    units: Box<dyn Play>,
}

impl LookupPlayer {
    /// `V`.
    pub fn vocabulary(&self) -> usize {
        self.products.len() / self.width.max(1)
    }

    /// `H`.
    pub fn outputs(&self) -> usize {
        self.units.outputs()
    }

    /// Hears a symbol and gives `h`.
    ///
    /// # Panics
    /// If the symbol is not of the vocabulary.
    pub fn step(&mut self, symbol: usize) -> &[f32] {
        self.units
            .step(&self.products[symbol * self.width..(symbol + 1) * self.width])
    }

    /// See [`Play::forget`].
    pub fn forget(&mut self) {
        self.units.forget();
    }

    /// See [`Play::inside`].
    pub fn inside(&self) -> Vec<(&'static str, &[f32])> {
        self.units.inside()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{Lstm, Rnn, SquaredError, gradient_check};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// A table of 4 rows of 3 numbers below a recurrent layer of 2 units.
    macro_rules! lookup_and_layer {
        ($Layer:ident) => {{
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let layer = $Layer::new("r", 3, 2, &mut rng);
            let (dense, units) = (layer.input.clone(), Box::new(layer.units.clone()));
            (Lookup::new("e", 4, dense, units, &mut rng), layer)
        }};
    }

    #[test]
    fn gradients_agree_with_finite_differences_also_for_a_symbol_that_comes_twice() {
        for mut lookup in [lookup_and_layer!(Rnn).0, lookup_and_layer!(Lstm).0] {
            let (mut loss, target) = (SquaredError::default(), numbers(6, 2, 1));
            let largest = gradient_check(&mut lookup, Lookup::parameters, |lookup| {
                lookup.begin(2);
                let found = loss.forward(lookup.forward(&[0, 3, 3, 1, 0, 2])?, target.view())?;
                lookup.backward(loss.backward(1.0)?)?;
                Ok(found)
            });
            let largest = largest.unwrap();
            assert!(largest < LARGEST_DIFFERENCE, "{largest}");
        }
    }

    macro_rules! assert_the_same {
        ($Layer:ident) => {
            let ((mut lookup, mut layer), symbols) = (lookup_and_layer!($Layer), [0, 3, 3, 1, 0, 2]);
            let rows = lookup.table.values.select(ndarray::Axis(0), &symbols);
            let mut player = lookup.player().unwrap();
            let expected = layer.forward(rows.view()).unwrap();
            let found = lookup.forward(&symbols).unwrap();
            assert!((&found - &expected).iter().all(|off| off.abs() < 1e-6));
            for (symbol, h) in symbols.into_iter().zip(expected.rows()) {
                for (played, h) in player.step(symbol).iter().zip(h) {
                    assert!((played - h).abs() < 1e-6, "{played} {h}");
                }
            }
            let dh = numbers(6, 2, 3);
            layer.backward(dh.view()).unwrap();
            lookup.backward(dh.view()).unwrap();
            for (one, other) in lookup.parameters().iter().skip(1).zip(layer.parameters()) {
                let off = &one.gradient - &other.gradient;
                assert!(off.iter().all(|off| off.abs() < 1e-5), "{}", one.name);
            }
        };
    }

    #[test]
    fn looking_products_up_is_the_same_as_multiplying_what_was_looked_up() {
        assert_the_same!(Rnn);
        assert_the_same!(Lstm);
    }

    #[test]
    fn a_strange_symbol_and_a_second_backward_are_refused() {
        let mut lookup = lookup_and_layer!(Lstm).0;
        let message = lookup.forward(&[0, 4]).unwrap_err().to_string();
        assert!(
            message.contains("Symbol 4 is not one of the vocabulary's 4"),
            "{message}"
        );
        assert!(lookup.backward(numbers(2, 2, 1).view()).is_err());
        assert!(lookup.forward(&[usize::MAX]).is_err());
        lookup.forward(&[1]).unwrap();
        lookup.backward(numbers(1, 2, 1).view()).unwrap();
        assert!(lookup.backward(numbers(1, 2, 1).view()).is_err());
        lookup.table = Parameter::zeros("e.weight", 4, 5);
        assert!(lookup.player().is_err());
        let mut units = lookup_and_layer!(Rnn).1.units;
        let table = numbers(3, 2, 1);
        assert!(units.forward_rows(table.view(), &[0, 3]).is_err());
        assert!(units.forward_rows(numbers(3, 5, 1).view(), &[0, 1]).is_err());
    }
}
