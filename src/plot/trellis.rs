//! Hidden states through time.

use super::Figure;
use super::canvas::{Canvas, Place, figure, shortened, width_of};
use super::frame::{draw_titles, title_lines};
use super::theme::{TEXT_SIZE, WIDTH, colour};
use ndarray::Array2;
use plotters::style::text_anchor::{HPos, VPos};

/// At most so many states and times are drawn.
const MOST: (usize, usize) = (12, 14);

/// Height of a row of states, in units.
const ROW: i32 = 72;

/// A trellis: a column for each time, in it a circle for each state, lines for every step that might be. `weights` has
/// shape [time, state], 0 to 1: the larger, the larger the circle, and the number stands below it. The steps of
/// `path`, a state for each time, are drawn strong. `heard` names the columns. Made for up to 12 states and 14 times.
pub fn trellis(
    title: &str,
    states: &[String],
    heard: &[String],
    weights: &Array2<f64>,
    path: &[usize],
) -> Figure {
    let titles = title_lines(title);
    let top = 12 + titles.len() as i32 * 25;
    let (times, rows) = (weights.nrows().min(MOST.1), weights.ncols().min(MOST.0));
    let names = states.iter().take(rows);
    let left = names
        .map(|name| width_of(name, TEXT_SIZE))
        .max()
        .unwrap_or(0)
        .min(140)
        + 44;
    let bottom = top + ROW * rows.max(1) as i32;
    let step = (WIDTH - left - 44) * 10 / times.saturating_sub(1).max(1) as i32;
    let at = |time: usize, state: usize| -> Place {
        (
            left * 10 + step * time as i32,
            (top * 10) + ROW * 10 * state as i32 + 250,
        )
    };
    figure(title, bottom + 34, |canvas| {
        draw_titles(canvas, &titles);
        let ink = canvas.label_ink();
        if times == 0 || rows == 0 {
            let middle = (WIDTH * 5, (top + 30) * 10);
            return canvas.text("nothing to show", middle, (HPos::Center, VPos::Center), ink);
        }
        draw_steps(canvas, times, rows, path, at);
        for time in 0..times {
            for state in 0..rows {
                draw_state(
                    canvas,
                    weights[[time, state]],
                    at(time, state),
                    path.get(time) == Some(&state),
                );
            }
            let name = heard.get(time).map_or("", String::as_str);
            let place = (at(time, 0).0, (bottom + 8) * 10);
            canvas.text(
                &shortened(name, TEXT_SIZE, step / 10 - 4),
                place,
                (HPos::Center, VPos::Top),
                ink,
            );
        }
        for (state, name) in states.iter().take(rows).enumerate() {
            let place = (120, at(0, state).1);
            canvas.text(
                &shortened(name, TEXT_SIZE, 140),
                place,
                (HPos::Left, VPos::Center),
                ink,
            );
        }
    })
}

/// Every step that might be, thin, and those of the path strong.
fn draw_steps(
    canvas: &Canvas,
    times: usize,
    rows: usize,
    path: &[usize],
    at: impl Fn(usize, usize) -> Place,
) {
    let thin = canvas.rule_ink(8, ".3");
    for time in 1..times {
        for (from, to) in (0..rows).flat_map(|from| (0..rows).map(move |to| (from, to))) {
            canvas.line(vec![at(time - 1, from), at(time, to)], thin);
        }
    }
    let strong = format!(
        "class=\"data\" fill=\"none\" stroke=\"{}\" stroke-width=\"55\"",
        colour(1)
    );
    let drawn = path.iter().take(times).take_while(|&&state| state < rows);
    let places = drawn.enumerate().map(|(time, &state)| at(time, state));
    canvas.line(places.collect(), canvas.ink(strong));
}

/// A circle whose area grows with the weight, and the weight below it.
fn draw_state(canvas: &Canvas, weight: f64, place: Place, on_path: bool) {
    let weight = if weight.is_finite() {
        weight.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let radius = 25.0 + 115.0 * weight.sqrt();
    let ink = canvas.ink(format!(
        "class=\"data\" fill=\"{}\"",
        colour(usize::from(on_path))
    ));
    canvas.circle(place, radius as i32, ink);
    let below = (place.0, place.1 + radius as i32 + 25);
    let number = format!("{weight:.2}");
    canvas.text(&number, below, (HPos::Center, VPos::Top), canvas.label_ink());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{marks, names, texts};
    use ndarray::array;

    #[test]
    fn every_state_has_a_circle_and_a_number_at_every_time() {
        let weights = array![[0.75, 0.25], [0.4, 0.6], [f64::NAN, 2.0]];
        let figure = trellis(
            "Weather",
            &names(&["fair", "foul"]),
            &names(&["a", "b", "c"]),
            &weights,
            &[0, 1, 1],
        );
        let texts = texts(&figure);
        for text in ["Weather", "fair", "foul", "a", "b", "c", "0.75", "0.60", "1.00"] {
            assert!(texts.iter().any(|shown| shown == text), "{text}: {texts:?}");
        }
        assert!(marks(&figure) >= 6, "six circles and a path");
    }

    #[test]
    fn too_much_is_cut_off_and_nothing_says_so() {
        let many = trellis("", &[], &[], &Array2::zeros((1000, 100)), &[99; 1000]);
        assert!(many.svg().len() < 200_000);
        let none = trellis("", &[], &[], &Array2::zeros((0, 3)), &[]);
        assert!(texts(&none).contains(&"nothing to show".to_string()));
    }
}
