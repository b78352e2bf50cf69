//! Boxes and the ways between them: how a thing is built. And the tree of a dilated convolution.

use super::Figure;
use super::canvas::{Canvas, Place, figure, width_of};
use super::frame::{draw_titles, title_lines};
use super::theme::{MODEL, PLAIN, TEXT_SIZE, WIDTH, colour};
use plotters::style::text_anchor::{HPos, VPos};

/// Half the height of a box, and the distance between rows, in tenths of a unit.
const HALF: i32 = 150;
const ROW: i32 = 520;

/// Boxes with words, joined by arrows. A box stands at a part of the width (0 to 1) and on a row, counted from the top; an arrow leads
/// from the box of one number to that of another, straight, or square if they share neither row nor column. A box of one letter is
/// a circle: an operation.
pub fn diagram(title: &str, boxes: &[(&str, f64, f64)], arrows: &[(usize, usize)]) -> Figure {
    let titles = title_lines(title);
    let top = 260 + titles.len() as i32 * 250;
    let rows = boxes
        .iter()
        .map(|one| one.2)
        .filter(|row| row.is_finite())
        .fold(0.0, f64::max);
    let centre = |(_, across, row): &(&str, f64, f64)| -> Place {
        let across = across.clamp(0.0, 1.0) * f64::from(WIDTH - 40) * 10.0;
        (
            200 + across as i32,
            top + (row.clamp(0.0, 100.0) * f64::from(ROW)) as i32,
        )
    };
    let half = |(words, ..): &(&str, f64, f64)| match words.chars().count() {
        1 => HALF,
        _ => width_of(words, TEXT_SIZE) * 5 + 90,
    };
    let height = (top + (rows.min(100.0) * f64::from(ROW)) as i32) / 10 + 28;
    figure(title, height, |canvas| {
        draw_titles(canvas, &titles);
        for &(from, to) in arrows {
            if let (Some(from), Some(to)) = (boxes.get(from), boxes.get(to)) {
                arrow(canvas, (centre(from), half(from)), (centre(to), half(to)));
            }
        }
        for one in boxes {
            let ((x, y), half) = (centre(one), half(one));
            let round = one.0.chars().count() == 1;
            let ink = canvas.ink(format!(
                "class=\"data\" fill=\"{0}\" fill-opacity=\".2\" stroke=\"{0}\" stroke-width=\"20\"",
                colour(if round { PLAIN } else { MODEL })
            ));
            match round {
                true => canvas.circle((x, y), half, ink),
                false => canvas.rectangle((x - half, y - HALF), (x + half, y + HALF), ink),
            }
            let words = canvas.label_ink();
            canvas.text(one.0, (x, y), (HPos::Center, VPos::Center), words);
        }
    })
}

/// From the edge of one box to that of another.
fn arrow(canvas: &Canvas, ((x, y), half): (Place, i32), ((u, v), other): (Place, i32)) {
    let (right, down) = ((u - x).signum(), (v - y).signum());
    // Along the row first, then down: but up or down first if the other lies on the same column or beyond.
    let places = match (x == u, y == v) {
        (true, _) => vec![(x, y + down * HALF), (u, v - down * HALF)],
        (_, true) => vec![(x + right * half, y), (u - right * other, v)],
        _ if (u - x).abs() > half => vec![(x + right * half, y), (u, y), (u, v - down * HALF)],
        _ => vec![(x, y + down * HALF), (x, v), (u - right * other, v)],
    };
    let [.., (a, b), (tip_x, tip_y)] = places[..] else {
        return;
    };
    let (along, across) = ((tip_x - a).signum(), (tip_y - b).signum());
    canvas.line(places, canvas.rule_ink(18, ".7"));
    let corner = |side: i32| {
        let (back, out) = (110, 55 * side);
        (
            tip_x - along * back + across * out,
            tip_y - across * back + along * out,
        )
    };
    let ink = canvas.ink("fill=\"currentColor\" fill-opacity=\".8\"");
    canvas.polygon(vec![(tip_x, tip_y), corner(1), corner(-1)], ink);
}

/// What a stack of dilated convolutions hears: samples across, layers upwards, and the tree of all that the last sample of the
/// top layer goes back to. Shown are the latest `samples`.
pub fn dilations(title: &str, dilations: &[usize], samples: usize) -> Figure {
    let (samples, layers) = (samples.clamp(2, 64), dilations.len().min(12));
    let titles = title_lines(title);
    let top = 180 + titles.len() as i32 * 250;
    let (left, right) = (1000, 300);
    let step = f64::from(WIDTH * 10 - left - right) / (samples - 1) as f64;
    let at = |sample: usize, layer: usize| -> Place {
        (
            left + (step * sample as f64) as i32,
            top + 420 * (layers - layer) as i32,
        )
    };
    // Which places the last sample of the top layer goes back to.
    let mut heard = vec![vec![false; samples]; layers + 1];
    heard[layers][samples - 1] = true;
    for (layer, dilation) in dilations.iter().enumerate().take(layers).rev() {
        let above = heard[layer + 1].clone();
        let hears = |sample: usize| above.get(sample).copied().unwrap_or(false);
        for (sample, heard) in heard[layer].iter_mut().enumerate() {
            *heard = hears(sample) || hears(sample.saturating_add(*dilation));
        }
    }
    figure(title, (top + 420 * layers as i32) / 10 + 36, |canvas| {
        draw_titles(canvas, &titles);
        let strong = canvas.ink(format!(
            "class=\"data\" fill=\"none\" stroke=\"{}\" stroke-width=\"22\"",
            colour(MODEL)
        ));
        for chosen in [false, true] {
            for (layer, dilation) in dilations.iter().enumerate().take(layers) {
                let these = (0..samples).filter(|sample| heard[layer + 1][*sample] == chosen);
                for sample in these {
                    let ink = if chosen { strong } else { canvas.rule_ink(8, ".25") };
                    canvas.line(vec![at(sample, layer), at(sample, layer + 1)], ink);
                    if let Some(before) = sample.checked_sub(*dilation) {
                        canvas.line(vec![at(before, layer), at(sample, layer + 1)], ink);
                    }
                }
            }
        }
        let (reached, other) = (
            canvas.ink(format!("fill=\"{}\"", colour(MODEL))),
            canvas.ink("fill=\"#888\""),
        );
        for (layer, heard) in heard.iter().enumerate() {
            for (sample, &heard) in heard.iter().enumerate() {
                canvas.circle(
                    at(sample, layer),
                    if heard { 55 } else { 35 },
                    if heard { reached } else { other },
                );
            }
            let words = match layer {
                0 => "samples".to_string(),
                _ => format!("{} back", dilations[layer - 1]),
            };
            let place = (left - 160, at(0, layer).1);
            canvas.text(&words, place, (HPos::Right, VPos::Center), canvas.label_ink());
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::texts;

    #[test]
    fn every_box_is_named_and_every_arrow_has_a_head() {
        let boxes = [
            ("input", 0.0, 0.0),
            ("×", 0.5, 1.0),
            ("a long name", 1.0, 1.0),
            ("deep", 0.5, 2.0),
        ];
        let figure = diagram("A thing", &boxes, &[(0, 1), (1, 2), (1, 3), (0, 9)]);
        assert_eq!(texts(&figure), ["A thing", "input", "×", "a long name", "deep"]);
        assert_eq!(figure.svg().matches("<polygon").count(), 3);
    }

    #[test]
    fn the_tree_reaches_as_far_as_its_dilations_together() {
        let of = |all: &[usize]| {
            let figure = dilations("Tree", all, 16);
            figure.svg().matches("<circle cx").count()
        };
        assert_eq!(of(&[1, 2, 4]), 4 * 16);
        let figure = dilations("Tree", &[1, 2, 4, 8], 16);
        let reached = figure.svg().matches("r=\"55\"").count();
        assert_eq!(reached, 16 + 8 + 4 + 2 + 1);
        assert!(texts(&figure).contains(&"8 back".to_string()));
        dilations("", &[], 0);
        dilations("", &[usize::MAX], usize::MAX);
    }
}
