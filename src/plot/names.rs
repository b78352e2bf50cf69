//! Names along the foot of a figure.

use super::canvas::{Canvas, Place, clean, shortened, width_of};
use super::theme::TEXT_SIZE;
use plotters::style::text_anchor::{HPos, VPos};

/// Names along the foot of a figure: side by side if they fit, else upright, else only some.
pub(super) struct Names {
    words: Vec<String>,
    /// Whether they read upwards, as they would not fit side by side.
    pub upright: bool,
    /// One of so many is written.
    every: usize,
}

impl Names {
    /// Names with so many units of width for each.
    pub fn new(names: &[String], room: f64) -> Names {
        let words: Vec<String> = names
            .iter()
            .map(|name| shortened(&clean(name), TEXT_SIZE, 190))
            .collect();
        let widest = words
            .iter()
            .map(|name| width_of(name, TEXT_SIZE))
            .max()
            .unwrap_or(0);
        let fits = f64::from(widest + 6) <= room;
        // Numbers in a row can be left out and guessed; names cannot, so they turn first.
        let numbers = names.iter().all(|name| name.trim().parse::<f64>().is_ok());
        let upright = !fits && !numbers;
        let needed = if upright {
            f64::from(TEXT_SIZE + 2)
        } else {
            f64::from(widest + 6)
        };
        let every = if needed <= room {
            1
        } else {
            (needed / room.max(0.01)).ceil() as usize
        };
        Names {
            words,
            upright,
            every,
        }
    }

    /// The room that they take, in units.
    pub fn height(&self) -> i32 {
        if self.words.is_empty() {
            8
        } else if self.upright {
            let widths = self.words.iter().map(|name| width_of(name, TEXT_SIZE));
            widths.max().unwrap_or(0) + 14
        } else {
            26
        }
    }

    /// Writes each under the place that `at` gives for its index.
    pub fn draw(&self, canvas: &Canvas, at: impl Fn(usize) -> Place) {
        let ink = canvas.tick_ink();
        for (i, name) in self.words.iter().enumerate().step_by(self.every.max(1)) {
            let (x, y) = at(i);
            if self.upright {
                canvas.upright_text(name, (x, y + 80), (HPos::Right, VPos::Center), ink);
            } else {
                canvas.text(name, (x, y + 80), (HPos::Center, VPos::Top), ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::names;

    #[test]
    fn long_names_turn_and_long_rows_of_numbers_skip() {
        let few = Names::new(&names(&["C", "D"]), 50.0);
        assert!(!few.upright && few.every == 1);
        assert!(Names::new(&names(&["a rather long name", "D"]), 50.0).upright);
        let numbers: Vec<String> = (1000..1100).map(|i| i.to_string()).collect();
        let numbers = Names::new(&numbers, 6.0);
        assert!(!numbers.upright && numbers.every > 5);
    }
}
