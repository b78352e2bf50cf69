//! Strips: rows of names above a figure, such as the bars and the chords of the music that it shows.

use super::canvas::{Canvas, Place, shortened, width_of};
use super::theme::TEXT_SIZE;
use plotters::style::text_anchor::{HPos, VPos};

/// Height of a strip, in units.
pub(super) const STRIP: i32 = 24;

/// The widest label, in units.
const LABEL: i32 = 140;

/// A row of names above a figure. Each name holds from its column to the next one's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    /// What the names are: `bar`, `chord`.
    pub label: String,
    /// Where each name begins, in order. A name that is the same as the one before goes on.
    pub names: Vec<(usize, String)>,
}

impl Strip {
    /// A strip with this label, and where each of its names begins.
    pub fn new(label: &str, names: impl IntoIterator<Item = (usize, String)>) -> Strip {
        let mut names: Vec<(usize, String)> = names.into_iter().collect();
        names.dedup_by(|next, before| next.1 == before.1);
        Strip {
            label: label.to_string(),
            names,
        }
    }

    /// The room left of a figure that its label takes, in units.
    pub(super) fn left(&self) -> i32 {
        width_of(&self.label, TEXT_SIZE).min(LABEL) + 16
    }
}

/// Draws strips above a figure from `corner` to `opposite` with so many columns. Ticks part the names of a strip; below the
/// lowest they go on as lines through the figure. A name without room is left out.
pub(super) fn draw(canvas: &Canvas, strips: &[Strip], columns: usize, corner: Place, opposite: Place) {
    let ink = canvas.tick_ink();
    let line = canvas.ink("fill=\"none\" stroke=\"#888\" stroke-width=\"12\"");
    let x = |column: usize| {
        let part = column.min(columns) as f64 / columns.max(1) as f64;
        corner.0 + (f64::from(opposite.0 - corner.0) * part).round() as i32
    };
    for (i, strip) in strips.iter().enumerate() {
        let below = (strips.len() - 1 - i) as i32;
        let foot = corner.1 - STRIP * 10 * below;
        let middle = foot - STRIP * 5;
        let end = if below == 0 { opposite.1 } else { foot };
        canvas.text(
            &shortened(&strip.label, TEXT_SIZE, LABEL),
            (corner.0 - 80, middle),
            (HPos::Right, VPos::Center),
            ink,
        );
        let mut free = corner.0;
        for (number, (from, name)) in strip.names.iter().enumerate() {
            let to = strip.names.get(number + 1).map_or(columns, |next| next.0);
            let (left, right) = (x(*from), x(to));
            if *from > 0 && *from < columns {
                canvas.line(vec![(left, foot - 40), (left, end)], line);
            }
            let width = width_of(name, TEXT_SIZE) * 10;
            let begin = (left + right - width) / 2;
            if width <= right - left + 40 && begin >= free {
                canvas.text(
                    name,
                    ((left + right) / 2, middle),
                    (HPos::Center, VPos::Center),
                    ink,
                );
                free = begin + width + 40;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::heatmap_with_strips;
    use crate::plot::tests::texts;
    use ndarray::Array2;

    #[test]
    fn names_stand_over_their_columns_if_they_fit_and_once_if_they_go_on() {
        let bars = Strip::new("bar", (0..4).map(|bar| (8 * bar, (bar + 1).to_string())));
        let chords = ["I", "I", "IV", "a name too long for its bar"];
        let chords = Strip::new("chord", (0..4).map(|bar| (8 * bar, chords[bar].to_string())));
        assert_eq!(chords.names.len(), 3);
        let figure = heatmap_with_strips("", ("step", "unit"), &[], &Array2::ones((3, 32)), &[bars, chords]);
        let texts = texts(&figure);
        let times = |words: &str| texts.iter().filter(|text| *text == words).count();
        assert_eq!(
            (times("bar"), times("chord"), times("I"), times("IV")),
            (1, 1, 1, 1)
        );
        assert!(!texts.iter().any(|text| text.contains("too long")), "{texts:?}");
    }

    #[test]
    fn columns_that_are_not_there_do_no_harm() {
        let strip = Strip::new(
            "",
            [
                (9, "a".to_string()),
                (usize::MAX, "b".to_string()),
                (0, "c".to_string()),
            ],
        );
        for values in [Array2::zeros((0, 0)), Array2::zeros((2, 3))] {
            let figure = heatmap_with_strips("", ("", ""), &[], &values, &[strip.clone(), strip.clone()]);
            roxmltree::Document::parse(figure.svg()).unwrap();
        }
    }
}
