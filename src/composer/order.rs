//! What is asked of a composer.

use super::mood::Features;
use super::style::Style;
use super::writer::WriterKind;
use crate::{Error, Result};

/// An order.
#[derive(Clone, PartialEq, Debug)]
pub struct Order {
    /// What the mood asks for.
    pub features: Features,
    /// The number of the style among those that the composer knows.
    pub style: usize,
    /// Beats a minute, 40 to 200.
    pub tempo: f64,
    /// How long it shall be, 10 to 300 seconds.
    pub seconds: f64,
    /// Who writes the melody. The composer is given the [`Writer`](super::Writer) itself.
    pub writer: WriterKind,
}

impl Order {
    /// Looks whether it can be done.
    ///
    /// # Errors
    /// If tempo or length are out of their range.
    pub fn checked(self) -> Result<Order> {
        let within = |what: &str, value: f64, low: f64, high: f64| match (low..=high).contains(&value) {
            true => Ok(()),
            false => Err(Error::value(
                format!("A {what} of {value}"),
                format!("Ask for {low} to {high}"),
            )),
        };
        within("tempo", self.tempo, 40.0, 200.0)?;
        within("length", self.seconds, 10.0, 300.0)?;
        Ok(self)
    }

    /// How many seconds a bar lasts.
    pub fn bar_seconds(&self, style: &Style) -> f64 {
        60.0 * style.beats as f64 / self.tempo
    }

    /// How many bars come nearest to the length: the tempo is kept, and no bar is cut.
    pub fn bars(&self, style: &Style) -> usize {
        (self.seconds / self.bar_seconds(style)).round().max(1.0) as usize
    }

    /// Quarter notes a minute: a jig's beat is a quarter and a half.
    pub fn quarters(&self, style: &Style) -> f64 {
        self.tempo * (style.bar / 4) as f64 / style.beats as f64
    }
}
