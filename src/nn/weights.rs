//! Weights on disk, in the safetensors format that PyTorch and others read.
//!
//! | tensor | shape | what |
//! |---|---|---|
//! | `embedding.weight` | `[V + 1][E]` | a row for each symbol, and one for the begin of a piece |
//! | `layer0.input.weight` | `[I][G]` | from the inputs to the gates; `G` is `4 H` for an LSTM, in the order `i f g o`, and `H` for a plain layer |
//! | `layer0.input.bias` | `[1][G]` | |
//! | `layer0.recurrent` | `[H][G]` | from the units to the gates |
//! | `dense.weight`, `dense.bias` | `[H][O]`, `[1][O]` | |
//!
//! All are single precision, row after row. PyTorch's `nn.LSTM` and `nn.Linear` want the weights transposed, and have a second
//! bias, which is zero here: `tests/reference/sequence.py` loads them. The metadata's `aeolian` says what model it is.

use super::parameter::Parameter;
use crate::{Error, Result, file};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The key of this library's entry among a file's metadata.
const KEY: &str = "aeolian";

/// The tensors of a file, by name: their shape and their numbers.
pub(super) type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// Writes the parameters, and nothing else: see [`read_weights`].
///
/// # Errors
/// If two have the same name, or the file cannot be written.
pub fn write_weights(path: &Path, parameters: &[&mut Parameter]) -> Result<()> {
    write(path, tensors(parameters, ""), "{}")
}

/// Reads the parameters of a model of the same shape. Either all are read or none is.
///
/// # Errors
/// If the file cannot be read, is cut off, is not of this format, or has other tensors than the model; or if a number in it
/// is not finite.
pub fn read_weights(path: &Path, parameters: &mut [&mut Parameter]) -> Result<()> {
    let (mut tensors, _) = read(path)?;
    let values = take(&mut tensors, parameters, "").map_err(|error| error.in_file(path))?;
    if let Some(name) = tensors.keys().next() {
        return Err(foreign(format!("the tensor {name} is not one of the model's")).in_file(path));
    }
    put(parameters, &values);
    Ok(())
}

/// The values of parameters as tensors, their names after a prefix.
pub(super) fn tensors(parameters: &[&mut Parameter], prefix: &str) -> Tensors {
    let tensor = |one: &&mut Parameter| {
        let (rows, columns) = one.shape();
        (
            format!("{prefix}{}", one.name),
            (vec![rows, columns], one.values.iter().copied().collect()),
        )
    };
    parameters.iter().map(tensor).collect()
}

/// Takes the tensors of these parameters out, checked.
pub(super) fn take(
    tensors: &mut Tensors,
    parameters: &[&mut Parameter],
    prefix: &str,
) -> Result<Vec<Vec<f32>>> {
    let mut values = Vec::with_capacity(parameters.len());
    for parameter in parameters {
        let name = format!("{prefix}{}", parameter.name);
        let (rows, columns) = parameter.shape();
        let (shape, numbers) = tensors
            .remove(&name)
            .ok_or_else(|| foreign(format!("there is no tensor {name}")))?;
        if shape != [rows, columns] {
            return Err(foreign(format!(
                "the tensor {name} is {shape:?}, the model's {rows} x {columns}"
            )));
        }
        if numbers.iter().any(|number| !number.is_finite()) {
            return Err(foreign(format!(
                "the tensor {name} holds what is not a finite number"
            )));
        }
        values.push(numbers);
    }
    Ok(values)
}

/// Gives parameters the values that [`take`] has checked.
pub(super) fn put(parameters: &mut [&mut Parameter], values: &[Vec<f32>]) {
    for (parameter, values) in parameters.iter_mut().zip(values) {
        parameter
            .values
            .iter_mut()
            .zip(values)
            .for_each(|(to, from)| *to = *from);
    }
}

fn foreign(what: String) -> Error {
    Error::format(
        "its header",
        what,
        "Give a file that was written for this very model",
    )
}

/// Writes tensors and an entry of metadata.
pub(super) fn write(path: &Path, tensors: Tensors, about: &str) -> Result<()> {
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
        .into_iter()
        .map(|(name, (shape, values))| {
            (
                name,
                shape,
                values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            )
        })
        .collect();
    let failed = |error| {
        Error::value(
            format!("The weights cannot be written: {error}"),
            "Please report this",
        )
    };
    let views = bytes
        .iter()
        .map(|(name, shape, bytes)| {
            Ok((
                name,
                TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(failed)?,
            ))
        })
        .collect::<Result<Vec<_>>>()?;
    let about = [(KEY.to_string(), about.to_string())].into_iter().collect();
    file::write(path, &serialize(views, Some(about)).map_err(failed)?)
}

/// Reads tensors and the entry of metadata, empty if there is none.
pub(super) fn read(path: &Path) -> Result<(Tensors, String)> {
    let bytes = file::read(path)?;
    let broken = |error: safetensors::SafeTensorError| {
        let (size, remedy) = (
            bytes.len(),
            "It may be cut off, or no file of weights at all: give another",
        );
        Error::format(
            "the whole file",
            format!("its {size} bytes are not safetensors ({error})"),
            remedy,
        )
        .in_file(path)
    };
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(broken)?;
    let about = header
        .metadata()
        .as_ref()
        .and_then(|all| all.get(KEY))
        .cloned()
        .unwrap_or_default();
    let mut found = Tensors::new();
    for (name, view) in SafeTensors::deserialize(&bytes).map_err(broken)?.iter() {
        if view.dtype() != Dtype::F32 {
            let what = format!("the tensor {name} holds {:?}, not single precision", view.dtype());
            return Err(foreign(what).in_file(path));
        }
        let values = view
            .data()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes));
        found.insert(name.to_string(), (view.shape().to_vec(), values.collect()));
    }
    Ok((found, about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::test::numbers;

    fn two() -> [Parameter; 2] {
        let mut two = [Parameter::zeros("a", 3, 2), Parameter::zeros("b", 1, 4)];
        two[0].values = numbers(3, 2, 1);
        two[1].values = numbers(1, 4, 2);
        two
    }

    #[test]
    fn what_was_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.safetensors");
        let mut written = two();
        write_weights(&path, &written.each_mut()).unwrap();
        let mut found = [Parameter::zeros("a", 3, 2), Parameter::zeros("b", 1, 4)];
        read_weights(&path, &mut found.each_mut()).unwrap();
        assert_eq!(found, written);
    }

    #[test]
    fn cut_off_foreign_and_broken_files_are_refused_and_nothing_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.safetensors");
        write_weights(&path, &two().each_mut()).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let refused = |bytes: &[u8], mut model: Vec<Parameter>, why: &str| {
            std::fs::write(&path, bytes).unwrap();
            let before = model.clone();
            let error = read_weights(&path, &mut model.iter_mut().collect::<Vec<_>>())
                .unwrap_err()
                .to_string();
            assert!(error.contains("w.safetensors") && error.contains(why), "{error}");
            assert_eq!(model, before);
        };
        for length in 0..whole.len() {
            refused(&whole[..length], two().into(), "not safetensors");
        }
        refused(&[&whole[..], &[0]].concat(), two().into(), "not safetensors");
        refused(b"MThd\0\0\0\x06\0\x01\0\x02\0\0", two().into(), "not safetensors");
        refused(
            &whole,
            vec![Parameter::zeros("a", 3, 2)],
            "the tensor b is not one of the model's",
        );
        refused(
            &whole,
            vec![two()[0].clone(), Parameter::zeros("c", 1, 4)],
            "there is no tensor c",
        );
        refused(
            &whole,
            vec![two()[0].clone(), Parameter::zeros("b", 4, 1)],
            "the tensor b is [1, 4], the model's 4 x 1",
        );
        let mut broken = whole.clone();
        let end = broken.len();
        broken[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
        refused(&broken, two().into(), "not a finite number");
    }
}
