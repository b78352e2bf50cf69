//! Models as bytes and in files: weights that know what model they are of.
//!
//! A file is in the safetensors format, which PyTorch and others read: all tensors are single precision, row after row. The entry
//! `aeolian` of its metadata says the model's name and its shape. Of the recurrent models the tensors are
//!
//! | tensor | shape | what |
//! |---|---|---|
//! | `embedding.weight` | `[V + 1][E]` | of a model of symbols: a row for each, and one for the begin of a piece |
//! | `layer0.input.weight` | `[I][G]` | from the inputs to the gates; `G` is `4 H` for an LSTM, in the order `i f g o`, and `H` for a plain layer |
//! | `layer0.input.bias` | `[1][G]` | |
//! | `layer0.recurrent` | `[H][G]` | from the units to the gates |
//! | `dense.weight`, `dense.bias` | `[H][O]`, `[1][O]` | |
//!
//! PyTorch's `nn.LSTM` and `nn.Linear` want the weights transposed, and have a second bias, which is zero here:
//! `tests/reference/sequence.py` loads them. Those of a WaveNet are named in `src/wavenet/mod.rs`.

use super::parameter::Parameter;
use super::weights;
use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A model that can be saved. What it has to say of itself are five things; the rest follows.
pub trait Saved: Sized {
    /// All that has to be known to make such a model: sizes, kinds. Fields with names.
    type Shape: Serialize + DeserializeOwned;

    /// What the model is called in a file.
    const NAME: &'static str;

    /// The shape of this one.
    fn shape(&self) -> Self::Shape;

    /// How many numbers a model of this shape learns; none if that is more than can be counted.
    fn numbers(shape: &Self::Shape) -> Option<usize>;

    /// A model of this shape, whose weights will be replaced.
    ///
    /// # Errors
    /// If there is no such model.
    fn empty(shape: &Self::Shape) -> Result<Self>;

    /// What is saved, always in the same order, each with a name of its own.
    fn weights(&mut self) -> Vec<&mut Parameter>;

    /// The model as the bytes of a file.
    ///
    /// # Errors
    /// If two parameters have the same name.
    fn to_bytes(&mut self) -> Result<Vec<u8>> {
        let about = About {
            model: Self::NAME.to_string(),
            shape: self.shape(),
        };
        weights::to_bytes(weights::tensors(&self.weights(), "")?, &about)
    }

    /// The model that such bytes hold.
    ///
    /// # Errors
    /// If they are cut off, are not of such a model, or hold a number that is not finite.
    fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (mut tensors, about) = weights::from_bytes(bytes)?;
        let foreign = |what: String| {
            let remedy = format!("Give a file that was saved from a {}", Self::NAME);
            Error::format("its metadata", what, remedy)
        };
        let named: Named =
            serde_json::from_str(&about).map_err(|error| foreign(format!("it names no model ({error})")))?;
        if named.model != Self::NAME {
            return Err(foreign(format!("a model of the kind {:?}", named.model)));
        }
        let About { shape, .. } = serde_json::from_str::<About<Self::Shape>>(&about)
            .map_err(|error| foreign(format!("it does not say the model's shape ({error})")))?;
        // Before any memory is asked for: a file cannot ask for more than it has.
        let found = tensors.values().map(|(_, values)| values.len()).sum();
        if Self::numbers(&shape) != Some(found) {
            return Err(foreign(format!(
                "the model of its shape has not the {found} numbers of the file"
            )));
        }
        let mut model = Self::empty(&shape).map_err(|error| foreign(error.to_string()))?;
        let values = weights::take(&mut tensors, &model.weights(), "")?;
        weights::put(&mut model.weights(), &values);
        Ok(model)
    }

    /// Writes the model to a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    #[cfg(not(target_family = "wasm"))]
    fn save(&mut self, path: &std::path::Path) -> Result<()> {
        crate::file::write(path, &self.to_bytes()?)
    }

    /// Opens a model that was saved.
    ///
    /// # Errors
    /// If the file cannot be read, or as [`Saved::from_bytes`].
    #[cfg(not(target_family = "wasm"))]
    fn open(path: &std::path::Path) -> Result<Self> {
        Self::from_bytes(&crate::file::read(path)?).map_err(|error| error.in_file(path))
    }
}

/// What a file says about its model.
#[derive(Serialize, Deserialize)]
struct About<Shape> {
    model: String,
    #[serde(flatten)]
    shape: Shape,
}

/// As much of it as every model has.
#[derive(Deserialize)]
struct Named {
    model: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::tests::numbers;
    use serde_json::json;

    /// A matrix and a row.
    #[derive(Clone, PartialEq, Debug)]
    struct Two([Parameter; 2]);

    #[derive(Serialize, Deserialize)]
    struct Shape {
        rows: usize,
        columns: usize,
    }

    impl Saved for Two {
        type Shape = Shape;
        const NAME: &'static str = "Two";

        fn shape(&self) -> Shape {
            let (rows, columns) = self.0[0].shape();
            Shape { rows, columns }
        }

        fn numbers(shape: &Shape) -> Option<usize> {
            shape.rows.checked_add(1)?.checked_mul(shape.columns)
        }

        fn empty(shape: &Shape) -> Result<Two> {
            let Shape { rows, columns } = *shape;
            Ok(Two([
                Parameter::zeros("a", rows, columns),
                Parameter::zeros("b", 1, columns),
            ]))
        }

        fn weights(&mut self) -> Vec<&mut Parameter> {
            self.0.iter_mut().collect()
        }
    }

    fn two() -> Two {
        let mut two = Two::empty(&Shape { rows: 3, columns: 2 }).unwrap();
        two.0[0].values = numbers(3, 2, 1);
        two.0[1].values = numbers(1, 2, 2);
        two
    }

    #[test]
    fn what_was_saved_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.safetensors");
        two().save(&path).unwrap();
        assert_eq!(Two::open(&path).unwrap(), two());
        std::fs::write(&path, b"MThd").unwrap();
        let message = Two::open(&path).unwrap_err().to_string();
        assert!(message.contains("w.safetensors, the whole file"), "{message}");
    }

    fn refused(bytes: &[u8], why: &str) {
        let message = Two::from_bytes(bytes).unwrap_err().to_string();
        assert!(message.contains(why), "{message}");
    }

    #[test]
    fn bytes_that_are_cut_off_or_broken_are_refused() {
        let whole = two().to_bytes().unwrap();
        for length in 0..whole.len() {
            refused(&whole[..length], "not safetensors");
        }
        refused(&[&whole[..], &[0]].concat(), "not safetensors");
        refused(b"MThd\0\0\0\x06\0\x01\0\x02\0\0", "not safetensors");
        let mut broken = whole;
        let end = broken.len();
        broken[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        refused(&broken, "not a finite number");
    }

    #[test]
    fn bytes_of_another_model_are_refused_before_memory_is_asked_for() {
        let with = |about: serde_json::Value, mut model: Two, why: &str| {
            let tensors = weights::tensors(&model.weights(), "").unwrap();
            refused(&weights::to_bytes(tensors, &about).unwrap(), why);
        };
        with(json!({ "rows": 3 }), two(), "names no model");
        with(
            json!({ "model": "Three" }),
            two(),
            "a model of the kind \"Three\"",
        );
        with(
            json!({ "model": "Two", "rows": 3 }),
            two(),
            "does not say the model's shape",
        );
        let shape = |rows: u64, columns: u64| json!({ "model": "Two", "rows": rows, "columns": columns });
        with(shape(9, 2), two(), "has not the 8 numbers");
        with(shape(u64::MAX, 2), two(), "has not the 8 numbers");
        with(shape(1, 4), two(), "the tensor a is [3, 2], the model's 1 x 4");
        let mut other = two();
        other.0[0].name = "c".to_string();
        with(shape(3, 2), other, "there is no tensor a");
    }

    #[test]
    fn a_file_with_a_note_is_the_same_model() {
        let plain = two().to_bytes().unwrap();
        let noted = weights::annotated(&plain, "alphabet", "C4 | 1").unwrap();
        assert_eq!(Two::from_bytes(&noted).unwrap(), two());
        let read = |bytes: &[u8]| weights::annotation(bytes, "alphabet").unwrap();
        assert_eq!((read(&plain), read(&noted)), (None, Some("C4 | 1".to_string())));
        assert!(weights::annotated(b"MThd", "a", "b").is_err() && weights::annotation(b"MThd", "a").is_err());
    }

    #[test]
    fn two_parameters_of_one_name_are_not_saved() {
        let mut model = two();
        model.0[0].name = "b".to_string();
        let message = model.to_bytes().unwrap_err().to_string();
        assert!(message.contains("Two parameters are called b"), "{message}");
    }
}
