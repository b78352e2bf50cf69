//! What it takes to go on after a stop: weights, the optimiser's means, the best weights so far, and what came of each epoch.

use super::course::Course;
use super::settings::{History, Training};
use crate::nn::learner::Learner;
use crate::nn::weights;
use crate::{Error, Result, file};
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::path::Path;

/// What stands beside the tensors. Numbers as their bits: text would round them.
#[derive(Serialize, Deserialize)]
struct About {
    kind: String,
    fingerprint: u64,
    steps: u64,
    best: usize,
    history: Vec<[u64; 2]>,
}

const KIND: &str = "checkpoint 2";

/// Writes a checkpoint, whole or not at all.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write<M: Learner>(path: &Path, fingerprint: u64, course: &mut Course<M>) -> Result<()> {
    let (parameters, state) = (&course.parts.model().parameters(), &course.state);
    let mut all = weights::tensors(parameters, "now.")?;
    let moments = parameters.iter().zip(&state.adam.moments);
    for ((parameter, [m, v]), best) in moments.zip(&state.best) {
        let (rows, columns) = parameter.shape();
        for (kind, values) in [("m", m), ("v", v), ("best", best)] {
            let name = format!("{kind}.{}", parameter.name);
            all.insert(name, (vec![rows, columns], values.clone()));
        }
    }
    let epochs = state.history.epochs.iter();
    let about = About {
        kind: KIND.to_string(),
        fingerprint,
        steps: state.adam.steps,
        best: state.history.best,
        history: epochs.map(|(a, b)| [a.to_bits(), b.to_bits()]).collect(),
    };
    file::write(path, &weights::to_bytes(all, &about)?)
}

/// Reads a checkpoint of this very training, and lets the course go on from there.
///
/// # Errors
/// If the file cannot be read, is cut off, or is of another training; then nothing has changed.
pub(super) fn read<M: Learner>(path: &Path, fingerprint: u64, course: &mut Course<M>) -> Result<()> {
    let parameters = &mut course.parts.model().parameters();
    let read = || {
        let (mut tensors, about) = weights::from_bytes(&file::read(path)?)?;
        let about: About = serde_json::from_str(&about).map_err(|_| foreign("this is not a checkpoint"))?;
        if about.kind != KIND {
            return Err(foreign("this is a checkpoint that an older program has written"));
        }
        if about.fingerprint != fingerprint {
            return Err(foreign("this is a checkpoint of another training"));
        }
        if about.best > about.history.len() {
            return Err(foreign("the best epoch is none of its epochs"));
        }
        let mut take = |prefix: &str| weights::take(&mut tensors, parameters, prefix);
        let found = [take("now.")?, take("best.")?, take("m.")?, take("v.")?];
        Ok((about, found))
    };
    let (about, [now, best, m, v]) = read().map_err(|error| error.in_file(path))?;
    weights::put(parameters, &now);
    course.parts.share();
    let state = &mut course.state;
    state.best = best;
    state.adam.moments = m.into_iter().zip(v).map(|(m, v)| [m, v]).collect();
    state.adam.steps = about.steps;
    let epochs = about.history.iter();
    state.history = History {
        epochs: epochs
            .map(|[a, b]| (f64::from_bits(*a), f64::from_bits(*b)))
            .collect(),
        best: about.best,
    };
    Ok(())
}

fn foreign(what: &str) -> Error {
    let remedy =
        "Remove it to train from the start, or give back the settings and the music it was made with";
    Error::format("its metadata", what, remedy)
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
