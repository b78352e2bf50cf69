//! What it takes to go on after a stop: weights, the optimiser's means, the best weights so far, and what came of each epoch.

use super::{History, Training};
use crate::nn::adam::Adam;
use crate::nn::learner::Learner;
use crate::nn::parameter::Parameter;
use crate::nn::weights::{self, Tensors};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::path::Path;

/// A checkpoint that was read, and found to be of this training.
pub(super) struct Checkpoint {
    now: Vec<Vec<f32>>,
    moments: Vec<[Vec<f32>; 2]>,
    best: Vec<Vec<f32>>,
    about: About,
}

/// Numbers as their bits: text would round them.
#[derive(Serialize, Deserialize)]
struct About {
    kind: String,
    fingerprint: u64,
    steps: u64,
    best: usize,
    history: Vec<[u64; 2]>,
}

const KIND: &str = "checkpoint 1";

impl Checkpoint {
    pub(super) fn write(
        path: &Path,
        fingerprint: u64,
        parameters: &mut [&mut Parameter],
        adam: &Adam,
        history: &History,
        best: &Tensors,
    ) -> Result<()> {
        let mut all = weights::tensors(parameters, "now.");
        all.extend(
            best.iter()
                .map(|(name, tensor)| (format!("best.{name}"), tensor.clone())),
        );
        for (parameter, [m, v]) in parameters.iter().zip(&adam.moments) {
            let (rows, columns) = parameter.shape();
            for (kind, values) in [("m", m), ("v", v)] {
                all.insert(
                    format!("{kind}.{}", parameter.name),
                    (vec![rows, columns], values.clone()),
                );
            }
        }
        let about = About {
            kind: KIND.to_string(),
            fingerprint,
            steps: adam.steps,
            best: history.best,
            history: history
                .epochs
                .iter()
                .map(|(a, b)| [a.to_bits(), b.to_bits()])
                .collect(),
        };
        let about = serde_json::to_string(&about).map_err(|error| {
            Error::value(
                format!("The checkpoint cannot be written: {error}"),
                "Please report this",
            )
        })?;
        weights::write(path, all, &about)
    }

    pub(super) fn read(path: &Path, fingerprint: u64, parameters: &[&mut Parameter]) -> Result<Checkpoint> {
        let (mut tensors, about) = weights::read(path)?;
        let foreign = |what: &str| {
            let remedy =
                "Remove it to train from the start, or give back the settings and the music it was made with";
            Error::format("its metadata", what, remedy).in_file(path)
        };
        let about: About = serde_json::from_str(&about)
            .ok()
            .filter(|about: &About| about.kind == KIND)
            .ok_or_else(|| foreign("this is not a checkpoint"))?;
        if about.fingerprint != fingerprint {
            return Err(foreign("this is a checkpoint of another training"));
        }
        if about.best > about.history.len() {
            return Err(foreign("the best epoch is none of its epochs"));
        }
        let mut take = |prefix: &str| {
            weights::take(&mut tensors, parameters, prefix).map_err(|error| error.in_file(path))
        };
        let (now, best, m, v) = (take("now.")?, take("best.")?, take("m.")?, take("v.")?);
        let moments = m.into_iter().zip(v).map(|(m, v)| [m, v]).collect();
        Ok(Checkpoint {
            now,
            moments,
            best,
            about,
        })
    }

    pub(super) fn restore<M: Learner>(
        self,
        model: &mut M,
        adam: &mut Adam,
        history: &mut History,
        best: &mut Tensors,
    ) {
        weights::put(&mut model.parameters(), &self.best);
        *best = weights::tensors(&model.parameters(), "");
        weights::put(&mut model.parameters(), &self.now);
        adam.moments = self.moments;
        adam.steps = self.about.steps;
        history.best = self.about.best;
        let numbers = self.about.history.iter();
        history.epochs = numbers
            .map(|[a, b]| (f64::from_bits(*a), f64::from_bits(*b)))
            .collect();
    }
}

/// A number that two trainings share only if their settings and their music are the same.
pub(super) fn fingerprint<Item: Hash>(
    settings: &Training,
    training: &[Vec<Item>],
    validation: &[Vec<Item>],
) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    let settings = Training {
        checkpoint: None,
        ..settings.clone()
    };
    format!("{settings:?}").hash(&mut hasher);
    (training, validation).hash(&mut hasher);
    hasher.finish()
}

/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo): unlike the standard library's hash, the same in every version of Rust.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
