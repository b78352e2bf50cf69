//! States and the ways between them.

use super::Figure;
use super::canvas::{Canvas, figure, width_of};
use super::frame::{draw_titles, title_lines};
use super::layout::{Label, Layout, Point, distance, length, minus, plus, whole};
use super::number::short;
use super::theme::{TEXT_SIZE, WIDTH, colour};
use ndarray::Array2;
use plotters::style::text_anchor::{HPos, VPos};

/// Transitions below this are not drawn: a hair's breadth would say more than there is.
const LEAST: f64 = 0.005;

/// States as circles, transitions as arrows with their probabilities; `transitions` has shape [from, to].
/// An arrow has the colour of the state that it leaves, and is wider the more probable it is. Transitions below
/// 0.005 are left out, and a probability that finds no free place. Made for up to a dozen states; at most 40 are drawn.
pub fn graph(title: &str, states: &[String], transitions: &Array2<f64>) -> Figure {
    let count = states
        .len()
        .max(transitions.nrows())
        .max(transitions.ncols())
        .min(40);
    let titles = title_lines(title);
    let top = 12 + titles.len() as i32 * 25;
    let layout = Layout::new(states, count, f64::from(top * 10));
    figure(title, layout.bottom as i32 / 10, |canvas| {
        draw_titles(canvas, &titles);
        if count == 0 {
            let middle = (WIDTH * 5, (top + 30) * 10);
            return canvas.text(
                "nothing to show",
                middle,
                (HPos::Center, VPos::Center),
                canvas.label_ink(),
            );
        }
        let numbers = transitions.iter().copied().filter(|value| value.is_finite());
        let most = numbers.fold(1.0, f64::max);
        let drawn = |&((from, to), value): &((usize, usize), &f64)| {
            value.is_finite() && value / most >= LEAST && from < count && to < count
        };
        let arrow = |((from, to), &value): ((usize, usize), &f64)| {
            let width = 14.0 + 46.0 * value / most;
            Arrow {
                from,
                to,
                value,
                width,
                path: layout.path(from, to, width),
            }
        };
        let arrows: Vec<Arrow> = transitions.indexed_iter().filter(drawn).map(arrow).collect();
        let labels = placed(&arrows, &layout);
        arrows.iter().for_each(|arrow| arrow.draw(canvas, &labels));
        layout.draw(canvas);
        let ink = canvas.ink(format!("fill=\"currentColor\" font-size=\"{VALUE_SIZE}0\""));
        for label in &labels {
            canvas.text(
                &label.words,
                whole(label.middle),
                (HPos::Center, VPos::Center),
                ink,
            );
        }
    })
}

/// Size of type of the probabilities.
const VALUE_SIZE: i32 = TEXT_SIZE - 1;

struct Arrow {
    from: usize,
    to: usize,
    value: f64,
    width: f64,
    path: Vec<Point>,
}

impl Arrow {
    fn head_length(&self) -> f64 {
        90.0 + self.width * 1.2
    }

    /// Draws the arrow, interrupted where a label stands.
    fn draw(&self, canvas: &Canvas, labels: &[Label]) {
        let Some(&tip) = self.path.last() else { return };
        let colour = colour(self.from);
        let back = self.head_length() * 0.8;
        let shaft: Vec<Point> = self
            .path
            .iter()
            .copied()
            .filter(|&point| distance(point, tip) > back)
            .collect();
        let Some(&neck) = shaft.last() else { return };
        let line = format!(
            "class=\"data\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{:.0}\"",
            self.width
        );
        let covered = |point: &Point| labels.iter().any(|label| label.covers(*point, 0.0));
        for run in shaft.split(covered).filter(|run| run.len() > 1) {
            canvas.line(
                run.iter().map(|&point| whole(point)).collect(),
                canvas.ink(line.as_str()),
            );
        }
        let along = minus(tip, neck);
        let size = along.0.hypot(along.1).max(1.0);
        let along = (along.0 / size, along.1 / size);
        let half = 45.0 + self.width * 0.75;
        let base = plus(tip, along, -self.head_length());
        let corner = |sign: f64| whole(plus(base, (-along.1, along.0), sign * half));
        canvas.polygon(
            vec![whole(tip), corner(1.0), corner(-1.0)],
            canvas.ink(format!("fill=\"{colour}\"")),
        );
    }
}

/// A place for each probability: on its arrow, or outside a loop, clear of states and other labels and
/// of as many arrows as can be. The shortest arrows, which leave least choice, come first.
fn placed(arrows: &[Arrow], layout: &Layout) -> Vec<Label> {
    let mut order: Vec<&Arrow> = arrows.iter().collect();
    order.sort_by(|a, b| length(&a.path).total_cmp(&length(&b.path)));
    let mut labels = layout.name_labels();
    for arrow in order {
        let words = short((arrow.value * 1000.0).round() / 1000.0);
        let half = (f64::from(width_of(&words, VALUE_SIZE)) * 5.0 + 10.0, 85.0);
        let label = |middle: Point| Label {
            words: words.clone(),
            middle,
            half,
        };
        let free = |label: &Label| {
            let middle = label.middle;
            let clear = |centre: &Point| {
                let (dx, dy) = (
                    (middle.0 - centre.0).abs() - half.0,
                    (middle.1 - centre.1).abs() - half.1,
                );
                dx.max(0.0).hypot(dy.max(0.0)) > layout.radius + 20.0
            };
            let apart = |other: &Label| {
                (middle.0 - other.middle.0).abs() > half.0 + other.half.0
                    || (middle.1 - other.middle.1).abs() > half.1 + other.half.1 - 20.0
            };
            layout.centres.iter().all(clear) && labels.iter().all(apart)
        };
        let covered = |label: &Label| {
            let others = arrows
                .iter()
                .filter(|other| (other.from, other.to) != (arrow.from, arrow.to));
            let crosses = |other: &&Arrow| {
                other
                    .path
                    .iter()
                    .any(|&point| label.covers(point, other.width / 2.0))
            };
            others.filter(crosses).count()
        };
        let places = arrow
            .label_places(half, layout)
            .into_iter()
            .map(label)
            .filter(free);
        labels.extend(places.min_by_key(covered));
    }
    labels.split_off(layout.names.len())
}

impl Arrow {
    /// Where its probability may stand: the best place first.
    fn label_places(&self, half: Point, layout: &Layout) -> Vec<Point> {
        let at = |part: f64| self.path.get((part * self.path.len() as f64) as usize).copied();
        if self.from == self.to {
            let apex = at(0.5).unwrap_or(layout.middle);
            let out = minus(apex, layout.centres[self.from]);
            let size = out.0.hypot(out.1).max(1.0);
            let out = (out.0 / size, out.1 / size);
            let away = (out.0.abs() * half.0) + (out.1.abs() * half.1) + self.width / 2.0 + 5.0;
            return [0.0, 60.0, 120.0]
                .map(|more| plus(apex, out, away + more))
                .to_vec();
        }
        // Something of the arrow has to be left on both sides.
        let room = length(&self.path) - self.head_length();
        let parts = [0.48, 0.42, 0.54, 0.36, 0.6, 0.3, 0.66, 0.24, 0.72];
        let fits = |part: &f64| part.min(1.0 - part) * room > half.0.min(half.1 * 2.0) + 60.0;
        let on: Vec<Point> = parts.into_iter().filter(fits).filter_map(at).collect();
        if !on.is_empty() {
            return on;
        }
        let (Some(middle), Some(&start), Some(&end)) = (at(0.5), self.path.first(), self.path.last()) else {
            return on;
        };
        let along = minus(end, start);
        let size = along.0.hypot(along.1).max(1.0);
        let side = (-along.1 / size, along.0 / size);
        let away = side.0.abs() * half.0 + side.1.abs() * half.1 + self.width / 2.0 + 10.0;
        vec![plus(middle, side, away), plus(middle, side, -away)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::tests::{names, texts};
    use ndarray::array;

    #[test]
    fn every_state_is_named_and_every_transition_has_its_probability() {
        let chain = array![[0.7, 0.2, 0.1], [0.31, 0.4, 0.29], [0.55, 0.0, 0.45]];
        let texts = texts(&graph("Weather", &names(&["sun", "cloud", "rain"]), &chain));
        for words in [
            "sun", "cloud", "rain", "0.7", "0.2", "0.1", "0.31", "0.4", "0.29", "0.55", "0.45",
        ] {
            assert_eq!(
                texts.iter().filter(|text| *text == words).count(),
                1,
                "{words} in {texts:?}"
            );
        }
        assert_eq!(texts.len(), 1 + 3 + 8, "nothing for what does not happen");
    }

    #[test]
    fn no_two_probabilities_cover_each_other_or_a_state() {
        for count in 1..=12 {
            let layout = Layout::new(&[], count, 0.0);
            let pairs = (0..count).flat_map(|from| (0..count).map(move |to| (from, to)));
            let arrow = |(from, to)| Arrow {
                from,
                to,
                value: 0.25,
                width: 20.0,
                path: layout.path(from, to, 20.0),
            };
            let labels = placed(&pairs.map(arrow).collect::<Vec<_>>(), &layout);
            assert!(
                count > 4 || labels.len() == count * count,
                "{count}: all of few are placed"
            );
            for (i, label) in labels.iter().enumerate() {
                assert!(
                    layout
                        .centres
                        .iter()
                        .all(|&centre| !label.covers(centre, layout.radius * 0.7))
                );
                for other in &labels[..i] {
                    assert!(!label.covers(other.middle, 0.0), "{count} states");
                }
            }
        }
    }

    #[test]
    fn an_arrow_goes_round_other_states() {
        let layout = Layout::new(&[], 8, 0.0);
        for to in 1..8 {
            for point in layout.path(0, to, 20.0) {
                let others = (1..8).filter(|&other| other != to);
                let clear = |other: usize| distance(point, layout.centres[other]) > layout.radius;
                assert!(others.into_iter().all(clear), "0 to {to}");
            }
        }
    }
}
