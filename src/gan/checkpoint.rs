//! What it takes to go on with a game after a stop: both nets, what both optimisers remember, the running mean.

use super::game::Game;
use super::parts;
use crate::nn::weights;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// What stands beside the tensors.
#[derive(Serialize, Deserialize)]
struct About {
    kind: String,
    rules: String,
    steps: u64,
}

const KIND: &str = "game 1";

impl Game {
    /// The game as the bytes of a file. Who resumes from them and goes on with the same examples gets the same weights, bit for bit.
    ///
    /// # Errors
    /// If two parameters have the same name.
    pub fn checkpoint(&mut self) -> Result<Vec<u8>> {
        let about = About {
            kind: KIND.to_string(),
            rules: format!("{:?}", self.rules),
            steps: self.steps(),
        };
        let (moments, mean) = (self.adams.clone().map(|adam| adam.moments), self.mean.clone());
        let both = self.parameters();
        let mut all = weights::Tensors::new();
        for (parameters, moments) in both.iter().zip(moments) {
            all.extend(weights::tensors(parameters, "now.")?);
            for (parameter, kinds) in parameters.iter().zip(moments) {
                let (rows, columns) = parameter.shape();
                for (kind, values) in ["m", "v"].into_iter().zip(kinds) {
                    all.insert(
                        format!("{kind}.{}", parameter.name),
                        (vec![rows, columns], values),
                    );
                }
            }
        }
        for (parameter, values) in both[0].iter().zip(mean) {
            let (rows, columns) = parameter.shape();
            all.insert(format!("mean.{}", parameter.name), (vec![rows, columns], values));
        }
        weights::to_bytes(all, &about)
    }

    /// Goes on where a checkpoint of this very game was made.
    ///
    /// # Errors
    /// If the bytes are cut off, or of another game; then nothing has changed.
    pub fn resume(&mut self, bytes: &[u8]) -> Result<()> {
        let (mut tensors, about) = weights::from_bytes(bytes)?;
        let about: About = serde_json::from_str(&about).map_err(|_| foreign("this is not a game"))?;
        if about.kind != KIND {
            return Err(foreign("this is no checkpoint of a game"));
        }
        if about.rules != format!("{:?}", self.rules) {
            return Err(foreign("this game was played by other rules"));
        }
        let both = self.parameters();
        let mut found = Vec::new();
        for parameters in &both {
            let start = about.steps == 0;
            let mut take = |prefix: &str| weights::take(&mut tensors, parameters, prefix);
            let now = take("now.")?;
            let moments = if start {
                [Vec::new(), Vec::new()]
            } else {
                [take("m.")?, take("v.")?]
            };
            found.push((now, moments));
        }
        let mean = weights::take(&mut tensors, &both[0], "mean.")?;
        for ((mut parameters, (now, _)), number) in both.into_iter().zip(&found).zip(0..) {
            let _: usize = number;
            weights::put(&mut parameters, now);
        }
        for (adam, (_, [m, v])) in self.adams.iter_mut().zip(found) {
            adam.moments = m.into_iter().zip(v).map(|(m, v)| [m, v]).collect();
            adam.steps = about.steps;
        }
        self.mean = mean;
        parts::share(&mut self.parts);
        Ok(())
    }
}

fn foreign(what: &str) -> Error {
    let remedy = "Begin the game anew, or give back the rules and the nets that it was played with";
    Error::format("its metadata", what, remedy)
}
