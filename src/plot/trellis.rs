//! Hidden states through time.

use super::Figure;
use super::canvas::{Canvas, Place, figure, shortened, width_of};
use super::frame::{draw_titles, title_lines};
use super::theme::{FOUND, MODEL, TEXT_SIZE, WIDTH, colour};
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
        draw_names(canvas, &states[..rows.min(states.len())], at);
    })
}

/// How a trellis is filled: one small picture below the other, each after the times of `until`. `pointers` holds for every time but the first
/// where the best way into each state came from; only these ways are drawn. A circle is as large as the state is likely on its best way
/// (`weights`, shape [time, state]). In the last picture the likeliest way is read back from the end.
pub fn trellis_filled(
    title: &str,
    states: &[String],
    heard: &[String],
    weights: &Array2<f64>,
    pointers: &[Vec<usize>],
    until: &[usize],
) -> Figure {
    let titles = title_lines(title);
    let top = 14 + titles.len() as i32 * 25;
    let (times, rows) = (weights.nrows().min(MOST.1), weights.ncols().min(MOST.0));
    let names = states.iter().take(rows).map(|name| width_of(name, TEXT_SIZE));
    let left = names.max().unwrap_or(0).min(140) + 44;
    let (row, strip) = (30, 30 * rows.max(1) as i32 + 26);
    let step = (WIDTH - left - 44) * 10 / times.saturating_sub(1).max(1) as i32;
    let height = top + strip * until.len().clamp(1, 12) as i32 + 26;
    figure(title, height, |canvas| {
        draw_titles(canvas, &titles);
        let ink = canvas.label_ink();
        for (picture, &known) in until.iter().enumerate().take(12) {
            let known = known.clamp(1, times.max(1)).min(times);
            let above = (top + 16 + strip * picture as i32) * 10;
            let at = |time: usize, state: usize| -> Place {
                (left * 10 + step * time as i32, above + row * 10 * state as i32)
            };
            let ways = canvas.rule_ink(16, ".75");
            for (time, from) in pointers.iter().enumerate().take(known.saturating_sub(1)) {
                for (to, &from) in from.iter().enumerate().take(rows).filter(|way| *way.1 < rows) {
                    canvas.line(vec![at(time, from), at(time + 1, to)], ways);
                }
            }
            let path = if known == times {
                read_back(weights, pointers)
            } else {
                vec![]
            };
            let strong = format!(
                "class=\"data\" fill=\"none\" stroke=\"{}\" stroke-width=\"55\"",
                colour(FOUND)
            );
            let places = path.iter().enumerate().map(|(time, &state)| at(time, state));
            if !path.is_empty() {
                canvas.line(places.collect(), canvas.ink(strong));
            }
            for (time, state) in (0..times).flat_map(|time| (0..rows).map(move |state| (time, state))) {
                let weight = weights[[time, state]].clamp(0.0, 1.0);
                let (radius, ink) = match time < known {
                    true => (
                        20.0 + 85.0 * weight.sqrt(),
                        format!(
                            "class=\"data\" fill=\"{}\"",
                            of_state(path.get(time) == Some(&state))
                        ),
                    ),
                    false => (18.0, "fill=\"#888\" fill-opacity=\".6\"".to_string()),
                };
                canvas.circle(at(time, state), radius as i32, canvas.ink(ink));
            }
            draw_names(canvas, &states[..rows.min(states.len())], at);
        }
        for (time, name) in heard.iter().enumerate().take(times) {
            let place = (left * 10 + step * time as i32, (height - 24) * 10);
            let name = shortened(name, TEXT_SIZE, step / 10 - 4);
            canvas.text(&name, place, (HPos::Center, VPos::Top), ink);
        }
    })
}

/// The states' names, at the left.
fn draw_names(canvas: &Canvas, states: &[String], at: impl Fn(usize, usize) -> Place) {
    for (state, name) in states.iter().enumerate() {
        let (place, words) = ((120, at(0, state).1), shortened(name, TEXT_SIZE, 140));
        canvas.text(&words, place, (HPos::Left, VPos::Center), canvas.label_ink());
    }
}

/// The path that ends in the likeliest last state and follows the pointers.
fn read_back(weights: &Array2<f64>, pointers: &[Vec<usize>]) -> Vec<usize> {
    let Some(last) = weights.outer_iter().next_back() else {
        return vec![];
    };
    let best = last.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let mut path = vec![best.map_or(0, |best| best.0)];
    for from in pointers.iter().take(weights.nrows() - 1).rev() {
        path.extend(path.last().and_then(|state| from.get(*state)).copied());
    }
    path.reverse();
    path
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
        colour(FOUND)
    );
    let drawn = path.iter().take(times).take_while(|&&state| state < rows);
    let places = drawn.enumerate().map(|(time, &state)| at(time, state));
    canvas.line(places.collect(), canvas.ink(strong));
}

/// What the model believes, or where the path that was found leads through.
fn of_state(on_path: bool) -> &'static str {
    colour(if on_path { FOUND } else { MODEL })
}

/// A circle whose area grows with the weight, and the weight below it.
fn draw_state(canvas: &Canvas, weight: f64, place: Place, on_path: bool) {
    let weight = if weight.is_finite() {
        weight.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let radius = 25.0 + 115.0 * weight.sqrt();
    let ink = canvas.ink(format!("class=\"data\" fill=\"{}\"", of_state(on_path)));
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
    fn a_trellis_is_filled_day_by_day_and_read_back_at_the_end() {
        let weights = array![[0.6, 0.4], [0.7, 0.3], [0.2, 0.8]];
        let pointers = [vec![0, 0], vec![0, 1]];
        assert_eq!(read_back(&weights, &pointers), [0, 1, 1]);
        let of = |until: &[usize]| {
            trellis_filled(
                "F",
                &names(&["a", "b"]),
                &names(&["x", "y", "z"]),
                &weights,
                &pointers,
                until,
            )
        };
        let lines = |figure: &Figure| figure.svg().matches("<polyline").count();
        assert_eq!(lines(&of(&[2])), 2);
        assert_eq!(lines(&of(&[2, 3])), 2 + 4 + 1);
        assert_eq!(texts(&of(&[1, 3])), ["F", "a", "b", "a", "b", "x", "y", "z"]);
        trellis_filled("", &[], &[], &Array2::zeros((0, 2)), &[], &[0, 9]);
        trellis_filled(
            "",
            &[],
            &[],
            &Array2::ones((20, 20)),
            &vec![vec![99; 20]; 30],
            &[1000],
        );
    }

    #[test]
    fn too_much_is_cut_off_and_nothing_says_so() {
        let many = trellis("", &[], &[], &Array2::zeros((1000, 100)), &[99; 1000]);
        assert!(many.svg().len() < 200_000);
        let none = trellis("", &[], &[], &Array2::zeros((0, 3)), &[]);
        assert!(texts(&none).contains(&"nothing to show".to_string()));
    }
}
