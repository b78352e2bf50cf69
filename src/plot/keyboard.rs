//! An octave of keys, filled as far as each is likely.

use super::Figure;
use super::canvas::{Canvas, Place, figure, shortened};
use super::frame::{draw_titles, title_lines};
use super::theme::{NEXT, TEXT_SIZE, WIDTH, colour};
use ndarray::{Array2, ArrayView1};
use plotters::style::text_anchor::{HPos, VPos};

/// Keyboards on a line, and the size of a white key and of a black one, in tenths of a unit.
const ON_A_LINE: usize = 3;
const WHITE: Place = (260, 900);
const BLACK: Place = (160, 560);

/// The twelve keys from C to B: the white ones among them, and how many of these lie to the left of each.
const IS_WHITE: [bool; 12] = [
    true, false, true, false, true, true, false, true, false, true, false, true,
];

/// A small keyboard for each row of `shares` (shape [row, 12], from C to B), under its name. A key is filled as far as its share is to the
/// largest of its row. Made for up to 24 rows.
pub fn keyboards(title: &str, names: &[String], shares: &Array2<f64>) -> Figure {
    let titles = title_lines(title);
    let top = 140 + titles.len() as i32 * 250;
    let rows = shares.nrows().min(names.len()).min(24);
    let line = WHITE.1 + 560;
    let lines = rows.div_ceil(ON_A_LINE).max(1) as i32;
    let step = (WIDTH * 10 - 200) / ON_A_LINE as i32;
    figure(title, (top + lines * line) / 10, |canvas| {
        draw_titles(canvas, &titles);
        for (row, name) in names.iter().enumerate().take(rows) {
            let left = 200 + step * (row % ON_A_LINE) as i32;
            let above = top + line * (row / ON_A_LINE) as i32;
            let words = shortened(name, TEXT_SIZE, 180);
            let ink = canvas.label_ink();
            canvas.text(&words, (left, above), (HPos::Left, VPos::Top), ink);
            draw_keys(canvas, (left, above + 250), shares.row(row));
        }
    })
}

fn draw_keys(canvas: &Canvas, (left, top): Place, shares: ArrayView1<f64>) {
    let largest = shares.iter().copied().filter(|share| share.is_finite());
    let largest = largest.fold(1e-9, f64::max);
    let part = |key: usize| {
        shares
            .get(key)
            .map_or(0.0, |share| (share / largest).clamp(0.0, 1.0))
    };
    // The black keys lie on the white ones.
    for is_white in [true, false] {
        for key in (0..12).filter(|key| IS_WHITE[*key] == is_white) {
            let whites = IS_WHITE[..key].iter().filter(|white| **white).count() as i32;
            let (width, height) = if is_white { WHITE } else { BLACK };
            let x = left + WHITE.0 * whites - if is_white { 0 } else { width / 2 };
            let (corner, opposite) = ((x, top), (x + width, top + height));
            let back = if is_white { "#ffffff" } else { "#3a3f49" };
            canvas.rectangle(corner, opposite, canvas.ink(format!("fill=\"{back}\"")));
            let filled = (f64::from(height) * part(key)).round() as i32;
            let ink = canvas.ink(format!("class=\"data\" fill=\"{}\"", colour(NEXT)));
            canvas.rectangle((x, top + height - filled), opposite, ink);
            let edge = canvas.ink("fill=\"none\" stroke=\"#888\" stroke-width=\"10\"");
            let (right, foot) = opposite;
            canvas.line(
                vec![(x, top), (right, top), (right, foot), (x, foot), (x, top)],
                edge,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{names, texts};

    #[test]
    fn every_key_is_filled_as_far_as_it_is_likely() {
        let mut shares = Array2::zeros((2, 12));
        (shares[[0, 0]], shares[[0, 7]], shares[[1, 1]]) = (0.5, 0.25, f64::NAN);
        let figure = keyboards("Chords", &names(&["C", "G"]), &shares);
        assert_eq!(texts(&figure), ["Chords", "C", "G"]);
        let svg = figure.svg();
        let filled = |height: i32| svg.matches(&format!("height=\"{height}\"")).count();
        // plotters counts both edges: C is as full as a white key, G half.
        assert!(filled(WHITE.1) + filled(WHITE.1 + 1) >= 15, "{svg}");
        assert!(filled(WHITE.1 / 2) + filled(WHITE.1 / 2 + 1) == 1, "{svg}");
        keyboards("", &[], &Array2::zeros((0, 3)));
        keyboards("", &names(&["odd"]), &Array2::ones((1, 3)));
    }
}
