//! A text, each letter on the colour of a number.

use super::Figure;
use super::canvas::figure;
use super::frame::{draw_titles, title_lines};
use super::theme::{TEXT_SIZE, WIDTH, colour};
use plotters::style::text_anchor::{HPos, VPos};

/// Letters on a line, at most so many lines, and the size of a letter's field, in tenths of a unit.
const ON_A_LINE: usize = 56;
const LINES: usize = 14;
const FIELD: (i32, i32) = (110, 260);

/// A text whose letters stand on the colours of `values`: one colour for those above 0, another for those below, stronger the larger they
/// are. A new line begins where the text has one, and after 56 letters; at most 14 lines are drawn.
pub fn letters(title: &str, text: &str, values: &[f64]) -> Figure {
    let titles = title_lines(title);
    let top = 120 + titles.len() as i32 * 250;
    let left = (WIDTH * 10 - FIELD.0 * ON_A_LINE as i32) / 2;
    let mut places = vec![];
    let (mut column, mut line) = (0, 0);
    for (letter, value) in text.chars().zip(values) {
        if column == ON_A_LINE {
            (column, line) = (0, line + 1);
        }
        if line == LINES {
            break;
        }
        places.push((
            letter,
            *value,
            (left + FIELD.0 * column as i32, top + FIELD.1 * line as i32),
        ));
        column += 1;
        if letter == '\n' {
            (column, line) = (0, line + 1);
        }
    }
    let numbers = values
        .iter()
        .map(|value| value.abs())
        .filter(|value| value.is_finite());
    let largest = numbers.fold(1e-9, f64::max);
    let lines = places.last().map_or(0, |place| (place.2.1 - top) / FIELD.1 + 1);
    figure(title, (top + lines.max(1) * FIELD.1) / 10 + 14, |canvas| {
        draw_titles(canvas, &titles);
        for &(letter, value, (x, y)) in &places {
            let strength = if value.is_finite() {
                (value.abs() / largest).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let ink = canvas.ink(format!(
                "class=\"data\" fill=\"{}\"",
                colour(usize::from(value < 0.0))
            ));
            canvas.tinted((x, y), (x + FIELD.0, y + FIELD.1 - 20), ink, 0.3 * strength);
            let shown = if letter == '\n' { '↵' } else { letter };
            let ink = canvas.ink(format!("fill=\"currentColor\" font-size=\"{TEXT_SIZE}0\""));
            let middle = (x + FIELD.0 / 2, y + FIELD.1 / 2 - 10);
            canvas.text(&shown.to_string(), middle, (HPos::Center, VPos::Center), ink);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, texts};

    #[test]
    fn every_letter_has_its_field_and_lines_end_where_the_text_says() {
        let figure = letters("Words", "ab\nc", &[1.0, -0.5, 0.0, f64::NAN]);
        assert_eq!(texts(&figure), ["Words", "a", "b", "↵", "c"]);
        assert_eq!(marks(&figure), 2, "one field above 0, one below");
        let long = "x".repeat(10_000);
        let figure = letters("", &long, &vec![0.5; 10_000]);
        assert_eq!(marks(&figure), ON_A_LINE * LINES);
        letters("", "", &[]);
    }
}
