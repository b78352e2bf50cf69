//! A live panel: a thing that the reader plays in the page, by this library compiled to WebAssembly.
//!
//! What is shown is a still (a picture, a sound or a score, made when the book was made) and, where a page can run it, a panel
//! around the very model that was trained. A notebook and a page without JavaScript have the still alone.

use super::show::{File, Show};
use crate::{Error, Result};
use serde::Serialize;

/// What the reader moves.
#[derive(Clone, PartialEq, Debug, Serialize)]
struct Control {
    name: String,
    /// What it means, with its unit.
    means: String,
    low: f64,
    high: f64,
    step: f64,
    value: f64,
    /// What each whole number from 0 on is called: then it is a choice.
    options: Vec<String>,
}

/// A panel of the page: see `play/src/panels`.
#[derive(Clone, PartialEq, Debug)]
pub struct Live<T> {
    panel: String,
    seed: u64,
    still: T,
    controls: Vec<Control>,
    model: Vec<u8>,
    wrong: Option<String>,
}

/// What a page is told of a panel.
#[derive(Serialize)]
struct Description<'a> {
    panel: &'a str,
    seed: u64,
    controls: &'a [Control],
}

impl<T: Show> Live<T> {
    /// The panel of this name. Its draws come from `seed`; `still` is what it shows and sounds while nobody moves it.
    pub fn new(panel: &str, seed: u64, still: T) -> Live<T> {
        Live {
            panel: panel.to_string(),
            seed,
            still,
            controls: Vec::new(),
            model: Vec::new(),
            wrong: None,
        }
    }

    /// With a slider from `low` to `high` in steps, which stands at `value` at first. `means` says what it moves, and the unit.
    #[must_use]
    pub fn slider(
        mut self,
        name: &str,
        means: &str,
        (low, high): (f64, f64),
        step: f64,
        value: f64,
    ) -> Live<T> {
        if !(step > 0.0 && low < high && (low..=high).contains(&value)) {
            self.wrong = Some(format!(
                "The slider \"{name}\" from {low} to {high} cannot stand at {value}"
            ));
        }
        self.controls.push(Control {
            name: name.to_string(),
            means: means.to_string(),
            low,
            high,
            step,
            value,
            options: Vec::new(),
        });
        self
    }

    /// With a choice between `options`, of which the first is made at first.
    #[must_use]
    pub fn choice(mut self, name: &str, means: &str, options: &[&str]) -> Live<T> {
        if options.len() < 2 {
            self.wrong = Some(format!("The choice \"{name}\" leaves none"));
        }
        self.controls.push(Control {
            name: name.to_string(),
            means: means.to_string(),
            low: 0.0,
            high: options.len().saturating_sub(1) as f64,
            step: 1.0,
            value: 0.0,
            options: options.iter().map(|option| option.to_string()).collect(),
        });
        self
    }

    /// Playing a model that is written so, in its own format.
    #[must_use]
    pub fn playing(mut self, model: impl Into<Vec<u8>>) -> Live<T> {
        self.model = model.into();
        self
    }

    /// Playing a model that is plain numbers and text: it travels as JSON.
    ///
    /// # Errors
    /// If it holds what JSON cannot, such as a key that is no text.
    pub fn playing_json(self, model: &impl Serialize) -> Result<Live<T>> {
        let json = serde_json::to_vec(model).map_err(|error| {
            Error::value(
                format!("A panel's model is not for JSON: {error}"),
                "Give plain numbers and text",
            )
        })?;
        Ok(self.playing(json))
    }

    /// Playing a model in its own format. What else has to be known of it travels before it, as one line of JSON.
    ///
    /// # Errors
    /// As [`Live::playing_json`].
    pub fn playing_with(self, about: &impl Serialize, model: &[u8]) -> Result<Live<T>> {
        let mut live = self.playing_json(about)?;
        live.model.push(b'\n');
        live.model.extend_from_slice(model);
        Ok(live)
    }
}

/// The files of the still, and those that a page needs beside them.
impl<T: Show> Show for Live<T> {
    fn files(&self) -> Result<Vec<File>> {
        if let Some(wrong) = &self.wrong {
            return Err(Error::value(
                wrong.as_str(),
                "Give a range, a step in it, and a value",
            ));
        }
        let description = Description {
            panel: &self.panel,
            seed: self.seed,
            controls: &self.controls,
        };
        let description = serde_json::to_vec(&description).map_err(|error| {
            Error::value(
                format!("A panel cannot be described: {error}"),
                "Give numbers that are finite",
            )
        })?;
        let mut files = self.still.files()?;
        files.push(File::new("panel", description));
        files.push(File::new("model", self.model.clone()));
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::block;

    fn panel() -> Live<&'static str> {
        Live::new("dice", 7, "a still").slider("speed", "times as fast", (0.5, 2.0), 0.1, 1.0)
    }

    #[test]
    fn a_panel_is_its_still_and_what_a_page_needs() {
        let files = panel().playing("7 7").files().unwrap();
        let kinds: Vec<&str> = files.iter().map(|file| file.extension).collect();
        assert_eq!(kinds, ["txt", "panel", "model"]);
        let html = block("a", "said \"so\"", &files, &|file| {
            format!("x/a.{}", file.extension)
        });
        assert!(html.contains("<output>a still</output>") && html.contains("class=\"shown panel\""));
        assert!(html.contains("data-model=\"x/a.model\"") && html.contains("&quot;speed&quot;"));
        assert!(!html.contains('\n'));
    }

    #[test]
    fn what_has_to_be_known_of_a_model_is_one_line_before_it() {
        let live = panel().playing_with(&("a\nb", [1, 2]), b"\x00\n").unwrap();
        assert_eq!(live.model, b"[\"a\\nb\",[1,2]]\n\x00\n");
    }

    #[test]
    fn a_control_that_makes_no_sense_is_refused_by_name() {
        for value in [3.0, f64::NAN] {
            let wrong = panel().slider("heat", "", (0.0, 2.0), 0.1, value).files();
            assert!(wrong.unwrap_err().to_string().contains("\"heat\""));
        }
        let wrong = panel().choice("one", "", &["only"]).files();
        assert!(wrong.unwrap_err().to_string().contains("\"one\""));
    }
}
