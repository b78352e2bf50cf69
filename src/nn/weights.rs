//! Tensors as bytes, in the safetensors format that PyTorch and others read, with an entry of text that says what they are of.

use super::parameter::Parameter;
use crate::{Error, Result};
use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde::Serialize;
use std::collections::BTreeMap;

/// The key of this library's entry among a file's metadata.
const KEY: &str = "aeolian";

/// The tensors of a file, by name: their shape and their numbers.
pub(crate) type Tensors = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// The values of parameters as tensors, their names after a prefix.
///
/// # Errors
/// If two have the same name.
pub(crate) fn tensors(parameters: &[&mut Parameter], prefix: &str) -> Result<Tensors> {
    let mut tensors = Tensors::new();
    for parameter in parameters {
        let (rows, columns) = parameter.shape();
        let values = parameter.values.iter().copied().collect();
        let name = format!("{prefix}{}", parameter.name);
        if tensors.insert(name, (vec![rows, columns], values)).is_some() {
            return Err(Error::value(
                format!("Two parameters are called {}", parameter.name),
                "Give each layer of the model a name of its own",
            ));
        }
    }
    Ok(tensors)
}

/// Takes the tensors of these parameters out, checked.
pub(crate) fn take(
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
pub(crate) fn put(parameters: &mut [&mut Parameter], values: &[Vec<f32>]) {
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

/// Tensors, and an entry of metadata, which is written as JSON.
pub(crate) fn to_bytes(tensors: Tensors, about: &impl Serialize) -> Result<Vec<u8>> {
    let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
        .into_iter()
        .map(|(name, (shape, values))| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            (name, shape, bytes.collect())
        })
        .collect();
    let views = bytes
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, SafeTensorError>>()
        .map_err(failed)?;
    let about = serde_json::to_string(about).map_err(failed)?;
    let about = [(KEY.to_string(), about)].into_iter().collect();
    serialize(views, Some(about)).map_err(failed)
}

/// A file of weights with one more entry in its metadata: the alphabet of a model of melodies, for example, without which its symbols mean
/// nothing. What reads the weights does not mind it.
///
/// # Errors
/// If the bytes are no such file.
pub fn annotated(bytes: &[u8], name: &str, text: &str) -> Result<Vec<u8>> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| broken(bytes, error))?;
    let mut entries = header.metadata().clone().unwrap_or_default();
    entries.insert(name.to_string(), text.to_string());
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| broken(bytes, error))?;
    serialize(tensors.iter(), Some(entries)).map_err(failed)
}

/// What [`annotated`] added under this name, if anything.
///
/// # Errors
/// If the bytes are no file of weights.
pub fn annotation(bytes: &[u8], name: &str) -> Result<Option<String>> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| broken(bytes, error))?;
    Ok(header.metadata().as_ref().and_then(|all| all.get(name)).cloned())
}

fn failed(error: impl std::fmt::Display) -> Error {
    let what = format!("The weights cannot be written: {error}");
    Error::value(what, "Please report this")
}

fn broken(bytes: &[u8], error: SafeTensorError) -> Error {
    Error::format(
        "the whole file",
        format!("its {} bytes are not safetensors ({error})", bytes.len()),
        "It may be cut off, or no file of weights at all: give another",
    )
}

/// Tensors and the entry of metadata, empty if there is none.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<(Tensors, String)> {
    let about = annotation(bytes, KEY)?.unwrap_or_default();
    let mut found = Tensors::new();
    for (name, view) in SafeTensors::deserialize(bytes)
        .map_err(|error| broken(bytes, error))?
        .iter()
    {
        if view.dtype() != Dtype::F32 {
            return Err(foreign(format!(
                "the tensor {name} holds {:?}, not single precision",
                view.dtype()
            )));
        }
        let values = view.data().as_chunks::<4>().0.iter();
        let values = values.map(|bytes| f32::from_le_bytes(*bytes)).collect();
        found.insert(name.to_string(), (view.shape().to_vec(), values));
    }
    Ok((found, about))
}
