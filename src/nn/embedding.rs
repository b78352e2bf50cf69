//! An embedding: each symbol has a row of numbers of its own, which are learned.
//!
//! Shapes: `N` symbols, `V` of the vocabulary, `E` numbers each; the table `[V][E]`, `y` `[N][E]`.

use super::buffer::{self, Buffer};
use super::parameter::Parameter;
use crate::{Error, Result};
use ndarray::ArrayView2;
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// A table of rows, one for each symbol.
#[derive(Clone, Debug)]
pub struct Embedding {
    /// The table `[V][E]`.
    pub table: Parameter,
    symbols: Vec<usize>,
    y: Buffer,
    kept: bool,
}

impl Embedding {
    /// A table of numbers drawn from the standard normal distribution. Its parameter is called `<name>.weight`.
    pub fn new(name: &str, vocabulary: usize, width: usize, rng: &mut impl Rng) -> Embedding {
        let mut table = Parameter::zeros(format!("{name}.weight"), vocabulary, width);
        table.values.mapv_inplace(|_| StandardNormal.sample(rng));
        Embedding {
            table,
            symbols: Vec::new(),
            y: Buffer::default(),
            kept: false,
        }
    }

    /// Symbols `[N]` to `y` `[N][E]`.
    ///
    /// # Errors
    /// If a symbol is not of the vocabulary.
    pub fn forward(&mut self, symbols: &[usize]) -> Result<ArrayView2<'_, f32>> {
        let (vocabulary, width) = self.table.shape();
        self.kept = false;
        let y = self.y.resize(symbols.len(), width);
        gather(self.table.flat(), vocabulary, width, symbols, y)?;
        self.symbols.clear();
        self.symbols.extend_from_slice(symbols);
        self.kept = true;
        Ok(self.y.view())
    }

    /// Adds each row of `dy` `[N][E]` to the gradient of the row that it came from.
    ///
    /// # Errors
    /// If there was no `forward` since the last `backward`, or `dy` is not of the shape of its `y`.
    pub fn backward(&mut self, dy: ArrayView2<f32>) -> Result<()> {
        let width = self.table.shape().1;
        buffer::take(&mut self.kept, "the embedding")?;
        buffer::check("dy", dy.dim(), (self.symbols.len(), width))?;
        let dy = dy.as_standard_layout();
        scatter(
            dy.as_slice().unwrap_or_default(),
            width,
            &self.symbols,
            self.table.flat_gradient(),
        );
        Ok(())
    }
}

/// Copies the row of each symbol from a table `[vocabulary][width]` to `y` `[N][width]`.
pub(super) fn gather(
    table: &[f32],
    vocabulary: usize,
    width: usize,
    symbols: &[usize],
    y: &mut [f32],
) -> Result<()> {
    for (&symbol, y) in symbols.iter().zip(y.chunks_exact_mut(width.max(1))) {
        let row = (symbol < vocabulary)
            .then(|| table.get(symbol * width..(symbol + 1) * width))
            .flatten();
        let row = row.ok_or_else(|| {
            Error::value(
                format!("Symbol {symbol} is not one of the vocabulary's {vocabulary}"),
                "Encode the music with the alphabet that the model was made for",
            )
        })?;
        y.copy_from_slice(row);
    }
    Ok(())
}

/// The way back: adds each row of `dy` to its symbol's row. The symbols went through [`gather`].
pub(super) fn scatter(dy: &[f32], width: usize, symbols: &[usize], table: &mut [f32]) {
    for (&symbol, dy) in symbols.iter().zip(dy.chunks_exact(width.max(1))) {
        if let Some(row) = table.get_mut(symbol * width..(symbol + 1) * width) {
            buffer::add(row, dy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::test::{LARGEST_DIFFERENCE, numbers};
    use crate::nn::{SquaredError, gradient_check};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gradients_agree_with_finite_differences_also_for_a_symbol_that_comes_twice() {
        let mut embedding = Embedding::new("e", 4, 3, &mut ChaCha8Rng::seed_from_u64(1));
        let (mut loss, target) = (SquaredError::default(), numbers(5, 3, 1));
        let largest = gradient_check(
            &mut embedding,
            |embedding| vec![&mut embedding.table],
            |embedding| {
                let found = loss.forward(embedding.forward(&[0, 3, 3, 1, 0])?, target.view())?;
                embedding.backward(loss.backward(1.0)?)?;
                Ok(found)
            },
        )
        .unwrap();
        assert!(largest < LARGEST_DIFFERENCE, "{largest}");
    }

    #[test]
    fn a_strange_symbol_and_a_second_backward_are_refused() {
        let mut embedding = Embedding::new("e", 4, 3, &mut ChaCha8Rng::seed_from_u64(1));
        let message = embedding.forward(&[0, 4]).unwrap_err().to_string();
        assert!(
            message.contains("Symbol 4 is not one of the vocabulary's 4"),
            "{message}"
        );
        assert!(embedding.forward(&[usize::MAX]).is_err());
        embedding.forward(&[1]).unwrap();
        embedding.backward(numbers(1, 3, 1).view()).unwrap();
        assert!(embedding.backward(numbers(1, 3, 1).view()).is_err());
    }
}
