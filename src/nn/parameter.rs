//! What is learned, and where it starts.

use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize, Serializer};

/// A matrix of numbers that training changes, and the gradient of the loss with respect to each of them.
///
/// As JSON, such as `{"name": "dense.bias", "rows": [[0.5, 1.0]]}`, it is its values alone.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(try_from = "Written")]
pub struct Parameter {
    /// What it is called in a file of weights, such as `dense.weight`.
    pub name: String,
    /// `[rows][columns]`; a bias has one row.
    pub values: Array2<f32>,
    /// As large as the values. `backward` *adds* to it; the optimiser uses it up and leaves zeros.
    pub gradient: Array2<f32>,
}

impl Parameter {
    /// All zeros: the start of a bias.
    pub fn zeros(name: impl Into<String>, rows: usize, columns: usize) -> Parameter {
        Parameter {
            name: name.into(),
            values: Array2::zeros((rows, columns)),
            gradient: Array2::zeros((rows, columns)),
        }
    }

    /// Evenly from `-sqrt(6 / (rows + columns))` to the same above zero, so that signals neither grow nor
    /// shrink from layer to layer, forward or backward (X. Glorot and Y. Bengio, 2010).
    pub fn glorot(name: impl Into<String>, rows: usize, columns: usize, rng: &mut impl Rng) -> Parameter {
        let mut parameter = Parameter::zeros(name, rows, columns);
        let bound = (6.0 / (rows + columns).max(1) as f32).sqrt();
        parameter
            .values
            .mapv_inplace(|_| bound * (2.0 * rng.random::<f32>() - 1.0));
        parameter
    }

    /// A random matrix whose rows are of length 1 and at right angles: for what a recurrent layer applies to itself step after
    /// step, since it leaves the length of a signal as it is (A. Saxe, J. McClelland and S. Ganguli, 2014). With
    /// more columns than rows there is one such block beside the other.
    pub fn orthogonal(name: impl Into<String>, rows: usize, columns: usize, rng: &mut impl Rng) -> Parameter {
        let mut parameter = Parameter::zeros(name, rows, columns);
        for mut block in parameter
            .values
            .axis_chunks_iter_mut(ndarray::Axis(1), rows.max(1))
        {
            let width = block.ncols();
            let mut done: Vec<Vec<f32>> = Vec::new();
            for mut row in block.rows_mut() {
                let mut drawn: Vec<f32> = StandardNormal.sample_iter(&mut *rng).take(width).collect();
                // What it shares with the rows before is taken away (Gram and Schmidt). A block that is higher than
                // wide has no more than `width` such rows; then it begins again.
                if done.len() == width {
                    done.clear();
                }
                for before in &done {
                    let shared: f32 = before.iter().zip(&drawn).map(|(a, b)| a * b).sum();
                    drawn.iter_mut().zip(before).for_each(|(a, b)| *a -= shared * b);
                }
                let length = drawn
                    .iter()
                    .map(|a| a * a)
                    .sum::<f32>()
                    .sqrt()
                    .max(f32::MIN_POSITIVE);
                drawn.iter_mut().for_each(|a| *a /= length);
                row.iter_mut().zip(&drawn).for_each(|(to, from)| *to = *from);
                done.push(drawn);
            }
        }
        parameter
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.values.dim()
    }

    /// The values, row after row. Empty if they were replaced by a matrix that is stored in another order.
    pub(crate) fn flat(&self) -> &[f32] {
        self.values.as_slice().unwrap_or(&[])
    }

    /// The values, to be changed.
    #[cfg_attr(target_family = "wasm", allow(dead_code))] // only training with many threads wants it
    pub(crate) fn flat_values(&mut self) -> &mut [f32] {
        self.values.as_slice_mut().unwrap_or(&mut [])
    }

    /// The gradient, row after row.
    pub(crate) fn flat_gradient(&mut self) -> &mut [f32] {
        self.gradient.as_slice_mut().unwrap_or(&mut [])
    }
}

/// A parameter in a text.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    rows: Vec<Vec<f32>>,
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.values.outer_iter().map(|row| row.to_vec()).collect();
        let name = self.name.clone();
        Written { name, rows }.serialize(serializer)
    }
}

impl TryFrom<Written> for Parameter {
    type Error = String;

    fn try_from(written: Written) -> Result<Parameter, String> {
        let Written { name, rows } = written;
        let columns = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != columns) {
            return Err(format!("the rows of {name} are not equally long"));
        }
        let mut parameter = Parameter::zeros(name, rows.len(), columns);
        let values = parameter.values.iter_mut();
        values
            .zip(rows.into_iter().flatten())
            .for_each(|(to, from)| *to = from);
        Ok(parameter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn a_start_keeps_to_its_bound_and_fills_it() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let parameter = Parameter::glorot("w", 20, 34, &mut rng);
        let bound = 1.0 / 3.0;
        let (mut low, mut high) = (0.0f32, 0.0f32);
        for value in &parameter.values {
            (low, high) = (low.min(*value), high.max(*value));
        }
        assert!((-bound..-0.95 * bound).contains(&low) && (0.95 * bound..bound).contains(&high));
    }

    #[test]
    fn a_parameter_goes_into_a_text_and_comes_back() {
        let parameter = Parameter::glorot("w", 3, 5, &mut ChaCha8Rng::seed_from_u64(3));
        let text = serde_json::to_string(&parameter).unwrap();
        assert_eq!(serde_json::from_str::<Parameter>(&text).unwrap(), parameter);
        let uneven = r#"{"name": "w", "rows": [[1.0], [1.0, 2.0]]}"#;
        let wrong = serde_json::from_str::<Parameter>(uneven).unwrap_err();
        assert!(wrong.to_string().contains("rows of w"), "{wrong}");
    }

    #[test]
    fn orthogonal_blocks_leave_lengths_as_they_are() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let parameter = Parameter::orthogonal("w", 12, 24, &mut rng);
        for block in parameter.values.axis_chunks_iter(ndarray::Axis(1), 12) {
            let product = block.dot(&block.t());
            for ((row, column), value) in product.indexed_iter() {
                assert!((value - f32::from(u8::from(row == column))).abs() < 1e-5);
            }
        }
        assert_eq!(Parameter::orthogonal("w", 3, 0, &mut rng).shape(), (3, 0));
        assert!(
            Parameter::orthogonal("w", 5, 2, &mut rng)
                .values
                .iter()
                .all(|value| value.is_finite())
        );
    }
}
