//! A model of symbols on disk: weights that know what model they are of.

use super::SequenceModel;
use crate::nn::learner::Learner;
use crate::nn::stack::Architecture;
use crate::nn::weights;
use crate::{Error, Result};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a file says about its model.
#[derive(Serialize, Deserialize)]
struct About {
    model: String,
    alphabet: usize,
    architecture: Architecture,
}

const MODEL: &str = "SequenceModel";

impl SequenceModel {
    /// Writes the weights, and beside them what it takes to [open](SequenceModel::open) the model again. Which tensors these
    /// are, the source of `src/nn/weights.rs` says. What it was playing is forgotten.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&mut self, path: &Path) -> Result<()> {
        let about = About {
            model: MODEL.to_string(),
            alphabet: self.alphabet,
            architecture: self.architecture,
        };
        let about = serde_json::to_string(&about).map_err(|error| {
            Error::value(
                format!("The model cannot be written: {error}"),
                "Please report this",
            )
        })?;
        weights::write(path, weights::tensors(&self.parameters(), ""), &about)
    }

    /// Opens a model that was [saved](SequenceModel::save).
    ///
    /// # Errors
    /// If the file cannot be read, is cut off, or is not of such a model.
    pub fn open(path: &Path) -> Result<SequenceModel> {
        let (mut tensors, about) = weights::read(path)?;
        let foreign = |what: String| {
            Error::format(
                "its metadata",
                what,
                "Give a file that `SequenceModel::save` has written",
            )
            .in_file(path)
        };
        let about: About =
            serde_json::from_str(&about).map_err(|error| foreign(format!("no model ({error})")))?;
        if about.model != MODEL {
            return Err(foreign(format!("a model of the kind {:?}", about.model)));
        }
        // Before any memory is asked for: a file cannot ask for more than it has.
        let found = tensors.values().map(|(_, values)| values.len()).sum();
        if SequenceModel::size(about.alphabet, &about.architecture) != Some(found) {
            return Err(foreign(format!(
                "the metadata's model has not the {found} numbers of the file"
            )));
        }
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut model = SequenceModel::new(about.alphabet, &about.architecture, &mut rng)
            .map_err(|error| foreign(error.to_string()))?;
        let values =
            weights::take(&mut tensors, &model.parameters(), "").map_err(|error| error.in_file(path))?;
        weights::put(&mut model.parameters(), &values);
        Ok(model)
    }
}
