//! Symbols in: an embedding, and the dense layer that hears it, as one. `y = table[symbol] · W + b`
//!
//! Each symbol has a row of numbers of its own, which are learned. The whole table is multiplied by `W` once, and the products are
//! looked up: less work than a product for each row, as long as there are more rows than symbols.
//!
//! Shapes: `N` symbols, `V` of the vocabulary, `E` numbers each, `O` outputs; the table `[V][E]`, `W` `[E][O]`, `y` `[N][O]`.

use super::buffer::{self, Buffer};
use super::dense::Dense;
use super::layer::Layer;
use super::parameter::Parameter;
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// A table of rows, one for each symbol, and a dense layer. What comes in are no numbers, so it is not a [`Layer`]; it
/// stands below one.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The table `[V][E]`.
    pub table: Parameter,
    /// `W` and `b`.
    pub dense: Dense,
    symbols: Vec<usize>,
    y: Buffer,
    /// The gradient of each product `[V][O]`.
    sums: Buffer,
    kept: bool,
}

impl Lookup {
    /// A table of numbers drawn from the standard normal distribution, below a dense layer. The table is called `<name>.weight`.
    pub fn new(name: &str, vocabulary: usize, dense: Dense, rng: &mut impl Rng) -> Lookup {
        let width = dense.weight.shape().0;
        let mut table = Parameter::zeros(format!("{name}.weight"), vocabulary, width);
        table.values.mapv_inplace(|_| StandardNormal.sample(rng));
        Lookup {
            table,
            dense,
            symbols: Vec::new(),
            y: Buffer::default(),
            sums: Buffer::default(),
            kept: false,
        }
    }

    /// Symbols `[N]` to `y` `[N][O]`.
    ///
    /// # Errors
    /// If a symbol is not of the vocabulary.
    pub fn forward(&mut self, symbols: &[usize]) -> Result<ArrayView2<'_, f32>> {
        self.kept = false;
        let products = self.dense.forward(self.table.values.view())?;
        let (vocabulary, outputs) = products.dim();
        let products = products.to_slice().unwrap_or_default();
        let y = self.y.resize(symbols.len(), outputs);
        for (&symbol, y) in symbols.iter().zip(y.chunks_exact_mut(outputs.max(1))) {
            let product = products.get(symbol.saturating_mul(outputs)..).unwrap_or_default();
            let Some(product) = product.get(..outputs).filter(|_| symbol < vocabulary) else {
                return Err(Error::value(
                    format!("Symbol {symbol} is not one of the vocabulary's {vocabulary}"),
                    "Encode the music with the alphabet that the model was made for",
                ));
            };
            y.copy_from_slice(product);
        }
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        self.kept = true;
        Ok(self.y.view())
    }

    /// Adds to the gradients of table, weight and bias. What was looked up ten times has ten gradients: their sum goes back through
    /// the product.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `y`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<()> {
        let (vocabulary, outputs) = (self.table.shape().0, self.dense.weight.shape().1);
        buffer::take(&mut self.kept, "the lookup")?;
        buffer::check("dy", dy.dim(), (self.symbols.len(), outputs))?;
        let dy = dy.as_standard_layout();
        let rows = dy.as_slice().unwrap_or_default().chunks_exact(outputs.max(1));
        let sums = self.sums.zeros(vocabulary, outputs);
        for (&symbol, dy) in self.symbols.iter().zip(rows) {
            if let Some(sum) = sums.get_mut(symbol * outputs..(symbol + 1) * outputs) {
                buffer::add(sum, dy);
            }
        }
        let dx = self.dense.backward(self.sums.view())?;
        buffer::add(self.table.flat_gradient(), dx.as_slice().unwrap_or_default());
        Ok(())
    }

    /// Table, weight, bias.
    pub fn parameters(&mut self) -> Vec<&mut Parameter> {
        let mut all = vec![&mut self.table];
        all.extend(self.dense.parameters());
        all
    }

    /// The products as they are now, ready to be looked up while it plays.
    ///
    /// # Errors
    /// If the table is not as wide as the dense layer has inputs.
    pub fn player(&self) -> Result<LookupPlayer> {
        let products = self.dense.clone().forward(self.table.values.view())?.to_owned();
        Ok(LookupPlayer {
            outputs: products.ncols(),
            products: products.into_iter().collect(),
        })
    }
}

/// A [`Lookup`] that plays.
#[derive(Clone, Debug)]
pub struct LookupPlayer {
    /// `[V][O]`.
    products: Vec<f32>,
    outputs: usize,
}

impl LookupPlayer {
    /// `V`.
    pub fn vocabulary(&self) -> usize {
        self.products.len() / self.outputs.max(1)
    }

    /// `O`.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// What `forward` gives for this symbol.
    ///
    /// # Panics
    /// If the symbol is not of the vocabulary.
    pub fn step(&self, symbol: usize) -> &[f32] {
        &self.products[symbol * self.outputs..(symbol + 1) * self.outputs]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{SquaredError, gradient_check};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    fn lookup() -> Lookup {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let dense = Dense::new("d", 3, 2, &mut rng);
        Lookup::new("e", 4, dense, &mut rng)
    }

    #[test]
    fn gradients_agree_with_finite_differences_also_for_a_symbol_that_comes_twice() {
        let (mut loss, target) = (SquaredError::default(), numbers(5, 2, 1));
        let largest = gradient_check(&mut lookup(), Lookup::parameters, |lookup| {
            let found = loss.forward(lookup.forward(&[0, 3, 3, 1, 0])?, target.view())?;
            lookup.backward(loss.backward(1.0)?)?;
            Ok(found)
        });
        let largest = largest.unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
    }

    #[test]
    fn looking_products_up_is_the_same_as_multiplying_what_was_looked_up() {
        let (mut lookup, symbols) = (lookup(), [0, 3, 3, 1]);
        let rows = lookup.table.values.select(ndarray::Axis(0), &symbols);
        let expected = lookup.dense.forward(rows.view()).unwrap().to_owned();
        let player = lookup.player().unwrap();
        let found = lookup.forward(&symbols).unwrap();
        assert!((&found - &expected).iter().all(|off| off.abs() < 1e-6));
        for (&symbol, y) in symbols.iter().zip(found.rows()) {
            for (played, y) in player.step(symbol).iter().zip(y) {
                assert!((played - y).abs() < 1e-6, "{played} {y}");
            }
        }
    }

    #[test]
    fn a_strange_symbol_and_a_second_backward_are_refused() {
        let mut lookup = lookup();
        let message = lookup.forward(&[0, 4]).unwrap_err().to_string();
        assert!(
            message.contains("Symbol 4 is not one of the vocabulary's 4"),
            "{message}"
        );
        assert!(
            lookup.backward(numbers(2, 2, 1).view()).is_err(),
            "nothing half done is kept"
        );
        assert!(lookup.forward(&[usize::MAX]).is_err());
        lookup.forward(&[1]).unwrap();
        lookup.backward(numbers(1, 2, 1).view()).unwrap();
        assert!(lookup.backward(numbers(1, 2, 1).view()).is_err());
        lookup.table = Parameter::zeros("e.weight", 4, 5);
        assert!(lookup.player().is_err());
    }
}
